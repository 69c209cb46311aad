"""Work behind a page: begun when its inputs change, reported as it goes on, and stopped when nobody needs it."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import solara

REST = 0.02
"""Seconds that must pass before work begins: what changes sooner is not computed."""

PAUSE = 0.15
"""Seconds between two messages about how far the work is."""

ALMOST = 0.99
"""How far work can be that is not done."""

Step = Callable[[int, int], None]
"""Called with how much was just done and how much there is in all; raises `StoppedError` where nobody needs it."""

Job = Callable[[Step], Iterator[Any]]
"""Yields results, each better than the one before."""


_AT_WORK: list[_Board] = []
"""What runs now, by the boards that report it."""


class StoppedError(Exception):
    """Nobody needs the work any more."""


@dataclass(frozen=True)
class Work:
    """How far some work is.

    Attributes:
        key: what the result belongs to.
        result: the best so far; None before the first.
        part: how much of it is done, from 0 to 1.
        seconds: how long it took so far.
        running: whether it goes on.
        failure: why it stopped; empty where it has not.
    """

    key: Hashable = None
    result: Any = None
    part: float = 0.0
    seconds: float = 0.0
    running: bool = False
    failure: str = ""


def use_work(key: Hashable, job: Job) -> tuple[Work, Callable[[], None], Callable[[], None]]:
    """Do some work in a thread, anew whenever its key changes.

    A hook of Solara's: call it in a component, always. While new work has no result yet, the old result is there with
    its old key.

    Args:
        key: all that the result depends on; None for nothing to do.
        job: does the work.

    Returns:
        How far it is, what stops it, and what begins it again.
    """
    state = solara.use_reactive(Work())
    turn, set_turn = solara.use_state(0)
    stopped = solara.use_memo(threading.Event, [key, turn])

    alone = solara.use_memo(threading.Lock, [])

    def begin() -> Callable[[], None]:
        left = threading.Event()

        def run() -> None:
            with alone:
                if not (left.wait(REST) or (state.value.key == key and state.value.part == 1.0)):
                    _run(key, job, _Board(state, left, stopped))

        if key is not None:
            threading.Thread(target=run, daemon=True).start()
        return left.set

    solara.use_effect(begin, [key, turn])
    return state.value, stopped.set, lambda: set_turn(turn + 1)


def acting(
    act: Callable[[Any], None], stop: Callable[[], None], resume: Callable[[], None]
) -> Callable[[object], None]:
    """Return what does what a visitor asks for: stops some work, goes on with it, or what any page can ask for."""

    def do(message: object) -> None:
        what = message.get("what") if isinstance(message, dict) else None
        if what in ("stop", "resume"):
            (stop if what == "stop" else resume)()
        else:
            act(message)

    return do


class _Board:
    """Where work is reported, for as long as somebody looks."""

    def __init__(self, state: Any, left: threading.Event, stopped: threading.Event) -> None:
        self.state, self.left, self.stopped = state, left, stopped
        self.begun = time.perf_counter()

    @property
    def unneeded(self) -> bool:
        """Whether nobody needs the work any more."""
        return self.left.is_set() or self.stopped.is_set()

    @property
    def seconds(self) -> float:
        """How long the work has taken."""
        return time.perf_counter() - self.begun

    def publish(self, **news: Any) -> None:
        """Publish what is new; nothing, where the visitor has left or the key has changed."""
        if not self.left.is_set():
            self.state.value = replace(self.state.value, seconds=self.seconds, **news)


def _run(key: Hashable, job: Job, board: _Board) -> None:
    """Do some work, and report how far it is."""
    last_report, done = 0.0, 0

    def step(count: int, whole: int) -> None:
        nonlocal last_report, done
        if board.unneeded:
            raise StoppedError
        done += count
        if board.seconds - last_report > PAUSE:
            last_report = board.seconds
            board.publish(part=min(done / whole, ALMOST), running=True)

    board.publish(part=0.0, running=True, failure="")
    try:
        with _place(board):
            for result in job(step):
                board.publish(key=key, result=result)
        board.publish(part=1.0, running=False)
    except StoppedError:
        board.publish(running=False)
    except Exception as error:  # noqa: BLE001 - whatever strange settings raise is reported, not thrown
        why = " ".join(str(error.args[0] if error.args else error).split())
        board.publish(running=False, failure=why or type(error).__name__)


@contextmanager
def _place(board: _Board) -> Iterator[None]:
    """Hold one of the server's places for work, of which there are as many as cores, whoever the visitors are."""
    while not _places().acquire(timeout=PAUSE):
        if board.unneeded:
            raise StoppedError
    _AT_WORK.append(board)
    try:
        yield
    finally:
        _AT_WORK.remove(board)
        _places().release()


def working() -> int:
    """Return how many pieces of work run now, whoever the visitors are."""
    return len(_AT_WORK)


@cache
def _places() -> threading.BoundedSemaphore:
    """Return the places that there are."""
    return threading.BoundedSemaphore(os.cpu_count() or 1)
