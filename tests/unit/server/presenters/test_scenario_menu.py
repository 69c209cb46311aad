"""The menu of scenarios: every scenario once, under the word for what happens in it."""

import pytest

import aimarket
from aimarket.model.scenarios.scenario import parse_scenario
from aimarket.server.presenters import scenario_menu

DEAL = """
[[deals]]
name = "a loan"
date = "2026Q2"
amount = 1.0
instrument = "loan"
recipients = { "xAI" = 1.0 }
funders = { "Apollo" = 1.0 }
draw = [1.0]
why = "A test."
"""
CHANGE = """
[[changes]]
parameter = "grid_available"
from = "2026Q1"
multiply = 0.5
why = "A test."
"""
ENTRY = """
[[entries]]
firm = "Lab entrant"
date = "2027Q3"
why = "A test."
"""
PARAMETER = "[parameters]\nvendor_finance_share = 0.3\n"


def test_every_scenario_can_be_chosen_once():
    listed = [item["name"] for group in scenario_menu.groups() for item in group["items"]]
    assert sorted(listed) == sorted(aimarket.scenarios())


def test_groups_come_in_their_order_and_none_is_empty():
    shown = [group["title"] for group in scenario_menu.groups()]
    assert shown == list(scenario_menu.GROUPS)
    assert all(group["items"] for group in scenario_menu.groups())


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("own", "", scenario_menu.COMPARED),
        ("own", DEAL, scenario_menu.DEALS),
        ("own", PARAMETER + DEAL, scenario_menu.DEALS),
        ("own", DEAL + CHANGE, scenario_menu.DEALS),
        ("financing_own", DEAL, scenario_menu.FINANCINGS),
        ("financing_without", CHANGE, scenario_menu.SHOCKS),
        ("own", CHANGE, scenario_menu.SHOCKS),
        ("own", ENTRY + CHANGE, scenario_menu.CONDUCT),
        ("own", PARAMETER, scenario_menu.CONDUCT),
    ],
)
def test_a_scenario_is_filed_under_what_it_changes(name, text, title):
    assert scenario_menu.group_of(parse_scenario(f'title = "T"\nwhy = "W"\n{text}', name, "a test")) == title


@pytest.mark.parametrize("name", ["cautious_recipient", "momentum"])
def test_a_firm_with_another_rule_is_behaviour_though_it_gets_a_deal(name):
    assert scenario_menu.group_of(aimarket.load_scenario(name)) == scenario_menu.CONDUCT


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("cloud_glut", scenario_menu.SHOCKS),
        ("rent_squeeze", scenario_menu.SHOCKS),
        ("neocloud_default", scenario_menu.SHOCKS),
        ("self_build", scenario_menu.CONDUCT),
    ],
)
def test_a_shock_that_meets_firms_with_other_parameters_is_a_shock(name, title):
    assert scenario_menu.group_of(aimarket.load_scenario(name)) == title


def test_a_label_is_the_name_in_words():
    assert scenario_menu.label("deal_35bn") == "Deal of 35 bn"
    assert scenario_menu.label("vendor_loop") == "Vendor loop"
