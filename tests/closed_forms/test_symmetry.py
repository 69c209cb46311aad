"""Equal firms stay equal, and without chance there is one history."""

import numpy as np
import pytest

import aimarket

from ..builders import all_different, identical_labs

QUARTERS = 40
ROUNDING = np.spacing(0.2)
"""The last bit of a share of one fifth."""


@pytest.fixture(scope="module")
def five_alike():
    """Five identical labs after 40 quarters without chance, their history kept."""
    model = aimarket.MarketModel(start=identical_labs(5), parameters={"chance": 0})
    for _ in range(QUARTERS):
        model.step()
    return model


def test_identical_labs_share_the_market_equally(five_alike):
    """T3: every share is .2, to the last bit, in each of 40 quarters."""
    shares = five_alike.history.series("ai_labs").values["market_share"]
    assert np.abs(shares - 0.2).max() <= ROUNDING


def test_identical_labs_stay_identical_in_everything(five_alike):
    """T3: fleets, training and all else that a lab remembers are the same in all labs, bit for bit."""
    labs = five_alike.labs
    unequal = [name for name, column in labs.columns.items() if (column != column[:1]).any()]
    assert unequal == []


def test_identical_labs_did_something(five_alike):
    """T3 would hold in a dead world too: these labs have grown and have shipped models."""
    labs = five_alike.labs
    assert (labs.releases > 5.0).all()
    assert (labs.all.compute > 10.0).all()


@pytest.mark.parametrize("scenario", ["baseline", "deal_35bn"])
def test_without_chance_replicates_are_identical(scenario):
    """T4: the spread between replicates is zero in every column of every kind."""
    model = aimarket.MarketModel(scenario, start=all_different(), replicates=5, parameters={"chance": 0})
    for _ in range(QUARTERS):
        model.step()
    tables = [*model.populations, model.economy]
    differing = [
        f"{table.title}.{name}"
        for table in tables
        for name, column in table.columns.items()
        if (column != column[..., :1]).any()
    ]
    assert differing == []


def test_with_chance_replicates_differ():
    """T4 compares what chance would have moved."""
    model = aimarket.MarketModel(replicates=5)
    for _ in range(4):
        model.step()
    assert np.unique(model.labs.log_efficiency[0]).size == 5
