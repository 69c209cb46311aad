"""What the command line prints: tables for people, one JSON object for machines."""

from __future__ import annotations

import json
import math
import shlex
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...experiments.formatting import numeral, shown, undefined, words
from ..streams import say

if TYPE_CHECKING:
    import numpy as np
    from rich.console import Console

    from ...experiments.runs.ensemble import Ensemble

WIDTH = 120
"""Columns of a table that is not printed on a terminal."""

HEADLINES = (
    "ai_revenue",
    "lab_capex",
    "cloud_capex",
    "total_capex",
    "lab_compute",
    "frontier_capability",
    "contract_rent",
    "landed_price",
    "chip_lead_time",
    "ai_load",
    "power_price",
    "funding",
    "lab_debt",
    "lab_concentration",
)
DATES_SHOWN = 4
UNDEFINED = "undefined"
"""Under what a table says in how many runs a value is undefined."""

PERCENTILES = {"low": 5.0, "median": 50.0, "high": 95.0}
NO_FORECAST = "This is a model, not a forecast."


def print_json(content: Mapping[str, Any]) -> None:
    """Print one JSON object, and nothing else; what is not a number is null."""
    from ...experiments.storage.frames import plain

    say(json.dumps(plain(content), allow_nan=False))


def print_run(ensemble: Ensemble, command: Sequence[str], files: Sequence[Path]) -> None:
    """Print the headline indicators of a run at a few dates."""
    series = ensemble.records["indicators"]
    console, places = open_console(), _dates_shown(len(series.quarters))
    dates = _dates(series.quarters)
    console.print(f"{ensemble.scenario.name}: {ensemble.scenario.title}")
    console.print(f"{ensemble.replicates:,} replicates, {dates[0]} to {dates[-1]}, seed {ensemble.seed}\n")
    parts, units = percentiles(ensemble), series.units
    heads = ("", *(dates[place] for place in places))
    rows = [
        (
            f"{words(name)}, {units[name]}",
            *(_band(parts[name], place, ensemble.replicates, units[name]) for place in places),
        )
        for name in HEADLINES
    ]
    print_table(console, heads, rows, right=range(1, len(heads)))
    if ensemble.replicates > 1:
        doubt = doubt_text(ensemble.parameters)
        console.print(f"Medians over replicates; in brackets, what 5 to 95 % of them say: {doubt}.")
    print_checked_end(console, ensemble.checks(), command, files)


def print_parameters(items: Iterable[Any]) -> None:
    """Print parameters by group: name, default, range, unit and meaning with symbol and source."""
    console, groups = open_console(), dict[str, list[Any]]()
    for item in items:
        groups.setdefault(item.group or "firms that borrow", []).append(item)
    for group, members in groups.items():
        console.print(words(group))
        rows = [(_marked(m), numeral(m.default), m.range_text, m.unit, _meaning(m)) for m in members]
        print_table(console, ("name", "default", "range", "unit", "meaning (source)"), rows)
    console.print("* among the most uncertain: vary these first. Change any of them with --set NAME=VALUE.")


def print_scenarios(items: Iterable[Any]) -> None:
    """Print scenarios: name, what happens and why one would want to know."""
    console = open_console()
    rows = [(item.name, item.title, item.why) for item in items]
    print_table(console, ("name", "what happens", "why"), rows, ends=range(len(rows)))
    console.print("Run one: aimarket run NAME. Compare it with its twin: aimarket compare NAME --against baseline")


def run_content(ensemble: Ensemble) -> dict[str, Any]:
    """Return a run for machines: all indicators by quarter."""
    series, parts = ensemble.records["indicators"], percentiles(ensemble)
    return {
        "scenario": ensemble.scenario.describe(),
        "seed": ensemble.seed,
        "replicates": ensemble.replicates,
        "quarters": ensemble.quarters,
        "parameters": dict(ensemble.parameters),
        "dates": _dates(series.quarters),
        "indicators": {name: {"unit": series.units[name], **values} for name, values in parts.items()},
        "checks": ensemble.checks(),
        "loss": ensemble.loss,
        "note": NO_FORECAST,
    }


def print_run_as_json(ensemble: Ensemble, command: Sequence[str], files: Sequence[Path]) -> None:
    """Print a run for machines."""
    print_json({"command": command, **run_content(ensemble), "files": files})


