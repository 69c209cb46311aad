"""Scenarios: a short list of changes to the baseline, each with its reason, read from a TOML file.

A scenario file can come from a stranger: it names parameters, firms and dates, and nothing in it is run or imported.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any

from ...agents.state.numbers import echo
from ...agents.state.shown import Catalogue, shown
from ...agents.state.table import unknown_name
from ..dates import quarter_date, quarter_of
from ..deals.deal import Deal, ScenarioError, deal_of, take_forms
from ..deals.terms import ANY_VALUE
from ..inputs.paths import AnyPath, located
from ..inputs.text import unicode_text
from ..inputs.value_forms import DATED, NAMES, QUARTER, TEXT, Form, Key, choice, elsewhere, meanings
from ..parameters import parameters
from .deal_reader import read_deal
from .firm_overrides import FirmOverride, override_of, read_overrides
from .toml_reader import Place, read_text, read_toml

WAYS = ("multiply", "add", "set")
USUAL_START = "2025Q4"
"""The quarter whose end a run starts from where nothing is said."""


@shown()
@dataclass(frozen=True)
class Change:
    """A parameter that differs for a while, for all firms or some.

    Attributes:
        parameter: its name.
        start: the first quarter, as 2026Q2, or in quarters since year 0.
        end: the last quarter; for good where left out.
        way: multiply, add or set.
        value: the factor, the addition or the value.
        firms: the firms it differs for; none means all.
        why: the reason.
        within_range: whether the result has to stay in the declared range; experiments ease it for wedges.
    """

    parameter: str
    start: Any
    end: int | None
    way: str
    value: float
    firms: tuple[str, ...] = ()
    why: str = ""
    within_range: bool = True

    def __post_init__(self) -> None:
        """Say what cannot be, also in changes that are made in code."""
        last = {} if self.end is None else {"end": QUARTER}
        take_forms(self, {**CHANGE_FORMS, **last}, f"change of {self.parameter}")
        if self.parameter not in parameters():
            raise ScenarioError(unknown_name("the model", self.parameter, parameters()))
        if parameters()[self.parameter].structural or parameters()[self.parameter].opening:
            raise ScenarioError(f"{self.parameter} cannot change during a run; set it under [parameters]")
        if self.end is not None and self.end < self.start:
            raise ScenarioError(
                f"change of {self.parameter}: its end, {quarter_date(self.end)}, is before its start, "
                f"{quarter_date(self.start)}"
            )

    def holds(self, quarter: int) -> bool:
        """Return whether the change is in force in a quarter."""
        return self.start <= quarter and (self.end is None or quarter <= self.end)

    def applied(self, value: Any) -> Any:
        """Return a parameter's value under the change."""
        if self.way == "multiply":
            return value * self.value
        return value + self.value if self.way == "add" else value * 0.0 + self.value


CHANGE_FORMS: Mapping[str, Form] = {
    "parameter": TEXT,
    "start": QUARTER,
    "way": choice(WAYS, "a change"),
    "value": ANY_VALUE,
    "firms": NAMES,
    "why": TEXT,
}


@shown()
@dataclass(frozen=True)
class Entry:
    """A dormant vendor or lab that enters.

    Attributes:
        firm: its name.
        start: its first quarter, as 2026Q2, or in quarters since year 0.
        why: the reason.
    """

    firm: str
    start: Any
    why: str = ""

    def __post_init__(self) -> None:
        """Say what cannot be, also in entries that are made in code."""
        take_forms(self, {"firm": TEXT, "start": QUARTER, "why": TEXT}, f"entry of {self.firm}")


