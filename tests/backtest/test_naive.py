"""Naive forecasts, by hand."""

import numpy as np
import pytest
from scipy.stats import norm

from aimarket.experiments.backtest.naive import History, naive_forecasts


def history(values, quarters=None):
    return History(np.arange(len(values)) if quarters is None else np.array(quarters), np.array(values, float))


def median(samples):
    return np.exp(np.median(np.log(samples), axis=1))


def test_one_value_allows_no_more_than_no_change():
    made = naive_forecasts(history([3.0]), np.array([1, 4]))
    assert list(made) == ["no change"]
    assert made["no change"] == pytest.approx(np.full((2, 400), 3.0))


def test_steady_growth_is_found_by_drift_and_trend_and_has_no_spread():
    made = naive_forecasts(history([1.0, 2.0, 4.0, 8.0]), np.array([4, 5]))
    for name in ("drift", "trend"):
        assert made[name] == pytest.approx(np.array([[16.0], [32.0]]) * np.ones((2, 400)))
    assert median(made["no change"]) == pytest.approx([8.0, 8.0])


def test_a_damped_trend_dies_away():
    made = naive_forecasts(history([1.0, 2.0, 4.0, 8.0]), np.array([4, 5, 203]))
    assert np.log2(median(made["damped trend"])) == pytest.approx([3 + 0.9, 3 + 0.9 + 0.81, 3 + 9.0])


def test_the_spread_of_no_change_grows_with_the_root_of_time():
    made = np.log(naive_forecasts(history([1.0, 2.0, 1.0, 2.0, 1.0]), np.array([5, 8]))["no change"])
    wide = np.diff(np.quantile(made, [0.25, 0.75], axis=1), axis=0)[0]
    assert wide == pytest.approx(2 * norm.ppf(0.75) * np.log(2) * np.sqrt([1, 4]), rel=0.01)


def test_gaps_between_observations_count():
    made = naive_forecasts(history([1.0, 4.0], quarters=[0, 4]), np.array([6]))
    assert median(made["drift"]) == pytest.approx([8.0])  # a factor of two in two quarters


def test_nothing_known_is_reported():
    with pytest.raises(ValueError, match="at least one value"):
        naive_forecasts(history([]), np.array([1]))
