"""The set-up of a study in words: what was run and varied, what failed, how far to trust it, how to make it again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from ..formatting import dated, number, unit_words, words

if TYPE_CHECKING:
    from ..designs.factors import Factor
    from ..sweeps.results import Sweep
    from ..sweeps.study import Study

METHODS = {
    "grid": "on a grid",
    "latin_hypercube": "Latin hypercube",
    "sobol": "Sobol’s method",
    "morris": "Morris’ method",
    "one_at_a_time": "one assumption at a time",
    "table": "from a table",
}
"""How points were chosen, in words."""

NO_FORECAST = "This is a model, not a forecast, and no advice."
WITHIN_RANGES = (
    "What is said holds within the ranges that were tried. They are declared with the model, and most of them are "
    "assumptions; wider ranges may give another ranking."
)

SHARED_AMONG = {
    "block": "the same random numbers within a block",
    "shared": "the same random numbers at all",
    "own": "random numbers of its own at each",
}
SHARING_NOTES = {
    "block": "Points that the analysis sets side by side have common random numbers, so that they differ by "
    "their assumptions alone; other points have others.",
    "shared": "All points have common random numbers, so that they differ by their assumptions alone; what is said of "
    "assumptions is said of these random numbers.",
    "own": "Every point has random numbers of its own, which blurs what assumptions do.",
}
"""Which points have common random numbers, and what follows."""

DIGEST = 12
"""Letters of a study's digest that are shown."""


class Item(NamedTuple):
    """A name, what belongs to it, and a word more."""

    name: str
    value: str
    note: str = ""


def facts(study: Study, frame: pd.DataFrame) -> tuple[Item, ...]:
    """Return what was run, in figures."""
    failed = int((frame["failed_cause"] != "").sum())
    missing = study.runs - len(frame)
    runs = f"{missing:,} of {study.runs:,} still to run" if missing else "all of them done"
    own = [] if study.function is not None else [Item("quarters", f"{study.quarters}", f"seed {study.seed}")]
    return (
        Item("runs", f"{len(frame):,}", runs),
        Item("points", f"{len(study.design.points):,}", METHODS.get(study.design.method, words(study.design.method))),
        Item("replicates", f"{study.replicates:,}", f"at each point, {SHARED_AMONG[study.common_random_numbers]}"),
        Item("assumptions", f"{len(study.design.factors)}", _varied(study)),
        Item("scenarios", f"{max(len(study.variants), 1)}", f"against {study.against.name}" if study.against else ""),
        *own,
        Item("failed", f"{failed:,}", "of the runs" if failed else "none"),
    )


def scenarios(study: Study) -> tuple[Item, ...]:
    """Return what happens in each scenario, or the terms of the deal where they are varied."""
    if not study.terms:
        return tuple(Item(v.scenario.name, v.scenario.title, v.scenario.why) for v in study.variants)
    names = dict.fromkeys(v.scenario.name.partition(":")[0] for v in study.variants)
    items = [Item(", ".join(names), "in every combination of the terms below", f"{len(study.variants)} variants")]
    for term in study.terms:
        items.append(Item(words(term), ", ".join(dict.fromkeys(v.terms[term] for v in study.variants))))
    return tuple(items)


def factors(study: Study) -> tuple[Mapping[str, str], ...]:
    """Return what was varied: name, low, high, default and unit, in words."""
    chosen = study.design.method in ("grid", "table")
    return tuple(
        {
            "name": words(f.name),
            "low": number(float(study.design.points[f.name].min()) if chosen else f.low),
            "high": number(float(study.design.points[f.name].max()) if chosen else f.high),
            "default": number(f.default),
            "unit": unit_words(f.unit),
            "note": f"{study.design.points[f.name].nunique()} values" if chosen else _note(study, f),
        }
        for f in study.design.factors
    )


def _note(study: Study, factor: Factor) -> str:
    """Return what else there is to say of a factor: its group, and whether it takes whole numbers only."""
    group = next(name for name, members in study.design.groups.items() if factor.name in members)
    in_group = f"in {words(group)}" if len(study.design.groups[group]) > 1 else ""
    return ", ".join(filter(None, (in_group, "whole numbers" if factor.whole else "")))


def _varied(study: Study) -> str:
    """Return how many groups the assumptions are varied in, where they are in any."""
    groups = len(study.design.groups)
    return f"varied, in {groups} groups" if groups < len(study.design.factors) else "varied"


def failures(frame: pd.DataFrame) -> tuple[Item, ...]:
    """Return by cause and quarter the runs that failed."""
    failed = frame[frame["failed_cause"] != ""]
    return tuple(
        Item(str(cause), f"{len(rows):,}", f"in {dated(str(quarter))}: runs {_ranges(rows['run'].tolist())}")
        for (cause, quarter), rows in failed.groupby(["failed_cause", "failed_quarter"], sort=True)
    )


def lost(sweep: Sweep) -> tuple[Item, ...]:
    """Return the chunks that were given up, with their runs."""
    study = sweep.study
    found = []
    for chunk, why in sweep.lost.items():
        rows = [
            int(row) + position * study.rows
            for position in range(max(len(study.variants), 1))
            for row in study.rows_of(chunk)
        ]
        found.append(Item(why, f"{len(rows):,}", f"given up before they ran: runs {_ranges(rows)}"))
    return tuple(found)


def _ranges(numbers: list[int]) -> str:
    """Return whole numbers in words, neighbours drawn together: 3, 7–9."""
    ordered = sorted(numbers)
    runs = [list(run) for _, run in groupby(enumerate(ordered), key=lambda item: item[1] - item[0])]
    return ", ".join(f"{run[0][1]}–{run[-1][1]}" if len(run) > 1 else f"{run[0][1]}" for run in runs)


def limits(study: Study) -> tuple[str, ...]:
    """Return how far to trust what is said."""
    found = [NO_FORECAST, WITHIN_RANGES]
    if study.design.method == "sobol":
        found.append(
            "Intervals of Sobol indices are bootstrapped over the blocks of the sample, at 95 %: they say how well the "
            "index is known from these runs, not how well the model is known."
        )
    if len(study.design.groups) < len(study.design.factors):
        found.append("Assumptions of a group were moved together: which of them it is that matters is not told.")
    if study.design.method == "one_at_a_time":
        found.append("One assumption was moved at a time: what two of them do together is not seen.")
    if study.replicates == 1:
        found.append("There is one replicate a point: assumptions and chance are not told apart.")
    if study.variants:
        found.append(SHARING_NOTES[study.common_random_numbers])
    return tuple(found)


def commands(sweep: Sweep) -> tuple[str, ...]:
    """Return the commands that make the sweep and this report again."""
    shown_folder = shlex.quote(sweep.folder.resolve().name)
    report = f"aimarket report {shown_folder}"
    if sweep.study.function is not None:
        return (report,)
    source = Path(sweep.study.source or "study.toml")
    shown = shlex.quote(source.name if source.is_absolute() else str(source))
    return (f"aimarket sweep {shown} --out {shown_folder}", report)


def versions(sweep: Sweep) -> tuple[Item, ...]:
    """Return what the sweep was made with."""
    found = [Item(name, str(value)) for name, value in sweep.made_with.items()]
    return (Item("study", sweep.study.digest[:DIGEST]), *found)
