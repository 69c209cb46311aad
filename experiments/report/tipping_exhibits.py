"""Tipping values of the assumptions that weigh most on a claim; found by runs of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ..analysis.tipping import Tipping, tipping
from ..claims.statistic import find_statistic
from ..figures.tipping import plot_response
from ..formatting import dated, sentence, words
from ..runs.firm_classes import lacking, present
from .captions import of_tipping
from .exhibits import Exhibit, named, slug

if TYPE_CHECKING:
    from ..sweeps.outcomes import Outcome
    from ..sweeps.study import Study
    from ..sweeps.variants import Variant

MOST_TIPS = 2
"""How many assumptions are moved for each outcome."""

HOW = "line: mean with its 95 % interval; pale: where the claim holds; upright: the tipping value; ring: default"


def tips(
    study: Study, exhibits: Sequence[Exhibit], progress: Callable[[str, int, int], None] | None
) -> Iterator[Exhibit]:
    """Yield for each outcome with a condition the curves of the assumptions that weigh most.

    Args:
        study: what was asked.
        exhibits: that name the leading assumptions of outcomes.
        progress: takes what is being run, and how far it is.
    """
    several = len(study.variants) > 1
    for outcome in (outcome for outcome in study.outcomes if outcome.condition):
        for variant in study.variants or (None,):
            scenario = variant.scenario.name if variant and several else ""
            own = [e for e in exhibits if e.about == outcome.name and e.scenario == scenario]
            for name in list(dict.fromkeys(name for exhibit in own for name in exhibit.leading))[:MOST_TIPS]:
                found = _tip(study, variant, outcome, name, progress)
                yield named(found, scenario) if scenario else found


def _tip(
    study: Study,
    variant: Variant | None,
    outcome: Outcome,
    name: str,
    progress: Callable[[str, int, int], None] | None,
) -> Exhibit:
    """Return the curve of a claim's statistic against one assumption, or why there is none."""
    title = f"{sentence(dated(outcome.label))}, against {words(name)}"
    anchor = slug("tips", outcome.name, name)
    if not outcome.statistic or study.against is None or variant is None:
        why = (
            f"Not reckoned: {outcome.label} is no statistic of a claim, and only those are searched for tipping values."
        )
        return Exhibit(anchor, title, "", why)
    if gone := lacking(study.firms):
        return Exhibit(anchor, title, "", f"Not reckoned: {gone}.")
    factor = next(factor for factor in study.design.factors if factor.name == name)
    step = None if progress is None else partial(progress, f"replicate-quarters for the tipping value of {words(name)}")
    statistic = replace(find_statistic(outcome.statistic), condition=outcome.condition)
    try:
        found: Tipping = tipping(
            name,
            statistic,
            variant.scenario,
            against=study.against,
            low=factor.low,
            high=factor.high,
            rng=study.seed,
            parameters=dict(study.parameters),
            firms=present(study.firms),
            progress=step,
        )
    except ValueError as error:
        return Exhibit(anchor, title, "", f"Not reckoned: {error}.")
    plot = partial(
        plot_response,
        found,
        condition=outcome.condition,
        parameter_unit=factor.unit,
        statistic_unit=outcome.unit,
        default=factor.default,
    )
    reading = of_tipping(found, factor.unit, factor.default)
    return Exhibit(anchor, title, HOW, reading, plot, outcome.name, frame=found.curve)
