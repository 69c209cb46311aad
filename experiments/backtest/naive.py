"""Naive forecasts that anybody could make: no change, drift, a log-linear trend, and a damped trend.

All are made in logs from what was known of the series, spaced as it was observed, and are given as evenly spaced
quantiles of a normal distribution. Histories are short, of one to sixteen values, so that closed forms serve better
than fitted state-space models. Where too few values are known to tell a spread, a forecast is a point.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from ...agents.state.arrays import Floats
from ...agents.state.shown import shown

DRAWS = 400
DAMPING = 0.9
"""Part of a trend that is left a quarter later: assumption, as is usual for damped trends."""

RECENT = 4
"""Quarters over which the damped trend takes growth."""

FEW = 3


@shown()
class History(NamedTuple):
    """What was known of a series.

    Attributes:
        quarters: since year 0, rising, shape (n,).
        values: shape (n,), positive.
    """

    quarters: np.ndarray
    values: Floats


def naive_forecasts(history: History, quarters: np.ndarray) -> dict[str, Floats]:
    """Return every naive forecast by name, shape (H, samples).

    Args:
        history: what was known.
        quarters: what is to be forecast, since year 0, after the last one known.

    Raises:
        ValueError: nothing was known.
    """
    if not len(history.values):
        raise ValueError("a naive forecast needs at least one value that was known")
    last = float(np.log(history.values[-1]))
    ahead = (np.asarray(quarters) - history.quarters[-1]).astype(np.float64)
    if len(history.values) == 1:
        return {"no change": _spread(np.full(len(ahead), last), np.zeros(len(ahead)))}
    return {name: _spread(*rule(history, ahead)) for name, rule in RULES.items()}


def _spread(mean: Floats, deviation: Floats) -> Floats:
    """Return quantiles of log-normal forecasts, shape (H, samples)."""
    quantiles = norm.ppf((np.arange(DRAWS) + 0.5) / DRAWS)
    return np.exp(mean[:, None] + deviation[:, None] * quantiles)


def _steps(history: History) -> tuple[Floats, Floats]:
    """Return how long each step of a history is, in quarters, and how far it goes in logs."""
    return np.diff(history.quarters).astype(np.float64), np.diff(np.log(history.values))


def _no_change(history: History, ahead: Floats) -> tuple[Floats, Floats]:
    """Return means and deviations of a random walk."""
    lengths, moves = _steps(history)
    return np.full(len(ahead), np.log(history.values[-1])), np.sqrt((moves**2 / lengths).mean() * ahead)


def _drift(history: History, ahead: Floats) -> tuple[Floats, Floats]:
    """Return means and deviations of a random walk with the drift of its whole history."""
    lengths, moves = _steps(history)
    whole = lengths.sum()
    drift = moves.sum() / whole
    variance = ((moves - drift * lengths) ** 2 / lengths).sum() / max(len(moves) - 1, 1)
    return np.log(history.values[-1]) + drift * ahead, np.sqrt(variance * ahead * (1.0 + ahead / whole))


def _trend(history: History, ahead: Floats) -> tuple[Floats, Floats]:
    """Return means and deviations of a line through the logs."""
    time = history.quarters - history.quarters.mean()
    logs = np.log(history.values)
    slope = (time * logs).sum() / (time * time).sum()
    residuals = logs - logs.mean() - slope * time
    variance = (residuals**2).sum() / max(len(logs) - 2, 1)
    later = history.quarters[-1] + ahead - history.quarters.mean()
    spread = variance * (1.0 + 1.0 / len(logs) + later**2 / (time * time).sum())
    return logs.mean() + slope * later, np.sqrt(spread)


def _damped(history: History, ahead: Floats) -> tuple[Floats, Floats]:
    """Return means and deviations of a random walk whose growth, that of the last year, dies away."""
    lengths, moves = _steps(history)
    recent = history.quarters[1:] > history.quarters[-1] - RECENT
    growth = moves[recent].sum() / lengths[recent].sum()
    left = DAMPING * (1.0 - DAMPING**ahead) / (1.0 - DAMPING)
    return np.log(history.values[-1]) + growth * left, _drift(history, ahead)[1]


RULES: Mapping[str, Callable[[History, Floats], tuple[Floats, Floats]]] = {
    "no change": _no_change,
    "drift": _drift,
    "trend": _trend,
    "damped trend": _damped,
}
"""Every naive forecast; the first can be made from one value alone."""
