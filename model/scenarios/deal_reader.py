"""Deals in scenario files: the keys there are, reading one with every mistake named with its place, and writing one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from ..dates import quarter_date
from ..deals.deal import DEFAULTS, Condition, Deal, ScenarioError, Tranche
from ..deals.terms import BOUNDS, CALLED, CONDITION_FORMS, DEAL_TERMS, TABLES, TERMS, TRANCHE_FORMS, Term
from ..inputs.value_forms import Key, meanings, table
from .toml_reader import Place

MEANINGS = meanings(Deal)


def _keys() -> tuple[Key, ...]:
    """Return the keys of a deal: one a term, and one for each table in which several stand."""
    found = {}
    for term in DEAL_TERMS:
        head, inner = term.place
        if not inner:
            found[head] = _key(term)
        elif head in TABLES:
            example, doc = TABLES[head]
            found[head] = Key(head, table(example), doc + _owners(term.name))
    return tuple(found.values())


def _keys_in(head: str) -> tuple[Key, ...]:
    """Return the keys of a table in which several terms stand."""
    return tuple(_key(term) for term in DEAL_TERMS if term.place[0] == head and term.place[1])


def _key(term: Term) -> Key:
    """Return the key of a term, with the meaning that the term has."""
    doc = (term.doc or MEANINGS.get(term.name, "")) + _owners(term.name)
    return Key(term.place[1] or term.place[0], term.written or term.form, doc, needed=term.needed, usual=term.usual)


def _owners(name: str) -> str:
    """Return in words which instruments have a term; nothing where all do."""
    return "" if name not in TERMS else f"; for {' or '.join(map(CALLED.__getitem__, TERMS[name]))}"


DEAL_KEYS = _keys()
GUARANTEE_KEYS, COVENANT_KEYS = _keys_in("guarantee"), _keys_in("covenant")
CONDITION_KEYS = tuple(
    Key(name, form, "an indicator of the model; docs/odd.md lists them", needed=True)
    if name not in BOUNDS
    else Key(name, form, meanings(Condition).get(name, ""))
    for name, form in CONDITION_FORMS.items()
)
TRANCHE_KEYS = tuple(
    Key(name, form, meanings(Tranche).get(name, ""), needed=name in ("name", "part", "rate"),
        usual={"rank": "1", "guaranteed": "false"}.get(name, ""))
    for name, form in TRANCHE_FORMS.items()
)  # fmt: skip
KEYS_OF: Mapping[str, tuple[Key, ...]] = MappingProxyType({
    "when": CONDITION_KEYS,
    "guarantee": GUARANTEE_KEYS,
    "covenant": COVENANT_KEYS,
    "tranches": TRANCHE_KEYS,
})  # fmt: skip
"""The keys of the tables in a deal."""


def read_deal(place: Place, item: Mapping[str, Any], number: int = 0) -> Deal:
    """Return the deal that a table of a scenario file describes.

    Raises:
        ScenarioError: something in it is unknown, out of range or contradicts something else.
    """
    told = place.read({key: value for key, value in item.items() if value != {} or key == "recipients"}, DEAL_KEYS)
    told["name"] = told.get("name") or f"deal {number + 1}"
    for head in (name for name in TABLES if name in told):
        told[head] = place.inside(head).read(told[head], KEYS_OF[head])
    if "covenant" in told and not told["covenant"]["coverage"]:
        raise place.fail("covenant, coverage = 0 covenants nothing: give a value above 0, or leave covenant out")
    terms = {term.name: _value(place, told, term) for term in DEAL_TERMS if term.place[0] in told}
    try:
        return replace(Deal(**{**terms, "name": place.where}), name=told["name"])
    except ScenarioError as error:
        raise place.error(str(error)) from None


def _value(place: Place, told: Mapping[str, Any], term: Term) -> Any:
    """Return the value of a term that a file gives."""
    head, inner = term.place
    if term.name == "condition":
        return _condition(place.inside(head), told[head])
    if term.name == "tranches":
        rows = place.tables(told, head)
        return tuple(Tranche(**place.inside(head, number).read(given, TRANCHE_KEYS)) for number, given in rows)
    return told[head][inner] if inner else told[head]


def _condition(place: Place, given: Mapping[str, Any]) -> Condition:
    """Return what a deal waits for."""
    told = place.read(given, CONDITION_KEYS)
    if len(told) != len(("indicator", "bound")):
        raise place.fail("a condition needs one of above, below")
    return Condition(**told)


def deal_table(deal: Deal) -> dict[str, Any]:
    """Return a deal as a table of a file, without the terms that are the usual ones."""
    found: dict[str, Any] = {}
    for term in DEAL_TERMS:
        value, (head, inner) = getattr(deal, term.name), term.place
        if term.always or value != DEFAULTS[term.name]:
            owner = found.setdefault(head, {}) if inner else found
            owner[inner or head] = quarter_date(value) if term.name == "start" else _plain(value)
    return found


def _plain(value: Any) -> Any:
    """Return a value as a file holds it: tables and lists in the place of objects."""
    if isinstance(value, Condition | Tranche):
        return {name: part for name, part in vars(value).items() if part is not None}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return dict(value) if isinstance(value, Mapping) else value
