"""Worlds near the defaults, and one factor after the other at an end of its range."""

import numpy as np
import pytest

from aimarket.experiments.designs.factors import Factor
from aimarket.experiments.designs.worlds import LEAST_MOVE, NEAR, make_worlds

FACTORS = (
    Factor("one", 0.0, 1.0, default=0.5),
    Factor("at its end", 0.0, 2.0, default=0.0),
    Factor("whole", 1, 9, whole=True, default=4.0),
    Factor("resting", -1.0, 1.0, default=0.2),
)
WORLDS = make_worlds(FACTORS, 20, seed=1, resting=("resting",))


def test_worlds_lie_near_the_defaults():
    assert np.abs(WORLDS.base["one"] - 0.5).max() <= NEAR / 2
    assert WORLDS.base["at its end"].between(0.0, 2.0 * NEAR).all()


def test_whole_numbers_and_what_rests_stay_at_their_defaults():
    assert set(WORLDS.base["whole"]) == {4.0}
    assert set(WORLDS.base["resting"]) == {0.2}


@pytest.mark.parametrize("factor", FACTORS, ids=lambda factor: factor.name)
def test_every_move_goes_far_to_an_end(factor):
    ends, base = WORLDS.ends[factor.name], WORLDS.base[factor.name]
    assert set(ends) <= {factor.low, factor.high}
    assert (np.abs(ends - base) >= LEAST_MOVE * (factor.high - factor.low) - 1e-12).all()


def test_a_world_is_moved_in_one_factor_at_a_time():
    points = WORLDS.moved(3, ["one", "whole"])
    differs = points.to_numpy() != points.to_numpy()[:1]
    assert differs.sum(1).tolist() == [0, 1, 1]
    assert differs[1, 0]
    assert differs[2, 2]


def test_a_move_is_scaled_to_the_whole_range_upwards():
    change = 3.0 * (WORLDS.ends["one"] - WORLDS.base["one"]).to_numpy()
    np.testing.assert_allclose(change * WORLDS.over_range("one"), 3.0)


def test_the_seed_makes_the_worlds():
    assert WORLDS.base.equals(make_worlds(FACTORS, 20, seed=1, resting=("resting",)).base)
    assert not WORLDS.base.equals(make_worlds(FACTORS, 20, seed=2, resting=("resting",)).base)


def test_one_world_is_too_few():
    with pytest.raises(ValueError, match="at least 2"):
        make_worlds(FACTORS, 1)
