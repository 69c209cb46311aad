"""Double entry: the only code that moves money, and so changes cash, loans, shares, prepayments and plant.

Every movement changes both sides and is kept as an entry until the quarter closes, so that the checks can hold every
balance against its entries and every row of the flow matrix against zero.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from ...agents.state.arrays import TINY, Floats, anywhere, freeze, together, total
from ...agents.state.shown import shown
from ...agents.state.table import Table

CASH = {"economy": "outside_cash"}
"""The column that holds a table's cash, where it is not called cash."""


@shown()
class Entry(NamedTuple):
    """One posting: which table, which column, for what cause, by how much (shape of the column)."""

    table: str
    column: str
    cause: str
    change: Floats


@shown("tables")
class Ledger:
    """The books of a model.

    Args:
        tables: the tables of firms by name, and the economy's, which stands for the outside sector.
    """

    def __init__(self, tables: dict[str, Table]) -> None:
        self.tables = tables
        self.names = {id(table): name for name, table in tables.items()}
        self._balances = [
            (name, column, table)
            for name, table in tables.items()
            for column, item in table.declared.items()
            if item.ledger
        ]
        self.entries: dict[tuple[str, str], list[Entry]] = {}
        self._page = -1
        self._matrix: dict[tuple[str, str], Floats] = {}
        self.opening: dict[tuple[str, str], Floats] = {}
        self.open_quarter()

    def open_quarter(self) -> None:
        """Start a new page: remember every balance as it stands."""
        self.entries = {}
        self._page, self._matrix = -1, {}
        self.opening = {(name, column): table.__dict__[column] for name, column, table in self._balances}

    def transfer(
        self,
        row: str,
        payer: Table,
        payee: Table,
        *,
        paid: Floats | None = None,
        received: Floats | None = None,
    ) -> None:
        """Move money from payers to payees, in one row of the flow matrix.

        Args:
            row: the row.
            payer: who pays; the economy's table stands for the outside sector.
            payee: who receives.
            paid: what each payer pays, USD bn, shape (n, R); left out for the outside sector.
            received: what each payee receives, USD bn, shape (m, R); left out for the outside sector.
        """
        out = total(_given(received)) if paid is None else paid
        into = total(_given(paid)) if received is None else received
        self.post(payer, self._cash_of(payer), row, -out)
        self.post(payee, self._cash_of(payee), row, into)

    def post(self, table: Table, column: str, cause: str, change: Floats) -> None:
        """Change a balance and keep the entry; callers use the methods that know both sides."""
        held = table.__dict__
        value = held[column] + change
        if value.shape != held[column].shape:
            raise ValueError(f"{table.title}.{column} has shape {held[column].shape}, got {value.shape}")
        held[column] = freeze(value)
        name = self.names[id(table)]
        self.entries.setdefault((name, column), []).append(Entry(name, column, cause, change))

    def note(self, table: Table, name: str, cause: str, amount: Floats) -> None:
        """Keep an entry that changes no balance: what was paid, where balances only show what it bought."""
        title = self.names[id(table)]
        self.entries.setdefault((title, name), []).append(Entry(title, name, cause, amount))

    def lend(self, row: str, managers: Table, firms: Table, amount: Floats) -> None:
        """Let managers and lenders outside lend to firms: loans and cash rise together.

        Args:
            row: what the loans are for, lending or deal; the row of managers' money in the flow matrix.
            managers: the lenders that are firms.
            firms: the borrowers, of one kind.
            amount: USD bn, shape (firms, lenders, R); the last lender is the outside sector.
        """
        own, outside = amount[:, :-1], amount[:, -1]
        self.post(firms, "loans", row, amount)
        self.transfer(row, managers, firms, paid=total(own, 0), received=total(own, 1))
        self.transfer("lending_outside", self.tables["economy"], firms, received=outside)

    def repay(self, managers: Table, firms: Table, amount: Floats, cause: str = "amortisation") -> None:
        """Let firms pay back loans for a cause, shape (firms, lenders, R); in the flow matrix all is amortisation."""
        own, outside = amount[:, :-1], amount[:, -1]
        self.post(firms, "loans", cause, -amount)
        self.transfer("amortisation", firms, managers, paid=total(own, 1), received=total(own, 0))
        self.transfer("amortisation_outside", firms, self.tables["economy"], paid=outside)

    def pay_interest(self, managers: Table, firms: Table, amount: Floats) -> None:
        """Let firms pay interest to their lenders, shape (firms, lenders, R)."""
        own, outside = amount[:, :-1], amount[:, -1]
        self.transfer("interest", firms, managers, paid=total(own, 1), received=total(own, 0))
        self.transfer("interest_outside", firms, self.tables["economy"], paid=outside)

    def write_off(self, firms: Table, column: str, cause: str, amount: Floats) -> None:
        """Take a claim off the books without a payment, shape of the column."""
        self.post(firms, column, cause, -amount)

    def issue(
        self,
        buyers: tuple[Table, Table, Table],
        firms: Table,
        bought: Floats,
        by_outside: Floats,
        by_vendors: Floats | None = None,
        *,
        where: np.ndarray | bool = True,
    ) -> None:
        """Let firms sell new shares at their value; old holders are diluted.

        Args:
            buyers: the tables of managers, of chip vendors and of the economy, which stands for buyers outside.
            firms: the issuers, of one kind.
            bought: what managers pay, USD bn, shape (firms, managers, R).
            by_outside: what the outside sector pays, USD bn, shape (firms, R).
            by_vendors: what chip vendors pay labs, USD bn, shape (labs, vendors, R).
            where: the replicates in which anybody sells, shape (R,); stakes and values of the others keep their bits.
        """
        managers, vendors, outside = buyers
        value = np.maximum(firms.value, 0.0)
        after = value + total(bought, 1) + by_outside
        if by_vendors is not None:
            after = after + total(by_vendors, 1)
        shared = np.where(where, after, 0.0)
        self._dilute(firms, "equity_held", value, shared, bought)
        self.note(firms, "shares_sold", "managers", bought)
        strategic = firms.__dict__.get("vendor_shares")
        if strategic is not None and (by_vendors is not None or anywhere(strategic)):
            new = np.zeros_like(strategic) if by_vendors is None else by_vendors
            self._dilute(firms, "vendor_shares", value, shared, new)
            self.note(firms, "shares_sold", "vendors", new)
            self.transfer("equity_vendors", vendors, firms, paid=total(new), received=total(new, 1))
        firms.commit(value=np.where(where, after, firms.value))
        self.transfer("equity_managers", managers, firms, paid=total(bought, 0), received=total(bought, 1))
        self.transfer("equity_outside", outside, firms, received=by_outside)

    def _dilute(self, firms: Table, column: str, value: Floats, after: Floats, bought: Floats) -> None:
        """Rewrite stakes for an issue, shape (firms, holders, R), when values rise; they stay where it is nothing."""
        stakes = firms.columns[column]
        held = (stakes * value[:, None] + bought) / np.maximum(after, TINY)[:, None]
        held = np.where((after > TINY)[:, None], held, stakes)
        self.post(firms, column, "issue", held - stakes)

    def flows(self) -> dict[tuple[str, str], Floats]:
        """Return the quarter's flow matrix: cash received by (row, sector), USD bn, shape (R,)."""
        entries = self.cash_entries()
        if self._page == len(entries):
            return self._matrix
        matrix: dict[tuple[str, str], Floats] = {}
        for table in self.tables:
            paid = self.changes(table, CASH.get(table, "cash"))
            changes = [entry.change for entry in paid]
            amounts = changes if table == "economy" or not paid else total(together(changes), 1)
            for entry, amount in zip(paid, amounts, strict=True):
                key = entry.cause, table
                matrix[key] = matrix[key] + amount if key in matrix else amount
        self._page, self._matrix = len(entries), matrix
        return matrix

    def deposits(self, table: str) -> tuple[Floats, Floats]:
        """Return a sector's deposits when the quarter opened and now, USD bn, shape (R,) each."""
        column = CASH.get(table, "cash")
        both = self.opening[table, column], self.tables[table].columns[column]
        return both if table == "economy" else (total(both[0]), total(both[1]))

    def cash_entries(self) -> list[Entry]:
        """Return the entries that moved cash."""
        return [entry for name in self.tables for entry in self.changes(name, CASH.get(name, "cash"))]

    def changes(self, table: str, column: str) -> list[Entry]:
        """Return the quarter's entries of one balance."""
        return self.entries.get((table, column), [])

    def _cash_of(self, table: Table) -> str:
        """Return the name of a table's cash column."""
        return CASH.get(self.names[id(table)], "cash")

    def __getstate__(self) -> dict[str, Any]:
        """Copy or pickle the books without the identities of the tables."""
        return {name: value for name, value in self.__dict__.items() if name != "names"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore the books on the tables that were copied with them."""
        self.__dict__.update(state)
        self.names = {id(table): name for name, table in self.tables.items()}


def _given(amount: Floats | None) -> Floats:
    """Return an amount, or say that neither side of a transfer was named."""
    if amount is None:
        raise ValueError("a transfer needs what is paid, what is received, or both")
    return amount
