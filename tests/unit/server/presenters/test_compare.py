"""The Compare page shows what the runs say: those of `compare` and `run_ensemble`, undecided where they do not tell."""

import json
import re
import shlex
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import aimarket
from aimarket.experiments.formatting import beside, shown
from aimarket.server.jobs import compared_runs
from aimarket.server.jobs.background import StoppedError
from aimarket.server.jobs.compared_runs import Runs
from aimarket.server.presenters import compare, compared_code, shipped_comparisons
from aimarket.server.presenters.compared_summary import LEVELS, MEASURES, summary_of
from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.compared_scenarios import PRESETS, names_of
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
    return json.loads(compare.table(view, run, summary_of(found, NAMES, 1), QUARTER))


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
    names = ("own", "baseline", "deal_split")
    drawn = json.loads(compare.fans(summary_of(found, names, 1), names))["ai_revenue"]
    assert np.allclose(drawn[1], np.percentile(found["baseline"].values["ai_revenue"], LEVELS, axis=-1))
    assert drawn[2] is None


def test_runs_end_with_what_is_claimed(view):
    assert date_of(view.case, compared_runs.quarters_of(view)) == "2032 Q4"


def made(*shares):
    """Return runs whose lab of row 0 has these shares of revenue in every quarter, and all else is 1."""
    size = len(shares)
    values = {item.name: np.ones((28, 1, size) if item.of_lab else (28, size)) for item in MEASURES}
    values["revenue_share"] = np.array(shares)[None, None, :] * values["gap"]
    return Runs(values, np.ones(size, dtype=bool))


def words_of(view, run, **runs):
    """Return the sentence, and the cells of the share."""
    held = TwinRunOfOneLab(run)
    payload = json.loads(compare.table(view, held, summary_of(runs, NAMES, 0), 9))
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
    for title, cases in PRESETS.items():
        view = read_link(f"compare={','.join(cases)}").view
        assert names_of(view) == cases
        assert set(cases) <= set(known_scenarios())
        pressed = [words for words, _, on in json.loads(compare.setup(view, run))["presets"] if on]
        assert pressed == [title]


def test_an_own_deal_is_called_so(run):
    view = read_link("deal=35~2026Q2~loan~xAI:1~Apollo:1~chips:1~0.5,0.5&compare=deal_35bn,own").view
    columns = json.loads(compare.setup(view, run))["columns"]
    assert [column["label"] for column in columns] == ["Deal of 35 bn", "Own deal: 35 bn for xAI"]


@pytest.mark.parametrize(
    "query", ["", *(f"compare={','.join(names)}" for names in PRESETS.values()), "compare=baseline,deal_reported,own"]
)
def test_comparisons_that_one_press_asks_for_ship_with_all_of_their_runs(query, run):
    view = read_link(query).view
    found = shipped_comparisons.known(view, compare.lab_of(view, run))
    assert (found.size, found.failed) == (200, 0)
    assert list(found.means["ai_revenue"]) == list(names_of(view))
    assert [len(found.means["gap"][name]) for name in names_of(view)] == [28] * len(names_of(view))
    rows = json.loads(compare.table(view, run, found, QUARTER))["rows"]
    assert all(cell and (cell[3] or not place) for row in rows for place, cell in enumerate(row[2]))


@pytest.mark.parametrize(
    ("query", "lab"),
    [
        ("seed=8", "Anthropic"),
        ("set=dry_powder:2", "Anthropic"),
        ("compare=baseline,bust", "Anthropic"),
        ("compare=own,baseline", "Anthropic"),
        ("deal=35~2026Q2~loan~xAI:1~Apollo:1~chips:1~0.5,0.5", "Anthropic"),
        ("", "xAI"),
    ],
)
def test_what_does_not_ship_is_run(query, lab):
    assert shipped_comparisons.known(read_link(query).view, lab) is None


def test_comparisons_of_another_model_are_refused(monkeypatch):
    monkeypatch.setattr(shipped_comparisons, "is_made_with_this_model", lambda stamp: False)
    assert shipped_comparisons._shipped.__wrapped__() == ()


def test_what_ships_is_what_the_page_finds(run):
    """Two of the scenarios for few quarters, all of their runs."""
    view = read_link("compare=baseline,own").view
    kept, quarters = shipped_comparisons.known(view, "Anthropic"), 6
    twins = aimarket.compare("deal_35bn", replicates=kept.size, quarters=quarters, rng=view.seed, runs=())
    for name, key in (("own", "treated"), ("baseline", "control")):
        means = twins.ensembles[key].values("ai_revenue").mean(-1)
        assert np.allclose(kept.means["ai_revenue"][name][:quarters], means, rtol=1e-8)


OWN_DEAL = "deal=35~2026Q2~loan~xAI:1~Apollo:1~chips:1~0.5,0.5"


def test_the_program_prints_the_table(run, tmp_path):
    view = read_link("compare=baseline,own&quarter=2026Q3").view
    rows = json.loads(compare.table(view, run, shipped_comparisons.known(view, "Anthropic"), view.quarter))["rows"]
    program = [sys.executable, "-c", compared_code.python_code(view, run)]
    lines = subprocess.run(program, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.splitlines()
    numbers = [float(re.search(r": (\S+) \(", line)[1]) for line in lines]
    shown_cells = [(unit, cell[0]) for _, unit, cells in rows for cell in cells]
    assert [shown(number, unit) for number, (unit, _) in zip(numbers, shown_cells, strict=True)][::2] == [
        text for _, text in shown_cells
    ][::2]


@pytest.mark.parametrize("query", ["", f"compare=own,bust,deal_35bn&{OWN_DEAL}&set=dry_powder:2&quarter=2028Q1"])
def test_commands_compare_what_is_shown(run, query):
    view = read_link(query).view
    *_, last = compared_code.shell_code(view, run).splitlines()
    first, *_, other = names_of(view)
    words = ["compare", other, "--against", "own_deal.toml" if query else first, "--replicates", "200"]
    words += ["--quarters", str(view.quarter or 10), "--seed", "7", *(["--set", "dry_powder=2.0"] if query else [])]
    assert shlex.split(last) == ["aimarket", *words]
    assert compared_code.shell_code(view, run).startswith("cat > own_deal.toml" if query else "aimarket compare")
    compile(compared_code.python_code(view, run), "program", "exec")
