"""The price of power to expect, and who enters where plants earn far above the cost of capital."""

import numpy as np
import pytest

import aimarket
from aimarket.model.markets.power import clear_power


def standing_still(**changed):
    """Return a market in which load, plants and storage stay as they are, after power has been cleared."""
    model = aimarket.MarketModel(parameters={"base_growth": 0.0, "growth_fade": 0.12})
    energy, economy = model.energy, model.economy
    nothing = np.zeros(1)
    energy.commit(retirement=0.0 * energy.retirement, building=0.0 * energy.building)
    economy.commit(load_growth=nothing, ai_load=nothing, **changed)
    clear_power(model)
    return model


def test_where_nothing_moves_the_price_to_come_is_that_of_the_day():
    economy = standing_still().economy
    assert economy.forward_price[0] == pytest.approx(economy.power_price[0], rel=1e-12)


def test_load_that_grows_faster_than_plants_makes_power_to_come_dear():
    economy = standing_still(base_load=np.array([790.0])).economy
    model = aimarket.MarketModel(parameters={"base_growth": 0.0})
    model.energy.commit(retirement=0.0 * model.energy.retirement, building=0.0 * model.energy.building)
    model.economy.commit(load_growth=np.array([0.2]), ai_load=np.zeros(1), base_load=np.array([790.0]))
    clear_power(model)
    assert model.economy.power_price[0] == pytest.approx(economy.power_price[0], rel=1e-12)
    assert model.economy.forward_price[0] > economy.forward_price[0]


def test_expected_growth_of_load_moves_by_a_quarter_of_the_news():
    model = standing_still()
    load = model.economy.ai_load[0]
    model.economy.commit(ai_load=np.array([load / np.exp(0.2)]), load_growth=np.array([0.1]))
    clear_power(model)
    assert model.economy.load_growth[0] == pytest.approx(0.75 * 0.1 + 0.25 * 0.2)


@pytest.mark.parametrize(("excess", "entry"), [(-0.1, 0.0), (0.0, 0.0), (0.2, 0.1 * (1.0 - np.exp(-0.6)))])
def test_others_enter_where_plants_earn_more_than_a_margin_beyond_the_cost_of_capital(excess, entry):
    """smooth_cap(.3 x excess, .1) of capacity: a yield .2 beyond rate, depreciation and margin brings .045 of it."""
    model = aimarket.MarketModel()
    energy, p = model.energy, model.parameters
    yearly = energy.quoted_rate + 4.0 * p.depreciation_energy + p.entry_margin + excess
    earned = yearly * energy.capacity * energy.capital_cost / 4.0
    energy.commit(earnings=earned - p.depreciation_energy * energy.fixed_assets)
    np.testing.assert_allclose(energy.all.entry(model.signals) / energy.capacity, entry, atol=1e-12)
