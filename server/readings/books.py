"""The books of a quarter by sector: balance sheets, the flow matrix, and the identities that hold them together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...model.checks import IDENTITIES, TOLERANCE
from ..output import booked
from ..state import date_of
from .balance import BORROWERS

if TYPE_CHECKING:
    from ..session import Session, World

SECTORS = ("ai_labs", "asset_managers", "chip_vendors", "energy_suppliers", "equipment_suppliers", "economy")
COLUMNS = (("Labs", "labs"), ("Managers", "capital"), ("Vendors", "chips"), ("Energy", "power"),
           ("Builders", "works"), ("Outside", "ink3"))  # fmt: skip
"""What sectors are called, and the colours of their columns, in the order of `SECTORS`."""

FLOWS: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "Made and sold": {
        "ai_sales": "AI services", "chips": "Chips, on delivery", "prepayments": "Chips, in advance",
        "chips_outside": "Chips, to others", "clusters": "Clusters", "clusters_outside": "Clusters, to others",
        "halls": "Halls", "halls_outside": "Halls, to others", "power_labs": "Power, to labs",
        "power_other": "Power, to others", "capacity_payments": "Power, for being ready",
        "acquisitions": "Plant, second hand",
    },
    "What it takes": {
        "operating_costs": "Running costs", "research_labour": "Researchers", "vendor_costs": "Costs of making chips",
        "equipment_costs": "Costs of building", "fuel_and_upkeep": "Fuel and upkeep",
        "capital_spending": "Plants of their own",
    },
    "Paid for money": {
        "interest": "Interest", "amortisation": "Repaid loans", "vendor_finance": "Credit of vendors, serviced",
        "dividends": "Dividends, to managers", "dividends_outside": "Dividends, to others", "fees": "Managers’ fees",
    },
    "New money": {
        "lending": "Loans", "deal": "The deal", "equity_managers": "Shares, bought by managers",
        "equity_outside": "Shares, bought by others", "savings": "Savings put in",
        "capital_calls": "Savings called for", "creditor_write_off": "Bills never paid", "exit": "Left behind at exits",
    },
})  # fmt: skip
"""Every row of the flow matrix and what it is called, by group."""

SMALLEST_SHOWN, DECADES = 1e-17, 8.0
"""Where the bar of a residual begins, and how many powers of ten it has to go to the limit."""


class Line(NamedTuple):
    """A row of a matrix: label, amounts by sector, USD bn, shape (sectors,), kind, and the model's name for it.

    A row's kind says what its sum means: "claim" (what one has another owes: nothing), "thing" (plant), "money" (the
    deposits, whose sum never changes), "sum" (of the rows above), "flow" (what one pays another gets: nothing),
    "change" (the sum of flows: nothing, too).
    """

    label: str
    amounts: np.ndarray
    kind: str
    name: str


def balance(world: World) -> list[Line]:
    """Return the balance sheets of all sectors at the end of a quarter; debts are negative."""
    lines = [
        Line("Cash and deposits", _cash(world), "money", "cash"),
        Line("Plant, fleets, halls", _by_borrower(world, "fixed_assets"), "thing", "fixed_assets"),
        Line("Loans", _loans(world), "claim", "loans"),
        Line("Shares", _shares(world), "claim", "value, equity_held"),
        Line("Savers’ money", _savings(world), "claim", "assets"),
        Line("Orders paid in advance", _advances(world), "claim", "prepaid"),
        Line("Credit of vendors", _vendor_credit(world), "claim", "vendor_finance"),
    ]
    worth = np.sum([line.amounts for line in lines], axis=0)
    return [*lines, Line("Net worth", worth, "sum", "")]


def flows(world: World) -> list[tuple[str, list[Line]]]:
    """Return the flow matrix of a quarter by group: what sectors received, and paid as negative amounts."""
    matrix: dict[str, np.ndarray] = {}
    for place, sector in enumerate(SECTORS):
        column = "outside_cash" if sector == "economy" else "cash"
        for cause in world.causes(sector, column):
            row = matrix.setdefault(cause, np.zeros(len(SECTORS)))
            row[place] = float(world.posted(sector, column, cause).sum())
    nothing = np.zeros(len(SECTORS))
    groups = [
        (group, [Line(label, matrix.pop(name, nothing), "flow", name) for name, label in rows.items()])
        for group, rows in FLOWS.items()
    ]
    if matrix:
        groups.append(("Other", [Line(name.replace("_", " "), row, "flow", name) for name, row in matrix.items()]))
    change = np.sum([line.amounts for _, lines in groups for line in lines], axis=0)
    return [*groups, ("", [Line("Change of cash", change, "change", "")])]


def told(session: Session, quarter: int, world: str = "own") -> str:
    """Return both matrices of a quarter as a page shows them, as JSON.

    Args:
        session: the run.
        quarter: which one, counted from 1; at 0 there are no flows yet.
        world: "own", "twin", or "difference" of the two.
    """
    now = session.at(quarter)
    chosen = (now.own, now.twin) if world == "difference" else (now.twin,) if world == "twin" else (now.own,)
    sheets = [balance(one) for one in chosen]
    groups = [dict(flows(one)) for one in chosen] if quarter else []
    signed = len(chosen) > 1
    content = {
        "date": date(session, quarter),
        "columns": [list(column) for column in COLUMNS],
        "balance": [shown(line, signed=signed) for line in _less(sheets)],
        "flows": [
            [group, [shown(line, signed=signed) for line in _less([one[group] for one in groups])]]
            for group in (groups[0] if groups else ())
            if all(group in one for one in groups)
        ],
    }
    return json.dumps(content)


def shown(line: Line, *, signed: bool = False) -> list[Any]:
    """Return a line as a page shows it: label, amounts, sum, kind, the model's name, whether its sum is as it ought."""
    amounts = line.amounts
    whole, size = float(amounts.sum()), 1.0 + float(np.abs(amounts).max())
    empty = line.kind in {"claim", "flow", "change"}
    closes = not empty or abs(whole) <= TOLERANCE * size
    sum_shown = "0" if empty and closes else _amount(whole, signed=signed)
    cells = [_amount(float(value), signed=signed) for value in amounts]
    return [line.label, cells, sum_shown, line.kind, line.name, closes]


