"""Approximate Bayesian computation: which parameters make the model look like what was observed.

A bank of worlds sampled from the prior serves all: the posterior at each cut-off and every simulated truth of
the recovery test. Summaries are regressions of the parameters on the logs of the series (Fearnhead and Prangle 2012);
the worlds nearest to the observed summaries are kept and moved by a local linear regression on the logit of each
parameter's position in its range (Beaumont, Zhang and Balding 2002; Blum and Francois 2010). Libraries for ABC run the
model once a particle, which would give away the ensemble engine's factor of a hundred, and start anew for every truth.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from ...agents.state.arrays import Floats
from ...agents.state.shown import shown
from ...model.dates import quarter_number
from ..designs.factors import Factor
from .bank import Bank
from .errors import DRIFTS, disturbed, drifts_of
from .observations import known
from .prior import prior

SEED = 20_251_231
KEPT = 4000
"""Worlds kept of a bank, the nearest; at most a tenth of it."""

LARGEST_PART = 0.1
SIZE = 400
"""Draws of a posterior that are shipped."""

INSIDE = 1e-6
"""How near to the ends of its range a parameter may lie, of the range."""

INFORMATIVE = 0.05
"""A regression is a summary where it explains this part of its parameter's variance; others would be noise, in which
worlds cannot be told near from far."""

RIDGE = 1e-3
"""Shrinks a local regression, in units of the summaries' own spread, where they hardly differ."""


@shown()
class Targets(NamedTuple):
    """What the data say, and where in the bank it stands.

    Attributes:
        series: places of the series in the bank, shape (d,).
        quarters: places of the quarters in the bank's runs, shape (d,).
        values: logs of what was observed, shape (d,).
        rows: the observations, a row each.
    """

    series: np.ndarray
    quarters: np.ndarray
    values: Floats
    rows: pd.DataFrame


@shown()
class Fit(NamedTuple):
    """Worlds of a bank with their summaries, and how summaries are made.

    Attributes:
        factors: the parameters, and behind them the drifts.
        places: each world's parameters as logits of their places in the ranges, shape (R, P).
        summaries: what the series of each world say of those parameters of which they say something, in units of the
            ranges, shape (R, S).
        center: mean logs of the series, shape (d,).
        spread: their deviations, shape (d,).
        weights: the regressions, shape (1 + 2 d, S).
    """

    factors: tuple[Factor, ...]
    places: Floats
    summaries: Floats
    center: Floats
    spread: Floats
    weights: Floats


def targets_of(bank: Bank, cutoff: str, *, late: bool, table: pd.DataFrame | None = None) -> Targets:
    """Return what was observed of the quarters that the bank's worlds ran, up to a cut-off.

    Args:
        bank: the worlds.
        cutoff: the last quarter, as in 2024Q4.
        late: whether estimates that were made later count, too.
        table: the observations; those that ship if not given.

    Raises:
        ValueError: nothing was observed by then.
    """
    rows = known(cutoff, late=late, table=table)
    names = [series.name for series in bank.series if series.use == "estimate"]
    since = rows["quarter"].map(quarter_number) - quarter_number(bank.start) - 1
    rows = rows[rows["series"].isin(names) & (since >= 0) & (since < bank.paths.shape[1])]
    if rows.empty:
        raise ValueError(f"nothing was observed between {bank.start} and {cutoff} that informs parameters")
    position = {series.name: number for number, series in enumerate(bank.series)}
    values = np.log(rows["value"].to_numpy(dtype=np.float64))
    return Targets(rows["series"].map(position).to_numpy(), since.loc[rows.index].to_numpy(), values, rows)


def seen_in(bank: Bank, targets: Targets, seed: int) -> Floats:
    """Return logs of what would have been observed in each world where something was observed, shape (R, d)."""
    paths = disturbed(bank.paths, bank.series, drifts_of(len(bank.points), seed), seed)
    return np.log(paths[targets.series, targets.quarters]).T


