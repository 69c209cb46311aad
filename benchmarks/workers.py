"""Measure how a sweep's throughput grows with its workers: ratios within one run, absolute rates beside them.

Run as ``.venv/bin/python benchmarks/workers.py``. The table is Markdown. Rates are of workers that are there and warm;
what their start costs is a column of its own. More workers than cores are not measured: they would share the cores, and
the ratio would say nothing of the executor.
"""

from __future__ import annotations

import argparse
import contextlib
import platform
import time
from collections.abc import Iterator
from functools import partial

import numpy as np
from distributed import Client, LocalCluster
from joblib import cpu_count

import aimarket
from aimarket.experiments.sweeps.chunks import compute
from aimarket.experiments.sweeps.executors.local import ChunkError, Executor, Serial, gathered, open_executor
from aimarket.experiments.sweeps.study import Study
from aimarket.experiments.sweeps.study_file import parse_study

WORKERS = (1, 2, 4)
ROUNDS = 3
STUDY = """
question = "How fast is a sweep?"
quarters = 40
chunk = {rows}
[design]
method = "latin_hypercube"
size = {points}
parameters = ["announcement_effect", "deployment"]
[outcomes]
surge = "C1a.funding"
"""


def main() -> None:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chunks", type=int, default=12, help="chunks in each measurement")
    parser.add_argument("--runs", type=int, default=250, help="runs in each chunk")
    asked = parser.parse_args()
    print(table(asked.chunks, asked.runs))


def table(chunks: int, rows: int) -> str:
    """Return all rates as a Markdown table."""
    study = parse_study(STUDY.format(rows=rows, points=chunks * rows))
    alone, _ = rates(Serial(), study)
    lines = [
        machine(),
        "",
        f"{chunks} chunks of {rows} runs and their twins, {study.quarters} quarters each; the best of {ROUNDS}.",
        "",
        "| computed by | runs a second | to one worker | a worker, to this process | start, s |",
        "|---|---|---|---|---|",
        f"| this process | {alone:.0f} | | | |",
    ]
    for engine in (loky, dask):
        first = None
        for count in WORKERS:
            if count > cpu_count():
                lines.append(f"| {engine.__name__}, {count} | not measured: needs {count} cores | | | |")
                continue
            with engine(count) as executor:
                rate, start = rates(executor, study)
            first = first or rate
            ratios = f"{rate / first:.2f} | {rate / alone / count:.2f}"
            lines.append(f"| {engine.__name__}, {count} | {rate:.0f} | {ratios} | {start:.1f} |")
    return "\n".join(lines)


def machine() -> str:
    """Return what the figures were measured on."""
    return (
        f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.system()} {platform.machine()}, "
        f"{cpu_count()} cores that this process may use, aimarket {aimarket.__version__}."
    )


def rates(executor: Executor, study: Study) -> tuple[float, float]:
    """Return runs a second once the workers are warm, and the seconds until each of them has done one run."""
    tiny = parse_study(STUDY.format(rows=1, points=executor.workers))
    start = seconds(executor, tiny)
    return study.runs / min(seconds(executor, study) for _ in range(ROUNDS)), start


def seconds(executor: Executor, study: Study) -> float:
    """Return how long the chunks of a study take, every one of which has to come out whole."""
    begin = time.perf_counter()
    for chunk, outcome in gathered(executor, partial(compute, study), range(study.chunks)):
        if isinstance(outcome, ChunkError):
            raise RuntimeError(f"chunk {chunk} failed: {outcome.reason}")
    return time.perf_counter() - begin


@contextlib.contextmanager
def loky(count: int) -> Iterator[Executor]:
    """Open worker processes."""
    with open_executor(count) as executor:
        yield executor


@contextlib.contextmanager
def dask(count: int) -> Iterator[Executor]:
    """Open a Dask cluster on this machine."""
    options = {"n_workers": count, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(**options) as cluster, Client(cluster) as client, open_executor(dask=client) as executor:
        yield executor


if __name__ == "__main__":
    main()
