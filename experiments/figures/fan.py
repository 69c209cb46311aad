"""Fan charts: bands and medians of a quantity over time in the world with the deal and in its twin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ...agents.state.shown import shown
from ..formatting import number, unit_words
from .labels import spread
from .style import DASHED, SMALL, Theme, dress, label_axes, lettering, number_axis, sheet

BANDS = ((5.0, 95.0), (25.0, 75.0))
"""Percentiles of the outer and the inner band."""

DEAL_WASHES, TWIN_WASHES = (0.13, 0.18), (0.13, 0.18)
"""Opacities of the outer and the inner band; they lie on one another."""

HEIGHT, APART = 2.6, 0.09


@shown()
@dataclass(frozen=True)
class Fan:
    """A quantity over time in two worlds, or the difference between them.

    Attributes:
        title: what it is.
        unit: its unit.
        years: each quarter as a year with decimals, shape (T,).
        deal: the quantity with the deal, or its difference from the twin, shape (T, R).
        twin: the quantity without the deal, shape (T, R); None for a difference.
        begin: the quarter of the deal, a position in ``years``; None without a deal.
        event: the word beside that quarter.
        names: what the two worlds are called.
    """

    title: str
    unit: str
    years: np.ndarray
    deal: np.ndarray
    twin: np.ndarray | None = None
    begin: int | None = None
    event: str = ""
    names: tuple[str, str] = ("with", "without")


def plot_fan(fan: Fan, *, title: str = "", unit: str = "", theme: str = "light") -> Figure:
    """Plot both worlds: medians, the deal's solid and the twin's dashed, over the middle 50 and 90 % of runs.

    Args:
        fan: what is plotted.
        title: what the figure shows; without it there is no head.
        unit: how to read it, below the title.
        theme: light or dark.
    """
    with lettering():
        figure, axes, colours = sheet(HEIGHT, title, unit, theme)
        if fan.twin is not None:
            _plot_bands(axes, fan.years, fan.twin, colours.twin, TWIN_WASHES)
        _plot_bands(axes, fan.years, fan.deal, colours.deal, DEAL_WASHES)
        dress(axes, colours)
        _plot_medians(axes, fan, colours)
        axes.set_xlim(fan.years[0], fan.years[-1] if len(fan.years) > 1 else fan.years[0] + 1.0)
        _set_heights(axes, fan)
        number_axis(axes, "y")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")
        label_axes(axes, colours, "", unit_words(fan.unit) or " ")
        _label_ends(axes, fan, colours)
    return figure


def _plot_bands(axes: Axes, years: np.ndarray, values: np.ndarray, colour: str, washes: tuple[float, float]) -> None:
    """Plot the outer and the inner band."""
    for points, wash in zip(BANDS, washes, strict=True):
        low, high = np.nanpercentile(values, points, axis=-1)
        axes.fill_between(years, low, high, color=colour, alpha=wash, linewidth=0)


def _plot_medians(axes: Axes, fan: Fan, colours: Theme) -> None:
    """Plot medians, and when the deal begins; zero where a difference is shown."""
    if fan.twin is None:
        axes.axhline(0.0, color=colours.twin, linewidth=1.2, linestyle=DASHED)
    else:
        axes.plot(fan.years, _median(fan.twin), color=colours.twin, linewidth=1.6, linestyle=DASHED)
    axes.plot(fan.years, _median(fan.deal), color=colours.deal, linewidth=2.2)
    if fan.begin is not None and fan.begin < len(fan.years):
        axes.axvline(fan.years[fan.begin], color=colours.deal, linewidth=0.9, alpha=0.75)
        axes.annotate(
            fan.event,
            (fan.years[fan.begin], 1.0),
            xycoords=("data", "axes fraction"),
            xytext=(4, -1),
            textcoords="offset points",
            va="top",
            color=colours.deal,
            fontsize=SMALL,
        )


def _set_heights(axes: Axes, fan: Fan) -> None:
    """Show zero in levels that are not cut off by it."""
    if fan.twin is not None and np.nanmin(fan.deal) >= 0.0 and np.nanmin(fan.twin) >= 0.0:
        axes.set_ylim(bottom=0.0)


def _label_ends(axes: Axes, fan: Fan, colours: Theme) -> None:
    """Write at the end of each line which world it is, and its last median."""
    ends = [(float(_median(fan.deal)[-1]), fan.names[0], colours.deal, "bold")]
    if fan.twin is None:
        ends = [(ends[0][0], "median", colours.deal, "bold")]
    else:
        ends.append((float(_median(fan.twin)[-1]), fan.names[1], colours.faint, "normal"))
    ends.sort(key=lambda end: -end[0])
    bottom, top = axes.get_ylim()
    places = spread(np.array([end[0] for end in ends]), APART * (top - bottom), bottom)
    for position, (value, name, colour, weight) in zip(places, ends, strict=True):
        text = number(value, sign=fan.twin is None)
        axes.annotate(
            f"{name} {text}",
            (fan.years[-1], position),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=colour,
            fontsize=SMALL,
            fontweight=weight,
            annotation_clip=False,
        )


def _median(values: np.ndarray) -> np.ndarray:
    """Return medians over replicates, shape (T,)."""
    return np.nanmedian(values, axis=-1)
