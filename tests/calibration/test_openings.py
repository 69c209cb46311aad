"""Starts: made from the observations by code, with everything that nobody observed marked."""

from importlib.resources import files

import numpy as np
import pytest

import aimarket
from aimarket.experiments.calibration.openings import opening, provenance
from aimarket.experiments.calibration.start_files import BETWEEN, STARTS, stated, text_of
from aimarket.experiments.runs.ensemble import run_ensemble
from aimarket.model.initial_state import load_start


@pytest.mark.parametrize("quarter", STARTS)
def test_the_start_that_ships_is_what_the_observations_give(quarter):
    shipped = files("aimarket.model").joinpath("data", f"initial_{quarter}.toml")
    assert shipped.read_text(encoding="utf-8") == text_of(quarter, opening(quarter))


def test_observed_stocks_are_those_of_the_series():
    revenue = load_start(BETWEEN).array("ai_labs", "revenue")[:, 0]
    assert np.allclose(4.0 * revenue[:2], [6.0, 1.0], rtol=0.1)
    sales = load_start(BETWEEN).array("chip_vendors", "capacity") * load_start(BETWEEN).array("chip_vendors", "price")
    assert 1.25 * sales[0, 0] == pytest.approx(35.6, rel=0.01)
    assert sales[1, 0] == pytest.approx(4.1, rel=0.01)


def test_a_stock_within_a_series_error_keeps_its_rounded_value():
    # 62.3 bn of 1.19 M units with clusters of a quarter of the price make 41.8 thousand; 41 stands
    assert stated("2025Q4")["chip_vendors"]["price"]["values"][0] == 41.0
    (basis,) = provenance("2025Q4").query("quantity == 'price' and firm == 'NVIDIA'")["basis"]
    assert basis == "observed"


def test_everything_says_what_it_rests_on():
    for quarter in STARTS:
        table = provenance(quarter)
        assert set(table["basis"]) <= {"observed", "observed later", "imputed", "assumption", "definition"}
        assert table["source"].str.len().gt(0).all()
    imputed = provenance(BETWEEN).query("basis == 'imputed'")
    assert {"cash", "capability"} <= set(imputed["quantity"])
    assert not (provenance("2025Q4")["basis"] == "imputed").any()
    pairs = provenance(BETWEEN).query("quantity == 'tenancies'").set_index("firm")["value"]
    assert pairs["Microsoft, OpenAI"] == 0.27


def test_what_is_imputed_lies_between_its_neighbours():
    early, middle, later = (load_start(quarter).array("ai_labs", "cash") for quarter in STARTS)
    assert ((middle >= np.minimum(early, later)) & (middle <= np.maximum(early, later))).all()


def test_a_run_goes_on_from_every_start():
    for quarter in STARTS:
        runs = run_ensemble("baseline", 2, 4, start=load_start(quarter))
        assert not len(runs.failures)
        assert max(runs.checks().values()) < 1e-9


def test_a_quarter_without_a_start_is_named():
    with pytest.raises(ValueError, match=r"no start is made for '2022Q4'; there is 2023Q4, 2024Q4, 2025Q4"):
        opening("2022Q4")
    with pytest.raises(ValueError, match="2024Q4"):
        aimarket.load_start("2022Q4")
