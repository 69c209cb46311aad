"""`aimarket run` shows a scenario, writes it, saves it and takes it up again."""

import json

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import aimarket
from aimarket.experiments.storage import frames
from aimarket.model.indicators import INDICATORS

from .line import SMALL, answer, typed


@pytest.fixture(scope="module")
def shown():
    return typed("run", "deal_35bn", *SMALL)


@pytest.fixture(scope="module")
def answered():
    return answer("run", "deal_35bn", *SMALL, "--seed", 3, "--set", "loan_to_value=0.6")


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("out") / "deep" / "results"
    result = typed(
        "run",
        "deal_35bn",
        *SMALL,
        "--set",
        "loan_to_value=0.6",
        "--out",
        folder,
        "--record",
        "ai_labs.compute",
        "--record",
        "flows",
        "--record",
        "indicators",
    )
    assert result.exit_code == 0, result.stderr
    return folder


def test_a_run_prints_what_was_run(shown):
    assert "deal_35bn: Apollo and BlackRock lend Anthropic 35 bn" in shown.stdout
    assert "2 replicates, 2026Q1 to 2027Q2, seed 7" in shown.stdout


def test_a_run_prints_headlines_with_their_units(shown):
    assert "AI revenue, USD bn/quarter" in shown.stdout
    assert "lab compute, M H100e" in shown.stdout


def test_a_run_says_how_well_the_books_close(shown):
    assert "accounting identities hold; largest residual" in shown.stdout


def test_a_run_says_that_it_is_no_forecast(shown):
    assert shown.stdout.endswith("This is a model, not a forecast.\n")


def test_a_run_says_how_to_do_it_again(shown):
    assert "Again: aimarket run deal_35bn --seed 7 --replicates 2 --quarters 6" in shown.stdout


def test_tables_in_a_pipe_have_no_colours_and_a_width(shown):
    assert "\x1b" not in shown.stdout
    assert max(len(line) for line in shown.stdout.splitlines()) <= 120


def test_nothing_is_said_on_standard_error(shown):
    assert shown.stderr == ""


def test_json_has_the_percentiles_of_every_indicator_and_quarter(answered):
    assert answered["indicators"].keys() == INDICATORS.keys()
    ensemble = aimarket.run_ensemble("deal_35bn", 2, 6, 3, {"loan_to_value": 0.6})
    expected = np.percentile(ensemble.values("ai_revenue"), (5, 50, 95), axis=-1)
    revenue = answered["indicators"]["ai_revenue"]
    np.testing.assert_array_equal([revenue["low"], revenue["median"], revenue["high"]], expected)


def test_json_names_dates_units_and_what_was_run(answered):
    assert answered["dates"] == ["2026Q1", "2026Q2", "2026Q3", "2026Q4", "2027Q1", "2027Q2"]
    assert answered["indicators"]["ai_revenue"]["unit"] == "USD bn/quarter"
    assert (answered["seed"], answered["replicates"], answered["quarters"]) == (3, 2, 6)
    assert answered["parameters"] == {"loan_to_value": 0.6}
    assert max(answered["checks"].values()) < 1e-9


def test_the_same_seed_gives_the_same_json_to_the_last_digit():
    first, second = (typed("run", "deal_35bn", *SMALL, "--seed", 3, "--json").stdout for _ in range(2))
    assert first == second


def test_another_seed_gives_another_result():
    first, second = (answer("run", "baseline", *SMALL, "--seed", seed)["indicators"] for seed in (3, 4))
    assert first != second


def test_the_defaults_are_200_replicates_of_40_quarters_with_seed_7(monkeypatch):
    asked = []
    monkeypatch.setattr("aimarket.experiments.runs.ensemble.run_ensemble", lambda *a, **k: asked.append(a) or 1 / 0)
    typed("run", "baseline")
    assert asked[0][1:4] == (200, 40, 7)


def test_a_scenario_may_be_a_file_of_ones_own(tmp_path):
    file = tmp_path / "mine.toml"
    file.write_text('title = "Dearer loans"\n[parameters]\nrisk_free_rate = 0.05\n')
    assert answer("run", file, *SMALL)["scenario"]["parameters"] == {"risk_free_rate": 0.05}


def test_a_single_replicate_is_shown_without_a_range():
    assert "[" not in typed("run", "baseline", "--replicates", 1, "--quarters", 2).stdout


def test_every_record_asked_for_is_written(written):
    assert {p.name for p in written.iterdir()} == {
        "indicators.parquet",
        "ai_labs.parquet",
        "flows.parquet",
        "manifest.json",
    }


def test_written_files_open_with_pandas_and_with_arrow(written):
    with_pandas = pd.read_parquet(written / "indicators.parquet")
    with_arrow = pq.read_table(written / "indicators.parquet")
    assert len(with_pandas) == with_arrow.num_rows == 12
    assert list(with_pandas["quarter"][:2]) == ["2026Q1", "2026Q2"]
    assert with_arrow.schema.field("ai_revenue").metadata[b"unit"] == b"USD bn/quarter"


def test_what_is_written_is_what_was_run(written):
    ensemble = aimarket.run_ensemble("deal_35bn", 2, 6, 7, {"loan_to_value": 0.6}, record=("ai_labs.compute",))
    expected, read = ensemble.to_frame("ai_labs"), frames.read(written / "ai_labs.parquet")
    pd.testing.assert_frame_equal(read, expected, check_dtype=False)
    assert read.attrs["units"] == {"compute": "M H100e"}


def test_the_manifest_tells_how_to_do_it_again(written):
    manifest = json.loads((written / "manifest.json").read_text())
    again = "aimarket run deal_35bn --set loan_to_value=0.6 --seed 7 --replicates 2 --quarters 6 --out"
    kept = "--record ai_labs.compute --record flows --record indicators"
    assert " ".join(manifest["command"]) == f"{again} {written} {kept}"
    assert manifest["overrides"] == {"loan_to_value": 0.6}
    assert manifest["runs"][0]["parameters"]["loan_to_value"] == 0.6


@pytest.mark.parametrize("cut", [1, 3, 5])
def test_a_run_taken_up_again_ends_as_if_it_had_not_stopped(tmp_path, cut):
    words = ("deal_35bn", "--replicates", 3, "--seed", 5, "--set", "loan_to_value=0.6")
    whole = answer("run", *words, "--quarters", 6)
    answer("run", *words, "--quarters", cut, "--save", tmp_path / "half.run")
    resumed = answer("run", "--resume", tmp_path / "half.run", "--quarters", 6)
    assert {**whole, "command": None} == {**resumed, "command": None}


def test_a_resumed_run_can_be_saved_and_written_with_its_records(tmp_path):
    half, whole, out = tmp_path / "half.run", tmp_path / "whole.run", tmp_path / "out"
    typed("run", "deal_35bn", "--replicates", 2, "--quarters", 2, "--save", half, "--record", "events")
    typed("run", "--resume", half, "--quarters", 3, "--save", whole, "--out", out)
    assert aimarket.MarketModel.restore(whole).quarter == 3
    assert set(frames.read(out / "events.parquet")["quarter"]) == {"2026Q1", "2026Q2", "2026Q3"}


def test_a_run_of_one_model_is_the_run_of_the_ensemble(tmp_path):
    words = ("run", "deal_35bn", "--replicates", 9, "--quarters", 4)
    saved = answer(*words, "--save", tmp_path / "x.run")
    assert {**saved, "command": None} == {**answer(*words), "command": None}
