"""Where a claim holds: the box that PRIM found, the worlds in and outside it, and how it was chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ..formatting import between, number, percent, unit_words, words
from .style import LABEL, SMALL, Sheet, Theme, dress, label_axes, lettering, list_names, note, number_axis, sheet

if TYPE_CHECKING:
    from ..analysis.discovery import Box

ROW, FOOT = 0.60, 0.16
THICK = 0.24
"""Width of the range that holds, part of a row."""

WORLDS, LARGE, SMALL_DOT, MANY = (3.7, 15.0, 6.0, 1200)
"""Height of the scatter, sizes of its dots, and from how many worlds on they are small."""

WHOLE = "The box is the whole range of every assumption: none of them sets the claim apart."


def plot_limits(
    limits: pd.DataFrame,
    *,
    defaults: Mapping[str, float] | None = None,
    units: Mapping[str, str] | None = None,
    title: str = "",
    unit: str = "",
    theme: str = "light",
) -> Figure:
    """Plot the limits of a box: for each assumption the part of its declared range that belongs to it.

    Args:
        limits: parameter, low, high, range_low, range_high, of the parameters that the box limits.
        defaults: the default of each parameter, marked by a ring.
        units: the unit of each parameter.
        title: what the figure shows; without it there is no head.
        unit: how to read it, below the title.
        theme: light or dark.
    """
    with lettering():
        figure, axes, colours = sheet(max(len(limits), 1) * ROW + FOOT, title, unit, theme)
        if limits.empty:
            note(axes, WHOLE, colours)
            return figure
        for row, (_, item) in enumerate(limits.iterrows()):
            name = str(item["parameter"])
            _plot_range(axes, row, item, (defaults or {}).get(name, np.nan), colours)
            text = " ".join(filter(None, (between(item["low"], item["high"]), unit_words((units or {}).get(name, "")))))
            axes.annotate(
                text,
                (1.0, row),
                xytext=(0, 7),
                textcoords="offset points",
                ha="right",
                va="bottom",
                color=colours.soft,
                fontsize=SMALL,
                annotation_clip=False,
            )
        dress(axes, colours, grid="")
        list_names(axes, [words(str(name)) for name in limits["parameter"]], colours)
        axes.set_ylim(len(limits) - 0.5, -0.6)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xticks([])
    return figure


def plot_worlds(
    points: pd.DataFrame,
    holds: np.ndarray,
    *,
    limits: pd.DataFrame | None = None,
    units: Mapping[str, str] | None = None,
    title: str = "",
    unit: str = "",
    theme: str = "light",
) -> Figure:
    """Plot worlds over two assumptions: filled where the claim holds, hollow elsewhere, with the box around.

    Args:
        points: the first column goes to the right, the second up.
        holds: whether the claim holds, shape (points,).
        limits: of the box, as for `plot_limits`.
        units: the unit of each parameter.
        title: what the figure shows; without it there is no head.
        unit: how to read it, below the title.
        theme: light or dark.
    """
    across, up = (str(name) for name in points.columns[:2])
    held = np.asarray(holds, dtype=bool)
    with lettering():
        panel = sheet(WORLDS, title, unit, theme)
        figure, axes, colours = panel
        x, y = points[across].to_numpy(dtype=float), points[up].to_numpy(dtype=float)
        size = LARGE if len(points) < MANY else SMALL_DOT
        axes.scatter(x[~held], y[~held], s=size, facecolor="none", edgecolor=colours.faint, linewidth=0.7, alpha=0.75)
        axes.scatter(x[held], y[held], s=size, facecolor=colours.ink, edgecolor="none", alpha=0.9, zorder=3)
        dress(axes, colours, grid="both")
        for which, values in (("x", x), ("y", y)):
            edges = (float(np.min(values)), float(np.max(values)))
            gap = 0.025 * (edges[1] - edges[0] or 1.0)
            (axes.set_xlim if which == "x" else axes.set_ylim)(edges[0] - gap, edges[1] + gap)
            number_axis(axes, which)
        if limits is not None:
            _plot_box(panel, limits.set_index("parameter"), across, up)
        label_axes(axes, colours, *(_named(name, units or {}) for name in (across, up)))
    return figure


def plot_trajectory(box: Box, *, title: str = "", unit: str = "", theme: str = "light") -> Figure:
    """Plot how the box was chosen: its density against its coverage, step by step, the chosen one ringed.

    Args:
        box: with a trajectory of columns coverage and density.
        title: what the figure shows; without it there is no head.
        unit: how to read it, below the title.
        theme: light or dark.
    """
    with lettering():
        figure, axes, colours = sheet(2.7, title, unit, theme)
        coverage, density = (100.0 * box.trajectory[name].to_numpy(dtype=float) for name in ("coverage", "density"))
        axes.plot(coverage, density, color=colours.faint, linewidth=1.2)
        axes.scatter(coverage, density, s=10, color=colours.faint, zorder=2)
        axes.scatter(
            100.0 * box.coverage,
            100.0 * box.density,
            s=60,
            facecolor=colours.page,
            edgecolor=colours.ink,
            linewidth=2,
            zorder=3,
            clip_on=False,
        )
        dress(axes, colours, grid="both")
        axes.set_xlim(0.0, 102.0)
        axes.set_ylim(0.0, 105.0)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(lambda value, _: f"{value:.0f} %")
        label_axes(axes, colours, "of the worlds where it holds, inside", "of the worlds inside, it holds in")
        _ring_label(axes, box, colours)
    return figure


def _plot_range(axes: Axes, row: int, item: pd.Series, default: float, colours: Theme) -> None:
    """Plot a declared range as a line, the part in the box as a bar, and the default as a ring."""
    width = item["range_high"] - item["range_low"] or 1.0
    low, high = ((item[end] - item["range_low"]) / width for end in ("low", "high"))
    axes.hlines(row, 0.0, 1.0, color=colours.line, linewidth=1.6, zorder=1)
    axes.barh(row, high - low, THICK, left=low, facecolor=colours.holds, edgecolor=colours.ink, linewidth=1.2, zorder=2)
    if np.isfinite(default):
        spot = (default - item["range_low"]) / width
        axes.scatter(spot, row, s=34, facecolor=colours.page, edgecolor=colours.ink, linewidth=1.6, zorder=3)
    for position, end, align in ((0.0, "range_low", "left"), (1.0, "range_high", "right")):
        axes.annotate(
            number(item[end]),
            (position, row),
            xytext=(0, -7),
            textcoords="offset points",
            ha=align,
            va="top",
            color=colours.faint,
            fontsize=SMALL - 1.0,
            annotation_clip=False,
        )


def _plot_box(panel: Sheet, limits: pd.DataFrame, across: str, up: str) -> None:
    """Plot the box; an assumption that it does not limit is in it over its whole range."""
    axes, colours = panel.axes, panel.colours
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    if across in limits.index:
        left, right = _ends(limits, across)
    if up in limits.index:
        bottom, top = _ends(limits, up)
    corner, size = (left, bottom), (right - left, top - bottom)
    axes.add_patch(Rectangle(corner, *size, facecolor=colours.holds, edgecolor="none", zorder=0.6))
    axes.add_patch(Rectangle(corner, *size, facecolor="none", edgecolor=colours.ink, linewidth=1.6, zorder=4))


def _ends(limits: pd.DataFrame, name: str) -> tuple[float, float]:
    """Return between which values of a parameter the box lies."""
    low, high = limits.loc[[name], ["low", "high"]].to_numpy(dtype=float)[0]
    return float(low), float(high)


def _ring_label(axes: Axes, box: Box, colours: Theme) -> None:
    """Write what the chosen box holds."""
    right = box.coverage < 0.5
    axes.annotate(
        f"{percent(box.density)} inside, {percent(box.coverage)} of all",
        (100.0 * box.coverage, 100.0 * box.density),
        xytext=(0, -12),
        textcoords="offset points",
        ha="left" if right else "right",
        va="top",
        color=colours.ink,
        fontsize=LABEL,
        fontweight="bold",
    )


def _named(name: str, units: Mapping[str, str]) -> str:
    """Return a parameter's name with its unit."""
    return ", ".join(filter(None, (words(name), unit_words(units.get(name, "")))))
