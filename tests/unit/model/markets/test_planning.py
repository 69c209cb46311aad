"""What firms are told before they plan."""

import numpy as np

import aimarket
from aimarket.model.markets.planning import publish


def test_chips_on_order_take_room_in_the_halls_that_landlords_have():
    """Room of 3 GW of finished halls more is 3 / PUE, less what the accelerators draw that are still to come."""
    rooms = []
    for orders in (0.0, 1.0):
        model = aimarket.MarketModel("baseline", rng=7)
        clouds, vendors = model.clouds, model.vendors
        clouds.commit(halls=clouds.halls + 20.0)
        vendors.commit(backlog=orders * vendors.backlog)
        publish(model)
        rooms.append(model.signals.landlord_room)
        drawn = (clouds.all.chips_coming * vendors.unit_power).sum(1)
    awake = clouds.active > 0.0
    assert (drawn[awake] > 0.01).all()
    np.testing.assert_allclose((rooms[0] - rooms[1])[awake], drawn[awake], rtol=1e-12)
