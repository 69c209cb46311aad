"""Observations of one's own: rows in the form of observed.csv, set in among those that ship."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ...agents.state.table import unknown_name
from ...model.dates import quarter_number
from ...model.inputs.paths import AnyPath
from ..designs.table_reader import opened
from .observations import CERTAINTIES, COLUMNS, KNOWN_AFTER, checked_table, end_of, observed
from .series import ObservationError, declared_series

MOST_ROWS = 100_000
REQUIRED = ("series", "quarter", "value")
"""What a row of one's own has to say; the rest follows from the series, or is assumed."""


def observations(own: AnyPath | pd.DataFrame | None = None) -> pd.DataFrame:
    """Return what was observed: a row a series and quarter, those that ship and one's own.

    A row of one's own replaces the one that ships of the same series and quarter. It needs series, quarter and value.
    Where it leaves them out, firm, unit and every are the series' own; it is dated to the end of its quarter, counts as
    known 60 days later and as unverified.

    Args:
        own: a CSV file, or a data frame; only what ships if not given.

    Returns:
        A data frame with the columns of observed.csv, as `backtest` and `score_forecast` take it.

    Raises:
        ObservationError: the file cannot be read, or a row says something that cannot be.

    Examples:
        >>> import aimarket
        >>> observed = aimarket.observations()
        >>> observed.query("series == 'nvidia_data_center' and quarter == '2024Q4'")[["firm", "value", "unit"]]
              firm  value            unit
        11  NVIDIA   35.6  USD bn/quarter
    """
    shipped = observed()
    if own is None:
        return shipped
    table, where = read_table(own, COLUMNS)
    try:
        rows = checked_table(_completed(table, where))
    except ObservationError as error:
        message = str(error)
        raise ObservationError(message if message.startswith(where) else f"{where}: {message}") from None
    keys = ["series", "quarter"]
    replaced = pd.MultiIndex.from_frame(shipped[keys]).isin(pd.MultiIndex.from_frame(rows[keys]))
    return pd.concat([shipped[~replaced], rows], ignore_index=True)


def read_table(own: AnyPath | pd.DataFrame, wanted: Sequence[str]) -> tuple[pd.DataFrame, str]:
    """Return a table of series by quarter, cells of a text as text, and what to call it in messages.

    Args:
        own: a file, or a data frame.
        wanted: the names that columns should have.

    Raises:
        ObservationError: it cannot be read, has no rows, lacks a column, or names a series or quarter that is none.
    """
    table, where = _opened(own, wanted)
    for name in REQUIRED[:2]:
        if name not in table:
            raise ObservationError(f"{where} has no column {name!r}: there is {', '.join(map(str, table))}")
    if table.empty:
        raise ObservationError(f"{where} has no rows: give one a series and quarter")
    known = declared_series()
    for row, name in enumerate(table["series"], 1):
        if name not in known:
            raise ObservationError(f"{where}, row {row}: {unknown_name('the model', str(name), known)}")
    table["quarter"] = [_quarter(value, f"{where}, row {row}") for row, value in enumerate(table["quarter"], 1)]
    _check_units(table, where)
    return table, where


def _opened(own: AnyPath | pd.DataFrame, wanted: Sequence[str]) -> tuple[pd.DataFrame, str]:
    """Return a table as it stands, the cells of a text file as text, and what to call it in messages."""
    try:
        table, where = opened(own, wanted, MOST_ROWS)
    except (OSError, ValueError) as error:
        raise ObservationError(str(error)) from None
    return table.reset_index(drop=True), where


def _quarter(value: object, where: str) -> str:
    """Return a quarter as it is written, or say in which row there is none."""
    try:
        quarter_number(str(value).strip())
    except ValueError as error:
        raise ObservationError(f"{where}: {error}") from None
    return str(value).strip()


def _check_units(table: pd.DataFrame, where: str) -> None:
    """Say which row has another unit than its series: a value is never converted."""
    if "unit" not in table:
        return
    for row, (name, unit) in enumerate(zip(table["series"], table["unit"], strict=True), 1):
        if pd.notna(unit) and unit not in ("", declared_series()[name].unit):
            raise ObservationError(
                f"{where}, row {row}: {name} is in {declared_series()[name].unit}, and {unit!r} is another unit"
            )


def _completed(table: pd.DataFrame, where: str) -> pd.DataFrame:
    """Return rows with all columns of observed.csv; what was left out follows from the series."""
    if "value" not in table:
        raise ObservationError(f"{where} has no column 'value': there is {', '.join(map(str, table))}")
    known = table["series"].map(declared_series())
    usual = pd.DataFrame(
        {
            "firm": [series.firm for series in known],
            "unit": [series.unit for series in known],
            "every": [series.every for series in known],
            "date": table["quarter"].map(end_of).astype(str),
            "retrospective": False,
            "certainty": CERTAINTIES[-1],
            "source": where,
        },
        index=table.index,
    )
    filled = {str(name): _filled(table, str(name), column) for name, column in usual.items()}
    dates = pd.to_datetime(filled["date"], errors="coerce")
    filled["available"] = _filled(table, "available", (dates + KNOWN_AFTER).astype(str))
    filled["retrospective"] = filled["retrospective"].astype(str).str.lower().eq("true")
    return table.assign(**filled)[list(COLUMNS)]


def _filled(table: pd.DataFrame, name: str, usual: pd.Series) -> pd.Series:
    """Return a column, with what is usual where nothing is said."""
    return usual if name not in table else table[name].where(table[name].notna() & (table[name] != ""), usual)
