"""What is to be known of a kernel in order to run it: where everything stands, and the text to compile."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ...agents.state.shown import shown
from ..tape.passes import alive
from ..tape.quarter import Course, TracedQuarter
from ..tape.tape import MASK
from .placing import Placed, placed
from .runner import Given, runner
from .source import Tables, text_of

AFTER = "after"
"""Under what the whole state after a quarter can be kept like a record."""

STATE = "state "
"""How names of inputs begin that are a part of the state."""


@shown()
class Held(NamedTuple):
    """Rows of an array: its name, its shape without replicates, its first row among others of its sort.

    Attributes:
        name: the path, parameter or record.
        shape: the shape without the axis of replicates.
        first: the first of its rows.
        optional: whether a record leaves it out where it is nothing in all replicates.
    """

    name: str
    shape: tuple[int, ...]
    first: int
    optional: bool = False

    @property
    def rows(self) -> slice:
        """Its rows."""
        return slice(self.first, self.first + int(np.prod(self.shape, dtype=np.int64)))


@shown("key", "sizes")
@dataclass
class Plan:
    """A kernel before it is compiled.

    Attributes:
        text: its text in C.
        sizes: by name, how many rows it has of each sort.
        image: the bits of literals and fixed arrays, which stand first in memory.
        state: the part of what a model holds that quarters read.
        parameters: the values in force.
        draws: stream and number of firms of random numbers, by their place.
        records: by kind, what is kept of a quarter; the whole state after it is a kind, too.
    """

    text: str
    sizes: dict[str, int]
    image: np.ndarray
    state: tuple[Held, ...]
    parameters: tuple[Held, ...]
    draws: tuple[tuple[int, int], ...]
    records: dict[str, tuple[Held, ...]]

    @property
    def key(self) -> str:
        """What tells this kernel's text from every other."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def plan_of(quarter: TracedQuarter) -> Plan:
    """Return the plan of a traced quarter."""
    records, held = _records(quarter)
    state = _read_state(quarter, held)
    given = [_given(quarter, course, state, held) for course in (quarter.usual, quarter.whole)]
    outputs = [np.concatenate([quarter.early, quarter.seldom, given[0].rows]), given[1].rows]
    found = placed(quarter, outputs, {STATE + path for path in state}, given[0].coming)
    sizes = {
        "rows": found.size,
        **{name: found.regions[name].count for name in ("parameters", "state", "draws")},
        "records": records,
        "judged": max(len(item.judged) for item in given),
    }
    text = text_of(found, quarter.last, Tables(found.size))
    return Plan(
        text + "\n" + runner(found, given[0], given[1], (int(quarter.early[0]), int(quarter.seldom[0]))),
        sizes,
        _image(quarter, found),
        _held(state),
        _held(quarter.parameters),
        tuple((int(stream), firms) for stream, firms in quarter.draws),
        held,
    )


def _read_state(quarter: TracedQuarter, held: dict[str, tuple[Held, ...]]) -> dict[str, np.ndarray]:
    """Return the part of the state that a quarter reads: what it only writes need not be kept for the next one."""
    courses = quarter.usual, quarter.whole
    wanted: set[str] = set()
    while True:
        used = np.zeros(quarter.tape.rows, dtype=bool)
        state = {path: rows for path, rows in quarter.state.items() if path in wanted}
        for course in courses:
            outputs = np.concatenate([quarter.seldom, _given(quarter, course, state, held).rows])
            used[outputs] = True
            for step in alive(quarter.tape, outputs):
                for rows in step.operands:
                    used[rows] = True
        found = {path for path, rows in quarter.state.items() if used[rows].any()}
        if found <= wanted:
            return state
        wanted |= found


def _records(quarter: TracedQuarter) -> tuple[int, dict[str, tuple[Held, ...]]]:
    """Return how many rows can be kept of a quarter, and where each record stands among them; the state is one."""
    first, held = 0, dict[str, tuple[Held, ...]]()
    for kind, named in (*quarter.whole.records.items(), (AFTER, quarter.whole.after)):
        found = []
        for name, output in named.items():
            found.append(Held(name, output.rows.shape, first, output.optional))
            first += output.rows.size
        held[kind] = tuple(found)
    return first, held


def _given(
    quarter: TracedQuarter, course: Course, state: dict[str, np.ndarray], held: dict[str, tuple[Held, ...]]
) -> Given:
    """Return the rows that a course gives; of what it does not record, nothing."""
    nothing = quarter.tape.literal(0.0)
    records = []
    for kind, items in held.items():
        named = course.after if kind == AFTER else course.records[kind]
        for item in items:
            output = named.get(item.name)
            records.append(np.full(item.shape, nothing).ravel() if output is None else output.rows.ravel())
    coming = [course.after[path].rows.ravel() for path in state]
    return Given(_joined(coming), _joined(records), _joined(course.judged))


def _joined(rows: list[np.ndarray]) -> np.ndarray:
    """Return rows one after the other."""
    return np.concatenate([np.zeros(0, dtype=np.int64), *rows])


def _held(named: dict[str, np.ndarray]) -> tuple[Held, ...]:
    """Return where arrays stand that follow one another."""
    found, first = [], 0
    for name, rows in named.items():
        found.append(Held(name, rows.shape, first))
        first += rows.size
    return tuple(found)


def _image(quarter: TracedQuarter, found: Placed) -> np.ndarray:
    """Return the bits of literals and fixed arrays, one a row."""
    count = found.regions["constants"].first + found.regions["constants"].count
    image = np.zeros(count)
    bits: Any = image.view(np.int64)
    for (kind, _), row in quarter.tape.literals.items():
        value = quarter.tape.literal_values[row]
        if kind == MASK:
            bits[found.once.place[row]] = -1 if value else 0
        else:
            image[found.once.place[row]] = value
    for first, values in quarter.tape.constants:
        image[found.once.place[first : first + len(values)]] = values
    return image
