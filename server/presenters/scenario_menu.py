"""What visitors choose scenarios from: all that come with the model, by what happens in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..url.view_state import known_scenarios

if TYPE_CHECKING:
    from ...model.scenarios.scenario import Scenario

COMPARED, DEALS, FINANCINGS = "To compare with", "Deals", "Real financings"
SHOCKS, CONDUCT = "Shocks", "Entry and behaviour"
GROUPS = (COMPARED, DEALS, FINANCINGS, SHOCKS, CONDUCT)
"""The groups, in the order in which they are shown."""

REAL = "financing_"
"""How the names of scenarios begin that follow financings as they were announced."""


def groups() -> list[dict[str, Any]]:
    """Return the scenarios by group: its title, and of each scenario name, label, title and reason."""
    found: dict[str, list[dict[str, str]]] = {title: [] for title in GROUPS}
    for name, case in known_scenarios().items():
        why = " ".join(case.why.split())
        found[group_of(case)].append({"name": name, "label": label(name), "title": case.title.rstrip("."), "why": why})
    return [{"title": title, "items": items} for title, items in found.items() if items]


def group_of(case: Scenario) -> str:
    """Return the title of the group that a scenario belongs to, found by what it changes.

    Who enters or decides by another rule comes before a deal, and a deal before a shock that it meets; a parameter that
    differs throughout is a way to behave, as where vendors lend to their customers.
    """
    if is_real(case):
        return FINANCINGS
    if case.entries or any(firm.behaviour for firm in case.firms.values()):
        return CONDUCT
    if case.deals:
        return DEALS
    if case.changes:
        return SHOCKS
    return CONDUCT if case.parameters or case.firms else COMPARED


def is_real(case: Scenario) -> bool:
    """Return whether a scenario follows a financing as it was announced."""
    return bool(case.deals) and case.name.startswith(REAL)


def label(name: str) -> str:
    """Return a scenario's name as words."""
    words = name.replace("_", " ").replace("35bn", "of 35 bn")
    return words[0].upper() + words[1:]
