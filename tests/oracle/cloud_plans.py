"""P7: clouds plan their fleets and halls, and ask for loans."""

from math import exp

from .lab_plans import collateral, commitments, hall_horizon, missing_halls, shell, spending
from .renting import all_let, backlog_of, cost_at_own_risk, faded, hosting_part, lets_asked
from .seen import backlog_compute
from .world import Firm, World, bent, bound_cash, clip, compute, debt


def expect_guests(w: World) -> None:
    """Halls that tenants' own chips take or will take, those on order with them, GW."""
    for cloud in w.clouds:
        cloud.hosting = sum(hosting_part(w, cloud, lab) * beyond_own_halls(w, lab) for lab in w.labs)


def beyond_own_halls(w: World, lab: Firm) -> float:
    coming = sum(vendor.backlog[lab.customer] * vendor.unit_power for vendor in w.vendors)
    own = lab.halls + lab.halls_unconnected + sum(lab.halls_building) + lab.halls_ordered
    return max((lab.fleet_power + coming) * lab.pue - own, 0.0)


def plan_cloud(w: World, cloud: Firm) -> None:
    """Chips as far as there is room in halls, and halls for what is needed when those ordered now stand."""
    p = w.p
    halls = missing_halls(w, cloud, need(w, cloud, hall_horizon(w)) / p.target_use) * brake(w, cloud)
    cloud.planned_compute = cloud.active * min(wanted_order(w, cloud), shell(w, cloud))
    cloud.planned_halls = cloud.active * bent(halls, p.fastest_fleet * (cloud.halls + p.least_fleet))
    cloud.planned_spending = spending(w, cloud)


def wanted_order(w: World, cloud: Firm) -> float:
    """smooth_cap(max(target + H retired - fleet - on order, 0) / adjustment_time brake, fastest (fleet + .05))."""
    p = w.p
    target = need(w, cloud, p.fleet_horizon) / p.target_use
    gap = target + p.fleet_horizon * cloud.retired - compute(cloud) - backlog_compute(w, cloud)
    braked = max(gap, 0.0) / p.fleet_adjustment_time * brake(w, cloud)
    return bent(braked, p.fastest_fleet * (compute(cloud) + p.least_fleet))


def need(w: World, cloud: Firm, quarters: float) -> float:
    """tenants + in_house exp(in_house_growth G(h)) + own lab + D_c exp(rental_growth G(h))."""
    market, growth = w.market, faded(w, quarters)
    own = cloud.in_house * exp(market.in_house_growth * growth) + sum(cloud.housed_plan)
    return tenants(w, cloud, quarters) + own + lets_asked(w, cloud) * exp(market.rental_growth * growth)


def tenants(w: World, cloud: Firm, quarters: float) -> float:
    """kept(h) + speculation contracts (exp(tenancy_trend G(h)) - 1) / 2, kept with renewal and what is owed."""
    p, let = w.p, all_let(cloud)
    ending = sum(amount for cohorts in cloud.contracts for k, amount in enumerate(cohorts) if k < quarters)
    kept = let - ending + p.renewal * ending + sum(cloud.owed)
    return kept + p.speculation * let * (exp(cloud.tenancy_trend * faded(w, quarters)) - 1.0) / 2.0


def brake(w: World, cloud: Firm) -> float:
    """exp(-rate_sensitivity (quoted - reference)) clip((spot / small_premium) / user_cost, .1, 1.1)."""
    p = w.p
    dear = exp(-p.rate_sensitivity * (cloud.quoted_rate - p.reference_rate))
    worth = w.market.spot_price / p.small_premium / cost_at_own_risk(w, cloud)
    return dear * clip(worth, p.least_worth, p.most_worth)


def ask_cloud(w: World, cloud: Firm) -> None:
    """Debt within leverage_limit 4 (core + rent_margin rent); without other business, of what contracts have to pay."""
    p, alone = w.p, cloud.core_cash_flow <= 0.0
    due = cloud.planned_spending + p.cloud_due_share * commitments(w, cloud)
    bound = bound_cash(cloud)
    spare = max(cloud.cash - bound - cash_target(w, cloud), 0.0) + p.earmark_relief * bound
    lacks = max(due - spare, 0.0) if cloud.active else 0.0
    carried = p.leverage_limit[cloud.row] * 4.0 * (cloud.core_cash_flow + p.rent_margin * cloud.rent_income)
    issue = 0.0
    if alone:
        carried = p.contract_advance * backlog_of(cloud)
    if alone and w.departures.clouds_pledge_fleets_and_sell_shares:
        pledged = collateral(w, cloud) + p.new_fleet_collateral * cloud.planned_spending
        carried = max(carried, p.fleet_loan_share * pledged)
        issue = p.cloud_dilution * cloud.value
    if cloud.covenant_broken:
        carried = 0.0
    cloud.debt_request = clip(carried - debt(cloud) - sum(cloud.vendor_finance) + bound, 0.0, lacks)
    cloud.equity_request = min(lacks - cloud.debt_request, issue)


def cash_target(w: World, cloud: Firm) -> float:
    running = cloud.power_bill + cloud.operating_costs
    return w.p.least_cash_cloud * cloud.active + w.p.cash_per_cost_cloud * running
