"""Adaptive expectations and what follows from them."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..state.arrays import TINY, Floats, clip

GREATEST_FALL = -0.3
GREATEST_RISE = 0.5
"""A single quarter moves an expectation by no more than this growth (specification P5, assumption)."""


def adapted(expected: Floats, now: Floats, before: Floats, weight: Any) -> Floats:
    """Return expected growth after one more observation: g' = (1 - theta) g + theta dln x (Nerlove 1958).

    Args:
        expected: expected growth so far, per quarter.
        now: the quantity this quarter.
        before: the quantity last quarter.
        weight: theta, the weight of the news.
    """
    growth = clip(np.log(np.maximum(now, TINY) / np.maximum(before, TINY)), GREATEST_FALL, GREATEST_RISE)
    return (1.0 - weight) * expected + weight * growth


def smoothed(average: Floats, now: Floats, weight: Any) -> Floats:
    """Return an exponential average after one more observation: x' = (1 - w) x + w now."""
    return (1.0 - weight) * average + weight * now
