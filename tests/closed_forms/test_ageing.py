"""With steady or steadily growing deliveries fleets come to hold as many old chips as the arithmetic says."""

import numpy as np
import pytest

import aimarket
from aimarket.model.markets.chips import deliver_chips

from ..builders import chosen, one_tenant_one_cloud

PLENTY = 1e30
SETTLED = 160
ONE = np.ones((1, 1))


def landlord():
    """Return a model whose vendor, builders of clusters and landlord are never short; running costs are the start's."""
    start = chosen(one_tenant_one_cloud(running=1e-9, arriving=0.0), "chip_vendors", (0,), ("Vendor",))
    model = aimarket.MarketModel(start=start)
    model.economy.commit(wafers=PLENTY * np.ones(1))
    model.equipment.commit(capacity=np.full_like(model.equipment.capacity, PLENTY))
    model.clouds.commit(cash=PLENTY * ONE)
    return model


def deliver(model, compute):
    """Let the landlord order an amount of compute, M H100e, and get it at once; nobody else orders."""
    vendors = model.vendors
    ordered = np.zeros_like(vendors.backlog)
    ordered[:, model.clouds.customers] = compute / vendors.performance[:, None]
    nothing = np.zeros_like(vendors.backlog)
    vendors.commit(backlog=ordered)
    model.ledger.post(vendors, "order_value", "ordered", nothing)
    deliver_chips(model)


def after(growth):
    """Return the landlord's table after deliveries of 1 M H100e and more, which grow in logs, and the last of them."""
    model = landlord()
    for quarter in range(SETTLED):
        deliver(model, np.exp(growth * quarter))
    return model.clouds, np.exp(growth * (SETTLED - 1))


def test_with_steady_deliveries_chips_are_young_for_twelve_quarters_and_old_for_eight():
    """R8: young 12 x, old 8 x."""
    clouds, delivered = after(0.0)
    old = clouds.old_fleet[0, 0]
    assert old == pytest.approx(8.0 * delivered, rel=1e-5)
    assert clouds.all.compute[0, 0] - old == pytest.approx(12.0 * delivered, rel=1e-5)


def test_with_steady_deliveries_a_twentieth_of_the_fleet_retires():
    """R8: 5 % a quarter."""
    clouds, _ = after(0.0)
    assert clouds.retired[0, 0] / clouds.all.compute[0, 0] == pytest.approx(0.05, rel=1e-5)


def test_in_a_fleet_that_grows_by_three_tenths_a_quarter_few_chips_are_old():
    """R8: .149 of it are old, and 1.87 % retire."""
    clouds, delivered = after(0.30)
    fleet = clouds.all.compute[0, 0]
    assert clouds.old_fleet[0, 0] / fleet == pytest.approx(0.149, abs=5e-4)
    assert clouds.retired[0, 0] / (fleet - delivered + clouds.retired[0, 0]) == pytest.approx(0.0187, abs=5e-5)


def test_chips_that_came_last_are_those_that_arrive():
    """What was delivered in the last quarter is what does not run yet."""
    clouds, delivered = after(0.0)
    assert clouds.arriving[0, 0] == pytest.approx(delivered)


@pytest.mark.parametrize(("dearness", "pace"), [(1.0, 1.0), (1.5, 1.5), (5.0, 2.0), (0.1, 0.5)])
def test_the_dearer_an_hour_is_to_run_the_sooner_old_chips_leave(dearness, pace):
    """Old chips leave by 1/8 a quarter times running cost over spot, of that at the start, between a half and two."""
    model = landlord()
    for _ in range(SETTLED):
        deliver(model, 1.0)
    economy, clouds = model.economy, model.clouds
    economy.commit(running_cost=dearness * economy.first_cost_ratio * economy.spot_price)
    old = clouds.old_fleet[0, 0]
    deliver(model, 1.0)
    assert clouds.retired[0, 0] == pytest.approx(pace * old / 8.0)
