"""What a Mesa user tries, on every version that we support."""

import copy
import gc
import pickle
import weakref

import mesa
import numpy as np
import pytest

import aimarket
from aimarket.agents.ai_lab import AILab
from aimarket.agents.asset_manager import AssetManager
from aimarket.model.accounting.identities import TOLERANCE

ACTIVE_LABS = ("OpenAI", "Anthropic", "Google DeepMind", "Meta", "xAI")


@pytest.fixture
def market():
    model = aimarket.MarketModel("deal_35bn", rng=7)
    model.step()
    return model


def firm(model, name):
    return next(agent for agent in model.agents if agent.name == name)


def same(one, other):
    """Tell whether two models hold the same values, bit for bit."""
    return all(
        values.tobytes() == other.ledger.tables[title].columns[name].tobytes()
        for title, table in one.ledger.tables.items()
        for name, values in table.columns.items()
    )


# Agents


def test_agents_are_the_firms_in_business(market):
    active = [name for p in market.populations for row, name in enumerate(p.names) if p.active[row].any()]
    assert sorted(agent.name for agent in market.agents) == sorted(active)


def test_agents_are_found_by_type(market):
    assert [lab.name for lab in market.agents_by_type[AILab]] == list(ACTIVE_LABS)
    assert len(market.agents_by_type) == 6


def test_a_labs_cash_is_a_float(market):
    lab = firm(market, "Anthropic")
    assert type(lab.cash) is float
    assert lab.cash == market.labs.cash[1, 0]


def test_every_agent_has_a_number_of_its_own(market):
    numbers = [agent.unique_id for agent in market.agents]
    assert len(set(numbers)) == len(numbers)


def test_an_agents_number_does_not_depend_on_who_is_active():
    with_entrant = aimarket.MarketModel("vendor_entry")
    before = {agent.name: agent.unique_id for agent in with_entrant.agents}
    while "Vendor entrant" not in {agent.name for agent in with_entrant.agents}:
        with_entrant.step()
    after = {agent.name: agent.unique_id for agent in with_entrant.agents}
    assert after.pop("Vendor entrant") not in before.values()
    assert {name: after[name] for name in before} == before  # a cloud may enter beside it, by chance


def test_an_agent_set_aggregates(market):
    labs = market.agents_by_type[AILab]
    assert labs.agg("revenue", sum) == pytest.approx(market.labs.revenue.sum())
    assert labs.agg("capability", max) == market.labs.capability[:5].max()


def test_an_agent_set_selects(market):
    rich = market.agents_by_type[AILab].select(lambda lab: lab.cash > 30.0)
    cash = dict(zip(market.labs.names, market.labs.cash[:, 0], strict=True))
    assert {lab.name for lab in rich} == {name for name, amount in cash.items() if amount > 30.0}


def test_an_agent_set_selects_by_type(market):
    assert {type(agent) for agent in market.agents.select(agent_type=AssetManager)} == {AssetManager}


def test_an_agent_set_gets_one_and_several_attributes(market):
    labs = market.agents_by_type[AILab]
    assert labs.get("revenue") == market.labs.revenue[:5, 0].tolist()
    assert labs.get(["name", "cash"])[0] == ["OpenAI", market.labs.cash[0, 0]]


def test_an_agent_set_sets_what_is_not_money(market):
    market.agents_by_type[AILab].set("brand", 0.25)
    assert (market.labs.brand[:5] == 0.25).all()


def test_an_agent_set_does_not_set_money(market):
    with pytest.raises(AttributeError, match=r"ledger\.transfer"):
        market.agents_by_type[AILab].set("cash", 1.0)


@pytest.mark.parametrize("way", ["do", "shuffle_do", "map"])
def test_an_agent_set_asks_every_firm_for_a_decision(market, way):
    labs = market.agents_by_type[AILab]
    before = dict(market.labs.columns)
    answers = getattr(labs, way)("plan_compute", market.signals)
    if way == "map":
        assert [answer.compute.shape for answer in answers] == [(1, 1)] * 5
    assert all(market.labs.columns[name] is values for name, values in before.items())


