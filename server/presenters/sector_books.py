"""The books of a quarter by sector: balance sheets, the flow matrix, and the identities that hold them together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...experiments.formatting import booked
from ...model.accounting.identities import IDENTITIES, TOLERANCE
from ...model.accounting.sector_books import NET_CHANGE, OUTSIDE, SECTORS, STOCKS, groups, sectors
from ..url.dates import date_of

if TYPE_CHECKING:
    from ...model.accounting.sector_books import Matrix
    from ..sessions.twin_run import TwinRun, World

COLOURS: Mapping[str, str] = MappingProxyType(
    {
        "ai_labs": "labs",
        "asset_managers": "capital",
        "clouds": "clouds",
        "vehicles": "deal",
        "chip_vendors": "chips",
        "energy_suppliers": "power",
        "equipment_suppliers": "works",
        OUTSIDE: "ink3",
    }
)
"""The colours of the sectors' columns."""

SMALLEST_SHOWN, DECADES = 1e-17, 8.0
"""Where the bar of a residual begins, and how many powers of ten it has to go to the limit."""


class Line(NamedTuple):
    """A row of a matrix: label, amounts by sector, USD bn, shape (sectors,), kind, and the model's name for it.

    Kinds are those of `model.books.Row`.
    """

    label: str
    amounts: np.ndarray
    kind: str
    name: str


def balance(world: World, columns: tuple[str, ...] = ()) -> list[Line]:
    """Return the balance sheets at the end of a quarter; debts are negative.

    Args:
        world: the world.
        columns: the sectors; its own when left out.
    """
    names = columns or world.sectors
    rows = STOCKS.items() if "vehicles" in names else [item for item in STOCKS.items() if item[0] != "notes"]
    return [Line(row.label, _amounts(world, world.balances, name, names), row.kind, name) for name, row in rows]


def flows(world: World, columns: tuple[str, ...] = ()) -> list[tuple[str, list[Line]]]:
    """Return the flow matrix of a quarter by group: what sectors received, and paid as negative amounts."""
    names = columns or world.sectors
    tables = [
        (group, [Line(label, _amounts(world, world.flows, row, names), "flow", row) for row, label in rows.items()])
        for group, rows in groups((row for row, _ in world.flows), names).items()
    ]
    change = np.sum([line.amounts for _, lines in tables for line in lines], axis=0)
    return [*tables, ("", [Line(NET_CHANGE.label, change, NET_CHANGE.kind, "")])]


def payload(run: TwinRun, quarter: int, world: str = "own") -> str:
    """Return both matrices of a quarter as a page shows them, as JSON.

    Args:
        run: the pair of worlds, as far as it has run.
        quarter: which one, counted from 1; at 0 there are no flows yet.
        world: "own", "twin", or "difference" of the two.
    """
    now = run.at(quarter)
    chosen = (now.own, now.twin) if world == "difference" else (now.twin,) if world == "twin" else (now.own,)
    columns = sectors({name for one in chosen for name in one.sectors})
    sheets = [balance(one, columns) for one in chosen]
    moved = [dict(flows(one, columns)) for one in chosen] if quarter else []
    content = {
        "date": date(run, quarter),
        "columns": [[SECTORS[name], COLOURS[name]] for name in columns],
        "balance": _shown(sheets),
        "flows": [
            [group, _shown([one[group] for one in moved])]
            for group in (moved[0] if moved else ())
            if all(group in one for one in moved)
        ],
    }
    return json.dumps(content)


def shown(line: Line) -> list[Any]:
    """Return a line as a page shows it: label, amounts, sum, kind, the model's name, whether its sum is as it ought."""
    whole = float(line.amounts.sum())
    empty, closes = line.kind in {"claim", "flow", "change"}, _closes(line)
    sum_shown = "0" if empty and closes else booked(whole)
    return [line.label, [booked(float(value)) for value in line.amounts], sum_shown, line.kind, line.name, closes]


def difference(own: Line, twin: Line) -> list[Any]:
    """Return by how much two lines differ, as a page shows it: the difference of what is shown of each."""
    (label, cells, whole, kind, name, _), (_, others, sum_of_twin, *_) = shown(own), shown(twin)
    change = own._replace(amounts=own.amounts - twin.amounts)
    less = [_signed(a, b) for a, b in zip((*cells, whole), (*others, sum_of_twin), strict=True)]
    sum_shown = "0" if (whole, sum_of_twin) == ("0", "0") else less[-1]
    return [label, less[:-1], sum_shown, kind, name, _closes(change)]


