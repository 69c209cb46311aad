"""Output where the terminal does not hold all letters: something like them is written, and nothing fails."""

import json
import os
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from aimarket.model.inputs.text import SUBSTITUTES, ascii_text, unicode_text
from aimarket.server.cli.main import app

from .line import SMALL

CHARSETS = ("ascii", "cp1252", "latin-1")
SCENARIO = """
title = "Größere − Anleihe → 价格 ≥ 3"
why = "weil “so” – und zwar ±2"
[[deals]]
date = "2026Q2"
amount = 35
recipients = { Anthropic = 1.0 }
funders = { Apollo = 1.0 }
"""
STUDY = """
question = "Qu’est-ce qui fait un « surge » — 价格 ≥ 3 ?"
quarters = 2
[design]
method = "one_at_a_time"
parameters = ["announcement_effect"]
[outcomes]
"größe" = { quantity = "ai_revenue", at = "2026Q2" }
"""
SAID = (
    ("run", "größe.toml", *SMALL, "--out", "ö"),
    ("compare", "größe.toml", "--replicates", "2", "--quarters", "4", "--out", "ü", "--figure", "é.svg"),
    ("tipping", "loan_to_value", "C1a", "größe.toml", "--replicates", "2"),
    ("trail", "größe.toml", "--quarters", "4", "--csv", "ñ.csv"),
    ("balance-sheet", "größe.toml", "--quarter", "2026Q2", "--flows"),
    ("backtest", "--horizon", "2", "--replicates", "2"),
    ("sweep", "étude.toml", "--out", "ç", "--workers", "0"),
    ("report", "ç", "--no-board", "--no-tips", "--out", "rappört.html"),
    ("validate", "größe.toml"),
    ("scenarios",),
    ("parameters",),
    ("parameters", "--markdown"),
)
REFUSED = (
    ("run", "größte.toml"),
    ("run", "größe"),
    ("run", "baseline", "--set", "größe=1"),
    ("run", "baseline", "--größe"),
    ("balance-sheet", "baseline", "--quarter", "frühjahr"),
    ("validate", "größte.toml"),
    ("sweep", "größe.toml", "--out", "ß"),
)
COMMANDS = ("run", "compare", "tipping", "sweep", "report", "backtest", "balance-sheet", "trail", "serve", "validate")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("letters")
    (place / "größe.toml").write_text(SCENARIO, encoding="utf-8")
    (place / "étude.toml").write_text(STUDY, encoding="utf-8")
    return place


@pytest.fixture
def in_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)


def typed_in(charset, words):
    return CliRunner(charset=charset).invoke(app, list(words), prog_name="aimarket")


@pytest.mark.usefixtures("in_folder")
@pytest.mark.filterwarnings("ignore:Glyph:UserWarning")  # the letters that no font here has
@pytest.mark.parametrize("words", SAID, ids=" ".join)
def test_every_command_writes_something_like_what_ascii_lacks(words):
    done = typed_in("ascii", words)
    assert (done.exit_code, done.exception) == (0, None), done.stderr


@pytest.mark.usefixtures("in_folder")
@pytest.mark.parametrize("charset", CHARSETS)
def test_a_title_of_ones_own_is_written_in_letters_that_there_are(charset):
    title = typed_in(charset, ("run", "größe.toml", *SMALL)).stdout.splitlines()[0]
    kept = "größe: Größere" if charset != "ascii" else "grosse: Grossere"
    assert title == f"{kept} - Anleihe -> ?? >= 3"


@pytest.mark.usefixtures("in_folder")
@pytest.mark.parametrize("charset", CHARSETS)
@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_an_error_is_one_line_in_letters_that_there_are(charset, words):
    done = typed_in(charset, words)
    assert done.exit_code == 2
    assert done.stderr.count("\n") == 1
    assert "\\x" not in done.stderr
    assert "\\u" not in done.stderr


@pytest.mark.usefixtures("in_folder")
def test_machines_get_every_letter():
    done = typed_in("ascii", ("run", "größe.toml", *SMALL, "--json"))
    assert json.loads(done.stdout)["scenario"]["title"] == "Größere − Anleihe → 价格 ≥ 3"


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)], ids=" ".join)
def test_help_is_written_in_ascii(command):
    assert typed_in("utf-8", (*command, "--help")).stdout.isascii()


def test_files_are_in_utf_8_where_the_locale_has_ascii_alone(folder):
    words = ("run", "größe.toml", *SMALL, "--out", "ä")
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    command = [sys.executable, "-m", "aimarket.server.cli.main", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b"Grossere - Anleihe" in done.stdout
    manifest = json.loads((folder / "ä" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"][2] == "größe.toml"
    assert manifest["runs"][0]["scenario"]["name"] == "größe"


def test_a_substitute_is_ascii():
    assert [letter for letter, like in SUBSTITUTES.items() if not like.isascii()] == []
    assert ascii_text("naïve ≤ 3") == "naive <= 3"


@pytest.mark.parametrize("name", ["größe", "größe".encode().decode("ascii", "surrogateescape")])
def test_a_name_that_the_locale_could_not_read_is_read_as_utf_8(name):
    assert unicode_text(name) == "größe"


def test_bytes_that_are_no_letters_are_marked():
    assert unicode_text(b"a\xff".decode("utf-8", "surrogateescape")) == "a\ufffd"
