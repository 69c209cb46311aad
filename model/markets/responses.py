"""Responses: rivals answer what others announce, owners keep up as far as money and their means let them (P7)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.equipment_supplier import HALL_SECTORS
from ...agents.rules.matching import answer, news_of, of_others, overlap
from ...agents.state.arrays import Floats, positive, ratio, total
from ...agents.state.population import Population
from ..deals.earmarks import RESEARCH

if TYPE_CHECKING:
    from ..market_model import MarketModel


def open_announcements(market: MarketModel) -> None:
    """Let announcements open at what is signed and on order, and be expected to grow as demand is."""
    labs, clouds, signals = market.labs, market.clouds, market.signals
    labs.commit(
        announced=total(labs.all.owed, 1) + labs.all.backlog_compute(signals),
        announced_growth=labs.expected_revenue_growth + 0.0,
    )
    growth = np.broadcast_to(market.economy.rental_growth, clouds.cash.shape)
    clouds.commit(announced=clouds.all.backlog_compute(signals), announced_growth=growth + 0.0)


def answer_rivals(market: MarketModel) -> None:
    """Let everybody see what is announced, owners' means among it, and answer what is news in it (P7)."""
    labs, clouds, signals = market.labs, market.clouds, market.signals
    by_labs, by_clouds = promised = [promised_compute(market, firms) for firms in market.owners]
    _show_owners(market)
    announced = total(labs.all.owed, 1) + labs.all.backlog_compute(signals) + by_labs
    _answer(market, labs, announced, overlap(labs.share))
    alike = np.ones((len(clouds), len(clouds), 1))
    _answer(market, clouds, clouds.all.backlog_compute(signals) + by_clouds, alike)
    _show_suppliers(market, promised)
    announced = np.concatenate([labs.announced, clouds.announced])
    market.signals = replace(signals, announced_compute=announced)


def _show_suppliers(market: MarketModel, promised: list[Floats]) -> None:
    """Let vendors and hall builders count what deals are believed to buy, M H100e, by labs and clouds, (n, R) each."""
    vendors, signals = market.vendors, market.signals
    chips, power = np.zeros_like(vendors.performance), np.zeros(market.replicates)
    for firms, compute in zip(market.owners, promised, strict=True):
        chips = chips + total(firms.vendor_mix * compute[:, None])
        power = power + total(compute * firms.all.power_per_compute(signals))
    vendors.commit(announced_orders=ratio(chips, vendors.performance))
    market.equipment.commit(announced_load=_load(market, power * signals.new_hall_pue))


def _load(market: MarketModel, halls: Floats) -> Floats:
    """Return what halls of some power take of each sector, GW, shape (sectors, R): nothing of cluster builders."""
    load = np.zeros_like(market.equipment.capacity)
    load[HALL_SECTORS] = market.signals.hall_contents * halls
    return load


def promised_compute(market: MarketModel, firms: Population[Any]) -> Floats:
    """Return the compute that deals not yet drawn are believed to buy labs or clouds, M H100e, shape (n, R).

    Money bound to research buys none; what vehicles have ordered with it is among orders already. Who has left the
    market draws no more.
    """
    facilities, signals = market.facilities, market.signals
    if not len(facilities) or not facilities.to.any_of(firms):
        return np.zeros_like(firms.cash)
    begun = facilities.age >= 0.0
    lease = facilities.is_a["lease"]
    paid_in_cash = (facilities.is_a["loan"] + facilities.is_a["equity"]) * (1.0 - facilities.earmark[:, RESEARCH])
    left = facilities.to.on(firms, facilities.undrawn * begun * paid_in_cash)
    if len(market.vehicles):
        vehicles = market.vehicles
        whole = facilities.on_vehicles(facilities.commitment * begun * lease)
        left = left + market.leases.to.on(firms, positive(whole - vehicles.ordered) * vehicles.active)
    per_compute = firms.all.landed_price(signals)
    per_compute = per_compute + firms.all.power_per_compute(signals) * signals.new_hall_pue * firms.hall_price
    return firms.active * market.parameters.credibility * ratio(left, per_compute)


def _show_owners(market: MarketModel) -> None:
    """Let labs see at what rate those who pay for them borrow, and what their other business earns."""
    labs, clouds = market.labs, market.clouds
    houses = market.houses
    parent_rate = total(houses * clouds.quoted_rate[:, None])
    parent_core = total(houses * clouds.core_cash_flow[:, None])
    labs.commit(
        owner_rate=np.where(labs.is_housed > 0.0, parent_rate, labs.quoted_rate),
        owner_cash_flow=np.where(labs.is_housed > 0.0, parent_core, labs.core_cash_flow),
    )


def _answer(market: MarketModel, firms: Population[Any], announced: Floats, alike: Floats) -> None:
    """Let owners of a kind answer what is news in others' announcements, M H100e, shape (n, R)."""
    size = firms.all.compute_at_hand if firms is market.labs else firms.all.compute
    growth = news_of(announced, firms.announced)
    surprise = growth - firms.announced_growth
    weights = alike * of_others(announced * firms.active)
    matched = firms.active * answer(market.parameters.match * size, weights, surprise)
    firms.commit(
        announced=announced,
        announced_growth=firms.announced_growth + market.parameters.announcement_memory * surprise,
        matched=matched,
    )
