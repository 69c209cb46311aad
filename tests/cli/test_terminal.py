"""Commands that show progress, on a real pseudo-terminal: a bar from the beginning, and never a traceback."""

import pytest

from .line import SMALL
from .terminal import on_a_terminal

pytest.importorskip("pty", reason="no pseudo-terminals here")

STUDY = """
question = "What makes a surge?"
quarters = 2
replicates = 2
[design]
method = "one_at_a_time"
parameters = ["announcement_effect"]
[outcomes]
revenue = { quantity = "ai_revenue", at = "2026Q2" }
"""


@pytest.fixture
def study(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(STUDY)
    return path


@pytest.mark.parametrize(
    "words",
    [("run", "deal_35bn", *SMALL), ("compare", "deal_35bn", *SMALL), ("tipping", "loan_to_value", "C0", *SMALL)],
    ids=lambda words: words[0],
)
def test_a_command_shows_a_bar_at_once_and_then_its_answer(words):
    code, seen = on_a_terminal(*words)
    assert (code, "Traceback" in seen) == (0, False), seen
    assert seen.index("replicate-quarters") < seen.index("This is a model, not a forecast.")


def test_a_sweep_and_its_report_show_bars(study, tmp_path):
    code, seen = on_a_terminal("sweep", study, "--out", tmp_path / "out", "--workers", 1, "--report")
    assert (code, "Traceback" in seen) == (0, False), seen
    assert seen.index("runs") < seen.index("This is a model, not a forecast.")


def test_bad_input_is_one_line_on_a_terminal_too():
    code, seen = on_a_terminal("run", "dael_35bn")
    assert code == 2
    assert "aimarket: the model has no scenario 'dael_35bn'; did you mean 'deal_35bn'?" in seen
