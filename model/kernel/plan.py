"""What is to be known of a kernel in order to run it: where everything stands, and the text to compile."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ...agents.state.shown import shown
from ..tape.quarter import Course, TracedQuarter
from ..tape.tape import MASK
from .placing import Placed, placed
from .runner import Given, runner
from .source import Tables, text_of


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
        state: what a model holds.
        parameters: the values in force.
        draws: stream and number of firms of random numbers, by their place.
        records: by kind, what is kept of a quarter.
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
    records, held = _records(quarter.whole)
    given = [_given(quarter, course, held) for course in (quarter.usual, quarter.whole)]
    found = placed(quarter, [np.concatenate([quarter.seldom, given[0].rows]), given[1].rows])
    sizes = {
        "rows": found.size,
        **{name: found.regions[name].count for name in ("parameters", "state", "draws")},
        "records": records,
        "judged": max(len(item.judged) for item in given),
    }
    text = text_of(found, ["prepare", "usual", "whole"], Tables(found.size))
    return Plan(
        text + "\n" + runner(found, *given, int(quarter.seldom[0])),
        sizes,
        _image(quarter, found),
        _held(quarter.state),
        _held(quarter.parameters),
        tuple((int(stream), firms) for stream, firms in quarter.draws),
        held,
    )


def _records(course: Course) -> tuple[int, dict[str, tuple[Held, ...]]]:
    """Return how many rows are kept of a quarter, and where each record stands among them."""
    first, held = 0, dict[str, tuple[Held, ...]]()
    for kind, named in course.records.items():
        found = []
        for name, output in named.items():
            found.append(Held(name, output.rows.shape, first, output.optional))
            first += output.rows.size
        held[kind] = tuple(found)
    return first, held


def _given(quarter: TracedQuarter, course: Course, held: dict[str, tuple[Held, ...]]) -> Given:
    """Return the rows that a course gives; of what it does not record, nothing."""
    nothing = quarter.tape.literal(0.0)
    records = []
    for kind, items in held.items():
        for item in items:
            output = course.records[kind].get(item.name)
            records.append(np.full(item.shape, nothing).ravel() if output is None else output.rows.ravel())
    coming = [course.after[path].rows.ravel() for path in quarter.state]
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
