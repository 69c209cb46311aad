"""Elementary effects of many factors in several worlds: their size, their sign, and whether chance makes as much."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from ..statistics import LEVEL

RESAMPLES = 1000
"""Bootstrap samples over worlds."""

RARE = 0.001
"""How often chance alone makes an effect that counts as sure."""

TAIL = (1.0 - LEVEL) / 2.0


def effects_table(names: list[str], effects: np.ndarray, seed: int = 0) -> pd.DataFrame:
    """Return Morris' measures of each factor from its effect in each world.

    Args:
        names: the factors.
        effects: how far the outcome moves when a factor goes over its whole range upwards, shape (worlds, factors); not
            a number where the outcome is not known.
        seed: the seed of the bootstrap over worlds.

    Returns:
        One row a factor: parameter, mu_star (the mean size of its effects) with low and high, its 95 % interval, mu
        (their mean), sigma (their spread), same_sign (the part of effects with the sign of their mean), worlds (in how
        many it is known), strength (the mean over its standard error) and sure (whether chance alone makes a mean so
        far from zero once in a thousand).
    """
    known = np.isfinite(effects)
    count = known.sum(0)
    filled = np.where(known, effects, 0.0)
    mu = _mean(filled.sum(0), count)
    sigma = np.sqrt(_mean((np.where(known, effects - mu, 0.0) ** 2).sum(0), count - 1))
    low, high = _interval(np.abs(filled), known, seed)
    error = sigma / np.sqrt(np.maximum(count, 1))
    strength = np.divide(np.abs(mu), error, out=np.zeros_like(mu), where=error > 0.0)
    agree = (known & (np.sign(effects) == np.sign(mu)) & (mu != 0.0)).sum(0)
    return pd.DataFrame(
        {
            "parameter": names,
            "mu_star": _mean(np.abs(filled).sum(0), count),
            "low": low,
            "high": high,
            "mu": mu,
            "sigma": sigma,
            "same_sign": _mean(agree, (known & (effects != 0.0)).sum(0)),
            "worlds": count,
            "strength": strength,
            "sure": (count > 1) & (strength > stats.t.ppf(1.0 - 0.5 * RARE, np.maximum(count - 1, 1))),
        }
    )


def _interval(sizes: np.ndarray, known: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return both ends of the interval of the mean size, shape (factors,), from samples of the worlds."""
    worlds = len(sizes)
    weights = np.random.default_rng(seed).multinomial(worlds, np.full(worlds, 1.0 / worlds), size=RESAMPLES)
    means = _mean(weights @ sizes, weights @ known)
    with np.errstate(invalid="ignore"):
        low, high = np.nanquantile(means, (TAIL, 1.0 - TAIL), axis=0) if known.any() else means[:2]
    return low, high


def _mean(whole: np.ndarray, count: np.ndarray) -> np.ndarray:
    """Return sums over counts; not a number where nothing was counted."""
    return np.divide(whole, count, out=np.full(np.shape(whole), np.nan), where=count > 0)
