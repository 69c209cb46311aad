"""`aimarket sweep` runs a study into a folder, tells what came of it, and refuses what cannot be run."""

import pytest

from aimarket.experiments.report.contents import Options
from aimarket.experiments.storage import atomic_files

from .line import answer, typed

STUDY = """
question = "What makes a surge?"
quarters = 14
[design]
method = "latin_hypercube"
size = 6
parameters = ["announcement_effect"]
[outcomes]
surge = "C1a.funding"
"""


@pytest.fixture
def study(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text(STUDY)
    return path


def test_a_sweep_tells_what_came_of_it_and_what_to_do_next(study, tmp_path):
    result = typed("sweep", study, "--out", tmp_path / "results", "--workers", 0)
    assert result.exit_code == 0, result.stderr
    for words in ("What makes a surge?", "6 runs: 6 points", "> 1", f"aimarket report {tmp_path / 'results'}"):
        assert words in result.stdout


def test_machines_get_one_object(study, tmp_path):
    output = answer("sweep", study, "--out", tmp_path / "results", "--workers", 0)
    assert (output["runs"], output["complete"], output["failed"], output["lost"]) == (6, True, 0, {})
    (surge,) = output["outcomes"]
    assert surge["low"] <= surge["median"] <= surge["high"]
    assert 0.0 <= surge["holds"] <= 1.0


def test_one_command_gives_the_report_too(study, tmp_path, monkeypatch):
    alone = Options(board=False, tips=False)  # what needs runs of its own, tests/report looks at
    monkeypatch.setattr("aimarket.experiments.report.contents.Options", lambda **_: alone)
    output = answer("sweep", study, "--out", tmp_path / "results", "--workers", 0, "--report")
    assert output["finding"]
    assert (tmp_path / "results" / "report.html").is_file()


def test_a_sweep_is_taken_up_by_resume_alone(study, tmp_path):
    words = ("sweep", study, "--out", tmp_path / "results", "--workers", 0)
    assert typed(*words).exit_code == 0
    refused = typed(*words)
    assert refused.exit_code == 2
    assert "--resume" in refused.stderr
    assert typed(*words, "--resume").exit_code == 0


def test_a_study_that_cannot_be_run_is_one_line(study, tmp_path):
    study.write_text(STUDY.replace("C1a.funding", "C1a.fundin"))
    result = typed("sweep", study, "--out", tmp_path / "results")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "study.toml: outcomes.surge" in result.stderr
    assert not (tmp_path / "results").exists()


def test_a_full_disk_is_one_line(study, tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic_files.os, "fsync", full)
    result = typed("sweep", study, "--out", tmp_path / "results", "--workers", 0)
    assert result.exit_code == 1
    assert "No space left on device" in result.stderr


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--workers", "-1"), "--workers -1"),
        (("--workers", 1, "--dask", "tcp://127.0.0.1:1"), "give one of the two"),
    ],
)
def test_workers_that_make_no_sense_are_refused(study, tmp_path, options, words):
    result = typed("sweep", study, "--out", tmp_path / "results", *options)
    assert result.exit_code == 2
    assert words in result.stderr


QUICK = """
question = "What moves sales?"
quarters = 2
[design]
method = "METHOD"
DESIGN
[outcomes]
sales = { quantity = "ai_revenue", at = "2026Q2" }
"""


def swept(folder, method, design):
    """Run a quick study with a design."""
    (folder / "study.toml").write_text(QUICK.replace("METHOD", method).replace("DESIGN", design))
    return typed("sweep", folder / "study.toml", "--out", folder / "results", "--workers", 0)


def test_a_sweep_tells_what_is_moved_together(tmp_path):
    (tmp_path / "problem.txt").write_text("spillover,0.05,0.1,ideas\nimitation,0.3,0.4,ideas\ndilution,0.02,0.03\n")
    result = swept(tmp_path, "morris", 'size = 2\nproblem = "problem.txt"')
    assert result.exit_code == 0, result.stderr
    assert "6 points" in result.stdout
    assert "moved together: ideas (spillover, imitation)" in " ".join(result.stdout.split())


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("rivalry;dilution\n0,1;0,02\n", "row 1: rivalry = '0,1' is not a number; write 0.1, with a point"),
        ("rivalry\n0.3000001\n0.9\n", "points.csv, row 2: rivalry = 0.9 lies outside"),
    ],
)
def test_a_table_that_cannot_be_run_is_named_in_a_line(tmp_path, table, said):
    (tmp_path / "points.csv").write_text(table)
    result = swept(tmp_path, "table", 'table = "points.csv"')
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
