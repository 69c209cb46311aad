"""Published forecasts of the time: put together as they were meant, blind to the future, and scored as the model is."""

import numpy as np
import pandas as pd
import pytest

import aimarket
from aimarket.experiments.backtest.external import (
    FACTS,
    beside_the_model,
    observed_of,
    samples_of,
    start_before,
    told_of,
)
from aimarket.experiments.backtest.forecast import Forecast
from aimarket.experiments.backtest.published import Counterpart, checked, counterpart_of, counterparts, published
from aimarket.experiments.calibration.observations import observed
from aimarket.experiments.calibration.series import ObservationError, declared_series
from aimarket.model.dates import quarter_number

ROW = {
    "date": "2025-06-30",
    "target": "2025",
    "entity": "Somebody",
    "metric": "data-centre revenue of NVIDIA, year",
    "kind": "expectation",
    "value": 190.0,
    "unit": "USD_bn",
    "source": "nowhere",
    "certainty": "quoted",
    "note": "",
}


def made(origin, horizon, replicates=5):
    """Return a forecast whose series s has (1 + s) (1 + t) (1 + r) in quarter t of run r."""
    series = tuple(declared_series().values())
    grown = [np.arange(1.0, 1.0 + size) for size in (len(series), horizon, replicates)]
    samples = grown[0][:, None, None] * grown[1][:, None] * grown[2]
    return Forecast(origin, quarter_number(origin) + 1 + np.arange(horizon), series, samples)


def beside(**changes):
    return beside_the_model(made, checked(pd.DataFrame([{**ROW, **changes}]))).iloc[0]


def place(name):
    return 1.0 + list(declared_series()).index(name)


def sample(metric, first, last, start="2024Q4"):
    quarters = np.arange(quarter_number(first), quarter_number(last) + 1)
    return samples_of(counterparts()[metric], quarters, start, made)


RUNS = np.arange(1.0, 6.0)


@pytest.mark.parametrize(
    ("metric", "last", "expected"),
    [
        ("data-centre revenue of NVIDIA, year", "2025Q4", 10.0 * place("nvidia_data_center")),
        ("revenue of OpenAI, year", "2025Q4", 2.5 * place("openai_run_rate")),
        ("run-rate of OpenAI", "2025Q4", 4.0 * place("openai_run_rate")),
        ("revenue of the leading lab, year", "2025Q4", 2.5 * place("anthropic_run_rate")),
        ("capital spending of five hyperscalers", "2026Q4", 36.0 * (place("big_four_capex") + place("oracle_capex"))),
        ("compute rented by OpenAI, cumulative", "2026Q4", (4.0 + 8.0) * place("openai_rent")),
    ],
)
def test_a_measure_is_put_together_run_by_run(metric, last, expected):
    """Quarters are added, a run-rate is a fourth of a year's, the end is the last, a series of years has one a year."""
    assert sample(metric, "2025Q1", last) == pytest.approx(expected * RUNS)


def test_the_largest_is_taken_in_each_run_after_quarters_are_added():
    own = Counterpart("x", ("openai_run_rate", "anthropic_run_rate"), "largest", "sum", 1.0, "", "", "")
    paths = [np.array([[1.0, 5.0], [5.0, 1.0]]), np.array([[2.0, 1.0], [2.0, 9.0]])]
    assert list(own.of(paths)) == [6.0, 10.0]


def test_samples_are_added_before_quantiles_are_taken():
    """Quarters that offset one another have a sure sum, though each is unsure."""
    own = Counterpart("x", ("nvidia_data_center",), "sum", "sum", 1.0, "", "", "")
    path = np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 1.0]])
    assert np.quantile(own.of([path]), [0.05, 0.95]) == pytest.approx([4.0, 4.0])


def test_what_was_over_at_the_start_is_as_observed():
    seen = observed().query("series == 'nvidia_data_center' and quarter >= '2025Q1'")["value"].sum()
    late = sample("data-centre revenue of Blackwell and Rubin, cumulative", "2025Q1", "2026Q4", "2025Q4")
    assert late == pytest.approx(seen + 10.0 * place("nvidia_data_center") * RUNS)


def test_a_score_by_hand():
    """Runs of 10 s (1, ..., 5): the CRPS is the mean distance less half the mean distance between two runs."""
    row, seen, runs = beside(), 39.1 + 41.1 + 51.2 + 62.3, 10.0 * place("nvidia_data_center") * RUNS
    between = np.abs(runs[:, None] - runs).mean()
    assert row["observed"] == pytest.approx(seen, rel=0.01)
    assert (row["ape"], row["crps"]) == pytest.approx(
        (abs(190.0 / row["observed"] - 1.0), abs(190.0 - row["observed"]))
    )
    assert row["model_ape"] == pytest.approx(abs(runs[2] / row["observed"] - 1.0))
    assert row["model_crps"] == pytest.approx(np.abs(runs - row["observed"]).mean() - between / 2.0)
    assert not row["inside"]


