"""What laws are tried on: scenarios, parameters anywhere in their ranges, seeds; and how often.

Worlds are tried side by side, as replicates of one model. A test of the suite tries few, always the same; ``make laws``
sets AIMARKET_WORLDS and tries others.
"""

import os
from typing import Any, NamedTuple

import numpy as np
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import aimarket

REPLICATES = 16
STEPS = 10
"""Parts in which the range of a parameter is cut: its ends are drawn, and shrinking is quick."""

SCENARIOS = (
    *("baseline", "deal_35bn", "deal_split", "deal_reported", "rd_only"),
    *("bust", "credit_crunch", "rent_squeeze", "neocloud_default"),
)

UNCERTAIN = {
    name: item
    for name, item in aimarket.parameters().items()
    if item.uncertain and not item.structural and name != "price_level"
}


class World(NamedTuple):
    """A world in which a law is to hold."""

    case: Any
    parameters: dict[str, np.ndarray]
    seed: int


def along(name, steps):
    """Return the values of a parameter so many steps along its range."""
    item = UNCERTAIN[name]
    return item.low + (item.high - item.low) * steps / STEPS


@st.composite
def worlds(draw, scenarios=SCENARIOS, without=()):
    """Any scenario, with up to eight parameters, each with a value of its own in every replicate."""
    names = draw(st.lists(st.sampled_from(sorted(UNCERTAIN.keys() - set(without))), max_size=8, unique=True))
    places = hnp.arrays(np.int64, REPLICATES, elements=st.integers(0, STEPS))
    values = {name: along(name, draw(places)) for name in names}
    return World(aimarket.load_scenario(draw(st.sampled_from(scenarios))), values, draw(st.integers(0, 99)))


def examples(few, side_by_side=REPLICATES):
    """Return how often a law is tried: on a few sets of worlds, or on as many worlds as are asked for, always new."""
    asked = int(os.environ.get("AIMARKET_WORLDS", "0"))
    return settings(
        max_examples=-(-asked // side_by_side) or few,
        derandomize=not asked,
        deadline=None,
        print_blob=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
