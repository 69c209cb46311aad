"""Forecasts and observations of one's own: scored by the same rule, and refused where they say what cannot be."""

import numpy as np
import pandas as pd
import pytest

import aimarket
from aimarket.experiments.backtest.forecast import QUANTILES
from aimarket.experiments.backtest.scores import GIVEN, MODEL, summary
from aimarket.experiments.backtest.words import finding

OWN = "series,quarter,value\nnvidia_data_center,2026Q1,70\nnvidia_data_center,2025Q4,63\n"
FORECAST = "series,quarter,median\nnvidia_data_center,2025Q4,60\n"


@pytest.fixture
def file(tmp_path):
    def written(text, name="mine.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_text(text, encoding=encoding)
        return path

    return written


def by(who, scored):
    return scored[scored["forecaster"] == who].reset_index(drop=True)


def test_own_rows_are_added_and_replace_those_that_ship(file):
    table = aimarket.observations(file(OWN)).set_index(["series", "quarter"])["value"]
    assert table["nvidia_data_center", "2026Q1"] == 70.0
    assert table["nvidia_data_center", "2025Q4"] == 63.0
    assert len(table) == len(aimarket.observations()) + 1


def test_what_own_rows_leave_out_follows_from_the_series_and_the_quarter(file):
    row = aimarket.observations(file(OWN)).query("quarter == '2026Q1'").iloc[0]
    assert (row["firm"], row["unit"], row["every"], row["certainty"]) == (
        "NVIDIA",
        "USD bn/quarter",
        "quarter",
        "unverified",
    )
    assert (str(row["date"].date()), str(row["available"].date())) == ("2026-03-31", "2026-05-30")


def test_the_table_that_ships_reads_as_own_rows(tmp_path):
    shipped = aimarket.observations()
    shipped.to_csv(tmp_path / "all.csv", index=False)
    pd.testing.assert_frame_equal(aimarket.observations(tmp_path / "all.csv"), shipped, check_dtype=False)


def test_the_model_is_scored_on_own_rows(file):
    scored = aimarket.backtest("2025Q4", 1, replicates=4, table=aimarket.observations(file(OWN)))
    assert set(scored["observed"]) == {70.0}


def test_a_median_alone_has_its_absolute_error_as_crps_and_no_bands(file):
    scored = by(GIVEN, aimarket.score_forecast(file(FORECAST)))
    assert scored["crps"].to_numpy() == pytest.approx((scored["observed"] - 60.0).abs().to_numpy())
    assert scored[["near", "wide", "p5"]].isna().all(axis=None)
    assert "It gives no bands of 50 and 90 %." in finding(aimarket.score_forecast(file(FORECAST)), "2025Q3")


def test_the_model_s_own_quantiles_score_as_the_model_does():
    own = by(MODEL, aimarket.backtest("2024Q4", 4, replicates=40))
    given = by(GIVEN, aimarket.score_forecast(own[["series", "quarter", *QUANTILES]], "2024Q4"))
    same = ["series", "quarter", "ahead", "observed", "ape", "near", "wide", "unit", *QUANTILES]
    pd.testing.assert_frame_equal(given[same], own[same], check_dtype=False)
    assert given["crps"].to_numpy() == pytest.approx(own["crps"].to_numpy(), rel=0.5)


def test_naive_forecasts_are_judged_by_the_same_quantiles(file):
    scored = aimarket.score_forecast(file(FORECAST), "2025Q3")
    naive = scored[scored["forecaster"] != GIVEN]
    assert set(naive["forecaster"]) == {"no change", "drift", "trend", "damped trend"}
    assert naive["crps"].to_numpy() == pytest.approx((naive["median"] - naive["observed"]).abs().to_numpy())
    assert np.isfinite(summary(scored)["skill"]).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("series,value\nnvidia_data_center,70\n", "has no column 'quarter': there is series, value"),
        ("series,quarter\nnvidia_data_center,2026Q1\n", "has no column 'value'"),
        ("series,quarter,value\n", "has no rows"),
        ("series,quarter,value\nnvidia,2026Q1,70\n", "row 1: the model has no 'nvidia'; did you mean 'nvidia_"),
        ("series,quarter,value\nnvidia_data_center,2026,70\n", "row 1: '2026' is not a quarter; write it as 2026Q2"),
        (OWN.replace("70", "-70"), "nvidia_data_center in 2026Q1: its value is no positive number"),
        (OWN.replace("70", "inf"), "nvidia_data_center in 2026Q1: its value is no positive number"),
        (OWN.replace("2026Q1", "2025Q4"), "nvidia_data_center in 2025Q4: the series has that quarter twice"),
        ("series,quarter,value,unit\nnvidia_data_center,2026Q1,70,USD mn\n", "is in USD bn/quarter, and 'USD mn' is"),
        ("series,quarter,value,date\nnvidia_data_center,2026Q1,70,soon\n", "its date is no date"),
    ],
)
def test_bad_observations_are_reported_with_file_and_row(file, text, message):
    path = file(text)
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the message is looked at below
        aimarket.observations(path)
    assert message in str(error.value)
    assert str(error.value).startswith(str(path))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("series,quarter,p5\nnvidia_data_center,2025Q4,60\n", "has no column 'median'"),
        (FORECAST.replace("60", "many"), "row 1: median have to be positive numbers"),
        (FORECAST.replace("median", "p25,median").replace("60", "61,60"), "row 1: p25 <= median does not hold"),
        (FORECAST + "nvidia_data_center,2025Q4,61\n", "row 2: the series has that quarter twice"),
        (FORECAST.replace("2025Q4", "2035Q4"), "nothing was observed yet of what"),
    ],
)
def test_bad_forecasts_are_reported_with_file_and_row(file, text, message):
    path = file(text)
    with pytest.raises(ValueError) as error:  # noqa: PT011 - the message is looked at below
        aimarket.score_forecast(path)
    assert message in str(error.value)
    assert str(path) in str(error.value)


def test_a_forecast_of_what_was_over_is_no_forecast(file):
    with pytest.raises(ValueError, match="forecasts 2025Q4, which was over at the end of 2025Q4"):
        aimarket.score_forecast(file(FORECAST), "2025Q4")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_tables_are_read_as_other_programs_write_them(file, separator, encoding):
    path = file(OWN.replace(",", separator), encoding=encoding)
    pd.testing.assert_frame_equal(
        aimarket.observations(path).drop(columns="source"), aimarket.observations(file(OWN)).drop(columns="source")
    )


def test_a_file_that_is_not_there_or_no_text_is_reported(file, tmp_path):
    for path in (tmp_path / "none.csv", tmp_path, file("PK\x03\x04")):
        with pytest.raises(ValueError, match=f"cannot read {path}"):
            aimarket.observations(path)
