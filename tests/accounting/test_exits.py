"""A lab that leaves sells its plant and pays by rank; nothing is created or lost but claims."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import aimarket
from aimarket.agents.state.arrays import total
from aimarket.model.accounting.identities import TOLERANCE
from aimarket.model.demography.distress import settle_distress
from aimarket.model.demography.lab_exit import close_labs
from aimarket.model.quarter import QUARTER

from .leaving import nature, opened, put

BUYER, SELLER = 0, 4
CENT = 1e-11
"""One cent in USD bn."""

DOLLAR = 100.0 * CENT

NEVER = {"exit_window": 0.0, "exit_cash": 0.0}


def failing_again(loans, vendor_credit=5.0, bills=4.0, buyers_cash=500.0, **parameters):
    """Return a market in which xAI, with plant of 100 and a default behind it, ends a quarter without cash.

    Apollo holds a quarter of its shares. OpenAI is the richest lab. It happens in the first of two replicates.
    """
    model = opened(**parameters)
    labs = model.labs
    put(model, labs, "cash", SELLER, -bills)
    put(model, labs, "fixed_assets", SELLER, 100.0)
    put(model, labs, "cash", BUYER, buyers_cash)
    put(model, labs, "fixed_assets", BUYER, 60.0)
    for manager in range(len(model.managers)):
        put(model, labs, "loans", (SELLER, manager), loans[manager] if manager < len(loans) else 0.0)
        put(model, labs, "equity_held", (SELLER, manager), 0.25 if manager == 0 else 0.0)
    for vendor in range(len(model.vendors)):
        put(model, labs, "vendor_finance", (SELLER, vendor), vendor_credit if vendor == 0 else 0.0)
    before = np.zeros_like(labs.defaults)
    before[SELLER, 0] = 1.0
    labs.commit(defaults=labs.defaults + before)
    return model


@pytest.mark.parametrize(("lacking", "fails"), [(0.01 * DOLLAR, 0.0), (100.0 * DOLLAR, 1.0)])
@pytest.mark.parametrize("kind", ["labs", "vendors", "clouds"])
def test_what_a_payment_of_all_cash_leaves_by_rounding_is_no_default(kind, lacking, fails):
    model = opened(**NEVER)
    firms = getattr(model, kind)
    put(model, firms, "cash", BUYER, -lacking)
    settle_distress(model)
    assert firms.defaults[BUYER, 0] == fails


def gains(model, act):
    """Return by how much the cash of managers, vendors, OpenAI and the outside sector rises in the first replicate."""
    held = [model.managers.cash, model.vendors.cash, model.labs.cash, model.economy.outside_cash]
    act(model)
    now = [model.managers.cash, model.vendors.cash, model.labs.cash, model.economy.outside_cash]
    managers, vendors, labs, outside = (after - was for was, after in zip(held, now, strict=True))
    return managers[:, 0], vendors[:, 0], labs[BUYER, 0], outside[0]


def posted(model, column, cause):
    return sum(e.change for e in model.ledger.changes("ai_labs", column) if e.cause == cause)[SELLER, ..., 0]


def test_an_acquisition_that_leaves_lenders_short_to_the_cent():
    """35 bn for plant of 100: lenders of 70 get half; vendors' 5, bills of 4 and shares are worth nothing."""
    model = failing_again(loans=(40.0, 20.0, 10.0))
    managers, vendors, buyer, outside = gains(model, settle_distress)
    np.testing.assert_allclose(managers, [20.0, 10.0, 5.0, 0.0, 0.0, 0.0], atol=CENT)
    np.testing.assert_allclose(vendors, 0.0, atol=CENT)
    assert buyer == pytest.approx(-35.0, abs=CENT)
    assert outside == pytest.approx(-4.0, abs=CENT)
    np.testing.assert_allclose(posted(model, "loans", "written off")[:3], [-20.0, -10.0, -5.0], atol=CENT)
    assert posted(model, "vendor_finance", "written off")[0] == pytest.approx(-5.0, abs=CENT)
    assert model.labs.fixed_assets[BUYER, 0] == pytest.approx(95.0, abs=CENT)


