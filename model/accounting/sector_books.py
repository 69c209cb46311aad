"""The books by sector: who owns what another owes, and who paid whom in a quarter, as matrices whose rows add up.

Columns are the kinds of firms and the outside sector, so that a kind that joins the market joins the books.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from ...agents.state.arrays import Floats, total

if TYPE_CHECKING:
    from ..market_model import MarketModel

Matrix = Mapping[tuple[str, str], Floats]
"""Amounts by row and sector, USD bn, shape (R,) each; what is not there is nothing."""

OUTSIDE = "economy"
"""The sector outside: customers, savers, foundries, and the rest of the world that buys chips and halls too."""

SECTORS: Mapping[str, str] = MappingProxyType(
    {
        "ai_labs": "Labs",
        "asset_managers": "Managers",
        "clouds": "Clouds",
        "vehicles": "Vehicles",
        "chip_vendors": "Vendors",
        "energy_suppliers": "Energy",
        "equipment_suppliers": "Builders",
        OUTSIDE: "Outside",
    }
)
"""What sectors are called, in the order of the columns."""


class Row(NamedTuple):
    """What a row is called, and what its sum means.

    Kinds are "money" (deposits, whose sum never changes), "thing" (plant), "claim" (what one has another owes: the sum
    is nothing), "sum" (of the rows above), "flow" (what one pays another gets: nothing) and "change" (the sum of flows:
    nothing, too).
    """

    label: str
    kind: str


STOCKS: Mapping[str, Row] = MappingProxyType(
    {
        "cash": Row("Cash and deposits", "money"),
        "fixed_assets": Row("Plant, fleets, halls", "thing"),
        "loans": Row("Loans", "claim"),
        "notes": Row("Notes of vehicles", "claim"),
        "shares": Row("Shares", "claim"),
        "savings": Row("Savers’ money", "claim"),
        "prepaid": Row("Orders paid in advance", "claim"),
        "vendor_finance": Row("Credit of vendors", "claim"),
        "rent_advances": Row("Rent paid in advance", "claim"),
        "net_worth": Row("Net worth", "sum"),
    }
)
"""The rows of the balance sheet."""

FLOWS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "Made and sold": {
            "ai_sales": "AI services",
            "chips": "Chips, on delivery",
            "prepayments": "Chips, in advance",
            "chips_outside": "Chips, to others",
            "clusters": "Clusters",
            "clusters_outside": "Clusters, to others",
            "halls": "Halls",
            "halls_outside": "Halls, to others",
            "power_labs": "Power, to labs",
            "power_clouds": "Power, to clouds",
            "power_other": "Power, to others",
            "capacity_payments": "Power, for being ready",
            "acquisitions": "Plant, second hand",
        },
        "Compute for rent": {
            "rent": "Rent under contracts",
            "short_lets": "Short lets",
            "sub_lets": "Sub-lets of labs",
            "internal_rent": "Rent to the own parent, at cost",
            "hosting": "Halls for labs’ own chips",
            "rent_advances": "Rent paid in advance",
            "parent_support": "What parents put into their labs",
        },
        "What it takes": {
            "operating_costs": "Running costs",
            "research_labour": "Researchers",
            "vendor_costs": "Costs of making chips",
            "equipment_costs": "Costs of building",
            "fuel_and_upkeep": "Fuel and upkeep",
            "capital_spending": "Plants of their own",
            "other_capex": "Spending of owners’ other business",
            "core_business": "Earned by owners’ other business",
        },
        "Paid for money": {
            "interest": "Interest",
            "amortisation": "Repaid loans",
            "vendor_finance": "Credit of vendors, serviced",
            "dividends": "Dividends, to managers",
            "dividends_vendors": "Dividends, to vendors",
            "dividends_outside": "Dividends, to others",
            "deposit_interest": "Interest on idle deposits",
            "fees": "Managers’ fees",
        },
        "Leases": {
            "lease": "Rent",
            "halls_bought": "Halls, bought to lease",
            "residual_value": "Bought at the lease’s end",
            "resale": "Taken back and resold",
            "guarantee": "Guarantees called",
        },
        "New money": {
            "lending": "Loans",
            "deal": "The deal",
            "equity_managers": "Shares, bought by managers",
            "equity_vendors": "Shares, bought by vendors",
            "equity_outside": "Shares, bought by others",
            "savings": "Savings put in",
            "capital_calls": "Savings called for",
            "creditor_write_off": "Bills never paid",
            "exit": "Left behind at exits",
        },
    }
)
"""Every row of the flow matrix and what it is called, by group."""

LEASES = "Leases"
"""The group of flows that there is only where vehicles are."""

OTHER, OWNED = "Other", "Owned and owed"
"""The group of flows that no group names, and that of all stocks but net worth."""

NET_WORTH, CHANGE, SUM = "net_worth", "change_of_cash", "sum"
NET_CHANGE = Row("Change of cash", "change")


def sectors(present: Iterable[str]) -> tuple[str, ...]:
    """Return the sectors among the tables that are present, in the order of the columns; unknown ones come last."""
    names = tuple(present)
    known = tuple(name for name in SECTORS if name in names)
    return known + tuple(name for name in names if name not in SECTORS)


def balances(market: MarketModel) -> Matrix:
    """Return the balance sheets of all sectors as they stand, by row and sector; debts are negative."""
    sheet: dict[tuple[str, str], Floats] = {}
    for name in market.ledger.tables:
        sheet["cash", name] = market.ledger.deposits(name)[1]
    for population in market.populations:
        if "fixed_assets" in population.declared:
            sheet["fixed_assets", population.kind.group] = total(population.fixed_assets)
    for claims in CLAIMS:
        sheet |= claims(market)
    for name in market.ledger.tables:
        parts = [amount for (_, sector), amount in sheet.items() if sector == name]
        sheet[NET_WORTH, name] = reduce(np.add, parts)
    return sheet


def groups(flows: Iterable[str], present: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the rows of a flow matrix by group, each with what it is called.

    Args:
        flows: the rows that were posted; those without a name of their own stand in the last group.
        present: the sectors of the matrix; without vehicles there are no leases.
    """
    shown = {name: dict(rows) for name, rows in FLOWS.items() if name != LEASES or "vehicles" in present}
    named = {row for rows in shown.values() for row in rows}
    others = {row: FLOWS[LEASES].get(row, row.replace("_", " ")) for row in flows if row not in named}
    return {**shown, OTHER: others} if others else shown


