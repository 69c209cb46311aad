"""The money trail: every dollar of a deal has one place, whatever becomes of the deal."""

import json
from dataclasses import replace

import pytest

from aimarket.model.deals.deal import OUTSIDE
from aimarket.model.scenarios.scenario import load_scenario
from aimarket.server.presenters import money_trail, money_trail_text
from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.view_state import known_scenarios

FAILURE = {"coding_ceiling": 40.0, "research_draw": 0.05, "dilution": 0.015}
"""Settings under which xAI, with the deal's money, runs out of cash before it has spent it."""

QUARTERS = 24


@pytest.fixture(scope="module")
def run():
    """A run of the deal."""
    run = TwinRun("deal_35bn")
    run.reach(QUARTERS)
    return run


@pytest.fixture(scope="module")
def failed():
    """A run in which the deal's recipient defaults."""
    run = TwinRun("deal_challenger", seed=9, settings=FAILURE)
    run.reach(30)
    return run


def last_rows(run, quarter):
    return [row[:2] for row in money_trail.frame(run, quarter)["ledger"][-2:]]


def said(run, quarter):
    return "".join(part for part, _ in money_trail.frame(run, quarter)["sentence"])


def changed(case, **deal):
    """Return a scenario whose only deal is another."""
    case = load_scenario(case)
    return replace(case, deals=(replace(case.deals[0], **deal),))


@pytest.mark.parametrize("quarter", [1, 2, 5, 7, QUARTERS])
def test_no_dollar_is_missing(run, quarter):
    assert last_rows(run, quarter) == [["Sum", "35.000"], ["Missing", "0.000"]]


def test_no_dollar_is_missing_where_money_strays_and_a_default_sets_it_free(failed):
    now = money_trail.trail(failed, 30)
    assert now.strayed > 0.1
    assert now.released.sum() > 0.1
    assert last_rows(failed, 30) == [["Sum", "35.000"], ["Missing", "0.000"]]


def test_a_dollar_that_the_books_lose_is_missing(run):
    now = money_trail.trail(run, 5)
    lost = now._replace(spent=now.spent - [0.0, 0.25, 0.0, 0.0, 0.0])
    assert money_trail.ledger(lost)[-1][:2] == ["Missing", "0.250"]


def test_what_strayed_by_use_adds_up_to_what_labs_count_as_breach(failed):
    now = money_trail.trail(failed, 30)
    assert now.strayed_by_use.sum() == pytest.approx(now.strayed)


def test_what_funders_gave_is_what_the_ledger_lent_on_the_deal(run):
    names = (*run.firms["asset_managers"], OUTSIDE)
    for quarter in range(1, 9):
        lent = sum(run.at(past).own.posted("ai_labs", "loans", "deal").sum(0) for past in range(1, quarter + 1))
        output = {name: drawn for name, _, drawn in money_trail.funders(run, quarter)}
        assert [output.get(name, 0.0) for name in names] == pytest.approx(list(lent))


def test_what_goes_into_a_use_comes_out_of_it(failed):
    for received, *fates in money_trail.frame(failed, 30)["uses"]:
        assert received == pytest.approx(sum(fates), abs=1e-6)


def test_every_use_receives_its_part_of_what_is_drawn(run):
    frame = money_trail.frame(run, 4)
    parts = [received / frame["drawn"] for received, *_ in frame["uses"]]
    assert parts == pytest.approx([0.45, 0.20, 0.25, 0.10, 0.0])


def test_recipients_of_a_split_deal_have_all_of_it():
    run = TwinRun("deal_split")
    run.reach(5)
    labs = money_trail.frame(run, 5)["labs"]
    assert len(labs) == 5
    assert sum(float(lab[2]) for lab in labs) == pytest.approx(money_trail.trail(run, 5).drawn)


def test_money_without_an_earmark_has_a_row_of_its_own():
    run = TwinRun(changed("deal_35bn", earmark={"chips": 0.4}))
    run.reach(7)
    assert ["Tied to no use", "21.000", ""] in money_trail.frame(run, 7)["ledger"]
    assert last_rows(run, 7) == [["Sum", "35.000"], ["Missing", "0.000"]]


def test_credit_of_vendors_comes_from_vendors_and_is_tied_to_no_use():
    run = TwinRun(changed("deal_35bn", instrument="vendor", funders={}, earmark={}))
    run.reach(7)
    assert money_trail.funders(run, 7) == [(money_trail.VENDORS, pytest.approx(35.0), pytest.approx(35.0))]
    assert money_trail.trail(run, 7).free == pytest.approx(35.0)


def test_a_scaled_deal_agrees_to_its_scale():
    run = TwinRun("deal_35bn", settings={"deal_scale": 2.0})
    run.reach(7)
    assert money_trail.agreed(run) == pytest.approx(70.0)
    assert last_rows(run, 7) == [["Sum", "70.000"], ["Missing", "0.000"]]


def test_the_sentence_says_what_is_spent_waits_and_is_not_drawn(run):
    now = money_trail.trail(run, 5)
    spent, waiting, undrawn = (f"{float(part):.1f}" for part in (now.spent.sum(), now.waiting.sum(), now.undrawn))
    wanted = f"Of the 35 bn, {spent} are spent, {waiting} wait in accounts tied to their use, {undrawn} are not drawn"
    assert said(run, 5) == wanted


def test_the_sentence_says_what_went_astray(failed):
    assert "strayed from their use" in said(failed, 30)
    assert "are set free by a default" in said(failed, 30)


def test_before_the_first_instalment_the_sentence_says_when_it_comes(run):
    assert said(run, 1) == "The 35 bn come in 2026 Q2: nothing is drawn yet"


def test_when_all_is_spent_the_sentence_says_on_what(run):
    now = money_trail.trail(run, 7)
    output = money_trail_text.sentence(run, now._replace(spent=now.received, waiting=0.0 * now.waiting))
    assert "".join(part for part, _ in output) == (
        "All 35 bn are spent: 45 % on chips, 25 % on halls, 20 % on clusters and 10 % on research"
    )


def test_instalments_are_counted(run):
    assert [money_trail.instalments(run, quarter) for quarter in (1, 2, 7, 12)] == [(0, 6), (1, 6), (6, 6), (6, 6)]


def test_a_scenario_without_a_deal_names_those_that_hold_one():
    output = json.loads(money_trail.setup(TwinRun("baseline")))
    assert output["agreed"] == 0.0
    assert [name for name, *_ in output["others"]] == [name for name, case in known_scenarios().items() if case.deals]


def test_a_frame_travels_as_plain_json(run):
    assert json.loads(run.frame(money_trail.frame, 6)) == money_trail.frame(run, 6)
