"""Leasing: vehicles order and buy for their lessees, collect rent, and sell what is taken back (P6 to P11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.firm import ASSUMPTION
from ...agents.state.arrays import TINY, Floats, positive, ratio, total
from ...agents.state.quantity import ParameterGroup, parameter
from ..deals.facilities import Facilities
from .ageing import retiring_part
from .capital_calls import call_savers, count_draw
from .cluster_prices import cluster_price, to_cluster_builders

if TYPE_CHECKING:
    from ..market_model import MarketModel


class Leasing(ParameterGroup):
    """What repossessed chips and halls fetch, and what a broken covenant stops."""

    group = "leasing"

    chip_resale = parameter(
        0.60,
        "1",
        0.2,
        0.9,
        "used accelerators fetch 60-65 % after a year (specification); assumption",
        "what taken-back chips fetch, of the price of new compute",
    )
    hall_resale = parameter(0.60, "1", 0.2, 0.9, ASSUMPTION, "what taken-back halls fetch, of the cost of new ones")
    depreciation_vehicles = parameter(
        0.05, "1/quarter", 0.03, 0.08, "as labs' plant; assumption", "depreciation of vehicles' chips and halls"
    )
    covenant_curb = parameter(
        0.5, "1", 0.0, 1.0, "specification P8", "part of dividends and new orders that a broken covenant stops"
    )
    guarantee_fee = parameter(
        0.005,
        "1/yr",
        0.0,
        0.02,
        "specification 2, section 4; assumption",
        "what a guarantor takes, of what it stands for",
    )
    hall_sale_limit = parameter(
        0.25, "1/quarter", 0.05, 1.0, ASSUMPTION, "most of the rest of the world's halls that change hands in a quarter"
    )


def open_books(market: MarketModel) -> None:
    """Let vehicles start the quarter with nothing spent, missed or sold (P0)."""
    vehicles = market.vehicles
    if len(vehicles):
        names = ("capex", "rent", "rent_paid", "missed", "ended", "resale", "guarantee_call")
        vehicles.commit(**{name: np.zeros_like(vehicles.cash) for name in names})
        market.labs.commit(leased_raised=np.zeros_like(market.labs.leased_raised))


def order_for_vehicles(market: MarketModel) -> None:
    """Vehicles order what their schedule allows and their lessees have room for (P7, before labs plan)."""
    vehicles = market.vehicles
    if not len(vehicles):
        return
    facilities, signals = market.facilities, market.signals
    allowed = facilities.commitment * facilities.scheduled_so_far()
    budget = positive(facilities.on_vehicles(allowed) - vehicles.ordered) * vehicles.active
    _order_chips(market, budget)
    price = np.where(market.leases.builds > 0.0, market.leases.of_lessee(market.labs.hall_price), signals.hall_cost)
    halls = budget * (market.leases.builds + market.leases.buys) / price
    vehicles.commit(ordered=vehicles.ordered + halls * price, halls_ordered=vehicles.halls_ordered + halls)
    labs = market.labs
    labs.commit(halls_ordered=labs.halls_ordered + market.leases.on_labs(halls * market.leases.builds))


def _order_chips(market: MarketModel, budget: Floats) -> None:
    """Order chips from each vehicle's supplier, at the price of the day, as far as the lessee has room in halls."""
    vehicles, vendors, labs, leases = market.vehicles, market.vendors, market.labs, market.leases
    signals = market.signals
    landed = leases.of_supplier(vendors.price + cluster_price(market))
    compute = budget * leases.equips * ratio(leases.of_supplier(vendors.performance), landed)
    room = labs.all.room_with_hosts(signals)
    fitting = np.minimum(1.0, ratio(room, leases.on_labs(compute)))
    units = compute * leases.of_lessee(fitting) / np.maximum(leases.of_supplier(vendors.performance), TINY)
    units = units * (leases.of_supplier(vendors.active) > 0.0)
    by_vendor = units[None] * leases.supplier
    backlog, value = (np.zeros_like(vendors.backlog) for _ in (1, 1))
    backlog[:, leases.customers] = by_vendor
    value[:, leases.customers] = by_vendor * vendors.price[:, None]
    vendors.commit(backlog=vendors.backlog + backlog)
    market.ledger.post(vendors, "order_value", "ordered", value)
    vehicles.commit(ordered=vehicles.ordered + units * landed)
    show_orders(market)


