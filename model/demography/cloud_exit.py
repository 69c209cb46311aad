"""Exits of clouds: one that fails hands its fleet, its orders and its tenants on to the cloud with most cash (P13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.state.arrays import Floats, anywhere, positive, ratio, seldom, total
from ..markets.planning import publish
from .lab_exit import Sale, end_deals, give_outside, hand_on_orders, handed_on, paid_part, pay_owners, pay_suppliers

if TYPE_CHECKING:
    from ..market_model import MarketModel

HANDED_ON = (
    "fleet",
    "old_fleet",
    "fleet_power",
    "arriving",
    "own_compute",
    "served",
    "in_house",
    "idle",
    "halls",
    "halls_building",
    "halls_unconnected",
    "halls_ordered",
    "contracts",
    "contract_value",
    "owed",
    "owed_value",
    "short_let",
    "short_let_value",
    "tenancies",
)
"""What a cloud that takes another one over gets of it, beside its orders and the advances of its tenants."""


def taken_over(market: MarketModel, failed: Floats) -> Floats:
    """Let clouds that fail be taken over; return ones where one is, shape (clouds, R).

    A parent of a lab is not, nor anybody where no other cloud has cash.
    """
    clouds = market.clouds
    parent = (total(market.houses, 1) > 0.0) * 1.0
    staying = clouds.active * (1.0 - failed)
    cash = positive(clouds.cash) * staying
    leaving = failed * (1.0 - parent) * (cash.max(0) > 0.0)
    if seldom(leaving):
        _sell(market, leaving, cash)
    return leaving


def close_clouds(market: MarketModel, leaving: Floats) -> None:
    """Let clouds leave the market for good, shape (clouds, R) of ones; their labs have to rent from then on.

    The cloud with most cash takes them over. Where none has any, the rest of the world does, and contracts are void.
    """
    labs, clouds = market.labs, market.clouds
    publish(market)
    _sell(market, leaving, positive(clouds.cash) * clouds.active * (1.0 - leaving))
    labs.commit(is_housed=labs.is_housed * (1.0 - total(market.houses * leaving[:, None])))


def _sell(market: MarketModel, leaving: Floats, cash: Floats) -> None:
    """Sell what clouds own at what it fetches, as far as the buyer can pay; conserves compute, halls and money.

    Args:
        market: the model.
        leaving: ones where a cloud leaves, shape (clouds, R).
        cash: what each of the others could pay, USD bn, shape (clouds, R).
    """
    clouds, ledger = market.clouds, market.ledger
    end_deals(market, clouds, leaving)
    worth = clouds.all.collateral(market.signals) * leaving
    to_cloud = leaving * (cash.max(0) > 0.0)
    buyer = (np.arange(len(clouds))[:, None] == cash.argmax(0)) * to_cloud.max(0)
    payable = np.where(to_cloud > 0.0, np.minimum(1.0, ratio(cash.max(0), total(worth))), 1.0)
    sale = Sale(leaving, to_cloud, leaving - to_cloud, buyer, worth * payable)
    hole = positive(-clouds.cash) * leaving
    paid = sale.buyer * total(sale.price)
    ledger.transfer("creditor_write_off", market.economy, clouds, received=hole)
    ledger.transfer("acquisitions", clouds, clouds, paid=paid, received=sale.price * to_cloud)
    ledger.transfer("acquisitions", market.economy, clouds, received=sale.price * sale.to_outside)
    ledger.write_off(clouds, "fixed_assets", "sale", clouds.fixed_assets * leaving)
    ledger.post(clouds, "fixed_assets", "acquired", paid)
    _hand_on(market, sale)
    hand_on_orders(market, clouds, sale)
    _pay_out(market, leaving)
    kept = 1.0 - leaving
    clouds.commit(
        active=clouds.active * kept,
        gone=np.maximum(clouds.gone, leaving),
        value=clouds.value * kept,
        earnings=clouds.earnings * kept,
        housed_wish=clouds.housed_wish * kept[:, None],
        housed_plan=clouds.housed_plan * kept[:, None],
    )


def _hand_on(market: MarketModel, sale: Sale) -> None:
    """Move fleets, halls, tenants and their advances to whoever takes over; outside of clouds contracts are void."""
    clouds = market.clouds
    halls, overhead = handed_on(clouds.halls, sale), handed_on(clouds.halls * clouds.pue, sale)
    pue = np.where((sale.buyer > 0.0) & (halls > 0.0), ratio(overhead, halls), clouds.pue)
    market.ledger.write_off(clouds, "advances", "void", clouds.advances * sale.to_outside[:, None])
    advances = handed_on(clouds.advances, sale)
    market.ledger.post(clouds, "advances", "acquired", advances - clouds.advances)
    give_outside(market, clouds, sale)
    clouds.commit(pue=pue, **{name: handed_on(clouds.columns[name], sale) for name in HANDED_ON})
    lets = market.clearings["lets"]
    market.clearings["lets"] = lets._replace(
        **{name: handed_on(value, sale) for name, value in lets._asdict().items() if name != "void"}
    )


def _pay_out(market: MarketModel, leaving: Floats) -> None:
    """Pay lenders and vendors out of what was fetched, write off the rest, and give owners what is left of the cash."""
    clouds, ledger = market.clouds, market.ledger
    repaid = clouds.loans * paid_part(clouds.cash * leaving, clouds.all.debt)[:, None]
    ledger.repay(market.managers, clouds, repaid, "estate")
    ledger.write_off(clouds, "loans", "written off", clouds.loans * leaving[:, None])
    if anywhere(clouds.vendor_finance):
        pay_suppliers(market, clouds, leaving, np.zeros_like(leaving))
    pay_owners(market, clouds, leaving)
