"""Credit by class: what lenders ask of bonds and of private credit, what those outside take, and what they learn."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..state.arrays import TINY, Floats, clip, positive, power, ratio

CLASSES = ("bonds", "private")
"""Bonds of rated firms, and asset-backed and private credit, in the order of arrays over classes of credit."""

BONDS, PRIVATE = 0, 1

RATED_BELOW = 0.012
RATED_WIDTH = 0.002
"""Default probability at which half of a firm's debt is bonds, and how gently the part falls with it (specification 2,
section 4; assumption)."""

LEAST_SCARCITY = 0.0005
MOST_SCARCITY = 0.10
SLOWEST, FASTEST = 0.8, 1.25
"""Bounds of the scarcity premium, 1/yr, and of its change in a quarter, as a factor (specification 2, section 4)."""

SUPPLY_RANGE = 3.0
"""How many times its depth rates may lie from the usual before outside lenders respond no more."""


def class_weights(risk: Floats) -> Floats:
    """Return the parts of firms' new debt that are bonds and private credit, shape (2, *risk).

    The part in bonds is 1/(1 + exp((PD - .012)/.002)).

    Examples:
        >>> import numpy as np
        >>> class_weights(np.array([0.012, 0.05])).round(3)
        array([[0.5, 0. ],
               [0.5, 1. ]])
    """
    rated = 1.0 / (1.0 + np.exp((risk - RATED_BELOW) / RATED_WIDTH))
    return np.stack([rated, 1.0 - rated])


def premium(floor: Any, learnable: Any, known: Any, learning: Any, scarcity: Any) -> Any:
    """Return a class's premium at neutral moods: floor + learnable (experience/experience0)^-learning + scarcity.

    Args:
        floor: what no experience takes away, 1/yr.
        learnable: what lenders ask because they know the class little, 1/yr.
        known: experience over that at the start.
        learning: how fast experience lowers it.
        scarcity: what they ask because requests exceed their money, 1/yr.
    """
    return floor + learnable * power(np.maximum(known, TINY), -learning) + scarcity


def after_discovery(learnable: Any, experience: Any, priced: Any, margin: Any, discovery: Any) -> Any:
    """Return the learnable premium after deals were priced apart from quotes, never below zero.

    Args:
        learnable: before, 1/yr.
        experience: what lenders know of the class, USD bn.
        priced: what was drawn on deals, USD bn.
        margin: for each of these dollars the contract's rate less the quoted one, summed, USD bn a year.
        discovery: how far a price is taken as news.
    """
    return positive(learnable + discovery * margin / np.maximum(priced + experience, TINY))


def after_scarcity(scarcity: Any, asked: Any, could: Any, speed: Any) -> Any:
    """Return the scarcity premium after a quarter: s clip((asked/could be placed)^speed, .8, 1.25), within its bounds.

    Args:
        scarcity: before, 1/yr.
        asked: what was asked of managers, USD bn; where it is nothing the premium stays.
        could: what they could have placed, USD bn.
        speed: response to the shortage.
    """
    short = power(np.maximum(ratio(asked, could), TINY), speed)
    factor = np.where(asked > TINY, clip(short, SLOWEST, FASTEST), 1.0)
    return clip(scarcity * factor, LEAST_SCARCITY, MOST_SCARCITY)


def openness(most: Any, rate: Any, reservation: Any, depth: Any) -> Any:
    """Return the part of a request that outside lenders would take: most x clip((rate - reservation)/depth, 0, 1)."""
    return most * clip((rate - reservation) / depth, 0.0, 1.0)


def supply(flow: Any, rate: Any, reservation: Any, depth: Any) -> Any:
    """Return what outside lenders have for a class: flow exp(clip((rate - reservation)/depth - 1, -3, 3)), USD bn."""
    return flow * np.exp(clip((rate - reservation) / depth - 1.0, -SUPPLY_RANGE, SUPPLY_RANGE))


def within_means(would_take: Any, used: Any, supplied: Any) -> Any:
    """Return which part of what they would take outside lenders' money reaches: 1 / (1 + (x + used)/supply).

    What they take, x times this part, is never more than their supply.

    Args:
        would_take: x, the open part of what is asked of a class, USD bn.
        used: the open part of what deals drew in the quarter before, USD bn.
        supplied: their money for the class, USD bn.
    """
    return 1.0 / (1.0 + ratio(would_take + used, supplied))
