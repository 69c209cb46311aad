"""No success without results: whatever is lost is told with how much and why, and the exit code is 1."""

import json

import numpy as np
import pytest

import aimarket
from aimarket.experiments.report.contents import Options
from aimarket.experiments.runs.losses import LostRunsWarning
from aimarket.experiments.sweeps import chunks, sweep
from aimarket.model.accounting import identities

from .line import SMALL, typed

STUDY = """
question = "What moves sales?"
scenarios = {scenarios}
quarters = 3
chunk = 2
[design]
method = "latin_hypercube"
size = 6
parameters = ["rivalry", "dilution"]
[outcomes]
sales = {{ quantity = "ai_revenue", at = "2026Q3", condition = "> 0" }}
"""


@pytest.fixture
def study(tmp_path):
    """Give a study of three chunks."""
    path = tmp_path / "study.toml"
    path.write_text(STUDY.format(scenarios='["deal_35bn"]'))
    return path


@pytest.fixture
def broken(monkeypatch):
    """Let replicate 1 of every run break an identity in its third quarter."""

    def once(market):
        return np.where((np.array(market.chance.replicates) == 1) & (market.quarter == 2), 0.5, 0.0)

    monkeypatch.setitem(identities.IDENTITIES, "I3", once)


def losing(monkeypatch, *chunks_lost):
    """Let some chunks fail whenever they are tried."""

    def compute(study, chunk):
        if chunk in chunks_lost:
            raise ArithmeticError("no result here")
        return chunks.compute(study, chunk)

    monkeypatch.setattr(sweep, "compute", compute)


def swept(study, *words):
    return typed("sweep", study, "--out", study.parent / "out", "--workers", 0, *words)


def test_a_sweep_that_lost_everything_is_no_success(study, monkeypatch):
    losing(monkeypatch, 0, 1, 2)
    result = swept(study, "--json")
    output = json.loads(result.stdout)
    assert (result.exit_code, output["complete"], output["missing"]) == (1, False, 6)
    assert "6 of 6 runs are missing (3 chunks were given up" in output["loss"]
    assert "ArithmeticError: no result here" in result.stderr


def test_a_sweep_that_lost_everything_recommends_no_report(study, monkeypatch):
    losing(monkeypatch, 0, 1, 2)
    result = swept(study, "--report")
    assert result.exit_code == 1
    assert "aimarket report" not in result.stdout
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("Next: aimarket sweep")]
    assert {str(study), str(study.parent / "out"), "--report", "--resume"} <= set(line.split())


def test_a_report_of_a_sweep_that_lost_everything_is_no_success(study, monkeypatch):
    losing(monkeypatch, 0, 1, 2)
    swept(study)
    result = typed("report", study.parent / "out")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert "holds no results: 6 of 6 runs are missing (3 chunks were given up" in result.stderr


def test_a_sweep_that_lost_a_part_tells_the_rest_and_is_no_success(study, monkeypatch):
    losing(monkeypatch, 1)
    result = swept(study)
    assert result.exit_code == 1
    assert "median" in result.stdout
    assert "2 of 6 runs are missing (chunk 1 was given up: ArithmeticError: no result here)" in result.stderr


def test_what_was_lost_is_run_by_resume_and_then_it_is_a_success(study, monkeypatch):
    with monkeypatch.context() as patched:
        losing(patched, 1)
        swept(study)
    assert swept(study, "--resume").exit_code == 0


def test_a_report_of_an_incomplete_sweep_says_what_is_missing(study, monkeypatch):
    losing(monkeypatch, 1)
    swept(study)
    result = typed("report", study.parent / "out", "--no-board", "--no-tips", "--json")
    page = (study.parent / "out" / "report.html").read_text(encoding="utf-8")
    assert result.exit_code == 1
    for output in (json.loads(result.stdout)["loss"], page, result.stderr):
        assert "2 of 6 runs are missing" in output


def test_a_sweep_in_which_runs_failed_is_no_success(study, broken):
    result = swept(study, "--json")
    output = json.loads(result.stdout)
    assert (result.exit_code, output["complete"], output["failed"]) == (1, True, 1)
    assert "1 run failed and has no outcomes (run 1 in 2026Q3: I3 is broken (treated)" in result.stderr


@pytest.mark.parametrize(
    ("words", "which"),
    [(("run", "baseline"), "replicate 1 in 2026Q3"), (("compare", "chip_shock"), "replicate 1 of the run 'control'")],
)
def test_replicates_that_fail_are_reported_and_no_success(broken, words, which):
    result = typed(*words, *SMALL, "--json")
    assert result.exit_code == 1
    assert which in json.loads(result.stdout)["loss"]
    assert "1 of 2 replicates failed and cannot be trusted" in result.stderr


def test_a_tipping_value_without_some_pairs_is_no_success(broken):
    result = typed("tipping", "announcement_effect", "C1a", "--replicates", 3, "--low", 0.4, "--high", 0.6)
    assert result.exit_code == 1
    assert "pairs failed and cannot be trusted (replicate 1" in result.stderr


def test_a_backtest_without_some_runs_is_no_success(broken):
    result = typed("backtest", "--replicates", 4, "--horizon", 4)
    assert result.exit_code == 1
    assert "1 of 4 replicates failed" in result.stderr


def test_python_is_warned_of_what_is_lost(study, broken, monkeypatch):
    losing(monkeypatch, 2)
    with pytest.warns(LostRunsWarning, match="2 of 6 runs are missing .*; 1 run failed"):
        found = aimarket.run_sweep(study, study.parent / "out", workers=0)
    output = dict(line.split(maxsplit=1) for line in repr(found).splitlines()[1:])
    assert output.items() >= {"folder": str(study.parent / "out"), "there": "4", "failed": "1"}.items()
    with pytest.warns(LostRunsWarning, match="2 of 6 runs are missing"):
        aimarket.write_report(found.folder, options=Options(board=False, tips=False))
    with pytest.warns(LostRunsWarning, match="1 of 2 replicates failed"):
        aimarket.compare("chip_shock", replicates=2, quarters=3)
    with pytest.warns(LostRunsWarning, match="1 of 4 pairs failed"):
        aimarket.convergence("C1a", sizes=(2, 4))


def test_two_scenarios_have_a_row_each(study):
    study.write_text(STUDY.format(scenarios='["deal_35bn", "deal_frontrunner"]'))
    output = json.loads(swept(study, "--json").stdout)
    assert [row["scenario"] for row in output["outcomes"]] == ["deal_35bn", "deal_frontrunner"]
    assert [row["runs"] for row in output["outcomes"]] == [6, 6]


def test_values_ask_which_of_two_scenarios_is_meant(study):
    study.write_text(STUDY.format(scenarios='["deal_35bn", "deal_frontrunner"]'))
    found = aimarket.run_sweep(study, study.parent / "out", workers=0)
    with pytest.raises(ValueError, match="ran 2 scenarios: give scenario=, one of deal_35bn, deal_frontrunner"):
        found.values("sales")
    assert found.values("sales", "deal_frontrunner").shape == (6, 1)


def test_a_report_of_two_scenarios_names_them_in_every_sentence(study):
    names = ("deal_35bn", "deal_frontrunner")
    text = STUDY.format(scenarios=json.dumps(names)).replace("latin_hypercube", "one_at_a_time")
    study.write_text(text.replace("size = 6", ""))
    assert swept(study).exit_code == 0
    output = json.loads(typed("report", study.parent / "out", "--no-board", "--no-tips", "--json").stdout)
    assert all(f"{name}: " in output["finding"] for name in names)
