"""Earmarked money: cash that a deal binds to a use, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.state.arrays import Floats, anywhere, positive, ratio, total
from ...agents.state.population import Population

if TYPE_CHECKING:
    from ..market_model import MarketModel

USES = ("clusters", "chips", "halls", "research", "rent")
USE_CLUSTERS, USE_CHIPS, USE_HALLS, RESEARCH, RENT = range(len(USES))


def bind(firms: Population[Any], amount: Floats) -> None:
    """Bind money that has just come in, shape (n, uses, R)."""
    firms.commit(
        restricted_cash=firms.restricted_cash + amount,
        restricted_received=firms.restricted_received + amount,
    )


def spend_earmarked(
    market: MarketModel,
    firms: Population[Any],
    use: int,
    payment: Floats,
    payees: slice,
    paid: Floats,
) -> None:
    """Let a payment for a use draw down the money bound to it first, and remember whom it reached.

    Args:
        market: the model.
        firms: who pays: labs or clouds.
        use: the use's position in `USES`.
        payment: what was paid for that use, or the part of it that may be bound money, USD bn, shape (n, R); what
            rounding leaves below zero binds nothing.
        payees: where they stand among vendors, equipment suppliers, clouds and the outside sector.
        paid: what each of them got, or a weight, shape (n, payees, R) or what broadcasts to it.
    """
    before = firms.restricted_cash[:, use]
    if not anywhere(before):
        return
    drawn = np.minimum(before, positive(payment))
    change = drawn[:, None] * _place(use)
    firms.commit(restricted_cash=firms.restricted_cash - change, restricted_spent=firms.restricted_spent + change)
    facilities = market.facilities
    if not len(facilities):
        return
    part = facilities.restricted[:, use] * facilities.to.only(market, firms, np.minimum(ratio(drawn, before), 1.0))
    weight = ratio(paid, total(paid, 1)[:, None])
    weight = facilities.to.only(market, firms, np.broadcast_to(weight, (len(firms), *weight.shape[1:])))
    spent = facilities.spent.copy()
    spent[:, payees] += part[:, None] * weight
    facilities.commit(restricted=facilities.restricted - part[:, None] * _place(use), spent=spent)


def release_all(firms: Population[Any], where: Floats) -> None:
    """Set earmarked money free where its owner has defaulted, shape (n, R) of ones and zeros."""
    freed = firms.restricted_cash * where[:, None]
    firms.commit(restricted_cash=firms.restricted_cash - freed, restricted_released=firms.restricted_released + freed)


def settle_breaches(firms: Population[Any]) -> None:
    """Count as breached what is no longer there: earmarked money cannot exceed cash."""
    if not anywhere(firms.restricted_cash):
        return
    kept = np.minimum(1.0, ratio(np.maximum(firms.cash, 0.0), total(firms.restricted_cash, 1)))
    left = firms.restricted_cash * kept[:, None]
    firms.commit(restricted_cash=left, breach=firms.breach + total(firms.restricted_cash - left, 1))


def _place(use: int) -> Floats:
    """Return a one at a use's position, shape (1, uses, 1)."""
    return (np.arange(len(USES)) == use).astype(np.float64)[None, :, None]
