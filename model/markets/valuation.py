"""Valuation: shares are valued, managers' returns attract savers, moods spread (P14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.firm import ASSUMPTION
from ...agents.rules.expectations import smoothed
from ...agents.rules.limits import near, smooth_cap
from ...agents.state.arrays import TINY, Floats, clip, positive, total
from ...agents.state.quantity import ParameterGroup, parameter
from ..accounting.borrowers import of_borrowers, split_by_kind
from ..dates import YEAR
from ..randomness import Stream
from .letting import expect_tenants
from .limits import note_limits
from .planning import mean_sentiment

if TYPE_CHECKING:
    from ..market_model import MarketModel

PROFIT_MEMORY = 0.6
"""Memory of smoothed earnings (specification P14; assumption)."""

QUARTER = 0.25
HALF = 0.5


class Valuation(ParameterGroup):
    """Multiples, savers and moods."""

    group = "valuation"

    base_multiple = parameter(6.0, "1", 3.0, 12.0, ASSUMPTION, "value of a lab over yearly revenue without growth")
    growth_multiple = parameter(90.0, "quarters", 30.0, 150.0, ASSUMPTION, "rise of that multiple with growth")
    lowest_multiple = parameter(3.0, "1", 1.0, 6.0, ASSUMPTION, "lowest multiple of revenue")
    highest_multiple = parameter(22.0, "1", 12.0, 40.0, ASSUMPTION, "highest multiple of revenue")
    lab_sentiment = parameter(0.6, "1", 0.0, 1.5, ASSUMPTION, "response of labs' values to sentiment")
    cash_weight = parameter(0.8, "1", 0.5, 1.0, ASSUMPTION, "value of a lab's cash")
    plant_weight = parameter(0.3, "1", 0.0, 0.8, ASSUMPTION, "value of a lab's plant, of book value")
    debt_weight = parameter(0.5, "1", 0.2, 1.0, ASSUMPTION, "charge for a lab's debt")
    earnings_multiple = parameter(56.0, "quarters", 30.0, 90.0, ASSUMPTION, "value of a supplier over quarterly profit")
    supplier_sentiment = parameter(0.3, "1", 0.0, 1.0, ASSUMPTION, "response of suppliers' values to sentiment")
    supplier_plant = parameter(0.8, "1", 0.3, 1.2, ASSUMPTION, "least value of a supplier, of plant")
    hurdle_return = parameter(
        0.005,
        "1/quarter",
        0.0,
        0.01,
        "second specification; assumption",
        "return over idle deposits' that leaves savers and moods alone",
    )
    saving_drift = parameter(0.015, "1/quarter", 0.0, 0.04, ASSUMPTION, "net new money from savers, of assets", "lp0")
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
    for firms, value in zip(market.borrowers, values(market), strict=True):
        firms.commit(value=value)
    multiple, p = sales_multiple(market), market.parameters
    note_limits(market, {"multiple": np.maximum(near(multiple, p.lowest_multiple), near(multiple, p.highest_multiple))})
    returns = _returns(market)
    _move_savings(market, returns)
    _spread_moods(market, returns)
    expect_tenants(market)
    for population in market.populations:
        population.commit(**population.remembered(market.signals))


def sales_multiple(market: MarketModel) -> Floats:
    """Return what owners pay for a unit of each lab's yearly sales, shape (labs, R).

    What they pay for growth beside the base has a limit that bends, so that more growth always counts; decline comes
    off in full, down to the lowest multiple.
    """
    p, growth = market.parameters, market.labs.expected_revenue_growth
    growth = np.maximum(growth, p.lowest_expected_growth)
    premium = smooth_cap(p.growth_multiple * positive(growth), p.highest_multiple - p.base_multiple)
    return np.maximum(p.base_multiple + premium - p.growth_multiple * positive(-growth), p.lowest_multiple)


def values(market: MarketModel) -> list[Floats]:
    """Return the value of each kind's shares, USD bn, shape (n, R) each; never below zero (limited liability)."""
    p, labs, mood = market.parameters, market.labs, mean_sentiment(market)
    sales = YEAR * labs.revenue * sales_multiple(market) * np.exp(p.lab_sentiment * mood)
    assets = p.cash_weight * positive(labs.cash) + p.plant_weight * labs.fixed_assets
    worth = [positive(labs.active * (sales + assets) - p.debt_weight * labs.all.debt)]
    for firms in market.borrowers[1:]:
        profits = p.earnings_multiple * firms.earnings * np.exp(p.supplier_sentiment * mood)
        worth.append(positive(np.maximum(profits, p.supplier_plant * firms.fixed_assets + firms.cash)))
    return worth


def assets(market: MarketModel) -> Floats:
    """Return each manager's cash, loans and shares at market value, USD bn, shape (managers, R)."""
    held = of_borrowers(market, "loans") + of_borrowers(market, "equity_held") * of_borrowers(market, "value")[:, None]
    worth = market.managers.cash + total(held)
    return worth + total(market.vehicles.loans) if len(market.vehicles) else worth


def normal_return(p: Any) -> Any:
    """Return the return that leaves savers and moods alone: what idle deposits earn and a hurdle, 1/quarter."""
    return QUARTER * p.risk_free_rate + p.hurdle_return


def _returns(market: MarketModel) -> Floats:
    """Return each manager's return on assets this quarter, net of savers' flows, shape (managers, R)."""
    managers = market.managers
    return (assets(market) - managers.called - managers.assets) / np.maximum(managers.assets, TINY)


def _move_savings(market: MarketModel, returns: Floats) -> None:
    """Savers bring money to managers with good returns and moods, and take idle money back."""
    managers, p = market.managers, market.parameters
    worth = assets(market)
    wish = p.saving_drift + QUARTER * p.saving_return * (returns - normal_return(p))
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
