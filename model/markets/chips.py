"""The chip market: orders with prepayment (P9), production, rationing and delivery (P10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...agents.equipment_supplier import CLUSTERS
from ...agents.firm import ASSUMPTION, QUARTERS
from ...agents.fleet_owner import ONE_CHIP
from ...agents.rules.rationing import ration
from ...agents.state.arrays import TINY, Floats, anywhere, positive, ratio, total
from ...agents.state.population import Population
from ...agents.state.quantity import ParameterGroup, parameter
from ...agents.state.shown import shown
from ..accounting.borrowers import world_fleet
from ..deals.earmarks import RENT, RESEARCH, USE_CHIPS, USE_CLUSTERS, USE_HALLS, spend_earmarked
from ..deals.facilities import uncurbed
from .ageing import retiring_part
from .cluster_prices import cluster_price, to_cluster_builders
from .leasing import show_fleets, show_orders, take_delivery
from .outside_orders import outside_orders
from .packaging import allot_wafers, expect_orders
from .tenancies import sign_contracts

if TYPE_CHECKING:
    from ..market_model import MarketModel


class ChipMarket(ParameterGroup):
    """How chips are ordered and shared out, and what the rest of the world wants."""

    group = "chips"

    prepaid_share = parameter(0.20, "1", 0.1, 0.5, ASSUMPTION, "part of an order paid in advance", "prepay")
    prepaid_priority = parameter(
        1.0, "1", 0.0, 4.0, ASSUMPTION, "extra weight of a fully prepaid order in rationing", "prio"
    )
    commitment_share_clouds = parameter(
        0.35, "1", 0.1, 1.0, "as labs'; assumption", "part of commitments that clouds keep back from orders"
    )
    order_caution_clouds = parameter(
        0.9, "1", 0.5, 1.0, "as labs'; assumption", "part of free cash that clouds' orders may use"
    )
    cancellation = parameter(
        0.10, "1/quarter", 0.0, 0.5, ASSUMPTION, "part of an order cancelled when nothing of it can be paid"
    )
    outside_orders = parameter(
        0.95,
        "M H100e/quarter",
        0.6,
        1.15,
        ".227, the part of enterprises and states (clouds.csv), of 4.2 that all but labs order; assumption",
        "compute that enterprises and states order at the end of 2025",
        "row0",
    )
    outside_growth = parameter(
        0.07, "1/quarter", 0.03, 0.14, ASSUMPTION, "growth of its demand at the end of 2025", "g_row", opening=True
    )
    outside_growth_memory = parameter(0.93, "1", 0.85, 0.99, ASSUMPTION, "memory of that growth", "decay")
    outside_sentiment = parameter(0.15, "1", 0.0, 0.6, ASSUMPTION, "response of its demand to sentiment", "z_row")
    outside_elasticity = parameter(
        0.6, "1", 0.2, 1.5, ASSUMPTION, "fall of its demand with the all-in price of compute", "eps_row"
    )
    reference_compute_price = parameter(
        30.0,
        "USD bn/M H100e",
        20.0,
        50.0,
        "all-in cost of 29-35 bn per GW (unit_economics.csv)",
        "all-in price of compute at which it orders as planned",
    )
    least_hall_cover = parameter(0.3, "1", 0.1, 0.8, ASSUMPTION, "least part of its demand where hardly a hall is")
    outside_patience = parameter(4.0, "quarters", 2.0, 10.0, ASSUMPTION, "lead time beyond which it cancels orders")
    outside_merit = parameter(2.0, "1", 1.0, 4.0, ASSUMPTION, "weight it gives to performance per dollar")
    outside_impatience = parameter(0.6, "1/quarter", 0.2, 1.0, ASSUMPTION, "weight it gives to waiting time")
    outside_wear = parameter(0.045, "1/quarter", 0.03, 0.08, ASSUMPTION, "part of its fleet that wears out, as labs'")
    outside_cancellation = parameter(0.15, "1/quarter", 0.0, 0.5, ASSUMPTION, "part of late orders it cancels")


@shown()
class ChipClearing(NamedTuple):
    """One quarter of deliveries, for the checks.

    Attributes:
        produced: what vendors delivered, M units, shape (vendors, R).
        limit: what they could make, likewise.
        fleets: what the world's fleets are when old chips have left them and new ones have come, M H100e, shape (R,).
    """

    produced: Floats
    limit: Floats
    fleets: Floats


@shown()
class Bills(NamedTuple):
    """What a delivery costs its buyers, USD bn, each of shape (n, vendors, R)."""

    value: Floats
    prepaid: Floats
    financed: Floats
    clusters: Floats


def order_chips(market: MarketModel) -> None:
    """Labs sign contracts; labs and clouds order chips and halls with the money they have, others chips (P9)."""
    sign_contracts(market)
    vendors, p = market.vendors, market.parameters
    _cancel_orders(market)
    late = (vendors.lead_time > p.outside_patience) * p.outside_cancellation
    queue = vendors.backlog[:, -1] * (1.0 - late)
    more, before = outside_orders(market), total(vendors.backlog[:, :-1], 1)
    for firms, (compute, halls) in zip(
        market.owners, (_affordable_plans(market), _affordable_fleets(market)), strict=True
    ):
        _order(market, firms, compute)
        firms.commit(halls_ordered=firms.halls_ordered + halls)
    expect_orders(market, total(vendors.backlog[:, :-1], 1) - before + more)
    vendors.commit(backlog=np.concatenate([vendors.backlog[:, :-1], (queue + more)[:, None]], axis=1))


def _cancel_orders(market: MarketModel) -> None:
    """Owners cancel part of orders that would not earn their price; vendors keep the advances on them."""
    vendors = market.vendors
    kept = np.ones_like(vendors.backlog)
    for firms in market.owners:
        kept[:, firms.customers] = 1.0 - firms.decide("cancel_orders", market.signals).transpose(1, 0, 2)
    for column in ("order_value", "prepaid"):
        market.ledger.write_off(vendors, column, "forfeited", vendors.columns[column] * (1.0 - kept))
    vendors.commit(backlog=vendors.backlog * kept)


def _order(market: MarketModel, firms: Population[Any], compute: Floats) -> None:
    """Place the orders of a kind of owner, M H100e of shape (n, R), by its mix of vendors; a part is prepaid."""
    vendors, ledger = market.vendors, market.ledger
    units = np.zeros_like(vendors.backlog)
    units[:, firms.customers] = (
        compute[:, None] * firms.all.order_mix(market.signals) / vendors.performance
    ).transpose(1, 0, 2)
    value = units * vendors.price[:, None]
    advance = market.parameters.prepaid_share * value
    mine = advance[:, firms.customers]
    vendors.commit(backlog=vendors.backlog + units)
    ledger.post(vendors, "order_value", "ordered", value)
    ledger.post(vendors, "prepaid", "prepaid", advance)
    ledger.transfer("prepayments", firms, vendors, paid=total(mine), received=total(mine, 1))
    spend_earmarked(market, firms, USE_CHIPS, total(mine), market.payees.vendors, mine.transpose(1, 0, 2))


def _affordable_fleets(market: MarketModel) -> tuple[Floats, Floats]:
    """Return the compute and halls that clouds order: plans as far as free cash goes, less where a covenant is broken.

    Earmarked money orders at its own pace.
    """
    clouds, p, signals = market.clouds, market.parameters, market.signals
    free = positive(clouds.all.free_cash - p.commitment_share_clouds * clouds.all.undelivered(signals))
    part = np.minimum(1.0, ratio(p.order_caution_clouds * free, clouds.all.planned_spending(signals)))
    part = part * np.minimum(1.0 - p.covenant_curb * clouds.covenant_broken, uncurbed(market, clouds))
    return _with_earmarks(market, clouds, (part * clouds.planned_compute, part * clouds.planned_halls))


def _affordable_plans(market: MarketModel) -> tuple[Floats, Floats]:
    """Return the compute and halls that labs order: plans as far as free cash goes, earmarked money at its own pace."""
    labs, p, signals = market.labs, market.parameters, market.signals
    view = labs.all
    buffer = view.kept_for_losses(signals) + p.revenue_buffer * labs.revenue
    free = positive(view.free_cash - buffer - p.commitment_share * view.undelivered(signals))
    part = np.minimum(1.0, ratio(p.order_caution * free, view.planned_spending(signals)))
    part = part * uncurbed(market, labs)
    return _with_earmarks(market, labs, (part * labs.planned_compute, part * labs.planned_halls))


def _with_earmarks(market: MarketModel, firms: Population[Any], plans: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Return compute and halls to order, shape (n, R) each, with what earmarked money orders as far as room goes."""
    bound, pace, view = firms.restricted_cash, market.parameters.earmark_pace, firms.all
    if not anywhere(bound):
        return plans
    compute, halls = plans
    price, room = view.landed_price(market.signals), view.room_to_fill(market.signals)
    earmarked = ratio(pace * (bound[:, USE_CLUSTERS] + bound[:, USE_CHIPS]), price)
    compute = compute + np.minimum(earmarked, positive(room - compute))
    return compute, halls + pace * bound[:, USE_HALLS] / firms.hall_price


