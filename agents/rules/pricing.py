"""How prices move."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..state.arrays import Floats, clip, positive

LOWEST_TIGHTNESS = -0.3
HIGHEST_TIGHTNESS = 0.5
"""How far utilisation may lie from its target before the markup stops to respond more (specification P5)."""


def adjusted_markup(markup: Floats, utilisation: Floats, target: Any, speed: Any) -> Floats:
    """Return a markup that rises when capacity is short: m' = m (1 + a clip(u - u*, -0.3, 0.5)) (K+S, Dosi 2010).

    Args:
        markup: markup over unit cost so far.
        utilisation: demand over capacity u.
        target: u*, the utilisation at which the markup rests.
        speed: a, the speed of adjustment.
    """
    return markup * (1.0 + speed * clip(utilisation - target, LOWEST_TIGHTNESS, HIGHEST_TIGHTNESS))


def price_towards(price: Floats, target: Floats, greatest_cut: Any, greatest_rise: Any) -> Floats:
    """Return a price that moves to its target by no more than a cut or a rise, both factors, in a quarter."""
    return price * clip(target / price, greatest_cut, greatest_rise)


def price_after_wait(price: Floats, wait: Floats, normal: Any, answer: Any) -> Floats:
    """Return a price that rises with the time orders take: p' = p exp(a tanh(ln(w / w*))), tanh(ln x) written out."""
    square = (wait / normal) * (wait / normal)
    return price * np.exp(answer * (square - 1.0) / (square + 1.0))


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
