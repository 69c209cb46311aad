"""Contents of halls: what a hall takes of cooling and storage, and that the scarcest sector limits what is started."""

import numpy as np
import pytest

import aimarket
from aimarket.agents.equipment_supplier import CONSTRUCTION, COOLING, STORAGE
from aimarket.model.markets.hall_inputs import average_inputs, inputs_by_customer, sector_prices
from aimarket.model.quarter import QUARTER

from ..builders import one_lab_one_vendor

ALIKE = {"cooling_response": 0.0, "storage_response": 0.0}
PHASES = {phase.code: phase.run for phase in QUARTER}


def planned(parameters=None, **options):
    """A market of one replicate whose firms have planned, and nothing more."""
    model = aimarket.MarketModel(rng=3, parameters=parameters, **options)
    for code in ("P0", "P1", "P2", "P3a", "P3", "P4", "P5", "P6", "P7"):
        PHASES[code](model)
    return model


def order_no_halls(model):
    """Leave the builders to the rest of the world, which pays whatever is begun."""
    for firms in model.owners:
        firms.commit(halls_ordered=firms.halls_ordered * 0.0, planned_halls=firms.planned_halls * 0.0)


def stepped(quarters, parameters=None):
    model = aimarket.MarketModel(rng=3, replicates=3, parameters=parameters)
    for _ in range(quarters):
        model.step()
    return model


def test_halls_for_one_kind_of_accelerator_take_cooling_by_the_power_of_compute():
    """x_cool = (kwp / 0.85)^0.3; the first vendor's accelerator takes 2.1 kW for 2.48 H100e."""
    model = planned(start=one_lab_one_vendor())
    kwp = model.vendors.unit_power[0] / model.vendors.performance[0]
    np.testing.assert_allclose(average_inputs(model)[COOLING], (kwp / 0.85) ** 0.3, rtol=1e-12)
    np.testing.assert_allclose(inputs_by_customer(model)[COOLING, 0], (kwp / 0.85) ** 0.3, rtol=1e-12)


@pytest.mark.parametrize(("price", "content"), [(47.0, 1.0), (94.0, 2.0**0.3), (1000.0, 4.0**0.3), (1.0, 0.5**0.3)])
def test_storage_follows_the_price_of_power_between_two_limits(price, content):
    """x_stor = clip(Pe / 47, 0.5, 4)^0.3."""
    model = planned()
    model.economy.commit(power_price=np.array([price]))
    np.testing.assert_allclose(average_inputs(model)[STORAGE], content, rtol=1e-12)


def test_construction_is_the_measure_of_a_hall():
    assert (inputs_by_customer(stepped(12))[CONSTRUCTION] == 1.0).all()


def test_without_responses_the_three_sectors_build_the_same():
    output = stepped(12, ALIKE).equipment.output
    np.testing.assert_array_equal(output[CONSTRUCTION], output[COOLING])
    np.testing.assert_array_equal(output[CONSTRUCTION], output[STORAGE])


def test_a_lab_pays_for_the_cooling_that_its_own_accelerators_need():
    """Two labs whose mixes differ pay for halls in the ratio that their own inputs give."""
    model = planned()
    prices, inputs = sector_prices(model), inputs_by_customer(model)
    for lab in range(5):
        by_hand = sum(prices[k] * inputs[k, lab] for k in range(3))
        np.testing.assert_allclose(model.labs.hall_price[lab], by_hand, rtol=1e-12)
    mixes = model.labs.all.power_per_compute(model.signals)[:5]
    assert (np.argsort(mixes[:, 0]) == np.argsort(model.labs.hall_price[:5, 0])).all()
    assert np.ptp(mixes) > 0.0


@pytest.mark.parametrize("scarce", [CONSTRUCTION, COOLING, STORAGE])
def test_the_scarcest_sector_works_at_its_capacity_and_no_other_beyond(scarce):
    """Starts are min over k of capacity_k / x_k: the bottleneck's content fills it, to the last digit but rounding."""
    model = planned()
    capacity = model.equipment.capacity.copy()
    capacity[scarce] = 0.5
    model.equipment.commit(capacity=capacity)
    order_no_halls(model)
    for code in ("P8", "P9", "P10", "P11"):
        PHASES[code](model)
    output = model.equipment.output[:3]
    np.testing.assert_allclose(output[scarce], 0.5, rtol=1e-12)
    assert (output <= capacity[:3] * (1.0 + 1e-12)).all()


def test_cooling_that_takes_more_makes_halls_scarcer():
    """A hall that takes more cooling than another lets cooling builders start fewer, in that proportion at least."""
    common = {"storage_response": 0.0}
    started = []
    for response in (0.0, -0.6):
        model = planned({**common, "cooling_response": response, "reference_compute_power": 1.5})
        capacity = model.equipment.capacity.copy()
        capacity[COOLING] = 0.5
        model.equipment.commit(capacity=capacity)
        order_no_halls(model)
        content = model.signals.hall_contents[COOLING]
        for code in ("P8", "P9", "P10", "P11"):
            PHASES[code](model)
        started.append((model.equipment.output[CONSTRUCTION], content))
    (plain, one), (dear, more) = started
    assert more > 1.3 * one
    assert dear < plain / 1.3


def test_the_sectors_part_ways():
    """With these inputs, cooling falls behind construction as accelerators get leaner, and storage does not.

    Capacities follow once builders, who have too much of everything from 2029 on, build anew.
    """
    model = stepped(32)
    output, capacity = model.equipment.output, model.equipment.capacity
    assert (output[COOLING] < 0.95 * output[CONSTRUCTION]).all()
    assert (output[STORAGE] > output[COOLING]).all()
    assert (np.ptp(capacity[:3], axis=0) > 0.05 * capacity[0]).all()
