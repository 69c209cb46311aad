"""Earmarked money is drawn down by what is paid, and by nothing else."""

import numpy as np

import aimarket
from aimarket.model.deals.earmarks import USE_CHIPS, USES, spend_earmarked


def test_what_rounding_leaves_below_zero_binds_nothing():
    """A prepaid bill leaves -1e-16 to pay: no bound money may come of it where another lab or replicate holds some."""
    model = aimarket.MarketModel("baseline", replicates=2)
    labs = model.labs
    bound = np.zeros((len(labs), len(USES), 2))
    bound[0, USE_CHIPS, 0] = 5.0
    labs.commit(restricted_cash=bound)
    paid = np.full((len(labs), 2), -1e-16)
    spend_earmarked(model, labs, USE_CHIPS, paid, model.payees.outside, paid[:, None])
    assert np.array_equal(labs.restricted_cash, bound)
    assert not labs.restricted_spent.any()
