"""Matching: what firms add, or leave out, because rivals announced more than was expected."""

from __future__ import annotations

import numpy as np

from ..state.arrays import TINY, Floats, clip, ratio, total

SMALLEST_NEWS = 1e-6
"""M H100e: less is no announcement, so that one accelerator more than none is no news."""

MOST_NEWS = 1.0
"""Largest growth of a firm's announcements in a quarter that others respond to, in logs (assumption)."""


def overlap(shares: Floats) -> Floats:
    """Return how far firms meet in the same segments, shape (n, n, R): the cosine of their shares by segment.

    Args:
        shares: by firm and segment, shape (n, segments, R); of one segment all who are in it overlap in full.

    Examples:
        >>> import numpy as np
        >>> overlap(np.array([[[1.0], [0.0]], [[1.0], [1.0]]]))[0, 1].round(3)
        array([0.707])
    """
    length = np.sqrt(np.maximum(total(shares * shares, 1), TINY))
    return total(shares[:, None] * shares[None], 2) / (length[:, None] * length[None])


def of_others(announced: Floats) -> Floats:
    """Return each firm's part of what all but one have announced, shape (n, n, R): rows add to one, or to nothing."""
    count, heard = len(announced), np.where(announced > SMALLEST_NEWS, announced, 0.0)
    others = (1.0 - np.eye(count))[:, :, None] * heard[None]
    return ratio(others, total(others, 1)[:, None])


def news_of(announced: Floats, before: Floats) -> Floats:
    """Return the growth of announcements since the quarter before, in logs, within a range, shape (n, R)."""
    seen, known = np.maximum(announced, SMALLEST_NEWS), np.maximum(before, SMALLEST_NEWS)
    return clip(np.log(seen / known), -MOST_NEWS, MOST_NEWS)


def answer(size: Floats, weights: Floats, surprise: Floats) -> Floats:
    """Return what firms add because of what others announced: size x sum of weights x surprise, shape (n, R).

    Args:
        size: what a firm has, times how far it matches others.
        weights: of each other firm, shape (n, n, R); rows add to one at most, which keeps answers to answers stable.
        surprise: growth of announcements beyond what was expected, shape (n, R).
    """
    return size * total(weights * surprise[None], 1)
