"""How far series and model differ for reasons that no parameter explains: measurement, and drift.

The logarithm of a series is the model's plus measurement error, the same deviation in every quarter, plus a random walk
that starts with the run: a model that leaves things out goes astray the longer the more. How fast is not known, so that
it is estimated with the parameters, apart for labs and for everybody else. Both errors enter the estimation and the
bands of every forecast alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from ...agents.state.arrays import Floats
from ...model.initial_state import load_start
from ..designs.factors import Factor
from ..runs.posterior import DRIFTS as NAMES
from .series import ObservedSeries

LABS, OTHERS = NAMES
DRIFTS = tuple(Factor(name, 0.05, 0.60, unit="1/sqrt(yr)") for name in NAMES)
"""Log deviation of a year's drift: the ranges are assumptions, from what macroeconomic models reach within a year to
an error of a factor of two."""

QUARTERS = 4.0


def disturbed(paths: Floats, series: Sequence[ObservedSeries], drifts: Mapping[str, Floats], seed: int) -> Floats:
    """Return the model's paths as they might have been observed, shape (series, T, R).

    Args:
        paths: what the model has for each series by quarter, shape (series, T, R).
        series: which they are.
        drifts: log deviation of a year's drift, by the names of `DRIFTS`, shape (R,).
        seed: the seed; every series has random numbers of its own, so that adding one changes no other's.
    """
    labs = load_start().names("ai_labs")
    disturbances = [
        _disturbance(item, paths.shape[1:], np.asarray(drifts[LABS if item.firm in labs else OTHERS]), seed)
        for item in series
    ]
    return paths * np.exp(np.stack(disturbances))


def drifts_of(count: int, seed: int) -> dict[str, Floats]:
    """Return samples of the drifts from their ranges, by name, shape (count,)."""
    chance = np.random.default_rng([seed, len(DRIFTS)])
    return {item.name: chance.uniform(item.low, item.high, count) for item in DRIFTS}


def _disturbance(series: ObservedSeries, shape: tuple[int, ...], drift: Floats, seed: int) -> Floats:
    """Return the log of what disturbs a series, shape (T, R)."""
    chance = np.random.default_rng([seed, *series.name.encode()])
    measured, drifted = chance.standard_normal((2, *shape))
    return series.error * measured + drift / np.sqrt(QUARTERS) * np.cumsum(drifted, axis=0)
