"""The model at its defaults, scored step by step as it grows: what a step repairs and what it leaves alone.

``python -m aimarket.experiments.backtest.by_step NAME model/data/backtest/steps.csv`` scores the model as it is from
both origins and writes its rows under that name, in place of rows of the same name or after the others. Nothing is
estimated: parameters are their declared defaults, so that no step is fitted before the next is judged.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from ...agents.state.arrays import average, total
from ...model.dates import YEAR, quarter_number
from ...model.inputs.paths import located
from ..calibration.bank import started
from ..calibration.outcomes import LABS, RECORD, runs_of
from ..runs.ensemble import Ensemble, run_ensemble
from ..storage.atomic_files import write_whole
from .forecast import DEFAULTS, SEED
from .record import HORIZON, LATEST, ORIGINS
from .scores import MODEL, backtest, summary

REPLICATES = 400
SEEN = {"labs_compute": 6.15, "labs_part": 0.402, "openai": 20.0, "anthropic": 9.0}
"""What was observed at the end of 2025 of what the table shows: observations, and estimates of 2026 for compute."""


def scored_version(name: str, replicates: int = REPLICATES) -> pd.DataFrame:
    """Return a row an origin: how the model at its defaults did on all series, and levels at the end of 2025.

    Args:
        name: what the version is called.
        replicates: how many runs.
    """
    return pd.DataFrame([{"version": name, "origin": origin} | _row(origin, replicates) for origin in ORIGINS])


def _row(origin: str, replicates: int) -> dict[str, Any]:
    """Return the scores and levels of one origin."""
    horizon = min(HORIZON, quarter_number(LATEST) - quarter_number(origin))
    scored = backtest(origin, horizon, replicates=replicates, parameters=DEFAULTS)
    table, own = summary(scored), scored[scored["forecaster"] == MODEL]
    won = {key: int((table[key].dropna() > 0.0).sum()) for key in ("skill_4", "skill")}
    off_by = np.log(own["median"] / own["observed"]).abs()  # type: ignore[attr-defined]  # a series stays one
    return {
        "won_4": won["skill_4"],
        "won": won["skill"],
        "series": len(table["skill"].dropna()),
        "off_by": float(np.expm1(off_by.groupby(own["series"]).mean().mean())),
        "in_90": float(own["wide"].mean()),
        **levels(run_ensemble(started(origin), replicates, horizon, SEED, record=RECORD)),
    }


def levels(ensemble: Ensemble) -> dict[str, float]:
    """Return what labs run and sell in the last quarter of some runs, means over replicates.

    Their part is that of the world's fleet at the beginning of the quarter, which is what may run in it.
    """
    runs = runs_of(ensemble)
    running = total(np.stack([runs("ai_labs.powered_compute", lab)[-1] for lab in LABS]))
    world = ensemble.values("lab_compute")[-2] + ensemble.values("outside_compute")[-2]
    return {
        "labs_compute": float(average(running)),
        "labs_part": float(average(running / world)),
        "openai": YEAR * float(average(runs("ai_labs.revenue", "OpenAI")[-1])),
        "anthropic": YEAR * float(average(runs("ai_labs.revenue", "Anthropic")[-1])),
    }


def with_rows(kept: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of all versions, those of a version that was there in their old place."""
    old = kept[kept["version"] != new["version"].iloc[0]]
    place = int((kept["version"] == new["version"].iloc[0]).to_numpy().argmax()) if len(old) < len(kept) else len(old)
    return pd.concat([old.iloc[:place], new, old.iloc[place:]], ignore_index=True)


def main(name: str, path: Path) -> None:
    """Score the model as it is and write its rows into a table of versions."""
    new = scored_version(name)
    rows = with_rows(pd.read_csv(path), new) if path.exists() else new
    text = io.StringIO()
    rows.to_csv(text, index=False, float_format="%.4g", lineterminator="\n")
    write_whole(path, text.getvalue().encode())


if __name__ == "__main__":
    main(sys.argv[1], Path(located(sys.argv[2])))
