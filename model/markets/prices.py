"""Prices that several markets read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...agents.equipment_supplier import CLUSTERS
from ...agents.state.arrays import Floats

if TYPE_CHECKING:
    from ..market_model import MarketModel


def cluster_price(market: MarketModel) -> Floats:
    """Return what joining a unit into a cluster costs, USD thousand, shape (vendors, R)."""
    p = market.parameters
    return p.cluster_cost * market.vendors.price * market.equipment.all.price_level[CLUSTERS]
