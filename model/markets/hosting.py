"""Hosting: chips that a renting lab owns stand in halls of its landlords, who are paid for the room (P2, P6, P7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.firm import QUARTERS
from ...agents.state.arrays import Floats, positive, ratio, total

if TYPE_CHECKING:
    from ..market_model import MarketModel


def hosts(market: MarketModel) -> Floats:
    """Return each landlord's part of what a lab needs hosted, shape (clouds, labs, R).

    Where its compute is under contract, or by landlords' compute where it has none; nothing of labs that own what they
    run or are housed.
    """
    clouds, labs = market.clouds, market.labs
    let = clouds.all.let_to
    usual = clouds.active * clouds.own_compute
    parts = np.where(total(let) > 0.0, ratio(let, total(let)), ratio(usual, total(usual))[:, None])
    return parts * ((1.0 - labs.integrated) * (1.0 - labs.is_housed))


def share_halls(market: MarketModel) -> Floats:
    """Return the part of each owner's chips that have a hall, shape (owners, R), and count what is hosted."""
    labs, clouds = market.labs, market.clouds
    load = labs.fleet_power * labs.pue
    own = np.minimum(load, labs.halls)
    asked = hosts(market) * (load - own)
    needed = clouds.fleet_power * clouds.pue + total(asked, 1)
    part = np.minimum(1.0, ratio(clouds.halls, needed))
    hosted = asked * part[:, None]
    clouds.commit(hosted=hosted)
    powered = np.where(load > 0.0, ratio(own + total(hosted), load), 1.0)
    return np.concatenate([powered, np.where(needed > 0.0, part, 1.0)])


def pay_for_hosting(market: MarketModel) -> Floats:
    """Let labs pay landlords the user cost of the halls that their chips take; return it by lab, shape (labs, R)."""
    clouds, p = market.clouds, market.parameters
    price = market.signals.hall_cost * (1.0 / p.hall_life + clouds.quoted_rate / QUARTERS + p.plant_operating_cost)
    fee = clouds.hosted * price[:, None]
    market.ledger.transfer("hosting", market.labs, clouds, paid=total(fee), received=total(fee, 1))
    clouds.commit(hosting_income=total(fee, 1))
    market.labs.commit(hosting_fee=total(fee))
    return market.labs.hosting_fee


def expect_hosting(market: MarketModel) -> None:
    """Let landlords see the halls that tenants' own chips take, those on order included, GW (P7)."""
    labs, clouds = market.labs, market.clouds
    coming = total(labs.all.chips_coming * market.vendors.unit_power, 1)
    load = (labs.fleet_power + coming) * labs.pue
    there = labs.halls + labs.halls_unconnected + total(labs.halls_building, 1) + labs.halls_ordered
    clouds.commit(hosting=total(hosts(market) * positive(load - there), 1))
