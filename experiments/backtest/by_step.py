"""A version of the model at its defaults, scored step by step: what a step repairs, and what it leaves alone.

``python -m aimarket.experiments.backtest.by_step NAME model/data/backtest`` scores the model as it is from both
origins, prints every series quarter by quarter, and writes its rows under that name into steps.csv and
steps_by_quarter.csv, in place of rows of the same name or after the others. Nothing is estimated: parameters are their
declared defaults, so that no step is fitted before the next is judged.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...agents.state.arrays import Floats, average, total
from ...agents.state.shown import shown
from ...model.dates import quarter_number
from ...model.inputs.paths import located
from ...model.inputs.text import write_likeness
from ..calibration.bank import started
from ..calibration.outcomes import RECORD, Runs, outcome, runs_of
from ..calibration.series import find_series
from ..runs.ensemble import run_ensemble
from ..storage.atomic_files import write_whole
from .forecast import DEFAULTS, HORIZON, LATEST, SEED
from .record import ORIGINS, STEPS
from .scores import AT, MODEL, backtest, best_naive, summary

REPLICATES = 100
LABS = ("openai_compute", "anthropic_compute", "google_compute", "meta_compute", "xai_compute")
"""The series of what labs run; their sum is asked for."""

SEEN = {"labs_compute": 6.15, "labs_part": 0.402, "openai": 20.0, "anthropic": 9.0}
"""What was observed at the end of 2025 of what the table shows: observations, and estimates of 2026 for compute."""

FILES = (STEPS, "steps_by_quarter.csv")


@shown()
class Scored(NamedTuple):
    """A version's scores.

    Attributes:
        steps: a row an origin: how it did on all series, and levels at the end of 2025.
        quarters: a row an origin, series and quarter observed: mean of runs, bands of what would be observed, what was,
            the naive forecast that did best in hindsight, and skill, over all quarters and at four.
    """

    steps: pd.DataFrame
    quarters: pd.DataFrame


def scored_version(name: str, replicates: int = REPLICATES) -> Scored:
    """Return how the model as it is does at its defaults from both origins.

    Args:
        name: what the version is called.
        replicates: how many runs.
    """
    parts = [_scored(origin, replicates) for origin in ORIGINS]
    tables = [pd.concat([part[place] for part in parts], ignore_index=True) for place in (0, 1)]
    for table in tables:
        table.insert(0, "version", name)
    return Scored(*tables)


def _scored(origin: str, replicates: int) -> Scored:
    """Return the scores of one origin."""
    horizon = min(HORIZON, quarter_number(LATEST) - quarter_number(origin))
    scored = backtest(origin, horizon, replicates=replicates, parameters=DEFAULTS)
    runs = runs_of(run_ensemble(started(origin), replicates, horizon, SEED, record=RECORD))
    row = {"origin": origin, **_done(scored), **levels(runs)}
    quarters = by_quarter(scored, runs)
    quarters.insert(0, "origin", origin)
    return Scored(pd.DataFrame([row]), quarters)


def _done(scored: pd.DataFrame) -> dict[str, Any]:
    """Return how a version did on all series together."""
    table, own = summary(scored), scored[scored["forecaster"] == MODEL]
    won = {key: int((table[key].dropna() > 0.0).sum()) for key in ("skill_4", "skill")}
    off_by = np.log(own["median"] / own["observed"]).abs()  # type: ignore[attr-defined]  # a series stays one
    return {
        "won_4": won["skill_4"],
        "won": won["skill"],
        "series": len(table["skill"].dropna()),
        "off_by": float(np.expm1(off_by.groupby(own["series"]).mean().mean())),
        "in_90": float(own["wide"].mean()),
    }


def levels(runs: Runs) -> dict[str, float]:
    """Return what labs run and sell in the last quarter of some runs, and their part of the world, means over runs."""
    read = {name: outcome(runs, find_series(name))[-1] for name in (*LABS, "labs_share")}
    sales = (outcome(runs, find_series(f"{name}_run_rate"))[-1] for name in ("openai", "anthropic"))
    found = (total(np.stack([read[name] for name in LABS])), read["labs_share"], *sales)
    return {key: float(average(values)) for key, values in zip(SEEN, found, strict=True)}


def by_quarter(scored: pd.DataFrame, runs: Runs) -> pd.DataFrame:
    """Return every series quarter by quarter, with the mean of runs and the best naive forecast.

    Args:
        scored: as `backtest` returns it.
        runs: the runs without the errors between series and model.
    """
    skills = summary(scored).set_index("series")[["skill", "skill_4"]]
    parts = []
    for name, table in scored.groupby("series", sort=False):
        own = table[table["forecaster"] == MODEL]
        rival, _ = best_naive(table)
        naive = table[table["forecaster"] == rival].set_index("quarter")["median"]
        means: Floats = average(outcome(runs, find_series(str(name)))[own["ahead"].to_numpy() - 1].T)
        told = own[["series", "quarter", "ahead", "observed"]].assign(mean=means, p5=own["p5"], p95=own["p95"])
        parts.append(told.assign(naive=own["quarter"].map(naive), rival=rival, **skills.loc[name]))
    return pd.concat(parts, ignore_index=True)


def with_rows(kept: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of all versions, those of a version that was there in their old place."""
    old = kept[kept["version"] != new["version"].iloc[0]]
    place = int((kept["version"] == new["version"].iloc[0]).to_numpy().argmax()) if len(old) < len(kept) else len(old)
    return pd.concat([old.iloc[:place], new, old.iloc[place:]], ignore_index=True)


def text_of(quarters: pd.DataFrame) -> str:
    """Return every series at one to four quarters as a text to be read."""
    near = quarters[quarters["ahead"] <= AT].drop(columns=["version", "ahead"])
    inside = (near["p5"] <= near["observed"]) & (near["observed"] <= near["p95"])
    shown = near.assign(in_90=np.where(inside, "yes", "no")).set_index(["origin", "series", "quarter"])
    return shown.to_string(float_format="{:.3g}".format, na_rep="")


def main(name: str, folder: Path) -> None:
    """Score the model as it is, print it, and write its rows into the tables of versions."""
    scored = scored_version(name)
    write_likeness(sys.stdout)
    sys.stdout.write(f"{text_of(scored.quarters)}\n\n{scored.steps.to_string(float_format='{:.3g}'.format)}\n")
    for file, new in zip(FILES, scored, strict=True):
        path = folder / file
        rows = with_rows(pd.read_csv(path), new) if path.exists() else new
        text = io.StringIO()
        rows.to_csv(text, index=False, float_format="%.4g", lineterminator="\n")
        write_whole(path, text.getvalue().encode())


if __name__ == "__main__":
    main(sys.argv[1], Path(located(sys.argv[2])))
