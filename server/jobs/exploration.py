"""Exploring: which assumptions decide an outcome, run in the background, in pieces that can be stopped between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ...experiments.analysis.sensitivity import morris_effects, sobol_indices, tornado
from ...experiments.claims.statistic import STATISTICS, quarters_needed
from ...experiments.comparison.control import control_of
from ...experiments.designs.factors import Factor, factors_of
from ...experiments.sweeps.chunks import runs_of
from ...experiments.sweeps.outcomes import Outcome, made
from ...experiments.sweeps.study import Study, study
from ...experiments.sweeps.variants import Variant
from ...model.dates import quarter_date, quarter_number
from ...model.scenarios.scenario import Scenario
from ..url.custom_deal import case_of, settings_of
from .result_cache import shared_cache

if TYPE_CHECKING:
    from ..url.view_state import View
    from .background import Step

TRAJECTORIES, LUCKS, WORLDS = 10, 8, 400
"""Trajectories of Morris' method, runs at each point of the tornado, and worlds of the scatter."""

MOST_RUNS = 20_000
"""What one task of a visitor may run."""

LARGEST_BASE = 512
PIECE, LONG_PIECE = 60, 240
"""Runs between two looks at whether to stop: while somebody waits, and in a long task."""

HORIZON = 20
"""Quarters after which indicators are read."""

SEED = 7
METHOD_WORDS = ("morris", "sobol")

INDICATORS: Mapping[str, str] = MappingProxyType(
    {
        "ai_revenue": "AI revenue",
        "lab_compute": "Compute of the labs",
        "funding": "Capital raised",
        "frontier_capability": "Best model",
        "chip_lead_time": "Chip lead time",
        "power_price": "Power price",
        "contract_rent": "Rent asked of labs",
        "rented_share": "Part of labs’ compute that is rented",
        "lab_concentration": "Concentration of the labs",
    }
)
"""Indicators that can be explored besides the claims' statistics, read in the twentieth quarter."""


@dataclass(frozen=True)
class Question:
    """What is explored: an outcome of a scenario under the visitor's own values.

    Attributes:
        view: what decides the numbers, as `View.run` has it, without seed and replicate.
        outcome: the key of a statistic, or an indicator.
        method: morris or sobol.
    """

    view: tuple[object, ...]
    outcome: str
    method: str = METHOD_WORDS[0]


@dataclass(frozen=True, eq=False)
class Found:
    """What has been found of a question so far; what is not known yet is None.

    Attributes:
        question: the question; None before the first.
        outcome: what was read of every run.
        factors: what was varied, the default being the visitor's own value.
        ranking: one row a factor, of `morris_effects` or `sobol_indices`.
        swings: one row a factor, of `tornado`.
        points: worlds drawn over the ranges, one row a world.
        values: the outcome in them, shape (worlds,).
        runs: pairs of a point and a replicate that were run.
        failure: why there is no ranking though the design is one for it; empty where there is one.
        replicates: of how many runs, or pairs of them, each value of the tornado is the mean.
        seed: the seed of all runs.
    """

    question: Question | None = None
    outcome: Outcome | None = None
    factors: tuple[Factor, ...] = ()
    ranking: pd.DataFrame | None = None
    swings: pd.DataFrame | None = None
    points: pd.DataFrame | None = None
    values: np.ndarray | None = None
    runs: int = 0
    failure: str = ""
    replicates: int = 0
    seed: int = 0


def outcomes(view: View) -> dict[str, str]:
    """Return the outcomes that can be explored in a view, by key: statistics with a condition, and indicators."""
    deals = len(case_of(view).deals)
    claims = {key: item.claim for key, item in STATISTICS.items() if item.condition and deals}
    return {**claims, **dict.fromkeys(INDICATORS, "")}


def asked(view: View, *, outcome: str, method: str) -> Question:
    """Return the question that a view asks."""
    scenario, _, _, *rest = view.run
    return Question((scenario, *rest), outcome, method)


def answers(question: Question, view: View, step: Step) -> Iterator[Found]:
    """Yield what is found of a question, ever more of it; what was found before is there at once.

    Args:
        question: what is asked.
        view: the view that asks it.
        step: called with how many worlds were just run, and how many there are; what it raises ends the work.
    """
    kept = shared_cache().get(question)
    if kept is not None:
        yield kept
        return
    maker = _maker(question, view)
    found, plan = Found(question, maker.outcome, maker.factors), maker.plan(question.method)
    whole = sum(one.rows for one in plan)
    for one in plan:
        values = np.empty((len(one.design.points), one.replicates))
        step(0, whole)
        for frame in _pieces(one):
            values[frame["point"], frame["replicate"]] = frame[maker.outcome.name]
            step(len(frame), whole)
        found = replace(_READERS[one.design.method](found, one, values), runs=found.runs + one.rows)
        yield found
    shared_cache().put(question, found)


