"""The same mistake has the same exit code, and one line, in every command: a table of commands and mistakes."""

import json

import pytest

from aimarket.experiments.storage import atomic_files

from .line import STUDY, typed

SMALL = ("--replicates", "2", "--quarters", "2")
OF_A_SCENARIO = {
    "run": ("run", "SCENARIO"),
    "compare": ("compare", "SCENARIO"),
    "tipping": ("tipping", "loan_to_value", "C0", "SCENARIO"),
    "trail": ("trail", "SCENARIO"),
    "balance-sheet": ("balance-sheet", "SCENARIO"),
}
WRITING = {
    "run": ("run", "baseline", *SMALL, "--out"),
    "compare": ("compare", "deal_35bn", *SMALL, "--out"),
    "sweep": ("sweep", "study.toml", "--workers", "0", "--out"),
    "backtest": ("backtest", "--replicates", "2", "--horizon", "2", "--out"),
}
FILES = {
    "run": ("run", "baseline", *SMALL, "--save"),
    "compare": ("compare", "deal_35bn", *SMALL, "--figure"),
    "trail": ("trail", "deal_35bn", "--quarters", "2", "--csv"),
    "balance-sheet": ("balance-sheet", "baseline", "--quarter", "2026Q1", "--csv"),
    "report": ("report", "swept", "--no-board", "--no-tips", "--out"),
}
DATED = {
    "trail": ("trail", "deal_35bn", "--quarter"),
    "balance-sheet": ("balance-sheet", "deal_35bn", "--quarter"),
    "backtest": ("backtest", "--origin"),
}
COUNTED = [
    (command, option)
    for command, options in {
        "run baseline": ("--seed", "--replicates", "--replicate", "--quarters"),
        "compare deal_35bn": ("--seed", "--replicates", "--quarters"),
        "tipping loan_to_value C0": ("--seed", "--replicates", "--quarters"),
        "trail deal_35bn": ("--seed", "--replicate", "--quarters"),
        "balance-sheet baseline": ("--seed", "--replicate"),
        "backtest": ("--seed", "--replicates", "--horizon"),
        "sweep study.toml --out new": ("--workers",),
        "serve": ("--port", "--max-sessions"),
    }.items()
    for option in options
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("mistakes")
    (place / "study.toml").write_text(STUDY, encoding="utf-8")
    (place / "A_FILE").write_text("no folder\n", encoding="utf-8")
    for name in ("EMPTY", "FOLDER", "FOLDER.svg", "FOLDER.html"):
        (place / name).mkdir()
    assert typed("sweep", place / "study.toml", "--out", place / "swept", "--workers", 0).exit_code == 0
    return place


@pytest.fixture(autouse=True)
def in_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)


def assert_refused(words, *expected, code=2):
    """Expect one line that says why; of a back-test, beside a warning that its draws are older than the model."""
    result = typed(*words)
    why = result.stderr.splitlines()
    if words[0] == "backtest":
        why = [line for line in why if not line.startswith("aimarket: warning: the posterior")]
    assert (result.exit_code, result.stdout, len(why)) == (code, "", 1), result.stderr
    assert [text for text in expected if text not in result.stderr] == [], result.stderr


@pytest.mark.parametrize("command", OF_A_SCENARIO)
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dael_35bn", "did you mean 'deal_35bn'"),
        ("missing.toml", "No such file"),
        ("A_FILE", "a file of your own ends in .toml"),
    ],
)
def test_a_scenario_that_is_none(command, name, said):
    assert_refused([name if word == "SCENARIO" else word for word in OF_A_SCENARIO[command]], name, said)


@pytest.mark.parametrize("command", OF_A_SCENARIO)
@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("dilutoin=1", "did you mean 'dilution'"),
        ("dilution=9", "dilution = 9"),
        ("dilution=x", "is not a number"),
        ("dilution", "NAME=VALUE"),
    ],
)
def test_a_setting_that_is_none(command, setting, said):
    words = ["deal_35bn" if word == "SCENARIO" else word for word in OF_A_SCENARIO[command]]
    assert_refused([*words, "--set", setting], said)


