"""Limits bend: a decision nears its most and never stops to answer to what it is decided by."""

import numpy as np
import pytest

import aimarket
from aimarket.agents.rules.limits import LIMITS, ever_less, near, smooth_cap
from aimarket.model.indicators import INDICATORS
from aimarket.model.markets.planning import plan, publish

WISHES = np.array([0.0, 1e-6, 0.3, 1.0, 2.0, 5.0, 30.0])
TENANTS, OWNERS = [0, 1], [3, 4]
"""Labs that rent and build a part of what they add, and labs that own what they run."""

WHO_SELLS, WHO_CAN_PAY = [4], [3]
"""Owners that sell, and owners whose other business pays for chips: xAI wants far more than its sales carry."""


@pytest.mark.parametrize("most", [0.5, 1.0, 40.0])
def test_a_small_wish_is_granted_in_full(most):
    """The slope is 1 at nothing: of a wish of a millionth of the limit less than a millionth is lost."""
    wish = 1e-6 * most
    assert smooth_cap(np.array([0.0, wish]), most) == pytest.approx([0.0, wish], rel=1e-6)


@pytest.mark.parametrize("most", [0.5, 1.0, 40.0])
def test_no_wish_is_granted_beyond_the_most(most):
    """The limit of a boundless wish is m; at m itself 63.2 % are granted, at 2 m 86.5 %."""
    granted = smooth_cap(most * np.array([1.0, 2.0, 50.0]), most) / most
    assert granted == pytest.approx([1.0 - np.exp(-1.0), 1.0 - np.exp(-2.0), 1.0])


def test_a_larger_wish_gets_more_and_each_part_of_it_less():
    """Increasing and concave: the slope is exp(-x / m)."""
    slopes = np.diff(smooth_cap(WISHES, 1.0)) / np.diff(WISHES)
    assert (slopes > 0.0).all()
    assert (np.diff(slopes) < 0.0).all()


def test_where_nothing_may_be_done_nothing_is():
    assert smooth_cap(WISHES, 0.0).tolist() == [0.0] * WISHES.size


@pytest.mark.parametrize(("decision", "there"), [(0.989, 0.0), (0.991, 1.0), (1.0, 1.0), (1.009, 1.0), (1.011, 0.0)])
def test_a_decision_is_at_a_limit_within_one_percent_of_it(decision, there):
    assert near(np.array(decision), 1.0) == there
    assert near(np.array(0.0), 0.0) == 0.0


def planning(**columns):
    """The labs at the start when they plan, with some columns times a factor; no owner wants what a rival has."""
    model = aimarket.MarketModel("baseline", rng=7, parameters={"parity": 0.0})
    publish(model)
    plan(model)
    model.labs.commit(**{name: factor * model.labs.columns[name] for name, factor in columns.items()})
    return model


@pytest.mark.parametrize(
    ("moved", "labs"), [("demanded", TENANTS), ("demanded", WHO_SELLS), ("revenue", TENANTS)], ids=str
)
def test_demand_and_returns_always_have_a_slope_in_plans(moved, labs):
    """However far the wishes of labs that order chips lie beyond their most: 1 % more gives larger plans."""
    usual, more = planning(), planning(**{moved: 1.01})
    before, after = (model.labs.all.wanted_order(model.signals)[labs] for model in (usual, more))
    assert (after > before).all()


def test_demand_has_a_slope_in_what_tenants_want_to_rent():
    usual, more = planning(), planning(demanded=1.01)
    before, after = (model.labs.all.lacking_compute(wanted(model), model.signals) for model in (usual, more))
    steps = [model.labs.all.compute_step(lacking) for model, lacking in ((usual, before), (more, after))]
    assert (steps[1] > steps[0])[TENANTS].all()


def wanted(model):
    """What each lab wants to have when what it orders now runs."""
    return model.labs.all.lab_target(model.parameters.horizon, model.signals)


