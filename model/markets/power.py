"""The power market: one system, four blocks of the day, plants in merit order (P2)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...agents.firm import ASSUMPTION, GWH_PRICE, HOURS
from ...agents.rules.expectations import adapted, smoothed
from ...agents.rules.pricing import scarcity_price
from ...agents.rules.renting import damped
from ...agents.state.arrays import TINY, Floats, clip, power, total
from ...agents.state.quantity import ParameterGroup, parameter
from ...agents.state.shown import shown
from ..accounting.borrowers import of_owners, split_by_owner
from .hosting import share_halls

if TYPE_CHECKING:
    from ..market_model import MarketModel

# Four blocks of the day: load other than AI relative to its mean, part of the hours, part of storage that charges
# (above zero) or discharges. Specification P2; assumption, after US load curves.
BLOCK_LOAD = np.array([0.80, 0.95, 1.12, 1.28])[:, None]
BLOCK_HOURS = np.array([0.35, 0.35, 0.25, 0.05])[:, None] * HOURS
BLOCK_STORAGE = np.array([0.5, 0.0, -0.4, -1.0])[:, None]
FULL_LOAD = 1e-9
"""GW of load that a plant may miss and still count as the marginal one."""

LOWEST_PRICE_RATIO = 0.3
HIGHEST_PRICE_RATIO = 10.0
TWH = 1e-3
"""GWh in TWh."""


class PowerMarket(ParameterGroup):
    """Parameters of the power market."""

    group = "power"

    price_ceiling = parameter(1000.0, "USD/MWh", 300.0, 3000.0, ASSUMPTION, "highest price of power", "Pcap")
    enough_reserve = parameter(0.10, "1", 0.05, 0.15, ASSUMPTION, "reserve that ends scarcity pricing", "rstar")
    base_elasticity = parameter(0.10, "1", 0.05, 0.3, ASSUMPTION, "fall of other load with the price", "eps_b")
    base_growth = parameter(
        0.004,
        "1/quarter",
        0.0,
        0.01,
        "power.csv: other US demand grows about 1-2 % a year; assumption",
        "growth of other load",
        "g_base",
    )
    reference_power_price = parameter(
        47.0, "USD/MWh", 30.0, 80.0, "power.csv: EIA composite of 2025", "price at which other load is the base load"
    )
    contract_memory = parameter(0.9, "1", 0.5, 0.99, ASSUMPTION, "memory of the price of long contracts")
    contract_markup = parameter(1.15, "1", 1.0, 1.5, ASSUMPTION, "long contracts over the average price")
    contract_premium = parameter(5.0, "USD/MWh", 0.0, 20.0, ASSUMPTION, "long contracts above the average price")
    contract_share = parameter(0.6, "1", 0.0, 1.0, ASSUMPTION, "part of labs' power on long contracts", "ppa_share")
    fuel_share = parameter(0.9, "1", 0.7, 1.0, ASSUMPTION, "part of running cost that is fuel and upkeep")
    capacity_payment = parameter(
        0.012,
        "USD bn/GW per quarter",
        0.003,
        0.03,
        "PJM at 270-333 USD/MW-day is 0.025-0.030 (power.csv)",
        "payment for firm capacity",
        "cap_pay",
    )
    contract_horizon = parameter(
        8,
        "quarters",
        4,
        16,
        "solar with storage takes 18-20 months to build (power.csv); assumption",
        "how far ahead suppliers sell under long contracts",
        structural=True,
    )
    load_news_weight = parameter(
        0.25, "1", 0.05, 0.6, "as labs' news_weight; assumption", "weight of the last quarter in expected AI load"
    )
    outside_pue = parameter(1.25, "1", 1.1, 1.6, ASSUMPTION, "PUE of the rest of the world's halls")
    outside_use = parameter(0.85, "1", 0.5, 1.0, ASSUMPTION, "power the rest of the world draws, of rated IT power")


@shown()
class Dispatch(NamedTuple):
    """Who runs: power by block and supplier, GW, shape (blocks, suppliers, R), and the marginal plant's cost."""

    generated: Floats
    marginal_cost: Floats


