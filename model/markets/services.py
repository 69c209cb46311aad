"""The market for AI services: prices, adoption, shares and rationing (P5), and the cost of running a lab (P6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...agents.firm import ASSUMPTION, QUARTERS
from ...agents.rules.choice import logit, sticky_shares
from ...agents.rules.expectations import adapted
from ...agents.rules.learning import bass, frontier
from ...agents.rules.limits import near
from ...agents.state.arrays import TINY, Floats, positive, power, ratio, total
from ...agents.state.population import Population
from ...agents.state.quantity import ParameterGroup, parameter
from ...agents.state.shown import shown
from ..deals.called_money import give_back_pooled
from ..deals.facilities import watch_covenants
from ..deals.term_loans import has_own_terms, pooled, serve_own_terms
from .capital_calls import open_accounts, pay_out_income
from .limits import note_limits
from .rent import collect_rent
from .tenancies import pay_rent, run_core_business, support_labs

if TYPE_CHECKING:
    from ..market_model import MarketModel

GROWTH = "fitted to the growth of 2025-26 (specification); assumption"


class ServiceMarket(ParameterGroup):
    """How customers take up AI services and choose among labs."""

    group = "services"

    demand_ceiling = parameter(
        300.0,
        "units/quarter",
        150.0,
        600.0,
        "1,200 bn a year at the reference price; assumption",
        "demand if models could do everything",
        "Mmax",
        uncertain=True,
    )
    demand_midpoint = parameter(
        2.2,
        "OOM",
        1.8,
        3.2,
        "assumption: a sigmoid as in GATE",
        "capability at which half of that is reached",
        "chalf",
        uncertain=True,
    )
    demand_slope = parameter(
        0.84,
        "1/OOM",
        0.6,
        1.4,
        "median of the posterior on data to 2025Q4 (docs/backtest.md)",
        "steepness of demand in capability",
        "kM",
    )
    innovation = parameter(0.02, "1/quarter", 0.005, 0.05, GROWTH, "adoption that needs no example", "bp")
    imitation = parameter(0.42, "1/quarter", 0.2, 0.55, GROWTH, "adoption that follows others", "bq")
    price_elasticity = parameter(
        1.10,
        "1",
        1.0,
        1.6,
        "1.11 in a working paper on open models, 1.2-1.8 in industry (specification)",
        "fall of demand with the price",
        "eps",
        uncertain=True,
    )
    capability_weight = parameter(
        2.0, "1/OOM", 1.0, 3.5, ASSUMPTION, "weight of capability in customers' choice", "beta_c", uncertain=True
    )
    price_weight = parameter(1.5, "1", 0.8, 3.0, ASSUMPTION, "weight of the price in customers' choice", "alpha_p")
    rechoosing = parameter(
        0.20, "1/quarter", 0.08, 0.40, ASSUMPTION, "part of customers who choose again", "tau", uncertain=True
    )
    brand_memory = parameter(0.98, "1", 0.94, 1.0, ASSUMPTION, "memory of brands", "rho_xi")
    overflow = parameter(0.5, "1", 0.0, 1.0, ASSUMPTION, "part of unserved demand that tries another lab")
    reference_service_price = parameter(1.0, "USD bn/unit", 0.5, 2.0, "definition", "price of a unit at the start")


@shown()
class Sales(NamedTuple):
    """Units asked for and sold, each of shape (labs, R)."""

    demanded: Floats
    sold: Floats


def potential_demand(capability: Floats, p: Any) -> Floats:
    """Return demand at the reference price if everybody who could did: a logistic in the best capability (GATE)."""
    return p.demand_ceiling / (1.0 + np.exp(-p.demand_slope * (capability - p.demand_midpoint))) * p.demand_available


def sell_services(market: MarketModel) -> None:
    """Labs set prices, customers adopt and choose, capacity rations, labs are paid (P5)."""
    labs, economy, p = market.labs, market.economy, market.parameters
    pricing = labs.decide("set_price", market.signals)
    _note_price(market, pricing.price / labs.price)
    labs.commit(markup=pricing.markup, price=pricing.price)
    shares = _chosen(market)
    best = frontier(labs.capability, labs.active)
    adoption = bass(economy.adoption, potential_demand(best, p), p.innovation, p.imitation)
    relative = labs.price / p.reference_service_price
    average = np.maximum(total(shares * relative), TINY)
    quantity = adoption * power(average, -p.price_elasticity)
    sales = _served(shares * quantity, labs.sales_capacity, p.overflow)
    revenue = sales.sold * labs.price
    market.ledger.transfer("ai_sales", economy, labs, received=revenue)
    labs.commit(
        expected_growth=adapted(labs.expected_growth, sales.demanded, labs.demanded, p.news_weight),
        expected_revenue_growth=adapted(labs.expected_revenue_growth, revenue, labs.revenue, p.news_weight),
        market_share=shares,
        brand=labs.brand * p.brand_memory,
        demanded=sales.demanded,
        sold=sales.sold,
        revenue=revenue,
        utilisation=ratio(sales.demanded, labs.sales_capacity),
        overdrawn=labs.overdrawn + positive(sales.sold * labs.service_intensity - labs.inference),
    )
    economy.commit(
        adoption=adoption,
        average_price=average * p.reference_service_price,
        unserved=total(sales.demanded) - total(sales.sold),
    )


def _note_price(market: MarketModel, change: Floats) -> None:
    """Note where prices change by as much as they may, factors of shape (labs, R)."""
    p = market.parameters
    note_limits(market, {"price": np.maximum(near(change, p.greatest_cut), near(change, p.greatest_rise))})


def _chosen(market: MarketModel) -> Floats:
    """Return market shares after this quarter's choices: u = beta c - alpha ln p + xi, sticky."""
    labs, p = market.labs, market.parameters
    ability = p.capability_weight * (labs.capability - labs.capability[0])
    cost = p.price_weight * np.log(labs.price / p.reference_service_price)
    target = logit(ability - cost + labs.brand, labs.active)
    return sticky_shares(labs.market_share * labs.active, target, p.rechoosing)


