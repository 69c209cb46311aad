"""Data centres: halls are started, built and connected to the grid (P11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.equipment_supplier import CLUSTERS, HALL_SECTORS
from ...agents.firm import ASSUMPTION
from ...agents.rules.building import advanced, started
from ...agents.rules.rationing import pro_rata
from ...agents.state.arrays import TINY, Floats, positive, power, ratio, total
from ...agents.state.population import Population
from ...agents.state.quantity import ParameterGroup, parameter
from ..accounting.borrowers import of_owners, split_by_owner
from ..deals.earmarks import RENT, RESEARCH, USE_CHIPS, USE_CLUSTERS, USE_HALLS, spend_earmarked
from .chips import payment_reserve
from .hall_inputs import inputs_by_customer, sector_prices
from .leasing import buy_halls, halls_on_order, leases_halls, start_halls
from .planning import new_pue

if TYPE_CHECKING:
    from ..market_model import MarketModel


class DataCenters(ParameterGroup):
    """Building halls and connecting them."""

    group = "datacenters"

    connection_rate = parameter(
        6.0,
        "GW/quarter",
        3.0,
        9.0,
        "4-5 GW were energised in 2025Q4; queues of about five years (power.csv)",
        "halls the grid can connect at the end of 2025, of labs and the rest of the world",
        "hconn0",
    )
    connection_growth = parameter(0.035, "1/quarter", 0.0, 0.08, ASSUMPTION, "growth of that rate", "g_conn")
    hall_wear = parameter(0.006, "1/quarter", 0.0, 0.02, ASSUMPTION, "halls that wear out")
    fleet_overhead = parameter(
        0.25, "1", 0.1, 0.5, "AI halls near 1.25 (power.csv); assumption", "PUE less one", "pue_x"
    )
    new_hall_overhead = parameter(0.8, "1", 0.4, 1.0, ASSUMPTION, "overhead of a new hall, of the fleet's")
    cooling_progress = parameter(0.10, "1", 0.0, 0.25, ASSUMPTION, "fall of overhead per doubling of cooling built")
    storage_wear = parameter(0.0125, "1/quarter", 0.005, 0.03, ASSUMPTION, "grid storage that wears out")
    storage_addition = parameter(
        3.0,
        "GW/quarter",
        1.0,
        6.0,
        "US storage grew 15 GW in 2025, 24 planned in 2026 (power.csv)",
        "grid storage added in the United States",
        "stor_add",
    )
    world_over_us = parameter(1.52, "1", 1.2, 2.0, ASSUMPTION, "power systems with AI load over the United States'")
    storage_per_hall = parameter(0.10, "1", 0.0, 0.4, ASSUMPTION, "storage that a connected hall brings", "stor_req")
    outside_hall_growth = parameter(0.10, "1/quarter", 0.0, 0.2, ASSUMPTION, "growth of chips its halls plan for")
    outside_hall_need = parameter(0.87, "1", 0.6, 1.0, ASSUMPTION, "halls the rest of the world plans, of rated power")
    outside_order_memory = parameter(0.97, "1", 0.8, 1.0, ASSUMPTION, "part of its unfilled hall orders kept")


def build_halls(market: MarketModel) -> None:
    """Start halls as far as builders can, complete what is due, connect what the grid allows (P11)."""
    _start(market)
    if len(market.vehicles):
        buy_halls(market)
    _complete(market)
    _connect(market)


def _start(market: MarketModel) -> None:
    """Share builders' capacity among labs, clouds and the rest of the world; works are paid when they start."""
    economy, p = market.economy, market.parameters
    wanted = _outside_orders(market)
    asked = np.concatenate([of_owners(market, "halls_ordered"), wanted[None]])
    inputs = inputs_by_customer(market)
    prices = sector_prices(market)[:, None] * inputs
    needed = total(inputs * asked, 1)
    planned = asked * _startable_part(market, needed)
    market.equipment.commit(sales=market.equipment.sales + _pay_outside(market, planned[-1], prices[:, -1]))
    count = len(market.labs)
    begun = np.concatenate(
        [
            _start_for(market, market.labs, planned[:count], prices[:, :count]),
            _start_for(market, market.clouds, planned[count:-1], prices[:, count:-1]),
        ]
    )
    _load(market, needed, total(inputs[:, :-1] * begun, 1) + inputs[:, -1] * planned[-1])
    for firms, new in zip(market.owners, split_by_owner(market, begun), strict=True):
        firms.commit(halls_building=started(firms.halls_building, new, p.hall_lead_time))
    economy.commit(
        outside_ordered=wanted - planned[-1],
        outside_building=started(economy.outside_building[None], planned[-1][None], p.hall_lead_time)[0],
    )


