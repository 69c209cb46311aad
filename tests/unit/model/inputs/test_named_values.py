"""Values by name are taken from whatever holds them, of any numeric type; what is refused is named for what it is."""

from collections import namedtuple
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import aimarket
from aimarket.experiments.designs.design import factors_of, make_design
from aimarket.experiments.sweeps.outcomes import Outcome
from aimarket.experiments.sweeps.study import study
from aimarket.experiments.sweeps.variants import Variant
from aimarket.model.inputs.named_values import by_name
from aimarket.model.parameters import checked
from aimarket.model.scenarios.scenario import parse_scenario
from aimarket.server.cli.arguments import settings

VALUES = {"outside_wear": [0.05, 0.06], "hall_lead_time": [3, 4], "chance": [True, False]}
FRAME = pd.DataFrame(VALUES)

FRAMES = {
    "pandas": FRAME,
    "objects": FRAME.astype(object),
    "nullable": FRAME.convert_dtypes(),
    "arrow": FRAME.convert_dtypes(dtype_backend="pyarrow"),
    "categories": FRAME.assign(outside_wear=FRAME["outside_wear"].astype("category")),
    "decimals": FRAME.assign(outside_wear=[Decimal("0.05"), Fraction(6, 100)]),
    "polars": pl.DataFrame(VALUES),
    "polars decimals": pl.DataFrame(VALUES).with_columns(pl.col("outside_wear").cast(pl.Decimal(10, 4))),
    "table": pa.table(VALUES),
    "batch": pa.record_batch(VALUES),
    "records": FRAME.to_dict("records"),
    "fields": FRAME.to_records(index=False),
    "lists": VALUES,
    "series of polars": {name: pl.Series(values) for name, values in VALUES.items()},
}

NUMBERS = {
    "numpy": np.float32(0.05),
    "array": np.array(0.05),
    "decimal": Decimal("0.05"),
    "fraction": Fraction(1, 20),
    "object": np.array(0.05, dtype=object),
}

