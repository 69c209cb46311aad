"""P7: lenders quote rates, landlords rents; firms plan what to add and what to ask the capital market for."""

from math import exp

from .cloud_plans import ask_cloud, expect_guests, plan_cloud
from .credit import class_premia, premium
from .giving_up import give_up_chips
from .lab_plans import ask_lab, failed_within_a_year, plan_lab, plan_rents
from .packaging import plan_packaging
from .renting import set_rents
from .responses import answer_rivals, watch_rivals
from .seen import hall_prices, largest_fleet, look_around, own_inputs
from .vendor_choice import vendor_mix
from .world import TINY, Firm, World, bent, clip, debt, mean_sentiment, part_of


def plan(w: World) -> None:
    """Quote, look around, price rents, look again, make way for better chips, plan, ask."""
    w.market.premium = class_premia(w)
    for firm in w.borrowers:
        quote_rate(w, firm)
    price_rents(w)
    answer_rivals(w)
    watch_rivals(w)
    plan_rents(w)
    give_up_chips(w)
    w.seen.largest_fleet = largest_fleet(w)
    for lab in w.labs:
        plan_lab(w, lab)
        ask_lab(w, lab)
    for cloud in w.clouds:
        plan_cloud(w, cloud)
        ask_cloud(w, cloud)
    plan_suppliers(w)


def price_rents(w: World) -> None:
    """Owners choose vendors, landlords price rents and expect guests; all see it."""
    look_around(w)
    for owner in w.owners:
        owner.vendor_mix = vendor_mix(w, owner)
    for owner in w.owners:
        owner.hall_price = sum(hall_prices(w, own_inputs(w, owner)))
    set_rents(w)
    expect_guests(w)
    look_around(w)


def plan_suppliers(w: World) -> None:
    for vendor in w.vendors:
        plan_packaging(w, vendor)
    for plant in w.energy:
        plan_energy(w, plant)
    for sector in w.equipment:
        plan_equipment(w, sector)


def quote_rate(w: World, firm: Firm) -> None:
    """PD = clip(.004 + .006 clip(lev, 0, 12) + .03 clip(1 - runway, 0, 1), 0, .5); rnew = rf + PD LGD + premium."""
    p = w.p
    leverage = clip(owed_by(w, firm) / max(yearly_earnings(firm), TINY), 0.0, 12.0)
    runway = firm.cash / max(yearly_need(firm), TINY)
    firm.default_risk = clip(0.004 + 0.006 * leverage + 0.03 * clip(1.0 - runway, 0.0, 1.0), 0.0, 0.5)
    if firm.kind == "ai_labs" and failed_within_a_year(firm):
        firm.default_risk = max(firm.default_risk, 0.10)
    asked = premium(w, firm) * exp(-p.premium_sentiment * mean_sentiment(w)) + p.crunch_spread * p.credit_crunch
    firm.quoted_rate = p.risk_free_rate + firm.default_risk * p.loss_given_default + asked


def owed_by(w: World, firm: Firm) -> float:
    """Debt, of labs with part of a year's rent: debt + 4 rent_bill rent_as_debt."""
    return debt(firm) + (4.0 * firm.rent_bill * w.p.rent_as_debt if firm.kind == "ai_labs" else 0.0)


def yearly_earnings(firm: Firm) -> float:
    """1.4 rev of labs, core cash flow less other capex with it; 4 ebit + .15 FA of the others."""
    if firm.kind == "ai_labs":
        return 1.4 * firm.revenue + 4.0 * (firm.core_cash_flow - firm.other_capex)
    return 4.0 * firm.earnings + 0.15 * firm.fixed_assets


def yearly_need(firm: Firm) -> float:
    """.15 plant + .2 debt, of labs 2 rent_bill with it."""
    rent = 2.0 * firm.rent_bill if firm.kind == "ai_labs" else 0.0
    return rent + 0.15 * firm.fixed_assets + 0.2 * debt(firm)


def ask_for_capex(firm: Firm, unit_cost: float, debt_share: float, equity_share: float) -> None:
    spending = unit_cost * firm.planned_capacity
    firm.debt_request, firm.equity_request = debt_share * spending, equity_share * spending


def plan_energy(w: World, plant: Firm) -> None:
    """add = G gmax (.3 + clip((1.05 forward capture - lcoe) / lcoe, 0, 3)) exp(-eps_r (rnew - .075)) + entry."""
    p = w.p
    earns = p.contract_uplift * w.market.forward_price * plant.price_capture
    incentive = clip((earns - plant.levelised_cost) / plant.levelised_cost, 0.0, p.highest_incentive)
    money = exp(-p.rate_sensitivity * (plant.quoted_rate - p.reference_rate))
    add = plant.capacity * plant.growth_limit * (p.basic_incentive + incentive) * money
    if plant.on_site:
        add += p.on_site_response * min(sum(owner.halls_unconnected for owner in w.owners), p.on_site_limit)
    plant.planned_capacity = add + entering(w, plant) if plant.active else 0.0
    ask_for_capex(plant, plant.capital_cost, p.debt_share_energy, p.equity_share_energy)


def entering(w: World, plant: Firm) -> float:
    """G smooth_cap(.3 max(yield - rnew - depreciation - .05, 0), .1), the yield before depreciation."""
    p = w.p
    earned = 4.0 * (plant.earnings + p.depreciation_energy * plant.fixed_assets)
    margin = earned / (plant.capacity * plant.capital_cost) - plant.quoted_rate - 4.0 * p.depreciation_energy
    return plant.capacity * bent(p.entry_speed * max(margin - p.entry_margin, 0.0), p.fastest_entry)


def plan_equipment(w: World, sector: Firm) -> None:
    """add = qcap clip(.5 (ql - 1) + .04, 0, .30), with halls for what deals are believed to buy in the load."""
    p, load = w.p, sector.load_factor + part_of(sector.announced_load, sector.capacity)
    growth = clip(p.load_response * (load - 1.0) + p.load_drift, 0.0, p.equipment_growth)
    sector.planned_capacity = sector.capacity * growth if sector.active else 0.0
    unit_cost = p.capacity_cost_equipment[sector.row]
    ask_for_capex(sector, unit_cost, p.debt_share_equipment, p.equity_share_equipment)
