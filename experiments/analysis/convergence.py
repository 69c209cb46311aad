"""Convergence: how wide the interval of a statistic is with more replicates, and how many it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from ...agents.state.shown import shown
from ...model.inputs.paths import AnyPath
from ...model.randomness import DEFAULT_SEED, Seed, seed_of
from ...model.scenarios.scenario import Scenario
from ..claims.rows import Sample, Statistic
from ..claims.statistic import find_statistic, quarters_needed
from ..comparison.comparison import evidence_of
from ..comparison.control import with_control
from ..progress import Wanted
from ..runs.firm_classes import FirmClasses
from ..runs.losses import describe_failures, first_failures, warn_of
from ..statistics import LEVEL, bound, verdict

SIZES = (25, 50, 100, 200, 400)
PAIRS = 2
"""Replicates that an interval needs."""


@shown("sentence", "frame", "deviation", "scenario", "against", "quarters", "seed")
@dataclass(frozen=True, eq=False)
class Convergence:
    """How the interval of a statistic narrows.

    Attributes:
        statistic: what was estimated.
        frame: replicates, value, low, high, half_width, the half-width that the law of the root expects, and verdict.
        deviation: the standard deviation of one replicate, in the statistic's unit.
        scenario: the scenario with the deal.
        against: what it is compared with.
        quarters: how many quarters were run.
        seed: the seed.
    """

    statistic: Statistic
    frame: pd.DataFrame
    deviation: float
    scenario: str
    against: str
    quarters: int
    seed: int

    def needed(self, half_width: float) -> int:
        """Return how many replicates give an interval of plus or minus a half-width."""
        return _needed(self.deviation, half_width)

    def to_decide(self) -> int | None:
        """Return how many replicates bring the bound of the condition out of the interval, if the mean stays there.

        None where there is no condition, no spread, or the mean lies on the bound.
        """
        if not self.statistic.condition or self.deviation == 0.0:
            return None
        away = abs(float(self.frame["value"].iloc[-1]) - bound(self.statistic.condition))
        return self.needed(away) if away > 0.0 else None

    def sentence(self) -> str:
        """Return in plain words how sure some number of replicates makes, and how many decide."""
        last = self.frame.iloc[-1]
        unit = "" if self.statistic.unit == "1" else f" {self.statistic.unit}"
        count, half = int(last["replicates"]), float(last["half_width"])
        found = f"{self.statistic.key}: {count} replicates give {last['value']:.3g} ± {half:.2g}{unit} (95 %)"
        if not half > 0.0:
            return f"{found}; they are all alike."
        found += f"; about {_rounded(self.needed(half / 2.0))} give ± {half / 2.0:.2g}"
        decide = self.to_decide()
        decision = f", and about {_rounded(decide)} tell whether it is {self.statistic.condition}" if decide else ""
        return f"{found}{decision}."


def convergence(
    claim: str | Statistic,
    scenario: AnyPath | Scenario = "deal_35bn",
    sizes: Sequence[int] = SIZES,
    *,
    against: AnyPath | Scenario = "baseline",
    quarters: int | None = None,
    rng: Seed = DEFAULT_SEED,
    parameters: Any = None,
    firms: FirmClasses | None = None,
    progress: Wanted = None,
) -> Convergence:
    """Run as many replicates as the largest size, and tell how wide the interval is for each.

    Args:
        claim: a statistic by its key, or a claim, which stands for its leading statistic.
        scenario: a scenario with a deal.
        sizes: numbers of replicates; the smaller samples are the first of the largest.
        against: what it is compared with.
        quarters: how many quarters; as few as the statistic needs if not given.
        rng: the seed, or a generator of NumPy's that is asked for one.
        parameters: values that override both scenarios.
        firms: by firm's name, the subclass that decides for it in every run.
        progress: takes replicate-quarters just run and in all; True for a bar, False for none, on terminals if neither.

    Raises:
        KeyError: there is no such statistic.
        ScenarioError: there is no such scenario, or it holds no deal.
        ValueError: a size is too small for an interval, or the statistic is not known in so few quarters.

    Examples:
        >>> import aimarket
        >>> found = aimarket.convergence("C1a", sizes=(4, 8), rng=7)
        >>> found.frame[["replicates", "value"]].round(1)
           replicates  value
        0           4    1.8
        1           8    2.1
    """
    _check(sizes)
    statistic, (case, other) = find_statistic(claim), with_control(scenario, against)
    length, seed = quarters or quarters_needed([statistic], case), seed_of(rng)
    evidence = evidence_of(
        case,
        other,
        statistic.runs,
        replicates=max(sizes),
        quarters=length,
        rng=seed,
        parameters=parameters,
        firms=firms,
        progress=progress,
    )
    warn_of(describe_failures(first_failures(evidence.ensembles), max(sizes), "pair"))
    sample = statistic.measure(evidence).part(np.flatnonzero(~evidence.failed))
    frame, deviation = half_widths(sample, sizes, statistic.condition)
    _check_known(statistic, deviation, length)
    frame.attrs["units"] = dict.fromkeys(("value", "low", "high", "half_width", "expected"), statistic.unit)
    return Convergence(statistic, frame, deviation, case.name, other.name, length, seed)


def _check_known(statistic: Statistic, deviation: float, quarters: int) -> None:
    """Say that a statistic has no value in so few quarters."""
    if not np.isfinite(deviation):
        raise ValueError(f"{statistic.key} is not known in {quarters} quarters: give more")


def half_widths(sample: Sample, sizes: Sequence[int], condition: str = "") -> tuple[pd.DataFrame, float]:
    """Return the interval of nested samples beside what the law of the root expects, and one replicate's deviation.

    Args:
        sample: one value a replicate.
        sizes: numbers of replicates, the first of the sample; beyond it all of them are taken.
        condition: what the verdict asks, as in ``> 0``; empty for none.
    """
    _check(sizes)
    rows = []
    for size in sorted({min(size, len(sample.change)) for size in sizes}):
        interval = sample.part(slice(0, size)).interval()
        judged = verdict(interval, condition) if condition else ""
        rows.append((size, *interval, (interval.high - interval.low) / 2.0, judged))
    frame = pd.DataFrame(rows, columns=["replicates", "value", "low", "high", "half_width", "verdict"])
    most, widest = int(frame["replicates"].iloc[-1]), float(frame["half_width"].iloc[-1])
    deviation = widest / _half_width(1.0, most)
    expected = [_half_width(deviation, int(size)) for size in frame["replicates"]]
    frame.insert(frame.columns.get_loc("verdict"), "expected", expected)  # type: ignore[arg-type]
    return frame, deviation


def replicates_needed(sample: np.ndarray, half_width: float) -> int:
    """Return how many replicates give a mean with an interval of plus or minus a half-width.

    Args:
        sample: one value a replicate, shape (R,), of two at least.
        half_width: how wide the interval may be on either side.
    """
    kept = sample[np.isfinite(sample)]
    _check((kept.size,))
    return _needed(float(np.std(kept, ddof=1)), half_width)


def _needed(deviation: float, half_width: float) -> int:
    """Return the least number of replicates whose t interval is narrow enough."""
    if not half_width > 0.0:
        raise ValueError(f"half_width = {half_width:g} has to be above 0")
    normal = float(stats.norm.ppf(0.5 + LEVEL / 2.0))
    count = max(int(np.floor((normal * deviation / half_width) ** 2)), PAIRS)
    while _half_width(deviation, count) > half_width:
        count += 1
    return count


def _half_width(deviation: float, count: int) -> float:
    """Return the half-width of the t interval of a mean."""
    return float(stats.t.ppf(0.5 + LEVEL / 2.0, count - 1) * deviation / np.sqrt(count))


def _rounded(count: int) -> str:
    """Return a number of replicates with two figures, as an estimate deserves."""
    return f"{float(f'{count:.2g}'):,.0f}"


def _check(sizes: Sequence[int]) -> None:
    """Say which number of replicates gives no interval."""
    if not sizes or min(sizes) < PAIRS:
        raise ValueError(f"{min(sizes, default=0)} replicates give no interval: take at least {PAIRS}")
