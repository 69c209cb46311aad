"""Which assumptions decide an outcome: Sobol indices, swings from one end of a range to the other, Morris effects."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from ..formatting import number, percent, unit_words, words
from .labels import place_names, spread, write_ends
from .style import (
    DASHED,
    SMALL,
    Theme,
    broken,
    dress,
    label_axes,
    lettering,
    list_names,
    note,
    number_axis,
    row_height,
    sheet,
)

ROW, FOOT = 0.30, 0.42
"""Inches a row and the axis below the rows take."""

THICK, THIN = 0.62, 0.24
"""Widths of a bar and of the bar inside it, parts of a row."""

NAMED, FOLLOWED = 10, 5
"""How many parameters are named in a scatter, and followed over time."""

SIDE, WIDER_SIDE = 0.14, 0.28
"""Room beside a tornado for a label, and for two in one, part of its width."""

APART = 0.085
"""Least distance of the names of lines, part of the axis."""

EMPTY = "No index is a number: the outcome does not vary, or there are too few runs."
SHADES = ("ink", "soft", "faint", "soft", "faint")
HOLLOW = "; hollow: a group, without one"
STROKES = ("-", "-", "-", DASHED, DASHED)


def plot_indices(indices: pd.DataFrame, *, title: str = "", unit: str = "", theme: str = "light") -> Figure:
    """Plot Sobol indices: a pale bar with interactions and its interval, inside it a dark bar for each alone.

    Args:
        indices: parameter, first, first_low, first_high, total, total_low, total_high.
        title: what the figure shows; without it there is no head.
        unit: how to read it, below the title.
        theme: light or dark.
    """
    known = indices[np.isfinite(indices["total"])].sort_values("total", ascending=False, kind="stable")
    with lettering():
        figure, axes, colours = sheet(_height(known), title, unit, theme)
        if known.empty:
            note(axes, EMPTY, colours)
            return figure
        rows = np.arange(len(known))
        axes.barh(rows, known["total"].clip(lower=0.0), THICK, color=colours.line)
        axes.barh(rows, known["first"].clip(lower=0.0).fillna(0.0), THIN, color=colours.soft)
        ends = _plot_whiskers(axes, known, colours)
        for row, (end, total) in enumerate(zip(ends, known["total"], strict=True)):
            _write_value(axes, end, row, percent(total), colours)
        _dress_rows(axes, known, colours)
        axes.set_xlim(0.0, max(1e-6, float(np.nanmax(ends))))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))
        axes.xaxis.set_major_formatter(lambda value, _: percent(value))
    return figure


def plot_tornado(
    tornado: pd.DataFrame,
    *,
    outcome_unit: str = "",
    title: str = "",
    unit: str = "",
    theme: str = "light",
) -> Figure:
    """Plot how far each assumption moves an outcome from one end of its range to the other.

    Args:
        tornado: parameter, low_value, high_value, at_low, at_high, base.
        outcome_unit: the unit of the outcome, written at the axis.
        title: what the figure shows; without it there is no head.
        unit: how to read it, below the title.
        theme: light or dark.
    """
    swing = (tornado["at_high"] - tornado["at_low"]).abs()
    known = tornado.assign(swing=swing)[np.isfinite(swing)].sort_values("swing", ascending=False, kind="stable")
    with lettering():
        figure, axes, colours = sheet(_height(known), title, unit, theme)
        if known.empty:
            note(axes, "No outcome at either end of a range is a number.", colours)
            return figure
        base = float(known["base"].iloc[0])
        for row, (_, item) in enumerate(known.iterrows()):
            _plot_swing(axes, row, item, colours)
            write_ends(axes, row, item, colours)
        axes.axvline(base, color=colours.ink, linewidth=1.3, zorder=3)
        axes.annotate(
            f"defaults {number(base)}",
            (base, -0.5),
            xytext=(0, 4),
            textcoords="offset points",
            ha="center",
            color=colours.ink,
            fontsize=SMALL,
            fontweight="bold",
            annotation_clip=False,
        )
        _dress_rows(axes, known, colours)
        _leave_room(axes, known)
        number_axis(axes, "x")
        label_axes(axes, colours, unit_words(outcome_unit), "")
    return figure


def plot_effects(effects: pd.DataFrame, *, title: str = "", unit: str = "", theme: str = "light") -> Figure:
    """Plot Morris effects: how much a parameter matters to the right, how uneven its effect is upwards.

    Args:
        effects: parameter, mu_star, mu_star_low, mu_star_high, mu, sigma.
        title: what the figure shows; without it there is no head.
        unit: how to read it, below the title.
        theme: light or dark.
    """
    known = effects[np.isfinite(effects["mu_star"])]
    known = known.sort_values("mu_star", ascending=False, kind="stable")
    with lettering():
        figure, axes, colours = sheet(3.6, title, unit, theme)
        if known.empty:
            note(axes, EMPTY.replace("index", "effect"), colours)
            return figure
        x, y = known["mu_star"].to_numpy(), known["sigma"].fillna(0.0).to_numpy()
        grouped = known["sigma"].isna().to_numpy()
        widths = np.abs(known[["mu_star_low", "mu_star_high"]].to_numpy().T - x)
        axes.errorbar(x, y, xerr=np.nan_to_num(widths), fmt="none", ecolor=colours.line, elinewidth=1.4, zorder=2)
        fill, edge = (np.where(grouped, *pair) for pair in ((colours.page, colours.ink), (colours.ink, colours.page)))
        axes.scatter(x, y, s=26, facecolor=fill, edgecolor=edge, linewidth=0.8, zorder=3)
        dress(axes, colours, grid="both")
        axes.set_xlim(0.0, _room(float(np.max(x + np.nan_to_num(widths[1])))))
        axes.set_ylim(0.0, _room(float(np.max(y))))
        number_axis(axes, "x")
        number_axis(axes, "y")
        label_axes(
            axes, colours, "mean size of the effect (μ*)", f"spread of the effect (σ){HOLLOW if grouped.any() else ''}"
        )
        names = [words(str(name)) for name in known["parameter"]][:NAMED]
        place_names(axes, (x, y, np.nan_to_num(widths)), names, colours)
    return figure


def plot_course(indices: pd.DataFrame, *, title: str = "", unit: str = "", theme: str = "light") -> Figure:
    """Plot total Sobol indices by quarter, of the parameters that weigh most on average.

    Args:
        indices: time, parameter, total and the rest of `plot_indices`; time a number or a date such as 2028Q1.
        title: what the figure shows; without it there is no head.
        unit: how to read it, below the title.
        theme: light or dark.
    """
    table = indices.pivot(index="time", columns="parameter", values="total").sort_index()
    chosen = table.mean().dropna().sort_values(ascending=False, kind="stable").index[:FOLLOWED]
    with lettering():
        figure, axes, colours = sheet(2.9, title, unit, theme)
        if not len(chosen):
            note(axes, EMPTY, colours)
            return figure
        times = _years(table.index)
        lasts = []
        for name, shade, stroke in zip(chosen, SHADES, STROKES, strict=False):
            values = table[name].to_numpy()
            axes.plot(times, values, color=getattr(colours, shade), linewidth=1.8, linestyle=stroke)
            lasts.append(values[np.isfinite(values)][-1])
        dress(axes, colours)
        axes.set_ylim(0.0, max(0.1, float(np.nanmax(table[chosen].to_numpy())) * 1.05))
        axes.set_xlim(times[0], times[-1] if times[-1] > times[0] else times[0] + 1.0)
        axes.yaxis.set_major_formatter(lambda value, _: percent(value))
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=7))
        _label_lines(axes, float(times[-1]), lasts, [str(name) for name in chosen], colours)
    return figure


def _height(known: pd.DataFrame) -> float:
    """Return the height of a list of parameters, inches."""
    return max(len(known), 2) * row_height([words(str(name)) for name in known["parameter"]], ROW) + FOOT


def _plot_whiskers(axes: Axes, known: pd.DataFrame, colours: Theme) -> np.ndarray:
    """Plot the interval of each total index; return where each row's marks end, shape (rows,)."""
    total = known["total"].to_numpy()
    low, high = (np.where(np.isfinite(known[name]), known[name], total) for name in ("total_low", "total_high"))
    rows = np.arange(len(known))
    axes.hlines(rows, np.maximum(low, 0.0), high, color=colours.ink, linewidth=1.6, zorder=3)
    axes.scatter(
        total, rows, s=22, facecolor=colours.page, edgecolor=colours.ink, linewidth=1.5, zorder=4, clip_on=False
    )
    return np.maximum(np.maximum(high, total), 0.0)


