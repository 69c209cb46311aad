"""The market for AI services: prices, choice, rationing and sales (P5), and the cost of running a lab (P6)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.firm import QUARTERS
from ...agents.rules.expectations import adapted
from ...agents.rules.limits import near
from ...agents.rules.rationing import ration
from ...agents.rules.segments import SEGMENTS
from ...agents.state.arrays import Floats, anywhere, paired, positive, ratio, stacked, total
from ...agents.state.population import Population
from ..deals.called_money import give_back_pooled
from ..deals.facilities import watch_covenants
from ..deals.term_loans import pooled, serve_own_terms
from .capital_calls import open_accounts, pay_out_income
from .demand import adopt, choose_labs, open_models_compute, open_models_price, use_by_segment
from .limits import note_limits
from .rent import collect_rent
from .tenancies import pay_rent, run_core_business, support_labs

if TYPE_CHECKING:
    from ..market_model import MarketModel


def sell_services(market: MarketModel) -> None:
    """Labs set prices, customers adopt and choose, capacity rations, labs are paid (P5)."""
    labs, economy = market.labs, market.economy
    price = labs.decide("set_price", market.signals)
    _note_price(market, price / labs.price)
    labs.commit(price=price)
    economy.commit(fringe_price=open_models_price(market))
    adopt(market)
    choose_labs(market)
    demanded = labs.share * use_by_segment(market)
    sold = _served(market, demanded)
    _expect_demand(market, demanded)
    _book_sales(market, demanded, sold)
    economy.commit(fringe_compute=open_models_compute(market))


def _note_price(market: MarketModel, change: Floats) -> None:
    """Note in which part of segments prices change by as much as they may, factors of shape (labs, segments, R)."""
    p = market.parameters
    there = np.maximum(near(change, paired(p.greatest_cut)), near(change, paired(p.greatest_rise)))
    note_limits(market, {"price": total(there, 1) / len(SEGMENTS)})


def _served(market: MarketModel, demanded: Floats) -> Floats:
    """Return units sold, shape (labs, segments, R): where compute is short, those who need it most come first.

    Segments are served in proportion to what each asks for and to its weight.
    """
    labs, first = market.labs, market.parameters.enterprise_priority
    asked = (demanded * labs.service_intensity).swapaxes(0, 1)
    weights = stacked((1.0, first, first))[:, None]
    given = ration(asked, labs.sales_capacity, weights * asked)
    return ratio(given.swapaxes(0, 1), labs.service_intensity)


def _expect_demand(market: MarketModel, demanded: Floats) -> None:
    """Let labs learn how fast demand grows, by the compute that units take today."""
    labs, p = market.labs, market.parameters
    now, before = (total(units * labs.service_intensity, 1) for units in (demanded, labs.demanded))
    labs.commit(expected_growth=adapted(labs.expected_growth, now, before, p.news_weight))


def _book_sales(market: MarketModel, demanded: Floats, sold: Floats) -> None:
    """Let customers pay for what they get, and note what it was of what they asked for.

    Args:
        market: the model.
        demanded: units asked for, shape (labs, segments, R).
        sold: units served, likewise.
    """
    labs, economy, p = market.labs, market.economy, market.parameters
    sales, asked = sold * labs.price, total(demanded * labs.service_intensity, 1)
    revenue, wanted = total(sales, 1), total(demanded * labs.price, 1)
    serving = total(sold * labs.service_intensity, 1)
    market.ledger.transfer("ai_sales", economy, labs, received=revenue)
    labs.commit(
        demanded=demanded,
        sold=sold,
        sales=sales,
        serving=serving,
        revenue=revenue,
        expected_revenue_growth=adapted(labs.expected_revenue_growth, revenue, labs.revenue, p.news_weight),
        market_share=ratio(wanted, total(wanted)),
        markup=markup(revenue, serving * economy.market_rent),
        utilisation=ratio(asked, labs.sales_capacity),
        overdrawn=labs.overdrawn + positive(serving - labs.inference),
    )
    economy.commit(unserved=total(asked) - total(serving))


def markup(sales: Floats, worth: Floats) -> Floats:
    """Return sales over what the compute that served them is worth, less one; 0 where nothing is sold."""
    return np.where(worth > 0.0, ratio(sales, worth) - 1.0, 0.0)


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
    served = [[serve(market, firms) for firms in market.owners] for serve in (_service_vendor_finance, serve_own_terms)]
    if len(market.facilities):
        give_back_pooled(market)
    if len(market.vehicles):
        collect_rent(market)
    debt_service, service_of_clouds = (
        paid[market.borrowers.index(firms)] + credit + own_terms + firms.lease_rent
        for firms, credit, own_terms in zip(market.owners, *served, strict=True)
    )
    idle = positive(managers.cash)
    deposits = p.risk_free_rate / QUARTERS * idle
    market.ledger.transfer("deposit_interest", market.economy, managers, received=deposits)
    market.ledger.transfer("fees", managers, market.economy, paid=p.management_fee * idle)
    pay_out_income(market)
    costs_of_compute = labs.power_bill + labs.all.hired
    gross = labs.revenue + labs.sublet_income - costs - labs.research_labour - costs_of_compute
    gross = gross + labs.core_cash_flow - labs.other_capex
    support_labs(market, gross - debt_service)
    flow = gross - debt_service + labs.parent_support + labs.rent_set_off
    labs.commit(
        operating_costs=costs,
        debt_service=debt_service,
        operating_cash_flow=flow,
        profit=gross - p.depreciation_labs * labs.fixed_assets,
    )
    clouds = market.clouds
    earned = clouds.profit + p.depreciation_clouds * clouds.fixed_assets
    clouds.commit(debt_service=service_of_clouds, operating_cash_flow=earned - service_of_clouds)
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


def _service_vendor_finance(market: MarketModel, firms: Population[Any]) -> Floats | float:
    """Pay vendors interest on their credit and part of it back; return what was paid, shape (n, R), or nothing."""
    if not anywhere(firms.vendor_finance):
        return 0.0
    p = market.parameters
    interest = firms.vendor_finance * p.vendor_finance_rate
    due = firms.vendor_finance * p.vendor_finance_amortisation
    market.ledger.post(firms, "vendor_finance", "repaid", -due)
    paid = interest + due
    market.ledger.transfer("vendor_finance", firms, market.vendors, paid=total(paid, 1), received=total(paid, 0))
    return total(paid, 1)
