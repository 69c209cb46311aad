"""Models ship when training has gathered enough: how many, and how often, follows from its growth."""

import numpy as np
import pytest

import aimarket
from aimarket.agents.rules.learning import LN_10, release, release_step
from aimarket.model.markets.planning import publish
from aimarket.model.markets.research import run_research

from ..builders import one_lab_one_vendor

REFERENCE = 0.12
ALONE = np.ones((1, 1))


def train(flow, step, quarters, growth=0.0):
    """Let labs train on a flow that grows; return releases and the exact time of the last one, shape (labs, 1)."""
    progress, capability, shipped, last = (np.zeros_like(flow) for _ in range(4))
    for quarter in range(quarters):
        now = flow * np.exp(growth * quarter)
        threshold = release_step(capability, capability, step, 0.0) * np.exp(LN_10 * capability) * REFERENCE
        quality = np.log10(threshold / REFERENCE)
        result = release(progress + now, now, capability, threshold, quality)
        progress, capability = result.progress, result.capability
        shipped = shipped + result.released
        last = np.where(result.released > 0.0, quarter + 1.0 - result.carried, last)
    return shipped, last


def mean_interval(step, growth, level=1.0):
    """Return the mean time between releases over the second half of 400 quarters of growing training."""
    flow = level * np.full((1, 1), 0.01)
    (early, from_), (late, to) = train(flow, step, 200, growth), train(flow, step, 400, growth)
    return ((to - from_) / (late - early))[0, 0]


def expected_releases(flow, step, quarters):
    """n = floor(log_G(1 + x T (G - 1) / (G E0)))."""
    return np.floor(np.log(1.0 + flow * quarters * (step - 1.0) / (step * REFERENCE)) / np.log(step))


@pytest.mark.parametrize("step", [1.7, 3.0])
@pytest.mark.parametrize("quarters", [7, 24, 60])
def test_constant_training_ships_as_many_models_as_the_sum_of_steps_allows(step, quarters):
    """T10: exact in each of 200 cases, flows drawn so that at most one model a quarter is due."""
    flow = np.random.default_rng(10).uniform(0.02, 1.0, (200, 1)) * step * REFERENCE
    shipped, _ = train(flow, step, quarters)
    np.testing.assert_array_equal(shipped, expected_releases(flow, step, quarters))
    assert np.ptp(shipped) >= 1.0


def lab_in_training(step):
    """A lab at capability 0 that begins to train, without chance and without better algorithms."""
    model = aimarket.MarketModel(
        start=one_lab_one_vendor(cash=1e6), parameters={"chance": 0, "quality_noise": 0.0, "release_factor": step}
    )
    model.parameters.progress_rate = 0.0  # outside its range: to hold algorithms still is what isolates training
    model.labs.commit(training=0.0 * ALONE, capability=0.0 * ALONE, log_efficiency=0.0 * ALONE)
    publish(model)
    return model


@pytest.mark.parametrize("research", [0.2, 0.5, 1.1])
def test_a_lab_with_constant_compute_ships_on_schedule(research):
    """T10 in the model: research of constant size, 60 quarters, exact."""
    model = lab_in_training(3.0)
    model.labs.commit(research=research * ALONE)
    for _ in range(60):
        run_research(model)
    flow = model.parameters.training_share * research
    assert model.labs.releases[0, 0] == expected_releases(flow, 3.0, 60)


@pytest.mark.parametrize(("growth", "interval"), [(0.2, 2.6531), (0.3, 1.7688)])
def test_growing_training_ships_every_step_over_growth_quarters(growth, interval):
    """T11: ln(G) / g is 2.6531 quarters at G = 1.7 and g = .2, and 1.7688 at .3."""
    assert np.log(1.7) / growth == pytest.approx(interval, abs=5e-5)
    assert mean_interval(1.7, growth) == pytest.approx(np.log(1.7) / growth, rel=0.005)


def test_more_compute_ships_no_more_often():
    """T11: ten times the training leaves the interval between models as it was; only growth counts."""
    assert mean_interval(1.7, 0.2, level=10.0) == pytest.approx(mean_interval(1.7, 0.2), rel=0.005)


@pytest.mark.parametrize("growth", [0.2, 0.3])
def test_a_lab_with_growing_compute_ships_every_step_over_growth_quarters(growth):
    """T11 in the model: the intervals that the lab reports have the mean ln(3) / g, whole quarters or not."""
    model = lab_in_training(3.0)
    intervals = []
    for quarter in range(160):
        model.labs.commit(research=0.1 * np.exp(growth * quarter) * ALONE)
        run_research(model)
        if model.labs.released[0, 0] and quarter > 60:
            intervals.append(model.labs.release_interval[0, 0])
    assert len(intervals) > 15
    assert np.mean(intervals) == pytest.approx(np.log(3.0) / growth, rel=0.01)
