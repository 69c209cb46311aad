"""What compute costs, what landlords ask for it and where tenants go: worked out by hand."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import aimarket
from aimarket.agents.ai_lab import LONGEST_WAIT
from aimarket.agents.rules.renting import (
    aimed_rent,
    damped,
    moved,
    rent_markup,
    spot_price,
    spot_weight,
    user_cost,
)
from aimarket.model.parameters import parameters

from ..builders import chosen, one_tenant_one_cloud, with_stocks

GW_QUARTER = 2190.0 * 1e-6
"""USD bn for a quarter of 1 GW at 1 USD/MWh."""

USD_PER_HOUR = 2.19
"""USD bn per M H100e and quarter of 1 USD per H100e-hour."""

CASES = {
    "2023Q4": (40.0, 1.495, 1.25, 10.5, 50.0),
    "2024Q4": (28.7, 1.45, 1.25, 10.5, 50.0),
    "2025Q3": (21.5, 0.85, 1.2, 10.5, 55.0),
}
"""Chips with clusters, USD bn per M H100e; kW per H100e; PUE; USD bn per GW of halls; USD/MWh."""


def defaults(**changed):
    """Return every parameter at its default, by name."""
    return SimpleNamespace(**{name: item.default for name, item in parameters().items()} | changed)


def cost_of(case, rate=0.11):
    """Return the user cost of one of the cases."""
    landed, rated, pue, hall, price = CASES[case]
    drawn = rated * pue
    return user_cost(landed, drawn * hall, drawn * price * GW_QUARTER, rate, defaults())


@pytest.mark.parametrize(("case", "cost"), [("2023Q4", 4.5944), ("2024Q4", 3.6131), ("2025Q3", 2.4911)])
def test_user_cost_is_depreciation_money_power_and_operations(case, cost):
    """R1: at 11 % a year."""
    assert cost_of(case) == pytest.approx(cost, abs=5e-5)


@pytest.mark.parametrize(("case", "price"), [("2023Q4", 2.476), ("2024Q4", 1.947), ("2025Q3", 1.342)])
def test_at_normal_tightness_a_large_tenant_pays_the_base_markup_on_it(case, price):
    """R1: in USD per H100e-hour, beside the 1.95 and 1.34 that were observed at 2024Q4 and 2025Q3."""
    markup = rent_markup(1.0, 1.0, defaults())
    assert aimed_rent(cost_of(case), markup, 0.0, 0.2) / USD_PER_HOUR == pytest.approx(price, abs=6e-4)


@pytest.mark.parametrize(("tightness", "markup"), [(0.9, 0.0893), (1.0, 0.18), (1.1, 0.2783)])
def test_the_markup_rises_with_tightness(tightness, markup):
    """R2: 1.18 exp(.8 (tightness - 1)) - 1."""
    assert rent_markup(tightness, 1.0, defaults()) == pytest.approx(markup, abs=5e-5)


def test_a_market_with_less_concentrated_landlords_has_a_lower_markup():
    """Of the base markup .18 a quarter less concentration leaves .18 x .75^.5."""
    assert rent_markup(1.0, 0.75, defaults()) == pytest.approx(0.18 * 0.75**0.5)


@pytest.mark.parametrize(("scarcity", "price"), [(1.5, 1.6600), (0.7, 0.6403)])
def test_the_spot_price_answers_to_what_is_asked_over_what_is_free(scarcity, price):
    """R3: (D/F)^(1/.8)."""
    assert spot_price(scarcity, 1.0, 0.0, defaults()) == pytest.approx(price, abs=5e-5)


def test_the_spot_price_has_a_floor_and_a_cap():
    """Running cost below, three times the price of a one-year contract above."""
    assert spot_price(1e-12, 2.0, 0.3, defaults()) == 0.3
    assert spot_price(1e12, 2.0, 0.3, defaults()) == 6.0


@pytest.mark.parametrize(("term", "weight"), [(4.0, 0.6321), (12.0, 0.3167), (20.0, 0.1987)])
def test_the_longer_a_contract_the_less_spot_weighs_in_it(term, weight):
    """R4: (1 - exp(-.25 term)) / (.25 term)."""
    assert spot_weight(0.25, term) == pytest.approx(weight, abs=5e-5)


def test_spot_pulls_a_rent_up_and_never_down():
    """R4: a fifth of what spot pays beyond the aim is passed on over twenty quarters."""
    weight = spot_weight(0.25, 20.0)
    assert aimed_rent(2.0, 0.5, 5.0, weight) == pytest.approx(3.0 + 0.1987 * 2.0, abs=1e-4)
    assert aimed_rent(2.0, 0.5, 1.0, weight) == 3.0


def third_case(**parameters):
    """Return a model of one landlord and one tenant that meets the costs of the third case, and its signals."""
    model = aimarket.MarketModel(start=one_tenant_one_cloud(), parameters={"own_cost_weight": 0.0} | parameters)
    landed, rated, pue, hall, price = (np.array([value]) for value in CASES["2025Q3"])
    signals = replace(
        model.signals,
        rented_landed_price=landed,
        rented_power=rated,
        new_hall_pue=pue,
        hall_cost=hall,
        power_price=price,
        spot_price=np.zeros(1),
    )
    return model, signals


def rent(model, signals, tenant_risk, landlord_risk):
    """Return the rent asked by a landlord whose credit costs it what lenders lose by it, and a fixed premium."""
    clouds, lost = model.clouds, model.parameters.loss_given_default
    clouds.commit(default_risk=np.full((1, 1), landlord_risk), quoted_rate=np.full((1, 1), 0.08 + lost * landlord_risk))
    risk = signals.default_probability.copy()
    risk[0] = tenant_risk
    return clouds.decide("set_rent", replace(signals, default_probability=risk))[0, 0, 0]


AT_COST = {"rent_speed": 1.0, "base_markup": 0.05, "markup_slope": 0.0, "rental_hurdle": 0.03}


def test_a_rent_is_the_user_cost_at_the_tenants_rate_with_the_markup():
    """R1 and R5: without risk the third case costs 2.4911 at 8 % and a hurdle of 3 points."""
    model, signals = third_case(**AT_COST)
    assert rent(model, signals, 0.0, 0.0) == pytest.approx(1.05 * 2.4911, abs=1e-4)


def test_a_tenant_that_may_fail_pays_for_it():
    """R5: ten points of default probability cost a tenant .2818 bn per M-quarter before the markup."""
    model, signals = third_case(**AT_COST)
    dearer = rent(model, signals, 0.10, 0.0) - rent(model, signals, 0.0, 0.0)
    assert dearer / 1.05 == pytest.approx(0.2818, abs=5e-5)
    assert dearer / 1.05 / USD_PER_HOUR == pytest.approx(0.1287, abs=5e-5)


def test_a_landlord_that_may_fail_asks_three_sevenths_of_that():
    """R5: the landlord's own credit has the rest of the weight."""
    model, signals = third_case(**AT_COST)
    without = rent(model, signals, 0.0, 0.0)
    by_tenant, by_landlord = (rent(model, signals, *risks) - without for risks in ((0.10, 0.0), (0.0, 0.10)))
    assert by_landlord / by_tenant == pytest.approx(3.0 / 7.0)


