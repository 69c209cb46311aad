"""P9 and P10: chips and halls are ordered, chips are made, rationed, delivered and paid."""

from math import exp, log

from .answers import cancel_orders, mix_now, ordered_now
from .lab_plans import commitments, shell, spending, usual_issue
from .packaging import book_wafers, expect_orders, measure_wait
from .renting import mix_power, mix_price, room_with_hosts
from .seen import price_level
from .tenancies import sign
from .world import (
    CHIPS_USE,
    CLUSTERS,
    CLUSTERS_USE,
    HALLS_USE,
    RENT_USE,
    RESEARCH_USE,
    TINY,
    Firm,
    World,
    bound_cash,
    clip,
    compute,
    debt,
    mean_sentiment,
    part_of,
    pay,
    spend_earmarked,
)


def order_chips(w: World) -> None:
    """P9: labs sign contracts; owners order with the money they have and prepay a part; others order too."""
    for lab in w.labs:
        sign(w, lab)
    for owner in w.owners:
        cancel_orders(w, owner)
    waiting = [vendor.lead_time for vendor in w.vendors]
    before = [sum(vendor.backlog[:-1]) for vendor in w.vendors]
    for lab in w.labs:
        order(w, lab, *affordable_with_earmarks(w, lab))
    for cloud in w.clouds:
        order(w, cloud, *affordable(w, cloud))
    outside = outside_orders(w, waiting)
    for vendor, amount, wait in zip(w.vendors, outside, waiting, strict=True):
        if wait > w.p.outside_patience:
            vendor.backlog[-1] *= 1.0 - w.p.outside_cancellation
        vendor.backlog[-1] += amount
        expect_orders(w, vendor, sum(vendor.backlog[:-1]) - before[vendor.row] + amount)


def affordable(w: World, cloud: Firm) -> tuple[float, float]:
    """x = min(1, .9 max(free - .35 commitments, 0) / capx), curbed where a covenant is broken; earmarks as labs'."""
    p = w.p
    free = max(cloud.cash - bound_cash(cloud) - p.commitment_share_clouds * commitments(w, cloud), 0.0)
    part = min(1.0, part_of(p.order_caution_clouds * free, spending(w, cloud)))
    part *= 1.0 - p.covenant_curb * cloud.covenant_broken
    return with_earmarks(w, cloud, part * cloud.planned_compute, part * cloud.planned_halls, shell(w, cloud))


def affordable_with_earmarks(w: World, lab: Firm) -> tuple[float, float]:
    """x = min(1, .9 max(free - buffer - .35 commitments, 0) / capx), losses kept that issues do not pay."""
    p = w.p
    burn = max(-lab.operating_cash_flow, 0.0)
    sold = min(1.0, lab.equity_raised / lab.equity_request) if lab.equity_request > 0.0 else 1.0
    buffer = max(p.loss_buffer * burn, p.runway * max(burn - sold * usual_issue(w, lab), 0.0))
    buffer += p.revenue_buffer * lab.revenue
    free = max(lab.cash - bound_cash(lab) - buffer - p.commitment_share * commitments(w, lab), 0.0)
    part = min(1.0, p.order_caution * free / max(lab.planned_spending, TINY))
    return with_earmarks(w, lab, part * lab.planned_compute, part * lab.planned_halls, room_with_hosts(w, lab))


def with_earmarks(w: World, owner: Firm, chips: float, halls: float, room: float) -> tuple[float, float]:
    """Earmarked money orders at its own pace, chips as far as there is room for them."""
    p, bound = w.p, owner.restricted_cash
    earmarked = p.earmark_pace * (bound[CLUSTERS_USE] + bound[CHIPS_USE])
    chips += min(earmarked / mix_price(w, owner), max(room - chips, 0.0))
    return chips, halls + p.earmark_pace * bound[HALLS_USE] / owner.hall_price


def order(w: World, owner: Firm, chips: float, halls: float) -> None:
    """By the mix of vendors, at the day's prices; a part is prepaid."""
    owner.halls_ordered += halls
    mix = mix_now(w, owner)
    for vendor in w.vendors:
        units = chips * mix[vendor.row] / vendor.performance
        advance = w.p.prepaid_share * units * vendor.price
        vendor.backlog[owner.customer] += units
        vendor.order_value[owner.customer] += units * vendor.price
        vendor.prepaid[owner.customer] += advance
        pay(owner, vendor, advance)
        spend_earmarked(owner, CHIPS_USE, advance)