def percentiles(ensemble: Ensemble) -> dict[str, dict[str, np.ndarray]]:
    """Return the 5th, 50th and 95th percentile of every indicator over the replicates in which it is defined.

    Beside them stands in how many it is not, shape (quarters,) each.
    """
    return {name: _spread(values) for name, values in ensemble.records["indicators"].values.items()}


def _spread(values: np.ndarray) -> dict[str, np.ndarray]:
    """Return the percentiles of values over replicates, shape (quarters,) each from shape (quarters, R)."""
    import numpy as np

    points, known = list(PERCENTILES.values()), np.isfinite(values)
    if known.all():
        parts = np.percentile(values, points, axis=-1)
    else:
        parts = np.array(
            [
                np.percentile(row[there], points) if there.any() else [np.nan] * len(points)
                for row, there in zip(values, known, strict=True)
            ]
        ).T
    return {**dict(zip(PERCENTILES, parts, strict=True)), UNDEFINED: (~known).sum(-1)}


def doubt_text(parameters: Mapping[str, Any]) -> str:
    """Return what makes replicates differ: chance, and the parameters of which each has a draw of its own."""
    sampled = sum(getattr(value, "ndim", 0) > 0 for value in parameters.values())
    if not sampled:
        return "chance alone, not every doubt"
    return f"chance, and what the data leave uncertain of {sampled} parameters; the other assumptions stay fixed"


def open_console() -> Console:
    """Return where tables go: as wide as the terminal, and without colours where there is none."""
    from rich.console import Console

    terminal = sys.stdout.isatty()
    return Console(width=None if terminal else WIDTH, highlight=False, markup=False, soft_wrap=False)


def print_end(console: Console, command: Sequence[str]) -> None:
    """Print how the same is asked for again, and that it is no forecast."""
    console.print(f"Again: {shlex.join(command)}", soft_wrap=True)
    console.print(NO_FORECAST)


def print_table(
    console: Console,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    right: Iterable[int] = (),
    ends: Iterable[int] | None = None,
) -> None:
    """Print a table of plain text, with an empty line after the rows that end a section; in words if it is empty."""
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, show_header=any(heads))
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place in right else "left", overflow="fold")
    listed = list(rows)
    if not listed:
        console.print(f"{heads[0]}: nothing\n" if any(heads) and heads[0] else "Nothing to show.\n")
        return
    for place, row in enumerate(listed):
        table.add_row(*row)
        if ends is not None and place in ends:
            table.add_row()
    console.print(table)
    console.print()


def print_checked_end(
    console: Console, checks: Mapping[str, float], command: Sequence[str], files: Sequence[Path]
) -> None:
    """Print how well the books close, what was written, how to do it again, and what it is not."""
    from ...model.accounting.identities import TOLERANCE

    worst = max(checks, key=lambda name: checks[name] if math.isfinite(checks[name]) else math.inf)
    state = "hold" if checks[worst] <= TOLERANCE else "DO NOT ALL HOLD"
    largest = f"{checks[worst]:.1e}" if math.isfinite(checks[worst]) else "undefined in at least one run"
    console.print(f"Books: {len(checks)} accounting identities {state}; largest residual {largest} ({worst}).")
    if files:
        console.print(f"Written to {files[0].parent}: {', '.join(path.name for path in files)}")
    print_end(console, command)


def _dates_shown(quarters: int) -> list[int]:
    """Return the places of a few quarters, evenly apart, the last among them."""
    return sorted({max(0, quarters * part // DATES_SHOWN - 1) for part in range(1, DATES_SHOWN + 1)})


def _dates(quarters: Iterable[int]) -> list[str]:
    """Return quarters since year 0 as dates."""
    from ...model.dates import quarter_date

    return [quarter_date(int(quarter)) for quarter in quarters]


def _band(parts: Mapping[str, np.ndarray], place: int, replicates: int, unit: str) -> str:
    """Return a median with its range, and of how many replicates it is not."""
    missing = int(parts[UNDEFINED][place])
    if missing == replicates:
        return undefined(missing, replicates)
    low, median, high = (shown(float(parts[name][place]), unit) for name in PERCENTILES)
    band = median if replicates == 1 else f"{median} [{low}, {high}]"
    return f"{band} ({undefined(missing, replicates)})" if missing else band


def _marked(item: Any) -> str:
    """Return a parameter's name, marked where it is uncertain."""
    return f"{item.name} *" if item.uncertain else str(item.name)


def _meaning(item: Any) -> str:
    """Return what a parameter means, with its symbol and source."""
    return f"{item.doc}{f', {item.symbol}' if item.symbol else ''} ({item.source})"
