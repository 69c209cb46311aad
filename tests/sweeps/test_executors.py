"""Executors: every chunk comes out once, whatever happens to the workers, and nobody is left behind."""

import itertools
import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from aimarket.experiments.sweeps.executors.local import IN_HAND, ChunkError, Loky, Serial, gathered, open_executor

from .jobs import dying, noted, raising, slowly, squares, starts

CHUNKS = range(12)
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@pytest.fixture(scope="module")
def pair():
    with Loky(2) as executor:
        yield executor


@pytest.mark.parametrize("workers", [0, 1, 2, 3])
def test_the_outcomes_do_not_depend_on_how_many_workers_there_are(workers):
    with open_executor(workers) as executor:
        assert sorted(gathered(executor, squares(), CHUNKS)) == [(chunk, b"%d" % chunk**2) for chunk in CHUNKS]


def test_no_chunks_have_no_outcomes(pair):
    assert list(gathered(pair, squares(), ())) == []


def test_chunks_may_have_any_numbers(pair):
    assert sorted(gathered(pair, squares(), iter([7, 3]))) == [(3, b"9"), (7, b"49")]


@POSIX
def test_a_chunk_whose_worker_died_is_tried_again(pair, tmp_path):
    found = dict(gathered(pair, noted(tmp_path, dying(5, times=2)), CHUNKS))
    assert found == {chunk: b"%d" % chunk for chunk in CHUNKS}


@POSIX
def test_a_worker_that_dies_costs_no_other_chunk_anything(pair, tmp_path):
    list(gathered(pair, noted(tmp_path, dying(5, times=1)), CHUNKS))
    assert starts(tmp_path) == {chunk: 1 + (chunk == 5) for chunk in CHUNKS}


@POSIX
@pytest.mark.parametrize("workers", [1, 2])
def test_a_chunk_that_always_kills_its_worker_is_given_up_and_all_others_come_out(workers, tmp_path):
    with Loky(workers) as executor:
        found = dict(gathered(executor, noted(tmp_path, dying(5)), CHUNKS))
    error = found.pop(5)
    assert (error.chunk, error.attempts, starts(tmp_path)[5]) == (5, 3, 3)
    assert error.reason.startswith("TerminatedWorkerError: ")
    assert "SIGKILL" in error.reason
    assert found == {chunk: b"%d" % chunk for chunk in CHUNKS if chunk != 5}


@pytest.mark.parametrize("workers", [0, 2])
def test_a_chunk_that_always_raises_is_given_up_and_all_others_come_out(workers, tmp_path):
    accident = raising(5, ValueError("the fleet\nis negative"))
    with open_executor(workers) as executor:
        found = dict(gathered(executor, noted(tmp_path, accident), CHUNKS))
    assert found.pop(5) == ChunkError(5, 3, "ValueError: the fleet is negative")
    assert found == {chunk: b"%d" % chunk for chunk in CHUNKS if chunk != 5}


@pytest.mark.parametrize("workers", [0, 2])
def test_a_chunk_that_raised_once_comes_out(workers, tmp_path):
    accident = raising(5, OSError("no space left"), times=1)
    with open_executor(workers) as executor:
        assert dict(gathered(executor, noted(tmp_path, accident), CHUNKS))[5] == b"5"


def test_a_chunk_that_failed_is_tried_again_when_all_others_are_done(tmp_path):
    accident = raising(0, ValueError("no"))
    found = list(gathered(Serial(), noted(tmp_path, accident), CHUNKS, attempts=2))
    assert [chunk for chunk, _ in found] == [*CHUNKS[1:], 0]


def test_work_that_ends_its_process_is_a_chunk_that_failed(pair):
    (found,) = gathered(pair, lambda chunk: sys.exit(4), [0], attempts=1)
    assert found == (0, ChunkError(0, 1, "SystemExit: 4"))


@pytest.mark.parametrize("workers", [0, 1, 2])
def test_no_more_chunks_are_started_than_a_slow_reader_can_soon_take(workers, tmp_path):
    with open_executor(workers) as executor:
        found = gathered(executor, noted(tmp_path), range(40))
        taken = [*itertools.islice(found, 3)]
        time.sleep(1.0)
        assert len(starts(tmp_path)) <= len(taken) + IN_HAND * workers
        assert len([*taken, *found]) == 40


def test_workers_are_kept_from_one_study_to_the_next():
    with Loky(1) as executor:
        (first,), (second,) = ([pid for _, pid in gathered(executor, slowly(0.0), [0])] for _ in range(2))
    assert first == second


def test_a_worker_leaves_the_other_cores_to_the_others(pair):
    ((_, threads),) = gathered(pair, lambda chunk: os.environ["OPENBLAS_NUM_THREADS"], [0])
    assert threads == "1"


def test_workers_have_left_when_the_executor_is_closed():
    with Loky(2) as executor:
        pids = {pid for _, pid in gathered(executor, slowly(0.3), range(2))}
    assert len(pids) == 2
    assert not any(map(psutil.pid_exists, pids))


def test_closing_does_not_wait_for_what_is_being_computed():
    with Loky(2) as executor:
        found = gathered(executor, lambda chunk: time.sleep(60.0 * chunk), range(9))
        next(found)
        begin = time.monotonic()
    assert time.monotonic() - begin < 30.0


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"workers": -1}, "workers = -1 has to be 0, for this process alone, or a number of processes"),
        ({"workers": 2, "dask": "tcp://127.0.0.1:8786"}, "workers = 2 is for this machine, and a Dask cluster has its"),
    ],
)
def test_what_makes_no_sense_is_refused(asked, message):
    with pytest.raises(ValueError, match=message):
        open_executor(**asked)


SWEEP = """
import os, signal, time
from aimarket.experiments.sweeps.executors.local import gathered, open_executor
signal.signal(signal.SIGINT, signal.default_int_handler)

def work(chunk):
    time.sleep(0.2 if chunk < 2 else 60.0)
    return os.getpid()

with open_executor(2) as executor:
    for chunk, pid in gathered(executor, work, range(9)):
        print(pid, flush=True)
"""


def workers_of(process):
    """Return the workers of a sweep, as soon as both have done something."""
    return [psutil.Process(int(process.stdout.readline())) for _ in range(2)]


@pytest.fixture
def sweep():
    """Yield a sweep in a process group of its own, as a shell starts it."""
    words = [sys.executable, "-c", SWEEP]
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "start_new_session": True}
    with subprocess.Popen(words, **options) as process:
        try:
            yield process
        finally:
            process.kill()


@POSIX
def test_an_interrupt_stops_at_once_and_leaves_no_worker(sweep):
    pids = workers_of(sweep)
    os.killpg(sweep.pid, signal.SIGINT)
    _, output = sweep.communicate(timeout=60)
    assert psutil.wait_procs(pids, timeout=30)[1] == []
    assert output.count("Traceback") == 1, "the parent speaks, and no worker does"


@POSIX
def test_workers_leave_when_their_parent_is_killed(sweep):
    pids = workers_of(sweep)
    sweep.kill()
    assert psutil.wait_procs(pids, timeout=30)[1] == []


def test_a_number_of_workers_that_no_machine_has_is_refused():
    with pytest.raises(ValueError, match="up to 1,000"):
        open_executor(1_000_000)
