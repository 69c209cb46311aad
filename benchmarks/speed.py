"""Measure speed and memory: ratios within one run, absolute times beside them.

Run as ``make bench``. The table is Markdown, as docs/performance.md holds it. Times depend on the machine and on what
else it does; the ratio of an ensemble's cost to a single run's does so far less.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np

import aimarket
from aimarket.model.quarter import QUARTER

QUARTERS = 40
SINGLES = 12
ENSEMBLE = 1000
MEGABYTE = 1024.0
RATIO_WALL, QUARTER_WALL, MEMORY_WALL, COMPARE_WALL = 80.0, 5.0, 4096.0, 60.0


def main() -> None:
    """Measure what is asked for and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--memory", action="store_true", help="only measure the memory of a large ensemble, as JSON")
    parser.add_argument("--phases", action="store_true", help="also print what each phase of the quarter takes")
    parser.add_argument("--replicates", type=int, default=10_000, help="size of the large ensemble")
    asked = parser.parse_args()
    if asked.memory:
        print(json.dumps(large_ensemble(asked.replicates)))
        return
    print(table(asked.replicates))
    if asked.phases:
        print(phases())


def table(replicates: int) -> str:
    """Return all measurements as a Markdown table."""
    single, ensemble = side_by_side()
    quarter = median_quarter()
    memory = measured_apart(["--memory", "--replicates", str(replicates)])
    cold = cold_comparison()
    ratio = single / ensemble
    rows = [
        ("a run of 40 quarters, one replicate", f"{single * 1e3:.0f} ms", ""),
        ("the same for one replicate of an ensemble of 1,000", f"{ensemble * 1e3:.2f} ms", ""),
        ("ratio of the two", f"{ratio:.0f}", f"at least {RATIO_WALL:.0f}"),
        ("one quarter of one replicate, median", f"{quarter * 1e3:.1f} ms", f"at most {QUARTER_WALL:.0f} ms"),
        (
            f"peak memory of {replicates:,} replicates x 60 quarters",
            f"{memory['megabytes'] / MEGABYTE:.2f} GB in {memory['seconds']:.0f} s",
            f"under {MEMORY_WALL / MEGABYTE:.0f} GB",
        ),
        ("`aimarket compare deal_35bn --json`, cold", f"{cold:.0f} s", f"under {COMPARE_WALL:.0f} s"),
    ]
    lines = [machine(), "", "| measured | value | has to be |", "|---|---|---|"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in rows])


def machine() -> str:
    """Return what the figures were measured on."""
    return (
        f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.system()} {platform.machine()}, "
        f"aimarket {aimarket.__version__}."
    )


def side_by_side() -> tuple[float, float]:
    """Return seconds a replicate, alone and in an ensemble, measured in turn."""
    alone, together = [], []
    for _ in range(3):
        alone += [seconds(run_single) for _ in range(SINGLES // 3)]
        together.append(seconds(run_many) / ENSEMBLE)
    return statistics.median(alone), statistics.median(together)


def run_single() -> None:
    """Run one model."""
    model = aimarket.MarketModel("deal_35bn", rng=7)
    for _ in range(QUARTERS):
        model.step()


def run_many() -> None:
    """Run an ensemble."""
    aimarket.run_ensemble("deal_35bn", ENSEMBLE, QUARTERS, 7)


def median_quarter() -> float:
    """Return the median seconds of a quarter of one replicate."""
    model = aimarket.MarketModel("deal_35bn", rng=7)
    return statistics.median(seconds(model.step) for _ in range(QUARTERS))


def seconds(action: Callable[[], None]) -> float:
    """Return how long an action takes."""
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def large_ensemble(replicates: int) -> dict[str, float]:
    """Run a large ensemble and return its time and this process's peak memory."""
    took = seconds(lambda: aimarket.run_ensemble("deal_35bn", replicates, 60, 7) and None)
    return {"seconds": took, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEGABYTE}


def measured_apart(arguments: list[str]) -> dict[str, float]:
    """Return what a fresh process measures."""
    done = subprocess.run([sys.executable, __file__, *arguments], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def cold_comparison() -> float:
    """Return the seconds of a whole comparison in a fresh process."""
    command = [sys.executable, "-m", "aimarket.server.cli.main", "compare", "deal_35bn", "--json"]
    return seconds(lambda: subprocess.run(command, check=True, capture_output=True) and None)


def phases() -> str:
    """Return what each phase takes in one replicate and in a batch, as a Markdown table."""
    counts = (1, 256)
    spent = [phase_times(count) for count in counts]
    lines = ["", "| phase | 1 replicate, ms | 256 replicates, ms |", "|---|---|---|"]
    for place, phase in enumerate(QUARTER):
        lines.append(f"| {phase.code} {phase.name} | {spent[0][place]:.2f} | {spent[1][place]:.2f} |")
    return "\n".join(lines)


def phase_times(replicates: int) -> list[float]:
    """Return the median milliseconds of each phase."""
    model = aimarket.MarketModel("deal_35bn", rng=7, replicates=replicates, record=("indicators",))
    found: list[list[float]] = [[] for _ in QUARTER]
    for _ in range(20):
        for place, phase in enumerate(QUARTER):
            found[place].append(seconds(lambda phase=phase: phase.run(model)))
        model.quarter += 1
    return [statistics.median(times) * 1e3 for times in found]


if __name__ == "__main__":
    main()
