"""What all figures share: colours, letters, size, and files that are the same to the last byte."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib as mpl
import matplotlib.ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.text import Text

from ...model.inputs.paths import AnyPath, located
from ..formatting import number
from ..storage.atomic_files import write_whole


class Theme(NamedTuple):
    """The colours of a figure."""

    page: str
    ink: str
    soft: str
    faint: str
    grid: str
    deal: str
    twin: str
    line: str
    holds: str


THEMES = {
    "light": Theme("#FFFFFF", "#15202B", "#46525E", "#5F6B76", "#ECEAE4", "#D83C06", "#5F6B76", "#C9C6BC", "#E4F1EE"),
    "dark": Theme("#161C22", "#E9EDF0", "#B4BFC8", "#8E9BA6", "#222A32", "#FA7F21", "#98A5B0", "#44515C", "#15302B"),
}
FORMATS = (".svg", ".png")
FONTS = ["Segoe UI", "Roboto", "Helvetica Neue", "Liberation Sans", "Arial", "DejaVu Sans"]
WIDTH = 4.6
"""Inches, about 330 points: a point of the figure is a pixel on a phone."""

TITLE, LABEL, SMALL = 11.0, 9.5, 8.5
"""Sizes of letters, points."""

NAME_LINE, NAME_GAP = 0.155, 0.10
"""Inches that a line of a name takes, and what lies between names."""

DPI = 160
MARGIN = 0.06
TITLE_LINE, UNIT_LINE, HEAD_GAP = 0.21, 0.17, 0.12
"""Inches that a line of the title and of the unit takes, and what lies below them."""

TITLE_LETTERS, UNIT_LETTERS, NAME_LETTERS = 50, 74, 24
"""Letters on a line of a title, of a unit and of a parameter's name."""

DASHED = (0, (4, 3))


class Sheet(NamedTuple):
    """A figure with one panel, and the colours to plot it in."""

    figure: Figure
    axes: Axes
    colours: Theme


def theme_of(name: str) -> Theme:
    """Return a theme by name.

    Raises:
        ValueError: there is no such theme.
    """
    if name not in THEMES:
        raise ValueError(f"no theme {name!r}; there is {', '.join(THEMES)}")
    return THEMES[name]


def darkened(light: str) -> str:
    """Return an SVG that was plotted in the light theme, in the colours of the dark one."""
    colours = {ours.lower(): theirs for ours, theirs in zip(THEMES["light"], THEMES["dark"], strict=True)}
    return re.sub(r"#[0-9a-f]{6}\b", lambda found: colours.get(found[0], found[0]), light)


@contextmanager
def lettering(**settings: Any) -> Iterator[None]:
    """Plot with the letters of this house, whatever the machine's settings are."""
    ours: dict[Any, Any] = {"font.family": "sans-serif", "font.sans-serif": FONTS, "svg.hashsalt": "aimarket"}
    ours["text.parse_math"] = False  # a dollar is money, and a stranger's title is no formula
    usual: dict[Any, Any] = {name: v for name, v in mpl.rcParamsDefault.items() if not name.startswith("backend")}
    with mpl.rc_context(usual | ours | settings):
        yield


def sheet(height: float, title: str = "", unit: str = "", theme: str = "light") -> Sheet:
    """Return an empty panel of some height, inches, below its title and unit; without them it has no head."""
    colours = theme_of(theme)
    head = textwrap.wrap(title, TITLE_LETTERS)
    below = textwrap.wrap(unit, UNIT_LETTERS) if title else []
    extra = len(head) * TITLE_LINE + len(below) * UNIT_LINE + (HEAD_GAP if head else 0.0)
    whole = height + extra
    layout = ConstrainedLayoutEngine(w_pad=MARGIN, h_pad=MARGIN, rect=(0.0, 0.0, 1.0, 1.0 - extra / whole))
    figure = Figure(figsize=(WIDTH, whole), facecolor=colours.page, layout=layout)
    top = 1.0 - MARGIN / whole
    for line in head:
        _write_line(figure, top, line, colours.ink, TITLE, "bold")
        top -= TITLE_LINE / whole
    for line in below:
        _write_line(figure, top, line, colours.faint, SMALL, "normal")
        top -= UNIT_LINE / whole
    axes = figure.subplots()
    return Sheet(figure, axes, colours)


