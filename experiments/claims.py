"""The claims of the news item: each as a statistic, with its interval, a verdict and what decides it (section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from . import claims_c1, claims_c2, claims_c3, claims_c4
from .evidence import Evidence

if TYPE_CHECKING:
    from .comparison import Comparison

PARTS = (claims_c1, claims_c2, claims_c3, claims_c4)
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
