"""What the scenarios of clouds and rent say happens, beside the same random numbers without it."""

from functools import cache

import pytest

import aimarket

from .pairs import SEED, paired

pytestmark = pytest.mark.sign

REPLICATES = 12
LENGTHS = {"baseline": 14, "cloud_glut": 11, "rent_squeeze": 8, "neocloud_default": 14, "self_build": 4}
"""Quarters that show what a scenario says."""

END_OF_2026, END_OF_2027, START_OF_2028, SPRING_OF_2028 = 3, 7, 8, 9
MOST = 9
"""Replicates, of all, in which neoclouds are to default."""


@cache
def run_of(scenario):
    """Return an ensemble of a scenario, run once for all tests of a process."""
    return aimarket.run_ensemble(scenario, REPLICATES, LENGTHS[scenario], SEED, record=("indicators", "events"))


def effect(indicator, quarter, scenario):
    """Return what a scenario does to an indicator in a quarter, 0 being 2026Q1."""
    return paired(*(run_of(name).values(indicator)[quarter] for name in (scenario, "baseline")))


@pytest.mark.parametrize("indicator", ["spot_rent", "contract_rent", "rent_backlog"])
def test_a_glut_of_clouds_lowers_rents_and_backlog(indicator):
    assert effect(indicator, SPRING_OF_2028, "cloud_glut").falls


@pytest.mark.parametrize("quarter", [END_OF_2027, START_OF_2028])
def test_a_glut_of_clouds_lowers_their_spending_at_first(quarter):
    """By half: by 164 bn [157, 171] of 284 in 2027Q4 and by 153 [127, 178] of 303 in 2028Q1.

    In 2028Q2 it is what it is without the glut, -6 bn [-33, 21]: that falls then by itself, to 247 bn.
    """
    assert effect("cloud_capex", quarter, "cloud_glut").falls
    assert effect("cloud_capex", SPRING_OF_2028, "cloud_glut").low < 0.0


def test_a_glut_leaves_part_of_clouds_empty_and_the_baseline_does_not():
    """A sixteenth of it in 2027Q4; in autumn 2028 nothing, since tenants get through it and labs rent what is cheap."""
    assert effect("idle_share", END_OF_2027, "cloud_glut").rises
    assert (run_of("baseline").values("idle_share") < 1e-6).all()


@pytest.mark.parametrize("indicator", ["contract_rent", "price_of_compute"])
def test_a_squeeze_raises_the_rents_that_are_asked_and_paid(indicator):
    assert effect(indicator, END_OF_2026, "rent_squeeze").rises


@pytest.mark.parametrize(
    ("indicator", "quarter"),
    [("lab_compute", END_OF_2026), ("rented_share", END_OF_2026)],
)
def test_in_a_squeeze_labs_run_less_at_first_and_rent_less_of_it(indicator, quarter):
    assert effect(indicator, quarter, "rent_squeeze").falls


def defaulting(scenario, firm):
    """Return in how many replicates a firm defaults at least once."""
    events = run_of(scenario).to_frame("events")
    return events[(events["event"] == "default") & (events["firm"] == firm)]["replicate"].nunique()


def test_neoclouds_that_borrow_to_the_hilt_default_with_their_tenants():
    assert defaulting("neocloud_default", "Neoclouds") >= MOST
    assert defaulting("neocloud_default", "OpenAI") >= MOST
    assert defaulting("baseline", "Neoclouds") == 0


def test_neoclouds_that_default_are_taken_over():
    events = run_of("neocloud_default").to_frame("events")
    gone = events[(events["event"] == "exit") & (events["firm"] == "Neoclouds")]
    assert gone["replicate"].nunique() == defaulting("neocloud_default", "Neoclouds")


@pytest.mark.parametrize("indicator", ["rented_share", "rent_backlog", "cloud_capex"])
def test_labs_that_build_for_themselves_leave_clouds_less(indicator):
    assert effect(indicator, END_OF_2026, "self_build").falls


@cache
def tenants(scenario):
    """Return which part of what they add two tenants build at the end of 2026, and their spending, shape (2, R)."""
    model = aimarket.MarketModel(scenario, rng=SEED, replicates=REPLICATES, record=())
    for _ in range(END_OF_2026 + 1):
        model.step()
    rows = [model.labs.names.index(name) for name in ("OpenAI", "Anthropic")]
    return model.labs.routes[rows, 0], model.labs.capex[rows]


def built(scenario):
    """Return which part of what they add OpenAI and Anthropic build for themselves at the end of 2026, shape (2, R)."""
    return tenants(scenario)[0]


def test_labs_build_most_of_what_they_add_where_nothing_ties_them():
    assert (built("self_build") > 0.5).all()
    assert (built("baseline") < 0.5).all()


def test_labs_that_build_for_themselves_spend_more():
    """Not labs as a whole: owners who want a part of what the largest runs want less, for it runs less at first."""
    spent = [tenants(scenario)[1].sum(0) for scenario in ("self_build", "baseline")]
    assert paired(*spent).rises
