"""Capital flows: what capital reached which sector this quarter, by instrument and by who gave it (P15).

Read off the ledger's entries; nothing here moves money. By instrument the amounts add to rows of the flow matrix:
loans, deals and notes to lending, lending outside and deal, shares to the rows of equity. Vendor credit moves no cash:
it adds to the new vendor finance.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.equipment_supplier import SECTORS
from ...agents.state.arrays import Floats, total
from ..deals.deal import funder_names

if TYPE_CHECKING:
    from ..market_model import MarketModel

KEYS = ("sector", "instrument", "giver")
"""What names an amount."""

CREDIT = {"loan": "lending", "deal": "deal"}
"""Loans to firms by instrument, and the cause of their entries; a deal's shares are shares."""

NOTES = {"notes": "deal"}
"""The same for vehicles."""


def givers(market: MarketModel) -> tuple[str, ...]:
    """Return who gives capital: managers, chip vendors, and the outside sector last."""
    return funder_names(market.managers.names, market.vendors.names)


def placed(market: MarketModel) -> dict[str, Floats]:
    """Return this quarter's capital by ``sector|instrument``, USD bn, shape (givers, R) each."""
    found: dict[str, Floats] = {}
    for firms in (*market.borrowers, *([market.vehicles] if len(market.vehicles) else [])):
        for instrument, amount in _by_instrument(market, firms):
            if firms is market.equipment:
                found |= {f"{sector}|{instrument}": amount[row] for row, sector in enumerate(SECTORS)}
            else:
                found[f"{market.ledger.names[id(firms)]}|{instrument}"] = total(amount)
    return found


def _by_instrument(market: MarketModel, firms: Any) -> Iterator[tuple[str, Floats]]:
    """Yield each instrument by which a kind of firm gets capital, and how much, shape (n, givers, R)."""
    managers, vendors, outside = _places(market)
    for instrument, cause in (NOTES if firms is market.vehicles else CREDIT).items():
        lent = _entries(market, firms, "loans", cause)
        own, others = [change[:, :-1] for change in lent], [change[:, -1:] for change in lent]
        yield instrument, _given(market, firms, [(managers, own), (outside, others)])
    if firms is market.vehicles:
        return
    public = [change[:, None] for change in _entries(market, firms, "cash", "equity_outside")]
    shares = [(managers, _entries(market, firms, "shares_sold", "managers")), (outside, public)]
    if firms in market.owners:
        shares.append((vendors, _entries(market, firms, "shares_sold", "vendors")))
        yield "vendor credit", _given(market, firms, [(vendors, _entries(market, firms, "vendor_finance", "new"))])
    yield "shares", _given(market, firms, shares)


def _places(market: MarketModel) -> tuple[slice, slice, slice]:
    """Return where managers, vendors and the outside sector stand among givers."""
    first, last = len(market.managers), len(market.managers) + len(market.vendors)
    return slice(0, first), slice(first, last), slice(last, last + 1)


def _entries(market: MarketModel, firms: Any, column: str, cause: str) -> list[Floats]:
    """Return the quarter's changes of a balance for one cause."""
    ledger = market.ledger
    return [entry.change for entry in ledger.changes(ledger.names[id(firms)], column) if entry.cause == cause]


def _given(market: MarketModel, firms: Any, entries: list[tuple[slice, list[Floats]]]) -> Floats:
    """Add entries up at the places of their givers, shape (n, givers, R)."""
    amount = np.zeros((len(firms), _places(market)[-1].stop, market.replicates), like=market.economy.outside_cash)
    for places, changes in entries:
        for change in changes:
            amount[:, places] += change
    return amount
