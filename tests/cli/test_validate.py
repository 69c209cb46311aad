"""`aimarket validate` tells scenarios from studies, checks both as a run does, and looks into folders."""

import json
from pathlib import Path

import pytest

from .line import typed

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = 'title = "A tight grid"\n[[changes]]\nparameter = "grid_available"\nfrom = "2027Q1"\nmultiply = 0.5\n'
STUDY = """
question = "What matters?"
scenarios = ["deal_35bn", "tight.toml"]
against = "baseline"
quarters = 12
[design]
method = "table"
table = "points.csv"
[outcomes]
sales = { quantity = "ai_revenue", at = "2026Q4" }
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "tight.toml").write_text(SCENARIO)
    (tmp_path / "study.toml").write_text(STUDY)
    (tmp_path / "points.csv").write_text("dilution\n0.02\n0.03\n")
    return tmp_path


def test_each_file_is_reported_what_it_was_taken_for(folder):
    result = typed("validate", folder / "tight.toml", folder / "study.toml")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        f"{folder / 'tight.toml'}: ok, a scenario",
        f"{folder / 'study.toml'}: ok, a study of 4 runs",
    ]


def test_a_folder_stands_for_all_files_in_it(folder):
    (folder / "deeper").mkdir()
    (folder / "deeper" / "other.toml").write_text(SCENARIO)
    lines = typed("validate", folder, folder / "tight.toml").stdout.splitlines()
    assert [line.rpartition("/")[2] for line in lines] == [
        "other.toml: ok, a scenario",
        "study.toml: ok, a study of 4 runs",
        "tight.toml: ok, a scenario",
    ]


def test_a_folder_without_files_is_reported(tmp_path):
    result = typed("validate", tmp_path)
    assert result.exit_code == 2
    assert "holds no file that ends in .toml" in result.stderr


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("study.toml", '"ai_revenue"', '"ai_revenu"', "did you mean 'ai_revenue'"),
        ("study.toml", "quarters = 12", "quarter = 12", "did you mean 'quarters'"),
        ("study.toml", 'at = "2026Q4"', 'at = "2046Q4"', "not within the run"),
        ("study.toml", "tight.toml", "gone.toml", "gone.toml"),
        ("study.toml", "[outcomes]", "[outcome]", "did you mean 'outcomes'"),
        ("tight.toml", "grid_available", "grid_availible", "did you mean 'grid_available'"),
        ("points.csv", "0.03", "3", "dilution"),
    ],
)
def test_what_would_stop_a_sweep_stops_here(folder, file, old, new, said):
    (folder / file).write_text((folder / file).read_text().replace(old, new))
    result = typed("validate", folder / "study.toml")
    assert result.exit_code == 2
    (line,) = result.stderr.splitlines()
    assert said in line
    assert "(taken for a study)" in line


def test_the_studies_of_the_documents_can_be_run():
    folder = ROOT / "docs" / "studies"
    lines = typed("validate", folder).stdout.splitlines()
    assert len(lines) == len(list(folder.rglob("study.toml")))
    assert all(": ok, a study of" in line for line in lines)


def test_machines_are_reported_the_kind(folder):
    output = json.loads(typed("validate", folder / "study.toml", folder / "tight.toml", "--json").stdout)
    assert [(item["kind"], item["ok"]) for item in output["files"]] == [("study", True), ("scenario", True)]


def test_the_help_points_to_the_reference():
    assert "docs/reference.md" in typed("validate", "--help").stdout


@pytest.mark.parametrize("words", [("--keys", "mine.toml"), ("--keys", "--json"), ()])
def test_keys_and_files_are_not_asked_for_together(words):
    result = typed("validate", *words)
    assert result.exit_code == 2
    assert "--help" in result.stderr


@pytest.mark.parametrize("name", ["9" * 5000, "9" * 5000 + ".toml", "9" * 300 + ".toml"])
def test_a_name_that_no_file_can_have_is_one_line(name):
    result = typed("validate", name)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
