"""Tipping: the value of an assumption at which the verdict on a claim flips."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...agents.state.shown import shown
from ...model.initial_state import load_start
from ...model.inputs.paths import AnyPath
from ...model.randomness import DEFAULT_SEED, Seed, seed_of
from ...model.scenarios.scenario import Scenario
from ..claims.rows import Statistic
from ..claims.statistic import find_statistic, quarters_needed
from ..claims.treatments import treatments
from ..comparison.comparison import evidence_of
from ..comparison.control import with_control
from ..designs.factors import Factor, factors_of
from ..progress import Progress, Wanted, following
from ..runs.batches import check_shapes
from ..runs.firm_classes import FirmClasses
from ..runs.losses import describe_failures, first_failures, warn_of
from ..runs.posterior import parameters_of
from ..statistics import OPEN, UNKNOWN, Interval
from ..storage.frames import plain
from .crossing import LEVELS, Crossing, Point, find_crossing, most_values

TOLERANCE = 0.005
"""A bracket this wide, as a part of the range, is narrow enough: a straight line does the rest."""

PAIRS = 2
"""Replicates that an interval needs."""

AT_ONCE = 4096
"""Replicates that are run at once, all values together: more would only take memory."""


@shown("sentence", "value", "low", "high", "scenario", "against", "replicates", "quarters", "seed", "curve")
@dataclass(frozen=True, eq=False)
class Tipping:
    """Where a parameter flips the verdict on a claim.

    Attributes:
        parameter: the parameter's name.
        statistic: what the claim was judged by.
        value: where the mean of the statistic crosses the bound of its condition; not a number if it does nowhere.
        low: from where on the verdict is no longer the one below.
        high: until where the verdict is not yet the one above; in between it is undecided.
        below: the verdict below `low`.
        above: the verdict above `high`.
        crossings: how often the verdict flips within the range, as far as the values tried tell.
        factor: the parameter with its range, default and unit.
        scenario: the scenario with the deal.
        against: what it is compared with.
        replicates: how many replicates of each value.
        quarters: how many quarters were run.
        seed: the seed; all values have common random numbers.
        curve: value, mean, low, high and verdict of every value tried, in order, and in how many runs the statistic is
            undefined there; without a verdict where it is in all.
        loss: which pairs of runs failed and were left out, in a sentence; empty where none did.

    Examples:
        >>> import aimarket
        >>> found = aimarket.tipping("deal_scale", "C1b", high=2.5, replicates=2, quarters=14, rng=7)
        >>> found.found, found.low < found.value < found.high
        (True, True)
        >>> list(found.curve)
        ['value', 'mean', 'low', 'high', 'verdict', 'undefined']
    """

    parameter: str
    statistic: Statistic
    value: float
    low: float
    high: float
    below: str
    above: str
    crossings: int
    factor: Factor
    scenario: str
    against: str
    replicates: int
    quarters: int
    seed: int
    curve: pd.DataFrame
    loss: str = ""

    @property
    def found(self) -> bool:
        """Whether the verdict flips anywhere in the range."""
        return bool(np.isfinite(self.value))

    @property
    def scan(self) -> np.ndarray:
        """The values, evenly over the range, that were tried before any closer look, shape (n,)."""
        return self.factor.levels(LEVELS).astype(float)

    def sentence(self) -> str:
        """Return in plain words what tips the claim, and where."""
        return self._finding() + self._gaps()

    @property
    def undefined(self) -> pd.DataFrame:
        """The values tried at which the statistic has no value in any run."""
        return self.curve[self.curve["mean"].isna()]

    def _gaps(self) -> str:
        """Say where nothing can be said."""
        gone = len(self.undefined)
        return f" It is undefined at {gone} of the {len(self.curve)} values tried." if gone else ""

    def _finding(self) -> str:
        """Say what tips the claim, and where."""
        claim = f"{self.statistic.key}, {self.statistic.label} {self.statistic.condition}"
        if not np.isfinite(self.low):
            return (
                f"{claim}, is {self.below} for every {self.parameter} in {self.factor.range_text}: "
                f"this parameter alone does not tip it."
            )
        if not self.found:
            return f"{claim}, is {self._verdicts()}, as {self.parameter} moves; its mean never crosses the bound."
        more = f" This is the first of {self.crossings} flips." if self.crossings > 1 else ""
        return (
            f"{claim}, tips at {self.parameter} = {_text(self.value)}{self._unit}: {self._verdicts()} (95 %); "
            f"the default is {_text(self.factor.default)}.{more}"
        )

    def to_json(self) -> dict[str, Any]:
        """Return the whole result as plain values; what is not a number is None."""
        content = {
            "parameter": self.parameter,
            "unit": self.factor.unit,
            "default": self.factor.default,
            "range": [self.factor.low, self.factor.high],
            "claim": self.statistic.claim,
            "statistic": self.statistic.key,
            "label": self.statistic.label,
            "condition": self.statistic.condition,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "below": self.below,
            "above": self.above,
            "crossings": self.crossings,
            "scenario": self.scenario,
            "against": self.against,
            "replicates": self.replicates,
            "quarters": self.quarters,
            "seed": self.seed,
            "sentence": self.sentence(),
            "loss": self.loss,
            "curve": self.curve.to_dict("records"),
        }
        return {name: plain(value) for name, value in content.items()}

    def _verdicts(self) -> str:
        """Say from where to where which verdict holds."""
        before = f"{self.below} up to {_text(self.low)}" if self.below != OPEN else ""
        after = f"{self.above} from {_text(self.high)} on" if self.above != OPEN else ""
        if before and after:
            between = "" if self.factor.whole and self.high - self.low <= 1.0 else f"{OPEN} in between"
            return ", ".join(filter(None, (before, between, after)))
        if before:
            return f"{before}, {OPEN} above"
        return f"{OPEN} below, {after}" if after else f"{OPEN} throughout"

    @property
    def _unit(self) -> str:
        """The parameter's unit as it follows a number."""
        return "" if self.factor.unit == "1" else f" {self.factor.unit}"


