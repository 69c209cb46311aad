"""The Twin page shows what the runs say: fans hold the pairs, dots count them, and all is as `compare` has it."""

import json

import numpy as np
import pytest

from aimarket.experiments.comparison.comparison import compare
from aimarket.experiments.formatting import beside, difference
from aimarket.server.jobs import paired_runs
from aimarket.server.presenters import twin
from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.view_state import read_link

QUARTER = 14


def go_on(*_):
    """Let the work go on."""


def first_pairs(query=""):
    view = read_link(query).view
    run = TwinRun(view.scenario, view.seed)
    return next(paired_runs.growing(paired_runs.key_of(run, view), run, go_on))


@pytest.fixture(scope="module")
def run():
    run = TwinRun("deal_35bn")
    run.reach(QUARTER)
    return run


@pytest.fixture(scope="module")
def few():
    return first_pairs()


@pytest.fixture(scope="module")
def effect(run, few):
    return json.loads(twin.effect(run, few, QUARTER))


def test_means_and_differences_are_those_of_compare(few, effect):
    found = compare("deal_35bn", replicates=few.size, quarters=QUARTER, runs=())
    lab = found.subject.row
    own, control = (
        100.0 * found.ensembles[name].values("revenue_share", "ai_labs")[-1, lab].mean()
        for name in ("treated", "control")
    )
    assert effect["rows"][0][2:5] == list(beside(own, control, "%"))


def test_pairs_are_the_same_in_one_model_as_in_two(few):
    apart = compare("deal_35bn", replicates=3, quarters=QUARTER, runs=())
    assert np.array_equal(few.twin["funding"][:QUARTER, :3], apart.ensembles["control"].values("funding"))


def test_the_first_pair_of_many_is_the_visitor_s_own(run, few):
    own = run.at(QUARTER).own.column("ai_labs", "revenue_share")
    assert np.array_equal(few.own["revenue_share"][QUARTER - 1, :, 0], own)


def test_every_pair_is_in_a_dot(few, effect):
    assert effect["dots"]["each"] * len(effect["dots"]["points"]) == few.size


def test_no_column_of_dots_holds_both_signs(effect):
    for middle, _, value in effect["dots"]["points"]:
        assert np.sign(middle) == np.sign(value)


def test_dots_of_many_values_are_few_enough_to_count():
    output = twin.dots(np.linspace(-1.0, 3.0, 1000))
    assert len(output["points"]) == twin.MOST_DOTS
    assert len({point[0] for point in output["points"]}) <= twin.COLUMNS + 2


def test_pairs_that_do_not_differ_are_dots_at_nothing():
    assert {point[0] for point in twin.dots(np.zeros(7))["points"]} == {0.0}


def test_bands_of_a_fan_lie_one_within_the_other(run, few):
    for worlds in json.loads(twin.fans(run, few)).values():
        for world in worlds:
            assert (np.diff(np.array(world), axis=0) >= 0.0).all()


def test_the_sentence_counts_the_pairs_of_its_sign(run, few, effect):
    row = run.firms["ai_labs"].index("Anthropic")
    change = (few.own["revenue_share"] - few.twin["revenue_share"])[QUARTER - 1, row]
    output = "".join(piece[0] for piece in effect["sentence"])
    assert output.startswith(
        f"In {(change > 0.0).sum()} of {few.size} pairs the deal lifts Anthropic’s share of AI revenue"
    )


def test_before_the_deal_both_worlds_are_the_same(run, few):
    output = json.loads(twin.effect(run, few, 1))
    assert output["sentence"] == [["In 2026 Q1 both worlds are still the same", ""]]


@pytest.mark.parametrize(
    "scenario", ["chip_shock", "deal_split", pytest.param("demand_winter", marks=pytest.mark.acceptance)]
)
def test_other_scenarios_have_pairs_too(scenario):
    run = TwinRun(scenario)
    output = json.loads(twin.effect(run, first_pairs(f"scenario={scenario}"), 20))
    assert output["count"] == paired_runs.FIRST - output["failed"]


def test_the_baseline_has_no_pairs():
    assert paired_runs.key_of(TwinRun("baseline"), read_link("scenario=baseline").view) is None


def test_work_that_nobody_needs_ends_at_once():
    def stop(*_):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        next(paired_runs.growing("nobody's", TwinRun(), stop))


def test_the_visitor_s_own_pair_is_reported_with_its_difference(run):
    output = twin.frame(run, QUARTER - 2)
    now, row = run.at(QUARTER - 2), run.firms["ai_labs"].index("Anthropic")
    own, other = (100.0 * float(world.column("ai_labs", "revenue_share")[row]) for world in (now.own, now.twin))
    assert output["rows"][0][4] == difference(own, other, "%")
    assert output["sentence"][1] == [f"{output['rows'][0][4][1:]} points", "deal"]


def test_settings_at_which_every_pair_breaks_down_are_reported(run, monkeypatch):
    monkeypatch.setattr(paired_runs, "sound_in", lambda ensemble: np.zeros(ensemble.replicates, dtype=bool))
    with pytest.raises(ValueError, match="every pair of worlds breaks down"):
        next(paired_runs.growing("broken", run, go_on))
