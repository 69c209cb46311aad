"""What peers ask of a stock-flow-consistent model, asked of ours in worlds drawn at random.

The tests are those of the literature, in words of our own, and from the published matrices alone, so that they are
independent of the identities that the model checks itself (`model/accounting/identities.py`):

- the balance-sheet and the transaction-flow matrix, whose rows and columns sum to nothing, the redundant equation, and
  the change of net worth as saving and revaluation: W. Godley and M. Lavoie, Monetary Economics (2007), ch. 1-3;
- claims that are somebody's debts, and stocks that change by transactions and named revaluations alone: A. Caiani and
  others, Agent based-stock flow consistent macroeconomics, Journal of Economic Dynamics and Control 69 (2016);
- the identities that the tests of BeforeIT.jl hold against every run of the model of S. Poledna and others, Economic
  forecasting with an agent-based model, European Economic Review 151 (2023). Three ways to gross domestic product have
  no counterpart here, since households and the state are one sector outside.
"""

from functools import reduce
from typing import NamedTuple

import numpy as np
import pytest

import aimarket
from aimarket.model.accounting.sector_books import FLOWS, NET_WORTH, STOCKS, balances

from .worlds import drawn, seed_of

SCENARIOS = ("baseline", "deal_35bn", "deal_reported", "deal_split", "bust", "neocloud_default", "financing_valor")
REPLICATES, QUARTERS = 6, 10
TOLERANCE = 1e-9
"""Of the largest amount of a replicate: rounding stays far below."""

MONEY, THINGS = ("cash",), ("fixed_assets",)
CLAIMS = tuple(name for name, row in STOCKS.items() if row.kind == "claim" and name != "notes")
ISSUERS = {
    "loans": {"ai_labs", "clouds", "chip_vendors", "energy_suppliers", "equipment_suppliers", "vehicles"},
    "shares": {"ai_labs", "clouds", "chip_vendors", "energy_suppliers", "equipment_suppliers"},
    "savings": {"asset_managers"},
    "prepaid": {"chip_vendors"},
    "vendor_finance": {"ai_labs", "clouds"},
    "rent_advances": {"clouds"},
}
"""By claim, the sectors that owe it."""

FINANCIAL = {
    "loans": ("lending", "lending_outside", "deal", "amortisation", "amortisation_outside"),
    "shares": ("equity_managers", "equity_vendors", "equity_outside"),
    "savings": ("savings", "capital_calls", "capital_returned", "distributions"),
    "prepaid": ("prepayments",),
    "vendor_finance": ("vendor_finance",),
    "rent_advances": ("rent_advances",),
}
"""By claim, the rows in which it is bought, sold, given or paid back; notes of vehicles are loans."""

CAPITAL = ("chips", "clusters", "halls", "capital_spending", "halls_bought", "acquisitions", "residual_value", "resale")
"""Rows in which plant is bought and sold; all others but the financial ones are income and spending."""


class Booked(NamedTuple):
    """How debtors book a claim: the column, their tables, the rows of payments, and causes for which nobody pays."""

    column: str
    tables: set
    rows: tuple
    unpaid: set


BOOKED = {
    "loans": Booked("loans", ISSUERS["loans"], FINANCIAL["loans"], {"written off"}),
    "prepaid": Booked("prepaid", ISSUERS["prepaid"], FINANCIAL["prepaid"], {"applied", "forfeited", "acquired"}),
    "rent_advances": Booked("advances", ISSUERS["rent_advances"], FINANCIAL["rent_advances"], {"set off", "void"}),
    "vendor_finance": Booked("vendor_finance", ISSUERS["vendor_finance"], (), {"new", "repaid", "written off"}),
}
"""By claim; what is paid for the credit of vendors is principal and interest in one row, so that none is taken here."""


class Quarter(NamedTuple):
    """A quarter of a run: both matrices, and what debtors' books say of claims that changed without a payment."""

    opening: dict
    closing: dict
    flows: dict
    unpaid: dict
    scale: np.ndarray


