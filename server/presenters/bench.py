"""What the bench on Explore shows: what a study can be made of, how its outcomes spread, and what moves them."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...experiments.analysis.sensitivity import morris_effects, sobol_indices
from ...experiments.formatting import number, sentence
from ...model.parameters import parameters
from ..jobs.exploration import INDICATORS, outcome_of, outcomes
from ..jobs.published_sweep import label_of
from ..sessions.downloads import File
from ..url.own_study import MOST_OUTCOMES, MOST_QUARTERS, MOST_RUNS
from . import scenario_menu
from .sliders import label

if TYPE_CHECKING:
    from ...experiments.sweeps.outcomes import Outcome
    from ...experiments.sweeps.study import Study
    from ..jobs.bench import Results

RANKS, EFFECTS, INDICES = "rank correlation", "mean effect over the range", "part of the variance, with interactions"
MOST_SHOWN = 12
"""Parameters that are ranked."""

LEVELS = (5.0, 50.0, 95.0)
DATE = "2030Q4"
"""When indicators are read, unless the study says otherwise."""


@cache
def choices() -> str:
    """Return what a study can be made of, as JSON: parameters, outcomes and scenarios, and the bounds."""
    from ..url.view_state import View

    view = View()
    claims = [
        [f'"{key}"', f"{claim}: {sentence(outcome_of(key, view.case).label)}"]
        for key, claim in outcomes(view).items()
        if claim
    ]
    indicators = [[f'{{ quantity = "{name}", at = "{DATE}" }}', f"{text}, {DATE}"] for name, text in INDICATORS.items()]
    return json.dumps(
        {
            "parameters": [
                [item.name, label(item.name), item.low, item.high, "" if item.unit == "1" else item.unit]
                for item in sorted(parameters().values(), key=lambda item: (not item.uncertain, label(item.name)))
                if not item.structural
            ],
            "outcomes": [["The claims", claims], ["Indicators", indicators]],
            "scenarios": [[name, scenario_menu.label(name)] for name in _scenarios()],
            "most": {"outcomes": MOST_OUTCOMES, "runs": MOST_RUNS, "quarters": MOST_QUARTERS},
        }
    )


def shown_results(found: Results) -> str:
    """Return what came of a study, as JSON: by scenario and outcome how it spreads, and what moves it."""
    study, frame = found
    parts = [(name, frame[frame["scenario"] == name]) for name in dict.fromkeys(frame["scenario"])]
    rows = [_spread(name, outcome, part) for name, part in parts for outcome in study.outcomes]
    movers = [_movers(study, outcome, parts[0][1]) for outcome in study.outcomes]
    failed = int((frame["failed_cause"] != "").sum())
    return json.dumps(
        {
            "question": study.question,
            "runs": len(frame),
            "failed": failed,
            "rows": rows,
            "movers": movers,
            "how": _how(study),
        }
    )


def csv_of(found: Results) -> File:
    """Return every run as CSV, above it as comments what it is and the units of its outcomes."""
    study = found.study
    units = "; ".join(f"{outcome.name}: {outcome.unit}" for outcome in study.outcomes)
    made = f"{study.digest[:12]}, seed {study.seed}, {study.quarters} quarters"
    head = f"# Question: {' '.join(study.question.split())}\n# Study: {made}\n"
    text = f"{head}# Units: {units}\n{found.frame.to_csv(index=False, lineterminator=chr(10))}"
    return File(f"study_{study.digest[:8]}.csv", "text/csv", text.encode())


def _scenarios() -> list[str]:
    """Return the names of the scenarios that there are."""
    return [item["name"] for group in scenario_menu.groups() for item in group["items"]]


def _spread(scenario: str, outcome: Outcome, part: pd.DataFrame) -> list[Any]:
    """Return how an outcome is spread over the runs of a scenario, in words."""
    values = part[outcome.name].to_numpy(dtype=float)
    known = values[np.isfinite(values)]
    texts = [number(value) for value in (known.mean(), *np.percentile(known, LEVELS))] if known.size else ["–"] * 4
    return [scenario, sentence(label_of(outcome)), outcome.unit, *texts, int(known.size)]


def _how(study: Study) -> str:
    """Return by what parameters are ranked."""
    return {"morris": EFFECTS, "sobol": INDICES}.get(study.design.method, RANKS)


def _movers(study: Study, outcome: Outcome, part: pd.DataFrame) -> list[Any]:
    """Return what moves an outcome, the largest first: its label; by parameter name, text and part of the largest."""
    means = part.groupby("point")[outcome.name].mean().reindex(range(len(study.design.points))).to_numpy(dtype=float)
    try:
        sizes = _sizes(study, means)
    except ValueError:
        sizes = {}
    kept = sorted(
        ((name, value) for name, value in sizes.items() if np.isfinite(value)), key=lambda pair: -abs(pair[1])
    )
    largest = max((abs(value) for _, value in kept), default=0.0) or 1.0
    rows = [
        [label(name) if name in parameters() else name, number(value), abs(value) / largest, value < 0.0]
        for name, value in kept[:MOST_SHOWN]
    ]
    return [sentence(label_of(outcome)), rows]


def _sizes(study: Study, means: np.ndarray) -> dict[str, float]:
    """Return by parameter how much it moves an outcome, by the measure of the design."""
    if study.design.method == "morris":
        frame = morris_effects(study.design, means, missing="drop")
        return dict(zip(frame["parameter"], frame["mu_star"], strict=True))
    if study.design.method == "sobol":
        frame = sobol_indices(study.design, means, missing="drop")
        return dict(zip(frame["parameter"], frame["total"], strict=True))
    ranks = study.design.points.assign(outcome=means).dropna().rank()
    return {
        str(name): float(ranks[name].corr(ranks["outcome"]))
        for name in study.design.points
        if ranks[name].nunique() > 1
    }
