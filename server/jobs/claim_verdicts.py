"""Judging the claims at a visitor's settings: few pairs first, then all, then what tips each claim."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ...experiments.claims.treatments import deals_for
from ..url.custom_deal import AMOUNT, case_before_scale
from . import claim_questions, shipped_verdicts
from .paired_runs import FIRST, MOST, keep
from .result_cache import shared_cache

if TYPE_CHECKING:
    from ...experiments.claims.rows import Statistic
    from ...model.scenarios.scenario import Scenario
    from ..sessions.twin_run import TwinRun
    from ..url.view_state import View
    from .claim_questions import Asked

TWINS = frozenset({"control", "treated"})
"""The runs that most statistics read, over many quarters; the others take more runs of few quarters."""

Step = Callable[[int, int], None]


class Judged(NamedTuple):
    """What is known so far.

    Attributes:
        pairs: how many pairs the rows are of.
        rows: statistics as a page shows them, by key.
        curves: by key of a curve, as a page shows it; a text where there is none, and why.
    """

    pairs: int
    rows: Mapping[str, Mapping[str, Any]]
    curves: Mapping[Hashable, dict[str, Any] | str]


def key_of(run: TwinRun, view: View) -> tuple[Hashable, ...] | None:
    """Return what the board depends on; None where the scenario holds no deal for a lab."""
    return ("claims", *view.run) if deals_for(run.firms["ai_labs"], run.case) else None


def curve_key(view: View, ask: Asked) -> Hashable:
    """Return what a curve depends on: every setting but that of the assumption that moves."""
    others = {name: value for name, value in view.settings.items() if name != ask.lever}
    return ("curve", *replace(view, settings=MappingProxyType(others)).run, ask.statistic, ask.lever)


def growing(run: TwinRun, view: View, asks: list[Asked], step: Step) -> Iterator[Judged]:
    """Yield the board of few pairs, of all, and then with one curve after the other.

    Args:
        run: whose scenario, seed and settings are run.
        view: the same as a link says it.
        asks: which curves are wanted.
        step: called with how far the board is; what it raises ends the work.
    """
    key, kept = (
        key_of(run, view),
        {curve_key(view, ask): shared_cache().get(curve_key(view, ask)) for ask in asks if ask.lever},
    )
    curves = {name: found for name, found in kept.items() if found is not None}
    rows = shared_cache().get(key)
    if rows is None:
        rows = shipped_verdicts.known(view)
    if rows is None:
        yield Judged(FIRST, _board(run, view, FIRST, lambda _, __: step(0, 1)), MappingProxyType(curves))
        rows = _board(run, view, MOST, step)
        shared_cache().put(key, rows)
    yield Judged(MOST, rows, MappingProxyType(curves))
    for ask in asks:
        name = curve_key(view, ask)
        if ask.lever and name not in curves:
            curves = {**curves, name: _curve(run, view, ask, lambda _, __: step(0, 1))}
            shared_cache().put(name, curves[name])
            yield Judged(MOST, rows, MappingProxyType(curves))


def _board(run: TwinRun, view: View, count: int, step: Step) -> Mapping[str, Mapping[str, Any]]:
    """Return all statistics of the board; those that read the same runs share them."""
    from ...experiments.claims.statistic import quarters_needed
    from ...experiments.comparison.comparison import evidence_of

    case, other = _worlds(run)
    parts = _parts()
    sizes = [len(runs) * count * quarters_needed(items, case) for runs, items in parts]
    found: dict[str, Mapping[str, Any]] = {}
    for runs, items in parts:
        evidence = evidence_of(
            case,
            other,
            runs,
            replicates=count,
            quarters=quarters_needed(items, case),
            rng=run.seed,
            parameters=run.settings,
            progress=lambda done, _: step(done, sum(sizes)),
        )
        if count == MOST and set(runs) >= TWINS:
            keep(view, evidence.ensembles["treated"], evidence.ensembles["control"])
        found |= {item.key: MappingProxyType(claim_questions.judged(item, evidence)) for item in items}
    return MappingProxyType({item.key: found[item.key] for item in claim_questions.statistics()})


def _parts() -> list[tuple[list[str], list[Statistic]]]:
    """Return the runs that statistics read with the statistics: those of the twins, and those of wedges."""
    alike = [item for item in claim_questions.statistics() if set(item.runs) <= TWINS]
    others = [item for item in claim_questions.statistics() if item not in alike]
    return [(list(dict.fromkeys(run for item in items for run in item.runs)), items) for items in (alike, others)]


def _curve(run: TwinRun, view: View, ask: Asked, step: Step) -> dict[str, Any] | str:
    """Return how a statistic responds to an assumption, as the command line finds it; where it cannot, why."""
    from ...experiments.analysis.tipping import tipping

    case, other = _worlds(run)
    fixed = {name: value for name, value in run.settings.items() if name != ask.lever}
    if ask.lever == AMOUNT:
        case = case_before_scale(view)
    try:
        return claim_questions.curve(
            tipping(ask.lever, ask.statistic, case, against=other, rng=run.seed, parameters=fixed, progress=step)
        )
    except ValueError as error:
        return " ".join(str(error.args[0]).split())


def _worlds(run: TwinRun) -> tuple[Scenario, Scenario]:
    """Return a scenario with its twin."""
    return run.case, run.against or run.case
