"""Pairs of worlds: many replicates of a scenario, each beside its twin on the same luck."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .composing import DEAL, case_of
from .session import NO_DEAL, differs_in_deals_alone, twin_of
from .shelf import shelf
from .state import HORIZON

if TYPE_CHECKING:
    from ..experiments.ensemble import Ensemble
    from ..model.scenario import Scenario
    from .state import View

FIRST, MOST = 40, 200
"""Pairs that are shown first, and in all."""

LAB_COLUMNS = ("market_share", "gap", "compute")
RECORD = ("indicators", *(f"ai_labs.{column}" for column in LAB_COLUMNS))
INDICATORS = ("funding", "landed_price", "chip_lead_time", "power_price")


class Pairs(NamedTuple):
    """What is kept of pairs that have run.

    Attributes:
        own: the scenario's world, by indicator, shape (quarters, pairs), or by column of the labs, shape
            (quarters, labs, pairs).
        twin: the same of its twin's.
        failed: how many pairs were left out, as one of their worlds broke down.
    """

    own: Mapping[str, np.ndarray]
    twin: Mapping[str, np.ndarray]
    failed: int

    @property
    def size(self) -> int:
        """How many pairs there are."""
        return int(self.own[INDICATORS[0]].shape[-1])


def key_of(view: View) -> tuple[object, ...] | None:
    """Return what pairs depend on; None where a scenario is its own twin."""
    own = tuple(sorted(view.settings.items())), view.extra.get(DEAL)
    return None if twin_of(case_of(view)) is None else ("pairs", view.scenario, view.seed, *own)


def growing(view: View, step: Callable[[int, int], None]) -> Iterator[Pairs]:
    """Yield few pairs, then all of them.

    Args:
        view: whose scenario, seed and settings are run.
        step: told how many quarters of replicates were run, and how many there are; what it raises ends the work.
    """
    key = key_of(view)
    kept = shelf().get(key)
    if kept is None:
        case, whole = case_of(view), 2 * MOST * HORIZON
        first = _run(case, view, range(FIRST), lambda count: step(count, whole))
        yield first
        kept = _joined(first, _run(case, view, range(FIRST, MOST), lambda count: step(count, whole)))
        shelf().put(key, kept)
    yield kept


def _run(case: Scenario, view: View, numbers: Sequence[int], step: Callable[[int], None]) -> Pairs:
    """Run some replicates of both worlds: in one model where only the deal differs, else in two."""
    from ..experiments.ensemble import run_ensemble

    against, count = twin_of(case) or case, len(numbers)

    def run(scenario: Scenario, numbers: Sequence[int], settings: Mapping[str, object]) -> Ensemble:
        return run_ensemble(
            scenario, len(numbers), HORIZON, view.seed, settings, record=RECORD, numbers=numbers, batch=len(numbers),
            progress=lambda done, _: step(done),
        )  # fmt: skip

    if differs_in_deals_alone(case, against):
        scale = view.settings.get(NO_DEAL, case.parameters.get(NO_DEAL, 1.0))
        both = {**view.settings, NO_DEAL: np.repeat([scale, 0.0], count)}
        ensemble = run(case, [*numbers, *numbers], both)
        worlds = [(ensemble, slice(0, count)), (ensemble, slice(count, None))]
    else:
        worlds = [(run(one, numbers, view.settings), slice(None)) for one in (case, against)]
    kept = np.all([_sound(ensemble)[part] for ensemble, part in worlds], axis=0)
    own, twin = ({name: values[..., kept] for name, values in _read(*world).items()} for world in worlds)
    return Pairs(own, twin, int(count - kept.sum()))


def _read(ensemble: Ensemble, part: slice) -> dict[str, np.ndarray]:
    """Return what is kept of some replicates."""
    found = {name: ensemble.values(name)[..., part] for name in INDICATORS}
    return found | {name: ensemble.values(name, "ai_labs")[..., part] for name in LAB_COLUMNS}


def _sound(ensemble: Ensemble) -> np.ndarray:
    """Return which replicates can be trusted, shape (R,)."""
    sound = np.ones(ensemble.replicates, dtype=bool)
    sound[ensemble.failures.index.to_numpy(dtype=int)] = False
    return sound


def _joined(one: Pairs, other: Pairs) -> Pairs:
    """Return the pairs of both."""
    own, twin = (
        {name: np.concatenate([first[name], second[name]], axis=-1) for name in first}
        for first, second in ((one.own, other.own), (one.twin, other.twin))
    )
    return Pairs(own, twin, one.failed + other.failed)
