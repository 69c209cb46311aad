"""What clusters cost, and who is paid for them, wherever chips are delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.equipment_supplier import CLUSTERS
from ...agents.state.arrays import Floats

if TYPE_CHECKING:
    from ..market_model import MarketModel


def cluster_price(market: MarketModel) -> Floats:
    """Return what joining a unit into a cluster costs, USD thousand, shape (vendors, R)."""
    p = market.parameters
    return p.cluster_cost * market.vendors.price * market.equipment.all.price_level[CLUSTERS]


def to_cluster_builders(market: MarketModel, amount: Floats) -> Floats:
    """Return an amount, shape (R,), that goes to cluster builders alone, shape (sectors, R)."""
    clusters = np.arange(len(market.equipment)) == CLUSTERS
    return clusters[:, None] * amount
