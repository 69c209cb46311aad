"""The tape: operations on rows in the order in which they run; a row is one number of every replicate."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ...agents.state.shown import shown
from .refusal import UntraceableError

Rows = np.ndarray
"""Numbers of rows, whole numbers of any shape."""

NUMBER, MASK = "number", "mask"
"""What a row holds: numbers, or truth values."""


@shown("name", "first", "count", "depth", "kind")
@dataclass(frozen=True)
class Step:
    """One operation: n rows are made of as many rows of every operand, or of k times as many that are put together.

    Attributes:
        name: what is done.
        first: the first row that it makes; they follow one another.
        count: how many rows it makes.
        operands: rows it reads, shape (count,) each, or (k * count,) where k rows are put together.
        depth: k, 0 where every row is made of one row of each operand.
        kind: what the rows hold.
    """

    name: str
    first: int
    count: int
    operands: tuple[Rows, ...]
    depth: int
    kind: str


@shown("lanes", "rows", "guards")
@dataclass
class Tape:
    """What a quarter does.

    Attributes:
        lanes: the number of replicates with which it is written down.
        rows: the number of rows so far.
        literals: rows of numbers that the rules' text holds, by kind and bits.
        literal_values: the value of each, by row.
        constants: rows of fixed arrays, which are the same in all replicates: first row and values of each.
        inputs: rows that a run fills in: name, and first row and number of rows.
        steps: the operations.
        guards: how many declared guards were met.
        usual: whether the quarter that is being written down is one in which nothing happens that seldom does.
        fork: the number of rows when the first thing was met that seldom happens: up to there courses are the same.
        seldom: what would have to be something for the quarter not to be a usual one.
        refused: what could not be written down.
        optional: arrays of which a record keeps nothing where they are nothing in all replicates, by identity.
        held: those arrays, so that no other takes their identity.
    """

    lanes: int
    rows: int = 0
    literals: dict[tuple[str, bytes], int] = field(default_factory=dict)
    literal_values: dict[int, float] = field(default_factory=dict)
    constants: list[tuple[int, np.ndarray]] = field(default_factory=list)
    inputs: dict[str, tuple[int, int]] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    guards: int = 0
    usual: bool = False
    fork: int = 0
    seldom: list[Any] = field(default_factory=list)
    refused: list[BaseException] = field(default_factory=list)
    optional: set[int] = field(default_factory=set)
    held: list[np.ndarray] = field(default_factory=list)
    _known_arrays: dict[bytes, int] = field(default_factory=dict)
    _known_steps: dict[tuple[str, int, tuple[bytes, ...]], int] = field(default_factory=dict)

    def is_optional(self, array: Any) -> bool:
        """Return whether a record keeps nothing of an array where it is nothing in all replicates."""
        return id(array.marks) in self.optional

    def no(self, why: str) -> BaseException:
        """Return a refusal, and keep it."""
        self.refused.append(UntraceableError(why))
        return self.refused[-1]

    def new(self, count: int) -> int:
        """Return the first of some new rows."""
        first, self.rows = self.rows, self.rows + count
        return first

    def literal(self, value: float, kind: str = NUMBER) -> int:
        """Return the row of a number that a rule's text holds."""
        key = kind, np.float64(value).tobytes()
        if key not in self.literals:
            self.literals[key] = self.new(1)
            self.literal_values[self.literals[key]] = float(value)
        return self.literals[key]

    def fixed(self, values: np.ndarray, kind: str) -> Rows:
        """Return rows of an array that is the same in all replicates; zeros and ones are a rule's text."""
        if kind == MASK or values.size == 1 or np.isin(values, (0.0, 1.0)).all():
            flat = [self.literal(value, kind) for value in values.ravel().tolist()]
            return np.array(flat, dtype=np.int64).reshape(values.shape)
        key = np.ascontiguousarray(values, dtype=np.float64).tobytes()
        if key not in self._known_arrays:
            self._known_arrays[key] = self.new(values.size)
            self.constants.append((self._known_arrays[key], np.array(values, dtype=np.float64).ravel()))
        first = self._known_arrays[key]
        return np.arange(first, first + values.size).reshape(values.shape)

    def given(self, name: str, count: int) -> Rows:
        """Return the rows of an input, made when it is first named."""
        if name not in self.inputs:
            self.inputs[name] = self.new(count), count
        first, held = self.inputs[name]
        if held != count:
            raise ValueError(f"{name} has {held} rows, asked for {count}")
        return np.arange(first, first + count)

    def step(self, name: str, operands: tuple[Rows, ...], count: int, depth: int = 0, kind: str = NUMBER) -> Rows:
        """Write an operation down and return the rows that it makes; one that is there already is not repeated."""
        flat = tuple(np.ascontiguousarray(rows, dtype=np.int64).ravel() for rows in operands)
        key = name, depth, tuple(rows.tobytes() for rows in flat)
        if key not in self._known_steps:
            self._known_steps[key] = self.new(count)
            self.steps.append(Step(name, self._known_steps[key], count, flat, depth, kind))
        first = self._known_steps[key]
        return np.arange(first, first + count)
