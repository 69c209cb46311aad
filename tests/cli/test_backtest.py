"""`aimarket backtest` says how the model would have done; `--parameters posterior` spreads runs over what is likely."""

import json

import numpy as np
import pandas as pd
import pytest

from aimarket.experiments.backtest.scores import backtest, summary
from aimarket.experiments.backtest.words import finding
from aimarket.experiments.runs.posterior import sampled

from .line import SMALL, answer, typed

ASKED = ("backtest", "--origin", "2024Q4", "--horizon", "4", "--replicates", "20")


@pytest.fixture(scope="module")
def scored():
    return backtest("2024Q4", 4, replicates=20, seed=7)


def test_it_begins_with_a_sentence_and_shows_every_series(scored):
    shown = typed(*ASKED)
    assert shown.exit_code == 0, shown.stderr
    text = " ".join(shown.stdout.split())
    assert text.startswith(finding(scored, "2024Q4"))
    assert text.count("%") >= 4 * len(summary(scored))
    assert "Again: aimarket backtest --origin 2024Q4 --horizon 4 --seed 7 --replicates 20\n" in shown.stdout


def test_json_holds_summary_and_scores(scored):
    output = answer(*ASKED)
    assert [row["series"] for row in output["summary"]] == list(summary(scored)["series"])
    assert np.allclose([row["crps"] for row in output["scores"]], scored["crps"])


def test_scores_are_written_with_a_manifest(tmp_path, scored):
    shown = typed(*ASKED, "--out", tmp_path)
    assert shown.exit_code == 0, shown.stderr
    assert pd.read_parquet(tmp_path / "scores.parquet")["crps"].to_numpy() == pytest.approx(scored["crps"].to_numpy())
    assert json.loads((tmp_path / "manifest.json").read_text())["command"][:2] == ["aimarket", "backtest"]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--origin", "2022Q4"), "there is no start at the end of '2022Q4'; there is 2023Q4, 2024Q4, 2025Q4"),
        (("--origin", "2025Q4"), "nothing was observed in the 8 quarters after 2025Q4"),
        (("--origin", "soon"), "'soon' is not a quarter"),
        (("--horizon", "0"), "--horizon"),
    ],
)
def test_what_cannot_be_scored_is_reported(words, message):
    shown = typed("backtest", *words)
    assert shown.exit_code != 0
    assert message in shown.stderr


def test_a_run_spreads_over_the_posterior_and_set_overrides_it():
    output = answer("run", "baseline", *SMALL, "--parameters", "posterior", "--set", "dilution=0.02")
    assert output["parameters"]["inference_gain"] == pytest.approx(list(sampled(range(2))["inference_gain"]))
    assert output["parameters"]["dilution"] == 0.02
    assert " ".join(output["command"]).endswith(
        "--set dilution=0.02 --parameters posterior --seed 7 --replicates 2 --quarters 6"
    )


def test_twins_are_compared_on_the_posterior():
    output = answer("compare", "deal_35bn", "--replicates", "2", "--quarters", "14", "--parameters", "posterior")
    assert output["parameters"]["horizon"] == pytest.approx(list(sampled(range(2))["horizon"]))


def test_another_sample_is_reported():
    shown = typed("run", "baseline", *SMALL, "--parameters", "prior")
    assert shown.exit_code != 0
    assert "--parameters 'prior': the one sample that ships is called posterior" in shown.stderr


def test_own_observations_let_the_latest_origin_be_scored(tmp_path):
    (tmp_path / "mine.csv").write_text("series,quarter,value\nnvidia_data_center,2026Q1,70\n")
    options = ("--observations", tmp_path / "mine.csv", "--replicates", 4)
    output = answer("backtest", "--origin", "2025Q4", *options)
    assert {row["observed"] for row in output["scores"]} == {70.0}
    assert output["command"][-2:] == ["--observations", str(tmp_path / "mine.csv")]


def test_a_forecast_in_a_file_is_scored_from_the_quarter_before_its_first(tmp_path):
    (tmp_path / "theirs.csv").write_text("series,quarter,median\nnvidia_data_center,2025Q4,60\n")
    output = answer("backtest", "--score", tmp_path / "theirs.csv")
    assert output["origin"] == "2025Q3"
    assert {"forecast", "no change"} <= {row["forecaster"] for row in output["scores"]}
    shown = typed("backtest", "--score", tmp_path / "theirs.csv")
    assert "forecast off by" in shown.stdout
    assert f"--origin 2025Q3 --score {tmp_path / 'theirs.csv'}" in shown.stdout


@pytest.mark.parametrize("option", ["--horizon", "--seed", "--replicates"])
def test_what_only_the_model_s_forecast_needs_is_refused_beside_a_file(tmp_path, option):
    shown = typed("backtest", "--score", tmp_path / "theirs.csv", option, 4)
    assert shown.exit_code == 2
    assert shown.stderr == f"aimarket: --score takes the forecast as it is: leave {option} out\n"
