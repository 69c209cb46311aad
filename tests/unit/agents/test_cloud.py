"""Which chips clouds are better off without: those without a hall that keep better ones out."""

import numpy as np
import pytest

import aimarket
from aimarket.agents.state.arrays import positive, total
from aimarket.model.markets.planning import plan, publish

GROWING = slice(0, 4)
"""Amazon, Microsoft, Alphabet and Oracle: neoclouds want no more than they have at the start."""

WITHOUT_HALLS = 1.6
"""Fleets over what they are at the start, from which on clouds lack halls."""


def before_planning(fleets=WITHOUT_HALLS, **columns):
    """Clouds that know what everybody sees and have not planned yet, with columns times a factor."""
    model = aimarket.MarketModel("baseline", rng=7)
    clouds = model.clouds
    clouds.commit(vendor_mix=np.full_like(clouds.fleet, 1.0 / len(model.vendors)))
    scaled = {"fleet": fleets, "fleet_power": fleets} | columns
    clouds.commit(**{name: factor * clouds.columns[name] for name, factor in scaled.items()})
    publish(model)
    return model


def take_halls(clouds, part):
    """Let tenants' chips stand in a part of each cloud's halls."""
    taken = part * clouds.halls
    clouds.commit(hosting=taken, hosted=np.ones_like(clouds.hosted) * (taken / clouds.hosted.shape[1])[:, None])


def parts(model):
    """Power without a hall, power in the way of what is wanted, and power given up, GW, of clouds that want more."""
    clouds = model.clouds
    view = clouds.all
    idle = positive(
        clouds.fleet_power - positive(clouds.halls + clouds.halls_unconnected - total(clouds.hosted, 1)) / clouds.pue
    )
    wanted = view.wanted_order(model.signals) * view.power_per_compute(model.signals)
    crowd = positive(wanted - view.spare_halls(model.signals))
    left = clouds.decide("retire_chips", model.signals) * clouds.fleet_power
    return idle[GROWING], crowd[GROWING], left[GROWING]


def test_a_cloud_with_chips_beyond_its_halls_gives_up_those_in_the_way_of_better_ones():
    """As much power as they take of what it would order, and no more than has no hall."""
    model = before_planning()
    idle, crowd, left = parts(model)
    assert (idle > 0.0).all()
    assert (crowd > 0.0).all()
    assert left == pytest.approx(np.minimum(idle, crowd), rel=1e-12)


def test_a_cloud_counts_its_tenants_chips_among_those_that_take_halls():
    """Halls that hold its own fleet hold less of it with guests in three tenths of them: better chips need room."""
    alone, hosting = (before_planning(1.05) for _ in range(2))
    take_halls(hosting.clouds, 0.3)
    (idle, _, less), (without, _, more) = parts(alone), parts(hosting)
    assert (without > idle).all()
    assert (more > less).all()


def test_guests_in_all_halls_leave_no_hall_and_no_more_than_the_fleet_to_give_up():
    model = before_planning(0.01)
    take_halls(model.clouds, 3.0)
    assert (model.clouds.decide("retire_chips", model.signals) <= 1.0).all()


def test_a_cloud_gives_up_nothing_of_what_fits():
    model = before_planning(0.8)
    idle, _, left = parts(model)
    assert not idle.any()
    assert not left.any()


def test_a_cloud_keeps_chips_that_do_more_with_a_hall_than_those_on_sale():
    model = before_planning(40.0, fleet_power=2.0)
    idle, _, left = parts(model)
    assert (idle > 0.0).all()
    assert not left.any()


def test_what_clouds_give_up_leaves_the_fleet_its_power_and_its_old_part():
    model = before_planning()
    clouds = model.clouds
    fleet, power, book = total(clouds.fleet, 1), clouds.fleet_power, clouds.fixed_assets
    plan(model)
    assert (clouds.given_up > 0.0).any()
    assert total(clouds.fleet, 1) + clouds.given_up == pytest.approx(fleet, rel=1e-12)
    assert clouds.fleet_power * fleet == pytest.approx(power * total(clouds.fleet, 1), rel=1e-12)
    assert (clouds.old_fleet <= total(clouds.fleet, 1)).all()
    assert np.array_equal(clouds.fixed_assets, book)


def with_full_halls(hosted):
    """Landlords whose halls are as large as their own chips need, with a part of them for chips that tenants have.

    Tenants have as many again on order.
    """
    model = aimarket.MarketModel("baseline", rng=7)
    model.step()
    clouds = model.clouds
    needed = clouds.fleet_power * clouds.pue
    clouds.commit(
        halls=needed,
        halls_unconnected=0.0 * needed,
        halls_building=0.0 * clouds.halls_building,
        hosted=0.0 * clouds.hosted,
        hosting=needed,
    )
    if hosted:
        clouds.commit(hosted=clouds.hosted + hosted * needed[:, None] / clouds.hosted.shape[1])
    return model, clouds.decide("retire_chips", model.signals)[clouds.active > 0.0]


def test_a_landlord_keeps_chips_that_run_where_its_tenants_have_others_on_order():
    model, given_up = with_full_halls(hosted=0.0)
    assert (model.clouds.all.wanted_order(model.signals)[model.clouds.active > 0.0] > 0.0).all()
    assert given_up == pytest.approx(0.0, abs=1e-12)


def test_a_landlord_gives_up_the_chips_whose_halls_its_tenants_take():
    _, given_up = with_full_halls(hosted=0.01)
    assert given_up == pytest.approx(0.01)
