"""Explore: what is shown of a ranking, a tornado, worlds and a box is what was found, in one order."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from aimarket import load_scenario
from aimarket.experiments.analysis.sensitivity import morris_effects, sobol_indices, tornado
from aimarket.experiments.designs.design import Factor, make_design
from aimarket.experiments.runs.losses import LostRunsWarning
from aimarket.experiments.sweeps.outcomes import Outcome
from aimarket.experiments.sweeps.study import study
from aimarket.experiments.sweeps.sweep import run_sweep
from aimarket.server.jobs import exploration, published_sweep
from aimarket.server.jobs.background import StoppedError
from aimarket.server.jobs.exploration import MOST_RUNS, Found, Question, answers, asked, outcomes
from aimarket.server.jobs.published_sweep import SWEEP
from aimarket.server.presenters import explore
from aimarket.server.presenters.explore import Look
from aimarket.server.presenters.explore_controls import setting
from aimarket.server.url.view_state import View, read_link

FACTORS = (Factor("spillover", 0.0, 1.0, default=0.5), Factor("coding_switching", 0.0, 1.0, default=0.5))
OUTCOME = Outcome("outcome", "C1a.funding", condition="> 2", label="the outcome", unit="pp")


def line(points):
    """Return an outcome that the second factor moves three times as far as the first."""
    return (points["spillover"] + 3.0 * points["coding_switching"]).to_numpy()


@pytest.fixture
def found():
    """What is found of the line, by Sobol's method."""
    sobol, swing = make_design("sobol", FACTORS, size=64), make_design("one_at_a_time", FACTORS)
    first = sobol.points.iloc[sobol.independent].reset_index(drop=True)
    return Found(
        outcome=OUTCOME,
        factors=FACTORS,
        ranking=sobol_indices(sobol, line(sobol.points)),
        swings=tornado(swing, line(swing.points)),
        points=first,
        values=line(first),
        runs=10,
    )


def test_ranking_and_tornado_have_one_order(found):
    output = explore.ranked(found)
    names = [[row[0] for row in output[part]["rows"]] for part in ("ranking", "swings")]
    assert names == [["coding_switching", "spillover"]] * 2


def test_the_headline_says_how_much_the_first_explains(found):
    assert (
        explore.headline(found) == f"{explore.label('coding_switching')} explains 90 % of how much the outcome varies"
    )


def test_morris_says_how_far_the_first_moves_it(found):
    design = make_design("morris", FACTORS, size=4)
    moved = replace(found, ranking=morris_effects(design, line(design.points)))
    output = explore.headline(moved)
    first = explore.label("coding_switching")
    assert output == (f"{first} moves the outcome most, by 3 points over its range; next is leak of know-how with 1")


def test_the_tornado_goes_from_the_default_to_both_ends(found):
    output = explore.swings(found)
    assert output["base"] == 2.0
    assert output["rows"][0][2:4] == [0.5, 3.5]


def test_the_value_of_today_says_of_how_many_pairs_it_is_and_what_claims_takes(found):
    output = explore.swings(replace(found, question=Question((), "C1a"), replicates=8, seed=7))
    assert output["base_text"] == "2, mean of 8 pairs"
    assert output["sub"].endswith("8 pairs a value, seed 7; the page Claims takes 200 pairs, and the visitor’s seed")


def test_a_sweep_says_of_how_many_runs_its_values_are(found):
    output = explore.swings(replace(found, outcome=Outcome("x", quantity="ai_revenue"), replicates=3))
    assert output["base_text"] == "2, mean of 3 runs"
    assert "Claims" not in output["sub"]


def test_an_outcome_that_is_known_in_no_world_still_has_a_bound(found):
    nowhere = replace(found, outcome=Outcome("x", quantity="ai_revenue"), values=np.full(4, np.nan))
    assert explore.condition_of(nowhere, Look()) == "> 0"


def test_nothing_that_moves_nothing_is_called_decisive(found):
    design = make_design("sobol", FACTORS, size=8)
    still = replace(found, ranking=sobol_indices(design, np.ones(len(design.points))))
    assert explore.headline(still) == "Nothing that is varied moves the outcome"


def test_worlds_outside_the_limits_do_not_count(found):
    points, values, holds = explore.worlds(found, Look(limits=(("spillover", 0.2, 0.4), ("outcome", 1.0, 9.0))))
    assert points["spillover"].between(0.2, 0.4).all()
    assert (values >= 1.0).all()
    assert (holds == (values > 2.0)).all()


def test_worlds_that_failed_are_left_out(found):
    values = found.values.copy()
    values[3] = np.nan
    assert len(explore.worlds(replace(found, values=values), Look())[1]) == len(values) - 1


def test_the_box_holds_more_often_inside_than_outside(found):
    output = explore.scatter(found, Look(), explore.box_of(found, Look()))
    assert output["box"]["limits"][0]["name"] == "coding_switching"
    assert output["axes"][0]["name"] == "coding_switching"
    assert "of the worlds in the box are such" in output["box"]["text"]


def test_no_box_is_looked_for_where_no_world_is_left(found):
    look = Look(limits=(("outcome", 99.0, 100.0),))
    assert explore.box_of(found, look) is None
    assert explore.scatter(found, look, None)["count"] == 0


def test_what_a_link_names_and_is_not_there_is_not_drawn(found):
    output = explore.scatter(found, Look(across="nothing", up="outcome"), None)
    assert [axis["name"] for axis in output["axes"]] == ["coding_switching", "outcome"]


