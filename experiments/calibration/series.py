"""Observed series and what the model has for each, as declared in model/data/series.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from ...agents.state.table import unknown_name

EVERY = ("quarter", "year", "some quarters")
USES = ("estimate", "score")
ROWS = {"table", "entity", "metric", "scale", "change"}


class ObservationError(ValueError):
    """The data say something that cannot be read; the message names the place and the remedy."""


@dataclass(frozen=True)
class Rows:
    """Which rows of a table of observations a series reads.

    Attributes:
        table: the file in model/data/observations, without its ending.
        entity: of whom.
        metric: what.
        scale: the factor to the series' unit.
        change: whether the rows are cumulative, and the series is their change from row to row.
    """

    table: str
    entity: str
    metric: str
    scale: float = 1.0
    change: bool = False


@dataclass(frozen=True)
class ObservedSeries:
    """A series that was observed, and the model's counterpart.

    Attributes:
        name: its key.
        title: what people call it.
        firm: whose it is in the model's roster; empty for the whole market.
        unit: its unit.
        rows: where it stands; several entities are added, several metrics of one entity are put side by side.
        every: how often it is observed, one of `EVERY`.
        use: whether it may inform parameters, one of `USES`.
        outcome: what the model has for it, a function of `outcomes.OUTCOMES`.
        error: log deviation that measurement puts between the two.
        error_source: where that comes from.
        mismatch: what the two do not have in common.
        per: what it is divided by.
        published: the day, of all rows or by quarter.
    """

    name: str
    title: str
    firm: str
    unit: str
    rows: tuple[Rows, ...]
    every: str
    use: str
    outcome: str
    error: float
    error_source: str
    mismatch: str
    per: Rows | None = None
    published: str | Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Say which word or number is none."""
        for key, known in (("every", EVERY), ("use", USES)):
            if getattr(self, key) not in known:
                raise ObservationError(unknown_name(f"series {self.name}, {key},", getattr(self, key), known))
        if not 0.0 < self.error <= 1.0:
            raise ObservationError(f"series {self.name}: error = {self.error!r} lies outside (0, 1]")

    @property
    def retrospective(self) -> bool:
        """Whether it was estimated long after the event."""
        return isinstance(self.published, str)


@cache
def declared_series() -> Mapping[str, ObservedSeries]:
    """Return every declared series by name.

    Raises:
        ObservationError: the declaration cannot be read.
    """
    text = files("aimarket.model").joinpath("data", "series.toml").read_text(encoding="utf-8")
    return {name: series_of(name, content) for name, content in tomllib.loads(text).items()}


def series_of(name: str, content: Mapping[str, Any]) -> ObservedSeries:
    """Return the series that a table of the declaration describes.

    Raises:
        ObservationError: a key is missing or unknown, or a value is none.
    """
    rows = tuple(_rows(name, item) for item in content.get("rows", ()))
    if not rows:
        raise ObservationError(f"series {name} names no rows")
    per = {"per": _rows(name, content["per"])} if "per" in content else {}
    try:
        return ObservedSeries(**{**content, "name": name, "rows": rows, **per})
    except TypeError as error:
        raise ObservationError(f"series {name}: {str(error).rpartition('__init__() ')[2]}") from None


def find_series(name: str) -> ObservedSeries:
    """Return a series by name.

    Raises:
        KeyError: there is none of that name; the message names the nearest one.
    """
    known = declared_series()
    if name not in known:
        raise KeyError(unknown_name("series.toml", name, known))
    return known[name]


def _rows(name: str, content: Mapping[str, Any]) -> Rows:
    """Read which rows a series reads."""
    for key in content:
        if key not in ROWS:
            raise ObservationError(unknown_name(f"the rows of {name}", key, sorted(ROWS)))
    try:
        return Rows(**content)
    except TypeError as error:
        raise ObservationError(f"series {name}, rows: {str(error).rpartition('__init__() ')[2]}") from None
