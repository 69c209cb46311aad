"""The picture that sites show beside a link: a sentence, and where there is one the line that it rests on."""

from __future__ import annotations

import io
import textwrap
import threading
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from .style import THEMES, Theme, dress, lettering, number_axis

SIZE, DPI = (12.0, 6.3), 100
"""Inches and dots an inch: 1,200 by 630 dots, as sites that show such pictures want them."""

LEFT, ACROSS = 0.055, 0.89
"""Where words and the panel begin, and how wide they are, parts of the picture."""

HEAD, LETTERS, LINE = 33.0, 41, 0.092
"""Size of the sentence's letters, points; letters on a line; and a line's part of the picture."""

TOP, MIDDLE = 0.91, 0.66
"""Where the sentence begins, above a panel and alone."""

UNDER, SMALL, LETTERS_BELOW = 19.0, 14.0, 116
MARK: Any = {"xytext": (8, -4), "textcoords": "offset points", "va": "top", "fontsize": SMALL, "fontweight": "bold"}
_ONE_AT_A_TIME = threading.Lock()


class Course(NamedTuple):
    """A line over quarters with its interval.

    Attributes:
        title: what it is, with its unit.
        dates: the quarters, as in 2026Q1.
        values: mean, low and high by quarter.
        begin: the place of the deal's quarter.
    """

    title: str
    dates: Sequence[str]
    values: Mapping[str, Sequence[float]]
    begin: int


def preview_picture(sentence: str, below: str, course: Course | None = None) -> bytes:
    """Return a picture of 1,200 by 630 dots as a PNG.

    Args:
        sentence: what is found, or what a page shows; cut after four lines.
        below: who says so.
        course: the line that the sentence rests on, plotted below it; None for words alone.
    """
    colours = THEMES["light"]
    with _ONE_AT_A_TIME, lettering():  # settings of matplotlib are the process's, not a thread's
        figure = Figure(figsize=SIZE, dpi=DPI, facecolor=colours.page)
        lines = textwrap.wrap(
            sentence.replace(" $", "\N{NO-BREAK SPACE}$"), LETTERS, max_lines=3 if course else 4, placeholder=" …"
        )
        top = TOP if course else MIDDLE
        for line in lines:
            figure.text(LEFT, top, line, color=colours.ink, fontsize=HEAD, fontweight="bold", va="top")
            top -= LINE
        figure.text(LEFT, 0.05, textwrap.fill(below, LETTERS_BELOW), color=colours.soft, fontsize=SMALL)
        figure.add_artist(Line2D((LEFT, LEFT + 0.08), (0.955, 0.955), color=colours.deal, linewidth=6.0))
        if course is not None:
            _plot(figure, top - 0.03, course, colours)
        held = io.BytesIO()
        figure.savefig(held, format="png", metadata={"Software": None})
    return held.getvalue()


def _plot(figure: Figure, top: float, course: Course, colours: Theme) -> None:
    """Plot a line and its interval below the words."""
    figure.text(LEFT, top, course.title, color=colours.soft, fontsize=UNDER, va="top")
    axes = figure.add_axes((LEFT + 0.025, 0.2, ACROSS - 0.025, top - 0.28))
    places = range(len(course.dates))
    axes.fill_between(places, course.values["low"], course.values["high"], color=colours.deal, alpha=0.17, linewidth=0)
    axes.plot(places, course.values["mean"], color=colours.deal, linewidth=3.2)
    axes.axvline(course.begin, color=colours.deal, linewidth=1.4, alpha=0.75)
    axes.annotate("Deal", (course.begin, 1.0), xycoords=("data", "axes fraction"), **MARK, color=colours.deal)
    axes.axhline(0.0, color=colours.line, linewidth=1.2)
    dress(axes, colours)
    number_axis(axes, "y", bins=4)
    years = [place for place, date in enumerate(course.dates) if date.endswith("Q1")]
    axes.set_xticks(years, [course.dates[place][:4] for place in years])
    axes.tick_params(labelsize=SMALL)
    axes.margins(x=0.0)
