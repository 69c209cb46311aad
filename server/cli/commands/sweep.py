"""Run a study from the command line, and print what came of it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ....experiments.formatting import numeral
from ...errors import BadInputError, FailedRunError, complain, message_of
from ..console import NO_FORECAST, open_console, print_end, print_json, print_table
from ..run_limits import approve

if TYPE_CHECKING:
    import numpy as np
    from rich.console import Console

    from ....experiments.report.page import Report
    from ....experiments.sweeps.outcomes import Outcome
    from ....experiments.sweeps.results import Sweep
    from ....experiments.sweeps.study import Study
    from ..progress_bar import ProgressBar

EXPLAINED = 5
"""Failures that are listed one by one."""

MOST_ROWS = 60
"""Rows of a table that people read; --json has all."""


def read(file: Path) -> Study:
    """Return the study that a file describes, or say in a line what is wrong with it."""
    from ....experiments.sweeps.study_file import load_study

    with reported_errors():
        return load_study(file)


def approve_study(study: Study, workers: int | None, *, yes: bool) -> None:
    """Say, before anything is run, that a study takes longer on this machine than anybody expects."""
    from ....experiments.sweeps.chunks import size_of

    if study.variants and not yes:
        times = study.chunks / (workers or os.cpu_count() or 1)
        approve(study.variants[0].scenario, size_of(study), yes=False, times=times)


def run(study: Study, out: Path, bar: ProgressBar, *, resume: bool, workers: int | None, dask: str | None) -> Sweep:
    """Run a study into a folder, and say in a line what else happens."""
    from ....experiments.sweeps.sweep import run_sweep

    with reported_errors():
        return run_sweep(study, out, resume=resume, workers=workers, dask=dask, progress=bar, tell=complain)


@contextmanager
def reported_errors() -> Iterator[None]:
    """Turn what is wrong with a study, a folder or a cluster into one line."""
    from ....experiments.storage.atomic_files import StoreError

    try:
        yield
    except StoreError as error:
        raise FailedRunError(str(error)) from None
    except (KeyError, ValueError, ConnectionError) as error:
        raise BadInputError(message_of(error)) from None


def opened(folder: Path) -> Sweep:
    """Return the sweep that a folder holds, or say in a line why there is none."""
    from ....experiments.sweeps.results import open_sweep

    with reported_errors():
        return open_sweep(folder)


def print_answer(sweep: Sweep, command: Sequence[str], report: Report | None = None, *, json: bool) -> None:
    """Print what a sweep holds, for people or for machines."""
    rows = _summaries(sweep)
    if json:
        print_json(
            {
                "command": command,
                "folder": sweep.folder,
                "question": sweep.study.question,
                "runs": sweep.study.runs,
                "complete": sweep.complete,
                "missing": sweep.study.runs - sweep.there,
                "failed": sweep.failed,
                "lost": sweep.lost,
                "loss": sweep.loss,
                "outcomes": rows,
                **(report._asdict() if report else {}),
                "note": NO_FORECAST,
            }
        )
    else:
        _print(sweep, rows, command, report)


def _summaries(sweep: Sweep) -> list[dict[str, Any]]:
    """Return how each outcome that is one number a run is spread over the runs of each scenario."""
    outcomes = [outcome for outcome in sweep.study.outcomes if not outcome.by_quarter]
    if not sweep.parts:
        return []
    frame = sweep.frame(["scenario", *(outcome.name for outcome in outcomes)])
    rows = {name: frame[frame["scenario"] == name] for name in sweep.scenarios}
    return [_summary(outcome, name, own[outcome.name].to_numpy()) for outcome in outcomes for name, own in rows.items()]


def _summary(outcome: Outcome, scenario: str, every: np.ndarray) -> dict[str, Any]:
    """Return how an outcome is spread over the runs of a scenario that have it, and in which part of them it holds."""
    import numpy as np

    from ....experiments.statistics import meets

    values = every[np.isfinite(every)]
    parts = [float("nan")] * 4
    if len(values):
        parts = [*np.percentile(values, [5.0, 50.0, 95.0]), np.mean(meets(values, outcome.condition or ">= -inf"))]
    return {
        "outcome": outcome.name,
        "scenario": scenario,
        "label": outcome.label,
        "unit": outcome.unit,
        "low": parts[0],
        "median": parts[1],
        "high": parts[2],
        "condition": outcome.condition,
        "holds": parts[3] if outcome.condition else None,
        "runs": len(values),
        "undefined": len(every) - len(values),
    }


def _print(sweep: Sweep, rows: Sequence[dict[str, Any]], command: Sequence[str], report: Report | None) -> None:
    """Print the spread of every outcome, what failed, and what to do next."""
    console, study = open_console(), sweep.study
    console.print(study.question)
    sizes = {"points": len(study.design.points), "replicates": study.replicates, "scenarios": len(study.variants) or 1}
    product = " x ".join(f"{count:,} {what.removesuffix('s') if count == 1 else what}" for what, count in sizes.items())
    note = study.design.options.get("note", "")
    console.print(f"{study.runs:,} runs: {product}; {study.quarters} quarters, seed {study.seed}")
    console.print(f"Points by {study.design.method}{f' ({note})' if note else ''}{_groups(study)}.\n")
    _print_outcomes(console, rows, named=len(sweep.scenarios) > 1)
    _print_failures(sweep)
    if sweep.parts:
        where = f"pandas.read_parquet('{sweep.folder}/parts')"
        console.print(f"Written to {sweep.folder}: {len(sweep.parts):,} parts; {where}")
    if report is not None:
        console.print(f"\n{report.finding}\nThe report: {report.page}\n", soft_wrap=True)
    else:
        following = ["aimarket", "report", str(sweep.folder)] if sweep.complete else command
        console.print(f"Next: {shlex.join(following)}", soft_wrap=True)
    print_end(console, command)


def _groups(study: Study) -> str:
    """Say which assumptions were moved together."""
    groups = [f"{name} ({', '.join(members)})" for name, members in study.design.groups.items() if len(members) > 1]
    return f", moved together: {'; '.join(groups)}" if groups else ""


def _print_outcomes(console: Console, rows: Sequence[dict[str, Any]], *, named: bool) -> None:
    """Print the spread of every outcome, a row a scenario."""
    if not rows:
        return
    heads = ("outcome", *(("scenario",) if named else ()), "median [5 to 95 % of runs]", "holds if", "in")
    print_table(console, heads, [_row(row, named=named) for row in rows[:MOST_ROWS]])
    if len(rows) > MOST_ROWS:
        console.print(f"{len(rows) - MOST_ROWS:,} rows more: --json prints all.\n")


def _row(row: dict[str, Any], *, named: bool) -> tuple[str, ...]:
    """Return an outcome of a scenario as a row of text."""
    from ....experiments.formatting import undefined

    names = (row["label"], row["scenario"]) if named else (row["label"],)
    missing = undefined(row["undefined"], row["undefined"] + row["runs"]) if row["undefined"] else ""
    if not row["runs"]:
        return *names, missing, row["condition"], missing
    median, low, high = (numeral(row[name]) for name in ("median", "low", "high"))
    value = f"{median} [{low}, {high}] {row['unit']}".removesuffix(" 1")
    holds = "" if row["holds"] is None else f"{100.0 * row['holds']:.0f} % of {'the others' if missing else 'runs'}"
    return *names, f"{value} ({missing})" if missing else value, row["condition"], holds


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
