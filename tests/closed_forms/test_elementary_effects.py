"""Elementary effects of functions whose effects are known."""

import numpy as np

from aimarket.experiments.analysis.elementary_effects import effects_table

CHANCE = np.random.default_rng(3)
WORLDS = 200
EFFECTS = np.column_stack(
    [
        np.full(WORLDS, 2.0),  # linear
        np.where(np.arange(WORLDS) % 2, 1.0, -1.0),  # as often up as down
        CHANCE.normal(0.0, 1.0, WORLDS),  # chance alone
        np.zeros(WORLDS),  # nothing
        np.where(np.arange(WORLDS) % 4, np.nan, -3.0),  # known in a quarter of the worlds
    ]
)
TABLE = effects_table(["linear", "turning", "chance", "nothing", "seldom known"], EFFECTS).set_index("parameter")


def test_a_linear_effect_is_the_same_everywhere():
    row = TABLE.loc["linear"]
    assert (row["mu_star"], row["low"], row["high"], row["mu"], row["same_sign"]) == (2.0, 2.0, 2.0, 2.0, 1.0)
    np.testing.assert_allclose(row["sigma"], 0.0, atol=1e-12)


def test_an_effect_that_turns_its_sign_has_a_size_and_no_mean():
    row = TABLE.loc["turning"]
    assert (row["mu_star"], row["mu"]) == (1.0, 0.0)
    assert not row["sure"]


def test_chance_has_the_mean_size_of_a_normal_and_is_not_sure():
    row = TABLE.loc["chance"]
    assert row["low"] < np.sqrt(2.0 / np.pi) < row["high"]
    np.testing.assert_allclose(row["sigma"], 1.0, rtol=0.15)
    assert not row["sure"]


def test_nothing_is_exactly_nothing():
    row = TABLE.loc["nothing"]
    assert (row["mu_star"], row["low"], row["high"], row["sigma"]) == (0.0, 0.0, 0.0, 0.0)
    assert not row["sure"]


def test_worlds_in_which_it_is_not_known_are_left_out():
    row = TABLE.loc["seldom known"]
    assert (row["worlds"], row["mu_star"], row["mu"]) == (WORLDS // 4, 3.0, -3.0)


def test_a_mean_far_from_zero_is_sure():
    shifted = effects_table(["shifted"], CHANCE.normal(1.0, 1.0, (WORLDS, 1)))
    assert shifted["sure"].all()
