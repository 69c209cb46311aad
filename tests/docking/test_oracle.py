"""The model agrees with a plain and naive version of the whole, written from the specification's text (tests/oracle).

Every column of every firm is compared after every phase, so a failure names the quarter, the phase, the firm and the
quantity in which the two part. What the model does otherwise on purpose stands in tests/oracle/departures.py.
"""

import random
from dataclasses import fields, replace

import pytest

import aimarket
from aimarket import AILab, MarketModel
from aimarket.model.parameters import parameters

from ..builders import all_different, with_stocks
from ..oracle.comparison import gaps
from ..oracle.departures import AS_BUILT, Departures

THREE_YEARS = 12
BEYOND_ALL_EVENTS = 24
ONE_OFF = {"efficiency_gift", "chip_price_wedge"}
"""Treatments of one quarter: held for years they drive prices and efficiency out of any range."""

NO_LENDING = {"capital_available": 0.0}
NO_DEMAND = {"demand_available": 1e-9}
SCARCE = {"demand_available": 2.0}
PAY_FALLS = {"labour_floor": 0.0, "labour_fall": 0.4}
COME_AND_GO = {"lab_entry_hazard": 0.2, "exit_patience": 4.0, "exit_gap": 0.5}
COME_AND_GO |= {"hurdle_return": 0.0, "mood_return": 5.0}
"""Labs enter while moods are high."""

WHERE_IT_SHOWS = {
    "research_repays_unplanned_sales": ("baseline", {}, "P3", "research"),
    "researchers_ignore_overdraft": ("baseline", NO_LENDING | PAY_FALLS, "P4", "cash"),
    "earmarked_pay_does_not_stick": ("rd_only", {}, "P4", "cash"),
    "own_loans_among_peers": ("baseline", {}, "P8", "loans"),
    "orders_repriced_by_generation": ("baseline", {}, "P0", "order_value"),
    "price_follows_performance": ("baseline", {}, "P0", "unit_cost"),
    "scarcity_fades": ("baseline", SCARCE, "P5", "price"),
    "hosts_rent_for_a_year": ("baseline", {}, "P5", "fringe_price"),
    "owners_look_at_money_alone": ("baseline", {}, "P7", "planned_compute"),
    "clouds_pledge_fleets_and_sell_shares": ("baseline", {}, "P7", "equity_request"),
    "learning_is_passed_on": ("baseline", {}, "P12", "price"),
}
"""By departure: scenario and parameters under which it matters, and the phase and quantity in which it shows first."""


class HalfHearted(AILab):
    def plan_compute(self, signals):
        plan = super().plan_compute(signals)
        return plan._replace(compute=0.5 * plan.compute)


def first_gap(model, departures=AS_BUILT, quarters=THREE_YEARS):
    return next(gaps(model, departures, quarters), None)


def first_gaps(model, departures=AS_BUILT, quarters=THREE_YEARS):
    """Return all the gaps of the phase in which model and oracle part."""
    found = list(gaps(model, departures, quarters, until_they_part=True))
    assert found, "model and oracle never part"
    return found


