"""The board: every statistic of every claim of a comparison, as one table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from . import c1, c2, c3, c4
from .evidence import Evidence

if TYPE_CHECKING:
    from ..comparison import Comparison

PARTS = (c1, c2, c3, c4)
COLUMNS = (
    "claim", "statistic", "value", "low", "high", "unit", "verdict", "condition", "same_sign", "decided_by", "note",
)  # fmt: skip


def board(comparison: Comparison) -> pd.DataFrame:
    """Return the claims board of a comparison; empty where no deal was made."""
    evidence = Evidence(comparison)
    rows = [row.plain() for part in PARTS for row in part.rows(evidence)] if comparison.subject else []
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame.attrs["units"] = {"value": "see unit", "low": "see unit", "high": "see unit", "same_sign": "1"}
    return frame
