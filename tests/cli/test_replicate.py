"""`aimarket replicate` lists published results, asks for one, and leaves with 1 where it does not agree."""

from aimarket.experiments.replications import exact
from aimarket.experiments.replications.board import PUBLISHED
from aimarket.experiments.replications.stylised import NOT_TESTED

from .line import answer, typed


def test_without_a_name_all_are_listed_with_what_cannot_be_tested():
    listed = typed("replicate").stdout
    assert [name for name in PUBLISHED if name not in listed] == []
    assert "no households" in listed
    content = answer("replicate")
    assert [result["name"] for result in content["results"]] == list(PUBLISHED)
    assert content["not_tested"] == NOT_TESTED


def test_a_result_that_agrees_is_a_success():
    result = typed("replicate", "ideas")
    assert result.exit_code == 0, result.stderr
    assert "Jones (1995)" in result.stdout
    assert "0.08" in result.stdout


def test_a_result_that_does_not_agree_is_none(monkeypatch):
    monkeypatch.setattr(exact, "efficiency_growth", lambda effort, level, *_: 0.0 * level)
    result = typed("replicate", "ideas")
    assert result.exit_code == 1
    assert "does not agree" in result.stdout


def test_a_name_that_is_none_is_one_line():
    result = typed("replicate", "wrigth")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert "did you mean 'wright'?" in result.stderr
