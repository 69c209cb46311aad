"""Exits: a lab that leaves sells its plant, pays whom it owes as far as that goes, and is struck off (P13).

What it owns physically is only handed on: to the richest lab that can pay, or else to the rest of the world. What it
owes is paid by rank: lenders first, then vendors and trade creditors alike, then owners; the rest is written off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...agents.state.arrays import TINY, Floats, anywhere, positive, ratio, total
from ...agents.state.population import Population
from ...agents.state.shown import shown
from ..deals.earmarks import release_all
from ..markets.rent import end_leases
from ..markets.tenancies import void_contracts

if TYPE_CHECKING:
    from ..market_model import MarketModel


@shown()
class Sale(NamedTuple):
    """Who takes over what: ones and zeros of shape (labs, R), and the price of each lab's plant, USD bn.

    Attributes:
        leaving: the labs that leave.
        to_lab: those of them whose plant a lab buys.
        to_outside: those whose plant the rest of the world buys.
        buyer: the lab that buys; one at most in a replicate.
        price: what is paid for the plant of each lab that leaves, USD bn, shape (labs, R).
    """

    leaving: Floats
    to_lab: Floats
    to_outside: Floats
    buyer: Floats
    price: Floats


def close_labs(market: MarketModel, leaving: Floats) -> None:
    """Let labs leave the market for good, shape (labs, R) of ones where one does."""
    end_contracts(market, leaving)
    sell_up(market, leaving)


def sell_up(market: MarketModel, leaving: Floats) -> None:
    """Sell what labs own and pay whom they owe, shape (labs, R) of ones; conserves chips, power, halls and money."""
    sale = arranged_sale(market, leaving)
    unpaid = positive(-market.labs.cash) * leaving
    market.ledger.transfer("creditor_write_off", market.economy, market.labs, received=unpaid)
    _pay_for_plant(market, sale)
    _hand_on_plant(market, sale)
    hand_on_orders(market, market.labs, sale)
    _pay_lenders(market, leaving)
    pay_suppliers(market, market.labs, leaving, unpaid)
    pay_owners(market, market.labs, leaving)
    _strike_off(market, sale)


def end_contracts(market: MarketModel, leaving: Floats) -> None:
    """End what labs that leave have agreed with others, before anything they own changes hands.

    Leases end and their vehicles take back what is theirs, rent is owed no more, a parent's cloud runs nothing for its
    lab, money bound to a use is set free, and credit that vendors promised is withdrawn.
    """
    clouds = market.clouds
    end_deals(market, market.labs, leaving)
    void_contracts(market, leaving)
    stays = 1.0 - leaving[None]
    clouds.commit(housed_wish=clouds.housed_wish * stays, housed_plan=clouds.housed_plan * stays)


def end_deals(market: MarketModel, firms: Population[Any], leaving: Floats) -> None:
    """End leases, promised credit and earmarks of labs or clouds that leave, shape (n, R) of ones."""
    facilities = market.facilities
    end_leases(market, firms, leaving)
    if len(facilities):
        facilities.commit(line=facilities.line * (1.0 - facilities.to.only(market, firms, leaving)))
    release_all(firms, leaving)
    firms.commit(vendor_credit_line=firms.vendor_credit_line * (1.0 - leaving))


def arranged_sale(market: MarketModel, leaving: Floats) -> Sale:
    """Find a buyer for the plant of labs that leave: the lab with the largest free cash, as far as its cash goes.

    The richest lab in business buys one estate after the other, in the order of the rows, while its free cash covers
    the prices so far; the rest of the world takes the others at the same price.
    """
    labs = market.labs
    price = market.parameters.acquisition_price * labs.fixed_assets * leaving
    staying = labs.active * (1.0 - leaving)
    free = np.where(staying > 0.0, labs.all.free_cash, -np.inf)
    richest = (np.arange(len(labs))[:, None] == free.argmax(0)) * staying
    to_lab = leaving * (np.add.accumulate(price, 0) <= free.max(0))
    return Sale(leaving, to_lab, leaving - to_lab, richest * to_lab.max(0), price)


def _pay_for_plant(market: MarketModel, sale: Sale) -> None:
    """Let buyers pay; a lab books what it bought at the price it paid, and the seller's book value is gone."""
    labs, ledger = market.labs, market.ledger
    paid = sale.buyer * total(sale.price * sale.to_lab)
    ledger.transfer("acquisitions", labs, labs, paid=paid, received=sale.price * sale.to_lab)
    ledger.transfer("acquisitions", market.economy, labs, received=sale.price * sale.to_outside)
    ledger.write_off(labs, "fixed_assets", "sale", labs.fixed_assets * sale.leaving)
    ledger.post(labs, "fixed_assets", "acquired", paid)


def _hand_on_plant(market: MarketModel, sale: Sale) -> None:
    """Move fleets and halls, finished or not, to whoever bought them."""
    labs = market.labs
    halls = handed_on(labs.halls, sale)
    overhead = handed_on(labs.halls * labs.pue, sale)
    labs_after = {name: handed_on(labs.columns[name], sale) for name in HANDED_ON}
    bought = (sale.buyer > 0.0) & (halls > TINY)
    give_outside(market, labs, sale)
    labs.commit(
        fleet=handed_on(labs.fleet, sale),
        old_fleet=handed_on(labs.old_fleet, sale),
        pue=np.where(bought, ratio(overhead, halls), labs.pue),
        **labs_after,
    )


def give_outside(market: MarketModel, firms: Population[Any], sale: Sale) -> None:
    """Give the rest of the world the fleets and halls that it bought, before their owners are rid of them."""
    economy = market.economy
    economy.commit(
        outside_fleet=economy.outside_fleet + total(_to_outside(firms.fleet, sale)),
        **{
            outside: economy.columns[outside] + _to_outside(firms.columns[name], sale)
            for name, outside in HANDED_ON.items()
        },
    )


