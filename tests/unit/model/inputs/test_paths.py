"""Paths mean the same wherever a program goes later, and a home folder's short form is that home folder."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import aimarket
from aimarket.experiments.designs.design import make_design
from aimarket.experiments.figures.style import save, sheet
from aimarket.experiments.report.contents import Options
from aimarket.experiments.storage import frames
from aimarket.experiments.sweeps.sweep import take_up_sweep
from aimarket.model.inputs.paths import PathError, located

from ....cli.line import SMALL, typed

TABLE = "rivalry,dilution\n0.2,0.02\n0.3,0.03\n"
STUDY = """
question = "What moves sales?"
scenarios = ["~/own.toml"]
quarters = 3
[design]
method = "table"
table = "~/points.csv"
[outcomes]
sales = { quantity = "ai_revenue", at = "2026Q3" }
"""
SCENARIO = 'title = "Mine"\nwhy = "To see."\n'
OBSERVED = "series,quarter,value\nnvidia_data_center,2026Q1,60\n"
ALONE = Options(board=False, tips=False)


@pytest.fixture
def home(tmp_path, monkeypatch):
    """Give a home folder that is not the current one, with everything that one may name in it."""
    place, here = tmp_path / "home", tmp_path / "here"
    place.mkdir()
    here.mkdir()
    for name, content in (
        ("points.csv", TABLE),
        ("study.toml", STUDY),
        ("own.toml", SCENARIO),
        ("observed.csv", OBSERVED),
    ):
        (place / name).write_text(content)
    monkeypatch.setenv("HOME", str(place))
    monkeypatch.chdir(here)
    return place


@pytest.fixture
def sweep(home):
    return aimarket.run_sweep("~/study.toml", "out", workers=0)


@pytest.mark.parametrize("written", ["~/a", b"~/a", Path("~/a")])
def test_the_short_form_of_a_home_folder_is_written_out(home, written):
    assert located(written) == home / "a"


@pytest.mark.parametrize("written", ["a/../b", b"a/../b", Path("a/../b"), os.path.join("a", "..", "b")])
def test_a_path_begins_at_the_root_and_is_followed_as_the_system_follows_it(home, written):
    assert located(written) == Path.cwd() / "a" / ".." / "b"


def test_a_file_may_be_called_like_the_short_form(home):
    assert located("./~") == Path.cwd() / "~"


def test_a_path_in_a_study_begins_where_the_study_is(home):
    assert located("points.csv", "~/studies") == home / "studies" / "points.csv"
    assert located("/points.csv", "~/studies") == Path("/points.csv")


@pytest.mark.parametrize(
    ("written", "message"), [("~nobody_of_that_name/a", "no home folder ~nobody_of_that_name"), ("a\0b", "null")]
)
def test_what_is_no_path_is_refused(written, message):
    with pytest.raises(PathError, match=message):
        located(written)


def test_a_sweep_outlives_a_change_of_the_folder(sweep, monkeypatch):
    before = sweep.values("sales")
    monkeypatch.chdir("/")
    np.testing.assert_array_equal(sweep.values("sales"), before)
    np.testing.assert_array_equal(aimarket.open_sweep(sweep.folder).values("sales"), before)
    page, *_ = aimarket.write_report(sweep.folder, options=ALONE)
    assert page.is_absolute()


@pytest.mark.parametrize("form", [str, os.fsencode, Path])
def test_a_sweep_is_opened_and_reported_from_a_home_folder(sweep, home, form):
    sweep.folder.rename(home / "moved")
    assert aimarket.open_sweep(form("~/moved")).folder == home / "moved"
    page, *_ = aimarket.write_report(form("~/moved"), form("~/page.html"), options=ALONE)
    assert page == home / "page.html"


def test_a_sweep_behind_a_link_is_that_sweep(sweep, home):
    (home / "link").symlink_to(sweep.folder)
    assert aimarket.open_sweep("~/link").complete
    assert take_up_sweep("~/study.toml", "~/link", workers=0).complete


@pytest.mark.parametrize("form", [str, os.fsencode, Path])
def test_a_saved_run_lies_in_the_home_folder(home, form, monkeypatch):
    aimarket.MarketModel(form("~/own.toml")).save(form("~/half.run"))
    monkeypatch.chdir("/")
    assert aimarket.MarketModel.restore(form("~/half.run")).case.name == "own"


@pytest.mark.parametrize("form", [str, os.fsencode, Path])
def test_frames_figures_tables_and_observations_lie_in_the_home_folder(home, form):
    files = frames.write(form("~/results"), {"a": pd.DataFrame({"b": [1.0]})}, {})
    assert files[0] == home / "results" / "a.parquet"
    assert len(frames.read(form("~/results/a.parquet"))) == 1
    assert save(sheet(1.0)[0], form("~/figure.svg")) == home / "figure.svg"
    assert len(make_design("table", (), table=form("~/points.csv")).points) == 2
    assert 60.0 in set(aimarket.observations(form("~/observed.csv"))["value"])


def test_every_option_of_the_command_line_takes_the_short_form(home):
    for words in (
        ("run", "~/own.toml", *SMALL, "--out", "~/run", "--save", "~/half.run"),
        ("run", "--resume", "~/half.run", "--quarters", 7, "--out", "~/resumed"),
        ("compare", "deal_35bn", *SMALL, "--out", "~/compared", "--figure", "~/deal.svg"),
        ("sweep", "~/study.toml", "--out", "~/swept", "--workers", 0),
        ("report", "~/swept", "--out", "~/report.html", "--no-board", "--no-tips"),
        ("balance-sheet", "baseline", "--quarter", "2026Q2", "--csv", "~/books.csv"),
        ("trail", "deal_35bn", "--quarter", "2026Q4", "--csv", "~/trail.csv"),
        ("validate", "~/own.toml"),
    ):
        result = typed(*words)
        assert result.exit_code == 0, result.stderr
    assert list(Path.cwd().iterdir()) == []
    made = {"run", "half.run", "resumed", "compared", "deal.svg", "swept", "report.html", "books.csv", "trail.csv"}
    assert made <= {path.name for path in home.iterdir()}


@pytest.mark.parametrize(
    "words",
    [
        ("run", "baseline", *SMALL, "--out"),
        ("run", "baseline", *SMALL, "--save"),
        ("report",),
        ("sweep", "--out", "x"),
        ("run", "--resume"),
        ("serve", "--sweep"),
        ("backtest", "--observations"),
    ],
)
def test_a_home_folder_of_nobody_is_one_line(home, words):
    result = typed(*words, "~nobody_of_that_name/a")
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "there is no home folder ~nobody_of_that_name" in result.stderr
