"""How far a long run is, on standard error: a bar on a terminal, lines elsewhere if they are asked for."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import Any

from ..streams import say

PATIENCE = 2.0
"""Seconds in which nobody needs lines about progress."""

TENTHS = 10


class ProgressBar:
    """Tells on standard error how far a run is: a bar on a terminal, lines elsewhere if they are asked for.

    The bar is there from the beginning, before anybody knows how long the run is.

    Args:
        forced: show the progress where there is no terminal, too.
        unit: what is counted.
    """

    def __init__(self, *, forced: bool = False, unit: str = "replicate-quarters") -> None:
        self.forced = forced
        self.unit = unit
        self.begun = time.monotonic()
        self.done = self.tenths = self.found = 0
        self.bar: Any = None

    def __enter__(self) -> ProgressBar:
        if sys.stderr.isatty():
            self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.stop()

    def __call__(self, count: int, whole: int) -> None:
        """Take note that some of a whole number are there; the first call, of which some may be old, gives no rate."""
        self.found = self.found or count
        self.done += count
        if self.bar is not None:
            self.bar.update(self.task, completed=self.done, total=whole, rate=f"{self._rate():,.0f}/s")
        elif self.forced and time.monotonic() - self.begun > PATIENCE:
            self._write(whole)

    def _open(self) -> None:
        """Open a bar that goes away when the run is done."""
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(),
        )
        self.bar = Progress(*columns, console=Console(stderr=True), transient=True)
        self.task = self.bar.add_task(self.unit, total=None, rate="")
        self.bar.start()

    def _write(self, whole: int) -> None:
        """Write a line for each tenth."""
        if TENTHS * self.done // whole > self.tenths:
            self.tenths = TENTHS * self.done // whole
            rate, going = self._rate(), self.found < self.done < whole
            left = f", {rate:,.0f} a second, {(whole - self.done) / rate:,.0f} s left" if going else ""
            say(f"{self.tenths * TENTHS} % of {whole:,} {self.unit}{left}", err=True)

    def _rate(self) -> float:
        """Return how many are done a second, old ones left out."""
        return (self.done - self.found) / (time.monotonic() - self.begun)