ROWS = {
    "row": FRAME.astype(object).iloc[0],
    "same": FRAME.drop(columns="chance").iloc[0],
    "named": next(FRAME.itertuples(index=False)),
    "polars": pl.DataFrame(VALUES).row(0, named=True),
    "tuple": namedtuple("Row", "outside_wear")(0.05),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_columns_of_every_library_are_taken(kind):
    found = checked(by_name(FRAMES[kind]), each=True)
    assert {name: value.tolist() for name, value in found.items()} == {
        "outside_wear": [0.05, 0.06],
        "hall_lead_time": [3.0, 4.0],
        "chance": [1.0, 0.0],
    }


@pytest.mark.parametrize("kind", FRAMES)
def test_a_table_of_every_library_is_a_design(kind):
    points = make_design("table", (), table=FRAMES[kind]).points
    assert points.to_dict("list") == {"outside_wear": [0.05, 0.06], "hall_lead_time": [3, 4], "chance": [1, 0]}


@pytest.mark.parametrize("kind", ["polars", "objects", "lists"])
def test_an_ensemble_has_as_many_replicates_as_values(kind):
    runs = aimarket.run_ensemble("baseline", quarters=1, parameters=FRAMES[kind])
    assert runs.replicates == 2
    assert runs.effective["hall_lead_time"].tolist() == [3.0, 4.0]


@pytest.mark.parametrize("kind", NUMBERS)
def test_a_number_of_every_type_is_taken(kind):
    model = aimarket.MarketModel(parameters={"outside_wear": NUMBERS[kind]}, record=())
    assert model.parameters.outside_wear == pytest.approx(0.05)
    assert type(model.overrides["outside_wear"]) is float


@pytest.mark.parametrize("kind", ROWS)
def test_a_row_is_taken(kind):
    model = aimarket.MarketModel(parameters=ROWS[kind], record=())
    assert model.parameters.outside_wear == 0.05


def test_a_model_takes_the_columns_of_a_frame():
    model = aimarket.MarketModel(parameters=pl.DataFrame({"outside_wear": [0.05, 0.06]}), replicates=2, record=())
    assert model.parameters.outside_wear.tolist() == [0.05, 0.06]


def test_twins_and_searches_take_rows():
    twins = aimarket.compare("deal_35bn", quarters=2, parameters=ROWS["row"], replicates=2, runs=())
    assert twins.parameters == {"outside_wear": 0.05, "hall_lead_time": 3.0, "chance": 1.0}
    found = aimarket.tipping(
        "spillover", "C1a", parameters=pd.Series({"outside_wear": 0.05}), replicates=2, tolerance=0.5
    )
    assert np.isfinite(found.curve["mean"]).all()


def test_twins_have_as_many_replicates_as_values_whatever_a_treatment_sets():
    twins = aimarket.compare("deal_35bn", quarters=2, parameters=pd.DataFrame({"announcement_effect": [0.1, 0.2, 0.3]}))
    assert {runs.replicates for runs in twins.ensembles.values()} == {3}
    assert twins.parameters["announcement_effect"].tolist() == [0.1, 0.2, 0.3]


@pytest.mark.parametrize("numbers", [pd.Series([3, 5], index=[7, 9]), pl.Series([3, 5]), np.array([3, 5]), (3, 5)])
def test_numbers_of_replicates_come_in_columns_too(numbers):
    assert list(aimarket.MarketModel(replicate=numbers, record=()).chance.replicates) == [3, 5]
    runs = aimarket.run_ensemble("baseline", quarters=1, numbers=numbers)
    assert runs.records["indicators"].replicates.tolist() == [3, 5]


def test_a_study_made_in_code_takes_a_row():
    twin = aimarket.load_scenario("baseline")
    made = study(
        "q",
        factors_of(["spillover"]),
        [Outcome("rev", quantity="ai_revenue", start=8104, end=8104)],
        size=2,
        variants=(Variant(twin, {}),),
        against=twin,
        quarters=2,
        parameters=ROWS["row"],
    )
    assert made.describe()["parameters"] == {"outside_wear": 0.05, "hall_lead_time": 3.0, "chance": 1.0}


def test_a_table_takes_factors_from_the_index_of_a_frame():
    points = make_design("table", (), table=FRAME.set_index("outside_wear")).points
    assert list(points) == ["outside_wear", "hall_lead_time", "chance"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (np.zeros((3, 2)), "an array has no names: wrap it in pandas.DataFrame"),
        ([0.05, 0.06], "give values by name"),
        (0.05, "give values by name"),
        (pl.DataFrame(VALUES).lazy(), "a query that has not run"),
        ([{"outside_wear": 0.05}, {"outside_wera": 0.05}], "row 2 names"),
        (pd.DataFrame([[1.0, 2.0]], columns=["outside_wear", "outside_wear"]), "2 columns 'outside_wear'"),
        (pd.Series([0.05]), "no '0'"),
        ({"outside_wear": None}, "outside_wear = None is not a number"),
        ({"outside_wear": "0.05"}, "outside_wear = '0.05' is not a number"),
        ({"outside_wear": [0.05, None]}, r"outside_wear = None in \[0.05, None\] is not a number"),
        (
            {"outside_wear": pd.array([0.05, None], dtype="Float64")},
            "outside_wear = nan .* lies outside .* value 2 of 2",
        ),
        ({"outside_wear": [0.05, "x"]}, "outside_wear = .*x.* is not a number"),
        ({"outside_wear": [True, False]}, "outside_wear = True in .* is not a number"),
        ({"outside_wear": {0.05}}, r"outside_wear = {0.05} is not a number"),
        ({"outside_wear": pd.Timestamp(0)}, "outside_wear = Timestamp"),
        ({"outside_wear": Decimal("NaN")}, "outside_wear = nan .* lies outside"),
        ({"outside_wear": np.ma.array([0.05, 0.06], mask=[False, True])}, "outside_wear = nan .* value 2 of 2"),
        ({"Unnamed: 0": 1}, "index_col=0"),
        ({"hall_lead_time": [3.5, 4]}, "hall_lead_time = 3.5 quarters has to be a whole number: value 1 of 2"),
    ],
)
def test_what_is_refused_is_named_for_what_it_is(given, said):
    with pytest.raises((KeyError, TypeError, ValueError), match=said):
        aimarket.run_ensemble("baseline", quarters=1, parameters=given)


@pytest.mark.parametrize("names", [np.array(["spillover"]), pd.Index(["spillover"]), ("spillover",), {"spillover": 0}])
def test_names_come_in_any_order_of_things(names):
    assert factors_of(names) == factors_of("spillover")


def test_what_an_ensemble_and_its_numbers_disagree_about_is_named():
    with pytest.raises(ValueError, match="replicates = 3, and there are 2 numbers"):
        aimarket.run_ensemble("baseline", 3, 1, numbers=[0, 1])


@pytest.mark.parametrize(("word", "value"), [("true", 1.0), ("false", 0.0)])
def test_a_switch_is_true_or_false_in_files_and_on_the_command_line(word, value):
    assert settings([f"chance={word}"]) == {"chance": value}
    assert parse_scenario(f"[parameters]\nchance = {word}\n", "own", "own.toml").parameters == {"chance": value}
    with pytest.raises(ValueError, match="rivalry = True is not a number; give one in"):
        parse_scenario("[parameters]\nrivalry = true\n", "own", "own.toml")
