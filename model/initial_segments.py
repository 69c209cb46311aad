"""The initial state of the market for AI services: prices, use, shares and brands by segment, and open models."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..agents.rules.segments import by_segment, index_of_prices, lerner_index
from ..agents.state.arrays import TINY, Floats, power, ratio, total
from ..agents.state.shown import shown
from .initial_fleets import put
from .markets.demand import leads, open_models_compute, open_models_price, potential_demand, routine_now, utilities
from .markets.services import markup

if TYPE_CHECKING:
    from .initial_state import Start
    from .market_model import MarketModel

LEAST_TARGET_SHARE = 0.002
"""Share that a lab without sales is taken to aim at when brands are reckoned (specification A2)."""

ROUNDS = 40
"""Rounds in which prices and shares at the start are made to fit one another: each leaves a third of what is left."""


@shown()
class Opening(NamedTuple):
    """Prices and shares that fit one another, shape (labs, segments, R) each.

    Attributes:
        price: what competition leaves on the rent of the compute that a unit takes, USD bn.
        sold: units sold for what was earned.
        share: of the segment's use, what open models have left out.
    """

    price: Floats
    sold: Floats
    share: Floats


def fill_segments(market: MarketModel, start: Start, rent: Floats) -> None:
    """Fill prices, units, shares and brands of labs, and adoption by segment.

    Args:
        market: the model.
        start: the stocks.
        rent: what compute is worth at the start, USD bn per M H100e and quarter.
    """
    labs, economy = market.labs, market.economy
    put(labs, focus=_by_segment(start, "research_focus"))
    put(economy, first_lead=leads(market))
    economy.commit(routine=routine_now(market, leads(market)))
    labs.commit(service_intensity=labs.all.compute_per_unit[:, None] * economy.routine)
    parts = _by_segment(start, "segment_sales")
    sales = labs.revenue[:, None] * ratio(parts, total(parts, 1)[:, None])
    found = _opening(market, sales, rent, start.array("economy", "open_models_share")[:, None])
    put(labs, price=found.price, sold=found.sold, demanded=found.sold, share=found.share, sales=sales)
    put(labs, market_share=ratio(labs.revenue, total(labs.revenue)), serving=labs.all.compute_asked)
    put(labs, markup=markup(labs.revenue, labs.serving * rent))
    put(economy, fringe_share=1.0 - total(labs.share), fringe_price=open_models_price(market))
    _fill_brands(market, start)
    _fill_adoption(market)


def _by_segment(start: Start, quantity: str) -> Floats:
    """Return a stock of labs by segment, shape (labs, segments, 1); one value holds for all."""
    value = start.array("ai_labs", quantity)
    return value[..., None]


def _opening(market: MarketModel, sales: Floats, rent: Floats, open_models: Floats) -> Opening:
    """Return prices and shares that fit one another: sales are observed, margins hang on shares, shares on prices.

    Args:
        market: the model.
        sales: by lab and segment, USD bn a quarter.
        rent: what compute is worth, USD bn per M H100e and quarter.
        open_models: their share by segment, shape (segments, 1).
    """
    labs, p = market.labs, market.parameters
    weight, elasticity = by_segment(p, "price_weight"), by_segment(p, "price_elasticity")
    share = ratio(sales, total(sales)) * (1.0 - open_models)
    for _ in range(ROUNDS):
        price = labs.service_intensity * rent / (1.0 - lerner_index(share, weight, elasticity, p.highest_lerner))
        sold = ratio(sales, price)
        share = ratio(sold, total(sold)) * (1.0 - open_models)
    return Opening(price, sold, share)


def _fill_brands(market: MarketModel, start: Start) -> None:
    """Fill the brand constants at which shares drift as observed, of labs and of open models.

    They are reckoned from their mean by share, so that brands that fade move no price index at first.
    """
    labs, economy, p = market.labs, market.economy, market.parameters
    drift = _by_segment(start, "segment_drift") / by_segment(p, "switching")
    aim = np.maximum(labs.share + drift, LEAST_TARGET_SHARE)
    aims = np.concatenate([aim, np.maximum(economy.fringe_share, LEAST_TARGET_SHARE)[None]])
    shares = np.concatenate([labs.share, economy.fringe_share[None]])
    brand = np.log(aims) - utilities(market)
    brand = brand - total(shares * brand)
    labs.commit(brand=brand[:-1] + 0.0)
    economy.commit(fringe_brand=brand[-1] + 0.0)


def _fill_adoption(market: MarketModel) -> None:
    """Fill the price index of each segment, its use at the reference price, and what open models take of compute."""
    labs, economy, p = market.labs, market.economy, market.parameters
    offered = np.concatenate([labs.active, np.ones((1, market.replicates))])[:, None]
    raw = p.reference_service_price * index_of_prices(utilities(market), offered, by_segment(p, "price_weight"))
    mean = total(labs.share * labs.price) + economy.fringe_share * economy.fringe_price
    units = ratio(total(labs.sold), total(labs.share))
    relative = mean / p.reference_service_price
    put(economy, price_index=mean, index_scale=mean / raw)
    put(economy, adoption=units * power(np.maximum(relative, TINY), by_segment(p, "price_elasticity")))
    put(economy, potential=potential_demand(market, leads(market)))
    use = open_models_compute(market)
    economy.commit(fringe_compute=use, first_fringe_compute=use + 0.0)
