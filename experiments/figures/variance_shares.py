"""How much of an outcome's variance comes from assumptions, and how much from chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from ..formatting import percent
from .style import SMALL, dress, lettering, list_names, note, row_height, sheet

ROW, FOOT, THICK = 0.42, 0.34, 0.56
NARROW = 0.14
"""Part below which a number does not fit into its bar."""


def plot_variance_shares(parts: pd.DataFrame, *, title: str = "", unit: str = "", theme: str = "light") -> Figure:
    """Plot for each outcome the part of variance that assumptions make, with its interval, and what chance makes.

    Args:
        parts: outcome, source ("parameters" or "chance"), part, low, high.
        title: what the figure shows; without it there is no head.
        unit: how to read it, below the title.
        theme: light or dark.
    """
    known = parts[np.isfinite(parts["part"])]
    ours = known[known["source"] == "parameters"]
    with lettering():
        figure, axes, colours = sheet(
            max(len(ours), 1) * row_height([str(name) for name in ours["outcome"]], ROW) + FOOT, title, unit, theme
        )
        if ours.empty:
            note(axes, "With one replicate a point, chance cannot be told from assumptions.", colours)
            return figure
        for row, item in enumerate(ours.itertuples()):
            part = float(np.clip(item.part, 0.0, 1.0))
            axes.barh(row, part, THICK, color=colours.soft)
            axes.barh(row, 1.0 - part, THICK, left=part, color=colours.grid)
            if np.isfinite([item.low, item.high]).all():
                axes.hlines(row, np.clip(item.low, 0, 1), np.clip(item.high, 0, 1), color=colours.ink, linewidth=1.6)
            if part >= NARROW:
                axes.text(0.012, row, percent(part), color=colours.page, fontsize=SMALL, fontweight="bold", va="center")
            if 1.0 - part >= NARROW:
                axes.text(0.988, row, percent(1.0 - part), color=colours.soft, fontsize=SMALL, va="center", ha="right")
        dress(axes, colours, grid="")
        list_names(axes, [str(name) for name in ours["outcome"]], colours)
        axes.set_xlim(0.0, 1.0)
        axes.set_xticks([0.0, 1.0], ["assumptions", "chance"])
        left, right = axes.get_xticklabels()
        left.set_horizontalalignment("left")
        right.set_horizontalalignment("right")
    return figure
