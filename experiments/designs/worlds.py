"""Worlds near the defaults, in each of which one factor after the other is moved to an end of its range.

The radial design for elementary effects (Campolongo, Saltelli and Cariboni 2011, "From screening to quantitative
sensitivity analysis"): of hundreds of factors at arbitrary places at once no industry is left, while here every point
is a plausible world in which one assumption is far off.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ...agents.state.shown import shown
from .factors import Factor

NEAR = 1.0 / 3.0
"""Worlds lie within this part of each range, around the default."""

LEAST_MOVE = 1.0 / 3.0
"""A factor moves by at least this part of its range: to its other end where the one that was drawn is nearer."""

LEAST_WORLDS = 2
"""Worlds that an interval needs."""


@shown("factors", "worlds", "seed")
@dataclass(frozen=True, eq=False)
class Worlds:
    """Points of a screening.

    Attributes:
        factors: what they vary.
        worlds: how many worlds.
        seed: the seed of the sample.
        base: the worlds, a row each and a column a factor.
        ends: where each factor is moved to in each world, a row a world and a column a factor.
    """

    factors: tuple[Factor, ...]
    worlds: int
    seed: int
    base: pd.DataFrame
    ends: pd.DataFrame

    def moved(self, world: int, names: Sequence[str]) -> pd.DataFrame:
        """Return a world with one factor after the other at its end: the world itself, then a row a name."""
        rows = np.tile(self.base.to_numpy()[world], (1 + len(names), 1))
        places = self.base.columns.get_indexer(pd.Index(names))
        rows[np.arange(1, len(rows)), places] = self.ends.to_numpy()[world, places]
        return pd.DataFrame(rows, columns=self.base.columns)

    def over_range(self, name: str) -> np.ndarray:
        """Return what makes the change that a move brings one over the whole range upwards, shape (worlds,)."""
        factor = next(factor for factor in self.factors if factor.name == name)
        move = (self.ends[name] - self.base[name]).to_numpy(np.float64)
        return (factor.high - factor.low) / move


def make_worlds(factors: Sequence[Factor], worlds: int, seed: int = 0, resting: Collection[str] = ()) -> Worlds:
    """Sample worlds near the defaults, and an end of its range for each factor in each of them.

    Factors of whole numbers stay at their defaults until they are moved: what shapes arrays is the same in all worlds.

    Args:
        factors: what to vary; each has a default.
        worlds: how many worlds.
        seed: the seed of the sample.
        resting: factors that stay at their defaults, too.

    Raises:
        ValueError: there are too few worlds.
    """
    if worlds < LEAST_WORLDS:
        raise ValueError(f"worlds = {worlds}: effects need at least {LEAST_WORLDS} for an interval")
    chance = np.random.default_rng(seed)
    low, high, default = (
        np.array([getattr(factor, end) for factor in factors], np.float64) for end in ("low", "high", "default")
    )
    rests = np.array([factor.whole or factor.name in resting for factor in factors])
    shape = (worlds, len(factors))
    near = default + NEAR * (low + chance.random(shape) * (high - low) - default)
    base = np.where(rests, default, near)
    upwards = chance.permuted(np.arange(worlds)[:, None] % 2 * np.ones(shape), axis=0) > 0.0
    room = np.where(upwards, high - base, base - low) / (high - low)
    ends = np.where(upwards == (room >= LEAST_MOVE), high, low)
    names = [factor.name for factor in factors]
    return Worlds(tuple(factors), worlds, seed, pd.DataFrame(base, columns=names), pd.DataFrame(ends, columns=names))