@shown()
class PowerClearing(NamedTuple):
    """One quarter of the power market, GW and USD/MWh by block, shape (blocks, R), for the checks and for bills."""

    price: Floats
    available: Floats
    base_served: Floats
    ai_load: Floats
    storage_shift: Floats
    generated: Floats


def merit_order(capacity: Floats, cost: Floats, load: Floats) -> Dispatch:
    """Let the cheapest plants run until load is met.

    Args:
        capacity: GW, shape (suppliers, R).
        cost: running cost, USD/MWh, shape (suppliers, R); equal costs run in the order of the rows.
        load: GW, shape (blocks, R).
    """
    order = np.arange(len(cost))
    earlier = (order[None, :] < order[:, None])[:, :, None]
    ahead = (cost[None] < cost[:, None]) | ((cost[None] == cost[:, None]) & earlier)
    below = total(ahead * capacity[None], 1)
    generated = clip(load[:, None] - below, 0.0, capacity)
    running = below < load[:, None] - FULL_LOAD
    marginal = np.where(running, cost, cost.min(0)).max(1)
    return Dispatch(generated, marginal)


def clear_power(market: MarketModel) -> None:
    """Dispatch plants, price power block by block and settle the bills (P2)."""
    economy, p = market.economy, market.parameters
    rated = of_owners(market, "fleet_power") * of_owners(market, "pue")
    powered = of_owners(market, "active") * share_halls(market)
    load = powered * rated
    outside = np.minimum(economy.outside_power * (p.outside_pue * p.outside_use), economy.outside_halls)
    clearing = _clear(market, total(load) + outside)
    growth = _load_growth(market, clearing.ai_load)
    hours = BLOCK_HOURS
    available = total(hours * clearing.available) / HOURS
    price = total(hours * clearing.price) / HOURS
    market.clearings["power"] = clearing
    _settle(market, clearing, load, outside)
    for firms, share in zip(market.owners, split_by_owner(market, powered), strict=True):
        fleet = firms.all.compute
        firms.commit(powered_share=share, fleet_at_opening=fleet, own_compute=fleet * share * available)
    economy.commit(
        power_price=price,
        contract_price=_contract_price(market, price),
        power_available=available,
        ai_load=clearing.ai_load,
        load_growth=growth,
        forward_price=_forward_price(market, clearing.ai_load, growth),
        power_served=total(hours * (clearing.base_served + clearing.available * clearing.ai_load)) * TWH,
        base_load=economy.base_load * (1.0 + p.base_growth),
    )


def _clear(market: MarketModel, ai_load: Floats) -> PowerClearing:
    """Find generation and price in every block; AI load is cut first when plants do not suffice."""
    energy, p = market.energy, market.parameters
    base, capacity = _base_load(market), total(energy.capacity)
    shift = _storage_shift(market, base, capacity)
    wanted = base + ai_load + shift
    dispatch = merit_order(energy.capacity, energy.marginal_cost, wanted)
    reserve = (capacity - wanted) / np.maximum(capacity, TINY)
    return PowerClearing(
        price=scarcity_price(dispatch.marginal_cost, reserve, p.price_ceiling, p.enough_reserve),
        available=clip((capacity - base - shift) / np.maximum(ai_load, TINY), 0.0, 1.0),
        base_served=np.minimum(base, capacity - shift),
        ai_load=ai_load,
        storage_shift=shift,
        generated=dispatch.generated,
    )


def _load_growth(market: MarketModel, ai_load: Floats) -> Floats:
    """Return the growth of AI load that suppliers expect, 1/quarter, shape (R,)."""
    before, expected = market.economy.ai_load, market.economy.load_growth
    news = adapted(expected, ai_load, before, market.parameters.load_news_weight)
    return np.where((before > TINY) & (ai_load > TINY), news, expected)


