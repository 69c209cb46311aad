"""Moods calm down when contagion is weak, and split into boom and bust when it is strong."""

import numpy as np
import pytest
from scipy.optimize import brentq

import aimarket
from aimarket.model.markets.planning import publish
from aimarket.model.markets.valuation import value_firms

QUIET = {"chance": 0, "mood_return": 0.0}
"""No chance, and no response to returns."""


def mood_after(quarters, first, contagion, memory=0.75):
    """Let moods spread with constant funding; return the mean mood."""
    model = aimarket.MarketModel(parameters={**QUIET, "mood_memory": memory})
    model.parameters.mood_contagion = contagion  # outside its range above .9, where the table asks for it
    model.managers.commit(sentiment=np.full(model.managers.sentiment.shape, first))
    publish(model)
    for _ in range(quarters):
        model.economy.commit(funding=model.economy.funding_trend)
        value_firms(model)
    assert np.ptp(model.managers.sentiment) == 0.0
    return model.managers.sentiment[0, 0]


def persistent_mood(contagion, memory=0.75):
    """The mood above zero that keeps itself: z = tanh((z_rho + (1 - z_rho) z_herd) z)."""
    pull = memory + (1.0 - memory) * contagion
    return brentq(lambda z: np.tanh(pull * z) - z, 1e-3, 1.0, xtol=1e-14)


@pytest.mark.parametrize("contagion", [0.0, 0.35, 0.9])
@pytest.mark.parametrize("first", [0.8, -0.8])
def test_moods_calm_down_when_contagion_is_below_one(contagion, first):
    """T17: zero is stable while z_rho + (1 - z_rho) z_herd < 1."""
    assert abs(mood_after(500, first, contagion)) < 1e-4


@pytest.mark.parametrize("memory", [0.5, 0.75])
def test_a_small_mood_fades_at_the_rate_of_the_table(memory):
    """T17: near zero a mood shrinks by z_rho + (1 - z_rho) z_herd in a quarter."""
    left = mood_after(8, 1e-5, 0.35, memory) / 1e-5
    assert left == pytest.approx((memory + (1.0 - memory) * 0.35) ** 8, rel=1e-8)


@pytest.mark.parametrize("contagion", [1.2, 2.0])
@pytest.mark.parametrize("first", [0.01, 0.9])
def test_strong_contagion_makes_two_lasting_moods(contagion, first):
    """T17: above one there are two symmetric fixed points away from zero, and moods go to the one on their side."""
    lasting = persistent_mood(contagion)
    assert mood_after(500, first, contagion) == pytest.approx(lasting, rel=1e-9)
    assert mood_after(500, -first, contagion) == pytest.approx(-lasting, rel=1e-9)


def test_no_mood_at_all_stays_none():
    """T17: zero is a fixed point on either side of one."""
    assert mood_after(50, 0.0, 1.2) == 0.0
