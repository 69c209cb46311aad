"""Generations of chips: they come as announced or late, and take over a vendor's sales quarter by quarter (P0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...agents.rules.building import advanced
from ...agents.state.arrays import Floats, power
from ...agents.state.shown import shown
from ..randomness import Stream

if TYPE_CHECKING:
    from ..market_model import MarketModel

SOONEST = 1.0
"""Quarters from one generation to the next at least, however late the one came."""


@shown()
class Coming(NamedTuple):
    """The next generation of each vendor, shape (vendors, R): its first quarter, and factors upon the newest one."""

    first: Floats
    performance: Floats
    power: Floats
    wafers: Floats


def coming(market: MarketModel, generations: Floats) -> Coming:
    """Return the generation that follows those that have come out so far, shape (vendors, R).

    That is the next one on the vendor's roadmap. Beyond it generations have the usual factors, and no date.
    """
    p = market.parameters
    planned = [_row_of(table, generations) for table in market.roadmap]
    usual = (np.inf, p.generation_performance, p.generation_power, p.generation_wafers)
    return Coming(*(np.where(np.isnan(row), other, row) for row, other in zip(planned, usual, strict=True)))


def _row_of(table: Floats, generations: Floats) -> Floats:
    """Return the entry of each vendor's table that its count of generations points to, shape (vendors, R)."""
    place = np.minimum(generations, table.shape[1] - 1.0).astype(np.int64)
    return np.take_along_axis(table, place, 1)


def quarters_ahead(market: MarketModel, since: Floats) -> Floats:
    """Return the quarters until each vendor's first generation of a run, counted from the start, shape (vendors, R).

    Args:
        market: the model before its first quarter.
        since: quarters since the last generation, of which a vendor without a roadmap reckons, shape (vendors, 1).
    """
    announced = coming(market, market.vendors.generations).first - (market.now - 1.0)
    usual = np.maximum(market.parameters.generation_spacing - since, SOONEST)
    return np.where(np.isfinite(announced), announced, usual)


def renew_products(market: MarketModel) -> None:
    """Bring out the generations that are due, unless they slip, and move on the mix that vendors sell (P0)."""
    vendors, p = market.vendors, market.parameters
    left = vendors.until_generation - vendors.active
    due = vendors.active * (left <= 0.0)
    late = due * (1.0 - vendors.slipped) * _slip(market)
    new = due * (late <= 0.0)
    _sell_new_mix(market, new)
    count = vendors.generations + new
    planned = np.maximum(coming(market, count).first - market.now, SOONEST)
    ahead = np.where(np.isfinite(planned), planned, p.generation_spacing)
    vendors.commit(
        new_generation=new,
        generations=count,
        until_generation=np.where(new > 0.0, ahead, np.where(late > 0.0, late, left)),
        slipped=np.maximum(vendors.slipped * (1.0 - new), late > 0.0),
    )


def _slip(market: MarketModel) -> Floats:
    """Return by how many quarters a generation that is due now is late, shape (vendors, R); by none without chance."""
    p = market.parameters
    draw = market.uniform(Stream.GENERATIONS, len(market.vendors))
    late = (draw < p.two_quarters_late + p.one_quarter_late) * 1.0 + (draw < p.two_quarters_late)
    return late * float(p.chance)


def _sell_new_mix(market: MarketModel, new: Floats) -> None:
    """Let generations take over sales in equal steps; orders not yet delivered are filled with the mix, at its price.

    Cost and price of a generation follow its performance with an elasticity below one, so that performance per dollar
    rises.

    Args:
        market: the model.
        new: ones where a generation comes out, shape (vendors, R).
    """
    vendors, p = market.vendors, market.parameters
    following = coming(market, vendors.generations)
    factors = {
        "performance": following.performance,
        "power": following.power,
        "wafers": following.wafers,
        "cost": power(following.performance, p.generation_pricing),
    }
    newest = {name: vendors.columns[f"newest_{name}"] for name in factors}
    better = {name: 1.0 + new * (factor - 1.0) for name, factor in factors.items()}
    moved = {name: _taking_over(market, name, newest[name] * (better[name] - 1.0)) for name in factors}
    cost = vendors.generation_cost + moved["cost"][0]
    dearer = cost / vendors.generation_cost
    market.ledger.post(vendors, "order_value", "repriced", vendors.order_value * (dearer - 1.0)[:, None])
    vendors.commit(
        performance=vendors.performance + moved["performance"][0],
        unit_power=vendors.unit_power + moved["power"][0],
        wafers_per_unit=vendors.wafers_per_unit + moved["wafers"][0],
        generation_cost=cost,
        unit_cost=vendors.unit_cost * dearer,
        price=vendors.price * dearer,
        **{f"newest_{name}": newest[name] * better[name] for name in factors},
        **{f"{name}_coming": rest for name, (_, rest) in moved.items()},
    )


def _taking_over(market: MarketModel, name: str, gain: Floats) -> tuple[Floats, Floats]:
    """Return what a quantity of the mix gains now, shape (vendors, R), and what it will gain later.

    Args:
        market: the model.
        name: performance, power, wafers or cost.
        gain: what the newest generation has more of it than the one before, shape (vendors, R).
    """
    quarters = market.parameters.ramp_quarters
    pipeline = market.vendors.columns[f"{name}_coming"]
    under_way = (np.arange(pipeline.shape[1]) < quarters)[:, None]
    return advanced(pipeline + gain[:, None] * under_way / quarters)
