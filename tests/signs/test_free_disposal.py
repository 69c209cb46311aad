"""Chips for nothing harm nobody: what has no hall makes way for better ones."""

from functools import cache

import numpy as np
import pytest

import aimarket

from .pairs import paired

pytestmark = pytest.mark.sign

QUARTERS = 16
REPLICATES = 512
GIFT = 1.5
LATER = range(10, QUARTERS)
"""Quarters from 2028Q3 on, 0 being 2026Q1, in which halls bind most."""


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


@pytest.mark.parametrize("quarter", range(QUARTERS))
def test_free_chips_make_no_best_model_worse(quarter):
    """L3: better by .022 OOM [.016, .028] in 2026Q2 and .007 [.002, .012] in 2027Q2, alike in the quarters after."""
    assert not effect("frontier_capability", quarter).falls


def test_who_keeps_all_chips_makes_the_best_model_worse():
    """By .014 OOM [.006, .023] in 2029Q2, which giving chips up saves; the quarters around leave it open."""
    assert effect("frontier_capability", 13, kept=True).falls
    assert gained("frontier_capability", 13).rises


@pytest.mark.parametrize("quarter", range(QUARTERS))
@pytest.mark.parametrize("segment", ["consumer", "enterprise", "coding"])
def test_free_chips_raise_no_margin_that_competition_leaves(quarter, segment):
    """L3: none rises by more than a thousandth."""
    assert effect(f"{segment}_lerner", quarter).low < 1e-3


@pytest.mark.parametrize("quarter", range(QUARTERS))
def test_free_chips_move_no_markup_by_a_fortieth(quarter):
    """L3 expects none to rise. Over rents they do, which fall by more than prices, by .014 [.009, .018] in 2027Q2.

    From 2028Q1 on they fall by as much: who has chips orders fewer, vendors who sell less build less, and chips and
    compute are scarcer two years on. Margins over cost, which competition decides, do not move.
    """
    found = effect("markup", quarter)
    assert found.low > -0.025
    assert found.high < 0.025


@pytest.mark.parametrize("quarter", LATER)
def test_who_keeps_all_chips_raises_markups(quarter):
    """By .028 [.022, .035] in 2029Q2, all of which giving chips up takes."""
    assert effect("markup", quarter, kept=True).rises
    assert gained("markup", quarter).falls


@pytest.mark.parametrize("quarter", [1, 3, 5])
def test_free_chips_hasten_algorithms_at_first(quarter):
    """By .0023 nat until 2027Q1; from 2028Q1 on, when chips are scarcer, they are later by up to .006."""
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
    """At the defaults less than a fiftieth of their fleets in a quarter: 1.4 %."""
    assert given_up("ai_labs") < 0.02


def test_clouds_give_a_twenty_fifth_of_theirs_up_in_a_quarter():
    """At the defaults 4.1 %, more than retires: halls bind, and what comes does more with a hall."""
    assert 0.03 < given_up("clouds") < 0.055
