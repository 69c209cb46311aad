"""Compared runs: up to four scenarios, each run many times on the same random numbers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...model.dates import LAST_TOLD, quarter_number
from ..url.compared_scenarios import view_of
from ..url.custom_deal import case_of, settings_of
from .paired_runs import FIRST, MOST, RECORD, read, sound_in
from .result_cache import shared_cache

if TYPE_CHECKING:
    from ..url.view_state import View


class Runs(NamedTuple):
    """What is kept of a scenario's runs.

    Attributes:
        values: by indicator, shape (quarters, runs), or by column of the labs, shape (quarters, labs, runs).
        sound: which runs can be trusted, shape (runs,).
    """

    values: Mapping[str, np.ndarray]
    sound: np.ndarray

    @property
    def size(self) -> int:
        """How many runs there are."""
        return len(self.sound)


class Together(NamedTuple):
    """The same runs of several scenarios.

    Attributes:
        values: by scenario, then as in `Runs`.
        size: how many runs of each.
        failed: how many were left out, as they broke down in one of the scenarios.
    """

    values: Mapping[str, Mapping[str, np.ndarray]]
    size: int
    failed: int


def quarters_of(view: View) -> int:
    """Return how many quarters are run: those of which anything is claimed."""
    return LAST_TOLD - quarter_number(view.case.start)


def key_of(view: View, names: Sequence[str]) -> Hashable:
    """Return what the runs of compared scenarios depend on."""
    return tuple(_key(view_of(view, name)) for name in names)


def extent(found: Mapping[str, Runs] | None) -> tuple[tuple[str, int], ...]:
    """Return how many runs of which scenarios there are."""
    return tuple((name, runs.size) for name, runs in (found or {}).items())


def growing(view: View, names: Sequence[str], step: Callable[[int, int], None]) -> Iterator[Mapping[str, Runs]]:
    """Yield few runs of one scenario after the other, then all of all of them; those that are kept come at once.

    Args:
        view: whose seed, settings and own deal they have.
        names: the scenarios.
        step: called with how many quarters of runs ran, and how many there are; what it raises ends the work.
    """
    views = {name: view_of(view, name) for name in names}
    kept = {name: runs for name, one in views.items() if (runs := shared_cache().get(_key(one))) is not None}
    missing = [name for name in names if name not in kept]
    whole = len(missing) * MOST * quarters_of(view)
    found = dict(kept)
    for name in missing:
        found[name] = _run(views[name], range(FIRST), lambda count: step(count, whole))
        yield dict(found)
    for name in missing:
        found[name] = _joined(found[name], _run(views[name], range(FIRST, MOST), lambda count: step(count, whole)))
        shared_cache().put(_key(views[name]), found[name])
    yield found


def together(found: Mapping[str, Runs]) -> Together:
    """Return the runs that all of some scenarios have, without those that broke down in any."""
    size = min(runs.size for runs in found.values())
    sound = np.all([runs.sound[:size] for runs in found.values()], axis=0)
    if not sound.any():
        raise ValueError("every run breaks down in one of these scenarios")
    values = {
        name: {key: array[..., :size][..., sound] for key, array in runs.values.items()} for name, runs in found.items()
    }
    return Together(values, int(sound.sum()), int(size - sound.sum()))


def _key(view: View) -> Hashable:
    """Return under which name the runs of a scenario lie: all that decides the numbers but the replicate."""
    scenario, seed, _, *rest = view.run
    return ("runs", scenario, seed, *rest)


def _run(view: View, numbers: Sequence[int], step: Callable[[int], None]) -> Runs:
    """Run some replicates of a scenario."""
    from ...experiments.runs.ensemble import run_ensemble

    ensemble = run_ensemble(
        case_of(view),
        len(numbers),
        quarters_of(view),
        view.seed,
        settings_of(view),
        record=RECORD,
        numbers=numbers,
        progress=lambda done, _: step(done),
    )
    return Runs(read(ensemble, slice(None)), sound_in(ensemble))


def _joined(one: Runs, other: Runs) -> Runs:
    """Return the runs of both."""
    values = {name: np.concatenate([one.values[name], other.values[name]], axis=-1) for name in one.values}
    return Runs(values, np.concatenate([one.sound, other.sound]))
