"""Which labs are noted at the limit of what they rent."""

import numpy as np

import aimarket
from aimarket.agents.rules.limits import LIMITS
from aimarket.model.markets.planning import plan, publish


def planned(demand):
    """A market whose labs have planned for so many times the demand, and which of them rent and are at the limit."""
    model = aimarket.MarketModel("baseline", rng=7)
    model.step()
    labs = model.labs
    labs.commit(demanded=demand * labs.demanded)
    publish(model)
    plan(model)
    renting = labs.active * (1.0 - labs.integrated) * (1.0 - labs.is_housed)
    return model, renting, labs.at_limit[:, LIMITS.index("rent")]


def test_a_renter_that_adds_all_it_can_is_at_the_limit_whatever_part_it_builds_itself():
    model, renting, at_limit = planned(1e5)
    assert (model.labs.routes[:, 0] > 0.02)[renting > 0.0].all()
    assert np.array_equal(at_limit, renting)


def test_nobody_is_at_the_limit_who_rents_as_usual():
    _, _, at_limit = planned(1.0)
    assert not at_limit.any()
