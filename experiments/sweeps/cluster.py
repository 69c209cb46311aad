"""A Dask cluster as an executor: the same sweep, on workers that may be anywhere."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from importlib.metadata import version
from typing import TypeVar

from distributed import Client, KilledWorker

from .executors import IN_HAND, ChunkError, Executor, failure, in_turn

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds in which a scheduler has to answer."""


class ClusterError(ConnectionError):
    """The cluster cannot go on; the message says why, and what to do about it."""


class DaskCluster(Executor):
    """The workers of a Dask cluster; they need this package, and so does the scheduler.

    Args:
        cluster: the address of the scheduler, such as tcp://10.0.0.1:8786, or a client, which is left open at the end.

    Raises:
        ClusterError: there is no scheduler at that address.
    """

    def __init__(self, cluster: str | Client) -> None:
        self._opened = isinstance(cluster, str)
        self._client = _connected(cluster) if isinstance(cluster, str) else cluster
        self._address = self._client.scheduler_info()["address"]
        if not self.workers:
            warnings.warn(f"the Dask scheduler at {self._address} has no workers yet: waiting for some", stacklevel=3)

    @property
    def workers(self) -> int:
        """Return how many threads the workers have at the moment."""
        return sum(self._client.nthreads().values())

    def outcomes(self, work: Callable[[int], T], chunks: Iterable[int]) -> Iterator[tuple[int, T | ChunkError]]:
        """Try every chunk once; the scheduler tries elsewhere what was lost with its worker.

        A chunk with which several workers died is tried once more, alone: its neighbour may have killed them.

        Raises:
            ClusterError: the scheduler is gone, or a worker cannot import this package.
        """
        suspects = []
        for chunk, outcome in self._tried(work, chunks, lambda: IN_HAND * (self.workers + 1)):
            if isinstance(outcome, ChunkError) and outcome.attempts > 1:
                suspects.append(chunk)
            else:
                yield chunk, outcome
        yield from self._tried(work, suspects, lambda: 1)

    def _tried(
        self, work: Callable[[int], T], chunks: Iterable[int], in_hand: Callable[[], int]
    ) -> Iterator[tuple[int, T | ChunkError]]:
        """Try every chunk, with so many of them in the scheduler's hands."""
        submit = self._client.get_executor(pure=False).submit
        for chunk, future in in_turn(lambda chunk: submit(work, chunk), chunks, in_hand):
            error = CancelledError() if future.cancelled() else future.exception()
            if isinstance(error, CancelledError):
                raise ClusterError(f"the Dask scheduler at {self._address} is gone: start it again, and resume")
            if isinstance(error, ImportError):
                raise ClusterError(
                    f"a Dask worker cannot import what it needs ({error}): install aimarket {version('aimarket')} "
                    "where the scheduler and the workers run"
                )
            attempts = error.allowed_failures + 1 if isinstance(error, KilledWorker) else 1
            yield chunk, failure(chunk, error, attempts) if error else future.result()

    def close(self) -> None:
        """Leave the cluster, unless the client was somebody else's."""
        if self._opened:
            self._client.close()


def _connected(address: str) -> Client:
    """Return a client of the scheduler at an address."""
    try:
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address} ({error}): start one with `dask scheduler`, "
            "and give the address that it prints, such as tcp://10.0.0.1:8786"
        ) from error
