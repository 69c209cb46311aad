"""What compute costs its owner, what landlords ask for it, and whose halls chips stand in (P2, P6, P7)."""

from math import exp

from .world import TINY, Firm, World, clip, compute, is_tenant, part_of

GW_QUARTER = 2.19e-3
"""USD bn for a quarter of 1 GW at 1 USD/MWh."""


def faded(w: World, quarters: float) -> float:
    """G(h) = (1 - exp(-rho h)) / rho."""
    return (1.0 - exp(-w.p.growth_fade * quarters)) / w.p.growth_fade


def user_cost(w: World, landed: float, hall: float, energy: float, rate: float) -> float:
    """landed (1/chip_life + rate/4) + hall (1/hall_life + rate/4) + power + operations (landed + hall)."""
    p = w.p
    capital = landed * (1.0 / p.chip_life + rate / 4.0) + hall * (1.0 / p.hall_life + rate / 4.0)
    return capital + energy + p.plant_operating_cost * (landed + hall)


def mix_price(w: World, owner: Firm) -> float:
    """What an owner's mix costs with clusters, USD bn per M H100e, at the prices that were published."""
    offers = zip(owner.vendor_mix, w.seen.landed, w.seen.performance, strict=True)
    return sum(part * price / performance for part, price, performance in offers)


def mix_power(w: World, owner: Firm) -> float:
    """What an owner's mix draws, GW per M H100e."""
    offers = zip(owner.vendor_mix, w.seen.unit_power, w.seen.performance, strict=True)
    return sum(part * power / performance for part, power, performance in offers)


def cost_of_new(w: World, cloud: Firm, rate: float) -> float:
    """User cost in the technology that all rent, a landlord's own passed on in part."""
    common, own, seen = 1.0 - w.p.own_cost_weight, w.p.own_cost_weight, w.seen
    v = w.rented.row
    landed = common * seen.landed[v] / seen.performance[v] + own * mix_price(w, cloud)
    drawn = seen.pue * (common * seen.unit_power[v] / seen.performance[v] + own * mix_power(w, cloud))
    return user_cost(w, landed, drawn * seen.hall_cost, drawn * seen.power_price * GW_QUARTER, rate)


def cost_at_own_risk(w: World, cloud: Firm) -> float:
    return cost_of_new(w, cloud, cloud.quoted_rate + w.p.rental_hurdle)


def set_rents(w: World) -> None:
    """P7: landlords price new contracts; the market's rent is their mean by running compute of both sides.

    Labs count alike where none runs any, and the rent stays where no cloud does.
    """
    markups = [markup(w, cloud) for cloud in w.clouds]
    for cloud, over_cost in zip(w.clouds, markups, strict=True):
        cloud.rent_price = [rent_for(w, cloud, lab, over_cost) for lab in w.labs]
    nobody = not any(lab.powered_compute > 0.0 for lab in w.labs)
    sizes = [1.0 if nobody else lab.powered_compute for lab in w.labs]
    pairs = [(cloud, lab, cloud.own_compute * sizes[lab.row]) for cloud in w.clouds for lab in w.labs]
    whole = sum(weight for _, _, weight in pairs)
    if whole > 0.0:
        w.market.market_rent = sum(cloud.rent_price[lab.row] * weight for cloud, lab, weight in pairs) / whole


def rent_for(w: World, cloud: Firm, lab: Firm, over_cost: float) -> float:
    """rent' = rent (aim / rent)^price_speed with aim = (1 + markup) user_cost + chi max(spot / premium - that, 0)."""
    p, before = w.p, cloud.rent_price[lab.row]
    premium = cloud.quoted_rate - p.risk_free_rate - p.loss_given_default * cloud.default_risk
    risk = p.tenant_weight * lab.default_risk + (1.0 - p.tenant_weight) * cloud.default_risk
    rate = p.risk_free_rate + p.loss_given_default * risk + premium + p.rental_hurdle
    aim = (1.0 + over_cost) * cost_of_new(w, cloud, rate)
    fading = p.spot_fade * p.contract_term
    aim += (1.0 - exp(-fading)) / fading * max(w.market.spot_price / p.small_premium - aim, 0.0)
    return before * (aim / before) ** p.rent_speed


def markup(w: World, cloud: Firm) -> float:
    """(1 + base (HHI / HHI at start)^concentration) exp(slope clip(tightness - normal, -.4, .4)) - 1."""
    p = w.p
    everybody = sum(other.own_compute for other in w.clouds)
    index = sum(part_of(other.own_compute, everybody) ** 2 for other in w.clouds)
    base = p.base_markup * (max(index, TINY) / w.market.first_concentration) ** p.markup_concentration
    gap = clip(tightness(w, cloud) - p.normal_tightness, -0.4, 0.4)
    return (1.0 + base) * exp(p.markup_slope * gap) - 1.0


