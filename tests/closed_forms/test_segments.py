"""Segments: who could use AI services, what competition allows, what is scarce, and what a price index is."""

import numpy as np
import pytest

import aimarket
from aimarket import MarketModel
from aimarket.agents.rules.choice import logit
from aimarket.agents.rules.segments import (
    clearing_price,
    grown_strength,
    index_of_prices,
    lerner_index,
    potential_use,
    routine_work,
)
from aimarket.model.markets.demand import takeoff, utilities
from aimarket.model.markets.planning import publish
from aimarket.model.markets.services import sell_services

from ..builders import with_stocks

ORIGINS = ("2023Q4", "2024Q4", "2025Q4")
CODING = 2
CONSUMER_GOODS = np.array([0.4, 0.6]), 2.5, 1.1
STEP = 1e-6


def test_a_seller_without_share_takes_what_customers_weigh_and_a_large_one_more():
    """R12: 1 / 4 at no share; 1 / (4 x .55 + 1.3 x .45) = .3591."""
    found = lerner_index(np.array([0.0, 0.45]), 4.0, 1.3, 0.65)
    np.testing.assert_allclose(found, [0.25, 0.3591], atol=5e-5)


def test_a_scarce_price_lets_demand_fall_to_what_there_is_and_fades_with_scarcity():
    """R12: use of 1.3 times the target at an elasticity of 1.2 takes 1.3^(1/1.2) = 1.2444 times the price."""
    found = clearing_price(np.array([1.0, 2.0, 2.0]), np.array([1.3 * 0.85, 0.85, 0.68]), 0.85, 1.2)
    np.testing.assert_allclose(found, [1.2444, 2.0, 2.0 * 0.8 ** (1.0 / 1.2)], atol=5e-5)


@pytest.mark.parametrize(("flagship", "left"), [(0.2, 0.3268), (0.7, 0.7475)])
def test_routine_work_moves_to_small_models_past_the_threshold(flagship, left):
    """R16: one OOM past the threshold, at distillation .8."""
    found = routine_work(np.array([2.5, 1.5, -1.0]), 1.5, flagship, 0.8)
    np.testing.assert_allclose(found, [left, 1.0, 1.0], atol=5e-5)


def test_coding_could_be_used_as_far_as_models_reach():
    """R17: ceiling 120, threshold 1.5, slope 1.4, usage off: 3.331 at -1.04 and 13.09 at 0."""
    found = potential_use(np.array([-1.04, 0.0]), np.zeros(2), 120.0, 1.5, 1.4, 0.0)
    np.testing.assert_allclose(found, [3.331, 13.09], rtol=5e-4)


def test_longer_tasks_lengthen_what_everybody_asks_for_up_to_five_orders():
    plain = potential_use(np.full(3, 1.5), np.zeros(3), 120.0, 1.5, 1.4, 0.0)
    longer = potential_use(np.full(3, 1.5), np.array([-1.0, 2.0, 9.0]), 120.0, 1.5, 1.4, 0.1)
    np.testing.assert_allclose(longer / plain, [1.0, np.exp(0.2), np.exp(0.5)], rtol=1e-12)


def test_the_price_at_fixed_capability_falls_more_than_six_fold_an_order():
    """R16: 10^.8 = 6.310 while the flagship's price stands still."""
    model = MarketModel("baseline", rng=7)
    model.step()
    kept = model.history.latest("price_at_fixed_capability") / model.history.latest("flagship_price")
    gained = model.history.latest("frontier_capability") - model.economy.first_lead[0]
    np.testing.assert_allclose(kept, 6.3096**-gained, rtol=1e-4)


def demand_of(price, brand, weight, elasticity):
    """What each of some sellers sells in a segment of the size one: share times index^-elasticity."""
    utility = brand - weight * np.log(price)
    share = logit(utility[:, None], np.ones((len(price), 1)))[:, 0]
    return share * index_of_prices(utility[:, None], np.ones((len(price), 1)), weight)[0] ** -elasticity


