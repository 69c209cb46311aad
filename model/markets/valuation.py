"""Valuation: shares are valued, managers' returns attract savers, moods spread (P14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.firm import ASSUMPTION
from ...agents.rules.expectations import smoothed
from ...agents.rules.valuing import (
    believed_margin,
    believed_sales,
    discounted_profits,
    next_round,
    sales_ahead,
    spread,
)
from ...agents.state.arrays import TINY, Floats, clip, positive, total
from ...agents.state.population import Population
from ...agents.state.quantity import ParameterGroup, parameter
from ..accounting.borrowers import mean_yield, of_borrowers, split_by_kind
from ..dates import YEAR
from ..randomness import Stream
from .credit import learn
from .letting import expect_tenants
from .planning import mean_sentiment

if TYPE_CHECKING:
    from ..market_model import MarketModel

SPECIFIED = "specification 2, section 4; assumption"

PROFIT_MEMORY = 0.6
"""Memory of smoothed earnings (specification P14; assumption)."""

QUARTER = 0.25
HALF = 0.5


class Valuation(ParameterGroup):
    """Required returns, savers and moods."""

    group = "valuation"

    equity_premium = parameter(
        0.05, "1/yr", 0.03, 0.08, SPECIFIED, "return on shares that owners require beyond the rate on a firm's loans"
    )
    long_growth = parameter(0.03, "1/yr", 0.02, 0.04, SPECIFIED, "growth of profits in the long run", "g_long")
    believed_size = parameter(
        3000.0,
        "USD bn/yr",
        1000.0,
        6000.0,
        "300 units a quarter at 2.5 bn each; assumption",
        "sales that owners believe a lab can come to at most",
    )
    believed_chance = parameter(
        1.0,
        "1",
        0.0,
        1.0,
        "rounds of 2024 at 220 to 410 bn per M H100e run, and at 26 to 450 times sales (lab_revenue.csv); assumption",
        "part that owners believe in of a lab's chance at all labs' sales, which is its part of their compute",
    )
    supplier_plant = parameter(0.8, "1", 0.3, 1.2, ASSUMPTION, "least value of other firms' business, of plant")
    hurdle_return = parameter(
        0.005,
        "1/quarter",
        0.0,
        0.01,
        "second specification; assumption",
        "return over idle deposits' that leaves savers and moods alone",
    )
    saving_drift = parameter(0.015, "1/quarter", 0.0, 0.04, ASSUMPTION, "net new money from savers, of assets", "lp0")
    saving_yield = parameter(
        1.0, "1", 0.2, 3.0, SPECIFIED, "response of savers to what lenders quote over the risk-free rate"
    )
    saving_return = parameter(0.6, "1/yr", 0.0, 1.5, ASSUMPTION, "response of savers to returns", "lp_ret")
    saving_sentiment = parameter(0.03, "1/quarter", 0.0, 0.06, ASSUMPTION, "response of savers to sentiment", "lp_z")
    fastest_withdrawal = parameter(-0.04, "1/quarter", -0.1, 0.0, ASSUMPTION, "fastest withdrawal, of assets")
    fastest_saving = parameter(0.10, "1/quarter", 0.03, 0.2, ASSUMPTION, "fastest inflow, of assets")
    idle_limit = parameter(0.55, "1", 0.3, 0.8, ASSUMPTION, "part of assets in cash above which money goes back")
    idle_return = parameter(0.15, "1/quarter", 0.0, 0.4, ASSUMPTION, "pace at which idle money goes back")
    mood_memory = parameter(0.75, "1", 0.4, 0.95, ASSUMPTION, "memory of sentiment", "z_rho")
    mood_return = parameter(2.0, "quarters", 0.0, 5.0, ASSUMPTION, "response of sentiment to returns", "z_ret")
    mood_contagion = parameter(
        0.35, "1", 0.0, 0.9, "Assenza, Brock and Hommes (2017); assumption", "response to the mood of others", "z_herd"
    )
    mood_crunch = parameter(0.5, "1", 0.0, 1.5, ASSUMPTION, "fall of sentiment in a full credit crunch")
    mood_noise = parameter(0.04, "1", 0.0, 0.15, ASSUMPTION, "randomness of sentiment", "z_noise")
    funding_news_limit = parameter(0.5, "1", 0.1, 1.0, ASSUMPTION, "largest surprise in funding that moods respond to")
    funding_memory = parameter(0.75, "1", 0.4, 0.95, ASSUMPTION, "memory of the trend in funding")


def value_firms(market: MarketModel) -> None:
    """Value shares, reckon managers' returns, move savers' money and moods; subclasses remember (P14)."""
    earnings = smoothed(of_borrowers(market, "earnings"), of_borrowers(market, "profit"), 1.0 - PROFIT_MEMORY)
    for firms, value in zip(market.borrowers, split_by_kind(market, earnings), strict=True):
        firms.commit(earnings=value)
    labs = market.labs
    own = labs.profit - labs.core_cash_flow + labs.other_capex
    labs.commit(margin=believed_margin(labs.margin, own, labs.revenue))
    for firms, value in zip(market.borrowers, values(market), strict=True):
        firms.commit(value=value, round_value=next_round(firms.round_value, value))
    returns = _returns(market)
    _move_savings(market, returns)
    _spread_moods(market, returns)
    learn(market)
    expect_tenants(market)
    for population in market.populations:
        population.commit(**population.remembered(market.signals))


def required_return(market: MarketModel, firms: Population[Any]) -> Floats:
    """Return the return on shares that owners require, 1/yr, shape (n, R): the rate on loans and a premium."""
    return firms.quoted_rate + market.parameters.equity_premium


def values(market: MarketModel) -> list[Floats]:
    """Return the value of each kind's shares, USD bn, shape (n, R) each; never below zero (limited liability).

    A lab is worth its discounted profits, and its owner's other business; another firm lasting profits or part of its
    plant where that is more. Cash comes on top and debts come off.
    """
    p, labs = market.parameters, market.labs
    required = required_return(market, labs)
    growth = np.maximum(labs.expected_revenue_growth, p.lowest_expected_growth)
    ahead = labs.active * sales_ahead(labs.revenue, growth, p)
    sales = believed_sales(ahead, labs.active * labs.powered_compute, p.believed_chance)
    business = discounted_profits(sales, labs.margin, required, p)
    other = YEAR * (labs.core_cash_flow - labs.other_capex) / spread(required, p.long_growth)
    owed = labs.all.debt + total(labs.vendor_finance, 1)
    worth = [positive(labs.active * (business + other + labs.cash - owed))]
    for firms in market.borrowers[1:]:
        lasting = YEAR * firms.earnings / spread(required_return(market, firms), p.long_growth)
        lasting = np.maximum(lasting, p.supplier_plant * firms.fixed_assets)
        worth.append(positive(lasting + firms.cash - firms.all.debt))
    return worth


def assets(market: MarketModel) -> Floats:
    """Return each manager's cash, loans and shares at market value, USD bn, shape (managers, R)."""
    loans = of_borrowers(market, "loans")[:, :-1]
    held = loans + of_borrowers(market, "equity_held") * of_borrowers(market, "value")[:, None]
    worth = market.managers.cash + total(held)
    return worth + total(market.vehicles.loans[:, :-1]) if len(market.vehicles) else worth


