"""What the model has for each observed series: the same measure of a run, by quarter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ...agents.state.arrays import Floats
from ...agents.state.shown import shown
from ...model.dates import YEAR
from ...model.initial_state import Start, load_start
from ..runs.ensemble import Ensemble
from .series import ObservedSeries

LABS = ("OpenAI", "Anthropic", "Google DeepMind", "Meta", "xAI")
"""The labs whose compute is estimated."""

PATHS = {
    "chip_vendors.sales": ("NVIDIA", "Broadcom and Google TPU"),
    "chip_vendors.output_ever": ("NVIDIA",),
    "chip_vendors.performance": ("NVIDIA",),
    "ai_labs.revenue": ("OpenAI", "Anthropic"),
    "ai_labs.powered_compute": LABS,
    "ai_labs.fleet_power": ("OpenAI",),
    "total_capex": ("",),
    "vendor_sales": ("",),
    "cluster_sales": ("",),
    "power_price": ("",),
}
"""Every quantity of the model that a series reads, and of which firms."""

RECORD = ("indicators", *(name for name in PATHS if "." in name))
"""What an ensemble has to keep for the series."""


@shown()
@dataclass(frozen=True)
class Runs:
    """What is read of some runs from one start.

    Attributes:
        start: the stocks that they start from.
        paths: by quantity and firm, its values, shape (T, R).
    """

    start: Start
    paths: Mapping[tuple[str, str], Floats]

    def __call__(self, quantity: str, firm: str) -> Floats:
        """Return a quantity of a firm, shape (T, R)."""
        return self.paths[quantity, firm]

    def at_start(self, quantity: str, firm: str) -> float:
        """Return a stock of a chip vendor at the start."""
        row = self.start.names("chip_vendors").index(firm)
        return float(self.start.array("chip_vendors", quantity)[row, 0])

    def shifted(self, quantity: str, firm: str) -> Floats:
        """Return a stock of a chip vendor as each quarter found it, shape (T, R)."""
        path = self(f"chip_vendors.{quantity}", firm)
        return np.concatenate([np.full((1, path.shape[1]), self.at_start(quantity, firm)), path[:-1]])


def runs_of(ensemble: Ensemble) -> Runs:
    """Return what is read of an ensemble that recorded `RECORD`."""
    paths = {}
    for quantity, firms in PATHS.items():
        kind, _, column = quantity.rpartition(".")
        for firm in firms:
            row = ensemble.records[kind].firms.index(firm) if kind else 0
            paths[quantity, firm] = ensemble.values(column, kind)[:, row] if kind else ensemble.values(column)
    return Runs(load_start(ensemble.scenario.start), paths)


def outcome(runs: Runs, series: ObservedSeries) -> Floats:
    """Return what the runs have for a series, shape (T, R); not a number where a year is not over yet."""
    path = OUTCOMES[series.outcome](runs, series.firm)
    return _years(path) if series.every == "year" else path


def _years(path: Floats) -> Floats:
    """Return means of four quarters up to each, shape (T, R)."""
    missing = np.full((min(YEAR - 1, len(path)), path.shape[1]), np.nan)
    if len(path) < YEAR:
        return missing
    whole = np.lib.stride_tricks.sliding_window_view(path, YEAR, axis=0).mean(-1)
    return np.concatenate([missing, whole])


def _units(runs: Runs, firm: str) -> Floats:
    """Return what a vendor sold in a quarter, M units, shape (T, R)."""
    return runs("chip_vendors.output_ever", firm) - runs.shifted("output_ever", firm)


def _sales_with_clusters(runs: Runs, firm: str) -> Floats:
    """Return a vendor's sales with the clusters that its chips are joined into, USD bn a quarter, shape (T, R).

    Clusters as they are billed: the same part of the value of every vendor's chips.
    """
    joined = runs("cluster_sales", "") / runs("vendor_sales", "")
    return (1.0 + joined) * runs("chip_vendors.sales", firm)


def _price_of_compute(runs: Runs, firm: str) -> Floats:
    """Return sales with clusters over compute sold, USD bn per M H100e, shape (T, R)."""
    sold = _units(runs, firm) * runs.shifted("performance", firm)
    return _sales_with_clusters(runs, firm) / np.where(sold > 0.0, sold, np.nan)


OUTCOMES: Mapping[str, Callable[[Runs, str], Floats]] = {
    "sales": lambda runs, firm: runs("chip_vendors.sales", firm),
    "sales_with_clusters": _sales_with_clusters,
    "units": _units,
    "price_of_compute": _price_of_compute,
    "run_rate": lambda runs, firm: YEAR * runs("ai_labs.revenue", firm),
    "compute": lambda runs, firm: runs("ai_labs.powered_compute", firm),
    "fleet_power": lambda runs, firm: runs("ai_labs.fleet_power", firm),
    "capital_spending": lambda runs, firm: runs("total_capex", firm),
    "power_price": lambda runs, firm: runs("power_price", firm),
}
