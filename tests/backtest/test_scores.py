"""Scores: right on what can be worked out by hand, and blind to the future."""

import pandas as pd
import pytest

from aimarket.experiments.backtest.forecast import forecast, parameters_at
from aimarket.experiments.backtest.record import ORIGINS, kept
from aimarket.experiments.backtest.scores import MODEL, backtest, summary
from aimarket.experiments.backtest.words import finding
from aimarket.experiments.calibration.observations import observed
from aimarket.experiments.calibration.prior import prior
from aimarket.experiments.runs.posterior import sampled


@pytest.fixture(scope="module")
def scored():
    return backtest("2024Q4", 4, replicates=40)


def row(who, crps, ahead, *, inside=True):
    return {
        "series": "openai_power",
        "quarter": f"202{ahead}Q4",
        "ahead": ahead,
        "forecaster": who,
        "crps": crps,
        "ape": 0.1,
        "near": False,
        "wide": inside,
        "unit": "GW",
    }


def test_skill_is_against_the_naive_forecast_that_did_best():
    table = pd.DataFrame(
        [
            row(MODEL, 1.0, 4),
            row(MODEL, 3.0, 8, inside=False),
            row("drift", 4.0, 4),
            row("drift", 4.0, 8),
            row("trend", 2.0, 4),
            row("trend", 20.0, 8),
        ]
    )
    found = summary(table).iloc[0]
    assert found["best_naive"] == "drift"
    assert found["skill"] == pytest.approx(1 - 2.0 / 4.0)
    assert found["skill_4"] == pytest.approx(1 - 1.0 / 2.0)
    assert (found["near"], found["wide"]) == (0.0, 0.5)


def test_a_forecast_that_is_a_point_has_its_absolute_error_as_crps():
    scored = backtest("2023Q4", 8, replicates=10)
    point = scored.query("forecaster == 'no change' and series == 'openai_run_rate'")
    assert point["crps"].to_numpy() == pytest.approx((point["observed"] - 2.0).to_numpy())


def test_the_future_changes_what_is_scored_and_no_forecast(scored):
    table = observed()
    future = table["quarter"] > "2024Q4"
    poisoned = backtest("2024Q4", 4, replicates=40, table=table.assign(value=table["value"].where(~future, 1e9)))
    same = ["series", "quarter", "forecaster", "median", "p5", "p95"]
    pd.testing.assert_frame_equal(scored[same], poisoned[same], check_exact=True)
    assert (poisoned["crps"] > scored["crps"]).all()


def test_each_forecaster_is_scored_on_the_same_quarters(scored):
    for _, table in scored.groupby("series"):
        quarters = [tuple(own["quarter"]) for _, own in table.groupby("forecaster")]
        assert len(set(quarters)) == 1


def test_before_the_first_start_nothing_is_known_but_the_ranges():
    points = parameters_at("2023Q4", 2000)
    for factor in prior():
        assert points[factor.name].mean() == pytest.approx((factor.low + factor.high) / 2, rel=0.01)
    assert parameters_at("2024Q4", 5).equals(sampled(range(5), "2024Q4"))


def test_yearly_series_are_forecast_by_year():
    table = forecast("2025Q4", 8, replicates=5).table()
    assert list(table.query("series == 'power_price'")["quarter"]) == ["2026Q4", "2027Q4"]
    assert (table["p5"] <= table["median"]).all()


@pytest.mark.parametrize("origin", ORIGINS)
def test_the_scores_that_ship_are_of_every_series_and_quarter(origin):
    there = kept(origin).query("forecaster == @MODEL")
    due = backtest(origin, 8, replicates=4).query("forecaster == @MODEL")
    columns = ["series", "quarter", "observed"]
    pd.testing.assert_frame_equal(there[columns].reset_index(drop=True), due[columns].reset_index(drop=True))
    assert "beats the best naive forecast" in finding(kept(origin), origin)


def test_what_does_not_ship_is_reported():
    with pytest.raises(ValueError, match="no back-test from '2022Q4' ships; there is 2023Q4, 2024Q4, 2025Q4"):
        kept("2022Q4")
