"""Scenarios: a short list of changes to the baseline, each with its reason, read from TOML.

A scenario file can come from a stranger: it names parameters, firms and dates, and nothing in it is run or imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from ..agents.state.table import unknown_name
from .dates import quarter_date, quarter_number
from .deal_file import read_deal
from .deals import Deal, ScenarioError, deal_of
from .parameters import parameters
from .place import Place, read_text, read_toml
from .roles import Role, read_roles, role_of
from .text import unicode_text

WAYS = ("multiply", "add", "set")


@dataclass(frozen=True)
class Change:
    """A parameter that differs for a while, for all firms or some.

    Attributes:
        parameter: its name.
        start: the first quarter, in quarters since year 0.
        end: the last quarter; None is for good.
        way: multiply, add or set.
        value: the factor, the addition or the value.
        firms: the firms it differs for; none means all.
        why: the reason.
        within_range: whether the result has to stay in the declared range; experiments ease it for wedges.
    """

    parameter: str
    start: int
    end: int | None
    way: str
    value: float
    firms: tuple[str, ...] = ()
    why: str = ""
    within_range: bool = True

    def __post_init__(self) -> None:
        """Say that there is no such parameter, also in changes that are made in code."""
        if self.parameter not in parameters():
            raise ScenarioError(unknown_name("the model", self.parameter, parameters()))

    def holds(self, quarter: int) -> bool:
        """Return whether the change is in force in a quarter."""
        return self.start <= quarter and (self.end is None or quarter <= self.end)

    def applied(self, value: Any) -> Any:
        """Return a parameter's value under the change."""
        if self.way == "multiply":
            return value * self.value
        return value + self.value if self.way == "add" else value * 0.0 + self.value


@dataclass(frozen=True)
class Entry:
    """A dormant vendor or lab that enters, in quarters since year 0."""

    firm: str
    start: int
    why: str = ""


@dataclass(frozen=True)
class Scenario:
    """What happens, when, to whom and why.

    Attributes:
        name: its name in commands.
        title: one line on what happens.
        why: why one would want to know.
        start: the quarter whose end the run starts from.
        parameters: values that differ throughout.
        changes: values that differ for a while.
        deals: financings.
        entries: firms that enter.
        firms: by name, firms with parameters of their own or another class.
        source: where it was read.
    """

    name: str
    title: str = ""
    why: str = ""
    start: str = "2025Q4"
    parameters: Mapping[str, float] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    deals: tuple[Deal, ...] = ()
    entries: tuple[Entry, ...] = ()
    firms: Mapping[str, Role] = field(default_factory=dict)
    source: str = ""

    def describe(self) -> dict[str, Any]:
        """Return the scenario as plain values, as a manifest stores it."""
        return {
            "name": self.name,
            "title": self.title,
            "why": self.why,
            "start": self.start,
            "parameters": dict(self.parameters),
            "changes": [
                {**vars(c), "start": quarter_date(c.start), "end": None if c.end is None else quarter_date(c.end)}
                for c in self.changes
            ],
            "deals": [d.describe() for d in self.deals],
            "entries": [{**vars(e), "start": quarter_date(e.start)} for e in self.entries],
            "firms": {name: role.describe() for name, role in self.firms.items()},
        }


def scenario_of(content: Mapping[str, Any], source: str = "") -> Scenario:
    """Return the scenario that plain values describe, as `Scenario.describe` returns them."""
    dated = {key: [_dated(item) for item in content[key]] for key in ("changes", "deals", "entries")}
    return Scenario(
        **{key: content[key] for key in ("name", "title", "why", "start", "parameters")},
        changes=tuple(Change(**{**c, "firms": tuple(c["firms"])}) for c in dated["changes"]),
        deals=tuple(deal_of(d) for d in dated["deals"]),
        entries=tuple(Entry(**e) for e in dated["entries"]),
        firms={name: role_of(told) for name, told in content.get("firms", {}).items()}, source=source,
    )  # fmt: skip


