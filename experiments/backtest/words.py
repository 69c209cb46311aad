"""How a back-test went, in sentences with its own numbers."""

from __future__ import annotations

import pandas as pd

from ..calibration.series import find_series
from .scores import AT, MODEL, summary

GOAL = (0.80, 0.97)
"""What part of the quarters bands of 90 % should hold."""


PERCENT = 100.0


def finding(scored: pd.DataFrame, origin: str) -> str:
    """Return in a few sentences how the model did from an origin.

    Args:
        scored: as `scores.backtest` returns it.
        origin: the quarter from whose end was forecast.
    """
    table = summary(scored)
    quarterly = table[[find_series(name).every == "quarter" for name in table["series"]]]
    own = scored[scored["forecaster"] == MODEL]
    wide, near = own["wide"].mean(), own["near"].mean()
    judged = "too rarely" if wide < GOAL[0] else "too often" if wide > GOAL[1] else "as often as they should"
    return (
        f"From {origin} the model beats the naive forecast that did best in hindsight on {_won(table, 'skill_4')} "
        f"series at a horizon of {AT} quarters, and on {_won(table, 'skill')} over all quarters. Of the series with a "
        f"value in every quarter it wins {_won(quarterly, 'skill_4')} at {AT} quarters and {_won(quarterly, 'skill')} "
        f"over all. Its 90 % bands hold {PERCENT * wide:.0f} % of {len(own)} observations, {judged}; its 50 % bands "
        f"hold {PERCENT * near:.0f} %."
    )


def _won(table: pd.DataFrame, skill: str) -> str:
    """Return on how many series the model won, of those on which there is a naive forecast."""
    known = table[skill].dropna()
    return f"{int((known > 0.0).sum())} of {len(known)}"
