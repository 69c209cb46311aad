"""All statistics of the claims by key: find one by its key or its claim, and read it from runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np

from ...agents.state.table import unknown_name
from . import c1, c2, c3, c4
from .evidence import Evidence
from .rows import Pooled
from .rows import Statistic as Statistic

PARTS = (c1, c2, c3, c4)

BOARD: tuple[Statistic | Pooled, ...] = tuple(item for part in PARTS for item in part.BOARD)
"""What the board shows, in order: statistics, and rows that are made of all replicates at once."""

STATISTICS: Mapping[str, Statistic] = MappingProxyType({
    item.key: item
    for part in PARTS
    for item in (*part.ALSO, *part.BOARD)
    if isinstance(item, Statistic)
})  # fmt: skip
"""Every statistic that is one value a replicate, by key; those beside the board lead their claim."""


def find_statistic(name: str | Statistic) -> Statistic:
    """Return a statistic by its key, as in ``C1a.funding``, or the one that stands for a claim, as in ``C1a``.

    Raises:
        KeyError: there is none; the message names the nearest.
    """
    if isinstance(name, Statistic):
        return name
    known = {**STATISTICS, **{item.claim: item for item in STATISTICS.values() if item.leading}}
    if name not in known:
        raise KeyError(f"{unknown_name('the claims', name, known)}; there is {', '.join(known)}")
    return known[name]


def samples(evidence: Evidence, names: Iterable[str | Statistic]) -> dict[str, np.ndarray]:
    """Return statistics by key, one value a replicate, shape (R,) each, as the board reads them.

    What is told in percent or per dollar is told in terms of the mean over replicates, so all replicates have to have
    the same parameters; where each has its own, take ``sample_of_each``.
    """
    found = [find_statistic(name) for name in names]
    return {item.key: item.measure(evidence).of_mean() for item in found}


def sample_of_each(name: str | Statistic, evidence: Evidence) -> np.ndarray:
    """Return a statistic of replicates that have parameters of their own, shape (R,).

    What is told in percent or per dollar is told in terms of the replicate's own base or its own draw, so that no
    value hangs on the replicates beside it; not a number where there was none.
    """
    return find_statistic(name).measure(evidence).of_own()
