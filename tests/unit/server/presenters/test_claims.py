"""The Claims page shows what `compare` and `tipping` find, in the news item's order."""

import json
import math
from types import MappingProxyType

import pytest

from aimarket.experiments.analysis.tipping import tipping
from aimarket.experiments.claims.rows import TWINS
from aimarket.experiments.claims.statistic import STATISTICS, quarters_needed
from aimarket.experiments.comparison.comparison import compare
from aimarket.experiments.formatting import numeral
from aimarket.model.parameters import parameters
from aimarket.server.jobs import claim_questions, claim_verdicts
from aimarket.server.presenters import claims
from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.view_state import read_link


def view(query=""):
    return read_link(query).view


def go_on(*_):
    """Let the work go on."""


@pytest.fixture(scope="module")
def first():
    return next(claim_verdicts.growing(TwinRun(seed=5), view("seed=5"), claim_questions.asked(view()), go_on))


def test_the_board_is_that_of_compare(first):
    runs = {"compute for one", "algorithms for one"}  # and the twins; the others are read in the same way
    quarters = quarters_needed(claim_questions.statistics(), TwinRun().case)  # what is read at the end is read there
    found = compare("deal_35bn", replicates=first.pairs, quarters=quarters, rng=5, runs=sorted(runs))
    board = found.claims().set_index("statistic")
    for key, row in first.rows.items():
        told_twice = key.startswith("C1a")  # with the announcement off and on
        if set(STATISTICS[key].runs) <= {*TWINS, *runs} and not told_twice:
            found = board.loc[row["wording"]]
            assert (row["value"], row["verdict"]) == (pytest.approx(found["value"], rel=1e-4), found["verdict"]), key


def test_every_statistic_of_a_claim_has_a_condition_and_few_words():
    for item in claim_questions.statistics():
        assert item.condition
        assert len(claim_questions.SHORT[item.key]) < 50


def test_what_decides_a_claim_is_a_declared_parameter():
    for ask in claim_questions.asked(view()):
        assert ask.lever in parameters() or ask.claim == "C0"


def test_a_link_chooses_the_statistic_and_the_assumption():
    asks = {ask.claim: ask for ask in claim_questions.asked(view("claim=C2a.lasting&lever=spillover"))}
    assert (asks["C2"].statistic, asks["C2"].lever) == ("C2a.lasting", "spillover")
    assert asks["C1"].lever == claim_questions.levers(STATISTICS["C1a.funding"])[0]


def test_a_statistic_that_nothing_decides_has_an_assumption_to_try():
    undecided = [item.key for item in claim_questions.statistics() if not claim_questions.levers(item)]
    for key in undecided:
        asks = {ask.statistic: ask for ask in claim_questions.asked(view(f"claim={key}"))}
        assert asks[key].lever == claim_questions.ANY


@pytest.mark.parametrize("query", ["claim=C9", "claim=<b>", "lever=nothing", "lever=", "claim=C1a.funding&claim=C0"])
def test_a_link_to_no_claim_says_so(query):
    assert read_link(query).problems


@pytest.mark.parametrize(
    ("verdicts", "word"),
    [
        (["supported", "supported"], "Supported"),
        (["supported", "undecided"], "In part"),
        (["supported", "not supported", "undecided"], "Split"),
        (["not supported", "undecided"], "Not supported"),
        (["undecided"], "Undecided"),
        (["supported", ""], "Supported"),
        (["real but too small to matter"], "Too small to matter"),
        (["supported", "real but too small to matter"], "Split"),
        (["real but too small to matter", "undecided"], "Not supported"),
    ],
)
def test_verdicts_on_statistics_make_one_for_the_claim(verdicts, word):
    assert claims.overall(verdicts)[0] == word


def test_the_headline_counts_every_claim_once():
    words = ["Supported", "Split", "In part", "Not supported", "Undecided"]
    assert claims.headline(words) == (
        "Of five claims, one holds, two hold in part, one does not hold and one stays open in this model"
    )


@pytest.mark.parametrize("claim", claim_questions.CLAIMS, ids=lambda claim: claim.name)
@pytest.mark.parametrize("verdict", ["supported", "not supported", "real but too small to matter", "undecided", ""])
@pytest.mark.parametrize("value", [-0.5, 0.5, 1.5])
def test_every_finding_is_a_sentence(claim, verdict, value):
    rows = {key: {"verdict": verdict, "value": value, "high": value, "bound": 0.1} for key in claim.statistics}
    output = claims.finding(claim.name, rows)
    assert output[0].isupper()
    assert output.endswith(".")


@pytest.mark.slow
def test_a_curve_is_what_tipping_finds():
    ask = claim_questions.Asked("C3", "C3.sales.others", "announcement_effect")
    *_, last = claim_verdicts.growing(TwinRun(), view(), [ask], go_on)
    output, found = last.curves[claim_verdicts.curve_key(view(), ask)], tipping(ask.lever, ask.statistic)
    expected = f"tips at {numeral(found.value)}" if math.isfinite(found.value) else f"{found.below} all over"
    assert output["words"].startswith(expected)
    assert output["sentence"] == found.sentence()


def test_a_curve_does_not_hang_on_the_slider_it_belongs_to():
    ask = claim_questions.Asked("C3", "C3.sales.others", "announcement_effect")
    moved = view("set=announcement_effect:0.6")
    assert claim_verdicts.curve_key(view(), ask) == claim_verdicts.curve_key(moved, ask)
    assert claim_verdicts.key_of(TwinRun(), view()) != claim_verdicts.key_of(TwinRun(), moved)


def test_an_assumption_that_a_run_sets_itself_is_reported_and_not_raised():
    ask = claim_questions.Asked("C1", "C1a.funding.quiet", "announcement_effect")
    key = claim_verdicts.key_of(TwinRun(), view("seed=6"))
    claim_verdicts.shared_cache().put(key, MappingProxyType({}))
    *_, last = claim_verdicts.growing(TwinRun(seed=6), view("seed=6"), [ask], go_on)
    assert "sets announcement_effect itself" in last.curves[claim_verdicts.curve_key(view("seed=6"), ask)]


def test_a_scenario_without_a_deal_has_no_board():
    assert claim_verdicts.key_of(TwinRun("chip_shock"), view()) is None


def test_what_the_page_is_reported_can_be_sent(first):
    assert json.dumps({key: dict(row) for key, row in first.rows.items()}, allow_nan=False)


def test_statistics_are_named_once():
    keys = [item.key for item in claim_questions.statistics()]
    assert len(keys) == len(set(keys))
    assert set(keys) <= set(STATISTICS)


@pytest.mark.parametrize("claim", claim_questions.CLAIMS, ids=lambda claim: claim.name)
def test_what_cannot_be_decided_is_said_so(claim):
    rows = {key: {"verdict": "", "value": None} for key in claim.statistics}
    assert claims.finding(claim.name, rows).startswith("It cannot be told")
