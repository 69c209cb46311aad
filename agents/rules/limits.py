"""Limits that bend: how a wish becomes a decision where there is a most that a firm does in a quarter."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..state.arrays import TINY, Floats

LIMITS = ("price", "chips", "halls", "rent", "shares")
"""What limits labs' decisions, in the order of the quarter: how far a price moves, plans of chips and halls, compute by
new contracts, and issues of shares."""

NEAR = 0.01
"""A decision counts as at a limit within this part of it (second specification)."""


def smooth_cap(wish: Any, most: Any) -> Any:
    """Return what becomes of a wish that has a most: m (1 - exp(-x / m)), so that a larger wish always counts.

    Args:
        wish: x, not negative.
        most: m, the limit of the decision however large the wish.

    Examples:
        >>> import numpy as np
        >>> smooth_cap(np.array([0.01, 1.0, 100.0]), 1.0).round(3)
        array([0.01 , 0.632, 1.   ])
    """
    return most * -np.expm1(-wish / np.maximum(most, TINY))


def near(decision: Floats, limit: Any) -> Floats:
    """Return 1 where a decision is within one percent of a limit, else 0; a limit of nothing is none."""
    return (np.abs(decision - limit) <= NEAR * np.abs(limit)) * (np.abs(limit) > 0.0)
