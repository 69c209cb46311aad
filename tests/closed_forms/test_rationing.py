"""What is short is shared out to the last unit, nobody gets more than asked for, and units do not matter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import aimarket
from aimarket.agents.rules.rationing import pro_rata, ration

from ..builders import all_different, with_stocks

CLAIMANTS, WORLDS = 7, 3
ROUNDING = 1e-9
MANY = 400


def amounts(low, high):
    """Requests or weights, shape (claimants, R)."""
    return arrays(np.float64, (CLAIMANTS, WORLDS), elements=st.floats(low, high))


available = arrays(np.float64, WORLDS, elements=st.floats(0.0, 500.0))


@given(requested=amounts(0.0, 100.0), supply=available, weight=amounts(0.01, 10.0))
def test_all_is_shared_out_or_everybody_is_served(requested, supply, weight):
    """T18: allocations add to the smaller of what there is and what is requested."""
    given_out = ration(requested, supply, weight).sum(0)
    np.testing.assert_allclose(given_out, np.minimum(supply, requested.sum(0)), rtol=ROUNDING, atol=ROUNDING)


@given(requested=amounts(0.0, 100.0), supply=available, weight=amounts(0.01, 10.0))
def test_nobody_gets_more_than_requested(requested, supply, weight):
    """T18: alloc <= req."""
    given_out = ration(requested, supply, weight)
    assert (given_out <= requested).all()
    assert (given_out >= 0.0).all()


@given(supply=available, weight=st.floats(0.01, 10.0))
def test_equals_get_equal_parts(supply, weight):
    """T18: with equal weights and requests that never cap, everybody gets the same."""
    requested = np.full((CLAIMANTS, WORLDS), 1e3)
    given_out = ration(requested, supply, np.full_like(requested, weight))
    np.testing.assert_allclose(given_out, np.broadcast_to(supply / CLAIMANTS, given_out.shape), rtol=1e-12, atol=1e-12)


@given(requested=amounts(0.1, 100.0), supply=available, weight=amounts(0.01, 10.0), scale=st.floats(0.1, 1e3))
def test_units_do_not_matter(requested, supply, weight, scale):
    """T18: in other units of the good, and of the weights, the same is shared out."""
    given_out = ration(requested, supply, weight)
    rescaled = ration(scale * requested, scale * supply, weight)
    np.testing.assert_allclose(rescaled, scale * given_out, rtol=ROUNDING, atol=ROUNDING * scale)
    np.testing.assert_allclose(ration(requested, supply, scale * weight), given_out, rtol=ROUNDING, atol=ROUNDING)


def test_whoever_has_nothing_left_to_share_keeps_its_bits_while_others_go_on():
    """T18: four hundred worlds at once, which take one to six rounds, are four hundred worlds alone."""
    rng = np.random.default_rng(0)
    requested = rng.random((6, MANY))
    supply = rng.random(MANY) * requested.sum(0) * 1.3
    weight = requested * rng.random((6, MANY))
    together = ration(requested, supply, weight)
    alone = [ration(requested[:, [n]], supply[[n]], weight[:, [n]]) for n in range(MANY)]
    np.testing.assert_array_equal(together, np.concatenate(alone, axis=1))


def test_heavier_claims_come_first_until_they_are_met():
    """T18: a weight of 3 against 1 takes three parts of four, and what a met claim leaves goes to the other."""
    weight = np.array([[3.0], [1.0]])
    assert ration(np.array([[90.0], [90.0]]), np.array([40.0]), weight)[:, 0].tolist() == [30.0, 10.0]
    assert ration(np.array([[15.0], [90.0]]), np.array([40.0]), weight)[:, 0].tolist() == [15.0, 25.0]


@given(requested=amounts(0.0, 100.0), supply=available)
def test_parts_by_request_are_all_of_what_there_is(requested, supply):
    """T18: pro-rata sharing obeys the same two bounds."""
    given_out = pro_rata(requested, supply)
    assert (given_out <= requested).all()
    np.testing.assert_allclose(given_out.sum(0), np.minimum(supply, requested.sum(0)), rtol=ROUNDING, atol=ROUNDING)


@pytest.mark.parametrize("scarce", [0.1, 1.0])
def test_vendors_deliver_all_they_make_and_nobody_gets_more_than_ordered(scarce):
    """T18 in the model: with owners that can pay, deliveries add to production and never exceed the backlog."""
    start = with_stocks(with_stocks(all_different(), "ai_labs", cash=1e4), "clouds", cash=1e4)
    model = aimarket.MarketModel(start=start, replicates=2, parameters={"chip_capacity_available": scarce})
    for _ in range(6):
        model.step()
        made = model.clearings["chips"].limit
        np.testing.assert_allclose(model.vendors.delivered.sum(1), made, rtol=ROUNDING)
        assert (model.vendors.backlog >= -ROUNDING).all()
