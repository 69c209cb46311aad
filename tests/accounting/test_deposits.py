"""Idle money earns what deposits earn, from outside, and what managers call a normal return lies within their reach."""

import pytest

import aimarket
from aimarket.agents.state.arrays import total
from aimarket.model.markets.services import pay_running_costs
from aimarket.model.markets.valuation import normal_return
from aimarket.model.quarter import QUARTER

ROW = "deposit_interest"


def test_idle_deposits_earn_the_risk_free_rate_from_outside():
    """A quarter of 4 % a year on what managers have not placed, on which they take their fee, too.

    Part of it goes on to savers, whose income it is.
    """
    model = aimarket.MarketModel("baseline", rng=7, parameters={"risk_free_rate": 0.04}, strict=True)
    for phase in QUARTER[:6]:
        phase.run(model)
    pay_running_costs(model)
    flows = model.ledger.flows()
    idle = -flows["fees", "asset_managers"] / model.parameters.management_fee
    kept = total(model.managers.cash + model.managers.distributed)
    assert kept == pytest.approx(idle * (1.01 - model.parameters.management_fee))
    assert flows[ROW, "asset_managers"] == pytest.approx(0.01 * idle)
    assert flows[ROW, "economy"] == pytest.approx(-0.01 * idle)


def test_the_normal_return_is_that_of_deposits_and_a_hurdle():
    """A quarter of 5 %, and .4 %."""
    model = aimarket.MarketModel("baseline", parameters={"risk_free_rate": 0.05, "hurdle_return": 0.004})
    assert normal_return(model.parameters) == pytest.approx(0.0165)


def test_the_normal_return_is_within_managers_reach():
    """From 2026 to 2029 managers earn more in the mean than they call normal, 1.5 % a quarter, but for one year.

    Values are discounted profits, which fall in 2028: 1.3 % in that year, 1.9 % in all.
    """
    returns = aimarket.run_ensemble("baseline", 32, 16, 7, record=("indicators",)).values("manager_return")
    by_year = returns.reshape(4, 4, -1).mean((1, 2))
    assert by_year.mean() > 0.015
    assert (by_year > 0.015).sum() >= 3


def test_dear_money_raises_what_managers_call_normal_as_it_does_what_they_earn_on_deposits():
    """Two points on money are half a point a quarter on both: moods and savers do not sour at a rate."""
    cheap, dear = (
        normal_return(aimarket.MarketModel("baseline", parameters={"risk_free_rate": rate}).parameters)
        for rate in (0.03, 0.05)
    )
    assert dear - cheap == pytest.approx(0.005)