def test_an_outcome_without_a_condition_is_judged_by_its_median(found):
    plain = replace(found, outcome=replace(OUTCOME, condition=""))
    holds = explore.worlds(plain, Look())[2]
    assert abs(holds.mean() - 0.5) < 0.05


@pytest.mark.parametrize("query", ["", "scenario=baseline", "scenario=chip_shock"])
def test_claims_are_offered_where_there_is_a_deal(query):
    view = read_link(query)[0]
    assert ("C1a.funding" in outcomes(view)) == bool(load_scenario(view.scenario).deals)
    assert "ai_revenue" in outcomes(view)


def test_the_visitors_values_are_where_the_tornado_begins(monkeypatch):
    monkeypatch.setattr(exploration, "TRAJECTORIES", 2)
    monkeypatch.setattr(exploration, "LUCKS", 1)
    monkeypatch.setattr(exploration, "WORLDS", 30)
    view = read_link("set=rivalry:0.3&set=loan_to_value:0.6")[0]
    output = []
    *_, last = answers(asked(view, outcome="C2b.share_7", method="morris"), view, lambda n, whole: output.append(n))
    assert {factor.name: factor.default for factor in last.factors}["rivalry"] == 0.3
    count = len(last.factors)
    assert sum(output) == last.runs == 2 * (count + 1) + (2 * count + 1) + 30
    assert last.ranking is not None
    assert np.isfinite(last.values).all()


def test_work_that_nobody_needs_ends_after_a_piece():
    view, pieces = View(seed=3), []

    def step(count, whole):
        pieces.append(count)
        if sum(pieces) > 0:
            raise StoppedError

    with pytest.raises(StoppedError):
        list(answers(asked(view, outcome="C2b.gap_7", method="sobol"), view, step))
    assert sum(pieces) <= exploration.PIECE


@pytest.mark.parametrize("outcome", ["C1a.funding", "C4b.chips_less_research", "power_price"])
def test_sobols_method_is_bounded(outcome):
    view = View()
    whole = []

    def step(count, total):
        whole.append(total)
        raise StoppedError

    with pytest.raises(StoppedError):
        list(answers(asked(view, outcome=outcome, method="sobol"), view, step))
    treatments = len(exploration.outcome_of(outcome, load_scenario("deal_35bn")).runs)
    assert (whole[0] - 35 * exploration.LUCKS) * treatments <= MOST_RUNS


def test_a_sweep_is_read_with_the_analysis_of_its_design(tmp_path, monkeypatch):
    asked_for = study(
        "Which?",
        FACTORS,
        [Outcome("y", quantity="none", label="the outcome")],
        method="sobol",
        size=16,
        function=lambda points: pd.DataFrame({"y": line(points)}),
    )
    run_sweep(asked_for, tmp_path / "sweep", workers=0)
    monkeypatch.setenv(SWEEP, str(tmp_path / "sweep"))
    published = published_sweep.shown()
    found = published_sweep.found_in(published, "y", published_sweep.cases(published)[0])
    assert explore.order(found) == ["coding_switching", "spillover"]
    assert found.values == pytest.approx(line(found.points))


def test_a_sweep_that_lacks_runs_says_so(tmp_path, monkeypatch):
    def failing(points):
        if points["spillover"].iloc[0] == first:
            raise ArithmeticError("no result here")
        return {"y": line(points)}

    asked_for = study("Which?", FACTORS, [Outcome("y")], method="sobol", size=4, function=failing, chunk=4)
    first = asked_for.design.points["spillover"].iloc[4]
    with pytest.warns(LostRunsWarning):
        run_sweep(asked_for, tmp_path / "sweep", workers=0)
    monkeypatch.setenv(SWEEP, str(tmp_path / "sweep"))
    published = published_sweep.shown()
    output = json.loads(setting(View(extra={"source": "sweep"}), published, key="y", stale=False))
    assert "4 of 16 runs are missing (chunk 1 was given up" in output["sweep"]["loss"]
    found = published_sweep.found_in(published, "y", published_sweep.cases(published)[0])
    assert explore.ranked(found)["note"] == "Not reckoned: 4 of 16 points are missing."


def test_no_sweep_is_shown_where_none_was_named(monkeypatch):
    monkeypatch.delenv(SWEEP, raising=False)
    assert published_sweep.shown() is None


@pytest.mark.parametrize(
    ("query", "output"),
    [
        ("holds=%3D1", "a condition is one of <, >, <=, >="),
        ("holds=>+nan", "nan is not a number"),
        ("only=spillover:1", "a limit is a name"),
        ("only=a:1:2,a:1:2", "one a name"),
        ("only=" + ",".join(f"a{k}:1:2" for k in range(9)), "at most 8 limits"),
        ("across=<b>", "that is no name"),
        ("method=guess", "none of morris, sobol"),
    ],
)
def test_a_look_that_is_none_is_reported(query, output):
    view, problems = read_link(query)
    assert view == View()
    assert output in problems[0]


def test_a_look_comes_back_from_its_link():
    view = read_link("outcome=C2b.share_7&method=sobol&across=spillover&holds=>+0.5&only=spillover:0.1:0.2")[0]
    assert explore.look_of(view) == Look("spillover", "", "> 0.5", (("spillover", 0.1, 0.2),))
