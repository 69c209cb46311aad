"""What cannot be asked is one line, also where only the run finds it out."""

import pytest

from .line import SMALL, typed

EARLIER = 'title = "Earlier"\nwhy = "To see."\nstart = "2023Q4"\n'


@pytest.fixture
def earlier(tmp_path):
    """Give a scenario that begins two years before all others."""
    path = tmp_path / "earlier.toml"
    path.write_text(EARLIER)
    return path


def test_scenarios_with_different_starts_are_no_twins(earlier):
    result = typed("compare", "deal_35bn", "--against", earlier, *SMALL)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "from 2023Q4" in result.stderr
    assert "no twins" in result.stderr


def test_a_study_of_scenarios_with_different_starts_is_one_line(earlier, tmp_path):
    study = tmp_path / "study.toml"
    study.write_text(
        'question = "?"\nscenarios = ["deal_35bn"]\nagainst = "earlier.toml"\nquarters = 3\n[design]\n'
        'method = "grid"\nsize = 2\nparameters = ["rivalry"]\n'
        '[outcomes]\nsales = { quantity = "ai_revenue", at = "2026Q3" }\n'
    )
    result = typed("sweep", study, "--out", tmp_path / "out")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "no twins" in result.stderr


def test_a_fault_of_the_program_is_not_hidden(monkeypatch):
    def fault(*arguments, **options):
        raise ValueError("operands could not be broadcast together")

    monkeypatch.setattr("aimarket.server.cli.arguments.matching", fault)
    assert isinstance(typed("parameters").exception, ValueError)
