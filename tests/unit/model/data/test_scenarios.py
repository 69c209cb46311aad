"""The scenarios say what happens, when, to whom and why, and nothing happens before they say so."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

import aimarket
from aimarket.model.dates import quarter_date, quarter_number

SCENARIOS = aimarket.scenarios()
FIRST = quarter_number("2026Q1")
WHOLE_DEAL = {"clusters": 0.20, "chips": 0.45, "halls": 0.25, "research": 0.10}
DEALS = {
    "deal_35bn": ("2026Q2", {"Anthropic": 35.0}),
    "deal_news": ("2026Q2", {"Anthropic": 35.0}),
    "deal_frontrunner": ("2026Q2", {"OpenAI": 35.0}),
    "deal_challenger": ("2026Q2", {"xAI": 35.0}),
    "deal_split": ("2026Q2", dict.fromkeys(("OpenAI", "Anthropic", "Google DeepMind", "Meta", "xAI"), 7.0)),
    "deal_delayed": ("2028Q3", {"Anthropic": 35.0}),
    "rd_only": ("2026Q2", {"Anthropic": 35.0}),
}
SHOCKS = {
    "chip_shock": ("2027Q1", "compute_shipped", -1),
    "grid_tight": ("2026Q1", "unconnected_halls", 1),
    "credit_crunch": ("2027Q3", "funding", -1),
    "algorithm_shock": ("2027Q3", "frontier_efficiency", 1),
    "demand_winter": ("2028Q1", "ai_revenue", -1),
    "bust": ("2028Q1", "funding", -1),
    "vendor_loop": ("2026Q1", "funding", 0),
    "vendor_entry": ("2027Q3", "vendor_concentration", 0),
    "lab_entry": ("2027Q3", "active_labs", 1),
    "triple_squeeze": ("2028Q1", "funding", -1),
    "cloud_glut": ("2027Q3", "spot_rent", -1),
    "rent_squeeze": ("2026Q3", "contract_rent", 1),
    "neocloud_default": ("2026Q1", "contract_rent", -1),
    "self_build": ("2026Q1", "rent_backlog", -1),
}
"""When each shock begins, an indicator that it moves and the way (0: by its stocks, further below)."""
FINANCINGS = {
    "deal_reported": "2026Q2",
    "deal_stress": "2026Q2",
    "financing_aligned": "2026Q2",
    "financing_coreweave": "2026Q1",
    "financing_hyperion": "2026Q1",
    "financing_valor": "2026Q1",
    "financing_vendor_equity": "2026Q1",
}
ROLES = {"cautious_recipient": "2026Q1", "momentum": "2026Q2"}
"""Scenarios in which firms decide otherwise: a lab signs for less rent at once, managers follow what they remember."""
TELLS_LATER = {"self_build": 3}
"""Quarters until a scenario moves its market: until then tenants sign nothing beyond what they had signed."""

STARTS = {name: date for name, (date, *_) in (DEALS | SHOCKS).items()} | FINANCINGS | ROLES
NEWS_AND_NONE = (("deal_news", 4), ("deal_35bn", 4))
ENDS = {
    "chip_shock": "2028Q4",
    "credit_crunch": "2028Q4",
    "algorithm_shock": "2027Q3",
    "demand_winter": "2030Q4",
    "cloud_glut": "2030Q2",
    "rent_squeeze": "2029Q2",
    "neocloud_default": "2030Q2",
}


def state_of(model):
    tables = model.ledger.tables
    return {
        (name, column): without_vehicles(model, table.declared[column], array)
        for name, table in tables.items()
        for column, array in table.columns.items()
    }


def without_vehicles(model, column, array):
    """Leave out customers that the baseline has not."""
    return np.delete(array, model.leases.customers, axis=1) if column.over == "customers" else array


@cache
def path(name, quarters):
    """Return the state after every quarter, and the model."""
    model = aimarket.MarketModel(name, rng=3, strict=True, record=("indicators", "events"))
    states = []
    for _ in range(quarters):
        model.step()
        states.append(state_of(model))
    return states, model


def until(name):
    """Return how many quarters show the first effect of a scenario, four at least."""
    return max(4, quarter_number(STARTS[name]) - FIRST + 1)


def first_difference(name):
    """Return the first quarter after which any number differs from the baseline's."""
    states, model = path(name, until(name))
    baseline, _ = path("baseline", 12)
    for t, (state, twin) in enumerate(zip(states, baseline, strict=False)):
        if any(not np.array_equal(state[key], twin[key]) for key in twin):
            return quarter_date(model.first + t)
    return None


def at_start(name, indicator):
    """Return an indicator in the scenario's first quarter, or when it tells, with the scenario and without."""
    t = quarter_number(STARTS[name]) - FIRST + TELLS_LATER.get(name, 0)
    return tuple(
        path(n, q)[1].history.series("indicators").values[indicator][t, 0]
        for n, q in ((name, until(name)), ("baseline", 12))
    )


def test_every_scenario_is_known_here_with_the_baseline_first():
    assert list(SCENARIOS) == ["baseline", *sorted(STARTS)]


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda s: s.name)
def test_a_scenario_says_what_and_why(scenario):
    assert scenario.title
    assert scenario.why
    assert all(item.why for item in (*scenario.changes, *scenario.deals, *scenario.entries, *scenario.firms.values()))


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=lambda s: s.name)
def test_a_scenario_fits_a_screen_in_words(scenario):
    assert len(scenario.title) <= 100
    assert "  " not in scenario.why
    assert "\n" not in "".join(
        item.why for item in (*scenario.changes, *scenario.deals, *scenario.entries, *scenario.firms.values())
    )


