"""How much of a claim's variance each deciding parameter makes: Sobol indices of those that survive a screening.

Chance is one factor more: points that differ in it alone have other random numbers. What chance makes of the variance
of a single pair of runs stands beside what the parameters make.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ...model.randomness import DEFAULT_SEED
from ...model.scenarios.scenario import load_scenario
from ..claims.rows import Statistic
from ..claims.statistic import STATISTICS
from ..designs.design import Design, make_design
from ..designs.factors import Factor, factors_of
from ..progress import Wanted, following
from .missing_outcomes import DROP, LEAST, REFUSE
from .screening import DRAW, Screening, by_length, evidence_at, readings
from .sensitivity import sobol_indices

SIZE = 128
"""Blocks of Saltelli's sample: an index is known to some .1."""

MOST = 16
"""Parameters at most: two minutes on one core."""

AT_ONCE = 1000
"""Points that are run at once, to bound the memory."""

NUMBERS = 2**31
"""From so many replicates one is drawn for each point."""


def to_decompose(screening: Screening, most: int = MOST) -> list[str]:
    """Return the parameters that survive, at most so many: the largest of each statistic, then the second of each."""
    survivors = screening.survivors
    rank = survivors.groupby("statistic").cumcount()
    order = survivors.assign(rank=rank).sort_values(["rank", "mu_star"], ascending=[True, False], kind="stable")
    return list(dict.fromkeys(order["parameter"]))[:most]


def decompose(
    scenario: str,
    names: Sequence[str],
    size: int = SIZE,
    rng: int = DEFAULT_SEED,
    *,
    statistics: Mapping[str, Statistic] = STATISTICS,
    progress: Wanted = None,
) -> pd.DataFrame:
    """Return Sobol indices of some parameters over their ranges, and of chance, on every statistic.

    Args:
        scenario: a scenario with a deal.
        names: the parameters; all others stay at their defaults.
        size: blocks of Saltelli's sample, a power of two.
        rng: the seed of the sample and of all runs.
        statistics: what to read, by key.
        progress: takes replicate-quarters just run and in all; True for a bar, False for none, on terminals if neither.

    Returns:
        One row a statistic and parameter, chance the last: statistic, what ``sobol_indices`` says, and blocks, in how
        many of them it is known. Not a number where a statistic is known in too few.
    """
    case = load_scenario(scenario)
    design = make_design("sobol", (*factors_of(list(names)), Factor(DRAW, 0.0, 1.0)), size=size, seed=rng)
    points = design.points
    order = points.sort_values([f.name for f in design.factors if f.whole] or [DRAW], kind="stable").index.to_numpy()
    plan = by_length(case, statistics)
    quarters = sum(count * len(runs) for count, runs in plan.items())
    found = {key: np.full(len(points), np.nan) for key in statistics}
    with following(progress) as report:
        for begin in range(0, len(order), AT_ONCE):
            rows = order[begin : begin + AT_ONCE]
            part = points.iloc[rows].reset_index(drop=True)
            numbers = [int(place) for place in NUMBERS * part[DRAW]]
            evidence = evidence_at(case, plan, part, numbers, rng)
            for key, values in readings(evidence, statistics).items():
                found[key][rows] = values
            report(quarters * len(rows), quarters * len(points))
    return pd.concat([_indices(design, key, values) for key, values in found.items()], ignore_index=True)


def _indices(design: Design, key: str, values: np.ndarray) -> pd.DataFrame:
    """Return the indices of one statistic, of the blocks in which it is known."""
    known = np.isfinite(values).reshape(-1, design.block).all(1)
    blocks = int(known.sum())
    if blocks >= LEAST:
        return _row(sobol_indices(design, values, missing=REFUSE if known.all() else DROP), key, blocks)
    none = sobol_indices(design, np.zeros(len(values)))
    return _row(none[["parameter"]].reindex(columns=list(none)), key, blocks)


def _row(frame: pd.DataFrame, key: str, blocks: int) -> pd.DataFrame:
    """Return indices with the statistic that they are of."""
    frame.insert(0, "statistic", key)
    return frame.assign(blocks=blocks)
