"""What comes with a delivery: compute by the chips' performance on the day, and the power that they draw."""

import numpy as np
import pytest

import aimarket
from aimarket.agents.state.arrays import total
from aimarket.model.markets.cluster_prices import cluster_price
from aimarket.model.quarter import QUARTER

WEDGE = 1.5


def run_with(wedge, scenario="deal_reported", quarters=8):
    """Labs that have run for some quarters and get so much out of every chip."""
    model = aimarket.MarketModel(scenario, rng=7, parameters={"compute_wedge": wedge})
    for _ in range(quarters):
        model.step()
    return model


def test_a_compute_wedge_counts_for_whatever_runs_for_a_lab():
    """Chips that do half as much again: its own, its vehicle's, those it rents and keeps, its parent's cloud's."""
    model = run_with(WEDGE)
    labs = model.labs
    there = labs.own_compute - labs.in_house + labs.rented - labs.sublet + labs.housed
    assert labs.leased_fleet.any()
    assert (labs.rented > 0.0).any()
    assert (labs.housed > 0.0).any()
    assert labs.powered_compute == pytest.approx(WEDGE * there, rel=1e-12)


def test_who_gets_more_out_of_a_chip_wants_fewer():
    """By as much as each does more, where demand and algorithms are the same."""
    wanted = []
    for wedge in (1.0, WEDGE):
        model = aimarket.MarketModel("baseline", rng=7, parameters={"compute_wedge": wedge})
        model.labs.commit(demanded=np.ones_like(model.labs.demanded))
        wanted.append(model.labs.all.wanted_compute(4.0, model.signals))
    assert wanted[0] == pytest.approx(WEDGE * wanted[1], rel=1e-12)


def through_deliveries(model):
    """Run a quarter up to its deliveries, and return what vendors' chips did on the day."""
    for phase in QUARTER:
        phase.run(model)
        if phase.code == "P10":
            performance, price = model.vendors.performance, model.vendors.price + cluster_price(model)
    model.quarter += 1
    return performance, price


def test_a_compute_wedge_makes_no_chip_more_than_it_is():
    """Fleets count what chips do for everybody, and draw its power."""
    model = run_with(WEDGE, "baseline", 0)
    labs, vendors = model.labs, model.vendors
    performance, _ = through_deliveries(model)
    units = vendors.delivered[:, labs.customers]
    assert units.any()
    assert labs.arriving == pytest.approx(total(units * performance[:, None]), rel=1e-12)


@pytest.fixture(scope="module")
def renewed():
    """A quarter that ends with a new generation: the model after it, and performance and landed price on the day."""
    model = aimarket.MarketModel("baseline", rng=7)
    for _ in range(12):
        performance, price = through_deliveries(model)
        if model.vendors.new_generation.any():
            return model, performance, price
    raise AssertionError("no generation came out in three years")


def test_compute_shipped_is_what_the_chips_did_on_the_day_they_came(renewed):
    """At the performance of the generation that came out afterwards it would be a third too much."""
    model, performance, _ = renewed
    shipped = total(total(model.vendors.delivered, 1) * performance)
    assert model.history.to_frame("indicators")["compute_shipped"].iloc[-1] == pytest.approx(shipped[0])
    assert total(total(model.vendors.delivered, 1) * model.vendors.performance)[0] > 1.02 * shipped[0]


def test_the_landed_price_is_what_was_billed_for_what_came(renewed):
    model, performance, _ = renewed
    billed = total(model.vendors.sales) + model.equipment.sales[3]
    shipped = total(total(model.vendors.delivered, 1) * performance)
    assert model.history.to_frame("indicators")["landed_price"].iloc[-1] == pytest.approx((billed / shipped)[0])


def test_the_concentration_of_vendors_is_that_of_the_compute_that_came(renewed):
    model, performance, _ = renewed
    share = total(model.vendors.delivered, 1) * performance
    share = share / total(share)
    expected = total(share * share)[0]
    assert model.history.to_frame("indicators")["vendor_concentration"].iloc[-1] == pytest.approx(expected)


def test_labs_plan_with_the_price_of_clusters_that_is_billed():
    """Clusters get cheaper as builders learn; plans, commitments and newcomers' plant know that price."""
    model = aimarket.MarketModel("baseline", rng=7)
    for _ in range(10):
        model.step()
    for phase in QUARTER[:8]:
        phase.run(model)
    signals = model.signals
    price, clusters = model.vendors.price, cluster_price(model)
    assert np.array_equal(signals.chip_landed_price, price + clusters)
    assert (clusters < 0.98 * model.parameters.cluster_cost * price).all()
