"""Earmarked money: cash that a deal binds to a use, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.state.arrays import Floats, anywhere, ratio, total
from ...agents.state.population import Population

if TYPE_CHECKING:
    from ..market_model import MarketModel

USES = ("clusters", "chips", "halls", "research", "rent")
USE_CLUSTERS, USE_CHIPS, USE_HALLS, RESEARCH, RENT = range(len(USES))


def bind(labs: Population, amount: Floats) -> None:
    """Bind money that has just come in, shape (labs, uses, R)."""
    labs.commit(
        restricted_cash=labs.restricted_cash + amount,
        restricted_received=labs.restricted_received + amount,
    )


def spend_earmarked(
    market: MarketModel,
    use: int,
    payment: Floats,
    payees: slice,
    paid: Floats,
    at_most: Floats | None = None,
) -> None:
    """Let a payment for a use draw down the money bound to it first, and remember whom it reached.

    Args:
        market: the model.
        use: the use's position in `USES`.
        payment: what was paid for that use, USD bn, shape (labs, R).
        payees: where they stand among vendors, equipment suppliers, clouds and the outside sector.
        paid: what each of them got, or a weight, shape (labs, payees, R) or what broadcasts to it.
        at_most: how much of it may be earmarked money; all of it when left out.
    """
    labs = market.labs
    before = labs.restricted_cash[:, use]
    if not anywhere(before):
        return
    drawn = np.minimum(before, payment if at_most is None else np.minimum(payment, at_most))
    change = drawn[:, None] * _place(use)
    labs.commit(restricted_cash=labs.restricted_cash - change, restricted_spent=labs.restricted_spent + change)
    facilities = market.facilities
    if not len(facilities):
        return
    part = facilities.restricted[:, use] * np.minimum(ratio(drawn, before), 1.0)[facilities.lab]
    weight = ratio(paid, total(paid, 1)[:, None])
    weight = np.broadcast_to(weight, (len(labs), *weight.shape[1:]))[facilities.lab]
    spent = facilities.spent.copy()
    spent[:, payees] += part[:, None] * weight
    facilities.commit(restricted=facilities.restricted - part[:, None] * _place(use), spent=spent)


def release_all(labs: Population, where: Floats) -> None:
    """Set earmarked money free where a lab has defaulted, shape (labs, R) of ones and zeros."""
    freed = labs.restricted_cash * where[:, None]
    labs.commit(restricted_cash=labs.restricted_cash - freed, restricted_released=labs.restricted_released + freed)


def settle_breaches(labs: Population) -> None:
    """Count as breached what is no longer there: earmarked money cannot exceed cash."""
    if not anywhere(labs.restricted_cash):
        return
    kept = np.minimum(1.0, ratio(np.maximum(labs.cash, 0.0), total(labs.restricted_cash, 1)))
    left = labs.restricted_cash * kept[:, None]
    labs.commit(restricted_cash=left, breach=labs.breach + total(labs.restricted_cash - left, 1))


def _place(use: int) -> Floats:
    """Return a one at a use's position, shape (1, uses, 1)."""
    return (np.arange(len(USES)) == use).astype(np.float64)[None, :, None]