def anything_in_range(seed):
    """Return values for half of all parameters, drawn from their whole ranges; the horizon of a hall too."""
    chance = random.Random(seed)
    free = [
        item for item in parameters().values() if not item.structural and item.name not in {*ONE_OFF, "price_level"}
    ]
    drawn = {item.name: chance.uniform(item.low, item.high) for item in chance.sample(free, len(free) // 2)}
    return drawn | {"hall_lead_time": chance.randint(2, 8), "chance": chance.randint(0, 1)}


@pytest.mark.parametrize("scenario", ["baseline", "deal_35bn"])
def test_the_model_agrees_with_the_plain_version_after_every_phase_of_three_years(scenario):
    assert first_gap(MarketModel(scenario, rng=7)) is None


def in_the_plain_version(case):
    """Tell whether the plain version knows a scenario's terms and rules; vehicles are worked by hand instead.

    The other ways to decide are held against their own equations in test_alternatives.py.
    """
    return not case.firms and all(
        deal == replace(deal, condition=None, syndicated=0.0, covenant=0.0)
        and not deal.leased
        and not set(deal.funders) - set(aimarket.MarketModel().managers.names)
        for deal in case.deals
    )


PLAIN = {name for name, case in aimarket.scenarios().items() if in_the_plain_version(case)}


def test_the_plain_version_knows_all_scenarios_but_those_with_vehicles_strategic_holders_and_other_classes():
    assert len(PLAIN) > 15
    assert not PLAIN & {"deal_reported", "cautious_recipient", "momentum"}


def over(case):
    """Return how many quarters it takes until half a year after a scenario's last event; two years at least."""
    last = [change.end or change.start for change in case.changes] + [entry.start for entry in case.entries]
    last += [deal.start + len(deal.draw) for deal in case.deals]
    return max(8, max(last, default=0) - MarketModel(case).first + 2)


@pytest.mark.parametrize("long", [False, pytest.param(True, marks=pytest.mark.acceptance)])
@pytest.mark.parametrize("scenario", sorted(PLAIN - {"baseline", "deal_35bn"}))
def test_every_scenario_agrees_until_its_events_are_over(scenario, long):
    quarters = BEYOND_ALL_EVENTS if long else over(aimarket.load_scenario(scenario))
    assert first_gap(MarketModel(scenario, rng=7), quarters=quarters) is None


OWN_TERMS = [{"rate": 0.11, "term": 6}, {"rate": 0.02}, {"term": 9}]


@pytest.mark.parametrize("terms", OWN_TERMS, ids=str)
def test_they_agree_on_a_loan_with_terms_of_its_own(terms):
    case = aimarket.load_scenario("deal_35bn").with_deal(**terms)
    assert first_gap(MarketModel(case, rng=7)) is None


@pytest.mark.parametrize("form", [{"instrument": "equity"}, {"instrument": "vendor", "earmark": {}, "funders": {}}])
def test_they_agree_on_a_deal_by_shares_and_by_vendors_credit(form):
    case = aimarket.load_scenario("deal_35bn").with_deal(**form)
    assert first_gap(MarketModel(case, rng=7)) is None


@pytest.mark.parametrize("terms", OWN_TERMS, ids=str)
def test_they_agree_where_a_lab_defaults_on_a_loan_with_terms_of_its_own(terms):
    case = aimarket.load_scenario("deal_35bn").with_deal(amount=300.0, **terms)
    model = MarketModel(case, rng=7, parameters=NO_LENDING | NO_DEMAND)
    gap = first_gap(model, quarters=BEYOND_ALL_EVENTS)
    assert model.labs.defaults[model.labs.names.index("Anthropic")] > 0.0
    assert gap is None


@pytest.mark.parametrize("seed", range(8))
def test_they_agree_wherever_the_parameters_lie(seed):
    assert first_gap(MarketModel("deal_35bn", rng=seed, parameters=anything_in_range(seed))) is None


STARTS = [aimarket.load_start("2023Q4"), aimarket.load_start("2024Q4"), all_different()]


@pytest.mark.parametrize("start", STARTS, ids=["2023Q4", "2024Q4", "another roster"])
def test_they_agree_from_another_start(start):
    assert first_gap(MarketModel("deal_35bn", rng=3, start=start)) is None


def test_they_agree_where_the_takeoff_is_drawn():
    model = MarketModel("baseline", rng=7, replicate=3, parameters={"takeoff_uncertain": 1})
    assert first_gap(model) is None


def test_they_agree_where_firms_default():
    model = MarketModel("baseline", rng=7, parameters=NO_LENDING | NO_DEMAND)
    gap = first_gap(model, quarters=BEYOND_ALL_EVENTS)
    assert model.labs.defaults.sum() > 0.0, "nobody has defaulted, so nothing was compared"
    assert gap is None


def test_they_agree_where_labs_enter_by_chance_and_leave():
    model = MarketModel("baseline", rng=7, replicate=1, parameters=COME_AND_GO)
    gap = first_gap(model, quarters=BEYOND_ALL_EVENTS)
    assert model.labs.gone[-1, 0], "the newcomer has not left, so nothing was compared"
    assert gap is None


def indebted(cloud):
    """Return a start in which a cloud has no cash and owes far more than it can earn."""
    start = aimarket.load_start()
    row = start.names("clouds").index(cloud)
    stocks = {name: list(start.stocks["clouds"][name]) for name in ("cash", "debt", "core_cash_flow")}
    stocks["cash"][row], stocks["debt"][row], stocks["core_cash_flow"][row] = 0.5, 2000.0, 0.0
    return with_stocks(start, "clouds", **stocks)


@pytest.mark.parametrize("cloud", ["Neoclouds", "Alphabet"], ids=["taken over", "a parent, restructured"])
def test_they_agree_where_a_cloud_fails(cloud):
    model = MarketModel("deal_35bn", rng=7, start=indebted(cloud))
    gap = first_gap(model)
    row = model.clouds.names.index(cloud)
    assert model.clouds.defaults[row, 0] > 0.0, "the cloud has not defaulted, so nothing was compared"
    assert model.clouds.gone[row, 0] == (cloud == "Neoclouds")
    assert gap is None


def test_they_agree_where_a_cloud_enters_by_chance():
    model = MarketModel("baseline", rng=7, parameters={"cloud_entry_hazard": 0.3})
    gap = first_gap(model)
    assert model.clouds.active[-1, 0], "no cloud has entered, so nothing was compared"
    assert gap is None


def test_they_agree_on_money_bound_to_rent():
    case = aimarket.load_scenario("deal_35bn").with_deal(earmark={"rent": 0.5, "chips": 0.3})
    assert first_gap(MarketModel(case, rng=7)) is None


OF_CLOUDS = {
    "bound": {"earmark": {"clusters": 0.2, "chips": 0.4, "halls": 0.3}},
    "own terms": {"rate": 0.11, "term": 6, "earmark": {"chips": 0.5}},
    "shares": {"instrument": "equity", "earmark": {"halls": 0.5}},
    "credit": {"instrument": "vendor", "earmark": {}, "funders": {}},
}


@pytest.mark.parametrize("form", OF_CLOUDS)
def test_they_agree_on_a_deal_for_a_cloud_also_where_it_fails(form):
    case = aimarket.load_scenario("deal_35bn").with_deal(recipients={"Neoclouds": 1.0}, **OF_CLOUDS[form])
    model = MarketModel(case, rng=7, start=indebted("Neoclouds"), parameters=NO_LENDING)
    gap = first_gap(model)
    assert gap is None
    assert model.clouds.defaults[model.clouds.names.index("Neoclouds"), 0] > 0.0, "the cloud has not failed"


def test_they_agree_on_a_deal_for_a_housed_lab_which_is_its_parents():
    case = aimarket.load_scenario("deal_35bn").with_deal(
        recipients={"Google DeepMind": 0.5, "Alphabet": 0.5}, earmark={"chips": 0.4, "research": 0.4}
    )
    assert first_gap(MarketModel(case, rng=7)) is None


def test_every_departure_from_the_text_is_shown_somewhere():
    assert set(WHERE_IT_SHOWS) == {item.name for item in fields(Departures)}


@pytest.mark.parametrize("departure", WHERE_IT_SHOWS)
def test_a_departure_from_the_text_shows_first_where_it_is_said_to(departure):
    scenario, values, phase, column = WHERE_IT_SHOWS[departure]
    model = MarketModel(scenario, rng=7, parameters=values)
    found = first_gaps(model, replace(AS_BUILT, **{departure: False}))
    assert {gap.phase for gap in found} == {phase}
    assert column in {gap.column for gap in found}


def test_a_changed_rule_of_one_lab_is_noticed_in_its_phase():
    found = first_gaps(MarketModel("baseline", rng=7, firms={"Meta": HalfHearted}))
    assert {(gap.quarter, gap.phase, gap.firm) for gap in found} == {(0, "P7", "Meta")}
    assert "planned_compute" in {gap.column for gap in found}
