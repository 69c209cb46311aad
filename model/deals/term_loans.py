"""Loans of deals on terms of their own: interest at their rate, repaid in equal parts over their term (P6, P8).

They are a part of their lab's loans and share its defaults, but neither its average rate nor the market's amortisation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.firm import QUARTERS
from ...agents.state.arrays import Floats, positive, ratio, total
from ...agents.state.population import Population

if TYPE_CHECKING:
    from ..market_model import MarketModel

SERVED = "own terms"
"""The cause for which loans on terms of their own are paid back, and for which their interest is noted."""


def has_own_terms(market: MarketModel) -> bool:
    """Return whether a deal of the scenario is a loan with a rate or a term of its own."""
    return bool(len(market.facilities) and market.facilities.own_terms.any())


def held_apart(market: MarketModel) -> Floats:
    """Return what is owed on terms of its own, draws of this quarter included, shape (facilities, funders, R).

    A loan that was struck off the books of its lab between quarters is owed no more.
    """
    facilities, labs = market.facilities, market.labs
    held = (facilities.outstanding + facilities.given) * facilities.own_terms[:, None]
    lent = facilities.on_labs(held)[:, : len(market.managers)]
    covered = np.ones_like(held)
    covered[:, : len(market.managers)] = np.minimum(1.0, ratio(labs.loans, lent))[facilities.lab]
    return held * covered


def pooled(market: MarketModel, firms: Population[Any]) -> Floats:
    """Return firms' loans without those on terms of their own, shape (n, managers, R)."""
    if firms is not market.labs or not has_own_terms(market):
        return firms.loans
    apart = market.facilities.on_labs(held_apart(market))
    return positive(firms.loans - apart[:, : len(market.managers)])


def serve_own_terms(market: MarketModel) -> Floats:
    """Pay interest and instalments on loans with terms of their own; return what was paid, shape (labs, R)."""
    facilities, labs, managers = market.facilities, market.labs, market.managers
    held = held_apart(market)
    interest = held * (facilities.coupon / QUARTERS)[:, None]
    instalment = np.where(
        facilities.has_term[:, None] > 0.0, facilities.instalment, held * market.parameters.amortisation
    )
    due = np.minimum(instalment, held)
    paid, repaid = (facilities.on_labs(amount)[:, : len(managers)] for amount in (interest, due))
    market.ledger.transfer("interest", labs, managers, paid=total(paid, 1), received=total(paid))
    market.ledger.note(labs, "interest_apart", SERVED, total(paid, 1))
    market.ledger.repay(managers, labs, repaid, SERVED)
    facilities.commit(
        outstanding=positive(facilities.outstanding - due),
        repaid=facilities.repaid + total(due, 1),
        interest=facilities.interest + total(interest, 1),
    )
    return total(paid, 1) + total(repaid, 1)


def lend_on_own_terms(market: MarketModel, amount: Floats) -> None:
    """Pay out loans on terms of their own, shape (facilities, funders, R); what has no rate takes the quoted one."""
    facilities, labs, managers = market.facilities, market.labs, market.managers
    new, old = total(amount, 1), total(held_apart(market), 1)
    average = ratio(facilities.coupon * old + labs.quoted_rate[facilities.lab] * new, old + new)
    asked = (facilities.has_rate == 0.0) & (new > 0.0)
    to_labs = facilities.on_labs(amount)[:, : len(managers)].copy()
    market.ledger.lend("deal", managers, labs, to_labs)
    labs.commit(debt_raised=labs.debt_raised + total(to_labs, 1))
    managers.commit(placed=managers.placed + total(to_labs))
    facilities.commit(
        coupon=np.where(asked, average, facilities.coupon),
        instalment=facilities.instalment + amount / facilities.term[:, None],
    )