def test_the_user_cost_of_a_cloud_is_that_of_the_technology_all_rent():
    """R1 through a cloud's own rule: chips, halls and power are those that signals show."""
    model, signals = third_case()
    cost = model.clouds.all.cost_of_new(np.full((1, 1, 1), 0.11), signals)
    assert cost[0, 0, 0] == pytest.approx(2.4911, abs=5e-5)


def test_cheaper_chips_of_a_landlords_own_are_passed_on_in_part():
    """A landlord whose own mix lands at half the price and half the power passes on its weight of the difference."""
    model, signals = third_case(own_cost_weight=0.3)
    ours = np.ones((1, len(model.vendors), 1)) / len(model.vendors)
    model.clouds.commit(vendor_mix=ours)
    each = signals.chip_performance
    half = replace(
        signals,
        chip_landed_price=0.5 * signals.rented_landed_price * each,
        chip_power=0.5 * signals.rented_power * each,
    )
    cost = model.clouds.all.cost_of_new(np.full((1, 1, 1), 0.11), half)[0, 0, 0]
    assert cost == pytest.approx(0.85 * 2.4911, abs=5e-5)


def test_a_rent_closes_two_fifths_of_its_distance_to_the_aim_a_quarter():
    """R9: in logs .6^t is left after t quarters."""
    price = 1.0
    for quarter in range(1, 9):
        price = moved(price, 2.0, 0.4)
        assert np.log(2.0 / price) / np.log(2.0) == pytest.approx(0.6**quarter)


