"""Customers choose by a logit, and only some of them choose again each quarter."""

import numpy as np
import pytest

from aimarket import AILab, MarketModel
from aimarket.agents.rules.choice import logit, sticky_shares
from aimarket.model.markets.planning import publish
from aimarket.model.markets.services import sell_services

from ..builders import two_labs

BOTH = np.ones((2, 1))
NOBODY_LIKES = -200.0
ENTERPRISE = 1


class FixedPrice(AILab):
    """A lab that never changes its price."""

    def set_price(self, signals):
        return self.price + 0.0


def two_sellers(capability=(0.0, 0.0), price=(1.0, 1.0), share=(0.5, 0.5), **parameters):
    """Two labs with a given ability, price and share, no brand, and customers who choose between them alone."""
    start = two_labs(capability=list(capability))
    lasting = parameters | {"brand_memory": 1.0}
    model = MarketModel(start=start, firms=dict.fromkeys(start.names("ai_labs"), FixedPrice), parameters=lasting)
    everywhere = np.ones((1, 3, 1))
    prices, shares = (np.array(values)[:, None, None] * everywhere for values in (price, share))
    model.labs.commit(price=prices, share=shares, brand=np.zeros((2, 3, 1)), strength=np.zeros((2, 3, 1)))
    model.economy.commit(fringe_share=np.zeros((3, 1)), fringe_brand=np.full((3, 1), NOBODY_LIKES))
    publish(model)
    return model


def shares(model):
    """The shares of two labs in the segment of enterprises."""
    return model.labs.share[:, ENTERPRISE, 0]


def test_a_better_model_wins_the_logit_share():
    """T6: a gap of .2 OOM at a weight of 2 gives e^.4 / (1 + e^.4) = .598688."""
    share = logit(np.array([[2.0 * 0.2], [0.0]]), BOTH)
    assert share[0, 0] == pytest.approx(np.exp(0.4) / (1.0 + np.exp(0.4)), abs=1e-15)
    assert share[0, 0] == pytest.approx(0.598688, abs=5e-7)


def test_a_double_price_costs_the_logit_odds():
    """T6: twice the price at a weight of 1.5 gives odds of 2^-1.5 = .353553."""
    share = logit(np.array([[-1.5 * np.log(2.0)], [0.0]]), BOTH)
    assert share[0, 0] / share[1, 0] == pytest.approx(0.353553, abs=5e-7)


def test_nobody_chooses_what_is_not_on_offer():
    """T6: an option that is not on offer has no share, whatever its utility."""
    assert logit(np.array([[99.0], [0.0]]), np.array([[0.0], [1.0]])).tolist() == [[0.0], [1.0]]


def test_the_market_settles_at_the_logit_share():
    """T6 in the model: from equal shares, the better lab's share converges to .598688."""
    model = two_sellers(capability=(0.2, 0.0), enterprise_capability_weight=2.0)
    for _ in range(200):
        sell_services(model)
    assert shares(model)[0] == pytest.approx(np.exp(0.4) / (1.0 + np.exp(0.4)), abs=1e-12)


def test_the_market_settles_at_the_price_odds():
    """T6 in the model: a lab at twice the price ends with odds of 2^-1.5."""
    model = two_sellers(price=(2.0, 1.0), enterprise_price_weight=1.5)
    for _ in range(200):
        sell_services(model)
    dear, cheap = shares(model)
    assert dear / cheap == pytest.approx(2.0**-1.5, abs=1e-12)


def test_each_segment_weighs_quality_in_its_own_way():
    model = two_sellers(capability=(0.2, 0.0))
    for _ in range(300):
        sell_services(model)
    odds = np.log(model.labs.share[0] / model.labs.share[1])[:, 0]
    np.testing.assert_allclose(odds, [0.2 * 1.5, 0.2 * 2.0, 0.2 * 2.5], rtol=1e-12)


def test_eight_quarters_leave_a_sixth_of_a_lead():
    """T7: with a fifth choosing again, (1 - .2)^8 = .16777216 of the distance to the target is left."""
    target = np.array([[0.3], [0.7]])
    share = np.array([[0.9], [0.1]])
    for _ in range(8):
        share = sticky_shares(share, target, 0.2)
    np.testing.assert_allclose((share - target) / 0.6, [[0.16777216], [-0.16777216]], rtol=1e-13)


def test_the_market_forgets_a_lead_at_the_pace_of_choice():
    """T7 in the model: after 8 quarters with constant utility .16777216 of a lead is left."""
    model = two_sellers((0.2, 0.0), share=(0.1, 0.9), enterprise_capability_weight=2.0, enterprise_switching=0.2)
    settled = np.exp(0.4) / (1.0 + np.exp(0.4))
    for _ in range(8):
        sell_services(model)
    assert (shares(model)[0] - settled) / (0.1 - settled) == pytest.approx(0.16777216, rel=1e-12)
