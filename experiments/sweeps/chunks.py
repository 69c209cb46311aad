"""Chunks: some runs of a study, computed and written as one Parquet file; a pure function of study and number."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ...model.initial_state import Start, load_start
from ..claims.evidence import Evidence
from ..claims.treatments import Treatment, subject_of, treatments
from ..runs.costs import Size
from ..runs.ensemble import Ensemble, run_ensemble
from ..runs.firm_classes import present
from ..runs.losses import first_failures
from ..storage.atomic_files import arrow_table
from .outcomes import measure
from .study import Study
from .variants import Variant

if TYPE_CHECKING:
    from ..claims.treatments import Subject


class Part(NamedTuple):
    """A chunk that was computed.

    Attributes:
        content: the Parquet file, byte by byte.
        rows: the runs in it.
        failed: how many of them cannot be trusted.
        seconds: how long it took.
    """

    content: bytes
    rows: int
    failed: int
    seconds: float


def compute(study: Study, chunk: int) -> Part:
    """Return a chunk of a study as a Parquet file; the same study and number give the same bytes."""
    begun = time.perf_counter()
    frame = runs_of(study, chunk)
    file = BytesIO()
    pq.write_table(_table(frame, study), file, compression="zstd")
    failed = int((frame["failed_cause"] != "").sum())
    return Part(file.getvalue(), len(frame), failed, time.perf_counter() - begun)


def runs_of(study: Study, chunk: int) -> pd.DataFrame:
    """Return the runs of a chunk: one row a run, with its factors, its outcomes and whether it failed."""
    rows = study.rows_of(chunk)
    points = study.design.points.iloc[rows // study.replicates].reset_index(drop=True)
    if study.function is not None:
        return _framed(study, rows, points, None, _called(study, points))
    keep = _Keep(study, points, study.numbers(rows))
    return pd.concat(
        [
            _framed(study, rows, points, position, keep.outcomes(position)).assign(run=rows + position * study.rows)
            for position in range(len(study.variants))
        ],
        ignore_index=True,
    )


def size_of(study: Study) -> Size:
    """Return how much the largest chunk of a study runs and keeps."""
    planned = [treatment for variant in study.variants for treatment in _planned(study, variant).values()]
    different = [treatment for position, treatment in enumerate(planned) if treatment not in planned[:position]]
    return Size(min(study.chunk, study.rows), study.quarters, len(different), _record(study))


class _Keep:
    """Runs the treatments of a chunk, and keeps those that several variants of a deal share."""

    def __init__(self, study: Study, points: pd.DataFrame, numbers: np.ndarray) -> None:
        self.study = study
        self.points = points
        self.numbers: Sequence[int] = numbers.tolist()
        self.record = _record(study)
        self.planned = [_planned(study, variant) for variant in study.variants]
        self.done: list[tuple[Treatment, Ensemble]] = []

    def outcomes(self, position: int) -> pd.DataFrame:
        """Return what is kept of the runs of a variant, and which of them failed; variants are asked for in order."""
        study, scenario = self.study, self.study.variants[position].scenario
        start = load_start(scenario.start)
        ensembles = {name: self._run(treatment, start) for name, treatment in self.planned[position].items()}
        self.done = [
            (treatment, ensemble) for treatment, ensemble in self.done if self._is_due(treatment, position + 1)
        ]
        subject = cast("Subject", subject_of(scenario, start))  # without a deal no outcome asks about one
        evidence = Evidence(ensembles, subject, study.quarters)
        return _flagged(pd.DataFrame(measure(study.outcomes, evidence)), ensembles)

    def _is_due(self, treatment: Treatment, position: int) -> bool:
        """Return whether a variant from some position on reads a treatment: the others need not be held in memory."""
        return any(treatment == other for planned in self.planned[position:] for other in planned.values())

    def _run(self, treatment: Treatment, start: Start) -> Ensemble:
        """Return the ensemble of a treatment, run now or before."""
        for known, ensemble in self.done:
            if known == treatment:
                return ensemble
        own: dict[str, Any] = {str(name): column.to_numpy() for name, column in self.points.items()}
        ensemble = run_ensemble(
            treatment.scenario,
            len(self.numbers),
            self.study.quarters,
            self.study.seed,
            {**self.study.parameters, **own, **treatment.parameters},
            record=self.record,
            numbers=self.numbers,
            start=start,
            progress=False,
            firms=present(self.study.firms),
        )
        self.done.append((treatment, ensemble))
        return ensemble


def _record(study: Study) -> tuple[str, ...]:
    """Return the kinds of record that the outcomes of a study read."""
    return tuple(dict.fromkeys(kind for outcome in study.outcomes for kind in outcome.record))


def _planned(study: Study, variant: Variant) -> dict[str, Treatment]:
    """Return the treatments that the outcomes of a variant read, by name."""
    assert study.against is not None
    planned = treatments(variant.scenario, study.against, load_start(variant.scenario.start))
    return {name: planned[name] for outcome in study.outcomes for name in outcome.runs}


def _flagged(frame: pd.DataFrame, ensembles: Mapping[str, Ensemble]) -> pd.DataFrame:
    """Return outcomes with the first failure of each run; outcomes of a run that failed are not numbers."""
    first = first_failures(ensembles)
    frame.loc[first.index] = np.nan
    return frame.assign(
        failed_quarter=first["quarter"].astype(str).reindex(frame.index, fill_value=""),
        failed_cause=(first["cause"] + " (" + first["treatment"] + ")").reindex(frame.index, fill_value=""),
    )


def _called(study: Study, points: pd.DataFrame) -> pd.DataFrame:
    """Return the outcomes of a function of one's own."""
    assert study.function is not None
    found = pd.DataFrame(study.function(points))
    wanted = [column for outcome in study.outcomes for column in outcome.columns()]
    if list(found.columns) != wanted or len(found) != len(points):
        raise ValueError(
            f"the function gave {list(found.columns)}, {len(found)} rows, and {wanted}, {len(points)} are due"
        )
    return found.astype(np.float64).assign(failed_quarter="", failed_cause="")


def _framed(
    study: Study, rows: np.ndarray, points: pd.DataFrame, position: int | None, outcomes: pd.DataFrame
) -> pd.DataFrame:
    """Return runs with what tells them apart."""
    variant = None if position is None else study.variants[position]
    columns: dict[str, Any] = {"run": rows, "scenario": "" if variant is None else variant.scenario.name}
    columns |= dict(variant.terms) if variant else {}
    columns |= {"point": rows // study.replicates, "replicate": rows % study.replicates}
    return pd.concat([pd.DataFrame(columns, index=points.index), points, outcomes], axis=1)


def _table(frame: pd.DataFrame, study: Study) -> pa.Table:
    """Return runs as an Arrow table whose columns know their units."""
    units = {factor.name: factor.unit for factor in study.design.factors}
    units |= {column: outcome.unit for outcome in study.outcomes for column in outcome.columns()}
    frame.attrs["units"] = {name: unit for name, unit in units.items() if name in frame}
    return arrow_table(frame)
