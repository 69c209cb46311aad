"""Whom a scenario names: every firm, deal, change and entry has to be of this run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ...agents.state.population import MarketAgent
from ...agents.state.table import unknown_name
from ..dates import quarter_date
from ..deals.deal import Deal, ScenarioError, funder_names
from ..deals.earmarks import RENT, RESEARCH, USES
from ..deals.recipients import taker
from ..indicators import INDICATORS

if TYPE_CHECKING:
    from ..initial_state import Start
    from ..market_model import MarketModel

REMEDY = "bind the money to clusters, chips or halls, not to "
"""What to do with money that a recipient has no use for, before the use."""


def check_cast(market: MarketModel, firms: Mapping[str, type[MarketAgent]]) -> None:
    """Say which firm, deal, change or entry names a firm that does not exist."""
    everybody = [name for population in market.populations for name in population.names]
    for name in everybody:
        if everybody.count(name) > 1:
            raise ValueError(f"two firms are called {name!r}: every firm needs a name of its own")
    for name in firms:
        if name not in everybody:
            raise KeyError(unknown_name("the roster", name, everybody))
    asked = [part for deal in market.case.deals for part in named_by(deal, market.start).values()]
    named = [(known, name) for known, given in asked for name in given]
    entering = (*market.vendors.names, *market.labs.names, *market.clouds.names)
    named += [(entering, entry.firm) for entry in market.case.entries]
    for known, name in named:
        if name not in known:
            owner = "the model" if known == tuple(INDICATORS) else "the roster"
            raise ScenarioError(f"{market.case.source}: {unknown_name(owner, name, known)}")
    _check_events(market)


def named_by(deal: Deal, start: Start) -> dict[str, tuple[Sequence[str], Sequence[str]]]:
    """Return the names that a deal gives, by what they are for: those that it may give, and those that it does."""
    labs, clouds, managers, vendors = map(start.names, ("ai_labs", "clouds", "asset_managers", "chip_vendors"))
    funders = funder_names(managers, vendors) if deal.instrument == "equity" else managers
    return {
        "recipients": ((*labs, *clouds), tuple(deal.recipients)),
        "funders": (funders, tuple(deal.funders)),
        "suppliers": (vendors, [deal.supplier] if deal.supplier else []),
        "guarantors": ((*vendors, *labs), [deal.guarantor] if deal.guarantor else []),
        "indicators": (tuple(INDICATORS), [deal.condition.indicator] if deal.condition else []),
    }


def misused(deal: Deal, start: Start) -> str:
    """Return why a recipient has no use for money that a deal binds, and the remedy; nothing where all have.

    A cloud rents nothing, and pays researchers only as the parent of a lab.
    """
    bound = {use for use, part in deal.earmark.items() if part}
    for name in deal.recipients:
        owner = taker(start.parents, name)
        told = f"a deal for {name} is its parent's, and {owner}" if owner != name else name
        if owner in start.names("clouds") and USES[RENT] in bound:
            return f"{told} rents no compute: {REMEDY}{USES[RENT]}"
        if owner in start.names("clouds") and USES[RESEARCH] in bound and owner not in start.parents.values():
            return f"{told} has no lab to pay researchers for: {REMEDY}{USES[RESEARCH]}"
    return ""


def _check_events(market: MarketModel) -> None:
    """Say which deal, change or entry can never happen in this run, or not as it is written."""
    case, active = market.case, {name for firms in market.start.roster.values() for name, there in firms if there}
    dates = [("", deal.start) for deal in case.deals] + [("", entry.start) for entry in case.entries]
    dates += [(f"{item.parameter} changes until ", item.end) for item in case.changes if item.end is not None]
    for what, date in dates:
        if date < market.first:
            message = f"{what}{quarter_date(date)} is before the run's first quarter, {quarter_date(market.first)}"
            raise ScenarioError(f"{case.source}: {message}")
    for deal in case.deals:
        _check_parties(market, deal, active)
    for entry in case.entries:
        if entry.firm in active:
            raise ScenarioError(f"{case.source}: {entry.firm} is in business already and cannot enter")


def _check_parties(market: MarketModel, deal: Deal, active: set[str]) -> None:
    """Say who cannot take a deal, or that nobody is left to whom a part of it could be passed on."""
    for name in deal.recipients:
        if not {name, taker(market.start.parents, name)} <= active:
            raise ScenarioError(f"{market.case.source}: {name} is not in business and cannot take a deal")
    if told := misused(deal, market.start):
        raise ScenarioError(f"{market.case.source}: {deal.name}: {told}")
    if deal.syndicated and all(deal.funders.get(name) for name in market.managers.names):
        message = f"{deal.name}: all managers fund it, and none is left to pass a part on to; leave syndicated out"
        raise ScenarioError(f"{market.case.source}: {message}")