def _write_line(figure: Figure, top: float, line: str, colour: str, size: float, weight: str) -> None:
    """Write a line of the head."""
    text = figure.text(MARGIN / WIDTH, top, line, color=colour, fontsize=size, fontweight=weight, va="top")
    text.set_in_layout(False)


def dress(axes: Axes, colours: Theme, *, grid: str = "y") -> None:
    """Take away what is not data: no frame, no ticks, a faint grid along one axis."""
    axes.set_facecolor(colours.page)
    for side in axes.spines.values():
        side.set_visible(False)
    if grid:
        axes.grid(axis=grid, color=colours.grid, linewidth=0.9)  # type: ignore[arg-type]
    axes.set_axisbelow(True)
    axes.tick_params(length=0, labelsize=SMALL, labelcolor=colours.faint)
    axes.tick_params(pad=6)


def number_axis(axes: Axes, which: str, *, bins: int = 5) -> None:
    """Write the numbers of an axis as this house writes numbers, with few ticks."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_locator(mpl.ticker.MaxNLocator(nbins=bins, steps=[1, 2, 2.5, 5, 10]))
    axis.set_major_formatter(mpl.ticker.FuncFormatter(lambda value, _: number(value)))


def row_height(names: Sequence[str], least: float) -> float:
    """Return the height of rows in which all names find room, inches, and at least some height."""
    lines = max((len(textwrap.wrap(name, NAME_LETTERS)) for name in names), default=1)
    return max(least, lines * NAME_LINE + NAME_GAP)


def broken(name: str) -> str:
    """Return a name on as many lines as it needs."""
    return "\n".join(textwrap.wrap(name, NAME_LETTERS)) or " "


def list_names(axes: Axes, names: Sequence[str], colours: Theme) -> None:
    """Write the names of rows to the left of them, the first on top."""
    axes.set_yticks(range(len(names)), [broken(name) for name in names])
    axes.tick_params(axis="y", labelsize=LABEL, labelcolor=colours.ink, pad=6)
    axes.set_ylim(len(names) - 0.5, -0.5)


def label_axes(axes: Axes, colours: Theme, x: str, y: str) -> None:
    """Write what the axes measure: x below to the right, y above to the left."""
    axes.set_xlabel(x, loc="right", color=colours.faint, fontsize=SMALL)
    if y:
        axes.set_title(y, loc="left", color=colours.faint, fontsize=SMALL, pad=6)


def note(axes: Axes, text: str, colours: Theme) -> Text:
    """Write in the middle of an empty panel why it is empty."""
    axes.set_axis_off()
    wrapped = textwrap.fill(text, TITLE_LETTERS)
    return axes.text(
        0.5, 0.5, wrapped, transform=axes.transAxes, ha="center", va="center", color=colours.faint, fontsize=LABEL
    )


def save(figure: Figure, path: AnyPath) -> Path:
    """Write a figure to a file, .svg or .png, as a whole or not at all; the same figure gives the same bytes.

    Raises:
        ValueError: the file's name ends otherwise.
        StoreError: the disk is full, or the folder cannot be written.
    """
    target = located(path)
    if target.suffix not in FORMATS:
        raise ValueError(f"cannot draw {target}: its name has to end in {' or '.join(FORMATS)}")
    metadata = {"Date": None} if target.suffix == ".svg" else {"Software": None}
    content, form = io.BytesIO(), target.suffix.removeprefix(".")
    with lettering():
        figure.savefig(content, format=form, dpi=DPI, facecolor=figure.get_facecolor(), metadata=metadata)
    write_whole(target, content.getvalue())
    return target


def svg(figure: Figure) -> str:
    """Return a figure as SVG whose letters are text: small, searchable, and read aloud."""
    content = io.StringIO()
    with lettering(**{"svg.fonttype": "none"}):
        figure.savefig(content, format="svg", facecolor=figure.get_facecolor(), metadata={"Date": None})
    return content.getvalue()
