"""What the model has for each observed series: the same measure of a run, by quarter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from ...agents.rules.renting import USD_PER_HOUR
from ...agents.state.arrays import Floats, power, ratio, total
from ...agents.state.shown import shown
from ...model.dates import YEAR
from ...model.initial_state import Start, load_start
from ..runs.ensemble import Ensemble
from .series import ObservedSeries

LABS = ("OpenAI", "Anthropic", "Google DeepMind", "Meta", "xAI")
"""The labs whose compute is estimated."""

FOUR = ("Amazon", "Microsoft", "Alphabet", "Meta")
"""The owners whose capital spending is added; the last is a lab with its parent's whole fleet."""

CLOUDS = (*FOUR[:-1], "Oracle", "Neoclouds")
"""The clouds whose fleets are estimated."""

PATHS = {
    "chip_vendors.sales": ("NVIDIA", "Broadcom and Google TPU"),
    "chip_vendors.output_ever": ("NVIDIA",),
    "chip_vendors.performance": ("NVIDIA",),
    "ai_labs.revenue": ("OpenAI", "Anthropic"),
    "ai_labs.sales_enterprise": LABS,
    "ai_labs.sales_coding": LABS,
    "ai_labs.powered_compute": LABS,
    "ai_labs.fleet_power": ("OpenAI",),
    "ai_labs.own_compute": LABS,
    "ai_labs.rented": ("OpenAI",),
    "ai_labs.rent_bill": ("OpenAI", "Anthropic"),
    "ai_labs.compute": ("Meta",),
    "ai_labs.capex": ("Meta",),
    "ai_labs.other_capex": ("Meta",),
    "clouds.compute": CLOUDS,
    "clouds.fleet_power": CLOUDS,
    "clouds.capex": CLOUDS,
    "clouds.other_capex": CLOUDS,
    "clouds.backlog": ("Neoclouds",),
    "clouds.debt": ("Neoclouds",),
    "clouds.rent_income": ("Neoclouds",),
    "clouds.one_year_rent": ("Neoclouds",),
    "cloud_compute": ("",),
    "outside_compute": ("",),
    "contract_rent": ("",),
    "price_at_fixed_capability": ("",),
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


def _of_owner(runs: Runs, quantity: str, firm: str) -> Floats:
    """Return a quantity of a cloud, or of a lab with a fleet of its own, shape (T, R)."""
    return runs(f"{'ai_labs' if firm in LABS else 'clouds'}.{quantity}", firm)


def _capex(runs: Runs, firm: str) -> Floats:
    """Return what an owner spends on chips, clusters and halls and in its other business, USD bn a quarter."""
    return _of_owner(runs, "capex", firm) + _of_owner(runs, "other_capex", firm)


def _capex_of_four(runs: Runs, firm: str) -> Floats:
    """Return the capital spending of the four companies, each taken once, USD bn a quarter, shape (T, R)."""
    return total(np.stack([_capex(runs, name) for name in FOUR]))


def _world(runs: Runs, firm: str) -> Floats:
    """Return the compute that ran in the world, M H100e, shape (T, R).

    Labs' own fleets, their vehicles' included, and clouds' as far as they ran; of enterprises and states all that they
    had when the quarter began, for what comes in a quarter runs from the next one on.
    """
    own = total(np.stack([runs("ai_labs.own_compute", name) for name in LABS]))
    outside = runs("outside_compute", "")
    opened = runs.start.array("economy", "outside_running") + runs.start.array("economy", "outside_arriving")
    return own + runs("cloud_compute", "") + np.concatenate([np.full_like(outside[:1], opened), outside[:-1]])


def _labs_part(runs: Runs, firm: str) -> Floats:
    """Return the part of the world's running compute that ran for the five labs, shape (T, R)."""
    return total(np.stack([runs("ai_labs.powered_compute", name) for name in LABS])) / _world(runs, firm)


def _power(runs: Runs, firm: str) -> Floats:
    """Return the power that a lab's own fleet and what it rents can draw, GW, shape (T, R): landlords' mean chips."""
    drawn = total(np.stack([runs("clouds.fleet_power", name) for name in CLOUDS]))
    landlords = total(np.stack([runs("clouds.compute", name) for name in CLOUDS]))
    return runs("ai_labs.fleet_power", firm) + runs("ai_labs.rented", firm) * drawn / landlords


def _growth_of_rent(runs: Runs, firm: str) -> Floats:
    """Return what a cloud earns with rent over the quarter before, not a number in the first one, shape (T, R)."""
    earned = runs("clouds.rent_income", firm)
    return np.concatenate([np.full_like(earned[:1], np.nan), ratio(earned[1:], earned[:-1])])


def _part_of_enterprises(runs: Runs, firm: str) -> Floats:
    """Return a lab's part of what labs sell to enterprises and coders, shape (T, R)."""
    sold = [runs("ai_labs.sales_enterprise", name) + runs("ai_labs.sales_coding", name) for name in LABS]
    return ratio(sold[LABS.index(firm)], total(np.stack(sold)))


def _price_fall(runs: Runs, firm: str) -> Floats:
    """Return by what factor a year the price at fixed capability fell since the first quarter, shape (T, R)."""
    price = runs("price_at_fixed_capability", "")
    passed = np.arange(len(price), dtype=np.float64)[:, None] / YEAR
    return np.where(passed > 0.0, power(ratio(price[:1], price), 1.0 / np.where(passed > 0.0, passed, 1.0)), np.nan)


OUTCOMES: Mapping[str, Callable[[Runs, str], Floats]] = {
    "sales": lambda runs, firm: runs("chip_vendors.sales", firm),
    "sales_with_clusters": _sales_with_clusters,
    "units": _units,
    "price_of_compute": _price_of_compute,
    "run_rate": lambda runs, firm: YEAR * runs("ai_labs.revenue", firm),
    "compute": lambda runs, firm: runs("ai_labs.powered_compute", firm),
    "fleet_power": _power,
    "world_running": _world,
    "labs_share": _labs_part,
    "fleet_owned": lambda runs, firm: _of_owner(runs, "compute", firm),
    "capital_spending": _capex_of_four,
    "cloud_capex": _capex,
    "backlog": lambda runs, firm: runs("clouds.backlog", firm),
    "debt": lambda runs, firm: runs("clouds.debt", firm),
    "rent_growth": _growth_of_rent,
    "one_year_price": lambda runs, firm: runs("clouds.one_year_rent", firm) / USD_PER_HOUR,
    "large_tenant_price": lambda runs, firm: runs("contract_rent", firm),
    "rent_rate": lambda runs, firm: YEAR * runs("ai_labs.rent_bill", firm),
    "power_price": lambda runs, firm: runs("power_price", firm),
    "api_share": _part_of_enterprises,
    "price_fall": _price_fall,
}
