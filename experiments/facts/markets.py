"""Facts of markets and of the industry as a whole: cycles, learning, adoption and amplification."""

from __future__ import annotations

import numpy as np

from ...agents.rules.segments import SEGMENTS
from ...agents.state.arrays import TINY, Floats, total
from ...model.dates import quarter_number
from .fact import Fact, Runs
from .firms import BUYERS, INFINITE, columns
from .series import YEAR, by_year, detrended, explained_part, growth, pooled_correlation, spread

GLUT, FALLS = "cloud_glut", "2027Q3"
"""The scenario in which demand for rented compute, and with it what used compute fetches, falls, and when it does."""

AFTER = 8
"""Quarters from then over which loans are added."""

BUILDERS = ("equipment_suppliers",)
DEMANDED, SOLD = (tuple(f"{name}_{segment}" for segment in SEGMENTS) for name in ("demanded", "sold"))
"""Columns of labs: units of AI services asked for and sold, by segment."""

SQUEEZES = ("little collateral counts", "much collateral counts")
"""Runs in which collateral falls, by how far lenders count it; each has a twin in which it does not."""


def twin_of(run: str) -> str:
    """Return the name of the run in which nothing happens."""
    return f"{run}, no fall"


def _of_all_labs(runs: Runs, names: tuple[str, ...]) -> Floats:
    """Return columns of labs, one a segment, added up over both, shape (T, R)."""
    return np.nansum([columns(runs, name, ("ai_labs",)) for name in names], axis=(0, 2))


def _orders(runs: Runs) -> np.ndarray:
    """Return how much more planned orders of accelerators vary than demand for AI services."""
    wanted = np.nansum(columns(runs, "planned_compute", BUYERS), axis=1)
    asked = _of_all_labs(runs, DEMANDED)
    return spread(detrended(growth(wanted))) / np.maximum(spread(detrended(growth(asked))), TINY)


def _investment(runs: Runs) -> np.ndarray:
    """Return how much more capital spending varies than sales of AI services."""
    spent, sold = (runs["baseline"].values(name) for name in ("total_capex", "ai_revenue"))
    return spread(detrended(growth(spent))) / np.maximum(spread(detrended(growth(sold))), TINY)


def _hogs(runs: Runs) -> np.ndarray:
    """Return how builders' prices move in the year after their capacity grew."""
    capacity, price = (columns(runs, name, BUILDERS) for name in ("capacity", "price_index"))
    built, moved = growth(capacity, YEAR), growth(price, YEAR)
    return pooled_correlation(detrended(built)[:-YEAR], detrended(moved)[YEAR:])


def _learning(runs: Runs) -> np.ndarray:
    """Return how well a power of cumulative output explains what a unit of compute costs."""
    made, price = (runs["baseline"].values(name) for name in ("compute_shipped", "landed_price"))
    return explained_part(np.log(price), np.log(np.cumsum(made, axis=0)))


def _adoption(runs: Runs) -> np.ndarray:
    """Return 1 where the use of AI services grows most in neither the first nor the last year, else 0."""
    used = _of_all_labs(runs, SOLD)
    added = np.diff(by_year(used), axis=0)
    largest = added.argmax(0)
    return ((largest > 0) & (largest < len(added) - 1)).astype(np.float64)


def _amplified(runs: Runs) -> np.ndarray:
    """Return how much more labs' new loans fall with collateral where lenders count more of it, percent."""
    little, much = (_fall(runs, run) for run in SQUEEZES)
    return much - little


def _fall(runs: Runs, run: str) -> np.ndarray:
    """Return the change of labs' new loans when collateral falls, percent."""
    lent, otherwise = (_loans(runs, name) for name in (run, twin_of(run)))
    return 100.0 * (lent / np.maximum(otherwise, TINY) - 1.0)


def _loans(runs: Runs, run: str) -> Floats:
    """Return what labs and clouds borrow in some quarters from when collateral falls, shape (R,)."""
    first = int(np.searchsorted(runs[run].records["ai_labs"].quarters, quarter_number(FALLS)))
    return total(np.nansum(columns(runs, "debt_raised", BUYERS, run), axis=1)[first : first + AFTER])


FACTS = (
    Fact(
        "bullwhip",
        "Orders vary more than final demand",
        "deviation of growth of planned orders of compute over that of demand for AI services, trends taken off",
        _orders,
        1.0,
        INFINITE,
        "Lee, Padmanabhan and Whang (1997); Cachon, Randall and Schmidt (2007): in wholesale, less often in retail",
        "buyers extrapolate growth over their lead time, and order for stock as well as for flow",
    ),
    Fact(
        "volatility",
        "Investment varies more than sales",
        "deviation of growth of capital spending over that of sales of AI services, trends taken off",
        _investment,
        1.0,
        INFINITE,
        "Stock and Watson (1999): two to four times in business cycles",
        "capital is a stock that follows expected sales, as the accelerator says",
    ),
    Fact(
        "hog_cycle",
        "Capacity built at high prices lowers them when it comes",
        "correlation of builders' growth of capacity with the change of their prices in the year after, trends off",
        _hogs,
        -INFINITE,
        0.0,
        "Ezekiel (1938); Kalouptsidi (2014) of ships",
        "capacity takes time to build, and plans look at today's load",
    ),
    Fact(
        "learning",
        "Costs fall with cumulative output",
        "part of the variance of the log price of compute that the log of all compute ever shipped explains",
        _learning,
        0.9,
        INFINITE,
        "Wright (1936); Nagy, Farmer, Bui and Trancik (2013)",
        "unit costs follow Wright's law and generations gain performance; markups and shortages stand between",
        by_rule=True,
    ),
    Fact(
        "s_curve",
        "Adoption follows an S",
        "part of runs in which use grows most in neither the first nor the last year",
        _adoption,
        0.5,
        INFINITE,
        "Griliches (1957); Bass (1969)",
        "demand is logistic in the best model's capability and spreads among customers",
        by_rule=True,
    ),
    Fact(
        "amplification",
        "Collateral amplifies",
        "what a fall of demand for compute changes new loans of labs and clouds by in two years where collateral "
        "counts for much, less the same where it counts for little, percentage points",
        _amplified,
        -INFINITE,
        0.0,
        "Kiyotaki and Moore (1997)",
        "a fall of rents lowers what used compute fetches, and with it what lenders lend",
        runs=tuple(name for run in SQUEEZES for name in (run, twin_of(run))),
    ),
)