def two_landlords(rents):
    """Return the parts in which a lab divides what it rents between two landlords alike but for their rents."""
    alike = chosen(one_tenant_one_cloud(), "clouds", (0, 0), ("One", "Other"))
    tenancies = {"One": {"Lab": 0.5}, "Other": {"Lab": 0.5}}
    model = aimarket.MarketModel(start=with_stocks(alike, "clouds", tenancies=tenancies))
    model.step()
    model.clouds.commit(rent_price=np.array(rents)[:, None, None], contracts=np.ones((2, 1, 20, 1)))
    waits = replace(model.signals, landlord_wait=np.ones((2, 1)))
    return model.labs.decide("choose_route", waits)[0, 1:, 0]


def test_a_landlord_dearer_by_a_fifth_gets_four_tenths_fewer_tenants():
    """R10: the odds are 1.2^-3 = .5787, its part of the two .3666."""
    cheap, dear = two_landlords([3.0, 3.6])
    assert dear / cheap == pytest.approx(0.5787, abs=5e-5)
    assert dear / (cheap + dear) == pytest.approx(0.3666, abs=5e-5)


def test_growth_counts_for_less_the_further_ahead():
    """R11: five quarters count as 3.7599, all that follow as 8.333; a growth of .5 plans 6.553 times as much."""
    assert damped(5.0, 0.12) == pytest.approx(3.7599, abs=5e-5)
    assert damped(1e6, 0.12) == pytest.approx(8.333, abs=5e-4)
    assert np.exp(0.5 * damped(5.0, 0.12)) == pytest.approx(6.553, abs=5e-4)


@pytest.mark.parametrize(("growth", "factor"), [(0.5, 6.553), (0.0, 1.0)])
def test_a_lab_plans_for_growth_that_fades(growth, factor):
    """R11 through a lab's own plan: algorithms stand still."""
    model = aimarket.MarketModel(start=one_tenant_one_cloud())
    labs = model.labs
    labs.commit(expected_growth=np.full((1, 1), growth), efficiency_trend=np.zeros((1, 1)))
    now = labs.all.demand_in_compute(model.signals) / (1.0 - model.parameters.research_target)
    wanted = labs.all.wanted_compute(5.0, model.signals)
    assert wanted[0, 0] / now[0, 0] == pytest.approx(factor, abs=5e-4)


def test_a_landlord_that_runs_nothing_yet_keeps_tenants_waiting_longest():
    """An empty newcomer has neither signed nor delivered: that is no wait of nothing."""
    model = aimarket.MarketModel(rng=7)
    entrant = model.clouds.names.index("Cloud entrant")
    assert model.clouds.own_compute[entrant, 0] == 0.0
    assert model.signals.landlord_wait[entrant, 0] == LONGEST_WAIT
    assert (model.signals.landlord_wait[:entrant] < LONGEST_WAIT).all()