def test_an_agent_set_calls_a_function(market):
    seen = []
    market.agents_by_type[AILab].do(lambda lab: seen.append(lab.name))
    assert seen == list(ACTIVE_LABS)


def test_an_agent_set_groups(market):
    groups = market.agents.groupby("group").groups
    assert {name: len(firms) for name, firms in groups.items()} == {
        "ai_labs": 5,
        "chip_vendors": 3,
        "energy_suppliers": 5,
        "equipment_suppliers": 4,
        "asset_managers": 6,
        "clouds": 5,
    }


def test_an_agent_set_sorts(market):
    cash = market.agents_by_type[AILab].sort("cash", ascending=True).get("cash")
    assert cash == sorted(cash)


def test_an_agent_shows_its_class_and_name(market):
    assert repr(firm(market, "Anthropic")) == "<AILab Anthropic>"


# Data collection


def test_our_collector_keeps_a_few_indicators(market):
    market.step()
    frame = market.datacollector.get_model_vars_dataframe()
    assert frame["ai_revenue"].tolist() == market.history.to_frame()["ai_revenue"].tolist()


def test_a_user_collects_what_they_like(market):
    collector = mesa.DataCollector(
        model_reporters={"date": "date", "cash": lambda model: model.agents_by_type[AILab].agg("cash", sum)},
        agenttype_reporters={AILab: {"cash": "cash", "share": "market_share"}},
    )
    market.datacollector = collector
    market.step()
    assert collector.get_model_vars_dataframe()["cash"].tolist() == [pytest.approx(market.labs.cash.sum())]
    labs = collector.get_agenttype_vars_dataframe(AILab)
    assert labs["share"].tolist() == market.labs.market_share[:5, 0].tolist()
    assert labs["share"].sum() == pytest.approx(1.0)


def test_a_user_collects_from_all_agents(market):
    collector = mesa.DataCollector(agent_reporters={"name": "name", "kind": "group"})
    collector.collect(market)
    assert sorted(collector.get_agent_vars_dataframe()["name"]) == sorted(agent.name for agent in market.agents)


def test_a_model_of_many_replicates_collects_nothing_unasked():
    assert aimarket.MarketModel(replicates=2).datacollector is None


@pytest.mark.parametrize("record", [(), ("ai_labs",)])
def test_a_model_that_records_no_indicators_still_steps(record):
    model = aimarket.MarketModel(record=record)
    model.step()
    assert model.steps == 1


# Leaving


@pytest.mark.parametrize("name", ["Meta", "AMD and AWS Trainium", "Legacy peakers", "Cooling", "Blackstone", "Oracle"])
@pytest.mark.parametrize("replicates", [1, 3])
def test_the_books_hold_after_a_firm_is_removed(name, replicates):
    model = aimarket.MarketModel("deal_35bn", rng=7, replicates=replicates)
    model.step()
    model.step()
    firm(model, name).remove()
    for _ in range(8):
        model.step()
    assert {key: value for key, value in model.checks().items() if not value <= TOLERANCE} == {}


def test_a_removed_firm_leaves_in_all_replicates():
    model = aimarket.MarketModel(replicates=3)
    firm(model, "Meta").remove()
    assert not model.labs.active[3].any()


def test_a_removed_firm_is_off_the_list(market):
    lab = firm(market, "Meta")
    lab.remove()
    assert lab not in market.agents
    assert lab not in market.agents_by_type[AILab]
    market.step()
    assert "Meta" not in {agent.name for agent in market.agents}


def test_a_removed_lab_sells_nothing_and_owns_nothing(market):
    firm(market, "Meta").remove()
    market.step()
    labs = market.labs
    for column in ("revenue", "market_share", "fleet", "halls", "cash", "loans", "fixed_assets", "vendor_finance"):
        assert not labs.columns[column][3].any(), column
    assert labs.market_share.sum() == pytest.approx(1.0)


