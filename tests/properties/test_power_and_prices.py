"""Power plants in merit order, scarcity, adoption, learning and loans."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aimarket.agents.rules.expectations import adapted
from aimarket.agents.rules.financing import BASE_DEFAULT, HIGHEST_DEFAULT, default_probability
from aimarket.agents.rules.learning import bass, wright
from aimarket.agents.rules.pricing import price_after_lead_time, price_towards, scarcity_price
from aimarket.agents.rules.segments import lerner_index
from aimarket.model.markets.power import merit_order

from .arrays import floats, row, sizes, table


@st.composite
def systems(draw):
    """Return capacity and cost by plant and load by block, shapes (n, R), (n, R), (4, R); some costs are equal."""
    n, replicates = draw(sizes(6))
    cost = draw(table(n, replicates, 1.0, 100.0))
    return (
        draw(table(n, replicates, 0.0, 500.0)),
        np.round(cost, -1) if draw(st.booleans()) else cost,
        draw(table(4, replicates, 0.0, 3000.0)),
    )


@given(systems())
def test_plants_meet_the_load_as_far_as_they_can(system):
    capacity, cost, load = system
    made = merit_order(capacity, cost, load).generated.sum(1)
    np.testing.assert_allclose(made, np.minimum(load, capacity.sum(0)), rtol=1e-12, atol=1e-9)


@given(systems())
def test_no_plant_makes_more_than_it_can(system):
    capacity, cost, load = system
    made = merit_order(capacity, cost, load).generated
    assert (made >= 0.0).all()
    assert (made <= capacity).all()


@given(systems())
def test_no_dear_plant_runs_while_a_cheaper_one_stands_idle(system):
    capacity, cost, load = system
    made = merit_order(capacity, cost, load).generated
    for dear in range(len(cost)):
        for cheap in range(len(cost)):
            wrong = (cost[cheap] < cost[dear]) & (made[:, cheap] < capacity[cheap] - 1e-6) & (made[:, dear] > 1e-6)
            assert not wrong.any()


@given(systems())
def test_the_marginal_plant_is_the_dearest_that_runs(system):
    capacity, cost, load = system
    dispatch = merit_order(capacity, cost, load)
    running = dispatch.generated > 1e-6
    dearest = np.where(running, cost, -np.inf).max(1)
    assert (dispatch.marginal_cost >= np.where(running.any(1), dearest, -np.inf)).all()
    assert (dispatch.marginal_cost <= cost.max(0)).all()


@given(systems(), floats(0.0, 1000.0))
def test_more_load_never_lowers_the_marginal_cost(system, more):
    capacity, cost, load = system
    assert (
        merit_order(capacity, cost, load + more).marginal_cost >= merit_order(capacity, cost, load).marginal_cost
    ).all()


@given(systems(), floats(0.0, 1000.0))
def test_more_of_the_cheapest_plant_never_raises_the_marginal_cost(system, more):
    capacity, cost, load = system
    cheapest = (cost == cost.min(0)) * more
    assert (
        merit_order(capacity + cheapest, cost, load).marginal_cost <= merit_order(capacity, cost, load).marginal_cost
    ).all()


@given(row(3, 1.0, 500.0), row(3, -1.0, 1.0), floats(300.0, 3000.0), floats(0.05, 0.15))
def test_the_price_of_power_lies_between_cost_and_ceiling(cost, reserve, ceiling, enough):
    price = scarcity_price(cost, reserve, ceiling, enough)
    assert (price >= cost).all()
    assert (price <= np.maximum(cost, ceiling) * (1.0 + 1e-12)).all()


@given(row(3, 1.0, 500.0), floats(300.0, 3000.0), floats(0.05, 0.15), floats(-1.0, 1.0), floats(0.0, 1.0))
def test_less_reserve_never_makes_power_cheaper(cost, ceiling, enough, reserve, less):
    dear, cheap = (scarcity_price(cost, np.full(3, r), ceiling, enough) for r in (reserve - less, reserve))
    assert (dear >= cheap).all()


@given(row(3, 1.0, 500.0), floats(300.0, 3000.0), floats(0.05, 0.15))
def test_nobody_pays_for_scarcity_when_reserves_suffice(cost, ceiling, enough):
    assert (scarcity_price(cost, np.full(3, enough), ceiling, enough) == cost).all()


@given(row(4), row(4, 1e-3, 1e4), floats(0.005, 0.05), floats(0.2, 0.55))
def test_adoption_moves_towards_its_potential_without_passing_it(adopted, potential, innovation, imitation):
    after = bass(adopted, potential, innovation, imitation)
    low, high = np.minimum(adopted, potential), np.maximum(adopted, potential)
    assert (after >= low * (1.0 - 1e-12)).all()
    assert (after <= high * (1.0 + 1e-12)).all()


@given(floats(1.0, 1e6), floats(1.0, 1e3), floats(0.0, 0.25))
def test_cost_falls_by_the_learning_rate_with_every_doubling(output, start, rate):
    once, twice = wright(np.array([output]), start, rate), wright(np.array([2.0 * output]), start, rate)
    np.testing.assert_allclose(twice / once, 1.0 - rate, rtol=1e-9)


@given(row(4, 0.0, 1e6), row(4, -1e4, 1e6), row(4, -1e4, 1e6), row(4, 0.0, 1e6))
def test_the_probability_of_default_is_one(debt, earnings, cash, needs):
    risk = default_probability(debt, earnings, cash, needs)
    assert (risk >= BASE_DEFAULT).all()
    assert (risk <= HIGHEST_DEFAULT).all()


@given(row(4, 0.0, 1e3), row(4, 1.0, 1e3), row(4, 0.0, 1e3), row(4, 1.0, 1e3), floats(0.0, 100.0))
def test_more_debt_or_less_cash_never_lowers_the_probability_of_default(debt, earnings, cash, needs, more):
    before = default_probability(debt, earnings, cash, needs)
    assert (default_probability(debt + more, earnings, cash, needs) >= before).all()
    assert (default_probability(debt, earnings, cash - more, needs) >= before).all()


@given(row(4, 0.0, 1.0), floats(1.5, 6.0), floats(1.0, 1.5), floats(0.5, 0.8))
def test_a_larger_share_never_lowers_the_margin_that_competition_leaves(share, weight, elasticity, highest):
    larger = lerner_index(np.minimum(share + 0.1, 1.0), weight, elasticity, highest)
    margin = lerner_index(share, weight, elasticity, highest)
    assert (larger >= margin * (1.0 - 1e-12)).all()
    assert (margin <= highest).all()


@given(row(4, 1e-3, 1e3), row(4, 1e-3, 1e3), floats(0.6, 0.95), floats(1.02, 1.4))
def test_a_price_moves_no_faster_than_it_may(price, target, cut, rise):
    after = price_towards(price, target, cut, rise)
    assert (after >= price * cut * (1.0 - 1e-12)).all()
    assert (after <= price * rise * (1.0 + 1e-12)).all()
    assert (np.abs(after - target) <= np.abs(price - target) + 1e-9).all()


@given(row(4, 1.0, 1e3), row(4, 0.0, 50.0), floats(1.0, 3.0), floats(0.03, 0.15))
def test_a_chip_price_rises_by_at_most_its_speed(price, lead_time, normal, speed):
    after = price_after_lead_time(price, lead_time, normal, speed)
    assert (np.abs(after / price - 1.0) <= speed * (1.0 + 1e-9)).all()


@given(row(4, -0.3, 0.5), row(4), row(4), floats(0.0, 1.0))
def test_expected_growth_stays_within_what_a_quarter_can_tell(expected, now, before, weight):
    after = adapted(expected, now, before, weight)
    assert (after >= -0.3 - 1e-12).all()
    assert (after <= 0.5 + 1e-12).all()
