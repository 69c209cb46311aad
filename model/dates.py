"""Quarters as numbers and as dates: quarter 0 is 2026Q1 unless the start says otherwise."""

from __future__ import annotations

import datetime
import re
from typing import Any

import numpy as np

YEAR, MONTHS = 4, 3
"""Quarters of a year, and months of a quarter."""

TREND_ORIGIN = 2026 * YEAR
"""The quarter, 2026Q1, at which trends that nobody decides have their declared values, wherever a run starts."""

LAST_TOLD = 2032 * YEAR + 3
"""The last quarter of which anything is claimed: later ones are kept for boundedness only (specification, 13)."""

PATTERN = re.compile(r"(\d{4})Q([1-4])")
FIRST_NUMBER, LAST_NUMBER = 4000, 39999
"""Quarters of the years 1000 to 9999: a smaller number is a year that somebody took for a quarter."""


def quarter_number(date: Any) -> int:
    """Return a quarter as quarters since year 0.

    Args:
        date: text such as 2026Q2, a pandas Period, or a day of the quarter (of Python, NumPy or pandas).

    Raises:
        ValueError: it is not a quarter, or lies in more than one.

    Examples:
        >>> import datetime, aimarket
        >>> aimarket.quarter_number("2026Q2") == aimarket.quarter_number(datetime.date(2026, 5, 1))
        True
    """
    days = [_day(part) for part in (getattr(date, "start_time", date), getattr(date, "end_time", date))]
    found = {YEAR * day.year + (day.month - 1) // MONTHS for day in days if day is not None}
    if len(found) == 1:
        return found.pop()
    match = None if any(days) else PATTERN.fullmatch(str(date))
    if match is None:
        raise ValueError(f"{str(date) if any(days) else date!r} is not a quarter; write it as 2026Q2")
    return YEAR * int(match[1]) + int(match[2]) - 1


def quarter_of(value: Any) -> int:
    """Return a quarter that is given as quarters since year 0 already, or as `quarter_number` reads it.

    Raises:
        ValueError: it is no quarter.
    """
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        if not FIRST_NUMBER <= value <= LAST_NUMBER:
            raise ValueError(f"{value} is not a quarter since year 0; write it as 2026Q2")
        return int(value)
    return quarter_number(value)


def quarter_name(quarter: Any) -> str:
    """Return a quarter as text, however it is given; text stays as it is, for whoever looks it up to judge.

    Raises:
        ValueError: it is no quarter.
    """
    return quarter if isinstance(quarter, str) else quarter_date(quarter_of(quarter))


def quarter_date(number: int) -> str:
    """Return quarters since year 0 as a date such as 2026Q2.

    Examples:
        >>> import aimarket
        >>> aimarket.quarter_date(aimarket.quarter_number("2026Q2") + 3)
        '2027Q1'
    """
    return f"{number // YEAR}Q{number % YEAR + 1}"


def quarter_dates(numbers: np.ndarray) -> np.ndarray:
    """Return many quarters since year 0 as dates such as 2026Q2: text, of the same shape."""
    different, places = np.unique(numbers, return_inverse=True)
    return np.array([quarter_date(int(number)) for number in different], dtype=object)[places]


def _day(date: Any) -> datetime.date | None:
    """Return a day of Python, NumPy or pandas as one of Python; None for what is none."""
    dated = isinstance(date, np.datetime64) and np.datetime_data(date.dtype)[0] != "Y"
    day = date.astype("datetime64[D]").item() if dated else date
    return day if isinstance(day, datetime.date) and day == day else None
