"""A kernel that runs: a model's values go in, quarters run for eight replicates at a time, records come out."""

from __future__ import annotations

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...agents.state.arrays import Floats
from ...agents.state.shown import shown
from ..randomness import Stream
from ..tape.holdings import held_at
from .plan import Held, Plan
from .shared_library import Kept, Library
from .source import LANES

if TYPE_CHECKING:
    from ..market_model import MarketModel

MOST_DRAWS = 8_000_000
"""Bytes of random numbers that are kept for runs side by side."""

ENDS = ("residuals.", "broken.")
"""How paths begin of what a run tells of all its quarters together; each of them is one row."""

ACTIVE = "active"
"""The column that is kept of every kind of firm."""

Report = Callable[[int], None]
"""Is told how many replicates have just run all quarters."""


@shown("items")
class Room(NamedTuple):
    """Room for records.

    Attributes:
        kept: the array that holds them.
        items: by kind, which rows of it hold what.
    """

    kept: Kept
    items: dict[str, tuple[Held, ...]]


@shown("after", "judged")
class Outcome(NamedTuple):
    """What a run gives.

    Attributes:
        records: by kind and name, shape (quarters, ..., R).
        after: by path, what a run tells of all its quarters together, shape (R,).
        judged: how often an answer of a class of one's own was wrong, shape (R,).
    """

    records: dict[str, dict[str, Floats]]
    after: dict[str, Floats]
    judged: Floats


def kept_draws(model: MarketModel, wanted: tuple[tuple[int, int], ...], quarters: int) -> Floats:
    """Return random numbers of quarters, shape (quarters, n, R): those of runs side by side are drawn once.

    Args:
        model: whose replicates and seed they are, from the quarter on at which it is.
        wanted: stream and number of firms of each.
        quarters: how many quarters.
    """
    chance = model.chance
    key = chance.seed, chance.replicates, wanted, model.quarter, quarters
    with _draws_lock:
        if key in _draws:
            _draws.move_to_end(key)
            return _draws[key]
    drawn, first = np.empty((quarters, sum(firms for _, firms in wanted), model.replicates)), 0
    for stream, firms in wanted:
        drawn[:, first : first + firms] = chance.span(Stream(stream), firms, model.quarter, quarters)
        first += firms
    with _draws_lock:
        _draws[key] = drawn
        while len(_draws) > 1 and sum(array.nbytes for array in _draws.values()) > MOST_DRAWS:
            _draws.popitem(last=False)
    return drawn


_draws: OrderedDict[Any, Floats] = OrderedDict()
_draws_lock = threading.Lock()


