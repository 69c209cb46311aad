"""What is the end of a range but for rounding is the end, wherever ranges are checked; the rest is shown exactly."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import aimarket
from aimarket.agents.state.numbers import exact, to_ends
from aimarket.experiments.adapters.salib_ema import problem
from aimarket.experiments.designs.design import factors_of, make_design
from aimarket.experiments.sweeps.study_file import parse_study
from aimarket.model.deals.deal import Deal, Tranche
from aimarket.model.parameters import checked, parameters
from aimarket.model.scenarios.firm_overrides import by_firm
from aimarket.model.scenarios.scenario import parse_scenario
from aimarket.server.cli.arguments import settings
from aimarket.server.url.view_state import read_link

BEYOND = 0.30000000000000004
"""One unit in the last place above the greatest spillover."""

ENDS = [(name, end) for name, item in parameters().items() for end in (item.low, item.high) if end]


def beyond(name, end, kind=np.float64):
    """The number of a precision that is next to an end, outside."""
    item = parameters()[name]
    return np.nextafter(kind(end), kind(np.inf if end == item.high else -np.inf))


@pytest.mark.parametrize(("kind", "figures"), [(np.float64, 17), (np.float32, 9)])
def test_a_unit_in_the_last_place_beyond_an_end_is_the_end(kind, figures):
    taken = {}
    for name, end in ENDS:
        value = beyond(name, end, kind)
        given = (value, float(value), float(f"{value:.{figures}g}"))
        taken[name, end] = {checked({name: item})[name] for item in given}
    assert taken == {(name, end): {end} for name, end in ENDS}


@pytest.mark.parametrize("step", [-1e-17, -2.8e-17])
def test_what_sums_to_nought_but_for_rounding_is_nought(step):
    assert to_ends(np.array([step]), 0.0, 0.3).tolist() == [0.0]


@pytest.mark.parametrize("method", ["latin", "sobol", "saltelli", "morris"])
def test_salibs_samples_of_a_problem_are_taken(method):
    import importlib

    asked = problem([name for name, item in parameters().items() if not item.structural])
    sample = importlib.import_module(f"SALib.sample.{method if method != 'saltelli' else 'sobol'}").sample(asked, 2)
    low, high = np.array(asked["bounds"]).T
    corner = 1.0 * (high - low) + low  # what scaling does to a 1
    assert (corner > high).any()
    frame = pd.DataFrame([*sample, corner], columns=asked["names"])
    assert len(make_design("table", (), table=frame).points) == len(frame)
    assert all(column.size == len(frame) for column in checked(frame.to_dict("list")).values())


def test_values_inside_stay_as_they_are_to_the_bit():
    inside = np.array([0.03, np.nextafter(0.03, 1.0), 0.1, np.nextafter(0.3, 0.0), 0.3])
    assert checked({"spillover": inside})["spillover"].tobytes() == inside.tobytes()


@pytest.mark.parametrize("value", [0.3000001, 0.30000001, 0.3 + 1e-12, 0.3 + 1e-15, 0.029999999])
def test_what_is_refused_is_shown_with_enough_figures(value):
    with pytest.raises(ValueError, match="lies outside") as caught:
        checked({"spillover": value})
    assert float(str(caught.value).split()[2]) == value


def test_one_of_many_values_is_named_with_its_place():
    with pytest.raises(ValueError, match=r"spillover = 0\.4 1/quarter lies outside \[0\.03, 0\.3\]: value 2 of 3"):
        checked({"spillover": [0.1, 0.4, 0.2]})


def test_a_range_is_shown_with_enough_figures():
    factor = factors_of(["spillover"], {"spillover": (0.1, 2 / 9)})[0]
    assert factor.range_text == "[0.1, 0.2222222222222222]"


@pytest.mark.parametrize(("text", "taken"), [("0.6666667", True), ("0.666667", True), ("0.66667", False)])
def test_a_text_that_rounds_an_end_is_the_end(text, taken):
    assert to_ends(np.array([float(text)]), 0.1, 2 / 3)[0] == (2 / 3 if taken else float(text))


def test_a_whole_number_but_for_the_last_places_is_whole():
    assert checked({"hall_lead_time": 8.000000000000002, "ramp_quarters": 2.9999999999999996}) == {
        "hall_lead_time": 8.0,
        "ramp_quarters": 3.0,
    }


@pytest.mark.parametrize(
    ("value", "text"), [(0.3, "0.3"), (10.0, "10"), (BEYOND, "0.30000000000000004"), (1e-9, "1e-09")]
)
def test_numbers_are_shown_as_briefly_as_they_can_be_read_back(value, text):
    assert exact(value) == text


# Wherever ranges are checked


def test_settings_of_the_command_line_and_of_links():
    assert settings([f"spillover={BEYOND!r}", "dilution=0.05000000074505806"]) == {"spillover": 0.3, "dilution": 0.05}
    view, problems = read_link(f"set=spillover:{BEYOND!r}&set=dilution:0.050000004")
    assert (dict(view.settings), problems) == ({"spillover": 0.3, "dilution": 0.05}, ())


def test_columns_of_single_precision():
    frame = pd.DataFrame({"spillover": np.float32([0.03, 0.3]), "dilution": np.float32([0.015, 0.05])})
    assert (frame.astype(float).max() > [0.3, 0.05]).all()
    runs = aimarket.run_ensemble("baseline", quarters=1, parameters=frame)
    assert runs.parameters["spillover"].tolist()[1] == 0.3
    assert make_design("table", (), table=frame).points.iloc[1].tolist() == [0.3, 0.05]


@pytest.mark.parametrize(
    "text", ["0.30000000000000004", "0.30000001192092896", "3.000000119209289551e-01", "0.300000012"]
)
def test_cells_of_a_table(tmp_path, text):
    (tmp_path / "points.csv").write_text(f"spillover,hall_lead_time\n{text},8.000000000000002\n")
    points = make_design("table", (), table=tmp_path / "points.csv").points
    assert points.iloc[0].tolist() == [0.3, 8]


def test_ranges_of_a_study():
    output = parse_study(
        'question = "q"\nquarters = 3\n[design]\nmethod = "latin_hypercube"\nsize = 4\nparameters = ["spillover"]\n'
        f"ranges = {{ spillover = [0.1, {BEYOND!r}] }}\n[outcomes]\n"
        'rev = { quantity = "ai_revenue", at = "2026Q3" }\n'
    )
    assert output.design.factors[0].high == 0.3


def test_levels_of_a_grid():
    assert (
        make_design("grid", factors_of(["spillover"]), levels={"spillover": [0.1, BEYOND]}).points.max().item() == 0.3
    )


def test_what_a_scenario_file_says():
    case = parse_scenario(
        f"[parameters]\nspillover = {BEYOND!r}\n[firms.Anthropic]\nparameters = {{ dilution = 0.05000000000000001 }}\n"
        '[[deals]]\ndate = "2026Q2"\namount = 1000.0000000000001\ninstrument = "lease"\nsupplier = "NVIDIA"\n'
        "recipients = { xAI = 1.0000000000000002 }\nfunders = { Apollo = 1.0 }\n"
        "tranches = [{ name = 'A', part = 1.0, rate = 0.25000000000000006 }]\n",
        "own",
        "own.toml",
    )
    assert case.parameters["spillover"] == 0.3
    assert case.firms["Anthropic"].parameters["dilution"] == 0.05
    deal = case.deals[0]
    assert (deal.amount, deal.tranches[0].rate, deal.recipients["xAI"]) == (1000.0, 0.25, 1.0)


def test_changes_of_a_scenario():
    case = parse_scenario(
        '[[changes]]\nparameter = "spillover"\nfrom = "2026Q1"\nmultiply = 3.0000000000000004\n', "own", "own.toml"
    )
    model = aimarket.MarketModel(case, parameters={"spillover": 0.1}, record=())
    model.apply_changes()
    assert model.parameters.spillover == 0.3


def test_terms_of_a_deal_in_code():
    deal = Deal(
        "d",
        8105,
        np.float32(35),
        "lease",
        {"xAI": 1.0},
        {"Apollo": 1.0},
        supplier="NVIDIA",
        term=np.int64(20),
        syndicated=1.0000000000000002,
        tranches=(Tranche(rate=0.25000000000000006),),
        covenant=Fraction(1, 2),
    )
    assert (deal.amount, deal.term, deal.syndicated, deal.tranches[0].rate, deal.covenant) == (35.0, 20, 1.0, 0.25, 0.5)
    assert type(deal.term) is int


def test_firms_own_values_in_a_roster():
    start = replace(aimarket.load_start(), parameters={"Anthropic": {"dilution": Decimal("0.05000000000000001")}})
    assert by_firm(start)["dilution"][start.names("ai_labs").index("Anthropic")] == 0.05


def test_both_ends_of_a_search_for_a_tipping_value():
    found = aimarket.tipping("spillover", "C1a", low=0.029999999999999995, high=BEYOND, replicates=2, tolerance=0.5)
    assert (found.factor.low, found.factor.high) == (0.03, 0.3)
