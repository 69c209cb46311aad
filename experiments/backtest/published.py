"""Forecasts that others published at the time, and what the model and the data have for each.

The forecasts stand in model/data/observations/external_forecasts.csv, a row a forecast with the day on which it was
made, its target, source and certainty; model/data/forecast_counterparts.csv says for each measure which series the
model has, how they are put together, and what the two do not have in common, or why there is none.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...agents.state.arrays import Floats, total
from ...agents.state.shown import shown
from ...agents.state.table import unknown_name
from ...model.dates import YEAR, quarter_date, quarter_number
from ..calibration.observations import HALF_A_QUARTER, end_of
from ..calibration.series import ObservationError, find_series

ABOVE, BELOW = "above", "below"
KINDS = ("expectation", "plan", "scenario", ABOVE, BELOW)
"""What a forecast is: what its maker expects, what a company plans for itself, a story told through, or a bound."""

LAST_DAY = pd.Timestamp("2025-12-31")
"""Nothing that was said later is used."""

SUM, END, LARGEST = "sum", "end", "largest"
YEARS = re.compile(r"(\d{4})(?:[+-](\d{4}))?")
"""Targets of whole years: one, or from one to another."""


@shown()
class Counterpart(NamedTuple):
    """What the model and the data have for a measure that others forecast.

    Attributes:
        metric: what is forecast.
        series: which series; none where there is no counterpart.
        several: whether several series are added, or the largest is taken: sum or largest.
        over: whether the quarters of the target are added, or the last one is taken: sum or end.
        scale: the factor from the series' unit to the forecast's.
        unit: the forecast's unit.
        differs: what the two do not have in common.
        none: why there is no counterpart.
    """

    metric: str
    series: tuple[str, ...]
    several: str
    over: str
    scale: float
    unit: str
    differs: str
    none: str

    def of(self, paths: Sequence[Floats]) -> Floats:
        """Return the measure, shape (R,): each series over its quarters first, then the series put together.

        Args:
            paths: every series in the quarters of the target, shape (T, R) each; a series of years has its year's mean
                in the year's last quarter.
        """
        parts = np.stack(
            [self._over(path, find_series(name).every) for path, name in zip(paths, self.series, strict=True)]
        )
        return self.scale * (parts.max(0) if self.several == LARGEST else total(parts))

    def _over(self, path: Floats, every: str) -> Floats:
        """Return a series over the quarters of the target, shape (R,)."""
        if self.over == END:
            return path[-1]
        return total(path[YEAR - 1 :: YEAR] if every == "year" else path)


@cache
def counterparts() -> Mapping[str, Counterpart]:
    """Return the counterpart of every measure by name.

    Raises:
        ObservationError: the declaration says what cannot be.
    """
    with files("aimarket.model").joinpath("data", "forecast_counterparts.csv").open(encoding="utf-8") as file:
        table = pd.read_csv(file, keep_default_na=False, dtype=str)
    return {row["metric"]: counterpart_of(row) for row in table.to_dict("records")}


def counterpart_of(row: Mapping[Any, Any]) -> Counterpart:
    """Return the counterpart that a row of the declaration describes.

    Raises:
        ObservationError: it names no series and no reason, a way of putting together that is none, or no such series.
    """
    metric, series = row["metric"], tuple(row["series"].split())
    if bool(series) == bool(row["none"]):
        raise ObservationError(f"forecast counterpart of {metric!r}: name its series, or say why there is none")
    if series and not (row["several"] in (SUM, LARGEST) and row["over"] in (SUM, END)):
        raise ObservationError(
            f"forecast counterpart of {metric!r}: several has to be {SUM} or {LARGEST}, over {SUM} or {END}"
        )
    for name in series:
        find_series(name)
    rest = (row["unit"], row["differs"], row["none"])
    return Counterpart(metric, series, row["several"], row["over"], float(row["scale"] or 1.0), *rest)


@cache
def published() -> pd.DataFrame:
    """Return the forecasts that ship, as `checked` returns them.

    Raises:
        ObservationError: one says what cannot be.
    """
    place = files("aimarket.model").joinpath("data", "observations", "external_forecasts.csv")
    with place.open(encoding="utf-8") as file:
        return checked(pd.read_csv(file, keep_default_na=False, dtype={"target": str}))


def checked(table: pd.DataFrame) -> pd.DataFrame:
    """Return forecasts with days as days and the quarters of their targets, or say which row says what cannot be.

    Args:
        table: a row a forecast, with the columns of external_forecasts.csv.

    Returns:
        The table with two columns more, ``first`` and ``last``: the quarters of the target, since year 0.

    Raises:
        ObservationError: a row is dated after 2025Q4 or after its target was over, or another value is none.
    """
    table = table.assign(date=pd.to_datetime(table["date"]), value=pd.to_numeric(table["value"]))
    spans = [_span(row) for row in table.to_dict("records")]
    table = table.assign(first=[span[0] for span in spans], last=[span[1] for span in spans])
    for row in table.to_dict("records"):
        _check(row)
    return table


def named(row: Mapping[Any, Any]) -> str:
    """Return what to call a forecast in messages."""
    day = pd.Timestamp(row["date"]).date()
    return f"forecast of {row['entity']} on {day}, {row['metric']} in {row['target']}"


def _span(row: Mapping[Any, Any]) -> tuple[int, int]:
    """Return the first and the last quarter of a target; a day belongs to the quarter whose end is nearest."""
    target = str(row["target"])
    years = YEARS.fullmatch(target)
    if years:
        return quarter_number(f"{years[1]}Q1"), quarter_number(f"{years[2] or years[1]}Q4")
    try:
        at = quarter_number((pd.Timestamp(target) - HALF_A_QUARTER).date())
    except ValueError:
        raise ObservationError(f"{named(row)}: write its target as 2026, 2025+2026 or 2026-12-31") from None
    return at, at


def _check(row: Mapping[Any, Any]) -> None:
    """Say what is wrong with a forecast."""
    wrong = _wrong(row, row["date"], row["last"])
    if wrong:
        raise ObservationError(f"{named(row)}: {wrong}")


def _wrong(row: Mapping[Any, Any], day: pd.Timestamp, last: int) -> str:
    """Return what is wrong with a forecast, nothing where all is well."""
    known, value = counterparts(), row["value"]
    if day > LAST_DAY:
        return f"it was made after {LAST_DAY.date()}, and nothing later is used: leave it out"
    if day > end_of(quarter_date(last)):
        return "it was made when its target was over, and is no forecast: leave it out"
    if row["metric"] not in known:
        return f"{unknown_name('forecast_counterparts.csv', str(row['metric']), known)}: declare it there"
    if row["kind"] not in KINDS or not 0.0 < value < np.inf:
        return f"kind has to be one of {', '.join(KINDS)}, and value a positive number"
    unit = known[str(row["metric"])].unit
    return "" if row["unit"] == unit or not unit else f"it is in {row['unit']}, and its counterpart in {unit}"
