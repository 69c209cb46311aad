"""Every term of every instrument changes something or is refused, wherever a deal is written."""

from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest

import aimarket
from aimarket import Condition, Deal, ScenarioError, Tranche
from aimarket.experiments.publishing.generated_tables import scenario_text
from aimarket.model.deals.terms import INSTRUMENTS, TERMS
from aimarket.model.scenarios.scenario import Scenario, parse_scenario
from aimarket.model.scenarios.scenario_writer import scenario_toml
from aimarket.server.presenters import contracts, headline_figures
from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.deal_codec import deal_of, deal_text, read_deal

QUARTERS, UNTIL_RUIN = 6, 12
USUAL = {"start": "2026Q1", "amount": 60.0, "recipients": {"Anthropic": 1.0}}
FUNDED = USUAL | {"funders": {"Apollo": 1.0}}
NOTES = (Tranche("A", 0.5, 0.06, 1, guaranteed=True), Tranche("B", 0.5, 0.09, 2))
PLAIN = {
    "loan": FUNDED,
    "equity": FUNDED,
    "vendor": USUAL,
    "lease": FUNDED | {"supplier": "NVIDIA", "tranches": NOTES, "guarantor": "NVIDIA", "guarantee": 20.0},
}
OTHER = {
    "start": "2026Q3",
    "amount": 30.0,
    "recipients": {"xAI": 1.0},
    "funders": {"BlackRock": 1.0},
    "earmark": {"chips": 1.0},
    "draw": (0.0, 0.0, 0.0, 1.0),
    "condition": Condition("ai_revenue", above=1e6),
    "tranches": (NOTES[0], replace(NOTES[1], rate=0.2)),
    "asset": "halls",
    "supplier": "Broadcom and Google TPU",
    "guarantor": "Broadcom and Google TPU",
    "guarantee": 5.0,
    "syndicated": 0.5,
    "rate": 0.2,
    "term": 3,
    "covenant": 10.0,
    "grace": 1,
}
"""By term, another value; names and reasons only tell."""
TOGETHER = {
    "asset": {"asset": "halls", "supplier": ""},
    "grace": {"covenant": 10.0, "grace": 1},
}
BESIDE = {"grace": {"covenant": 10.0, "grace": 3}}
FAILING = ("guarantor", "guarantee")
"""Terms that matter where the lessee fails."""


def world_with(instrument, terms, *, failing=False):
    """Every column of every firm after some quarters."""
    deal = Deal("a deal", **PLAIN[instrument] | {"instrument": instrument} | terms)
    ruin = {"demand_available": 1e-9, "capital_available": 0.0} if failing else {}
    model = aimarket.MarketModel(Scenario("mine", deals=(deal,)), rng=3, parameters=ruin, record=(), strict=True)
    for _ in range(UNTIL_RUIN if failing else QUARTERS):
        model.step()
    tables = {**model.ledger.tables, "facilities": model.facilities}
    return {(name, column): values for name, table in tables.items() for column, values in table.columns.items()}


@cache
def usual_world(instrument, *, failing):
    return world_with(instrument, {}, failing=failing)


def has(instrument, term):
    return instrument in TERMS.get(term, INSTRUMENTS)


PAIRS = [(instrument, term) for instrument in INSTRUMENTS for term in OTHER]


def test_every_term_of_a_deal_is_tried():
    assert set(OTHER) | {"name", "why", "instrument"} == {item.name for item in fields(Deal)}


@pytest.mark.parametrize(("instrument", "term"), [pair for pair in PAIRS if has(*pair)])
def test_a_term_that_an_instrument_has_changes_the_run(instrument, term):
    failing = term in FAILING
    one = world_with(instrument, BESIDE[term]) if term in BESIDE else usual_world(instrument, failing=failing)
    other = world_with(instrument, TOGETHER.get(term, {term: OTHER[term]}), failing=failing)
    assert any(not np.array_equal(one[key], other[key]) for key in one)


@pytest.mark.parametrize(("instrument", "term"), [pair for pair in PAIRS if has(*pair)])
def test_a_term_that_an_instrument_has_is_said_in_words(instrument, term):
    plain = Deal("a deal", **PLAIN[instrument] | {"instrument": instrument} | BESIDE.get(term, {}))
    other = plain.changed(**TOGETHER.get(term, {term: OTHER[term]}))
    one, another = (scenario_text(Scenario("mine", deals=(deal,))) for deal in (plain, other))
    assert one != another


@pytest.mark.parametrize(("instrument", "term"), [pair for pair in PAIRS if not has(*pair)])
def test_a_term_that_an_instrument_does_not_have_is_refused_everywhere(instrument, term):
    output = PLAIN[instrument] | {"instrument": instrument, term: OTHER[term]}
    with pytest.raises(ScenarioError, match=f"{term} belongs to"):
        Deal("a deal", **output)
    plain = Deal("a deal", **PLAIN[instrument], instrument=instrument)
    with pytest.raises(ScenarioError, match=f"{term} belongs to"):
        aimarket.load_scenario("baseline").with_deal(plain, **{term: OTHER[term]})
    table = (
        {"date": "2026Q1", "amount": 60.0, "instrument": instrument} | table_of(output) | table_of({term: OTHER[term]})
    )
    with pytest.raises(ValueError, match="belongs to"):
        deal_of(table)


