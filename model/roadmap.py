"""Roadmaps: the generations that vendors had announced when a run begins, as data and as arrays."""

from __future__ import annotations

import datetime
import tomllib
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np

from ..agents.state.arrays import Floats
from ..agents.state.shown import shown
from .dates import quarter_number


class Generation(NamedTuple):
    """A generation of accelerators that a vendor has announced.

    Attributes:
        vendor: whose.
        name: what it is called.
        first: the first quarter of volume sales, in quarters since year 0.
        announced: the quarter in which it was announced, likewise.
        performance: performance of a unit, as a factor upon the vendor's generation before.
        power: power of a unit, likewise.
        wafers: packaging wafers that a unit takes, likewise.
        source: where that is from.
    """

    vendor: str
    name: str
    first: int
    announced: int
    performance: float
    power: float
    wafers: float
    source: str


@shown()
class Roadmap(NamedTuple):
    """Announced generations by vendor in the order of their first quarters, shape (vendors, generations + 1).

    The last position is beyond every vendor's roadmap; what nobody announced is not a number.
    """

    first: Floats
    performance: Floats
    power: Floats
    wafers: Floats


@cache
def announced_generations() -> tuple[Generation, ...]:
    """Return all generations that the data hold, whenever they were announced."""
    text = files("aimarket.model").joinpath("data", "roadmap.toml").read_text(encoding="utf-8")
    return tuple(
        Generation(
            vendor=row["vendor"],
            name=row["name"],
            first=quarter_number(row["first_quarter"]),
            announced=quarter_number(datetime.date.fromisoformat(row["announced_on"])),
            performance=row["performance"],
            power=row["power"],
            wafers=row["wafers"],
            source=row["source"],
        )
        for row in tomllib.loads(text)["generations"]
    )


def known_at(quarter: str) -> tuple[Generation, ...]:
    """Return the generations announced by the end of a quarter and sold in volume after it only.

    Examples:
        >>> from aimarket.model.roadmap import known_at
        >>> [generation.name for generation in known_at("2023Q4")]
        []
        >>> known_at("2024Q4")[0].name
        'Blackwell'
    """
    now = quarter_number(quarter)
    return tuple(item for item in announced_generations() if item.announced <= now < item.first)


def roadmap_of(vendors: Sequence[str], generations: Iterable[Generation]) -> Roadmap:
    """Return the roadmaps of some vendors as arrays."""
    by_vendor = [sorted((g for g in generations if g.vendor == name), key=lambda g: g.first) for name in vendors]
    longest = max((len(rows) for rows in by_vendor), default=0)

    def table(quantity: str) -> Floats:
        rows = np.full((len(by_vendor), longest + 1), np.nan)
        for row, own in zip(rows, by_vendor, strict=True):
            row[: len(own)] = [float(getattr(item, quantity)) for item in own]
        return rows

    return Roadmap(*map(table, Roadmap._fields))
