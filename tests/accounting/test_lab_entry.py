"""A new lab is funded by somebody, buys what somebody had, and disturbs nobody else's random numbers."""

import numpy as np
import pytest

import aimarket
from aimarket.agents.equipment_supplier import CLUSTERS
from aimarket.agents.state.arrays import total
from aimarket.model.accounting.identities import TOLERANCE
from aimarket.model.dates import quarter_number
from aimarket.model.demography.lab_entry import admit_labs
from aimarket.model.scenarios.scenario import Entry, Scenario, ScenarioError

from .leaving import nature

ENTRANT = 5
OFTEN = {"lab_entry_hazard": 0.2}


def named(date, *more, firm="Lab entrant"):
    return Scenario("named", entries=(Entry(firm, quarter_number(date)), *more))


def entering(**parameters):
    """Return a market of two replicates in the quarter in which a lab is to enter, before it does."""
    model = aimarket.MarketModel(named("2026Q4"), rng=7, replicates=2, parameters=parameters)
    for _ in range(3):
        model.step()
    model.ledger.open_quarter()
    return model


def run(case, quarters, replicates=16, **more):
    model = aimarket.MarketModel(case, rng=7, replicates=replicates, strict=True, **more)
    for _ in range(quarters):
        model.step()
    return model


def entries_of_labs(model):
    """Return the events in which a lab entered; clouds enter by chance, too."""
    events = model.history.to_frame("events")
    return events[(events["event"] == "entry") & events["firm"].isin(model.labs.names)]


def test_a_new_lab_has_what_is_left_of_its_founders_money():
    """Of 5 bn managers pay 2 and hold shares for it; shareholders outside pay 3 and the plant, which was outside."""
    model = entering()
    outside, managers = model.economy.outside_cash, total(model.managers.cash)
    admit_labs(model)
    labs = model.labs
    np.testing.assert_allclose(labs.cash[ENTRANT], 5.0, rtol=1e-12)
    np.testing.assert_allclose(model.economy.outside_cash, outside - 3.0, rtol=1e-12)
    np.testing.assert_allclose(total(model.managers.cash), managers - 2.0, rtol=1e-12)
    paid_in = model.ledger.flows()["equity_outside", "ai_labs"]
    np.testing.assert_allclose(paid_in, labs.fixed_assets[ENTRANT] + 3.0, rtol=1e-12)
    np.testing.assert_allclose(total(labs.equity_held[ENTRANT]) * labs.value[ENTRANT], 2.0, rtol=1e-12)


def test_founders_are_managers_by_the_cash_that_they_may_hold_in_shares():
    model = entering()
    purse = model.parameters.equity_mandate * model.managers.cash
    admit_labs(model)
    held = model.labs.equity_held[ENTRANT]
    np.testing.assert_allclose(held / total(held), purse / total(purse), rtol=1e-12)


@pytest.mark.parametrize("left", [0.0, 0.5])
def test_what_managers_do_not_have_shareholders_outside_pay(left):
    model = entering()
    model.ledger.transfer("fees", model.managers, model.economy, paid=model.managers.cash * np.array([1.0, 0.0]))
    model.ledger.transfer("fees", model.economy, model.managers, received=np.eye(len(model.managers))[:, :1] * left)
    may = left * model.parameters.equity_mandate[0]
    before = total(model.managers.cash)
    admit_labs(model)
    np.testing.assert_allclose(
        before - total(model.managers.cash), [np.broadcast_to(may, 2)[0], 2.0], rtol=1e-9, atol=1e-12
    )
    np.testing.assert_allclose(model.labs.cash[ENTRANT], 5.0, rtol=1e-12)


def test_a_new_labs_plant_costs_the_days_price():
    """5 % of the most compute that ran for a lab, at the landed price of a unit, and its halls at builders' price."""
    model = entering()
    vendors, labs, p = model.vendors, model.labs, model.parameters
    largest = labs.powered_compute[:, 0].max()
    made = (vendors.active * vendors.capacity * vendors.performance)[:, 0]
    joining = p.cluster_cost * model.equipment.all.price_level[CLUSTERS]
    price = (vendors.price * (1.0 + joining) / vendors.performance)[:, 0]
    halls_cost = model.signals.hall_cost[0]
    admit_labs(model)
    expected = 0.05 * largest * (made * price).sum() / made.sum() + labs.halls[ENTRANT, 0] * halls_cost
    assert labs.fixed_assets[ENTRANT, 0] == pytest.approx(expected, rel=0.01)
    assert labs.all.compute[ENTRANT, 0] == pytest.approx(0.05 * largest, rel=1e-12)


def test_what_a_new_lab_buys_somebody_else_had():
    model = entering()
    before = nature(model)
    admit_labs(model)
    for name, amount in nature(model).items():
        np.testing.assert_allclose(amount, before[name], rtol=1e-12, err_msg=name)
    assert (model.labs.fleet_power[ENTRANT] > 0.0).all()
    assert (model.labs.halls[ENTRANT] > 0.0).all()


def test_a_new_lab_never_takes_more_than_half_of_what_the_rest_of_the_world_has():
    model = entering(newcomer_fleet=0.2)
    model.economy.commit(outside_fleet=np.full(2, 0.1), outside_halls=np.full(2, 0.01))
    admit_labs(model)
    np.testing.assert_allclose(model.economy.outside_fleet, 0.05)
    np.testing.assert_allclose(model.economy.outside_halls, 0.005)


