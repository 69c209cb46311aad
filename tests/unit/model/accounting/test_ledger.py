"""Double entry: every movement changes both sides and the flow matrix at once."""

import numpy as np
import pytest

import aimarket
from aimarket.model.accounting import identities
from aimarket.model.accounting.identities import TOLERANCE

REPLICATES = 2


@pytest.fixture
def market():
    """A market at the start of a quarter, its books just opened."""
    model = aimarket.MarketModel(replicates=REPLICATES)
    model.step()
    model.ledger.open_quarter()
    return model


def amounts(*by_firm):
    """Return amounts by firm, twice as large in the second replicate."""
    return np.array(by_firm)[:, None] * np.array([1.0, 2.0])


def to_first(firms, amount):
    return amounts(amount, *([0.0] * (len(firms) - 1)))


def test_a_transfer_changes_both_sides(market):
    labs, energy = market.labs.cash, market.energy.cash
    paid = to_first(market.labs, 3.0)
    market.ledger.transfer("power_labs", market.labs, market.energy, paid=paid, received=to_first(market.energy, 3.0))
    assert np.array_equal(market.labs.cash, labs - paid)
    assert np.array_equal(market.energy.cash - energy, to_first(market.energy, 3.0))


def test_a_transfer_stands_in_the_flow_matrix(market):
    paid = to_first(market.labs, 3.0)
    market.ledger.transfer("gifts", market.labs, market.economy, paid=paid)
    flows = market.ledger.flows()
    assert flows["gifts", "ai_labs"].tolist() == [-3.0, -6.0]
    assert flows["gifts", "economy"].tolist() == [3.0, 6.0]


def test_the_flow_matrix_follows_later_transfers(market):
    for _ in range(2):
        market.ledger.transfer("gifts", market.labs, market.economy, paid=to_first(market.labs, 3.0))
        seen = market.ledger.flows()["gifts", "economy"].tolist()
    assert seen == [6.0, 12.0]


@pytest.mark.parametrize("side", ["payer", "payee"])
def test_the_outside_sector_pays_and_receives_what_firms_do(market, side):
    before = market.economy.outside_cash
    if side == "payer":
        market.ledger.transfer("sales", market.economy, market.labs, received=to_first(market.labs, 3.0))
        assert (market.economy.outside_cash - before).tolist() == pytest.approx([-3.0, -6.0])
    else:
        market.ledger.transfer("costs", market.labs, market.economy, paid=to_first(market.labs, 3.0))
        assert (market.economy.outside_cash - before).tolist() == pytest.approx([3.0, 6.0])


def test_no_transfer_changes_all_cash(market):
    before = identities.all_cash(market)
    market.ledger.transfer("sales", market.economy, market.labs, received=to_first(market.labs, 3.0))
    market.ledger.transfer(
        "gifts",
        market.managers,
        market.vendors,
        paid=to_first(market.managers, 1.0),
        received=to_first(market.vendors, 1.0),
    )
    assert identities.all_cash(market) == pytest.approx(before, rel=1e-14)


def test_a_transfer_whose_sides_differ_is_found(market):
    market.ledger.transfer(
        "gifts", market.labs, market.vendors, paid=to_first(market.labs, 1.0), received=to_first(market.vendors, 2.0)
    )
    assert (identities.rows_sum_to_zero(market) > TOLERANCE).all()
    assert (identities.money_is_conserved(market) > TOLERANCE).all()


def test_a_transfer_needs_an_amount(market):
    with pytest.raises(ValueError, match="needs what is paid, what is received, or both"):
        market.ledger.transfer("gifts", market.labs, market.economy)


def test_an_amount_of_the_wrong_shape_is_refused(market):
    with pytest.raises(ValueError, match="shape"):
        market.ledger.transfer("gifts", market.labs, market.economy, paid=np.ones((9, REPLICATES)))


def test_lending_raises_loans_and_cash_together(market):
    loans, cash, lent = market.labs.loans, market.labs.cash, market.managers.cash
    amount = np.zeros_like(loans)
    amount[1, 2] = [4.0, 8.0]
    market.ledger.lend("lending", market.managers, market.labs, amount)
    assert (market.labs.loans - loans)[1, 2].tolist() == pytest.approx([4.0, 8.0])
    assert (market.labs.cash - cash)[1].tolist() == pytest.approx([4.0, 8.0])
    assert (market.managers.cash - lent)[2].tolist() == pytest.approx([-4.0, -8.0])


