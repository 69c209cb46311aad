"""Who waits for a long call sees how far it is, and nobody else does."""

import io
import sys

import pytest

import aimarket
from aimarket.experiments import progress
from aimarket.experiments.progress import following, following_steps

STUDY = """
question = "What?"
quarters = 2
[design]
method = "latin_hypercube"
size = 3
parameters = ["rivalry"]
[outcomes]
x = { quantity = "ai_revenue", at = "2026Q2" }
"""


class Terminal(io.StringIO):
    """Standard error on a terminal."""

    def isatty(self):
        return True


def on_a_terminal(call, monkeypatch):
    """Return what a call writes to standard error on a terminal; pytest puts its own back after fixtures."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    call()
    return screen.getvalue()


CALLS = {
    "run_ensemble": lambda **output: aimarket.run_ensemble("baseline", 2, 3, **output),
    "compare": lambda **output: aimarket.compare(replicates=2, quarters=3, runs=(), **output),
    "convergence": lambda **output: aimarket.convergence("C2a.releases_13", sizes=(2,), **output),
}


@pytest.mark.filterwarnings("ignore::tqdm.TqdmWarning")
@pytest.mark.parametrize("call", CALLS)
def test_who_asks_for_a_bar_gets_one(call, capsys):
    CALLS[call](progress=True)
    assert "replicate-quarters" in capsys.readouterr().err


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("asked", [{}, {"progress": False}])
def test_nobody_who_does_not_ask_gets_a_bar_in_a_pipe(call, asked, capsys):
    CALLS[call](**asked)
    assert capsys.readouterr() == ("", "")


def test_a_long_call_shows_a_bar_on_a_terminal_and_takes_it_away(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    output = on_a_terminal(CALLS["compare"], monkeypatch)
    assert "replicate-quarters" in output
    assert output.rstrip("\r").rpartition("\r")[2].strip() == ""


def test_a_short_call_shows_none(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 3600.0)
    assert on_a_terminal(CALLS["compare"], monkeypatch) == ""


def test_who_wants_none_gets_none_on_a_terminal(monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    assert on_a_terminal(lambda: CALLS["compare"](progress=False), monkeypatch) == ""


def test_a_sweep_shows_one_bar_and_its_runs_none(tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    study = tmp_path / "study.toml"
    study.write_text(STUDY, encoding="utf-8")
    output = on_a_terminal(lambda: aimarket.run_sweep(study, tmp_path / "out", workers=0), monkeypatch)
    assert " runs" in output
    assert "replicate-quarters" not in output


def test_a_bar_counts_everything_once(monkeypatch):
    counts = []
    with following(lambda count, whole: counts.append((count, whole))) as tell:
        aimarket.compare(replicates=2, quarters=3, runs=(), progress=tell)
    assert {whole for _, whole in counts} == {2 * 3 * 2}
    assert sum(count for count, _ in counts) == 2 * 3 * 2


def test_a_program_without_standard_error_runs(monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert CALLS["run_ensemble"]().replicates == 2


def test_steps_have_a_bar_each(capsys):
    with following_steps(True) as tell:
        tell("figures", 1, 2)
        tell("claims", 1, 1)
        tell("figures", 1, 2)
    output = capsys.readouterr().err
    assert "figures" in output
    assert "claims" in output
