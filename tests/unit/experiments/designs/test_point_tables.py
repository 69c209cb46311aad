"""A table of one's own is read to the bit, or the message names the row and the column that are wrong."""

import numpy as np
import pandas as pd
import pytest

from aimarket.experiments.designs.design import factors_of, make_design

FACTORS = factors_of(["spillover", "hall_lead_time"])
GOOD = "hall_lead_time,spillover\n4,0.1\n5,0.30000000000000000\n"


def read(folder, text, factors=FACTORS):
    path = folder / "points.csv"
    path.write_text(text, encoding="utf-8")
    return make_design("table", factors, table=str(path))


def test_columns_come_in_the_order_of_the_factors(tmp_path):
    points = read(tmp_path, GOOD).points
    assert list(points.columns) == ["spillover", "hall_lead_time"]
    assert points["hall_lead_time"].tolist() == [4, 5]


def test_a_table_names_its_factors_itself(tmp_path):
    assert read(tmp_path, GOOD, ()).factors == factors_of(["hall_lead_time", "spillover"])


def test_numbers_come_back_to_the_bit(tmp_path):
    values = np.random.default_rng(1).uniform(0.03, 0.3, 50)
    table = pd.DataFrame({"spillover": values})
    table.to_csv(tmp_path / "points.csv", index=False)
    again = make_design("table", (), table=tmp_path / "points.csv").points["spillover"]
    assert again.to_numpy().tobytes() == values.tobytes()


def test_a_data_frame_is_a_table_too():
    frame = pd.DataFrame({"spillover": [0.1, 0.2]}, index=[7, 9])
    assert make_design("table", (), table=frame).points["spillover"].tolist() == [0.1, 0.2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hall_lead_time,spilover\n4,0.1\n", "column 'spilover', which is not varied"),
        ("hall_lead_time\n4\n", "no column 'spillover'"),
        ("hall_lead_time,spillover,spillover\n4,0.1,0.1\n", r"column 'spillover\.1'"),
        ("hall_lead_time,spillover\n", "no rows"),
        ("", "cannot read"),
        ("hall_lead_time,spillover\n4,0.1\n\n5,0.1\n", "row 2 is empty"),
        ("hall_lead_time,spillover\n4,0.1\n,\n", "row 2 is empty"),
        ("hall_lead_time,spillover\n4,0.1\n5,\n", "row 2: spillover is missing"),
        ("hall_lead_time,spillover\n4,0.1\n5,nan\n", "row 2: spillover is missing"),
        ("hall_lead_time,spillover\n4,a lot\n", "row 1: spillover = 'a lot' is not a number"),
        ("hall_lead_time,spillover\n4,inf\n", r"row 1: spillover = inf lies outside \[0.03, 0.3\]"),
        ("hall_lead_time,spillover\n4,0.1\n9,0.1\n", r"row 2: hall_lead_time = 9 lies outside \[2, 8\]"),
        ("hall_lead_time,spillover\n4.5,0.1\n", "row 1: hall_lead_time = 4.5 has to be a whole number"),
        ("hall_lead_time,spillover\n4,0.1,7\n", "cannot read"),
    ],
)
def test_a_table_with_a_mistake_is_refused(tmp_path, text, said):
    with pytest.raises(ValueError, match=said):
        read(tmp_path, text)


def test_an_unknown_parameter_in_a_header_is_named(tmp_path):
    with pytest.raises(ValueError, match="did you mean 'spillover'"):
        read(tmp_path, "spilover\n0.1\n", ())


def test_a_table_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"none\.csv: No such file"):
        make_design("table", FACTORS, table=tmp_path / "none.csv")


@pytest.mark.parametrize("cell", [True, "x", object()])
def test_a_cell_of_a_data_frame_that_is_no_number_is_named(cell):
    frame = pd.DataFrame({"spillover": pd.Series([0.1, cell], dtype=object)})
    with pytest.raises(ValueError, match="row 2: spillover"):
        make_design("table", (), table=frame)


def test_a_table_is_needed():
    with pytest.raises(ValueError, match="needs the option table"):
        make_design("table", FACTORS)
