"""Pairs of worlds: many replicates of a scenario, each beside its twin on common random numbers."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...experiments.comparison.control import differs_in_deals_alone, with_and_without_deals
from ..url.limits import HORIZON
from .result_cache import shared_cache

if TYPE_CHECKING:
    from ...experiments.runs.ensemble import Ensemble
    from ...model.scenarios.scenario import Scenario
    from ..sessions.twin_run import TwinRun
    from ..url.view_state import View

FIRST, MOST = 40, 200
"""Pairs that are shown first, and in all."""

LAB_COLUMNS = ("revenue_share", "gap", "powered_compute")
RECORD = ("indicators", *(f"ai_labs.{column}" for column in LAB_COLUMNS))
INDICATORS = ("ai_revenue", "funding", "landed_price", "chip_lead_time", "power_price", "contract_rent")


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


def key_of(run: TwinRun, view: View) -> tuple[object, ...] | None:
    """Return what pairs depend on; None where a scenario is its own twin."""
    return ("pairs", *view.run) if run.has_twin else None


def known(view: View) -> Pairs | None:
    """Return the pairs that some page has run at a view's settings, of the whole run or of what claims look at."""
    return shared_cache().get(("pairs", *view.run)) or shared_cache().get(_of_claims(view))


def extent(pairs: Pairs | None) -> tuple[int, ...]:
    """Return how many quarters of how many pairs there are; nothing where there are none."""
    return () if pairs is None else pairs.own[INDICATORS[0]].shape


def keep(view: View, treated: Ensemble, control: Ensemble) -> None:
    """Keep the pairs that were run to judge the claims, for the pages that show one of them."""
    shared_cache().put(_of_claims(view), _pairs((treated, slice(None)), (control, slice(None))))


def _of_claims(view: View) -> Hashable:
    """Return under which name the pairs lie that were run to judge the claims."""
    return ("pairs of claims", *view.run)


def growing(key: Hashable, run: TwinRun, step: Callable[[int, int], None]) -> Iterator[Pairs]:
    """Yield few pairs, then all of them.

    Args:
        key: what they depend on, to find them again by.
        run: whose scenario, seed and settings are run.
        step: called with how many quarters of replicates ran, and how many there are; what it raises ends the work.
    """
    kept = shared_cache().get(key)
    if kept is None:
        whole = 2 * MOST * HORIZON
        first = _run(run, range(FIRST), lambda count: step(count, whole))
        yield first
        kept = _joined(first, _run(run, range(FIRST, MOST), lambda count: step(count, whole)))
        shared_cache().put(key, kept)
    yield kept


def _run(run: TwinRun, numbers: Sequence[int], step: Callable[[int], None]) -> Pairs:
    """Run some replicates of both worlds: in one model where only the deal differs, else in two."""
    from ...experiments.runs.ensemble import run_ensemble

    case, count = run.case, len(numbers)
    against = run.against or case

    def ensemble_of(scenario: Scenario, numbers: Sequence[int], settings: Mapping[str, object]) -> Ensemble:
        return run_ensemble(
            scenario,
            len(numbers),
            HORIZON,
            run.seed,
            settings,
            record=RECORD,
            numbers=numbers,
            batch=len(numbers),
            progress=lambda done, _: step(done),
        )

    if differs_in_deals_alone(case, against):
        ensemble = ensemble_of(case, [*numbers, *numbers], with_and_without_deals(case, run.settings, count))
        worlds = [(ensemble, slice(0, count)), (ensemble, slice(count, None))]
    else:
        worlds = [(ensemble_of(one, numbers, run.settings), slice(None)) for one in (case, against)]
    return _pairs(*worlds)


def _pairs(*worlds: tuple[Ensemble, slice]) -> Pairs:
    """Return what is kept of the pairs of two worlds, each some replicates of an ensemble; those that broke down go."""
    kept = np.all([sound_in(ensemble)[part] for ensemble, part in worlds], axis=0)
    if not kept.any():
        raise ValueError("every pair of worlds breaks down at these settings")
    own, twin = ({name: values[..., kept] for name, values in read(*world).items()} for world in worlds)
    return Pairs(own, twin, int(kept.size - kept.sum()))


def read(ensemble: Ensemble, part: slice) -> dict[str, np.ndarray]:
    """Return what is kept of some replicates."""
    found = {name: ensemble.values(name)[..., part] for name in INDICATORS}
    return found | {name: ensemble.values(name, "ai_labs")[..., part] for name in LAB_COLUMNS}


def sound_in(ensemble: Ensemble) -> np.ndarray:
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
