"""Called money: what managers called from savers for deals goes back to them as deals pay (P6, P13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...agents.firm import QUARTERS
from ...agents.state.arrays import Floats, anywhere, total

if TYPE_CHECKING:
    from ..market_model import MarketModel


def give_back(market: MarketModel, interest: Floats, repaid: Floats) -> None:
    """Give back to savers what called money earned and what of it was repaid, shape (facilities, funders, R) each."""
    managers, called = market.managers, market.facilities.called
    earned = total(called * interest[:, : len(managers)])
    back = earned + total(called * repaid[:, : len(managers)])
    market.ledger.transfer("capital_returned", managers, market.economy, paid=back)
    managers.commit(returned=managers.returned + back, interest_returned=managers.interest_returned + earned)


def give_back_pooled(market: MarketModel) -> None:
    """Give back to savers what deals' loans on the market's terms have paid, as such loans pay (P6)."""
    facilities, p = market.facilities, market.parameters
    usual = facilities.is_a["loan"] * (1.0 - facilities.own_terms)
    if not anywhere(usual):
        return
    held = facilities.outstanding * usual[:, None]
    rate = facilities.to.of(market, "interest_rate") / QUARTERS
    give_back(market, held * rate[:, None], held * p.amortisation)
