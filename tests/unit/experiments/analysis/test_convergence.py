"""More replicates, narrower intervals: the law of the root, and how many it takes."""

from dataclasses import replace

import numpy as np
import pytest

from aimarket.experiments.analysis.convergence import convergence, half_widths, replicates_needed
from aimarket.experiments.claims.rows import Sample
from aimarket.experiments.claims.statistic import find_statistic
from aimarket.experiments.statistics import mean_interval


def normal(count, deviation=2.0, mean=1.0):
    return np.random.default_rng(5).normal(mean, deviation, count)


def half_width(sample):
    interval = mean_interval(sample)
    return (interval.high - interval.low) / 2.0


def alike(sample, count):
    """Return so many values with the deviation of a sample."""
    values = np.resize([-1.0, 1.0], count)
    return (values - values.mean()) / values.std(ddof=1) * sample.std(ddof=1)


@pytest.mark.parametrize("wanted", [0.05, 0.3, 1.0, 5.0])
def test_so_many_replicates_are_enough_and_one_less_is_not(wanted):
    sample = normal(100)
    count = replicates_needed(sample, wanted)
    assert half_width(alike(sample, count)) <= wanted * (1.0 + 1e-9)
    assert half_width(alike(sample, count - 1)) > wanted


def test_half_the_width_takes_four_times_the_replicates():
    sample = normal(100)
    assert replicates_needed(sample, 0.05) / replicates_needed(sample, 0.1) == pytest.approx(4.0, rel=0.01)


def test_intervals_of_nested_samples_are_those_of_the_first_replicates():
    sample = normal(200)
    frame, _ = half_widths(Sample(sample), (50, 200))
    assert frame["half_width"].tolist() == pytest.approx([half_width(sample[:50]), half_width(sample)])


def test_normal_noise_follows_the_law_of_the_root():
    frame, deviation = half_widths(Sample(normal(6400)), (100, 400, 1600, 6400))
    np.testing.assert_allclose(frame["half_width"], frame["expected"], rtol=0.2)
    assert deviation == pytest.approx(2.0, rel=0.05)


def test_a_percentage_has_the_interval_of_a_ratio():
    change, base = normal(100), normal(100, mean=50.0)
    frame, _ = half_widths(Sample(change, base, percent=True), (100,), "> 0")
    assert frame["value"].iloc[0] == pytest.approx(100.0 * change.mean() / base.mean())


def test_what_converges_is_reported_with_the_replicates_that_decide():
    found = convergence("C1a", sizes=(4, 12))
    assert found.frame["replicates"].tolist() == [4, 12]
    away = abs(found.frame["value"].iloc[-1] - 1.1)
    assert found.to_decide() == found.needed(away)
    assert found.sentence().startswith("C1a.funding: 12 replicates give ")
    assert "tell whether it is > 1.1." in found.sentence()


def test_replicates_that_are_all_alike_are_reported_as_such():
    scale = replace(
        find_statistic("C0"), sample=lambda evidence: evidence.ensembles["treated"].parameters["deal_scale"]
    )
    found = convergence(scale, sizes=(2, 3), quarters=2, parameters={"deal_scale": [1.5, 1.5, 1.5]})
    assert found.to_decide() is None
    assert found.sentence().endswith("they are all alike.")


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda: convergence("C1a", sizes=(1, 4)), "take at least 2"),
        (lambda: convergence("C1a", sizes=()), "take at least 2"),
        (lambda: convergence("C1a", sizes=(2,), quarters=3), "not known in 3 quarters"),
        (lambda: replicates_needed(normal(10), 0.0), "has to be above 0"),
        (lambda: replicates_needed(np.array([1.0]), 0.1), "take at least 2"),
    ],
)
def test_what_cannot_be_estimated_is_refused(ask, said):
    with pytest.raises(ValueError, match=said):
        ask()
