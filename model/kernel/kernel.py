"""A kernel that runs: a model's values go in, quarters run for eight replicates at a time, records come out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...agents.state.arrays import Floats
from ...agents.state.shown import shown
from ..randomness import Stream
from ..tape.holdings import holdings
from .library import Library
from .plan import Held, Plan
from .source import LANES

if TYPE_CHECKING:
    from ..market_model import MarketModel

FEW = 8
"""Blocks after which it is said how far a run is."""

Report = Callable[[int], None]
"""Is told how many replicates have just run all quarters."""


@shown("quarters")
class Outcome(NamedTuple):
    """What a run gives.

    Attributes:
        records: by kind and name, shape (quarters, ..., R).
        after: by path, what the model holds in the end, shape (..., R).
        judged: how often an answer of a class of one's own was wrong, shape (R,).
    """

    records: dict[str, dict[str, Floats]]
    after: dict[str, Floats]
    judged: Floats


class Kernel:
    """A compiled quarter.

    Args:
        plan: where everything stands.
        library: the compiled text.
    """

    def __init__(self, plan: Plan, library: Library) -> None:
        self.plan, self.library = plan, library

    def run(self, model: MarketModel, quarters: int, report: Report | None = None) -> Outcome:
        """Run quarters of a model that is at some quarter, without changing what it holds but for values in force.

        Args:
            model: the model.
            quarters: how many quarters.
            report: is told of replicates that have run.
        """
        plan, count, first = self.plan, model.replicates, model.quarter
        state = self.loaded(model)
        pieces = list(self._pieces(model, quarters))
        draws = self.drawn(model, quarters)
        records = np.empty((quarters, plan.sizes["records"], count))
        judged, after, memory = np.zeros(count), np.empty_like(state), self.memory()
        run = self.library.run
        for begin in range(0, count, LANES):
            block = slice(begin, min(begin + LANES, count))
            held: dict[str, Floats | None] = {"state": state}
            for number, (span, values) in enumerate(pieces):
                end = after if number == len(pieces) - 1 else None
                given = {"parameters": values, "after": end, **held}
                run(memory, block, first + span.start, draws[span], records[span], judged, **given)
                held = {}
            if report is not None:
                report(block.stop - block.start)
        return Outcome(
            {kind: _parts(names, records) for kind, names in plan.records.items()},
            {item.name: after[item.rows].reshape(*item.shape, count) for item in plan.state},
            judged,
        )

    def memory(self) -> np.ndarray:
        """Return memory for a block, with literals and fixed arrays in it."""
        memory = self.library.memory()
        memory[: len(self.plan.image)] = self.plan.image[:, None]
        return memory

    def loaded(self, model: MarketModel) -> Floats:
        """Return what a model holds as rows, shape (n, R); nothing for what comes up in its first quarter."""
        held = holdings(model)
        rows = np.zeros((self.plan.sizes["state"], model.replicates))
        for item in self.plan.state:
            if item.name in held:
                rows[item.rows] = held[item.name].reshape(-1, model.replicates)
        return rows

    def values(self, model: MarketModel) -> Floats:
        """Return the values in force as rows, shape (n, R)."""
        rows = np.empty((self.plan.sizes["parameters"], model.replicates))
        for item in self.plan.parameters:
            rows[item.rows] = getattr(model.parameters, item.name)
        return rows

    def drawn(self, model: MarketModel, quarters: int) -> Floats:
        """Return the random numbers of quarters, shape (quarters, n, R)."""
        drawn = np.empty((quarters, self.plan.sizes["draws"], model.replicates))
        first = 0
        for stream, firms in self.plan.draws:
            to = drawn[:, first : first + firms]
            for number in range(quarters):
                to[number] = model.chance.sample(Stream(stream), firms, model.quarter + number)
            first += firms
        return drawn

    def _pieces(self, model: MarketModel, quarters: int) -> Iterator[tuple[slice, Floats]]:
        """Yield spans of quarters over which the values in force stay the same, with those values."""
        first, begun = model.quarter, model.now
        turns = sorted(turn - begun for turn in model._schedule if 0 < turn - begun < quarters)
        for begin, end in zip([0, *turns], [*turns, quarters], strict=True):
            model.quarter = first + begin
            model.apply_changes()
            yield slice(begin, end), self.values(model)
        model.quarter = first


def _parts(names: tuple[Held, ...], records: Floats) -> dict[str, Floats]:
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
