"""What labs reckon with: the cost of what runs, and which chips are worth keeping."""

import numpy as np
import pytest

import aimarket
from aimarket.agents.state.arrays import ratio, total
from aimarket.model.indicators import INDICATORS
from aimarket.model.markets.planning import plan, publish

from ...builders import one_lab_one_vendor

ALONE = np.ones((1, 1))
OWNERS = slice(3, 5)
"""Meta and xAI, which own what they run."""


def with_half_a_hall():
    """A lab whose halls hold half of its fleet, and in which that half ran."""
    model = aimarket.MarketModel(start=one_lab_one_vendor())
    labs = model.labs
    labs.commit(powered_compute=0.5 * labs.all.compute, power_bill=0.3 * ALONE)
    return model


def test_training_costs_what_running_compute_costs():
    model = with_half_a_hall()
    labs = model.labs
    labs.commit(research=ALONE, release_interval=2.0 * ALONE)
    rate = (0.07 * labs.fixed_assets + 0.3) / (0.5 * labs.all.compute)
    assert INDICATORS["training_run_cost"].measure(model) == pytest.approx((rate * 0.25 * 2.0)[0])


def test_the_power_of_what_runs_for_a_lab_is_that_of_its_landlords_chips_and_of_its_own():
    """Google DeepMind's is its part of Alphabet's fleet; an owner's is its fleet's, less what other products use."""
    model = aimarket.MarketModel("baseline", rng=7)
    model.step()
    labs, clouds = model.labs, model.clouds
    housed, parent = labs.names.index("Google DeepMind"), clouds.names.index("Alphabet")
    per_compute = ratio(clouds.fleet_power, clouds.all.compute)
    assert labs.all.power_at_work[housed] == pytest.approx(labs.housed[housed] * per_compute[parent])
    owned = ratio(labs.fleet_power, labs.all.compute)[OWNERS] * (labs.own_compute - labs.in_house)[OWNERS]
    rented = total(labs.all.served * per_compute, 1)[OWNERS]
    assert labs.all.power_at_work[OWNERS] == pytest.approx(owned + rented)


def crowded(scenario="baseline", fleets=1.6, quarters=0, parameters=None, **columns):
    """Labs with more chips than halls, as they are when they have planned, and fleet and power as they were before."""
    model = aimarket.MarketModel(scenario, rng=7, parameters=parameters or {})
    for _ in range(quarters):
        model.step()
    labs = model.labs
    labs.commit(fleet=fleets * labs.fleet, fleet_power=fleets * labs.fleet_power)
    labs.commit(**{name: factor * labs.columns[name] for name, factor in columns.items()})
    before = labs.fleet, labs.fleet_power
    publish(model)
    plan(model)
    return model, *before


def test_chips_without_a_hall_make_way_for_better_ones():
    """Labs that own give some up, keep enough to fill their halls, and order all that they had wanted.

    Their other products take twice as much, or one of them would want none.
    """
    model, fleet, power = crowded(in_house=2.0)
    labs = model.labs
    kept = labs.fleet, labs.fleet_power
    labs.commit(fleet=fleet, fleet_power=power)
    wanted = labs.all.wanted_order(model.signals)
    labs.commit(fleet=kept[0], fleet_power=kept[1])
    assert (wanted > 0.0)[OWNERS].all()
    assert labs.planned_compute[OWNERS] == pytest.approx(wanted[OWNERS], rel=1e-9)
    assert (labs.fleet_power < power)[OWNERS].all()
    assert (labs.fleet_power >= labs.halls / labs.pue)[OWNERS].all()
    assert total(labs.fleet, 1) + labs.given_up == pytest.approx(total(fleet, 1))


def test_a_lab_that_wants_no_chips_gives_none_up():
    model, fleet, _ = crowded(demanded=1e-6, in_house=0.0, parameters={"rivalry": 0.0, "parity": 0.0})
    assert np.array_equal(model.labs.fleet, fleet)
    assert not model.labs.given_up.any()


def test_chips_that_do_more_with_a_hall_than_those_on_sale_are_kept():
    """Fleets that draw less power than new ones would: however many, they stay."""
    model, fleet, _ = crowded(fleets=40.0, fleet_power=0.05)
    assert np.array_equal(model.labs.fleet, fleet)


def test_what_vehicles_own_is_not_the_lessees_to_give_up():
    model, _, _ = crowded("deal_reported", quarters=8)
    leased = model.leases.to.on(model.labs, model.vehicles.fleet)
    assert leased.any()
    assert model.labs.given_up[1].any()
    assert (model.labs.fleet >= leased).all()
