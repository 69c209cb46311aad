"""What is looked at of the market for AI services, as a whole and by segment, each of shape (R,) with its unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..agents.rules.learning import LN_10, frontier
from ..agents.rules.segments import SEGMENTS
from ..agents.state.arrays import Floats, ratio, total
from ..agents.state.shown import shown

if TYPE_CHECKING:
    from .market_model import MarketModel

USD, PURE = "USD bn/quarter", "1"


@shown()
class Indicator(NamedTuple):
    """A number that a run reports every quarter."""

    unit: str
    doc: str
    measure: Callable[[MarketModel], Floats]


def concentration(amounts: Floats) -> Floats:
    """Return the Herfindahl-Hirschman index of amounts, shape (n, R): from 1/n to 1."""
    share = ratio(amounts, total(amounts))
    return total(share * share)


def service_price(market: MarketModel) -> Floats:
    """Return sales over units, USD bn a unit."""
    labs = market.labs
    return ratio(total(labs.revenue), total(total(labs.sold, 1)))


def flagship_price(market: MarketModel) -> Floats:
    """Return sales over units as the best model would have served them, USD bn a unit.

    What small models do counts as the part that it takes of the best model's compute.
    """
    labs = market.labs
    return ratio(total(labs.revenue), total(total(labs.sold * market.economy.routine, 1)))


def price_at_fixed_capability(market: MarketModel) -> Floats:
    """Return the price of what the best model could do at the start, which ever smaller models do, USD bn a unit."""
    labs = market.labs
    gained = frontier(labs.capability, labs.active) - market.economy.first_lead[0]
    return flagship_price(market) * np.exp(-LN_10 * market.parameters.distillation * gained)


def markup(market: MarketModel) -> Floats:
    """Return labs' sales over the rent of the compute that served them, less one."""
    labs = market.labs
    return ratio(total(labs.revenue), total(labs.serving) * market.economy.market_rent) - 1.0


def unserved_share(market: MarketModel) -> Floats:
    """Return the part of what customers asked for that was not served, by the compute that it takes."""
    unserved = market.economy.unserved
    return ratio(unserved, unserved + total(market.labs.serving))


def _of(row: int, segment: str) -> dict[str, Indicator]:
    """Return the indicators of a segment, by name."""

    def margin(market: MarketModel) -> Floats:
        labs = market.labs
        worth = total(labs.sold[:, row] * labs.service_intensity[:, row]) * market.economy.market_rent
        return 1.0 - ratio(worth, total(labs.sales[:, row]))

    def lerner(market: MarketModel) -> Floats:
        labs = market.labs
        return ratio(total(labs.all.lerner[:, row] * labs.sales[:, row]), total(labs.sales[:, row]))

    return {
        f"{segment}_sales": Indicator(USD, f"sales, {segment}", lambda m: total(m.labs.sales[:, row])),
        f"{segment}_price": Indicator(
            "USD bn/unit", f"price index, {segment}, open models included", lambda m: m.economy.price_index[row]
        ),
        f"{segment}_lerner": Indicator(PURE, f"margin over price that competition leaves, {segment}", lerner),
        f"{segment}_margin": Indicator(PURE, f"margin over the rent of compute, of the price, {segment}", margin),
        f"{segment}_adoption": Indicator(
            "units/quarter", f"use at the reference price, {segment}", lambda m: m.economy.adoption[row]
        ),
        f"{segment}_concentration": Indicator(
            PURE, f"HHI of labs' sales, {segment}", lambda m: concentration(m.labs.sales[:, row])
        ),
        f"{segment}_open_share": Indicator(
            PURE, f"share of open models in use, {segment}", lambda m: m.economy.fringe_share[row]
        ),
    }


SEGMENT_INDICATORS: dict[str, Indicator] = {
    "service_price": Indicator("USD bn/unit", "sales of AI services over units", service_price),
    "flagship_price": Indicator("USD bn/unit", "sales over units as the best model would serve them", flagship_price),
    "price_at_fixed_capability": Indicator(
        "USD bn/unit", "price of what the best model could do at the start", price_at_fixed_capability
    ),
    "markup": Indicator(PURE, "labs' sales over the rent of the compute that served them, less one", markup),
    "unserved_share": Indicator(PURE, "AI services asked for and not served, by compute", unserved_share),
    **{name: item for row, segment in enumerate(SEGMENTS) for name, item in _of(row, segment).items()},
}
