"""A vendor takes the orders of those whom the roster names; of everybody where it names nobody."""

from dataclasses import replace

import numpy as np
import pytest

import aimarket
from aimarket.agents.state.arrays import total

TPU = "Broadcom and Google TPU"
QUARTERS = 8


def ordered(start, quarters=QUARTERS):
    """Return the model some quarters on and what vendors have delivered beyond what was on order, (vendors, buyers)."""
    model = aimarket.MarketModel(rng=7, start=start)
    begun, came = model.vendors.backlog, 0.0
    for _ in range(quarters):
        model.step()
        came = came + model.vendors.delivered
    return model, (came + model.vendors.backlog - begun)[..., 0]


def buyers(model):
    return np.array([*model.labs.names, *model.clouds.names, "others"])


@pytest.fixture(scope="module")
def start():
    return aimarket.load_start()


def test_strangers_order_nothing_of_a_vendor_that_sells_to_some(start):
    """The rest of the world gets what it has on order, and orders no more."""
    model, units = ordered(start)
    vendor = model.vendors.names.index(TPU)
    assert set(buyers(model)[units[vendor] > 1e-9]) <= start.sold_to[TPU]
    assert units[vendor].sum() > 0.5
    for firms in model.owners:
        mix = firms.vendor_mix[..., 0]
        np.testing.assert_allclose(total(mix, 1), 1.0)
        assert not mix[firms.may_buy[..., 0] == 0.0].any()


def test_everybody_orders_of_a_vendor_that_names_nobody(start):
    model, units = ordered(replace(start, sold_to={}))
    vendor = model.vendors.names.index(TPU)
    assert {"Amazon", "Microsoft", "others"} <= set(buyers(model)[units[vendor] > 1e-3])


def test_access_is_a_matter_of_data_not_of_names(start):
    model, units = ordered(replace(start, sold_to={"NVIDIA": frozenset({"Meta", "Oracle"})}))
    assert set(buyers(model)[units[model.vendors.names.index("NVIDIA")] > 1e-9]) == {"Meta", "Oracle"}


def test_a_vendors_deal_is_access(start):
    """A vehicle that a deal gives a supplier gets its chips, whoever leases them (here until it fails)."""
    deal = aimarket.Deal("TPUs for xAI", "2026Q2", 5.0, "lease", {"xAI": 1.0}, {"Apollo": 1.0}, supplier=TPU)
    model = aimarket.MarketModel(aimarket.load_scenario("baseline").with_deal(deal), rng=7, start=start)
    for _ in range(4):
        model.step()
    assert model.vehicles.fleet[0, model.vendors.names.index(TPU), 0] > 0.0


@pytest.mark.parametrize("quarter", ["2023Q4", "2024Q4", "2025Q4"])
def test_the_roster_names_owners_of_accelerators(quarter):
    start = aimarket.load_start(quarter)
    owners = {*start.names("ai_labs"), *start.names("clouds")}
    assert set(start.sold_to) <= set(start.names("chip_vendors"))
    assert all(named and named <= owners for named in start.sold_to.values())
