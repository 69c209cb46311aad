"""Variances that were planted are found again, without bias, whether replicates have common random numbers or not."""

import numpy as np
import pytest

from aimarket.experiments.analysis.variance_shares import variance_by_source

PARAMETERS, SHARED, OWN = 1.0, 0.5, 0.25
TRIES = 300


def sampled(chance, points=40, replicates=4, shared=SHARED):
    """Return an outcome with known variances, shape (points, replicates)."""
    return (
        5.0
        + np.sqrt(PARAMETERS) * chance.normal(size=(points, 1))
        + np.sqrt(shared) * chance.normal(size=(1, replicates))
        + np.sqrt(OWN) * chance.normal(size=(points, replicates))
    )


@pytest.fixture(scope="module", params=[0.0, SHARED])
def found(request):
    """Return the shared chance that was planted, and what was found in many tries."""
    chance = np.random.default_rng(8)
    return request.param, [variance_by_source(sampled(chance, shared=request.param), seed=i) for i in range(TRIES)]


def test_both_variances_are_unbiased(found):
    shared, frames = found
    estimates = np.array([frame["variance"] for frame in frames])
    error = estimates.std(0, ddof=1) / np.sqrt(TRIES)
    assert (np.abs(estimates.mean(0) - [PARAMETERS, shared + OWN]) < 3.0 * error).all()


def test_shared_chance_is_unbiased(found):
    shared, frames = found
    estimates = np.array([frame.attrs["shared_chance"] for frame in frames])
    assert abs(estimates.mean() - shared) < 3.0 * estimates.std(ddof=1) / np.sqrt(TRIES)


def test_intervals_contain_the_truth_as_often_as_they_say(found):
    shared, frames = found
    truth = PARAMETERS / (PARAMETERS + shared + OWN)
    held = [frame.loc[0, "low"] <= truth <= frame.loc[0, "high"] for frame in frames]
    assert 0.88 <= np.mean(held) <= 0.99


def test_parts_add_to_one(found):
    assert all(frame["part"].sum() == pytest.approx(1.0) for frame in found[1])


def test_without_chance_parameters_are_everything():
    values = np.repeat(np.arange(6.0)[:, None], 3, axis=1)
    frame = variance_by_source(values)
    assert frame["part"].tolist() == [1.0, 0.0]
    assert frame.loc[0, "variance"] == pytest.approx(np.var(np.arange(6.0), ddof=1))


def test_without_parameters_chance_is_everything():
    frame = variance_by_source(np.repeat([[1.0, 2.0, 4.0]], 6, axis=0))
    assert frame["part"].tolist() == pytest.approx([0.0, 1.0])
    assert frame.attrs["shared_chance"] == pytest.approx(np.var([1.0, 2.0, 4.0], ddof=1))


@pytest.mark.parametrize("value", [0.0, 0.1 + 0.2])
def test_an_outcome_that_never_varies_has_no_parts(value):
    frame = variance_by_source(np.full((5, 3), value))
    assert (frame[["variance", "part", "low", "high"]] == 0.0).all(axis=None)


def test_the_unit_does_not_matter():
    values = sampled(np.random.default_rng(1))
    one, other = variance_by_source(values), variance_by_source(1e3 * values - 7.0)
    np.testing.assert_allclose(one[["part", "low", "high"]], other[["part", "low", "high"]], rtol=1e-9)


@pytest.mark.parametrize("shape", [(5, 1), (1, 5), (5,), (2, 2, 2)])
def test_one_replicate_or_one_point_is_refused(shape):
    with pytest.raises(ValueError, match="at least 2 points and 2 replicates"):
        variance_by_source(np.ones(shape))


def test_missing_outcomes_are_refused_or_their_points_dropped():
    values = sampled(np.random.default_rng(1))
    holed = np.vstack([values, np.full((1, 4), np.nan)])
    with pytest.raises(ValueError, match=r"missing at 1 of 41 points \(40\)"):
        variance_by_source(holed)
    found = variance_by_source(holed, missing="drop")
    assert found.equals(variance_by_source(values))
    assert found.attrs["dropped"] == 1