@pytest.fixture(scope="module", params=SCENARIOS)
def run(request):
    """Return the quarters of a scenario, with every parameter drawn at random in every replicate."""
    case = aimarket.load_scenario(request.param)
    values, seed = drawn(seed_of(request.param), REPLICATES, case), seed_of(request.param)
    model = aimarket.MarketModel(case, rng=seed, replicates=REPLICATES, parameters=values, record=())
    return [stepped(model) for _ in range(QUARTERS)]


def stepped(model):
    """Step a model, and return the quarter."""
    opening = with_notes(balances(model))
    model.step()
    closing, flows = with_notes(balances(model)), dict(model.ledger.flows())
    unpaid = {claim: without_payment(model, claim) for claim in BOOKED}
    scale = 1.0 + reduce(np.maximum, [np.abs(value) for value in (*closing.values(), *flows.values())])
    return Quarter(opening, closing, flows, unpaid, scale)


def with_notes(sheet):
    """Return a balance sheet in which the notes of vehicles are loans, as those who lend them the money have it."""
    whole = dict(sheet)
    for (row, sector), amount in sheet.items():
        if row == "notes":
            whole["loans", sector] = whole.get(("loans", sector), 0.0) + amount
            del whole[row, sector]
    return whole


def without_payment(model, claim):
    """Return what debtors' books posted to a claim without a payment, by sector, as their balance sheets show it."""
    booked = BOOKED[claim]
    return {
        table: -sum(
            entry.change.sum(tuple(range(entry.change.ndim - 1)))
            for entry in model.ledger.changes(table, booked.column)
            if entry.cause in booked.unpaid
        )
        for table in sorted(booked.tables)
        if table in model.ledger.tables
    }


def sectors(quarter):
    """Return the sectors of a quarter."""
    return sorted({sector for _, sector in quarter.closing})


def flow(quarter, sector, rows):
    """Return what a sector got in some rows, less what it paid."""
    return sum((quarter.flows.get((row, sector), 0.0) for row in rows), np.zeros(REPLICATES))


def change(quarter, row, sector):
    """Return by how much a row of a sector's balance sheet changed."""
    nothing = np.zeros(REPLICATES)
    return quarter.closing.get((row, sector), nothing) - quarter.opening.get((row, sector), nothing)


def broken(run, gap_of):
    """Return where something is not nothing: the quarter, what, and by which part of the largest amount."""
    gaps = {(n, name): gap / quarter.scale for n, quarter in enumerate(run) for name, gap in gap_of(quarter).items()}
    return {where: float(np.max(gap)) for where, gap in gaps.items() if not np.max(gap) <= TOLERANCE}


def all_rows(quarter):
    return {row for row, _ in quarter.flows}


def test_what_one_sector_pays_another_gets(run):
    def gaps(quarter):
        return {
            row: np.abs(sum(amount for (name, _), amount in quarter.flows.items() if name == row))
            for row in all_rows(quarter)
        }

    assert broken(run, gaps) == {}


def test_a_sectors_payments_add_to_the_change_of_its_money(run):
    def gaps(quarter):
        rows = all_rows(quarter)
        return {one: np.abs(flow(quarter, one, rows) - change(quarter, "cash", one)) for one in sectors(quarter)}

    assert broken(run, gaps) == {}


def test_the_redundant_equation_holds_whichever_sector_is_left_out(run):
    def gaps(quarter):
        rows, all_of_them = all_rows(quarter), sectors(quarter)
        implied = {
            left_out: -sum(flow(quarter, one, rows) for one in all_of_them if one != left_out)
            for left_out in all_of_them
        }
        return {one: np.abs(implied[one] - change(quarter, "cash", one)) for one in all_of_them}

    assert broken(run, gaps) == {}


def test_every_claim_is_somebodys_debt(run):
    def gaps(quarter):
        return {claim: np.abs(sum(v for (row, _), v in quarter.closing.items() if row == claim)) for claim in CLAIMS}

    assert broken(run, gaps) == {}


