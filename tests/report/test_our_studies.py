"""The studies that come with the model run, in a small size, from file to text."""

import re
from pathlib import Path

import pytest

from aimarket.experiments.publishing.study_pages import RESULTS, STUDY, findings, write_results
from aimarket.experiments.report.contents import Options
from aimarket.experiments.sweeps.study_file import load_study, parse_study
from aimarket.experiments.sweeps.sweep import run_sweep

from ..small_studies import small_study

FOLDER = Path(__file__).parents[2] / "docs" / "studies"
STUDIES = sorted(path.parent.name for path in FOLDER.glob(f"*/{STUDY}"))


def test_four_studies_come_with_the_model():
    assert STUDIES == ["compute_or_algorithms", "surge", "who_leads", "who_should_get_the_money"]


@pytest.mark.parametrize("name", STUDIES)
def test_a_study_runs_in_a_small_size_and_is_reported(tmp_path, name):
    text = (FOLDER / name / STUDY).read_text(encoding="utf-8")
    sweep = run_sweep(parse_study(small_study(text), name, FOLDER / name), tmp_path / "results", workers=0)
    assert sweep.complete
    assert not sweep.failed
    contents = write_results(sweep, tmp_path, Options(board=False, tips=False))
    output = (tmp_path / RESULTS).read_text(encoding="utf-8")
    assert output.startswith(f"# {contents.question}")
    assert all(exhibit.reading in output for exhibit in contents.exhibits)


@pytest.mark.parametrize("name", STUDIES)
def test_what_a_study_says_is_of_the_study_as_it_stands(name):
    study = load_study(FOLDER / name / STUDY)
    output = (FOLDER / name / RESULTS).read_text(encoding="utf-8")
    assert output.startswith(f"# {study.question}")
    assert f"runs {study.runs:,}" in output
    for link in re.findall(r"\]\((figures/[^)]+)\)", output):
        assert (FOLDER / name / link).is_file()


def test_the_index_says_what_the_studies_say():
    assert findings(FOLDER) in (FOLDER / "README.md").read_text(encoding="utf-8")
