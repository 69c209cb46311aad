"""The chip market: orders with prepayment (P9), production, rationing and delivery (P10)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...agents.equipment_supplier import CLUSTERS
from ...agents.firm import ASSUMPTION
from ...agents.rules.choice import logit
from ...agents.rules.rationing import ration
from ...agents.state.arrays import TINY, Floats, clip, paired, positive, power, ratio, total
from ...agents.state.quantity import ParameterGroup, parameter
from ...agents.state.shown import shown
from ..deals.earmarks import RESEARCH, USE_CHIPS, USE_CLUSTERS, USE_HALLS, spend_earmarked
from ..deals.facilities import uncurbed
from .cluster_prices import cluster_price, to_cluster_builders
from .leasing import show_fleets, show_orders, take_delivery
from .planning import mean_sentiment

if TYPE_CHECKING:
    from ..market_model import MarketModel

HALF = 0.5
LIFETIME_POWER = 1.25 * 16.0 * 2190.0 * 1e-6
"""16 quarters of power at a PUE of 1.25, USD thousand per kW and USD/MWh (specification P7)."""

OUTSIDE_LONGEST_WAIT = 10.0
"""Quarters of waiting beyond which no lead time is worse (specification P7)."""


class ChipMarket(ParameterGroup):
    """How chips are ordered and shared out, and what the rest of the world wants."""

    group = "chips"

    prepaid_share = parameter(0.20, "1", 0.1, 0.5, ASSUMPTION, "part of an order paid in advance", "prepay")
    prepaid_priority = parameter(
        1.0, "1", 0.0, 4.0, ASSUMPTION, "extra weight of a fully prepaid order in rationing", "prio", uncertain=True
    )
    cancellation = parameter(
        0.10, "1/quarter", 0.0, 0.5, ASSUMPTION, "part of an order cancelled when nothing of it can be paid"
    )
    outside_orders = parameter(
        4.2,
        "M H100e/quarter",
        2.6,
        5.0,
        "deliveries of 2.6 in 2025Q4, led by orders; assumption",
        "compute the rest of the world orders at the start",
        "row0",
        uncertain=True,
    )
    outside_growth = parameter(
        0.07, "1/quarter", 0.03, 0.14, ASSUMPTION, "growth of its demand at the start", "g_row", opening=True
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
    least_hall_cover = parameter(0.3, "1", 0.1, 0.8, ASSUMPTION, "least part of its demand that survives want of halls")
    outside_patience = parameter(4.0, "quarters", 2.0, 10.0, ASSUMPTION, "lead time beyond which it cancels orders")
    outside_merit = parameter(2.0, "1", 1.0, 4.0, ASSUMPTION, "weight it gives to performance per dollar")
    outside_impatience = parameter(0.6, "1/quarter", 0.2, 1.0, ASSUMPTION, "weight it gives to waiting time")
    outside_wear = parameter(0.045, "1/quarter", 0.03, 0.08, ASSUMPTION, "part of its fleet that wears out, as labs'")
    outside_cancellation = parameter(0.15, "1/quarter", 0.0, 0.5, ASSUMPTION, "part of late orders it cancels")


@shown()
class ChipClearing(NamedTuple):
    """One quarter of deliveries, for the checks: M units by vendor, shape (vendors, R)."""

    produced: Floats
    limit: Floats


@shown()
class Bills(NamedTuple):
    """What a delivery costs labs, USD bn, each of shape (labs, vendors, R)."""

    value: Floats
    prepaid: Floats
    financed: Floats
    clusters: Floats


def order_chips(market: MarketModel) -> None:
    """Labs order chips and halls with the money they have; the rest of the world orders chips (P9)."""
    labs, vendors, p = market.labs, market.vendors, market.parameters
    compute, halls = _affordable_plans(market)
    units = (compute[:, None] * labs.vendor_mix / vendors.performance).transpose(1, 0, 2)
    value = units * vendors.price[:, None]
    nothing = np.zeros((len(vendors), vendors.backlog.shape[1] - len(labs), market.replicates))
    outside = _outside_orders(market)
    late = (vendors.all.lead_time > p.outside_patience) * p.outside_cancellation
    queue = vendors.backlog[:, -1] * (1.0 - late) + outside
    mine, leased = vendors.backlog[:, : len(labs)] + units, vendors.backlog[:, len(labs) : -1]
    backlog = np.concatenate([mine, leased, queue[:, None]], axis=1)
    vendors.commit(backlog=backlog)
    labs.commit(halls_ordered=labs.halls_ordered + halls)
    market.ledger.post(vendors, "order_value", "ordered", np.concatenate([value, nothing], axis=1))
    advance = p.prepaid_share * value
    market.ledger.post(vendors, "prepaid", "prepaid", np.concatenate([advance, nothing], axis=1))
    market.ledger.transfer("prepayments", labs, vendors, paid=total(advance), received=total(advance, 1))
    spend_earmarked(market, USE_CHIPS, total(advance), market.payees.vendors, advance.transpose(1, 0, 2))


def _affordable_plans(market: MarketModel) -> tuple[Floats, Floats]:
    """Return the compute and halls that labs order: plans as far as free cash goes, earmarked money at its own pace."""
    labs, p, signals = market.labs, market.parameters, market.signals
    view = labs.all
    buffer = p.loss_buffer * positive(-labs.operating_cash_flow) + p.revenue_buffer * labs.revenue
    free = positive(view.free_cash - buffer - p.commitment_share * view.undelivered(signals))
    part = np.minimum(1.0, ratio(p.order_caution * free, view.planned_spending(signals)))
    part = part * uncurbed(market)
    compute, halls = part * labs.planned_compute, part * labs.planned_halls
    price = view.landed_price(signals)
    bound = labs.restricted_cash
    earmarked = ratio(p.earmark_pace * (bound[:, USE_CLUSTERS] + bound[:, USE_CHIPS]), price)
    compute = compute + np.minimum(earmarked, positive(view.room_in_halls(signals) - compute))
    return compute, halls + p.earmark_pace * bound[:, USE_HALLS] / labs.hall_price


def _outside_orders(market: MarketModel) -> Floats:
    """Return what the rest of the world orders, M units by vendor, and let its demand grow on."""
    economy, vendors, p, signals = market.economy, market.vendors, market.parameters, market.signals
    index = economy.outside_demand
    growth = economy.outside_growth * p.outside_growth_memory
    economy.commit(outside_growth=growth, outside_demand=index * np.exp(growth))
    labs = market.labs
    halls_of = labs.all.power_per_compute(signals) * signals.new_hall_pue * labs.hall_price
    all_in = labs.all.landed_price(signals) + halls_of
    asked = np.where(total(labs.active) > 0.0, labs.active, 1.0)
    price = total(asked * all_in) / total(asked)
    halls = economy.outside_halls + (economy.outside_unconnected + total(economy.outside_building)) * HALF
    cover = clip(
        halls / np.maximum(p.outside_pue * p.outside_use * economy.outside_power, TINY), p.least_hall_cover, 1.0
    )
    mood = np.exp(p.outside_sentiment * mean_sentiment(market))
    wanted = (
        p.outside_orders
        * index
        * mood
        * power(np.maximum(price, TINY) / p.reference_compute_price, -p.outside_elasticity)
    )
    return _outside_mix(market) * (wanted * cover * cover) / vendors.performance


def _outside_mix(market: MarketModel) -> Floats:
    """Return each vendor's part of the rest of the world's orders, by merit and lead time, shape (vendors, R)."""
    vendors, p, signals = market.vendors, market.parameters, market.signals
    lifetime = signals.chip_price + signals.chip_power * (LIFETIME_POWER * signals.power_price)
    merit = p.outside_merit * np.log(signals.chip_performance / lifetime)
    waiting = p.outside_impatience * np.minimum(vendors.all.lead_time, OUTSIDE_LONGEST_WAIT)
    return logit(merit - waiting + np.log(p.outside_preference), vendors.active)


def deliver_chips(market: MarketModel) -> None:
    """Vendors produce what capacity and clusters allow, ration it, deliver it and are paid (P10)."""
    vendors, count = market.vendors, len(market.labs)
    produced = _production(market)
    planned = _rationed(market, produced)
    bills = _bills(market, planned[:, :count])
    paying = _paying_part(market, bills)
    _settle(market, Bills(*(item * paying[:, None] for item in bills)))
    leased = planned[:, count:-1]
    if len(market.vehicles):
        leased, able = take_delivery(market, leased)
        paying = np.concatenate([paying, able])
    delivered = np.concatenate([planned[:, :count] * paying[:count], leased, planned[:, -1:]], axis=1)
    vendors.commit(delivered=delivered, shipped=total(delivered, 1) * vendors.performance)
    _sell_outside(market, delivered[:, -1])
    _install(market, delivered)
    _clear_orders(market, delivered, paying)
    _pay_vendors_costs(market)
    market.clearings["chips"] = ChipClearing(produced=total(delivered, 1), limit=produced)


def _production(market: MarketModel) -> Floats:
    """Return what vendors can make and cluster builders can join up, M units, shape (vendors, R)."""
    vendors, equipment, p = market.vendors, market.equipment, market.parameters
    made = np.minimum(vendors.all.available_capacity * vendors.active, total(vendors.backlog, 1))
    joined = total(made * vendors.unit_power)
    limit = equipment.capacity[CLUSTERS] * p.equipment_available
    return made * np.minimum(1.0, limit / np.maximum(joined, TINY))


def _rationed(market: MarketModel, produced: Floats) -> Floats:
    """Share production among customers: by order, with a weight for what is prepaid, shape (vendors, customers, R)."""
    vendors, p = market.vendors, market.parameters
    weight = vendors.backlog * (1.0 + p.prepaid_priority * ratio(vendors.prepaid, vendors.order_value))
    given = ration(vendors.backlog.transpose(1, 0, 2), produced, weight.transpose(1, 0, 2))
    return given.transpose(1, 0, 2)


def _bills(market: MarketModel, units: Floats) -> Bills:
    """Return what labs would owe for a delivery, shape (labs, vendors, R).

    Args:
        market: the model.
        units: M units, shape (vendors, labs, R).
    """
    labs, vendors, p = market.labs, market.vendors, market.parameters
    own = slice(0, len(labs))
    part = ratio(units, vendors.backlog[:, own])
    value, prepaid = part * vendors.order_value[:, own], part * vendors.prepaid[:, own]
    due = value - prepaid
    line = np.minimum(1.0, ratio(labs.vendor_credit_line, total(due)))
    financed = due * np.maximum(p.vendor_finance_share, line)
    clusters = units * cluster_price(market)[:, None]
    return Bills(*(item.transpose(1, 0, 2) for item in (value, prepaid, financed, clusters)))


def _paying_part(market: MarketModel, bills: Bills) -> Floats:
    """Return the part of a delivery that each lab can pay, shape (labs, R)."""
    labs, p = market.labs, market.parameters
    elsewhere = labs.restricted_cash[:, USE_HALLS] + labs.restricted_cash[:, RESEARCH]
    usable = positive(labs.cash - elsewhere - p.payment_reserve * labs.revenue)
    cost = total(bills.value - bills.prepaid - bills.financed + bills.clusters, 1)
    return np.minimum(1.0, usable / np.maximum(cost, TINY))


def _settle(market: MarketModel, bills: Bills) -> None:
    """Labs pay vendors and cluster builders; prepayments are used up; vendors finance a part."""
    labs, vendors, ledger = market.labs, market.vendors, market.ledger
    cash = bills.value - bills.prepaid - bills.financed
    clusters = total(bills.clusters, 1)
    ledger.transfer("chips", labs, vendors, paid=total(cash, 1), received=total(cash))
    to_builders = to_cluster_builders(market, total(clusters))
    ledger.transfer("clusters", labs, market.equipment, paid=clusters, received=to_builders)
    ledger.post(labs, "vendor_finance", "new", bills.financed)
    spend_earmarked(market, USE_CLUSTERS, clusters, market.payees.clusters, clusters[:, None])
    spend_earmarked(market, USE_CHIPS, total(cash, 1), market.payees.vendors, cash)
    invested = total(bills.value, 1) + clusters
    ledger.post(labs, "fixed_assets", "capex", invested)
    line = positive(labs.vendor_credit_line - total(bills.financed, 1))
    labs.commit(capex=invested, vendor_credit_line=line)
    vendors.commit(sales=total(bills.value))
    market.equipment.commit(sales=to_builders)


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
    """Fleets wear out and grow by deliveries, M units, shape (vendors, customers, R)."""
    labs, vendors, economy, p = market.labs, market.vendors, market.economy, market.parameters
    to_labs = delivered[:, : len(labs)].transpose(1, 0, 2)
    if len(market.vehicles):
        to_labs = to_labs + market.leases.on_labs(delivered[:, market.leases.customers].transpose(1, 0, 2))
    compute = to_labs * (paired(p.compute_wedge) * vendors.performance)
    outside = delivered[:, -1]
    labs.commit(
        fleet=labs.fleet * (1.0 - paired(p.wear)) + compute,
        fleet_power=labs.fleet_power * (1.0 - p.wear) + total(to_labs * vendors.unit_power, 1),
    )
    economy.commit(
        outside_fleet=economy.outside_fleet * (1.0 - p.outside_wear) + total(outside * vendors.performance),
        outside_power=economy.outside_power * (1.0 - p.outside_wear) + total(outside * vendors.unit_power),
    )


def _clear_orders(market: MarketModel, delivered: Floats, paying: Floats) -> None:
    """Take deliveries off the order books, and cancel part of what labs cannot pay; its advance is forfeited."""
    vendors, p = market.vendors, market.parameters
    part = ratio(delivered, vendors.backlog)
    lost = np.concatenate([p.cancellation * (1.0 - paying), np.zeros((1, market.replicates))])
    lost[len(market.labs) : -1] = 1.0 - paying[len(market.labs) :]
    for column, done in (("order_value", "delivered"), ("prepaid", "applied")):
        balance = vendors.columns[column]
        used = balance * part
        market.ledger.write_off(vendors, column, done, used)
        market.ledger.write_off(vendors, column, "forfeited", (balance - used) * lost)
    vendors.commit(backlog=(vendors.backlog - delivered) * (1.0 - lost))
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
