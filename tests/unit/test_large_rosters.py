"""A roster of many more firms than the data have runs as it stands, and its state grows no faster than its pairs."""

import numpy as np
import pytest

import aimarket

from ..builders import longer

LABS, VENDORS, MANAGERS = 30, 8, 15


@pytest.fixture(scope="module")
def crowd():
    start = None
    for kind, count in (("ai_labs", LABS), ("chip_vendors", VENDORS), ("asset_managers", MANAGERS)):
        start = longer(kind, count - len(aimarket.load_start().roster[kind]), start)
    return aimarket.MarketModel("deal_35bn", start=start, rng=7, strict=True)


def pairs(model):
    owners, borrowers = (sum(map(len, tables)) for tables in (model.owners, model.borrowers))
    return owners * len(model.vendors) + borrowers * len(model.managers) + len(model.labs) * len(model.clouds)


def size(model):
    return sum(array.size for table in model.ledger.tables.values() for array in table.columns.values())


def test_thirty_labs_eight_vendors_and_fifteen_managers_run(crowd):
    for _ in range(4):
        crowd.step()
    assert [len(crowd.labs), len(crowd.vendors), len(crowd.managers)] == [LABS, VENDORS, MANAGERS]
    assert max(crowd.checks().values()) < 1e-9
    assert all(np.isfinite(array).all() for table in crowd.populations for array in table.columns.values())
    assert crowd.labs.active.sum() == LABS - 1, "all but the dormant one"


def test_what_a_model_holds_grows_no_faster_than_its_pairs(crowd):
    few = aimarket.MarketModel("deal_35bn")
    assert size(crowd) / size(few) < pairs(crowd) / pairs(few)
