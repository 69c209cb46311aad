"""All statistics of the claims by key: find one by its key or its claim, and read it from runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np

from ...agents.state.table import unknown_name
from ...model.initial_state import load_start
from ...model.scenarios.scenario import Scenario
from . import c1, c2, c3, c4
from .evidence import Evidence
from .rows import Pooled
from .rows import Statistic as Statistic
from .treatments import subject_of

PARTS = (c1, c2, c3, c4)

BOARD: tuple[Statistic | Pooled, ...] = tuple(item for part in PARTS for item in part.BOARD)
"""What the board shows, in order: statistics, and rows that are made of all replicates at once."""

STATISTICS: Mapping[str, Statistic] = MappingProxyType(
    {
        item.key: item
        for part in PARTS
        for item in sorted((*part.ALSO, *part.BOARD), key=lambda item: getattr(item, "claim", ""))
        if isinstance(item, Statistic)
    }
)
"""Every statistic that is one value a replicate, by key; within a claim those beside the board come first."""

CLAIMS: Mapping[str, Statistic] = MappingProxyType({item.claim: item for item in STATISTICS.values() if item.leading})
"""The statistic that stands for a claim where only the claim is named."""


def find_statistic(name: str | Statistic) -> Statistic:
    """Return a statistic by its key, as in ``C1a.funding``, or the one that stands for a claim, as in ``C1a``.

    Raises:
        KeyError: there is none; the message names the nearest.
    """
    if isinstance(name, Statistic):
        return name
    known = {**CLAIMS, **STATISTICS}
    if name not in known:
        near = [key for key, item in STATISTICS.items() if item.claim == name.partition(".")[0]]
        raise KeyError(f"{unknown_name('the board', name, known)}; there is {', '.join(near or CLAIMS)}")
    return known[name]


def quarters_needed(names: Iterable[str | Statistic], scenario: Scenario) -> int:
    """Return how many quarters of a scenario statistics need at least, all of them being known then."""
    subject = subject_of(scenario, load_start(scenario.start))
    return (subject.begin if subject else 0) + max(find_statistic(name).reach for name in names)


def samples(evidence: Evidence, names: Iterable[str | Statistic]) -> dict[str, np.ndarray]:
    """Return statistics by key, one value a replicate, shape (R,) each, as the board reads them.

    What is in percent or per dollar is expressed in terms of the mean over replicates, so all replicates have to have
    the same parameters; where each has its own, take ``sample_of_each``.
    """
    found = [find_statistic(name) for name in names]
    return {item.key: item.measure(evidence).of_mean() for item in found}


def sample_of_each(name: str | Statistic, evidence: Evidence) -> np.ndarray:
    """Return a statistic of replicates that have parameters of their own, shape (R,).

    What is in percent or per dollar is expressed in terms of the replicate's own base or its own draw, so that no
    value hangs on the replicates beside it; not a number where there was none.
    """
    return find_statistic(name).measure(evidence).of_own()
