"""Entry of labs: a new lab enters with a founders' purse, a second-hand fleet and yesterday's algorithms (P0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...agents.firm import ASSUMPTION
from ...agents.rules.learning import frontier
from ...agents.rules.segments import SEGMENTS
from ...agents.state.arrays import TINY, Floats, anywhere, positive, power, ratio, total
from ...agents.state.quantity import ParameterGroup, parameter
from ...agents.state.shown import shown
from ..markets.cluster_prices import cluster_price
from ..markets.demand import potential_demand
from ..markets.hall_inputs import average_inputs, sector_prices
from ..markets.planning import mean_sentiment
from ..randomness import Stream

if TYPE_CHECKING:
    from ..market_model import MarketModel

HALF = 0.5
"""Most that newcomers may buy in a quarter of what the rest of the world has (assumption)."""


class LabEntry(ParameterGroup):
    """When labs enter, and what they start with."""

    group = "lab_entry"

    lab_entry_hazard = parameter(
        0.0,
        "1/quarter",
        0.0,
        0.2,
        "assumption; 0.03 in the specification",
        "chance that a dormant lab enters when moods are best and the market as large as at the start",
        "p_ent",
    )
    newcomer_cash = parameter(
        5.0, "USD bn", 0.5, 30.0, "specification P0; assumption", "money a new lab has when its plant is paid"
    )
    newcomer_managers_part = parameter(
        0.4, "1", 0.0, 1.0, "specification P0; assumption", "part of that money that managers put up, for shares"
    )
    newcomer_fleet = parameter(
        0.05, "1", 0.005, 0.2, ASSUMPTION, "fleet of a new lab, of the largest lab's: 0.09 M H100e at the start"
    )
    newcomer_efficiency_lag = parameter(
        0.5, "nat", 0.0, 2.0, "specification P0; assumption", "algorithmic efficiency of a new lab below the best"
    )
    newcomer_capability_lag = parameter(
        0.6, "OOM", 0.0, 2.0, "specification P0; assumption", "capability of a new lab's model below the best"
    )
    newcomer_brand = parameter(
        -2.0, "1", -4.0, 0.0, "specification P0; assumption", "attachment to the brand of a new lab, in logit units"
    )


@shown()
class Plant(NamedTuple):
    """What newcomers buy of the rest of the world: by lab, shape (labs, R), the fleet by vendor too.

    Attributes:
        fleet: M H100e by vendor, shape (labs, vendors, R).
        power: IT power of the fleet, GW.
        halls: halls with power, GW.
        cost: what it costs, USD bn.
    """

    fleet: Floats
    power: Floats
    halls: Floats
    cost: Floats


def admit_labs(market: MarketModel) -> None:
    """Let dormant labs enter: those that the scenario names for this quarter, and others by chance."""
    labs = market.labs
    idle = (1.0 - labs.active) * (1.0 - labs.gone)
    new = idle * np.maximum(market.entering(labs), _comes(market))
    labs.commit(entered=new)
    if anywhere(new):
        _found(market, new)
        market.list_agents()


def _comes(market: MarketModel) -> Floats:
    """Return ones where chance would let a lab enter, shape (labs, R): p = hazard max(zbar, 0) (M / M0)^.5.

    The better the mood of managers and the larger the market that the best model could reach, the likelier. Draws have
    a stream of their own: they shift nobody else's random numbers.
    """
    labs, p = market.labs, market.parameters
    if not (p.chance and anywhere(p.lab_entry_hazard)):
        return np.zeros_like(labs.active)
    at_start = market.start.array("ai_labs", "capability").max() + np.zeros(market.replicates)
    now = frontier(labs.capability, np.maximum(labs.active, labs.gone))
    first = total(potential_demand(market, at_start)) / p.demand_available
    size = total(potential_demand(market, now)) / first
    chance = p.lab_entry_hazard * positive(mean_sentiment(market)) * power(size, HALF)
    return (market.uniform(Stream.ENTRY, len(labs)) < chance) * 1.0


def _found(market: MarketModel, new: Floats) -> None:
    """Found labs, shape (labs, R) of ones where one enters; managers and the outside sector put up their money."""
    labs, managers, economy, ledger = market.labs, market.managers, market.economy, market.ledger
    plant = _affordable_plant(market, new)
    equity = plant.cost + market.parameters.newcomer_cash * new
    by_managers = _from_managers(market, new)
    ledger.transfer("equity_managers", managers, labs, paid=total(by_managers), received=total(by_managers, 1))
    ledger.post(labs, "equity_held", "issue", by_managers / np.maximum(equity, TINY)[:, None])
    ledger.note(labs, "shares_sold", "managers", by_managers)
    ledger.transfer("equity_outside", economy, labs, received=equity - total(by_managers, 1))
    ledger.transfer("acquisitions", labs, economy, paid=plant.cost)
    ledger.post(labs, "fixed_assets", "acquired", plant.cost)
    economy.commit(
        outside_fleet=economy.outside_fleet - total(total(plant.fleet)),
        outside_power=economy.outside_power - total(plant.power),
        outside_halls=economy.outside_halls - total(plant.halls),
    )
    labs.commit(
        active=labs.active + new,
        fleet=labs.fleet + plant.fleet,
        old_fleet=labs.old_fleet + total(plant.fleet, 1),
        fleet_power=labs.fleet_power + plant.power,
        halls=labs.halls + plant.halls,
        value=labs.value + equity,
    )
    _start_business(market, new)


def _from_managers(market: MarketModel, new: Floats) -> Floats:
    """Return what managers pay for newcomers' shares, by the cash that they may hold in shares, (labs, managers, R)."""
    managers, p = market.managers, market.parameters
    purse = managers.active * p.equity_mandate * positive(managers.cash)
    wanted = p.newcomer_managers_part * p.newcomer_cash * new
    part = np.minimum(1.0, ratio(total(purse), total(wanted)))
    return (part * wanted)[:, None] * ratio(purse, total(purse))