def _forward_price(market: MarketModel, ai_load: Floats, growth: Floats) -> Floats:
    """Return the average price to expect when plants ordered now run, USD/MWh, shape (R,).

    Load goes on as it grew, ever more slowly; plants under construction run by then, and old ones retire.
    """
    energy, p = market.energy, market.parameters
    quarters = p.contract_horizon
    soon = (np.arange(energy.building.shape[1]) < quarters)[:, None]
    capacity = energy.capacity * power(1.0 - energy.retirement, quarters) + total(energy.building * soon, 1)
    load = ai_load * np.exp(growth * damped(quarters, p.growth_fade))
    base = _base_load(market) * power(1.0 + p.base_growth, quarters)
    shift = _storage_shift(market, base, total(capacity))
    wanted = base + load + shift
    dispatch = merit_order(capacity, energy.marginal_cost, wanted)
    reserve = (total(capacity) - wanted) / np.maximum(total(capacity), TINY)
    price = scarcity_price(dispatch.marginal_cost, reserve, p.price_ceiling, p.enough_reserve)
    return total(BLOCK_HOURS * price) / HOURS


def _base_load(market: MarketModel) -> Floats:
    """Return load other than AI by block at the last price, GW, shape (blocks, R)."""
    economy, p = market.economy, market.parameters
    dearness = clip(economy.power_price / p.reference_power_price, LOWEST_PRICE_RATIO, HIGHEST_PRICE_RATIO)
    return economy.base_load * power(dearness, -p.base_elasticity) * BLOCK_LOAD


def _storage_shift(market: MarketModel, base: Floats, capacity: Floats) -> Floats:
    """Return what storage adds to load by block, below zero where it discharges, GW, shape (blocks, R)."""
    return BLOCK_STORAGE * np.minimum(np.minimum(market.economy.storage, base[-1]), capacity)


def _contract_price(market: MarketModel, price: Floats) -> Floats:
    """Return the price of long contracts, which follow the average price slowly."""
    p = market.parameters
    offer = p.contract_markup * price + p.contract_premium
    return smoothed(market.economy.contract_price, offer, 1.0 - p.contract_memory)


def _settle(market: MarketModel, clearing: PowerClearing, load: Floats, outside: Floats) -> None:
    """Let labs, clouds and the outside sector pay for power, and suppliers for fuel.

    Generators earn the block price; whoever owns the storage earns what it gains between blocks; what long contracts
    cost beyond the spot price goes to suppliers by their generation.
    """
    energy, economy, p = market.energy, market.economy, market.parameters
    worth = BLOCK_HOURS * clearing.price * GWH_PRICE
    spot = total(worth * clearing.available)
    contract = economy.contract_price * total(BLOCK_HOURS * clearing.available) * GWH_PRICE
    bill = load * (p.contract_share * contract + (1.0 - p.contract_share) * spot)
    others = total(worth * clearing.base_served) + outside * spot
    made = total(worth[:, None] * clearing.generated)
    energy_made = total(BLOCK_HOURS[:, None] * clearing.generated)
    by_generation = energy_made / np.maximum(total(energy_made), TINY)
    rent = total(load) * spot + others - total(made)
    earned = made + energy.keeps_storage * rent + by_generation * (total(bill) - total(load) * spot)
    capacity_paid = p.capacity_payment * energy.capacity * energy.capacity_credit
    costs = p.fuel_share * energy.marginal_cost * energy_made * GWH_PRICE + energy.fixed_cost * energy.capacity
    for firms, row, part in zip(
        market.owners, ("power_labs", "power_clouds"), split_by_owner(market, bill), strict=True
    ):
        market.ledger.transfer(row, firms, energy, paid=part, received=total(part) * by_generation)
        firms.commit(power_bill=part)
    market.ledger.transfer("power_other", economy, energy, received=earned - total(bill) * by_generation)
    market.ledger.transfer("capacity_payments", economy, energy, received=capacity_paid)
    market.ledger.transfer("fuel_and_upkeep", energy, economy, paid=costs)
    sales = earned + capacity_paid
    economy.commit(spot_paid_by_ai=spot / (HOURS * GWH_PRICE))
    energy.commit(
        generated=energy_made * TWH,
        sales=sales,
        profit=sales - costs - p.depreciation_energy * energy.fixed_assets,
    )
