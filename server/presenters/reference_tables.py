"""Tables to look things up in: every parameter, and the data with their sources."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...experiments.formatting import numeral, sentence
from ...model.initial_state import load_start
from ...model.parameters import parameters
from ..url.limits import START_TABLE
from ..url.view_state import data_tables
from . import markdown

if TYPE_CHECKING:
    from ...agents.state.quantity import Parameter
    from ..sessions.twin_run import TwinRun

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "firms": "Every firm that borrows",
        "ai_labs": "AI labs",
        "chip_vendors": "Chip vendors",
        "energy_suppliers": "Energy suppliers",
        "equipment_suppliers": "Equipment suppliers",
        "asset_managers": "Asset managers",
        "clouds": "Clouds",
        "services": "Market for AI services",
        "research": "Research",
        "chips": "Market for chips",
        "rental": "Market for compute",
        "datacenters": "Data centres",
        "power": "Market for power",
        "capital": "Market for capital",
        "valuation": "Valuation",
        "industry": "Industry",
        "distress": "Distress",
        "entry": "Entry",
        "lab_entry": "Entry of labs",
        "cloud_entry": "Entry of clouds",
        "shocks": "Levers of scenarios",
    }
)
"""What the groups of parameters are called, in the order in which they are shown."""

KINDS: Mapping[str, str] = MappingProxyType({**GROUPS, "economy": "Whole economy"})
MORE = 1e-12


class Table(NamedTuple):
    """A table of data: its name in links, title, what it is good for, heads, and rows of text."""

    name: str
    title: str
    about: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def all_parameters(run: TwinRun) -> str:
    """Return every parameter by group, with the value in force at the start of the run, as JSON."""
    found: dict[str, list[list[Any]]] = {group: [] for group in GROUPS}
    for item in parameters().values():
        found.setdefault(item.group, []).append(_row(item, _of_run(run, item.name)))
    return json.dumps(
        {"groups": [[name, GROUPS.get(name, name.replace("_", " ")), rows] for name, rows in found.items() if rows]}
    )


def certainties() -> list[str]:
    """Return how certain every observation is, in the words of the notes."""
    found = [observations(name) for name in data_tables()[1:]]
    return [row[one.heads.index("Certainty")] for one in found for row in one.rows]


def data(quarter: str, name: str) -> str:
    """Return the names of all tables of data, one of them whole, and how far to trust them, as JSON.

    Args:
        quarter: the start that the run has, as in 2025Q4.
        name: the table that is shown, one of `state.data_tables`; the start for any other text.
    """
    shown = observations(name) if name in data_tables()[1:] else stocks(quarter)
    return json.dumps(
        {
            "tables": [
                [one.name, one.title, len(one.rows)]
                for one in (stocks(quarter), *(observations(other) for other in data_tables()[1:]))
            ],
            "shown": shown._asdict(),
            "notes": notes(),
        }
    )


@cache
def stocks(quarter: str) -> Table:
    """Return what firms hold at a start: of whom, what, how much, unit and source."""
    start = load_start(quarter)
    rows = [
        (
            KINDS.get(kind, kind),
            name.replace("_", " "),
            _numbers(value),
            _unit(start.units[kind].get(name, "1")),
            start.sources[kind].get(name, ""),
        )
        for kind, held in start.stocks.items()
        for name, value in held.items()
    ]
    about = f"What everybody holds at the end of {quarter}, one number for all firms of a kind or one a firm."
    return Table(START_TABLE, "The start of the run", about, ("Of", "Quantity", "Value", "Unit", "Source"), tuple(rows))


@cache
def observations(name: str) -> Table:
    """Return a table of observations as it ships."""
    text = files(_DATA).joinpath("data", "observations", f"{name}.csv").read_text(encoding="utf-8")
    heads, *rows = csv.reader(text.splitlines())
    title, shown = name.replace("_", " ").capitalize(), tuple(head.capitalize() for head in heads)
    return Table(name, title, _about().get(name, ""), shown, tuple(tuple(row) for row in rows))


@cache
def notes() -> str:
    """Return how far to trust the data, as HTML."""
    text = _notes().partition("Handle with care\n")[2]
    return markdown.rendered(text)


_DATA = f"{__package__.partition('.')[0]}.model"


def _notes() -> str:
    """Return the notes on the data."""
    return files(_DATA).joinpath("data", "observations", "NOTES.md").read_text(encoding="utf-8")


def _about() -> dict[str, str]:
    """Return what the notes say that each table holds and is good for."""
    lines = [line.strip("| ").split("|") for line in _notes().splitlines() if ".csv |" in line]
    rows = [[cell.strip() for cell in line] for line in lines]
    return {name.removesuffix(".csv"): f"{sentence(holds)}. Good for: {good}." for name, holds, good in rows}


def _of_run(run: TwinRun, name: str) -> np.ndarray:
    """Return a parameter's value in the scenario's world at the start, shape (1,), or one a firm."""
    value = np.asarray(run.parameters[name], dtype=np.float64)
    if value.ndim == 0:
        return value[None]
    return value[:, 0] if value.ndim > 1 else value[run.start.own.place :][:1]


def _row(item: Parameter, value: np.ndarray) -> list[Any]:
    """Return a parameter as a page shows it: name, meaning, symbol, default, range, unit, source, marks, value.

    Args:
        item: the parameter.
        value: what is in force, one number or one a firm; shown where it is not the default.
    """
    marks = [word for word, marked in (("uncertain", item.uncertain), ("structural", item.structural)) if marked]
    changed = bool((np.abs(value - item.default) > MORE * max(1.0, abs(item.default))).any())
    same = bool((value == value[0]).all())
    return [
        item.name,
        item.doc,
        item.symbol,
        numeral(item.default),
        f"{numeral(item.low)} to {numeral(item.high)}",
        _unit(item.unit),
        item.source,
        marks,
        _numbers([value[0]] if same else value.tolist()) if changed else "",
    ]


def _numbers(value: Any) -> str:
    """Return a number, or numbers in the order of firms or by their names, as text."""
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_numbers(part)}" for name, part in value.items())
    if not isinstance(value, Iterable) or isinstance(value, str):
        return numeral(float(value)).replace("-", "−") if isinstance(value, int | float) else str(value)
    parts: Sequence[Any] = list(value)
    nested = any(isinstance(part, list) for part in parts)
    return ("; " if nested else ", ").join(_numbers(part) for part in parts)


def _unit(unit: str) -> str:
    """Return a unit as it is shown; a pure number has none."""
    return "" if unit == "1" else unit
