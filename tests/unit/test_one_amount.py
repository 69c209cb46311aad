"""A deal has one amount: what is composed, slid, said, linked, downloaded, printed and run is the same."""

import json
import tomllib

import pytest

from aimarket import load_scenario
from aimarket.model.scenarios.scenario import parse_scenario
from aimarket.model.scenarios.scenario_writer import scenario_toml
from aimarket.server.presenters import deal_form, headline_figures, sliders
from aimarket.server.sessions.code_snippets import python_code, shell_code
from aimarket.server.sessions.controller import Controller
from aimarket.server.sessions.downloads import file_of
from aimarket.server.url.custom_deal import case_of, settings_of
from aimarket.server.url.view_state import link_of, read_link

TENFOLD = "set=deal_scale:10&quarter=2026Q4"


@pytest.fixture
def controller():
    controller = Controller(TENFOLD)
    yield controller
    controller.close()


def test_slider_composer_words_and_run_tell_one_amount(controller):
    view, run = controller.view.value, controller.twin_run
    slider = sliders.slider("deal_scale", view)
    assert slider["value"] * slider["scale"] == 350.0
    assert deal_form.composed(view)["amount"] == 350.0
    assert case_of(view).title == "350 bn for Anthropic"
    assert run.case.deals[0].amount == 350.0
    assert run.at(2).own.indicator("deal_draw") == pytest.approx(350.0 / 4)
    assert "350 bn" in json.dumps(headline_figures.story(run), ensure_ascii=False)


def test_the_file_to_take_home_and_the_code_tell_it_too(controller):
    view = controller.view.value
    output = tomllib.loads(file_of(controller.twin_run, view, "toml").content.decode())
    assert output["deals"][0]["amount"] == 350.0
    assert "parameters" not in output
    for code in (shell_code(view), python_code(view)):
        assert "amount = 350.0" in code
        assert "deal_scale" not in code


def test_a_deal_composed_at_a_factor_is_run_as_it_is_composed(controller):
    shown = {
        "amount": 350.0,
        "date": "2026Q2",
        "instrument": "loan",
        "recipients": {"xAI": 1.0},
        "funders": {"Apollo": 1.0},
        "earmark": {},
        "draw": [1.0],
    }
    controller.act({"what": "deal", "value": shown})
    assert controller.twin_run.case.deals[0].amount == 350.0
    assert "deal_scale" not in controller.link()
    assert deal_form.composed(controller.view.value)["amount"] == 350.0


def test_a_factor_of_nothing_leaves_deals_of_nothing():
    view = read_link("scenario=deal_reported&set=deal_scale:0").view
    assert [deal.amount for deal in case_of(view).deals] == [0.0]
    assert settings_of(view) == {}
    assert parse_scenario(scenario_toml(case_of(view)), "any", "any").deals == case_of(view).deals


def test_the_guarantee_grows_with_the_deal():
    deal = case_of(read_link("scenario=deal_reported&set=deal_scale:2").view).deals[0]
    output = load_scenario("deal_reported").deals[0]
    assert (deal.amount, deal.guarantee) == (2 * output.amount, 2 * output.guarantee)


def test_a_factor_beyond_what_a_deal_may_be_is_reported_and_held():
    own = "deal=200~2026Q2~loan~xAI:1~Apollo:1~~1"
    view, problems = read_link(f"{own}&set=deal_scale:10")
    assert "more than 1,000 bn: 5 is used" in problems[0]
    assert case_of(view).deals[0].amount == 1000.0
    assert read_link(link_of(view)) == (view, ())
    assert sliders.slider("deal_scale", view)["high"] == 5.0


def test_the_composer_says_what_has_to_be_called_from_savers(controller):
    controller.act({"what": "set", "value": ["deal_scale", 20.0]})
    controller.act(
        {
            "what": "deal",
            "value": {
                "amount": 900.0,
                "date": "2026Q2",
                "instrument": "loan",
                "recipients": {"xAI": 1.0},
                "funders": {"Apollo": 1.0},
                "earmark": {},
                "draw": [1.0],
            },
        }
    )
    output = json.loads(deal_form.payload(controller.view.value, "", controller.twin_run.warned, everything=False))
    (line,) = output["warned"]
    assert "Apollo is to give 450 bn (900 bn for xAI)" in line
    assert "called from savers" in line
