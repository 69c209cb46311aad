"""Bad input gets exit code 2 and one line that names the culprit and the remedy."""

import numpy as np
import pytest

import aimarket

from .line import typed

TYPED = [
    ("run dael_35bn", "'dael_35bn'", "did you mean 'deal_35bn'"),
    ("run zzz", "'zzz'", "aimarket scenarios"),
    ("run ../baseline", "'../baseline'", "did you mean 'baseline'"),
    ("run", "name a scenario", "aimarket run deal_35bn"),
    ("run baseline --set loan_to_vale=0.6", "'loan_to_vale'", "did you mean 'loan_to_value'"),
    ("run baseline --set loan_to_vale=abc", "'loan_to_vale'", "did you mean 'loan_to_value'"),
    ("run baseline --set zzz=1", "'zzz'", "aimarket parameters"),
    ("run baseline --set loan_to_value=9", "loan_to_value = 9", "[0.4, 0.85]"),
    ("run baseline --set loan_to_value=nan", "loan_to_value = nan", "[0.4, 0.85]"),
    ("run baseline --set loan_to_value=inf", "loan_to_value = inf", "[0.4, 0.85]"),
    ("run baseline --set loan_to_value=abc", "loan_to_value = 'abc' is not a number", "[0.4, 0.85]"),
    ("run baseline --set loan_to_value=", "loan_to_value = '' is not a number", "[0.4, 0.85]"),
    ("run baseline --set loan_to_value", "'loan_to_value'", "NAME=VALUE"),
    ("run baseline --set =0.6", "'=0.6'", "NAME=VALUE"),
    ("run baseline --set loan_to_value=0.6 --set loan_to_value=0.7", "loan_to_value twice", "once"),
    ("run baseline --set ramp_quarters=2.5", "ramp_quarters = 2.5", "whole number"),
    ("run demand_winter --set demand_available=0.000000002", "demand_available", "[1e-09, 2]"),
    ("run baseline --replicates 0", "--replicates 0", "at least 1"),
    ("run baseline --replicates -3", "--replicates -3", "at least 1"),
    ("run baseline --replicates abc", "--replicates abc", "whole number"),
    ("run baseline --quarters 0", "--quarters 0", "at least 1"),
    ("run baseline --quarters 1.5", "--quarters 1.5", "whole number"),
    ("run baseline --seed -1", "--seed -1", "at least 0"),
    ("run baseline --seed 9223372036854775808", "--seed 9223372036854775808", "at most 9223372036854775807"),
    ("run baseline --record flows", "--record", "--out DIR"),
    ("run baseline --record flaws --out OUT", "'flaws'", "did you mean 'flows'"),
    ("run baseline --record ai_labs.compote --out OUT", "'compote'", "did you mean 'compute'"),
    ("run missing.toml", "missing.toml", "No such file"),
    ("run baseline --out A_FILE/folder", "A_FILE/folder", "--out"),
    ("run baseline --out A_FILE", "A_FILE", "--out"),
    ("run baseline --save nowhere/x.run", "nowhere/x.run", "--save"),
    ("run baseline --save .", "it is a folder", "--save"),
    ("run --resume missing.run", "missing.run", "a file that --save wrote"),
    ("run --resume A_FILE", "A_FILE is not a saved run", "a file that --save wrote"),
    ("run --resume array.npy", "array.npy is not a saved run", "a file that --save wrote"),
    ("run --resume other.npz", "other.npz is not a saved run", "a file that --save wrote"),
    ("run --resume header.npz", "header.npz", "a file that --save wrote"),
    ("run --resume two_quarters.run --quarters 2", "2 quarters long already", "has to be larger"),
    ("run baseline --resume two_quarters.run", "--resume", "leave a scenario out"),
    ("run --resume two_quarters.run --seed 3", "--resume", "leave --seed out"),
    ("run --resume two_quarters.run --set loan_to_value=0.6", "--resume", "leave --set out"),
    ("run --resume no_indicators.run", "without indicators", "record them"),
    ("compare dael_35bn", "'dael_35bn'", "did you mean 'deal_35bn'"),
    ("compare deal_35bn --against basline", "'basline'", "did you mean 'baseline'"),
    ("compare deal_35bn --set loan_to_value=9", "loan_to_value = 9", "[0.4, 0.85]"),
    ("compare deal_35bn --replicates 0", "--replicates 0", "at least 1"),
    ("compare deal_35bn --out A_FILE/folder", "A_FILE/folder", "--out"),
    ("compare", "scenario", "aimarket compare --help"),
    ("parameters zzz", "'zzz'", "aimarket parameters"),
    ("parameters loan_to_vale", "'loan_to_vale'", "did you mean 'loan_to_value'"),
    ("parameters loan --markdown", "--markdown", "leave PATTERN"),
    ("validate", "FILE", "aimarket validate --help"),
    ("validate missing.toml", "missing.toml", "No such file"),
    ("validate A_FILE", "A_FILE", "ends in .toml"),
    ("scenarios surplus", "surplus", "aimarket scenarios --help"),
    ("rnu", "rnu", "aimarket --help"),
    ("run baseline --sed 1", "--sed", "aimarket run --help"),
    ("", "command", "aimarket --help"),
]