def _start_for(market: MarketModel, firms: Population[Any], planned: Floats, prices: Floats) -> Floats:
    """Start halls for labs or clouds and their vehicles, as far as these can pay; return what begins, GW, (n, R)."""
    own, ordered, leased = planned, firms.halls_ordered, None
    if leases_halls(market, firms):
        ordered = ordered - halls_on_order(market, firms)
        wanted_by_vehicles, leased = start_halls(market, firms, own, prices)
        own = own - wanted_by_vehicles
    paying = _paying_part(market, firms, own * total(prices))
    begun = own * paying
    _settle(market, firms, begun, prices)
    left = (ordered - begun) * (1.0 - market.parameters.cancellation * (1.0 - paying))
    if leased is not None:
        begun, left = begun + leased, positive(left) + halls_on_order(market, firms)
    firms.commit(halls_ordered=left)
    return begun


def _startable_part(market: MarketModel, needed: Floats) -> Floats:
    """Return the part of the halls asked for that the scarcest sector can build, shape (R,).

    Args:
        market: the model.
        needed: what those halls take of each hall sector, GW, shape (three sectors, R).
    """
    capacity = (market.equipment.capacity * market.parameters.equipment_available)[HALL_SECTORS]
    return np.minimum(1.0, capacity / np.maximum(needed, TINY)).min(0)


def _outside_orders(market: MarketModel) -> Floats:
    """Return the halls the rest of the world has on order: they follow its chips, GW, shape (R,)."""
    economy, vendors, p = market.economy, market.vendors, market.parameters
    chips = total(vendors.delivered[:, -1] * vendors.unit_power)
    ahead = np.exp(p.outside_hall_growth * (p.hall_lead_time - 1.0))
    need = p.outside_pue * p.outside_hall_need * (chips * ahead - p.outside_wear * economy.outside_power)
    return p.outside_order_memory * economy.outside_ordered + positive(need)


def _paying_part(market: MarketModel, firms: Population[Any], cost: Floats) -> Floats:
    """Return the part of planned starts, which cost USD bn of shape (n, R), that each owner can pay."""
    bound = firms.restricted_cash
    elsewhere = bound[:, USE_CLUSTERS] + bound[:, USE_CHIPS] + bound[:, RESEARCH] + bound[:, RENT]
    usable = positive(firms.cash - elsewhere - payment_reserve(market, firms))
    return np.minimum(1.0, usable / np.maximum(cost, TINY))


def _settle(market: MarketModel, firms: Population[Any], begun: Floats, prices: Floats) -> None:
    """Owners pay the three hall sectors for what begins, GW of shape (n, R), at prices of shape (three, n, R)."""
    equipment, ledger = market.equipment, market.ledger
    rest = np.zeros((len(equipment) - CLUSTERS, market.replicates))
    paid = begun * total(prices)
    received = np.concatenate([total(prices * begun, 1), rest])
    ledger.transfer("halls", firms, equipment, paid=paid, received=received)
    ledger.post(firms, "fixed_assets", "capex", paid)
    firms.commit(capex=firms.capex + paid)
    equipment.commit(sales=equipment.sales + received)
    spend_earmarked(market, firms, USE_HALLS, paid, market.payees.halls, prices.transpose(1, 0, 2))


