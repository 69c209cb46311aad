"""Worlds that should be the same: firms renamed, in another order, in two halves; and in what they then differ.

Arrays are compared by the names of what their axes stand for, so that an order of rows means nothing. Random numbers go
with names, too: firms made from one share its numbers.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import numpy as np

import aimarket
from aimarket.model.deals.earmarks import USES
from aimarket.model.randomness import Randomness, Stream

OF_A_KIND = {
    Stream.ALGORITHMS: "ai_labs",
    Stream.RELEASES: "ai_labs",
    Stream.ENTRY: "ai_labs",
    Stream.GENERATIONS: "chip_vendors",
    Stream.SENTIMENT: "asset_managers",
    Stream.CLOUD_ENTRY: "clouds",
}
"""Streams of random numbers that have one for each firm of a kind."""


class WithFirms:
    """Random numbers that go with firms: row n of a kind has those of row ``rows[kind][n]`` of the data."""

    def __init__(self, chance: Randomness, rows: Mapping[str, list[int]]) -> None:
        self.chance, self.rows = chance, rows

    def __getattr__(self, name: str) -> Any:
        return getattr(self.chance, name)

    def sample(self, stream: Stream, firms: int, quarter: int) -> Any:
        """Return a quarter's random numbers in the order of the rows."""
        rows = self.rows.get(OF_A_KIND.get(stream, ""))
        if rows is None:
            return self.chance.sample(stream, firms, quarter)
        return self.chance.sample(stream, max(rows) + 1, quarter)[rows]


def renamed(thing: Any, names: Mapping[str, str]) -> Any:
    """Return a start, a scenario or a part of one in which firms are called otherwise."""
    if isinstance(thing, str):
        return names.get(thing, thing)
    if isinstance(thing, Mapping):
        return {renamed(key, names): renamed(value, names) for key, value in thing.items()}
    if isinstance(thing, tuple | list | frozenset):
        parts = [renamed(part, names) for part in thing]
        return type(thing)(*parts) if hasattr(thing, "_fields") else type(thing)(parts)
    if is_dataclass(thing):
        return replace(thing, **{item.name: renamed(getattr(thing, item.name), names) for item in fields(thing)})
    return thing


ROW_NUMBERS = {"economy.leader"}
"""Columns that hold the number of a row, which the order of rows decides."""


def axes(model: Any) -> dict[str, tuple[str, ...]]:
    """Return what the places of every named axis stand for."""
    labs, clouds = model.labs.names, model.clouds.names
    names = {population.kind.group: population.names for population in model.populations}
    return names | {
        "lenders": (*model.managers.names, "outside"),
        "routes": ("its own", *clouds),
        "uses": USES,
        "customers": (*labs, *model.vehicles.names, *clouds, "outside"),
    }


def state(model: Any) -> Iterator[tuple[str, tuple[tuple[str, ...], ...], np.ndarray]]:
    """Yield every column of every table: its name, what its first axes stand for, its values."""
    named = axes(model)
    for table in model.populations:
        for name, item in table.declared.items():
            over = named.get(item.over)
            yield f"{table.title}.{name}", (table.names, *([over] if over else [])), table.columns[name]
    for name, values in model.economy.columns.items():
        if (title := f"economy.{name}") not in ROW_NUMBERS:
            yield title, (), values


def apart(one: Any, other: Any, tolerance: float = 0.0, halved: str = "") -> dict[str, float]:
    """Return the columns in which two models differ, and by how much: in parts of the larger, and of one at least.

    Args:
        one: a model.
        other: another, whose firms have the same names, in whatever order.
        tolerance: how far apart is alike.
        halved: the firm that is two in the other model; each has all or half of what the one has.
    """
    theirs = {name: (names, values) for name, names, values in state(other)}
    found = {}
    for name, names, values in state(one):
        others, like = theirs[name]
        whole = tuple(tuple(part_of(item, halved) for item in axis) for axis in others)
        away = min(_away(in_order(whole, names, values), scaled) for scaled in _doubled(others, like, halved))
        if away > tolerance:
            found[name] = away
    return found


def part_of(name: str, halved: str) -> str:
    """Return whose part a firm is: its own, unless it is a half."""
    return halved if halved and name in halves_of(halved) else name


