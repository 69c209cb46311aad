"""Engines: which runs an ensemble's batches, NumPy or a kernel, and what the batches of a kernel keep together."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.state.arrays import Floats
from ...agents.state.shown import shown
from ...model.market_model import MarketModel
from ...model.parameters import parameters
from .batches import Batch

if TYPE_CHECKING:
    from ...model.kernel.engine import Choice
    from ...model.kernel.kernel import Outcome, Room

ENGINE = "AIMARKET_ENGINE"
"""The environment's name for the engine of whoever names none."""

ENGINES = ("auto", "numpy", "kernel")


def engine_named(engine: str | None) -> str:
    """Return the engine that is meant: the one given, or the environment's, or ``auto``.

    Raises:
        ValueError: there is no such engine.
    """
    given = os.environ.get(ENGINE) or "auto" if engine is None else engine
    if given not in ENGINES:
        where = ENGINE if engine is None else "engine"
        raise ValueError(f"{where} = {given!r} is no engine: give one of {', '.join(ENGINES)}")
    return given


@shown("engine", "used")
class Engine:
    """What runs the batches of an ensemble whose arrays have one shape.

    Args:
        engine: ``auto``, ``numpy`` or ``kernel``.
        model: the model of its first batch.
        build: makes others, given the numbers of their replicates and values of their parameters.
        quarters: how many quarters are run.
        replicates: how many replicates the ensemble has.

    Attributes:
        used: what ran batches so far.

    Raises:
        NoKernelError: ``kernel`` is asked for, and there can be none.
    """

    def __init__(
        self, engine: str, model: MarketModel, build: Callable[..., MarketModel], quarters: int, replicates: int
    ) -> None:
        self.engine, self.quarters, self.replicates = engine, quarters, replicates
        self.used: dict[str, None] = {}
        self.choice: Choice | None = None
        self.room: Room | None = None
        if engine != "numpy":
            from ...model.kernel.engine import choose

            self.choice = choose(model, build, engine, quarters * replicates)

    @property
    def told(self) -> str:
        """What ran the ensemble, in a line."""
        why = f" ({self.choice.why})" if self.choice is not None and self.choice.why else ""
        return " and ".join(self.used) + why

    def run(self, model: MarketModel, rows: np.ndarray, report: Callable[[int], Any]) -> None:
        """Run a batch: its history, residuals and faults are then those of all quarters.

        Args:
            model: the batch's model.
            rows: the places of its replicates in the ensemble.
            report: is told of replicate-quarters that have just run.
        """
        if self.choice is None or self.choice.kernel is None or not self._run_kernel(model, rows, report):
            self.used["numpy"] = None
            for _ in range(self.quarters):
                model.step()
                report(model.replicates)
        else:
            self.used["kernel"] = None

    def _run_kernel(self, model: MarketModel, rows: np.ndarray, report: Callable[[int], Any]) -> bool:
        """Run a batch in the kernel; return whether it holds, which it does not where an answer was wrong."""
        assert self.choice is not None
        assert self.choice.kernel is not None
        kernel = self.choice.kernel
        if self.room is None:
            self.room = kernel.room(model.history.wanted, self.quarters, self.replicates)
        room = self.room
        if (np.diff(rows) == 1).all():
            room = room._replace(kept=room.kept._replace(offset=int(rows[0])))
        else:
            room = kernel.room(model.history.wanted, self.quarters, model.replicates)
        outcome = kernel.run(model, room, lambda count: report(count * self.quarters))
        if outcome.judged.any():
            return False
        _take_over(model, outcome, self.quarters)
        return True

    def joined(self, kind: str) -> dict[str, Floats] | None:
        """Return a kind of record of all replicates where it stands in one array already, None where it does not."""
        if self.room is None or list(self.used) != ["kernel"]:
            return None
        from ...model.kernel.kernel import parts_of

        return parts_of(self.room.items[kind], self.room.kept.records)


class Engines:
    """The engines of an ensemble, one for each set of values that shape arrays.

    Args:
        engine: ``auto``, ``numpy`` or ``kernel``.
        make: makes models of the ensemble.
        quarters: how many quarters are run.
        replicates: how many replicates the ensemble has.
    """

    def __init__(self, engine: str, make: Callable[..., MarketModel], quarters: int, replicates: int) -> None:
        self.engine, self.make, self.quarters, self.replicates = engine, make, quarters, replicates
        self.known: dict[tuple[tuple[str, float], ...], Engine] = {}

    def of(self, batch: Batch, model: MarketModel) -> Engine:
        """Return the engine of a batch, whose model is given."""
        declared = parameters()
        shaping = {name: value for name, value in batch.parameters.items() if declared[name].structural}
        key = tuple(sorted(shaping.items()))
        if key not in self.known:
            build = partial(_built, self.make, shaping)
            self.known[key] = Engine(self.engine, model, build, self.quarters, self.replicates)
        return self.known[key]

    @property
    def told(self) -> str:
        """What ran the ensemble, in a line."""
        return "; ".join(dict.fromkeys(engine.told for engine in self.known.values()))

    def joined(self, kind: str) -> dict[str, Floats] | None:
        """Return a kind of record of all replicates where it stands in one array already, None where it does not."""
        return next(iter(self.known.values())).joined(kind) if len(self.known) == 1 else None


def _built(make: Callable[..., MarketModel], shaping: dict[str, float], **asked: Any) -> MarketModel:
    """Make a model with the values that shape its arrays."""
    return make(**{**asked, "parameters": {**shaping, **asked["parameters"]}})


def _take_over(model: MarketModel, outcome: Outcome, quarters: int) -> None:
    """Let a model have the history, the residuals and the faults of a run in the kernel."""
    for name in model.broken:
        model.broken[name] = outcome.after[f"broken.{name}"]
        model.residuals[name] = outcome.after[f"residuals.{name}"]
    model.history.quarters += range(model.now, model.now + quarters)
    model.history.whole = outcome.records
    model.quarter += quarters


def in_kernel(model: MarketModel, quarters: int, engine: str | None = None) -> None:
    """Let a model that is stepped quarter by quarter run in a kernel where there is one; all give the same bits.

    Args:
        model: the model, as it was made.
        quarters: how many quarters it is going to run.
        engine: ``numpy``; ``kernel``, compiled; or ``auto``: a kernel where it pays; the environment's when left out.

    Raises:
        NoKernelError: ``kernel`` is asked for, and there can be none.
    """
    chosen = engine_named(engine)
    if chosen == "numpy":
        return
    from ...model.kernel.stepping import step_in_kernel

    shaping = {name: getattr(model.parameters, name) for name, item in parameters().items() if item.structural}
    firms = {name: cls for table in model.populations for name, cls in zip(table.names, table.classes, strict=True)}
    make = partial(MarketModel, model.case, rng=model.chance.seed, start=model.start, firms=firms)
    step_in_kernel(model, partial(_built, make, shaping), chosen, quarters)
