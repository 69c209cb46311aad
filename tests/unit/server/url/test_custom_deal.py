"""A deal of one's own: it comes back from its link, is checked as a file is, and is the deal that runs."""

import re
from dataclasses import replace
from urllib.parse import quote

import pytest

from aimarket import load_scenario
from aimarket.model.deals.terms import DEAL_TERMS
from aimarket.model.scenarios.deal_reader import deal_table
from aimarket.model.scenarios.deal_reader import read_deal as read_table
from aimarket.model.scenarios.scenario import scenarios
from aimarket.model.scenarios.toml_reader import Place
from aimarket.server.presenters import deal_form
from aimarket.server.sessions.controller import Controller
from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.custom_deal import case_of
from aimarket.server.url.deal_codec import deal_of, deal_text, read_deal
from aimarket.server.url.limits import PAGES
from aimarket.server.url.view_state import PARTS, View, link_of, read_link

OWN = "50~2027Q2~equity~xAI:0.5,Meta:0.5~Apollo:1~chips:0.4~0.5,0.25,0.25"
TOLD = {
    "amount": 50.0,
    "date": "2027Q2",
    "instrument": "equity",
    "recipients": {"xAI": 0.5, "Meta": 0.5},
    "funders": {"Apollo": 1.0},
    "earmark": {"chips": 0.4},
    "draw": [0.5, 0.25, 0.25],
}


def test_a_deal_comes_back_from_its_link():
    view, problems = read_link(f"scenario=baseline&deal={OWN}")
    assert problems == ()
    assert read_link(link_of(view)) == (view, ())
    assert deal_text(case_of(view).deals[0]) == OWN


@pytest.mark.parametrize("name", [name for name, case in scenarios().items() if case.deals])
def test_every_deal_of_the_package_can_be_written_in_a_link(name):
    deal = load_scenario(name).deals[0]
    found = read_deal(deal_text(deal))
    assert found == replace(deal, name=found.name, why=found.why)


def test_the_page_and_the_link_tell_the_same_deal():
    assert deal_of(TOLD) == read_deal(OWN)


@pytest.mark.parametrize(
    ("change", "output"),
    [
        ({"amount": -1.0}, "amount = -1 lies outside"),
        ({"amount": "a lot"}, "is not a number"),
        ({"amount": float("nan")}, "is not a number"),
        ({"date": "2099Q1"}, "from 2026Q1 to 2035Q4"),
        ({"date": "1"}, "date"),
        ({"instrument": "gift"}, "instruments are loan, equity, vendor"),
        ({"recipients": {"NVIDIA": 1.0}}, "there is no “NVIDIA” among the recipients: choose of OpenAI"),
        ({"funders": {"Apollo": 0.5}}, "the parts of funders add to 0.5"),
        ({"earmark": {"yachts": 1.0}}, "yachts"),
        ({"draw": [0.5]}, "the parts of draw add to 0.5"),
        ({"draw": []}, "1 to 40 parts"),
        ({"draw": [None]}, "cannot be read"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_what_a_deal_cannot_be_is_reported(change, output):
    with pytest.raises(ValueError, match=re.escape(output)):
        deal_of({**TOLD, **change})


@pytest.mark.parametrize(
    "text", ["", "x", "~" * 6, OWN + "~1", OWN.replace("50", "1e999"), "~".join(["é"] * 7), "a" * 2000]
)
def test_a_deal_that_is_none_is_reported_and_the_scenario_keeps_its_own(text):
    view, problems = read_link(f"deal={text}")
    assert len(problems) == 1
    assert "the scenario keeps its own" in problems[0]
    assert case_of(view) == load_scenario("deal_35bn")


def test_the_deal_of_the_link_is_the_deal_that_runs():
    view = read_link(f"deal={OWN}&quarter=2027Q4")[0]
    run = TwinRun(case_of(view), view.seed)
    run.reach(8)
    assert run.at(6).own.indicator("deal_draw") == pytest.approx(25.0)
    assert run.at(6).twin.indicator("deal_draw") == 0.0


def test_a_deal_begins_another_run_and_goes_with_another_scenario():
    controller = Controller("quarter=2026Q4")
    controller.act({"what": "deal", "value": TOLD})
    assert controller.twin_run.case.deals == (read_deal(OWN),)
    controller.act({"what": "scenario", "value": "deal_challenger"})
    assert controller.twin_run.case == load_scenario("deal_challenger")
    controller.close()


def test_a_deal_that_is_refused_leaves_the_run_as_it_is():
    controller = Controller("quarter=2026Q4")
    before = controller.twin_run
    controller.act({"what": "deal", "value": {**TOLD, "draw": [2.0]}})
    assert controller.twin_run is before
    assert "lies outside" in controller.refused.value
    controller.close()


def test_the_same_link_without_its_deal_is_another_run():
    assert View().run != read_link(f"deal={OWN}")[0].run


LEASE = "50~2027Q2~lease~xAI:1~Apollo:1~~1~"


@pytest.mark.parametrize(
    "text",
    [
        OWN.replace("xAI:0.5,Meta:0.5", "xAI:1,Meta:0"),
        OWN + "~when=ai_revenue:above:30;syndicated=0.5",
        LEASE + "asset=halls;term=8;tranches=A:0.5:0.05:1:guaranteed,B:0.5:0.1:2;guarantee=NVIDIA:5;covenant=1.1:2",
    ],
)
def test_the_deal_of_a_link_is_read_once_and_kept(text):
    view, problems = read_link(f"deal={quote(text)}")
    assert problems == ()
    assert view.deal == read_deal(deal_text(view.deal))
    assert case_of(view).deals[0] is view.deal


@pytest.mark.parametrize(
    ("name", "reason"), [("A:1", "“A:1” is no name for a link: leave out ~ ; : and ,"), ("A" * 1200, "more than 1,200")]
)
def test_a_composed_deal_that_no_link_can_hold_is_refused(name, reason):
    note = {"name": name, "part": 1.0, "rate": 0.1}
    with pytest.raises(ValueError, match=re.escape(reason)):
        deal_of({**TOLD, "instrument": "lease", "earmark": {}, "asset": "halls", "tranches": [note]})


def test_every_part_of_a_link_is_of_a_page_that_there_is():
    assert {part.page for part in PARTS.values()} <= {"", *PAGES}


def test_the_composer_has_every_term_and_the_limits_of_its_form():
    elsewhere = {"name", "why", "start", "condition"}
    assert {term.name for term in DEAL_TERMS} - elsewhere <= deal_form.composed(View()).keys()
    most = deal_form.choices()["most"]
    assert (most["amount"], most["rate"], most["term"]) == (1000.0, 25.0, 80)


@pytest.mark.parametrize("name", [name for name, case in scenarios().items() if case.deals])
def test_a_deal_is_written_as_a_table_that_reads_the_same(name):
    deal = load_scenario(name).deals[0]
    assert read_table(Place("any"), deal_table(deal)) == deal
