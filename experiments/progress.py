"""How far a long call is: a bar for whoever waits at a prompt or in a notebook, or numbers for a program."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int], None]
"""Takes how many were just run, and how many there are in all."""

Wanted: TypeAlias = Progress | bool | None
"""What a caller may ask for: a callback, a bar, none, or a bar on a terminal alone, when it takes long."""

PATIENCE = 2.0
"""Seconds in which nobody needs a bar."""


@contextmanager
def following(wanted: Wanted, unit: str = "replicate-quarters") -> Iterator[Progress]:
    """Yield a callback that takes how far a call is.

    Args:
        wanted: a callback; True for a bar, on a terminal or in a notebook; False for none. None shows a
            bar on a terminal, when the call takes long, and takes it away when it is done.
        unit: what is counted.
    """
    if callable(wanted):
        yield wanted
    elif wanted or (wanted is None and sys.stderr is not None and sys.stderr.isatty()):
        with _bar(unit, asked=bool(wanted)) as report:
            yield report
    else:
        yield lambda count, whole: None


@contextmanager
def _bar(unit: str, *, asked: bool) -> Iterator[Progress]:
    """Yield what moves a bar, shown at once and to stay where it is asked for, else after a while and to go away."""
    from tqdm.auto import tqdm

    with tqdm(unit=f" {unit}", unit_scale=True, delay=0.0 if asked else PATIENCE, leave=asked) as bar:

        def report(count: int, whole: int) -> None:
            bar.total = whole
            bar.update(count)

        yield report


@contextmanager
def following_steps(wanted: Callable[[str, int, int], None] | bool | None) -> Iterator[Callable[[str, int, int], None]]:
    """Yield a callback that takes how far each step of a call is: its name, and what `following` takes."""
    with ExitStack() as opened:
        bars: dict[str, Progress] = {}

        def report(step: str, count: int, whole: int) -> None:
            if step not in bars:
                bars[step] = opened.enter_context(following(None if callable(wanted) else wanted, step))
            bars[step](count, whole)

        yield wanted if callable(wanted) else report