def _served(demanded: Floats, capacity: Floats, overflow: Floats) -> Sales:
    """Ration demand by capacity; part of what a lab cannot serve goes to labs that can."""
    served = np.minimum(demanded, capacity)
    spare = positive(capacity - demanded)
    looking = np.minimum(overflow * total(demanded - served), total(spare))
    return Sales(demanded, served + np.minimum(spare, looking * ratio(spare, total(spare))))


def pay_running_costs(market: MarketModel) -> None:
    """Firms pay running costs, interest, amortisation and fees; managers earn interest on idle deposits (P6)."""
    labs, managers, p = market.labs, market.managers, market.parameters
    open_accounts(market)
    costs = p.operating_cost_share * labs.revenue + labs.active * p.fixed_operating_cost
    costs = costs + p.plant_operating_cost * labs.fixed_assets
    market.ledger.transfer("operating_costs", labs, market.economy, paid=costs)
    run_core_business(market)
    pay_rent(market)
    paid = [_service_debt(market, firms) for firms in market.borrowers]
    debt_service = paid[market.borrowers.index(labs)] + _service_vendor_finance(market)
    if len(market.facilities):
        give_back_pooled(market)
    if has_own_terms(market):
        debt_service = debt_service + serve_own_terms(market)
    if len(market.vehicles):
        debt_service = debt_service + collect_rent(market)
    idle = positive(managers.cash)
    deposits = p.risk_free_rate / QUARTERS * idle
    market.ledger.transfer("deposit_interest", market.economy, managers, received=deposits)
    market.ledger.transfer("fees", managers, market.economy, paid=p.management_fee * idle)
    pay_out_income(market)
    costs_of_compute = labs.power_bill + labs.all.hired
    gross = labs.revenue - costs - labs.research_labour - costs_of_compute + labs.core_cash_flow - labs.other_capex
    support_labs(market, gross - debt_service)
    flow = gross - debt_service + labs.parent_support + labs.rent_set_off
    labs.commit(
        operating_costs=costs,
        debt_service=debt_service,
        operating_cash_flow=flow,
        profit=gross - p.depreciation_labs * labs.fixed_assets,
    )
    watch_covenants(market)


def _service_debt(market: MarketModel, firms: Population[Any]) -> Floats:
    """Pay interest and amortisation on loans at the market's terms to every lender; return it, shape (n, R)."""
    loans = pooled(market, firms)
    interest = loans * (firms.interest_rate / QUARTERS)[:, None]
    due = loans * market.parameters.amortisation
    paid = total(interest, 1)
    market.ledger.pay_interest(market.managers, firms, interest)
    market.ledger.repay(market.managers, firms, due)
    return paid + total(due, 1)


def _service_vendor_finance(market: MarketModel) -> Floats:
    """Pay vendors interest on their credit and part of it back; return what was paid, shape (labs, R)."""
    labs, p = market.labs, market.parameters
    interest = labs.vendor_finance * p.vendor_finance_rate
    due = labs.vendor_finance * p.vendor_finance_amortisation
    market.ledger.post(labs, "vendor_finance", "repaid", -due)
    paid = interest + due
    market.ledger.transfer("vendor_finance", labs, market.vendors, paid=total(paid, 1), received=total(paid, 0))
    return total(paid, 1)
