"""What is read from series for stylised facts has the values that hand and textbook give."""

import numpy as np
import pytest

from aimarket.experiments.facts import series

TIME = np.arange(12.0)


def test_a_straight_line_leaves_nothing():
    lines = np.stack([3.0 + 2.0 * TIME, -TIME], axis=-1)
    assert series.detrended(lines) == pytest.approx(np.zeros_like(lines), abs=1e-12)


def test_gaps_do_not_move_a_trend():
    line = 3.0 + 2.0 * TIME
    line[[2, 7]] = np.nan
    left = series.detrended(line[:, None])[:, 0]
    assert np.isnan(left[[2, 7]]).all()
    assert left[np.isfinite(left)] == pytest.approx(0.0, abs=1e-12)


def test_growth_is_in_logs_and_missing_where_nothing_was():
    levels = np.array([1.0, np.e, 0.0, 1.0])[:, None]
    assert series.growth(levels)[0, 0] == pytest.approx(1.0)
    assert np.isnan(series.growth(levels)[1:]).all()


def test_one_large_year_among_ten_is_a_spike():
    rates = np.full((10, 2, 1), 0.1)
    rates[4, 0] = 0.9
    assert series.part_in_spikes(rates, 2.5) == pytest.approx([0.9 / (19 * 0.1 + 0.9)])
    assert series.part_in_spikes(np.full((10, 2, 1), 0.1), 2.5) == pytest.approx([0.0])


def test_firms_of_other_means_correlate_by_what_moves_within_each():
    own = np.sin(TIME)[:, None, None]
    both = np.concatenate([own, own + 100.0], axis=1)
    assert series.pooled_correlation(both, -both) == pytest.approx([-1.0])


def test_a_firm_that_is_gone_counts_for_nothing():
    own = np.sin(TIME)[:, None, None]
    beside = np.concatenate([own, np.full_like(own, np.nan)], axis=1)
    assert series.pooled_correlation(beside, 2.0 * beside) == pytest.approx([1.0])


def test_tails_of_normal_and_laplace_numbers():
    random = np.random.default_rng(3)
    assert series.excess_kurtosis(random.normal(size=(40_000, 2, 1))) == pytest.approx([0.0], abs=0.1)
    assert series.excess_kurtosis(random.laplace(size=(40_000, 2, 1))) == pytest.approx([3.0], abs=0.3)


def test_growth_that_falls_with_size_has_its_slope():
    size = np.log(np.array([1.0, 2.0, 8.0]))[None, :, None] + np.linspace(0.0, 1.0, 5)[:, None, None]
    assert series.slope_on(0.5 - 0.2 * size, size) == pytest.approx([-0.2])


def test_a_power_law_is_explained_by_its_logs():
    made = np.cumsum(np.exp(0.2 * TIME))[:, None]
    assert series.explained_part(np.log(made**-0.3), np.log(made)) == pytest.approx([1.0])


def test_years_are_sums_of_four_quarters():
    assert series.by_year(np.ones((9, 1))).tolist() == [[4.0], [4.0]]
