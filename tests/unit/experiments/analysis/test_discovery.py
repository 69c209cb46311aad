"""Where a claim holds is found again where it was planted, and nothing is found where there is nothing."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest

from aimarket.experiments.analysis.discovery import find_box, grow_tree
from aimarket.experiments.designs.design import Factor, make_design

FACTORS = [Factor("a", 0.0, 1.0), Factor("b", -1.0, 1.0), Factor("n", 1, 8, whole=True), Factor("idle", 0.0, 1.0)]


@pytest.fixture(scope="module")
def points():
    return make_design("latin_hypercube", FACTORS, size=1000, seed=5).points


def planted(points):
    """Return a claim that holds where a > 0.6 and n <= 4, a fifth of the points."""
    return ((points["a"] > 0.6) & (points["n"] <= 4)).to_numpy()


def noisy(points, seed=1):
    return planted(points) ^ (np.random.default_rng(seed).random(len(points)) < 0.05)


def inside(points, limits):
    rows = limits.itertuples()
    return np.logical_and.reduce([points[row.parameter].between(row.low, row.high) for row in rows])


# Boxes


def test_a_planted_box_is_found(points):
    limits = find_box(points, planted(points)).limits.set_index("parameter")
    assert sorted(limits.index) == ["a", "n"]
    assert limits.loc["a", "low"] == pytest.approx(0.6, abs=0.02)
    assert limits.loc["n", "high"] == 4


def test_a_planted_box_is_found_in_noise(points):
    limits = find_box(points, noisy(points), coverage=0.7).limits.set_index("parameter")
    assert sorted(limits.index) == ["a", "n"]
    assert limits.loc["a", "low"] == pytest.approx(0.6, abs=0.1)
    assert limits.loc["n", "high"] == 4


def test_what_is_said_of_a_box_is_true_of_its_points(points):
    holds = noisy(points)
    box = find_box(points, holds)
    within = inside(points, box.limits)
    assert box.mass == pytest.approx(within.mean())
    assert box.density == pytest.approx(holds[within].mean())
    assert box.coverage == pytest.approx(holds[within].sum() / holds.sum())
    assert box.base_rate == pytest.approx(holds.mean())


def test_the_chosen_box_is_a_row_of_the_trajectory(points):
    box = find_box(points, noisy(points))
    row = box.trajectory.loc[box.chosen]
    assert (row["coverage"], row["density"], row["mass"]) == (box.coverage, box.density, box.mass)


def test_a_box_shows_itself_in_less_than_a_screen(points):
    box = find_box(points, planted(points))
    assert 0 < len(repr(box)) < 1000
    assert box._repr_html_().startswith("<table")


@pytest.mark.parametrize("seed", range(6))
def test_a_box_is_never_less_dense_than_the_whole(seed):
    chance = np.random.default_rng(seed)
    points = pd.DataFrame(chance.random((60, 3)), columns=list("xyz"))
    holds = chance.random(60) < chance.uniform(0.05, 0.95)
    box = find_box(points, holds)
    assert box.density >= box.base_rate


def test_chance_alone_limits_nothing(points):
    holds = np.random.default_rng(2).random(len(points)) < 0.3
    box = find_box(points, holds)
    assert box.limits.empty
    assert "No limit makes a difference" in box.text


def test_every_limit_of_a_box_is_significant(points):
    assert (find_box(points, noisy(points)).limits["p_value"] <= 0.05).all()


def test_a_box_covers_what_is_asked(points):
    for coverage in (0.3, 0.6, 0.9):
        assert find_box(points, noisy(points), coverage=coverage).coverage >= coverage


@pytest.mark.parametrize(("value", "word"), [(True, "everywhere"), (False, "nowhere")])
def test_a_claim_that_holds_everywhere_or_nowhere_has_no_box(points, value, word):
    box = find_box(points, np.full(len(points), value))
    assert box.limits.empty
    assert box.density == box.base_rate == float(value)
    assert word in box.text


def test_a_box_is_reported_in_words(points):
    text = find_box(points, planted(points)).text
    assert "a is at least 0.6" in text
    assert "n is at most 4" in text
    assert "100 % of the points, against 20 % everywhere" in text


def test_finding_a_box_is_silent(points, capfd):
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        find_box(points, planted(points))
        grow_tree(points, planted(points))
    assert heard == []
    assert capfd.readouterr() == ("", "")


# Trees


def test_a_planted_box_is_a_leaf(points):
    tree = grow_tree(points, planted(points))
    limits = tree.limits[tree.limits["box"] == 0].set_index("parameter")
    assert (tree.boxes.loc[0, "density"], tree.boxes.loc[0, "coverage"]) == (1.0, 1.0)
    assert limits.loc["a", "low"] == pytest.approx(0.6, abs=0.01)
    assert limits.loc["n", "high"] == 4.5


def test_leaves_share_out_all_points(points):
    tree = grow_tree(points, noisy(points))
    assert tree.boxes["mass"].sum() == pytest.approx(1.0)
    assert tree.boxes["coverage"].sum() == pytest.approx(1.0)


def test_what_is_said_of_a_leaf_is_true_of_its_points(points):
    holds = noisy(points)
    tree = grow_tree(points, holds)
    for leaf in tree.boxes.itertuples():
        within = inside(points, tree.limits[tree.limits["box"] == leaf.box])
        assert leaf.density == pytest.approx(holds[within].mean())
        assert leaf.points == within.sum()


def test_a_tree_is_the_same_every_time(points):
    one, other = (grow_tree(points, noisy(points)) for _ in range(2))
    assert one.text == other.text


@pytest.mark.parametrize("value", [True, False])
def test_a_claim_that_holds_everywhere_or_nowhere_is_one_leaf(points, value):
    tree = grow_tree(points, np.full(len(points), value))
    assert tree.boxes["density"].tolist() == [float(value)]
    assert tree.limits.empty


def test_prim_and_the_tree_agree_on_what_was_planted(points):
    box = find_box(points, planted(points)).limits.set_index("parameter")
    tree = grow_tree(points, planted(points))
    leaf = tree.limits[tree.limits["box"] == 0].set_index("parameter")
    assert box.loc["a", "low"] == pytest.approx(leaf.loc["a", "low"], abs=0.02)
    assert box.loc["n", "high"] == np.floor(leaf.loc["n", "high"])


# What is refused


@pytest.mark.parametrize("find", [find_box, grow_tree])
@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda points, holds: (points, holds[:-1]), "give true or false a point"),
        (lambda points, holds: (points, holds.astype(float)), "holds is float64"),
        (lambda points, holds: (points.assign(a=np.nan), holds), "a is not a number at every point"),
        (lambda points, holds: (points.assign(a="x"), holds), "a is not a number at every point"),
        (lambda points, holds: (points.iloc[:0], holds[:0]), "no points"),
    ],
)
def test_points_and_truth_values_that_are_none_are_refused(points, find, change, said):
    with pytest.raises(ValueError, match=said):
        find(*change(points, planted(points)))


@pytest.mark.parametrize("options", [{"coverage": 0.0}, {"coverage": 1.1}, {"least_mass": 0.0}])
def test_parts_that_are_none_are_refused(points, options):
    with pytest.raises(ValueError, match="above 0 and at most 1"):
        find_box(points, planted(points), **options)


@pytest.mark.parametrize("kind", ["polars", "objects", "nullable", "switches"])
def test_points_and_truths_of_other_libraries_are_taken(points, kind):
    holds = planted(points)
    given = {
        "polars": lambda: (pl.DataFrame(points.to_dict("list")), pl.Series(holds)),
        "objects": lambda: (points.astype(object), list(map(bool, holds))),
        "nullable": lambda: (points.convert_dtypes(), pd.array(holds, dtype="boolean")),
        "switches": lambda: (points.assign(b=points["b"] > points["b"].median()), pd.Series(holds, dtype=object)),
    }[kind]()
    found = find_box(*given).limits
    assert found["parameter"].tolist() == find_box(points, holds).limits["parameter"].tolist()
    assert grow_tree(*given).boxes["density"].max() == 1.0
