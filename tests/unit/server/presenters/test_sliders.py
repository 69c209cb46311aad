"""Sliders say of a parameter what its declaration says, and hand over nothing but values that it may have."""

import pytest

from aimarket.experiments.claims.deciding import deciding
from aimarket.model.parameters import parameters
from aimarket.server.presenters import sliders
from aimarket.server.sessions.controller import Controller
from aimarket.server.url.view_state import read_link


def view(query=""):
    return read_link(query).view


def test_a_slider_shows_the_declared_range_and_the_value_in_force():
    item, shown = parameters()["spillover"], sliders.slider("spillover", view("set=spillover:0.2"))
    assert (shown["low"], shown["high"], shown["default"], shown["value"]) == (item.low, item.high, item.default, 0.2)


def test_the_default_is_the_scenario_s_own():
    assert sliders.slider("announcement_effect", view("scenario=deal_news"))["default"] == 0.6


def test_the_size_of_the_deal_is_shown_as_money():
    shown = sliders.slider("deal_scale", view())
    assert (shown["value"] * shown["scale"], shown["unit"]) == (35.0, "bn $")


def test_every_parameter_can_have_a_slider_of_a_round_step():
    for name in parameters():
        shown = sliders.slider(name, view())
        assert 1 <= (shown["high"] - shown["low"]) / shown["step"] <= 101, name
        assert shown["low"] <= shown["value"] <= shown["high"], name


def test_what_is_uncertain_or_decides_a_claim_has_a_name_for_people():
    kept = deciding()
    assert {*kept.loc[kept["survives"], "parameter"], *sliders.uncertain()} <= {*sliders.LABELS}


def test_groups_hold_every_uncertain_parameter_once():
    named = [item["name"] for group in sliders.groups(sliders.uncertain(), view()) for item in group["items"]]
    assert sorted(named) == sorted(name for name, item in parameters().items() if item.uncertain)


def test_sliders_keep_the_order_in_which_parameters_are_declared():
    money = next(group for group in sliders.groups(sliders.uncertain(), view()) if group["title"] == "Money")
    declared = [name for name in parameters() if name in {item["name"] for item in money["items"]}]
    assert [item["name"] for item in money["items"]] == declared


@pytest.fixture
def controller():
    controller = Controller("")
    yield controller
    controller.close()


def test_a_slider_changes_both_worlds_and_the_link(controller):
    controller.act({"what": "set", "value": ["spillover", 0.2]})
    assert controller.twin_run.parameters["spillover"] == 0.2
    assert controller.link() == "set=spillover:0.2"


def test_a_slider_that_is_reset_leaves_the_link(controller):
    controller.act({"what": "set", "value": ["spillover", 0.2]})
    controller.act({"what": "set", "value": ["spillover", None]})
    assert controller.link() == ""


def test_all_sliders_can_be_reset_at_once(controller):
    controller.act({"what": "set", "value": ["spillover", 0.2]})
    controller.act({"what": "set", "value": ["rivalry", 0.3]})
    controller.act({"what": "unset"})
    assert controller.link() == ""


@pytest.mark.parametrize(
    "value",
    [
        None,
        3,
        [],
        ["spillover"],
        ["spillover", "0.2"],
        ["spillover", True],
        ["spillover", 9],
        ["spillover", [0.1]],
        ["spillover", float("nan")],
        ["nothing", 0.2],
        [["spillover"], 0.2],
        {"spillover": 0.2},
    ],
)
def test_what_is_no_value_of_a_parameter_changes_nothing(controller, value):
    before = controller.view.value, controller.twin_run
    controller.act({"what": "set", "value": value})
    assert (controller.view.value, controller.twin_run) == before
