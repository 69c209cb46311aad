"""How far series and model differ for reasons that no parameter explains: measurement, and drift.

The logarithm of a series is the model's plus measurement error, the same deviation in every quarter, plus a random walk
that starts with the run: a model that leaves things out goes astray the longer the more. Both enter the estimation and
the bands of every forecast alike.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ...agents.state.arrays import Floats
from .series import ObservedSeries

DRIFT = 0.20
"""Log deviation of a year's drift: assumption, made before any forecast was scored and the same for all series."""

QUARTERS = 4.0


def disturbed(paths: Floats, series: Sequence[ObservedSeries], seed: int) -> Floats:
    """Return the model's paths as they might have been observed, shape (series, T, R).

    Args:
        paths: what the model has for each series by quarter, shape (series, T, R).
        series: which they are.
        seed: the seed; every series has draws of its own, so that adding one changes no other's.
    """
    disturbances = [_disturbance(item, paths.shape[1:], seed) for item in series]
    return paths * np.exp(np.stack(disturbances))


def _disturbance(series: ObservedSeries, shape: tuple[int, ...], seed: int) -> Floats:
    """Return the log of what disturbs a series, shape (T, R)."""
    chance = np.random.default_rng([seed, *series.name.encode()])
    measured, drifted = chance.standard_normal((2, *shape))
    return series.error * measured + DRIFT / np.sqrt(QUARTERS) * np.cumsum(drifted, axis=0)
