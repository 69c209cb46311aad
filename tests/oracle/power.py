"""P2: one power system, four blocks of the day, plants in merit order."""

from math import exp, log

from .tenancies import share_halls
from .world import TINY, Firm, World, clip, compute, pay

HOURS = 2190.0
BILLION = 1e-6
BLOCKS = (
    # load relative to its mean, part of the hours, storage: charging above zero, discharging below
    (0.80, 0.35, 0.5),
    (0.95, 0.35, 0.0),
    (1.12, 0.25, -0.4),
    (1.28, 0.05, -1.0),
)


def clear_power(w: World) -> None:
    """Load, merit order, scarcity, contract price, bills."""
    p, market = w.p, w.market
    share_halls(w)
    for owner in w.owners:
        owner.load = owner.powered_share * owner.fleet_power * owner.pue
    outside_load = min(market.outside_power * p.outside_pue * p.outside_use, market.outside_halls)
    ai = sum(owner.load for owner in w.owners) + outside_load
    blocks = [block_of(w, ai, *shape) for shape in BLOCKS]
    expect_price(w, ai)
    market.power_available = sum(b.hours * b.available for b in blocks) / HOURS
    old_contract = market.contract_price
    market.power_price = sum(b.hours * b.price for b in blocks) / HOURS
    offer = p.contract_markup * market.power_price + p.contract_premium
    market.contract_price = p.contract_memory * old_contract + (1.0 - p.contract_memory) * offer
    settle(w, blocks, outside_load, old_contract)
    market.ai_load = ai
    market.power_served = sum(b.hours * (b.base_served + b.available * ai) for b in blocks) * 1e-3
    market.spot_paid_by_ai = sum(b.hours * b.available * b.price for b in blocks) / HOURS
    market.base_load *= 1.0 + p.base_growth
    for owner in w.owners:
        owner.own_compute = compute(owner) * owner.powered_share * market.power_available


def expect_price(w: World, ai: float) -> None:
    """g' = .75 g + .25 dln load; the mean price in eight quarters, load damped, plants due by then, some retired."""
    p, market, h = w.p, w.market, int(w.p.contract_horizon)
    if market.ai_load > TINY and ai > TINY:
        news = clip(log(ai / market.ai_load), -0.3, 0.5)
        market.load_growth = (1.0 - p.load_news_weight) * market.load_growth + p.load_news_weight * news
    plants = [
        Firm(row=e.row, marginal_cost=e.marginal_cost, capacity=e.capacity * (1.0 - e.retirement) ** h + due(e, h))
        for e in w.energy
    ]
    load = ai * exp(market.load_growth * (1.0 - exp(-p.growth_fade * h)) / p.growth_fade)
    market.forward_price = 0.0
    for of_mean, hours, storage in BLOCKS:
        base = base_load(w) * (1.0 + p.base_growth) ** h
        capacity = sum(plant.capacity for plant in plants)
        wanted = base * of_mean + load + storage * min(market.storage, base * BLOCKS[-1][0], capacity)
        marginal = merit_order(plants, wanted)[1]
        market.forward_price += hours * scarce_price(w, marginal, (capacity - wanted) / capacity)


def due(plant: Firm, quarters: int) -> float:
    return sum(plant.building[:quarters])


def base_load(w: World) -> float:
    dearness = clip(w.market.power_price / w.p.reference_power_price, 0.3, 10.0)
    return w.market.base_load * dearness**-w.p.base_elasticity


def scarce_price(w: World, marginal_cost: float, reserve: float) -> float:
    """mc + (cap - mc) clip(1 - r / r*, 0, 1)^2."""
    scarcity = clip(1.0 - reserve / w.p.enough_reserve, 0.0, 1.0)
    return marginal_cost + max(w.p.price_ceiling - marginal_cost, 0.0) * scarcity**2


def block_of(w: World, ai: float, load: float, hours: float, storage: float) -> Firm:
    """One block: L_b = base mult_b + ai + shift_b stor, met in merit order; AI load is cut first."""
    market, base = w.market, base_load(w)
    capacity = sum(plant.capacity for plant in w.energy)
    shift = storage * min(market.storage, base * BLOCKS[-1][0], capacity)
    wanted = base * load + ai + shift
    generated, marginal_cost = merit_order(w.energy, wanted)
    return Firm(
        hours=hours * HOURS,
        price=scarce_price(w, marginal_cost, (capacity - wanted) / capacity),
        available=clip((capacity - base * load - shift) / ai, 0.0, 1.0) if ai > 0.0 else 1.0,
        base_served=min(base * load, capacity - shift),
        generated=generated,
    )


def merit_order(plants: list[Firm], wanted: float) -> tuple[list[float], float]:
    """gen = clip(L - (cum - G), 0, G); the marginal plant is the first whose cumulated capacity is not exceeded."""
    generated = [0.0] * len(plants)
    in_order = sorted(plants, key=lambda plant: plant.marginal_cost)
    cumulated, full = 0.0, 0
    for plant in in_order:
        generated[plant.row] = clip(wanted - cumulated, 0.0, plant.capacity)
        cumulated += plant.capacity
        full += cumulated < wanted - 1e-9
    return generated, in_order[min(full, len(plants) - 1)].marginal_cost


def settle(w: World, blocks: list[Firm], outside_load: float, contract_price: float) -> None:
    """Owners pay contracts and spot, X pays spot for what is served, suppliers get block prices and pay fuel."""
    p, market = w.p, w.market
    worth = [b.hours * b.price * BILLION for b in blocks]
    spot_ai = sum(b.available * value for b, value in zip(blocks, worth, strict=True))
    contract = contract_price * market.power_available * HOURS * BILLION
    for owner in w.owners:
        owner.power_bill = owner.load * (p.contract_share * contract + (1.0 - p.contract_share) * spot_ai)
    bills = sum(owner.power_bill for owner in w.owners)
    spot_bills = sum(owner.load for owner in w.owners) * spot_ai
    paid_by_outside = sum(b.base_served * value for b, value in zip(blocks, worth, strict=True))
    paid_by_outside += outside_load * spot_ai
    made = [sum(b.generated[e] * value for b, value in zip(blocks, worth, strict=True)) for e in range(len(w.energy))]
    output = [sum(b.generated[e] * b.hours for b in blocks) for e in range(len(w.energy))]
    rent = spot_bills + paid_by_outside - sum(made)
    for plant in w.energy:
        part = output[plant.row] / sum(output)
        earned = made[plant.row] + part * (bills - spot_bills) + (rent if plant.keeps_storage else 0.0)
        for owner in w.owners:
            pay(owner, plant, owner.power_bill * part)
        pay(w.outside, plant, earned - bills * part)
        for_capacity = p.capacity_payment * plant.capacity * plant.capacity_credit
        pay(w.outside, plant, for_capacity)
        fuel = p.fuel_share * plant.marginal_cost * output[plant.row] * BILLION
        costs = fuel + plant.fixed_cost * plant.capacity
        pay(plant, w.outside, costs)
        plant.generated = output[plant.row] * 1e-3
        plant.sales = earned + for_capacity
        plant.profit = plant.sales - costs - p.depreciation_energy * plant.fixed_assets