def deliver_chips(market: MarketModel) -> None:
    """Vendors produce what capacity and clusters allow, ration it, deliver it and are paid (P10)."""
    vendors, labs, clouds = market.vendors, market.labs, market.clouds
    made = allot_wafers(market)
    asked = total(made * vendors.unit_power)
    market.economy.commit(clusters_asked=asked)
    produced = _production(market, made, asked)
    delivered = _rationed(market, produced)
    paying = np.ones_like(vendors.backlog[0])
    vendors.commit(sales=np.zeros_like(vendors.sales))
    market.equipment.commit(sales=np.zeros_like(market.equipment.sales))
    for firms in (labs, clouds):
        bills = _bills(market, firms, delivered[:, firms.customers])
        able = _paying_part(market, firms, bills)
        _settle(market, firms, Bills(*(item * able[:, None] for item in bills)))
        paying[firms.customers] = able
    delivered = delivered * paying
    if len(market.vehicles):
        leased = market.leases.customers
        delivered[:, leased], paying[leased] = take_delivery(market, delivered[:, leased])
    vendors.commit(delivered=delivered, shipped=total(delivered, 1) * vendors.performance)
    _sell_outside(market, delivered[:, -1])
    before = world_fleet(market), market.economy.outside_fleet
    _install(market, delivered)
    _clear_orders(market, delivered, paying)
    _pay_vendors_costs(market)
    market.clearings["chips"] = ChipClearing(
        produced=total(delivered, 1),
        limit=produced,
        fleets=_world_after(market, before, delivered[:, -1]),
    )


