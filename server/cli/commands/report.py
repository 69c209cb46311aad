"""Write the report of a sweep from the command line."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import BadInputError
from ...streams import say
from ..console import NO_FORECAST, print_json
from ..progress_bar import ProgressBar
from .sweep import reported_errors

if TYPE_CHECKING:
    from ....experiments.report.page import Report
    from ....experiments.sweeps.results import Sweep

ENDINGS = (".html", ".htm")


def write(folder: Path, out: Path | None, *, board: bool, tips: bool, forced: bool) -> Report:
    """Write a report, telling how far it is."""
    if out is not None and out.suffix not in ENDINGS:
        raise BadInputError(f"cannot write {out}: a report is a page, its name has to end in .html")
    from ..arguments import check_place, check_sweep

    check_sweep(folder, "name the folder that aimarket sweep wrote")
    check_place(out, "--out")
    from ....experiments.report.contents import Options
    from ....experiments.report.page import write_report

    with reported_errors(), _Steps(forced=forced) as steps:
        return write_report(folder, out, options=Options(board=board, tips=tips), progress=steps)


def print_answer(report: Report, sweep: Sweep, command: Sequence[str], *, json: bool) -> None:
    """Print what the report says and where it lies."""
    if json:
        print_json({"command": command, **report._asdict(), "loss": sweep.loss, "note": NO_FORECAST})
        return
    say(report.finding)
    say(f"Written: {report.page}")
    if report.figures:
        say(f"Figures: {len(report.figures)} files in {report.figures[0].parent}")
    say(f"Again: {shlex.join(command)}")
    say(NO_FORECAST)


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
