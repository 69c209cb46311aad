"""Sweeps for tests of the report: of a function that is known by hand, with runs that failed, and of strangers."""

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from aimarket.experiments.designs.factors import Factor
from aimarket.experiments.sweeps.outcomes import Outcome
from aimarket.experiments.sweeps.study import Study, study

FACTORS = (Factor("push", 0.0, 1.0, default=0.2), Factor("drag", 0.0, 2.0, unit="1/quarter", default=1.0))
CAUSE = "cash of OpenAI is not a number"
FAILED = (3, 7, 8, 9)


def response(points):
    """Return an outcome that hangs on the first factor almost alone."""
    return {"effect": 2.0 * points["push"] - 0.1 * points["drag"]}


@dataclass
class Sweep:
    """A sweep that is not on any disk."""

    study: Study
    rows: pd.DataFrame
    folder: Path = Path("results")
    lost: dict = field(default_factory=dict)
    made_with: dict = field(default_factory=lambda: {"aimarket": "0.1.0", "numpy": "2.0.0"})

    def frame(self):
        return self.rows.copy()


def swept(
    method="sobol",
    size=32,
    *,
    factors=FACTORS,
    question="What decides it?",
    label="the effect",
    condition="> 1",
    replicates=2,
    failed=(),
    **options,
):
    """Return a sweep of the response, with chance that is small, and some runs that failed."""
    outcome = Outcome("effect", condition=condition, label=label, unit="USD bn")
    asked = study(
        question,
        factors,
        [outcome],
        method=method,
        size=size,
        function=response,
        replicates=replicates,
        options=options,
    )
    points = asked.design.points.loc[asked.design.points.index.repeat(replicates)].reset_index(drop=True)
    rows = pd.DataFrame(
        {
            "run": np.arange(len(points)),
            "scenario": "",
            "point": np.arange(len(points)) // replicates,
            "replicate": np.arange(len(points)) % replicates,
            **points,
        }
    )
    chance = 0.01 * np.random.default_rng(3).normal(size=len(rows))
    rows = rows.assign(effect=response(points)["effect"] + chance, failed_quarter="", failed_cause="")
    lost = rows["run"].isin(failed)
    rows.loc[lost, "effect"] = np.nan
    rows.loc[lost, ["failed_quarter", "failed_cause"]] = "2028Q1", CAUSE
    return Sweep(asked, rows)
