"""Other people's libraries drive the model, and get what the model gives."""

import importlib.util
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import sobol as sobol_sample

import aimarket
from aimarket.experiments.adapters.salib_ema import ema_model, problem

EXAMPLE = Path(__file__).parents[4] / "docs" / "examples" / "optuna_deal.py"
SMALL = {"names": ["spillover", "hall_lead_time"], "replicates": 2, "quarters": 5, "rng": 3}


def performed(model, count=3):
    """Return the experiments and outcomes of the EMA Workbench, run in this process."""
    from ema_workbench import SequentialEvaluator

    with SequentialEvaluator(model) as evaluator:
        return evaluator.perform_experiments(scenarios=count)


# SALib


def test_a_problem_has_the_declared_ranges():
    found = problem(["spillover", "rivalry"], {"rivalry": (0.1, 0.2)})
    assert found == {"num_vars": 2, "names": ["spillover", "rivalry"], "bounds": [[0.03, 0.3], [0.1, 0.2]]}


def test_salib_samples_and_analyses_the_model():
    asked = problem(["coding_ceiling", "brand_memory"])
    sample = sobol_sample.sample(asked, 16, calc_second_order=False, seed=1)
    values = dict(zip(asked["names"], sample.T, strict=True))
    runs = aimarket.run_ensemble("baseline", len(sample), 8, parameters={**values, "chance": 0})
    found = sobol_analysis.analyze(asked, runs.values("ai_revenue")[-1], calc_second_order=False, seed=1)
    assert found["ST"][0] > found["ST"][1]


def test_a_problem_of_whole_numbers_is_refused():
    with pytest.raises(ValueError, match="use make_design"):
        problem(["hall_lead_time"])


# EMA Workbench


def test_the_ema_workbench_runs_the_model():
    experiments, outcomes = performed(ema_model("deal_35bn", ("ai_revenue",), **SMALL))
    for row, path in zip(experiments.itertuples(), outcomes["ai_revenue"], strict=True):
        values = {"spillover": row.spillover, "hall_lead_time": row.hall_lead_time}
        runs = aimarket.run_ensemble("deal_35bn", 2, 5, 3, values)
        np.testing.assert_array_equal(path, runs.values("ai_revenue").mean(-1))


def test_the_ema_workbench_reads_one_quarter():
    experiments, outcomes = performed(ema_model("deal_35bn", ("lab_compute",), at="2027Q1", **SMALL))
    values = {name: experiments[name].iloc[0] for name in SMALL["names"]}
    runs = aimarket.run_ensemble("deal_35bn", 2, 5, 3, values)
    assert outcomes["lab_compute_2027Q1"][0] == runs.values("lab_compute")[4].mean()


def test_the_ema_workbench_samples_whole_numbers_within_the_declared_range():
    experiments, _ = performed(ema_model(outcomes=("ai_revenue",), **{**SMALL, "quarters": 1}), 12)
    assert experiments["hall_lead_time"].between(2, 8).all()
    assert (experiments["hall_lead_time"] == experiments["hall_lead_time"].round()).all()


@pytest.mark.parametrize(("beyond", "end"), [(9.0, 8), (1.0, 2)])
def test_the_ema_workbenchs_morris_sampler_may_ask_for_one_beyond_the_whole_numbers(beyond, end):
    run = ema_model(outcomes=("ai_revenue",), **SMALL).function
    asked, meant = (run(spillover=0.1, hall_lead_time=value)["ai_revenue"] for value in (beyond, end))
    np.testing.assert_array_equal(asked, meant)
    with pytest.raises(ValueError, match=r"hall_lead_time = 10 quarters lies outside \[2, 8\]"):
        run(hall_lead_time=10)
    with pytest.raises(ValueError, match=r"spillover = 1\.3 .*lies outside"):
        run(spillover=1.3)


def test_the_ema_workbenchs_samplers_of_salib_run_the_model():
    from ema_workbench import Samplers, SequentialEvaluator

    with SequentialEvaluator(ema_model(outcomes=("ai_revenue",), **{**SMALL, "quarters": 1})) as evaluator:
        for sampler, size in ((Samplers.MORRIS, 4), (Samplers.SOBOL, 2)):
            _, outcomes = evaluator.perform_experiments(scenarios=size, uncertainty_sampling=sampler)
            assert np.isfinite(outcomes["ai_revenue"]).all()


def test_an_experiment_can_be_sent_to_another_process():
    run = ema_model(outcomes=("ai_revenue",), **SMALL).function
    again = pickle.loads(pickle.dumps(run))
    assert again(spillover=0.1)["ai_revenue"].tolist() == run(spillover=0.1)["ai_revenue"].tolist()


def test_a_quarter_beyond_the_run_is_refused():
    run = ema_model(outcomes=("ai_revenue",), at="2030Q1", **SMALL).function
    with pytest.raises(ValueError, match="5 quarters does not reach"):
        run(spillover=0.1)


def test_an_indicator_that_is_none_is_refused():
    with pytest.raises(KeyError, match="did you mean 'ai_revenue'"):
        ema_model(outcomes=("ai_revenu",))


def test_heavy_libraries_are_loaded_when_they_are_used():
    code = (
        "import sys, aimarket, aimarket.experiments.adapters.salib_ema, aimarket.experiments.analysis.discovery\n"
        "import aimarket.experiments.analysis.sensitivity, aimarket.experiments.designs.design\n"
        "print(*[name for name in ('ema_workbench', 'SALib', 'sklearn', 'optuna') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split() == []


# Optuna


@pytest.fixture(scope="module")
def example():
    """Return the example of the documents as a module."""
    spec = importlib.util.spec_from_file_location("optuna_deal", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_optuna_searches_for_the_best_earmark(example):
    found = example.search(trials=3, replicates=2, quarters=6)
    sales = [trial.value for trial in found.trials]
    assert len(set(sales)) == 3
    assert found.best_value == max(sales)


def test_optunas_search_begins_at_the_news_item(example):
    deal = aimarket.load_scenario("deal_35bn").deals[0]
    first = example.search(trials=1, replicates=2, quarters=6).trials[0]
    parts = example.chosen(example.optuna.trial.FixedTrial(first.params))
    assert parts == pytest.approx(dict(deal.earmark))
    assert first.value == pytest.approx(example.sales("deal_35bn", 2, 6))
