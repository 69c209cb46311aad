"""Which parameters are called uncertain follows from the screening and the posterior, by a rule."""

from importlib.resources import files

import pandas as pd

import aimarket
from aimarket.experiments.claims.deciding import deciding
from aimarket.experiments.publishing.uncertain_parameters import TURNS, as_found, turns, uncertain
from aimarket.model.parameters import most_uncertain

COMMAND = "python -m aimarket.experiments.publishing.uncertain_parameters model/data/uncertain.csv"


def screened(**part):
    return pd.DataFrame(
        [{"parameter": name, "turned": turned, "survives": survives} for name, (turned, survives) in part.items()]
    )


def test_what_is_called_uncertain_is_what_the_rule_gives():
    with files("aimarket.model").joinpath("data", "uncertain.csv").open(encoding="utf-8") as file:
        pd.testing.assert_frame_equal(pd.read_csv(file), as_found(), rtol=1e-3, check_dtype=False)
    named = {name for name, item in aimarket.parameters().items() if item.uncertain}
    assert named == set(as_found()["parameter"]) == most_uncertain(), f"run `{COMMAND}`"


def test_a_parameter_that_decides_and_turns_a_verdict_is_uncertain():
    found = uncertain(screened(dilution=(TURNS, True), herding=(0.9, False), payout=(0.5 * TURNS, True)), ())
    assert list(found["parameter"]) == ["dilution"]


def test_a_parameter_that_data_inform_is_uncertain():
    found = uncertain(screened(dilution=(0.0, True)), ("payout", "drift_of_labs"))
    assert list(found["parameter"]) == ["payout"]


def test_whole_numbers_that_shape_arrays_are_named_apart():
    found = uncertain(screened(hall_lead_time=(0.9, True)), ())
    assert found.empty
    assert all(not aimarket.parameters()[name].structural for name in most_uncertain())


def test_no_parameter_that_turns_a_verdict_is_left_out_without_a_reason():
    turning = {name for name, part in turns(deciding()).items() if part >= TURNS}
    assert all(aimarket.parameters()[name].structural for name in turning - most_uncertain())
