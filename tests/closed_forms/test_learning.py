"""What is learned: by making, by research, from others, and by customers from one another."""

import numpy as np
import pytest

import aimarket
from aimarket import AILab
from aimarket.agents.rules.learning import bass, efficiency_growth, wright
from aimarket.model.markets.demand import leads, potential_demand
from aimarket.model.markets.industry import generations_due
from aimarket.model.markets.planning import publish
from aimarket.model.markets.research import run_research
from aimarket.model.markets.services import sell_services

from ..builders import identical_labs, one_lab_one_vendor

ALONE = np.ones((1, 1))
NO_RESEARCH, NO_SPILLOVER, NO_EXAMPLE = 0.0, 0.0, 0.0


class PaysFromSales(AILab):
    """A lab that pays researchers exactly what it sells."""

    def pay_researchers(self, signals):
        return self.revenue + 0.0


@pytest.mark.parametrize("rate", [0.05, 0.10, 0.25])
def test_a_doubling_of_output_cuts_cost_by_the_learning_rate(rate):
    """T12: the cost ratio per doubling is one less the learning rate, exactly."""
    assert wright(2.0 * 7.3, 7.3, rate) == pytest.approx(1.0 - rate, rel=1e-15)


def test_cost_falls_along_a_straight_line_in_logs():
    """T12: at a rate of 10 percent the slope is log2(.9) = -.152003 everywhere."""
    made = np.geomspace(1.0, 1e4, 50)
    slope = np.diff(np.log(wright(made, 1.0, 0.10))) / np.diff(np.log(made))
    np.testing.assert_allclose(slope, np.log2(0.9), rtol=1e-10)
    assert np.log2(0.9) == pytest.approx(-0.152003, abs=5e-7)


@pytest.mark.parametrize("rate", [0.10, 0.20])
def test_vendors_learn_along_wrights_line(rate):
    """T12 in the model: unit costs, generations taken out, follow each vendor's own output for 40 quarters."""
    model = aimarket.MarketModel(rng=2, replicates=3, parameters={"chip_learning": rate})
    for _ in range(40):
        model.step()
    vendors = model.vendors
    sells = vendors.active[:, 0] > 0.0
    fall = np.log(vendors.unit_cost / (vendors.initial_unit_cost * vendors.generation_cost))[sells]
    slope = fall / np.log(vendors.output_ever / vendors.initial_output)[sells]
    np.testing.assert_allclose(slope, np.log2(1.0 - rate), rtol=1e-10)


@pytest.mark.parametrize(("sold", "hastened"), [(1.0, 1.0), (4.0, 4.0**0.3), (100.0, 2.0), (0.01, 0.5)])
def test_research_hastens_generations_within_limits(sold, hastened):
    """P12: where research is x times that of the start, 1 - exp(-.45 clip(x^.3, .5, 2)) of waiting vendors come out."""
    many = 2_000
    model = aimarket.MarketModel(rng=5, replicates=many, parameters={"generation_research": 0.3}, record=())
    vendors = model.vendors
    vendors.commit(since_generation=vendors.since_generation + 9.0, sales=sold * vendors.first_sales)
    came = generations_due(model)
    expected = 1.0 - np.exp(-0.45 * hastened)
    for row in np.flatnonzero(vendors.active[:, 0]):
        assert came[row].mean() == pytest.approx(expected, abs=4.0 * np.sqrt(expected * (1.0 - expected) / many))


def test_ideas_come_at_the_pace_of_effort_over_difficulty():
    """T13: with effort growing at 5 percent, growth of efficiency goes to .4 x .05 / .25 = .08 a quarter."""
    log_efficiency = np.zeros((1, 1))
    for quarter in range(800):
        growth = efficiency_growth(np.exp(0.05 * quarter) * ALONE, log_efficiency, 0.27, 0.4, 0.25)
        log_efficiency = log_efficiency + growth
    assert growth[0, 0] == pytest.approx(0.08, rel=1e-6)


def test_a_lab_alone_progresses_at_the_steady_pace():
    """T13 in the model: researchers' pay and compute grow at 5 percent, and efficiency at .08 a quarter."""
    model = aimarket.MarketModel(
        start=one_lab_one_vendor(),
        firms={"Lab": PaysFromSales},
        parameters={"chance": 0, "effort_returns": 0.4, "fishing_out": 0.25},
    )
    publish(model)
    for quarter in range(600):
        size = np.exp(0.05 * quarter) * ALONE
        before = model.labs.log_efficiency
        model.labs.commit(revenue=size, research=size)
        run_research(model)
    assert (model.labs.log_efficiency - before)[0, 0] == pytest.approx(0.08, rel=1e-5)


def test_followers_close_a_fixed_part_of_the_gap():
    """T14: without research of their own, an eighth less of the lag remains each quarter: .88^t."""
    efficiency = [1.0, 0.85, 0.5]
    model = aimarket.MarketModel(start=identical_labs(3, efficiency=efficiency), parameters={"chance": 0})
    model.parameters.progress_rate = NO_RESEARCH  # outside its range: research of their own would hide the leak
    publish(model)
    gap = model.labs.log_efficiency[0] - model.labs.log_efficiency[1:]
    for quarter in range(1, 13):
        run_research(model)
        now = model.labs.log_efficiency[0] - model.labs.log_efficiency[1:]
        np.testing.assert_allclose(now, gap * 0.88**quarter, rtol=1e-12)


def test_the_leader_learns_nothing_from_followers():
    """T14: the frontier stands still while others catch up."""
    model = aimarket.MarketModel(start=identical_labs(2, efficiency=[1.0, 0.5]), parameters={"chance": 0})
    model.parameters.progress_rate = NO_RESEARCH
    publish(model)
    run_research(model)
    assert model.labs.log_efficiency[0, 0] == 0.0


def test_half_adopted_services_spread_by_imitation_alone():
    """T19: with M constant, p = 0, N = M/2 and q = .35, adoption grows by .0875 M."""
    potential = np.array([200.0])
    assert (bass(potential / 2.0, potential, 0.0, 0.35) - potential / 2.0)[0] == pytest.approx(
        0.0875 * 200.0, rel=1e-15
    )


def test_the_service_market_spreads_by_imitation_alone():
    """T19 in the model: from half of potential, one quarter adds .0875 of it."""
    model = aimarket.MarketModel(parameters={"imitation": 0.35})
    model.parameters.innovation = NO_EXAMPLE  # outside its range: to leave imitation alone is what the table asks
    publish(model)
    potential = potential_demand(model, leads(model))
    model.economy.commit(adoption=potential / 2.0)
    sell_services(model)
    np.testing.assert_allclose(model.economy.adoption - potential / 2.0, 0.0875 * potential, rtol=1e-14)