def test_an_acquisition_that_pays_everybody_to_the_cent():
    """35 bn: lenders 10, vendors 5, bills 4; of the 16 left Apollo has a quarter, 4, and outside shareholders 12."""
    model = failing_again(loans=(5.0, 3.0, 2.0))
    managers, vendors, buyer, outside = gains(model, settle_distress)
    np.testing.assert_allclose(managers, [9.0, 3.0, 2.0, 0.0, 0.0, 0.0], atol=CENT)
    np.testing.assert_allclose(vendors, [5.0, 0.0, 0.0, 0.0], atol=CENT)
    assert buyer == pytest.approx(-35.0, abs=CENT)
    assert outside == pytest.approx(12.0, abs=CENT)


def test_vendors_and_trade_creditors_share_what_lenders_leave():
    """35 bn: lenders 32; the 3 left pay a third of vendors' 5 and of bills of 4."""
    model = failing_again(loans=(32.0,))
    _, vendors, _, outside = gains(model, settle_distress)
    assert vendors[0] == pytest.approx(5.0 / 3.0, abs=CENT)
    assert outside == pytest.approx(-4.0 * 2.0 / 3.0, abs=CENT)


def test_a_second_default_within_the_window_ends_a_lab():
    model = failing_again(loans=(5.0,))
    settle_distress(model)
    labs = model.labs
    assert labs.active[SELLER].tolist() == [0.0, 1.0]
    assert labs.exited[SELLER].tolist() == labs.gone[SELLER].tolist() == [1.0, 0.0]
    assert labs.takeovers[BUYER].tolist() == [1.0, 0.0]


@pytest.mark.parametrize(("since", "left"), [(11.0, 1.0), (12.0, 0.0)])
def test_the_window_ends_after_twelve_quarters(since, left):
    model = failing_again(loans=(5.0,))
    model.labs.commit(since_default=np.full_like(model.labs.cash, since))
    settle_distress(model)
    assert model.labs.exited[SELLER, 0] == left


def test_a_lab_that_fails_again_is_restructured_where_nobody_ever_leaves():
    model = failing_again(loans=(5.0,), **NEVER)
    settle_distress(model)
    assert model.labs.active[SELLER, 0] == 1.0
    assert model.labs.defaults[SELLER, 0] == 2.0
    assert model.labs.cash[SELLER, 0] == 0.0


@pytest.mark.parametrize(("quarters", "cash", "left"), [(11.0, 0.0, 1.0), (10.0, 0.0, 0.0), (11.0, 1e3, 0.0)])
def test_a_poor_lab_leaves_once_it_has_been_far_behind_for_twelve_quarters(quarters, cash, left):
    model = opened()
    labs = model.labs
    behind = labs.capability.copy()
    behind[SELLER] = behind.max(0) - 1.6
    labs.commit(capability=behind, quarters_behind=np.full_like(labs.cash, quarters))
    put(model, labs, "cash", SELLER, cash)
    settle_distress(model)
    assert labs.exited[SELLER, 0] == left
    assert labs.quarters_behind[SELLER].tolist() == [quarters + 1.0] * 2
    assert labs.quarters_behind[BUYER].tolist() == [0.0, 0.0]


def test_what_no_lab_can_pay_goes_to_the_rest_of_the_world_at_the_same_price():
    """The richest lab has 34.99 bn: the rest of the world pays the 35, and the lab keeps its cash."""
    model = failing_again(loans=(40.0, 20.0, 10.0))
    for lab in range(len(model.labs)):
        if lab != SELLER:
            put(model, model.labs, "cash", lab, 34.99 + total(model.labs.restricted_cash, 1)[lab, 0])
    fleet, outside = total(model.labs.fleet, 1)[SELLER, 0], model.economy.outside_fleet[0]
    managers, _, buyer, paid = gains(model, settle_distress)
    assert total(managers) == pytest.approx(35.0, abs=CENT)
    assert buyer == 0.0
    assert paid == pytest.approx(-35.0 - 4.0, abs=CENT)
    assert model.economy.outside_fleet[0] == pytest.approx(outside + fleet, rel=1e-12)
    assert not model.labs.takeovers.any()


