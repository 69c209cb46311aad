"""What everybody can see when plans are made: prices, waiting times, halls' inputs, fleets (P1, P7)."""

from .renting import mix_power, resale_value, room_for_guests
from .world import CLUSTERS, COOLING, ONE_CHIP, TINY, Firm, World, clip, compute, wright


def look_around(w: World) -> None:
    """What is published at the start of a quarter and again when plans are made."""
    contents, chip_value = average_inputs(w), best_offer(w)
    w.seen = Firm(
        landed=[landed_price(w, vendor) for vendor in w.vendors],
        performance=[vendor.performance for vendor in w.vendors],
        unit_power=[vendor.unit_power for vendor in w.vendors],
        lead_time=[lead_time(w, vendor) for vendor in w.vendors],
        chip_value=chip_value,
        resale=resale_value(w, chip_value),
        power_price=w.market.power_price,
        hall_cost=sum(hall_prices(w, contents)),
        contents=contents,
        pue=new_pue(w),
        room_of_landlords=[room_for_guests(w, cloud, new_pue(w)) for cloud in w.clouds],
        largest_fleet=largest_fleet(w),
    )


def largest_fleet(w: World) -> float:
    return max((announced(w, lab) for lab in w.labs if lab.active), default=0.0)


def best_offer(w: World) -> float:
    return min((vendor.price / vendor.performance for vendor in w.vendors if vendor.active), default=1.0 / TINY)


def at_hand(lab: Firm) -> float:
    """Compute of its own less what other products of its owner use, rented and housed."""
    return max(compute(lab) - lab.in_house, 0.0) + lab.rented + lab.housed


def signed(w: World, lab: Firm) -> float:
    return sum(cloud.owed[lab.row] for cloud in w.clouds)


def announced(w: World, lab: Firm) -> float:
    """At hand, signed and on order: what rivals see."""
    return at_hand(lab) + signed(w, lab) + backlog_compute(w, lab)


def lead_time(w: World, vendor: Firm) -> float:
    """lt = sum O / (cap capm)."""
    return sum(vendor.backlog) / max(vendor.capacity * w.p.chip_capacity_available[vendor.row], TINY)


def hall_prices(w: World, inputs: list[float]) -> list[float]:
    """dcu = dc_cost sum_k share_k qpm_k (qQ_k / qQ0_k)^log2(1 - LR_k) x_k, by sector, USD bn/GW."""
    sectors = zip(w.equipment[:CLUSTERS], inputs, strict=True)
    return [w.p.hall_cost * w.p.hall_cost_share[s.row] * price_level(w, s) * x for s, x in sectors]


def inputs_for(w: World, compute_power: float) -> list[float]:
    """x_construction = 1, x_cool = (kwp / .85)^.3, x_stor = clip(Pe / 47, .5, 4)^.3."""
    p = w.p
    scarcity = clip(w.market.power_price / p.reference_power_price, p.least_scarcity, p.most_scarcity)
    cooling = (compute_power / p.reference_compute_power) ** p.cooling_response
    return [1.0, cooling, scarcity**p.storage_response]


def average_inputs(w: World) -> list[float]:
    """Contents for kwp of all the accelerators that owners have on order; that of the start where there are none."""
    on_order = [(sum(vendor.backlog[:-1]), vendor) for vendor in w.vendors]
    on_order = [(units, vendor) for units, vendor in on_order if units > ONE_CHIP]
    power = sum(units * vendor.unit_power for units, vendor in on_order)
    ordered = sum(units * vendor.performance for units, vendor in on_order)
    return inputs_for(w, (power + TINY * w.p.reference_compute_power) / (ordered + TINY))


def own_inputs(w: World, owner: Firm) -> list[float]:
    """Contents for kwp of an owner's own mix."""
    return inputs_for(w, mix_power(w, owner)) if mix_power(w, owner) > 0.0 else average_inputs(w)


def price_level(w: World, sector: Firm) -> float:
    return sector.price_index * wright(sector.output_ever, sector.initial_output, w.p.learning_rate[sector.row])


def landed_price(w: World, vendor: Firm) -> float:
    """Price (1 + cluster q) with q the cluster builders' price level, USD thousand a unit."""
    return vendor.price * (1.0 + w.p.cluster_cost * price_level(w, w.equipment[CLUSTERS]))


def new_pue(w: World) -> float:
    """pue_new = 1 + .8 pue_x (qQ_cool / qQ0)^log2(.9)."""
    p, cooling = w.p, w.equipment[COOLING]
    progress = wright(cooling.output_ever, cooling.initial_output, p.cooling_progress)
    return 1.0 + p.new_hall_overhead * p.fleet_overhead * progress


def backlog_compute(w: World, owner: Firm) -> float:
    return sum(vendor.backlog[owner.customer] * vendor.performance for vendor in w.vendors)
