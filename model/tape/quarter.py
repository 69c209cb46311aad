"""One quarter of a model on a tape: whatever the model holds by replicate goes in and comes out as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...agents.state.answers import Fault, Occasion
from ...agents.state.arrays import Floats
from ...agents.state.population import Population
from ...agents.state.shown import shown
from ..parameters import parameters
from ..quarter import QUARTER
from ..randomness import Stream
from .holdings import change_holdings, holdings
from .reckoning import BOOL, FLOAT, INT, as_dtype, lifted, traced
from .refusal import refused_at
from .tape import MASK, Tape

if TYPE_CHECKING:
    from ..market_model import MarketModel
    from .traced import Traced

QUARTER_INPUT = "quarter"
LEAST_LANES = 13
"""Replicates with which a quarter is written down, at least: a prime number that is no axis's length, nor
one more, so that no other axis is taken for theirs; what is taken for theirs and is not, is refused."""

SMALL = 1e-4
"""How far parameters of the replicates lie apart while a quarter is written down, as a part of their values."""


@shown()
class Output(NamedTuple):
    """Rows that a quarter gives.

    Attributes:
        rows: their numbers, in the shape of the array without its axis of replicates.
        optional: whether a record keeps nothing of them where all are nothing.
    """

    rows: np.ndarray
    optional: bool = False


@shown("after", "records")
@dataclass
class Course:
    """What one course of a quarter gives.

    Attributes:
        after: by path, what the model holds when the quarter ends.
        records: by kind and name, what the history keeps.
        judged: rows of truth values, one for each answer of a class of one's own that may be wrong.
    """

    after: dict[str, Output] = field(default_factory=dict)
    records: dict[str, dict[str, Output]] = field(default_factory=dict)
    judged: list[np.ndarray] = field(default_factory=list)


@shown("state", "parameters")
@dataclass
class TracedQuarter:
    """A quarter on a tape, in two courses: the usual one, and the whole one with all that seldom happens.

    Attributes:
        tape: the operations of both; what they have in common is there once.
        state: by path, what the model holds when the quarter begins: rows in the shape of the array.
        parameters: by name, the rows of a parameter's values.
        draws: by stream and number of firms, the rows of random numbers.
        usual: the course in which nothing happens that seldom does.
        whole: the course that holds in any case.
        seldom: a row of truth values: whether the usual course does not hold.
        early: the same, as far as it is known before the last phase.
        last: the first row of the last phase of the usual course.
    """

    tape: Tape
    state: dict[str, np.ndarray] = field(default_factory=dict)
    parameters: dict[str, np.ndarray] = field(default_factory=dict)
    draws: dict[tuple[Stream, int], np.ndarray] = field(default_factory=dict)
    usual: Course = field(default_factory=Course)
    whole: Course = field(default_factory=Course)
    seldom: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    early: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    last: int = 0

    @property
    def course(self) -> Course:
        """The course that is being written down."""
        return self.usual if self.tape.usual else self.whole

    def given(self, name: str, shape: tuple[int, ...], *, lanes: bool = True) -> Traced:
        """Return an input as a traced array; its rows are named when it is first asked for."""
        rows = self.tape.given(name, int(np.prod(shape, dtype=np.int64))).reshape(shape)
        return traced(self.tape, rows, FLOAT, lanes)


class TracedOccasion(Occasion):
    """When answers are asked for on a tape: which are wrong is known when it runs."""

    def __init__(self, quarter: TracedQuarter) -> None:
        super().__init__()
        self.quarter = quarter

    def judge(
        self, who: Sequence[str], quarter: int, what: str, wrong: np.ndarray, fault: Fault, array: Floats
    ) -> None:
        """Write down whether an answer is wrong in any row."""
        found = wrong.reshape(-1, wrong.shape[-1]).any(0)
        self.quarter.course.judged.append(lifted(self.quarter.tape, found).rows().ravel())


class TracedMarket:
    """Laid over a model whose quarter is being written down: numbers of the run are inputs, Mesa's list stays."""

    traced: TracedQuarter
    parameters: Any
    replicates: int

    def list_agents(self) -> None:
        """Leave Mesa's list alone."""

    def apply_changes(self) -> None:
        """Leave the values in force alone: they are inputs."""

    def normal(self, stream: Stream, firms: int) -> Floats:
        """Return the rows of a quarter's standard normal random numbers."""
        return self.uniform(stream, firms) if self.parameters.chance else np.zeros((firms, self.replicates))

    def uniform(self, stream: Stream, firms: int) -> Floats:
        """Return the rows of a quarter's random numbers."""
        made: Any = self.traced.given(f"draw {stream.name} {firms}", (firms,))
        self.traced.draws[stream, firms] = made.rows()
        return made