def test_a_firm_can_be_removed_once_only(market):
    lab = firm(market, "Meta")
    lab.remove()
    cash = market.economy.outside_cash
    lab.remove()
    assert np.array_equal(market.economy.outside_cash, cash)


# Copies


@pytest.mark.parametrize("again", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
@pytest.mark.parametrize("replicates", [1, 3])
def test_a_copy_goes_on_identically(again, replicates):
    model = aimarket.MarketModel("deal_35bn", rng=7, replicates=replicates)
    for _ in range(3):
        model.step()
    twin = again(model)
    for either in (model, twin):
        for _ in range(4):
            either.step()
    assert same(model, twin)
    assert model.history.to_frame().equals(twin.history.to_frame())
    assert twin.checks() == model.checks()


def test_a_copy_is_a_world_of_its_own(market):
    twin = copy.deepcopy(market)
    cash = market.labs.cash
    twin.step()
    firm(twin, "OpenAI").brand = 3.0
    assert market.labs.cash is cash
    assert (firm(market, "OpenAI").brand != 3.0).all()
    assert firm(twin, "OpenAI").model is twin


# Names


def test_the_scenario_is_the_models_case(market):
    """Mesa 3.5 owns the names scenario and time."""
    assert market.case.name == "deal_35bn"
    assert not isinstance(getattr(market, "scenario", None), type(market.case))
    assert not {"scenario", "time"} & set(vars(aimarket.MarketModel))


def test_mesa_counts_our_steps(market):
    market.step()
    assert market.steps == market.quarter == 2


@pytest.mark.skipif(not hasattr(mesa.Model, "run_until"), reason="came with Mesa 3.5")
def test_a_restored_model_knows_mesas_time(market, tmp_path):
    market.run_until(4)
    market.save(tmp_path / "run.npz")
    again = aimarket.MarketModel.restore(tmp_path / "run.npz")
    again.run_until(6)
    assert (again.quarter, again.steps, again.time) == (6, 6, 6)


def test_the_collector_of_a_restored_model_holds_its_history(market, tmp_path):
    market.step()
    market.save(tmp_path / "run.npz")
    again = aimarket.MarketModel.restore(tmp_path / "run.npz")
    for model in (market, again):
        model.step()
    frames = [model.datacollector.get_model_vars_dataframe() for model in (market, again)]
    assert frames[0].equals(frames[1])
    assert frames[0]["quarter"].tolist() == ["2026Q1", "2026Q2", "2026Q3"]
    assert again.steps == again.quarter == 3


def test_a_restored_model_of_ones_own_repeats_no_step(tmp_path):
    class Counting(aimarket.MarketModel):
        """A model that counts what it does."""

        done = 0

        def step(self):
            super().step()
            self.done += 1

    model = Counting()
    model.step()
    model.save(tmp_path / "run.npz")
    again = Counting.restore(tmp_path / "run.npz")
    again.step()
    assert (again.quarter, again.steps, again.done) == (2, 2, 1)


@pytest.mark.skipif(not hasattr(mesa.Model, "run_for"), reason="came with Mesa 3.5")
def test_mesa_runs_the_model_for_some_quarters(market):
    market.run_for(3)
    assert market.quarter == 4


# Memory


@pytest.mark.parametrize("replicates", [1, 2])
def test_a_model_that_nobody_needs_is_freed(replicates):
    model = aimarket.MarketModel("vendor_entry", replicates=replicates)
    for _ in range(3):
        model.step()
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


def test_a_model_with_a_removed_firm_is_freed():
    model = aimarket.MarketModel()
    firm(model, "Meta").remove()
    model.step()
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None


def test_a_copied_model_is_freed():
    model = copy.deepcopy(aimarket.MarketModel())
    model.step()
    gone = weakref.ref(model)
    del model
    gc.collect()
    assert gone() is None
