"""Results of the defaults that ship: of this model, and the very numbers that the page Claims would find."""

import json

import pytest

from aimarket.experiments.claims.rows import TWINS
from aimarket.experiments.claims.statistic import STATISTICS, quarters_needed
from aimarket.experiments.comparison.comparison import evidence_of
from aimarket.experiments.publishing import default_results
from aimarket.experiments.storage import shipped_results as shipped
from aimarket.model.scenarios.scenario import load_scenario
from aimarket.server.jobs import claim_questions, paired_runs
from aimarket.server.jobs.shipped_verdicts import known, numbers, shown
from aimarket.server.presenters import quantities, twin
from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.view_state import View, read_link


def test_what_ships_is_of_this_model():
    assert shipped.shipped_results()["made_with"]["model"] == default_results.made_with_this_model()["model"], (
        shipped.STALE
    )


@pytest.fixture
def results():
    """What ships, whether it is of this model or not."""
    return shipped.read()


def test_results_of_another_model_are_refused_by_the_command_that_makes_them_anew(monkeypatch):
    monkeypatch.setattr(shipped, "is_made_with_this_model", lambda stamp: False)
    with pytest.raises(shipped.StaleResultsError, match="this makes them anew: python -m aimarket"):
        shipped.shipped_results.__wrapped__()


@pytest.mark.parametrize("account", default_results.ACCOUNTS)
def test_every_claim_ships_under_the_condition_that_is_asked_for_now(results, account):
    rows = results["accounts"][account]["rows"]
    assert {item.key for item in claim_questions.statistics()} <= set(rows)
    for key, row in rows.items():
        assert (row["claim"], row["unit"]) == (STATISTICS[key].claim, STATISTICS[key].unit)
        assert row["condition"] in (STATISTICS[key].condition, "")


def test_what_ships_is_what_the_page_claims_finds():
    case, kept = load_scenario("deal_35bn"), shipped.shipped_results()
    items = [item for item in claim_questions.statistics() if set(item.runs) <= set(TWINS)]
    found = evidence_of(
        case, "baseline", TWINS, replicates=kept["pairs"], quarters=quarters_needed(items, case), rng=kept["seed"]
    )
    rows = kept["accounts"]["deal_35bn"]["rows"]
    for item in items:
        assert dict(shown(item.key, numbers(rows[item.key]))) == claim_questions.judged(item, found)


@pytest.mark.parametrize("query", ["", "page=claims&quarter=2030Q4&lever=spillover", "scenario=deal_reported"])
def test_whoever_changed_nothing_sees_what_ships(query):
    rows = known(read_link(query).view)
    assert list(rows) == [item.key for item in claim_questions.statistics()]


@pytest.mark.parametrize("query", ["seed=8", "scenario=deal_news", "set=spillover:0.2", "replicate=1"])
def test_whoever_changed_something_does_not(query):
    assert known(read_link(query).view) is None


def test_the_compute_that_the_deal_adds_is_what_the_page_twin_finds():
    view, run, kept = View(), TwinRun(), shipped.shipped_results()["accounts"]["deal_35bn"]
    *_, pairs = paired_runs.growing(paired_runs.key_of(run, view), run, lambda *_: None)
    place = kept["dates"].index("2029Q2")
    names = [item.name for item in twin.MEASURES]
    row = json.loads(twin.effect(run, pairs, place + 1))["rows"][names.index(quantities.COMPUTE.name)]
    line = kept["lines"]["added powered_compute"]
    assert row[5:8] == pytest.approx([line[end][place] for end in ("mean", "low", "high")], rel=1e-5)


@pytest.mark.parametrize("account", default_results.ACCOUNTS)
def test_the_money_that_is_added_so_far_ends_at_what_the_claim_measures(results, account):
    kept = results["accounts"][account]
    for line, key in (("added funding", "C1a.funding"), ("added funding of others", "C1a.others")):
        for end, name in (("mean", "value"), ("low", "low"), ("high", "high")):
            assert kept["lines"][line][end][-1] == pytest.approx(kept["rows"][key][name], rel=1e-5)
