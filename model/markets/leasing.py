"""Leasing: vehicles order and buy for their lessees, collect rent, and sell what is taken back (P6 to P11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.firm import ASSUMPTION
from ...agents.state.arrays import TINY, Floats, positive, ratio, total
from ...agents.state.population import Population
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
    hall_resale = parameter(
        0.60, "1", 0.2, 0.9, ASSUMPTION, "what halls that vehicles take back fetch, of the cost of new ones"
    )
    depreciation_vehicles = parameter(
        0.05,
        "1/quarter",
        0.03,
        0.08,
        "as labs' plant; assumption",
        "depreciation of vehicles' chips and halls, in their own books alone",
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
        0.25,
        "1/quarter",
        0.05,
        1.0,
        ASSUMPTION,
        "most of the rest of the world's halls that vehicles buy in a quarter",
    )


def open_books(market: MarketModel) -> None:
    """Let vehicles start the quarter with nothing spent, missed or sold (P0)."""
    vehicles = market.vehicles
    if len(vehicles):
        names = ("capex", "rent", "rent_paid", "missed", "ended", "resale", "guarantee_call")
        vehicles.commit(**{name: np.zeros_like(vehicles.cash) for name in names})
        for firms in market.owners:
            firms.commit(leased_raised=np.zeros_like(firms.leased_raised))


def order_for_vehicles(market: MarketModel) -> None:
    """Vehicles order what their schedule allows and their lessees have room for (P7, before labs plan)."""
    vehicles = market.vehicles
    if not len(vehicles):
        return
    facilities, signals = market.facilities, market.signals
    allowed = facilities.commitment * facilities.scheduled_so_far()
    budget = positive(facilities.on_vehicles(allowed) - vehicles.ordered) * vehicles.active
    _order_chips(market, budget)
    leases = market.leases
    price = np.where(leases.builds > 0.0, leases.to.of(market, "hall_price"), signals.hall_cost)
    halls = budget * (leases.builds + leases.buys) / price
    vehicles.commit(ordered=vehicles.ordered + halls * price, halls_ordered=vehicles.halls_ordered + halls)
    for firms in filter(leases.to.any_of, market.owners):
        firms.commit(halls_ordered=firms.halls_ordered + leases.to.on(firms, halls * leases.builds))


def _order_chips(market: MarketModel, budget: Floats) -> None:
    """Order chips from each vehicle's supplier, at the price of the day, as far as the lessee has room in halls."""
    vehicles, vendors, leases, signals = market.vehicles, market.vendors, market.leases, market.signals
    landed = leases.of_supplier(vendors.price + cluster_price(market))
    compute = budget * leases.equips * ratio(leases.of_supplier(vendors.performance), landed)
    fitting = [
        np.minimum(1.0, ratio(firms.all.room_to_fill(signals), leases.to.on(firms, compute))) for firms in market.owners
    ]
    units = compute * leases.to.each(*fitting) / np.maximum(leases.of_supplier(vendors.performance), TINY)
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
    """Let lessees see what is on order for them with vehicles."""
    backlog = market.vendors.backlog[:, market.leases.customers].transpose(1, 0, 2)
    for firms in filter(market.leases.to.any_of, market.owners):
        firms.commit(leased_on_order=market.leases.to.on(firms, backlog))


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
    economy = market.economy
    for firms in filter(facilities.to.any_of, market.owners):
        raised = facilities.to.on(firms, draw)
        firms.commit(leased_raised=firms.leased_raised + raised, leased_spent=firms.leased_spent + raised)
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
    kept = 1.0 - leases.to.each(*(retiring_part(market, firms) for firms in market.owners))
    mine = taken.transpose(1, 0, 2)
    vehicles.commit(
        fleet=vehicles.fleet * kept[:, None] + mine * vendors.performance,
        fleet_power=vehicles.fleet_power * kept + total(mine * vendors.unit_power, 1),
    )
    return taken, np.where(paying < 1.0, 0.0, 1.0)


def show_fleets(market: MarketModel) -> None:
    """Let lessees know which part of their fleet is leased, after deliveries."""
    for firms in filter(market.leases.to.any_of, market.owners):
        firms.commit(leased_fleet=market.leases.to.on(firms, total(market.vehicles.fleet, 1)))


def leases_halls(market: MarketModel, firms: Population[Any]) -> bool:
    """Return whether vehicles build halls for labs, or for clouds."""
    return bool(len(market.vehicles)) and market.leases.to.any_of(firms)


def halls_on_order(market: MarketModel, firms: Population[Any]) -> Floats:
    """Return the halls that builders owe vehicles, by lessee, GW, shape (n, R)."""
    return market.leases.to.on(firms, market.vehicles.halls_ordered * market.leases.builds)


def start_halls(market: MarketModel, firms: Population[Any], planned: Floats, prices: Floats) -> tuple[Floats, Floats]:
    """Let vehicles pay for their part of the halls that builders can start (P11).

    Args:
        market: the model.
        firms: labs or clouds, for whom vehicles build.
        planned: halls that could start for each, its vehicles' included, GW, shape (n, R).
        prices: what each hall sector charges each, USD bn/GW, shape (sectors, n, R).

    Returns:
        The halls that vehicles could start and those that they pay for, by lessee, GW, shape (n, R) each.
    """
    vehicles, leases, ledger = market.vehicles, market.leases, market.ledger
    mine = leases.to.mine(firms)
    ordered = vehicles.halls_ordered * leases.builds
    startable = np.minimum(1.0, ratio(planned, firms.halls_ordered))
    wanted = ordered * leases.to.only(market, firms, startable)
    by_sector = leases.to.only(market, firms, prices.transpose(1, 0, 2))
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
        halls=vehicles.halls * (1.0 - market.parameters.hall_wear * mine) + halls,
        halls_ordered=np.where(mine > 0.0, left, vehicles.halls_ordered),
    )
    return leases.to.on(firms, wanted), leases.to.on(firms, halls)


def buy_halls(market: MarketModel) -> None:
    """Let vehicles buy halls that the rest of the world has, at what new ones cost, for their lessees (P11)."""
    economy, vehicles, leases = market.economy, market.vehicles, market.leases
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
    for firms in filter(leases.to.any_of, market.owners):
        new = leases.to.on(firms, halls)
        after = firms.halls + new
        pue = (firms.halls * firms.pue + new * p.outside_pue) / np.maximum(after, TINY)
        firms.commit(halls=after, pue=np.where(new > 0.0, pue, firms.pue))
    vehicles.commit(
        capex=vehicles.capex + paid,
        halls=vehicles.halls + halls,
        halls_ordered=positive(vehicles.halls_ordered - halls),
    )
    economy.commit(outside_halls=economy.outside_halls - total(halls))