def tightness(w: World, cloud: Firm) -> float:
    """(contracts + owed + in_house + last housed_wish + max(short_let, D_c)) / (running + look_ahead arriving)."""
    there = cloud.own_compute + w.p.look_ahead * cloud.arriving
    if there <= TINY:
        return w.p.normal_tightness
    wanted = all_let(cloud) + sum(cloud.owed) + cloud.in_house + sum(cloud.housed_wish)
    return (wanted + max(cloud.short_let, lets_asked(w, cloud))) / there


def all_let(cloud: Firm) -> float:
    return sum(let_to(cloud, lab) for lab in range(len(cloud.contracts)))


def let_to(cloud: Firm, lab: int) -> float:
    return sum(cloud.contracts[lab])


def demand_for_lets(w: World) -> float:
    """D = lever (rental_demand + growth of open models' use) (one-year price / reference_let_price)^-elasticity."""
    p, market = w.p, w.market
    lever = p.rental_demand_available if w.quarter >= p.rental_demand_from else 1.0
    demand = max(market.rental_demand + market.fringe_compute - market.first_fringe_compute, 0.0)
    return lever * demand * (one_year_price(w) / p.reference_let_price) ** -p.let_elasticity


def one_year_price(w: World) -> float:
    return w.market.market_rent * w.p.small_premium


def lets_asked(w: World, cloud: Firm) -> float:
    """D_c: D in proportion to running compute."""
    return demand_for_lets(w) * part_of(cloud.own_compute, sum(other.own_compute for other in w.clouds))


def resale_value(w: World, new: float) -> float:
    """min(price of new, (market_rent - running cost) / (rate / 4 + 1 / remaining life)), 12 quarters of it left."""
    everybody = sum(cloud.own_compute for cloud in w.clouds)
    rate = part_of(sum(cloud.quoted_rate * cloud.own_compute for cloud in w.clouds), everybody)
    earned = max(w.market.market_rent - w.market.running_cost, 0.0)
    return min(new, earned / (rate / 4.0 + 1.0 / 12.0))


def remaining_value(cloud: Firm, lab: int) -> float:
    """sum_k k contract_value[k] + term owed_value."""
    cohorts = cloud.contract_value[lab]
    return sum(k * value for k, value in enumerate(cohorts)) + len(cohorts) * cloud.owed_value[lab]


def backlog_of(cloud: Firm) -> float:
    return sum(remaining_value(cloud, lab) for lab in range(len(cloud.owed)))


def hosting_part(w: World, cloud: Firm, lab: Firm) -> float:
    """A landlord's part of the chips that a renting lab owns: by contracts, or by its size where there are none."""
    if not is_tenant(lab):
        return 0.0
    let = sum(let_to(other, lab.row) for other in w.clouds)
    if let > 0.0:
        return let_to(cloud, lab.row) / let
    return part_of(cloud.active * cloud.own_compute, sum(other.active * other.own_compute for other in w.clouds))


def spare_halls(w: World, owner: Firm) -> float:
    """(D + Dwait + Dpipe[t..t+2] - guests) / pue - W (1 - retiring) - backlog, GW; below zero where it is short."""
    return halls_soon(owner) / w.seen.pue - owner.fleet_power * (1.0 - leaving(owner, 2.0)) - on_order(w, owner)


def room_with_hosts(w: World, lab: Firm) -> float:
    """M H100e for which a lab's halls have room, and for who rents its landlords', by what they let to it."""
    room = max(spare_halls(w, lab), 0.0)
    if is_tenant(lab):
        for cloud in w.clouds:
            room += w.seen.room_of_landlords[cloud.row] * part_of(let_to(cloud, lab.row), all_let(cloud))
    return part_of(room, mix_power(w, lab))


def room_for_guests(w: World, cloud: Firm, pue: float) -> float:
    """What a landlord's halls have to spare soon, GW, which is published."""
    spare = halls_soon(cloud) / pue - cloud.fleet_power - on_order(w, cloud)
    return cloud.active * max(spare, 0.0)


def halls_soon(owner: Firm) -> float:
    guests = owner.hosting if owner.kind == "clouds" else 0.0
    return owner.halls + owner.halls_unconnected + sum(owner.halls_building[:3]) - guests


def on_order(w: World, owner: Firm) -> float:
    """GW."""
    return sum(vendor.backlog[owner.customer] * vendor.unit_power for vendor in w.vendors)


def leaving(owner: Firm, quarters: float) -> float:
    """Part of a fleet that leaves in some quarters' time at last quarter's pace."""
    return clip(part_of(owner.retired, compute(owner)) * quarters, 0.0, 1.0)
