"""P7: labs choose between building and renting, plan chips and halls, and ask for money."""

from math import exp, log

from .answers import answer_to_wait, answer_to_worth, part_now
from .renting import (
    GW_QUARTER,
    faded,
    leaving,
    let_to,
    mix_power,
    mix_price,
    spare_halls,
    user_cost,
)
from .research import compute_per_unit
from .responses import all_in_price, keeping_up
from .seen import at_hand, backlog_compute, landed_price, signed
from .tenancies import hired, part_for_itself
from .world import (
    CHIPS,
    HALLS,
    ONE_CHIP,
    RENT,
    TINY,
    Firm,
    World,
    bent,
    bound_cash,
    clip,
    compute,
    debt,
    is_tenant,
    mean_sentiment,
    note,
    part_of,
)

YEAR = 4.0


def failed_within_a_year(lab: Firm) -> bool:
    return lab.defaults > 0.0 and lab.since_default < YEAR


def wanted_compute(w: World, lab: Firm, quarters: float) -> float:
    """demanded exp((expected_growth - inference_gain trend) G(h)) kappa / (1 - research_target) / wedge, in chips."""
    growth = lab.expected_growth - w.p.inference_gain * lab.efficiency_trend
    asked = sum(units * kappa for units, kappa in zip(lab.demanded, compute_per_unit(w, lab), strict=True))
    served = asked * exp(growth * faded(w, quarters))
    return served / (1.0 - w.p.research_target) / w.p.compute_wedge[lab.row]


def target(w: World, lab: Firm, quarters: float) -> float:
    """max(Kof(h) + theta_c max(largest - Kof(H), 0) + answer, parity largest rival's): as far as an owner has means."""
    chase = w.p.rivalry * max(w.seen.largest_fleet - wanted_compute(w, lab, w.p.horizon), 0.0)
    led = max(wanted_compute(w, lab, quarters) + chase + lab.matched, 0.0)
    return led + supported(w, lab, max(keeping_up(w, lab) * lab.largest_rival - led, 0.0), led)


def supported(w: World, lab: Firm, wish: float, led: float) -> float:
    """Support and own capex stay within support_limit of the other business's cash flow, by a limit that bends."""
    if lab.owner_cash_flow <= 0.0:
        return wish
    if lab.is_housed:
        cost = part_of(lab.internal_rent, lab.housed) if lab.housed > 0.0 else w.market.market_rent
        spent = lab.parent_support + cost * (led - lab.housed)
    else:
        cost = all_in_price(w, lab) / w.p.adjustment_time
        spent = cost * max(led + lab.in_house - compute(lab) - backlog_compute(w, lab), 0.0)
    room = max(w.p.support_limit * lab.owner_cash_flow - max(spent, 0.0), 0.0)
    return bent(wish * cost, room) / max(cost, TINY)


def lacking(w: World, lab: Firm) -> float:
    """wanted(H) - compute - owed - own pipeline + what ends in 5 quarters, contracts and own chips."""
    ending = sum(sum(cloud.contracts[lab.row][:5]) for cloud in w.clouds)
    ending += leaving(lab, w.p.horizon) * compute(lab)
    there = at_hand(lab) + signed(w, lab) + backlog_compute(w, lab) - ending
    return max(target(w, lab, w.p.horizon) - there, 0.0)


def step(w: World, lab: Firm) -> float:
    """smooth_cap(lacking / adjustment_time, fastest (compute + .1))."""
    return lab.active * bent(lacking(w, lab) / w.p.adjustment_time, fastest_step(w, lab))


def fastest_step(w: World, lab: Firm) -> float:
    return w.p.fastest_signing * (at_hand(lab) + w.p.signing_step)


def plan_rents(w: World) -> None:
    """Routes, what to rent by landlord, and what housed labs ask their parents for."""
    for lab in w.labs:
        lab.routes = routes(w, lab)
        rented = step(w, lab) if is_tenant(lab) else 0.0
        lab.planned_rent = [part * rented for part in lab.routes[1:]]
        note(lab, RENT, rented, fastest_step(w, lab))
        led = wanted_compute(w, lab, 1.0)
        now = led + supported(w, lab, max(keeping_up(w, lab) * lab.rival_running - led, 0.0), led)
        for cloud in w.clouds:
            own = lab.active if cloud is lab.parent else 0.0
            cloud.housed_wish[lab.row] = own * now
            cloud.housed_plan[lab.row] = own * target(w, lab, w.p.horizon)


