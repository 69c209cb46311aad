"""The sweep that the server publishes: read once, shown to every visitor, changed by none."""

from __future__ import annotations

import os
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ...experiments.analysis.sensitivity import morris_effects, sobol_indices, tornado
from ...experiments.formatting import dated
from ...experiments.sweeps.results import Sweep, open_sweep
from .exploration import Found

if TYPE_CHECKING:
    from ...experiments.sweeps.outcomes import Outcome


SWEEP = "AIMARKET_SWEEP"
"""The variable of the environment that names the folder of the sweep to show."""

RANKINGS = MappingProxyType({"sobol": sobol_indices, "morris": morris_effects})
"""The analysis that ranks assumptions, by the method of the design."""


class Shown(NamedTuple):
    """A sweep to look at: its results, a row a run, and the columns of its outcomes by name."""

    sweep: Sweep
    frame: pd.DataFrame
    columns: dict[str, str]


def shown() -> Shown | None:
    """Return the sweep that the server shows; None where it was given none."""
    folder = os.environ.get(SWEEP, "")
    return _opened(folder) if folder else None


@lru_cache(maxsize=1)
def _opened(folder: str) -> Shown:
    """Return a sweep with its results."""
    sweep = open_sweep(folder)
    return Shown(sweep, sweep.frame(), {name: outcome.columns()[-1] for name, outcome in sweep.outcomes.items()})


def cases(published: Shown) -> list[str]:
    """Return the names of the scenarios that a sweep ran."""
    return list(dict.fromkeys(map(str, published.frame["scenario"])))


def found_in(published: Shown, outcome: str, case: str) -> Found:
    """Return what a sweep says of an outcome: the means over replicates, and the analysis that its design is for.

    Args:
        published: the sweep.
        outcome: the name of one of its outcomes; where it was kept by quarter, the last quarter is read.
        case: the name of one of its scenarios; any other text stands for the first.
    """
    sweep, column = published.sweep, published.columns[outcome]
    there = cases(published)
    rows = published.frame[published.frame["scenario"] == (case if case in there else there[0])]
    means = rows.groupby("point")[column].mean()
    design = sweep.design
    points = design.points.loc[means.index].reset_index(drop=True)
    found = Found(
        outcome=_named(sweep.outcomes[outcome], sweep, case),
        factors=design.factors,
        points=points,
        values=means.to_numpy(),
        runs=len(rows),
    )
    lacking = len(design.points) - len(means)
    if lacking:
        return replace(found, failure=f"{lacking:,} of {len(design.points):,} points are missing")
    return _analysed(found, sweep, means.to_numpy())


def _named(outcome: Outcome, sweep: Sweep, case: str) -> Outcome:
    """Return an outcome that is called by its scenario, too, where there are several."""
    if len(sweep.scenarios) == 1:
        return outcome
    return replace(outcome, label=f"{outcome.label or outcome.name}, {case}")


def _analysed(found: Found, sweep: Sweep, values: np.ndarray) -> Found:
    """Return what is found with the analysis of the design, where there is one."""
    try:
        if sweep.design.method == "one_at_a_time":
            return replace(
                found,
                swings=tornado(sweep.design, values, missing="drop"),
                replicates=sweep.study.replicates,
                seed=sweep.study.seed,
            )
        if sweep.design.method in RANKINGS:
            return replace(found, ranking=RANKINGS[sweep.design.method](sweep.design, values, missing="drop"))
    except ValueError as error:
        return replace(found, failure=str(error))
    return found


def label_of(outcome: Outcome) -> str:
    """Return what an outcome is called."""
    return dated(outcome.label or outcome.name)
