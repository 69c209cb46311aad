"""Entry of clouds: one that a scenario names, or that finds rents far above what compute costs (P0)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.state.arrays import Floats, anywhere, positive, ratio, total
from ...agents.state.quantity import ParameterGroup, parameter
from ..markets.planning import observe
from ..randomness import Stream

if TYPE_CHECKING:
    from ..market_model import MarketModel

ENOUGH = 1.3
"""Rent over user cost from which newcomers come (specification 2, section 1; assumption)."""


class CloudEntry(ParameterGroup):
    """When clouds enter, and what they start with."""

    group = "cloud_entry"

    cloud_entry_hazard = parameter(
        0.10,
        "1/quarter",
        0.0,
        0.3,
        "specification 2, section 6; assumption",
        "chance that a dormant cloud enters per unit of rent over user cost beyond 1.3",
    )
    cloud_entry_equity = parameter(
        5.0, "USD bn", 1.0, 20.0, "specification 2, section 6; assumption", "money that founders outside put in"
    )


def admit_clouds(market: MarketModel) -> None:
    """Let dormant clouds enter: those that the scenario names for this quarter, and others by chance."""
    clouds = market.clouds
    idle = (1.0 - clouds.active) * (1.0 - clouds.gone)
    new = idle * np.maximum(market.entering(clouds), _comes(market))
    clouds.commit(entered=new)
    if not anywhere(new):
        return
    equity = new * market.parameters.cloud_entry_equity
    market.ledger.transfer("equity_outside", market.economy, clouds, received=equity)
    rent = market.economy.market_rent * np.ones_like(clouds.rent_price)
    clouds.commit(
        active=clouds.active + new,
        value=clouds.value + equity,
        rent_price=np.where(new[:, None] > 0.0, rent, clouds.rent_price),
    )
    market.list_agents()


def _comes(market: MarketModel) -> Floats:
    """Return ones where chance would let a cloud enter, shape (clouds, R): h max(rent / user cost - 1.3, 0).

    Costs are those of the day, so that a run that was saved goes on as one that was not.
    """
    clouds, p = market.clouds, market.parameters
    if not (p.chance and anywhere(p.cloud_entry_hazard)):
        return np.zeros_like(clouds.active)
    rate = (clouds.quoted_rate + p.rental_hurdle)[:, None]
    cost = clouds.all.cost_of_new(rate, observe(market))[:, 0]
    mean = ratio(total(cost * clouds.own_compute), total(clouds.own_compute))
    chance = p.cloud_entry_hazard * positive(ratio(market.economy.market_rent, mean) - ENOUGH)
    return (market.uniform(Stream.CLOUD_ENTRY, len(clouds)) < chance) * 1.0
