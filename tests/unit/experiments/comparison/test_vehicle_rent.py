"""Compute of a vehicle beside what landlords ask its lessee: the parts add up, and finance is the rates alone."""

from dataclasses import replace

import numpy as np
import pytest

import aimarket
from aimarket.experiments.comparison.vehicle_rent import PARTS, vehicle_rents

USD_PER_HOUR = 2.19


def after_the_deal(rate=None):
    """A run that has just made the reported deal, all its notes at one rate where one is given."""
    case = aimarket.load_scenario("deal_reported")
    if rate is not None:
        case = case.with_deal(tranches=tuple(replace(note, rate=rate) for note in case.deals[0].notes))
    model = aimarket.MarketModel(case, rng=7, replicates=3)
    while model.quarter <= case.deals[0].start - model.first:
        model.step()
    return model


@pytest.fixture(scope="module")
def reported():
    return after_the_deal()


def test_the_parts_lead_from_landlords_rent_to_the_vehicle_s(reported):
    found = vehicle_rents(reported)
    assert tuple(found) == PARTS
    asked, markup, chips, finance, vehicle = found.values()
    assert asked - markup - chips - finance == pytest.approx(vehicle, rel=1e-12)
    row = reported.labs.names.index("Anthropic")
    clouds = reported.clouds
    mean = (clouds.rent_price[:, row] * clouds.own_compute).sum(0) / clouds.own_compute.sum(0)
    assert asked == pytest.approx(mean / USD_PER_HOUR)


def test_finance_is_what_the_chips_cost_times_the_difference_of_the_rates():
    """Two points more on the notes: landed price / 4 x .02 less advantage, and nothing else moves."""
    cheap, dear = after_the_deal(0.05), after_the_deal(0.07)
    less, more = vehicle_rents(cheap), vehicle_rents(dear)
    vendor = cheap.vendors.names.index("Broadcom and Google TPU")
    landed = cheap.signals.chip_landed_price[vendor] / cheap.signals.chip_performance[vendor]
    assert less["finance"] - more["finance"] == pytest.approx(landed * 0.02 / 4.0 / USD_PER_HOUR, rel=0.01)
    assert np.allclose(less["chips"], more["chips"], rtol=0.02)


def test_a_guarantor_s_credit_is_worth_something(reported):
    assert (vehicle_rents(reported)["finance"] > 0.0).all()


def test_a_run_without_a_vehicle_is_refused_with_what_it_lacks():
    with pytest.raises(
        ValueError, match="deal_35bn has no deal whose vehicle leases chips to a lab: give it instrument"
    ):
        vehicle_rents(aimarket.MarketModel("deal_35bn", record=()))
