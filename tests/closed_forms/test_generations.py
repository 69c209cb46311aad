"""Generations of chips: announced, late by chance, and taking over a vendor's sales: worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

import aimarket
from aimarket.model.dates import quarter_number
from aimarket.model.markets.generations import renew_products
from aimarket.model.roadmap import announced_generations, known_at

FIRST = 0
ON_TIME = {"chance": 0}


def without_roadmap(quarter="2025Q4"):
    return replace(aimarket.load_start(quarter), roadmap=())


def by_quarter(model, column, quarters):
    """Return a vendor's column at the end of the first phase of some quarters, shape (quarters,)."""
    seen = []
    for _ in range(quarters):
        model.ledger.open_quarter()
        renew_products(model)
        seen.append(model.vendors.columns[column][FIRST, 0])
        model.quarter += 1
    return np.array(seen)


@pytest.mark.parametrize(
    ("quarter", "names"),
    [
        ("2023Q4", []),
        ("2024Q4", ["Blackwell", "Blackwell Ultra", "Rubin", "Rubin Ultra", "Trainium3"]),
        ("2025Q4", ["Rubin", "Rubin Ultra", "Feynman", "MI450"]),
    ],
)
def test_a_start_reads_what_was_announced_by_then_and_comes_after_it(quarter, names):
    assert [generation.name for generation in known_at(quarter)] == names


def test_nothing_on_the_roadmap_was_announced_after_2025():
    assert max(generation.announced for generation in announced_generations()) <= quarter_number("2025Q4")
    assert all("unit_economics" in g.source or "assumption" in g.source for g in announced_generations())


def test_a_generation_takes_over_sales_in_four_equal_steps():
    """Blackwell on time: .25, .5, .75 and all of 2.28 times, in the four quarters from its first."""
    model = aimarket.MarketModel(start="2024Q4", parameters=ON_TIME)
    before = model.vendors.performance[FIRST, 0]
    mix = by_quarter(model, "performance", 2) / before
    np.testing.assert_allclose(mix, [1.0 + 0.25 * 1.28, 1.0 + 0.5 * 1.28])
    assert model.vendors.newest_performance[FIRST, 0] == pytest.approx(2.28 * before)


def test_two_generations_may_take_over_at_once():
    """Blackwell Ultra begins in the third quarter of Blackwell: parts .25, .5 and .25 of old, one and the other."""
    model = aimarket.MarketModel(start="2024Q4", parameters=ON_TIME)
    before = model.vendors.performance[FIRST, 0]
    third = by_quarter(model, "performance", 3)[-1] / before
    assert third == pytest.approx(0.25 + 0.5 * 2.28 + 0.25 * 2.28 * 1.11)


def test_price_and_cost_follow_performance_by_their_elasticity_and_orders_are_repriced():
    model = aimarket.MarketModel(start="2024Q4", parameters=ON_TIME)
    price, cost = model.vendors.price[FIRST, 0], model.vendors.unit_cost[FIRST, 0]
    owed = model.vendors.order_value[FIRST, :, 0].sum()
    by_quarter(model, "price", 1)
    dearer = 1.0 + (2.28**0.6 - 1.0) / 4.0
    assert model.vendors.price[FIRST, 0] == pytest.approx(price * dearer)
    assert model.vendors.unit_cost[FIRST, 0] == pytest.approx(cost * dearer)
    assert model.vendors.order_value[FIRST, :, 0].sum() == pytest.approx(owed * dearer)


def test_beyond_its_roadmap_a_vendor_brings_out_a_generation_a_year():
    model = aimarket.MarketModel(start=without_roadmap(), parameters=ON_TIME)
    came = by_quarter(model, "new_generation", 20)
    assert np.flatnonzero(came).tolist() == [0, 4, 8, 12, 16]  # the last one came three quarters before the start
    assert model.vendors.newest_performance[FIRST, 0] == pytest.approx(2.48 * 1.89**5)


def test_half_of_generations_slip_three_in_ten_by_one_quarter_and_two_by_two():
    many = 4_000
    model = aimarket.MarketModel(rng=5, replicates=many, record=())
    came = []
    for _ in range(5):
        model.ledger.open_quarter()
        renew_products(model)
        came.append(model.vendors.new_generation[FIRST].mean())
        model.quarter += 1
    np.testing.assert_allclose(came, [0.0, 0.0, 0.5, 0.3, 0.2], atol=4.0 * 0.5 / np.sqrt(many))


def test_customers_see_when_the_next_generation_comes_and_what_it_will_do():
    model = aimarket.MarketModel(start="2024Q4", parameters=ON_TIME)
    assert model.signals.roadmap_quarters[FIRST, 0] == 1.0
    assert model.signals.roadmap_performance[FIRST, 0] == 2.28
    model.step()
    assert model.vendors.until_generation[FIRST, 0] == 2.0
    assert model.signals.roadmap_performance[FIRST, 0] == 1.11


def test_a_generation_of_much_better_chips_has_customers_put_off_orders():
    """In 2025Q2 .3 of .5 wait for Trainium3, of .11 for Blackwell Ultra, of .89 for what nobody has named yet."""
    model = aimarket.MarketModel(start="2024Q4", parameters=ON_TIME)
    for _ in range(2):
        model.step()
    clouds, signals = model.clouds, model.signals
    now = clouds.all.order_mix(signals)
    kept = np.array([1.0 - 0.3 * 0.11, 1.0 - 0.3 * 0.89, 1.0 - 0.3 * 0.5, 1.0])
    assert signals.roadmap_quarters[2, 0] == 2.0
    expected = clouds.vendor_mix[:, :, 0] * kept
    np.testing.assert_allclose(now[:, :, 0], expected / expected.sum(1, keepdims=True))
