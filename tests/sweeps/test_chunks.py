"""A chunk is a pure function of its study: what the model says of each run, and nothing of its neighbours."""

import io

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

import aimarket
from aimarket.experiments.claims.statistic import samples
from aimarket.experiments.designs.factors import Factor
from aimarket.experiments.sweeps import chunks
from aimarket.experiments.sweeps.chunks import compute, runs_of
from aimarket.experiments.sweeps.outcomes import Outcome
from aimarket.experiments.sweeps.study import study
from aimarket.experiments.sweeps.study_file import parse_study

from .studies import SMALL, small


def results(asked):
    """Return all runs of a study, in order."""
    return pd.concat([runs_of(asked, chunk) for chunk in range(asked.chunks)]).sort_values("run", ignore_index=True)


def test_the_same_chunk_is_the_same_bytes():
    assert compute(small(), 1).content == compute(small(), 1).content


def test_the_size_of_chunks_changes_no_run():
    usual = results(small())
    for chunk in ("chunk = 1", "chunk = 4"):
        pd.testing.assert_frame_equal(usual, results(small(chunk=("chunk = 6", chunk))), check_exact=True)


def test_a_run_is_what_comparing_its_scenario_with_its_twin_says():
    asked = small()
    row = results(asked).iloc[3]
    values = {name: float(row[name]) for name in asked.design.points}
    numbers = asked.numbers(np.array([3])).tolist()
    twins = aimarket.compare("deal_35bn", quarters=14, rng=7, parameters=values, runs=(), numbers=numbers)
    assert row["surge"] == samples(twins.evidence, ["C1a.funding"])["C1a.funding"][0]
    found = twins.differences.query("quantity == 'recipient_powered_compute'").set_index("quarter")["mean"]
    assert row["compute"] == found["2027Q2"]


def test_variants_of_a_deal_are_what_each_is_alone():
    both = results(parse_study(SMALL + '[deal]\nrecipient = ["OpenAI", "Anthropic"]\n', "small.toml"))
    alone = results(parse_study(SMALL + '[deal]\nrecipient = ["Anthropic"]\n', "small.toml"))
    part = both[both["recipient"] == "Anthropic"].drop(columns="run").reset_index(drop=True)
    pd.testing.assert_frame_equal(part, alone.drop(columns="run"), check_exact=True)


def test_a_path_has_a_column_a_quarter():
    text = SMALL + 'sales = { quantity = "ai_revenue", by_quarter = true, versus = "twin, %" }\n'
    frame = results(parse_study(text, "small.toml"))
    assert [name for name in frame if name.startswith("sales_")][:2] == ["sales_2026Q1", "sales_2026Q2"]
    assert (frame["sales_2026Q1"] == 0.0).all()
    assert (frame["sales_2028Q4"] != 0.0).any()


@pytest.mark.parametrize(("way", "reduce"), [("sum", np.sum), ("mean", np.mean), ("largest", np.max)])
def test_a_path_is_reduced_over_the_quarters_that_are_named(way, reduce):
    text = SMALL.replace('at = "2027Q2", versus = "twin"', f'{way} = ["2026Q2", "2026Q4"]')
    row = results(parse_study(text, "small.toml")).iloc[0]
    values = {name: np.array([row[name]]) for name in ("announcement_effect", "deployment")}
    run = aimarket.run_ensemble("deal_35bn", 1, 14, 7, values, record=("ai_labs.powered_compute",))
    assert row["compute"] == pytest.approx(reduce(run.values("powered_compute", "ai_labs")[1:4, 1, 0]), rel=1e-12)


def test_columns_know_their_units():
    table = pq.read_table(io.BytesIO(compute(small(), 0).content))
    assert table.schema.field("deployment").metadata == {b"unit": b"1/quarter"}


def test_a_run_that_fails_is_reported_and_has_no_outcomes(monkeypatch):
    healthy = runs_of(small(), 0)

    def poisoned(scenario, *arguments, **options):
        ensemble = aimarket.run_ensemble(scenario, *arguments, **options)
        broken = scenario.name == "deal_35bn" and len(ensemble.records["indicators"].replicates) > 2
        failures = pd.DataFrame({"replicate": [0], "quarter": ["2026Q3"], "cause": ["I3 is broken"]}, index=[2])
        if broken:
            object.__setattr__(ensemble, "failures", failures)
        return ensemble

    monkeypatch.setattr(chunks, "run_ensemble", poisoned)
    frame = runs_of(small(), 0)
    assert frame.loc[2, ["failed_quarter", "failed_cause"]].tolist() == ["2026Q3", "I3 is broken (treated)"]
    assert frame.loc[2, ["surge", "compute"]].isna().all()
    pd.testing.assert_frame_equal(frame.drop(2), healthy.drop(2), check_exact=True)
    assert compute(small(), 0).failed == 1


def test_a_function_of_ones_own_takes_the_models_place():
    factors = [Factor("x", 0.0, 1.0), Factor("y", 0.0, 2.0)]
    asked = study("?", factors, [Outcome("z")], method="grid", size=3, function=lambda p: {"z": p["x"] + p["y"]})
    frame = results(asked)
    np.testing.assert_array_equal(frame["z"], frame["x"] + frame["y"])


@pytest.mark.parametrize("wrong", [lambda p: {"w": p["x"]}, lambda p: {"z": p["x"].head(1)}])
def test_a_function_that_gives_something_else_is_reported(wrong):
    asked = study("?", [Factor("x", 0.0, 1.0)], [Outcome("z")], method="grid", size=3, function=wrong)
    with pytest.raises(ValueError, match="the function gave"):
        runs_of(asked, 0)


def test_runs_that_no_later_variant_reads_are_let_go():
    asked = parse_study(f'{SMALL}\n[deal]\ninstrument = ["loan", "equity"]\n')
    rows = asked.rows_of(0)
    keep = chunks._Keep(asked, asked.design.points.iloc[rows], asked.numbers(rows))
    keep.outcomes(0)
    assert [treatment.scenario.name for treatment, _ in keep.done] == ["baseline"]
