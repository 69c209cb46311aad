"""Deals in scenario files: reading one, with every mistake named with its place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..agents.state.numbers import exact
from ..agents.state.table import unknown_name
from .deals import (
    ASSETS,
    HIGHEST_COUPON,
    HIGHEST_COVENANT,
    INSTRUMENTS,
    LARGEST_DEAL,
    LONGEST_DRAW,
    LONGEST_TERM,
    MOST_TRANCHES,
    Condition,
    Deal,
    Tranche,
)
from .earmarks import USES
from .place import LARGEST_NUMBER, Place

NEEDED = ("date", "amount", "recipients")
KNOWN = (
    "name", *NEEDED, "instrument", "funders", "earmark", "draw", "why", "when", "tranches", "asset", "supplier",
    "guarantee", "syndicated", "term", "covenant",
)  # fmt: skip


def read_deal(place: Place, item: Mapping[str, Any]) -> Deal:
    """Return the deal that a table of a scenario file describes.

    Raises:
        ScenarioError: something in it is unknown, out of range or contradicts something else.
    """
    place.keys(item, KNOWN, NEEDED)
    instrument = _choice(place, item, "instrument", INSTRUMENTS)
    earmark = place.parts(item, "earmark", whole=False)
    place.keys(earmark, USES)
    draw = item.get("draw", [1.0])
    if not isinstance(draw, list) or not 1 <= len(draw) <= LONGEST_DRAW:
        raise place.fail(f"draw has to be a list of 1 to {LONGEST_DRAW} parts")
    parts = place.parts({"draw": {str(i): part for i, part in enumerate(draw)}}, "draw", whole=True)
    return Deal(
        name=place.text(item, "name") or place.where,
        start=place.quarter(item, "date"),
        amount=place.number(item, "amount", 0.0, LARGEST_DEAL),
        instrument=instrument,
        recipients=place.parts(item, "recipients", whole=True),
        funders=place.parts(item, "funders", whole=instrument != "vendor"),
        earmark=earmark,
        draw=tuple(parts.values()),
        why=place.text(item, "why"),
        **_terms(place, item),
    )


def _terms(place: Place, item: Mapping[str, Any]) -> dict[str, Any]:
    """Return the terms that a deal may leave out."""
    terms: dict[str, Any] = {
        "condition": _condition(place, item),
        "tranches": _tranches(place, item),
        "asset": _choice(place, item, "asset", ASSETS),
        "supplier": place.text(item, "supplier"),
    }
    if "syndicated" in item:
        terms["syndicated"] = place.number(item, "syndicated", 0.0, 1.0)
    if "term" in item:
        terms["term"] = _whole(place, item, "term", LONGEST_TERM)
    if "guarantee" in item:
        given = _table(place, item, "guarantee", ("by", "up_to"))
        terms |= {"guarantor": place.text(given, "by"), "guarantee": place.number(given, "up_to", 0.0, LARGEST_DEAL)}
    if "covenant" in item:
        given = _table(place, item, "covenant", ("coverage", "quarters"))
        terms["covenant"] = place.number(given, "coverage", 0.0, HIGHEST_COVENANT)
        terms["grace"] = _whole(place, given, "quarters", LONGEST_DRAW)
    return terms


def _choice(place: Place, item: Mapping[str, Any], key: str, known: tuple[str, ...]) -> str:
    """Return one of some words; the first where none is given."""
    value = place.text(item, key) or known[0]
    if value not in known:
        raise place.fail(unknown_name("a deal", value, known) + f"; {key}s are {', '.join(known)}")
    return value


def _table(place: Place, item: Mapping[str, Any], key: str, known: tuple[str, ...]) -> Mapping[str, Any]:
    """Return an inline table all of whose keys are needed."""
    value = item[key]
    if not isinstance(value, dict):
        raise place.fail(f"{key} has to be a table, as in {key} = {{ {known[0]} = ..., {known[1]} = ... }}")
    place.inside(key).keys(value, known, known)
    return value


def _whole(place: Place, item: Mapping[str, Any], key: str, most: int) -> int:
    """Return a whole number of quarters from 1."""
    value = place.number(item, key, 1, most)
    if value != int(value):
        raise place.fail(f"{key} = {exact(value)} is not a whole number of quarters")
    return int(value)


def _condition(place: Place, item: Mapping[str, Any]) -> Condition | None:
    """Return what a deal waits for."""
    if "when" not in item:
        return None
    given, inside = item["when"], place.inside("when")
    if not isinstance(given, dict):
        raise place.fail('when has to be a table, as in when = { indicator = "ai_revenue", above = 30.0 }')
    inside.keys(given, ("indicator", "above", "below"), ("indicator",))
    bounds = {
        key: inside.number(given, key, -LARGEST_NUMBER, LARGEST_NUMBER) for key in ("above", "below") if key in given
    }
    if len(bounds) != 1:
        raise inside.fail("a condition needs one of above, below")
    return Condition(inside.text(given, "indicator"), **bounds)


def _tranches(place: Place, item: Mapping[str, Any]) -> tuple[Tranche, ...]:
    """Return a vehicle's tranches."""
    found = []
    for number, given in place.tables(item, "tranches"):
        inside = place.inside("tranches", number)
        inside.keys(given, ("name", "part", "rate", "rank", "guaranteed"), ("name", "part", "rate"))
        guaranteed = given.get("guaranteed", False)
        if not isinstance(guaranteed, bool):
            raise inside.fail("guaranteed has to be true or false")
        found.append(
            Tranche(
                inside.text(given, "name"),
                inside.number(given, "part", 0.0, 1.0),
                inside.number(given, "rate", 0.0, HIGHEST_COUPON),
                _whole(inside, given, "rank", MOST_TRANCHES) if "rank" in given else 1,
                guaranteed,
            )
        )
    return tuple(found)
