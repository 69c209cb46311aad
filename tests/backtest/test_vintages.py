"""Vintages of the dated forecast stay as they were made, and each can be scored."""

import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import aimarket
from aimarket.experiments.backtest.forecast import LATEST
from aimarket.experiments.backtest.record import kept, version_of
from aimarket.experiments.backtest.vintages import KEPT, LIST, VintageError, publish, vintage, vintages

from ..cli.line import answer

FOLDER = Path(__file__).parents[2] / "docs" / "forecasts"
DAY = {"origin": LATEST, "made": "2099-01-02", "version": "another", "aimarket": "9", "model": "abc"}
FILE = "2025Q4_made_2099-01-02.csv"


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(FOLDER, tmp_path / "forecasts"))


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def other(factor=2.0):
    bands = vintage(vintages()["file"].iloc[-1])
    return bands.assign(**{name: factor * bands[name] for name in ("median", "p5", "p25", "p75", "p95")})


def test_every_vintage_is_as_it_was_made_and_none_is_unlisted():
    listed = vintages()
    assert listed["file"].iloc[0] == "2025Q4.csv"
    assert listed["sha256"].iloc[0] == "b95ee022b862c32e4b5f5b5f1ce9d4a37e2a0c2ce12dd81ba37dadc206be539e"
    assert set(listed["file"]) == {path.name for path in FOLDER.glob("*.csv")} - {LIST}
    for row in listed.to_dict("records"):
        assert set(vintage(row["file"])["made"]) == {row["made"]}


def test_a_forecast_made_again_stands_beside_those_before(folder):
    before = content(folder)
    path = publish(folder, other(), DAY)
    after = content(folder)
    assert path.name == FILE
    assert {name: after[name] for name in before if name != LIST} == {n: before[n] for n in before if n != LIST}
    assert vintages(folder)["file"].tolist() == [*vintages()["file"], FILE]
    assert vintages(folder).iloc[-1][list(DAY)].to_dict() == DAY
    pd.testing.assert_frame_equal(vintage(FILE, folder)[list(KEPT)], other()[list(KEPT)], rtol=1e-3)


def test_a_forecast_that_says_the_same_is_no_vintage(folder):
    before = content(folder)
    assert publish(folder, other(1.0), DAY).name == vintages()["file"].iloc[-1]
    assert content(folder) == before


def test_no_vintage_that_stands_is_overwritten(folder):
    publish(folder, other(), DAY)
    before = content(folder)
    again = publish(folder, other(3.0), DAY)
    assert again.name == FILE.replace(".csv", "_2.csv")
    after = content(folder)
    assert {name: after[name] for name in before if name != LIST} == {n: before[n] for n in before if n != LIST}
    assert vintages(folder)["file"].tolist()[-2:] == [FILE, again.name]


def test_a_vintage_that_was_changed_is_named(folder):
    (folder / "2025Q4.csv").write_text("series,quarter,median\n")
    for call in (lambda: publish(folder, other(), DAY), lambda: vintage("2025Q4.csv", folder)):
        with pytest.raises(VintageError, match=r"2025Q4\.csv is not as it was made on 2026-11-28: restore it"):
            call()


def test_each_vintage_is_scored_by_the_same_rule(folder):
    """The first, and one made again that says twice as much."""
    publish(folder, other(), DAY)
    own = {"series": ["nvidia_data_center"], "quarter": ["2026Q4"], "value": [100.0]}
    table = aimarket.observations(pd.DataFrame(own))
    for file in (*vintages()["file"], FILE):
        scored = aimarket.score_forecast(folder / file, table=table).query("forecaster == 'forecast'")
        said = vintage(file, folder).query("series == 'nvidia_data_center' and quarter == '2026Q4'")
        assert scored["median"].tolist() == pytest.approx(said["median"].tolist())
        assert scored["ape"].tolist() == pytest.approx((said["median"] / 100.0 - 1.0).abs().tolist())
        assert scored["ahead"].tolist() == [4]


def test_the_command_scores_either_vintage(folder):
    publish(folder, other(), DAY)
    (folder / "mine.csv").write_text("series,quarter,value\nnvidia_data_center,2026Q4,100\n")
    for file in ("2025Q4.csv", FILE):
        output = answer("backtest", "--score", folder / file, "--observations", folder / "mine.csv")
        assert (output["origin"], len(output["summary"])) == (LATEST, 1)


def test_a_vintage_names_the_version_that_is_last_in_the_table_by_step(tmp_path):
    (tmp_path / "steps.csv").write_text("version,origin\none,2024Q4\ntwo,2024Q4\n")
    named = version_of(tmp_path, "2099-01-02")
    assert (named["version"], named["made"], named["origin"]) == ("two", "2099-01-02", LATEST)
    assert len(named["model"]) == 64


def test_the_newest_vintage_holds_the_bands_that_ship():
    newest, bands = vintage(vintages()["file"].iloc[-1]), kept(LATEST)
    assert list(newest["series"] + newest["quarter"]) == list(bands["series"] + bands["quarter"])
    for name in ("median", "p5", "p25", "p75", "p95"):
        assert np.allclose(newest[name], bands[name], rtol=1e-3)