def _affordable_plant(market: MarketModel, new: Floats) -> Plant:
    """Return what newcomers buy at the day's prices: accelerators as the world has them, and halls for all of them."""
    labs, vendors, economy, p = market.labs, market.vendors, market.economy, market.parameters
    each = HALF / np.maximum(total(new), 1.0)
    size = np.minimum(p.newcomer_fleet * (labs.active * labs.powered_compute).max(0), each * economy.outside_fleet)
    rated = economy.outside_power * ratio(size, economy.outside_fleet)
    halls = np.minimum(rated * p.outside_pue, each * economy.outside_halls)
    made = vendors.active * vendors.capacity * vendors.performance
    mix = made / np.maximum(total(made), TINY)
    landed = total(mix * ((vendors.price + cluster_price(market)) / vendors.performance))
    cost = size * landed + halls * total(sector_prices(market) * average_inputs(market))
    return Plant((new * size)[:, None] * mix, new * rated, new * halls, new * cost)


def _start_business(market: MarketModel, new: Floats) -> None:
    """Give newcomers algorithms and a model behind the best, the market's price, and what everybody expects."""
    labs, p = market.labs, market.parameters
    known = np.maximum(labs.active * (1.0 - new), labs.gone)
    part = ratio(labs.share, total(labs.share))
    selling = total(labs.share) > 0.0
    share = ratio(labs.market_share, total(labs.market_share))
    begins = {
        "log_efficiency": frontier(labs.log_efficiency, known) - p.newcomer_efficiency_lag,
        "first_efficiency": frontier(labs.log_efficiency, known) - p.newcomer_efficiency_lag,
        "capability": frontier(labs.capability, known) - p.newcomer_capability_lag,
        "price": np.where(selling, total(part * labs.price), p.reference_service_price),
        "brand": p.newcomer_brand,
        "focus": np.where(total(share) > 0.0, total(share[:, None] * labs.focus), 1.0 / len(SEGMENTS)),
        "pue": p.outside_pue,
    }
    begins |= {name: total(share * labs.columns[name]) for name in SHARED}
    fresh = {name: (new if labs.columns[name].ndim == new.ndim else new[:, None]) > 0.0 for name in begins}
    labs.commit(**{name: np.where(fresh[name], value, labs.columns[name]) for name, value in begins.items()})


SHARED = ("expected_growth", "expected_revenue_growth", "efficiency_trend")
"""What newcomers take from the others, as a mean by market share."""
