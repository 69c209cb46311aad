"""Industry: costs fall with output, capacity and prices adjust (P12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.firm import ASSUMPTION
from ...agents.rules.building import advanced, started
from ...agents.rules.learning import wright
from ...agents.state.arrays import TINY, Floats, anywhere, positive, ratio, total
from ...agents.state.population import Population
from ...agents.state.quantity import ParameterGroup, parameter
from ..deals.facilities import uncurbed
from .packaging import build_packaging

if TYPE_CHECKING:
    from ..market_model import MarketModel


class Industry(ParameterGroup):
    """Dividends and the cash that firms keep."""

    group = "industry"

    payout = parameter(0.10, "1/quarter", 0.0, 0.3, ASSUMPTION, "part of cash above target paid as dividends")
    capex_caution = parameter(0.9, "1", 0.5, 1.0, ASSUMPTION, "part of cash that suppliers' capital spending may use")
    cash_per_cost = parameter(2.5, "quarters", 1.0, 6.0, ASSUMPTION, "cash a lab keeps, of spending and sales")
    least_cash_lab = parameter(20.0, "USD bn", 5.0, 50.0, ASSUMPTION, "least cash a lab keeps")
    least_cash_vendor = parameter(40.0, "USD bn", 5.0, 80.0, ASSUMPTION, "cash a vendor keeps at rest")
    least_cash_energy = parameter(15.0, "USD bn", 5.0, 40.0, ASSUMPTION, "cash an energy supplier keeps at rest")
    least_cash_equipment = parameter(8.0, "USD bn", 2.0, 20.0, ASSUMPTION, "cash an equipment supplier keeps at rest")
    cash_per_capex = parameter(2.0, "quarters", 1.0, 4.0, ASSUMPTION, "capital spending that suppliers keep in cash")
    cash_per_sales_vendor = parameter(0.5, "quarters", 0.0, 1.5, ASSUMPTION, "sales that vendors keep in cash")
    cash_per_sales_equipment = parameter(
        0.3, "quarters", 0.0, 1.5, ASSUMPTION, "sales equipment suppliers keep in cash"
    )


def adjust(market: MarketModel) -> None:
    """Firms add capacity, learn, set prices, pay dividends and write off plant (P12)."""
    build_packaging(market)
    _expand_energy(market)
    _expand_equipment(market)
    _learn(market)
    vendors, equipment = market.vendors, market.equipment
    vendors.commit(price=np.where(vendors.active > 0.0, vendors.decide("set_price", market.signals), vendors.price))
    equipment.commit(price_index=equipment.decide("set_price", market.signals))
    _pay_dividends(market)
    _depreciate(market)


def _affordable(market: MarketModel, firms: Population, unit_cost: Floats) -> Floats:
    """Return how much of its plan each firm can pay, pay it, and book it as plant."""
    cost = firms.planned_capacity * unit_cost
    part = np.minimum(1.0, market.parameters.capex_caution * positive(firms.cash) / np.maximum(cost, TINY))
    spent = cost * part
    market.ledger.transfer("capital_spending", firms, market.economy, paid=spent)
    market.ledger.post(firms, "fixed_assets", "capex", spent)
    firms.commit(capex=spent)
    return firms.planned_capacity * part


def _expand_energy(market: MarketModel) -> None:
    """Energy suppliers start plants; what is due runs, part of the old retires."""
    energy = market.energy
    begun = _affordable(market, energy, energy.capital_cost)
    due, building = advanced(started(energy.building, begun, energy.lead_time))
    energy.commit(capacity=energy.capacity * (1.0 - energy.retirement) + due, building=building)


def _expand_equipment(market: MarketModel) -> None:
    """Equipment suppliers start capacity; what is due comes into use, part of the old wears out."""
    equipment, p = market.equipment, market.parameters
    begun = _affordable(market, equipment, p.capacity_cost_equipment)
    due, building = advanced(started(equipment.capacity_building, begun, p.equipment_lead_time))
    kept = equipment.capacity * (1.0 - p.capacity_wear_equipment)
    equipment.commit(capacity=kept + due, capacity_building=building)


def _learn(market: MarketModel) -> None:
    """Lower unit costs with output (Wright), and prices with them: what moves margins is scarcity alone."""
    vendors, p = market.vendors, market.parameters
    made = vendors.output_ever + total(vendors.delivered, 1)
    cost = vendors.initial_unit_cost * vendors.generation_cost
    cost = cost * wright(made, vendors.initial_output, p.chip_learning)
    cheaper = np.where(vendors.active > 0.0, ratio(cost, vendors.unit_cost), 1.0)
    vendors.commit(output_ever=made, unit_cost=vendors.unit_cost * cheaper, price=vendors.price * cheaper)


def _pay_dividends(market: MarketModel) -> None:
    """Pay part of the cash above target to shareholders: managers by their holdings, the outside sector the rest."""
    for firms, target in zip(market.borrowers, _cash_targets(market), strict=True):
        spare = firms.cash - target
        if firms in market.owners:
            spare = (spare - firms.all.restricted_sum) * uncurbed(market, firms)
        dividend = market.parameters.payout * positive(spare) * firms.active
        to_managers = firms.equity_held * dividend[:, None]
        rest = dividend - total(to_managers, 1)
        if firms in market.owners and anywhere(firms.vendor_shares):
            to_vendors = firms.vendor_shares * dividend[:, None]
            rest = rest - total(to_vendors, 1)
            market.ledger.transfer(
                "dividends_vendors", firms, market.vendors, paid=total(to_vendors, 1), received=total(to_vendors)
            )
        market.ledger.transfer(
            "dividends", firms, market.managers, paid=total(to_managers, 1), received=total(to_managers)
        )
        market.ledger.transfer("dividends_outside", firms, market.economy, paid=rest)


def _cash_targets(market: MarketModel) -> list[Floats]:
    """Return the cash each kind of firm keeps, USD bn, shape (n, R) each."""
    labs, vendors, energy, equipment, clouds = market.borrowers
    p = market.parameters
    costs = labs.revenue + labs.research_labour + labs.operating_costs
    spending = labs.all.planned_spending(market.signals)
    return [
        np.maximum(p.cash_per_cost * (costs + spending), p.least_cash_lab) + p.cash_per_core * labs.core_cash_flow,
        p.least_cash_vendor + p.cash_per_capex * vendors.capex + p.cash_per_sales_vendor * vendors.sales,
        p.least_cash_energy + p.cash_per_capex * energy.capex,
        p.least_cash_equipment + p.cash_per_capex * equipment.capex + p.cash_per_sales_equipment * equipment.sales,
        clouds.all.cash_target(market.signals),
    ]


def _depreciate(market: MarketModel) -> None:
    """Write off plant at each kind's rate; this quarter's spending is spared."""
    p = market.parameters
    if len(market.vehicles):
        vehicles, old = market.vehicles, market.ledger.opening["vehicles", "fixed_assets"]
        worn = p.depreciation_vehicles * np.minimum(old, vehicles.fixed_assets)
        market.ledger.write_off(vehicles, "fixed_assets", "depreciation", worn)
    rates = (
        p.depreciation_labs,
        p.depreciation_chips,
        p.depreciation_energy,
        p.depreciation_equipment,
        p.depreciation_clouds,
    )
    for firms, rate in zip(market.borrowers, rates, strict=True):
        old = market.ledger.opening[market.ledger.names[id(firms)], "fixed_assets"]
        market.ledger.write_off(firms, "fixed_assets", "depreciation", rate * np.minimum(old, firms.fixed_assets))
