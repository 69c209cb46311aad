"""What every draw of a deal has in common: savers are called, and the draw is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...agents.state.arrays import Floats, positive

if TYPE_CHECKING:
    from ..market_model import MarketModel


def call_savers(market: MarketModel, amount: Floats) -> None:
    """Let managers call from savers what a deal takes beyond the ready part of their cash, shape (managers, R)."""
    managers, p = market.managers, market.parameters
    called = positive(amount - p.ready_cash_share * positive(managers.cash))
    market.ledger.transfer("capital_calls", market.economy, managers, received=called)
    managers.commit(called=managers.called + called)


def count_draw(market: MarketModel, drawn: Floats) -> None:
    """Add to what deals have drawn, USD bn, shape (R,)."""
    economy = market.economy
    economy.commit(deal_drawn=economy.deal_drawn + drawn, deal_draw=economy.deal_draw + drawn)
