"""What the Compare page shows: up to four scenarios as small multiples, and one table of what they come to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from ...experiments.formatting import as_exactly, beside, between, listed, number, shown
from ...experiments.statistics import mean_interval
from ..jobs.compared_runs import Runs, Together, quarters_of, together
from ..url.compared_scenarios import ACCOUNTS, BASELINE, OWN, labs, names_of, view_of
from ..url.custom_deal import case_of
from ..url.dates import date_of
from ..url.limits import FEWEST_COMPARED, MOST_COMPARED
from . import quantities, scenario_menu
from .firm_labels import focus
from .headline_figures import Pieces, more, points
from .quantities import LABS, SHARE, Quantity
from .twin import percentiles

if TYPE_CHECKING:
    from ..sessions.twin_run import TwinRun
    from ..url.view_state import View

MEASURES = (
    SHARE,
    quantities.COMPUTE,
    quantities.REVENUE,
    quantities.CAPITAL,
    quantities.LEAD_TIME,
    quantities.POWER_PRICE,
    quantities.GAP,
    quantities.CONTRACT_RENT,
)
"""What scenarios are compared by, in the order of the table."""

CHARTS = MEASURES[:6]
"""What is drawn."""

LEVELS = (5.0, 50.0, 95.0)
"""The percentiles that are drawn."""

PRESETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "Both accounts": ACCOUNTS,
        "Who gets the money": ("deal_35bn", "deal_frontrunner", "deal_challenger", "deal_split"),
        "What could go wrong": (BASELINE, "demand_winter", "credit_crunch", "triple_squeeze"),
    }
)
"""Comparisons that one press asks for; the first scenario of each is the one that others are held against."""

SAME, UNDECIDED, SMALL, SURE = "the same", "undecided", "too small to show", "sure"
"""What an interval says of a difference."""

OTHERWISE: Mapping[str, str] = MappingProxyType(
    {UNDECIDED: "the difference is undecided", SMALL: "it is too small to show", SAME: "it is the same"}
)
"""How a sentence says that a difference is none that is sure."""


def lab_of(view: View, run: TwinRun) -> str:
    """Return the lab that is compared: the link's, or the one that its deal is for."""
    return view.extra.get("lab", focus(run))


def setup(view: View, run: TwinRun) -> str:
    """Return what is compared, and what else could be, as JSON."""
    names, lab = names_of(view), lab_of(view, run)
    payload: dict[str, Any] = {
        "columns": [_column(view, name, run) for name in names],
        "own": label(view, OWN),
        "groups": [
            [group["title"], [[item["name"], item["label"]] for item in group["items"]]]
            for group in scenario_menu.groups()
        ],
        "presets": [[title, ",".join(cases), cases == _plain(view, names)] for title, cases in PRESETS.items()],
        "fewest": FEWEST_COMPARED,
        "most": MOST_COMPARED,
        "lab": lab,
        "labs": labs(),
        "charts": [[item.name, item.called(lab), item.unit] for item in CHARTS],
        "year": int(date_of(view.case, 1)[:4]),
        "horizon": quarters_of(view),
    }
    return json.dumps(payload)


def label(view: View, name: str) -> str:
    """Return what a compared scenario is called."""
    if name == OWN and view.deal is not None:
        return f"Own deal: {case_of(view).title.rstrip('.')}"
    return scenario_menu.label(view.scenario if name == OWN else name)


def fans(found: Mapping[str, Runs], names: Sequence[str], row: int) -> str:
    """Return percentiles over runs, as JSON: by quantity, scenario, percentile and quarter; null for what has not run.

    Args:
        found: the runs, as far as there are any.
        names: the scenarios, in the order in which they stand.
        row: of the lab.
    """
    shared = together(found)
    drawn = {
        item.name: [
            percentiles(item.many(shared.values[name], row), LEVELS) if name in shared.values else None
            for name in names
        ]
        for item in CHARTS
    }
    return json.dumps(drawn, allow_nan=False)


