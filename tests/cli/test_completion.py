"""The shell completes commands, scenarios, parameters and claims; --version is the same however it is called."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

import aimarket
from aimarket.server.cli.main import app

from .line import typed


def completed(line):
    """Return what the shell would offer for a line that is not finished."""
    place = len(line.split()) - (not line.endswith(" "))
    asked = {"_AIMARKET_COMPLETE": "complete_bash", "COMP_WORDS": line, "COMP_CWORD": str(place)}
    return CliRunner().invoke(app, [], env=asked, prog_name="aimarket").stdout.split()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("aimarket comp", "compare"),
        ("aimarket run deal_3", "deal_35bn"),
        ("aimarket compare deal_35bn --against base", "baseline"),
        ("aimarket run baseline --set loan_to", "loan_to_value="),
        ("aimarket tipping announ", "announcement_effect"),
        ("aimarket tipping announcement_effect C1a.f", "C1a.funding"),
        ("aimarket run --reco", "--record"),
    ],
)
def test_the_shell_is_offered_what_begins_like_this(line, offered):
    assert offered in completed(line)


def test_help_names_the_two_options():
    shown = typed("--help").stdout
    assert "--install-completion" in shown
    assert "--show-completion" in shown


@pytest.mark.parametrize("folder", [None, "/"])
def test_the_module_is_the_command(folder):
    words = [sys.executable, "-m", "aimarket", "--version"]
    done = subprocess.run(words, capture_output=True, text=True, cwd=folder)
    assert (done.returncode, done.stdout) == (0, f"aimarket {aimarket.__version__}\n"), done.stderr
