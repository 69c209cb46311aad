"""Paired statistics: intervals, verdicts, and what common random numbers gain."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy import stats

LEVEL = 0.95
"""Confidence of every interval."""

MOST_PAIRS = (5.0, 95.0)
"""The percentiles between which 90 % of pairs lie."""

SUPPORTED, AGAINST, OPEN, TOO_SMALL = "supported", "not supported", "undecided", "real but too small to matter"
"""What an interval says of a condition."""


class Interval(NamedTuple):
    """An estimate with its 95 % interval; not a number where there is nothing to estimate from."""

    value: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether there is an estimate."""
        return bool(np.isfinite(self.value))


UNKNOWN = Interval(float("nan"), float("nan"), float("nan"))


def mean_interval(sample: np.ndarray) -> Interval:
    """Return the mean of a sample with its t interval; replicates that are not a number are left out.

    Args:
        sample: one value a replicate, shape (R,).
    """
    kept = sample[np.isfinite(sample)]
    if not kept.size:
        return UNKNOWN
    center = float(np.mean(kept))
    if kept.size == 1:
        return Interval(center, -np.inf, np.inf)
    half = float(stats.t.ppf(0.5 + LEVEL / 2, kept.size - 1) * np.std(kept, ddof=1) / np.sqrt(kept.size))
    return Interval(center, center - half, center + half)


def mean_intervals(samples: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean, low and high for many samples at once, shape (T,) each from shape (T, R).

    Replicates that are not a number are left out.
    """
    if not np.isfinite(samples).all():
        found = np.array([mean_interval(sample) for sample in samples])
        return found[:, 0], found[:, 1], found[:, 2]
    count = samples.shape[-1]
    center = samples.mean(-1)
    if count == 1:
        return center, np.full_like(center, -np.inf), np.full_like(center, np.inf)
    half = stats.t.ppf(0.5 + LEVEL / 2, count - 1) * samples.std(-1, ddof=1) / np.sqrt(count)
    return center, center - half, center + half


def ratio_interval(numerator: np.ndarray, denominator: np.ndarray) -> Interval:
    """Return a ratio of means with its interval by the delta method (linearised residuals), over replicates.

    Args:
        numerator: shape (R,).
        denominator: shape (R,), of a mean away from zero.
    """
    below = float(np.mean(denominator))
    if below == 0.0:
        return UNKNOWN
    center = float(np.mean(numerator)) / below
    spread = mean_interval((numerator - center * denominator) / below)
    return Interval(center, center + spread.low - spread.value, center + spread.high - spread.value)


def same_sign(samples: np.ndarray) -> np.ndarray:
    """Return the part of replicates whose difference has the sign of the mean, shape (T,) from shape (T, R).

    No difference counts as another sign; where the mean is zero there is no sign to share, and no number. Replicates
    that are not a number are left out.
    """
    known = np.isfinite(samples)
    count = np.maximum(known.sum(-1), 1)
    sign = np.sign(np.where(known, samples, 0.0).sum(-1))
    alike = (np.sign(samples) == sign[..., None]).sum(-1)
    return np.where(sign != 0.0, alike / count, np.nan)


def verdict(interval: Interval, condition: str, claimed: str = "") -> str:
    """Return supported if the whole interval meets a condition, not supported if none of it does, else undecided.

    Where none of it does, and yet all of it lies on the side that a claim says, the effect is real but too small.

    Args:
        interval: the estimate.
        condition: a sign and a number, as in ``> 0`` or ``<= 1``.
        claimed: the same without the smallest effect that matters; as the condition if empty.
    """
    if not interval.known:
        return OPEN
    low, high = meets(interval.low, condition), meets(interval.high, condition)
    if low and high:
        return SUPPORTED
    if low or high:
        return OPEN
    return TOO_SMALL if claimed and meets(interval.low, claimed) and meets(interval.high, claimed) else AGAINST


def meets(value: Any, condition: str) -> Any:
    """Return whether a value, or each of an array, meets a condition such as ``> 0``; what is no number does not."""
    sign, limit = condition.partition(" ")[0], bound(condition)
    return {">": value > limit, "<": value < limit, ">=": value >= limit, "<=": value <= limit}[sign]


def bound(condition: str) -> float:
    """Return the number of a condition."""
    return float(condition.partition(" ")[2])


class Pairing(NamedTuple):
    """What common random numbers gain: standard errors of a difference, paired and unpaired, and their ratio."""

    paired: float
    unpaired: float
    gain: float


def pairing(treated: np.ndarray, control: np.ndarray) -> Pairing:
    """Return the standard error of the mean difference with and without pairing, from shape (R,) each."""
    known = np.isfinite(treated - control)
    treated, control = treated[known], control[known]
    count = len(treated)
    if count <= 1:
        return Pairing(float("nan"), float("nan"), float("nan"))
    paired = float(np.std(treated - control, ddof=1) / np.sqrt(count))
    unpaired = float(np.sqrt((np.var(treated, ddof=1) + np.var(control, ddof=1)) / count))
    return Pairing(paired, unpaired, unpaired / paired if paired > 0.0 else float("nan"))


def partial_r2(outcome: np.ndarray, factors: np.ndarray, clusters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the partial R2 of every factor given all the others, and its values with each cluster left out.

    Args:
        outcome: shape (N,).
        factors: shape (N, p); a constant is added.
        clusters: the cluster of each observation, shape (N,), for a delete-one jackknife.

    Returns:
        Partial R2 by factor, shape (p,), and by cluster left out and factor, shape (clusters, p).
    """
    design = np.column_stack([np.ones(len(outcome)), factors, outcome])
    labels, position = np.unique(clusters, return_inverse=True)
    products = np.zeros((len(labels), design.shape[1], design.shape[1]))
    np.add.at(products, position, design[:, :, None] * design[:, None, :])
    whole = products.sum(0)
    return _partial(whole[None])[0], _partial(whole[None] - products)


def _partial(products: np.ndarray) -> np.ndarray:
    """Return partial R2 from cross products, shape (k, p + 2, p + 2): 1 / (1 + df / t^2) in terms of inverses.

    With S the inverse of the cross products, the last diagonal of S is 1 / SSR, and the squared partial correlation of
    factor j with the outcome is S_jy^2 / (S_jj S_yy).
    """
    scale = np.sqrt(np.maximum(np.diagonal(products, axis1=1, axis2=2), 1e-300))
    inverse = np.linalg.pinv(products / (scale[:, :, None] * scale[:, None, :]), hermitian=True)
    diagonal = np.maximum(np.diagonal(inverse, axis1=1, axis2=2), 1e-300)
    squared = inverse[:, :, -1] ** 2 / (diagonal * diagonal[:, -1:])
    return squared[:, 1:-1]


def jackknife(value: float, left_out: np.ndarray) -> Interval:
    """Return a value with its delete-one jackknife interval over clusters, shape (clusters,)."""
    count = len(left_out)
    if count < 2:
        return Interval(value, -np.inf, np.inf)
    error = np.sqrt((count - 1) / count * np.sum((left_out - left_out.mean()) ** 2))
    half = float(stats.t.ppf(0.5 + LEVEL / 2, count - 1) * error)
    return Interval(value, value - half, value + half)
