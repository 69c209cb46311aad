"""What runs of compared scenarios come to: percentiles, means and differences from the first, of every quarter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from ...experiments.statistics import mean_intervals
from ..jobs.compared_runs import Runs, Together, together
from . import quantities
from .quantities import SHARE, Quantity
from .twin import percentiles

MEASURES = (
    SHARE,
    quantities.COMPUTE,
    quantities.REVENUE,
    quantities.CAPITAL,
    quantities.LEAD_TIME,
    quantities.POWER_PRICE,
    quantities.GAP,
    quantities.CONTRACT_RENT,
)
"""What scenarios are compared by, in the order of the table."""

CHARTS = MEASURES[:6]
"""What is drawn."""

LEVELS = (5.0, 50.0, 95.0)
"""The percentiles that are drawn."""

DIGITS = 9


class Summary(NamedTuple):
    """What runs come to, by quantity and scenario; scenarios that have not run are not in it.

    Attributes:
        size: how many runs of each scenario count.
        failed: how many were left out, as they broke down in one of the scenarios.
        bands: of what is drawn, by percentile and quarter.
        means: by quarter.
        ends: of the interval of the difference from the first scenario's mean, by quarter; None where every run is the
            same, and nothing of the first scenario itself.
    """

    size: int
    failed: int
    bands: Mapping[str, Mapping[str, list[list[float]]]]
    means: Mapping[str, Mapping[str, list[float]]]
    ends: Mapping[str, Mapping[str, list[list[float] | None]]]


def summary_of(found: Mapping[str, Runs], names: Sequence[str], row: int) -> Summary:
    """Return what runs come to.

    Args:
        found: the runs, as far as there are any.
        names: the scenarios, the one first that others are held against.
        row: of the lab.
    """
    shared = together({name: found[name] for name in names if name in found})
    samples = {item.name: _samples(shared, item, row) for item in MEASURES}
    return Summary(
        shared.size,
        shared.failed,
        {item.name: {name: percentiles(one, LEVELS) for name, one in samples[item.name].items()} for item in CHARTS},
        {key: {name: _digits(one.mean(-1)) for name, one in by.items()} for key, by in samples.items()},
        {key: _all_ends(by, names) for key, by in samples.items()},
    )


def plain(summary: Summary) -> dict[str, Any]:
    """Return a summary as JSON can hold it."""
    return summary._asdict()


def _samples(shared: Together, item: Quantity, row: int) -> dict[str, np.ndarray]:
    """Return a quantity in the runs of each scenario, shape (quarters, runs)."""
    return {name: item.many(values, row) for name, values in shared.values.items()}


def _all_ends(samples: Mapping[str, np.ndarray], names: Sequence[str]) -> dict[str, list[list[float] | None]]:
    """Return the ends of differences from the first scenario, where it has run."""
    first = samples.get(names[0])
    return {} if first is None else {name: _ends(samples[name], first) for name in names[1:] if name in samples}


def _ends(sample: np.ndarray, first: np.ndarray) -> list[list[float] | None]:
    """Return the ends of the interval of a difference by quarter, from shape (quarters, runs) each."""
    _, low, high = mean_intervals(sample - first)
    same = (sample == first).all(-1)
    return [None if alike else _digits(pair) for alike, pair in zip(same, np.stack([low, high], -1), strict=True)]


def _digits(values: np.ndarray) -> list[float]:
    """Return numbers of so many digits that rounding them once more shows what rounding the numbers does."""
    return [float(f"{value:.{DIGITS}g}") for value in values]
