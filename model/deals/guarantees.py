"""Guarantees: what guarantors stand for, which weighs on their own credit, and what they are paid for it (P6, P7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.firm import QUARTERS
from ...agents.state.arrays import Floats, positive, total

if TYPE_CHECKING:
    from ..market_model import MarketModel


def guaranteed(market: MarketModel) -> Floats:
    """Return what guarantors stand for, USD bn, shape (vehicles, R): guaranteed notes, at most what is left to pay."""
    facilities, vehicles = market.facilities, market.vehicles
    notes = facilities.on_vehicles(total(facilities.outstanding, 1) * facilities.guaranteed)
    return np.minimum(notes, positive(vehicles.guarantee_limit - vehicles.guarantee_paid))


def guaranteed_by(market: MarketModel) -> tuple[Floats, Floats]:
    """Return what vendors and what labs stand for, USD bn, shape (vendors, R) and (labs, R)."""
    amount = guaranteed(market)
    by_vendors, by_labs = (total(ones * amount[None], 1) for ones in market.leases.guaranteed_by)
    return by_vendors, by_labs


def quoted_to_guarantor(market: MarketModel) -> Floats:
    """Return the rate quoted to each vehicle's guarantor, 1/yr, shape (vehicles, R); nothing where there is none."""
    for_vendors, for_labs = market.leases.guaranteed_by
    by_vendor = total(for_vendors * market.vendors.quoted_rate[:, None])
    return by_vendor + total(for_labs * market.labs.quoted_rate[:, None])


def fees_due(market: MarketModel) -> Floats:
    """Return what lessees owe their guarantors this quarter, USD bn, shape (vehicles, R)."""
    return market.parameters.guarantee_fee / QUARTERS * guaranteed(market) * market.vehicles.active


def pay_fees(market: MarketModel, fees: Floats) -> None:
    """Let lessees pay guarantors, shape (vehicles, R)."""
    lessees = market.leases.to
    for payers in filter(lessees.any_of, market.owners):
        for firms, ones in zip((market.vendors, market.labs), market.leases.guaranteed_by, strict=True):
            mine = ones * (fees * lessees.mine(payers))[None]
            paid = lessees.on(payers, total(mine))
            market.ledger.transfer("guarantee_fee", payers, firms, paid=paid, received=total(mine, 1))