class _Maker(NamedTuple):
    """Makes the studies of a question."""

    scenario: Scenario
    against: Scenario
    outcome: Outcome
    factors: tuple[Factor, ...]
    parameters: Mapping[str, float]
    quarters: int

    def study(self, method: str, size: int | None, *, replicates: int = 1, chunk: int = PIECE) -> Study:
        """Return a study of the question."""
        return study(
            "Which assumption decides?",
            self.factors,
            [self.outcome],
            method=method,
            size=size,
            variants=(Variant(self.scenario, {}),),
            against=self.against,
            quarters=self.quarters,
            replicates=replicates,
            seed=SEED,
            parameters=self.parameters,
            chunk=chunk,
        )

    def plan(self, method: str) -> list[Study]:
        """Return the studies in the order in which they are run."""
        swings = self.study("one_at_a_time", None, replicates=LUCKS)
        if method == "morris":
            return [self.study("morris", TRAJECTORIES), swings, self.study("latin_hypercube", WORLDS)]
        return [swings, self.study("sobol", self.base, chunk=LONG_PIECE)]

    @property
    def base(self) -> int:
        """The base sample of Sobol's method: as many as the runs allow that one task may take."""
        block, treatments = len(self.factors) + 2, len(self.outcome.runs)
        base = LARGEST_BASE
        while base * block * treatments > MOST_RUNS:
            base //= 2
        return base


def _maker(question: Question, view: View) -> _Maker:
    """Return what makes the studies: the visitor's own values are the defaults of what is varied, and hold else."""
    scenario = case_of(view)
    settings = settings_of(view)
    own = {**scenario.parameters, **settings}
    factors = tuple(replace(f, default=own.get(f.name, f.default)) for f in factors_of())
    varied = {factor.name for factor in factors}
    held = {name: value for name, value in settings.items() if name not in varied}
    quarters = HORIZON if question.outcome in INDICATORS else quarters_needed([question.outcome], scenario)
    return _Maker(scenario, control_of(scenario), outcome_of(question.outcome, scenario), factors, held, quarters)


def outcome_of(key: str, scenario: Scenario) -> Outcome:
    """Return a statistic, or the effect on an indicator; its level where the scenario changes nothing."""
    first = quarter_number(scenario.start) + 1
    if key not in INDICATORS:
        return made("outcome", {"statistic": key}, first, HORIZON)
    date = quarter_date(first + HORIZON - 1)
    changes = scenario.deals or scenario.changes or scenario.entries or scenario.firms
    words = f"{INDICATORS[key]} in {date.replace('Q', ' Q')}"
    less_twin = {"versus": "twin", "condition": "> 0", "label": f"{words}, less the twin’s"}
    terms = less_twin if changes else {"label": words}
    return made("outcome", {"quantity": key, "at": date, **terms}, first, HORIZON)


def _pieces(one: Study) -> Iterator[pd.DataFrame]:
    """Yield the runs of a study, chunk by chunk."""
    with np.errstate(all="ignore"):
        for chunk in range(one.chunks):
            yield runs_of(one, chunk)


def _with_ranking(found: Found, one: Study, values: np.ndarray) -> Found:
    """Return what is found with Morris' effects."""
    return replace(found, ranking=morris_effects(one.design, values[:, 0], missing="drop"))


def _with_indices(found: Found, one: Study, values: np.ndarray) -> Found:
    """Return what is found with Sobol's indices, and the worlds of its sample that were drawn independently."""
    ranking = sobol_indices(one.design, values[:, 0], missing="drop")
    apart = one.design.independent
    points = one.design.points.iloc[apart].reset_index(drop=True)
    return replace(found, ranking=ranking, points=points, values=values[apart, 0])


def _with_swings(found: Found, one: Study, values: np.ndarray) -> Found:
    """Return what is found with the outcome at both ends of each range, the mean of several replicates."""
    swings = tornado(one.design, values.mean(1), missing="drop")
    return replace(found, swings=swings, replicates=one.replicates, seed=one.seed)


def _with_worlds(found: Found, one: Study, values: np.ndarray) -> Found:
    """Return what is found with worlds drawn over all ranges."""
    return replace(found, points=one.design.points, values=values[:, 0])


_READERS = MappingProxyType(
    {"morris": _with_ranking, "sobol": _with_indices, "one_at_a_time": _with_swings, "latin_hypercube": _with_worlds}
)
