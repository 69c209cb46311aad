"""Firms look around and plan: lenders quote rates, everybody plans capacity and asks for money (P1, P7)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ...agents.equipment_supplier import COOLING
from ...agents.firm import QUARTERS
from ...agents.rules.financing import default_probability, loan_rate
from ...agents.rules.learning import frontier, wright
from ...agents.state.arrays import TINY, Floats, paired, positive, ratio, total
from ...agents.state.signals import Signals
from ..accounting.borrowers import of_borrowers, split_by_kind
from .cluster_prices import cluster_price
from .hall_inputs import average_inputs, inputs_by_customer, sector_prices
from .leasing import order_for_vehicles
from .limits import note_plans

if TYPE_CHECKING:
    from ..market_model import MarketModel

# Proxies of lenders (specification P8; assumption): a lab's yearly earnings are taken as 1.4 quarters of sales, the
# others' as four quarters of profit plus depreciation; a year's need of cash from plant and debt.
EARNINGS_PER_REVENUE = 1.4
DEPRECIATION_PER_PLANT = 0.15
NEED_PER_PLANT = 0.15
NEED_PER_DEBT = 0.2


def publish(market: MarketModel) -> None:
    """Publish what everybody can see (P1); expectations are those that firms formed last quarter."""
    market.signals = observe(market)


def plan(market: MarketModel) -> None:
    """Lenders quote rates; firms plan what to add and what to ask the capital market for (P7)."""
    _quote_rates(market)
    publish(market)
    labs, signals = market.labs, market.signals
    labs.commit(vendor_mix=labs.decide("choose_vendor", signals))
    labs.commit(hall_price=_hall_prices(market))
    _retire_chips(market)
    signals = market.signals
    order_for_vehicles(market)
    plans = labs.decide("plan_compute", signals)
    labs.commit(planned_compute=plans.compute, planned_halls=plans.halls)
    for firms in market.borrowers[1:]:
        firms.commit(planned_capacity=firms.decide("plan_capacity", signals))
    for firms in market.borrowers:
        wish = firms.decide("request_funding", signals)
        firms.commit(debt_request=wish.debt, equity_request=wish.equity)
    note_plans(market)
    market.signals = replace(
        signals,
        debt_request=of_borrowers(market, "debt_request"),
        equity_request=of_borrowers(market, "equity_request"),
    )


def _quote_rates(market: MarketModel) -> None:
    """Let lenders estimate each firm's risk and quote it a rate."""
    sentiment = mean_sentiment(market)
    plant, debt = of_borrowers(market, "fixed_assets"), total(of_borrowers(market, "loans"), 1)
    earnings = QUARTERS * of_borrowers(market, "earnings") + DEPRECIATION_PER_PLANT * plant
    earnings[: len(market.labs)] = EARNINGS_PER_REVENUE * market.labs.revenue
    risk = default_probability(
        debt, earnings, of_borrowers(market, "cash"), NEED_PER_PLANT * plant + NEED_PER_DEBT * debt
    )
    rate = loan_rate(risk, sentiment, market.parameters)
    for firms, risk_of, rate_of in zip(
        market.borrowers, split_by_kind(market, risk), split_by_kind(market, rate), strict=True
    ):
        firms.commit(default_risk=risk_of, quoted_rate=rate_of)


def _retire_chips(market: MarketModel) -> None:
    """Let labs give up chips that keep better ones out of their halls; book values go on as they would."""
    labs = market.labs
    own = labs.fleet
    if len(market.vehicles):
        own = positive(own - market.leases.on_labs(market.vehicles.fleet))
    part = labs.active * labs.decide("retire_chips", market.signals)
    gone = np.minimum(paired(part) * labs.fleet, own)
    retired = total(gone, 1)
    power = labs.fleet_power * (1.0 - ratio(retired, labs.all.compute))
    labs.commit(fleet=labs.fleet - gone, fleet_power=power, retired=retired)
    market.signals = replace(market.signals, largest_fleet=_largest_fleet(market))


def mean_sentiment(market: MarketModel) -> Floats:
    """Return the mean mood of active managers, shape (R,)."""
    managers = market.managers
    return total(managers.sentiment * managers.active) / np.maximum(total(managers.active), 1.0)


def _hall_prices(market: MarketModel) -> Floats:
    """Return what a hall for the accelerators of its choice costs each lab, USD bn/GW, shape (labs, R)."""
    return total(sector_prices(market)[:, None] * inputs_by_customer(market)[:, :-1])


def new_pue(market: MarketModel) -> Floats:
    """Return the power usage effectiveness of a hall built now: 1 + 0.8 x (Q/Q0)^log2(0.9), shape (R,)."""
    equipment, p = market.equipment, market.parameters
    done = wright(equipment.output_ever[COOLING], equipment.initial_output[COOLING], p.cooling_progress)
    return 1.0 + p.new_hall_overhead * p.fleet_overhead * done


def _largest_fleet(market: MarketModel) -> Floats:
    """Return the largest fleet with its backlog among labs in business, M H100e, shape (R,)."""
    labs = market.labs
    fleets = labs.all.compute + total(labs.all.chips_coming * market.vendors.performance, 1)
    return (labs.active * fleets).max(0)


def observe(market: MarketModel) -> Signals:
    """Return what everybody can see as things stand."""
    labs, vendors, p = market.labs, market.vendors, market.parameters
    lead_time, inputs = vendors.all.lead_time, average_inputs(market)
    landed = vendors.price + cluster_price(market)
    lent = total(of_borrowers(market, "loans"), 1)
    offers = np.where(vendors.active > 0.0, vendors.price / vendors.performance, 1.0 / TINY)
    return Signals(
        quarter=market.quarter,
        service_price=labs.price,
        market_share=labs.market_share,
        capability=labs.capability,
        chip_price=vendors.price,
        chip_landed_price=landed,
        chip_performance=vendors.performance,
        chip_power=vendors.unit_power,
        chip_lead_time=lead_time,
        vendor_active=vendors.active,
        chip_value=offers.min(0),
        power_price=market.economy.power_price,
        hall_cost=total(sector_prices(market) * inputs),
        hall_contents=inputs,
        hall_lead_time=int(p.hall_lead_time),
        new_hall_pue=new_pue(market),
        frontier_capability=frontier(labs.capability, labs.active),
        largest_fleet=_largest_fleet(market),
        unconnected_halls=total(labs.halls_unconnected),
        sentiment=mean_sentiment(market),
        default_probability=of_borrowers(market, "default_risk"),
        quoted_rate=of_borrowers(market, "quoted_rate"),
        firm_value=of_borrowers(market, "value"),
        loan_share=lent / np.maximum(total(lent), TINY),
        debt_request=of_borrowers(market, "debt_request"),
        equity_request=of_borrowers(market, "equity_request"),
    )
