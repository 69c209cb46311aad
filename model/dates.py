"""Quarters as numbers and as dates: quarter 0 is 2026Q1 unless the start says otherwise."""

from __future__ import annotations

import re

PATTERN = re.compile(r"(\d{4})Q([1-4])")


def quarter_number(date: str) -> int:
    """Return a date such as 2026Q2 as quarters since year 0.

    Raises:
        ValueError: the text is not a quarter.
    """
    match = PATTERN.fullmatch(str(date))
    if match is None:
        raise ValueError(f"{date!r} is not a quarter; write it as 2026Q2")
    return 4 * int(match[1]) + int(match[2]) - 1


def quarter_date(number: int) -> str:
    """Return quarters since year 0 as a date such as 2026Q2."""
    return f"{number // 4}Q{number % 4 + 1}"