def _pay_outside(market: MarketModel, begun: Floats, prices: Floats) -> Floats:
    """Let the rest of the world pay for halls, GW of shape (R,); return what each sector gets, shape (sectors, R)."""
    rest = np.zeros((len(market.equipment) - CLUSTERS, market.replicates))
    received = np.concatenate([prices * begun, rest])
    market.ledger.transfer("halls_outside", market.economy, market.equipment, received=received)
    market.economy.commit(outside_spending=market.economy.outside_spending + total(received))
    return received


def _load(market: MarketModel, needed: Floats, built: Floats) -> None:
    """Record each sector's output and load, and pay its costs.

    Cluster builders are loaded with what waits, as far as vendors could deliver it soon, and at least with what vendors
    had ready for them: where vendors deliver at once little waits, however busy builders are.

    Args:
        market: the model.
        needed: what all halls asked for take of each hall sector, GW, shape (three sectors, R).
        built: what the halls begun take of it, of the same shape.
    """
    equipment, vendors, p = market.equipment, market.vendors, market.parameters
    joined = total(total(vendors.delivered, 1) * vendors.unit_power)
    waiting = total(total(vendors.backlog, 1) * vendors.unit_power) / p.normal_lead_time
    growing = 1.0 + ratio(total(market.economy.wafers_building), market.economy.wafers)
    coming = growing * vendors.capacity * vendors.unit_power
    ready = market.economy.clusters_asked
    cluster_load = np.maximum(ready, np.minimum(waiting, p.cluster_foresight * total(coming)))
    is_cluster = (np.arange(len(equipment)) == CLUSTERS)[:, None]
    rest = np.zeros((len(equipment) - CLUSTERS, market.replicates))
    output = np.where(is_cluster, joined, np.concatenate([built, rest]))
    load = np.where(is_cluster, cluster_load, np.concatenate([needed, rest]))
    costs = p.equipment_cost_share * equipment.sales / equipment.price_index
    market.ledger.transfer("equipment_costs", equipment, market.economy, paid=costs)
    equipment.commit(
        output=output,
        output_ever=equipment.output_ever + output,
        load_factor=load / np.maximum(equipment.capacity, TINY),
        profit=equipment.sales - costs - p.depreciation_equipment * equipment.fixed_assets,
    )


def _complete(market: MarketModel) -> None:
    """Halls that are due wait for the grid."""
    economy = market.economy
    for firms in market.owners:
        due, building = advanced(firms.halls_building)
        firms.commit(halls_unconnected=firms.halls_unconnected + due, halls_building=building)
    outside_due, outside_building = advanced(economy.outside_building[None])
    economy.commit(
        outside_unconnected=economy.outside_unconnected + outside_due[0], outside_building=outside_building[0]
    )


def _connect(market: MarketModel) -> None:
    """Connect halls at the grid's pace, and on-site plants at their own; storage grows with them."""
    economy, energy, p = market.economy, market.energy, market.parameters
    grid = p.connection_rate * power(1.0 + p.connection_growth, market.elapsed) * p.grid_available
    on_site = total(energy.on_site * energy.building[:, 0])
    waiting = np.concatenate([of_owners(market, "halls_unconnected"), economy.outside_unconnected[None]])
    connected = pro_rata(waiting, grid + on_site)
    for firms, new in zip(market.owners, split_by_owner(market, connected[:-1]), strict=True):
        _add_halls(market, firms, new)
    added = p.storage_addition * p.world_over_us + p.storage_per_hall * total(connected)
    economy.commit(
        outside_unconnected=economy.outside_unconnected - connected[-1],
        outside_halls=economy.outside_halls * (1.0 - p.hall_wear) + connected[-1],
        storage=economy.storage * (1.0 - p.storage_wear) + added,
    )


def _add_halls(market: MarketModel, firms: Population[Any], new: Floats) -> None:
    """Give owners the halls that were connected, GW of shape (n, R); old ones wear out."""
    kept = firms.halls * (1.0 - market.parameters.hall_wear)
    halls = kept + new
    pue = (kept * firms.pue + new * new_pue(market)) / np.maximum(halls, TINY)
    firms.commit(
        halls_unconnected=firms.halls_unconnected - new, halls=halls, pue=np.where(halls > TINY, pue, firms.pue)
    )
