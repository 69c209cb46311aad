"""What more money for one lab does to its compute, to its pace and to everybody's compute."""

import numpy as np
import pytest

from .pairs import RECIPIENT, deal_of, paired

pytestmark = pytest.mark.sign

STEPS = [(0, 1), (1, 2), (2, 4)]
"""Amounts in units of 35 bn: 0, 35, 70 and 140."""

HOUSED = 2
"""The row of the lab that its parent houses, the largest by then."""

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
    """T21: K_1 in 2027Q2 rises with the amount: 6.4, then + .26, + .24 and + .33 M H100e at 35, 70 and 140 bn."""
    assert paired(own_compute(more, 5), own_compute(less, 5)).rises


@pytest.mark.parametrize(("less", "more"), STEPS)
def test_more_money_brings_the_next_order_of_magnitude_sooner(less, more):
    """T21: the time to + 1 OOM falls with the amount, by .06, .05 and .08 quarters from step to step."""
    assert paired(time_to(1.0, more), time_to(1.0, less)).falls


@pytest.mark.parametrize("quarter", [5, 7, 11])
@pytest.mark.parametrize(("less", "more"), STEPS[:2])
def test_more_money_gives_all_labs_together_more_compute(less, more, quarter):
    """T20 at news 0: 35 bn add .38 M H100e [.34, .42] in 2027Q2, .57 [.48, .66] in 2027Q4, 1.9 [1.7, 2.1] in 2028Q4.

    Not in 2028Q2, which the next test is about.
    """
    assert paired(all_compute(more, quarter), all_compute(less, quarter)).rises


def test_for_a_quarter_the_recipient_gains_what_the_largest_rival_loses():
    """T20 expects all labs together to gain in 2028Q2, too: there 35 bn add -.39 M H100e [-.61, -.18] to 43.

    Their compute grows by two thirds within half a year then: the recipient has .90 more of it [.79, 1.02], and the lab
    that its parent houses 1.33 less [1.05, 1.61], which it has again, and more, half a year later, when all gain 2.5.
    """
    housed = [deal_of(factor).values("powered_compute", "ai_labs")[9, HOUSED] for factor in (1, 0)]
    assert paired(own_compute(1, 9), own_compute(0, 9)).rises
    assert paired(*housed).falls
    assert abs(paired(all_compute(1, 9), all_compute(0, 9)).mean) < 0.6
    assert all(paired(all_compute(1, quarter), all_compute(0, quarter)).rises for quarter in (7, 8, 10, 11))


def test_four_times_the_deal_still_gives_all_labs_together_more_compute():
    """T20 expects 140 bn to add nothing by 2029Q2; here they add 9.2 M H100e [8.7, 9.8] to 83.

    The recipient has 5.6 of them. 35 bn add 3.7 [3.2, 4.1].
    """
    assert paired(all_compute(4, 13), all_compute(0, 13)).rises
    assert paired(all_compute(1, 13), all_compute(0, 13)).rises


@pytest.mark.parametrize("quarter", [5, 7, 11, 13])
@pytest.mark.parametrize("factor", [1, 2])
def test_where_the_news_lifts_moods_the_deal_raises_the_compute_of_all_labs(factor, quarter):
    """T20 where the announcement is assumed to lift moods (z_news = .6), a treatment and no finding: all rise.

    But for 2028Q2, as without the news: -.21 M H100e [-.48, .06] of 35 bn and -.14 [-.52, .23] of 70.
    """
    news = {"announcement_effect": 0.6}
    assert paired(all_compute(factor, quarter, **news), all_compute(0, quarter, **news)).rises


def test_while_chips_are_scarce_the_deal_adds_no_chip_to_the_world():
    """T20: until 2027Q1 the deal moves chips and makes none, but for half a thousandth of what is delivered.

    That much wafers do for the vendors whose orders it prepays; in single replicates up to 1.1 thousandths in 2026 and
    5.7 in 2027Q1, either way.
    """
    with_deal, without = (deal_of(factor).values("compute_shipped")[:5] for factor in (1, 0))
    np.testing.assert_array_equal(with_deal[0], without[0])
    np.testing.assert_allclose(with_deal[:3], without[:3], rtol=1.5e-3)
    np.testing.assert_allclose(with_deal, without, rtol=7e-3)
    np.testing.assert_allclose(with_deal.mean(1), without.mean(1), rtol=1e-3)
