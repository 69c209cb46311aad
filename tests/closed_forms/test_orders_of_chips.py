"""What chips are worth, how orders and prices answer to it, and how packaging is booked: worked out by hand."""

import numpy as np
import pytest

import aimarket
from aimarket.agents.rules.ordering import (
    answer_to_wait,
    answer_to_worth,
    cancelled_part,
    not_put_off,
    worth_of_chips,
)
from aimarket.agents.rules.pricing import price_after_wait
from aimarket.model.markets.packaging import allot_wafers, claimed_share

from .test_rents import CASES, GW_QUARTER, cost_of, defaults

STARTS = ("2023Q4", "2024Q4", "2025Q4")


def worth(case, rent, rate=0.11):
    landed, rated, pue, hall, price = CASES[case]
    drawn = rated * pue
    return worth_of_chips(rent, drawn * hall, drawn * price * GW_QUARTER, landed, rate, defaults())


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("rate", [0.05, 0.11, 0.13])
def test_chips_that_earn_their_user_cost_are_worth_their_price(case, rate):
    assert worth(case, cost_of(case, rate), rate) == pytest.approx(CASES[case][0], rel=1e-12)


def test_two_points_on_money_lower_what_chips_are_worth():
    """By 8.5 percent at given rent, in the case of 2025Q3 with compute let at 1.342 USD an hour."""
    rent = 1.342 * 2.19
    assert worth("2025Q3", rent, 0.13) / worth("2025Q3", rent) - 1.0 == pytest.approx(-0.0845, abs=5e-4)


def test_chips_whose_rent_does_not_pay_their_power_are_worth_nothing():
    assert worth("2025Q3", 0.1) == 0.0


def test_orders_move_with_worth_by_their_answer_and_fall_with_each_quarter_of_wait():
    assert answer_to_worth(1.8, 1.2, 2.0) == pytest.approx(2.25)
    assert answer_to_worth(1.8, 1.2, 0.0) == 1.0
    assert answer_to_wait(2.3, 1.3, 0.15) == pytest.approx(np.exp(-0.15))


@pytest.mark.parametrize(
    ("quarters", "performance", "kept"), [(2.0, 2.28, 0.616), (3.0, 2.28, 1.0), (1.0, 1.0, 1.0), (1.0, 9.0, 0.0)]
)
def test_part_of_orders_waits_for_a_better_generation_that_comes_soon(quarters, performance, kept):
    assert not_put_off(quarters, performance, 0.3, 2.0) == pytest.approx(kept)


def test_unpaid_orders_that_would_not_earn_their_price_are_cancelled_in_part():
    assert cancelled_part(0.6, 1.0, 0.2, 0.25) == pytest.approx(0.25 * 0.8 * 0.4)
    assert cancelled_part(1.3, 1.0, 0.2, 0.25) == 0.0


@pytest.mark.parametrize("wait", [0.2, 1.3, 2.6, 9.0])
def test_a_chip_price_answers_weakly_to_the_wait(wait):
    assert price_after_wait(40.0, wait, 1.3, 0.02) == pytest.approx(40.0 * np.exp(0.02 * np.tanh(np.log(wait / 1.3))))


def test_margins_stay_within_their_limits():
    model = aimarket.MarketModel(rng=3)
    for wait, margin in ((1e6, 0.80), (1e-6, 0.45)):
        for _ in range(60):
            model.vendors.commit(lead_time=np.full_like(model.vendors.lead_time, wait))
            model.vendors.commit(price=model.vendors.decide("set_price", model.signals))
        np.testing.assert_allclose(model.vendors.all.gross_margin, margin, rtol=1e-9)


@pytest.mark.parametrize("quarter", STARTS)
def test_units_sold_at_the_start_take_the_wafers_that_there_were(quarter):
    """R18 and the check of the start: within a tenth, 63 % of them NVIDIA's."""
    model = aimarket.MarketModel(start=quarter)
    vendors, wafers = model.vendors, model.economy.wafers[0]
    used = (vendors.capacity * vendors.wafers_per_unit)[:, 0]
    assert used.sum() == pytest.approx(wafers, rel=0.1)
    assert used[0] == pytest.approx(0.63 * wafers, rel=0.1)
    np.testing.assert_allclose(vendors.wafer_share[:, 0] * used.sum(), used)


def test_wafers_make_units():
    """R18: 225 thousand wafers, .63 of them booked, at 119 per M units: 1.191 M units a quarter."""
    model = aimarket.MarketModel()
    booked = np.array([0.63, 0.21, 0.16, 0.0])[:, None]
    model.parameters.capacity_lead_time = np.inf  # nothing is booked anew
    model.vendors.commit(wafer_share=booked, backlog=model.vendors.backlog + 1.0)
    assert allot_wafers(model)[0, 0] == pytest.approx(1.191, abs=5e-4)


def test_a_quarter_of_bookings_moves_to_whose_prepaid_orders_take_more_wafers_and_who_earns_more_on_one():
    """Orders of 3 and 2 units, a fifth of them prepaid, of 2 wafers and 1, which earn 3 and 6 each: 6 x 3 to 2 x 6."""
    model = aimarket.MarketModel(parameters={"wafer_bid": 1.0})
    vendors = model.vendors
    two = np.array([1.0, 1.0, 0.0, 0.0])[:, None]
    ordered = np.zeros_like(vendors.backlog)
    ordered[:2, 0] = [[3.0], [2.0]]
    vendors.commit(active=two, price=10.0 + 0.0 * vendors.price, unit_cost=4.0 + 0.0 * vendors.price)
    vendors.commit(wafers_per_unit=np.array([2.0, 1.0, 1.0, 1.0])[:, None], wafer_share=0.5 * two)
    vendors.commit(backlog=ordered, order_value=10.0 * ordered, prepaid=2.0 * ordered)
    share = claimed_share(model)[:, 0]
    np.testing.assert_allclose(share[:2], [0.6, 0.4])
    allot_wafers(model)
    np.testing.assert_allclose(vendors.wafer_share[0, 0], 0.5 + (0.6 - 0.5) / 4.0)
