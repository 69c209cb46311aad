"""Comparisons are about the labs and dates that they name, and say so where they cannot judge."""

from dataclasses import replace

import numpy as np
import pytest

import aimarket
from aimarket.experiments.claims.evidence import WINDOW
from aimarket.experiments.claims.sizes import asked, bare
from aimarket.experiments.comparison.control import twin_of
from aimarket.experiments.statistics import (
    Interval,
    partial_r2,
    same_sign,
    verdict,
)
from aimarket.model.scenarios.scenario import Deal, Scenario, ScenarioError, load_scenario, parse_scenario
from aimarket.server.sessions.twin_run import TwinRun

SMALL = {"replicates": 4, "quarters": 16, "rng": 7, "runs": ()}
"""The twins alone; tests that read another run name it."""


def anthropic_first():
    """Return the start with the recipient in the first row instead of the second."""
    start = aimarket.load_start()
    order = [1, 0, 2, 3, 4, 5]
    labs = {
        name: [values[row] for row in order] if isinstance(values, list) and len(values) == len(order) else values
        for name, values in start.stocks["ai_labs"].items()
    }
    roster = tuple(start.roster["ai_labs"][row] for row in order)
    return replace(start, roster={**start.roster, "ai_labs": roster}, stocks={**start.stocks, "ai_labs": labs})


def test_the_recipient_is_found_in_the_roster_of_the_run():
    found = aimarket.compare("deal_35bn", start=anthropic_first(), **SMALL)
    assert found.subject.recipient == "Anthropic"
    assert found.subject.row == 0
    rows = found.differences.query("quantity == 'recipient_powered_compute'").set_index("quarter")["mean"]
    assert rows.iloc[5] > 0.1


def test_worlds_that_start_in_different_quarters_are_no_twins():
    other = replace(load_scenario("baseline"), start="2023Q4")
    with pytest.raises(ScenarioError, match="no twins"):
        aimarket.compare("deal_35bn", against=other, **SMALL)


def test_a_scenario_of_another_start_is_compared_with_the_world_where_nothing_happens_from_there():
    sizes = {"replicates": 2, "quarters": 6, "rng": 7}
    case = Scenario("dearer", start="2023Q4", parameters={"loan_to_value": 0.5})
    found = aimarket.compare(case, **sizes)
    alone = aimarket.run_ensemble(replace(load_scenario("baseline"), start="2023Q4"), **sizes)
    np.testing.assert_array_equal(found.ensembles["control"].values("ai_revenue"), alone.values("ai_revenue"))
    assert found.against == twin_of(case) == TwinRun(case).against


@pytest.mark.parametrize("start", ["2023Q4", "2025Q4"])
def test_a_scenario_in_which_nothing_happens_has_no_twin(start):
    assert twin_of(Scenario("calm", start=start)) is None


def test_what_several_labs_receive_is_added():
    found = aimarket.compare("deal_split", **{**SMALL, "runs": ("quiet",)})
    assert len(found.subject.rows) == 5
    board = found.claims().set_index("statistic")
    assert board.loc["of it to rival labs, announcement effect off", "value"] == pytest.approx(0.0, abs=1e-12)


def test_a_deal_of_nothing_supports_nothing():
    runs = ("quiet", "announced", "placebo largest", "placebo smallest")
    board = aimarket.compare("deal_35bn", parameters={"deal_scale": 0.0}, **{**SMALL, "runs": runs}).claims()
    assert {"C1a", "C1b", "C2a", "C2b", "C3"} <= set(board["claim"])
    assert "supported" not in set(board["verdict"])


def test_amounts_are_what_was_drawn():
    found = aimarket.compare("deal_35bn", parameters={"deal_scale": 2.0}, **SMALL)
    drawn = found.ensembles["treated"].values("deal_draw").sum(0)
    np.testing.assert_allclose(drawn, 70.0)
    assert found.subject.begin + WINDOW <= SMALL["quarters"]


def test_one_replicate_has_no_interval_and_no_warning():
    runs = ("quiet", "compute for one", "algorithms for one", "dollars to chips and clusters", "dollars to research")
    found = aimarket.compare("deal_35bn", replicates=1, quarters=14, rng=7, runs=runs)
    assert set(found.claims()["verdict"]) <= {
        "",
        "undecided",
        "supported",
        "not supported",
        "real but too small to matter",
    }
    assert "+inf" not in " ".join(found.summary())


