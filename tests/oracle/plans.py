"""P7: lenders quote rates, firms plan what to add and what to ask the capital market for."""

from math import exp, log

from .research import compute_per_unit
from .world import (
    CHIPS,
    CLUSTERS,
    COOLING,
    GROWTH,
    HALLS,
    SHARES,
    TINY,
    Firm,
    World,
    bent,
    bound_cash,
    clip,
    compute,
    debt,
    mean_sentiment,
    note,
    wright,
)


def plan(w: World) -> None:
    """Quote, look around, plan, ask."""
    for firm in w.borrowers:
        quote_rate(w, firm)
    look_around(w)
    for lab in w.labs:
        choose_mix(w, lab)
        retire(w, lab)
    w.seen.largest_fleet = largest_fleet(w)
    for lab in w.labs:
        plan_lab(w, lab)
        ask_lab(w, lab)
    for vendor in w.vendors:
        plan_vendor(w, vendor)
    for plant in w.energy:
        plan_energy(w, plant)
    for sector in w.equipment:
        plan_equipment(w, sector)


def quote_rate(w: World, firm: Firm) -> None:
    """PD = clip(.004 + .006 clip(lev, 0, 12) + .03 clip(1 - runway, 0, 1), 0, .5); rnew = rf + PD LGD + premium."""
    p = w.p
    is_lab = firm.kind == "ai_labs"
    earnings = 1.4 * firm.revenue if is_lab else 4.0 * firm.earnings + 0.15 * firm.fixed_assets
    leverage = clip(debt(firm) / max(earnings, TINY), 0.0, 12.0)
    runway = firm.cash / max(0.15 * firm.fixed_assets + 0.2 * debt(firm), TINY)
    firm.default_risk = clip(0.004 + 0.006 * leverage + 0.03 * clip(1.0 - runway, 0.0, 1.0), 0.0, 0.5)
    premium = p.liquidity_premium * exp(-p.premium_sentiment * mean_sentiment(w)) + p.crunch_spread * p.credit_crunch
    firm.quoted_rate = p.risk_free_rate + firm.default_risk * p.loss_given_default + premium


def look_around(w: World) -> None:
    """What everybody can see when plans are made."""
    w.seen = Firm(
        landed=[landed_price(w, vendor) for vendor in w.vendors],
        lead_time=[lead_time(w, vendor) for vendor in w.vendors],
        chip_value=min(vendor.price / vendor.performance for vendor in w.vendors if vendor.active),
        hall_cost=sum(hall_prices(w, average_inputs(w))),
        contents=average_inputs(w),
        pue=new_pue(w),
        largest_fleet=largest_fleet(w),
    )


def largest_fleet(w: World) -> float:
    return max((compute(lab) + backlog_compute(w, lab) for lab in w.labs if lab.active), default=0.0)


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
    """Contents for kwp of all the accelerators that labs have on order; that of the start where there are none."""
    on_order = [(sum(vendor.backlog[:-1]), vendor) for vendor in w.vendors]
    power = sum(units * vendor.unit_power for units, vendor in on_order)
    ordered = sum(units * vendor.performance for units, vendor in on_order)
    return inputs_for(w, (power + TINY * w.p.reference_compute_power) / (ordered + TINY))


def lab_inputs(w: World, lab: Firm) -> list[float]:
    """Contents for kwp of a lab's own mix."""
    return inputs_for(w, lab.power_per_compute) if lab.power_per_compute > 0.0 else average_inputs(w)


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


def backlog_compute(w: World, lab: Firm) -> float:
    return sum(vendor.backlog[lab.row] * vendor.performance for vendor in w.vendors)


def choose_mix(w: World, lab: Firm) -> None:
    """Whose chips, what they cost with clusters and draw, and what a hall for them costs."""
    lab.vendor_mix = vendor_mix(w, lab)
    mix = list(zip(lab.vendor_mix, w.vendors, strict=True))
    lab.landed_price = sum(part * w.seen.landed[v.row] / v.performance for part, v in mix)
    lab.power_per_compute = sum(part * v.unit_power / v.performance for part, v in mix)
    lab.hall_price = sum(hall_prices(w, lab_inputs(w, lab)))


def retire(w: World, lab: Firm) -> None:
    """S0 (d): min(max(W - (D + Dwait) / pue, 0), max(wish kwp - max(spare, 0), 0)) goes where new chips draw less."""
    fleet = compute(lab)
    without_hall = max(lab.fleet_power - (lab.halls + lab.halls_unconnected) / lab.pue, 0.0)
    in_the_way = max(wanted_order(w, lab) * lab.power_per_compute - max(spare_halls(w, lab), 0.0), 0.0)
    gone = min(without_hall, in_the_way) if lab.power_per_compute * fleet < lab.fleet_power and lab.active else 0.0
    kept = 1.0 - gone / max(lab.fleet_power, TINY)
    lab.retired = fleet * (1.0 - kept)
    lab.fleet = [kept * part for part in lab.fleet]
    lab.fleet_power *= kept


