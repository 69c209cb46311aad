"""Outcomes that are not there: refused with their points named, or dropped in whole blocks, and counted."""

from __future__ import annotations

import numpy as np

REFUSE, DROP = "refuse", "drop"
"""What to do with outcomes that are missing."""

STEADY = 1e-12
"""An outcome that varies less than this, beside its size, is constant."""

LEAST = 2
"""Blocks that an interval needs."""

NAMED = 5
"""How many points a message names."""


def complete(values: np.ndarray, points: int, block: int, missing: str) -> np.ndarray:
    """Return which points to analyse, shape (points,): all, or those of blocks in which nothing is missing.

    Args:
        values: outcomes, shape (points,) or (points, T).
        points: how many points there should be.
        block: how many neighbouring points belong together.
        missing: refuse or drop.

    Raises:
        ValueError: the values are not those of the points, or some are missing and not to be dropped.
    """
    if missing not in (REFUSE, DROP):
        raise ValueError(f"missing = {missing!r} has to be {REFUSE!r} or {DROP!r}")
    if values.ndim not in (1, 2) or len(values) != points:
        raise ValueError(f"values have shape {values.shape}; give one a point, ({points},), or a row a point")
    gone = ~np.isfinite(values.reshape(points, -1)).all(axis=1)
    if gone.any() and missing == REFUSE:
        raise ValueError(f"{_what_is_missing(gone)}: run them again, or drop them with missing={DROP!r}")
    kept = np.repeat(~gone.reshape(-1, block).any(axis=1), block)
    if kept.sum() < LEAST * block:
        raise ValueError(f"{_what_is_missing(gone)}: too little is left to analyse")
    return kept


def _what_is_missing(gone: np.ndarray) -> str:
    """Say how many values are missing, and at which points."""
    places = np.flatnonzero(gone)
    named = ", ".join(map(str, places[:NAMED])) + (", ..." if len(places) > NAMED else "")
    return f"the outcome is missing at {len(places)} of {len(gone)} points ({named})"


def steady(values: np.ndarray) -> bool:
    """Return whether an outcome never varies, but for rounding."""
    return bool(np.ptp(values) <= STEADY * np.abs(values).max())
