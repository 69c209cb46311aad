"""Versions of the model beside one another: scored at their defaults, in one table."""

import numpy as np
import pandas as pd
import pytest

from aimarket.experiments.backtest.by_step import by_quarter, levels, text_of, with_rows
from aimarket.experiments.backtest.forecast import DEFAULTS, POSTERIOR, SEED, forecast
from aimarket.experiments.backtest.record import ORIGINS
from aimarket.experiments.backtest.scores import backtest, best_naive
from aimarket.experiments.calibration.bank import started
from aimarket.experiments.calibration.outcomes import RECORD, outcome, runs_of
from aimarket.experiments.calibration.series import find_series
from aimarket.experiments.publishing.backtest_page import kept_steps
from aimarket.experiments.runs.ensemble import run_ensemble


@pytest.fixture(scope="module")
def ensemble():
    return run_ensemble(started("2024Q4"), 100, 4, SEED, record=RECORD)


def test_levels_are_those_of_the_last_quarter(ensemble):
    """Five labs' running compute, its part of what ran in the world, and yearly sales."""
    running = ensemble.values("powered_compute", "ai_labs")[-1, :5].sum(0)
    own, outside = ensemble.values("own_compute", "ai_labs")[-1].sum(0), ensemble.values("outside_compute")[-2]
    world = own + ensemble.values("cloud_compute")[-1] + outside
    sales = 4.0 * ensemble.values("revenue", "ai_labs")[-1].mean(1)
    found = levels(runs_of(ensemble))
    assert found["labs_compute"] == pytest.approx(running.mean())
    assert found["labs_part"] == pytest.approx((running / world).mean(), rel=1e-3)
    assert (found["openai"], found["anthropic"]) == pytest.approx((sales[0], sales[1]))


def test_quarters_hold_the_mean_of_runs_and_the_best_naive_forecast(ensemble):
    """As the mean of runs without errors, and as the scores of the same runs with them."""
    scored = backtest("2024Q4", 4, replicates=20, parameters=DEFAULTS)
    table = by_quarter(scored, runs_of(ensemble)).set_index(["series", "quarter"])
    spent = outcome(runs_of(ensemble), find_series("big_four_capex"))
    assert table.loc["big_four_capex", "mean"].to_numpy() == pytest.approx(spent.mean(1))
    own = scored.query("series == 'big_four_capex' and forecaster == 'model'")
    assert table.loc["big_four_capex", "p95"].to_numpy() == pytest.approx(own["p95"].to_numpy())
    rival, least = best_naive(scored.query("series == 'big_four_capex'"))
    assert set(table.loc["big_four_capex", "rival"]) == {rival}
    assert table.loc["big_four_capex", "skill"].iloc[0] == pytest.approx(1.0 - own["crps"].mean() / least)
    assert "big_four_capex" in text_of(table.reset_index().assign(origin="2024Q4", version="x"))


def test_the_last_version_is_the_model_as_it_is(ensemble):
    last = kept_steps().iloc[-1]
    assert last["origin"] == "2024Q4"
    now = levels(runs_of(ensemble))
    assert {name: last[name] for name in now} == pytest.approx(now, rel=0.03), "run experiments.backtest.by_step"


def test_every_version_is_scored_from_both_origins():
    steps = kept_steps()
    assert list(steps["origin"]) == list(ORIGINS) * (len(steps) // 2)
    assert not steps.isna().any(axis=None)


def test_defaults_are_the_declared_values_and_no_sample(ensemble):
    """Half of what would be observed lies above the model's own median, give or take the errors of 400 runs.

    The posterior's median is near by chance, its upper end is not: 32 instead of 36 bn a year.
    """
    own = np.median(4.0 * ensemble.values("revenue", "ai_labs")[-1, 0])
    declared, known = (
        np.percentile(forecast("2024Q4", 4, replicates=400, parameters=name).of("openai_run_rate")[-1], [50, 95])
        for name in (DEFAULTS, POSTERIOR)
    )
    assert declared[0] == pytest.approx(own, rel=0.07)
    assert known[1] < 0.95 * declared[1]


@pytest.mark.parametrize(("name", "order"), [("a", "abc"), ("b", "abc"), ("d", "abcd")])
def test_a_version_scored_again_keeps_its_place(name, order):
    kept = pd.DataFrame({"version": ["a", "a", "b", "b", "c", "c"], "won": 0})
    both = with_rows(kept, pd.DataFrame({"version": [name, name], "won": 1}))
    assert "".join(both["version"][::2]) == order
    assert list(both.query("won == 1")["version"]) == [name, name]
