"""P12: capacity, learning, generations, prices, dividends, depreciation."""

from math import exp

from .cloud_plans import cash_target as cloud_cash_target
from .seen import lead_time
from .world import Firm, World, bound_cash, clip, pay, wright

GENERATIONS = 3
PRICE_STEP = 1.25


def adjust(w: World) -> None:
    """Expand, learn, price, pay owners, write off."""
    p = w.p
    new = [firm.capex + bought_by(firm) if firm in w.owners else 0.0 for firm in w.borrowers]
    plant_before = [firm.fixed_assets - bought for firm, bought in zip(w.borrowers, new, strict=True)]
    for vendor in w.vendors:
        expand(w, vendor, vendor.capacity_building, p.capacity_cost_chips, p.capacity_lead_time, p.capacity_wear_chips)
    for plant in w.energy:
        expand(w, plant, plant.building, plant.capital_cost, plant.lead_time, plant.retirement)
    for sector in w.equipment:
        unit_cost, wear = p.capacity_cost_equipment[sector.row], p.capacity_wear_equipment
        expand(w, sector, sector.capacity_building, unit_cost, p.equipment_lead_time, wear)
    for vendor, uniform in zip(w.vendors, w.uniform(GENERATIONS, len(w.vendors)), strict=True):
        learn(w, vendor, uniform)
        set_chip_price(w, vendor)
    for sector in w.equipment:
        excess = clip(sector.load_factor - 1.0, -1.0, p.highest_load_heard)
        index = sector.price_index * (1.0 + p.equipment_price_speed * excess)
        sector.price_index = clip(index, p.lowest_price_index, p.highest_price_index)
    for firm in w.borrowers:
        pay_dividend(w, firm)
    depreciate(w, plant_before)


def bought_by(firm: Firm) -> float:
    """Plant that a newcomer among labs bought this quarter."""
    return firm.bought_at_entry if firm.kind == "ai_labs" else 0.0


def expand(w: World, firm: Firm, pipeline: list[float], unit_cost: float, lead: float, wear: float) -> None:
    """Start what nine tenths of cash can pay; what is due comes into use, part of the old wears out."""
    cost = firm.planned_capacity * unit_cost
    firm.capex = min(cost, w.p.capex_caution * max(firm.cash, 0.0))
    pay(firm, w.outside, firm.capex)
    firm.fixed_assets += firm.capex
    pipeline[min(int(lead), len(pipeline) - 1)] += firm.capex / unit_cost
    firm.capacity = firm.capacity * (1.0 - wear) + pipeline.pop(0)
    pipeline.append(0.0)


def learn(w: World, vendor: Firm, uniform: float) -> None:
    """ucost = cost0 genf (qcum / q0)^log2(1 - LR); a generation may come out from the third quarter on."""
    p = w.p
    vendor.output_ever += sum(vendor.delivered)
    vendor.new_generation = 0.0
    if not vendor.active:
        return
    vendor.since_generation += 1.0
    grown = vendor.sales / vendor.first_sales if vendor.first_sales > 0.0 else 0.0
    research = grown**p.generation_research
    chance = 1.0 - exp(-p.generation_hazard * clip(research, 0.5, 2.0))
    comes = vendor.since_generation >= p.generation_gap and uniform < chance
    if not p.chance:
        comes = vendor.since_generation >= round(p.generation_gap - 1.0 + 1.0 / chance)
    if comes:
        price_step = PRICE_STEP
        if w.departures.price_follows_performance:
            price_step = p.generation_performance**p.generation_pricing
        vendor.performance *= p.generation_performance
        vendor.unit_power *= p.generation_power
        vendor.generation_cost *= price_step
        vendor.price *= price_step
        if w.departures.orders_repriced_by_generation:
            vendor.order_value = [value * price_step for value in vendor.order_value]
        vendor.since_generation, vendor.new_generation = 0.0, 1.0
        vendor.generations += 1.0
    progress = wright(vendor.output_ever, vendor.initial_output, p.chip_learning)
    vendor.unit_cost = vendor.initial_unit_cost * vendor.generation_cost * progress


def set_chip_price(w: World, vendor: Firm) -> None:
    """price (1 + eta_p clip(lt / lt_star - 1, -1, 1)), between ucost (1 + mlo) and ucost (1 + mhi)."""
    p = w.p
    if vendor.active:
        excess = clip(lead_time(w, vendor) / p.normal_lead_time - 1.0, -1.0, 1.0)
        price = vendor.price * (1.0 + p.price_speed * excess)
        lowest, highest = 1.0 + p.lowest_chip_markup, 1.0 + p.highest_chip_markup
        vendor.price = clip(price, vendor.unit_cost * lowest, vendor.unit_cost * highest)


def pay_dividend(w: World, firm: Firm) -> None:
    """10 % of cash above target, to holders pro rata."""
    bound = bound_cash(firm) if firm in w.owners else 0.0
    spare = max(firm.cash - bound - cash_target(w, firm), 0.0)
    dividend = w.p.payout * spare if firm.active else 0.0
    for manager, held in zip(w.managers, firm.equity_held, strict=True):
        pay(firm, manager, held * dividend)
    pay(firm, w.outside, (1.0 - sum(firm.equity_held)) * dividend)


def cash_target(w: World, firm: Firm) -> float:
    """Labs max(2.5 (rev + RL + opex + capx), 20); vendors 40 + ..., energy 15 + ..., equipment 8 + ..."""
    p = w.p
    if firm.kind == "ai_labs":
        spending = firm.revenue + firm.research_labour + firm.operating_costs + firm.planned_spending
        return max(p.cash_per_cost * spending, p.least_cash_lab)
    if firm.kind == "clouds":
        return cloud_cash_target(w, firm)
    if firm.kind == "chip_vendors":
        return p.least_cash_vendor + p.cash_per_capex * firm.capex + p.cash_per_sales_vendor * firm.sales
    if firm.kind == "energy_suppliers":
        return p.least_cash_energy + p.cash_per_capex * firm.capex
    return p.least_cash_equipment + p.cash_per_capex * firm.capex + p.cash_per_sales_equipment * firm.sales


def depreciate(w: World, before: list[float]) -> None:
    """FA' = FA (1 - dep) + capex: labs and clouds 5 %, vendors 3 %, energy 1 %, equipment 2.5 %."""
    p = w.p
    rates = [p.depreciation_labs] * len(w.labs) + [p.depreciation_chips] * len(w.vendors)
    rates += [p.depreciation_energy] * len(w.energy) + [p.depreciation_equipment] * len(w.equipment)
    rates += [p.depreciation_clouds] * len(w.clouds)
    for firm, rate, old in zip(w.borrowers, rates, before, strict=True):
        firm.fixed_assets -= rate * old
