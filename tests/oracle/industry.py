"""P12: capacity, learning, prices, dividends, depreciation."""

from math import exp, log, tanh

from .cloud_plans import cash_target as cloud_cash_target
from .packaging import build_packaging
from .world import TINY, Firm, World, bound_cash, clip, pay, wright


def adjust(w: World) -> None:
    """Expand, learn, price, pay owners, write off."""
    p = w.p
    new = [firm.capex + bought_by(firm) if firm in w.owners else 0.0 for firm in w.borrowers]
    plant_before = [firm.fixed_assets - bought for firm, bought in zip(w.borrowers, new, strict=True)]
    build_packaging(w)
    for plant in w.energy:
        expand(w, plant, plant.building, plant.capital_cost, plant.lead_time, plant.retirement)
    for sector in w.equipment:
        unit_cost, wear = p.capacity_cost_equipment[sector.row], p.capacity_wear_equipment
        expand(w, sector, sector.capacity_building, unit_cost, p.equipment_lead_time, wear)
    for vendor in w.vendors:
        learn(w, vendor)
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


def learn(w: World, vendor: Firm) -> None:
    """ucost = cost0 genf (qcum / q0)^log2(1 - LR)."""
    vendor.output_ever += sum(vendor.delivered)
    if vendor.active:
        progress = wright(vendor.output_ever, vendor.initial_output, w.p.chip_learning)
        cost = vendor.initial_unit_cost * vendor.generation_cost * progress
        if w.departures.learning_is_passed_on:
            vendor.price *= cost / vendor.unit_cost
        vendor.unit_cost = cost


def set_chip_price(w: World, vendor: Firm) -> None:
    """price exp(price_answer tanh(ln(wait / normal_wait))), gross margin within .45-.80."""
    p = w.p
    if vendor.active:
        pull = tanh(log(max(vendor.lead_time, TINY) / p.normal_lead_time))
        price = vendor.price * exp(p.price_answer * pull)
        lowest, highest = 1.0 - p.lowest_gross_margin, 1.0 - p.highest_gross_margin
        vendor.price = clip(price, vendor.unit_cost / lowest, vendor.unit_cost / highest)


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
        return max(p.cash_per_cost * spending, p.least_cash_lab) + p.cash_per_core * firm.core_cash_flow
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
