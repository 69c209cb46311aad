"""What is printed after "Again:" is typed as it stands, and gives the same answer."""

import json
import shlex

import pytest

from aimarket.server.cli.main import app

from .line import SMALL, STUDY, typed

TWO = ("--replicates", "2")
TYPED = (
    (
        "run",
        "deal_35bn",
        *SMALL,
        "--set",
        "loan_to_value=0.6",
        "--set",
        "dilution=0.02",
        "--seed",
        "3",
        "--parameters",
        "posterior",
        "--out",
        "kept run",
        "--record",
        "flows",
        "--record",
        "ai_labs.compute",
    ),
    ("run", "baseline", "--replicate", "3", "--quarters", "3", "--save", "half.run"),
    ("run", "--resume", "begun.run", "--quarters", "4", "--out", "longer"),
    (
        "compare",
        "deal_35bn",
        "--against",
        "deal_delayed",
        *TWO,
        "--quarters",
        "4",
        "--out",
        "twins",
        "--figure",
        "deal.svg",
        "--theme",
        "dark",
        "--parameters",
        "posterior",
        "--seed",
        "5",
    ),
    ("tipping", "loan_to_value", "C0", *TWO, "--low", "0.5123456789", "--high", "0.7", "--set", "dilution=0.02"),
    ("trail", "deal_35bn", "--quarter", "2026Q4", "--quarters", "5", "--csv", "trail.csv", "--replicate", "2"),
    ("trail", "deal_35bn", "--quarter", "2026Q3", "--seed", "3", "--parameters", "posterior"),
    ("balance-sheet", "deal_35bn", "--quarter", "2026Q3", "--flows", "--csv", "books.csv", "--replicate", "1"),
    ("backtest", "--origin", "2023Q4", "--horizon", "2", *TWO, "--seed", "2", "--out", "scores"),
    ("sweep", "study.toml", "--out", "swept", "--workers", "0"),
    ("report", "begun", "--out", "page.html", "--no-board", "--no-tips"),
    ("facts", "bust", "--replicates", "2", "--quarters", "24", "--set", "loan_to_value=0.6", "--seed", "3"),
    ("replicate", "adoption"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("again")
    (place / "study.toml").write_text(STUDY, encoding="utf-8")
    for words in (
        ("sweep", place / "study.toml", "--out", place / "begun", "--workers", 0),
        ("run", "baseline", *TWO, "--quarters", 2, "--save", place / "begun.run"),
    ):
        assert typed(*words).exit_code == 0
    return place


@pytest.fixture
def in_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)


def again(result):
    """Return the command that is printed after an answer, word by word."""
    (line,) = [line for line in result.stdout.splitlines() if line.startswith("Again: aimarket ")]
    return shlex.split(line)[2:]


@pytest.mark.usefixtures("in_folder")
@pytest.mark.parametrize("words", TYPED, ids=lambda words: " ".join(words[:3]))
def test_it_holds_every_option_and_gives_the_same_answer(words):
    first = typed(*words)
    assert first.exit_code == 0, first.stderr
    assert set(words) <= set(again(first))
    second = typed(*again(first))
    assert (second.exit_code, second.stdout) == (0, first.stdout), second.stderr
    assert again(second) == again(first)


@pytest.mark.usefixtures("in_folder")
def test_the_manifest_and_machines_are_reported_the_same_command():
    words = ("run", "deal_35bn", *SMALL, "--out", "kept run", "--record", "flows")
    output = json.loads(typed(*words, "--json").stdout)["command"]
    assert set(words) <= set(output)
    with open("kept run/manifest.json", encoding="utf-8") as file:
        assert json.load(file)["command"] == output


def test_every_command_with_an_answer_of_runs_is_tried():
    names = {item.name or item.callback.__name__.replace("_", "-") for item in app.registered_commands}
    assert names == {words[0] for words in TYPED} | {"scenarios", "parameters", "validate", "serve", "replay"}
