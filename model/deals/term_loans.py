"""Loans of deals on terms of their own: interest at their rate, repaid in equal parts over their term (P6, P8).

They are a part of their recipient's loans and share its defaults, but neither its average rate nor the market's
amortisation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.firm import QUARTERS
from ...agents.state.arrays import Floats, positive, ratio, total
from ...agents.state.population import Population
from .called_money import give_back

if TYPE_CHECKING:
    from ..market_model import MarketModel

SERVED = "own terms"
"""The cause for which loans on terms of their own are paid back, and for which their interest is noted."""


def has_own_terms(market: MarketModel) -> bool:
    """Return whether a deal of the scenario is a loan with a rate or a term of its own."""
    return bool(len(market.facilities) and market.facilities.own_terms.any())


def held_apart(market: MarketModel) -> Floats:
    """Return what is owed on terms of its own, draws of this quarter included, shape (facilities, funders, R).

    A loan that was struck off the books of its recipient between quarters is owed no more.
    """
    facilities = market.facilities
    held = (facilities.outstanding + facilities.given) * facilities.own_terms[:, None]
    lent = [facilities.of_lenders(facilities.to.on(firms, held)) for firms in market.owners]
    parts = [np.minimum(1.0, ratio(f.loans, of_f)) for f, of_f in zip(market.owners, lent, strict=True)]
    covered = np.ones_like(held)
    covered[:, facilities.lenders] = facilities.to.each(*parts)
    return held * covered


def pooled(market: MarketModel, firms: Population[Any]) -> Floats:
    """Return firms' loans without those on terms of their own, shape (n, lenders, R)."""
    if firms not in market.owners or not has_own_terms(market):
        return firms.loans
    apart = market.facilities.to.on(firms, held_apart(market))
    return positive(firms.loans - market.facilities.of_lenders(apart))


def serve_own_terms(market: MarketModel, firms: Population[Any]) -> Floats | float:
    """Let labs or clouds serve loans with terms of their own; return what was paid, shape (n, R), or nothing."""
    if not has_own_terms(market) or not market.facilities.to.any_of(firms):
        return 0.0
    facilities, managers = market.facilities, market.managers
    held = held_apart(market) * facilities.to.mine(firms)[:, None]
    interest = held * (facilities.coupon / QUARTERS)[:, None]
    instalment = np.where(
        facilities.has_term[:, None] > 0.0, facilities.instalment, held * market.parameters.amortisation
    )
    due = np.minimum(instalment, held)
    paid, repaid = (facilities.of_lenders(facilities.to.on(firms, amount)) for amount in (interest, due))
    market.ledger.pay_interest(managers, firms, paid)
    market.ledger.note(firms, "interest_apart", SERVED, total(paid, 1))
    market.ledger.repay(managers, firms, repaid, SERVED)
    give_back(market, interest, due)
    facilities.commit(
        outstanding=positive(facilities.outstanding - due),
        repaid=facilities.repaid + total(due, 1),
        interest=facilities.interest + total(interest, 1),
    )
    return total(paid, 1) + total(repaid, 1)


def lend_on_own_terms(market: MarketModel, amount: Floats) -> None:
    """Pay out loans on terms of their own, shape (facilities, funders, R); what has no rate takes the quoted one."""
    facilities, managers = market.facilities, market.managers
    new, old = total(amount, 1), total(held_apart(market), 1)
    average = ratio(facilities.coupon * old + facilities.to.of(market, "quoted_rate") * new, old + new)
    asked = (facilities.has_rate == 0.0) & (new > 0.0)
    for firms in filter(facilities.to.any_of, market.owners):
        lent = facilities.of_lenders(facilities.to.on(firms, amount)).copy()
        market.ledger.lend("deal", managers, firms, lent)
        firms.commit(debt_raised=firms.debt_raised + total(lent, 1))
        managers.commit(placed=managers.placed + total(lent)[:-1])
    facilities.commit(
        coupon=np.where(asked, average, facilities.coupon),
        instalment=facilities.instalment + amount / facilities.term[:, None],
    )