def own_elasticity(price, brand, weight, elasticity):
    """How much the first of some sellers loses by a price one percent higher, and its share."""
    dearer = price * np.exp(np.array([STEP, *np.zeros(len(price) - 1)]))
    before, after = (demand_of(p, brand, weight, elasticity) for p in (price, dearer))
    share = before[0] / before.sum()
    return -np.log(after[0] / before[0]) / STEP, share


def test_the_elasticity_behind_the_margin_is_exact_for_the_index():
    """Beside a cheap fringe, too: prices 3, 3, .75, weight 4: a (1 - s) + e s, not that of a mean of prices."""
    price, brand = np.array([3.0, 3.0, 0.75]), np.array([1.0, 0.4, -4.0])
    found, share = own_elasticity(price, brand, 4.0, 1.2)
    assert found == pytest.approx(4.0 * (1.0 - share) + 1.2 * share, rel=1e-5)


def test_a_dearer_seller_never_raises_a_segments_sales():
    price, brand = np.array([3.0, 3.0, 0.75]), np.zeros(3)
    dearer = np.array([3.3, 3.0, 0.75])
    assert demand_of(dearer, brand, 4.0, 1.2).sum() < demand_of(price, brand, 4.0, 1.2).sum()


def test_entry_lowers_the_index_and_a_lab_split_in_two_leaves_it():
    """A clone with brands less ln 2 leaves the index where it was."""
    one, two, halves = (np.array(brands)[:, None] for brands in ([0.5], [0.5, 0.0], [0.5 - np.log(2.0)] * 2))
    index = [index_of_prices(utility, np.ones_like(utility), 4.0)[0] for utility in (one, two, halves)]
    assert index[1] < index[0]
    assert index[2] == pytest.approx(index[0], rel=1e-12)


def test_research_spread_evenly_favours_no_segment():
    evenly, none = np.full((1, 3, 1), 1.0 / 3.0), np.zeros((1, 3, 1))
    np.testing.assert_allclose(grown_strength(none, evenly, 0.3, 0.98, 0.05), 0.0, atol=1e-15)
    alone = np.array([0.0, 0.0, 1.0])[None, :, None]
    np.testing.assert_allclose(
        grown_strength(none, alone, 0.3, 0.98, 0.05)[0, :, 0], [-0.015, -0.015, 0.03], rtol=1e-12
    )


@pytest.mark.parametrize("quarter", ORIGINS)
def test_segments_add_to_what_was_observed_of_labs(quarter):
    model = MarketModel("baseline", rng=7, start=quarter)
    observed = np.asarray(model.start.stocks["ai_labs"]["revenue"], dtype=float)
    np.testing.assert_allclose(model.labs.sales.sum(1)[:, 0], observed, rtol=1e-12)
    np.testing.assert_allclose((model.labs.sold * model.labs.price).sum(1)[:, 0], observed, rtol=1e-12)
    split = np.asarray(model.start.stocks["ai_labs"]["segment_sales"], dtype=float)
    np.testing.assert_allclose(split.sum(1), observed, rtol=1e-9)


@pytest.mark.parametrize("quarter", ORIGINS)
def test_nobody_opens_with_more_sold_than_customers_may_have(quarter):
    labs = MarketModel("baseline", rng=7, start=quarter).labs
    assert (labs.serving <= labs.sales_capacity).all()


@pytest.mark.parametrize("quarter", ORIGINS)
def test_shares_at_the_start_drift_as_observed(quarter):
    """The logit at the start reproduces share + drift / switching, of labs that sell; others aim at .002."""
    model = MarketModel("baseline", rng=7, start=quarter)
    offered = np.ones((len(model.labs) + 1, 1, 1))
    target = logit(utilities(model), offered)[:-1, :, 0]
    drift = np.asarray(model.start.stocks["ai_labs"]["segment_drift"], dtype=float)
    aims = model.labs.share[..., 0] + drift / np.array([0.12, 0.20, 0.30])
    kept = np.maximum(aims, 0.002)
    every = kept.sum(0) + model.economy.fringe_share[:, 0]
    np.testing.assert_allclose(target, kept / every, rtol=1e-9)
    assert (np.abs(every - 1.0) < 0.02).all()