def _world_after(market: MarketModel, before: tuple[Floats, Floats], outside: Floats) -> Floats:
    """Return what the world's fleets have to be after deliveries, M H100e, shape (R,).

    Before, they were those of the world and of its rest, which got some units, shape (vendors, R).
    """
    world, theirs = before
    came = total(outside * market.vendors.performance) - market.parameters.outside_wear * theirs
    labs, clouds = market.owners
    return world + came + total(labs.arriving - labs.retired) + total(clouds.arriving - clouds.retired)


def _production(market: MarketModel, made: Floats, asked: Floats) -> Floats:
    """Return what cluster builders can join up of what vendors can package, M units, shape (vendors, R).

    Args:
        market: the model.
        made: what vendors can package and have orders for, of the same shape.
        asked: its power, GW, shape (R,).
    """
    limit = market.equipment.capacity[CLUSTERS] * market.parameters.equipment_available
    return made * np.minimum(1.0, limit / np.maximum(asked, TINY))


def _rationed(market: MarketModel, produced: Floats) -> Floats:
    """Share production among customers: by order, with a weight for what is prepaid, shape (vendors, customers, R)."""
    vendors, p = market.vendors, market.parameters
    weight = vendors.backlog * (1.0 + p.prepaid_priority * ratio(vendors.prepaid, vendors.order_value))
    given = ration(vendors.backlog.transpose(1, 0, 2), produced, weight.transpose(1, 0, 2))
    return given.transpose(1, 0, 2)


