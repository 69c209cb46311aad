"""One outcome in several worlds: means with intervals, beside the threshold that they have to pass."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..formatting import number, unit_words
from .style import SMALL, Theme, dress, label_axes, lettering, list_names, note, number_axis, row_height, sheet

ROW, FOOT = 0.34, 0.46


def plot_estimates(
    estimates: pd.DataFrame,
    *,
    condition: str = "",
    outcome_unit: str = "",
    title: str = "",
    unit: str = "",
    theme: str = "light",
) -> Figure:
    """Plot means with their intervals, one row a world, over the pale zone where the claim holds.

    Args:
        estimates: label, mean, low, high.
        condition: a sign and a number, as in ``> 1``; the zone that meets it is pale.
        outcome_unit: the unit of the outcome, written at the axis.
        title: what the figure shows; without it there is no head.
        unit: how to read it, below the title.
        theme: light or dark.
    """
    known = estimates[np.isfinite(estimates["mean"])]
    with lettering():
        figure, axes, colours = sheet(_height(known), title, unit, theme)
        if known.empty:
            note(axes, "The outcome is not a number in any of these worlds.", colours)
            return figure
        rows = np.arange(len(known))
        mean = known["mean"].to_numpy(dtype=float)
        low, high = (np.where(np.isfinite(known[end]), known[end], mean) for end in ("low", "high"))
        axes.hlines(rows, low, high, color=colours.ink, linewidth=2.4, zorder=3)
        axes.scatter(mean, rows, s=34, facecolor=colours.ink, edgecolor=colours.page, linewidth=1.0, zorder=4)
        dress(axes, colours, grid="x")
        list_names(axes, [str(label) for label in known["label"]], colours)
        _set_width(axes, low, high, condition)
        _plot_zone(axes, condition, colours)
        for row, value in zip(rows, mean, strict=True):
            axes.annotate(
                number(value),
                (1.0, row),
                xycoords=("axes fraction", "data"),
                xytext=(8, 0),
                textcoords="offset points",
                va="center",
                color=colours.ink,
                fontsize=SMALL,
                annotation_clip=False,
            )
        number_axis(axes, "x")
        label_axes(axes, colours, unit_words(outcome_unit), "")
    return figure


def _height(known: pd.DataFrame) -> float:
    """Return the height of a list of worlds, inches."""
    return max(len(known), 2) * row_height([str(label) for label in known["label"]], ROW) + FOOT


def _set_width(axes: Axes, low: np.ndarray, high: np.ndarray, condition: str) -> None:
    """Show every interval, zero and the threshold, with room for numbers."""
    limit = float(condition.partition(" ")[2]) if condition else 0.0
    left, right = min(float(np.min(low)), limit, 0.0), max(float(np.max(high)), limit, 0.0)
    gap = 0.08 * (right - left or 1.0)
    axes.set_xlim(left - gap * (left < 0.0 or left == limit), right + gap)


def _plot_zone(axes: Axes, condition: str, colours: Theme) -> None:
    """Plot the threshold, and pale the side on which the claim holds."""
    if not condition:
        return
    sign, _, bound = condition.partition(" ")
    left, right = axes.get_xlim()
    limit = float(bound)
    axes.axvspan(
        *((limit, right) if sign.startswith(">") else (left, limit)), color=colours.holds, zorder=0, linewidth=0
    )
    axes.axvline(limit, color=colours.ink, linewidth=1.2, zorder=2)
    axes.set_xlim(left, right)