def balance_sheet(market: MarketModel, quarter: Any = None, replicate: int | None = None) -> pd.DataFrame:
    """Return the balance sheets of all sectors at the end of a quarter, USD bn.

    Args:
        market: the model.
        quarter: as in 2028Q2, of those that have run; the present state when left out.
        replicate: its number; the mean over all when left out.

    Returns:
        A row an item of `STOCKS`, a column a sector and their ``sum``: claims add to nothing, deposits to what they
        always add to, and net worth to plant and deposits. ``attrs["labels"]`` says what rows and columns are called;
        ``attrs["groups"]`` sets net worth apart from what it is made of.

    Raises:
        KeyError: a past quarter is asked for, and ``balance_sheet`` was not recorded.
        ValueError: the quarter has not run, or there is no such replicate.
    """
    amounts = balances(market) if quarter is None else _kept(market, "balance_sheet", quarter)
    frame = _frame(market, amounts, tuple(STOCKS), replicate)
    frame.attrs["labels"] |= {name: row.label for name, row in STOCKS.items()}
    frame.attrs["groups"] = {name: OWNED for name in STOCKS if name != NET_WORTH}
    return frame


def flow_matrix(market: MarketModel, quarter: Any = None, replicate: int | None = None) -> pd.DataFrame:
    """Return what sectors received in a quarter, and paid as negative amounts, USD bn.

    Args:
        market: the model.
        quarter: as in 2028Q2, of those that have run; the last one when left out.
        replicate: its number; the mean over all when left out.

    Returns:
        A row a flow, then the change of cash that they make together; a column a sector and their ``sum``, which is
        nothing in every row. ``attrs["labels"]`` says what rows and columns are called, ``attrs["groups"]`` which
        group a flow is of; the last row is of none.

    Raises:
        KeyError: a past quarter is asked for, and ``flows`` was not recorded.
        ValueError: the quarter has not run, or there is no such replicate.
    """
    if quarter is None and not market.quarter:
        raise ValueError("no quarter has run yet, so nothing has been paid: call model.step()")
    amounts = dict(market.ledger.flows() if quarter is None else _kept(market, "flows", quarter))
    for name in market.ledger.tables:
        parts = [amount for (_, sector), amount in amounts.items() if sector == name]
        amounts[CHANGE, name] = reduce(np.add, parts, np.zeros(market.replicates))
    grouped = groups((row for row, _ in amounts if row != CHANGE), market.ledger.tables)
    rows = {row: label for flows in grouped.values() for row, label in flows.items()}
    frame = _frame(market, amounts, (*rows, CHANGE), replicate)
    frame.attrs["labels"] |= {**rows, CHANGE: NET_CHANGE.label}
    frame.attrs["groups"] = {row: group for group, flows in grouped.items() for row in flows}
    return frame


