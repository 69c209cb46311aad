"""What the Compare page shows: up to four scenarios as small multiples, and one table of what they come to."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ...experiments.formatting import as_exactly, beside, between, listed, number, shown
from ..jobs.compared_runs import quarters_of
from ..url.compared_scenarios import OWN, PRESETS, labs, names_of, plain_name, view_of
from ..url.custom_deal import case_of
from ..url.dates import date_of
from ..url.limits import FEWEST_COMPARED, MOST_COMPARED
from . import scenario_menu
from .compared_summary import CHARTS, MEASURES, Summary
from .firm_labels import focus
from .headline_figures import Pieces, more, points
from .quantities import LABS, SHARE, Quantity

if TYPE_CHECKING:
    from ..sessions.twin_run import TwinRun
    from ..url.view_state import View

SAME, UNDECIDED, SMALL, SURE = "the same", "undecided", "too small to show", "sure"
"""What an interval says of a difference."""

OTHERWISE: Mapping[str, str] = MappingProxyType(
    {UNDECIDED: "the difference is undecided", SMALL: "it is too small to show", SAME: "it is the same"}
)
"""How a sentence says that a difference is none that is sure."""


def lab_of(view: View, run: TwinRun) -> str:
    """Return the lab that is compared: the link's, or the one that its deal is for."""
    return view.extra.get("lab", focus(run))


def row_of(run: TwinRun, lab: str) -> int:
    """Return the row of a lab."""
    return run.firms[LABS].index(lab)


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
        "presets": [
            [title, ",".join(cases), cases == tuple(plain_name(view, name) for name in names)]
            for title, cases in PRESETS.items()
        ],
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


def fans(found: Summary, names: Sequence[str]) -> str:
    """Return percentiles over runs, as JSON: by quantity, scenario, percentile and quarter; null for what has not run.

    Args:
        found: what the runs come to, as far as there are any.
        names: the scenarios, in the order in which they stand.
    """
    drawn = {item.name: [found.bands[item.name].get(name) for name in names] for item in CHARTS}
    return json.dumps(drawn, allow_nan=False)


def table(view: View, run: TwinRun, found: Summary, quarter: int) -> str:
    """Return the table of a quarter, as JSON: a row a quantity, a cell a scenario, and the finding as a sentence.

    Args:
        view: what is looked at.
        run: the visitor's own run, for its labs.
        found: what the runs come to, as far as there are any.
        quarter: which one, counted from 1.
    """
    names, lab, date = names_of(view), lab_of(view, run), date_of(view.case, quarter)
    rows = [_row(item, lab, found, names, quarter) for item in MEASURES]
    return json.dumps(
        {
            "q": quarter,
            "date": date,
            "count": found.size,
            "failed": found.failed,
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


def _row(item: Quantity, lab: str, found: Summary, names: Sequence[str], quarter: int) -> list[Any]:
    """Return a row of the table: what is compared, its unit and a cell a scenario, null where nothing is known yet."""
    means, ends = found.means[item.name], found.ends[item.name]
    at = {name: values[quarter - 1] for name, values in means.items()}
    cells = [
        None
        if name not in at
        else _cell(item.unit, at[name], at[names[0]], ends[name][quarter - 1])
        if name in ends
        else [shown(at[name], item.unit), "", "", ""]
        for name in names
    ]
    return [item.called(lab), item.unit, cells]


def _cell(unit: str, mean: float, first: float, ends: Sequence[float] | None) -> list[str]:
    """Return a cell: the mean, its difference from the first scenario's, the interval, and what that says.

    Args:
        unit: of the quantity.
        mean: of the scenario.
        first: the mean of the first scenario.
        ends: of the interval of the difference; None where every run is the same.
    """
    if ends is None:
        return [shown(mean, unit), "", "", SAME]
    low, high = ends
    text = beside(mean, first, unit)
    said = between(low, high, as_exactly({"low": low, "high": high}, number))
    word = UNDECIDED if low <= 0.0 <= high else SURE if text.change else SMALL
    return [text.value, text.change or "±0", said, word]


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
