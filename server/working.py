"""Work behind a page: begun when what it depends on changes, told as it goes on, and stopped when nobody needs it."""

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

Step = Callable[[int, int], None]
"""Told how much was just done, and how much there is in all; raises `StoppedError` where nobody needs it any more."""

Job = Callable[[Step], Iterator[Any]]
"""Yields results, each better than the one before."""


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

    def run(cancel: threading.Event) -> None:
        if key is None or cancel.wait(REST) or (state.value.key == key and state.value.part == 1.0):
            return
        _run(key, job, state, lambda: cancel.is_set() or stopped.is_set())

    solara.use_thread(run, dependencies=[key, turn], intrusive_cancel=False)
    return state.value, stopped.set, lambda: set_turn(turn + 1)


def _run(key: Hashable, job: Job, state: Any, unneeded: Callable[[], bool]) -> None:
    """Do some work, and tell how far it is."""
    begun, told, done, spent = time.perf_counter(), 0.0, 0, 0.0

    def step(count: int, whole: int) -> None:
        nonlocal told, done, spent
        if unneeded():
            raise StoppedError
        done, spent = done + count, time.perf_counter() - begun
        if spent - told > PAUSE:
            told = spent
            state.value = replace(state.value, part=min(done / whole, 0.99), seconds=spent, running=True)

    state.value = replace(state.value, part=0.0, seconds=0.0, running=True, failure="")
    try:
        with _place(unneeded):
            for result in job(step):
                seconds = time.perf_counter() - begun
                state.value = replace(state.value, key=key, result=result, seconds=seconds)
        state.value = replace(state.value, part=1.0, running=False, seconds=time.perf_counter() - begun)
    except StoppedError:
        state.value = replace(state.value, running=False)
    except Exception as error:  # noqa: BLE001 - whatever strange settings raise is told, not thrown
        told_why = " ".join(str(error.args[0] if error.args else error).split()) or type(error).__name__
        state.value = replace(state.value, running=False, failure=told_why)


@contextmanager
def _place(unneeded: Callable[[], bool]) -> Iterator[None]:
    """Hold one of the server's places for work, of which there are as many as cores, whoever the visitors are."""
    while not _places().acquire(timeout=PAUSE):
        if unneeded():
            raise StoppedError
    try:
        yield
    finally:
        _places().release()


@cache
def _places() -> threading.BoundedSemaphore:
    """Return the places that there are."""
    return threading.BoundedSemaphore(os.cpu_count() or 1)
