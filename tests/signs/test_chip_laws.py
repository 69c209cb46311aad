"""Laws of chips and power on few replicates with the same random numbers: signs, and how large they are."""

from functools import cache

import numpy as np
import pytest

import aimarket
from aimarket.model.parameters import parameters

from .pairs import paired

pytestmark = pytest.mark.sign

REPLICATES, TWO_YEARS = 24, 9
DEAR, CHEAP = {"risk_free_rate": 0.05}, {"risk_free_rate": 0.03}


@cache
def run(start="2025Q4", quarters=TWO_YEARS, replicates=REPLICATES, **parameters):
    """Return the indicators of a baseline from a start, arrays of shape (quarters, R) by name."""
    model = aimarket.MarketModel(start=start, rng=7, replicates=replicates, parameters=parameters)
    for _ in range(quarters):
        model.step()
    return model.history.arrays("indicators")


def relative(name, quarters, changed, against):
    """Return by what part the sum of an indicator over some quarters differs."""
    one, other = (run(**values)[name][quarters].sum(0) for values in (changed, against))
    return paired(one / other, np.ones(REPLICATES))


@pytest.mark.parametrize("start", ["2024Q4", "2025Q4"])
def test_dearer_money_lowers_spending_on_chips_and_halls_within_two_years(start):
    """L1, a law of dollars at four to eight quarters: two points on the risk-free rate."""
    assert relative("total_capex", slice(4, 9), {"start": start, **DEAR}, {"start": start, **CHEAP}).falls


BOLD = ("order_answer", "waiting", "wafer_bid", "burden_limit")
"""Assumptions about how orders answer and who is served, whose ends could close the channel."""


@pytest.mark.parametrize("name", BOLD)
@pytest.mark.parametrize("end", ["low", "high"])
def test_dearer_money_lowers_spending_at_both_ends_of_bold_assumptions(name, end):
    """L1: by 6 to 10 %; labs' compute, which halls limit, by 2.2 to 4.6 % in the ninth quarter."""
    value = {name: getattr(parameters()[name], end)}
    assert relative("total_capex", slice(4, 9), {**value, **DEAR}, {**value, **CHEAP}).falls


def test_more_of_what_is_scarce_raises_the_compute_that_is_shipped():
    """L6: half as much again of packaging, of builders' capacity, and of both, in the eighth quarter."""
    nothing = {}
    chips, built = {"chip_capacity_available": 1.5}, {"equipment_available": 1.5}
    for more in (chips, built, chips | built):
        assert relative("compute_shipped", slice(8, 9), more, nothing).rises


def test_customers_who_wait_order_less_before_a_generation():
    """From 2025Q4 the first vendor's next generation comes in 2026Q3 or later: orders of 2026Q1 and Q2 are put off."""
    waits = relative("chip_lead_time", slice(0, 2), {"waiting": 0.8}, {"waiting": 0.0})
    assert waits.falls


def test_prices_answer_to_the_wait():
    """Where chips wait for less than is normal they are cheaper, the more prices answer."""
    assert run()["chip_lead_time"][:4].mean() < 1.3
    assert relative("landed_price", slice(3, 6), {"price_answer": 0.08}, {"price_answer": 0.0}).falls


def test_power_is_built_ahead_of_the_load():
    """In ten years its price less than triples: by the price of the day it rose fifteenfold from the eighth year on."""
    price = run(quarters=40, replicates=4)["power_price"]
    assert np.median(price[-4:] / price[0]) < 3.0


def test_where_power_earns_far_above_its_cost_others_build_too():
    """Plants are begun that would not be, in the last years of ten: until then selling ahead keeps returns down."""
    free, closed = run(quarters=40, replicates=4), run(quarters=40, replicates=4, entry_speed=0.0)
    assert (free["capex_energy"][-8:].sum(0) > closed["capex_energy"][-8:].sum(0)).all()
