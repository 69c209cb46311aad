"""Firm overrides: firms that differ from others of their kind, by parameters or by the class that decides for them.

A file can come from a stranger: it names one of the classes that are listed here, and nothing in it is imported or run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.alternatives.cautious_lab import CautiousLab
from ...agents.alternatives.momentum_manager import MomentumManager
from ...agents.state.numbers import echo
from ...agents.state.population import MarketAgent
from ...agents.state.table import unknown_name
from ..deals.deal import ScenarioError
from ..inputs.value_forms import TEXT, Key, elsewhere, known, meanings
from ..parameters import laid_over, parameters
from .toml_reader import Place

if TYPE_CHECKING:
    from ..initial_state import Start
    from .scenario import Scenario

BEHAVIOURS: Mapping[str, type[MarketAgent]] = MappingProxyType(
    {
        "cautious": CautiousLab,
        "momentum": MomentumManager,
    }
)
"""The classes that a scenario may name, each under a word of its own."""


@dataclass(frozen=True)
class FirmOverride:
    """How a scenario lets one firm differ from others of its kind, from the first quarter on.

    Attributes:
        behaviour: the word of the class that decides for it, of `BEHAVIOURS`; the kind's own rules when empty.
        parameters: values of its own, whatever holds for the others.
        why: the reason.
    """

    behaviour: str = ""
    parameters: Mapping[str, float] = field(default_factory=dict)
    why: str = ""

    def describe(self) -> dict[str, Any]:
        """Return the override as plain values, as a file writes them; what is not said is left out."""
        content = {"class": self.behaviour, "parameters": dict(self.parameters), "why": self.why}
        return {key: value for key, value in content.items() if value}


def override_of(content: Mapping[str, Any]) -> FirmOverride:
    """Return the override that plain values describe, as `FirmOverride.describe` returns them."""
    return FirmOverride(content.get("class", ""), dict(content.get("parameters", {})), content.get("why", ""))


def read_overrides(location: Place, content: Mapping[str, Any]) -> dict[str, FirmOverride]:
    """Return the overrides that a file gives firms, by name.

    Raises:
        ValueError: of the location's own class; a class is not listed, or a parameter unknown or out of its range.
    """
    tables = content.get("firms", {})
    if not isinstance(tables, dict) or not all(isinstance(item, dict) for item in tables.values()):
        raise location.fail('firms has to be a table a firm, written [firms."NAME"]')
    return {name: _override(location.inside(f"firms, {name}"), item) for name, item in tables.items()}


def _override(location: Place, item: Mapping[str, Any]) -> FirmOverride:
    """Read the override of one firm."""
    location.keys(item, *known(OVERRIDE_KEYS))
    behaviour = item.get("class", "")
    if "class" in item and behaviour not in tuple(BEHAVIOURS):
        listed = ", ".join(BEHAVIOURS)
        raise location.fail(
            f"class = {echo(behaviour)} is none of {listed}; a scenario names a class and brings no code"
        )
    override = FirmOverride(behaviour, location.parameters(item.get("parameters", {})), location.text(item, "why"))
    if not override.behaviour and not override.parameters:
        raise location.fail("it differs in nothing: give class or parameters, or leave it out")
    return override


_OF_OVERRIDE = meanings(FirmOverride)
OVERRIDE_KEYS = (
    Key("class", elsewhere(" or ".join(BEHAVIOURS)), "what decides for it"),
    Key("parameters", elsewhere("table of parameters"), _OF_OVERRIDE.get("parameters", "")),
    Key("why", TEXT, _OF_OVERRIDE.get("why", "")),
)


def classes_of(case: Scenario, start: Start) -> dict[str, type[MarketAgent]]:
    """Return the classes that a scenario names, by firm.

    Raises:
        ScenarioError: there is no such firm, it is of another kind, or no class has that name.
    """
    found: dict[str, type[MarketAgent]] = {}
    for name, override in case.firms.items():
        kind = _kind_of(name, start.roster, case.source)
        if not override.behaviour:
            continue
        cls = BEHAVIOURS.get(override.behaviour)
        if cls is None:
            raise ScenarioError(f"{case.source}, {name}: {unknown_name('the model', override.behaviour, BEHAVIOURS)}")
        if cls.group != kind:
            raise ScenarioError(
                f"{case.source}: {name} is one of {kind}, and {override.behaviour!r} is for {cls.group}"
            )
        found[name] = cls
    return found


def by_firm(start: Start) -> dict[str, np.ndarray]:
    """Return the parameters in which a start lets firms differ, shape (n, 1): its stocks, then its roster.

    Raises:
        ValueError: firms cannot differ in a parameter; own_values says the rest.
    """
    known = parameters()
    found = {
        name: start.array(kind, name) / 1.0
        for kind in start.roster
        for name in start.stocks.get(kind, {})
        if name in known
    }
    for name in found:
        if known[name].shared:
            raise ValueError(f"the start gives {name} one a firm, and it is one number for all firms")
    own = own_values(start.parameters, start, "the roster")
    return found | {name: laid_over(found.get(name, known[name].default), value) for name, value in own.items()}


def own_values(given: Mapping[str, Mapping[str, Any]], start: Start, source: str) -> dict[str, np.ndarray]:
    """Return values of firms' own by parameter, shape (n, 1), not a number where a firm has none.

    Args:
        given: by firm, values by parameter.
        start: who takes part.
        source: what messages call the location where they were given.

    Raises:
        ScenarioError: there is no such firm, firms of its kind have no such parameter or cannot differ in it, or the
            value is out of its range.
    """
    found: dict[str, np.ndarray] = {}
    for firm, name, value in _each(given):
        kind = _kind_of(firm, start.roster, source)
        where = f"{source}, {firm}"
        if name not in parameters():
            raise ScenarioError(f"{where}: {unknown_name('the model', name, parameters())}")
        item = parameters()[name]
        if item.shared or item.structural or item.group not in start.roster:
            raise ScenarioError(f"{where}: {name} is one number for all firms; set it under [parameters]")
        if item.group != kind:
            raise ScenarioError(f"{where}: {name} is a parameter of {item.group}, and {firm} is one of {kind}")
        try:
            checked = item.check(value)
        except (TypeError, ValueError) as error:
            raise ScenarioError(f"{where}: {error}") from None
        column = found.setdefault(name, np.full((len(start.roster[kind]), 1), np.nan))
        column[start.names(kind).index(firm)] = checked
    return found


def _each(given: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str, Any]]:
    """Yield firm, parameter and value."""
    for firm, values in given.items():
        for name, value in values.items():
            yield firm, name, value


def _kind_of(name: str, roster: Mapping[str, tuple[tuple[str, bool], ...]], source: str) -> str:
    """Return the kind of a firm, or say that there is none of that name."""
    kinds = {firm: kind for kind, firms in roster.items() for firm, _ in firms}
    if name not in kinds:
        raise ScenarioError(f"{source}: {unknown_name('the roster', name, kinds)}")
    return kinds[name]