def show_orders(market: MarketModel) -> None:
    """Let labs see what is on order for them with vehicles."""
    backlog = market.vendors.backlog[:, market.leases.customers].transpose(1, 0, 2)
    market.labs.commit(leased_on_order=market.leases.on_labs(backlog))


def set_aside(market: MarketModel) -> Floats:
    """Return what vehicles drew of managers' own cash since their last round of lending, USD bn, shape (managers, R).

    It comes off this round's budget, as a loan of a deal does that is not called from savers.
    """
    managers = market.managers
    taken = managers.notes_taken
    if len(market.vehicles):
        managers.commit(notes_taken=np.zeros_like(taken))
    return taken


def _by_tranche(facilities: Facilities, amount: Floats) -> Floats:
    """Split an amount by vehicle among its tranches by what they have left, at most that, shape (n, R)."""
    left = facilities.undrawn * facilities.is_a["lease"]
    part = np.minimum(1.0, ratio(amount, facilities.on_vehicles(left)))
    return left * facilities.of_vehicle_rows(part)


def left_to_draw(market: MarketModel) -> Floats:
    """Return what each vehicle may still draw, USD bn, shape (vehicles, R); nothing while a covenant stops it."""
    facilities = market.facilities
    left = facilities.undrawn * facilities.is_a["lease"] * (facilities.blocked == 0.0)
    return facilities.on_vehicles(left) * market.vehicles.active


def draw_notes(market: MarketModel, amount: Floats, payees: tuple[tuple[slice, Floats], ...]) -> None:
    """Let vehicles draw what they are about to pay: managers take notes of every tranche.

    Args:
        market: the model.
        amount: USD bn, shape (vehicles, R), at most `left_to_draw`.
        payees: who will be paid how much, by their places among payees, shape (vehicles, payees, R) each.
    """
    facilities, managers, vehicles = market.facilities, market.managers, market.vehicles
    draw = _by_tranche(facilities, amount)
    by_funder = facilities.holdings(market) * draw[:, None]
    own = call_savers(market, by_funder)
    market.ledger.lend("deal", managers, vehicles, facilities.of_lenders(facilities.on_vehicles(by_funder)))
    taken = total(by_funder[:, : len(managers)])
    managers.commit(placed=managers.placed + taken, notes_taken=managers.notes_taken + own)
    spent = facilities.spent.copy()
    share = ratio(draw, facilities.of_vehicle_rows(amount))
    for places, paid in payees:
        spent[:, places] += share[:, None] * facilities.of_vehicle_rows(paid)
    facilities.commit(
        drawn=facilities.drawn + draw,
        draw=facilities.draw + draw,
        outstanding=facilities.outstanding + by_funder,
        given_so_far=facilities.given_so_far + by_funder,
        instalment=facilities.instalment + by_funder / facilities.term[:, None],
        spent=spent,
    )
    count_draw(market, draw, draw)
    labs, economy, raised = market.labs, market.economy, facilities.on_labs(draw)
    labs.commit(leased_raised=labs.leased_raised + raised, leased_spent=labs.leased_spent + raised)
    economy.commit(funding=economy.funding + total(draw))


def take_delivery(market: MarketModel, planned: Floats) -> tuple[Floats, Floats]:
    """Let vehicles pay for chips with notes drawn on the spot, and lease them to their lessees (P10).

    Args:
        market: the model.
        planned: what vendors would deliver, M units, shape (vendors, vehicles, R).

    Returns:
        What they take, of the same shape, and the part of its order that each can pay, shape (vehicles, R).
    """
    vendors, vehicles, leases, ledger = market.vendors, market.vehicles, market.leases, market.ledger
    value = ratio(planned, vendors.backlog[:, leases.customers]) * vendors.order_value[:, leases.customers]
    clusters = total(planned * cluster_price(market)[:, None])
    cost = total(value) + clusters
    paying = np.minimum(1.0, ratio(left_to_draw(market), cost))
    value, clusters, cost = value * paying, clusters * paying, cost * paying
    to_vendors, to_clusters = market.payees.vendors, market.payees.clusters
    draw_notes(market, cost, ((to_vendors, value.transpose(1, 0, 2)), (to_clusters, clusters[:, None])))
    sector = to_cluster_builders(market, total(clusters))
    ledger.transfer("chips", vehicles, vendors, paid=total(value), received=total(value, 1))
    ledger.transfer("clusters", vehicles, market.equipment, paid=clusters, received=sector)
    ledger.post(vehicles, "fixed_assets", "capex", cost)
    vendors.commit(sales=vendors.sales + total(value, 1))
    market.equipment.commit(sales=market.equipment.sales + sector)
    vehicles.commit(capex=vehicles.capex + cost)
    taken = planned * paying
    kept = 1.0 - leases.of_lessee(retiring_part(market, market.labs))
    mine = taken.transpose(1, 0, 2)
    vehicles.commit(
        fleet=vehicles.fleet * kept[:, None] + mine * vendors.performance,
        fleet_power=vehicles.fleet_power * kept + total(mine * vendors.unit_power, 1),
    )
    return taken, np.where(paying < 1.0, 0.0, 1.0)