@shown()
@dataclass(frozen=True)
class Scenario:
    """What happens, when, to whom and why.

    Attributes:
        name: its name in commands.
        title: one line on what happens.
        why: why one would want to know.
        start: the quarter whose end the run starts from, as 2025Q4.
        parameters: values that differ throughout.
        changes: values that differ for a while.
        deals: financings.
        entries: firms that enter.
        firms: by name, firms with parameters of their own or another class.
        source: where it was read.

    Examples:
        >>> import aimarket
        >>> news = aimarket.load_scenario("deal_35bn")
        >>> news.deals[0].amount, news.with_deal(amount=70).deals[0].amount
        (35.0, 70.0)
        >>> news.without_deals().deals
        ()
    """

    name: str
    title: str = ""
    why: str = ""
    start: str = USUAL_START
    parameters: Mapping[str, float] = field(default_factory=dict)
    changes: tuple[Change, ...] = ()
    deals: tuple[Deal, ...] = ()
    entries: tuple[Entry, ...] = ()
    firms: Mapping[str, FirmOverride] = field(default_factory=dict)
    source: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        """Say what is none or there twice, also in scenarios that are made in code."""
        try:
            dated = self.start if isinstance(self.start, str) else quarter_date(quarter_of(self.start))
        except ValueError as error:
            raise ScenarioError(f"{self.source or self.name}: start: {error}") from None
        object.__setattr__(self, "start", dated)
        for name, kind in (("changes", Change), ("deals", Deal), ("entries", Entry)):
            items = getattr(self, name)
            if not isinstance(items, tuple | list) or not all(isinstance(item, kind) for item in items):
                raise ScenarioError(f"{self.name}: {name} = {echo(items)} is no list of {kind.__name__}")
            object.__setattr__(self, name, tuple(items))
        for firm, override in self.firms.items():
            if not isinstance(override, FirmOverride):
                raise ScenarioError(f"{self.name}: firms, {firm} = {echo(override)} is no FirmOverride")
        entering = [entry.firm for entry in self.entries]
        for firm in entering:
            if entering.count(firm) > 1:
                raise ScenarioError(f"{self.source or self.name}: {firm} enters twice: keep one of its entries")

    def with_deal(self, deal: Deal | None = None, *, add: bool = False, **terms: Any) -> Scenario:
        """Return the scenario with another deal.

        Args:
            deal: the deal; where left out, the scenario's own one on other terms, or one made of the terms.
            add: whether the scenario keeps the deals that it has.
            terms: terms of `Deal` that are to be others.

        Raises:
            ScenarioError: the terms are unknown, contradict each other, or say too little.
        """
        if deal is None:
            deal = self._only_deal(add=add, terms=terms)
        elif terms:
            deal = deal.changed(**terms)
        deals = (*self.deals, deal) if add else (deal,)
        return replace(self, deals=deals, title="; ".join(item.title for item in deals), why="")

    def without_deals(self) -> Scenario:
        """Return the scenario without its deals."""
        return replace(self, deals=(), title="", why="")

    def _only_deal(self, *, add: bool, terms: Mapping[str, Any]) -> Deal:
        """Return the scenario's deal on other terms, or a deal that is made of the terms where it has none."""
        if not terms:
            raise ScenarioError("with_deal needs a deal, or terms of one, as in with_deal(amount=70)")
        if self.deals and not add:
            if len(self.deals) > 1:
                raise ScenarioError(f"{self.name} holds {len(self.deals)} deals: give with_deal the deal itself")
            return self.deals[0].changed(**terms)
        for name in ("start", "amount", "recipients"):
            if name not in terms:
                raise ScenarioError(f"a new deal needs {name}, as in with_deal(start=..., amount=..., recipients=...)")
        made = Deal(
            f"deal {len(self.deals) + 1}",
            terms["start"],
            terms["amount"],
            recipients=terms["recipients"],
            **{name: terms[name] for name in ("instrument", "funders") if name in terms},
        )
        return made.changed(**terms)

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
            "firms": {name: override.describe() for name, override in self.firms.items()},
        }


def scenario_of(content: Mapping[str, Any], source: str = "") -> Scenario:
    """Return the scenario that plain values describe, as `Scenario.describe` returns them."""
    return Scenario(
        **{key: content[key] for key in ("name", "title", "why", "start", "parameters")},
        changes=tuple(Change(**c) for c in content["changes"]),
        deals=tuple(deal_of(d) for d in content["deals"]),
        entries=tuple(Entry(**e) for e in content["entries"]),
        firms={name: override_of(item) for name, item in content.get("firms", {}).items()},
        source=source,
    )