def date(session: Session, quarter: int) -> str:
    """Return the date of a quarter of a run."""
    return date_of(session.case.name, quarter)


def identities(session: Session) -> list[list[Any]]:
    """Return every identity: code, what holds, largest residual as it is shown, length of its bar, whether it holds."""
    residuals = _residuals(session)
    if not residuals:
        return [[code, _sentence(check.__doc__ or ""), "–", 0.0, True] for code, check in IDENTITIES.items()]
    return [
        [code, _sentence(check.__doc__ or ""), _power(residuals[code]), _length(residuals[code]),
         bool(residuals[code] <= TOLERANCE)]
        for code, check in IDENTITIES.items()
    ]  # fmt: skip


def sentence(session: Session) -> list[list[str]]:
    """Return how well the books close as pieces of text, each with its style's name or none."""
    residuals = _residuals(session)
    if not residuals:
        return [["Every payment is booked twice: press play, and see that nothing is lost", ""]]
    worst = max(residuals, key=lambda code: residuals[code])
    if not residuals[worst] <= TOLERANCE:
        return [[f"Identity {worst} does not hold: its residual is {_power(residuals[worst])}", ""]]
    count = f"Every dollar and every loan has two ends: {len(residuals)} identities hold"
    if residuals[worst] == 0.0:
        return [[f"{count} exactly", ""]]
    power = 1 + int(np.floor(-np.log10(residuals[worst])))
    parts = int(np.ceil(residuals[worst] * 10.0**power))
    return [[f"{count} to {parts} part{'' if parts == 1 else 's'} in 10", ""], [str(power), "sup"]]


def _residuals(session: Session) -> dict[str, float]:
    """Return residuals by identity; none before the first quarter, and none once the run has been given back."""
    return session.residuals() if session.length else {}


def _less(matrices: list[list[Line]]) -> list[Line]:
    """Return the lines of the only matrix, or those of the first less those of the second."""
    if len(matrices) == 1:
        return matrices[0]
    return [own._replace(amounts=own.amounts - twin.amounts) for own, twin in zip(*matrices, strict=True)]


def _amount(value: float, *, signed: bool) -> str:
    """Return an amount as it is shown; a difference always has a sign."""
    text = booked(value)
    return f"+{text}" if signed and text[0].isdigit() else text


def _cash(world: World) -> np.ndarray:
    """Return deposits by sector; the outside sector's are its net position."""
    firms = [float(world.column(kind, "cash").sum()) for kind in SECTORS[:-1]]
    return np.array([*firms, float(world.column("economy", "outside_cash"))])


def _by_borrower(world: World, column: str) -> np.ndarray:
    """Return a column's sum by sector; nothing where a sector has none."""
    return np.array([float(world.column(kind, column).sum()) if kind in BORROWERS else 0.0 for kind in SECTORS])


def _loans(world: World) -> np.ndarray:
    """Return debts by sector, and what managers have lent."""
    owed = _by_borrower(world, "loans")
    return _held_by("asset_managers", owed.sum()) - owed


def _shares(world: World) -> np.ndarray:
    """Return shares by sector at their value: firms owe them to their holders, managers and the outside sector."""
    issued = _by_borrower(world, "value")
    held = sum(
        float((world.column(kind, "equity_held") * world.column(kind, "value")[:, None]).sum()) for kind in BORROWERS
    )
    return _held_by("asset_managers", held) + _held_by("economy", issued.sum() - held) - issued


def _savings(world: World) -> np.ndarray:
    """Return what managers hold for savers outside."""
    funds = float(world.column("asset_managers", "assets").sum())
    return _held_by("economy", funds) - _held_by("asset_managers", funds)


def _advances(world: World) -> np.ndarray:
    """Return what customers have paid vendors in advance; the last customer is the rest of the world."""
    paid = world.column("chip_vendors", "prepaid")
    labs, others = float(paid[:, :-1].sum()), float(paid[:, -1].sum())
    return _held_by("ai_labs", labs) + _held_by("economy", others) - _held_by("chip_vendors", labs + others)


def _vendor_credit(world: World) -> np.ndarray:
    """Return what labs owe vendors."""
    owed = float(world.column("ai_labs", "vendor_finance").sum())
    return _held_by("chip_vendors", owed) - _held_by("ai_labs", owed)


def _held_by(sector: str, amount: float) -> np.ndarray:
    """Return an amount in the column of a sector, shape (sectors,)."""
    return np.array([amount if one == sector else 0.0 for one in SECTORS])


def _sentence(doc: str) -> str:
    """Return what holds, in words, from the docstring of a check: `I1: every row ...`."""
    text = " ".join(doc.split("\n\n", maxsplit=1)[0].split()).partition(": ")[2].rstrip(".")
    return text[:1].upper() + text[1:]


def _power(residual: float) -> str:
    """Return a residual as it is shown, as in 3.9e−15."""
    return "0" if residual == 0.0 else f"{residual:.1e}".replace("e-", "e−").replace("e−0", "e−")


def _length(residual: float) -> float:
    """Return how far a residual's bar goes to the limit, in powers of ten, from 0 to 1."""
    if not residual > SMALLEST_SHOWN:
        return 0.0
    return round(min(1.0, float(np.log10(residual / SMALLEST_SHOWN)) / DECADES), 3)