@pytest.mark.parametrize(
    ("interval", "condition", "expected"),
    [
        (Interval(1, 0.5, 1.5), "> 0", "supported"),
        (Interval(1, -0.5, 1.5), "> 0", "undecided"),
        (Interval(-1, -1.5, -0.5), "> 0", "not supported"),
        (Interval(0, 0, 0), "> 0", "not supported"),
        (Interval(0, 0, 0), "<= 0", "supported"),
        (Interval(0.5, 0.2, 0.8), "< 1", "supported"),
        (Interval(float("nan"), float("nan"), float("nan")), "> 0", "undecided"),
    ],
)
def test_a_verdict_asks_the_whole_interval(interval, condition, expected):
    assert verdict(interval, condition) == expected


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (1.2, 1.4, "supported"),
        (1.05, 1.4, "undecided"),
        (1.02, 1.08, "real but too small to matter"),
        (0.9, 1.05, "not supported"),
        (0.9, 1.4, "undecided"),
    ],
)
@pytest.mark.parametrize("mirrored", [False, True])
def test_an_effect_below_the_smallest_that_matters_is_real_but_too_small(low, high, expected, mirrored):
    sign, ends = ("<", (-high, -low)) if mirrored else (">", (low, high))
    found = asked(sign, "dollar", -1.0 if mirrored else 1.0)
    claimed = bare(found["condition"], found["size"])
    assert claimed == f"{sign} {'-' if mirrored else ''}1"
    assert verdict(Interval(sum(ends) / 2.0, *ends), found["condition"], claimed) == expected


def test_no_difference_shares_no_sign():
    assert np.isnan(same_sign(np.zeros((1, 5)))[0])
    assert same_sign(np.array([[0.0, 0.0, 0.0, 0.0, 1.0]]))[0] == pytest.approx(0.2)
    assert same_sign(np.array([[1.0, 2.0, -1.0, 3.0]]))[0] == pytest.approx(0.75)


def test_partial_r2_is_that_of_least_squares():
    chance = np.random.default_rng(3)
    factors = chance.normal(size=(400, 3))
    outcome = factors @ [0.5, 0.0, -1.0] + chance.normal(size=400)
    whole, _ = partial_r2(outcome, factors, np.arange(400) // 10)
    design = np.column_stack([np.ones(400), factors])

    def rest(columns):
        chosen = design[:, columns]
        return ((outcome - chosen @ np.linalg.lstsq(chosen, outcome, rcond=None)[0]) ** 2).sum()

    full = rest([0, 1, 2, 3])
    expected = [1 - full / rest([c for c in range(4) if c != j]) for j in (1, 2, 3)]
    np.testing.assert_allclose(whole, expected, atol=1e-10)


LAB_DEAL = """
[[deals]]
date = "{date}"
amount = 5.0
recipients = {{ "{lab}" = 1.0 }}
funders = {{ "Apollo" = 1.0 }}
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (LAB_DEAL.format(date="2025Q1", lab="Anthropic"), "2025Q1 is before the run's first quarter, 2026Q1"),
        (LAB_DEAL.format(date="2026Q3", lab="Lab entrant"), "Lab entrant is not in business"),
        ('[[entries]]\nfirm = "NVIDIA"\ndate = "2027Q1"', "NVIDIA is in business already"),
    ],
)
def test_what_can_never_happen_is_refused(text, said):
    with pytest.raises(ScenarioError, match=said):
        aimarket.MarketModel(parse_scenario(text, "mine", "mine.toml"))


@pytest.mark.parametrize("name", ["price_level", "dry_powder", "outside_growth"])
def test_what_is_read_when_a_run_begins_cannot_change_later(name):
    text = f'[[changes]]\nparameter = "{name}"\nfrom = "2027Q1"\nmultiply = 1.1'
    with pytest.raises(ScenarioError, match=f"{name} cannot change during a run"):
        parse_scenario(text, "mine", "mine.toml")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = " + "[" * 20_000, "nested too deeply"),
        ("# " + "x" * 200_000, "letters; a scenario has at most"),
        ('[[changes]]\nparameter = "dilution"\nfrom = "2027Q1"\nmultiply = 1.0\n' * 201, "changes has 201 entries"),
    ],
)
def test_a_file_that_would_take_for_ever_is_refused(text, said):
    with pytest.raises(ScenarioError, match=said):
        parse_scenario(text, "mine", "mine.toml")


def test_two_deals_of_one_name_are_both_counted():
    date = load_scenario("deal_35bn").deals[0].start
    deal = Deal("twice", date, 5.0, recipients={"xAI": 1.0}, funders={"Apollo": 1.0})
    model = aimarket.MarketModel(Scenario("mine", deals=(deal, deal)))
    for _ in range(2):
        model.step()
    events = model.history.to_frame("events")
    assert events[events["event"] == "draw"]["amount"].sum() == pytest.approx(10.0)


def test_values_of_an_ensemble_are_joined_over_batches():
    level = np.array([1.0, 2.0, 3.0, 4.0])
    runs = aimarket.run_ensemble("baseline", 4, 1, 0, {"price_level": level}, batch=2)
    np.testing.assert_allclose(runs.effective["fixed_operating_cost"], 0.06 * level)


def test_two_firms_cannot_share_a_name():
    start = aimarket.load_start()
    vendors = (("xAI", True), *start.roster["chip_vendors"][1:])
    with pytest.raises(ValueError, match="two firms are called 'xAI'"):
        aimarket.MarketModel(start=start.with_firms("chip_vendors", vendors))