def test_the_richest_lab_buys_one_estate_after_the_other_while_its_cash_lasts():
    model = opened()
    labs = model.labs
    for lab, plant in ((3, 100.0), (4, 50.0)):
        put(model, labs, "fixed_assets", lab, plant)
    put(model, labs, "cash", BUYER, 40.0 + total(labs.restricted_cash, 1)[BUYER, 0])
    for lab in (1, 2):
        put(model, labs, "cash", lab, total(labs.restricted_cash, 1)[lab, 0])
    leaving = np.zeros_like(labs.cash)
    leaving[3:5, 0] = 1.0
    close_labs(model, leaving)
    assert labs.takeovers[BUYER, 0] == 1.0
    assert labs.cash[BUYER, 0] - total(labs.restricted_cash, 1)[BUYER, 0] == pytest.approx(5.0, abs=1e-9)


def test_a_buyers_halls_have_the_mean_overhead_of_both():
    model = failing_again(loans=(5.0,))
    labs = model.labs
    overhead = labs.pue.copy()
    overhead[SELLER, 0] = 1.5
    labs.commit(pue=overhead)
    drawn = (labs.halls * labs.pue)[[BUYER, SELLER], 0]
    halls = labs.halls[[BUYER, SELLER], 0]
    settle_distress(model)
    assert labs.pue[BUYER, 0] == pytest.approx(total(drawn) / total(halls), rel=1e-12)
    assert labs.pue[BUYER, 1] == overhead[BUYER, 1]


def test_advances_go_with_the_orders_to_a_lab_and_are_forfeited_otherwise():
    for cash, kept in ((500.0, 1.0), (0.0, 0.0)):
        model = failing_again(loans=(40.0,), buyers_cash=cash)
        for lab in range(1, SELLER):
            put(model, model.labs, "cash", lab, 0.0)
        advances = total(model.vendors.prepaid, 1)[:, 0]
        own = model.vendors.prepaid[:, SELLER, 0]
        settle_distress(model)
        left = total(model.vendors.prepaid, 1)[:, 0]
        np.testing.assert_allclose(left, advances - (1.0 - kept) * own, rtol=1e-12)
        assert own.any()


masks = st.lists(st.lists(st.booleans(), min_size=6, max_size=6), min_size=3, max_size=3)


@given(masks, st.integers(0, 1), st.floats(-30.0, 30.0))
@settings(max_examples=40)
def test_exits_conserve_chips_power_halls_orders_and_money(who, which, cash):
    model = opened((1, 6)[which], replicates=3)
    leaving = np.array(who, dtype=float).T * model.labs.active
    put(model, model.labs, "cash", SELLER, cash)
    before, owed = nature(model), model.labs.loans
    advances = total(model.vendors.prepaid, 1)
    close_labs(model, leaving)
    for name, amount in nature(model).items():
        np.testing.assert_allclose(amount, before[name], rtol=1e-12, atol=1e-12, err_msg=name)
    gone = np.zeros_like(owed)
    for entry in model.ledger.changes("ai_labs", "loans"):
        gone -= entry.change if entry.cause in ("estate", "written off") else 0.0
    np.testing.assert_allclose(gone, owed * leaving[:, None], rtol=1e-12, atol=1e-12)
    assert not (model.labs.loans * leaving[:, None]).any()
    forfeited = -sum(e.change for e in model.ledger.changes("chip_vendors", "prepaid") if e.cause == "forfeited")
    np.testing.assert_allclose(total(model.vendors.prepaid + forfeited, 1), advances, rtol=1e-12)
    assert (model.vendors.prepaid <= model.vendors.order_value * (1.0 + TOLERANCE)).all()


@given(masks)
@settings(max_examples=15, deadline=None)
def test_the_books_hold_whoever_leaves(who):
    model = opened(2, replicates=3)
    close_labs(model, np.array(who, dtype=float).T * model.labs.active)
    for _ in range(3):
        model.step()
    assert {name: value for name, value in model.checks().items() if not value <= TOLERANCE} == {}
    assert not (model.labs.market_share * (1.0 - model.labs.active)).any()