def test_a_model_that_is_a_point_is_scored_as_a_number_is():
    def point(origin, horizon):
        return made(origin, horizon, replicates=1)

    own = float(samples_of(counterparts()[ROW["metric"]], np.arange(8100, 8104), "2024Q4", point)[0])
    row = beside_the_model(point, checked(pd.DataFrame([{**ROW, "value": own}]))).iloc[0]
    assert (row["crps"], row["ape"]) == pytest.approx((row["model_crps"], row["model_ape"]))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"date": "2026-01-01", "target": "2026"}, "it was made after 2025-12-31, and nothing later is used"),
        ({"date": "2025-07-01", "target": "2025-06-30"}, "it was made when its target was over, and is no forecast"),
        ({"date": "2025-01-02", "target": "2024"}, "it was made when its target was over, and is no forecast"),
        ({"metric": "data-centre revenue of NVIDIA"}, "did you mean 'data-centre revenue of NVIDIA, year'?"),
        ({"unit": "USD_mn"}, "it is in USD_mn, and its counterpart in USD_bn"),
        ({"kind": "guess"}, "kind has to be one of expectation, plan, scenario, above, below"),
        ({"value": -1.0}, "value a positive number"),
        ({"target": "soon"}, "write its target as 2026, 2025+2026 or 2026-12-31"),
    ],
)
def test_a_row_that_cannot_be_is_refused_by_name(changes, message):
    with pytest.raises(ObservationError) as error:
        checked(pd.concat([published(), pd.DataFrame([{**ROW, **changes}])], ignore_index=True))
    assert str(error.value).startswith(f"forecast of Somebody on {changes.get('date', ROW['date'])}, ")
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"series": ""}, "name its series, or say why there is none"),
        ({"none": "why"}, "name its series, or say why there is none"),
        ({"over": "mean"}, "over sum or end"),
    ],
)
def test_a_counterpart_that_cannot_be_is_refused_by_name(changes, message):
    row = {"metric": "x", "series": "power_price", "several": "sum", "over": "end", "scale": "", "unit": "", "none": ""}
    with pytest.raises(ObservationError, match=f"counterpart of 'x': .*{message}"):
        counterpart_of({**row, "differs": "", **changes})


@pytest.mark.parametrize(
    ("day", "start"),
    [("2024-03-30", None), ("2024-03-31", "2023Q4"), ("2025-03-30", "2023Q4"), ("2025-03-31", "2024Q4")],
)
def test_a_forecast_is_set_beside_the_last_start_before_its_day(day, start):
    assert start_before(pd.Timestamp(day)) == start


def test_no_forecast_ships_beside_a_start_that_knows_more():
    assert set(aimarket.published_forecasts().query("none == ''")["start"]) == {"2024Q4"}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"target": "2026"}, "not over"),
        ({"target": "2025", "metric": "revenue of Anthropic, year"}, "not observed in full"),
        ({"kind": "above"}, "a bound, and no point"),
        (
            {"source": observed().query("series == 'nvidia_data_center'")["source"].iloc[-1]},
            "what was observed is this",
        ),
        ({"metric": "run-rate of Nebius"}, "no counterpart"),
    ],
)
def test_what_cannot_be_scored_says_why(changes, why):
    assert beside(**changes)["unscored"].startswith(why)


def test_how_much_more_the_others_knew():
    assert [beside(date=day)["more_known"] for day in ("2025-03-31", "2025-06-30", "2025-11-04")] == [1.0, 2.0, 3.0]


def test_what_was_not_observed_in_every_quarter_has_no_sum():
    quarters = np.arange(quarter_number("2025Q1"), quarter_number("2025Q4") + 1)
    assert np.isnan(observed_of(counterparts()["revenue of Anthropic, year"], quarters))
    assert observed_of(counterparts()["compute of the largest lab"], quarters) == pytest.approx(1.743, abs=1e-3)


def test_the_table_that_ships_holds_the_forecasts_that_ship():
    output = aimarket.published_forecasts()
    pd.testing.assert_frame_equal(output[list(FACTS)], published()[list(FACTS)], check_dtype=False)
    assert set(output["metric"]) == set(counterparts())
    assert told_of(output).startswith(f"Of {len(output)} published forecasts the model has a counterpart for ")
    assert told_of(output.assign(unscored="not over")).endswith("0 of them, for 0 targets, can be scored.")
