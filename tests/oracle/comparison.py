"""Run the model and the plain world side by side, phase by phase, and find where they part."""

from collections.abc import Iterator
from math import isclose
from typing import Any, NamedTuple

from aimarket.model.quarter import QUARTER

from .departures import Departures
from .quarter import PHASES
from .world import plain, world_of

TOLERANCE = 1e-9
NOTHING = 1e-12
NOT_KEPT = {
    "deal_bound",
    "first_efficiency",
    "first_research",
    "fleet_at_opening",
    "gap",
    "largest_position",
    "lead_changes",
    "leader",
}
"""Columns of bookkeeping that no rule reads; every other column is compared."""


class Gap(NamedTuple):
    """A value that differs: when, in which phase, whose, which."""

    quarter: int
    phase: str
    firm: str
    column: str
    model: float
    oracle: float


def gaps(model: Any, departures: Departures, quarters: int, *, until_they_part: bool = False) -> Iterator[Gap]:
    """Yield every value that differs after any phase of some quarters, or those of the first phase that has any."""
    world = world_of(model, departures)
    for quarter in range(quarters):
        for phase in QUARTER:
            phase.run(model)
            PHASES[phase.code](world)
            found = [Gap(quarter, phase.code, *gap) for gap in differences(model, world)]
            yield from found
            if found and until_they_part:
                return
        model.quarter += 1


def differences(model: Any, world: Any) -> Iterator[tuple[str, str, float, float]]:
    """Yield the values that differ as things stand: firm, column, the model's value, the oracle's."""
    for table, firms in zip(model.populations, kinds(world), strict=True):
        for column, values in table.columns.items():
            for firm, value in zip(firms, plain_rows(values), strict=True):
                yield from unequal(firm.name, column, value, getattr(firm, column))
    for column, values in model.economy.columns.items():
        if column != "outside_cash":
            yield from unequal("economy", column, plain(values), getattr(world.market, column))
    yield from unequal("economy", "outside_cash", plain(model.economy.outside_cash), world.outside.cash)


def kinds(world: Any) -> tuple[list, ...]:
    return world.labs, world.vendors, world.energy, world.equipment, world.managers


def plain_rows(values: Any) -> list:
    return [plain(row) for row in values]


def unequal(firm: str, column: str, model: Any, oracle: Any) -> Iterator[tuple[str, str, float, float]]:
    if column in NOT_KEPT:
        return
    pairs = zip(model, oracle, strict=True) if isinstance(model, list) else [(model, oracle)]
    for left, right in pairs:
        if not isclose(left, right, rel_tol=TOLERANCE, abs_tol=NOTHING):
            yield firm, column, left, right
