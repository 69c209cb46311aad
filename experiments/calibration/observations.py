"""Observations: one tidy table of all series, with the day on which each value was known.

``python -m aimarket.experiments.calibration.observations`` makes model/data/observed.csv from the tables in
model/data/observations and the declaration in model/data/series.toml; a test keeps the three together.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pandas as pd

from ...model.dates import quarter_date, quarter_number
from ...model.inputs.paths import located
from ..storage.atomic_files import write_whole
from .series import ObservationError, ObservedSeries, Rows, declared_series

COLUMNS = (
    "series",
    "firm",
    "quarter",
    "value",
    "unit",
    "every",
    "date",
    "available",
    "retrospective",
    "certainty",
    "source",
)
CERTAINTIES = ("quoted", "secondary", "unverified")
"""From the surest to the least sure; a value of several rows is as sure as the least of them."""

KNOWN_AFTER = pd.Timedelta(days=60)
"""A row without a day of publication counts as known so long after its date."""

REPORTING = pd.DateOffset(months=3)
"""A forecast from a quarter is made when the reports of that quarter are out, at the end of the next one."""

HALF_A_QUARTER = pd.Timedelta(days=45)
"""Rows with a date alone belong to the quarter whose end is nearest."""


@cache
def observed() -> pd.DataFrame:
    """Return the tidy table that ships: a row a series and quarter, with the columns `COLUMNS`.

    Raises:
        ObservationError: the table is not what it should be.
    """
    with files("aimarket.model").joinpath("data", "observed.csv").open(encoding="utf-8") as file:
        return checked_table(pd.read_csv(file, keep_default_na=False))


def checked_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table with dates as dates, or say which row is wrong.

    Args:
        table: a row a series and quarter, with the columns `COLUMNS`.

    Raises:
        ObservationError: a column is missing, a series unknown, a value or date none, or a quarter there twice.
    """
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        raise ObservationError(f"the table of observations has no column {missing[0]!r}")
    table = table.copy()
    unknown = set(table["series"]) - set(declared_series())
    if unknown:
        raise ObservationError(f"series {min(unknown)!r} is in the table and not in series.toml: declare it there")
    for name in ("date", "available"):
        table[name] = _dates(table, name)
    table["value"] = pd.to_numeric(table["value"], errors="coerce")
    _refuse(table, ~(np.isfinite(table["value"]) & (table["value"] > 0.0)), "its value is no positive number")
    _refuse(table, table["available"] < table["date"], "it is available before its date")
    _refuse(table, ~table["certainty"].isin(CERTAINTIES), f"certainty is none of {', '.join(CERTAINTIES)}")
    _refuse(table, table.duplicated(["series", "quarter"]), "the series has that quarter twice")
    return table


