"""Without customers no lab lives for ever, whoever lends."""

import pytest

import aimarket

QUARTERS = 60
NO_CUSTOMERS = {"demand_available": 1e-9}
NO_FINANCE = {"credit_crunch": 1.0}
"""Managers place nothing and the outside sector buys no shares."""


def defaults_after(quarters, parameters):
    """Return how often each lab that was active at the start has defaulted, shape (labs, R)."""
    model = aimarket.MarketModel(rng=1, replicates=4, parameters=parameters, record=())
    awake = model.labs.active[:, 0] > 0.0
    for _ in range(quarters):
        model.step()
    return model.labs.defaults[awake]


@pytest.mark.parametrize("finance", [NO_FINANCE, {}], ids=["without finance", "with finance"])
def test_without_demand_every_lab_defaults(finance):
    """T5: every lab that is active at the start has defaulted within 60 quarters, with finance and without."""
    assert (defaults_after(QUARTERS, NO_CUSTOMERS | finance) >= 1.0).all()


def test_with_demand_no_lab_defaults_in_five_years():
    """T5 is about demand: with customers, and all else alike, nobody defaults for five years."""
    assert (defaults_after(20, {}) == 0.0).all()
