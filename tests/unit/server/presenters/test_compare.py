"""The Compare page shows what the runs say: those of `compare` and `run_ensemble`, undecided where they do not tell."""

import json
from dataclasses import replace

import numpy as np
import pytest

import aimarket
from aimarket.experiments.formatting import beside, shown
from aimarket.server.jobs import compared_runs
from aimarket.server.jobs.background import StoppedError
from aimarket.server.jobs.compared_runs import Runs
from aimarket.server.presenters import compare
from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.compared_scenarios import names_of
from aimarket.server.url.dates import date_of
from aimarket.server.url.view_state import known_scenarios, read_link

FEW, ALL, QUARTER, SEED = 3, 5, 10, 4021
NAMES = ("baseline", "own", "bust")


def go_on(*_):
    """Let the work go on."""


@pytest.fixture(scope="module")
def view():
    return read_link(f"page=compare&seed={SEED}&compare={','.join(NAMES)}").view


@pytest.fixture(scope="module")
def run():
    return TwinRun("deal_35bn", SEED)


@pytest.fixture(scope="module")
def grown(view):
    """What a page gets, one after the other, and how far the work said that it was."""
    steps = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compared_runs, "FIRST", FEW)
        patch.setattr(compared_runs, "MOST", ALL)
        patch.setattr(compared_runs, "quarters_of", lambda _: QUARTER)
        found = list(compared_runs.growing(view, NAMES, lambda count, whole: steps.append((count, whole))))
    return found, steps


@pytest.fixture(scope="module")
def found(grown):
    return grown[0][-1]


@pytest.fixture(scope="module")
def table(view, run, found):
    return json.loads(compare.table(view, run, found, QUARTER))


def test_scenarios_come_one_after_the_other_and_then_all_of_their_runs(grown):
    found, steps = grown
    sizes = [[size for _, size in compared_runs.extent(one)] for one in found]
    assert sizes == [[FEW], [FEW] * 2, [FEW] * 3, [ALL] * 3]
    assert sum(count for count, _ in steps) == steps[0][1] == 3 * ALL * QUARTER


def test_what_has_run_is_there_at_once(view, found):
    def never(*_):
        raise AssertionError

    assert list(compared_runs.growing(view, NAMES, never)) == [{name: found[name] for name in NAMES}]


def test_what_nobody_needs_is_given_up(view):
    def stop(*_):
        raise StoppedError

    with pytest.raises(StoppedError):
        next(compared_runs.growing(replace(view, seed=SEED + 1), NAMES, stop))


def test_the_table_says_what_compare_says(table):
    twins = aimarket.compare("deal_35bn", replicates=ALL, quarters=QUARTER, rng=SEED, runs=())
    own, control = (twins.ensembles[name].values("ai_revenue")[-1] for name in ("treated", "control"))
    cells = next(cells for name, _, cells in table["rows"] if name == "AI revenue")
    pair = beside(float(own.mean()), float(control.mean()), "bn $/quarter")
    assert (cells[0][0], cells[1][0], cells[1][1]) == (pair.twin, pair.value, pair.change or "±0")


def test_the_table_says_what_run_ensemble_says(table):
    runs = aimarket.run_ensemble("bust", ALL, QUARTER, SEED, record=("ai_labs.revenue_share",))
    lab = aimarket.MarketModel("bust").labs.names.index("Anthropic")
    share = 100.0 * runs.values("revenue_share", "ai_labs")[-1, lab]
    assert table["rows"][0][2][2][0] == shown(float(share.mean()), "%")


def test_charts_hold_the_percentiles_of_the_runs(found):
    drawn = json.loads(compare.fans(found, ("own", "baseline", "deal_split"), 1))["ai_revenue"]
    assert np.allclose(drawn[1], np.percentile(found["baseline"].values["ai_revenue"], compare.LEVELS, axis=-1))
    assert drawn[2] is None


def test_runs_end_with_what_is_claimed(view):
    assert date_of(view.case, compared_runs.quarters_of(view)) == "2032 Q4"


def made(*shares):
    """Return runs whose lab of row 0 has these shares of revenue in every quarter, and all else is 1."""
    size = len(shares)
    values = {item.name: np.ones((28, 1, size) if item.of_lab else (28, size)) for item in compare.MEASURES}
    values["revenue_share"] = np.array(shares)[None, None, :] * values["gap"]
    return Runs(values, np.ones(size, dtype=bool))


def words_of(view, run, **runs):
    """Return the sentence, and the cells of the share."""
    held = TwinRunOfOneLab(run)
    payload = json.loads(compare.table(view, held, runs, 9))
    return "".join(piece[0] for piece in payload["sentence"]), payload["rows"][0][2]


class TwinRunOfOneLab:
    """A run whose only lab is the one in focus."""

    def __init__(self, run):
        self.firms, self.case, self.first = {"ai_labs": ("Anthropic",)}, run.case, run.first


def test_a_difference_that_luck_can_make_is_undecided(view, run):
    sentence, cells = words_of(
        view, run, baseline=made(0.2, 0.3, 0.4), own=made(0.25, 0.29, 0.41), bust=made(0.3, 0.4, 0.5)
    )
    assert cells[1][3] == compare.UNDECIDED
    assert cells[2][1:] == ["+10", "10 to 10", compare.SURE]
    assert sentence == (
        "In 2028 Q1 Anthropic’s share of AI revenue is 10 points more in Bust than in Baseline; "
        "in Deal of 35 bn the difference is undecided"
    )


def test_no_difference_and_one_too_small_to_show_are_told_apart(view, run):
    same, less = made(0.2, 0.3, 0.4), made(0.20001, 0.300011, 0.40001)
    sentence, cells = words_of(view, run, baseline=same, own=same, bust=less)
    assert (cells[1][3], cells[2][3], cells[2][1]) == (compare.SAME, compare.SMALL, "±0")
    assert sentence.endswith("with Baseline: in Bust it is too small to show; in Deal of 35 bn it is the same")


def test_what_has_not_run_yet_has_no_cell(view, run):
    _, cells = words_of(view, run, own=made(0.2, 0.3))
    assert cells[0] is None
    assert cells[1][1:] == ["", "", ""]


def test_runs_that_break_down_anywhere_are_left_out_everywhere():
    broken = made(0.1, 0.2, 0.3)._replace(sound=np.array([True, False, True]))
    shared = compared_runs.together({"baseline": made(0.4, 0.5, 0.6, 0.7), "own": broken})
    assert (shared.size, shared.failed) == (2, 1)
    assert shared.values["baseline"]["revenue_share"][0, 0].tolist() == [0.4, 0.6]
    with pytest.raises(ValueError, match="every run breaks down"):
        compared_runs.together({"own": broken._replace(sound=np.zeros(3, dtype=bool))})


def test_presets_compare_scenarios_that_there_are(run):
    for title, cases in compare.PRESETS.items():
        view = read_link(f"compare={','.join(cases)}").view
        assert names_of(view) == cases
        assert set(cases) <= set(known_scenarios())
        pressed = [words for words, _, on in json.loads(compare.setup(view, run))["presets"] if on]
        assert pressed == [title]


def test_an_own_deal_is_called_so(run):
    view = read_link("deal=35~2026Q2~loan~xAI:1~Apollo:1~chips:1~0.5,0.5&compare=deal_35bn,own").view
    columns = json.loads(compare.setup(view, run))["columns"]
    assert [column["label"] for column in columns] == ["Deal of 35 bn", "Own deal: 35 bn for xAI"]
