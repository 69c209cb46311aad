"""One visitor's run: two worlds on the same luck, kept whole, rewound for nothing, given back at the end."""

import gc
import weakref

import numpy as np
import pytest

from aimarket import MarketModel, load_scenario
from aimarket.server.sessions.twin_run import Session
from aimarket.server.url.view_state import HORIZON


@pytest.mark.parametrize("scenario", ["deal_35bn", "deal_split", "deal_news", "chip_shock", "vendor_entry"])
def test_both_worlds_are_those_that_a_model_of_their_own_runs(scenario):
    session = Session(scenario, seed=3, replicate=2)
    session.reach(6)
    for world, name in ((session.at(6).own, scenario), (session.at(6).twin, "baseline")):
        model = MarketModel(name, rng=3, replicate=2)
        for _ in range(6):
            model.step()
        assert world.indicator("ai_revenue") == model.history.latest("ai_revenue")[0]
        np.testing.assert_array_equal(world.column("ai_labs", "cash"), model.labs.cash[:, 0])


def test_settings_override_both_worlds():
    session = Session("deal_35bn", settings={"loan_to_value": 0.5})
    session.reach(4)
    model = MarketModel("baseline", rng=7, parameters={"loan_to_value": 0.5})
    for _ in range(4):
        model.step()
    assert session.at(4).twin.indicator("funding") == model.history.latest("funding")[0]


def test_a_larger_deal_leaves_the_twin_as_it_is():
    usual, twice = Session("deal_35bn"), Session("deal_35bn", settings={"deal_scale": 2.0})
    for session in (usual, twice):
        session.reach(4)
    assert twice.at(4).own.indicator("lab_debt") > usual.at(4).own.indicator("lab_debt")
    assert twice.at(4).twin.indicator("lab_debt") == usual.at(4).twin.indicator("lab_debt")


def test_the_baseline_has_no_twin():
    assert not Session("baseline").has_twin


def test_a_past_quarter_stays_as_it_was():
    session = Session()
    session.reach(3)
    before = {name: array.copy() for name, array in session.at(2).own.tables["ai_labs"].items()}
    session.reach(9)
    for name, array in session.at(2).own.tables["ai_labs"].items():
        np.testing.assert_array_equal(array, before[name])


def test_quarters_that_have_run_are_not_run_again():
    session = Session()
    session.reach(5)
    kept = session.at(4)
    session.reach(3)
    assert session.length == 5
    assert session.at(4) is kept


def test_a_run_ends_at_the_horizon():
    session = Session("baseline")
    session.reach(HORIZON + 5)
    assert session.length == HORIZON
    assert session.step() is False


def test_a_closed_session_gives_its_models_back():
    session = Session()
    session.reach(2)
    gone = weakref.ref(session._models[0])
    session.close()
    gc.collect()
    assert gone() is None
    assert session.at(2).own.indicator("ai_revenue") > 0.0


def test_the_books_of_both_worlds_close():
    session = Session("chip_shock")
    session.reach(8)
    assert max(session.residuals().values()) < 1e-9


def test_a_frame_is_put_together_once():
    calls = []

    def teller(session, quarter):
        calls.append(quarter)
        return quarter

    session = Session("baseline")
    session.reach(3)
    assert session.snapshot(teller) == "[1,2,3]"
    assert session.frame(teller, 2) == "2"
    assert calls == [1, 2, 3]


def test_a_scenario_made_in_code_can_be_watched():
    session = Session(load_scenario("deal_35bn"))
    assert session.step()
