"""What no memory holds is refused before it is run, and what takes long is asked for twice."""

import time

import pytest

import aimarket
from aimarket.experiments.runs import costs
from aimarket.experiments.runs.costs import Size, TooLargeError, available_memory, check_memory, seconds
from aimarket.model.scenarios.scenario import load_scenario
from aimarket.server.cli import run_limits

from .line import SMALL, STUDY, typed

LARGE = STUDY.replace("quarters = 2", "quarters = 2\nreplicates = 1000")
HUGE = ("--replicates", "1000000000")
TOO_MUCH = (
    ("run", "baseline"),
    ("run", "baseline", "--parameters", "posterior"),
    ("run", "baseline", "--save", "big.run"),
    ("compare", "deal_35bn"),
    ("compare", "deal_35bn", "--parameters", "posterior"),
    ("tipping", "loan_to_value", "C0"),
    ("backtest",),
)
LONG = (
    ("run", "baseline", *SMALL),
    ("compare", "deal_35bn", *SMALL),
    ("tipping", "loan_to_value", "C0", "--replicates", "2"),
    ("backtest", "--replicates", "2", "--horizon", "2"),
    ("balance-sheet", "baseline", "--quarter", "2026Q2"),
    ("trail", "deal_35bn", "--quarters", "2"),
    ("sweep", "study.toml", "--out", "swept", "--workers", "0"),
)


@pytest.fixture(autouse=True)
def in_folder(tmp_path, monkeypatch):
    (tmp_path / "study.toml").write_text(LARGE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("words", TOO_MUCH, ids=" ".join)
def test_what_no_memory_holds_is_refused_at_once(words):
    begun = time.process_time()
    result = typed(*words, *HUGE)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1), result.stderr
    assert "1,000,000,000 replicates" in result.stderr
    assert "ask for fewer replicates or quarters" in result.stderr
    assert time.process_time() - begun < 5.0


@pytest.mark.parametrize("words", LONG, ids=" ".join)
def test_what_takes_long_is_asked_for_twice_and_never_by_a_question(words, monkeypatch):
    monkeypatch.setattr(costs, "SMALL", 0)
    monkeypatch.setattr(run_limits, "PATIENCE", 0)
    result = typed(*words)
    assert (result.exit_code, result.stdout, result.stderr.count("\n")) == (2, "", 1), result.stderr
    assert "add --yes to run" in result.stderr


def test_yes_runs_it_and_stands_in_what_is_typed_again(monkeypatch):
    monkeypatch.setattr(costs, "SMALL", 0)
    monkeypatch.setattr(run_limits, "PATIENCE", 0)
    result = typed("run", "baseline", *SMALL, "--yes")
    assert result.exit_code == 0, result.stderr
    assert "--yes" in result.stdout


def test_a_very_long_run_is_not_silent():
    result = typed("run", "baseline", "--replicates", "1000", "--quarters", "1000000")
    assert result.exit_code == 2
    assert "1,000 replicates of 1,000,000 quarters take about" in result.stderr


@pytest.mark.parametrize(
    "ask",
    [
        lambda: aimarket.run_ensemble("baseline", 10**9),
        lambda: aimarket.run_ensemble("baseline", 10**9, parameters="posterior"),
        lambda: aimarket.compare("deal_35bn", replicates=10**9),
        lambda: aimarket.compare("deal_35bn", replicates=10**9, parameters="posterior"),
        lambda: aimarket.backtest("2024Q4", replicates=10**9),
    ],
)
def test_python_is_reported_too(ask):
    with pytest.raises(TooLargeError, match=r"1,000,000,000 replicates of .* quarters.* of memory, and .* are free"):
        ask()


def test_memory_is_reckoned_for_what_is_kept(monkeypatch):
    case, size = load_scenario("baseline"), Size(200_000, 40)
    kept = 8 * len(aimarket.run_ensemble("baseline", 1, 1).records["indicators"].values) * 200_000 * 40
    monkeypatch.setattr(costs, "available_memory", lambda: 0.9 * kept)
    with pytest.raises(TooLargeError):
        check_memory(case, size)
    monkeypatch.setattr(costs, "available_memory", lambda: 3.0 * kept)
    check_memory(case, size)


def test_time_grows_with_what_is_run():
    case, size = load_scenario("baseline"), Size(100_000, 40)
    assert seconds(case, size, times=1000.0) > 10.0 * seconds(case, size)
    assert seconds(case, Size(2, 6)) == 0.0


def test_some_memory_is_free_here():
    assert available_memory() > 1e8