def _closes(line: Line) -> bool:
    """Return whether the sum of a line is nothing where it ought to be."""
    size = 1.0 + float(np.abs(line.amounts).max())
    return line.kind not in {"claim", "flow", "change"} or abs(float(line.amounts.sum())) <= TOLERANCE * size


def date(run: TwinRun, quarter: int) -> str:
    """Return the date of a quarter of a run."""
    return date_of(run.case, quarter)


def identities(run: TwinRun) -> list[list[Any]]:
    """Return every identity: code, what holds, largest residual as it is shown, length of its bar, whether it holds."""
    residuals = _residuals(run)
    if not residuals:
        return [[code, _sentence(check.__doc__ or ""), "–", 0.0, True] for code, check in IDENTITIES.items()]
    return [
        [
            code,
            _sentence(check.__doc__ or ""),
            _power(residuals[code]),
            _length(residuals[code]),
            bool(residuals[code] <= TOLERANCE),
        ]
        for code, check in IDENTITIES.items()
    ]


def sentence(run: TwinRun) -> list[list[str]]:
    """Return how well the books close as pieces of text, each with its style's name or none."""
    residuals = _residuals(run)
    if not residuals:
        return [["Every payment is booked twice: press play, and see that nothing is lost", ""]]
    worst = max(residuals, key=lambda code: residuals[code] if np.isfinite(residuals[code]) else np.inf)
    if not residuals[worst] <= TOLERANCE:
        return [[f"Identity {worst} does not hold: its residual is {_power(residuals[worst])}", ""]]
    count = f"Every dollar and every loan has two ends: {len(residuals)} identities hold"
    if residuals[worst] == 0.0:
        return [[f"{count} exactly", ""]]
    power = 1 + int(np.floor(-np.log10(residuals[worst])))
    parts = int(np.ceil(residuals[worst] * 10.0**power))
    return [[f"{count} to {parts} part{'' if parts == 1 else 's'} in 10", ""], [str(power), "sup"]]


def _residuals(run: TwinRun) -> dict[str, float]:
    """Return residuals by identity; none before the first quarter, and none once the run has been given back."""
    return run.residuals() if run.length else {}


def _shown(matrices: list[list[Line]]) -> list[list[Any]]:
    """Return the lines of the only matrix as a page shows them, or those of the first less those of the second."""
    return [shown(lines[0]) if len(lines) == 1 else difference(*lines) for lines in zip(*matrices, strict=True)]


def _signed(text: str, other: str) -> str:
    """Return the difference of two amounts that are shown, always with a sign."""
    value, twin = (float(one.replace(",", "").replace("−", "-").replace("–", "0")) for one in (text, other))
    text = booked(value - twin)
    return f"+{text}" if text[0].isdigit() else text


def _amounts(world: World, matrix: Matrix, row: str, columns: tuple[str, ...]) -> np.ndarray:
    """Return a row of a matrix in one world, shape (sectors,); what is not there is nothing."""
    cells = [matrix.get((row, sector)) for sector in columns]
    return np.array([0.0 if cell is None else cell[world.place] for cell in cells])


def _sentence(doc: str) -> str:
    """Return what holds, in words, from the docstring of a check: `I1: every row ...`."""
    text = " ".join(doc.split("\n\n", maxsplit=1)[0].split()).partition(": ")[2].rstrip(".")
    return text[:1].upper() + text[1:]


def _power(residual: float) -> str:
    """Return a residual as it is shown, as in 3.9e−15."""
    if not np.isfinite(residual):
        return "undefined"
    return "0" if residual == 0.0 else f"{residual:.1e}".replace("e-", "e−").replace("e−0", "e−")


def _length(residual: float) -> float:
    """Return how far a residual's bar goes to the limit, in powers of ten, from 0 to 1."""
    if not residual > SMALLEST_SHOWN:
        return 0.0
    return round(min(1.0, float(np.log10(residual / SMALLEST_SHOWN)) / DECADES), 3)
