"""Chips for nothing harm nobody for two years, and little after that: what has no hall makes way for better ones."""

from functools import cache

import numpy as np
import pytest

import aimarket

from .pairs import paired

pytestmark = pytest.mark.sign

QUARTERS = 16
REPLICATES = 512
GIFT = 1.5
TWO_YEARS = 7
"""Quarters of two years, 0 being 2026Q1, up to 2027Q3."""


class Keeping(aimarket.AILab):
    """A lab that never gives a chip up."""

    def retire_chips(self, signals):
        return np.zeros_like(self.active)


class KeepingCloud(aimarket.Cloud):
    """A cloud that never gives a chip up."""

    def retire_chips(self, signals):
        return np.zeros_like(self.active)


@cache
def world(factor, kept=False):
    """What is measured by quarter where labs' fleets and their power begin times a factor, without halls for more."""
    firms = {}
    if kept:
        start = aimarket.load_start()
        firms = dict.fromkeys(start.names("ai_labs"), Keeping) | dict.fromkeys(start.names("clouds"), KeepingCloud)
    model = aimarket.MarketModel("baseline", rng=7, replicates=REPLICATES, record=("indicators",), firms=firms)
    labs = model.labs
    labs.commit(fleet=factor * labs.fleet, fleet_power=factor * labs.fleet_power)
    for _ in range(QUARTERS):
        model.step()
    return model.history.series("indicators").values


def effect(indicator, quarter, kept=False):
    """What the gift does to an indicator."""
    return paired(world(GIFT, kept)[indicator][quarter], world(1.0, kept)[indicator][quarter])


def gained(indicator, quarter):
    """What giving chips up changes in the gift's effect on an indicator."""
    with_gift, without = (
        world(GIFT, kept)[indicator][quarter] - world(1.0, kept)[indicator][quarter] for kept in (False, True)
    )
    return paired(with_gift, without)


@pytest.mark.parametrize("quarter", range(TWO_YEARS))
def test_free_chips_make_no_best_model_worse_for_two_years(quarter):
    """L3: better by .005 OOM [.003, .008] in 2026Q2, alike or better in the quarters that follow."""
    assert not effect("frontier_capability", quarter).falls


@pytest.mark.parametrize("quarter", range(TWO_YEARS, QUARTERS))
def test_free_chips_cost_the_best_model_a_fiftieth_of_an_order_of_magnitude_after_that(quarter):
    """L3 expects no loss: there is one of up to .022 OOM [.012, .032], in 2029Q1.

    Who has chips orders fewer, vendors who sell less build less, and chips are scarcer two years on: the wait for them
    is shorter by .07 quarters at first and longer by as much in 2028.
    Where labs and clouds keep all chips there is no sure loss then: .001 OOM [-.006, .007].
    """
    found = effect("frontier_capability", quarter)
    assert found.low > -0.033
    assert found.mean > -0.0225


@pytest.mark.parametrize("quarter", [14, 15])
def test_giving_chips_up_brings_labs_compute_in_the_end(quarter):
    """By .93 M H100e [.83, 1.04] in 2029Q3 and 1.07 [.95, 1.18] in 2029Q4: what came does more with a hall."""
    assert gained("lab_compute", quarter).rises


@pytest.mark.parametrize("quarter", [10, 11, 12, 13])
def test_giving_chips_up_costs_labs_a_million_at_most_before_better_ones_come(quarter):
    """L3 expects no cost: it is up to .83 M H100e [.78, .89], in 2029Q1.

    Chips make room for all that is wanted, although part of the orders is put off for the next generation.
    """
    assert gained("lab_compute", quarter).low > -1.0


@pytest.mark.parametrize("quarter", range(QUARTERS))
@pytest.mark.parametrize("segment", ["consumer", "enterprise", "coding"])
def test_free_chips_raise_no_margin_that_competition_leaves(quarter, segment):
    """L3: none rises surely by more than two thousandths: coding's does by .0024 [.0017, .0032] in 2029Q4."""
    assert effect(f"{segment}_lerner", quarter).low < 2e-3


@pytest.mark.parametrize("quarter", range(QUARTERS))
def test_free_chips_move_no_markup_by_a_fortieth(quarter):
    """L3 expects none to rise: where prices ration, rents fall by more than prices, by .016 [.011, .022] in 2029Q2."""
    found = effect("markup", quarter)
    assert found.low > -1.0 / 60.0
    assert found.high < 1.0 / 40.0


@pytest.mark.parametrize("quarter", [13, 14, 15])
def test_who_keeps_all_chips_raises_markups(quarter):
    """By .046 [.040, .052] at the end of 2029, all of which giving chips up takes; before 2029Q2 it is within .02."""
    assert effect("markup", quarter, kept=True).rises
    assert gained("markup", quarter).falls


@pytest.mark.parametrize("quarter", [1, 3])
def test_free_chips_hasten_algorithms_at_first(quarter):
    """By .0006 nat until 2026Q4; from 2027Q4 on, when chips are scarcer, they are later by up to .006."""
    assert effect("frontier_efficiency", quarter).rises


def given_up(kind):
    """Return which part of its chips a kind of owner gives up in a quarter, mean over 2026 to 2029, at the defaults."""
    model = aimarket.MarketModel("baseline", rng=7, replicates=16, record=())
    firms = next(firms for firms in model.owners if firms.kind.group == kind)
    parts = []
    for _ in range(QUARTERS):
        fleet = firms.all.compute.sum(0)
        model.step()
        parts.append(firms.given_up.sum(0) / fleet)
    return np.mean(parts)


def test_labs_give_few_chips_up_where_nothing_is_for_free():
    """At the defaults less than a fiftieth of their fleets in a quarter: 1.5 %."""
    assert given_up("ai_labs") < 0.02


def test_clouds_give_a_thirtieth_of_theirs_up_in_a_quarter():
    """At the defaults 3.0 %, more than retires: halls bind, and what comes does more with a hall."""
    assert 0.015 < given_up("clouds") < 0.035
