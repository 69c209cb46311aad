"""Parameters or chance: how much of an outcome's variance each of them makes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..statistics import LEVEL
from .missing_outcomes import REFUSE, complete, steady

RESAMPLES = 1000
"""Bootstrap samples over points."""

TAIL = (1.0 - LEVEL) / 2.0
SOURCES = ("parameters", "chance")


def variance_by_source(values: np.ndarray, *, seed: int = 0, missing: str = REFUSE) -> pd.DataFrame:
    """Return which part of an outcome's variance comes from parameters, and which from chance at fixed parameters.

    Random effects by the method of moments (Searle, Casella and McCulloch 1992). With common random numbers a
    replicate's random numbers are partly the same at all points, so that points and replicates are crossed:

        value = mean + parameters(point) + shared chance(replicate) + own chance(point, replicate)

    Chance is what varies within a point: the mean of the variances there. Parameters are the variance of the points'
    means, less what own chance adds to it. Both are unbiased, also where replicates share nothing.

    Args:
        values: the outcome, shape (points, replicates), with the same replicate in each column.
        seed: the seed of the bootstrap over points.
        missing: ``refuse`` outcomes that are not numbers, or ``drop`` every point that has one.

    Returns:
        One row for parameters and one for chance: source, variance (in the outcome's unit squared), part
        (of their sum; a negative variance counts as none; zero where nothing varies), low and high, its 95 % interval.
        ``attrs["shared_chance"]`` is the variance of what chance does alike at all points, ``attrs["dropped"]`` counts
        points that are left out.

    Raises:
        ValueError: there are fewer than two points or replicates, or outcomes are missing.
    """
    values = np.asarray(values, np.float64)
    if values.ndim != 2 or min(values.shape) < 2:
        raise ValueError(
            f"values have shape {values.shape}: to tell chance from parameters give at least 2 points and 2 replicates "
            "of each, shape (points, replicates)"
        )
    kept = values[complete(values, len(values), 1, missing)]
    variance, shared = np.zeros((1, 2)), 0.0
    parts = np.zeros((RESAMPLES, 2))
    if not steady(kept):
        own, chance, between = _variances(kept, np.full((1, len(kept)), 1.0 / len(kept)))
        variance, shared = np.column_stack([between, chance]), float(chance[0] - own[0])
        parts = _resampled(kept, float(own[0]) + len(kept) * shared, np.random.default_rng(seed))
    low, high = np.quantile(parts, (TAIL, 1.0 - TAIL), axis=0)
    frame = pd.DataFrame(
        {"source": SOURCES, "variance": variance[0], "part": _parts(variance)[0], "low": low, "high": high}
    )
    units = {"variance": "outcome squared", "part": "1", "low": "1", "high": "1"}
    frame.attrs.update(units=units, shared_chance=shared, dropped=len(values) - len(kept))
    return frame


def _variances(values: np.ndarray, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the variances of own chance, all chance and parameters, shape (samples,) each.

    Args:
        values: shape (points, replicates).
        weights: of each point in each sample, adding to one, shape (samples, points).
    """
    points, replicates = values.shape
    centred = values - values.mean()
    means = centred.mean(1)
    grand = (weights @ means) ** 2
    spread = weights @ means**2 - grand
    shared = ((weights @ centred) ** 2).mean(1) - grand
    rest = weights @ (centred**2).mean(1) - grand - spread - shared
    own = rest * points * replicates / ((points - 1) * (replicates - 1))
    return own, weights @ centred.var(1, ddof=1), spread * points / (points - 1) - own / replicates


def _resampled(values: np.ndarray, between_replicates: float, chance: np.random.Generator) -> np.ndarray:
    """Return the parts of parameters and chance in samples from their uncertainty, shape (samples, 2).

    Points are sampled anew. Of what all points share there is one value a replicate, too few to be sampled anew: its
    mean square is divided by chi-square over its degrees of freedom, as if it were normal (Weerahandi 1993).

    Args:
        values: shape (points, replicates).
        between_replicates: the mean square between replicates.
        chance: where the samples come from.
    """
    points, replicates = values.shape
    weights = chance.multinomial(points, np.full(points, 1.0 / points), size=RESAMPLES) / points
    own, _, between = _variances(values, weights)
    scale = (replicates - 1) / chance.chisquare(replicates - 1, size=RESAMPLES)
    shared = np.maximum(between_replicates * scale - own, 0.0) / points
    return _parts(np.column_stack([between, own + shared]))


def _parts(variance: np.ndarray) -> np.ndarray:
    """Return the parts of parameters and chance in their sum, shape (samples, 2); zeros where nothing varies."""
    positive = np.maximum(variance, 0.0)
    whole = positive.sum(1, keepdims=True)
    return np.divide(positive, whole, out=np.zeros_like(positive), where=whole > 0.0)
