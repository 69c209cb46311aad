"""Studies: a question, what is varied to answer it, and what is kept of each run; read from TOML or made in code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from ...agents.state.population import MarketAgent
from ...agents.state.shown import shown
from ...agents.state.table import unknown_name
from ...model.dates import quarter_date, quarter_number
from ...model.initial_state import load_start
from ...model.inputs.named_values import by_name
from ...model.market_model import MarketModel
from ...model.parameters import checked, parameters
from ...model.randomness import LARGEST_SEED
from ...model.records.history import History
from ...model.scenarios.funding_checks import warn_of_late
from ...model.scenarios.scenario import Scenario, scenario_of
from ..claims.statistic import find_statistic
from ..claims.treatments import subject_of
from ..designs.design import Design, Factor, make_design
from ..runs.firm_classes import DescribedClasses, FirmClasses, described, matched, present
from ..storage.frames import plain
from .outcomes import RECIPIENT, Outcome
from .variants import Variant

LARGEST_CHUNK = 500
LEAST_CHUNK = 25
FEW_CHUNKS = 32
"""Chunks are as large as is cheapest a run, smaller where else there would be too few to share among workers."""

FIXED_COLUMNS = ("run", "scenario", "point", "replicate", "failed_quarter", "failed_cause")
"""Columns of the results that every study has."""

MOST_ROWS = 50_000_000
"""Runs of each scenario at most: their order is held in memory."""

COMMON_RANDOM_NUMBERS = ("block", "shared", "own")
"""Which points have common random numbers in their replicates: those that an analysis compares, all, or none.