def tipping(  # noqa: PLR0913 - every option has a default and goes by name
    parameter: str,
    claim: str | Statistic,
    scenario: AnyPath | Scenario = "deal_35bn",
    *,
    against: AnyPath | Scenario = "baseline",
    low: float | None = None,
    high: float | None = None,
    replicates: int = 64,
    quarters: int | None = None,
    rng: Seed = DEFAULT_SEED,
    parameters: Any = None,
    tolerance: float = TOLERANCE,
    firms: FirmClasses | None = None,
    progress: Wanted = None,
) -> Tipping:
    """Find the value of a parameter at which the verdict on a claim flips, with common random numbers.

    Args:
        parameter: what is moved, all else as the parameters below have it.
        claim: a statistic by its key, or a claim, which stands for its leading statistic.
        scenario: a scenario with a deal.
        against: what it is compared with.
        low: where the search begins; the parameter's least value if not given.
        high: where it ends; the parameter's greatest value if not given.
        replicates: how many replicates of each value; the interval narrows with their root.
        quarters: how many quarters; as few as the statistic needs if not given.
        rng: the seed, or a generator of NumPy's that is asked for one.
        parameters: values of other parameters, numbers or one a replicate, from whatever holds them by name; or
            ``posterior``, for a sample a replicate from what the data leave likely.
        tolerance: how finely the flip is bracketed, as a part of the range.
        firms: by firm's name, the subclass that decides for it in every run.
        progress: takes replicate-quarters just run and in all; True for a bar, False for none, on terminals if neither.

    Raises:
        KeyError: there is no such parameter or statistic.
        ScenarioError: there is no such scenario, or it holds no deal.
        ValueError: the statistic has no condition or is known nowhere, or a value is out of range.

    Examples:
        >>> import aimarket
        >>> found = aimarket.tipping("deal_scale", "C1b", high=2.5, replicates=4, quarters=14, rng=7)
        >>> round(found.value, 1), found.below, found.above
        (0.5, 'not supported', 'supported')
    """
    fixed = _fixed(parameters, replicates)
    case, other = with_control(scenario, against)
    statistic, factor = find_statistic(claim), _factor(parameter, low, high, case)
    _check_question(statistic, parameter, fixed, case, other)
    length = quarters or quarters_needed([statistic], case)
    most = most_values(tolerance) * replicates * length * len(statistic.runs)
    seed = seed_of(rng)
    with following(progress) as report:
        step = partial(_at_most, report, most)
        bench = _Bench(statistic, factor, fixed, case, other, replicates, length, seed, firms, step, {}, [])
        return bench.found(tolerance)


def _at_most(report: Progress, most: int, count: int, _: int) -> None:
    """Report how many were run of the most that there can be."""
    report(count, most)