def trace_quarter(build: Any) -> TracedQuarter:
    """Write down one quarter of a model.

    Args:
        build: makes the model, given the numbers of its replicates and values of its parameters.

    Raises:
        UntraceableError: a rule does what a tape cannot hold.
    """
    try:
        model = _model_to_trace(build)
    except Exception as error:
        raise refused_at(error, "with several replicates") from error
    found = TracedQuarter(Tape(model.replicates))
    model.__class__ = type("TracedMarket", (TracedMarket, type(model)), {})
    model.traced = found
    try:
        for usual in (True, False):
            found.tape.usual = usual
            _begin(model, found)
            for phase in QUARTER[:-1]:
                phase.run(model)
            if usual:
                found.early, found.last = _any(found.tape), found.tape.rows
            QUARTER[-1].run(model)
            _end(model, found)
        found.seldom = _any(found.tape)
    except Exception as error:
        raise refused_at(error, "on traced arrays") from error
    if found.tape.refused:
        raise found.tape.refused[0]
    return found


def _model_to_trace(build: Any) -> Any:
    """Return a model that has run one quarter, with replicates whose parameters all differ a little.

    What hangs on a parameter then differs between replicates, so that nothing of it is taken for a fixed number.
    """
    first = build(replicate=[0], parameters={})
    lanes = _prime_apart(_axes(first))
    apart = 1.0 - SMALL * np.arange(1, lanes + 1) / lanes
    varied = {}
    for name, item in parameters().items():
        value = getattr(first.parameters, name, None)
        if not item.structural and isinstance(value, float):
            own = first.overrides.get(name, item.default)
            value = np.clip(own * apart if own else (item.high - item.low) * (1.0 - apart), item.low, item.high)
            varied[name] = value
    first.close()
    model = build(replicate=list(range(lanes)), parameters=varied)
    with np.errstate(all="ignore"):
        model.step()
    return model


def _axes(model: MarketModel) -> set[int]:
    """Return the lengths of all axes of a model's arrays but that of replicates."""
    return {length for array in holdings(model).values() for length in array.shape[:-1]}


def _prime_apart(lengths: set[int]) -> int:
    """Return the first prime number that is no length, nor one more or less, nor the sum of two lengths."""
    near = {length + more for length in lengths for more in (-1, 0, 1)}
    near |= {one + other for one in lengths for other in lengths}
    number = LEAST_LANES
    while number in near or any(number % factor == 0 for factor in range(2, int(number**0.5) + 1)):
        number += 1
    return number


def _begin(model: Any, found: TracedQuarter) -> None:
    """Put inputs in place of what the model holds when the quarter begins."""
    occasion = TracedOccasion(found)

    def given(path: str, array: Any) -> Any:
        made = found.given(f"state {path}", array.shape[:-1])
        found.state[path] = made.rows()
        made.flags.writeable = False
        return as_dtype(made, BOOL) if array.dtype == BOOL else made

    change_holdings(model, given)
    for table in {id(table): table for table in (*model.populations, model.vehicles, model.facilities)}.values():
        vars(table)["_kept"] = {}
        if isinstance(table, Population):
            table.occasion = occasion
    model.occasion = occasion
    known = parameters()
    for name, value in vars(model.parameters).items():
        if isinstance(value, float | np.ndarray) and not (name in known and known[name].structural):
            shape = _firms_of(model, name, value)
            made = found.given(f"parameter {name}", shape)
            found.parameters[name] = made.rows()
            setattr(model.parameters, name, made)
    quarter = found.given(QUARTER_INPUT, (), lanes=False)
    model.quarter = as_dtype(quarter, INT)


def _firms_of(model: Any, name: str, value: Any) -> tuple[int, ...]:
    """Return the axis of firms of a parameter in which they differ now or when it changes, none for others."""
    changed = [values[name] for values in model._schedule.values() if name in values]
    return next((np.shape(item)[:1] for item in (value, *changed) if np.ndim(item) > 1), ())


def _end(model: Any, found: TracedQuarter) -> None:
    """Keep the rows of all that the model holds and records when the quarter ends."""
    course = found.course
    for path, array in holdings(model).items():
        course.after[path] = _output(found.tape, array)
    new = course.after.keys() - found.state.keys()
    if new:
        raise found.tape.no(f"the model holds {min(new)} after a quarter and not before one: let it begin as nothing")
    for kind in model.history.wanted:
        kept: Mapping[str, Any] = model.history.kept[kind][-1]
        outputs = {name: _output(found.tape, array) for name, array in kept.items()}
        unusual = set() if found.tape.usual else outputs.keys() - found.usual.records[kind].keys()
        course.records[kind] = {
            name: output._replace(optional=output.optional or name in unusual) for name, output in outputs.items()
        }


def _output(tape: Tape, array: Any) -> Output:
    """Return the rows of an array."""
    made = lifted(tape, array)
    return Output(as_dtype(made, FLOAT).rows(), tape.is_optional(made))


def _any(tape: Tape) -> np.ndarray:
    """Return the row of whether anything happens that seldom does."""
    found = [as_dtype(lifted(tape, guard), BOOL).rows().ravel() for guard in tape.seldom]
    rows = np.concatenate([np.full(1, tape.literal(0.0, MASK)), *found])
    return tape.step("all or", (rows,), 1, len(rows), MASK)