A Saltelli block or a trajectory has common random numbers, so that an effect is a parameter's and not chance's, and
every block has its own, so that it does not hang on one of them. Grids, tables and one-at-a-time designs are one block;
in a Latin hypercube every point is its own.
"""

WHOLES = {"quarters": (1, 4000), "replicates": (1, 1_000_000), "chunk": (0, 1_000_000), "seed": (0, LARGEST_SEED)}
"""The whole numbers of a study, with the least and the largest there may be."""

Function = Callable[[pd.DataFrame], Mapping[str, Any] | pd.DataFrame]
"""Outcomes by name, one value a row, of a data frame with a row a run and a column a factor."""


class StudyError(ValueError):
    """A study says something that cannot be run; the message names the place and the remedy."""


@shown(
    "question",
    "variants",
    "against",
    "quarters",
    "replicates",
    "seed",
    "runs",
    "common_random_numbers",
    "parameters",
    "design",
    "outcomes",
    "function",
    "source",
)
@dataclass(frozen=True, eq=False)
class Study:
    """What is run, and what is kept of it.

    Attributes:
        question: what one wants to know.
        design: the points at which the model is run.
        outcomes: what is kept of each run.
        variants: the scenarios, in every version of their deal that is asked for; empty with a function of one's own.
        against: the twin of all of them.
        quarters: how many quarters are run.
        replicates: how many runs at each point.
        seed: the seed of all random numbers.
        common_random_numbers: which points have common random numbers, of `COMMON_RANDOM_NUMBERS`.
        parameters: values that differ from their defaults at every point.
        chunk: runs that are computed and written together.
        function: what is run instead of the model; pickled by name or value.
        firms: by firm's name, the subclass that decides for it in every run; pickled by name or value, and described by
            where it would be imported from.
        arguments: what the design was made from.
        source: where the study was read.

    Examples:
        >>> import aimarket
        >>> study = aimarket.load_study("study.toml")
        >>> study.design.method, study.quarters, [outcome.name for outcome in study.outcomes]
        ('sobol', 14, ['surge', 'sales'])
    """

    question: str
    design: Design
    outcomes: tuple[Outcome, ...]
    variants: tuple[Variant, ...] = ()
    against: Scenario | None = None
    quarters: int = 40
    replicates: int = 1
    seed: int = 7
    common_random_numbers: str = COMMON_RANDOM_NUMBERS[0]
    parameters: Mapping[str, float] = field(default_factory=dict)
    chunk: int = 0
    function: Function | None = None
    firms: DescribedClasses = field(default_factory=dict)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""

    def __post_init__(self) -> None:
        """Say what does not fit together, also in studies that are made in code."""
        check_sizes(vars(self))
        _check_names(self)
        if self.function is None:
            object.__setattr__(self, "parameters", checked(by_name(self.parameters)))
            _check_model(self)
        if self.rows > MOST_ROWS:
            raise StudyError(
                f"{len(self.design.points):,} points x {self.replicates:,} replicates are more than {MOST_ROWS:,} runs "
                "of each scenario: give fewer of either"
            )
        own = self.chunk or int(np.clip(-(-self.rows // FEW_CHUNKS), LEAST_CHUNK, LARGEST_CHUNK))
        object.__setattr__(self, "chunk", own)

    @property
    def rows(self) -> int:
        """How many pairs of a point and a replicate there are."""
        return len(self.design.points) * self.replicates

    @property
    def runs(self) -> int:
        """How many runs of a scenario are kept, twins and other treatments not counted."""
        return self.rows * max(len(self.variants), 1)

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-self.rows // self.chunk)

    @property
    def terms(self) -> list[str]:
        """The terms of the deal that are varied."""
        return list(self.variants[0].terms) if self.variants else []

    @cached_property
    def order(self) -> np.ndarray:
        """The pairs of point and replicate in the order in which chunks take them: equal structural values together."""
        known = parameters() if self.function is None else {}
        shaping = [name for name in map(str, self.design.points) if name in known and known[name].structural]
        points = np.arange(len(self.design.points))
        if shaping:
            points = np.lexsort([points, *(self.design.points[name].to_numpy() for name in reversed(shaping))])
        return (points[:, None] * self.replicates + np.arange(self.replicates)).ravel()

    def rows_of(self, chunk: int) -> np.ndarray:
        """Return the pairs of point and replicate of a chunk, numbered point by point."""
        return self.order[chunk * self.chunk : (chunk + 1) * self.chunk]

    def numbers(self, rows: np.ndarray) -> np.ndarray:
        """Return the replicate numbers, which address the random numbers, of some pairs of point and replicate."""
        if self.common_random_numbers == "own":
            return self.design.first[rows // self.replicates] * self.replicates + rows % self.replicates
        points = len(self.design.points) if self.common_random_numbers == "shared" else self.design.block
        return rows // self.replicates // points * self.replicates + rows % self.replicates

    def describe(self) -> dict[str, Any]:
        """Return the study as plain values, all of it: another process makes the same study from them."""
        content = {
            "question": self.question,
            "scenarios": [{"scenario": v.scenario.describe(), "terms": dict(v.terms)} for v in self.variants],
            "against": self.against.describe() if self.against else None,
            "quarters": self.quarters,
            "replicates": self.replicates,
            "seed": self.seed,
            "common_random_numbers": self.common_random_numbers,
            "parameters": dict(self.parameters),
            "chunk": self.chunk,
            "design": {**self.arguments, "factors": [vars(factor) for factor in self.design.factors]},
            "outcomes": [outcome.describe() for outcome in self.outcomes],
            "function": None if self.function is None else _name_of(self.function),
            **({"firms": described(self.firms)} if self.firms else {}),
        }
        return {name: plain(value) for name, value in content.items()}

    @cached_property
    def digest(self) -> str:
        """What tells this study from every other."""
        return digest_of_study(self.describe())

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what describes the study: a process that computes chunks makes its points anew, once."""
        return _from_text, (_text(self.describe()), self.function, tuple(present(self.firms).items()))