DEAL = '[[deals]]\ndate = "2026Q2"\namount = 35\nrecipients = { Anthropic = 1.0 }\nfunders = { Apollo = 1.0 }\n'
FILES = [
    ("title = 'a'\nwhy = = 'b'\n", "is not TOML", "line 2"),
    ("title = 'a'\n[[deals]\n", "is not TOML", "line 2"),
    (DEAL[: DEAL.index("1.0 }")], "is not TOML", "line 4"),
    ("tilte = 'a'\n", "'tilte'", "did you mean 'title'"),
    ("[parameters]\nloan_to_vale = 0.6\n", "'loan_to_vale'", "did you mean 'loan_to_value'"),
    ("[parameters]\nloan_to_value = 'much'\n", "'much'", "not a number"),
    ("[parameters]\nloan_to_value = 9\n", "loan_to_value = 9", "[0.4, 0.85]"),
    (DEAL.replace("Anthropic", "Antropic"), "'Antropic'", "did you mean 'Anthropic'"),
    (DEAL.replace("Apollo", "Apolo"), "'Apolo'", "did you mean 'Apollo'"),
    (DEAL.replace("2026Q2", "2026Q5"), "2026Q5", "write it as 2026Q2"),
    (DEAL.replace("35", "-35"), "amount = -35", "[0, 1000]"),
    (DEAL.replace("amount = 35\n", ""), "deals[0]", "amount is missing"),
    (DEAL + "draw = [0.5, 0.4]\n", "draw add to 0.9", "expected 1"),
    ('[[changes]]\nparameter = "grid_available"\nfrom = "2027Q1"\nset = 9\n', "grid_available = 9", "[0.05, 2]"),
    ('[[changes]]\nparameter = "grid_available"\nfrom = "2027Q1"\n', "changes[0]", "multiply, add, set"),
    ('[[entries]]\nfirm = "Vendor entrent"\ndate = "2027Q1"\n', "Vendor entrent", "did you mean 'Vendor entrant'"),
    ("start = '1999Q4'\n", "1999Q4", "2025Q4"),
    (b"title = '\xff'\n", "mine.toml", "utf-8"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with files that are something else than they should be."""
    place = tmp_path_factory.mktemp("bad")
    (place / "A_FILE").write_text("neither a folder nor a run\n")
    np.save(place / "array.npy", np.zeros(3))
    np.savez(place / "other.npz", x=np.zeros(3))
    np.savez(place / "header.npz", header=np.frombuffer(b'{"format": 1}', dtype=np.uint8))
    for name, record in (("two_quarters.run", None), ("no_indicators.run", ("flows",))):
        model = aimarket.MarketModel(record=record)
        model.step()
        model.step()
        model.save(place / name)
    return place


@pytest.fixture
def in_folder(folder, monkeypatch):
    monkeypatch.chdir(folder)
    return folder


def assert_one_line(result, *expected):
    assert result.exit_code == 2
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("aimarket: ")
    assert "Traceback" not in line
    plain = line.lower()  # older Typers write a missing argument in capitals
    assert [text for text in expected if text.lower() not in plain] == [], line


@pytest.mark.parametrize(("words", "culprit", "remedy"), TYPED, ids=[words or "nothing" for words, *_ in TYPED])
def test_what_is_typed_wrong_gets_one_line(in_folder, words, culprit, remedy):
    assert_one_line(typed(*words.split()), culprit, remedy)


@pytest.mark.parametrize("words", [w for w, *_ in TYPED if w.split()[:1] in (["run"], ["compare"])])
def test_json_changes_nothing_about_bad_input(in_folder, words):
    assert_one_line(typed(*words.split(), "--json"))


@pytest.mark.parametrize("command", ["run", "compare", "validate"])
@pytest.mark.parametrize(("content", "culprit", "remedy"), FILES)
def test_a_file_of_ones_own_that_is_wrong_gets_one_line(tmp_path, command, content, culprit, remedy):
    file = tmp_path / "mine.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert_one_line(typed(command, file), culprit, remedy)


def test_a_folder_called_like_a_scenario_gets_one_line(tmp_path):
    (tmp_path / "mine.toml").mkdir()
    assert_one_line(typed("run", tmp_path / "mine.toml"), "mine.toml", "Is a directory")


def test_bad_input_leaves_no_folder_behind(in_folder):
    before = sorted(in_folder.iterdir())
    typed("run", "dael_35bn", "--out", "new/deep", "--save", "new.run")
    typed("run", "baseline", "--set", "loan_to_value=9", "--out", "new/deep", "--save", "new.run")
    typed("run", "baseline", "--out", "A_FILE/folder")
    assert sorted(in_folder.iterdir()) == before
