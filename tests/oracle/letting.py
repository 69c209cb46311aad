"""P3a: contracts fall due and end, capacity is let by margin, enterprises rent what is left at the spot price."""

from math import exp

from .chips import ration
from .renting import GW_QUARTER, demand_for_lets, lets_asked, one_year_price
from .world import ONE_CHIP, TINY, Firm, World, compute, part_of


def let_capacity(w: World) -> None:
    """Contracts first, then own products and the own lab, then new contracts and enterprises by margin."""
    for cloud in w.clouds:
        left = serve_contracts(cloud)
        left = serve_own(w, cloud, left)
        cloud.free = deliver(w, cloud, left)
    for lab in w.labs:
        lab.offered = offered(w, lab)
    let_short(w)
    for lab in w.labs:
        lab.in_house = min(lab.in_house * exp(w.market.in_house_growth), lab.own_compute)
        lab.rented = sum(cloud.served[lab.row] for cloud in w.clouds)
        lab.housed = sum(cloud.housed[lab.row] for cloud in w.clouds)
        lab.rent_bill = sum(cloud.rent_due[lab.row] for cloud in w.clouds)
        at_work = lab.own_compute - lab.in_house + lab.rented - lab.sublet + lab.housed
        lab.powered_compute = w.p.compute_wedge[lab.row] * at_work


def serve_contracts(cloud: Firm) -> float:
    """contracts' = shift(contracts); abate = min(1, running / sum contracts'); return what is free."""
    cloud.contracts = [cohorts[1:] for cohorts in cloud.contracts]
    cloud.contract_value = [cohorts[1:] for cohorts in cloud.contract_value]
    let = [sum(cohorts) for cohorts in cloud.contracts]
    abate = min(1.0, cloud.own_compute / max(sum(let), TINY))
    cloud.served = [abate * amount for amount in let]
    cloud.rent_due = [abate * sum(cohorts) for cohorts in cloud.contract_value]
    return max(cloud.own_compute - sum(cloud.served), 0.0)


def serve_own(w: World, cloud: Firm, free: float) -> float:
    """in_house' = min(in_house exp(growth), free); housed' = min(housed_wish, what is then free)."""
    cloud.in_house = min(cloud.in_house * exp(w.market.in_house_growth), free)
    free -= cloud.in_house
    part = min(1.0, free / max(sum(cloud.housed_wish), TINY))
    cloud.housed = [wish * part for wish in cloud.housed_wish]
    return max(free - sum(cloud.housed), 0.0)


def deliver(w: World, cloud: Firm, free: float) -> float:
    """min(sum due, max(new S / (S + lets asked), new - lets asked)), by weight; return what is still free."""
    p = w.p
    kept = min(0.75 * cloud.short_let, free)
    new, asked = free - kept, max(lets_asked(w, cloud) - kept, 0.0)
    due = [amount / p.ramp for amount in cloud.owed]
    prices = [part_of(value, amount) for value, amount in zip(cloud.owed_value, cloud.owed, strict=True)]
    spot = w.market.spot_price / p.small_premium
    weights = [max(price / spot, TINY) ** p.margin_weight for price in prices]
    claims = [weight * amount for weight, amount in zip(weights, due, strict=True)]
    pull = sum(claims)
    offered = max(new * part_of(pull, pull + asked), new - asked)
    given = ration(due, min(sum(due), offered) if offered > ONE_CHIP else 0.0, claims)
    for lab, (amount, price) in enumerate(zip(given, prices, strict=True)):
        cloud.contracts[lab] = [*cloud.contracts[lab], amount]
        cloud.contract_value[lab] = [*cloud.contract_value[lab], amount * price]
        cloud.served[lab] += amount
        cloud.rent_due[lab] += amount * price
        part = part_of(amount, cloud.owed[lab])
        cloud.owed[lab] *= 1.0 - part
        cloud.owed_value[lab] *= 1.0 - part
    return max(free - sum(given), 0.0)


def offered(w: World, lab: Firm) -> float:
    """A tenant may sub-let min(sublet_limit, part idle last quarter) of its contracts."""
    idle = max(lab.inference - lab.serving, 0.0)
    part = min(w.p.sublet_limit, part_of(idle, lab.powered_compute))
    return part * sum(cloud.served[lab.row] for cloud in w.clouds)


def let_short(w: World) -> None:
    """spot = max(running cost, min((D / F)^(1/elasticity), cap) one-year price); lets pro rata to what is free."""
    p, market = w.p, w.market
    reference, demand = one_year_price(w), demand_for_lets(w)
    there = sum(cloud.free for cloud in w.clouds) + sum(lab.offered for lab in w.labs)
    market.running_cost = running_cost(w)
    scarcity = max(part_of(demand, there), TINY) ** (1.0 / p.let_elasticity)
    market.spot_price = max(market.running_cost, min(scarcity, p.spot_cap) * reference)
    asked = demand * (market.spot_price / reference) ** -p.let_elasticity
    lets = min(there, p.satiation * demand, asked)
    for cloud in w.clouds:
        kept, before = 0.75 * cloud.short_let, cloud.short_let
        cloud.short_let = lets * part_of(cloud.free, there)
        cloud.short_let_value *= part_of(min(kept, cloud.short_let), before)
        cloud.short_let_value += market.spot_price * max(cloud.short_let - kept, 0.0)
        cloud.idle = max(cloud.free - cloud.short_let, 0.0)
    for lab in w.labs:
        lab.sublet = lets * part_of(lab.offered, there)
        lab.sublet_income = 0.9 * market.spot_price * lab.sublet


def running_cost(w: World) -> float:
    """Power and operations of the user cost at the fleet's mean power, USD bn per M H100e and quarter."""
    seen, v = w.seen, w.rented.row
    drawn = part_of(sum(c.fleet_power * c.pue for c in w.clouds), sum(compute(c) for c in w.clouds))
    landed = seen.landed[v] / seen.performance[v]
    power = drawn * w.market.power_price * GW_QUARTER
    return power + w.p.plant_operating_cost * (landed + drawn * seen.hall_cost)
