"""Deals in scenario files: the keys there are, and reading one, with every mistake named with its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ..deals.deal import (
    ANY_VALUE,
    ASSETS,
    CALLED,
    DEFAULTS,
    FORMS,
    INSTRUMENTS,
    TERMS,
    TRANCHE_FORMS,
    USUAL_TERM,
    Condition,
    Deal,
    ScenarioError,
    Tranche,
)
from ..inputs.value_forms import DATED, TEXT, Form, Key, elsewhere, meanings, table
from .toml_reader import Place

USUAL = {
    "name": "deal and its number",
    "instrument": INSTRUMENTS[0],
    "funders": "needed but for vendor credit",
    "draw": "all at once",
    "when": "it begins at its date",
    "tranches": "one of 7 %",
    "asset": ASSETS[0],
    "rate": "what lenders ask at each draw",
    "term": f"{USUAL_TERM} for a lease; a loan is paid back by the market's amortisation",
}
"""What holds where a key is left out, in words; for the others nothing does."""


def _key(name: str, term: str = "", form: Form | None = None, doc: str = "", *, needed: bool = False) -> Key:
    """Return a key that stands for a term of `Deal`, with the meaning that the term has there."""
    term = term or name
    of = "" if term not in TERMS else f"; for {' or '.join(map(CALLED.__getitem__, TERMS[term]))}"
    meaning = doc or MEANINGS.get(term, "")
    return Key(name, form or FORMS[term], meaning + of, needed=needed, usual=USUAL.get(name, ""))


MEANINGS = meanings(Deal)
DEAL_KEYS = (
    _key("name"),
    _key("date", "start", DATED, "the quarter of the announcement and of the first draw", needed=True),
    _key("amount", doc="the whole of it", needed=True),
    _key("instrument"),
    _key("recipients", needed=True),
    _key("funders"),
    _key("earmark"),
    _key("draw"),
    _key("rate", doc="interest, fixed at signing"),
    _key("term"),
    _key("syndicated"),
    _key("when", "condition", table('indicator = "ai_revenue", above = 30.0'), "what it waits for from its date on"),
    _key("covenant", "covenant", table("coverage = ..., quarters = ..."), "what the recipient has to keep"),
    _key("asset"),
    _key("supplier"),
    _key("tranches", "tranches", elsewhere("list of tables, written [[deals.tranches]]")),
    _key("guarantee", "guarantee", table("by = ..., up_to = ..."), "who stands behind guaranteed tranches"),
    _key("why"),
)
GUARANTEE_KEYS = (_key("by", "guarantor", needed=True), _key("up_to", "guarantee", needed=True))
COVENANT_KEYS = (
    _key("coverage", "covenant", doc="least coverage ratio of the recipient, above 0", needed=True),
    _key("quarters", "grace", needed=True),
)
CONDITION_KEYS = (
    Key("indicator", TEXT, "an indicator of the model; docs/odd.md lists them", needed=True),
    Key("above", ANY_VALUE, meanings(Condition).get("above", "")),
    Key("below", ANY_VALUE, meanings(Condition).get("below", "")),
)
TRANCHE_KEYS = tuple(
    Key(name, form, meanings(Tranche).get(name, ""), needed=name in ("name", "part", "rate"),
        usual={"rank": "1", "guaranteed": "false"}.get(name, ""))
    for name, form in TRANCHE_FORMS.items()
)  # fmt: skip
RENAMED = {"date": "start", "when": "condition", "covenant": "", "guarantee": ""}
"""Keys that have another name in code; tables whose keys have are taken apart."""


def read_deal(place: Place, item: Mapping[str, Any], number: int = 0) -> Deal:
    """Return the deal that a table of a scenario file describes.

    Raises:
        ScenarioError: something in it is unknown, out of range or contradicts something else.
    """
    told = place.read({key: value for key, value in item.items() if value != {} or key == "recipients"}, DEAL_KEYS)
    name = told.pop("name", "") or f"deal {number + 1}"
    terms = {RENAMED.get(key, key): value for key, value in told.items() if RENAMED.get(key, key)}
    terms |= _nested(place, told)
    try:
        return replace(Deal(place.where, **terms), name=name)
    except ScenarioError as error:
        raise place.error(str(error)) from None


def told_terms(deal: Deal) -> dict[str, Any]:
    """Return the terms of a deal that are not the usual ones, as a file tells them."""
    plain = ("asset", "supplier", "syndicated", "rate", "term")
    told = {name: getattr(deal, name) for name in plain if getattr(deal, name) != DEFAULTS[name]}
    if deal.condition is not None:
        told["when"] = {name: value for name, value in vars(deal.condition).items() if value is not None}
    if deal.guarantor:
        told["guarantee"] = {"by": deal.guarantor, "up_to": deal.guarantee}
    if deal.covenant:
        told["covenant"] = {"coverage": deal.covenant, "quarters": deal.grace}
    if deal.tranches:
        told["tranches"] = [dict(vars(tranche)) for tranche in deal.tranches]
    return told


def _nested(place: Place, told: Mapping[str, Any]) -> dict[str, Any]:
    """Return the terms that stand in tables of their own."""
    terms: dict[str, Any] = {}
    if "when" in told:
        terms["condition"] = _condition(place.inside("when"), told["when"])
    if "tranches" in told:
        terms["tranches"] = tuple(
            Tranche(**place.inside("tranches", number).read(given, TRANCHE_KEYS))
            for number, given in place.tables(told, "tranches")
        )
    if "guarantee" in told:
        given = place.inside("guarantee").read(told["guarantee"], GUARANTEE_KEYS)
        terms |= {"guarantor": given["by"], "guarantee": given["up_to"]}
    if "covenant" in told:
        given = place.inside("covenant").read(told["covenant"], COVENANT_KEYS)
        if not given["coverage"]:
            raise place.fail("covenant, coverage = 0 covenants nothing: give a value above 0, or leave covenant out")
        terms |= {"covenant": given["coverage"], "grace": given["quarters"]}
    return terms


def _condition(place: Place, given: Mapping[str, Any]) -> Condition:
    """Return what a deal waits for."""
    told = place.read(given, CONDITION_KEYS)
    if len(told) != len(("indicator", "bound")):
        raise place.fail("a condition needs one of above, below")
    return Condition(**told)
