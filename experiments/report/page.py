"""The report as files: one page that needs nothing else, and its figures for other uses."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from ...agents.state.shown import shown
from ...model.inputs.paths import AnyPath, located
from ...model.inputs.text import unicode_text
from ..figures.style import FORMATS, save
from ..optional_dependencies import extra
from ..progress import following_steps
from ..runs.firm_classes import FirmClasses
from ..runs.losses import warn_of
from ..storage.atomic_files import write_whole
from ..storage.frames import check_writable
from ..sweeps.results import open_sweep
from .contents import Contents, Options, Progress, gather
from .inline import inline

with extra("analysis"):
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

PAGE, FIGURES = "report.html", "figures"


@shown()
class Report(NamedTuple):
    """A report that was written.

    Attributes:
        page: the file to send to somebody.
        figures: every figure as SVG and PNG.
        finding: the answer in a sentence or two, with numbers and intervals.
    """

    page: Path
    figures: list[Path]
    finding: str


def write_report(
    folder: AnyPath,
    out: AnyPath | None = None,
    *,
    options: Options | None = None,
    firms: FirmClasses | None = None,
    progress: Progress | bool | None = None,
) -> Report:
    """Write the report of a sweep: one self-contained page, and beside it every figure as SVG and PNG.

    Args:
        folder: of the sweep.
        out: the page's file; ``report.html`` in the sweep's folder if not given. Figures go to ``figures`` beside it.
        options: what to run beside the sweep.
        firms: the classes that decided for firms, if the sweep was run with any: what is run beside it needs them.
        progress: takes what is being done, how much was just done, and how much there is in all; True for a bar,
            False for none; a bar on a terminal, when it takes long, if not given.

    Returns:
        The files written, and the answer in a sentence or two. Where runs of the sweep are missing or failed the page
        and a `LostRunsWarning` say how many and why.

    Raises:
        StoreError: the folder holds no sweep, or the page's folder cannot be written.

    Examples:
        >>> import aimarket
        >>> from aimarket.experiments.report.contents import Options
        >>> report = aimarket.write_report("results", options=Options(board=False, tips=False))
        >>> report.page.name
        'report.html'
    """
    destination = located(folder)
    page = located(out) if out is not None else destination / PAGE
    check_writable(page.parent)
    with following_steps(progress) as report:
        contents = gather(open_sweep(destination, firms=firms), options, report)
        figures = write_figures(contents, page.parent / FIGURES, report)
    write_whole(page, unicode_text(render(contents)).encode())
    warn_of(contents.missing)
    return Report(page, figures, contents.finding)


def write_figures(contents: Contents, folder: AnyPath, progress: Progress | None = None) -> list[Path]:
    """Write every figure of a report as SVG and PNG, with its title; return the files."""
    destination = located(folder)
    destination.mkdir(parents=True, exist_ok=True)
    plotted = [exhibit for exhibit in contents.exhibits if exhibit.plot is not None]
    written = []
    for exhibit in plotted:
        assert exhibit.plot is not None
        figure = exhibit.plot(title=exhibit.title, unit=exhibit.how)
        written += [save(figure, destination / f"{exhibit.name}{ending}") for ending in FORMATS]
        if progress is not None:
            progress("figures", 1, len(plotted))
    return written


def render(contents: Contents) -> str:
    """Return a report as one page of HTML that asks nothing of any server."""
    own = files(__package__)
    environment = Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True)
    template = environment.from_string(own.joinpath("report.html").read_text(encoding="utf-8"))
    return template.render(
        contents=contents,
        figures={exhibit.name: inline(exhibit) for exhibit in contents.exhibits if exhibit.plot is not None},
        style=Markup(own.joinpath("report.css").read_text(encoding="utf-8")),
    )
