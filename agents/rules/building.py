"""Time to build: pipelines whose position k is due in k quarters (Kydland and Prescott 1982)."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..state.arrays import Floats


def advanced(pipeline: Floats) -> tuple[Floats, Floats]:
    """Return what is due now, shape (n, R), and the pipeline one quarter on, shape (n, length, R)."""
    rest = np.concatenate([pipeline[:, 1:], np.zeros_like(pipeline[:, :1])], axis=1)
    return pipeline[:, 0], rest


def started(pipeline: Floats, amount: Floats, lead: Any) -> Floats:
    """Return the pipeline with an amount that is due after a lead time.

    Args:
        pipeline: shape (n, length, R).
        amount: what is started, shape (n, R).
        lead: quarters until it is due, a whole number or one a firm, shape (n, R); beyond the end it waits at the end.
    """
    length = pipeline.shape[1]
    position = np.arange(length)[:, None]
    due = np.minimum(lead, length - 1)
    return pipeline + amount[:, None] * (position == (due[:, None] if due.ndim else due))
