"""Other people's libraries: the model as SALib's problem and as a model of the EMA Workbench.

`mesa.batch_run` and Optuna need nothing from here: they call `MarketModel` and `run_ensemble`.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...agents.state.shown import shown
from ...agents.state.table import unknown_name
from ...model.dates import quarter_number
from ...model.indicators import INDICATORS
from ...model.inputs.paths import AnyPath
from ...model.randomness import DEFAULT_SEED, Seed, seed_of
from ...model.scenarios.scenario import Scenario, load_scenario
from ..designs.factors import UNCERTAIN, Factor, factors_of, problem_of
from ..designs.salib_problems import read_problem as read_problem
from ..optional_dependencies import extra
from ..runs.ensemble import run_ensemble

EMA_NAME = "aimarket"
"""The model's name in the EMA Workbench's results."""


def problem(
    names: str | Sequence[str] = UNCERTAIN, ranges: Mapping[str, Sequence[float]] | None = None
) -> dict[str, Any]:
    """Return declared parameters as a problem of SALib, to be sampled and analysed there.

    Args:
        names: the parameters, or ``uncertain`` for all that are declared so.
        ranges: by parameter, the low and high end of a narrower range.

    Raises:
        KeyError: no parameter has that name.
        ValueError: a range leaves the declared one, or a parameter takes whole numbers only, which SALib does not know.
    """
    factors = factors_of(names, ranges)
    for factor in factors:
        if factor.whole:
            raise ValueError(f"{factor.name} takes whole numbers only, which SALib does not sample: use make_design")
    return problem_of(factors)


def ema_model(
    scenario: AnyPath | Scenario = "baseline",
    outcomes: Sequence[str] = ("ai_revenue",),
    *,
    at: str | None = None,
    names: str | Sequence[str] = UNCERTAIN,
    ranges: Mapping[str, Sequence[float]] | None = None,
    replicates: int = 1,
    quarters: int = 40,
    rng: Seed = DEFAULT_SEED,
) -> Any:
    """Return the model as one of the EMA Workbench, for its samplers, evaluators and analyses.

    An experiment runs the scenario through `run_ensemble` and gives the mean over replicates; all experiments share
    the same random numbers.

    Args:
        scenario: the name of a scenario, a path to one, or one made in code.
        outcomes: indicators.
        at: the quarter, as in 2028Q4, in which they are read, and which their names end with, as in
            ``ai_revenue_2028Q4``; without it they are series by quarter.
        names: the parameters that are uncertain, or ``uncertain`` for all that are declared so.
        ranges: by parameter, the low and high end of a narrower range.
        replicates: how many replicates of each experiment.
        quarters: how many quarters.
        rng: the seed of all experiments, or a generator of NumPy's that is asked for one.

    Raises:
        ScenarioError: there is no such scenario.
        KeyError, ValueError: no parameter or indicator has that name, or a range leaves the declared one.
    """
    with warnings.catch_warnings(), extra("analysis"):
        warnings.simplefilter("ignore")  # of what the library would like to be installed
        from ema_workbench import Model, ScalarOutcome, TimeSeriesOutcome

    for name in outcomes:
        if name not in INDICATORS:
            raise KeyError(unknown_name("the model", name, INDICATORS))
    when = None if at is None else quarter_number(at)
    factors = factors_of(names, ranges)
    wholes = {factor.name: (factor.low, factor.high) for factor in factors if factor.whole}
    case, seed = load_scenario(scenario), seed_of(rng)
    model = Model(EMA_NAME, function=Experiment(case, tuple(outcomes), when, replicates, quarters, seed, wholes))
    model.uncertainties = [_uncertainty(factor) for factor in factors]
    model.outcomes = [
        TimeSeriesOutcome(name) if at is None else ScalarOutcome(f"{name}_{at}", variable_name=name)
        for name in outcomes
    ]
    return model


@shown()
@dataclass(frozen=True)
class Experiment:
    """What the EMA Workbench calls: a run of the model under some parameters; it can be sent to other processes.

    Attributes:
        scenario: what is run.
        outcomes: the indicators that are asked for.
        at: the quarter in which they are read, since year 0; None for all.
        replicates: how many replicates.
        quarters: how many quarters.
        rng: the seed.
        wholes: by factor of whole numbers, the least and the greatest: where it means these, Morris' sampler asks for
            the one above in version 2 of the library, and for the one below in version 3.
    """

    scenario: Scenario
    outcomes: tuple[str, ...]
    at: int | None
    replicates: int
    quarters: int
    rng: int
    wholes: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    def __call__(self, **parameters: float) -> dict[str, Any]:
        """Return the mean over replicates of every outcome, a number or a series by quarter.

        Raises:
            ValueError: the run does not reach the quarter.
        """
        meant = {name: self._meant(name, value) for name, value in parameters.items()}
        runs = run_ensemble(self.scenario, self.replicates, self.quarters, self.rng, meant, progress=False)
        paths = {name: runs.values(name).mean(-1) for name in self.outcomes}
        if self.at is None:
            return paths
        position = np.flatnonzero(runs.records["indicators"].quarters == self.at)
        if not position.size:
            raise ValueError(f"the run of {self.quarters} quarters does not reach the quarter that is read: run more")
        return {name: float(path[position[0]]) for name, path in paths.items()}

    def _meant(self, name: str, value: float) -> float:
        """Return the value of a parameter, the end of its whole numbers where one beyond it is asked for."""
        low, high = self.wholes.get(name, (value, value))
        return {low - 1: low, high + 1: high}.get(value, value) if name in self.wholes else value


def _uncertainty(factor: Factor) -> Any:
    """Return a factor as an uncertainty of the EMA Workbench."""
    from ema_workbench import IntegerParameter, RealParameter

    if factor.whole:
        return IntegerParameter(factor.name, int(factor.low), int(factor.high))
    return RealParameter(factor.name, factor.low, factor.high)
