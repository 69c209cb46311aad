"""Which of all parameters decide a claim: elementary effects of every one on every statistic that has a verdict.

Parameters are moved one after the other in worlds near the defaults. Every point is a replicate: a world and all of its
moves have the same random numbers, in the deal's run and in all others, so that a parameter that does nothing has an
effect of exactly zero. One move changes nothing but the random numbers: what does no more than that is chance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from ...agents.state.shown import shown
from ...model.initial_state import load_start
from ...model.parameters import parameters
from ...model.randomness import DEFAULT_SEED
from ...model.scenarios.firm_overrides import by_firm
from ...model.scenarios.scenario import Scenario, load_scenario
from ..claims.evidence import Evidence
from ..claims.rows import Statistic
from ..claims.sizes import SIZES
from ..claims.statistic import STATISTICS, quarters_needed, sample_of_each
from ..comparison.comparison import evidence_of
from ..designs.factors import Factor, factors_of
from ..designs.worlds import Worlds, make_worlds
from ..progress import Progress, Wanted, following
from ..runs.ensemble import Ensemble
from ..statistics import meets
from .elementary_effects import effects_table

WORLDS = 8
"""Worlds in which all parameters are moved: two minutes on one core."""

AGAIN = 36
"""Further worlds in which the likely ones are moved: a minute more."""

EACH = 2
"""Of each statistic so many parameters are likely ones, those whose mean effect is farthest from chance."""

AT_ONCE = 400
"""Points of a chunk at least, where worlds are small."""

REACH = 0.5
"""A parameter survives if its mean effect may be this part of the smallest effect that matters."""

DRAW = "another draw of chance"
ANOTHER_DRAW = Factor(DRAW, 0.0, 1.0, default=0.5)
"""Stands among the parameters for other random numbers."""

SCALES: Mapping[str, str] = {"C0.strayed": "intensity", "C2a.lasting": "time"}
"""Sizes of the statistics that have a condition and none of their own."""

UNSCREENED: Mapping[str, str] = {
    "a treatment": "a treatment that scenarios set, no assumption about the industry",
    "definition": "it defines a unit",
}
"""Why parameters are not screened, by how their source begins."""

AGAINST = "baseline"


@shown("scenario", "worlds", "again", "seed")
@dataclass(frozen=True, eq=False)
class Screening:
    """What came of moving every parameter.

    Attributes:
        effects: one row a statistic and parameter: statistic, what ``effects_table`` says, with effects in terms of the
            smallest that matters, turned (in which part of worlds the move turns whether the condition holds) and
            survives.
        moves: by parameter, whether it moved anything that was recorded, in any world and run.
        left_out: by parameter that was not screened, why.
        scenario: the scenario with the deal.
        worlds: in how many worlds all parameters were moved.
        again: in how many more the likely ones were.
        seed: the seed.
    """

    effects: pd.DataFrame
    moves: Mapping[str, bool]
    left_out: Mapping[str, str]
    scenario: str
    worlds: int
    again: int
    seed: int

    @property
    def survivors(self) -> pd.DataFrame:
        """The parameters that survive, by statistic, the largest effects first."""
        kept = self.effects[self.effects["survives"]]
        return kept.sort_values("mu_star", ascending=False, kind="stable")

    @property
    def still(self) -> list[str]:
        """Parameters that moved nothing at all."""
        return [name for name, moved in self.moves.items() if not moved]


def screened() -> dict[str, Statistic]:
    """Return the statistics that are screened, by key: all that have a verdict and are one value a replicate."""
    return {key: item for key, item in STATISTICS.items() if item.condition}


def scale_of(statistic: Statistic) -> float:
    """Return the smallest effect on a statistic that matters, in its unit."""
    return SIZES[statistic.size or SCALES[statistic.key]].least


def left_out(case: Scenario) -> dict[str, str]:
    """Return the parameters that are not screened, and why."""
    own = by_firm(load_start(case.start))
    reasons = {
        name: why
        for name, item in parameters().items()
        for word, why in UNSCREENED.items()
        if item.source.startswith(word)
    }
    reasons |= dict.fromkeys(own, "each firm has a value of its own from the start")
    reasons |= {
        name: "a switch: its two ends are two models"
        for name, item in parameters().items()
        if item.structural and (item.low, item.high) == (0, 1)
    }
    return {name: reasons[name] for name in parameters() if name in reasons}


def screen(
    scenario: str = "deal_35bn",
    worlds: int = WORLDS,
    again: int = AGAIN,
    rng: int = DEFAULT_SEED,
    *,
    names: Sequence[str] | None = None,
    keys: Sequence[str] | None = None,
    progress: Wanted = None,
) -> Screening:
    """Move every parameter, one after the other, in several worlds, and read every statistic with a verdict.

    Args:
        scenario: a scenario with a deal.
        worlds: in how many worlds all parameters are moved.
        again: in how many further worlds those are that seem to matter most.
        rng: the seed of the worlds and of all runs.
        names: the parameters; all that can be moved if not given.
        keys: the statistics; all with a verdict if not given.
        progress: takes replicate-quarters just run and in all; True for a bar, False for none, on terminals if neither.

    Raises:
        ScenarioError: there is no such scenario, or it holds no deal.
        KeyError: there is no such parameter or statistic.
        ValueError: there are too few worlds.
    """
    case = load_scenario(scenario)
    without = left_out(case)
    wanted = [name for name in parameters() if name not in without] if names is None else list(names)
    statistics = screened() if keys is None else {key: STATISTICS[key] for key in keys}
    runs = _Runs(case, make_worlds((*factors_in(case, wanted), ANOTHER_DRAW), worlds + again, rng), statistics)
    with following(progress) as report:
        runs.run(_moves(runs.worlds, range(worlds), runs.names), report)
        if again:
            runs.run(_moves(runs.worlds, range(worlds, worlds + again), runs.likely()), report)
    return Screening(runs.effects(), runs.moves, without, case.name, worlds, again, rng)


def factors_in(case: Scenario, names: Sequence[str]) -> tuple[Factor, ...]:
    """Return parameters as factors whose defaults are the values of a scenario."""
    return tuple(
        replace(factor, default=float(case.parameters.get(factor.name, factor.default))) for factor in factors_of(names)
    )


def _moves(worlds: Worlds, which: range, names: Sequence[str]) -> list[Points]:
    """Return some worlds with some moves, in chunks; the moves of whole numbers apart, in all worlds at once."""
    whole = {factor.name for factor in worlds.factors if factor.whole}
    loose, shaping = ([name for name in names if (name in whole) == is_whole] for is_whole in (False, True))
    step = max(AT_ONCE // (1 + len(loose)), 1)
    chunks = [points_of(worlds, which[begin : begin + step], loose) for begin in range(0, len(which), step)]
    return [*chunks, points_of(worlds, which, shaping)] if shaping else chunks


@shown()
class Points(NamedTuple):
    """Points that run at once: a world with its moves, or all worlds with those that shape arrays.

    Attributes:
        points: a row a replicate.
        numbers: the replicates' numbers.
        world: of each point.
        moved: the name of the factor that each point moves; empty for a world itself.
        base: the place of each point's world.
    """

    points: pd.DataFrame
    numbers: list[int]
    world: np.ndarray
    moved: list[str]
    base: np.ndarray


class _Runs:
    """Runs the points of a screening and gathers what moved."""

    def __init__(self, case: Scenario, worlds: Worlds, statistics: Mapping[str, Statistic]) -> None:
        self.case = case
        self.worlds = worlds
        self.statistics = statistics
        self.names = [factor.name for factor in worlds.factors]
        self.plan = by_length(case, statistics)
        shape = (worlds.worlds, len(self.names))
        self.changes = {key: np.full(shape, np.nan) for key in statistics}
        self.turned = {key: np.full(shape, np.nan) for key in statistics}
        self.moves = dict.fromkeys([name for name in self.names if name != DRAW], False)

    def run(self, chunks: Sequence[Points], report: Progress) -> None:
        """Run chunks, and report replicate-quarters."""
        quarters = sum(count * len(runs) for count, runs in self.plan.items())
        whole = quarters * sum(len(chunk.points) for chunk in chunks)
        for chunk in chunks:
            self.read(chunk, evidence_at(self.case, self.plan, chunk.points, chunk.numbers, self.worlds.seed))
            report(quarters * len(chunk.points), whole)

    def likely(self) -> list[str]:
        """Return the parameters that seem to matter most for some statistic, and chance."""
        found = self.effects()
        found = found[(found["high"] >= REACH) & (found["parameter"] != DRAW)]
        best = found.sort_values("strength", ascending=False, kind="stable").groupby("statistic").head(EACH)
        return [name for name in self.names if name in {DRAW, *best["parameter"]}]

    def read(self, chunk: Points, evidence: Evidence) -> None:
        """Keep how far each move brought every statistic, and whether it moved anything."""
        places = [self.names.index(name) for name in chunk.moved if name]
        rows = np.array([row for row, name in enumerate(chunk.moved) if name])
        at = chunk.world[rows], places
        for key, values in readings(evidence, self.statistics).items():
            asked, base = self.statistics[key].condition, values[chunk.base]
            self.changes[key][at] = (values - base)[rows]
            self.turned[key][at] = (meets(values, asked) != meets(base, asked))[rows]
        for row, moved in enumerate(moved_points(evidence.ensembles, chunk.base)):
            if moved and chunk.moved[row] in self.moves:
                self.moves[chunk.moved[row]] = True

    def effects(self) -> pd.DataFrame:
        """Return the table of effects."""
        over = np.stack([self.worlds.over_range(name) for name in self.names], axis=1)
        found = []
        for key, statistic in self.statistics.items():
            table = effects_table(self.names, self.changes[key] * over / scale_of(statistic), self.worlds.seed)
            table.insert(0, "statistic", key)
            found.append(table.assign(turned=np.nanmean(self.turned[key], 0), survives=_survives(table)))
        return pd.concat(found, ignore_index=True)


def by_length(case: Scenario, statistics: Mapping[str, Statistic]) -> dict[int, list[str]]:
    """Return the runs that statistics read, by how many quarters the longest of them needs."""
    needed: dict[str, int] = {}
    for statistic in statistics.values():
        for name in statistic.runs:
            needed[name] = max(needed.get(name, 0), quarters_needed([statistic], case))
    plan: dict[int, list[str]] = {}
    for name, quarters in needed.items():
        plan.setdefault(quarters, []).append(name)
    return plan


def evidence_at(
    case: Scenario, plan: Mapping[int, Sequence[str]], points: pd.DataFrame, numbers: list[int], seed: int
) -> Evidence:
    """Return the runs at some points, a replicate each.

    Args:
        case: the scenario with the deal.
        plan: the runs by how many quarters they take.
        points: a row a point, a column a parameter; another draw of chance is in the numbers alone.
        numbers: the number of each replicate.
        seed: the seed.
    """
    values = {str(name): points[name].to_numpy() for name in points if name != DRAW}
    parts = [
        evidence_of(
            case, AGAINST, runs, quarters=quarters, rng=seed, parameters=values, numbers=numbers, progress=False
        )
        for quarters, runs in plan.items()
    ]
    ensembles = {name: ensemble for part in parts for name, ensemble in part.ensembles.items()}
    return Evidence(ensembles, parts[0].subject, max(plan))


def readings(evidence: Evidence, statistics: Mapping[str, Statistic]) -> dict[str, np.ndarray]:
    """Return statistics by key, one value a replicate, shape (R,); not a number where any run failed."""
    failed = evidence.failed
    return {key: np.where(failed, np.nan, sample_of_each(item, evidence)) for key, item in statistics.items()}


def points_of(worlds: Worlds, which: Sequence[int], names: Sequence[str]) -> Points:
    """Return the points of some worlds with some moves."""
    each = 1 + len(names)
    points = pd.concat([worlds.moved(world, names) for world in which], ignore_index=True)
    world, moved = np.repeat(np.array(which), each), ["", *names] * len(which)
    numbers = [2 * int(place) + (name == DRAW) for place, name in zip(world, moved, strict=True)]
    whole = {factor.name: np.int64 for factor in worlds.factors if factor.whole}
    return Points(points.astype(whole), numbers, world, moved, np.arange(len(points)) // each * each)


def moved_points(ensembles: Mapping[str, Ensemble], base: np.ndarray) -> np.ndarray:
    """Return which points differ from their world in anything that was recorded, shape (points,)."""
    found = np.zeros(len(base), bool)
    for ensemble in ensembles.values():
        for series in ensemble.records.values():
            for values in series.values.values():
                other = values[..., base]
                differs = (values != other) & ~(np.isnan(values) & np.isnan(other))
                found |= differs.reshape(-1, len(base)).any(0)
    return found


def _survives(table: pd.DataFrame) -> np.ndarray:
    """Return which parameters may move a statistic by as much as matters in part, and surely more than chance does."""
    chance = table.loc[table["parameter"] == DRAW, "high"].iloc[0]
    more = table["sure"] | (table["low"] > chance)
    return ((table["high"] >= REACH) & more & (table["parameter"] != DRAW)).to_numpy()
