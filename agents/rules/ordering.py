"""How orders of chips answer: to what chips earn, to how long they take, and to better ones that are announced."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..state.arrays import TINY, positive, power

QUARTERS_A_YEAR = 4.0

GW_QUARTER = 2190.0 * 1e-6
"""USD bn for a quarter of 1 GW at 1 USD/MWh."""


def worth_of_chips(rent: Any, hall: Any, energy: Any, landed: Any, rate: Any, terms: Any) -> Any:
    """Return what chips delivered today are worth by the rent they earn: the price at which they just pay.

    w = (rent - energy - operations (landed + hall) - hall (1/hall_life + r/4)) / (1/chip_life + r/4): at a rent equal
    to user cost it is the landed price (specification 2, section 5).

    Args:
        rent: what compute earns, USD bn per M H100e and quarter.
        hall: the halls that chips take, USD bn per M H100e.
        energy: their power, USD bn per M H100e and quarter.
        landed: chips with clusters, USD bn per M H100e.
        rate: cost of money, 1/yr.
        terms: lives in quarters and `plant_operating_cost` a quarter.
    """
    money = rate / QUARTERS_A_YEAR
    costs = energy + terms.plant_operating_cost * (landed + hall) + hall * (1.0 / terms.hall_life + money)
    return positive(rent - costs) / (1.0 / terms.chip_life + money)


def worth_over_price(landed: Any, rated: Any, rate: Any, signals: Any, terms: Any) -> Any:
    """Return what chips delivered today would earn over what they cost, at today's rent for large tenants.

    Args:
        landed: chips with clusters, USD bn per M H100e.
        rated: their IT power, GW per M H100e.
        rate: cost of money, 1/yr.
        signals: what everybody can see.
        terms: lives in quarters and `plant_operating_cost` a quarter.
    """
    drawn = rated * signals.new_hall_pue
    hall, energy = drawn * signals.hall_cost, drawn * signals.power_price * GW_QUARTER
    return worth_of_chips(signals.market_rent, hall, energy, landed, rate, terms) / np.maximum(landed, TINY)


def answer_to_worth(worth: Any, first: Any, answer: Any) -> Any:
    """Return by what factor orders move with worth over price: (w / w0)^answer."""
    return power(np.maximum(worth, TINY) / np.maximum(first, TINY), answer)


def answer_to_wait(wait: Any, normal: Any, discount: Any) -> Any:
    """Return by what factor orders move with the time they take: exp(-discount (wait - normal))."""
    return np.exp(-discount * (wait - normal))


def not_put_off(quarters: Any, performance: Any, waiting: Any, horizon: Any) -> Any:
    """Return the part of orders that customers do not put off for a better generation, at least none.

    Args:
        quarters: time until that generation comes.
        performance: its performance, as a factor upon the newest one.
        waiting: part of orders put off for each unit of performance gained.
        horizon: quarters within which they wait.
    """
    return positive(1.0 - waiting * positive(performance - 1.0) * (quarters <= horizon))


def cancelled_part(worth: Any, price: Any, prepaid: Any, pace: Any) -> Any:
    """Return the part of orders that is cancelled since they would not earn their price.

    Args:
        worth: what chips would earn.
        price: what they cost, in the same unit.
        prepaid: part of the orders that is paid for.
        pace: part of what is not paid for that would be cancelled if chips were worth nothing.
    """
    return pace * (1.0 - prepaid) * positive(1.0 - worth / np.maximum(price, TINY))
