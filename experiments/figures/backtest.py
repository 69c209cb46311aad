"""Back-tests: what was observed, beside what the model and the best naive forecast said before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ...model.dates import quarter_number
from .style import DASHED, SMALL, Theme, dress, lettering, number_axis, save, theme_of

QUARTERS = 4.0
COLUMNS, ROW_HEIGHT, WIDTH = 3, 2.55, 10.0
BANDS = (("p5", "p95", 0.16), ("p25", "p75", 0.24))
MODEL = "model"


def plot_backtest(
    scored: pd.DataFrame, past: pd.DataFrame, titles: dict[str, str], path: str | Path, theme: str = "light"
) -> Path:
    """Plot one panel a series, and write the figure to a file.

    Args:
        scored: as `backtest.scores.backtest` returns it, of one origin.
        past: what was known before, with the columns series, quarter and value.
        titles: what each series is called, in the order of the panels.
        path: where to write, .svg or .png.
        theme: light or dark.
    """
    colours = theme_of(theme)
    rows = -(-len(titles) // COLUMNS)
    with lettering():
        figure = Figure(figsize=(WIDTH, ROW_HEIGHT * rows + 0.5), facecolor=colours.page)
        axes = np.atleast_1d(figure.subplots(rows, COLUMNS)).ravel()
        for panel, (name, title) in zip(axes, titles.items(), strict=False):
            own = scored[scored["series"] == name].assign(year=lambda table: _years(table["quarter"]))
            before = past[past["series"] == name].assign(year=lambda table: _years(table["quarter"]))
            _plot_panel(panel, title, own, before, colours)
        for panel in axes[len(titles) :]:
            panel.set_axis_off()
        figure.text(
            0.06,
            0.02,
            "Dots: observed. Line and bands: the model's median, 50 and 90 %. Dashed: the best naive "
            "forecast in hindsight.",
            color=colours.faint,
            fontsize=SMALL,
        )
        figure.subplots_adjust(left=0.06, right=0.98, top=0.93, bottom=0.12, hspace=0.5, wspace=0.25)
    return save(figure, path)


def _plot_panel(axes: Axes, title: str, own: pd.DataFrame, before: pd.DataFrame, colours: Theme) -> None:
    """Plot a series: past and future as observed, and what was forecast."""
    model = own[own["forecaster"] == MODEL]
    dress(axes, colours)
    for low, high, wash in BANDS:
        axes.fill_between(model["year"], model[low], model[high], color=colours.twin, alpha=wash, linewidth=0)
        if len(model) == 1:
            axes.vlines(model["year"], model[low], model[high], color=colours.twin, alpha=2 * wash, linewidth=5)
    axes.plot(model["year"], model["median"], "_-" if len(model) == 1 else "-", color=colours.twin, linewidth=1.8)
    naive = own[own["forecaster"] != MODEL]
    if len(naive):
        best = naive[naive["forecaster"] == naive.groupby("forecaster")["crps"].mean().idxmin()]
        axes.plot(best["year"], best["median"], color=colours.soft, linewidth=1.2, linestyle=DASHED)
    for table, column in ((before, "value"), (model, "observed")):
        axes.plot(table["year"], table[column], "o", color=colours.ink, markersize=3.2)
    axes.set_title(title, loc="left", color=colours.ink, fontsize=10, fontweight="bold", pad=16)
    axes.text(0.0, 1.03, str(own["unit"].iloc[0]), transform=axes.transAxes, color=colours.faint, fontsize=SMALL)
    axes.set_ylim(bottom=0.0)
    number_axis(axes, "y", bins=4)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=5))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.0f}")


def _years(quarters: pd.Series) -> pd.Series:
    """Return quarters as years with decimals, at their end."""
    return (quarters.map(quarter_number) + 1) / QUARTERS
