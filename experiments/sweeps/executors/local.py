"""Executors on this machine: this process, or worker processes of its own, compute the chunks of a sweep.

All keep the same promise: every chunk comes out once, with its result or with why it failed, whatever happens to the
workers; no more than a few results wait to be taken; and no worker that was started here outlives its sweep.

    with open_executor(workers=8) as executor:
        for chunk, outcome in gathered(executor, work, range(200)):
            ...
"""

from __future__ import annotations

import os
import signal
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import islice
from multiprocessing import Pipe, connection
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from joblib import cpu_count
from joblib.externals.loky import ProcessPoolExecutor
from joblib.externals.loky.process_executor import BrokenProcessPool

from ...optional_dependencies import extra
from .environment import World, beginning, hiding, start_trackers

if TYPE_CHECKING:
    from distributed import Client

T = TypeVar("T")

ATTEMPTS = 3
"""Times that a chunk is tried before it is given up."""

IN_HAND = 2
"""Chunks in hand for every worker: the one that it computes, and the next, for which it need not wait."""

MOST_WORKERS = 1000
"""Processes on one machine: each is a pool and a thread of its own, made before the first chunk is handed out."""

ENDED = "EXIT("
"""How loky tells that a worker was not killed."""

LIBRARIES = ("OMP_NUM", "OPENBLAS_NUM", "MKL_NUM", "BLIS_NUM", "NUMEXPR_NUM", "VECLIB_MAXIMUM")
ONE_THREAD = {f"{library}_THREADS": "1" for library in LIBRARIES}
"""Workers share the cores among themselves, so the native libraries of each take one."""


@dataclass(frozen=True)
class ChunkError:
    """Why a chunk failed.

    Attributes:
        chunk: its number.
        attempts: how often it was tried.
        reason: what went wrong the last time, in one line that begins with the name of the exception.
    """

    chunk: int
    attempts: int
    reason: str


