"""How far a long run is: shown on standard error, after two seconds."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any

PATIENCE = 2.0
"""Seconds in which nobody needs a progress bar."""

TENTHS = 10


class ProgressBar:
    """Tells on standard error how far a run is: a bar on a terminal, lines elsewhere if they are asked for.

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
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.stop()

    def __call__(self, count: int, whole: int) -> None:
        """Take note that some of a whole number are there; the first call, of which some may be old, tells no rate."""
        self.found = self.found or count
        self.done += count
        if self.bar is not None:
            self.bar.update(self.task, completed=self.done, total=whole)
        elif time.monotonic() - self.begun > PATIENCE:
            self._show(whole)

    def _show(self, whole: int) -> None:
        """Open the bar, or write a line for each tenth where there is none."""
        from rich.console import Console

        console = Console(stderr=True)
        if console.is_terminal:
            self._open(console, whole)
        elif self.forced and TENTHS * self.done // whole > self.tenths:
            self.tenths = TENTHS * self.done // whole
            rate = (self.done - self.found) / (time.monotonic() - self.begun)
            going = self.found < self.done < whole
            left = f", {rate:,.0f} a second, {(whole - self.done) / rate:,.0f} s left" if going else ""
            console.print(f"{self.tenths * TENTHS} % of {whole:,} {self.unit}{left}", highlight=False)

    def _open(self, console: Any, whole: int) -> None:
        """Open a bar that goes away when the run is done."""
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        speed = TextColumn("{task.speed:,.0f}/s")
        columns = (TextColumn(self.unit), BarColumn(), MofNCompleteColumn(), speed, TimeRemainingColumn())
        self.bar = Progress(*columns, console=console, transient=True)
        self.bar.start()
        self.task = self.bar.add_task("", total=whole, completed=self.done)
