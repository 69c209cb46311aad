"""Whatever the ranges, a design keeps to them, and its analysis finds what is linear."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aimarket.experiments.analysis.sensitivity import morris_effects, tornado
from aimarket.experiments.designs.design import Factor, make_design

SIZES = {"grid": 3, "latin_hypercube": 9, "sobol": 4, "morris": 3, "one_at_a_time": None}


@st.composite
def factors(draw):
    """Draw one to four factors, real or whole, with a default inside."""
    found = []
    for place in range(draw(st.integers(1, 4))):
        if draw(st.booleans()):
            low = draw(st.integers(-5, 5))
            high = low + draw(st.integers(1, 9))
            found.append(Factor(f"x{place}", low, high, whole=True, default=draw(st.integers(low, high))))
        else:
            low = draw(st.floats(-10.0, 10.0))
            high = low + draw(st.floats(0.01, 10.0))
            found.append(Factor(f"x{place}", low, high, default=draw(st.floats(low, high))))
    return found


@pytest.mark.parametrize("method", SIZES)
@given(factors=factors(), seed=st.integers(0, 2**32))
def test_points_keep_to_the_ranges(method, factors, seed):
    points = make_design(method, factors, size=SIZES[method], seed=seed).points
    for factor in factors:
        assert points[factor.name].between(factor.low, factor.high).all()
        assert (points[factor.name].dtype == np.int64) == factor.whole


@given(factors=factors(), slope=st.floats(-5.0, 5.0), seed=st.integers(0, 2**32))
def test_a_linear_factor_has_its_slope_over_its_range(factors, slope, seed):
    design = make_design("morris", factors, size=4, seed=seed)
    found = morris_effects(design, slope * design.points["x0"].to_numpy(float))
    expected = abs(slope) * (factors[0].high - factors[0].low)
    assert found["mu_star"][0] == pytest.approx(expected, rel=1e-6, abs=1e-9)


@given(factors=factors(), steps=st.integers(2, 6))
def test_a_tornado_reads_the_ends_of_every_range(factors, steps):
    design = make_design("one_at_a_time", factors, steps=steps)
    for factor in factors:
        found = tornado(design, design.points[factor.name].to_numpy(float)).set_index("parameter").loc[factor.name]
        assert (found["at_low"], found["at_high"], found["base"]) == (factor.low, factor.high, factor.default)


@given(factors=factors(), seed=st.integers(0, 2**32))
def test_a_table_of_a_designs_points_is_the_same_design(factors, seed):
    points = make_design("latin_hypercube", factors, size=5, seed=seed).points.drop_duplicates(ignore_index=True)
    assert make_design("table", factors, table=points).points.equals(points)
