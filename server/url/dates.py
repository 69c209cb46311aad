"""Dates of a scenario's runs, as pages write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...model.dates import quarter_date, quarter_number

if TYPE_CHECKING:
    from ...model.scenarios.scenario import Scenario


def date_of(case: Scenario, quarter: int) -> str:
    """Return the date of the quarter-th quarter of a scenario's runs, as in 2030 Q4; the last of the start for 0."""
    return quarter_date(first_of(case) + quarter - 1).replace("Q", " Q")


def first_of(case: Scenario) -> int:
    """Return the first quarter of a scenario's runs, in quarters since year 0."""
    return quarter_number(case.start) + 1
