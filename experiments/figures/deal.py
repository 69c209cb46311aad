"""What a deal changed: four effects over time, for its recipient and for everybody else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ...agents.state.shown import shown
from ...model.dates import LAST_TOLD
from ..claims.evidence import WINDOW, Run
from ..formatting import dated
from ..statistics import mean_intervals
from .style import Theme, dress, lettering, save, theme_of

if TYPE_CHECKING:
    from ..comparison.comparison import Comparison


MIDDLE = (5, 95)
QUARTERS = 4


@shown()
class Panel(NamedTuple):
    """One effect over time: treated less control, shape (T, R)."""

    title: str
    unit: str
    effect: np.ndarray


def draw(comparison: Comparison, path: str | Path, theme: str = "light") -> Path:
    """Plot what the deal changed for its recipient and for everybody else, and write it to a file.

    Args:
        comparison: a scenario with a deal beside another.
        path: where to write; the ending gives the format, .svg or .png.
        theme: light or dark.

    Raises:
        ValueError: the scenario holds no deal, or there is no such theme.
    """
    if comparison.subject is None:
        raise ValueError(f"{comparison.scenario.name} holds no deal for a lab: there is no effect of one to plot")
    colours = theme_of(theme)
    with lettering():
        figure = Figure(figsize=(10, 6.4), facecolor=colours.page)
        grid = figure.subplots(2, 2)
        for axes, panel in zip(grid.flat, _panels(comparison), strict=True):
            _plot_panel(axes, panel, comparison, colours)
        _write_titles(figure, comparison, colours)
        figure.subplots_adjust(left=0.07, right=0.93, top=0.80, bottom=0.12, hspace=0.48, wspace=0.26)
    return save(figure, path)


def _runs(comparison: Comparison) -> tuple[Run, Run]:
    """Return the twins."""
    subject = comparison.subject
    assert subject is not None
    treated, control = (
        Run(comparison.ensembles[name], subject, comparison.quarters) for name in ("treated", "control")
    )
    return treated, control


def _panels(comparison: Comparison) -> list[Panel]:
    """Return the four effects that are drawn."""
    treated, control = _runs(comparison)
    name = comparison.subject.recipient if comparison.subject else ""
    running = [run.recipient("powered_compute") for run in (treated, control)]
    compute = 100.0 * (running[0] / np.maximum(running[1], 1e-12) - 1.0)
    share = 100.0 * (treated.recipient("revenue_share") - control.recipient("revenue_share"))
    rest = [np.cumsum(run.series("funding") - run.funding_recipient, 0) for run in (treated, control)]
    return [
        Panel(f"Compute that runs for {name}", "% over the twin", compute),
        Panel(f"{name}'s share of AI revenue", "points over the twin", share),
        Panel("Funding of everybody else", "USD bn over the twin, added up", rest[0] - rest[1]),
        Panel("Gap to the best model", "OOM over the twin", treated.gap - control.gap),
    ]


def _years(comparison: Comparison) -> np.ndarray:
    """Return each quarter as a year with decimals."""
    return comparison.ensembles["treated"].records["indicators"].quarters / QUARTERS


def _plot_panel(axes: Axes, panel: Panel, comparison: Comparison, colours: Theme) -> None:
    """Plot one effect: the mean with its 95 % interval, over the band of nine in ten pairs."""
    years = _years(comparison)
    shown = years <= LAST_TOLD / QUARTERS
    years, effect = years[shown], panel.effect[shown]
    mean, low, high = mean_intervals(effect)
    band = np.percentile(effect, MIDDLE, axis=-1)
    axes.fill_between(years, *band, color=colours.deal, alpha=0.14, linewidth=0)
    axes.fill_between(years, low, high, color=colours.deal, alpha=0.34, linewidth=0)
    axes.plot(years, mean, color=colours.deal, linewidth=2.0)
    axes.axhline(0.0, color=colours.twin, linewidth=1.0, linestyle=(0, (4, 3)))
    begin = comparison.subject.begin if comparison.subject else 0
    axes.axvline(years[0] + begin / QUARTERS, color=colours.deal, linewidth=0.9, alpha=0.7)
    _label_end(axes, years[-1], (mean[-1], low[-1], high[-1]), colours)
    axes.set_title(panel.title, loc="left", color=colours.ink, fontsize=11, fontweight="bold", pad=20)
    axes.text(0.0, 1.035, panel.unit, transform=axes.transAxes, color=colours.faint, fontsize=9)
    dress(axes, colours)
    axes.tick_params(labelsize=9, pad=3.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))
    axes.set_xlim(years[0], years[-1])


def _label_end(axes: Axes, year: float, estimate: tuple[float, float, float], colours: Theme) -> None:
    """Write the last difference at the end of its line; grey where the interval holds zero."""
    mean, low, high = estimate
    bottom, top = axes.get_ylim()
    digits = int(np.clip(2 - np.floor(np.log10(top - bottom)), 0, 2)) if top > bottom else 0
    text = f"{mean:+.{digits}f}"
    nothing = not float(text)
    axes.annotate(
        "\u00b10" if nothing else text.replace("-", "\u2212"),
        (year, mean),
        xytext=(6, 0),
        textcoords="offset points",
        color=colours.faint if nothing or low <= 0.0 <= high else colours.deal,
        fontsize=9.5,
        fontweight="bold",
        va="center",
        annotation_clip=False,
    )


def _write_titles(figure: Figure, comparison: Comparison, colours: Theme) -> None:
    """Write the finding above and how to read the figure below."""
    treated, control = _runs(comparison)
    assert comparison.subject is not None
    axes = min(comparison.subject.begin + WINDOW - 1, comparison.quarters - 1)
    share = 100.0 * (treated.recipient("revenue_share") - control.recipient("revenue_share"))[axes]
    same = int(np.sum(np.sign(share) == np.sign(share.mean())))
    date = comparison.differences["quarter"].drop_duplicates().iloc[axes]
    verb = "lifts" if share.mean() >= 0.0 else "lowers"
    figure.text(
        0.07,
        0.945,
        f"In {same} of {comparison.replicates} pairs the deal {verb} {comparison.subject.recipient}'s share of "
        "AI revenue",
        color=colours.ink,
        fontsize=14.5,
        fontweight="bold",
        ha="left",
    )
    figure.text(
        0.07,
        0.907,
        f"By {abs(share.mean()):.1f} points on average in {dated(date)}, beside the same random numbers "
        "without it; not a forecast",
        color=colours.soft,
        fontsize=10,
        ha="left",
    )
    figure.text(
        0.07,
        0.03,
        f"{comparison.scenario.title.rstrip('.')}. Seed {comparison.seed}.\n"
        "Line: mean of pairs, with its 95 % interval. Pale band: nine pairs in ten. Dashed: no difference. "
        "Vertical: the deal.",
        color=colours.faint,
        fontsize=8.5,
        ha="left",
    )
