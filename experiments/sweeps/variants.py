"""Variants: one deal on several terms, crossed: who gets it, by which instrument, bound to what, how much."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, NamedTuple

from ...agents.state.shown import shown
from ...model.deals.deal import Deal
from ...model.deals.earmarks import USES
from ...model.deals.terms import INSTRUMENTS, LARGEST_DEAL
from ...model.deals.terms import TERMS as TERMS_OF
from ...model.inputs.value_forms import Key, elsewhere
from ...model.scenarios.scenario import Scenario
from ...model.scenarios.toml_reader import Place

TERM_KEYS = (
    Key("recipient", elsewhere("list of labs and clouds"), "who gets the whole amount"),
    Key("instrument", elsewhere(f"list of {', '.join(INSTRUMENTS)}"), "how it is given"),
    Key(
        "earmark",
        elsewhere("table of earmarks by name, written [deal.earmark]"),
        "what it is bound to; instruments without earmarks leave it out",
    ),
    Key("amount", elsewhere("list of numbers, USD bn"), "how much"),
)
TERMS = tuple(key.name for key in TERM_KEYS)
MOST_VARIANTS = 500


@shown()
class Variant(NamedTuple):
    """A scenario, and how its deal differs from the others'.

    Attributes:
        scenario: what happens.
        terms: by term of the deal that is varied, what it is here.
    """

    scenario: Scenario
    terms: Mapping[str, str]


def variants_of(scenarios: Sequence[Scenario], terms: Mapping[str, Any], location: Place) -> tuple[Variant, ...]:
    """Return every scenario in every combination of the terms of its deal.

    Args:
        scenarios: the scenarios, each with exactly one deal where terms are varied.
        terms: by term, its values: lists for ``recipient``, ``instrument`` and ``amount``, a table of named earmarks
            for ``earmark``.
        location: where they are said, for messages.
    """
    if not isinstance(terms, Mapping):
        raise location.fail("the terms of the deal are a table, written [deal]")
    if not terms:
        return tuple(Variant(scenario, {}) for scenario in scenarios)
    location.keys(terms, TERMS)
    choices = [list(_choices(term, terms[term], location).items()) for term in terms]
    count = len(scenarios) * math.prod(map(len, choices))
    if count > MOST_VARIANTS:
        raise location.fail(f"the terms make {count:,} variants; at most {MOST_VARIANTS}")
    return tuple(
        _variant(scenario, dict(zip(terms, combination, strict=True)), location)
        for scenario in scenarios
        for combination in product(*choices)
    )


def _choices(term: str, value: Any, location: Place) -> dict[str, Any]:
    """Return the values of a term by name."""
    if term == "earmark":
        if not isinstance(value, dict) or not value:
            raise location.fail("earmark names earmarks, as in earmark.chips = { chips = 1.0 }")
        found = {name: location.parts(value, name, whole=False) for name in value}
        for parts in found.values():
            location.keys(parts, USES)
        return found
    if not isinstance(value, list) or not value or len(set(map(str, value))) < len(value):
        raise location.fail(f"{term} is a list of different values")
    if term == "amount":
        return _amounts(value, location)
    for item in value:
        if not isinstance(item, str) or (term == "instrument" and item not in INSTRUMENTS):
            allowed = f"; instruments are {', '.join(INSTRUMENTS)}" if term == "instrument" else ""
            raise location.fail(f"{term} = {item!r} is no {term}{allowed}")
    return {item: item for item in value}


def _amounts(value: list[Any], location: Place) -> dict[str, float]:
    """Return amounts by name, or say that two of them have the same."""
    numbers = [location.number({"amount": item}, "amount", 0.0, LARGEST_DEAL) for item in value]
    amounts = {f"{number:g}": number for number in numbers}
    if len(amounts) < len(value):
        raise location.fail("amount has values that are the same in six figures: keep one of them")
    return amounts


def _variant(scenario: Scenario, chosen: Mapping[str, tuple[str, Any]], location: Place) -> Variant:
    """Return a scenario whose only deal has the chosen terms."""
    if len(scenario.deals) != 1:
        raise location.fail(
            f"{scenario.name} holds {len(scenario.deals)} deals; the terms of exactly one can be varied"
        )
    names = {term: name for term, (name, _) in chosen.items()}
    deal = _deal_on({term: value for term, (_, value) in chosen.items()}, scenario.deals[0])
    label = ", ".join(f"{term} {name}" for term, name in names.items())
    return Variant(replace(scenario, name=f"{scenario.name}: {label}", deals=(deal,)), names)


def _deal_on(values: Mapping[str, Any], deal: Deal) -> Deal:
    """Return a deal on other terms; crossed terms that its instrument does not have are left out."""
    instrument = values.get("instrument", deal.instrument)
    changed = {term: value for term, value in values.items() if instrument in TERMS_OF.get(term, (instrument,))}
    if "recipient" in changed:
        changed["recipients"] = {changed.pop("recipient"): 1.0}
    return deal.changed(**changed)
