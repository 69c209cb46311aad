"""Facts of firms: investment, growth, leverage and failure."""

from __future__ import annotations

import numpy as np

from ...agents.state.arrays import TINY, Floats
from .fact import Fact, Runs
from .series import YEAR, by_year, excess_kurtosis, growth, part_in_spikes, pooled_correlation, slope_on

SPIKE = 2.5
"""Times its median above which a rate of investment is a spike (Power 1998)."""

BUYERS, SUPPLIERS = ("ai_labs", "clouds"), ("chip_vendors", "energy_suppliers", "equipment_suppliers")
INFINITE = float("inf")


def columns(runs: Runs, column: str, kinds: tuple[str, ...], run: str = "baseline") -> Floats:
    """Return a column of all firms of some kinds, shape (T, n, R); not a number where a firm is not in business."""
    found = []
    for kind in kinds:
        values, active = runs[run].values(column, kind), runs[run].records[kind].active
        found.append(values if active is None else np.where(active > 0.0, values, np.nan))
    return np.concatenate(found, axis=1)


def _spikes(kinds: tuple[str, ...]) -> Fact:
    """Return the fact that firms of some kinds invest in spikes."""
    buyers = kinds == BUYERS

    def read(runs: Runs) -> np.ndarray:
        plant, spent = (columns(runs, name, kinds) for name in ("fixed_assets", "capex"))
        return part_in_spikes(spent[1:] / np.where(plant[:-1] > TINY, plant[:-1], np.nan), SPIKE)

    who = "labs and clouds" if buyers else "suppliers"
    return Fact(
        "lumpy_buyers" if buyers else "lumpy_suppliers",
        f"Investment of {who} is lumpy",
        f"part of it done in quarters with a rate above {SPIKE:g} times the firm's median",
        read,
        0.1,
        INFINITE,
        "Doms and Dunne (1998); Power (1998): a few spikes make a large part of a plant's investment",
        "halls come in blocks, generations bring orders forward, and money arrives in rounds"
        if buyers
        else "plans follow expected load smoothly; a fixed cost of building or a smallest plant would make spikes",
    )


def _tails(runs: Runs) -> np.ndarray:
    """Return the excess kurtosis of quarterly growth of sales of labs and suppliers."""
    labs = growth(columns(runs, "revenue", ("ai_labs",)))
    sold = growth(columns(runs, "sales", ("chip_vendors", "equipment_suppliers")))
    return excess_kurtosis(np.concatenate([labs, sold], axis=1))


def _gibrat(runs: Runs) -> np.ndarray:
    """Return how yearly growth of labs' sales depends on their size within a quarter."""
    sales = columns(runs, "revenue", ("ai_labs",))
    return slope_on(growth(sales, YEAR), np.log(np.where(sales[:-YEAR] > TINY, sales[:-YEAR], np.nan)))


def _leverage(runs: Runs) -> np.ndarray:
    """Return how growth of leverage goes with growth of assets, over a year."""
    kinds = (*BUYERS, *SUPPLIERS)
    debt = columns(runs, "debt", kinds)
    assets = columns(runs, "fixed_assets", kinds) + np.maximum(columns(runs, "cash", kinds), 0.0)
    equity = assets - debt
    leverage = np.where(equity > 0.05 * assets, assets / np.where(equity > TINY, equity, np.nan), np.nan)
    return pooled_correlation(growth(leverage, YEAR), growth(assets, YEAR))


def _dispersion(runs: Runs) -> np.ndarray:
    """Return the dispersion of yearly counts of defaults beyond that of independent ones, by replicate.

    The mean of each year over replicates is what everybody knew; what varies about it in a replicate is its own.
    """
    counts = by_year(runs["baseline"].values("defaults"))
    expected = counts.mean(-1, keepdims=True)
    whole = expected.sum()
    return ((counts - expected) ** 2).sum(0) / (whole if whole > 0.0 else np.nan)


FACTS = (
    _spikes(BUYERS),
    _spikes(SUPPLIERS),
    Fact(
        "tails",
        "Growth rates have fat tails",
        "excess kurtosis of quarterly growth of firms' sales, each firm standardised",
        _tails,
        0.5,
        INFINITE,
        "Stanley and others (1996); Bottazzi and Secchi (2006): Laplace rather than normal, which is 3",
        "releases, generations and shortages come rarely and at once, and customers move together",
    ),
    Fact(
        "gibrat",
        "Growth does not depend on size",
        "slope of labs' yearly growth of sales on the log of their sales, within a quarter",
        _gibrat,
        -0.05,
        0.05,
        "Gibrat (1931); Mansfield (1962): roughly so among large firms, while small survivors grow faster",
        "customers choose by capability and price, so that followers catch up where ideas spill over",
    ),
    Fact(
        "leverage",
        "Leverage is procyclical",
        "correlation of yearly growth of assets over equity with yearly growth of assets, within firms",
        _leverage,
        0.0,
        INFINITE,
        "Adrian and Shin (2010), of intermediaries; Geanakoplos (2010)",
        "lenders lend on collateral and on earnings, both of which rise in a boom",
    ),
    Fact(
        "clustering",
        "Defaults cluster",
        "variance of yearly counts of defaults about their expectation, over the mean: 1 if independent",
        _dispersion,
        1.0,
        INFINITE,
        "Das, Duffie, Kapadia and Saita (2007)",
        "firms share lenders, suppliers and customers, so that one failure or one shortage weakens others",
    ),
)
