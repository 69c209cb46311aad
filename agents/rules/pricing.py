"""How prices move."""

from __future__ import annotations

from typing import Any

from ..state.arrays import Floats, clip, positive


def price_towards(price: Floats, target: Floats, greatest_cut: Any, greatest_rise: Any) -> Floats:
    """Return a price that moves to its target by no more than a cut or a rise, both factors, in a quarter."""
    return price * clip(target / price, greatest_cut, greatest_rise)


def price_after_lead_time(price: Floats, lead_time: Floats, normal: Any, speed: Any) -> Floats:
    """Return a price that rises with the backlog: p' = p (1 + eta clip(lt / lt* - 1, -1, 1))."""
    return price * (1.0 + speed * clip(lead_time / normal - 1.0, -1.0, 1.0))


def scarcity_price(marginal_cost: Floats, reserve: Floats, ceiling: Any, enough: Any) -> Floats:
    """Return the price of power: p = mc + (cap - mc) clip(1 - r / r*, 0, 1)^2, an operating-reserve adder.

    Args:
        marginal_cost: running cost of the marginal plant, USD/MWh.
        reserve: spare capacity over all capacity, r.
        ceiling: the highest price the market allows.
        enough: r*, the reserve at which nobody pays for scarcity.
    """
    shortage = clip(1.0 - reserve / enough, 0.0, 1.0)
    return marginal_cost + positive(ceiling - marginal_cost) * (shortage * shortage)