def landlords_wait(cloud: Firm) -> float:
    """owed / arriving; where nothing runs yet, as long as counts."""
    return part_of(sum(cloud.owed), cloud.arriving) if cloud.own_compute > ONE_CHIP else 6.0


def routes(w: World, lab: Firm) -> list[float]:
    """logit(-cost_weight ln(cost / cheapest) - wait_weight min(wait, 6) + tie part of its compute there)."""
    p, landlords = w.p, [cloud for cloud in w.clouds if cloud.active]
    if lab.integrated:
        return [1.0] + [0.0] * len(w.clouds)
    costs = [own_cost(w, lab)] + [cloud.rent_price[lab.row] for cloud in w.clouds]
    waits = [own_wait(w, lab)] + [landlords_wait(cloud) for cloud in w.clouds]
    there = [compute(lab)] + [let_to(cloud, lab.row) for cloud in w.clouds]
    on_offer = [True] + [cloud in landlords for cloud in w.clouds]
    cheapest = min(cost for cost, offered in zip(costs, on_offer, strict=True) if offered)
    pull = []
    for cost, wait, part, offered in zip(costs, waits, there, on_offer, strict=True):
        utility = p.tie * part_of(part, sum(there)) - p.cost_weight * log(cost / cheapest)
        pull.append(exp(utility - p.wait_weight * min(wait, 6.0)) if offered else 0.0)
    return [part / sum(pull) for part in pull]


def own_cost(w: World, lab: Firm) -> float:
    """User cost at the lab's own rate, in its own halls."""
    drawn = mix_power(w, lab) * w.seen.pue
    energy = drawn * w.seen.power_price * GW_QUARTER
    return user_cost(w, mix_price(w, lab), drawn * lab.hall_price, energy, lab.quoted_rate)


def own_wait(w: World, lab: Firm) -> float:
    """(hall_lead_time if no hall is free else 1) + chip_lead_time."""
    chips = sum(part * wait for part, wait in zip(lab.vendor_mix, w.seen.lead_time, strict=True))
    return chips + (1.0 if shell(w, lab) > ONE_CHIP else float(int(w.p.hall_lead_time)))


def plan_lab(w: World, lab: Firm) -> None:
    """Chips and halls; halls are planned apart, for they take longer. Who rents orders the part that it builds."""
    p = w.p
    most = p.fastest_growth * (lab.halls + p.smallest_step)
    halls = bent(missing_halls(w, lab, fleet_ahead(w, lab)) * bent(brake(w, lab), 1.0), most)
    lab.planned_compute = min(wanted_order(w, lab), shell(w, lab)) * part_now(w, lab) if lab.active else 0.0
    lab.planned_halls = halls if lab.active else 0.0
    lab.planned_spending = spending(w, lab)
    note(lab, CHIPS, lab.planned_compute, fastest_order(w, lab))
    note(lab, HALLS, lab.planned_halls, most)


def products(w: World, lab: Firm, quarters: float) -> float:
    """in_house exp(in_house_growth G(h))."""
    return lab.in_house * exp(w.market.in_house_growth * faded(w, quarters))


def own_part(lab: Firm) -> float:
    return 0.0 if lab.is_housed else lab.routes[0]


def wanted_order(w: World, lab: Firm) -> float:
    """smooth_cap(gap smooth_cap(brake / adj_time, 1), most): one limit that bends, whatever room halls have."""
    answer = answer_to_worth(w, lab) * answer_to_wait(w, lab)
    pace = bent(brake(w, lab) * answer / w.p.adjustment_time, 1.0)
    return bent(missing_chips(w, lab) * pace, fastest_order(w, lab))


def missing_chips(w: World, lab: Firm) -> float:
    """Who owns: max(K* + retired in H - K - backlog, 0), of its fleet; others their own part of what they lack."""
    if not lab.integrated:
        return own_part(lab) * lacking(w, lab)
    h = w.p.horizon
    there = compute(lab) * (1.0 - leaving(lab, h)) + backlog_compute(w, lab)
    return max(target(w, lab, h) + products(w, lab, h) - there, 0.0)


def fastest_order(w: World, lab: Firm) -> float:
    if not lab.integrated:
        return own_part(lab) * fastest_step(w, lab)
    return w.p.fastest_growth * (compute(lab) + w.p.smallest_step)


