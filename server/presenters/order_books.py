"""Whose orders stand where in vendors' books: labs, vehicles, clouds and last the rest of the world."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..sessions.twin_run import TwinRun

CUSTOMERS = ("ai_labs", "vehicles", "clouds")
"""The kinds of customers in the order of vendors' books, as the model has it."""

OTHERS = "Rest of the world"


def customers(run: TwinRun) -> tuple[str, ...]:
    """Return the names of all customers in their order."""
    return (*(name for kind in CUSTOMERS for name in run.firms.get(kind, ())), OTHERS)


def places(run: TwinRun, kind: str) -> slice:
    """Return where the firms of a kind stand among customers."""
    before = CUSTOMERS[: CUSTOMERS.index(kind)]
    first = sum(len(run.firms.get(group, ())) for group in before)
    return slice(first, first + len(run.firms.get(kind, ())))
