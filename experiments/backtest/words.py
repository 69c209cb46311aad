"""How a back-test went, in sentences with its own numbers."""

from __future__ import annotations

import pandas as pd

from ..calibration.series import find_series
from .scores import AT, judged, summary

GOAL = (0.80, 0.97)
"""What part of the quarters bands of 90 % should hold."""


PERCENT = 100.0


def finding(scored: pd.DataFrame, origin: str) -> str:
    """Return in a few sentences how the model, or a forecast that was given, did from an origin.

    Args:
        scored: as `backtest` and `score_forecast` return it.
        origin: the quarter from whose end was forecast.
    """
    return f"{headline(scored, origin)} {detail(scored)}"


def headline(scored: pd.DataFrame, origin: str) -> str:
    """Return in one sentence how a forecaster did from an origin against the naive forecasts; see `finding`."""
    table, who = summary(scored), judged(scored)
    if table["skill_4"].isna().all():
        return f"Of {AT} quarters after {origin} there is no naive forecast and observation yet to judge the {who} by."
    return (
        f"From {origin} the {who} beats the best naive forecast on {won(table, 'skill_4')} series at a horizon of "
        f"{AT} quarters."
    )


def detail(scored: pd.DataFrame) -> str:
    """Return what the headline leaves out: all horizons, series with a value in every quarter, and the bands."""
    table, who = summary(scored), judged(scored)
    quarterly = table[[find_series(name).every == "quarter" for name in table["series"]]]
    return (
        f"The naive forecast is the one that did best in hindsight; over all quarters the {who} wins "
        f"{won(table, 'skill')}. Of the series with a value in every quarter it wins {won(quarterly, 'skill_4')} at "
        f"{AT} quarters and {won(quarterly, 'skill')} over all. {_bands(scored[scored['forecaster'] == who])}"
    )


def _bands(own: pd.DataFrame) -> str:
    """Return in a sentence how often the bands of a forecaster held what was observed."""
    held = own[["wide", "near"]].dropna().astype(float)
    if held.empty:
        return "It gives no bands of 50 and 90 %."
    wide, near = held["wide"].mean(), held["near"].mean()
    how = "too rarely" if wide < GOAL[0] else "too often" if wide > GOAL[1] else "as often as they should"
    return (
        f"Its 90 % bands hold {PERCENT * wide:.0f} % of {len(held)} observations, {how}; "
        f"its 50 % bands hold {PERCENT * near:.0f} %."
    )


def won(table: pd.DataFrame, skill: str) -> str:
    """Return on how many series a forecaster won, of those on which there is a naive forecast."""
    known = table[skill].dropna()
    return f"{int((known > 0.0).sum())} of {len(known)}" if len(known) else "none yet"