def table(view: View, run: TwinRun, found: Mapping[str, Runs], quarter: int) -> str:
    """Return the table of a quarter, as JSON: a row a quantity, a cell a scenario, and the finding as a sentence.

    Args:
        view: what is looked at.
        run: the visitor's own run, for its labs.
        found: the runs, as far as there are any.
        quarter: which one, counted from 1.
    """
    names, lab, date = names_of(view), lab_of(view, run), date_of(view.case, quarter)
    row, shared = run.firms[LABS].index(lab), together(found)
    rows = [_row(item, lab, [_at(shared, name, item, row, quarter) for name in names]) for item in MEASURES]
    return json.dumps(
        {
            "q": quarter,
            "date": date,
            "count": shared.size,
            "failed": shared.failed,
            "rows": rows,
            "sentence": _sentence(SHARE.called(lab), date, [_column(view, name, run) for name in names], rows[0][2]),
        },
        allow_nan=False,
    )


def _column(view: View, name: str, run: TwinRun) -> dict[str, Any]:
    """Return a scenario as the head of its column: name, label, what happens in it, and when its deals are."""
    case = case_of(view_of(view, name))
    deals = sorted({deal.start - run.first + 1 for deal in case.deals})
    return {"name": name, "label": label(view, name), "title": case.title.rstrip("."), "deals": deals}


def _plain(view: View, names: Sequence[str]) -> tuple[str, ...]:
    """Return compared scenarios by their own names, the view's own, too, where it holds no other deal."""
    return tuple(view.scenario if name == OWN and view.deal is None else name for name in names)


def _at(shared: Together, name: str, item: Quantity, row: int, quarter: int) -> np.ndarray | None:
    """Return a quantity in the runs of a scenario at a quarter, shape (runs,); None where they have not run."""
    values = shared.values.get(name)
    return None if values is None else item.many(values, row)[quarter - 1]


def _row(item: Quantity, lab: str, samples: Sequence[np.ndarray | None]) -> list[Any]:
    """Return a row of the table: what is compared, its unit and a cell a scenario, null where nothing is known yet."""
    first = samples[0]
    cells = [None if one is None else _cell(item.unit, one, first if k else None) for k, one in enumerate(samples)]
    return [item.called(lab), item.unit, cells]


def _cell(unit: str, sample: np.ndarray, first: np.ndarray | None) -> list[str]:
    """Return a cell: the mean, its difference from the first scenario's, the interval, and what that says.

    The last three are empty in the first column, and where the first scenario has not run.
    """
    mean = float(sample.mean())
    if first is None:
        return [shown(mean, unit), "", "", ""]
    if np.array_equal(sample, first):
        return [shown(mean, unit), "", "", SAME]
    text, found = beside(mean, float(first.mean()), unit), mean_interval(sample - first)
    ends = between(found.low, found.high, as_exactly(found._asdict(), number))
    word = UNDECIDED if found.low <= 0.0 <= found.high else SURE if text.change else SMALL
    return [text.value, text.change or "±0", ends, word]


def _sentence(what: str, date: str, columns: Sequence[Mapping[str, Any]], cells: Sequence[list[str] | None]) -> Pieces:
    """Return how the share differs from the first scenario's, as pieces, each with its colour's name or none."""
    known = [(column, cell) for column, cell in zip(columns[1:], cells[1:], strict=True) if cell and cell[3]]
    sure = [(column, cell[1]) for column, cell in known if cell[3] == SURE]
    others = {word: [column["label"] for column, cell in known if cell[3] == word] for word in OTHERWISE}
    pieces: Pieces = [[f"In {date} {what} is ", ""]]
    for place, (column, change) in enumerate(sure):
        words = f" {more(change)} in {column['label']}" + ("" if place else f" than in {columns[0]['label']}")
        pieces += [[", " if place else "", ""], [points(change), "deal" if column["deals"] else ""], [words, ""]]
    said = [f"in {listed(names)} {OTHERWISE[word]}" for word, names in others.items() if names]
    if not sure:
        pieces = [[f"In {date} {what} is compared with {columns[0]['label']}: ", ""]] if said else [["Running", ""]]
    return [*pieces, [("; " if sure and said else "") + "; ".join(said), ""]]