def normal_return(p: Any) -> Any:
    """Return the return that leaves savers and moods alone: what idle deposits earn and a hurdle, 1/quarter."""
    return QUARTER * p.risk_free_rate + p.hurdle_return


def _returns(market: MarketModel) -> Floats:
    """Return each manager's return on assets this quarter, net of savers' flows, shape (managers, R).

    What was paid out to savers was earned, too.
    """
    managers = market.managers
    paid = managers.distributed + managers.returned - managers.called
    return (assets(market) + paid - managers.assets) / np.maximum(managers.assets, TINY)


def _move_savings(market: MarketModel, returns: Floats) -> None:
    """Savers bring money to managers with good returns and moods, and take idle money back."""
    managers, p = market.managers, market.parameters
    worth = assets(market)
    wish = p.saving_drift + QUARTER * p.saving_yield * (mean_yield(market) - p.risk_free_rate)
    wish = wish + QUARTER * p.saving_return * (returns - normal_return(p))
    wish = clip(wish + p.saving_sentiment * managers.sentiment, p.fastest_withdrawal, p.fastest_saving)
    idle = positive(managers.cash / np.maximum(worth, TINY) - p.idle_limit)
    flow = worth * wish - p.idle_return * worth * idle
    flow = np.maximum(flow, -HALF * positive(managers.cash)) * managers.active
    market.ledger.transfer("savings", market.economy, managers, received=flow)
    managers.commit(assets=worth + flow, return_rate=returns, subscriptions=flow)


def _spread_moods(market: MarketModel, returns: Floats) -> None:
    """Sentiment has memory, noise, and responses to returns, to others and to news (Assenza, Brock, Hommes 2017)."""
    managers, economy, p = market.managers, market.economy, market.parameters
    surprise = economy.funding / np.maximum(economy.funding_trend, TINY) - 1.0
    others = mean_sentiment(market) + clip(surprise, -p.funding_news_limit, p.funding_news_limit)
    pull = p.mood_return * (returns - normal_return(p)) + p.mood_contagion * others
    chance = p.mood_noise * market.normal(Stream.SENTIMENT, len(managers))
    mood = p.mood_memory * managers.sentiment + (1.0 - p.mood_memory) * pull
    mood = np.tanh(mood + managers.news - p.mood_crunch * p.credit_crunch + chance)
    managers.commit(sentiment=mood * managers.active)
    economy.commit(funding_trend=smoothed(economy.funding_trend, economy.funding, 1.0 - p.funding_memory))