def _write_value(axes: Axes, end: float, row: float, text: str, colours: Theme) -> None:
    """Write a number to the right of a row's marks."""
    axes.annotate(
        text,
        (end, row),
        xytext=(7, 0),
        textcoords="offset points",
        va="center",
        color=colours.soft,
        fontsize=SMALL,
        annotation_clip=False,
    )


def _dress_rows(axes: Axes, known: pd.DataFrame, colours: Theme) -> None:
    """Name the rows and dress the axes of a list."""
    dress(axes, colours, grid="x")
    list_names(axes, [words(str(name)) for name in known["parameter"]], colours)


def _plot_swing(axes: Axes, row: int, item: pd.Series, colours: Theme) -> None:
    """Plot both ends of a range: pale the low end, dark the high end, the shorter above the longer."""
    ends = [(item["at_low"] - item["base"], colours.line), (item["at_high"] - item["base"], colours.soft)]
    for width, colour in sorted(ends, key=lambda end: -abs(end[0])):
        axes.barh(row, width, THICK, left=item["base"], color=colour, zorder=2)


def _leave_room(axes: Axes, known: pd.DataFrame) -> None:
    """Widen the axis so that the labels at the ends of bars fit."""
    ends = known[["at_low", "at_high"]]
    low, high = (
        float(end) for end in (min(ends.min().min(), known["base"].min()), max(ends.max().max(), known["base"].max()))
    )
    width = max(high - low, 1e-9)
    below = (ends.lt(known["base"], axis=0).sum(axis=1) > 1).any()
    above = (ends.gt(known["base"], axis=0).sum(axis=1) > 1).any()
    axes.set_xlim(low - width * (WIDER_SIDE if below else SIDE), high + width * (WIDER_SIDE if above else SIDE))