@pytest.mark.parametrize("command", ["run", "compare", "trail", "balance-sheet"])
def test_a_sample_that_does_not_ship(command):
    words = ["deal_35bn" if word == "SCENARIO" else word for word in OF_A_SCENARIO[command]]
    assert_refused([*words, "--parameters", "prior"], "the one sample that ships is called posterior")


@pytest.mark.parametrize(("command", "option"), COUNTED)
@pytest.mark.parametrize("value", ["-1", "1.5", "many", ""])
def test_a_number_that_is_none(command, option, value):
    assert_refused([*command.split(), option, value], option, "whole number")


@pytest.mark.parametrize("command", DATED)
@pytest.mark.parametrize("value", ["2028", "2028Q5", "soon", ""])
def test_a_quarter_that_is_none(command, value):
    assert_refused([*DATED[command], value], DATED[command][-1], "is not a quarter; write it as 2026Q2")


@pytest.mark.parametrize("command", ["trail", "balance-sheet"])
def test_a_quarter_before_the_run(command):
    assert_refused([*DATED[command], "2025Q4"], "--quarter 2025Q4", "first quarter is 2026Q1")


@pytest.mark.parametrize("command", ["trail", "balance-sheet"])
def test_a_quarter_after_the_usual_length_is_run(command):
    result = typed(*DATED[command], "2038Q1", "--json")
    assert result.exit_code == 0, result.stderr
    assert "2038Q1" in json.loads(result.stdout)["command"]


@pytest.mark.parametrize("command", WRITING)
@pytest.mark.parametrize("place", ["A_FILE", "A_FILE/below"])
def test_a_folder_that_cannot_be_written(command, place):
    assert_refused([*WRITING[command], place], place, "--out")


@pytest.mark.parametrize("command", FILES)
@pytest.mark.parametrize("place", ["FOLDER", "nowhere/x", "A_FILE/x"])
def test_a_file_that_cannot_be_written(command, place):
    option = FILES[command][-1]
    named = place + {"--figure": ".svg", "--out": ".html"}.get(option, "")
    assert_refused([*FILES[command], named], named, option)


@pytest.mark.parametrize("command", WRITING)
def test_a_disk_that_is_full_is_nobodys_mistake(command, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("aimarket.experiments.storage.frames.check_writable", lambda folder: None)
    monkeypatch.setattr("aimarket.experiments.sweeps.sweep.check_writable", lambda folder: None)
    monkeypatch.setattr(atomic_files.os, "fsync", full)
    assert_refused([*WRITING[command], f"full-{command}"], "No space left on device", code=1)


@pytest.mark.parametrize("command", FILES)
def test_a_disk_that_is_full_leaves_no_half_file(command, tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("aimarket.experiments.report.page.check_writable", lambda folder: None)
    monkeypatch.setattr(atomic_files.os, "fsync", full)
    monkeypatch.setattr("aimarket.model.checkpoint.np.savez", lambda *_, **__: full(0))
    place = tmp_path / f"x{ {'--figure': '.svg', '--out': '.html'}.get(FILES[command][-1], '') }"
    assert_refused([*FILES[command], place], "No space left on device", code=1)
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("words", [("report",), ("serve", "--sweep")], ids=" ".join)
@pytest.mark.parametrize("place", ["nowhere", "EMPTY", "A_FILE"])
def test_a_folder_without_a_sweep(words, place):
    assert_refused([*words, place], place)


@pytest.mark.parametrize("command", ["run", "compare", "tipping", "sweep", "report", "backtest", "trail", "scenarios"])
def test_an_option_that_is_none(command):
    assert_refused([command, "--nonsense"], "--nonsense", f"aimarket {command} --help")
