"""The board: every statistic of every claim of a comparison, as one table."""

from __future__ import annotations

import pandas as pd

from .evidence import Evidence
from .statistic import BOARD

COLUMNS = (
    "claim", "statistic", "value", "low", "high", "unit", "verdict", "condition", "same_sign", "decided_by", "note",
)  # fmt: skip


def board(evidence: Evidence | None) -> pd.DataFrame:
    """Return the claims board: the rows whose runs are there; none where no deal was made.

    Args:
        evidence: the runs of a deal and its twins, None without a deal.
    """
    there = set(evidence.ensembles) if evidence else set()
    rows = [row.plain() for item in BOARD if evidence and there >= set(item.runs) for row in item.rows(evidence)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame.attrs["units"] = {"value": "see unit", "low": "see unit", "high": "see unit", "same_sign": "1"}
    return frame
