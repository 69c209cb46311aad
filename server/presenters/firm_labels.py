"""Labels of firms in the pages: short names, colours and kinds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from ...model.deals.recipients import taker

if TYPE_CHECKING:
    from ..sessions.twin_run import TwinRun

KIND_TOKENS: Mapping[str, str] = MappingProxyType(
    {
        "ai_labs": "labs",
        "chip_vendors": "chips",
        "energy_suppliers": "power",
        "equipment_suppliers": "works",
        "asset_managers": "capital",
        "clouds": "clouds",
        "vehicles": "deal",
    }
)
"""A kind's colour, by the name of the style's variable: the colour of what it delivers."""

KIND_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "ai_labs": "AI lab",
        "chip_vendors": "Chip vendor",
        "energy_suppliers": "Energy supplier",
        "equipment_suppliers": "Equipment supplier",
        "asset_managers": "Asset manager",
        "clouds": "Cloud",
        "vehicles": "Leasing vehicle",
    }
)

LAB_TOKENS: Mapping[str, str] = MappingProxyType(
    {"OpenAI": "openai", "Anthropic": "anthropic", "Google DeepMind": "google", "Meta": "meta", "xAI": "xai"}
)
"""Labels for people, like the names themselves: a lab that is not here wears the colour of its kind."""

SHORT_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "Google DeepMind": "DeepMind",
        "Broadcom and Google TPU": "Broadcom, TPU",
        "AMD and AWS Trainium": "AMD, Trainium",
        "Sovereign and growth equity": "Sovereign, growth",
        "Insurers and investment-grade credit": "Insurers",
        "Clusters and networking": "Clusters, network",
        "Renewables with storage": "Renewables, storage",
        "On-site gas and fuel cells": "On-site gas",
        "Nuclear and hydro": "Nuclear, hydro",
        "Legacy peakers": "Peakers",
        "Venture capital": "Venture",
    }
)
"""Names that are too long for a label."""


def short_name(name: str) -> str:
    """Return a name as short as a label needs it."""
    return SHORT_NAMES.get(name, name)


def kind_of(run: TwinRun, name: str) -> str:
    """Return the kind of a firm; empty if there is no such firm."""
    return next((kind for kind, names in run.firms.items() if name in names), "")


def token(run: TwinRun, name: str) -> str:
    """Return the style's variable that holds a firm's colour."""
    return LAB_TOKENS.get(name) or KIND_TOKENS.get(kind_of(run, name), "labs")


def taker_of(run: TwinRun, name: str) -> str:
    """Return the lab or cloud in whose books a deal for a firm stands: a housed lab's parent, else the firm itself."""
    return taker(run.parents, name)


def recipients(run: TwinRun) -> tuple[str, ...]:
    """Return the labs and clouds that a deal of the scenario goes to, the largest part first."""
    parts: dict[str, float] = {}
    for deal in run.case.deals:
        for name, part in deal.recipients.items():
            parts[name] = parts.get(name, 0.0) + part * deal.amount
    return tuple(sorted(parts, key=lambda name: -parts[name]))


def focus(run: TwinRun) -> str:
    """Return the lab that a page is about: the one that receives the deal, Anthropic where none or several do."""
    labs = run.firms["ai_labs"]
    found = [name for name in recipients(run) if name in labs]
    return found[0] if len(found) == 1 else "Anthropic" if "Anthropic" in labs else labs[0]
