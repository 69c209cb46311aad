"""The command line as a test types it."""

import json

from typer.testing import CliRunner

from aimarket.server.cli.main import app

SMALL = ("--replicates", "2", "--quarters", "6")
STUDY = """
question = "What moves revenue?"
quarters = 2
[design]
method = "one_at_a_time"
parameters = ["announcement_effect"]
[outcomes]
revenue = { quantity = "ai_revenue", at = "2026Q2" }
"""
"""A study that is quickly run."""


def typed(*words):
    """Return what a command line leaves behind: exit code, standard output and standard error."""
    return CliRunner().invoke(app, [str(word) for word in words], prog_name="aimarket")


def answer(*words):
    """Return the JSON object that a command prints, which has to be all that it prints."""
    result = typed(*words, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout, parse_constant=_refuse)


def _refuse(constant):
    raise AssertionError(f"JSON has no {constant}")