def fitted(bank: Bank, targets: Targets, seed: int = SEED) -> Fit:
    """Return the bank with summaries for some targets.

    Args:
        bank: the worlds.
        targets: what is observed; the values do not matter.
        seed: of what disturbs the series.
    """
    factors = (*prior(), *DRIFTS)
    seen = seen_in(bank, targets, seed)
    center, spread = seen.mean(0), seen.std(0)
    unit = _unit(bank.points.assign(**drifts_of(len(bank.points), seed)), factors)
    regressors = _regressors((seen - center) / spread)
    weights: Floats = np.asarray(np.linalg.lstsq(regressors, unit, rcond=None)[0], dtype=np.float64)
    fitted = regressors @ weights
    informative = fitted.var(0) >= INFORMATIVE * unit.var(0)
    return Fit(factors, logit(unit), fitted[:, informative], center, spread, weights[:, informative])


def posterior_of(fit: Fit, values: Floats, seed: int = SEED, size: int = SIZE) -> pd.DataFrame:
    """Return a sample from the posterior, a row each, a column a parameter.

    Args:
        fit: the bank, fitted to the targets.
        values: logs of what was observed, shape (d,).
        seed: of the choice among the worlds that are kept.
        size: how many rows.
    """
    own = (_regressors(((values - fit.center) / fit.spread)[None]) @ fit.weights)[0]
    apart = fit.summaries - own
    distance = np.sqrt((apart * apart).sum(1))
    count = min(KEPT, int(LARGEST_PART * len(distance)))
    near = np.argpartition(distance, count)[: count + 1]
    near = near[np.lexsort([near, distance[near]])]
    farthest, near = distance[near[-1]], near[:-1]
    closeness = 1.0 - (distance[near] / farthest) ** 2
    moved = _moved(fit.places[near], apart[near], closeness)
    chosen = _resampled(closeness, size, seed)
    unit = np.clip(expit(moved[chosen]), INSIDE, 1.0 - INSIDE)
    return pd.DataFrame(
        {
            factor.name: np.clip(factor.low + unit[:, position] * (factor.high - factor.low), factor.low, factor.high)
            for position, factor in enumerate(fit.factors)
        }
    )


def contraction(sample: pd.DataFrame, factors: Sequence[Factor]) -> pd.Series:
    """Return the deviation of each parameter's sample over that of its prior, which is uniform."""
    wide = pd.Series({factor.name: (factor.high - factor.low) / np.sqrt(12.0) for factor in factors})
    return sample.std(ddof=0) / wide


def _unit(points: pd.DataFrame, factors: Sequence[Factor]) -> Floats:
    """Return where in their ranges parameters lie, shape (R, P), strictly inside."""
    columns = [(points[f.name].to_numpy() - f.low) / (f.high - f.low) for f in factors]
    return np.clip(np.stack(columns, axis=1), INSIDE, 1.0 - INSIDE)


def _regressors(scaled: Floats) -> Floats:
    """Return a constant, the scaled logs and their squares, shape (R, 1 + 2 d)."""
    return np.concatenate([np.ones((len(scaled), 1)), scaled, scaled * scaled], axis=1)


def _moved(places: Floats, apart: Floats, closeness: Floats) -> Floats:
    """Return the worlds' parameters, moved along a local regression to where the summaries are those observed.

    Args:
        places: logits, shape (K, P).
        apart: summaries less those observed, shape (K, S).
        closeness: weights, shape (K,).
    """
    near = np.concatenate([np.ones((len(apart), 1)), apart], axis=1)
    weighted = near * closeness[:, None]
    square = weighted.T @ near
    square += RIDGE * np.diag(np.r_[0.0, np.diag(square)[1:]])
    slopes = np.linalg.solve(square, weighted.T @ places)[1:]
    return places - apart @ slopes


def _resampled(weights: Floats, size: int, seed: int) -> np.ndarray:
    """Return places sampled by weight, evenly spaced over the cumulated weights, in random order."""
    chance = np.random.default_rng(seed)
    steps = (np.arange(size) + chance.uniform()) / size
    sampled = np.searchsorted(np.cumsum(weights) / weights.sum(), steps)
    return chance.permutation(np.minimum(sampled, len(weights) - 1))
