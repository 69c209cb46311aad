"""Tipping points: a claim's statistic against the assumption that decides it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..formatting import bounded, measured, number, unit_words, words
from .style import SMALL, Theme, dress, label_axes, lettering, note, number_axis, sheet

if TYPE_CHECKING:
    from ..analysis.tipping import Tipping

HEIGHT = 2.8
BAND = 0.16
TIP_BAND = 0.55
"""Opacities of the interval of the curve and of that of the tipping value."""


def plot_response(
    tipping: Tipping,
    *,
    condition: str = "",
    parameter_unit: str = "",
    statistic_unit: str = "",
    default: float = float("nan"),
    title: str = "",
    unit: str = "",
    theme: str = "light",
) -> Figure:
    """Plot a statistic against an assumption, the pale zone where the claim holds, and the value at which it tips.

    Args:
        tipping: with a curve of value, mean, low and high.
        condition: a sign and a number, as in ``> 1``; the zone that meets it is pale.
        parameter_unit: the unit of the assumption.
        statistic_unit: the unit of the statistic.
        default: the assumption's default, marked by a ring.
        title: what the figure shows; without it there is no head.
        unit: how to read it, below the title.
        theme: light or dark.
    """
    curve = tipping.curve[np.isfinite(tipping.curve["mean"])].sort_values("value")
    with lettering():
        figure, axes, colours = sheet(HEIGHT, title, unit, theme)
        if curve.empty:
            note(axes, "The statistic is not a number at any value of the assumption.", colours)
            return figure
        _plot_curve(axes, curve, colours)
        dress(axes, colours)
        left, right = float(curve["value"].iloc[0]), float(curve["value"].iloc[-1])
        axes.set_xlim(left, right if right > left else left + 1.0)
        _plot_zone(axes, condition, _emptier(curve, condition), colours)
        _plot_tip(axes, tipping, parameter_unit, colours)
        _mark_default(axes, curve, default, colours)
        number_axis(axes, "x")
        number_axis(axes, "y")
        named = ", ".join(filter(None, (words(tipping.parameter), unit_words(parameter_unit))))
        label_axes(axes, colours, named, unit_words(statistic_unit) or " ")
    return figure


def _mark_default(axes: Axes, curve: pd.DataFrame, default: float, colours: Theme) -> None:
    """Mark the assumption's default by a ring on the curve, if it lies within."""
    if not curve["value"].iloc[0] <= default <= curve["value"].iloc[-1]:
        return
    axes.scatter(
        default,
        float(np.interp(default, curve["value"], curve["mean"])),
        s=36,
        facecolor=colours.page,
        edgecolor=colours.ink,
        linewidth=1.6,
        zorder=5,
        clip_on=False,
    )


def _plot_curve(axes: Axes, curve: pd.DataFrame, colours: Theme) -> None:
    """Plot means with their intervals."""
    x, mean = curve["value"].to_numpy(dtype=float), curve["mean"].to_numpy(dtype=float)
    low, high = (np.where(np.isfinite(curve[end]), curve[end], mean) for end in ("low", "high"))
    axes.fill_between(x, low, high, color=colours.ink, alpha=BAND, linewidth=0)
    axes.plot(x, mean, color=colours.ink, linewidth=2.0, marker="o", markersize=3.5, clip_on=False)


def _plot_zone(axes: Axes, condition: str, side: float, colours: Theme) -> None:
    """Plot the threshold, and pale what lies beyond it where the claim holds; its label stands on one side, 0 or 1."""
    if not condition:
        return
    sign, _, bound = condition.partition(" ")
    limit = float(bound)
    bottom, top = axes.get_ylim()
    bottom, top = min(bottom, limit), max(top, limit)
    gap = 0.06 * (top - bottom or 1.0)
    bottom, top = bottom - gap * (bottom == limit), top + gap * (top == limit)
    axes.axhspan(
        *((limit, top) if sign.startswith(">") else (bottom, limit)), color=colours.holds, zorder=0, linewidth=0
    )
    axes.axhline(limit, color=colours.ink, linewidth=1.0)
    axes.set_ylim(bottom, top)
    axes.annotate(
        f"holds if {bounded(condition)}",
        (side, limit),
        xycoords=("axes fraction", "data"),
        xytext=(4 if side == 0.0 else -4, 4 if sign[0] == ">" else -4),
        textcoords="offset points",
        ha="left" if side == 0.0 else "right",
        va="bottom" if sign[0] == ">" else "top",
        color=colours.faint,
        fontsize=SMALL,
    )


def _emptier(curve: pd.DataFrame, condition: str) -> float:
    """Return on which side the curve is farther from the threshold: 0 for the left, 1 for the right."""
    limit = float(condition.partition(" ")[2]) if condition else 0.0
    away = (curve["mean"] - limit).abs().to_numpy()
    third = max(len(away) // 3, 1)
    return 0.0 if away[:third].min() > away[-third:].min() else 1.0


def _plot_tip(axes: Axes, tipping: Tipping, unit: str, colours: Theme) -> None:
    """Mark the value at which the verdict turns, with its interval."""
    if not np.isfinite(tipping.value):
        return
    if np.isfinite(tipping.low) and np.isfinite(tipping.high):
        axes.axvspan(tipping.low, tipping.high, color=colours.line, alpha=TIP_BAND, zorder=0.5, linewidth=0)
    axes.axvline(tipping.value, color=colours.ink, linewidth=1.4)
    left, right = axes.get_xlim()
    far = tipping.value > (left + right) / 2.0
    axes.annotate(
        f"tips at {measured(tipping.value, unit) if unit_words(unit) else number(tipping.value)}",
        (tipping.value, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(-5 if far else 5, -4),
        textcoords="offset points",
        ha="right" if far else "left",
        va="top",
        color=colours.ink,
        fontsize=SMALL,
        fontweight="bold",
    )