def study(
    question: str,
    factors: Sequence[Factor],
    outcomes: Iterable[Outcome],
    *,
    method: str = "sobol",
    size: int | None = None,
    options: Mapping[str, Any] | None = None,
    **others: Any,
) -> Study:
    """Make a study in code.

    Args:
        question: what one wants to know.
        factors: what is varied.
        outcomes: what is kept of each run.
        method: how points are chosen, of `design.METHODS`.
        size: how many, in the method's own measure.
        options: what else the method takes.
        others: what else `Study` has: its scenarios and twin, its sizes and seed, and what is run.
    """
    seed = others.get("seed", Study.seed)
    arguments = {"method": method, "size": size, "seed": seed, "options": dict(options or {})}
    table = arguments["options"].get("table")
    design = make_design(method, factors, size=size, seed=seed, **arguments["options"])
    if table is not None:
        arguments["options"]["table"] = design.points.to_dict("list")
    return Study(question, design, tuple(outcomes), arguments=arguments, **others)


@lru_cache(maxsize=4)
def _from_text(text: str, function: Function | None, firms: tuple[tuple[str, type[MarketAgent]], ...] = ()) -> Study:
    """Return the study that a text describes; a worker asks for it at every chunk."""
    return study_of(json.loads(text), function, dict(firms) or None)


def study_of(content: Mapping[str, Any], function: Function | None = None, firms: FirmClasses | None = None) -> Study:
    """Return the study that plain values describe.

    Args:
        content: as `Study.describe` returns it.
        function: what is run instead of the model.
        firms: the classes that it describes; without them the study can be looked at, and not run.

    Raises:
        ValueError: it describes other classes than those given.
    """
    design = content["design"]
    factors = [Factor(**{**f, "default": np.nan if f["default"] is None else f["default"]}) for f in design["factors"]]
    options = dict(design["options"])
    if "table" in options:
        options["table"] = pd.DataFrame(options["table"])
    points = make_design(design["method"], factors, size=design["size"], seed=design["seed"], **options)
    return Study(
        design=points,
        outcomes=tuple(Outcome(**outcome) for outcome in content["outcomes"]),
        variants=tuple(Variant(scenario_of(v["scenario"]), v["terms"]) for v in content["scenarios"]),
        against=scenario_of(content["against"]) if content["against"] else None,
        function=function,
        firms=matched(content.get("firms", {}), firms),
        arguments={name: design[name] for name in ("method", "size", "seed", "options")},
        common_random_numbers=content.get("luck") or content["common_random_numbers"],  # older kept sweeps have luck
        **{key: content[key] for key in ("question", "quarters", "replicates", "seed", "parameters", "chunk")},
    )


def digest_of_study(content: Mapping[str, Any]) -> str:
    """Return what tells a study from every other, from its description as plain values."""
    return hashlib.sha256(_text(content).encode()).hexdigest()