def outside_orders(w: World, waiting: list[float]) -> list[float]:
    """row0 rowidx exp(z_row zbar) (mean allin / 30)^-eps_row cover^2, split by merit and lead time, M units."""
    p, market = w.p, w.market
    index = market.outside_demand
    market.outside_growth *= p.outside_growth_memory
    market.outside_demand *= exp(market.outside_growth)
    asked = [lab for lab in w.labs if lab.active] or w.labs
    prices = [mix_price(w, lab) + mix_power(w, lab) * w.seen.pue * lab.hall_price for lab in asked]
    dearness = sum(prices) / len(prices) / p.reference_compute_price
    halls = market.outside_halls + 0.5 * market.outside_unconnected + 0.5 * sum(market.outside_building)
    cover = clip(halls / (p.outside_pue * p.outside_use * market.outside_power), p.least_hall_cover, 1.0)
    mood = exp(p.outside_sentiment * mean_sentiment(w))
    wanted = p.outside_orders * index * mood * dearness**-p.outside_elasticity * cover**2
    pull = []
    for vendor, wait in zip(w.vendors, waiting, strict=True):
        lifetime = vendor.price + vendor.unit_power * 1.25 * 2190.0 * 16.0 * market.power_price * 1e-6
        merit = p.outside_merit * log(vendor.performance / lifetime) - p.outside_impatience * min(wait, 10.0)
        pull.append(p.outside_preference[vendor.row] * exp(merit) if vendor.active and vendor.sells_openly else 0.0)
    split = zip(pull, ordered_now(w), w.vendors, strict=True)
    return [wanted * part / sum(pull) * now / v.performance for part, now, v in split]


def deliver_chips(w: World) -> None:
    """P10: production is rationed; owners take what they can pay, and lose part of what they cannot."""
    planned = [ration_of(vendor, made, w) for vendor, made in zip(w.vendors, production(w), strict=True)]
    for firm in [*w.vendors, *w.equipment]:
        firm.sales = 0.0
    w.market.outside_spending = 0.0
    for vendor in w.vendors:
        vendor.delivered = [0.0] * len(vendor.backlog)
    joining = w.p.cluster_cost * price_level(w, w.equipment[CLUSTERS])
    for owner in w.owners:
        age(w, owner)
        deliver_to(w, owner, [units[owner.customer] for units in planned], joining)
    deliver_outside(w, [units[-1] for units in planned], joining)
    for vendor in w.vendors:
        vendor.shipped = sum(vendor.delivered) * vendor.performance
        measure_wait(vendor)
        pay_costs(w, vendor)


def production(w: World) -> list[float]:
    """prod = min(cap capm, sum O) of the wafers booked, all scaled by min(1, qcap_cluster / sum prod kw)."""
    book_wafers(w)
    limit = [v.active * v.capacity * w.p.chip_capacity_available[v.row] for v in w.vendors]
    made = [min(most, sum(v.backlog)) for most, v in zip(limit, w.vendors, strict=True)]
    w.market.clusters_asked = sum(units * vendor.unit_power for units, vendor in zip(made, w.vendors, strict=True))
    scale = min(1.0, w.equipment[CLUSTERS].capacity * w.p.equipment_available / max(w.market.clusters_asked, TINY))
    return [units * scale for units in made]


def ration_of(vendor: Firm, available: float, w: World) -> list[float]:
    """Weights O (1 + prio PP / OV)."""
    books = zip(vendor.backlog, vendor.prepaid, vendor.order_value, strict=True)
    weights = [units * (1.0 + w.p.prepaid_priority * paid / max(value, TINY)) for units, paid, value in books]
    return ration(vendor.backlog, available, weights)


def ration(requests: list[float], available: float, weights: list[float]) -> list[float]:
    """Pro rata to weight, nobody more than requested; what the satisfied leave is shared again."""
    given = [0.0] * len(requests)
    for _ in requests:
        left = max(available - sum(given), 0.0)
        open_weights = [
            weight if want - have > TINY else 0.0 for weight, want, have in zip(weights, requests, given, strict=True)
        ]
        shares = [weight / max(sum(open_weights), TINY) for weight in open_weights]
        given = [
            have + min(want - have, left * share) for have, want, share in zip(given, requests, shares, strict=True)
        ]
    return given


def age(w: World, owner: Firm) -> None:
    """Young to old at 1/12; old leaves at 1/8 clip((running cost / spot) / (that at start), .5, 2), pro rata."""
    p, market = w.p, w.market
    dearness = market.running_cost / market.spot_price / market.first_cost_ratio
    pace = clip(dearness, 0.5, 2.0) / p.old_life
    young = compute(owner) - owner.old_fleet
    owner.retired = pace * owner.old_fleet
    kept = 1.0 - part_of(owner.retired, compute(owner))
    owner.old_fleet += young / p.young_life - owner.retired
    owner.fleet = [fleet * kept for fleet in owner.fleet]
    owner.fleet_power *= kept


