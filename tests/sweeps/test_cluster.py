"""A Dask cluster as an executor, with real schedulers and workers on this machine."""

import itertools
import socket
import time
from contextlib import ExitStack

import pytest
from distributed import Client

from aimarket.experiments.sweeps.executors.dask import ClusterError, DaskCluster
from aimarket.experiments.sweeps.executors.local import IN_HAND, ChunkError, Serial, gathered, open_executor
from aimarket.experiments.sweeps.sweep import run_sweep

from . import dask_processes
from .jobs import dying, noted, raising, slowly, squares, starts
from .studies import small

CHUNKS = range(12)
NO_PACKAGE = 'raise ModuleNotFoundError("No module named \'aimarket\'", name="aimarket")'


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """Give the address of a scheduler with two workers, which gives up a task when it killed two of them."""
    folder = tmp_path_factory.mktemp("dask")
    with (
        dask_processes.scheduler(folder, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="1") as (_, address),
        dask_processes.workers(folder, address),
    ):
        yield address


@pytest.fixture
def client(address):
    """Give a client of the scheduler, when both workers are there, perhaps anew."""
    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
        yield client


@pytest.fixture
def cluster(client, address):
    with open_executor(dask=address) as executor:
        yield executor


def test_a_cluster_gives_what_one_process_gives(cluster):
    assert sorted(gathered(cluster, squares(), CHUNKS)) == list(gathered(Serial(), squares(), CHUNKS))


def test_a_cluster_counts_the_threads_of_its_workers(cluster):
    assert cluster.workers == 2


def test_a_chunk_whose_worker_died_is_tried_elsewhere(cluster, tmp_path):
    found = dict(gathered(cluster, noted(tmp_path, dying(5, times=1)), CHUNKS))
    assert found == {chunk: b"%d" % chunk for chunk in CHUNKS}


def test_a_chunk_that_always_kills_its_worker_is_given_up_and_all_others_come_out(cluster, tmp_path):
    found = dict(gathered(cluster, noted(tmp_path, dying(5)), CHUNKS))
    error = found.pop(5)
    assert (error.chunk, error.attempts, starts(tmp_path)[5]) == (5, 4, 4)
    assert error.reason.startswith("KilledWorker: ")
    assert found == {chunk: b"%d" % chunk for chunk in CHUNKS if chunk != 5}


def test_a_chunk_that_always_raises_is_given_up_and_all_others_come_out(cluster, tmp_path):
    accident = raising(5, ValueError("the fleet\nis negative"))
    found = dict(gathered(cluster, noted(tmp_path, accident), CHUNKS))
    assert found.pop(5) == ChunkError(5, 3, "ValueError: the fleet is negative")
    assert found == {chunk: b"%d" % chunk for chunk in CHUNKS if chunk != 5}


def test_no_more_chunks_are_started_than_a_slow_reader_can_soon_take(cluster, tmp_path):
    found = gathered(cluster, noted(tmp_path), range(40))
    taken = [*itertools.islice(found, 3)]
    time.sleep(1.0)
    assert len(starts(tmp_path)) <= len(taken) + IN_HAND * (cluster.workers + 1)
    assert len([*taken, *found]) == 40


def test_a_study_that_is_left_early_leaves_the_cluster_nothing_to_do(client, cluster, tmp_path):
    found = gathered(cluster, noted(tmp_path), range(1000))
    next(found)
    found.close()
    deadline = time.monotonic() + 60.0
    while any(client.processing().values()) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not any(client.processing().values())


def test_a_client_that_is_somebody_elses_stays_open(client):
    with open_executor(dask=client) as executor:
        list(gathered(executor, squares(), CHUNKS))
    assert client.submit(int, "7").result() == 7


def test_a_cluster_of_ones_own_becomes_nobodys_default(cluster):
    with pytest.raises(ValueError, match="No clients found"):
        Client.current(allow_global=True)


@pytest.mark.parametrize("address", ["somewhere", "127.0.0.1", "carrier://127.0.0.1:8786"])
def test_an_address_that_is_none_is_refused_at_once(address):
    with pytest.raises(ClusterError, match=f"no Dask scheduler answers at {address} .*: start one with `dask sched"):
        open_executor(dask=address)


def test_an_address_where_nobody_answers_is_given_up_when_patience_ends(monkeypatch):
    monkeypatch.setattr("aimarket.experiments.sweeps.executors.dask.PATIENCE", 1.0)
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # and does not listen
        address = f"tcp://127.0.0.1:{nobody.getsockname()[1]}"
        with pytest.raises(
            ClusterError, match=f"no Dask scheduler answers at {address} .*: start one with `dask sched"
        ):
            open_executor(dask=address)


@pytest.fixture
def stranger(tmp_path):
    """Yield a cluster whose only worker does not have this package."""
    (tmp_path / "aimarket.py").write_text(NO_PACKAGE)
    with (
        dask_processes.scheduler(tmp_path) as (_, address),
        dask_processes.workers(tmp_path, address, count=1, PYTHONPATH=str(tmp_path)),
        Client(address, set_as_default=False) as client,
    ):
        client.wait_for_workers(1, timeout=60)
        yield DaskCluster(client)


def test_a_worker_without_this_package_is_said_to_lack_it(stranger):
    found = gathered(stranger, lambda chunk: ChunkError(chunk, 0, ""), [0])
    with pytest.raises(ClusterError, match=r"No module named 'aimarket'\): install aimarket [\d.]+, and"):
        list(found)


def test_a_scheduler_without_workers_is_waited_for_with_a_word(tmp_path):
    with dask_processes.scheduler(tmp_path) as (_, address), Client(address, set_as_default=False) as client:
        with pytest.warns(UserWarning, match=f"the Dask scheduler at {address} has no workers yet: waiting for some"):
            cluster = DaskCluster(client)
        with dask_processes.workers(tmp_path, address, count=1):
            assert dict(gathered(cluster, squares(), [3])) == {3: b"9"}


def test_a_scheduler_that_is_gone_ends_the_sweep_with_a_word(tmp_path):
    with (
        dask_processes.scheduler(tmp_path) as (process, address),
        dask_processes.workers(tmp_path, address, count=1),
        Client(address, set_as_default=False) as client,
    ):
        client.wait_for_workers(1, timeout=60)
        found = gathered(DaskCluster(client), slowly(0.2), range(1000))
        next(found)
        process.kill()
        with pytest.raises(ClusterError, match=f"the Dask scheduler at {address} is gone: start it again"):
            list(found)


@pytest.mark.slow
@pytest.mark.parametrize("staffs", [[2], pytest.param([1, 1, 2], marks=pytest.mark.acceptance)], ids=str)
def test_any_number_of_workers_here_or_on_a_cluster_gives_the_same_bytes(tmp_path, staffs):
    """However many come to those that are there."""

    def parts(name, **where):
        run_sweep(small(), tmp_path / name, **where)
        return {path.name: path.read_bytes() for path in (tmp_path / name / "parts").iterdir()}

    with dask_processes.scheduler(tmp_path) as (_, address), ExitStack() as staff:
        expected = parts("here", workers=0)
        for count, more in zip(itertools.accumulate(staffs), staffs, strict=True):
            staff.enter_context(dask_processes.workers(tmp_path, address, more))
            with Client(address) as client:
                client.wait_for_workers(count, timeout=60)
            assert parts(f"dask {count}", dask=address) == expected
            assert parts(f"loky {count}", workers=count) == expected