def table_of(terms):
    """Return terms as a file writes them."""
    plain = {name: value for name, value in terms.items() if name in NAMED_ALIKE}
    if "tranches" in terms:
        plain["tranches"] = [dict(vars(item)) for item in terms["tranches"]]
    if "guarantor" in terms or "guarantee" in terms:
        plain["guarantee"] = {"by": terms.get("guarantor", "NVIDIA"), "up_to": terms.get("guarantee", 5.0)}
    return plain


NAMED_ALIKE = ("recipients", "funders", "earmark", "asset", "supplier", "syndicated", "rate", "term")


@pytest.mark.parametrize(
    "terms", [{"rate": 0.0}, {"term": 1}, {"rate": 0.08, "term": 80}, {"draw": [0.5, 0.5], "term": 2}]
)
def test_a_loan_comes_back_from_its_link_and_its_file(terms):
    deal = Deal("a deal", **FUNDED | terms)
    found = read_deal(deal_text(deal))
    assert found == replace(deal, name=found.name, why=found.why)
    case = aimarket.load_scenario("baseline").with_deal(deal)
    assert parse_scenario(scenario_toml(case), "any", "any").deals == (deal,)


def owed(terms, quarters=14, **options):
    """What a loan of 40 bn to Anthropic owes after each quarter, what it has paid back, and the interest so far."""
    case = aimarket.load_scenario("baseline").with_deal(Deal("a loan", **FUNDED | {"amount": 40.0} | terms))
    model, found = aimarket.MarketModel(case, rng=7, strict=True, **options), []
    for _ in range(quarters):
        model.step()
        row = model.facilities
        found.append([float(part[0, 0]) for part in (row.outstanding.sum(1), row.repaid, row.interest)])
    return np.array(found).T


def test_a_loan_is_paid_back_in_equal_parts_over_its_term():
    left, repaid, _ = owed({"term": 8})
    np.testing.assert_allclose(left[:10], [40, 35, 30, 25, 20, 15, 10, 5, 0, 0], atol=1e-9)
    np.testing.assert_allclose(left + repaid, 40.0)


def test_a_loan_pays_its_own_rate_on_what_is_owed():
    left, _, interest = owed({"rate": 0.12, "term": 8})
    np.testing.assert_allclose(np.diff(interest), 0.12 / 4 * left[:-1], atol=1e-9)


def test_a_loan_with_a_rate_alone_is_paid_back_like_other_loans():
    left, _, interest = owed({"rate": 0.12})
    np.testing.assert_allclose(left, 40 * 0.96 ** np.arange(14))
    np.testing.assert_allclose(np.diff(interest), 0.03 * left[:-1])


def test_a_loan_without_terms_of_its_own_stays_as_it_is():
    case = aimarket.load_scenario("deal_35bn")
    assert not case.deals[0].own_terms
    assert case.deals[0].changed(rate=None, term=None) == case.deals[0]


def test_the_money_trail_of_a_failing_lab_holds_every_dollar_of_its_loan():
    left, repaid, _ = owed(
        {"rate": 0.12, "term": 8, "amount": 300.0}, parameters={"demand_available": 1e-9, "capital_available": 0.0}
    )
    assert left[-1] + repaid[-1] < 299.0
    assert (np.diff(left) <= 0.0).all()


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"rate": 0.075, "term": 8}, "for any use, paid back over 8 quarters at 7.5 % a year."),
        ({"term": 1}, "for any use, paid back over 1 quarter."),
        ({}, "for any use."),
    ],
)
def test_pages_and_documents_say_how_a_loan_is_paid_back(terms, words):
    case = aimarket.load_scenario("baseline").with_deal(Deal("x", **FUNDED | terms))
    assert headline_figures.story(TwinRun(case)).endswith(words)
    assert case.deals[0].repayment in scenario_text(case)


def test_the_panel_of_a_lab_shows_what_it_pays_on_average():
    """A lab that owes one lender a loan at 20 % beside others pays it something between."""
    run = TwinRun(aimarket.load_scenario("baseline").with_deal(Deal("x", **FUNDED | {"amount": 150.0, "rate": 0.2})))
    run.reach(2)
    world, row = run.at(2).own, run.firms["ai_labs"].index("Anthropic")
    lines = contracts.contracts(run, "ai_labs", row, world)
    (paid,) = [line[1] for line in lines if line[0] == "Apollo" and line[1].startswith("loan")]
    owed = world.column("ai_labs", "loans")[row][0]
    own = world.column("facilities", "outstanding")[0, 0]
    expected = (own * 0.2 + (owed - own) * world.column("ai_labs", "interest_rate")[row]) / owed
    assert paid == f"loan, {100 * expected:.1f} % a year"
    assert 0.1 < expected < 0.2
