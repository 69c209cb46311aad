"""What a firm is bound by: orders, advances, loans and halls on order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..output import figure
from .balance import BORROWERS, SMALLEST
from .cast import short

if TYPE_CHECKING:
    from ..session import Session, World

MOST_SHOWN = 8
PERCENT = 100.0
Row = list[str]


def contracts(session: Session, kind: str, row: int, world: World) -> list[Row]:
    """Return a firm's contracts, each with whom, what, what is open and what is paid in advance, USD bn, as shown."""
    if kind == "asset_managers":
        return _placements(session, row, world)
    found = _orders(session, kind, row, world) + _loans(session, kind, row, world)
    if kind == "ai_labs":
        found += _halls(row, world) + _bound(session, row, world)
    return found[: MOST_SHOWN + 2]


def _orders(session: Session, kind: str, row: int, world: World) -> list[Row]:
    """Return chips on order, from a lab's side or a vendor's."""
    units, value, advance = (
        world.column("chip_vendors", name) for name in ("backlog", "order_value", "prepaid")
    )  # each of shape (vendors, customers), the rest of the world last
    if kind == "ai_labs":
        pairs = [(vendor, (place, row)) for place, vendor in enumerate(session.firms["chip_vendors"])]
    elif kind == "chip_vendors":
        pairs = [(lab, (row, place)) for place, lab in enumerate((*session.firms["ai_labs"], "Rest of the world"))]
    else:
        return []
    return [
        [
            short(name),
            f"{figure(float(units[at]))} M units on order",
            _money(float(value[at])),
            _money(float(advance[at])),
        ]
        for name, at in pairs
        if units[at] > SMALLEST
    ]


def _loans(session: Session, kind: str, row: int, world: World) -> list[Row]:
    """Return loans by lender, the largest first."""
    loans, rate = world.column(kind, "loans")[row], float(world.column(kind, "interest_rate")[row])
    order = [int(place) for place in np.argsort(-loans) if loans[place] > SMALLEST]
    return [
        [
            short(session.firms["asset_managers"][place]),
            f"loan, {PERCENT * rate:.1f} % a year",
            _money(float(loans[place])),
            "–",
        ]
        for place in order
    ]


def _halls(row: int, world: World) -> list[Row]:
    """Return halls that are ordered, built or wait for the grid."""
    stages = (
        ("ordered, not begun", float(world.column("ai_labs", "halls_ordered")[row])),
        ("under construction", float(world.column("ai_labs", "halls_building")[row].sum())),
        ("wait for the grid", float(world.column("ai_labs", "halls_unconnected")[row])),
    )
    return [["Halls", f"{figure(power)} GW {stage}", "–", "–"] for stage, power in stages if power > SMALLEST]


def _bound(session: Session, row: int, world: World) -> list[Row]:
    """Return the deal's money: how much came, and how much of it waits for its use."""
    came, waits = (float(world.column("ai_labs", name)[row]) for name in ("received_sum", "restricted_sum"))
    return [["The deal", f"{figure(came)} bn $ drawn, bound to a use", _money(waits), "–"]] if came > SMALLEST else []


def _placements(session: Session, row: int, world: World) -> list[Row]:
    """Return what a manager has lent and the shares it holds, the largest first."""
    found: list[tuple[float, Row]] = []
    for kind in BORROWERS:
        loans, rates = world.column(kind, "loans")[:, row], world.column(kind, "interest_rate")
        shares = world.column(kind, "equity_held")[:, row] * np.maximum(world.column(kind, "value"), 0.0)
        for place, name in enumerate(session.firms[kind]):
            loan, share = float(loans[place]), float(shares[place])
            if loan > SMALLEST:
                found.append((loan, [short(name), f"loan, {PERCENT * rates[place]:.1f} % a year", _money(loan), "–"]))
            if share > SMALLEST:
                found.append((share, [short(name), "shares, at market value", _money(share), "–"]))
    return [line for _, line in sorted(found, key=lambda item: -item[0])[:MOST_SHOWN]]


def _money(amount: float) -> str:
    """Return an amount as it is shown, a dash for none."""
    return figure(amount) if amount > SMALLEST else "–"