def test_a_lessee_that_leaves_gives_back_what_it_leased_and_a_guarantor_that_cannot_pay_defaults_at_once():
    """Anthropic leaves with a vehicle's chips at hand: they go first, and all identities hold in that quarter."""
    model = aimarket.MarketModel("deal_stress", rng=7, replicates=2, strict=True)
    for _ in range(6):
        model.step()
    leased = model.vehicles.fleet.copy()
    assert leased.any()
    defaults = np.zeros_like(model.labs.defaults)
    defaults[1, 0] = 1.0
    model.labs.commit(defaults=defaults, since_default=np.zeros_like(defaults))
    fine = np.zeros_like(model.labs.cash)
    fine[1, 0] = 1e4
    purse = np.zeros_like(model.vendors.cash)
    purse[1, 0] = 1e4
    for phase in QUARTER:
        if phase.code == "P13":
            model.ledger.transfer("a fine", model.labs, model.economy, paid=fine)
            model.ledger.transfer("a fine", model.vendors, model.economy, paid=purse)
        phase.run(model)
    assert model.labs.exited[1].tolist() == [1.0, 0.0]
    assert not model.vehicles.fleet[..., 0].any()
    assert model.vehicles.fleet[..., 1].any()
    assert model.vehicles.guarantee_call[0, 0] > 0.0
    assert (model.vendors.cash >= 0.0).all()


def until_an_exit(model):
    """Step until a lab leaves, and return its name."""
    while not model.labs.gone.any():
        model.step()
    return model.labs.names[int(model.labs.gone.any(1).argmax())]


def test_a_lab_that_left_is_no_agent_any_more_and_keeps_its_row():
    model = aimarket.MarketModel("bust", rng=7)
    everybody = model.labs.names
    name = until_an_exit(model)
    assert name not in {agent.name for agent in model.agents}
    assert model.labs.names == everybody


def test_a_lab_that_left_in_one_of_two_replicates_is_still_an_agent():
    model = failing_again(loans=(5.0,))
    settle_distress(model)
    assert "xAI" in {agent.name for agent in model.agents}


def test_a_run_saved_before_or_after_an_exit_goes_on_the_same(tmp_path):
    whole = aimarket.MarketModel("bust", rng=7, replicates=2)
    until_an_exit(whole)
    at = whole.quarter
    for _ in range(3):
        whole.step()
    for quarters in (at - 1, at, at + 1):
        early = aimarket.MarketModel("bust", rng=7, replicates=2)
        for _ in range(quarters):
            early.step()
        early.save(tmp_path / "run.npz")
        again = aimarket.MarketModel.restore(tmp_path / "run.npz")
        for _ in range(whole.quarter - quarters):
            again.step()
        for name, values in whole.labs.columns.items():
            assert np.array_equal(values, again.labs.columns[name]), name
        assert again.history.to_frame("events").equals(whole.history.to_frame("events"))


def run(scenario, replicates=32, quarters=44, **more):
    model = aimarket.MarketModel(scenario, rng=7, replicates=replicates, strict=True, **more)
    for _ in range(quarters):
        model.step()
    return model


@pytest.fixture(scope="module", params=["bust", "demand_winter", "baseline"])
def long_run(request):
    return request.param, run(request.param)


def test_labs_leave_in_long_runs_and_every_identity_holds(long_run):
    _, model = long_run
    assert model.labs.gone.any()
    assert {name: value for name, value in model.checks().items() if not value <= TOLERANCE} == {}


def test_exits_and_acquisitions_are_events(long_run):
    _, model = long_run
    events = model.history.to_frame("events")
    exits = events[events["event"] == "exit"]
    assert len(exits) == model.labs.gone.sum()
    assert (exits["amount"] == 1.0).all()
    bought = events[events["event"] == "acquisition"]
    when_and_where = set(zip(exits["replicate"], exits["quarter"], strict=True))
    assert set(zip(bought["replicate"], bought["quarter"], strict=True)) <= when_and_where
    keys = ["replicate", "quarter"]
    sold_outside = exits.groupby(keys).size().sub(bought.groupby(keys)["amount"].sum(), fill_value=0.0)
    flows = model.history.to_frame("flows")
    paid = flows[(flows["row"] == "acquisitions") & (flows["sector"] == "economy") & (flows["amount"] < 0.0)]
    assert set(sold_outside[sold_outside > 0.0].index) == set(zip(paid["replicate"], paid["quarter"], strict=True))


def test_a_replicate_alone_has_the_bits_that_it_has_in_a_batch(long_run):
    scenario, model = long_run
    number = int(model.labs.gone.any(0).argmax())
    alone = run(scenario, 1, replicate=number)
    assert alone.labs.gone.any()
    for title, table in model.ledger.tables.items():
        for name, values in table.columns.items():
            assert np.array_equal(values[..., number], alone.ledger.tables[title].columns[name][..., 0]), name