def plan_lab(w: World, lab: Firm) -> None:
    """Chips and halls; halls are planned apart, for they take longer."""
    p = w.p
    lab.planned_compute = min(wanted_order(w, lab), shell(w, lab)) if lab.active else 0.0
    lab.planned_halls = planned_halls(w, lab) if lab.active else 0.0
    lab.planned_spending = lab.planned_compute * lab.landed_price + lab.planned_halls * lab.hall_price
    note(lab, CHIPS, lab.planned_compute, p.fastest_growth * (compute(lab) + p.smallest_step))
    note(lab, HALLS, lab.planned_halls, p.fastest_growth * (lab.halls + p.smallest_step))
    note(lab, GROWTH, planned_growth(w, lab), p.highest_expected_growth)


def vendor_mix(w: World, lab: Firm) -> list[float]:
    """uv = a_pp ln(perf / (price + lifetime power)) + lock K_v / K - a_lt min(lt, 10); pv = softmax."""
    p = w.p
    pull = []
    for vendor in w.vendors:
        lifetime = vendor.price + vendor.unit_power * p.lifetime_power_cost * w.market.power_price
        merit = p.price_performance * log(vendor.performance / lifetime)
        habit = p.lock_in * lab.fleet[vendor.row] / max(compute(lab), TINY)
        waiting = p.impatience * min(w.seen.lead_time[vendor.row], p.longest_wait)
        pull.append(exp(merit + habit - waiting) if vendor.active else 0.0)
    return [part / sum(pull) for part in pull]


def planned_growth(w: World, lab: Firm) -> float:
    return clip(lab.expected_growth, w.p.lowest_expected_growth, w.p.highest_expected_growth)


def chase(w: World, lab: Firm) -> float:
    """theta_c max(largest fleet - Kof(H), 0)."""
    return w.p.rivalry * max(w.seen.largest_fleet - wanted_compute(w, lab, w.p.horizon), 0.0)


def wanted_compute(w: World, lab: Firm, quarters: float) -> float:
    """Kof(h) = ydem exp(clip(ge, -.1, ge_hi) h) kap exp(-iota gA_smooth h) / (1 - f_star)."""
    p = w.p
    units = lab.demanded * exp(planned_growth(w, lab) * quarters)
    per_unit = compute_per_unit(w, lab) * exp(-p.inference_gain * lab.efficiency_trend * quarters)
    return units * per_unit / (1.0 - p.research_target)


def brake(w: World, lab: Firm) -> float:
    """exp(-eps_r (rnew - .075)) max(roi / roi_star, .1)."""
    p = w.p
    growth = max(lab.expected_revenue_growth, p.lowest_expected_growth)
    income = lab.revenue * exp(growth * p.horizon) * (1.0 - p.operating_cost_share) - lab.power_bill
    charge = max(lab.fixed_assets * (p.capital_charge + lab.quoted_rate / 4.0), p.least_capital_cost)
    dear = exp(-p.rate_sensitivity * (lab.quoted_rate - p.reference_rate))
    return dear * max(income / charge / p.target_return, p.least_brake)


def wanted_order(w: World, lab: Firm) -> float:
    """cap(gap cap(brake / adj_time, 1), dk_max (K + .2)) with cap(x, m) = m (1 - exp(-x / m))."""
    p, fleet = w.p, compute(lab)
    target = wanted_compute(w, lab, p.horizon) + chase(w, lab)
    gap = max(target + p.wear * p.horizon * fleet - fleet - backlog_compute(w, lab), 0.0)
    return bent(gap * bent(brake(w, lab) / p.adjustment_time, 1.0), p.fastest_growth * (fleet + p.smallest_step))


def spare_halls(w: World, lab: Firm) -> float:
    """(D + Dwait + Dpipe[t..t+2]) / pue - W (1 - 2 delta) - backlog, GW."""
    coming = lab.halls + lab.halls_unconnected + sum(lab.halls_building[:3])
    on_order = sum(vendor.backlog[lab.row] * vendor.unit_power for vendor in w.vendors)
    return coming / w.seen.pue - lab.fleet_power * (1.0 - 2.0 * w.p.wear) - on_order


def shell(w: World, lab: Firm) -> float:
    """Compute for which halls stand or come."""
    return max(spare_halls(w, lab), 0.0) / lab.power_per_compute