def known(origin: str, *, late: bool, table: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what was known of the quarters up to an origin.

    Nothing of a later quarter or dated after the day of the forecast is in it. Without late rows nothing is in it that
    was published after that day: the end of the next quarter, when the origin's reports are out.

    Args:
        origin: the last quarter, as in 2024Q4.
        late: whether estimates that were made later count, too; a start and naive forecasts may use them.
        table: the observations; those that ship if not given.
    """
    rows = observed() if table is None else table
    day = forecast_day(origin)
    inside = (rows["quarter"].map(quarter_number) <= quarter_number(origin)) & (rows["date"] <= day)
    return rows[inside & (late | (rows["available"] <= day))]


def forecast_day(origin: str) -> pd.Timestamp:
    """Return the day on which a forecast from a quarter is made."""
    return end_of(origin) + REPORTING


def end_of(quarter: str) -> pd.Timestamp:
    """Return the last day of a quarter."""
    return pd.Period(quarter_date(quarter_number(quarter)), freq="Q").end_time.normalize()


def after(origin: str, horizon: int, table: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what was observed in the quarters after an origin, to be forecast."""
    rows = observed() if table is None else table
    since = rows["quarter"].map(quarter_number) - quarter_number(origin)
    return rows[(since > 0) & (since <= horizon)]


def built() -> pd.DataFrame:
    """Return the tidy table as the tables of observations and the declaration give it.

    Raises:
        ObservationError: a series finds no rows, or a table lacks a column.
    """
    frames = [pd.DataFrame(rows_of(series), columns=COLUMNS) for series in declared_series().values()]
    return checked_table(pd.concat(frames, ignore_index=True))


def text_of(table: pd.DataFrame) -> str:
    """Return a table as the CSV that ships."""
    days = {name: table[name].dt.strftime("%Y-%m-%d") for name in ("date", "available")}
    return table.assign(**days).to_csv(index=False, float_format="%.6g", lineterminator="\n")


@cache
def raw_table(name: str) -> pd.DataFrame:
    """Return a table of observations, with a quarter and a date in every row.

    Args:
        name: the file in model/data/observations, without its ending.
    """
    with files("aimarket.model").joinpath("data", "observations", f"{name}.csv").open(encoding="utf-8") as file:
        table = pd.read_csv(file)
    table["date"] = pd.to_datetime(table["date"])
    if "quarter" not in table:
        table["quarter"] = (table["date"] - HALF_A_QUARTER).dt.to_period("Q").astype(str)
    return table


def _found(series: ObservedSeries, rows: Rows) -> pd.DataFrame:
    """Return the rows that a series reads, scaled, by quarter."""
    table = raw_table(rows.table)
    found = table[(table["entity"] == rows.entity) & (table["metric"] == rows.metric)].set_index("quarter").sort_index()
    if found.empty:
        raise ObservationError(f"series {series.name}: {rows.table}.csv has no {rows.metric} of {rows.entity}")
    if not found.index.is_unique:
        quarter = found.index[found.index.duplicated()][0]
        raise ObservationError(f"series {series.name}: {rows.table}.csv has {quarter} twice")
    value = rows.scale * found["value"].astype(np.float64)
    return found.assign(value=value.diff().fillna(value) if rows.change else value)


def rows_of(series: ObservedSeries) -> Iterator[dict[str, Any]]:
    """Yield a series' rows of the tidy table.

    Args:
        series: its declaration.

    Raises:
        ObservationError: it finds no rows, or a quarter twice.
    """
    parts = [_found(series, rows) for rows in series.rows]
    together = pd.concat(parts)
    entities = {rows.entity for rows in series.rows}
    below = None if series.per is None else dict(_found(series, series.per)["value"])
    for quarter, rows in together.groupby(level=0):
        if len(set(rows["entity"])) < len(entities) or (below is not None and quarter not in below):
            continue
        per = 1.0 if below is None else float(below[quarter])
        yield _row(series, str(quarter), rows, rows["value"].sum() / per)


def _row(series: ObservedSeries, quarter: str, rows: pd.DataFrame, value: float) -> dict[str, Any]:
    """Return one row of the tidy table."""
    date = rows["date"].max()
    published = series.published if isinstance(series.published, str) else series.published.get(quarter)
    return {
        "series": series.name,
        "firm": series.firm,
        "quarter": quarter,
        "value": float(f"{value:.6g}"),
        "unit": series.unit,
        "every": series.every,
        "date": date,
        "available": pd.Timestamp(published) if published else date + KNOWN_AFTER,
        "retrospective": series.retrospective,
        "certainty": max(rows["certainty"], key=CERTAINTIES.index),
        "source": "; ".join(dict.fromkeys(rows["source"])),
    }


def _dates(table: pd.DataFrame, name: str) -> pd.Series:
    """Return a column of dates."""
    dates = pd.to_datetime(table[name], errors="coerce")
    _refuse(table, dates.isna(), f"its {name} is no date")
    return dates


def _refuse(table: pd.DataFrame, wrong: pd.Series, what: str) -> None:
    """Say which row is wrong."""
    if wrong.any():
        row = table[wrong].iloc[0]
        raise ObservationError(f"observation of {row['series']} in {row['quarter']}: {what}")


if __name__ == "__main__":
    write_whole(located(sys.argv[1]), text_of(built()).encode())
