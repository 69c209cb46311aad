"""Run the model and the plain world side by side, phase by phase, and find where they part."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from aimarket.model.quarter import QUARTER

from .departures import Departures
from .quarter import PHASES
from .seen import look_around
from .world import world_of

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
    world, compared = world_of(model, departures), {}
    look_around(world)
    for quarter in range(quarters):
        for phase in QUARTER:
            phase.run(model)
            PHASES[phase.code](world)
            found = [Gap(quarter, phase.code, *gap) for gap in differences(model, world, compared)]
            yield from found
            if found and until_they_part:
                return
        model.quarter += 1


def differences(model: Any, world: Any, compared: dict[Any, Any]) -> Iterator[tuple[str, str, float, float]]:
    """Yield the values that differ as things stand: firm, column, the model's value, the oracle's.

    Args:
        model: the model.
        world: the oracle.
        compared: by kind and column, both sides as they last agreed; what neither has changed since is passed over.
    """
    for kind, column, names, values, plain in both_sides(model, world):
        now = values, plain.tobytes()
        before = compared.get((kind, column))
        if before and before[0] is values and before[1] == now[1]:
            continue
        apart = list(unequal(names, column, values[..., 0], plain))
        compared[kind, column] = None if apart else now
        yield from apart


def both_sides(model: Any, world: Any) -> Iterator[tuple[str, str, list[str], Any, Any]]:
    """Yield kind, column, names of the firms, the model's values and the oracle's, of shape (n, ...)."""
    for table, firms in zip(model.populations, kinds(world), strict=True):
        names = [firm.name for firm in firms]
        for column, values in table.columns.items():
            if column not in NOT_KEPT:
                plain = np.array([getattr(firm, column) for firm in firms], dtype=float)
                yield table.kind.group, column, names, values, plain
    for column, values in model.economy.columns.items():
        if column not in NOT_KEPT:
            plain = world.outside.cash if column == "outside_cash" else getattr(world.market, column)
            yield "economy", column, ["economy"], values, np.array(plain, dtype=float)


def kinds(world: Any) -> tuple[list, ...]:
    return world.labs, world.vendors, world.energy, world.equipment, world.managers, world.clouds


def unequal(names: list[str], column: str, model: Any, plain: Any) -> Iterator[tuple[str, str, float, float]]:
    """Yield what differs of one column, which has a value or several for each firm."""
    if plain.shape != model.shape:
        raise ValueError(f"{column}: the model has shape {model.shape}, the oracle {plain.shape}")
    alike = np.abs(model - plain) <= np.maximum(TOLERANCE * np.abs(model), NOTHING)
    if alike.all():
        return
    for place in np.argwhere(~alike):
        firm = names[place[0]] if len(names) > 1 else names[0]
        yield firm, column, float(model[tuple(place)]), float(plain[tuple(place)])