def _text(content: Mapping[str, Any]) -> str:
    """Return plain values as one text, the same for the same values."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, allow_nan=False)


def _name_of(function: Function) -> str:
    """Return what a function is called."""
    return f"{function.__module__}.{getattr(function, '__qualname__', type(function).__name__)}"


def check_sizes(sizes: Mapping[str, Any]) -> None:
    """Say which size, seed or choice of a study is none."""
    for name, (least, most) in WHOLES.items():
        value = sizes.get(name, least)
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not whole or not least <= value <= most:
            raise StudyError(f"{name} = {value!r} has to be a whole number of at least {least} and at most {most:,}")
    shared = sizes.get("common_random_numbers", COMMON_RANDOM_NUMBERS[0])
    if shared not in COMMON_RANDOM_NUMBERS:
        raise StudyError(f"common_random_numbers = {shared!r} is none of {', '.join(COMMON_RANDOM_NUMBERS)}")


def _check_names(asked: Study) -> None:
    """Say which column of the results would be there twice."""
    if not asked.outcomes:
        raise StudyError("a study keeps at least one outcome")
    columns = [*FIXED_COLUMNS, *asked.terms, *asked.design.points]
    columns += [column for outcome in asked.outcomes for column in outcome.columns()]
    for name in columns:
        if columns.count(name) > 1:
            raise StudyError(f"{name!r} would be two columns of the results: rename the outcome")


def _check_model(asked: Study) -> None:
    """Say what the model cannot run or keep: points, parameters, firms, quantities, claims without a deal."""
    if not asked.variants or asked.against is None:
        raise StudyError("a study needs scenarios and a twin for them")
    _check_points(asked)
    _check_scenarios(asked, [variant.scenario for variant in asked.variants], asked.against)
    for variant in asked.variants:
        scenario, against = variant.scenario, asked.against
        if scenario.start != against.start:
            raise StudyError(f"{scenario.name} starts from {scenario.start}, its twin from {against.start}: no twins")
        warn_of_late(scenario, quarter_number(scenario.start) + 1, asked.quarters)
        history = MarketModel(scenario, record=(), firms=present(asked.firms)).history
        begin = subject.begin if (subject := subject_of(scenario, load_start(scenario.start))) else None
        for outcome in asked.outcomes:
            try:
                _check_claim(outcome, begin, asked.quarters)
                _check_quantity(outcome, history)
                _check_span(outcome, quarter_number(scenario.start) + 1, asked.quarters)
            except ValueError as error:
                raise StudyError(f"outcomes.{outcome.name}, {scenario.name}: {error}") from None


def _check_points(asked: Study) -> None:
    """Say which parameter is unknown, out of its range, or both held and varied."""
    for held, value in asked.parameters.items():
        if np.ndim(value):
            raise StudyError(f"{held} has {np.size(value)} values: give one number, the same at every point")
    for name, values in asked.design.points.items():
        if name in asked.parameters:
            raise StudyError(f"{name} is varied by the design: take it out of the parameters")
        for value in (values.min(), values.max()):
            checked({str(name): value})


def _check_scenarios(asked: Study, cases: Sequence[Scenario], against: Scenario) -> None:
    """Say which scenarios have the same name, by which results tell them apart, or change what cannot be changed."""
    names = [case.name for case in cases]
    for name in names:
        if names.count(name) > 1:
            raise StudyError(f"{names.count(name)} scenarios are called {name!r}: give their files different names")
    for case in (*cases, against):
        _check_changes(asked, case)


def _check_changes(asked: Study, scenario: Scenario) -> None:
    """Say which change of a scenario takes a parameter out of its range somewhere in the design."""
    if not scenario.changes:
        return
    known = parameters()
    varied = {str(name): values for name, values in asked.design.points.items() if not known[str(name)].structural}
    ends = {name: np.array([values.min(), values.max()], np.float64) for name, values in varied.items()}
    MarketModel(scenario, record=()).close()
    try:
        MarketModel(scenario, parameters={**asked.parameters, **ends}, replicates=2, record=()).close()
    except ValueError as error:
        raise StudyError(f"{error}, at the study's values: give a narrower range or another value") from None


def _check_claim(outcome: Outcome, begin: int | None, quarters: int) -> None:
    """Say which outcome is about a deal that is not there, or that ends too soon."""
    if begin is None and (outcome.statistic or outcome.firm == RECIPIENT):
        raise ValueError("it is about a deal, and the scenario holds none")
    if begin is not None and outcome.statistic:
        needed = begin + find_statistic(outcome.statistic).reach
        if quarters < needed:
            raise ValueError(f"{outcome.statistic} needs {needed} quarters from the start; quarters = {quarters}")


def _check_span(outcome: Outcome, first: int, quarters: int) -> None:
    """Say which outcome is read before or after the run."""
    last = first + quarters - 1
    if outcome.quantity and not first <= outcome.start <= outcome.end <= last:
        raise ValueError(f"it is read beyond the run, {quarter_date(first)} to {quarter_date(last)}")


def _check_quantity(outcome: Outcome, history: History) -> None:
    """Say which quantity or firm the model does not have."""
    kind, _, column = outcome.quantity.rpartition(".")
    known = history.units.get(kind or "indicators", {})
    if outcome.quantity and column not in known:
        raise ValueError(unknown_name(kind or "the indicators", column, known))
    names = history.firms.get(kind, ())
    if outcome.firm == RECIPIENT and kind != "ai_labs":
        raise ValueError("the recipient is a lab: give a quantity of ai_labs, as in ai_labs.market_share")
    if outcome.firm not in ("", RECIPIENT, *names):
        raise ValueError(unknown_name(kind, outcome.firm, names))
