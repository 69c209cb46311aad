"""What a link says of the scenarios that are compared: two to four, one of which may be the link's own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from .limits import FEWEST_COMPARED, LONGEST_ECHO, MOST_COMPARED

if TYPE_CHECKING:
    from .view_state import View

OWN = "own"
"""What a link calls its own scenario among those that are compared, with its deal."""

BASELINE = "baseline"
ACCOUNTS = (BASELINE, "deal_35bn", "deal_reported")
"""The world without the deal, and the two accounts of it."""

PRESETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Both accounts": ACCOUNTS,
        "Who gets the money": ("deal_35bn", "deal_frontrunner", "deal_challenger", "deal_split"),
        "What could go wrong": (BASELINE, "demand_winter", "credit_crunch", "triple_squeeze"),
    }
)
"""Comparisons that one press asks for; the first scenario of each is the one that others are held against."""


def checked_names(text: str) -> str:
    """Return the names of compared scenarios such as ``baseline,own``, or say that they are none."""
    from .view_state import known_scenarios

    names = text.split(",")
    if not FEWEST_COMPARED <= len(names) <= MOST_COMPARED or len(set(names)) < len(names):
        raise ValueError(f"{FEWEST_COMPARED} to {MOST_COMPARED} scenarios are compared, each once")
    for name in names:
        if name != OWN and name not in known_scenarios():
            raise ValueError(f"there is no scenario “{name[:LONGEST_ECHO]}”")
    return text


def checked_lab(text: str) -> str:
    """Return the name of a lab that is there at the start, or say that it is none."""
    if text not in labs():
        raise ValueError(f"it is none of {', '.join(labs())}")
    return text


def labs() -> tuple[str, ...]:
    """Return the labs that are there at the start."""
    from ...model.initial_state import load_start

    return tuple(name for name, active in load_start().roster["ai_labs"] if active)


def names_of(view: View) -> tuple[str, ...]:
    """Return the scenarios that a view compares, the one first that others are held against.

    Where its link says nothing, these are the baseline, the view's own and the accounts of the deal.
    """
    said = view.extra.get("compare")
    if said:
        return tuple(said.split(","))
    same = view.scenario if view.deal is None and view.file is None else ""
    usual = dict.fromkeys(OWN if name == same else name for name in (BASELINE, OWN, *ACCOUNTS))
    return tuple(usual)[:MOST_COMPARED]


def plain_name(view: View, name: str) -> str:
    """Return a compared scenario by its own name, the view's own, too, where it holds no other deal."""
    return view.scenario if name == OWN and view.deal is None and view.file is None else name


def view_of(view: View, name: str) -> View:
    """Return the view of one of the compared scenarios: the same seed and settings, no larger deal than may be."""
    from .custom_deal import bounded

    return view if name == OWN else bounded(replace(view, scenario=name, file=None, deal=None))[0]
