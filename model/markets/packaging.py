"""Packaging: wafers are one resource for all vendors, shared by orders paid in advance, and grow as vendors ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.rules.building import advanced, started
from ...agents.rules.expectations import adapted
from ...agents.state.arrays import TINY, Floats, power, ratio, total
from ...agents.state.quantity import ParameterGroup, parameter

if TYPE_CHECKING:
    from ..market_model import MarketModel


LEAST_MARGIN = 0.01
"""Margin at which vendors bid that sell below cost: a part of the price, so that money stays a veil (assumption)."""

SMALLEST_ORDER = 1e-6
"""Thousand wafers: less on order is none, so that what rounding leaves is no news."""


class Packaging(ParameterGroup):
    """How packaging is shared among vendors."""

    group = "packaging"

    wafer_bid = parameter(
        0.5,
        "1",
        0.0,
        2.0,
        "specification 2, section 5; assumption",
        "how strongly wafers go to the vendor that earns more on one",
    )
    order_news_weight = parameter(
        0.25, "1", 0.05, 0.6, "as labs' news_weight; assumption", "weight of the last quarter in vendors' expectations"
    )


def receive_wafers(market: MarketModel) -> None:
    """Take packaging that is due into use (P0)."""
    economy = market.economy
    due, building = advanced(economy.wafers_building[None])
    economy.commit(wafers=economy.wafers + due[0], wafers_building=building[0])


def open_packaging(market: MarketModel) -> None:
    """Fill the parts of packaging that vendors have booked: what their sales at the start took."""
    vendors = market.vendors
    used = vendors.capacity * vendors.wafers_per_unit
    vendors.commit(wafer_share=ratio(used, total(used)), first_margin=vendors.all.gross_margin)


def claimed_share(market: MarketModel) -> Floats:
    """Return the part of wafers that each vendor claims: by those of prepaid orders and by what a wafer earns it.

    Orders count in wafers: what they are worth is for the bid to weigh, or money would outbid twice.
    """
    vendors, p = market.vendors, market.parameters
    earns = vendors.price * np.maximum(vendors.all.gross_margin, LEAST_MARGIN)
    on_a_wafer = np.maximum(earns, TINY) / np.maximum(vendors.wafers_per_unit, TINY)
    paid = total(vendors.backlog * ratio(vendors.prepaid, vendors.order_value), 1) * vendors.wafers_per_unit
    claims = vendors.active * paid * power(on_a_wafer, p.wafer_bid)
    whole = total(claims)
    return np.where(whole > 0.0, ratio(claims, whole), vendors.wafer_share)


def allot_wafers(market: MarketModel) -> Floats:
    """Book wafers for vendors anew and return the units that they can package, M units, shape (vendors, R) (P10).

    Wafers are booked as long ahead as it takes to build packaging, so that a part of all bookings is made anew in a
    quarter. What a vendor has booked and does not use stands idle.
    """
    vendors, economy, p = market.vendors, market.economy, market.parameters
    share = vendors.wafer_share + (claimed_share(market) - vendors.wafer_share) / p.capacity_lead_time
    share = ratio(vendors.active * share, total(vendors.active * share))
    capacity = share * economy.wafers / np.maximum(vendors.wafers_per_unit, TINY)
    vendors.commit(wafer_share=share, capacity=capacity)
    return vendors.active * np.minimum(vendors.all.available_capacity, total(vendors.backlog, 1))


def expect_orders(market: MarketModel, units: Floats) -> None:
    """Let vendors learn how the wafers grow that orders take, M units ordered this quarter, shape (vendors, R) (P9)."""
    vendors, p = market.vendors, market.parameters
    ordered = units * vendors.wafers_per_unit
    growth = adapted(vendors.order_growth, ordered, vendors.wafers_ordered, p.order_news_weight)
    known = (vendors.wafers_ordered > SMALLEST_ORDER) & (ordered > SMALLEST_ORDER)
    vendors.commit(wafers_ordered=ordered, order_growth=np.where(known, growth, vendors.order_growth))


def build_packaging(market: MarketModel) -> None:
    """Start the packaging that vendors ask for; foundries outside pay for it (P12)."""
    economy, p = market.economy, market.parameters
    begun = total(market.vendors.planned_capacity)[None]
    lead = p.capacity_lead_time - 1
    economy.commit(wafers_building=started(economy.wafers_building[None], begun, lead)[0])
