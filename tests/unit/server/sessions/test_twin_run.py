"""A twin run: two worlds on common random numbers, kept whole, rewound for nothing, given back at the end."""

import gc
import weakref

import numpy as np
import pytest

from aimarket import MarketModel, load_scenario
from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.view_state import HORIZON


@pytest.mark.parametrize("scenario", ["deal_35bn", "deal_split", "deal_news", "chip_shock", "vendor_entry"])
def test_both_worlds_are_those_that_a_model_of_their_own_runs(scenario):
    run = TwinRun(scenario, seed=3, replicate=2)
    run.reach(6)
    for world, name in ((run.at(6).own, scenario), (run.at(6).twin, "baseline")):
        model = MarketModel(name, rng=3, replicate=2)
        for _ in range(6):
            model.step()
        assert world.indicator("ai_revenue") == model.history.latest("ai_revenue")[0]
        np.testing.assert_array_equal(world.column("ai_labs", "cash"), model.labs.cash[:, 0])


def test_settings_override_both_worlds():
    run = TwinRun("deal_35bn", settings={"loan_to_value": 0.5})
    run.reach(4)
    model = MarketModel("baseline", rng=7, parameters={"loan_to_value": 0.5})
    for _ in range(4):
        model.step()
    assert run.at(4).twin.indicator("funding") == model.history.latest("funding")[0]


def test_a_larger_deal_leaves_the_twin_as_it_is():
    usual, twice = TwinRun("deal_35bn"), TwinRun("deal_35bn", settings={"deal_scale": 2.0})
    for run in (usual, twice):
        run.reach(4)
    assert twice.at(4).own.indicator("lab_debt") > usual.at(4).own.indicator("lab_debt")
    assert twice.at(4).twin.indicator("lab_debt") == usual.at(4).twin.indicator("lab_debt")


def test_the_baseline_has_no_twin():
    assert not TwinRun("baseline").has_twin


def test_a_past_quarter_stays_as_it_was():
    run = TwinRun()
    run.reach(3)
    before = {name: array.copy() for name, array in run.at(2).own.tables["ai_labs"].items()}
    run.reach(9)
    for name, array in run.at(2).own.tables["ai_labs"].items():
        np.testing.assert_array_equal(array, before[name])


def test_quarters_that_have_run_are_not_run_again():
    run = TwinRun()
    run.reach(5)
    kept = run.at(4)
    run.reach(3)
    assert run.length == 5
    assert run.at(4) is kept


def test_a_run_ends_at_the_horizon():
    run = TwinRun("baseline")
    run.reach(HORIZON + 5)
    assert run.length == HORIZON
    assert run.step() is False


def test_a_closed_session_gives_its_models_back():
    run = TwinRun()
    run.reach(2)
    gone = weakref.ref(run._models[0])
    run.close()
    gc.collect()
    assert gone() is None
    assert run.at(2).own.indicator("ai_revenue") > 0.0


def test_the_books_of_both_worlds_close():
    run = TwinRun("chip_shock")
    run.reach(8)
    assert max(run.residuals().values()) < 1e-9


def test_a_frame_is_put_together_once():
    calls = []

    def presenter(run, quarter):
        calls.append(quarter)
        return quarter

    run = TwinRun("baseline")
    run.reach(3)
    assert run.snapshot(presenter) == "[1,2,3]"
    assert run.frame(presenter, 2) == "2"
    assert calls == [1, 2, 3]


def test_a_scenario_made_in_code_can_be_watched():
    run = TwinRun(load_scenario("deal_35bn"))
    assert run.step()
