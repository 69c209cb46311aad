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
    return f"{headline(scored, origin)} {detail(scored)}"


def headline(scored: pd.DataFrame, origin: str) -> str:
    """Return in one sentence how the model did from an origin against the naive forecasts; see `finding`."""
    return (
        f"From {origin} the model beats the best naive forecast on {_won(summary(scored), 'skill_4')} series at a "
        f"horizon of {AT} quarters."
    )


def detail(scored: pd.DataFrame) -> str:
    """Return what the headline leaves out: all horizons, series with a value in every quarter, and the bands."""
    table = summary(scored)
    quarterly = table[[find_series(name).every == "quarter" for name in table["series"]]]
    own = scored[scored["forecaster"] == MODEL]
    wide, near = own["wide"].mean(), own["near"].mean()
    judged = "too rarely" if wide < GOAL[0] else "too often" if wide > GOAL[1] else "as often as they should"
    return (
        f"The naive forecast is the one that did best in hindsight; over all quarters the model wins "
        f"{_won(table, 'skill')}. Of the series with a value in every quarter it wins {_won(quarterly, 'skill_4')} at "
        f"{AT} quarters and {_won(quarterly, 'skill')} over all. Its 90 % bands hold {PERCENT * wide:.0f} % of "
        f"{len(own)} observations, {judged}; its 50 % bands hold {PERCENT * near:.0f} %."
    )


def _won(table: pd.DataFrame, skill: str) -> str:
    """Return on how many series the model won, of those on which there is a naive forecast."""
    known = table[skill].dropna()
    return f"{int((known > 0.0).sum())} of {len(known)}"
