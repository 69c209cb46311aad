"""Designs choose their points as they are told, the same in every process, and refuse what they cannot."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from SALib.sample import morris, sobol

import aimarket
from aimarket.experiments.designs.design import MOST_POINTS, Factor, factors_of, make_design

REAL = (Factor("a", 0.0, 1.0, default=0.5), Factor("b", -2.0, 3.0, default=0.0))
MIXED = (*REAL, Factor("n", 1, 8, whole=True, default=3), Factor("flag", 0, 1, whole=True, default=1))
SIZES = {"grid": 3, "latin_hypercube": 20, "sobol": 8, "morris": 5, "one_at_a_time": None}


def made(method, factors=MIXED, **options):
    return make_design(method, factors, **{"size": SIZES[method], "seed": 3, **options})


@pytest.mark.parametrize("method", SIZES)
def test_points_lie_within_the_ranges(method):
    points = made(method).points
    assert all(points[factor.name].between(factor.low, factor.high).all() for factor in MIXED)


@pytest.mark.parametrize("method", SIZES)
def test_whole_factors_get_whole_numbers(method):
    assert (made(method).points[["n", "flag"]].dtypes == np.int64).all()


@pytest.mark.parametrize("method", SIZES)
def test_the_same_arguments_give_the_same_bits(method):
    assert made(method).points.equals(made(method).points)


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol", "morris"])
def test_another_seed_gives_another_sample(method):
    assert not made(method).points.equals(made(method, seed=4).points)


def test_another_process_gives_the_same_bits():
    code = (
        "from aimarket.experiments.designs.design import factors_of, make_design\n"
        "for method in ('latin_hypercube', 'sobol', 'morris'):\n"
        "    print(make_design(method, factors_of(), size=4, seed=11).points.to_numpy().tobytes().hex())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    here = [make_design(m, factors_of(), size=4, seed=11).points for m in ("latin_hypercube", "sobol", "morris")]
    assert done.stdout.split() == [points.to_numpy().tobytes().hex() for points in here]


# Methods


def test_a_grid_is_every_combination():
    points = made("grid", REAL).points
    assert points.to_numpy().tolist() == [[a, b] for a in (0.0, 0.5, 1.0) for b in (-2.0, 0.5, 3.0)]


def test_a_grid_takes_levels_by_factor():
    design = made("grid", size=2, levels={"a": 4, "n": [2, 5]})
    assert {name: sorted(set(column)) for name, column in design.points.items()} == {
        "a": pytest.approx([0, 1 / 3, 2 / 3, 1]),
        "b": [-2.0, 3.0],
        "n": [2, 5],
        "flag": [0, 1],
    }


def test_a_grid_has_no_more_levels_than_whole_numbers():
    assert sorted(made("grid", size=5).points["flag"].unique()) == [0, 1]


def test_a_latin_hypercube_has_one_point_in_each_slice():
    points = made("latin_hypercube", REAL).points
    slices = np.sort(np.floor((points["b"] + 2.0) / 5.0 * 20))
    assert slices.tolist() == list(range(20))


def test_sobols_sample_is_salibs():
    design = make_design("sobol", REAL, size=16, seed=5)
    direct = sobol.sample(design.problem(), 16, calc_second_order=False, seed=5)
    assert design.points.to_numpy().tobytes() == direct.tobytes()


def test_morris_trajectories_are_salibs():
    design = make_design("morris", (Factor("a", 0.0, 1.0), Factor("c", 0.0, 4.0)), size=10, seed=5)
    direct = morris.sample(design.problem(), 10, seed=5)
    np.testing.assert_allclose(design.points.to_numpy(), direct, rtol=0, atol=1e-15)


def test_a_size_that_is_no_power_of_two_is_rounded_up_and_reported():
    design = made("sobol", size=9)
    assert design.options["size"] == 16
    assert len(design.points) == 16 * 6
    assert "rounded up to 16" in design.options["note"]


def test_second_order_blocks_are_longer():
    assert len(made("sobol", second_order=True).points) == 8 * 10


def test_a_trajectory_moves_one_factor_at_a_time():
    design = made("morris", size=30)
    moves = np.diff(design.points.to_numpy(float).reshape(30, design.block, 4), axis=1) != 0.0
    assert (moves.sum(2) == 1).all()
    assert (moves.sum(1) == 1).all()


def test_whole_factors_move_equally_far_in_all_trajectories():
    design = made("morris", size=30)
    moves = np.abs(np.diff(design.points["n"].to_numpy().reshape(30, -1), axis=1))
    assert set(moves[moves > 0]) == {5}


@pytest.mark.parametrize("method", ["latin_hypercube", "sobol"])
def test_whole_numbers_are_equally_frequent(method):
    points = make_design(method, [MIXED[2]], size=1024, seed=1).points["n"]
    share = points.value_counts(normalize=True)
    np.testing.assert_allclose(share, 1 / 8, atol=0.002)


def test_one_at_a_time_begins_at_the_defaults():
    points = made("one_at_a_time").points
    assert points.iloc[0].tolist() == [0.5, 0.0, 3, 1]
    assert ((points != points.iloc[0]).sum(axis=1) <= 1).all()
    assert len(points) == 1 + 2 * 4


def test_one_at_a_time_takes_steps():
    assert made("one_at_a_time", steps=3).points["b"].iloc[4:7].tolist() == [-2.0, 0.5, 3.0]


def test_ends_of_a_range_are_not_missed_by_rounding():
    awkward = Factor("c", -0.1, 0.3)
    assert awkward.scaled(np.ones(1))[0] <= 0.3


# Declared parameters


def test_uncertain_stands_for_all_that_are_declared_so():
    declared = {name for name, item in aimarket.parameters().items() if item.uncertain}
    assert {factor.name for factor in factors_of()} == declared


def test_a_factor_has_the_declared_range_default_and_unit():
    item = aimarket.parameters()["hall_lead_time"]
    assert factors_of("hall_lead_time") == (Factor("hall_lead_time", 2.0, 8.0, True, item.default, item.unit),)


def test_a_range_can_be_narrowed():
    factor = factors_of(["spillover"], {"spillover": (0.05, 0.1)})[0]
    assert (factor.low, factor.high) == (0.05, 0.1)


def test_every_point_of_every_method_is_allowed_by_the_model():
    chosen = factors_of(["spillover", "least_brake", "lowest_expected_growth", "hall_lead_time", "chance"])
    for method, size in SIZES.items():
        points = make_design(method, chosen, size=size, seed=2).points
        for name, column in points.items():
            for value in column.unique():
                aimarket.parameters()[name].check(value)


@pytest.mark.parametrize(
    ("names", "ranges", "said"),
    [
        ("spilover", None, "did you mean 'spillover'"),
        (["spillover", "spillover"], None, "named 2 times"),
        (["spillover"], {"rivalry": (0, 0.1)}, "rivalry, which is not varied"),
        (["spillover"], {"spillover": (0.0, 0.1)}, r"\[0, 0.1\], which leaves the declared \[0.03, 0.3\]"),
        (["spillover"], {"spillover": (0.2, 0.1)}, "a low below a high"),
        (["spillover"], {"spillover": (0.1, float("nan"))}, "a low below a high"),
        (["spillover"], {"spillover": 0.1}, "give two numbers"),
        (["hall_lead_time"], {"hall_lead_time": (2.5, 4)}, "whole numbers"),
        (["spillover"], {"spillover": (0.1, "b")}, "give two numbers"),
        (["spillover"], 3, "ranges = 3"),
        (3, None, "parameters = 3"),
        ([3], None, "3 is no parameter's name"),
    ],
)
def test_factors_that_are_none_are_refused(names, ranges, said):
    with pytest.raises((KeyError, ValueError), match=said):
        factors_of(names, ranges)


@pytest.mark.parametrize(
    ("method", "arguments", "said"),
    [
        ("lhs", {}, "choose one of grid"),
        ("sobol", {"size": None}, "needs a size"),
        ("sobol", {"size": 1}, "at least 2"),
        ("sobol", {"size": 8.0}, "whole number"),
        ("sobol", {"steps": 3}, "takes no option 'steps'"),
        ("latin_hypercube", {"size": MOST_POINTS + 1}, "at most 5,000,000 are allowed"),
        ("sobol", {"size": MOST_POINTS}, "at most 5,000,000 are allowed"),
        ("morris", {"size": MOST_POINTS}, "at most 5,000,000 are allowed"),
        ("grid", {"size": 100_000}, "at most 5,000,000 are allowed"),
        ("grid", {"size": None}, "levels of a"),
        ("grid", {"levels": {"z": 2}}, "names 'z', which is not varied"),
        ("grid", {"levels": {"a": [0.0, 2.0]}}, "levels of a, row 2: a = 2 lies outside"),
        ("grid", {"levels": {"a": "many"}}, "levels of a = 'many'"),
        ("sobol", {"second_order": "no"}, "second_order = 'no'"),
        ("grid", {"levels": 3}, "by factor"),
        ("morris", {"levels": 3}, "even number"),
        ("one_at_a_time", {"size": 4}, "takes no size"),
        ("latin_hypercube", {"seed": -1}, "seed = -1"),
        ("latin_hypercube", {"seed": True}, "seed = True"),
        ("latin_hypercube", {"seed": 1.5}, "seed = 1.5"),
    ],
)
def test_designs_that_are_none_are_refused(method, arguments, said):
    with pytest.raises(ValueError, match=said):
        make_design(method, MIXED, **{"size": SIZES.get(method), **arguments})


@pytest.mark.parametrize(("factors", "said"), [((), "no factors"), ((REAL[0], REAL[0]), "a is varied 2 times")])
def test_nothing_and_the_same_twice_cannot_be_varied(factors, said):
    with pytest.raises(ValueError, match=said):
        make_design("latin_hypercube", factors, size=4)


def test_one_at_a_time_needs_defaults():
    with pytest.raises(ValueError, match="a has no default"):
        make_design("one_at_a_time", [replace(REAL[0], default=float("nan"))])
