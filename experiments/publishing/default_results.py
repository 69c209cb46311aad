"""Results that ship with the package, so that a page says something before anything runs.

``python -m aimarket.experiments.publishing.default_results model/data/default_results.json`` judges the claims and
follows the money in both accounts of the deal; some ten seconds on one core. Statistics are those of the claims, read
from the same runs as the page Claims reads them from; no page has a number of its own.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from ...agents.state.arrays import total
from ...model.dates import quarter_dates
from ...model.inputs.paths import located
from ...model.scenarios.scenario import Scenario, load_scenario
from ..claims.c1 import funding_of
from ..claims.evidence import WINDOW, Evidence, Run
from ..claims.rows import TWINS, Statistic
from ..claims.statistic import STATISTICS, quarters_needed
from ..comparison.comparison import evidence_of
from ..comparison.control import control_of
from ..runs.ensemble import Ensemble, run_ensemble
from ..statistics import mean_interval, mean_intervals
from ..storage.atomic_files import write_whole
from ..storage.model_version import made_with_this_model
from .deal_accounts import ACCOUNTS, REPLICATES, SEED

WEDGES = ("compute for all", "algorithms for all", "compute for one", "algorithms for one")
RUNS = frozenset((*TWINS, "quiet", "announced", *WEDGES))
"""The runs of the claims that people are shown first; those of equal dollars and shadow values would take minutes."""

LAST = "2032Q4"
"""The last quarter of which anything is claimed."""

PLACES = ("powered_compute", "own_compute", "rented", "sublet")
"""Where the recipient's compute runs: anywhere, on its own chips, under contracts; and what of that it lets on."""

DIGITS = 6


def results() -> dict[str, Any]:
    """Return all that ships, plain enough for JSON."""
    return {
        "made_with": made_with_this_model(),
        "seed": SEED,
        "pairs": REPLICATES,
        "accounts": {name: account(load_scenario(name)) for name in ACCOUNTS},
    }


def account(case: Scenario) -> dict[str, Any]:
    """Return what ships of one account of the deal: statistics by key, and lines by quarter."""
    groups = [_evidence(case, items) for items in _groups()]
    rows = {item.key: _row(item, evidence) for items, evidence in zip(_groups(), groups, strict=True) for item in items}
    evidence = groups[0]
    quarters = evidence.run("treated").ensemble.records["indicators"].quarters
    dates = [str(date) for date in quarter_dates(quarters) if str(date) <= LAST]
    lines = {name: [found[: len(dates)] for found in line] for name, line in _lines(case, evidence).items()}
    return {
        "recipient": evidence.name,
        "begin": evidence.subject.begin,
        "dates": dates,
        "lines": {name: dict(zip(("mean", "low", "high"), line, strict=True)) for name, line in lines.items()},
        "year": dict(zip(("value", "low", "high"), map(_digits, _raised_in_a_year(evidence)), strict=True)),
        "rows": rows,
    }


def _groups() -> list[list[Statistic]]:
    """Return the statistics that ship, in groups that share their runs: those of the twins come first."""
    wanted = [item for item in STATISTICS.values() if item.condition and RUNS.issuperset(item.runs)]
    alike = [item for item in wanted if not set(item.runs) & set(WEDGES)]
    return [alike, [item for item in wanted if item not in alike]]


def _evidence(case: Scenario, items: Sequence[Statistic]) -> Evidence:
    """Return the runs that some statistics read, over as many quarters as they need."""
    runs = list(dict.fromkeys(run for item in items for run in item.runs))
    needed = quarters_needed(items, case)
    return evidence_of(case, control_of(case), runs, replicates=REPLICATES, quarters=needed, rng=SEED)


def _row(item: Statistic, evidence: Evidence) -> dict[str, Any]:
    """Return a statistic's row of the board, and between which values most pairs lie; None stands for no number."""
    row = next(iter(item.rows(evidence))).plain()
    row |= dict(zip(("least", "most"), item.measure(evidence).most(), strict=True))
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}


def _lines(case: Scenario, evidence: Evidence) -> dict[str, list[list[float]]]:
    """Return means by quarter with their intervals: mean, low and high each."""
    treated, control = evidence.run("treated"), evidence.run("control")
    found = {
        "funding without the deal": control.series("funding"),
        "drawn": np.cumsum(treated.series("deal_draw"), 0),
        "spent": treated.recipient("spent_sum"),
        "gap": treated.gap - control.gap,
        "gap with the deal": treated.gap,
        "gap without the deal": control.gap,
        **_compute(case, evidence),
        **{f"added {whose}": values for whose, values in _added(evidence).items()},
    }
    return {name: [list(map(_digits, part)) for part in mean_intervals(values)] for name, values in found.items()}


def _compute(case: Scenario, evidence: Evidence) -> dict[str, np.ndarray]:
    """Return how much compute the deal adds for the recipient, and where it runs, shape (T, R) each."""
    own, twin = (_places(one, evidence) for one in (case, control_of(case)))
    row = evidence.subject.row
    return {
        f"added {place}": own.values(place, "ai_labs")[:, row] - twin.values(place, "ai_labs")[:, row]
        for place in PLACES
    }


def _places(case: Scenario, evidence: Evidence) -> Ensemble:
    """Return a run that tells where compute runs."""
    record = ["indicators", *(f"ai_labs.{name}" for name in PLACES)]
    return run_ensemble(case, REPLICATES, evidence.quarters, SEED, record=record)


def _added(evidence: Evidence) -> dict[str, np.ndarray]:
    """Return the funding added so far for each dollar of the deal, by whose it is, shape (T, R) each.

    At the end of the claims' window this is what C1a measures.
    """
    dollars = float(evidence.drawn.mean())
    treated, control = (_funding(evidence.run(name)) for name in ("treated", "control"))
    begin = evidence.subject.begin
    return {whose: np.cumsum(treated[whose] - control[whose], 0)[: begin + WINDOW] / dollars for whose in treated}


def _funding(run: Run) -> dict[str, np.ndarray]:
    """Return new loans and shares by whose they are, shape (T, R) each."""
    whose = {"funding": "funding", "funding of the recipient": "recipient", "funding of others": "others"}
    return {words: funding_of(run, part) for words, part in whose.items()}


def _raised_in_a_year(evidence: Evidence) -> Any:
    """Return what all firms raise without the deal in the year that begins with its quarter, USD bn, an interval."""
    begin = evidence.subject.begin
    return mean_interval(total(evidence.run("control").series("funding")[begin : begin + 4]))


def _digits(value: Any) -> float:
    """Return a number of a few digits."""
    return float(f"{float(value):.{DIGITS}g}")


def main(target: Path) -> None:
    """Write the results."""
    write_whole(target, (json.dumps(results(), allow_nan=False) + "\n").encode())


if __name__ == "__main__":
    main(located(sys.argv[1]))