def _label_lines(axes: Axes, x: float, lasts: list[float], names: list[str], colours: Theme) -> None:
    """Write the names of lines at their ends, moved apart where they would touch."""
    bottom, top = axes.get_ylim()
    order = np.argsort(lasts)[::-1]
    lines = max(broken(words(name)).count("\n") + 1 for name in names)
    places = spread(np.asarray(lasts, dtype=float)[order], APART * lines * (top - bottom), bottom)
    for position, which in zip(places, order, strict=True):
        axes.annotate(
            broken(words(names[which])),
            (x, position),
            xytext=(6, 0),
            textcoords="offset points",
            va="center",
            color=colours.ink if which == 0 else colours.soft,
            fontsize=SMALL,
            annotation_clip=False,
        )


def _years(times: pd.Index) -> np.ndarray:
    """Return times as numbers, quarters such as 2028Q1 as years with decimals."""
    if pd.api.types.is_numeric_dtype(times):
        return times.to_numpy(dtype=float)
    periods = pd.PeriodIndex(times.astype(str), freq="Q")
    return np.asarray(periods.year + (periods.quarter - 1) / 4.0, dtype=float)


def _room(highest: float) -> float:
    """Return the end of an axis that leaves room for labels."""
    return highest * 1.12 if highest > 0.0 else 1.0
