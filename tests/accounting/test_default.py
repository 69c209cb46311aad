"""A firm without cash defaults: lenders bear a loss, earmarked money is set free, and the books still hold."""

import numpy as np
import pytest

import aimarket
from aimarket.model.accounting.identities import TOLERANCE

LAB, HOLE = 1, 1e4


def ruined(*, ruin=True, quarters=3):
    """Return a market in which the recipient of the deal lost all its cash in the first of two replicates."""
    model = aimarket.MarketModel("deal_35bn", rng=7, replicates=2, parameters={"vendor_finance_share": 0.3})
    for _ in range(quarters):
        model.step()
    if ruin:
        loss = np.zeros_like(model.labs.cash)
        loss[LAB, 0] = HOLE
        model.ledger.transfer("a fine", model.labs, model.economy, paid=loss)
    model.step()
    return model


@pytest.fixture(scope="module")
def market():
    return ruined()


@pytest.fixture(scope="module")
def spared():
    return ruined(ruin=False)


def test_only_the_firm_without_cash_defaults(market):
    assert market.failed["Anthropic"].tolist() == [1.0, 0.0]
    assert sum(failed[1] for failed in market.failed.values()) == 0.0


def test_the_hole_in_cash_is_borne_by_trade_creditors(market):
    assert market.labs.cash[LAB, 0] == 0.0
    assert market.ledger.flows()["creditor_write_off", "ai_labs"][0] > 0.9 * HOLE


def test_lenders_lose_part_of_their_loans(market, spared):
    assert (market.labs.loans[LAB, :, 0] < spared.labs.loans[LAB, :, 0]).all()


def test_lenders_get_shares_for_their_loss(market):
    """Managers get the part of the swap that they lost; that of lenders outside is nobody else's (60 % in all)."""
    lost = sum(e.change[LAB, :, 0] for e in market.ledger.changes("ai_labs", "loans") if e.cause == "written off")
    before = market.ledger.opening["ai_labs", "equity_held"][LAB, :, 0]
    swapped = sum(e.change[LAB, :, 0] for e in market.ledger.changes("ai_labs", "equity_held") if e.cause == "swap")
    part = market.parameters.swap_share
    issued = sum(e.change[LAB, :, 0] for e in market.ledger.changes("ai_labs", "equity_held") if e.cause == "issue")
    np.testing.assert_allclose(swapped, part * (lost[:-1] / lost.sum() - before - issued), rtol=1e-9)
    assert 0.0 < lost[-1] / lost.sum() < 1.0


def test_earmarked_money_is_set_free_and_no_breach(market):
    labs = market.labs
    assert labs.restricted_released[LAB, :, 0].sum() > 1.0
    assert labs.restricted_cash[LAB, :, 0].sum() == 0.0
    assert labs.breach[LAB, 0] == 0.0


def test_vendors_lose_part_of_what_they_financed(market):
    written_off = [e for e in market.ledger.changes("ai_labs", "vendor_finance") if e.cause == "written off"]
    assert sum(entry.change[LAB, :, 0].sum() for entry in written_off) < 0.0


def test_a_solvent_replicate_knows_nothing_of_it(market, spared):
    for title, table in market.ledger.tables.items():
        for name, values in table.columns.items():
            assert np.array_equal(values[..., 1], spared.ledger.tables[title].columns[name][..., 1]), f"{title}.{name}"


def test_a_firm_in_default_goes_on(market):
    assert market.labs.active[LAB, 0] == 1.0
    assert market.labs.defaults[LAB].tolist() == [1.0, 0.0]


def test_the_books_hold_after_a_default():
    model = ruined()
    for _ in range(8):
        model.step()
    broken = {name: value for name, value in model.checks().items() if not value <= TOLERANCE}
    assert broken == {}