@shown("plan")
class Kernel:
    """A compiled quarter.

    Args:
        plan: where everything stands.
        library: the compiled text.
    """

    def __init__(self, plan: Plan, library: Library) -> None:
        self.plan, self.compiled = plan, library
        self._rooms: dict[Any, Any] = {}

    def room(self, wanted: Mapping[str, Sequence[str]], quarters: int, replicates: int) -> Room:
        """Return room for what a history wants of quarters and replicates."""
        key = tuple((kind, tuple(names)) for kind, names in wanted.items())
        if key not in self._rooms:
            self._rooms[key] = self._rows_of(wanted)
        numbers, ends, items = self._rooms[key]
        return Room(Kept(_in_lines(quarters, len(numbers), replicates), numbers, ends), items)

    def _rows_of(
        self, wanted: Mapping[str, Sequence[str]]
    ) -> tuple[np.ndarray, np.ndarray, dict[str, tuple[Held, ...]]]:
        """Return the rows of what a history wants, those wanted in the end, and where records then stand."""
        none = np.zeros(0, dtype=np.uint32)
        which, items, first = [none], dict[str, tuple[Held, ...]](), 0
        for kind, names in wanted.items():
            moved = []
            for item in _chosen(self.plan.records[kind], names):
                which.append(np.arange(item.rows.start, item.rows.stop, dtype=np.uint32))
                moved.append(item._replace(first=first))
                first += len(which[-1])
            items[kind] = tuple(moved)
        ends = [np.arange(item.rows.start, item.rows.stop, dtype=np.uint32) for item in self.ends]
        return np.concatenate(which), np.concatenate([none, *ends]), items

    @property
    def ends(self) -> list[Held]:
        """What is wanted of the state when all quarters have run."""
        return [item for item in self.plan.state if item.name.startswith(ENDS)]

    def run(self, model: MarketModel, room: Room, report: Report | None = None) -> Outcome:
        """Run quarters of a model that is at some quarter, and leave what it holds as it is.

        Args:
            model: the model.
            room: where records go; it says how many quarters are run.
            report: is told of replicates that have run.
        """
        count, first = model.replicates, model.quarter
        quarters = len(room.kept.records)
        state = self.loaded(model)
        pieces = list(self._pieces(model, quarters))
        draws = self.drawn(model, quarters)
        after = np.empty((len(room.kept.ends), count))
        judged, memory = np.zeros(count), self.memory()
        for begin in range(0, count, LANES):
            block = slice(begin, min(begin + LANES, count))
            held: dict[str, Floats | None] = {"state": state, "judged": judged}
            for number, (span, values) in enumerate(pieces):
                kept = room.kept._replace(records=room.kept.records[span])
                held |= {"draws": draws[span], "parameters": values}
                held["after"] = after if number == len(pieces) - 1 else None
                self.compiled.run(memory, block, first + span.start, kept, **held)
                held["state"] = None
            if report is not None:
                report(block.stop - block.start)
        span = slice(room.kept.offset, room.kept.offset + count)
        return Outcome(
            {kind: parts_of(items, room.kept.records[..., span]) for kind, items in room.items.items()},
            {item.name: row for item, row in zip(self.ends, after, strict=True)},
            judged,
        )

    def memory(self) -> np.ndarray:
        """Return memory for a block, with literals and fixed arrays in it."""
        memory = self.compiled.memory()
        memory[: len(self.plan.image)] = self.plan.image[:, None]
        return memory

    def loaded(self, model: MarketModel) -> Floats:
        """Return what a model holds as rows, shape (n, R); nothing for what comes up in its first quarter."""
        rows = np.zeros((self.plan.sizes["state"], model.replicates))
        for item in self.plan.state:
            held = held_at(model, item.name)
            if held is not None:
                rows[item.rows] = held.reshape(-1, model.replicates)
        return rows

    def values(self, model: MarketModel) -> Floats:
        """Return the values in force as rows, shape (n, R)."""
        given = vars(model.parameters)
        single = [(item.first, given[item.name]) for item in self.plan.parameters if type(given[item.name]) is float]
        places, numbers = zip(*single, strict=True) if single else ((), ())
        rows = np.empty((self.plan.sizes["parameters"], model.replicates))
        rows[list(places)] = np.array(numbers)[:, None]
        for item in self.plan.parameters:
            if type(given[item.name]) is not float or item.shape:
                rows[item.rows] = given[item.name]
        return rows

    def drawn(self, model: MarketModel, quarters: int) -> Floats:
        """Return the random numbers of quarters, shape (quarters, n, R)."""
        return kept_draws(model, self.plan.draws, quarters)

    def _pieces(self, model: MarketModel, quarters: int) -> Iterator[tuple[slice, Floats]]:
        """Yield spans of quarters over which the values in force stay the same, with those values."""
        first, begun = model.quarter, model.now
        turns = sorted(turn - begun for turn in model._schedule if 0 < turn - begun < quarters)
        for begin, end in zip([0, *turns], [*turns, quarters], strict=True):
            model.quarter = first + begin
            model.apply_changes()
            yield slice(begin, end), self.values(model)
        model.quarter = first


def _in_lines(*shape: int) -> Floats:
    """Return an array that begins where a line of the cache does, so that eight replicates are one line."""
    size = math.prod(shape)
    room = np.empty(size + LANES)
    begin = -(room.ctypes.data // room.itemsize) % LANES
    return room[begin : begin + size].reshape(shape)


def _chosen(items: tuple[Held, ...], names: Sequence[str]) -> list[Held]:
    """Return the records of a kind that are wanted: those named, in that order, and whether a firm is active."""
    if not names:
        return list(items)
    known = {item.name: item for item in items}
    return [known[name] for name in dict.fromkeys((*names, ACTIVE)) if name in known]


def parts_of(names: tuple[Held, ...], records: Floats) -> dict[str, Floats]:
    """Return records by name, in the order in which NumPy's runs come upon them; nothing of what nobody saw."""
    quarters, count = len(records), records.shape[2]
    arrays = {item: records[:, item.rows].reshape(quarters, *item.shape, count) for item in names}
    seen = {item: _first_seen(array) if item.optional else 0 for item, array in arrays.items()}
    order = sorted((item for item in names if seen[item] < quarters), key=lambda item: seen[item])
    return {item.name: arrays[item] for item in order}


def _first_seen(array: Floats) -> int:
    """Return the first quarter in which there is anything, the number of quarters where there never is."""
    there = (array != 0.0).reshape(len(array), -1).any(1)
    return int(there.argmax()) if there.any() else len(array)
