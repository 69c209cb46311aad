"""Warnings about scenarios that run: funders who lack the means for their deals, and dates that no run comes to."""

from __future__ import annotations

import multiprocessing
import warnings
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from ...agents.state.arrays import total
from ..accounting.borrowers import of_borrowers
from ..dates import quarter_date
from ..deals.deal import OUTSIDE, Deal
from .scenario_warnings import FundingWarning, LateWarning

if TYPE_CHECKING:
    from ..market_model import MarketModel
    from .scenario import Scenario

LENT = ("loan", "lease")
"""Instruments by which deals lend."""


def warn_of_means(market: MarketModel) -> None:
    """Warn of everybody of whom deals ask more than it has; workers leave that to the process they work for."""
    if multiprocessing.parent_process() is None:
        for message in beyond_means(market):
            warnings.warn(message, FundingWarning, stacklevel=3)


def warn_of_late(case: Scenario, first: int, quarters: int) -> None:
    """Warn of what a run of some quarters never comes to; workers leave that to the process they work for.

    Args:
        case: the scenario.
        first: the run's first quarter, since year 0.
        quarters: how many are run.
    """
    last = first + quarters - 1
    dated = [(deal.name, deal.start) for deal in case.deals]
    dated += [(f"the change of {change.parameter}", change.start) for change in case.changes]
    dated += [(f"the entry of {entry.firm}", entry.start) for entry in case.entries]
    late = [f"{name} ({quarter_date(start)})" for name, start in dated if start > last]
    if late and multiprocessing.parent_process() is None:
        message = f"{case.name}: the run ends in {quarter_date(last)}, before {', '.join(late)}: that never happens"
        warnings.warn(message, LateWarning, stacklevel=3)


def beyond_means(market: MarketModel) -> list[str]:
    """Return in words of whom deals ask more than it has at the start, and what has to come from savers."""
    deals, found = market.case.deals, list[str]()
    if not deals:
        return found
    scale = float(np.max(market.parameters.deal_scale * market.parameters.price_level))
    for name in dict.fromkeys(name for deal in deals for name in deal.funders if name != OUTSIDE):
        asked = [scale * share * part for deal in deals for share, part in _asked(market, deal, name)]
        assets, cash = _has(market, name)
        if sum(asked) <= assets:
            continue
        of = " and ".join(deal.name for deal in deals if deal.funders.get(name))
        if name in market.managers.names:
            called = _called(asked, cash, market)
            rest = f"about {called:,.0f} bn have to be called from savers"
        else:
            rest = f"its account would be overdrawn by {sum(asked) - cash:,.0f} bn, for it has no savers"
        found.append(f"{name} is to give {sum(asked):,.0f} bn ({of}) and has {assets:,.0f} bn: {rest}")
    return found


def _asked(market: MarketModel, deal: Deal, name: str) -> Iterator[tuple[float, float]]:
    """Yield what a deal asks of a funder, USD bn, and the part of it that falls to each quarter.

    Lenders outside take their part of what managers lend.
    """
    kept = deal.funders.get(name, 0.0) * (1.0 - deal.syndicated)
    if name in market.managers.names and deal.instrument in LENT:
        kept *= 1.0 - float(np.min(market.parameters.open_private))
    yield from ((deal.amount * kept, part) for part in deal.draw)


def _has(market: MarketModel, name: str) -> tuple[float, float]:
    """Return what a funder has at the start, the least of all replicates, and its cash, USD bn."""
    for firms in (market.managers, market.vendors):
        if name in firms.names:
            row = firms.names.index(name)
            cash = firms.cash[row]
            held = _claims(market)[row] if firms is market.managers else np.zeros_like(cash)
            return float((cash + held).min()), float(cash.min())
    return 0.0, 0.0


def _claims(market: MarketModel) -> np.ndarray:
    """Return managers' loans and shares at market value, USD bn, shape (managers, R)."""
    return total(
        of_borrowers(market, "loans")[:, :-1]
        + of_borrowers(market, "equity_held") * of_borrowers(market, "value")[:, None]
    )


def _called(draws: list[float], cash: float, market: MarketModel) -> float:
    """Return what draws take of savers: a part of each, and what exceeds the ready part of a manager's cash, USD bn."""
    ready, part = (
        float(np.max(value)) for value in (market.parameters.ready_cash_share, market.parameters.called_part)
    )
    called, left = 0.0, max(cash, 0.0)
    for draw in draws:
        own = min((1.0 - part) * draw, ready * left)
        called, left = called + draw - own, left - own
    return called
