"""Loans shrink as agreed, cost what risk and mood make them cost, and go to the safe before the risky."""

from types import SimpleNamespace

import numpy as np
import pytest

import aimarket
from aimarket.agents.rules.financing import default_probability, loan_rate
from aimarket.model.markets.capital import raise_capital
from aimarket.model.markets.planning import plan, publish
from aimarket.model.markets.services import pay_running_costs

from ..builders import all_different, one_lab_one_vendor, two_labs

TERMS = SimpleNamespace(
    risk_free_rate=0.04,
    loss_given_default=0.5,
    premium_sentiment=0.8,
    crunch_spread=0.08,
    credit_crunch=0.0,
)
SAFE, RISKY = 0, 1
ALONE = np.ones((1, 1))


def test_loans_shrink_by_a_twenty_fifth_each_quarter():
    """T15: on the ledger, every loan of every kind of firm is L0 x .96^t."""
    model = aimarket.MarketModel(start=all_different(), replicates=2)
    before = [firms.loans for firms in model.borrowers]
    for _ in range(8):
        pay_running_costs(model)
    for firms, loans in zip(model.borrowers, before, strict=True):
        np.testing.assert_allclose(firms.loans, loans * 0.96**8, rtol=1e-13)


def test_interest_is_a_quarter_of_the_yearly_rate_on_what_is_owed():
    """T15: each firm pays rate/4 x L, and the managers receive it by what each of them has lent."""
    model = aimarket.MarketModel(start=all_different(), replicates=2)
    owed = [firms.loans for firms in model.borrowers]
    model.ledger.open_quarter()
    pay_running_costs(model)
    entries = {entry.table: entry.change for entry in model.ledger.cash_entries() if entry.cause == "interest"}
    for firms, loans in zip(model.borrowers, owed, strict=True):
        np.testing.assert_allclose(entries[firms.kind.group], -loans.sum(1) * 0.07 / 4.0, rtol=1e-12, atol=1e-15)
    received = sum(
        entry.change for entry in model.ledger.changes("asset_managers", "cash") if entry.cause == "interest"
    )
    due = sum(loans.sum(0) for loans in owed) * 0.07 / 4.0
    np.testing.assert_allclose(received, due[:-1], rtol=1e-12)
    assert not due[-1].any()


def test_without_new_loans_debt_fades_in_the_whole_quarter():
    """T15 in the model: when lending stops, what a firm that survives owes is .96^8 of the start after 8 quarters."""
    model = aimarket.MarketModel(parameters={"credit_crunch": 1.0})
    before = model.vendors.loans
    for _ in range(8):
        model.step()
    assert (model.vendors.defaults == 0.0).all()
    np.testing.assert_allclose(model.vendors.loans, before * 0.96**8, rtol=1e-13)


def test_a_neutral_lender_asks_seven_percent_of_a_two_percent_risk():
    """T16: .04 + .02 x .5 + .02 = 7.0 percent at neutral sentiment and a premium of 2."""
    rate = loan_rate(np.array([[0.02]]), np.array([[0.02]]), np.array([0.0]), TERMS)
    assert rate[0, 0] == pytest.approx(0.07, rel=1e-15)


def test_the_risk_of_the_table_comes_from_leverage():
    """T16: a firm with cash enough and debt of 2 2/3 times its earnings fails with 2 percent a year."""
    one = np.ones((1, 1))
    risk = default_probability(8.0 / 3.0 * one, one, cash=one, needs=one)
    assert risk[0, 0] == pytest.approx(0.02, rel=1e-15)


def test_lenders_quote_by_class_in_the_model():
    """T16 in the model: a lab with that leverage and ample cash is quoted .04 + .02 x .5 and its premium.

    At a risk of .02 all but 1/(1 + e^4) of its debt is private credit: .02 + .02 + .01; bonds ask .008 + .002 + .001.
    """
    model = aimarket.MarketModel(start=one_lab_one_vendor(cash=1e4))
    publish(model)
    labs = model.labs
    owed = np.full(labs.loans.shape, 1.0)
    labs.commit(loans=owed, revenue=owed.sum(1) / (1.4 * 8.0 / 3.0))
    plan(model)
    assert labs.default_risk[0, 0] == pytest.approx(0.02, rel=1e-12)
    rated = 1.0 / (1.0 + np.exp(4.0))
    assert labs.quoted_rate[0, 0] == pytest.approx(0.05 + rated * 0.011 + (1.0 - rated) * 0.05, rel=1e-12)


def funding_per_request(**parameters):
    """Two labs alike ask for the same private credit; one is thought to fail with 3 percent a year, one with 10."""
    model = aimarket.MarketModel(start=two_labs(), parameters={"open_private": 0.0} | parameters)
    model.managers.commit(opening_cash=model.managers.cash + 0.0)
    publish(model)
    for firms in model.borrowers:
        nothing = np.zeros(firms.cash.shape)
        firms.commit(debt_request=nothing, equity_request=nothing)
    risk = np.array([[0.03], [0.10]])
    labs = model.labs
    labs.commit(
        default_risk=risk,
        quoted_rate=loan_rate(risk, np.array([[0.02]]), np.array([0.0]), model.parameters),
        debt_request=np.full((2, 1), 200.0),
    )
    publish(model)
    raise_capital(model)
    return (labs.debt_raised / labs.debt_request)[:, 0]


def test_the_safe_firm_is_funded_before_the_risky_one():
    """T31: at a risk of 3 and of 10 percent a year, funding per request differs, for the safer one."""
    funded = funding_per_request()
    assert funded[SAFE] > 1.1 * funded[RISKY]
    assert funded[RISKY] > 0.0


def test_without_risk_aversion_lenders_see_no_difference():
    """T31 isolates the aversion: the quoted rate holds the expected loss, so without it both are funded alike."""
    funded = funding_per_request(risk_aversion=0.0)
    assert funded[SAFE] == pytest.approx(funded[RISKY], rel=2e-3)
