"""What more money for one lab does to its compute, to its pace and to everybody's compute."""

import numpy as np
import pytest

from .pairs import RECIPIENT, deal_of, paired

pytestmark = pytest.mark.sign

STEPS = [(0, 1), (1, 2), (2, 4)]
"""Amounts in units of 35 bn: 0, 35, 70 and 140."""

START = -0.05
"""Capability of the recipient's model at the start, OOM."""


def all_compute(factor, quarter, **parameters):
    """Fleets of all labs, M H100e, shape (R,)."""
    return deal_of(factor, **parameters).values("lab_compute")[quarter]


def own_compute(factor, quarter):
    """The recipient's fleet, M H100e, shape (R,)."""
    return deal_of(factor).values("compute", "ai_labs")[quarter, RECIPIENT]


def time_to(rise, factor):
    """Quarters until the recipient's model is better by a number of OOM, parts of a quarter included, shape (R,)."""
    ensemble = deal_of(factor)
    capability, carried = (ensemble.values(name, "ai_labs")[:, RECIPIENT] for name in ("capability", "carried"))
    there = capability >= START + rise
    assert there.any(0).all()
    quarter = there.argmax(0)
    return quarter + 1.0 - np.take_along_axis(carried, quarter[None], 0)[0]


@pytest.mark.parametrize(("less", "more"), STEPS)
def test_more_money_gives_the_recipient_more_compute(less, more):
    """T21: K_1 in 2027Q2 rises with the amount: 4.6, then + .35, + .57 and + 1.3 M H100e at 35, 70 and 140 bn."""
    assert paired(own_compute(more, 5), own_compute(less, 5)).rises


@pytest.mark.parametrize(("less", "more"), STEPS)
def test_more_money_brings_the_next_order_of_magnitude_sooner(less, more):
    """T21: the time to + 1 OOM falls with the amount, by .21, .14 and .09 quarters from step to step."""
    assert paired(time_to(1.0, more), time_to(1.0, less)).falls


def test_for_a_year_the_deal_gives_all_labs_together_more_compute():
    """T20 at news 0: 35 bn add .04 M H100e to 25 in 2027Q2."""
    assert paired(all_compute(1, 5), all_compute(0, 5)).rises


@pytest.mark.parametrize(("less", "more", "quarter"), [(0, 1, 9), (1, 2, 13), (0, 4, 13)])
def test_later_the_deal_takes_compute_from_all_labs_together(less, more, quarter):
    """T20 expects more money to add nothing by 2029Q2; here it takes some: what is lent on the deal others go without.

    35 bn take .09 M H100e of 54 in 2028Q2 and nothing that is sure a year later, the second 35 bn .3 of 110 in 2029Q2,
    140 bn .9. While plans sat on hard caps, others' want of money could not matter, and the sign was the other one.
    """
    assert paired(all_compute(more, quarter), all_compute(less, quarter)).falls


@pytest.mark.parametrize("quarter", [5, 9, 13])
@pytest.mark.parametrize("factor", [1, 2])
def test_where_the_news_lifts_moods_the_deal_raises_the_compute_of_all_labs(factor, quarter):
    """T20 where the announcement is assumed to lift moods (z_news = .6), a treatment and no finding: all rise."""
    news = {"announcement_effect": 0.6}
    assert paired(all_compute(factor, quarter, **news), all_compute(0, quarter, **news)).rises


def test_while_chips_are_scarce_the_deal_adds_no_chip_to_the_world():
    """T20: until 2026Q3 vendors sell all they make in every replicate, so that the deal moves chips and makes none.

    In 2027Q1 they have some left in two of five.
    """
    with_deal, without = deal_of(1), deal_of(0)
    world = [e.values("lab_compute")[2] + e.values("outside_compute")[2] for e in (with_deal, without)]
    np.testing.assert_allclose(world[0], world[1], rtol=1e-9)
