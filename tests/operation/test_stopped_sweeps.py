"""Whatever stops a sweep, nothing half stands under a final name, and taken up again it ends with the same bytes."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import psutil
import pytest
from distributed import Client

from aimarket.experiments.storage import atomic_files
from aimarket.experiments.storage.atomic_files import StoreError
from aimarket.experiments.sweeps.executors.dask import ClusterError
from aimarket.experiments.sweeps.executors.local import ChunkError, Loky, gathered
from aimarket.experiments.sweeps.study_file import load_study
from aimarket.experiments.sweeps.sweep import run_sweep

from ..sweeps import dask_processes
from .killed_at_writes import cheap, data

COMMAND = [sys.executable, "-m", "aimarket.server.cli.main"]
POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and limits of POSIX")
STUDY = """
question = "Does a sweep survive?"
quarters = 2
seed = 7
chunk = 1
[design]
method = "latin_hypercube"
size = 12
parameters = ["announcement_effect", "deployment"]
[outcomes]
sales = { quantity = "ai_revenue", at = "2026Q2" }
"""


ENOUGH = 2
"""Parts after which a sweep is told to end: the manifest has the first of them."""


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """Return a study file, and the data of its sweep where nothing stopped it."""
    folder = tmp_path_factory.mktemp("undisturbed")
    file = folder / "study.toml"
    file.write_text(STUDY, encoding="utf-8")
    run_sweep(file, folder / "out", workers=0)
    return file, data(folder / "out")


def taken_up(study, out):
    """Return the data of a sweep that is taken up."""
    run_sweep(study, out, workers=0, resume=True)
    return data(out)


def strays(folder):
    """Return what a writer has left behind."""
    return [path.name for path in folder.rglob("*.part")]


@POSIX
def test_killed_whenever_it_writes_it_is_taken_up_as_if_nothing_had_been(tmp_path):
    script = Path(__file__).with_name("killed_at_writes.py")
    result = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, check=True)
    kills, wrong = json.loads(result.stdout)
    assert wrong == []
    assert kills > 3 * len(["study.json", "manifest.json", *range(cheap().chunks)])


def told_to_end(file, out):
    """Start a sweep, tell it to end when some parts are there, and return how it did, with its workers."""
    words = [*COMMAND, "sweep", str(file), "--out", str(out), "--workers", "2", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as sweep:
        while len([*out.glob("parts/*.parquet")]) < ENOUGH and sweep.poll() is None:
            time.sleep(0.01)
        workers = psutil.Process(sweep.pid).children(recursive=True) if sweep.poll() is None else []
        sweep.send_signal(signal.SIGTERM)
        said = sweep.communicate(timeout=180)
    return sweep.returncode, said, workers


@POSIX
def test_told_to_end_it_ends_in_a_line_and_is_taken_up(study, tmp_path):
    file, undisturbed = study
    for attempt in range(9):
        out = tmp_path / str(attempt)
        code, said, workers = told_to_end(file, out)
        if code != 0:  # else it was done before it was told
            break
    assert (code, said) == (143, ("", "aimarket: told to end\n"))
    assert (psutil.wait_procs(workers, timeout=30)[1], strays(out)) == ([], [])
    assert json.loads((out / "manifest.json").read_text())["parts"] != {}
    assert taken_up(file, out) == undisturbed


def full_from(monkeypatch, moment):
    """Let the disk be full from the so-manieth moment of writing on: a file is opened, filled, named."""
    left = [moment]

    def comes():
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")

    def failing(owner, name, which=lambda *_: True):
        plain = getattr(owner, name)

        def tried(*given, **options):
            if which(*given):
                comes()
            return plain(*given, **options)

        monkeypatch.setattr(owner, name, tried)

    failing(atomic_files.os, "fsync")
    failing(Path, "replace")
    failing(Path, "open", lambda path, mode="r", *_: mode != "r" and path.name != ".lock")


def fills_up(folder, moment, monkeypatch):
    """Run a sweep on a disk that is full from some moment on; return what is said, nothing where it never came."""
    with monkeypatch.context() as patched:
        full_from(patched, moment)
        try:
            run_sweep(cheap(), folder, workers=0)
        except StoreError as error:
            return str(error)
    return ""


def test_a_disk_that_is_full_at_any_moment_is_named_and_survived(tmp_path, monkeypatch):
    run_sweep(cheap(), tmp_path / "whole", workers=0)
    whole, moment = data(tmp_path / "whole"), 0
    while said := fills_up(folder := tmp_path / str(moment), moment, monkeypatch):
        assert "No space left on device" in said
        assert str(folder) in said
        left = data(folder) if folder.exists() else {}
        assert {name: content for name, content in left.items() if name != "manifest.json"}.items() <= whole.items()
        assert strays(tmp_path) == []
        assert taken_up(cheap(), folder) == whole
        moment += 1
    assert moment > 3 * len(whole)


@POSIX
@pytest.mark.acceptance
def test_a_disk_without_room_gives_a_sweep_one_line_and_no_half_file(study, tmp_path):
    import resource

    def little():
        resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000))

    file, undisturbed = study
    words = [*COMMAND, "sweep", str(file), "--out", str(tmp_path), "--workers", "0"]
    result = subprocess.run(words, capture_output=True, text=True, preexec_fn=little)
    (line,) = result.stderr.splitlines()
    assert (result.returncode, result.stdout, strays(tmp_path)) == (1, "", [])
    assert line.startswith("aimarket: cannot write")
    assert line.endswith("File too large")
    assert taken_up(file, tmp_path) == undisturbed


def test_a_clock_that_jumps_changes_nothing(study, tmp_path, monkeypatch):
    file, undisturbed = study
    jumps = count()
    plain = time.localtime

    def jumping(*given):
        return plain(*given) if given else plain((-1) ** next(jumps) * 1e9 + 1.2e9)

    monkeypatch.setattr(time, "localtime", jumping)
    monkeypatch.setattr(time, "time", lambda: time.mktime(jumping()))
    monkeypatch.setattr(time, "strftime", lambda form: str(jumping().tm_year))
    run_sweep(load_study(file), tmp_path, workers=0)
    assert data(tmp_path) == undisturbed
    assert next(jumps) > 0


def once(phase, file):
    """Return what kills its process when it is called in a phase for the first time; it goes to a worker by value."""
    place = str(file)

    def falls(now):
        if now == phase and not os.path.exists(place):
            os.close(os.open(place, os.O_CREAT))
            os.kill(os.getpid(), signal.SIGKILL)

    return falls


def dying_work(falls):
    """Return work that may die when it is read, when it computes, and when it hands over its result."""

    def read():
        falls("reads its work")
        return 0

    class Read:
        def __reduce__(self):
            return read, ()

    class Result:
        def __init__(self, chunk):
            self.chunk = chunk

        def __reduce__(self):
            falls("hands over its result")
            return int, (self.chunk,)

    def work(chunk, begun=Read()):  # noqa: B008 - it goes with the work
        falls("computes")
        return Result(chunk)

    return work


@POSIX
@pytest.mark.parametrize("phase", ["reads its work", "computes", "hands over its result"])
def test_a_worker_that_dies_in_any_phase_costs_nothing(phase, tmp_path):
    with Loky(2) as executor:
        found = dict(gathered(executor, dying_work(once(phase, tmp_path / "died")), range(6)))
    assert found == {chunk: chunk for chunk in range(6)}
    assert (tmp_path / "died").exists()


@POSIX
def test_workers_that_are_killed_while_they_wait_cost_nothing():
    with Loky(2) as executor:
        first = dict(gathered(executor, lambda chunk: os.getpid(), range(4)))
        for pid in {pid for pid in first.values() if not isinstance(pid, ChunkError)}:
            os.kill(pid, signal.SIGKILL)
        assert sorted(gathered(executor, lambda chunk: chunk, range(6))) == [(chunk, chunk) for chunk in range(6)]


@pytest.mark.acceptance
def test_a_scheduler_that_restarts_costs_a_word_and_nothing_that_was_done(study, tmp_path):
    file, undisturbed = study
    first, second, out = tmp_path / "first", tmp_path / "second", tmp_path / "out"
    with ExitStack() as cluster:
        scheduler, address = cluster_in(first, cluster)

        def end(*_):
            if [*out.glob("parts/*.parquet")] and scheduler.poll() is None:
                scheduler.kill()
                scheduler.wait()

        with pytest.raises(ClusterError, match="is gone: start it again, and resume"):
            run_sweep(file, out, dask=address, progress=end)
    there = {path.name for path in out.glob("parts/*.parquet")}
    assert 0 < len(there) < load_study(file).chunks
    with ExitStack() as cluster:
        _, address = cluster_in(second, cluster)
        again = []
        run_sweep(file, out, dask=address, resume=True, progress=lambda done, whole: again.append(done))
    assert again[0] >= len(there)
    assert data(out) == undisturbed


def cluster_in(folder, cluster):
    """Start a scheduler and a worker with a folder of their own, and return the scheduler and its address."""
    folder.mkdir()
    scheduler, address = cluster.enter_context(dask_processes.scheduler(folder))
    cluster.enter_context(dask_processes.workers(folder, address, count=1))
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(1, timeout=60)
    return scheduler, address
