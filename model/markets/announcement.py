"""What the announcement of a deal does to managers' mood: nothing, unless a treatment says otherwise (P0)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.firm import QUARTERS
from ..deals.facilities import announced

if TYPE_CHECKING:
    from ..market_model import MarketModel


def announce(market: MarketModel) -> None:
    """Tell managers of deals that are announced this quarter: z_news amount / (four quarters of funding)."""
    p, managers = market.parameters, market.managers
    amount = announced(market) * p.price_level
    push = p.announcement_effect * (amount * p.deal_scale) / (QUARTERS * market.economy.funding_trend)
    managers.commit(news=np.broadcast_to(push, managers.sentiment.shape) * managers.active)
