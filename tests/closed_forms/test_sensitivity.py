"""SALib's own test functions, whose indices are known, come through a design and our analysis unharmed."""

import numpy as np
import pytest
from SALib.analyze import morris, sobol
from SALib.test_functions import Ishigami, Sobol_G

from aimarket.experiments.analysis.sensitivity import morris_effects, sobol_indices, sobol_interactions, tornado
from aimarket.experiments.designs.design import Factor, make_design

ANGLES = [Factor(f"x{i}", -np.pi, np.pi) for i in (1, 2, 3)]
UNIT = [Factor(f"x{i}", 0.0, 1.0) for i in range(8)]
A = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])


def ishigami(size=2048, **options):
    design = make_design("sobol", ANGLES, size=size, seed=3, **options)
    return design, Ishigami.evaluate(design.points.to_numpy())


def ishigami_variances(a=7.0, b=0.1):
    """Return the partial variances of x1 and x2, of x1 with x3, and of everything (Ishigami and Homma 1990)."""
    alone = 0.5 * (1.0 + b * np.pi**4 / 5.0) ** 2, a**2 / 8.0
    together = 8.0 * b**2 * np.pi**8 / 225.0
    return *alone, together, sum(alone) + together


def test_ishigamis_indices_are_recovered():
    design, values = ishigami()
    one, two, pair, whole = ishigami_variances()
    found = sobol_indices(design, values)
    np.testing.assert_allclose(found["first"], np.array([one, two, 0.0]) / whole, atol=0.02)
    np.testing.assert_allclose(found["total"], np.array([one + pair, two, pair]) / whole, atol=0.02)


def test_ishigamis_indices_lie_in_their_intervals():
    design, values = ishigami()
    one, two, pair, whole = ishigami_variances()
    found = sobol_indices(design, values)
    first, total = np.array([one, two, 0.0]) / whole, np.array([one + pair, two, pair]) / whole
    assert (found["first_low"].to_numpy() <= first).all()
    assert (first <= found["first_high"].to_numpy()).all()
    assert (found["total_low"].to_numpy() <= total).all()
    assert (total <= found["total_high"].to_numpy()).all()


def test_ishigamis_one_interaction_is_found():
    design, values = ishigami(second_order=True)
    _, _, pair, whole = ishigami_variances()
    found = sobol_interactions(design, values).set_index(["parameter", "other"])["second"]
    assert found["x1", "x3"] == pytest.approx(pair / whole, abs=0.03)
    assert found["x1", "x2"] == pytest.approx(0.0, abs=0.03)


def test_sobols_g_function_is_recovered():
    design = make_design("sobol", UNIT, size=2048, seed=1)
    found = sobol_indices(design, Sobol_G.evaluate(design.points.to_numpy()))
    np.testing.assert_allclose(found["first"], Sobol_G.sensitivity_index(A), atol=0.02)
    np.testing.assert_allclose(found["total"], Sobol_G.total_sensitivity_index(A), atol=0.02)


@pytest.mark.parametrize("second_order", [False, True])
def test_our_plumbing_adds_nothing_to_salibs_indices(second_order):
    design, values = ishigami(256, second_order=second_order)
    direct = sobol.analyze(design.problem(), values, calc_second_order=second_order, num_resamples=100, seed=5)
    found = sobol_indices(design, values, seed=5)
    for name, key in (("first", "S1"), ("total", "ST")):
        assert (found[name] == direct[key]).all()
        assert (found[f"{name}_low"] == direct[key] - direct[f"{key}_conf"]).all()
        assert (found[f"{name}_high"] == direct[key] + direct[f"{key}_conf"]).all()


@pytest.mark.parametrize("second_order", [False, True])
def test_indices_by_quarter_are_those_of_each_quarter(second_order):
    design, values = ishigami(256, second_order=second_order)
    paths = np.stack([values, values**2 - 9.0, 1e6 * values + 1e3, np.full_like(values, 0.3)], axis=1)
    found = sobol_indices(design, paths, seed=5)
    for time, path in enumerate(paths.T):
        alone = sobol_indices(design, path, seed=5)
        here = found[found["time"] == time]
        np.testing.assert_allclose(here.iloc[:, 2:], alone.iloc[:, 1:], rtol=1e-9, atol=1e-12)


def test_effects_of_a_linear_function_are_exact():
    factors = [Factor("a", 0.0, 10.0), Factor("b", -1.0, 1.0), Factor("c", 0.0, 1.0)]
    design = make_design("morris", factors, size=8, seed=2)
    found = morris_effects(design, design.points.to_numpy() @ [1.0, -2.0, 0.0])
    np.testing.assert_allclose(found["mu_star"], [10.0, 4.0, 0.0], rtol=1e-12)
    np.testing.assert_allclose(found["mu"], [10.0, -4.0, 0.0], rtol=1e-12)
    np.testing.assert_allclose(found["sigma"], 0.0, atol=1e-12)


@pytest.mark.parametrize("levels", [2, 4, 6])
@pytest.mark.parametrize("high", [1, 2, 5, 8])
def test_effects_of_whole_numbers_are_exact_too(high, levels):
    factors = [Factor("n", 0, high, whole=True), Factor("a", 0.0, 1.0)]
    design = make_design("morris", factors, size=12, seed=2, levels=levels)
    found = morris_effects(design, design.points.to_numpy(float) @ [3.0, 1.0])
    np.testing.assert_allclose(found["mu_star"], [3.0 * high, 1.0], rtol=1e-12)


def test_our_plumbing_adds_nothing_to_salibs_effects():
    design = make_design("morris", UNIT, size=20, seed=4)
    values = Sobol_G.evaluate(design.points.to_numpy())
    direct = morris.analyze(design.problem(), design.points.to_numpy(), values, num_resamples=1000, seed=5)
    found = morris_effects(design, values, seed=5)
    for name in ("mu_star", "mu", "sigma"):
        assert (found[name] == direct[name]).all()
    assert (found["mu_star_high"] == direct["mu_star"] + direct["mu_star_conf"]).all()


def test_effects_see_what_interacts():
    design = make_design("morris", UNIT[:3], size=20, seed=4)
    x = design.points.to_numpy()
    found = morris_effects(design, x[:, 0] * x[:, 1] + x[:, 2]).set_index("parameter")["sigma"]
    assert found["x2"] == pytest.approx(0.0, abs=1e-12)
    assert min(found["x0"], found["x1"]) > 0.1


@pytest.mark.parametrize("steps", [2, 3, 5])
def test_a_tornado_of_a_linear_function_is_exact(steps):
    factors = [Factor("a", 0.0, 10.0, default=4.0), Factor("n", 1, 3, whole=True, default=2)]
    design = make_design("one_at_a_time", factors, steps=steps)
    found = tornado(design, design.points.to_numpy(float) @ [1.0, -5.0])
    assert found[["low_value", "high_value"]].to_numpy().tolist() == [[0.0, 10.0], [1.0, 3.0]]
    assert found[["at_low", "at_high", "base"]].to_numpy().tolist() == [[-10.0, 0.0, -6.0], [-1.0, -11.0, -6.0]]