HANDED_ON = {
    "fleet_power": "outside_power",
    "halls": "outside_halls",
    "halls_building": "outside_building",
    "halls_unconnected": "outside_unconnected",
    "halls_ordered": "outside_ordered",
}
"""What owners of fleets have besides accelerators, and the column in which the rest of the world owns the same."""


def handed_on(column: Floats, sale: Sale) -> Floats:
    """Return a column in which a buyer has what it bought and who leaves has nothing, shape (n, ..., R)."""
    leaving, to_lab, buyer = (_fitting(mask, column) for mask in (sale.leaving, sale.to_lab, sale.buyer))
    return column * (1.0 - leaving) + buyer * total(column * to_lab)


def _to_outside(column: Floats, sale: Sale) -> Floats:
    """Return what the rest of the world takes over of a column, shape (..., R)."""
    return total(column * _fitting(sale.to_outside, column))


def _fitting(mask: Floats, column: Floats) -> Floats:
    """Return a mask of shape (n, R) with as many axes between as a column has."""
    return mask.reshape(mask.shape[0], *[1] * (column.ndim - mask.ndim), mask.shape[-1])


def hand_on_orders(market: MarketModel, firms: Population[Any], sale: Sale) -> None:
    """Let a firm that buys take over orders of chips with their advances; the rest of the world only queues for chips.

    The rest of the world pays on delivery: what was paid in advance is forfeited and the agreed value cancelled.
    """
    vendors, ledger = market.vendors, market.ledger
    leaving, to_lab, to_outside, buyer = (
        _of_customers(market, firms, mask) for mask in (sale.leaving, sale.to_lab, sale.to_outside, sale.buyer)
    )
    for name in ("order_value", "prepaid"):
        balance = vendors.columns[name]
        taken = balance * to_lab
        ledger.post(vendors, name, "acquired", buyer * total(taken, 1)[:, None] - taken)
        ledger.write_off(vendors, name, "forfeited", balance * to_outside)
    backlog = vendors.backlog
    outside = (np.arange(backlog.shape[1]) == backlog.shape[1] - 1)[:, None] * np.ones(market.replicates)
    taken_over = buyer * total(backlog * to_lab, 1)[:, None]
    queued = outside * total(backlog * to_outside, 1)[:, None]
    vendors.commit(backlog=backlog * (1.0 - leaving) + taken_over + queued)


def _of_customers(market: MarketModel, firms: Population[Any], mask: Floats) -> Floats:
    """Return a mask of a kind of firm among all who order chips, shape (customers, R)."""
    found = np.zeros_like(market.vendors.backlog[0])
    found[firms.customers] = mask
    return found


def _pay_lenders(market: MarketModel, leaving: Floats) -> None:
    """Pay lenders out of what a lab has, each by its part; write off what is left of their loans."""
    labs, ledger = market.labs, market.ledger
    paid = labs.loans * paid_part(labs.cash * leaving, labs.all.debt)[:, None]
    ledger.repay(market.managers, labs, paid, "estate")
    ledger.write_off(labs, "loans", "written off", labs.loans * leaving[:, None])


def pay_suppliers(market: MarketModel, firms: Population[Any], leaving: Floats, unpaid: Floats) -> None:
    """Pay vendors for their credit and trade creditors for bills unpaid, shape (n, R), alike; write off the rest."""
    ledger = market.ledger
    part = paid_part(firms.cash * leaving, total(firms.vendor_finance, 1) + unpaid)
    to_vendors = firms.vendor_finance * part[:, None]
    ledger.post(firms, "vendor_finance", "repaid", -to_vendors)
    ledger.transfer("vendor_finance", firms, market.vendors, paid=total(to_vendors, 1), received=total(to_vendors))
    ledger.transfer("creditor_write_off", firms, market.economy, paid=unpaid * part)
    ledger.write_off(firms, "vendor_finance", "written off", firms.vendor_finance * leaving[:, None])


def pay_owners(market: MarketModel, firms: Population[Any], leaving: Floats) -> None:
    """Pay out to shareholders what is left; their shares are void."""
    ledger = market.ledger
    to_managers = firms.equity_held * (positive(firms.cash) * leaving)[:, None]
    ledger.transfer("exit", firms, market.managers, paid=total(to_managers, 1), received=total(to_managers))
    if anywhere(firms.vendor_shares):
        rest = positive(1.0 - total(firms.equity_held, 1))
        part = ratio(firms.vendor_shares, rest[:, None]) * (positive(firms.cash) * leaving)[:, None]
        ledger.transfer("exit", firms, market.vendors, paid=total(part, 1), received=total(part))
        ledger.write_off(firms, "vendor_shares", "written off", firms.vendor_shares * leaving[:, None])
    ledger.transfer("exit", firms, market.economy, paid=firms.cash * leaving)
    ledger.write_off(firms, "equity_held", "written off", firms.equity_held * leaving[:, None])


def paid_part(cash: Floats, owed: Floats) -> Floats:
    """Return the part of debts of one rank that cash pays, shape (labs, R)."""
    return np.minimum(1.0, ratio(positive(cash), owed))


def _strike_off(market: MarketModel, sale: Sale) -> None:
    """Take labs that leave out of business; their rows stay, and nobody enters in them again."""
    labs, kept = market.labs, 1.0 - sale.leaving
    labs.commit(
        active=labs.active * kept,
        gone=np.maximum(labs.gone, sale.leaving),
        takeovers=labs.takeovers + sale.buyer * total(sale.to_lab),
        training=labs.training * kept,
        value=labs.value * kept,
        earnings=labs.earnings * kept,
    )
