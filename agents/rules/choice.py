"""Discrete choice and the slow movement of shares of demand."""

from __future__ import annotations

import numpy as np

from ..state.arrays import TINY, Floats, total

FORBIDDEN = -1e30
"""Utility of an option that is not on offer."""


def logit(utility: Floats, available: Floats, axis: int = 0) -> Floats:
    """Return multinomial logit shares: s_i = exp(u_i) / sum_j exp(u_j) over available options (McFadden 1974).

    Args:
        utility: utility of every option.
        available: 1 where an option is on offer, broadcast against `utility`.
        axis: the axis of the options.
    """
    offered = utility + (1.0 - available) * FORBIDDEN
    weight = np.exp(offered - offered.max(axis, keepdims=True)) * available
    return weight / np.maximum(np.expand_dims(total(weight, axis), axis), TINY)


def sticky_shares(share: Floats, target: Floats, rechoosing: Floats | float) -> Floats:
    """Return shares when only a fraction of customers choose again: s' = (1 - tau) s + tau s*, made to add to one.

    Args:
        share: shares so far, shape (n, R).
        target: the shares if everybody chose now, shape (n, R).
        rechoosing: the fraction tau that chooses again.
    """
    moved = (1.0 - rechoosing) * share + rechoosing * target
    return moved / np.maximum(total(moved), TINY)