class Executor(ABC):
    """Whoever computes chunks. Used in a ``with`` statement, it lets its workers go at the end."""

    @property
    @abstractmethod
    def workers(self) -> int:
        """Return how many chunks are computed at the same time."""

    @abstractmethod
    def outcomes(self, work: Callable[[int], T], chunks: Iterable[int]) -> Iterator[tuple[int, T | ChunkError]]:
        """Try every chunk once, and yield it, in any order, with its result or with why it failed.

        Args:
            work: what to do with a chunk's number; it is pickled for every chunk, so it should weigh little.
            chunks: the numbers, read as they are needed.
        """

    @abstractmethod
    def close(self) -> None:
        """Let the workers go, at once."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_executor(workers: int | None = None, dask: str | Client | None = None) -> Executor:
    """Return the executor that was asked for.

    Args:
        workers: worker processes on this machine, 0 to compute in this process; one a core if not given.
        dask: the address of a Dask scheduler, or a client of one; it has workers of its own.

    Raises:
        ValueError: the number of workers makes no sense, or is given beside a cluster.
        ClusterError: there is no scheduler at that address.
    """
    if workers is not None and not 0 <= workers <= MOST_WORKERS:
        raise ValueError(
            f"workers = {workers} has to be 0, for this process alone, or a number of processes up to {MOST_WORKERS:,}"
        )
    if dask is not None and workers is not None:
        raise ValueError(
            f"workers = {workers} is for this machine, and a Dask cluster has its own: give one of the two"
        )
    if dask is not None:
        with extra("cluster"):
            from .dask import DaskCluster

        return DaskCluster(dask)
    return Serial() if workers == 0 else Loky(workers)


def gathered(
    executor: Executor, work: Callable[[int], T], chunks: Iterable[int], attempts: int = ATTEMPTS
) -> Iterator[tuple[int, T | ChunkError]]:
    """Yield every chunk once; those that failed are tried again when all the others are done.

    Args:
        executor: who computes.
        work: what to do with a chunk's number.
        chunks: the numbers.
        attempts: how often a chunk is tried before it comes out as an error.
    """
    tried: Counter[int] = Counter()
    again: Iterable[int] | None = chunks
    while again is not None:
        failed = []
        for chunk, outcome in executor.outcomes(work, again):
            if not isinstance(outcome, ChunkError):
                yield chunk, outcome
                continue
            tried[chunk] += outcome.attempts
            if tried[chunk] < attempts:
                failed.append(chunk)
            else:
                yield chunk, replace(outcome, attempts=tried[chunk])
        again = failed or None


class Serial(Executor):
    """This process alone: easy to look into, but a chunk that kills its process ends it."""

    @property
    def workers(self) -> int:
        """Return one: this process."""
        return 1

    def outcomes(self, work: Callable[[int], T], chunks: Iterable[int]) -> Iterator[tuple[int, T | ChunkError]]:
        """Try one chunk after the other."""
        for chunk in chunks:
            try:
                outcome: T | ChunkError = work(chunk)
            except Exception as error:  # noqa: BLE001 - whatever goes wrong is the chunk's outcome
                outcome = failure(chunk, error)
            yield chunk, outcome

    def close(self) -> None:
        """Do nothing: there is nobody to let go."""


class Loky(Executor):
    """Worker processes on this machine, which find what this program finds: modules, folder and environment.

    Every worker is a pool of its own. So a worker that dies takes no other with it, and the chunk that it had is known:
    no other is blamed, and none has to be tried alone.

    Args:
        workers: how many; one for each core that this process may use if not given.
    """

    def __init__(self, workers: int | None = None) -> None:
        self._watched, self._alive = Pipe(duplex=False)
        self._world = World.here()
        start_trackers()
        self._pools = [self._new_pool() for _ in range(workers or cpu_count())]
        self._idle: SimpleQueue[int] = SimpleQueue()
        for slot in range(self.workers):
            self._idle.put(slot)
        self._threads = ThreadPoolExecutor(self.workers, "worker", _leave_interrupts_to_the_main_thread)

    @property
    def workers(self) -> int:
        """Return how many processes there are."""
        return len(self._pools)

    def outcomes(self, work: Callable[[int], T], chunks: Iterable[int]) -> Iterator[tuple[int, T | ChunkError]]:
        """Try every chunk once, each on whichever worker is free."""
        futures = in_turn(
            lambda chunk: self._threads.submit(self._outcome, work, chunk), chunks, lambda: IN_HAND * self.workers
        )
        for chunk, future in futures:
            yield chunk, future.result()

    def _outcome(self, work: Callable[[int], T], chunk: int) -> T | ChunkError:
        """Let a worker that is free try a chunk: there is one for each thread."""
        slot = self._idle.get()
        try:
            future = self._pools[slot].submit(work, chunk)
            error = future.exception()
            if isinstance(error, BrokenProcessPool):
                self._pools[slot].shutdown()
                self._pools[slot] = self._new_pool()
            return failure(chunk, error) if error else future.result()
        finally:
            self._idle.put(slot)

    def _new_pool(self) -> ProcessPoolExecutor:
        """Return a pool of one worker, which starts when it is needed."""
        own = {**ONE_THREAD, **beginning()}
        return ProcessPoolExecutor(1, initializer=_follow, initargs=(self._watched, self._world), env=own)

    def close(self) -> None:
        """Let the workers leave, at once: what they were computing is lost."""
        if self._alive.closed:
            return
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._alive.send_bytes(b"leave")
        self._alive.close()
        self._threads.shutdown()
        for pool in self._pools:
            pool.shutdown()
        self._watched.close()


def in_turn(
    submit: Callable[[int], Future[T]], chunks: Iterable[int], in_hand: Callable[[], int]
) -> Iterator[tuple[int, Future[T]]]:
    """Yield every chunk with its future as it is done, and hand out another whenever one was taken.

    Args:
        submit: hands a chunk out.
        chunks: the numbers, read as they are needed.
        in_hand: how many may be handed out and not taken.
    """
    upcoming, running = iter(chunks), dict[Future[T], int]()
    try:
        while True:
            running |= {submit(chunk): chunk for chunk in islice(upcoming, max(0, in_hand() - len(running)))}
            if not running:
                return
            future = wait(running, return_when=FIRST_COMPLETED).done.pop()
            yield running.pop(future), future
    finally:
        for future in running:
            future.cancel()


def failure(chunk: int, error: BaseException, attempts: int = 1) -> ChunkError:
    """Return what is recorded of an exception."""
    message = _death(error) if isinstance(error, BrokenProcessPool) else str(error)
    return ChunkError(chunk, attempts, " ".join(f"{type(error).__name__}: {message}".split()))


def _death(error: BrokenProcessPool) -> str:
    """Return why a worker is gone: what it could not read, how it ended, and which file may have kept it from work."""
    message, cause = str(error), str(error.__cause__ or "").strip(" \n\"'")
    if cause:
        message = f"a worker cannot read its work: {cause.splitlines()[-1]}"
    elif ENDED in message:
        message = f"a worker process ended by itself, with {message[message.rindex(ENDED) :].partition('}')[0]}"
    files = [str(file) for file in hiding()]
    hint = f"; {', '.join(files)} hides a module of the same name: rename it, and resume" if files else ""
    return message + hint


def _leave_interrupts_to_the_main_thread() -> None:
    """Block Ctrl-C in a thread, and so in the processes that it starts, from their first moment."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})


def _follow(parent: connection.Connection, world: World) -> None:
    """Prepare a worker: Ctrl-C is its parent's to answer, and it leaves with its parent, however that goes."""
    world.enter()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: connection.Connection) -> None:
    """Leave when a parent says so through a pipe, or when its end is closed, as it is even by a kill."""
    connection.wait([parent])
    os._exit(1)
