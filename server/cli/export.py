"""What the command line writes to a folder: data frames with units, and how to make them again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import FailedRunError

if TYPE_CHECKING:
    import pandas as pd

    from ...experiments.comparison.comparison import Comparison
    from ...experiments.runs.ensemble import Ensemble
    from ...model.scenarios.scenario import Scenario

TWINS = ("treated", "control")


def run(out: Path | None, ensemble: Ensemble, command: Sequence[str]) -> list[Path]:
    """Write every record of a run, if a folder is given; return the files."""
    if out is None:
        return []
    frames = {kind: ensemble.to_frame(kind) for kind in ensemble.records}
    return _write(out, frames, [ensemble.scenario], command, ensemble)


def comparison(out: Path | None, result: Comparison, command: Sequence[str]) -> list[Path]:
    """Write differences, claims, pairing and the twins' indicators, if a folder is given; return the files."""
    if out is None:
        return []
    frames = {"differences": result.differences, "claims": result.claims(), "pairing": result.pairing()}
    frames |= {f"indicators_{name}": result.ensembles[name].to_frame() for name in TWINS}
    kept = {name: frame for name, frame in frames.items() if len(frame)}
    return _write(out, kept, [result.scenario, result.against], command, result)


def _write(
    out: Path,
    frames: Mapping[str, pd.DataFrame],
    scenarios: Sequence[Scenario],
    command: Sequence[str],
    result: Ensemble | Comparison,
) -> list[Path]:
    """Write data frames with their manifest."""
    from ...experiments.storage import frames as store

    about = store.describe(
        scenarios,
        seed=result.seed,
        replicates=result.replicates,
        quarters=result.quarters,
        parameters=result.parameters,
        command=command,
        engine=result.engine,
    )
    try:
        return store.write(out, frames, about)
    except store.StoreError as error:
        raise FailedRunError(f"{error}; choose another folder for --out") from None