def deliver_to(w: World, owner: Firm, units: list[float], joining: float) -> None:
    """Pay what is due less what vendors finance; what cannot be paid is cancelled in part."""
    p, to = w.p, owner.customer
    parts = [amount / max(v.backlog[to], TINY) for amount, v in zip(units, w.vendors, strict=True)]
    due = [part * (v.order_value[to] - v.prepaid[to]) for part, v in zip(parts, w.vendors, strict=True)]
    clusters = [amount * v.price * joining for amount, v in zip(units, w.vendors, strict=True)]
    financed = financed_by_vendors(w, owner, due)
    afford = min(1.0, max(usable(w, owner), 0.0) / max(sum(due) - sum(financed) + sum(clusters), TINY))
    owner.capex = owner.arriving = 0.0
    for v, vendor in enumerate(w.vendors):
        cash = (due[v] - financed[v]) * afford
        pay(owner, vendor, cash)
        pay(owner, w.equipment[CLUSTERS], clusters[v] * afford)
        spend_earmarked(owner, CHIPS_USE, cash)
        spend_earmarked(owner, CLUSTERS_USE, clusters[v] * afford)
        owner.vendor_finance[v] += financed[v] * afford
        value = vendor.order_value[to] * parts[v] * afford
        vendor.sales += value
        w.equipment[CLUSTERS].sales += clusters[v] * afford
        owner.capex += value + clusters[v] * afford
        vendor.delivered[to] = units[v] * afford
        new = units[v] * afford * vendor.performance
        owner.fleet[v] += new
        owner.arriving += new
        owner.fleet_power += units[v] * afford * vendor.unit_power
        keep = (1.0 - parts[v] * afford) * (1.0 - p.cancellation * (1.0 - afford))
        vendor.backlog[to] *= keep
        vendor.order_value[to] *= keep
        vendor.prepaid[to] *= keep
    owner.fixed_assets += owner.capex
    owner.vendor_credit_line = max(owner.vendor_credit_line - sum(financed) * afford, 0.0)


def financed_by_vendors(w: World, owner: Firm, due: list[float]) -> list[float]:
    """Labs' usual part, or more where vendors have promised it."""
    usual = w.p.vendor_finance_share if owner.kind == "ai_labs" else 0.0
    promised = min(1.0, owner.vendor_credit_line / max(sum(due), TINY))
    return [max(usual, promised) * amount for amount in due]


def cash_of_cloud(w: World, cloud: Firm) -> float:
    """What a cloud may pay deliveries and works with: what a quarter's running costs and debt service leave."""
    p = w.p
    service = debt(cloud) * (cloud.interest_rate / 4.0 + p.amortisation)
    return cloud.cash - p.payment_reserve_clouds * (cloud.power_bill + cloud.operating_costs + service)


def usable(w: World, owner: Firm) -> float:
    """Cash that may be used for chips: less what is bound to other uses, and of a lab's .05 rev."""
    bound = owner.restricted_cash
    elsewhere = bound[HALLS_USE] + bound[RESEARCH_USE] + bound[RENT_USE]
    if owner.kind == "clouds":
        return cash_of_cloud(w, owner) - elsewhere
    return owner.cash - elsewhere - w.p.payment_reserve * owner.revenue


def deliver_outside(w: World, units: list[float], joining: float) -> None:
    """The rest of the world pays the day's price on delivery."""
    p, market = w.p, w.market
    market.outside_fleet *= 1.0 - p.outside_wear
    market.outside_power *= 1.0 - p.outside_wear
    for amount, vendor in zip(units, w.vendors, strict=True):
        value, clusters = amount * vendor.price, amount * vendor.price * joining
        pay(w.outside, vendor, value)
        pay(w.outside, w.equipment[CLUSTERS], clusters)
        vendor.sales += value
        w.equipment[CLUSTERS].sales += clusters
        market.outside_spending += value + clusters
        market.outside_fleet += amount * vendor.performance
        market.outside_power += amount * vendor.unit_power
        vendor.delivered[-1] = amount
        vendor.backlog[-1] -= amount


def pay_costs(w: World, vendor: Firm) -> None:
    """ucost units + .4 cap + .10 sales + .12 sales to X."""
    p = w.p
    costs = vendor.unit_cost * sum(vendor.delivered) + p.capacity_upkeep * vendor.capacity
    costs += (p.selling_cost_share + p.chip_research_share) * vendor.sales
    pay(vendor, w.outside, costs)
    vendor.profit = vendor.sales - costs - p.depreciation_chips * vendor.fixed_assets
