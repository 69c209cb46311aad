"""Run a study from the command line, and tell what came of it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .failures import BadInputError, FailedRunError, complain
from .output import NO_FORECAST, figure, open_console, print_json, print_table

if TYPE_CHECKING:
    from ..experiments.sweeps.outcomes import Outcome
    from ..experiments.sweeps.results import Sweep
    from .progress import ProgressBar

EXPLAINED = 5
"""Failures that are told one by one."""


def run(study: Path, out: Path, bar: ProgressBar, *, resume: bool, workers: int | None, dask: str | None) -> Sweep:
    """Run a study into a folder, and say in a line what else happens."""
    from ..experiments.sweeps.sweep import run_sweep

    with told_errors():
        return run_sweep(study, out, resume=resume, workers=workers, dask=dask, progress=bar, tell=complain)


@contextmanager
def told_errors() -> Iterator[None]:
    """Turn what is wrong with a study, a folder or a cluster into one line."""
    from ..experiments.files import StoreError

    try:
        yield
    except StoreError as error:
        raise FailedRunError(str(error)) from None
    except (KeyError, ValueError, ConnectionError) as error:
        raise BadInputError(str(error.args[0])) from None


def tell(sweep: Sweep, command: Sequence[str], *, json: bool) -> None:
    """Print what a sweep holds, for people or for machines."""
    rows = [_summary(sweep, outcome) for outcome in sweep.study.outcomes if not outcome.by_quarter]
    if json:
        print_json({
            "command": command, "folder": sweep.folder, "question": sweep.study.question, "runs": sweep.study.runs,
            "complete": sweep.complete, "failed": sweep.failed, "lost": sweep.lost, "outcomes": rows,
            "note": NO_FORECAST,
        })  # fmt: skip
    else:
        _print(sweep, rows, command)


def _summary(sweep: Sweep, outcome: Outcome) -> dict[str, Any]:
    """Return how an outcome is spread over the runs that have it, and in which part of them it holds."""
    from ..experiments.statistics import meets

    values = sweep.frame([outcome.name])[outcome.name].dropna().to_numpy() if sweep.parts else []
    parts: Sequence[float] = [float("nan")] * 4
    if len(values):
        import numpy as np

        parts = [*np.percentile(values, [5.0, 50.0, 95.0]), np.mean(meets(values, outcome.condition or ">= -inf"))]
    return {
        "outcome": outcome.name, "label": outcome.label, "unit": outcome.unit, "low": parts[0], "median": parts[1],
        "high": parts[2], "condition": outcome.condition, "holds": parts[3] if outcome.condition else None,
        "runs": len(values),
    }  # fmt: skip


def _print(sweep: Sweep, rows: Sequence[dict[str, Any]], command: Sequence[str]) -> None:
    """Print the spread of every outcome, what failed, and what to do next."""
    console, study = open_console(), sweep.study
    console.print(study.question)
    points, method = (
        f"{len(study.design.points):,} points ({study.design.method})",
        study.design.options.get("note", ""),
    )
    scenarios = max(len(study.variants), 1)
    console.print(
        f"{study.runs:,} runs: {points} x {study.replicates} replicates x {scenarios} scenarios, {study.quarters} quarters, "
        f"seed {study.seed}{f'; {method}' if method else ''}\n"
    )
    heads = ("outcome", "median [5 to 95 % of runs]", "holds if", "in")
    table = [
        (row["label"], f"{figure(row['median'])} [{figure(row['low'])}, {figure(row['high'])}] {row['unit']}".removesuffix(" 1"),
         row["condition"], "" if row["holds"] is None else f"{100.0 * row['holds']:.0f} % of runs")
        for row in rows
    ]  # fmt: skip
    print_table(console, heads, table)
    _print_failures(sweep)
    console.print(f"Written to {sweep.folder}: {len(sweep.parts):,} parts; pandas.read_parquet('{sweep.folder}/parts')")
    console.print(f"Next: aimarket report {shlex.quote(str(sweep.folder))}", soft_wrap=True)
    console.print(f"Again: {shlex.join(command)}", soft_wrap=True)
    console.print(NO_FORECAST)


def _print_failures(sweep: Sweep) -> None:
    """Print which runs failed and which chunks were given up."""
    console = open_console()
    if sweep.failed:
        frame = sweep.frame(["run", "point", "replicate", "failed_quarter", "failed_cause"])
        console.print(f"{sweep.failed:,} runs failed, and have no outcomes:")
        for row in frame[frame["failed_cause"] != ""].head(EXPLAINED).itertuples():
            console.print(f"  run {row.run} (point {row.point}): {row.failed_quarter}, {row.failed_cause}")
    for chunk, why in list(sweep.lost.items())[:EXPLAINED]:
        console.print(f"Chunk {chunk} was given up: {why}. --resume tries it again.")