def test_titles_tell_scenarios_apart():
    assert len({scenario.title for scenario in SCENARIOS.values()}) == len(SCENARIOS)


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_runs_with_every_identity_kept(name):
    _, model = path(name, 12 if name == "baseline" else until(name))
    assert max(model.checks().values()) < 1e-9


@pytest.mark.parametrize(("name", "date"), STARTS.items())
def test_nothing_differs_from_the_baseline_before_the_scenario_says_so(name, date):
    assert first_difference(name) == date


@pytest.mark.parametrize(("name", "date", "amounts"), [(n, *v) for n, v in DEALS.items()])
def test_a_deal_gives_a_quarter_of_its_amount_in_its_first_quarter(name, date, amounts):
    """Google DeepMind's is its parent's, Alphabet's."""
    states, model = path(name, until(name))
    amounts = {{"Google DeepMind": "Alphabet"}.get(lab, lab): amount for lab, amount in amounts.items()}
    for firms in model.owners:
        received = states[quarter_number(date) - FIRST][firms.kind.group, "restricted_received"][:, :, 0].sum(1)
        np.testing.assert_allclose(received, [0.25 * amounts.get(name, 0.0) for name in firms.names], atol=1e-12)


@pytest.mark.parametrize("name", DEALS)
def test_deals_differ_in_one_thing_only(name):
    (deal,), (model_deal,) = SCENARIOS[name].deals, SCENARIOS["deal_35bn"].deals
    assert (deal.amount, deal.draw, deal.funders) == (35.0, model_deal.draw, {"Apollo": 0.5, "BlackRock": 0.5})
    assert deal.earmark == ({"research": 1.0} if name == "rd_only" else WHOLE_DEAL)


def test_only_deal_news_lets_the_announcement_move_managers():
    moved = {name for name, scenario in SCENARIOS.items() if scenario.parameters.get("announcement_effect")}
    assert moved == {"deal_news"}
    assert SCENARIOS["deal_news"].parameters == {"announcement_effect": 0.6}


def test_news_lifts_every_managers_mood_in_the_quarter_of_the_announcement():
    t = quarter_number("2026Q2") - FIRST
    moods = [path(name, quarters)[0][t]["asset_managers", "sentiment"] for name, quarters in NEWS_AND_NONE]
    assert (moods[0] > moods[1] + 0.01).all()


@pytest.mark.parametrize(("name", "indicator", "sign"), [(n, i, s) for n, (_, i, s) in SHOCKS.items() if s])
def test_a_shock_moves_its_market_the_expected_way_at_once(name, indicator, sign):
    shocked, calm = at_start(name, indicator)
    assert sign * (shocked - calm) > 1e-3 * abs(calm)


def test_the_algorithm_shock_triples_every_active_labs_efficiency():
    t = quarter_number("2027Q3") - FIRST
    shocked, calm = path("algorithm_shock", t + 1)[0][t], path("baseline", 12)[0][t]
    active = calm["ai_labs", "active"][:, 0] > 0.0
    gain = (shocked["ai_labs", "log_efficiency"] - calm["ai_labs", "log_efficiency"])[active, 0]
    assert (gain > 0.9 * np.log(3.0)).all()
    assert (gain < 1.1 * np.log(3.0)).all()


def test_the_vendor_loop_multiplies_what_labs_owe_vendors():
    shocked, calm = (
        path(name, q)[0][3]["ai_labs", "vendor_finance"].sum() for name, q in (("vendor_loop", 4), ("baseline", 12))
    )
    assert 4.0 < shocked / calm < 8.0


def test_the_tenants_of_a_glut_stay_away_from_neoclouds_that_default_too():
    glut, default = (
        {change.parameter: change for change in SCENARIOS[name].changes} for name in ("cloud_glut", "neocloud_default")
    )
    for name in ("rental_demand_available", "satiation"):
        assert replace(glut[name], why="") == replace(default[name], why="")
    assert SCENARIOS["neocloud_default"].firms.keys() == {"Neoclouds"}


def test_the_entrant_is_in_business_from_its_date_on():
    states, model = path("vendor_entry", until("vendor_entry"))
    row = model.vendors.names.index("Vendor entrant")
    assert [bool(state["chip_vendors", "active"][row, 0]) for state in states[-2:]] == [False, True]


@pytest.mark.parametrize(("name", "date"), ENDS.items())
def test_a_passing_shock_ends_when_it_says(name, date):
    assert {quarter_date(change.end) for change in SCENARIOS[name].changes} == {date}


def test_a_triple_squeeze_is_the_bust_with_a_tight_grid():
    *bust, grid = SCENARIOS["triple_squeeze"].changes
    for change, same in zip(bust, SCENARIOS["bust"].changes, strict=True):
        assert (change.parameter, change.start, change.end, change.value) == (
            same.parameter,
            same.start,
            same.end,
            same.value,
        )
    assert (grid.parameter, grid.value) == ("grid_available", SCENARIOS["grid_tight"].changes[0].value)


def test_a_bust_is_the_winter_with_a_crunch_of_six_quarters():
    winter, crunch = SCENARIOS["bust"].changes
    (lone_winter,) = SCENARIOS["demand_winter"].changes
    assert (winter.parameter, winter.start, winter.end, winter.value) == (
        lone_winter.parameter,
        lone_winter.start,
        lone_winter.end,
        lone_winter.value,
    )
    assert (crunch.parameter, quarter_date(crunch.start), quarter_date(crunch.end), crunch.value) == (
        "credit_crunch",
        "2028Q1",
        "2029Q2",
        0.8,
    )
