"""Where rows stand in a kernel's memory, and which operations are reckoned inside others without being kept."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import numpy as np

from ...agents.state.shown import shown
from ..tape.passes import alive, split
from ..tape.quarter import QUARTER_INPUT, TracedQuarter
from ..tape.tape import Step

ELEMENTWISE = frozenset(
    {
        "add",
        "subtract",
        "multiply",
        "divide",
        "maximum",
        "minimum",
        "negative",
        "absolute",
        "fabs",
        "greater",
        "greater_equal",
        "less",
        "less_equal",
        "equal",
        "not_equal",
        "and",
        "or",
        "xor",
        "eqv",
        "not",
        "choice",
        "number",
        "truth",
        "isnan",
        "isfinite",
        "sqrt",
        "trunc",
        "floor",
        "ceil",
        "rint",
    }
)
"""Operations that a compiler makes of one row of each operand."""

LOOPS = ("exp", "log", "tanh", "expm1")
"""Operations that NumPy's own loops do, so that their bits are NumPy's."""


@shown()
@dataclass
class Region:
    """Rows that stand together: place in memory, and number."""

    first: int
    count: int

    @property
    def end(self) -> int:
        """The place behind it."""
        return self.first + self.count


@shown("outputs")
@dataclass
class Program:
    """Operations that run one after the other.

    Attributes:
        steps: the operations.
        place: by row of the tape, its place in memory; -1 for what is reckoned inside something else.
        outputs: rows that are read when all have run.
        inside: by an operation's first row and operand, the operation that is reckoned in the operand's place.
    """

    steps: list[Step]
    place: np.ndarray
    outputs: np.ndarray
    inside: dict[tuple[int, int], Step] = field(default_factory=dict)

    @property
    def roots(self) -> list[Step]:
        """The operations that are no part of another."""
        inner = {step.first for step in self.inside.values()}
        return [step for step in self.steps if step.first not in inner]

    def leaves(self, step: Step) -> list[np.ndarray]:
        """Return the rows that an operation reads, with those that operations inside it read."""
        read = []
        for operand, rows in enumerate(step.operands):
            inner = self.inside.get((step.first, operand))
            read += [rows] if inner is None else self.leaves(inner)
        return read


@shown("size", "regions")
@dataclass
class Placed:
    """A tape laid out in memory.

    Attributes:
        regions: literals, constants, parameters, state, draws, the quarter's number, room for operands of NumPy's loops
            and for the state to come, by name.
        literals: by row of the tape, the number that the text of the kernel holds.
        once: what runs once for fixed parameters.
        common: what runs every quarter, up to where its courses part.
        courses: what runs from there on: the usual course, and the whole one.
        size: rows of memory.
    """

    regions: dict[str, Region]
    literals: dict[int, float]
    once: Program
    common: Program
    courses: list[Program]
    size: int = 0


def placed(quarter: TracedQuarter, outputs: list[np.ndarray], state: set[str], coming: np.ndarray) -> Placed:
    """Lay a quarter out.

    Args:
        quarter: the quarter on its tape.
        outputs: rows that each of its courses gives.
        state: the inputs that are the state.
        coming: the rows that are the state after a usual quarter.
    """
    tape = quarter.tape
    lasting = tuple(name for name in tape.inputs if name.startswith("parameter "))
    base, regions = _inputs(quarter, state)
    parts = [split(tape, alive(tape, rows), lasting) for rows in outputs]
    once = Program(_united([steps for steps, _ in parts]), base, _read(parts, outputs))
    _find_inside(once)
    top = _place_for_good(once, regions["state"].end)
    early = _united([[step for step in steps if step.first < tape.fork] for _, steps in parts])
    late = [[step for step in steps if step.first >= tape.fork] for _, steps in parts]
    common = Program(early, once.place.copy(), _read([([], steps) for steps in late], outputs))
    _find_inside(common)
    _place_in_state(common, regions["state"], coming)
    room = _place_for_a_while(common, Room(top))
    courses = [Program(steps, common.place.copy(), rows) for steps, rows in zip(late, outputs, strict=True)]
    rooms = []
    for course in courses:
        _find_inside(course)
        rooms.append(_place_for_a_while(course, copy.deepcopy(room)).top)
    programs = (once, common, *courses)
    widest = [len(step.operands[0]) for program in programs for step in program.steps if step.name in LOOPS]
    regions["scratch"] = Region(max([top, room.top, *rooms]), max(widest, default=0))
    regions["state to come"] = Region(regions["scratch"].end, regions["state"].count)
    return Placed(regions, tape.literal_values, once, common, courses, regions["state to come"].end)


def _united(parts: list[list[Step]]) -> list[Step]:
    """Return the operations of several lists, in the order of the tape."""
    found = {step.first: step for steps in parts for step in steps}
    return [found[first] for first in sorted(found)]


def _inputs(quarter: TracedQuarter, state: set[str]) -> tuple[np.ndarray, dict[str, Region]]:
    """Place what a run fills in: numbers of the text, fixed arrays, parameters, state, draws, the quarter's number."""
    tape = quarter.tape
    place, top = np.full(tape.rows, -1), len(tape.literal_values)
    regions = {"literals": Region(0, top)}
    place[list(tape.literal_values)] = np.arange(top)
    groups = {"constants": [(first, len(values)) for first, values in tape.constants]}
    for region, begins in (("parameters", "parameter "), ("draws", "draw "), (QUARTER_INPUT,) * 2):
        groups[region] = [where for name, where in tape.inputs.items() if name.startswith(begins)]
    groups["state"] = [where for name, where in tape.inputs.items() if name in state]
    for region, pieces in groups.items():
        begin = top
        for first, count in pieces:
            place[first : first + count] = np.arange(top, top + count)
            top += count
        regions[region] = Region(begin, top - begin)
    return place, regions


