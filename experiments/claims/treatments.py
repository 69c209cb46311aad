"""The runs that the claims need: the deal and its twin, placebos, wedges, equal dollars and shadow values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ...agents.state.shown import shown
from ...model.dates import quarter_number
from ...model.deals.deal import Deal
from ...model.initial_state import Start
from ...model.scenarios.scenario import Change, Scenario

ANNOUNCEMENT = 0.6
"""The announcement effect that stands for "on": a treatment in the middle of its range, never a finding."""

WEDGE = 1.1
"""Permanent wedges and shadow values change a quantity by ten percent (section 9)."""

CHEAPER = 0.9
EQUAL_DOLLARS = 10.0
"""USD bn that each use gets in turn (section 9)."""

EQUAL_USES: Mapping[str, Mapping[str, float]] = {
    "chips and clusters": {"clusters": 4 / 13, "chips": 9 / 13},
    "compute and halls": {"clusters": 4 / 18, "chips": 9 / 18, "halls": 5 / 18},
    "research": {"research": 1.0},
}
"""Earmarks of equal dollars, in the proportions of the deal's."""

SHADOWS: Mapping[str, tuple[str, float]] = {
    "chip capacity": ("chip_capacity_available", WEDGE),
    "builders' capacity": ("equipment_available", WEDGE),
    "grid connection": ("grid_available", WEDGE),
    "placing of capital": ("capital_available", WEDGE),
    "share issues": ("dilution", WEDGE),
    "algorithmic progress": ("progress_rate", WEDGE),
    "chip price": ("chip_price_wedge", CHEAPER),
}
"""What is eased by ten percent from the deal's date: the parameter and the factor."""

COMPUTE_SIDE = ("chip capacity", "builders' capacity", "grid connection", "chip price")
"""Shadow values that are access to compute or its cost."""

PLACEBOS = ("largest", "smallest")
"""The same deal for the lab with the largest and for the one with the smallest share at the start."""


@shown()
@dataclass(frozen=True)
class Treatment:
    """One run: a scenario and values that override it."""

    scenario: Scenario
    parameters: Mapping[str, Any] = field(default_factory=dict)


@shown()
@dataclass(frozen=True)
class Subject:
    """Whom the claims are about.

    Attributes:
        recipient: the lab that gets most of the first deal that has any for a lab.
        row: its row.
        rows: the rows of all labs that a deal gives to.
        begin: the quarter of the deal, 0 for the first of the run.
    """

    recipient: str
    row: int
    rows: tuple[int, ...]
    begin: int


def deals_for(names: Sequence[str], scenario: Scenario) -> list[Deal]:
    """Return the deals of a scenario of which some firms receive a part."""
    return [deal for deal in scenario.deals if any(deal.recipients.get(name) for name in names)]


def subject_of(scenario: Scenario, start: Start) -> Subject | None:
    """Return whom the claims about a scenario are about; nobody where there is no deal for a lab."""
    names = start.names("ai_labs")
    deals = deals_for(names, scenario)
    if not deals:
        return None
    first = min(deals, key=lambda deal: deal.start)
    recipient = max((name for name in first.recipients if name in names), key=lambda name: first.recipients[name])
    return Subject(
        recipient=recipient,
        row=names.index(recipient),
        rows=tuple(row for row, name in enumerate(names) if any(deal.recipients.get(name) for deal in scenario.deals)),
        begin=first.start - quarter_number(start.quarter) - 1,
    )


def treatments(scenario: Scenario, against: Scenario, start: Start) -> dict[str, Treatment]:
    """Return the runs that comparing a scenario with another takes, by name."""
    runs = {"control": Treatment(against), "treated": Treatment(scenario)}
    subject = subject_of(scenario, start)
    if subject is None:
        return runs
    date = min(deal.start for deal in scenario.deals)
    runs["quiet"] = Treatment(scenario, {"announcement_effect": 0.0})
    runs["announced"] = Treatment(scenario, {"announcement_effect": ANNOUNCEMENT})
    runs |= {f"placebo {who}": Treatment(_redirected(scenario, who, start)) for who in PLACEBOS}
    for side, name in (("compute", "compute_wedge"), ("algorithms", "progress_wedge")):
        runs[f"{side} for all"] = _eased(against, date, name, WEDGE)
        runs[f"{side} for one"] = _eased(against, date, name, WEDGE, (subject.recipient,))
    runs |= {f"dollars to {use}": _granted(against, scenario, earmark) for use, earmark in EQUAL_USES.items()}
    return runs | {
        f"more {what}": _eased(against, date, name, factor, until=date if what == "chip price" else None)
        for what, (name, factor) in SHADOWS.items()
    }


def _redirected(scenario: Scenario, who: str, start: Start) -> Scenario:
    """Return the same deals with the whole amount for another lab."""
    sales = dict(zip(start.names("ai_labs"), start.stocks["ai_labs"]["revenue"], strict=True))
    in_business = [name for name, active in start.roster["ai_labs"] if active]
    chosen = (max if who == "largest" else min)(in_business, key=lambda name: sales[name])
    deals = tuple(replace(deal, recipients={chosen: 1.0}) for deal in scenario.deals)
    return replace(scenario, name=f"{scenario.name} for {chosen}", deals=deals)


def _eased(
    against: Scenario, date: int, name: str, factor: float, firms: tuple[str, ...] = (), until: int | None = None
) -> Treatment:
    """Return the other scenario with one parameter changed from the deal's date."""
    change = Change(name, date, until, "multiply", factor, firms, "a wedge", within_range=False)
    return Treatment(replace(against, changes=(*against.changes, change)))


def _granted(against: Scenario, scenario: Scenario, earmark: Mapping[str, float]) -> Treatment:
    """Return the other scenario with ten bn on the first deal's terms for one use."""
    first: Deal = min(scenario.deals, key=lambda deal: deal.start)
    instrument = "loan" if first.leased else first.instrument
    terms: dict[str, Any] = {"rate": first.rate, "term": first.term} if first.own_terms else {}
    if instrument != "vendor":
        terms |= {"funders": first.funders, "earmark": dict(earmark)}
    deal = Deal(first.name, first.start, EQUAL_DOLLARS, instrument, first.recipients, draw=first.draw, **terms)
    return Treatment(replace(against, deals=(*against.deals, deal)))
