"""Firms look around and plan: lenders quote rates, everybody plans capacity and asks for money (P1, P7)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.equipment_supplier import COOLING
from ...agents.firm import QUARTERS
from ...agents.fleet_owner import ONE_CHIP
from ...agents.lab_parameters import LONGEST_WAIT
from ...agents.rules.financing import default_probability, loan_rate
from ...agents.rules.learning import frontier, wright
from ...agents.state.arrays import TINY, Floats, paired, positive, ratio, total
from ...agents.state.population import Population
from ...agents.state.signals import Signals
from ..accounting.borrowers import of_borrowers, of_owners, split_by_kind, split_by_owner
from .cluster_prices import cluster_price
from .hall_inputs import average_inputs, inputs_by_customer, sector_prices
from .hosting import expect_hosting
from .leasing import order_for_vehicles
from .letting import lets_asked
from .limits import note_plans
from .tenancies import plan_rents, price_rents

if TYPE_CHECKING:
    from ..market_model import MarketModel

# Proxies of lenders (specification P8; assumption): a lab's yearly earnings are taken as 1.4 quarters of sales, the
# others' as four quarters of profit plus depreciation; a year's need of cash from plant and debt.
EARNINGS_PER_REVENUE = 1.4
DEPRECIATION_PER_PLANT = 0.15
NEED_PER_PLANT = 0.15
NEED_PER_DEBT = 0.2
NEED_PER_RENT = 0.5
RISK_AFTER_DEFAULT = 0.10
"""Least default probability of a lab within a year of its last default (specification 2, section 2; assumption)."""


def publish(market: MarketModel) -> None:
    """Publish what everybody can see (P1); expectations are those that firms formed last quarter."""
    market.signals = observe(market)


def plan(market: MarketModel) -> None:
    """Lenders quote rates, landlords rents; firms plan what to add and what to ask the capital market for (P7)."""
    _quote_rates(market)
    publish(market)
    signals = market.signals
    for firms in market.owners:
        firms.commit(vendor_mix=firms.decide("choose_vendor", signals))
    for firms, price in zip(market.owners, split_by_owner(market, _hall_prices(market)), strict=True):
        firms.commit(hall_price=price)
    price_rents(market)
    expect_hosting(market)
    market.signals = replace(market.signals, **_rents(market, market.signals.chip_value))
    _plan_capacity(market)
    for firms in market.borrowers:
        wish = firms.decide("request_funding", market.signals)
        firms.commit(debt_request=wish.debt, equity_request=wish.equity)
    note_plans(market)
    market.signals = replace(
        market.signals,
        debt_request=of_borrowers(market, "debt_request"),
        equity_request=of_borrowers(market, "equity_request"),
    )


def _plan_capacity(market: MarketModel) -> None:
    """Let vehicles order, and all firms plan what to build or to rent."""
    order_for_vehicles(market)
    plan_rents(market)
    for firms in market.owners:
        _retire_chips(market, firms)
    signals = replace(market.signals, largest_fleet=_largest_fleet(market))
    market.signals = signals
    for firms, decision in zip(market.owners, ("plan_compute", "plan_fleet"), strict=True):
        plans = firms.decide(decision, signals)
        firms.commit(planned_compute=plans.compute, planned_halls=plans.halls)
    for firms in (market.vendors, market.energy, market.equipment):
        firms.commit(planned_capacity=firms.decide("plan_capacity", signals))


def _retire_chips(market: MarketModel, firms: Population[Any]) -> None:
    """Let owners give up chips that keep better ones out of their halls; book values go on as they would."""
    own = firms.fleet
    if market.leases.to.any_of(firms):
        own = positive(own - market.leases.to.on(firms, market.vehicles.fleet))
    part = firms.active * firms.decide("retire_chips", market.signals)
    gone = np.minimum(paired(part) * firms.fleet, own)
    given_up = total(gone, 1)
    left = 1.0 - ratio(given_up, firms.all.compute)
    firms.commit(
        fleet=firms.fleet - gone,
        old_fleet=positive(firms.old_fleet - given_up),
        fleet_power=firms.fleet_power * left,
        given_up=given_up,
    )


def _quote_rates(market: MarketModel) -> None:
    """Let lenders estimate each firm's risk and quote it a rate."""
    sentiment = mean_sentiment(market)
    plant, debt = of_borrowers(market, "fixed_assets"), total(of_borrowers(market, "loans"), 1)
    earnings = QUARTERS * of_borrowers(market, "earnings") + DEPRECIATION_PER_PLANT * plant
    core = QUARTERS * (market.labs.core_cash_flow - market.labs.other_capex)
    earnings[: len(market.labs)] = EARNINGS_PER_REVENUE * market.labs.revenue + core
    need = NEED_PER_PLANT * plant + NEED_PER_DEBT * debt
    rents, labs = QUARTERS * market.labs.rent_bill, len(market.labs)
    debt[:labs] += market.parameters.rent_as_debt * rents
    need[:labs] += NEED_PER_RENT * rents
    risk = default_probability(debt, earnings, of_borrowers(market, "cash"), need)
    risk[:labs] = np.where(recently_failed(market), np.maximum(risk[:labs], RISK_AFTER_DEFAULT), risk[:labs])
    rate = loan_rate(risk, sentiment, market.parameters)
    for firms, risk_of, rate_of in zip(
        market.borrowers, split_by_kind(market, risk), split_by_kind(market, rate), strict=True
    ):
        firms.commit(default_risk=risk_of, quoted_rate=rate_of)


