"""What comes with a delivery: compute by the chips' performance on the day, and the power that they draw."""

import numpy as np
import pytest

import aimarket
from aimarket.agents.state.arrays import total
from aimarket.model.markets.cluster_prices import cluster_price
from aimarket.model.quarter import QUARTER

WEDGE = 1.5


def delivered(scenario, column, wedge):
    """What the first quarter's deliveries add to a column of labs."""
    model = aimarket.MarketModel(scenario, rng=7, parameters={"compute_wedge": wedge})
    kept = model.labs.columns[column] * (1.0 - model.parameters.wear)
    model.step()
    return model.labs.columns[column] - kept


@pytest.mark.parametrize(("column", "factor"), [("fleet", WEDGE), ("fleet_power", 1.0)])
def test_a_compute_wedge_brings_more_compute_and_no_more_power(column, factor):
    """Chips that do half as much again at the same price draw the same power."""
    usual, better = (delivered("baseline", column, wedge) for wedge in (1.0, WEDGE))
    assert better == pytest.approx(factor * usual)


def test_a_vehicles_chips_gain_by_its_lessees_wedge_and_draw_the_usual_power():
    done = []
    for wedge in (1.0, WEDGE):
        model = aimarket.MarketModel("deal_reported", rng=7, parameters={"compute_wedge": wedge})
        while not model.vehicles.fleet.any():
            model.step()
        done.append(total(model.vehicles.fleet, 1) / model.vehicles.fleet_power)
    assert done[1] == pytest.approx(WEDGE * done[0])


def through_deliveries(model):
    """Run a quarter up to its deliveries, and return what vendors' chips did on the day."""
    for phase in QUARTER:
        phase.run(model)
        if phase.code == "P10":
            performance, price = model.vendors.performance, model.vendors.price + cluster_price(model)
    model.quarter += 1
    return performance, price


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
    for _ in range(6):
        model.step()
    for phase in QUARTER[:8]:
        phase.run(model)
    signals = model.signals
    price, clusters = model.vendors.price, cluster_price(model)
    assert np.array_equal(signals.chip_landed_price, price + clusters)
    assert (clusters < 0.98 * model.parameters.cluster_cost * price).all()
