"""Ageing: how fast old accelerators leave a fleet (P10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...agents.state.arrays import Floats, clip, ratio
from ...agents.state.population import Population

if TYPE_CHECKING:
    from ..market_model import MarketModel

SLOWEST, FASTEST = 0.5, 2.0
"""How far a dear or a cheap hour may lengthen or shorten the life of old chips (specification 2, section 2)."""


def retiring_part(market: MarketModel, firms: Population[Any]) -> Floats:
    """Return the part of each fleet that leaves this quarter, shape (n, R).

    Old chips leave after `old_life` quarters on average where running costs take the part of a short let that they
    took at the start; sooner where they take more.
    """
    economy, p = market.economy, market.parameters
    dearness = ratio(economy.running_cost, economy.spot_price) / economy.first_cost_ratio
    pace = clip(dearness, SLOWEST, FASTEST) / p.old_life
    return ratio(firms.old_fleet, firms.all.compute) * pace