def recently_failed(market: MarketModel) -> np.ndarray:
    """Return where a lab has defaulted within a year, shape (labs, R)."""
    labs = market.labs
    return (labs.defaults > 0.0) & (labs.since_default < QUARTERS)


def mean_sentiment(market: MarketModel) -> Floats:
    """Return the mean mood of active managers, shape (R,)."""
    managers = market.managers
    return total(managers.sentiment * managers.active) / np.maximum(total(managers.active), 1.0)


def _hall_prices(market: MarketModel) -> Floats:
    """Return what a hall for the accelerators of its choice costs each owner, USD bn/GW, shape (owners, R)."""
    return total(sector_prices(market)[:, None] * inputs_by_customer(market)[:, :-1])


def new_pue(market: MarketModel) -> Floats:
    """Return the power usage effectiveness of a hall built now: 1 + 0.8 x (Q/Q0)^log2(0.9), shape (R,)."""
    equipment, p = market.equipment, market.parameters
    done = wright(equipment.output_ever[COOLING], equipment.initial_output[COOLING], p.cooling_progress)
    return 1.0 + p.new_hall_overhead * p.fleet_overhead * done


REMAINING_LIFE = 12.0
"""Quarters that used compute still serves, on average (specification 2, section 2; assumption)."""


def resale_value(market: MarketModel, new: Floats) -> Floats:
    """Return what used compute fetches, USD bn per M H100e, shape (R,): min(new, (rent - running cost)/(r/4 + 1/life)).

    Args:
        market: the model.
        new: the lowest price of new compute.
    """
    clouds, economy = market.clouds, market.economy
    rate = ratio(total(clouds.quoted_rate * clouds.own_compute), total(clouds.own_compute))
    earns = positive(economy.market_rent - economy.running_cost)
    return np.minimum(new, earns / (rate / QUARTERS + 1.0 / REMAINING_LIFE))


def _room_of_landlords(market: MarketModel) -> Floats:
    """Return the IT power for which clouds' halls have room within three quarters, GW, shape (clouds, R)."""
    clouds, vendors = market.clouds, market.vendors
    coming = clouds.halls + clouds.halls_unconnected + total(clouds.halls_building[:, :3], 1) - clouds.hosting
    on_order = total(clouds.all.chips_coming * vendors.unit_power, 1)
    return positive(coming / new_pue(market) - clouds.fleet_power - on_order)


