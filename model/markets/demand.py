"""Demand for AI services by segment: who could use them, who does, which lab they choose, and open models (P5)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...agents.firm import ASSUMPTION
from ...agents.rules.choice import logit, sticky_shares
from ...agents.rules.learning import bass, frontier
from ...agents.rules.segments import CODING, SEGMENTS, by_segment, index_of_prices, potential_use, routine_work
from ...agents.segment_parameters import SegmentParameters
from ...agents.state.arrays import TINY, Floats, power, ratio, total
from ...agents.state.quantity import ParameterGroup, parameter
from ...agents.state.shown import shown
from ..randomness import Stream

if TYPE_CHECKING:
    from ..market_model import MarketModel

GROWTH = "fitted to the growth of 2025-26 (specification); assumption"


class ServiceMarket(ParameterGroup):
    """How customers take up AI services."""

    group = "services"

    innovation = parameter(0.02, "1/quarter", 0.005, 0.05, GROWTH, "adoption that needs no example", "bp")
    imitation = parameter(0.42, "1/quarter", 0.2, 0.55, GROWTH, "adoption that follows others", "bq")
    enterprise_priority = parameter(
        2.0,
        "1",
        1.0,
        4.0,
        "specification 2, section 3; " + ASSUMPTION,
        "how much sooner than consumers enterprises and coders are served where compute is short",
    )


@shown()
class Takeoff(NamedTuple):
    """What decides who could use AI services in a segment, shape (segments, 1) or (segments, R) each."""

    ceiling: Floats
    threshold: Floats
    slope: Floats
    usage: Floats


DRAWN = (
    SegmentParameters.coding_ceiling,
    SegmentParameters.coding_threshold,
    SegmentParameters.coding_slope,
    SegmentParameters.coding_usage,
)
"""What is drawn of coding and agents where its takeoff is uncertain, in the order of the fields of `Takeoff`."""


def takeoff(market: MarketModel) -> Takeoff:
    """Return when each segment takes off, how far and how fast; of coding as it is drawn, where it is uncertain.

    A draw hangs on the seed and the number of the replicate alone, so that twins share it: ceilings log-uniform, the
    others uniform over their ranges (specification 2, section 3).
    """
    p = market.parameters
    given = Takeoff(*(by_segment(p, name) for name in Takeoff._fields))
    if not p.takeoff_uncertain:
        return given
    chance = market.drawn_once(Stream.TAKEOFF, len(DRAWN))
    low, high = (np.array([[getattr(item, end)] for item in DRAWN]) for end in ("low", "high"))
    drawn = low + chance * (high - low)
    drawn[0] = low[0] * power(high[0] / low[0], chance[0])
    return Takeoff(*(_with_coding(values, own) for values, own in zip(given, drawn, strict=True)))


def _with_coding(values: Floats, coding: Floats) -> Floats:
    """Return values by segment with another one for coding, shape (segments, R)."""
    whole = np.broadcast_to(values, (len(SEGMENTS), coding.shape[-1])).copy()
    whole[CODING] = coding
    return whole


def leads(market: MarketModel) -> Floats:
    """Return the best model on sale for each segment, OOM, shape (segments, R)."""
    labs = market.labs
    return frontier(labs.capability[:, None] + labs.strength, labs.active[:, None])


def potential_demand(market: MarketModel, lead: Floats) -> Floats:
    """Return demand at the reference price if everybody who could did, units a quarter, shape (segments, R).

    Args:
        market: the model.
        lead: the best model for each segment, OOM, shape (segments, R) or (R,).
    """
    terms = takeoff(market)
    reached = potential_use(lead, lead - market.economy.first_lead, *terms)
    return reached * market.parameters.demand_available


def routine_now(market: MarketModel, lead: Floats) -> Floats:
    """Return the compute that a unit takes by segment, of the flagship's, shape (segments, R)."""
    p = market.parameters
    return routine_work(lead, takeoff(market).threshold, by_segment(p, "flagship"), p.distillation)


def adopt(market: MarketModel) -> None:
    """Let customers take up what better models can do for them (Bass 1969), and routine work move to small ones."""
    economy, p, lead = market.economy, market.parameters, leads(market)
    potential = potential_demand(market, lead)
    adoption = bass(economy.adoption, potential, p.innovation, p.imitation)
    economy.commit(
        adoption=adoption,
        adoption_growth=np.log(np.maximum(adoption, TINY) / np.maximum(economy.adoption, TINY)),
        potential=potential,
        routine=routine_now(market, lead),
    )


def open_models_price(market: MarketModel) -> Floats:
    """Return what a unit of open models costs, USD bn, shape (segments, R): the compute it takes, at what hosts pay.

    Their algorithms are the best that are known. Hosts rent for a year as enterprises do, so that what they pay moves
    with the mean price of what is let and not with the last quarter's.
    """
    clouds, lets = market.clouds, total(market.clouds.short_let)
    paid = np.where(lets > 0.0, ratio(total(clouds.short_let_value), lets), market.economy.spot_price)
    return _least_compute(market) * paid


def _least_compute(market: MarketModel) -> Floats:
    """Return the least compute that a unit takes at a lab in business, M H100e, shape (segments, R)."""
    labs = market.labs
    there = np.where(total(labs.active) > 0.0, labs.active, 1.0)
    return np.where(there[:, None] > 0.0, labs.service_intensity, np.inf).min(0)


def choose_labs(market: MarketModel) -> None:
    """Let part of each segment's customers choose again among labs and open models: u = beta gap - alpha ln p + xi.

    Brands fade; prices and quality together make the price index of the segment.
    """
    labs, economy, p = market.labs, market.economy, market.parameters
    utility, weight = utilities(market), by_segment(p, "price_weight")
    offered = np.concatenate([labs.active, np.ones((1, market.replicates))])[:, None]
    stay = np.concatenate([labs.share * labs.active[:, None], economy.fringe_share[None]])
    share = sticky_shares(stay, logit(utility, offered), by_segment(p, "switching"))
    economy.commit(
        fringe_share=share[-1] + 0.0,
        fringe_brand=economy.fringe_brand * p.brand_memory,
        price_index=economy.index_scale * p.reference_service_price * index_of_prices(utility, offered, weight),
    )
    labs.commit(share=share[:-1] + 0.0, brand=labs.brand * p.brand_memory)


def utilities(market: MarketModel) -> Floats:
    """Return what each option is worth to customers by segment, labs first and open models last, (labs + 1, 3, R)."""
    labs, economy, p = market.labs, market.economy, market.parameters
    gap = labs.capability[:, None] + labs.strength - leads(market)
    gaps = np.concatenate([gap, np.broadcast_to(-p.fringe_lag, (1, *gap.shape[1:]))])
    price = np.concatenate([labs.price, economy.fringe_price[None]]) / p.reference_service_price
    brand = np.concatenate([labs.brand, economy.fringe_brand[None]])
    return by_segment(p, "capability_weight") * gaps - by_segment(p, "price_weight") * np.log(price) + brand


def use_by_segment(market: MarketModel) -> Floats:
    """Return what customers ask for in each segment, of labs and open models, units a quarter, shape (segments, R)."""
    economy, p = market.economy, market.parameters
    relative = economy.price_index / p.reference_service_price
    return economy.adoption * power(relative, -by_segment(p, "price_elasticity"))


def open_models_compute(market: MarketModel) -> Floats:
    """Return the compute that use of open models takes, M H100e, shape (R,)."""
    return total(market.economy.fringe_share * use_by_segment(market) * _least_compute(market))