def planned_halls(w: World, lab: Firm) -> float:
    """dD = cap(max(Dneed - D - Dwait - sum Dpipe - Dbl, 0) cap(brake, 1), dk_max (D + .2))."""
    p = w.p
    ahead = p.hall_lead_time + p.hall_margin
    kept = 1.0 - p.wear * ahead
    growth = max(wanted_compute(w, lab, ahead) + chase(w, lab) - compute(lab) * kept, 0.0)
    needed = w.seen.pue * (lab.fleet_power * kept + lab.power_per_compute * growth)
    there = lab.halls + lab.halls_unconnected + sum(lab.halls_building) + lab.halls_ordered
    wish = max(needed - there, 0.0) * bent(brake(w, lab), 1.0)
    return bent(wish, p.fastest_growth * (lab.halls + p.smallest_step))


def commitments(w: World, lab: Firm) -> float:
    """Undelivered contract value, clusters of the backlog and halls on order, USD bn."""
    chips = sum(vendor.order_value[lab.row] - vendor.prepaid[lab.row] for vendor in w.vendors)
    clusters = sum(v.backlog[lab.row] * (landed_price(w, v) - v.price) for v in w.vendors)
    return chips + clusters + lab.halls_ordered * lab.hall_price


def collateral(w: World, lab: Firm) -> float:
    """coll = .6 K min_v(price / perf) + .15 FA."""
    return w.p.fleet_collateral * compute(lab) * w.seen.chip_value + w.p.plant_collateral * lab.fixed_assets


def ask_lab(w: World, lab: Firm) -> None:
    """Debt as far as collateral carries it, shares for the rest as far as owners bear dilution."""
    p, bound = w.p, bound_cash(lab)
    burn = max(-lab.operating_cash_flow, 0.0)
    need = lab.planned_spending + p.due_share * commitments(w, lab) + p.runway * burn
    need += p.working_capital * lab.revenue - (lab.cash - bound) - p.earmark_relief * bound
    need = max(need, 0.0) if lab.active else 0.0
    pledged = p.loan_to_value * (collateral(w, lab) + p.new_plant_collateral * lab.planned_spending)
    owed = debt(lab) + sum(lab.vendor_finance) - bound
    lab.debt_request = clip(pledged - owed, 0.0, need) if lab.default_risk < p.riskiest_borrower else 0.0
    issue = p.dilution * lab.value * exp(p.issue_sentiment * mean_sentiment(w))
    lab.equity_request = min(need - lab.debt_request, issue)
    note(lab, SHARES, lab.equity_request, max(issue, 0.0))


def ask_for_capex(firm: Firm, unit_cost: float, debt_share: float, equity_share: float) -> None:
    spending = unit_cost * firm.planned_capacity
    firm.debt_request, firm.equity_request = debt_share * spending, equity_share * spending


def plan_vendor(w: World, vendor: Firm) -> None:
    """growth = clip(.5 (lt / lt_star - 1) + .03, 0, gcap); add = .35 max(cap (1 + 4 g) - cap - pipe, 0)."""
    p = w.p
    wish = p.capacity_response * (w.seen.lead_time[vendor.row] / p.normal_lead_time - 1.0) + p.capacity_drift
    growth = clip(wish, 0.0, p.capacity_growth)
    gap = vendor.capacity * p.capacity_horizon * growth - sum(vendor.capacity_building)
    vendor.planned_capacity = p.capacity_pace * max(gap, 0.0) if vendor.active else 0.0
    ask_for_capex(vendor, p.capacity_cost_chips, p.debt_share_chips, 0.0)


def plan_energy(w: World, plant: Firm) -> None:
    """inc = clip((1.05 Pe capture - lcoe) / lcoe, 0, 3); add = G gmax (.3 + inc) exp(-eps_r (rnew - .075))."""
    p = w.p
    earns = p.contract_uplift * w.market.power_price * plant.price_capture
    incentive = clip((earns - plant.levelised_cost) / plant.levelised_cost, 0.0, p.highest_incentive)
    money = exp(-p.rate_sensitivity * (plant.quoted_rate - p.reference_rate))
    add = plant.capacity * plant.growth_limit * (p.basic_incentive + incentive) * money
    if plant.on_site:
        add += p.on_site_response * min(sum(lab.halls_unconnected for lab in w.labs), p.on_site_limit)
    plant.planned_capacity = add if plant.active else 0.0
    ask_for_capex(plant, plant.capital_cost, p.debt_share_energy, p.equity_share_energy)


def plan_equipment(w: World, sector: Firm) -> None:
    """add = qcap clip(.5 (ql - 1) + .04, 0, .30)."""
    p = w.p
    growth = clip(p.load_response * (sector.load_factor - 1.0) + p.load_drift, 0.0, p.equipment_growth)
    sector.planned_capacity = sector.capacity * growth if sector.active else 0.0
    unit_cost = p.capacity_cost_equipment[sector.row]
    ask_for_capex(sector, unit_cost, p.debt_share_equipment, p.equity_share_equipment)