def _waiting_for_landlords(market: MarketModel) -> Floats:
    """Return what clouds have signed over what came last, quarters, shape (clouds, R).

    A cloud that runs nothing yet has tenants wait as long as any.
    """
    clouds = market.clouds
    wait = ratio(clouds.all.promised, clouds.arriving)
    return np.where(clouds.own_compute > ONE_CHIP, wait, LONGEST_WAIT)


def landlord_concentration(market: MarketModel) -> Floats:
    """Return the Herfindahl-Hirschman index of clouds' running compute, shape (R,)."""
    share = ratio(market.clouds.own_compute, total(market.clouds.own_compute))
    return np.maximum(total(share * share), TINY)


def _largest_fleet(market: MarketModel) -> Floats:
    """Return the most compute at hand, signed or on order among labs in business, M H100e, shape (R,)."""
    labs = market.labs
    fleets = labs.all.announced_compute + total(labs.all.chips_coming * market.vendors.performance, 1)
    return (labs.active * fleets).max(0)


def observe(market: MarketModel) -> Signals:
    """Return what everybody can see as things stand."""
    labs, vendors, p = market.labs, market.vendors, market.parameters
    lead_time, inputs = vendors.all.lead_time, average_inputs(market)
    landed = vendors.price + cluster_price(market)
    clouds, economy, rented = market.clouds, market.economy, market.rented_technology
    lent = total(of_borrowers(market, "loans"), 1)
    chip_value = np.where(vendors.active > 0.0, vendors.price / vendors.performance, 1.0 / TINY).min(0)
    return Signals(
        quarter=market.quarter,
        segment_price=labs.price,
        segment_share=labs.share,
        adoption_growth=economy.adoption_growth,
        routine_work=economy.routine,
        market_share=labs.market_share,
        capability=labs.capability,
        chip_price=vendors.price,
        chip_landed_price=landed,
        chip_performance=vendors.performance,
        chip_power=vendors.unit_power,
        chip_lead_time=lead_time,
        vendor_active=vendors.active,
        chip_value=chip_value,
        power_price=economy.power_price,
        hall_cost=total(sector_prices(market) * inputs),
        hall_contents=inputs,
        hall_lead_time=int(p.hall_lead_time),
        new_hall_pue=new_pue(market),
        frontier_capability=frontier(labs.capability, labs.active),
        largest_fleet=_largest_fleet(market),
        rented_landed_price=landed[rented] / vendors.performance[rented],
        rented_power=vendors.unit_power[rented] / vendors.performance[rented],
        spot_price=economy.spot_price,
        rental_growth=economy.rental_growth,
        in_house_growth=economy.in_house_growth,
        landlord_wait=_waiting_for_landlords(market),
        landlord_active=clouds.active,
        landlord_let=clouds.all.let,
        landlord_concentration=landlord_concentration(market) / economy.first_concentration,
        unconnected_halls=total(of_owners(market, "halls_unconnected")),
        sentiment=mean_sentiment(market),
        default_probability=of_borrowers(market, "default_risk"),
        quoted_rate=of_borrowers(market, "quoted_rate"),
        firm_value=of_borrowers(market, "value"),
        loan_share=lent / np.maximum(total(lent), TINY),
        debt_request=of_borrowers(market, "debt_request"),
        equity_request=of_borrowers(market, "equity_request"),
        **_rents(market, chip_value),
    )


def _rents(market: MarketModel, chip_value: Floats) -> dict[str, Any]:
    """Return the signals that change when landlords have priced new contracts and seen what they are to host.

    Args:
        market: the model.
        chip_value: the lowest price of new compute, USD bn per M H100e, shape (R,).
    """
    clouds = market.clouds
    return {
        "resale_value": resale_value(market, chip_value),
        "market_rent": market.economy.market_rent,
        "lets_per_compute": ratio(total(lets_asked(market)), total(clouds.own_compute)),
        "landlord_room": clouds.active * _room_of_landlords(market),
    }