def _read(parts: list[tuple[list[Step], list[Step]]], outputs: list[np.ndarray]) -> np.ndarray:
    """Return the rows that operations of every quarter read, or give."""
    read = [rows for _, always in parts for step in always for rows in step.operands]
    return np.unique(np.concatenate([*read, *outputs]))


def _find_inside(program: Program) -> None:
    """Find operations of which one other alone makes use, element by element: they need no place."""
    steps = program.steps
    maker = np.full(len(program.place), -1)
    for number, step in enumerate(steps):
        maker[step.first : step.first + step.count] = number
    uses: dict[int, list[tuple[Step, int]]] = {}
    for step in steps:
        for operand, read in enumerate(step.operands):
            for number in np.unique(maker[read]):
                uses.setdefault(int(number), []).append((step, operand))
    wanted = set(maker[program.outputs].tolist())
    for number, step in enumerate(steps):
        readers = uses.get(number, [])
        if number in wanted or len(readers) != 1 or step.name not in ELEMENTWISE:
            continue
        reader, operand = readers[0]
        read = reader.operands[operand]
        same = len(read) == step.count and read[0] == step.first and (np.diff(read) == 1).all()
        if same and (reader.name in ELEMENTWISE or reader.name.startswith("all ") or reader.name in LOOPS):
            program.inside[reader.first, operand] = step


def _place_in_state(program: Program, state: Region, coming: np.ndarray) -> None:
    """Place the state to come where the state stands, as far as that is read no more when the new one is made."""
    place, roots = program.place, program.roots
    to = {row: number for number, row in reversed(list(enumerate(coming.tolist(), state.first)))}
    until = np.full(state.end, -1)
    for position, step in enumerate(roots):
        for rows in program.leaves(step):
            until[_inside(place[rows], state)] = position
    until[_inside(place[program.outputs], state)] = len(roots)
    for position, step in enumerate(roots):
        begin = to.get(step.first, -1)
        target = np.arange(begin, begin + step.count)
        made = range(step.first, step.first + step.count)
        if begin < 0 or [to.get(row) for row in made] != target.tolist():
            continue
        last = int(until[target].max())
        if last < position or (last == position and _reads_in_place(program, step, target)):
            place[step.first : step.first + step.count] = target


def _inside(places: np.ndarray, region: Region) -> np.ndarray:
    """Return the places that lie in a region."""
    return places[(places >= region.first) & (places < region.end)]


def _reads_in_place(program: Program, step: Step, target: np.ndarray) -> bool:
    """Return whether an operation reads of the places that it is to write to only that which it writes just then."""
    if step.name not in ELEMENTWISE:
        return False
    read = [program.place[rows] for rows in program.leaves(step)]
    return all(((places == target) | ~np.isin(places, target)).all() for places in read)


def _place_for_good(program: Program, top: int) -> int:
    """Place what is reckoned once; return the place behind it."""
    for step in program.roots:
        program.place[step.first : step.first + step.count] = np.arange(top, top + step.count)
        top += step.count
    return top


def _place_for_a_while(program: Program, room: Room) -> Room:
    """Place what a quarter makes and has no place, each in room that is free by then; what it gives stays."""
    roots = program.roots
    last = _last_reads(program, roots)
    ending: dict[int, list[Step]] = {}
    for step, end in zip(roots, last, strict=True):
        ending.setdefault(end, []).append(step)
    for position, step in enumerate(roots):
        if program.place[step.first] < 0:
            place = room.take(step.count)
            program.place[step.first : step.first + step.count] = np.arange(place, place + step.count)
        for done in ending.get(position, ()):
            room.free(int(program.place[done.first]), done.count)
    return room


def _last_reads(program: Program, roots: list[Step]) -> list[int]:
    """Return for each operation the position of the last one that reads it; beyond the end for outputs."""
    owner = np.full(len(program.place), -1)
    for position, step in enumerate(roots):
        owner[step.first : step.first + step.count] = position
    last = np.arange(len(roots))
    for position, step in enumerate(roots):
        for rows in program.leaves(step):
            made = owner[rows]
            last[made[made >= 0]] = position
    made = owner[program.outputs]
    last[made[made >= 0]] = len(roots)
    return [int(end) for end in last]


class Room:
    """Free memory: the smallest piece that fits is taken, and neighbours that come free are put together."""

    def __init__(self, top: int) -> None:
        self.top = top
        self.pieces: dict[int, int] = {}
        self.ends: dict[int, int] = {}

    def take(self, count: int) -> int:
        """Return the place of so many free rows."""
        fitting = [(size, place) for place, size in self.pieces.items() if size >= count]
        if not fitting:
            self.top += count
            return self.top - count
        size, place = min(fitting)
        self._drop(place)
        if size > count:
            self._add(place + count, size - count)
        return place

    def free(self, place: int, count: int) -> None:
        """Let rows be taken again."""
        if place in self.ends:
            before = self.ends[place]
            count, place = count + self.pieces[before], before
            self._drop(before)
        if place + count in self.pieces:
            after = place + count
            count += self.pieces[after]
            self._drop(after)
        self._add(place, count)

    def _add(self, place: int, count: int) -> None:
        """Note a free piece."""
        self.pieces[place], self.ends[place + count] = count, place

    def _drop(self, place: int) -> None:
        """Forget a free piece."""
        del self.ends[place + self.pieces.pop(place)]
