"""Holders of shares stand by a lab that is out of cash, where it is worth far more than it lacks (P8)."""

import numpy as np
import pytest

import aimarket
from aimarket.model.accounting.identities import TOLERANCE
from aimarket.model.markets.capital import raise_capital
from aimarket.model.markets.planning import publish

LAB = 1


def short_of(part, **parameters):
    """A market in which Anthropic lacks part of its value, after a round of lending in which it asked for nothing."""
    model = aimarket.MarketModel("baseline", rng=7, replicates=2, parameters=parameters)
    model.step()
    publish(model)
    for firms in model.borrowers:
        nothing = np.zeros_like(firms.cash)
        firms.commit(debt_request=nothing, equity_request=nothing)
    gone = np.zeros_like(model.labs.cash)
    gone[LAB] = model.labs.cash[LAB] + part * model.labs.value[LAB]
    model.ledger.transfer("a fine", model.labs, model.economy, paid=gone)
    held, value = model.labs.equity_held[LAB].copy(), model.labs.value[LAB].copy()
    raise_capital(model)
    return model, held, value


def test_holders_pay_all_that_is_lacking_and_keep_their_stakes():
    """A fifth of its value is within what they bear, a quarter; who pays by his stake is not diluted."""
    model, held, value = short_of(0.2)
    np.testing.assert_allclose(model.labs.cash[LAB], 0.0, atol=1e-9)
    np.testing.assert_allclose(model.labs.equity_raised[LAB], 0.2 * value)
    np.testing.assert_allclose(model.labs.equity_held[LAB], held, rtol=1e-9)
    np.testing.assert_allclose(model.economy.funding, 0.2 * value)


@pytest.mark.parametrize(
    ("part", "parameters"), [(0.3, {}), (0.2, {"rights_limit": 0.1}), (0.2, {"credit_crunch": 0.5})]
)
def test_holders_pay_nothing_where_more_is_lacking_than_they_bear(part, parameters):
    model, held, value = short_of(part, **parameters)
    np.testing.assert_allclose(model.labs.cash[LAB], -part * value)
    np.testing.assert_allclose(model.labs.equity_held[LAB], held)


def test_who_is_saved_goes_on_with_what_it_rents_and_books_hold():
    model, _, _ = short_of(0.2)
    rented = model.labs.rented[LAB].copy()
    model.step()
    assert (model.labs.defaults[LAB] == 0.0).all()
    assert (model.labs.rented[LAB] >= 0.9 * rented).all()
    assert max(model.checks().values()) < TOLERANCE
