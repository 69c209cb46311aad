"""A tipping value is found where it can be worked out by hand: estimates that are straight, bent or broken lines."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimarket.experiments.analysis.crossing import find_crossing, most_values
from aimarket.experiments.designs.factors import Factor
from aimarket.experiments.statistics import Interval

UNIT = Factor("x", 0.0, 1.0)
FINE = 0.005


def judge(mean, half=0.1):
    """Return estimates of a function with an interval of plus or minus a half-width."""
    return lambda values: [Interval(mean(v), mean(v) - half, mean(v) + half) for v in values.tolist()]


def found(mean, condition="> 0", factor=UNIT, half=0.1):
    return find_crossing(judge(mean, half), condition, factor, tolerance=FINE)


@given(root=st.floats(0.15, 0.85), slope=st.floats(1.0, 50.0), sign=st.sampled_from([-1.0, 1.0]))
def test_a_straight_line_tips_at_its_root(root, slope, sign):
    line = found(lambda x: sign * slope * (x - root))
    assert line.value == pytest.approx(root, abs=1e-9)
    assert line.low == pytest.approx(root - 0.1 / slope, abs=1e-9)
    assert line.high == pytest.approx(root + 0.1 / slope, abs=1e-9)


def test_the_verdicts_are_those_of_the_two_sides():
    assert (found(lambda x: x - 0.4).below, found(lambda x: x - 0.4).above) == ("not supported", "supported")
    assert (found(lambda x: 0.4 - x).below, found(lambda x: 0.4 - x).above) == ("supported", "not supported")


def test_the_bound_of_the_condition_counts():
    assert found(lambda x: 3.0 * x, "> 1").value == pytest.approx(1.0 / 3.0)
    assert found(lambda x: 3.0 * x, "<= 2").below == "supported"


def test_a_curve_tips_within_the_tolerance():
    assert found(lambda x: x**3 - 0.2).value == pytest.approx(0.2 ** (1.0 / 3.0), abs=FINE)


def test_a_step_tips_where_it_is():
    step = found(lambda x: 1.0 if x > 0.3217 else -1.0)
    assert step.low <= step.value <= step.high
    assert step.high - step.low <= FINE
    assert step.value == pytest.approx(0.3217, abs=FINE)


@given(root=st.floats(-0.5, 1.5), slope=st.floats(0.1, 5.0), half=st.floats(0.01, 1.0))
def test_the_interval_holds_the_tipping_value_and_lies_in_the_range(root, slope, half):
    line = found(lambda x: slope * (x - root), half=half)
    known = [value for value in (0.0, line.low, line.value, line.high, 1.0) if np.isfinite(value)]
    assert known == sorted(known)


@given(narrow=st.floats(0.01, 0.1), wider=st.floats(1.0, 3.0))
def test_a_wider_interval_leaves_more_undecided(narrow, wider):
    small, large = (found(lambda x: x - 0.5, half=half) for half in (narrow, narrow * wider))
    assert large.low <= small.low + 1e-9
    assert small.high <= large.high + 1e-9


def test_nothing_tips_where_the_verdict_holds_all_over():
    none = found(lambda x: 1.0 + x)
    assert np.isnan([none.value, none.low, none.high]).all()
    assert (none.below, none.above, none.crossings) == ("supported", "supported", 0)


def test_a_claim_may_be_left_open_without_tipping():
    left = found(lambda x: 0.5 - 0.45 * x, half=0.1)
    assert np.isnan(left.value)
    assert left.low == pytest.approx(0.4 / 0.45)
    assert (left.high, left.below, left.above) == (1.0, "supported", "undecided")


def test_an_interval_reaches_to_the_end_of_the_range_where_no_verdict_is_reached():
    wide = found(lambda x: x - 0.5, half=1.0)
    assert wide.value == pytest.approx(0.5)
    assert (wide.low, wide.high, wide.below, wide.above) == (0.0, 1.0, "undecided", "undecided")


def test_the_first_of_several_crossings_is_reported_with_their_number():
    wave = found(lambda x: np.sin(3.0 * np.pi * x + 0.5), half=0.01)
    assert wave.value == pytest.approx((np.pi - 0.5) / (3.0 * np.pi), abs=1e-4)
    assert wave.crossings == 3


def test_chance_around_the_bound_is_no_flip():
    rough = found(lambda x: 0.05 * np.sin(20.0 * np.pi * x) + (0.5 - x), half=0.2)
    assert rough.crossings == 1
    assert (rough.below, rough.above) == ("supported", "not supported")


def test_whole_numbers_tip_at_the_first_that_has_crossed():
    whole = found(lambda x: x - 3.4, factor=Factor("n", 0, 40, whole=True), half=1.0)
    assert (whole.low, whole.value, whole.high) == (2.0, 4.0, 5.0)
    assert all(point.value == round(point.value) for point in whole.points)


def test_what_is_not_known_is_passed_over():
    def mean(x):
        return float("nan") if x < 0.3 else x - 0.5

    assert found(mean).value == pytest.approx(0.5)


def test_a_search_ends_where_nothing_is_known_between_two_verdicts():
    hole = found(lambda x: float("nan") if 0.4 < x < 0.6 else x - 0.5)
    assert 0.375 <= hole.value <= 0.625


@given(root=st.floats(0.0, 1.0), half=st.floats(0.0, 0.6))
def test_no_more_values_are_tried_than_is_said(root, half):
    line = found(lambda x: x - root, half=half)
    assert len(line.points) <= most_values(FINE)


def test_no_value_is_judged_twice():
    seen = []

    def counted(values):
        seen.extend(values.tolist())
        return judge(lambda x: x - 0.37)(values)

    find_crossing(counted, "> 0", UNIT, tolerance=FINE)
    assert len(seen) == len(set(seen))