def fleet_ahead(w: World, lab: Firm) -> float:
    ahead = hall_horizon(w)
    if lab.integrated:
        return target(w, lab, ahead) + products(w, lab, ahead)
    return compute(lab) + own_part(lab) * lacking(w, lab)


def hall_horizon(w: World) -> float:
    return int(w.p.hall_lead_time) + w.p.hall_margin


def brake(w: World, lab: Firm) -> float:
    """exp(-eps_r (rnew - .075)) max(roi / roi_star, .1), rents among the costs; what it moves has the only limit."""
    p = w.p
    dear = exp(-p.rate_sensitivity * (lab.quoted_rate - p.reference_rate))
    if w.departures.owners_look_at_money_alone and p.parity[lab.row] > 0.0:
        return dear
    growth = max(lab.expected_revenue_growth, p.lowest_expected_growth)
    income = lab.revenue * exp(growth * p.horizon) * (1.0 - p.operating_cost_share)
    income -= lab.power_bill * part_for_itself(lab) + hired(lab)
    charge = max(lab.fixed_assets * (p.capital_charge + lab.quoted_rate / 4.0), p.least_capital_cost)
    return dear * max(income / charge / p.target_return, p.least_brake)


def shell(w: World, owner: Firm) -> float:
    """Compute for which its own halls stand or come."""
    return part_of(max(spare_halls(w, owner), 0.0), mix_power(w, owner))


def missing_halls(w: World, owner: Firm, wanted: float) -> float:
    """max(Dneed + guests - D - Dwait - sum Dpipe - Dbl, 0), Dneed = pue (W_s + kwp max(wanted - K_s, 0))."""
    kept = 1.0 - leaving(owner, hall_horizon(w))
    growth = max(wanted - compute(owner) * kept, 0.0)
    needed = w.seen.pue * (owner.fleet_power * kept + mix_power(w, owner) * growth)
    needed += owner.hosting if owner.kind == "clouds" else 0.0
    there = owner.halls + owner.halls_unconnected + sum(owner.halls_building) + owner.halls_ordered
    return max(needed - there, 0.0)


def spending(w: World, owner: Firm) -> float:
    return owner.planned_compute * mix_price(w, owner) + owner.planned_halls * owner.hall_price


def commitments(w: World, owner: Firm) -> float:
    """Undelivered contract value, clusters of the backlog and halls on order, USD bn."""
    to = owner.customer
    chips = sum(vendor.order_value[to] - vendor.prepaid[to] for vendor in w.vendors)
    clusters = sum(v.backlog[to] * (landed_price(w, v) - v.price) for v in w.vendors)
    return chips + clusters + owner.halls_ordered * owner.hall_price


def collateral(w: World, owner: Firm) -> float:
    """Capacity at what it would fetch, of labs .6 of that and .15 of plant."""
    worth = compute(owner) * w.seen.resale
    if owner.kind == "clouds":
        return worth
    return w.p.fleet_collateral * worth + w.p.plant_collateral * owner.fixed_assets


def ask_lab(w: World, lab: Firm) -> None:
    """Debt as far as collateral carries it, u ln(1 + x / u) of the rest in shares; housed ones nothing."""
    p, bound = w.p, bound_cash(lab)
    burn = max(-lab.operating_cash_flow, 0.0)
    need = lab.planned_spending + p.due_share * commitments(w, lab) + p.runway * burn
    need += p.working_capital * lab.revenue + p.cash_per_core * lab.core_cash_flow
    need -= lab.cash - bound + p.earmark_relief * bound
    need = max(need, 0.0) if lab.active and not lab.is_housed else 0.0
    pledged = p.loan_to_value * (collateral(w, lab) + p.new_plant_collateral * lab.planned_spending)
    owed = debt(lab) + sum(lab.vendor_finance) - bound
    lab.debt_request = clip(pledged - owed, 0.0, need) if lab.default_risk < p.riskiest_borrower else 0.0
    usual = max(usual_issue(w, lab), TINY)
    lab.equity_request = usual * log(1.0 + (need - lab.debt_request) / usual)


def usual_issue(w: World, lab: Firm) -> float:
    """dil val exp(.5 z)."""
    return w.p.dilution * lab.value * exp(w.p.issue_sentiment * mean_sentiment(w))
