"""The map of whose money a deal is: funding added per dollar at each place, and where it is surely more than asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from ...model.parameters import parameters
from ..claims.sources import ACROSS, DOWN
from ..formatting import as_exactly, numeral
from ..statistics import SUPPORTED
from .style import LABEL, SMALL, Theme, dress, label_axes, lettering, sheet

ROW = 0.46
"""Inches that a row of places takes."""

AXES = {
    ACROSS: "part that lenders outside take (open_private)",
    DOWN: "part of the rest that managers call from savers (called_part)",
}
TITLE = "Whose money a deal is, and how much it adds"
HOW = "Funding of all firms per dollar of the deal, half width of its 95 % interval below; shaded: surely enough"


def plot_sources(places: pd.DataFrame, *, title: str = TITLE, unit: str = HOW, theme: str = "light") -> Figure:
    """Plot a statistic over the map; the default is framed, what is supported shaded, and a line drawn around it.

    Args:
        places: a row a place, as of the map at one answer of savers.
        title: what the figure shows; without it there is no head.
        unit: how to read it, below the title.
        theme: light or dark.
    """
    down, across = (sorted(places[name].unique()) for name in (DOWN, ACROSS))
    held = np.zeros((len(down), len(across)), dtype=bool)
    with lettering():
        figure, axes, colours = sheet(len(down) * ROW + 0.5, title, unit, theme)
        dress(axes, colours, grid="")
        rows: list[Any] = places.to_dict("records")
        for row in rows:
            y, x = down.index(row[DOWN]), across.index(row[ACROSS])
            held[y, x] = row["verdict"] == SUPPORTED
            if held[y, x]:
                axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1.0, 1.0, facecolor=colours.holds, edgecolor="none"))
            show = as_exactly(row, numeral)
            half = (row["high"] - row["low"]) / 2.0
            axes.text(x, y + 0.08, show(row["value"]), ha="center", va="bottom", color=colours.ink, fontsize=LABEL)
            axes.text(x, y - 0.05, f"±{show(half)}", ha="center", va="top", color=colours.faint, fontsize=SMALL - 1.0)
            if all(row[name] == parameters()[name].default for name in AXES):
                axes.add_patch(
                    Rectangle((x - 0.44, y - 0.42), 0.88, 0.84, facecolor="none", edgecolor=colours.deal, linewidth=1.6)
                )
        _draw_limit(axes, held, colours)
        axes.set_xlim(-0.5, len(across) - 0.5)
        axes.set_ylim(-0.5, len(down) - 0.5)
        axes.set_xticks(range(len(across)), [f"{value:g}" for value in across])
        axes.set_yticks(range(len(down)), [f"{value:g}" for value in down])
        label_axes(axes, colours, AXES[ACROSS], AXES[DOWN])
    return figure


def _draw_limit(axes: Axes, held: np.ndarray, colours: Theme) -> None:
    """Draw the line at which a statistic stops being surely enough, between places."""
    for y, x in np.argwhere(held[:, 1:] != held[:, :-1]):
        axes.plot([x + 0.5, x + 0.5], [y - 0.5, y + 0.5], color=colours.ink, linewidth=1.6)
    for y, x in np.argwhere(held[1:] != held[:-1]):
        axes.plot([x - 0.5, x + 0.5], [y + 0.5, y + 0.5], color=colours.ink, linewidth=1.6)
