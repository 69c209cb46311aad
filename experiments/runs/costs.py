"""What runs cost, reckoned before they are run: memory, and seconds on this machine."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...model.market_model import MarketModel
from ...model.scenarios.scenario import Scenario
from .batches import BYTES, fitting, memory_at_once, width

SMALL = 1e6
"""Replicate-quarters, of batches filled up to a hundred, that nobody has to reckon: a minute."""

FILLED = 100
"""Replicates that take hardly more time than one."""

TRIAL = 3
"""Quarters that are timed, after a first one that loads and allocates."""

GB = 1e9
LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
"""Where a container's limit of memory stands."""


class TooLargeError(MemoryError):
    """What was asked for cannot be held in memory; the message says how much it would take, and how much there is."""


class Size(NamedTuple):
    """What is to be run.

    Attributes:
        replicates: of each run.
        quarters: of each run.
        runs: how many runs are kept beside each other.
        record: what is kept of each.
        in_one: whether all replicates are one model, instead of one batch after another.
    """

    replicates: int
    quarters: int
    runs: float = 1
    record: Sequence[str] = ("indicators",)
    in_one: bool = False

    @property
    def small(self) -> bool:
        """Whether it is so little that nobody has to reckon."""
        if not all(isinstance(count, int | np.integer) for count in (self.replicates, self.quarters)):
            return True  # and wrong, which whoever runs it says
        return max(self.replicates, FILLED) * self.quarters * self.runs <= SMALL

    @property
    def words(self) -> str:
        """The size in words."""
        runs = f", {self.runs:,} times" if self.runs > 1 else ""
        return f"{self.replicates:,} replicates of {self.quarters:,} quarters{runs}"


def check_memory(scenario: Scenario, size: Size, start: Any = None) -> None:
    """Say, before anything is run, that the results cannot be held in memory.

    Raises:
        TooLargeError: they would take more than there is.
    """
    if size.small:
        return
    model = MarketModel(scenario, record=size.record, start=start)
    kept = BYTES * sum(width(model, kind, columns) for kind, columns in model.history.wanted.items())
    needed: float = kept * size.replicates * size.quarters * (size.runs + 1)  # once more while batches are joined
    needed += memory_at_once(model, size.quarters) * (size.replicates if size.in_one else 1)
    model.close()
    there = available_memory()
    if needed > there:
        raise TooLargeError(
            f"{size.words} take about {_gigabytes(needed)} of memory, and {_gigabytes(there)} are free: "
            "ask for fewer replicates or quarters"
        )


def seconds(scenario: Scenario, size: Size, times: float = 1.0) -> float:
    """Return about how many seconds runs take here, from a few quarters of one batch.

    Args:
        scenario: what is run.
        size: how much of it.
        times: how often that is run, one after another.
    """
    if size._replace(runs=size.runs * times).small:
        return 0.0
    one = MarketModel(scenario, record=size.record)
    batch = min(fitting(one, size.quarters), size.replicates)
    one.close()
    model = MarketModel(scenario, replicates=batch, record=size.record)
    model.step()
    took = min(_timed(model) for _ in range(TRIAL))
    model.close()
    return took * size.quarters * math.ceil(size.replicates / batch) * size.runs * times


def _timed(model: MarketModel) -> float:
    """Return how many seconds a quarter takes."""
    begun = time.perf_counter()
    model.step()
    return time.perf_counter() - begun


def available_memory() -> float:
    """Return how many bytes may still be taken: of the machine, its container and this process; inf if unknown."""
    return min(_limits(), default=math.inf)


def _limits() -> Iterator[float]:
    """Yield every limit that is known, bytes."""
    for line in _text("/proc/meminfo").splitlines():
        if line.startswith("MemAvailable:"):
            yield 1024.0 * float(line.split()[1])
    for path in LIMITS:
        if (text := _text(path).strip()).isdigit():
            yield float(text)
    try:
        import resource
    except ImportError:  # no such limits on this system
        return
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != resource.RLIM_INFINITY:
        yield float(limit)


def _text(path: str) -> str:
    """Return what stands in a file of the system; nothing where there is none."""
    try:
        return Path(path).read_text(encoding="utf-8")
    except OSError:
        return ""


def _gigabytes(size: float) -> str:
    """Return bytes in words."""
    return f"{size / GB:,.0f} GB" if size >= 10.0 * GB else f"{size / GB:,.1f} GB"
