"""Savers' money: it is called for deals, and managers' income is paid out to them (P6, P8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.state.arrays import Floats, positive, ratio, total
from .credit import count_deal_loans

if TYPE_CHECKING:
    from ..market_model import MarketModel


def call_savers(market: MarketModel, by_funder: Floats) -> Floats:
    """Let managers call savers for a part of what deals take, newly raised for this purpose.

    What exceeds the ready part of their cash is called as well, so that nobody is overdrawn.

    Args:
        market: the model.
        by_funder: what each facility takes, USD bn, shape (facilities, funders, R).

    Returns:
        What managers give out of their own cash, USD bn, shape (managers, R).
    """
    managers, p, facilities = market.managers, market.parameters, market.facilities
    new = by_funder[:, : len(managers)]
    amount = total(new)
    own = amount - p.called_part * amount
    called = amount - own + positive(own - p.ready_cash_share * positive(managers.cash))
    market.ledger.transfer("capital_calls", market.economy, managers, received=called)
    managers.commit(called=managers.called + called)
    old = (facilities.outstanding + facilities.given)[:, : len(managers)]
    mixed = ratio(old * facilities.called + new * ratio(called, amount), old + new)
    facilities.commit(called=np.where(new > 0.0, mixed, facilities.called))
    return amount - called


def count_draw(market: MarketModel, drawn: Floats, lent: Floats) -> None:
    """Add to what deals have drawn, and to what of it are loans, USD bn, shape (facilities, R)."""
    economy, amount = market.economy, total(drawn)
    economy.commit(deal_drawn=economy.deal_drawn + amount, deal_draw=economy.deal_draw + amount)
    count_deal_loans(market, lent)


def open_accounts(market: MarketModel) -> None:
    """Note managers' cash before this quarter's income, and that nothing has gone to savers yet (P6)."""
    managers, nothing = market.managers, np.zeros_like(market.managers.cash)
    managers.commit(
        opening_cash=managers.cash + 0.0, returned=nothing, interest_returned=nothing + 0.0, distributed=nothing + 0.0
    )


def pay_out_income(market: MarketModel) -> None:
    """Pay out to savers part of managers' interest, that on idle deposits too; called money's is theirs anyway (P6)."""
    managers, p = market.managers, market.parameters
    kinds = ("interest", "deposit_interest")
    received = [e.change for e in market.ledger.changes("asset_managers", "cash") if e.cause in kinds]
    income = total(np.stack(received)) if received else np.zeros_like(managers.cash)
    paid = p.income_paid_out * positive(income - managers.interest_returned)
    market.ledger.transfer("distributions", managers, market.economy, paid=paid)
    managers.commit(distributed=paid)
