"""How series are read for stylised facts: growth, trends, correlations and shapes, one value a replicate."""

from __future__ import annotations

import numpy as np

from ...agents.state.arrays import TINY, Floats

YEAR = 4
NORMAL = 3.0
"""Kurtosis of a normal distribution."""


def growth(levels: Floats, quarters: int = 1) -> Floats:
    """Return growth in logs over some quarters, shape (T - quarters, ...); not a number where there is nothing."""
    logs = np.log(np.where(levels > TINY, levels, np.nan))
    return logs[quarters:] - logs[:-quarters]


def mean_of_known(values: Floats, axis: int | tuple[int, ...] = 0) -> Floats:
    """Return the mean of what is a number; not a number where nothing is."""
    known = np.isfinite(values)
    count = known.sum(axis)
    whole = np.where(known, values, 0.0).sum(axis)
    return np.divide(whole, count, out=np.full(whole.shape, np.nan), where=count > 0)


def detrended(values: Floats) -> Floats:
    """Return what is left of series when a straight line over time is taken off each, shape (T, ...)."""
    time = np.arange(len(values), dtype=np.float64)
    time = (time - time.mean()).reshape(-1, *(1,) * (values.ndim - 1))
    known = np.isfinite(values)
    away = np.where(known, values - mean_of_known(values), 0.0)
    clock = np.where(known, time, np.nan)
    clock = np.where(known, clock - mean_of_known(clock), 0.0)
    slope = (clock * away).sum(0) / np.maximum((clock**2).sum(0), TINY)
    return np.where(known, away - slope * clock, np.nan)


def spread(values: Floats) -> Floats:
    """Return the standard deviation over time, shape (...)."""
    return np.sqrt(mean_of_known((values - mean_of_known(values)) ** 2))


def pooled_correlation(one: Floats, other: Floats) -> Floats:
    """Return the correlation of two series over quarters and firms, each firm's mean taken off, shape (R,).

    Args:
        one: shape (T, n, R); what is not a number in either is left out.
        other: likewise.
    """
    x, y = _away(one, other, 0)
    scale = np.sqrt((x**2).sum((0, 1)) * (y**2).sum((0, 1)))
    return np.divide((x * y).sum((0, 1)), scale, out=np.full(scale.shape, np.nan), where=scale > TINY)


def part_in_spikes(rates: Floats, times: float) -> Floats:
    """Return the part of investment that is done in spikes: rates above so many times a firm's median, shape (R,).

    Args:
        rates: investment over capital, shape (T, n, R); what is not a number is left out.
        times: how far above its median a rate is a spike.
    """
    known = np.isfinite(rates)
    typical = np.nanmedian(np.where(known.any(0), rates, 0.0), axis=0)
    whole = np.where(known, rates, 0.0).sum((0, 1))
    spikes = np.where(known & (rates > times * typical), rates, 0.0).sum((0, 1))
    return np.divide(spikes, whole, out=np.full(whole.shape, np.nan), where=whole > TINY)


def excess_kurtosis(values: Floats) -> Floats:
    """Return by how much tails are fatter than a normal distribution's, firms standardised first, shape (R,)."""
    scaled = (values - mean_of_known(values)) / np.maximum(spread(values), TINY)
    return mean_of_known(scaled**4, (0, 1)) - NORMAL


def slope_on(explained: Floats, by: Floats) -> Floats:
    """Return the slope of a regression over quarters and firms within each quarter, shape (R,)."""
    x, y = _away(by, explained, 1)
    below = (x**2).sum((0, 1))
    return np.divide((x * y).sum((0, 1)), below, out=np.full(below.shape, np.nan), where=below > TINY)


def explained_part(explained: Floats, by: Floats) -> Floats:
    """Return the part of a series' variance over time that a line on another explains, shape (R,)."""
    return pooled_correlation(explained[:, None], by[:, None]) ** 2


def _away(one: Floats, other: Floats, axis: int) -> tuple[Floats, Floats]:
    """Return two series less their means over an axis, where both are known; zero elsewhere."""
    known = np.isfinite(one) & np.isfinite(other)
    both = (np.where(known, values, np.nan) for values in (one, other))
    first, second = (np.where(known, v - np.expand_dims(mean_of_known(v, axis), axis), 0.0) for v in both)
    return first, second


def by_year(values: Floats) -> Floats:
    """Return sums over whole years, shape (T // 4, ...)."""
    whole = len(values) // YEAR * YEAR
    return values[:whole].reshape(-1, YEAR, *values.shape[1:]).sum(1)
