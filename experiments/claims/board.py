"""The board: every statistic of every claim of a comparison, as one table."""

from __future__ import annotations

import pandas as pd

from .evidence import Evidence
from .rows import Row
from .statistic import BOARD

COLUMNS = (
    "claim",
    "statistic",
    "value",
    "low",
    "high",
    "unit",
    "verdict",
    "condition",
    "smallest",
    "same_sign",
    "undefined",
    "runs",
    "decided_by",
    "note",
)

IN_ITS_UNIT = ("value", "low", "high", "smallest")


def board(evidence: Evidence | None) -> pd.DataFrame:
    """Return the claims board: the rows whose runs are there; none where no deal was made.

    Args:
        evidence: the runs of a deal and its twins, None without a deal.
    """
    there = set(evidence.ensembles) if evidence else set()
    found = [row for item in BOARD if evidence and there >= set(item.runs) for row in item.rows(evidence)]
    rows = [_counted(row, evidence).plain() for row in found if evidence]
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    frame.attrs["units"] = {**dict.fromkeys(IN_ITS_UNIT, "see unit"), "same_sign": "1"}
    return frame


def _counted(row: Row, evidence: Evidence) -> Row:
    """Return a row that knows of how many runs it is made; one of all replicates at once has a value in all or none."""
    runs = evidence.failed.size
    return row if row.runs else row._replace(runs=runs, undefined=0 if row.interval.known else runs)