def test_a_new_lab_is_as_far_behind_as_it_is_said_to_be():
    model = entering(newcomer_capability_lag=0.9, newcomer_efficiency_lag=0.3)
    best = model.labs.capability.max(0), model.labs.log_efficiency.max(0)
    admit_labs(model)
    np.testing.assert_allclose(model.labs.capability[ENTRANT], best[0] - 0.9)
    np.testing.assert_allclose(model.labs.log_efficiency[ENTRANT], best[1] - 0.3)


def test_a_new_lab_starts_small_at_the_markets_price():
    model = entering()
    labs = model.labs
    price = total(labs.share * labs.price) / total(labs.share)
    admit_labs(model)
    np.testing.assert_allclose(model.labs.price[ENTRANT], price)
    model = run(named("2026Q4"), 4)
    assert (model.labs.market_share[ENTRANT] > 0.0).all()
    assert (model.labs.market_share[ENTRANT] < 0.01).all()


def test_a_lab_that_the_scenario_names_enters_in_every_replicate_and_stands_in_the_list():
    model = run("lab_entry", 7, replicates=3)
    assert "Lab entrant" in {agent.name for agent in model.agents}
    entries = entries_of_labs(model)
    assert entries["firm"].tolist() == ["Lab entrant"] * 3
    assert set(entries["quarter"]) == {"2027Q3"}


@pytest.fixture(scope="module")
def by_chance():
    return run("baseline", 60, replicates=32, parameters=OFTEN)


def test_by_chance_a_lab_enters_in_different_quarters_and_every_identity_holds(by_chance):
    entries = entries_of_labs(by_chance)
    assert entries["quarter"].nunique() > 3
    assert entries["replicate"].is_unique
    assert {name: value for name, value in by_chance.checks().items() if not value <= TOLERANCE} == {}


def test_a_lab_that_has_left_never_comes_back(by_chance):
    labs = by_chance.labs
    assert labs.gone[ENTRANT].any()
    assert not (labs.active * labs.gone).any()


def test_a_replicate_alone_has_the_bits_that_it_has_in_a_batch(by_chance):
    number = int(entries_of_labs(by_chance)["replicate"].iloc[-1])
    alone = run("baseline", 60, replicates=1, replicate=number, parameters=OFTEN)
    for title, table in by_chance.ledger.tables.items():
        for name, values in table.columns.items():
            assert np.array_equal(values[..., number], alone.ledger.tables[title].columns[name][..., 0]), name


def test_nothing_differs_before_the_first_lab_enters_by_chance(by_chance):
    entries = entries_of_labs(by_chance)
    number = int(entries["replicate"].iloc[0])
    watched = [run("baseline", 60, 1, replicate=number, parameters=p).history.series("ai_labs") for p in ({}, OFTEN)]
    revenue = [series.values["revenue"][:, :, 0] for series in watched]
    differs = (revenue[0] != revenue[1]).any(1)
    entered = watched[1].values["entered"][:, ENTRANT, 0]
    assert int(differs.argmax()) == int(entered.argmax()) > 0


def test_no_lab_enters_by_chance_while_moods_are_low():
    model = run("baseline", 4, parameters=OFTEN)
    model.managers.commit(sentiment=np.full_like(model.managers.sentiment, -0.1))
    idle = model.labs.active[ENTRANT]
    model.ledger.open_quarter()
    admit_labs(model)
    assert np.array_equal(model.labs.active[ENTRANT], idle)


def test_nobody_enters_by_chance_where_chance_is_off():
    model = run("baseline", 20, parameters=OFTEN | {"chance": 0})
    assert not model.labs.active[ENTRANT].any()


def test_a_name_calls_in_only_where_the_lab_is_not_yet_in_business():
    model = run(named("2029Q1"), 13, parameters=OFTEN)
    entries = model.history.series("ai_labs").values["entered"][:, ENTRANT]
    assert (total(entries) == 1.0).all()
    assert entries[-1].any()
    assert entries[:-1].any()


@pytest.mark.parametrize("firm", ["OpenAI", "xAI"])
def test_a_lab_of_the_start_cannot_be_named(firm):
    with pytest.raises(ScenarioError, match=f"{firm} is in business already and cannot enter"):
        aimarket.MarketModel(named("2036Q1", firm=firm))


def test_a_run_saved_around_an_entry_goes_on_the_same(tmp_path):
    whole = run("lab_entry", 10, replicates=2)
    for quarters in (6, 7):
        run("lab_entry", quarters, replicates=2).save(tmp_path / "run.npz")
        again = aimarket.MarketModel.restore(tmp_path / "run.npz")
        for _ in range(10 - quarters):
            again.step()
        for name, values in whole.labs.columns.items():
            assert np.array_equal(values, again.labs.columns[name]), name


def test_a_market_without_labs_stays_finite_and_takes_a_newcomer():
    """All labs are taken out; a year later one enters, with the algorithms of those that left."""
    model = aimarket.MarketModel(named("2027Q3"), rng=7, replicates=2, strict=True)
    model.step()
    for lab in list(model.agents_by_type[aimarket.AILab]):
        lab.remove()
    best = model.labs.log_efficiency.max(0)
    for _ in range(7):
        model.step()
    assert model.labs.active.sum() == 2.0
    assert (model.labs.log_efficiency[ENTRANT] >= best - 0.5).all()
    for table in model.ledger.tables.values():
        for name, values in table.columns.items():
            assert np.isfinite(values).all(), name
    assert (total(model.vendors.backlog[:, -1]) < 1e3).all()
