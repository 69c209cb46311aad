"""Write the report of a sweep from the command line."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import typer

from .failures import BadInputError
from .output import NO_FORECAST, print_json
from .progress import ProgressBar
from .sweeping import told_errors

ENDINGS = (".html", ".htm")


def write(folder: Path, out: Path | None, *, board: bool, tips: bool, forced: bool) -> list[Path]:
    """Write a report, telling how far it is; return the files, the page first."""
    if out is not None and out.suffix not in ENDINGS:
        raise BadInputError(f"cannot write {out}: a report is a page, its name has to end in .html")
    from ..experiments.report.contents import Options
    from ..experiments.report.page import write_report

    with told_errors(), _Steps(forced=forced) as steps:
        return write_report(folder, out, options=Options(board=board, tips=tips), progress=steps)


def tell(files: Sequence[Path], command: Sequence[str], *, json: bool) -> None:
    """Print where the report lies."""
    page, *figures = files
    if json:
        print_json({"command": command, "report": page, "figures": figures, "note": NO_FORECAST})
        return
    typer.echo(f"Written: {page}")
    if figures:
        typer.echo(f"Figures: {len(figures)} files in {figures[0].parent}")
    typer.echo(NO_FORECAST)


class _Steps(ExitStack):
    """Tells how far each step of a report is: a progress bar of its own for each."""

    def __init__(self, *, forced: bool) -> None:
        super().__init__()
        self.forced = forced
        self.step = ""

    def __call__(self, step: str, count: int, whole: int) -> None:
        """Take note that some of a whole number are there."""
        if step != self.step:
            self.close()
            self.step, self.bar = step, self.enter_context(ProgressBar(forced=self.forced, unit=step))
        self.bar(count, whole)
