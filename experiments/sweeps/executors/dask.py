"""A Dask cluster as an executor: the same sweep, on workers that may be anywhere."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from typing import Any, TypeVar

from distributed import Client, KilledWorker
from distributed.comm.addressing import get_address_host_port
from distributed.protocol import pickle

from .local import IN_HAND, ChunkError, Executor, failure, in_turn

T = TypeVar("T")

OURS = f"aimarket {version('aimarket')}"

PATIENCE = 10.0
"""Seconds in which a scheduler has to answer."""


class ClusterError(ConnectionError):
    """The cluster cannot go on; the message says why, and what to do about it."""


class DaskCluster(Executor):
    """The workers of a Dask cluster; they need this package, in the same version.

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
        try:
            return sum(self._client.nthreads().values())
        except OSError as error:
            raise self._gone() from error

    def outcomes(self, work: Callable[[int], T], chunks: Iterable[int]) -> Iterator[tuple[int, T | ChunkError]]:
        """Try every chunk once; the scheduler tries elsewhere what was lost with its worker.

        A chunk with which several workers died is tried once more, alone: its neighbour may have killed them.

        Raises:
            ClusterError: the scheduler is gone, or a worker does not have this package, in the same version.
        """
        suspects = {}
        for chunk, outcome in self._tried(work, chunks, lambda: IN_HAND * (self.workers + 1)):
            if isinstance(outcome, ChunkError) and outcome.reason.startswith(KilledWorker.__name__):
                suspects[chunk] = outcome.attempts
            else:
                yield chunk, outcome
        for chunk, outcome in self._tried(work, suspects, lambda: 1) if suspects else ():
            if isinstance(outcome, ChunkError):
                yield chunk, replace(outcome, attempts=outcome.attempts + suspects[chunk])
            else:
                yield chunk, outcome

    def _tried(
        self, work: Callable[[int], T], chunks: Iterable[int], in_hand: Callable[[], int]
    ) -> Iterator[tuple[int, T | ChunkError]]:
        """Try every chunk, with so many of them in the scheduler's hands."""
        packed = self._client.submit(bytes, pickle.dumps(work), pure=False)  # sent once; a task, so it can be remade
        submit = partial(self._client.get_executor(pure=False).submit, _unpacking(), packed)
        for chunk, future in in_turn(submit, chunks, in_hand):
            if future.cancelled():
                raise self._gone()
            error = future.exception()
            if isinstance(error, ImportError):
                raise ClusterError(
                    f"a Dask worker cannot do this work ({error}): install {OURS}, and what the work imports, "
                    "where the workers run"
                )
            yield chunk, failure(chunk, error, _deaths(error)) if error else future.result()

    def _gone(self) -> ClusterError:
        """Return what is said when the scheduler does not answer any more."""
        return ClusterError(f"the Dask scheduler at {self._address} is gone: start it again, and resume")

    def close(self) -> None:
        """Leave the cluster, unless the client was somebody else's."""
        if self._opened:
            self._client.close()


def _deaths(error: BaseException) -> int:
    """Return how many workers died before the scheduler gave up, one if it was something else."""
    return error.allowed_failures + 1 if isinstance(error, KilledWorker) else 1


def _unpacking() -> Callable[[bytes, int], Any]:
    """Return a function that does packed work. It goes by value, to say of any worker whether it has this package."""
    wanted = OURS

    def unpacked(content: bytes, chunk: int) -> Any:
        if (found := f"aimarket {version('aimarket')}") != wanted:
            raise ImportError(f"it has {found}, and not {wanted}")
        return pickle.loads(content)(chunk)

    return unpacked


def _connected(address: str) -> Client:
    """Return a client of the scheduler at an address."""
    try:
        get_address_host_port(address)
        return Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address} ({error}): start one with `dask scheduler`, "
            "and give the address that it prints, such as tcp://10.0.0.1:8786"
        ) from error
