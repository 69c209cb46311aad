"""What compute costs its owner by the quarter, and what landlords ask for it."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..state.arrays import Floats, clip, positive, power, total

SOON_ENDED = 5
"""Quarters within which contracts end that labs replace already (specification 2, section 2)."""

QUARTERS_A_YEAR = 4.0

USD_PER_HOUR = 2.19
"""USD bn per M H100e and quarter of 1 USD per H100e-hour: a quarter has 2,190 hours."""

SUBLET_PRICE = 0.9
"""What a tenant gets for what it lets on, of the spot price (specification 2, section 2; assumption)."""

LOWEST_GAP = -0.4
HIGHEST_GAP = 0.4
"""How far tightness may lie from normal before the markup stops to respond more (specification 2, section 2)."""


def of_all_quarters(cohorts: Floats) -> Floats:
    """Return the sum of cohorts of contracts over the quarters until they end, shape (clouds, labs, R)."""
    return total(cohorts, 2)


def by_quarter(cohorts: Floats) -> Floats:
    """Return the sum of cohorts of contracts over labs, by the quarters until they end, shape (clouds, quarters, R)."""
    return total(cohorts, 1)


def ending_soon(cohorts: Floats) -> Floats:
    """Return the contracts that labs replace already since they end soon, shape (clouds, labs, R)."""
    return total(cohorts[:, :, :SOON_ENDED], 2)


def left_to_pay(values: Floats) -> Floats:
    """Return the rent that cohorts of contracts have still to pay, shape (clouds, labs, R): sum of k x value."""
    return total(values * np.arange(values.shape[2], dtype=np.float64)[:, None], 2)


def user_cost(landed: Any, hall: Any, energy: Any, rate: Any, terms: Any) -> Any:
    """Return what new capacity costs its owner: depreciation and money, power and operations, USD bn per M-quarter.

    u = landed (1/chip_life + r/4) + hall (1/hall_life + r/4) + energy + operations (landed + hall), Jorgenson (1963).

    Args:
        landed: chips with clusters, USD bn per M H100e.
        hall: the halls they take, USD bn per M H100e.
        energy: their power, USD bn per M H100e and quarter.
        rate: cost of money, 1/yr.
        terms: lives in quarters and `plant_operating_cost` a quarter.
    """
    money = rate / QUARTERS_A_YEAR
    chips = landed * (1.0 / terms.chip_life + money)
    return chips + hall * (1.0 / terms.hall_life + money) + energy + terms.plant_operating_cost * (landed + hall)


def rent_markup(tightness: Any, concentration: Any, terms: Any) -> Any:
    """Return the markup over user cost: (1 + m0 (HHI/HHI0)^e) exp(s clip(tightness - normal)) - 1.

    Args:
        tightness: what is let, promised and asked for over what runs.
        concentration: HHI of landlords relative to the start.
        terms: base_markup m0, markup_concentration e, markup_slope s and normal_tightness.
    """
    gap = clip(tightness - terms.normal_tightness, LOWEST_GAP, HIGHEST_GAP)
    base = 1.0 + terms.base_markup * power(concentration, terms.markup_concentration)
    return base * np.exp(terms.markup_slope * gap) - 1.0


def spot_weight(fade: Any, term: Any) -> Any:
    """Return how much today's spot price weighs in a contract: chi = (1 - exp(-fade term)) / (fade term)."""
    return (1.0 - np.exp(-fade * term)) / (fade * term)


def aimed_rent(cost: Any, markup: Any, spot: Any, weight: Any) -> Any:
    """Return the rent that a landlord aims at: (1 + markup) cost, and part of what spot pays beyond it."""
    aim = (1.0 + markup) * cost
    return aim + weight * positive(spot - aim)


def damped(quarters: Any, fade: Any) -> Any:
    """Return for how many quarters of growth a horizon counts: G(h) = (1 - exp(-rho h)) / rho."""
    return (1.0 - np.exp(-fade * quarters)) / fade


def spot_price(scarcity: Any, reference: Any, floor: Any, terms: Any) -> Any:
    """Return the price of a short let: reference x min(scarcity^(1/elasticity), cap), never below running cost.

    Args:
        scarcity: compute asked for at the reference price over compute that is free, D/F.
        reference: the price of a one-year contract, USD bn per M H100e and quarter.
        floor: running cost, likewise.
        terms: let_elasticity and spot_cap.
    """
    return np.maximum(floor, np.minimum(power(scarcity, 1.0 / terms.let_elasticity), terms.spot_cap) * reference)


def moved(price: Floats, aim: Floats, speed: Any) -> Floats:
    """Return a price that closes part of its distance to an aim, in logs: p' = p (aim / p)^speed."""
    return price * power(aim / price, speed)
