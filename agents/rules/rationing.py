"""Sharing out what is short."""

from __future__ import annotations

import numpy as np

from ..state.arrays import TINY, Floats, anywhere, total


def ration(requested: Floats, available: Floats, weight: Floats) -> Floats:
    """Return what each claimant gets: pro rata to its weight, nobody more than requested.

    What a satisfied claimant leaves is shared among the others until nothing is left or nobody wants more, at most as
    many times as there are claimants, which makes the result exact: the amounts add to the smaller of what is available
    and what is requested. What rounding leaves counts as nothing, and a replicate in which nothing is left keeps its
    bits while others of its batch go on.

    Args:
        requested: shape (claimants, ..., R), not negative.
        available: shape (..., R), not negative.
        weight: shape (claimants, ..., R), positive where something is requested.
    """
    given = np.zeros(requested.shape)
    left = available
    for _ in requested:
        wanting = requested - given
        claim = weight * (wanting > TINY)
        claims = total(claim)
        if not anywhere(left * claims):
            break
        more = given + np.minimum(wanting, claim * (left / np.maximum(claims, TINY)))
        given = np.where(left * claims > 0.0, np.minimum(more, requested), given)
        left = available - total(given)
        left = left * (left > TINY * available)
    return given


def pro_rata(requested: Floats, available: Floats) -> Floats:
    """Return each claimant's part of `available` in proportion to its request, never more than the request.

    Args:
        requested: shape (claimants, R).
        available: shape (R,).
    """
    return requested * np.minimum(1.0, available / np.maximum(total(requested), TINY))
