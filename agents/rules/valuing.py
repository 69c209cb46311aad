"""What shares are worth: expected profits discounted at a required return, and what buyers outside pay."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..state.arrays import TINY, Floats, clip, positive, power, ratio, total
from .limits import smooth_cap
from .renting import damped

YEAR = 4.0
YEARS_AHEAD = 5.0
"""Years that buyers of a lab's shares look ahead (specification 2, section 4; assumption)."""

LEAST_SPREAD = 0.04
"""Least distance of the required return from long growth, 1/yr (specification 2, section 4)."""

ROUND_SPEED = 0.3
"""How fast the value that rounds go by follows the value of the day, in logs (specification 2, section 4)."""

MARGIN_SPEED = 0.03
LEAST_MARGIN, MOST_MARGIN = -0.2, 0.5
"""How fast owners change the margin that they believe in, and within what range they read a quarter's."""

LARGEST_ISSUE = 0.15
"""Most that buyers outside reckon with of a return beyond the required one, 1/yr."""

LEAST_CHANGE = 1e-3
"""Value over the last round's below which a fall counts no more."""


def spread(required: Any, long_growth: Any) -> Any:
    """Return the required return less long growth, at least .04, 1/yr; one over it values a lasting profit."""
    return np.maximum(required - long_growth, LEAST_SPREAD)


def sales_ahead(revenue: Any, growth: Any, terms: Any) -> Any:
    """Return what a lab's sales would come to in five years: cap(4 rev exp(g G(20)), believed size), USD bn a year.

    Args:
        revenue: sales, USD bn a quarter.
        growth: their expected growth, 1/quarter; it fades.
        terms: growth_fade and believed_size.
    """
    sales = YEAR * revenue * np.exp(growth * damped(YEAR * YEARS_AHEAD, terms.growth_fade))
    return smooth_cap(sales, terms.believed_size)


def believed_sales(ahead: Floats, compute: Floats, part: Any) -> Floats:
    """Return the sales that a lab's owners believe in, USD bn a year, shape (labs, R): its own path, or its chance.

    The chance of who sells little yet is its part of labs' compute, at what all labs will sell. Owners are those who
    believe most in a lab, since nobody sells its shares short (Miller 1977): they go by the better of the two.

    Args:
        ahead: what sales of each lab would come to, USD bn a year.
        compute: what runs for each, M H100e.
        part: the part of that chance that they believe in.
    """
    return np.maximum(ahead, part * ratio(compute, total(compute)) * total(ahead))


def discounted_profits(sales: Any, margin: Any, required: Any, terms: Any) -> Any:
    """Return what a lab's business is worth: sales in five years at a believed margin, discounted.

    V = sales max(margin, 0) / (r_e - g_long) exp(-5 r_e).

    Args:
        sales: in five years, USD bn a year.
        margin: earnings before interest and tax over sales that is believed to last.
        required: the required return r_e, 1/yr.
        terms: long_growth.
    """
    profits = sales * positive(margin)
    return profits / spread(required, terms.long_growth) * np.exp(-YEARS_AHEAD * required)


def believed_margin(margin: Any, profit: Any, sales: Any) -> Any:
    """Return the margin that owners believe in after a quarter; without sales it stays."""
    seen = clip(profit / np.maximum(sales, TINY), LEAST_MARGIN, MOST_MARGIN)
    return np.where(sales > TINY, margin + MARGIN_SPEED * (seen - margin), margin)


def next_round(rounds: Floats, value: Floats) -> Floats:
    """Return the value that the next round goes by: v' = v (value/v)^.3; a firm that is new goes by its own."""
    change = np.maximum(ratio(value, rounds), LEAST_CHANGE)
    return np.where(rounds > TINY, rounds * power(change, ROUND_SPEED), value)


def wanted_outside(rounds: Floats, value: Floats, depth: Any) -> Floats:
    """Return the shares that buyers outside want: depth x round value x cap(ln(value/round value)/5, .15), USD bn.

    The logarithm is what they expect to earn beyond the required return, over five years.
    """
    excess = np.log(np.maximum(ratio(value, rounds), 1.0)) / YEARS_AHEAD
    return depth * rounds * smooth_cap(excess, LARGEST_ISSUE)
