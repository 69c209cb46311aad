"""Points of one's own: a table with a row a point and a column a parameter, checked cell by cell."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ...agents.state.numbers import echo, exact, from_text, to_ends, to_whole
from .factors import Factor
from .table_reader import opened


def read_points(table: Any, factors: Sequence[Factor], most: int) -> pd.DataFrame:
    """Return the points of a file or a data frame, or say which cell is wrong.

    Args:
        table: a path, or a data frame of whatever library; a column a factor, in any order.
        factors: what the columns have to be.
        most: how many rows are allowed.

    Raises:
        ValueError: the file cannot be read, or a column, row or cell is wrong; rows are counted from 1.
    """
    return checked_points(*opened(table, [factor.name for factor in factors], most), factors, most)


def checked_points(frame: pd.DataFrame, where: str, factors: Sequence[Factor], most: int) -> pd.DataFrame:
    """Return the points that a data frame holds, or say which cell is wrong.

    Args:
        frame: a column a factor, in any order; cells may be text.
        where: what to call it in messages.
        factors: what the columns have to be.
        most: how many rows are allowed.

    Raises:
        ValueError: a column, row or cell is wrong; rows are counted from 1.
    """
    names = [factor.name for factor in factors]
    _check_columns(list(frame.columns), names, where)
    if not 0 < len(frame) <= most:
        count = f"more than {most:,} rows" if len(frame) else "no rows"
        raise ValueError(f"{where} has {count}: give one row a point")
    _check_rows(frame, where)
    return pd.DataFrame({factor.name: _column(frame[factor.name], factor, where) for factor in factors})


def _check_columns(found: list[str], wanted: list[str], where: str) -> None:
    """Say which column is unknown, missing or there twice."""
    for name in found:
        if name not in wanted:
            raise ValueError(f"{where} has a column {name!r}, which is not varied: it takes {', '.join(wanted)}")
        if found.count(name) > 1:
            raise ValueError(f"{where} has {found.count(name)} columns {name!r}: keep one")
    for name in wanted:
        if name not in found:
            raise ValueError(f"{where} has no column {name!r}: every factor needs one")


def _check_rows(frame: pd.DataFrame, where: str) -> None:
    """Say which row is empty."""
    empty = frame.isna().all(axis=1).to_numpy()
    if empty.any():
        raise ValueError(f"{where}, row {int(empty.argmax()) + 1} is empty: remove it")


def _column(cells: pd.Series, factor: Factor, where: str) -> np.ndarray:
    """Return a column's numbers, or say which cell holds none or one that is not allowed."""
    numbers = np.array([_number(cell, factor.switch) for cell in cells], np.float64)
    values = to_ends(numbers, factor.low, factor.high)
    values = to_whole(values) if factor.whole else values
    wrong = ~((values >= factor.low) & (values <= factor.high))
    if factor.whole:
        wrong |= values != np.rint(values)
    if wrong.any():
        row = int(wrong.argmax())
        raise ValueError(f"{where}, row {row + 1}: {_complaint(factor, cells.iloc[row], float(values[row]))}")
    return values.astype(np.int64) if factor.whole else values


def _number(cell: Any, switch: bool) -> float:
    """Return a cell's number; not a number where it holds none."""
    try:
        if isinstance(cell, str):
            return from_text(cell, switch=switch)
        return float("nan") if isinstance(cell, bool | np.bool_) and not switch else float(cell)
    except (TypeError, ValueError, OverflowError):
        return float("nan")


def _complaint(factor: Factor, cell: object, value: float) -> str:
    """Say what is wrong with a cell."""
    if pd.isna(cell):  # type: ignore[call-overload]
        return f"{factor.name} is missing"
    if np.isnan(value):
        return f"{factor.name} = {echo(cell)} is not a number{_remedy(cell)}"
    if not factor.low <= value <= factor.high:
        return f"{factor.name} = {exact(value)} lies outside {factor.range_text}"
    return f"{factor.name} = {exact(value)} has to be a whole number"


def _remedy(cell: Any) -> str:
    """Say how to write a number that is written otherwise."""
    try:
        from_text(cell)
    except (TypeError, AttributeError):
        return ""
    except ValueError as error:
        return f"; {error}" if str(error) else ""
    return ""
