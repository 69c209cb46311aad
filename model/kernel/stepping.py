"""A single model stepped in a kernel: its quarter runs there, and the model holds what NumPy would leave in it."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...agents.state.arrays import Floats
from ...agents.state.shown import shown
from ...agents.state.table import Table
from ..accounting.ledger import Entry
from ..deals.leases import Leases
from ..randomness import Stream
from ..records.history import LEDGER
from .engine import Choice, choose
from .kernel import Kernel
from .making import Build
from .plan import AFTER, Held
from .source import LANES

if TYPE_CHECKING:
    from ..market_model import MarketModel

WORTH = 100
"""Replicate-quarters of a batch that take NumPy as long as a quarter of a model of few replicates."""


def step_in_kernel(model: MarketModel, build: Build, engine: str, quarters: int) -> None:
    """Let a model be stepped in a kernel, as soon as there is one; its first quarter and any that fails are NumPy's.

    Args:
        model: the model, whose `step` stays as it is.
        build: makes others of its structure, given the numbers of their replicates and values of their parameters.
        engine: ``auto``, ``numpy`` or ``kernel``.
        quarters: how many quarters it is going to run, about.

    Raises:
        NoKernelError: ``kernel`` is asked for and there can be none; the message says why.
    """
    if engine == "numpy" or model.strict:
        return
    choice = choose(model, build, engine, quarters * WORTH, (*model.history.wanted, LEDGER))
    if not choice.why:
        model.stepper = Stepper(choice)


class Place(NamedTuple):
    """Where a row of records, or several, belong.

    Attributes:
        name: of what is there.
        rows: its rows, one number for a single one.
        shape: the shape with the replicates, where rows have to be put into one.
        optional: whether it is left out where it is nothing.
    """

    name: str
    rows: int | slice
    shape: tuple[int, ...] | None
    optional: bool

    @classmethod
    def of(cls, item: Held, replicates: int) -> Place:
        """Return where an array stands among records of so many replicates."""
        rows = item.rows if item.shape else item.first
        return cls(item.name, rows, (*item.shape, replicates) if len(item.shape) > 1 else None, item.optional)


def read(places: list[Place], records: Floats, there: list[bool]) -> dict[str, Floats]:
    """Return by name what stands at places of records, without what is left out where it is nothing.

    Args:
        places: the places.
        records: the records, shape (rows, R).
        there: whether a row holds anything.
    """
    return {
        name: records[rows] if shape is None else records[rows].reshape(shape)
        for name, rows, shape, optional in places
        if not optional or (any(there[rows]) if isinstance(rows, slice) else there[rows])
    }


class Records(Mapping[str, Any]):
    """What was kept of a quarter, by name: the arrays are there, and get their names when one is first asked for.

    Args:
        places: where each stands.
        records: the arrays, shape (rows, R).
        there: whether a row holds anything.
    """

    def __init__(self, places: list[Place], records: Floats, there: list[bool]) -> None:
        self._given = places, records, there
        self._named: dict[str, Floats] | None = None

    @property
    def named(self) -> dict[str, Floats]:
        """The arrays by name."""
        if self._named is None:
            self._named = read(*self._given)
        return self._named

    def __getitem__(self, name: str) -> Floats:
        """Return an array."""
        return self.named[name]

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(self.named)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self.named)


class Slot(NamedTuple):
    """Where an array of a model's state hangs: in a dictionary, or in a field of a record that hangs there.

    Attributes:
        holder: the dictionary.
        key: its key there.
        field: the field of the record, empty where the array itself hangs there.
        truth: whether it holds truth values.
    """

    holder: dict[str, Any]
    key: str
    field: str
    truth: bool


@shown("choice")
class Stepper:
    """Runs quarters of one model.

    Args:
        choice: what is known of its kernel.
    """

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self.work: _Work | None = None

    def __call__(self, model: MarketModel) -> bool:
        """Run a quarter of a model and return whether that could be done; the model is left as it is if not."""
        if self.choice.kernel is None or not model.history.quarters:
            return False
        if self.work is None:
            self.work = _Work.of(model, self.choice.kernel)
        return self.work.run(model)

    def __reduce__(self) -> tuple[Any, ...]:
        """Leave nothing of it to copies of the model: they are stepped by NumPy."""
        return (_nothing, ())


def _nothing() -> None:
    """Stand for a stepper that was not copied."""


@shown("kernel")
@dataclass
class _Work:
    """What a kernel needs to run quarters of one model.

    Attributes:
        kernel: the kernel.
        memory: a block's rows.
        wanted: the kinds of records that a quarter gives.
        places: where each stands, by kind.
        posted: of what the ledger posts, table, column and cause by name.
        slots: where the state belongs in the model.
        state: the rows of records that are the state which a quarter reads.
        held: what the slots held when the last quarter ended: who finds something else there reads it anew.
        rows: the state as rows, as the last quarter left it.
        values: the values in force as rows.
    """

    kernel: Kernel
    memory: np.ndarray
    wanted: Mapping[str, tuple[str, ...]]
    places: dict[str, list[Place]]
    posted: dict[str, tuple[str, str, str]]
    slots: list[Slot]
    state: np.ndarray
    held: list[Any]
    rows: Floats | None = None
    values: Floats | None = None

    @classmethod
    def of(cls, model: MarketModel, kernel: Kernel) -> _Work:
        """Return what a kernel needs for a model that has run a quarter."""
        wanted = {**model.history.wanted, LEDGER: (), AFTER: ()}
        items = kernel.room(wanted, 1, model.replicates).items
        places = {kind: [Place.of(item, model.replicates) for item in items[kind]] for kind in wanted}
        by_name = {item.name: item for item in items[AFTER]}
        state = [np.arange(by_name[item.name].rows.start, by_name[item.name].rows.stop) for item in kernel.plan.state]
        slots = [_slot(model, place.name) for place in places[AFTER]]
        none = np.zeros(0, dtype=np.int64)
        parts = {place.name: place.name.split("|") for place in places[LEDGER]}
        posted = {name: (table, column, cause) for name, (table, column, cause, _) in parts.items()}
        return cls(kernel, kernel.memory(), wanted, places, posted, slots, np.concatenate([none, *state]), [])

    def run(self, model: MarketModel) -> bool:
        """Run a quarter and let the model hold what comes of it; return whether all answers were right."""
        kernel, kept = self.kernel, self.kernel.room(self.wanted, 1, model.replicates).kept
        if self.values is None or model.now in model._schedule:
            model.apply_changes()
            self.values = kernel.values(model)
        draws = [model.chance.sample(Stream(stream), firms, model.quarter) for stream, firms in kernel.plan.draws]
        held: dict[str, Floats | None] = {
            "draws": np.concatenate([np.zeros((0, model.replicates)), *draws])[None],
            "judged": np.zeros(model.replicates),
            "state": self.rows if self.rows is not None and self._untouched() else kernel.loaded(model),
            "parameters": self.values,
        }
        count = model.replicates
        for begin in range(0, count, LANES):
            block = slice(begin, min(begin + LANES, count))
            kernel.compiled.run(self.memory, block, model.quarter, kept, **held)
        if np.any(held["judged"]):
            return False
        self._hand_over(model, kept.records[0])
        return True

    def _untouched(self) -> bool:
        """Return whether the model holds what the last quarter left in it."""
        return all(map(operator.is_, [holder.get(key) for holder, key, _, _ in self.slots], self.held))

    def _hand_over(self, model: MarketModel, records: Floats) -> None:
        """Let the model hold the state, the books and the history of a quarter."""
        records.flags.writeable = False
        self.rows = records[self.state]
        ledger, history = model.ledger, model.history
        ledger.open_quarter()
        there: Any = records.any(1).tolist()
        for name, change in read(self.places[LEDGER], records, there).items():
            table, column, cause = self.posted[name]
            ledger.entries.setdefault((table, column), []).append(Entry(table, column, cause, change))
        self._write_state(read(self.places[AFTER], records, there))
        model.signals = _changed(model.signals, {"quarter": model.quarter})
        self.held = [holder[key] for holder, key, _, _ in self.slots]
        history.quarters.append(model.now)
        for kind in history.wanted:
            history.kept[kind].append(Records(self.places[kind], records, there))
        model.list_agents()

    def _write_state(self, values: Mapping[str, Any]) -> None:
        """Put the state where the model holds it."""
        made: dict[tuple[int, str], tuple[Slot, dict[str, Any]]] = {}
        for slot, value in zip(self.slots, values.values(), strict=True):
            holder, key, field, truth = slot
            found = value != 0.0 if truth else value
            if field:
                made.setdefault((id(holder), key), (slot, {}))[1][field] = found
            else:
                holder[key] = found
        for slot, fields in made.values():
            slot.holder[slot.key] = _changed(slot.holder[slot.key], fields)


def _slot(model: MarketModel, path: str) -> Slot:
    """Return where an array of a model's state hangs."""
    first, *rest = path.split(".")
    if first == "lasting":
        return Slot(model.history.lasting, path.partition(".")[2], "", truth=False)
    holder: Any = vars(model)
    key = first
    while rest:
        value = holder[key]
        if isinstance(value, tuple | list) and rest[0].isdigit():
            value = value[int(rest.pop(0))]
        if isinstance(value, dict | Table | Leases):
            holder, key = value if isinstance(value, dict) else value.__dict__, rest.pop(0)
        else:
            return Slot(holder, key, rest[0], truth=getattr(value, rest[0]).dtype == bool)
    return Slot(holder, key, "", truth=holder[key].dtype == bool)


def _changed(value: Any, fields: Mapping[str, Any]) -> Any:
    """Return a record with other fields."""
    if not is_dataclass(value):
        return value._replace(**fields)
    made: Any = object.__new__(type(value))
    made.__dict__.update(value.__dict__, **fields)
    return made