def _frame(market: MarketModel, amounts: Matrix, rows: tuple[str, ...], replicate: int | None) -> pd.DataFrame:
    """Return a matrix of some rows as a data frame, of one replicate or the mean over all."""
    numbers, columns = list(market.chance.replicates), sectors(market.ledger.tables)
    if replicate is not None and replicate not in numbers:
        raise ValueError(f"there is no replicate {replicate}: the model holds {numbers[0]} to {numbers[-1]}")
    nothing = np.zeros(market.replicates)
    whole = np.array([[amounts.get((row, sector), nothing) for sector in columns] for row in rows])
    values = whole.mean(-1) if replicate is None else whole[..., numbers.index(replicate)]
    frame = pd.DataFrame(values, index=pd.Index(rows, name="row"), columns=pd.Index(columns, name="sector"))
    frame[SUM] = values.sum(1)
    frame.attrs["units"] = dict.fromkeys(frame.columns, "USD bn")
    frame.attrs["labels"] = {name: SECTORS.get(name, name) for name in columns} | {SUM: "Sum"}
    return frame


def _kept(market: MarketModel, kind: str, quarter: Any) -> Matrix:
    """Return what the history kept of a quarter, by row and sector."""
    kept = market.history.at(kind, quarter)
    return {(row, sector): amount for name, amount in kept.items() for row, sector in [name.split("|")]}


def _lent(market: MarketModel) -> Matrix:
    """Return what firms and vehicles owe, and managers have lent."""
    lent: dict[tuple[str, str], Floats] = {}
    by_row = {"loans": market.borrowers, "notes": (market.vehicles,) if len(market.vehicles) else ()}
    for row, borrowers in by_row.items():
        owed = {firms.kind.group: total(total(firms.loans, 1)) for firms in borrowers}
        lent |= {(row, sector): -amount for sector, amount in owed.items()}
        if owed:
            lent[row, "asset_managers"] = reduce(np.add, owed.values())
    return lent


def _shares(market: MarketModel) -> Matrix:
    """Return shares at their value: firms owe them to their holders, managers, vendors and the outside sector."""
    issued = {firms.kind.group: total(firms.value) for firms in market.borrowers}
    held = reduce(np.add, [total(total(f.equity_held, 1) * f.value) for f in market.borrowers])
    strategic = reduce(np.add, [total(total(f.vendor_shares, 1) * f.value) for f in market.owners])
    sheet = {("shares", sector): -amount for sector, amount in issued.items()}
    sheet["shares", "chip_vendors"] = sheet["shares", "chip_vendors"] + strategic
    sheet["shares", "asset_managers"] = held
    sheet["shares", OUTSIDE] = reduce(np.add, issued.values()) - held - strategic
    return sheet


def _savings(market: MarketModel) -> Matrix:
    """Return what managers hold for savers outside."""
    funds = total(market.managers.assets)
    return {("savings", "asset_managers"): -funds, ("savings", OUTSIDE): funds}


def _advances(market: MarketModel) -> Matrix:
    """Return what customers have paid vendors in advance: labs, clouds, vehicles, and last the rest of the world."""
    paid, labs = market.vendors.prepaid, len(market.labs)
    leased, clouds = market.leases.customers, market.clouds.customers
    by_customer = {
        "ai_labs": paid[:, :labs],
        "clouds": paid[:, clouds],
        "vehicles": paid[:, leased],
        OUTSIDE: paid[:, -1:],
    }
    sheet = {
        ("prepaid", sector): total(total(part, 1))
        for sector, part in by_customer.items()
        if sector in market.ledger.tables
    }
    return {**sheet, ("prepaid", "chip_vendors"): -reduce(np.add, sheet.values())}


def _vendor_credit(market: MarketModel) -> Matrix:
    """Return what labs and clouds owe vendors."""
    owed = {firms.kind.group: total(total(firms.vendor_finance, 1)) for firms in market.owners}
    sheet = {("vendor_finance", sector): -amount for sector, amount in owed.items()}
    return {**sheet, ("vendor_finance", "chip_vendors"): reduce(np.add, owed.values())}


def _rent_advances(market: MarketModel) -> Matrix:
    """Return what labs have paid landlords in advance."""
    paid = total(total(market.clouds.advances, 1))
    return {("rent_advances", "ai_labs"): paid, ("rent_advances", "clouds"): -paid}


CLAIMS = (_lent, _shares, _savings, _advances, _vendor_credit, _rent_advances)
"""What sectors owe one another, each by row and sector."""
