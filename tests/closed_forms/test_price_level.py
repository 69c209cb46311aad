"""Money is a veil: a scale on every amount of money changes nothing real."""

import numpy as np
import pytest

import aimarket

QUARTERS = 40
REPLICATES = 2


HARD_TIMES = {"demand_available": 1e-3}
"""Hardly any customers, so that floors on spending bind and firms default."""


def run(scenario, level, parameters):
    parameters = {"price_level": level, **parameters}
    model = aimarket.MarketModel(scenario, rng=3, replicates=REPLICATES, parameters=parameters, record=("ai_labs",))
    for _ in range(QUARTERS):
        model.step()
    return model.history.series("ai_labs").values


@pytest.fixture(
    scope="module",
    params=[("baseline", {}), ("deal_35bn", {}), ("deal_stress", {}), ("baseline", HARD_TIMES)],
    ids=["baseline", "deal", "lease that fails", "hard times"],
)
def levels(request):
    """The labs of one world at a price level of 1 and of 2."""
    scenario, parameters = request.param
    return run(scenario, 1.0, parameters), run(scenario, 2.0, parameters)


def test_the_price_level_moves_no_market_share(levels):
    """T2: shares are equal to 1e-10 after 40 quarters."""
    one, two = levels
    assert np.abs(two["market_share"] - one["market_share"]).max() <= 1e-10


def test_the_price_level_moves_no_fleet(levels):
    """T2: fleets are equal to 1e-9 after 40 quarters."""
    one, two = levels
    np.testing.assert_allclose(two["compute"], one["compute"], rtol=1e-9, atol=1e-9)


def test_the_price_level_scales_revenue(levels):
    """T2: revenue doubles with the price level, to 1e-9; labs without compute have none, as after a default."""
    one, two = levels
    earned = one["revenue"] > 0.0
    np.testing.assert_allclose(two["revenue"][earned] / one["revenue"][earned], 2.0, rtol=1e-9)
    assert np.array_equal(earned, (one["active"] + one["exited"] > 0.0) & (one["powered_compute"] > 0.0))


@pytest.mark.parametrize("column", ["cash", "debt", "value", "fixed_assets", "capex", "research_labour"])
def test_the_price_level_scales_every_balance(levels, column):
    """T2: what is money doubles with the price level, to ten dollars of what is the difference of hundreds of bn."""
    one, two = levels
    np.testing.assert_allclose(two[column], 2.0 * one[column], rtol=1e-9, atol=1e-8)