def test_repaying_undoes_lending(market):
    loans, cash = market.labs.loans, market.labs.cash
    amount = np.full_like(loans, 0.5)
    market.ledger.lend("lending", market.managers, market.labs, amount)
    market.ledger.repay(market.managers, market.labs, amount)
    np.testing.assert_allclose(market.labs.loans, loans, atol=1e-12)
    np.testing.assert_allclose(market.labs.cash, cash, rtol=1e-12)


def test_a_write_off_moves_no_cash(market):
    cash = identities.all_cash(market)
    market.ledger.write_off(market.labs, "loans", "written off", 0.5 * market.labs.loans)
    assert market.ledger.flows() == {}
    assert np.array_equal(identities.all_cash(market), cash)


def issue(market, managers, outside):
    labs = market.labs
    bought = np.zeros_like(labs.equity_held)
    bought[1, 3] = managers
    by_outside = np.zeros_like(labs.cash)
    by_outside[1] = outside
    market.ledger.issue((market.managers, market.vendors, market.economy), labs, bought, by_outside)


def test_an_issue_gives_the_buyer_its_part(market):
    value, held = market.labs.value[1], market.labs.equity_held[1, 3]
    issue(market, 3.0, 2.0)
    assert market.labs.equity_held[1, 3] == pytest.approx((held * value + 3.0) / (value + 5.0))


def test_an_issue_raises_value_and_cash_by_what_was_paid(market):
    value, cash = market.labs.value[1], market.labs.cash[1]
    issue(market, 3.0, 2.0)
    assert market.labs.value[1] == pytest.approx(value + 5.0)
    assert market.labs.cash[1] == pytest.approx(cash + 5.0)


def test_an_issue_dilutes_old_holders_without_costing_them(market):
    owned = market.labs.equity_held[1] * market.labs.value[1]
    issue(market, 0.0, 7.0)
    assert (market.labs.equity_held[1] * market.labs.value[1]) == pytest.approx(owned)


def test_an_issue_of_nothing_changes_nothing(market):
    held, value = market.labs.equity_held, market.labs.value
    issue(market, 0.0, 0.0)
    np.testing.assert_allclose(market.labs.equity_held, held, atol=1e-15)
    assert np.array_equal(market.labs.value, value)


def test_a_worthless_firm_belongs_to_whoever_pays(market):
    market.labs.commit(value=np.zeros_like(market.labs.value))
    issue(market, 3.0, 1.0)
    assert market.labs.equity_held[1, 3] == pytest.approx(0.75)


def test_entries_explain_every_balance(market):
    market.ledger.transfer("gifts", market.labs, market.economy, paid=to_first(market.labs, 3.0))
    issue(market, 3.0, 2.0)
    opening = market.ledger.opening["ai_labs", "cash"]
    explained = opening + sum(entry.change for entry in market.ledger.changes("ai_labs", "cash"))
    np.testing.assert_allclose(market.labs.cash, explained, rtol=1e-14)


def test_a_new_quarter_is_a_new_page(market):
    market.ledger.transfer("gifts", market.labs, market.economy, paid=to_first(market.labs, 3.0))
    market.ledger.open_quarter()
    assert market.ledger.flows() == {}
    assert market.ledger.opening["ai_labs", "cash"] is market.labs.cash


def test_deposits_are_a_sectors_before_and_after(market):
    market.ledger.transfer("gifts", market.labs, market.economy, paid=to_first(market.labs, 3.0))
    opening, closing = market.ledger.deposits("ai_labs")
    assert (opening - closing).tolist() == pytest.approx([3.0, 6.0])


@pytest.mark.parametrize(
    "table", ["ai_labs", "chip_vendors", "energy_suppliers", "equipment_suppliers", "asset_managers"]
)
def test_only_the_ledger_holds_money_columns(market, table):
    declared = market.ledger.tables[table].declared
    assert declared["cash"].ledger
    money = {
        "cash",
        "fixed_assets",
        "loans",
        "equity_held",
        "prepaid",
        "order_value",
        "vendor_finance",
        "vendor_shares",
    }
    assert {name for name, item in declared.items() if item.ledger} == money & set(declared)
