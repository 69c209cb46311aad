"""`aimarket report` writes one page of a sweep, says where, and refuses what it cannot write."""

import pytest

from aimarket.experiments.sweeps.sweep import run_sweep

from .line import answer, typed

STUDY = """
question = "What decides it?"
quarters = 14
[design]
method = "one_at_a_time"
parameters = ["announcement_effect"]
[outcomes]
funding = "C1a.funding"
"""
ALONE = ("--no-board", "--no-tips")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("swept")
    (place / "study.toml").write_text(STUDY)
    run_sweep(place / "study.toml", place / "results", workers=0)
    return place / "results"


def test_a_report_is_written_beside_the_sweep(folder):
    result = typed("report", folder, *ALONE)
    assert result.exit_code == 0, result.stderr
    assert f"Written: {folder / 'report.html'}" in result.stdout
    assert "<h1>What decides it?</h1>" in (folder / "report.html").read_text(encoding="utf-8")


def test_a_report_goes_where_it_is_reported_to(folder, tmp_path):
    output = answer("report", folder, "--out", tmp_path / "surge.html", *ALONE)
    assert output["page"] == str(tmp_path / "surge.html")
    assert {path.rsplit(".", 1)[1] for path in output["figures"]} == {"svg", "png"}


def test_a_folder_without_a_sweep_is_refused_in_one_line(tmp_path):
    result = typed("report", tmp_path / "nothing", *ALONE)
    assert result.exit_code != 0
    assert "holds no sweep" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_report_that_is_no_page_is_refused(folder, tmp_path):
    result = typed("report", folder, "--out", tmp_path / "report.pdf", *ALONE)
    assert (result.exit_code, "has to end in .html" in result.stderr) == (2, True)
