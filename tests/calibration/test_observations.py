"""Observations: the tidy table is what the tables and the declaration say, and knows when each value was known."""

import numpy as np
import pandas as pd
import pytest

from aimarket.experiments.calibration.observations import (
    after,
    built,
    checked_table,
    forecast_day,
    known,
    observed,
    rows_of,
)
from aimarket.experiments.calibration.series import ObservationError, declared_series, find_series, series_of


def value(series, quarter):
    rows = observed()
    return float(rows[(rows["series"] == series) & (rows["quarter"] == quarter)]["value"].iloc[0])


def test_the_table_that_ships_is_what_the_tables_of_observations_give():
    pd.testing.assert_frame_equal(observed(), built(), rtol=1e-5)


def test_values_are_those_of_the_sources():
    assert value("nvidia_data_center", "2025Q4") == 62.3
    assert value("openai_run_rate", "2024Q3") == pytest.approx(12 * 0.3)  # a month of 0.3 bn
    assert value("big_four_capex", "2025Q4") == pytest.approx(118.61)  # four companies, added
    assert value("nvidia_units", "2025Q4") == pytest.approx(10.477887 - 9.286427, rel=1e-4)  # a change of a total
    assert value("nvidia_price", "2025Q4") == pytest.approx(62.3 / (13.659258 - 10.703369), rel=1e-4)


def test_a_date_belongs_to_the_quarter_whose_end_is_nearest():
    assert value("anthropic_run_rate", "2024Q4") == 1.0  # of 2025-01-31
    assert value("openai_run_rate", "2025Q2") == 12.0  # of 2025-07-31


def test_every_series_says_what_it_has_not_in_common_with_the_model():
    assert all(len(series.mismatch) > 10 and series.error_source for series in declared_series().values())


def test_nothing_published_later_is_known_at_an_origin():
    rows = known("2024Q4", late=False)
    assert (rows["available"] <= forecast_day("2024Q4")).all()
    assert "openai_compute" not in set(rows["series"])  # estimated in 2026
    assert "openai_compute" in set(known("2024Q4", late=True)["series"])


@pytest.mark.parametrize("late", [True, False])
def test_a_row_of_a_later_quarter_is_never_known(late):
    poisoned = observed().copy()
    poison = poisoned[poisoned["quarter"] == "2025Q1"].assign(value=1e9)
    everything = pd.concat([poisoned[poisoned["quarter"] != "2025Q1"], poison])
    early = poison.assign(quarter="2024Q4", date=pd.Timestamp("2025-06-30"), available=pd.Timestamp("2025-07-30"))
    rows = known("2024Q4", late=late, table=pd.concat([everything, early]))
    assert rows["value"].max() < 1e9


def test_what_is_to_be_forecast_comes_after_the_origin():
    assert set(after("2024Q4", 2)["quarter"]) == {"2025Q1", "2025Q2"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"value": "many"}, "no positive number"),
        ({"date": "soon"}, "its date is no date"),
        ({"available": "2020-01-01"}, "available before its date"),
        ({"series": "nvidia"}, "'nvidia' is in the table and not in series.toml"),
        ({"certainty": "sure"}, "certainty is none of quoted"),
    ],
)
def test_a_wrong_row_is_named(change, message):
    table = observed().astype({"date": object, "available": object, "value": object})
    for name, wrong in change.items():
        table.loc[3, name] = wrong
    with pytest.raises(ObservationError, match=message):
        checked_table(table)


def test_a_quarter_twice_and_a_missing_column_are_named():
    with pytest.raises(ObservationError, match="nvidia_data_center in 2022Q1: the series has that quarter twice"):
        checked_table(pd.concat([observed(), observed().head(1)]))
    with pytest.raises(ObservationError, match="no column 'unit'"):
        checked_table(observed().drop(columns="unit"))


def test_a_series_that_is_not_there_is_reported_with_the_nearest():
    with pytest.raises(KeyError, match="nvidia_units"):
        find_series("nvidia_unit")


def test_a_declaration_that_says_something_wrong_is_named():
    good = {key: item for key, item in vars(find_series("broadcom_ai")).items() if key not in ("name", "rows", "per")}
    rows = [{"table": "power", "entity": "Nobody", "metric": "power_price"}]
    with pytest.raises(ObservationError, match=r"use.*scored"):
        series_of("x", {**good, "rows": rows, "use": "scored"})
    with pytest.raises(ObservationError, match="entiti"):
        series_of("x", {**good, "rows": [{"entiti": "x"}]})
    with pytest.raises(ObservationError, match="names no rows"):
        series_of("x", good)
    with pytest.raises(ObservationError, match=r"x: power\.csv has no power_price of Nobody"):
        list(rows_of(series_of("x", {**good, "rows": rows})))


def test_certainty_of_a_sum_is_that_of_its_least_certain_part():
    rows = observed()
    assert set(rows["certainty"]) <= {"quoted", "secondary", "unverified"}
    assert np.isfinite(rows["value"]).all()
