"""Sensitivity analyses refuse what they cannot judge, and say what they left out."""

import numpy as np
import pytest

from aimarket.experiments.analysis.sensitivity import morris_effects, sobol_indices, sobol_interactions, tornado
from aimarket.experiments.designs.design import Factor, make_design

FACTORS = [Factor("a", 0.0, 1.0, default=0.5), Factor("b", 0.0, 2.0, default=1.0)]
SIZES = {"sobol": 16, "morris": 8, "one_at_a_time": None, "latin_hypercube": 16}
ANALYSES = {"sobol": sobol_indices, "morris": morris_effects, "one_at_a_time": tornado}


def study(method, **options):
    """Return a design and an outcome of 3 a + b."""
    design = make_design(method, FACTORS, size=SIZES[method], seed=1, **options)
    return design, design.points.to_numpy() @ [3.0, 1.0]


@pytest.mark.parametrize("method", ANALYSES)
def test_missing_outcomes_are_refused_and_named(method):
    design, values = study(method)
    values[[1, 3]] = np.nan, np.inf
    with pytest.raises(ValueError, match=rf"missing at 2 of {len(values)} points \(1, 3\).*missing='drop'"):
        ANALYSES[method](design, values)


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_whole_blocks_are_dropped_and_counted(method):
    design, values = study(method)
    values[[0, 1, design.block]] = np.nan
    assert ANALYSES[method](design, values, missing="drop").attrs["dropped"] == 2


def test_indices_without_a_block_are_those_of_a_sample_without_it():
    design, values = study("sobol")
    short = make_design("sobol", FACTORS, size=8, seed=1)
    holed = np.where(np.arange(len(values)) < len(short.points), values, np.nan)
    assert short.points.equals(design.points.iloc[: len(short.points)])
    found = sobol_indices(design, holed, missing="drop")
    assert found.equals(sobol_indices(short, values[: len(short.points)]))


def test_a_quarter_that_is_missing_drops_the_block_in_all_quarters():
    design, values = study("sobol")
    paths = np.stack([values, values], axis=1)
    paths[5, 0] = np.nan
    found = sobol_indices(design, paths, missing="drop")
    first, second = (found[found["time"] == time].iloc[:, 2:].to_numpy() for time in (0, 1))
    np.testing.assert_array_equal(first, second)


def test_a_tornado_drops_the_factor_with_a_hole():
    design, values = study("one_at_a_time")
    values[2] = np.nan
    found = tornado(design, values, missing="drop")
    assert found["parameter"].tolist() == ["b"]
    assert found.attrs["dropped"] == 1


def test_a_tornado_without_its_defaults_is_refused():
    design, values = study("one_at_a_time")
    values[0] = np.nan
    with pytest.raises(ValueError, match="at the defaults"):
        tornado(design, values, missing="drop")


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_nothing_left_is_refused(method):
    design, values = study(method)
    with pytest.raises(ValueError, match="too little is left"):
        ANALYSES[method](design, np.full_like(values, np.nan), missing="drop")


@pytest.mark.parametrize("value", [0.0, 3.0, 0.1 + 0.2])
@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_an_outcome_that_never_varies_has_zeros(method, value):
    design, values = study(method)
    found = ANALYSES[method](design, np.full_like(values, value)).drop(columns="parameter")
    assert (found == 0.0).all(axis=None)


def test_an_outcome_that_never_varies_has_no_interactions():
    design, values = study("sobol", second_order=True)
    assert (sobol_interactions(design, np.ones_like(values))["second"] == 0.0).all()


@pytest.mark.parametrize(
    ("analysis", "method", "own"),
    [
        (sobol_indices, "morris", "morris_effects"),
        (sobol_indices, "latin_hypercube", "find_box and grow_tree"),
        (morris_effects, "sobol", "sobol_indices"),
        (tornado, "sobol", "sobol_indices"),
        (sobol_interactions, "one_at_a_time", "tornado"),
    ],
)
def test_a_design_of_another_method_is_refused_with_its_own_analysis(analysis, method, own):
    design, values = study(method)
    with pytest.raises(ValueError, match=f"this one is {method}, which is for {own}"):
        analysis(design, values)


def test_pairs_need_a_design_that_has_them():
    with pytest.raises(ValueError, match="second_order=True"):
        sobol_interactions(*study("sobol"))


@pytest.mark.parametrize("method", ANALYSES)
def test_values_of_other_points_are_refused(method):
    design, values = study(method)
    with pytest.raises(ValueError, match="values have shape"):
        ANALYSES[method](design, values[:-1])


@pytest.mark.parametrize("method", ANALYSES)
def test_a_word_for_missing_that_is_none_is_refused(method):
    design, values = study(method)
    with pytest.raises(ValueError, match="missing = 'ignore'"):
        ANALYSES[method](design, values, missing="ignore")


@pytest.mark.parametrize("method", ANALYSES)
def test_results_by_quarter_have_a_row_a_quarter_and_factor(method):
    design, values = study(method)
    found = ANALYSES[method](design, np.stack([values, 2.0 * values, values**2], axis=1))
    assert found["time"].tolist() == [0, 0, 1, 1, 2, 2]
    assert found["parameter"].tolist() == ["a", "b"] * 3


@pytest.mark.parametrize("method", ANALYSES)
def test_a_quarter_is_analysed_as_if_it_were_alone(method):
    design, values = study(method)
    found = ANALYSES[method](design, np.stack([values**3, values], axis=1))
    alone = ANALYSES[method](design, values)
    last = found[found["time"] == 1].drop(columns=["time", "parameter"])
    np.testing.assert_allclose(last, alone.drop(columns="parameter"), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_the_seed_of_the_bootstrap_moves_intervals_only(method):
    design, values = study(method)
    values = values**3
    one, other = (ANALYSES[method](design, values, seed=seed) for seed in (0, 1))
    ends = [name for name in one if name.endswith(("_low", "_high"))]
    assert not one[ends].equals(other[ends])
    assert one.drop(columns=ends).equals(other.drop(columns=ends))
    assert one.equals(ANALYSES[method](design, values, seed=0))
