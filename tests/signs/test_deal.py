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
    """Compute that runs for all labs, M H100e, shape (R,)."""
    return deal_of(factor, **parameters).values("lab_compute")[quarter]


def own_compute(factor, quarter):
    """Compute that runs for the recipient, M H100e, shape (R,)."""
    return deal_of(factor).values("powered_compute", "ai_labs")[quarter, RECIPIENT]


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
    """T21: K_1 in 2027Q2 rises with the amount: 6.2, then + .5, + .4 and + .7 M H100e at 35, 70 and 140 bn."""
    assert paired(own_compute(more, 5), own_compute(less, 5)).rises


@pytest.mark.parametrize(("less", "more"), STEPS)
def test_more_money_brings_the_next_order_of_magnitude_sooner(less, more):
    """T21: the time to + 1 OOM falls with the amount, by .09, .07 and .13 quarters from step to step."""
    assert paired(time_to(1.0, more), time_to(1.0, less)).falls


@pytest.mark.parametrize("quarter", [5, 13])
@pytest.mark.parametrize(("less", "more"), STEPS[:2])
def test_more_money_gives_all_labs_together_more_compute(less, more, quarter):
    """T20 at news 0: 35 bn add .38 M H100e [.34, .42] in 2027Q2 and 3.7 [3.2, 4.1] in 2029Q2."""
    assert paired(all_compute(more, quarter), all_compute(less, quarter)).rises


@pytest.mark.parametrize("news", [{}, {"announcement_effect": 0.6}], ids=["quiet", "announced"])
@pytest.mark.parametrize("factor", [1, 2])
def test_between_them_the_deal_takes_no_compute_from_all_labs_together(factor, news):
    """T20 expects more in 2028Q2, too: 35 bn add -.13 M H100e [-.39, .13], and -.21 [-.48, .06] with news, of 40."""
    assert not paired(all_compute(factor, 9, **news), all_compute(0, 9, **news)).falls


def test_four_times_the_deal_still_gives_all_labs_together_more_compute():
    """T20 expects 140 bn to add nothing by 2029Q2; here they add 9.2 M H100e [8.7, 9.8], and 35 bn 3.7 [3.2, 4.1]."""
    assert paired(all_compute(4, 13), all_compute(0, 13)).rises
    assert not paired(all_compute(1, 13), all_compute(0, 13)).falls


@pytest.mark.parametrize("quarter", [5, 13])
@pytest.mark.parametrize("factor", [1, 2])
def test_where_the_news_lifts_moods_the_deal_raises_the_compute_of_all_labs(factor, quarter):
    """T20 where the announcement is assumed to lift moods (z_news = .6), a treatment and no finding: all rise."""
    news = {"announcement_effect": 0.6}
    assert paired(all_compute(factor, quarter, **news), all_compute(0, quarter, **news)).rises


def test_while_chips_are_scarce_the_deal_adds_no_chip_to_the_world():
    """T20: until 2027Q1 the deal moves chips and makes none, but for four thousandths of what is delivered.

    That much wafers do for the vendors whose orders it prepays: at most .0013 until 2026Q3 and .0033 in 2027Q1.
    """
    with_deal, without = (deal_of(factor).values("compute_shipped")[:5] for factor in (1, 0))
    np.testing.assert_array_equal(with_deal[0], without[0])
    np.testing.assert_allclose(with_deal[:3], without[:3], rtol=2e-3)
    np.testing.assert_allclose(with_deal, without, rtol=4e-3)
