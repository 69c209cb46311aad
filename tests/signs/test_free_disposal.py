"""Nobody is worse off for having more: half as many chips again, for nothing, beside the same world without them."""

from functools import cache

import numpy as np
import pytest

import aimarket

from .pairs import paired

pytestmark = pytest.mark.sign

QUARTERS = 16
REPLICATES = 512
GIFT = 1.5


@cache
def world(factor):
    """Best model and algorithms and mean markup by quarter, where all fleets and their power begin times a factor."""
    model = aimarket.MarketModel("baseline", rng=7, replicates=REPLICATES, record=("indicators",))
    labs = model.labs
    labs.commit(fleet=factor * labs.fleet, fleet_power=factor * labs.fleet_power)
    for _ in range(QUARTERS):
        model.step()
    return model.history.series("indicators").values


def effect(indicator, quarter):
    """What the gift does to an indicator."""
    return paired(world(GIFT)[indicator][quarter], world(1.0)[indicator][quarter])


@pytest.mark.parametrize("quarter", range(QUARTERS))
def test_free_chips_never_make_the_best_model_worse(quarter):
    """L3: better by .01 to .04 OOM for two years, alike after that; while labs kept all chips, worse by .04 in 2029."""
    assert not effect("frontier_capability", quarter).falls


def test_free_chips_make_the_best_model_better_for_a_while():
    assert effect("frontier_capability", 4).rises


@pytest.mark.parametrize("quarter", range(QUARTERS))
def test_free_chips_never_raise_markups(quarter):
    """L3: markups fall by up to .02."""
    assert effect("markup", quarter).falls


@pytest.mark.parametrize("quarter", [3, 7, 11])
def test_free_chips_hasten_algorithms(quarter):
    assert effect("frontier_efficiency", quarter).rises


def test_few_chips_are_given_up_where_nothing_is_for_free():
    """At the defaults labs give up less than a hundredth of their fleets in a quarter."""
    model = aimarket.MarketModel("baseline", rng=7, replicates=16)
    parts = []
    for _ in range(QUARTERS):
        fleet = model.labs.all.compute.sum(0)
        model.step()
        parts.append(model.labs.retired.sum(0) / fleet)
    assert np.mean(parts) < 0.01
