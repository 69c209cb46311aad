"""Verdicts that ship: there at once for whoever changed nothing, and refused where the model did."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ...experiments.claims.statistic import STATISTICS
from ...experiments.storage.shipped_results import StaleResultsError, shipped_results
from ..url.view_state import View
from .claim_questions import statistics, told

if TYPE_CHECKING:
    from collections.abc import Hashable


def numbers(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row that ships, in which what is no number is one that says so."""
    return MappingProxyType({name: nan if value is None else value for name, value in row.items()})


def shown(key: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a row that ships as pages show it."""
    return MappingProxyType(told(STATISTICS[key], row, (row["least"], row["most"])))


def known(view: View) -> Mapping[str, Mapping[str, Any]] | None:
    """Return the board of a view as the page Claims would find it; None where none ships for it."""
    try:
        found = shipped_results()
    except StaleResultsError:
        return None
    for name, account in found["accounts"].items():
        rows = {key: numbers(row) for key, row in account["rows"].items()}
        if _run(name, found["seed"]) == view.run and {item.key for item in statistics()} <= set(rows):
            return MappingProxyType({item.key: shown(item.key, rows[item.key]) for item in statistics()})
    return None


def _run(scenario: str, seed: int) -> tuple[Hashable, ...]:
    """Return what tells the run of an account from all others."""
    return View(scenario=scenario, seed=seed).run