def _dated(item: Mapping[str, Any]) -> dict[str, Any]:
    """Return a deal, change or entry with its dates as numbers."""
    dates = {key: quarter_number(item[key]) for key in ("start", "end") if item.get(key) is not None}
    return {**item, **dates}


def scenarios() -> dict[str, Scenario]:
    """Return the scenarios that come with the model, by name."""
    folder = files(__package__).joinpath("data", "scenarios")
    names = sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))
    found = {name: load_scenario(name) for name in names}
    return {"baseline": found.pop("baseline"), **found}


def load_scenario(scenario: str | Path | Scenario) -> Scenario:
    """Return a scenario by name, from a file, or as it is.

    Args:
        scenario: the name of one that comes with the model, or a path that ends in .toml.

    Raises:
        ScenarioError: there is none of that name, or the file says something wrong.
    """
    if isinstance(scenario, Scenario):
        return scenario
    if str(scenario).endswith(".toml"):
        path = Path(scenario)
        name, source = unicode_text(path.stem), unicode_text(str(path))
        return parse_scenario(read_text(path, "scenario", ScenarioError), name, source)
    folder = files(__package__).joinpath("data", "scenarios")
    place = folder.joinpath(f"{scenario}.toml")
    if not str(scenario).isidentifier() or not place.is_file():
        known = [item.name.removesuffix(".toml") for item in folder.iterdir()]
        raise ScenarioError(unknown_name("the model", str(scenario), known).replace("has no", "has no scenario"))
    return parse_scenario(place.read_text(encoding="utf-8"), str(scenario), f"{scenario}.toml")


def parse_scenario(text: str, name: str, source: str) -> Scenario:
    """Return the scenario that a TOML text describes.

    Args:
        text: the TOML.
        name: the scenario's name.
        source: what messages call the text.

    Raises:
        ScenarioError: the text is no TOML (with its line), or says something that the model does not understand.
    """
    content = read_toml(text, source, "scenario", ScenarioError)
    place = Place(source, error=ScenarioError)
    place.keys(content, ("title", "why", "start", "parameters", "changes", "deals", "entries", "firms"))
    return Scenario(
        name=name,
        title=place.text(content, "title"),
        why=place.text(content, "why"),
        start=str(content.get("start", "2025Q4")),
        parameters=place.parameters(content.get("parameters", {})),
        changes=tuple(_change(place.inside("changes", i), item) for i, item in place.tables(content, "changes")),
        deals=tuple(read_deal(place.inside("deals", i), item) for i, item in place.tables(content, "deals")),
        entries=tuple(_entry(place.inside("entries", i), item) for i, item in place.tables(content, "entries")),
        firms=read_roles(place, content),
        source=source,
    )


def _change(place: Place, item: Mapping[str, Any]) -> Change:
    """Read a change of a parameter."""
    place.keys(item, ("parameter", "from", "until", "firms", "why", *WAYS), ("parameter", "from"))
    name = place.text(item, "parameter")
    if name not in parameters():
        raise place.fail(unknown_name("the model", name, parameters()))
    if parameters()[name].structural or parameters()[name].opening:
        raise place.fail(f"{name} cannot change during a run; set it under [parameters]")
    ways = [way for way in WAYS if way in item]
    if len(ways) != 1:
        raise place.fail("a change needs exactly one of multiply, add, set")
    firms = item.get("firms", [])
    if not isinstance(firms, list) or not all(isinstance(firm, str) for firm in firms):
        raise place.fail("firms has to be a list of names")
    start, end = place.quarter(item, "from"), place.quarter(item, "until") if "until" in item else None
    if end is not None and end < start:
        raise place.fail(f"until = {item['until']} is before from = {item['from']}")
    value = place.number(item, ways[0], -np.inf, np.inf)
    return Change(name, start, end, ways[0], value, tuple(firms), place.text(item, "why"))


def _entry(place: Place, item: Mapping[str, Any]) -> Entry:
    """Read an entry."""
    place.keys(item, ("firm", "date", "why"), ("firm", "date"))
    return Entry(place.text(item, "firm"), place.quarter(item, "date"), place.text(item, "why"))