def scenarios() -> Catalogue[Scenario]:
    """Return the scenarios that come with the model, by name.

    Examples:
        >>> import aimarket
        >>> [name for name in aimarket.scenarios() if name.startswith("financing")]
        ['financing_aligned', 'financing_coreweave', 'financing_hyperion', 'financing_valor', 'financing_vendor_equity']
    """
    folder = files("aimarket.model").joinpath("data", "scenarios")
    names = sorted(item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml"))
    found = {name: load_scenario(name) for name in names}
    return Catalogue({"baseline": found.pop("baseline"), **found})


def load_scenario(scenario: AnyPath | Scenario) -> Scenario:
    """Return a scenario by name, from a file, or as it is.

    Args:
        scenario: the name of one that comes with the model, or a path that ends in .toml.

    Raises:
        ScenarioError: there is none of that name, or the file says something wrong.

    Examples:
        >>> import aimarket
        >>> aimarket.load_scenario("chip_shock").title
        "35 % of the world's chip capacity is lost for two years"
    """
    if isinstance(scenario, Scenario):
        return scenario
    written = os.fsdecode(scenario)
    if written.endswith(".toml"):
        path = located(written)
        name, source = unicode_text(path.stem), unicode_text(written)
        return parse_scenario(read_text(path, "scenario", ScenarioError), name, source)
    folder = files("aimarket.model").joinpath("data", "scenarios")
    file = folder.joinpath(f"{written}.toml")
    if not written.isidentifier() or not file.is_file():
        known = [item.name.removesuffix(".toml") for item in folder.iterdir()]
        raise ScenarioError(unknown_name("the model", written, known).replace("has no", "has no scenario"))
    return parse_scenario(file.read_text(encoding="utf-8"), written, f"{written}.toml")


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
    location = Place(source, error=ScenarioError)
    values = location.read(content, SCENARIO_KEYS)
    return Scenario(
        name=name,
        title=values.get("title", ""),
        why=values.get("why", ""),
        start=values.get("start", USUAL_START),
        parameters=location.parameters(content.get("parameters", {})),
        changes=_changes(location, content),
        deals=_deals(location, content),
        entries=tuple(_entry(location.inside("entries", i), item) for i, item in location.tables(content, "entries")),
        firms=read_overrides(location, content),
        source=source,
    )


def _deals(location: Place, content: Mapping[str, Any]) -> tuple[Deal, ...]:
    """Read the deals, each with a name of its own."""
    found: list[Deal] = []
    for number, item in location.tables(content, "deals"):
        deal = read_deal(location.inside("deals", number), item, number)
        if deal.name in [other.name for other in found]:
            raise location.inside("deals", number).fail(
                f"two deals are called {deal.name!r}: give each a name of its own"
            )
        if "name" not in item and deal in [replace(other, name=deal.name) for other in found]:
            raise location.inside("deals", number).fail(
                "it is a deal above once more: give it a name if both are meant"
            )
        found.append(deal)
    return tuple(found)


def _changes(location: Place, content: Mapping[str, Any]) -> tuple[Change, ...]:
    """Read the changes, each of them once."""
    found: list[Change] = []
    for number, item in location.tables(content, "changes"):
        change = _change(location.inside("changes", number), item)
        if change in found:
            raise location.inside("changes", number).fail("it is a change above once more: say it once")
        found.append(change)
    return tuple(found)


def _change(location: Place, item: Mapping[str, Any]) -> Change:
    """Read a change of a parameter."""
    values = location.read(item, CHANGE_KEYS)
    ways = [way for way in WAYS if way in values]
    if len(ways) != 1:
        raise location.fail("a change needs exactly one of multiply, add, set")
    if "until" in values and values["until"] < values["from"]:
        raise location.fail(f"until = {item['until']} is before from = {item['from']}")
    try:
        return Change(
            values["parameter"],
            values["from"],
            values.get("until"),
            ways[0],
            values[ways[0]],
            values.get("firms", ()),
            values.get("why", ""),
        )
    except ScenarioError as error:
        raise location.fail(str(error)) from None


def _entry(location: Place, item: Mapping[str, Any]) -> Entry:
    """Read an entry."""
    values = location.read(item, ENTRY_KEYS)
    return Entry(values["firm"], values["date"], values.get("why", ""))


_OF_SCENARIO, _OF_CHANGE = meanings(Scenario), meanings(Change)
SCENARIO_KEYS = (
    Key("title", TEXT, _OF_SCENARIO.get("title", "")),
    Key("why", TEXT, _OF_SCENARIO.get("why", "")),
    Key("start", Form(DATED.words, TEXT.take), "the quarter whose end the run starts from", usual=USUAL_START),
    Key("parameters", elsewhere("table, written [parameters]"), _OF_SCENARIO.get("parameters", "")),
    Key("changes", elsewhere("list of tables, written [[changes]]"), _OF_SCENARIO.get("changes", "")),
    Key("deals", elsewhere("list of tables, written [[deals]]"), _OF_SCENARIO.get("deals", "")),
    Key("entries", elsewhere("list of tables, written [[entries]]"), _OF_SCENARIO.get("entries", "")),
    Key("firms", elsewhere('table a firm, written [firms."NAME"]'), _OF_SCENARIO.get("firms", "")),
)
CHANGE_KEYS = (
    Key("parameter", TEXT, "its name; `aimarket parameters` lists them all", needed=True),
    Key("from", DATED, "its first quarter", needed=True),
    Key("until", DATED, "its last quarter", usual="for good"),
    Key("multiply", ANY_VALUE, "a factor on the value that holds without it"),
    Key("add", ANY_VALUE, "what is added to that value"),
    Key("set", ANY_VALUE, "the value itself; a change has exactly one of multiply, add, set"),
    Key("firms", NAMES, "the firms it differs for", usual="all"),
    Key("why", TEXT, _OF_CHANGE.get("why", "")),
)
ENTRY_KEYS = (
    Key("firm", TEXT, "a lab or vendor that is dormant at the start", needed=True),
    Key("date", DATED, "its first quarter", needed=True),
    Key("why", TEXT, meanings(Entry).get("why", "")),
)