@pytest.mark.parametrize("quarter", ORIGINS)
def test_prices_open_where_competition_leaves_them(quarter):
    model = MarketModel("baseline", rng=7, start=quarter)
    labs, rent = model.labs, model.economy.market_rent
    np.testing.assert_allclose(labs.price * (1.0 - labs.all.lerner), labs.service_intensity * rent, rtol=1e-9)


def test_a_takeoff_is_drawn_by_replicate_and_shared_by_twins():
    drawn = {"takeoff_uncertain": 1}
    many, one = (MarketModel("baseline", rng=7, replicate=which, parameters=drawn) for which in ((0, 1, 2, 3), 2))
    terms, own = takeoff(many), takeoff(one)
    assert [values[CODING, 2] for values in terms] == [values[CODING, 0] for values in own]
    assert len(np.unique(terms.threshold[CODING])) == 4
    twin = MarketModel("deal_35bn", rng=7, replicate=(0, 1, 2, 3), parameters=drawn)
    assert all((a == b).all() for a, b in zip(terms, takeoff(twin), strict=True))


def test_a_drawn_takeoff_stays_within_its_declared_range_and_others_at_their_values():
    model = MarketModel("baseline", rng=7, replicates=400, parameters={"takeoff_uncertain": 1})
    terms, known = takeoff(model), aimarket.parameters()
    for name in terms._fields:
        values, item = getattr(terms, name), known[f"coding_{name}"]
        assert (values[CODING] >= item.low).all()
        assert (values[CODING] <= item.high).all()
        assert (values[0] == known[f"consumer_{name}"].default).all()
    assert np.median(terms.ceiling[CODING]) == pytest.approx(120.0, rel=0.15)


def test_the_takeoff_is_known_unless_it_is_drawn():
    terms = takeoff(MarketModel("baseline", rng=7, replicates=2))
    assert (terms.threshold[:, 0].tolist(), terms.ceiling[:, 0].tolist()) == ([2.1, 2.6, 1.5], [60.0, 120.0, 120.0])


def scarce(**parameters):
    """A market in which everybody asks for far more than there is."""
    model = MarketModel("baseline", rng=7, parameters=parameters)
    publish(model)
    labs = model.labs
    labs.commit(sales_capacity=0.3 * labs.serving)
    sell_services(model)
    return labs


def test_enterprises_and_coders_come_first_where_compute_is_short():
    labs = scarce()
    served = (labs.sold / np.maximum(labs.demanded, 1e-12))[:3, :, 0]
    assert (served[:, 0] < served[:, 1:].min(1)).all()
    np.testing.assert_allclose(labs.serving[:3], labs.sales_capacity[:3], rtol=1e-9)


def test_consumers_are_served_alike_where_nobody_comes_first():
    labs = scarce(enterprise_priority=1.0)
    served = (labs.sold / np.maximum(labs.demanded, 1e-12))[:3, :, 0]
    np.testing.assert_allclose(served, served[:, :1] * np.ones(3), rtol=1e-9)


def test_growth_of_open_models_is_asked_of_landlords():
    lasting = MarketModel("baseline", rng=7, parameters={"fringe_lag": 0.4})
    lagging = MarketModel("baseline", rng=7, parameters={"fringe_lag": 1.5})
    for model in (lasting, lagging):
        before = model.economy.fringe_compute + 0.0
        for _ in range(6):
            model.step()
        assert model.economy.fringe_compute > before
    assert (lasting.economy.first_fringe_compute == lagging.economy.first_fringe_compute).all()


def test_a_lab_works_for_what_earns_it_most():
    start = aimarket.load_start()
    focus = [[1.0 / 3.0] * 3] * len(start.names("ai_labs"))
    model = MarketModel("baseline", rng=7, start=with_stocks(start, "ai_labs", research_focus=focus))
    for _ in range(8):
        model.step()
    focus = model.labs.focus[..., 0]
    assert focus[0].argmax() == 0  # OpenAI: consumers
    assert focus[1].argmax() == CODING  # Anthropic
    np.testing.assert_allclose(focus[:5].sum(1), 1.0, rtol=1e-12)