def _bills(market: MarketModel, firms: Population[Any], units: Floats) -> Bills:
    """Return what owners would owe for a delivery, shape (n, vendors, R); vendors finance a part.

    Args:
        market: the model.
        firms: labs or clouds.
        units: M units, shape (vendors, n, R).
    """
    vendors, own = market.vendors, firms.customers
    part = ratio(units, vendors.backlog[:, own])
    value, prepaid = part * vendors.order_value[:, own], part * vendors.prepaid[:, own]
    due = value - prepaid
    financed = due * _financed_part(market, firms, due)
    clusters = units * cluster_price(market)[:, None]
    return Bills(*(item.transpose(1, 0, 2) for item in (value, prepaid, financed, clusters)))


def _financed_part(market: MarketModel, firms: Population[Any], due: Floats) -> Floats:
    """Return the part of what is owed that vendors finance: labs' usual part, or more where they have promised it."""
    usual = market.parameters.vendor_finance_share if firms is market.labs else 0.0
    return np.maximum(usual, np.minimum(1.0, ratio(firms.vendor_credit_line, total(due))))


def _paying_part(market: MarketModel, firms: Population[Any], bills: Bills) -> Floats:
    """Return the part of a delivery that each owner can pay, shape (n, R)."""
    bound = firms.restricted_cash
    elsewhere = bound[:, USE_HALLS] + bound[:, RESEARCH] + bound[:, RENT]
    usable = firms.cash - elsewhere - payment_reserve(market, firms)
    cost = total(bills.value - bills.prepaid - bills.financed + bills.clusters, 1)
    return np.minimum(1.0, positive(usable) / np.maximum(cost, TINY))


def payment_reserve(market: MarketModel, firms: Population[Any]) -> Floats:
    """Return the cash that deliveries may not touch, USD bn, shape (n, R).

    Labs keep part of their sales, clouds what running costs and debt service take.
    """
    clouds, p = market.clouds, market.parameters
    if firms is market.labs:
        return p.payment_reserve * firms.revenue
    service = clouds.all.debt * (clouds.interest_rate / QUARTERS + p.amortisation)
    return p.payment_reserve_clouds * (clouds.power_bill + clouds.operating_costs + service)


def _settle(market: MarketModel, firms: Population[Any], bills: Bills) -> None:
    """Owners pay vendors and cluster builders; prepayments are used up; vendors finance a part."""
    vendors, equipment, ledger = market.vendors, market.equipment, market.ledger
    cash = bills.value - bills.prepaid - bills.financed
    clusters = total(bills.clusters, 1)
    ledger.transfer("chips", firms, vendors, paid=total(cash, 1), received=total(cash))
    to_builders = to_cluster_builders(market, total(clusters))
    ledger.transfer("clusters", firms, equipment, paid=clusters, received=to_builders)
    invested = total(bills.value, 1) + clusters
    ledger.post(firms, "fixed_assets", "capex", invested)
    firms.commit(capex=invested)
    vendors.commit(sales=vendors.sales + total(bills.value))
    equipment.commit(sales=equipment.sales + to_builders)
    if firms is market.labs or anywhere(bills.financed):
        market.ledger.post(firms, "vendor_finance", "new", bills.financed)
        firms.commit(vendor_credit_line=positive(firms.vendor_credit_line - total(bills.financed, 1)))
    spend_earmarked(market, firms, USE_CLUSTERS, clusters, market.payees.clusters, clusters[:, None])
    spend_earmarked(market, firms, USE_CHIPS, total(cash, 1), market.payees.vendors, cash)


