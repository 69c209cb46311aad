"""The initial state of compute: who owns fleets, what is coming to them, and who uses them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..agents.firm import GWH_PRICE, HOURS
from ..agents.state.arrays import TINY, Floats, positive, power, ratio, total
from ..agents.state.table import Table
from .markets.letting import nothing_let, running_cost
from .markets.valuation import values
from .scarcity import compute_part, rent_over_cost

if TYPE_CHECKING:
    from .initial_state import Start
    from .market_model import MarketModel

COMING = slice(0, 4)
"""The quarters for which halls under way are given."""


def put(population: Table, **columns: Any) -> None:
    """Commit columns from values that broadcast to their shape."""
    shapes = {name: population.columns[name].shape for name in columns}
    population.commit(**{name: np.array(np.broadcast_to(v, shapes[name])) for name, v in columns.items()})


def fill_clouds(market: MarketModel, start: Start, level: Any) -> None:
    """Fill clouds' fleets, halls, plant and contracts with labs; rents are those of the day."""
    clouds, p = market.clouds, market.parameters
    running, arriving = start.array("clouds", "running"), start.array("clouds", "arriving")
    owned, rent = running + arriving, start.array("economy", "market_rent", level)
    put(clouds, fleet=owned[:, :, None] * start.array("clouds", "fleet_mix")[:, :, None], own_compute=running)
    fill_fleets(market, clouds, start, owned, arriving)
    let = _named_pairs(market, start.stocks["clouds"]["tenancies"])
    even = _evenly(let, start.stocks["clouds"]["expiries"], clouds.contracts.shape)
    price = start.array("economy", "contract_rent", level)
    short_let = start.array("clouds", "short_let")
    put(
        clouds,
        contracts=even,
        contract_value=even * price,
        served=let,
        rent_due=let * price,
        housed=_housed(market, start),
        housed_wish=_housed(market, start),
        housed_plan=_housed(market, start),
        short_let_value=short_let * rent * p.small_premium,
        rent_price=rent,
        fixed_assets=owned * start.array("clouds", "plant_per_compute", level),
        power_bill=clouds.fleet_power * clouds.pue * market.economy.contract_price * (HOURS * GWH_PRICE),
    )
    share = ratio(clouds.own_compute, total(clouds.own_compute))
    one_year = rent * p.small_premium
    faded = power(p.growth_memory, market.elapsed)
    rental_growth = p.rental_demand_growth * faded
    put(
        market.economy,
        spot_price=one_year,
        rental_demand=total(short_let)
        * power(one_year / p.reference_let_price, p.let_elasticity)
        * np.exp(rental_growth),
        rental_growth=rental_growth,
        in_house_growth=p.in_house_demand_growth * faded,
        first_concentration=np.maximum(total(share * share), TINY),
    )


def _evenly(let: Floats, expiries: tuple[float, float], shape: tuple[int, ...]) -> Floats:
    """Return contracts that end evenly over some quarters, the first and the last of them given."""
    first, last = int(expiries[0]), min(int(expiries[1]), shape[2] - 1)
    contracts = np.zeros(shape)
    contracts[:, :, first : last + 1] = (let / (last + 1 - first))[:, :, None]
    return contracts


def fill_fleets(market: MarketModel, firms: Any, start: Start, owned: Floats, arriving: Floats) -> None:
    """Fill power and halls of the fleets of labs or clouds, finished and not, and how old fleets are."""
    kind = firms.kind.group
    rated = owned * start.array(kind, "power_per_compute")
    building = np.zeros(firms.halls_building.shape)
    building[:, COMING] = (rated * start.array(kind, "halls_per_power_building"))[:, :, None]
    put(
        firms,
        fleet_power=rated,
        old_fleet=owned * start.array(kind, "old_part"),
        arriving=arriving,
        halls=firms.pue * rated * start.array(kind, "halls_over_need"),
        halls_building=building,
        halls_ordered=rated * start.array(kind, "halls_per_power_ordered"),
    )


def _named_pairs(market: MarketModel, amounts: Mapping[str, Mapping[str, float]]) -> Floats:
    """Return amounts given by cloud and lab as an array, shape (clouds, labs, 1); nothing where nobody is named."""
    clouds, labs = market.clouds.names, market.labs.names
    return np.array([[[float(amounts.get(cloud, {}).get(lab, 0.0))] for lab in labs] for cloud in clouds])


def _housed(market: MarketModel, start: Start) -> Floats:
    """Return what parents' clouds run for their labs at the start, M H100e, shape (clouds, labs, 1)."""
    return _named_pairs(market, start.stocks["clouds"]["housed"]) * market.houses


def houses(start: Start) -> Floats:
    """Return ones where a cloud houses a lab, shape (clouds, labs, 1)."""
    rows = [
        [[float(start.parents.get(lab) == cloud)] for lab in start.names("ai_labs")] for cloud in start.names("clouds")
    ]
    return np.array(rows).reshape(len(start.names("clouds")), len(start.names("ai_labs")), 1)


def open_lets(market: MarketModel) -> None:
    """Fill what labs have signed and not got: what they plan beyond what they have, with the landlords they have.

    Owners see which vendors they would choose, and what running costs are of the spot price when the run begins.
    """
    labs, clouds, p = market.labs, market.clouds, market.parameters
    for firms in market.owners:
        firms.commit(vendor_mix=firms.all.choose_vendor(market.signals))
        firms.commit(first_worth=firms.all.worth_at(p.reference_rate * np.ones_like(firms.cash), market.signals))
    missing = positive(labs.all.wanted_compute(p.horizon, market.signals) - labs.all.compute_at_hand)
    renting = labs.active * (1.0 - labs.integrated) * (1.0 - labs.is_housed)
    let = clouds.all.let_to
    owed = ratio(let, total(let)) * (renting * missing)[None]
    clouds.commit(owed=owed, owed_value=owed * clouds.rent_price, tenancies=total(let + owed, 1))
    market.clearings["lets"] = nothing_let(market)
    _open_earnings(market)
    cost = running_cost(market)
    market.economy.commit(running_cost=cost, first_cost_ratio=cost / market.economy.spot_price)
    owned = total(labs.all.compute) + total(clouds.all.compute)
    came = total(labs.arriving) + total(clouds.arriving)
    market.economy.commit(
        forward_price=market.economy.power_price + 0.0,
        load_growth=np.log(np.maximum(owned, TINY) / np.maximum(owned - came, TINY)),
        first_rent_over_cost=rent_over_cost(market),
        first_compute_part=compute_part(market),
    )


def _open_earnings(market: MarketModel) -> None:
    """Let clouds open with what they would earn in a quarter like the last one, USD bn a quarter."""
    clouds, p = market.clouds, market.parameters
    internal = clouds.housed * clouds.all.cost_of_new(clouds.quoted_rate[:, None], market.signals)
    earned = total(clouds.rent_due + internal, 1) + clouds.short_let_value + clouds.core_cash_flow
    plant = (p.plant_operating_cost + p.depreciation_clouds) * clouds.fixed_assets
    clouds.commit(earnings=clouds.active * (earned - clouds.other_capex - clouds.power_bill - plant))
    value = values(market)[-1]
    clouds.commit(value=value, round_value=value + 0.0)