def halves_of(name: str) -> tuple[str, str]:
    """Return what two halves of a firm are called."""
    return f"{name} A", f"{name} B"


def in_order(wanted: tuple[tuple[str, ...], ...], names: tuple[tuple[str, ...], ...], values: np.ndarray) -> np.ndarray:
    """Return values with their axes in the order of others' names."""
    for axis, (theirs, mine) in enumerate(zip(wanted, names, strict=True)):
        if mine != theirs:
            values = values.take([mine.index(name) for name in theirs], axis)
    return values


def _doubled(names: tuple[tuple[str, ...], ...], values: np.ndarray, halved: str) -> Iterator[np.ndarray]:
    """Yield values as they are, and with those of halves doubled along any axes that have halves."""
    factors = [np.ones(1)]
    for axis, along in enumerate(names):
        twice = np.array([1.0 + (part_of(name, halved) != name) for name in along])
        if twice.max() > 1.0:
            shaped = twice.reshape([-1 if place == axis else 1 for place in range(values.ndim)])
            factors += [factor * shaped for factor in factors]
    yield from (values * factor for factor in factors)


def _away(one: np.ndarray, other: np.ndarray) -> float:
    """Return the largest difference of two arrays, in parts of the larger, and of one at least; infinite if unknown."""
    if not one.size:
        return 0.0
    away = np.abs(one - other) / np.maximum(np.maximum(np.abs(one), np.abs(other)), 1.0)
    return float(np.nan_to_num(away, nan=np.inf).max())


def in_halves(start: Any, kind: str, row: int, halved: tuple[str, ...]) -> tuple[Any, list[int]]:
    """Return a start in which a firm is two with half of some stocks each, and the rows that its rows were."""
    roster = start.roster[kind]
    name, active = roster[row]
    rows = [*range(row + 1), *range(row, len(roster))]
    firms = (*roster[:row], *((half, active) for half in halves_of(name)), *roster[row + 1 :])
    stocks = {
        stock: _rows_of(values, rows, row, stock in halved)
        for stock, values in start.stocks[kind].items()
        if isinstance(values, list) and len(values) == len(roster)
    }
    own = {half: start.parameters[name] for half in halves_of(name) if name in start.parameters}
    sold = {vendor: whom | set(halves_of(name)) if name in whom else whom for vendor, whom in start.sold_to.items()}
    start = start.with_firms(kind, firms, **stocks)
    return replace(start, parameters={**start.parameters, **own}, sold_to=sold), rows


def _rows_of(values: list, rows: list[int], row: int, halved: bool) -> list:
    """Return a stock by firm in which a row is two."""
    part = np.multiply(values[row], 0.5).tolist() if halved else values[row]
    return [part if place == row else values[place] for place in rows]


def with_halved_funder(case: Any, name: str) -> Any:
    """Return a scenario in whose deals two halves of a manager give what it would."""
    deals = []
    for deal in case.deals:
        funders = dict(deal.funders)
        given = funders.pop(name, 0.0)
        halves = dict.fromkeys(halves_of(name), 0.5 * given) if given else {}
        deals.append(replace(deal, funders=funders | halves))
    return replace(case, deals=tuple(deals))


def with_halved_landlord(start: Any, name: str) -> Any:
    """Return a start in which two halves of a cloud let and house half each of what it did."""
    clouds = dict(start.stocks["clouds"])
    for let in ("tenancies", "housed"):
        clouds[let] = {
            half: {lab: amount * (1.0 if half == cloud else 0.5) for lab, amount in labs.items()}
            for cloud, labs in clouds[let].items()
            for half in (halves_of(name) if cloud == name else (cloud,))
        }
    return replace(start, stocks={**start.stocks, "clouds": clouds})


def run(case: Any, seed: int, quarters: int, rows: Mapping[str, list[int]] | None = None, **options: Any) -> Any:
    """Return a model after some quarters, of whose firms random numbers are those of given rows."""
    model = aimarket.MarketModel(case, rng=seed, record=("indicators",), **options)
    if rows:
        model.chance = WithFirms(model.chance, rows)
    for _ in range(quarters):
        model.step()
    return model