def test_demand_has_a_slope_in_the_plan_of_halls():
    """Tenants build a part of what they add: they plan for hundredths of a GW, and for more the more is asked for."""
    before, after = (
        model.labs.decide("plan_compute", model.signals).halls[TENANTS]
        for model in (planning(), planning(demanded=1.01))
    )
    assert (after > before).all()
    assert (before > 0.005).all()


@pytest.mark.parametrize("labs", [TENANTS, OWNERS], ids=["tenants", "owners"])
def test_dear_money_always_has_a_slope_in_plans(labs):
    """A rate 1 % higher makes every plan smaller."""
    usual, dear = planning(), planning(quoted_rate=1.01)
    before, after = (model.labs.all.wanted_order(model.signals)[labs] for model in (usual, dear))
    assert (after < before).all()


def test_owners_bear_ever_less_of_what_a_lab_wishes_to_raise_and_never_a_most():
    """u ln(1 + x/u): nearly all of little, ln 2 of the usual, 2.4 times the usual of ten times it; of no value none."""
    wish = np.array([1e-6, 1.0, 10.0, 1e3, 1e4])
    borne = ever_less(wish, 1.0)
    np.testing.assert_allclose(borne[:3], [1e-6, np.log(2.0), np.log(11.0)], rtol=1e-5)
    assert (np.diff(borne / wish) < 0.0).all()
    assert borne[-1] - borne[-2] > 2.0
    assert (ever_less(wish, 0.0) < 1e-9).all()


def test_the_saturated_share_is_the_part_of_decisions_at_a_limit():
    """Two labs of five in business at one limit of four: 2 / 20; of the chips' limit 2 / 5."""
    model = aimarket.MarketModel("baseline")
    at_limit = np.zeros_like(model.labs.at_limit)
    at_limit[:2, LIMITS.index("chips")] = 1.0
    model.labs.commit(at_limit=at_limit)
    assert INDICATORS["saturated_share"].measure(model) == pytest.approx(2.0 / 20.0)
    assert INDICATORS["saturated_chips"].measure(model) == pytest.approx(0.4)
    assert INDICATORS["saturated_halls"].measure(model) == 0.0


@pytest.fixture(scope="module")
def at_limit():
    """The part of quarters in which labs' decisions sit on their limits, 2026 to 2029 at the defaults."""
    model = aimarket.MarketModel("baseline", rng=7, replicates=16)
    seen = []
    for _ in range(16):
        model.step()
        seen.append(model.labs.at_limit)
    part = np.stack(seen).mean((0, 3))
    return lambda labs, name: part[labs, LIMITS.index(name)]


@pytest.mark.parametrize("name", ["chips", "rent"])
@pytest.mark.parametrize("labs", [TENANTS, WHO_CAN_PAY], ids=["tenants", "owners"])
def test_no_plan_of_chips_or_rent_sits_on_its_limit(at_limit, labs, name):
    assert (at_limit(labs, name) < 0.05).all()


def test_no_plan_of_halls_of_labs_that_own_sits_on_its_limit(at_limit):
    assert (at_limit(WHO_CAN_PAY, "halls") < 0.05).all()


def test_an_owner_that_wants_more_than_its_sales_carry_seldom_plans_chips_as_fast_as_it_may(at_limit):
    """Its wish is a part of the largest rival's compute; waits and dear chips hold it back before the limit does."""
    assert (at_limit(WHO_SELLS, "chips") < 0.20).all()


def test_prices_move_as_far_as_they_may_in_one_quarter_of_ten(at_limit):
    assert (at_limit([0, 1, 2], "price") < 0.20).all()


def test_tenants_that_begin_to_build_plan_halls_as_fast_as_they_may_in_half_of_all_quarters(at_limit):
    """Their limit is reckoned from the few halls they have: it alone decides how soon they own a part of theirs."""
    assert (np.abs(at_limit(TENANTS, "halls") - 0.53) < 0.15).all()