def _sell_outside(market: MarketModel, units: Floats) -> None:
    """Let the rest of the world pay the day's price on delivery, M units, shape (vendors, R)."""
    vendors, equipment, economy = market.vendors, market.equipment, market.economy
    value, clusters = units * vendors.price, total(units * cluster_price(market))
    market.ledger.transfer("chips_outside", economy, vendors, received=value)
    market.ledger.transfer("clusters_outside", economy, equipment, received=to_cluster_builders(market, clusters))
    vendors.commit(sales=vendors.sales + value)
    equipment.commit(sales=equipment.sales + to_cluster_builders(market, clusters))
    economy.commit(outside_spending=total(value) + clusters)


def _install(market: MarketModel, delivered: Floats) -> None:
    """Fleets age and grow by deliveries, M units, shape (vendors, customers, R)."""
    vendors, economy, p = market.vendors, market.economy, market.parameters
    leased = delivered[:, market.leases.customers].transpose(1, 0, 2)
    for firms in market.owners:
        units = delivered[:, firms.customers].transpose(1, 0, 2)
        if market.leases.to.any_of(firms):
            units = units + market.leases.to.on(firms, leased)
        _put_to_work(market, firms, units, units * vendors.performance)
    outside = delivered[:, -1]
    economy.commit(
        outside_fleet=economy.outside_fleet * (1.0 - p.outside_wear) + total(outside * vendors.performance),
        outside_power=economy.outside_power * (1.0 - p.outside_wear) + total(outside * vendors.unit_power),
    )


def _put_to_work(market: MarketModel, firms: Population[Any], units: Floats, compute: Floats) -> None:
    """Retire part of the old chips, let young ones grow old, and add what came, M units and M H100e by vendor."""
    p, leaving = market.parameters, retiring_part(market, firms)
    owned, arriving = firms.all.compute, total(compute, 1)
    retired = leaving * owned
    aged = (owned - firms.old_fleet) / p.young_life
    firms.commit(
        fleet=firms.fleet * (1.0 - leaving)[:, None] + compute,
        fleet_power=firms.fleet_power * (1.0 - leaving) + total(units * market.vendors.unit_power, 1),
        old_fleet=firms.old_fleet + aged - retired,
        retired=retired,
        arriving=arriving,
    )


def _clear_orders(market: MarketModel, delivered: Floats, paying: Floats) -> None:
    """Take deliveries off the order books, and cancel part of what owners cannot pay; its advance is forfeited.

    What a vehicle cannot pay is lost to it whole.
    """
    vendors, p = market.vendors, market.parameters
    part = ratio(delivered, vendors.backlog)
    lost = p.cancellation * (1.0 - paying)
    lost[market.leases.customers] = 1.0 - paying[market.leases.customers]
    for column, done in (("order_value", "delivered"), ("prepaid", "applied")):
        balance = vendors.columns[column]
        used = balance * part
        market.ledger.write_off(vendors, column, done, used)
        market.ledger.write_off(vendors, column, "forfeited", (balance - used) * lost)
    left = (vendors.backlog - delivered) * (1.0 - lost)
    given, waiting = total(delivered, 1), total(left, 1)
    lead_time = np.where(given > ONE_CHIP, ratio(waiting, given), ratio(waiting, vendors.capacity))
    vendors.commit(backlog=left, lead_time=lead_time)
    if len(market.vehicles):
        show_orders(market)
        show_fleets(market)


def _pay_vendors_costs(market: MarketModel) -> None:
    """Vendors pay foundries, upkeep, selling and research."""
    vendors, p = market.vendors, market.parameters
    costs = vendors.unit_cost * total(vendors.delivered, 1) + p.capacity_upkeep * vendors.capacity
    costs = costs + (p.selling_cost_share + p.chip_research_share) * vendors.sales
    market.ledger.transfer("vendor_costs", vendors, market.economy, paid=costs)
    vendors.commit(profit=vendors.sales - costs - p.depreciation_chips * vendors.fixed_assets)