def test_debtors_owe_and_holders_own(run):
    def gaps(quarter):
        return {
            (row, sector): np.maximum(0.0, amount if sector in ISSUERS[row] else -amount)
            for (row, sector), amount in quarter.closing.items()
            if row in CLAIMS and not (row == "shares" and sector == "chip_vendors")  # they owe and own
        }

    assert broken(run, gaps) == {}


def test_net_worth_of_all_is_what_there_is_to_touch_and_money(run):
    def gaps(quarter):
        worth, real = (
            sum(amount for (row, _), amount in quarter.closing.items() if row in rows)
            for rows in ((NET_WORTH,), (*THINGS, *MONEY))
        )
        return {"net worth": np.abs(worth - real)}

    assert broken(run, gaps) == {}


def test_every_flow_is_income_plant_or_a_claim_and_only_one_of_them():
    known = {row for rows in FLOWS.values() for row in rows}
    ours = [*CAPITAL, *(row for rows in FINANCIAL.values() for row in rows)]
    assert set(ours) <= known
    assert len(set(ours)) == len(ours)


def test_claims_change_by_payments_and_named_causes_alone(run):
    """Stocks are last quarter's and the flows of this one, sector by sector; who loses a claim is not who owed it."""

    def gaps(quarter):
        found = {}
        for claim, debtors in quarter.unpaid.items():
            rows = BOOKED[claim].rows
            others = {s: change(quarter, claim, s) + flow(quarter, s, rows) for s in sectors(quarter)}
            found |= {(claim, one): np.abs(others[one] - amount) for one, amount in debtors.items()}
            holders = sum(other for one, other in others.items() if one not in debtors)
            found[claim, "holders"] = np.abs(holders + sum(debtors.values()))
        return found

    assert broken(run, gaps) == {}


def test_no_lender_gains_by_a_loss(run):
    def gaps(quarter):
        lost = {
            s: change(quarter, "loans", s) + flow(quarter, s, FINANCIAL["loans"]) for s in ("asset_managers", "economy")
        }
        return {one: np.maximum(0.0, amount) for one, amount in lost.items()}

    assert broken(run, gaps) == {}


def net_lending(quarter, sector):
    """Return what a sector lends net, as its income and its spending, on plant too, leave it."""
    financial = {row for rows in FINANCIAL.values() for row in rows}
    return flow(quarter, sector, all_rows(quarter) - financial)


def test_net_lending_of_all_sectors_is_nothing(run):
    assert broken(run, lambda quarter: {"all": np.abs(sum(net_lending(quarter, s) for s in sectors(quarter)))}) == {}


def revaluation(quarter, sector):
    """Return what a sector's claims and plant gained without a payment."""
    claims = sum(change(quarter, c, sector) + flow(quarter, sector, FINANCIAL.get(c, ())) for c in CLAIMS)
    return claims + change(quarter, "fixed_assets", sector) + flow(quarter, sector, CAPITAL)


def test_net_worth_changes_by_saving_and_revaluation(run):
    def gaps(quarter):
        saving = {s: net_lending(quarter, s) - flow(quarter, s, CAPITAL) for s in sectors(quarter)}
        return {
            s: np.abs(change(quarter, NET_WORTH, s) - saving[s] - revaluation(quarter, s)) for s in sectors(quarter)
        }

    assert broken(run, gaps) == {}


def test_revaluations_of_claims_are_one_sectors_gain_and_anothers_loss(run):
    def gaps(quarter):
        return {
            claim: np.abs(
                sum(change(quarter, claim, s) + flow(quarter, s, FINANCIAL.get(claim, ())) for s in sectors(quarter))
            )
            for claim in CLAIMS
        }

    assert broken(run, gaps) == {}


def test_a_row_that_creates_money_is_found(run):
    quarter = run[0]
    spoilt = {**quarter.flows, ("ai_sales", "ai_labs"): quarter.flows["ai_sales", "ai_labs"] + 1e-3 * quarter.scale}
    with pytest.raises(AssertionError):
        test_what_one_sector_pays_another_gets([quarter._replace(flows=spoilt)])
    with pytest.raises(AssertionError):
        test_a_sectors_payments_add_to_the_change_of_its_money([quarter._replace(flows=spoilt)])
