"""The market for compute: contracts fall due and end, capacity is let, enterprises rent what is left (P3a)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...agents.cloud import GW_QUARTER
from ...agents.fleet_owner import ONE_CHIP
from ...agents.rules.expectations import smoothed
from ...agents.rules.rationing import ration
from ...agents.rules.renting import SUBLET_PRICE, USD_PER_HOUR, of_all_quarters, spot_price
from ...agents.state.arrays import TINY, Floats, clip, positive, power, ratio, total
from ...agents.state.quantity import ParameterGroup, parameter
from ...agents.state.shown import shown

if TYPE_CHECKING:
    from ..market_model import MarketModel

KEPT = 0.75
"""Part of short lets that runs on: they are let for a year (specification 2, section 2; assumption)."""

LARGEST_NEWS = 0.5
"""Growth of tenancies beyond which no news counts (specification 2, section 1; assumption)."""

RENTS = "specification 2, section 2; assumption"


class ComputeRental(ParameterGroup):
    """How compute is let: under take-or-pay contracts, and for a year or less at a spot price."""

    group = "rental"

    contract_term = parameter(
        20,
        "quarters",
        12,
        28,
        "CoreWeave's contracts of 4-6 years (compute_contracts.csv)",
        "length of a contract",
        structural=True,
    )
    ramp = parameter(
        3.0, "quarters", 2.0, 6.0, "built to suit in 3-5 quarters; assumption", "time in which what is signed falls due"
    )
    margin_weight = parameter(2.0, "1", 0.0, 5.0, RENTS, "by how much dear contracts are served before enterprises")
    let_elasticity = parameter(0.8, "1", 0.5, 1.5, RENTS, "fall of what enterprises rent with its price")
    satiation = parameter(
        2.0,
        "1",
        1.3,
        4.0,
        RENTS,
        "most that enterprises rent, of what they ask at the one-year price; reached where rents collapse",
    )
    spot_cap = parameter(3.0, "1", 2.0, 5.0, RENTS, "highest spot price, of the one-year price")
    reference_let_price = parameter(
        2.2 * USD_PER_HOUR,
        "USD bn/M H100e",
        1.0 * USD_PER_HOUR,
        4.0 * USD_PER_HOUR,
        "definition: a one-year contract at the end of 2024, 2.2 USD per H100e-hour (rental_prices.csv)",
        "rent a quarter at which rental demand is counted",
    )
    rental_demand_growth = parameter(
        0.25,
        "1/quarter",
        0.05,
        0.4,
        "specification 2, section 6; assumption",
        "growth of rental demand at the end of 2025",
        opening=True,
    )
    in_house_demand_growth = parameter(
        0.22,
        "1/quarter",
        0.05,
        0.4,
        "specification 2, section 6; assumption",
        "growth of owners' other products at the end of 2025",
        opening=True,
    )
    growth_memory = parameter(0.95, "1", 0.85, 0.99, "specification 2, section 1; assumption", "memory of both growths")
    rent_advance = parameter(
        0.10,
        "1",
        0.0,
        0.3,
        "20 % at IREN (compute_contracts.csv); assumption",
        "part of a year's rent paid when signing",
    )
    advance_quarters = parameter(8.0, "quarters", 4.0, 12.0, RENTS, "time over which advances are set off against rent")
    contract_cover = parameter(
        0.8, "1", 0.5, 1.5, RENTS, "remaining contracts over debt below which a landlord breaks its covenant"
    )


@shown()
class Lets(NamedTuple):
    """One quarter of contracts, for the checks: compute and rent by cloud and lab, shape (clouds, labs, R) each."""

    let: Floats
    let_value: Floats
    ended: Floats
    ended_value: Floats
    owed: Floats
    owed_value: Floats
    delivered: Floats
    delivered_value: Floats
    signed: Floats
    signed_value: Floats
    void: Floats


@shown()
class Deliveries(NamedTuple):
    """What is handed over to tenants: compute and its rent, shape (clouds, labs, R) each."""

    compute: Floats
    value: Floats


def let_capacity(market: MarketModel) -> None:
    """Serve contracts first, then own products and labs, then new contracts and enterprises by margin (P3a)."""
    clouds = market.clouds
    contracts, value = _elapsed(clouds.contracts), _elapsed(clouds.contract_value)
    running, let = clouds.own_compute, total(contracts, 2)
    abate = np.minimum(1.0, ratio(running, total(let, 1)))
    free = positive(running - abate * total(let, 1))
    in_house, housed = _own_use(market, free)
    free = positive(free - in_house - total(housed, 1))
    new = _delivered(market, free)
    served = let * abate[:, None] + new.compute
    _let_the_rest(market, positive(free - total(new.compute, 1)), _offered_by_tenants(market, served))
    part = 1.0 - ratio(new.compute, clouds.owed)
    market.clearings["lets"] = nothing_let(market)._replace(
        ended=clouds.contracts[:, :, 0],
        ended_value=clouds.contract_value[:, :, 0],
        delivered=new.compute,
        delivered_value=new.value,
    )
    clouds.commit(
        contracts=np.concatenate([contracts, new.compute[:, :, None]], axis=2),
        contract_value=np.concatenate([value, new.value[:, :, None]], axis=2),
        owed=clouds.owed * part,
        owed_value=clouds.owed_value * part,
        served=served,
        rent_due=total(value, 2) * abate[:, None] + new.value,
        in_house=in_house,
        housed=housed,
    )
    _show_tenants(market)


def nothing_let(market: MarketModel) -> Lets:
    """Return a quarter in which contracts stay as they are."""
    clouds = market.clouds
    nothing = np.zeros_like(clouds.owed)
    return Lets(
        let=clouds.all.let_to,
        let_value=clouds.kept("contract_value", of_all_quarters),
        ended=nothing,
        ended_value=nothing,
        owed=clouds.owed,
        owed_value=clouds.owed_value,
        delivered=nothing,
        delivered_value=nothing,
        signed=nothing,
        signed_value=nothing,
        void=np.zeros_like(market.labs.cash),
    )


def _elapsed(cohorts: Floats) -> Floats:
    """Return contracts one quarter on, those that have ended left out: the last place is free for new ones."""
    return cohorts[:, :, 1:]


def _own_use(market: MarketModel, free: Floats) -> tuple[Floats, Floats]:
    """Return what own products and the own lab use, shape (clouds, R) and (clouds, labs, R)."""
    clouds, economy = market.clouds, market.economy
    in_house = np.minimum(clouds.in_house * np.exp(economy.in_house_growth), free)
    wish = clouds.housed_wish
    part = np.minimum(1.0, ratio(free - in_house, total(wish, 1)))
    return in_house, wish * part[:, None]


def lets_asked(market: MarketModel) -> Floats:
    """Return what enterprises ask of each landlord at the one-year price, M H100e, shape (clouds, R)."""
    clouds = market.clouds
    return demand_for_lets(market) * ratio(clouds.own_compute, total(clouds.own_compute))


def demand_for_lets(market: MarketModel) -> Floats:
    """Return what enterprises ask for at the one-year price, M H100e, shape (R,): a scenario may give it a factor.

    Open models run on compute that is let, too: what their use has grown by since the start comes on top.
    """
    economy, p = market.economy, market.parameters
    price = economy.market_rent * p.small_premium
    demand = positive(economy.rental_demand + economy.fringe_compute - economy.first_fringe_compute)
    demand = demand * power(price / p.reference_let_price, -p.let_elasticity)
    return demand * np.where(market.quarter >= p.rental_demand_from, p.rental_demand_available, 1.0)


def _delivered(market: MarketModel, free: Floats) -> Deliveries:
    """Return what is handed over of what has fallen due: by margin over spot, and all that nobody else wants.

    Tenants are served in proportion to what is due to each and to its weight: of two that are alike together each gets
    half of what one alone would.
    """
    clouds, p = market.clouds, market.parameters
    kept = np.minimum(KEPT * clouds.short_let, free)
    new, asked = free - kept, positive(lets_asked(market) - kept)
    due = clouds.owed / p.ramp
    price = ratio(clouds.owed_value, clouds.owed)
    spot = market.economy.spot_price / p.small_premium
    weight = power(np.maximum(price / spot, TINY), p.margin_weight)
    claim = weight * due
    pull = total(claim, 1)
    offered = np.maximum(new * ratio(pull, pull + asked), positive(new - asked))
    offered = np.where(offered > ONE_CHIP, np.minimum(total(due, 1), offered), 0.0)
    given = ration(due.swapaxes(0, 1), offered, claim.swapaxes(0, 1)).swapaxes(0, 1)
    return Deliveries(given, given * price)


def _offered_by_tenants(market: MarketModel, served: Floats) -> Floats:
    """Return what labs offer of the compute that landlords serve them, shape (clouds, labs, R), M H100e, (labs, R)."""
    return market.labs.decide("sublet_compute", market.signals) * total(served)


def _let_the_rest(market: MarketModel, free: Floats, offered: Floats) -> None:
    """Let enterprises rent what is left at the spot price, USD bn per M H100e and quarter; the rest stands idle.

    Args:
        market: the model.
        free: what landlords have left, M H100e, shape (clouds, R).
        offered: what tenants offer of what they rent, M H100e, shape (labs, R); what nobody takes they use themselves.
    """
    clouds, labs, economy, p = market.clouds, market.labs, market.economy, market.parameters
    kept, there = KEPT * clouds.short_let, total(free) + total(offered)
    reference = economy.market_rent * p.small_premium
    demand = demand_for_lets(market)
    cost = running_cost(market)
    spot = spot_price(np.maximum(ratio(demand, there), TINY), reference, cost, p)
    asked = demand * power(spot / reference, -p.let_elasticity)
    lets = np.minimum(np.minimum(there, p.satiation * demand), asked)
    short_let = lets * ratio(free, there)
    old = clouds.short_let_value * ratio(np.minimum(kept, short_let), clouds.short_let)
    clouds.commit(
        short_let=short_let, short_let_value=old + spot * positive(short_let - kept), idle=positive(free - short_let)
    )
    sublet = lets * ratio(offered, there)
    labs.commit(sublet=sublet, sublet_income=SUBLET_PRICE * spot * sublet)
    economy.commit(spot_price=spot, running_cost=cost)


def running_cost(market: MarketModel) -> Floats:
    """Return what a quarter of clouds' compute costs in power and operations, USD bn per M H100e, shape (R,).

    Operations are a part of what chips and halls cost today, as in the user cost of new capacity.
    """
    clouds, economy, p = market.clouds, market.economy, market.parameters
    drawn = ratio(total(clouds.fleet_power * clouds.pue), total(clouds.all.compute))
    plant = market.signals.rented_landed_price + drawn * market.signals.hall_cost
    return drawn * economy.power_price * GW_QUARTER + p.plant_operating_cost * plant


def _show_tenants(market: MarketModel) -> None:
    """Let labs run what landlords serve them and they do not let on, beside what they own and their owner leaves them.

    A treatment may let a lab get more out of each chip that runs for it, whoever owns it.
    """
    labs, clouds, p = market.labs, market.clouds, market.parameters
    rented, housed = total(clouds.served), total(clouds.housed)
    in_house = np.minimum(labs.in_house * np.exp(market.economy.in_house_growth), labs.own_compute)
    labs.commit(
        rented=rented,
        housed=housed,
        in_house=in_house,
        powered_compute=p.compute_wedge * (labs.own_compute - in_house + rented - labs.sublet + housed),
        rent_bill=total(clouds.rent_due),
    )


def expect_tenants(market: MarketModel) -> None:
    """Let clouds learn how fast tenancies grow, and demand that nobody plans grow on (P14)."""
    clouds, economy, p = market.clouds, market.economy, market.parameters
    now = clouds.all.let + clouds.all.promised
    growth = np.log(np.maximum(now, TINY) / np.maximum(clouds.tenancies, TINY))
    trend = smoothed(clouds.tenancy_trend, clip(growth, -LARGEST_NEWS, LARGEST_NEWS), p.cloud_news_weight)
    clouds.commit(
        tenancies=now, tenancy_trend=np.where((now > TINY) & (clouds.tenancies > TINY), trend, clouds.tenancy_trend)
    )
    economy.commit(
        rental_demand=economy.rental_demand * np.exp(economy.rental_growth),
        rental_growth=economy.rental_growth * p.growth_memory,
        in_house_growth=economy.in_house_growth * p.growth_memory,
    )


def watch_landlords(market: MarketModel) -> None:
    """Find landlords without other business whose contracts no longer cover what they owe (P13)."""
    clouds = market.clouds
    short = clouds.all.backlog < market.parameters.contract_cover * clouds.all.debt
    clouds.commit(covenant_broken=clouds.active * (clouds.core_cash_flow <= 0.0) * short)
