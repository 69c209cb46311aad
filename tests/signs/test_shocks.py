"""What shortages and a winter do, beside the same random numbers without them."""

import numpy as np
import pytest

from .pairs import effect, ensemble, paired, relative_effect

pytestmark = pytest.mark.sign

TENANTS, OWNED, ALONE, HOUSED = [0, 1], [2, 3], 4, 2
"""The rows of labs that rent, of labs whose owner has another business, of the challenger, and of the housed lab."""


def test_a_chip_shock_lengthens_the_wait():
    """T23: the lead time of the largest vendor rises, by two quarters in 2028Q2."""
    assert effect("chip_lead_time", 9, "chip_shock").rises


@pytest.mark.parametrize("quarter", [9, 11])
def test_a_chip_shock_makes_compute_dearer(quarter):
    """T23: the landed price of compute rises, by 13 % in 2028Q2 and 22 % in 2028Q4."""
    assert relative_effect("landed_price", quarter, "chip_shock").rises


@pytest.mark.parametrize("quarter", [9, 11])
def test_a_chip_shock_costs_labs_compute(quarter):
    """T23: labs run less, by 15 % in 2028Q4, when the shock ends."""
    assert relative_effect("lab_compute", quarter, "chip_shock").falls


def test_two_years_after_a_chip_shock_the_wait_is_over():
    """T23: by 2030Q4 the lead time is within a tenth of a quarter of that without the shock: longer by .03."""
    assert abs(effect("chip_lead_time", 19, "chip_shock").mean) < 0.1


def test_two_years_after_a_chip_shock_most_of_the_compute_is_back():
    """T23: what labs lack shrinks from 15 % in 2028Q4 to less than half of that in 2030Q4."""
    lacking, later = (relative_effect("lab_compute", quarter, "chip_shock") for quarter in (11, 19))
    assert later.low > lacking.high / 2.0


def test_two_years_after_a_chip_shock_labs_and_all_others_have_caught_up():
    """T23: by 2030Q4 labs run what they would have run, clouds no less, and the rest of the world 3 % less."""
    assert abs(relative_effect("lab_compute", 19, "chip_shock").mean) < 0.02
    assert not relative_effect("cloud_compute", 19, "chip_shock").falls
    assert -0.04 < relative_effect("outside_compute", 19, "chip_shock").mean < 0.0


@pytest.mark.parametrize("indicator", ["ai_revenue", "lab_compute", "power_price"])
@pytest.mark.parametrize("quarter", [13, 19])
def test_a_tight_grid_costs_revenue_and_compute_and_makes_power_cheap(indicator, quarter):
    """T24: by 2030Q4 revenue and labs' compute are lower by 48 % and the power price by 27 USD/MWh."""
    assert effect(indicator, quarter, "grid_tight").falls


def test_a_demand_winter_concentrates_sales():
    """T28: the HHI of labs rises, since labs without an owner are gone; the lab of a parent gains nothing."""
    assert effect("lab_concentration", 21, "demand_winter").rises
    share = [ensemble(name).values("market_share", "ai_labs")[21, HOUSED] for name in ("demand_winter", "baseline")]
    assert not paired(*share).rises


def first_defaults(scenario):
    """The quarter of each lab's first default, shape (labs, R); infinite where there is none."""
    failed = ensemble(scenario).values("defaults", "ai_labs") > 0.0
    return np.where(failed.any(0), failed.argmax(0), np.inf)


def test_in_a_demand_winter_the_challenger_fails_first_and_labs_with_an_owner_never():
    """T28: in all runs, the challenger before tenants, who owe rent whatever they sell."""
    when = first_defaults("demand_winter")
    assert np.isfinite(when[ALONE]).all()
    assert (np.isfinite(when[TENANTS]).mean(1) > 0.6).all()
    assert not np.isfinite(when[OWNED]).any()
    assert np.median(when[ALONE]) <= np.median(when[TENANTS])


def test_without_a_winter_no_tenant_defaults_in_four_years_and_few_in_six():
    """T28: the defaults are the winter's; without it a tenant has one in .18 [.11, .25] of the runs, from 2030Q3 on.

    Rent is owed whatever is sold, and who sells less for some quarters has signed for more. Who has an owner has none.
    """
    when = first_defaults("baseline")
    assert not np.isfinite(when[OWNED]).any()
    assert (when[TENANTS] >= 16).all()
    assert np.isfinite(when[TENANTS]).any(0).mean() < 0.25
