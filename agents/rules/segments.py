"""Segments of the market for AI services: who could use them, what competition allows, and what a price index is."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from ..state.arrays import TINY, Floats, clip, positive, power, stacked, total
from .choice import FORBIDDEN
from .learning import LN_10

SEGMENTS: Final = ("consumer", "enterprise", "coding")
"""Consumer assistants; knowledge work of enterprises and through an interface; coding and agents (specification 2)."""

CODING: Final = SEGMENTS.index("coding")

LARGEST_GAIN = 5.0
"""OOM beyond the start's best model that still lengthen what one user asks for (specification 2, section 3)."""


def by_segment(terms: Any, name: str) -> Floats:
    """Return a parameter that every segment has, shape (segments, 1), or (segments, R) where replicates differ.

    Args:
        terms: what holds the parameters, a firm or the model's.
        name: the name without the segment's, as in price_weight.
    """
    return stacked([getattr(terms, f"{segment}_{name}") for segment in SEGMENTS])


def potential_use(lead: Floats, gained: Floats, ceiling: Any, threshold: Any, slope: Any, usage: Any) -> Floats:
    """Return demand at the reference price if everybody who could did, units a quarter, shape (segments, R).

    M = ceiling / (1 + exp(-slope (lead - threshold))) exp(usage clip(gained, 0, 5)): a logistic in capability as in
    GATE (2025), and longer tasks for those who use it already.

    Args:
        lead: the best model for a segment, OOM.
        gained: what it has gained since the start, OOM.
        ceiling: users that there are, units a quarter.
        threshold: capability at which half of them could use it, OOM.
        slope: steepness, 1/OOM.
        usage: growth of what one user asks for, nat an OOM.
    """
    reached = ceiling / (1.0 + np.exp(-slope * (lead - threshold)))
    return reached * np.exp(usage * clip(gained, 0.0, LARGEST_GAIN))


def routine_work(lead: Floats, threshold: Any, flagship: Any, distillation: Any) -> Floats:
    """Return what a unit takes of compute where routine work has moved to small models, of the flagship's.

    r = f + (1 - f) 10^(-d max(lead - threshold, 0)).

    Args:
        lead: the best model for a segment, OOM.
        threshold: capability from which small models do routine work, OOM.
        flagship: f, the part that always needs the best model.
        distillation: d, OOM of compute saved by an OOM of capability.
    """
    return flagship + (1.0 - flagship) * np.exp(-LN_10 * distillation * positive(lead - threshold))


def lerner_index(share: Floats, price_weight: Any, elasticity: Any, highest: Any) -> Floats:
    """Return the margin over price of a seller who sets it against its own elasticity: L = 1 / |e| (Lerner 1934).

    Its customers leave for others by the logit, and the segment by its elasticity: |e| = a (1 - s) + e s, exact for
    the price index below.

    Args:
        share: its share of the segment, s.
        price_weight: a, the weight of the price in customers' choice.
        elasticity: e, of the segment's demand.
        highest: the largest margin, however inelastic demand.
    """
    return clip(1.0 / (price_weight * (1.0 - share) + elasticity * share), 0.0, highest)


def clearing_price(price: Floats, use: Floats, target: Any, elasticity: Any) -> Floats:
    """Return the price at which demand becomes what can be served: p (u / u*)^(1/e).

    Args:
        price: the price so far.
        use: demand over capacity, u.
        target: u*, use at which nothing is short.
        elasticity: e, of the segment's demand.
    """
    return price * power(np.maximum(use / target, TINY), 1.0 / elasticity)


def index_of_prices(utility: Floats, offered: Floats, price_weight: Any) -> Floats:
    """Return the price index of a segment, up to a constant: P = (sum of exp(utility))^(-1/a), shape (segments, R).

    Utility holds -a ln p, so that P is a mean of prices weighted by quality and brand: the price at which one option
    alone would be as good as all together (Anderson, de Palma and Thisse 1992).

    Args:
        utility: of each option, shape (options, segments, R).
        offered: 1 where an option is on offer.
        price_weight: a.
    """
    there = utility + (1.0 - offered) * FORBIDDEN
    best = there.max(0)
    return np.exp(-(best + np.log(total(np.exp(there - best)))) / price_weight)


def grown_strength(strength: Floats, focus: Floats, growth: Floats, memory: Any, gain: Any) -> Floats:
    """Return labs' strength in segments after a quarter, OOM: S' = m S + gain (3 focus - 1) growth.

    Research that is spread evenly favours no segment.

    Args:
        strength: so far, shape (labs, segments, R).
        focus: parts of research, which add to one.
        growth: of algorithmic efficiency this quarter, nat, broadcast against them.
        memory: m, what is left of an edge after a quarter.
        gain: OOM a nat for whoever works for one segment alone, over two.
    """
    return memory * strength + gain * (len(SEGMENTS) * focus - 1.0) * growth
