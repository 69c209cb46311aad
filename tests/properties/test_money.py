"""However money moves through the ledger, the identities of the books hold."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import aimarket
from aimarket.model.accounting import identities
from aimarket.model.accounting.identities import TOLERANCE

from .arrays import floats

BOOKS = (
    identities.rows_sum_to_zero,
    identities.sectors_match_flows,
    identities.money_is_conserved,
    identities.firms_match_entries,
    identities.loans_add_up,
    identities.shares_add_up,
    identities.vendor_finance_adds_up,
    identities.prepayments_add_up,
)
SECTORS = ("labs", "vendors", "energy", "equipment", "managers")
BORROWERS = SECTORS[:4]


def opened():
    """Return a market with its books open and a first payment in them."""
    model = aimarket.MarketModel(replicates=2, record=())
    model.ledger.open_quarter()
    pay(model, "labs", "vendors", 1.0, 0)
    return model


def spread(shape, amount, seed):
    """Return an amount spread at random over firms, twice as large in the second replicate."""
    parts = np.random.default_rng(seed).dirichlet(np.ones(int(np.prod(shape[:-1])))).reshape(shape[:-1])
    return amount * parts[..., None] * np.array([1.0, 2.0])


def pay(model, payer, payee, amount, seed):
    out, into = (getattr(model, name) for name in (payer, payee))
    paid, received = spread(out.cash.shape, amount, seed), spread(into.cash.shape, amount, seed + 1)
    model.ledger.transfer("payments", out, into, paid=paid, received=received)


def pay_outside(model, payer, payee, amount, seed):
    firms = getattr(model, payer)
    model.ledger.transfer("fees", firms, model.economy, paid=spread(firms.cash.shape, amount, seed))


def sell_outside(model, payer, payee, amount, seed):
    firms = getattr(model, payee)
    model.ledger.transfer("sales", model.economy, firms, received=spread(firms.cash.shape, amount, seed))


def lend(model, payer, payee, amount, seed):
    firms = getattr(model, payee if payee in BORROWERS else "labs")
    model.ledger.lend("lending", model.managers, firms, spread(firms.loans.shape, amount, seed))


def repay(model, payer, payee, amount, seed):
    firms = getattr(model, payee if payee in BORROWERS else "labs")
    model.ledger.repay(model.managers, firms, firms.loans * min(amount / 100.0, 1.0))


def issue(model, payer, payee, amount, seed):
    firms = getattr(model, payee if payee in BORROWERS else "labs")
    bought, outside = spread(firms.equity_held.shape, amount, seed), spread(firms.cash.shape, 0.5 * amount, seed)
    model.ledger.issue((model.managers, model.vendors, model.economy), firms, bought, outside)


def default(model, payer, payee, amount, seed):
    firms = getattr(model, payee if payee in BORROWERS else "labs")
    model.ledger.write_off(firms, "loans", "written off", firms.loans * min(amount / 100.0, 1.0))


movements = st.lists(
    st.tuples(
        st.sampled_from([pay, pay_outside, sell_outside, lend, repay, issue, default]),
        st.sampled_from(SECTORS),
        st.sampled_from(SECTORS),
        floats(0.0, 100.0),
        st.integers(0, 1000),
    ),
    min_size=1,
    max_size=15,
)


@given(movements)
def test_the_books_hold_after_any_movements(history):
    model = opened()
    for move, *details in history:
        move(model, *details)
    assert {book.__name__: book(model) for book in BOOKS if not (book(model) <= TOLERANCE).all()} == {}


@given(movements)
def test_shares_stay_between_none_and_all(history):
    model = opened()
    for move, *details in history:
        move(model, *details)
        for firms in model.borrowers:
            held = firms.equity_held.sum(1)
            assert (held >= 0.0).all()
            assert (held <= 1.0 + 1e-12).all()


@given(st.lists(st.tuples(floats(0.0, 100.0), floats(0.0, 100.0), st.integers(0, 99)), min_size=1, max_size=8))
def test_issues_change_a_firms_value_by_what_was_paid(rounds):
    model = opened()
    value, paid = model.labs.value.sum(0), np.zeros(2)
    for managers, outside, seed in rounds:
        bought, by_outside = (
            spread(model.labs.equity_held.shape, managers, seed),
            spread(model.labs.cash.shape, outside, seed),
        )
        model.ledger.issue((model.managers, model.vendors, model.economy), model.labs, bought, by_outside)
        paid += bought.sum((0, 1)) + by_outside.sum(0)
    np.testing.assert_allclose(model.labs.value.sum(0), value + paid, rtol=1e-12)