class _Bench(NamedTuple):
    """What stays the same while one parameter moves."""

    statistic: Statistic
    factor: Factor
    fixed: Mapping[str, Any]
    scenario: Scenario
    against: Scenario
    replicates: int
    quarters: int
    rng: int
    firms: FirmClasses | None
    progress: Progress
    undefined: dict[float, int]
    lost: list[str]

    def found(self, tolerance: float) -> Tipping:
        """Return where the verdict flips."""
        crossing = find_crossing(self.judge, self.statistic.condition, self.factor, tolerance=tolerance)
        if not crossing.points:
            raise ValueError(
                f"{self.statistic.key} is known for no value of {self.factor.name}: "
                f"give more than {self.quarters} quarters"
            )
        found = self.result(crossing)
        warn_of(found.loss)
        return found

    def judge(self, values: np.ndarray) -> list[Interval]:
        """Return the estimate at several values, all of them run together on common random numbers."""
        step = max(AT_ONCE // self.replicates, 1)
        return [
            interval for first in range(0, len(values), step) for interval in self._judge(values[first : first + step])
        ]

    def _judge(self, values: np.ndarray) -> list[Interval]:
        """Return the estimate at as many values as are run at once."""
        count, times = self.replicates, len(values)
        fixed = {name: np.tile(np.broadcast_to(value, (count,)), times) for name, value in self.fixed.items()}
        evidence = evidence_of(
            self.scenario,
            self.against,
            self.statistic.runs,
            replicates=count * times,
            quarters=self.quarters,
            rng=self.rng,
            parameters=fixed | {self.factor.name: np.repeat(values, count)},
            numbers=np.tile(np.arange(count), times).tolist(),
            firms=self.firms,
            progress=self.progress,
        )
        sample, kept = self.statistic.measure(evidence), ~evidence.failed
        self.lost.extend(filter(None, [describe_failures(first_failures(evidence.ensembles), count * times, "pair")]))
        places = [np.flatnonzero(kept[first : first + count]) + first for first in range(0, count * times, count)]
        parts = [sample.part(position) for position in places]
        gone = [count - position.size + part.undefined for position, part in zip(places, parts, strict=True)]
        self.undefined.update(zip(values.tolist(), gone, strict=True))
        return [part.interval() if position.size else UNKNOWN for position, part in zip(places, parts, strict=True)]

    def result(self, crossing: Crossing) -> Tipping:
        """Return what was found with all that it takes to find it again."""
        return Tipping(
            parameter=self.factor.name,
            statistic=self.statistic,
            value=crossing.value,
            low=crossing.low,
            high=crossing.high,
            below=crossing.below,
            above=crossing.above,
            crossings=crossing.crossings,
            factor=self.factor,
            scenario=self.scenario.name,
            against=self.against.name,
            replicates=self.replicates,
            quarters=self.quarters,
            seed=self.rng,
            curve=_frame(crossing.points, self.undefined, self.factor.unit, self.statistic.unit),
            loss="; ".join(self.lost),
        )


def _factor(parameter: str, low: float | None, high: float | None, case: Scenario) -> Factor:
    """Return the parameter with the range that is searched, and the value that it has otherwise."""
    whole = factors_of([parameter])[0]
    ends = (whole.low if low is None else low, whole.high if high is None else high)
    factor = factors_of([parameter], {parameter: ends})[0]
    return replace(factor, default=case.parameters.get(parameter, factor.default))


def _fixed(parameters: Any, replicates: int) -> dict[str, Any]:
    """Return the values that stay, or say that so few replicates give no interval."""
    if replicates < PAIRS:
        raise ValueError(f"replicates = {replicates} gives no interval: take at least {PAIRS}")
    values = parameters_of(parameters, replicates, None)
    check_shapes(values, replicates)
    return values


def _check_question(
    statistic: Statistic, parameter: str, fixed: Mapping[str, Any], case: Scenario, other: Scenario
) -> None:
    """Say what cannot be asked: no condition, or a parameter that something else holds."""
    if not statistic.condition:
        raise ValueError(f"{statistic.key} has no condition that could flip; name one that has, as {statistic.claim}")
    if parameter in fixed:
        raise ValueError(f"{parameter} is what is moved: leave it out of the parameters that are fixed")
    planned = treatments(case, other, load_start(case.start))
    holding = [run for run in statistic.runs if run in planned and parameter in planned[run].parameters]
    if holding:
        raise ValueError(
            f"{statistic.key} reads the run {holding[0]!r}, which sets {parameter} itself; "
            f"name a statistic that does not, as {statistic.claim}"
        )


def _frame(points: tuple[Point, ...], undefined: Mapping[float, int], unit: str, of: str) -> pd.DataFrame:
    """Return the values tried with their estimates and verdicts, and in how many runs there is none."""
    known = {point.value: point for point in points}
    found = [known.get(value, Point(value, UNKNOWN, "")) for value in sorted(undefined)]
    rows = [(point.value, *point.interval, point.verdict, undefined[point.value]) for point in found]
    frame = pd.DataFrame(rows, columns=["value", "mean", "low", "high", "verdict", "undefined"])
    frame.attrs["units"] = {"value": unit, "mean": of, "low": of, "high": of}
    return frame


def _text(value: float) -> str:
    """Return a value with three figures."""
    return f"{value:.3g}"
