"""What the rest of the world orders: by trend, price, mood, room in its halls and what is announced (P9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.rules.choice import logit
from ...agents.rules.ordering import not_put_off
from ...agents.state.arrays import TINY, Floats, clip, power, total
from .planning import mean_sentiment

if TYPE_CHECKING:
    from ..market_model import MarketModel

HALF = 0.5
LIFETIME_POWER = 1.25 * 16.0 * 2190.0 * 1e-6
"""16 quarters of power at a PUE of 1.25, USD thousand per kW and USD/MWh (specification P7)."""

OUTSIDE_LONGEST_WAIT = 10.0
"""Quarters of waiting beyond which no lead time is worse (specification P7)."""


def outside_orders(market: MarketModel) -> Floats:
    """Return what the rest of the world orders, M units by vendor, and let its demand grow on."""
    economy, vendors, p, signals = market.economy, market.vendors, market.parameters, market.signals
    index = economy.outside_demand
    growth = economy.outside_growth * p.outside_growth_memory
    economy.commit(outside_growth=growth, outside_demand=index * np.exp(growth))
    labs = market.labs
    halls_of = labs.all.power_per_compute(signals) * signals.new_hall_pue * labs.hall_price
    all_in = labs.all.landed_price(signals) + halls_of
    asked = np.where(total(labs.active) > 0.0, labs.active, 1.0)
    price = total(asked * all_in) / total(asked)
    halls = economy.outside_halls + (economy.outside_unconnected + total(economy.outside_building)) * HALF
    cover = clip(
        halls / np.maximum(p.outside_pue * p.outside_use * economy.outside_power, TINY), p.least_hall_cover, 1.0
    )
    mood = np.exp(p.outside_sentiment * mean_sentiment(market))
    wanted = (
        p.outside_orders
        * index
        * mood
        * power(np.maximum(price, TINY) / p.reference_compute_price, -p.outside_elasticity)
    )
    kept = not_put_off(signals.roadmap_quarters, signals.roadmap_performance, p.waiting, p.waiting_horizon)
    return _outside_mix(market) * kept * (wanted * cover * cover) / vendors.performance


def _outside_mix(market: MarketModel) -> Floats:
    """Return each vendor's part of the rest of the world's orders, by merit and lead time, shape (vendors, R)."""
    vendors, p, signals = market.vendors, market.parameters, market.signals
    lifetime = signals.chip_price + signals.chip_power * (LIFETIME_POWER * signals.power_price)
    merit = p.outside_merit * np.log(signals.chip_performance / lifetime)
    waiting = p.outside_impatience * np.minimum(vendors.lead_time, OUTSIDE_LONGEST_WAIT)
    return logit(merit - waiting + np.log(p.outside_preference), vendors.active * vendors.sells_openly)
