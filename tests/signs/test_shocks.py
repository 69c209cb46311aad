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
    """T23: by 2030Q4 labs run .6 % more [.4, .9], clouds .9 % less [.7, 1.1] and the rest of the world .5 % less.

    In 2028Q4 it was 4.3 %, 3.2 % and 7 % less.
    """
    assert abs(relative_effect("lab_compute", 19, "chip_shock").mean) < 0.02
    assert abs(relative_effect("cloud_compute", 19, "chip_shock").mean) < 0.02
    assert -0.04 < relative_effect("outside_compute", 19, "chip_shock").mean < 0.0


@pytest.mark.parametrize("indicator", ["ai_revenue", "lab_compute", "power_price"])
@pytest.mark.parametrize("quarter", [13, 19])
def test_a_tight_grid_costs_revenue_and_compute_and_makes_power_cheap(indicator, quarter):
    """T24: by 2030Q4 revenue and labs' compute are lower by 48 % and the power price by 27 USD/MWh."""
    assert effect(indicator, quarter, "grid_tight").falls


@pytest.mark.parametrize("quarter", [10, 15])
def test_a_demand_winter_concentrates_sales_while_it_lasts(quarter):
    """T28: the HHI of labs rises, by .014 [.012, .015] in 2028Q3 and .104 [.077, .132] in 2029Q4.

    Who sells little loses first. In 2029Q2 there is no sure difference: -.010 [-.023, .003].
    """
    assert effect("lab_concentration", quarter, "demand_winter").rises


def test_the_lab_that_its_parent_houses_loses_most_by_a_demand_winter():
    """In 2031Q2 it has .24 of all sales and .57 without the winter, which its parent's money no longer buys it.

    Without a winter it has more than all others together then, so that sales are less concentrated after one.
    """
    share = [ensemble(name).values("market_share", "ai_labs")[21, HOUSED] for name in ("demand_winter", "baseline")]
    assert paired(*share).falls


def first_defaults(scenario):
    """The quarter of each lab's first default, shape (labs, R); infinite where there is none."""
    failed = ensemble(scenario).values("defaults", "ai_labs") > 0.0
    return np.where(failed.any(0), failed.argmax(0), np.inf)


def test_in_a_demand_winter_the_challenger_fails_first_and_labs_with_an_owner_never():
    """T28: in all runs, .75 years before OpenAI, which fails in .98 of them; Anthropic does in .71."""
    when = first_defaults("demand_winter")
    assert np.isfinite(when[ALONE]).all()
    assert (when[ALONE] < when[TENANTS].min(0)).all()
    assert (np.isfinite(when[TENANTS]).mean(1) > 0.6).all()
    assert not np.isfinite(when[OWNED]).any()


def test_without_a_winter_no_tenant_defaults_in_four_years_and_few_in_six():
    """T28 expects no default without a winter: Anthropic fails in .30 of runs, OpenAI in .03, none before 2030Q4.

    The challenger, whose sales carry few of its chips, fails in all: chips that it has ordered come sooner than money
    that has become dearer to it, in 2027 as a rule.
    """
    when = first_defaults("baseline")
    assert (when[TENANTS] >= 19).all()
    assert (np.isfinite(when[TENANTS]).mean(1) < 0.4).all()
    assert not np.isfinite(when[OWNED]).any()
