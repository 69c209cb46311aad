"""Limits that bend: how a wish becomes a decision where there is a most that a firm does in a quarter."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..state.arrays import TINY, Floats

LIMITS = ("price", "chips", "halls", "rent")
"""What limits labs' decisions, in the order of the quarter: how far a price moves, plans of chips and halls, and what
is rented by new contracts."""

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


def ever_less(wish: Any, usual: Any) -> Any:
    """Return what becomes of a wish without a most, of which each further part counts less: u ln(1 + x / u).

    A usual wish becomes seven tenths of it, ten times that 2.4 times the usual.

    Args:
        wish: x, not negative.
        usual: u, from which on most of a wish is left undone; nothing comes of a wish where nothing is usual.

    Examples:
        >>> import numpy as np
        >>> ever_less(np.array([0.01, 1.0, 10.0]), 1.0).round(3)
        array([0.01 , 0.693, 2.398])
    """
    most = np.maximum(usual, TINY)
    return most * np.log(1.0 + wish / most)


def near(decision: Floats, limit: Any) -> Floats:
    """Return 1 where a decision is within one percent of a limit, else 0; a limit of nothing is none."""
    return (np.abs(decision - limit) <= NEAR * np.abs(limit)) * (np.abs(limit) > 0.0)