def show_fleets(market: MarketModel) -> None:
    """Let labs know which part of their fleet is leased, after deliveries."""
    market.labs.commit(leased_fleet=market.leases.on_labs(total(market.vehicles.fleet, 1)))


def halls_on_order(market: MarketModel) -> Floats:
    """Return the halls that builders owe vehicles, by lessee, GW, shape (labs, R)."""
    return market.leases.on_labs(market.vehicles.halls_ordered * market.leases.builds)


def start_halls(market: MarketModel, planned: Floats, prices: Floats) -> tuple[Floats, Floats]:
    """Let vehicles pay for their part of the halls that builders can start (P11).

    Args:
        market: the model.
        planned: halls that could start for each lab, its vehicles' included, GW, shape (labs, R).
        prices: what each hall sector charges each lab, USD bn/GW, shape (sectors, labs, R).

    Returns:
        The halls that vehicles could start and those that they pay for, by lessee, GW, shape (labs, R) each.
    """
    labs, vehicles, leases, ledger = market.labs, market.vehicles, market.leases, market.ledger
    ordered = vehicles.halls_ordered * leases.builds
    wanted = ordered * leases.of_lessee(np.minimum(1.0, ratio(planned, labs.halls_ordered)))
    by_sector = leases.of_lessee(prices.transpose(1, 0, 2))
    cost = wanted * total(by_sector, 1)
    paying = np.minimum(1.0, ratio(left_to_draw(market), cost))
    halls, cost = wanted * paying, cost * paying
    draw_notes(market, cost, ((market.payees.halls, halls[:, None] * by_sector),))
    rest = np.zeros((len(market.equipment) - len(prices), market.replicates))
    received = np.concatenate([total(halls[:, None] * by_sector), rest])
    ledger.transfer("halls", vehicles, market.equipment, paid=cost, received=received)
    ledger.post(vehicles, "fixed_assets", "capex", cost)
    market.equipment.commit(sales=market.equipment.sales + received)
    left = positive(ordered - halls) * (paying >= 1.0) + vehicles.halls_ordered * leases.buys
    vehicles.commit(
        capex=vehicles.capex + cost,
        halls=vehicles.halls * (1.0 - market.parameters.hall_wear) + halls,
        halls_ordered=left,
    )
    return leases.on_labs(wanted), leases.on_labs(halls)


def buy_halls(market: MarketModel) -> None:
    """Let vehicles buy halls that the rest of the world has, at what new ones cost, for their lessees (P11)."""
    labs, economy, vehicles, leases = market.labs, market.economy, market.vehicles, market.leases
    if not leases.buys.any():
        return
    p, cost = market.parameters, market.signals.hall_cost
    wanted = np.minimum(vehicles.halls_ordered * leases.buys, left_to_draw(market) / cost)
    on_offer = p.hall_sale_limit * economy.outside_halls
    halls = wanted * np.minimum(1.0, ratio(on_offer, total(wanted)))
    paid = halls * cost
    draw_notes(market, paid, ((market.payees.outside, paid[:, None]),))
    market.ledger.transfer("halls_bought", vehicles, economy, paid=paid)
    market.ledger.post(vehicles, "fixed_assets", "capex", paid)
    new = leases.on_labs(halls)
    after = labs.halls + new
    pue = (labs.halls * labs.pue + new * p.outside_pue) / np.maximum(after, TINY)
    vehicles.commit(
        capex=vehicles.capex + paid,
        halls=vehicles.halls + halls,
        halls_ordered=positive(vehicles.halls_ordered - halls),
    )
    labs.commit(halls=after, pue=np.where(after > TINY, pue, labs.pue))
    economy.commit(outside_halls=economy.outside_halls - total(halls))
