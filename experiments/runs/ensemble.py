"""Ensembles: many replicates of one scenario, run in batches; one that fails is recorded and sinks no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from ...agents.state.population import MarketAgent
from ...agents.state.shown import shown
from ...agents.state.table import unknown_name
from ...model.dates import quarter_dates, quarter_number
from ...model.initial_state import opening
from ...model.inputs.paths import AnyPath
from ...model.market_model import MarketModel
from ...model.randomness import Seed, seed_of
from ...model.records.history import ACTIVE, Series, frame
from ...model.scenarios.funding_checks import warn_of_late
from ...model.scenarios.scenario import Scenario, load_scenario
from ..progress import Progress as Progress
from ..progress import Wanted, following
from .batches import Batch, batches, check_shapes, fitting
from .costs import Size, check_memory
from .engines import Engine, Engines, engine_named
from .losses import describe_failures
from .posterior import REPLICATES as REPLICATES
from .posterior import parameters_of


@shown()
@dataclass(frozen=True)
class Ensemble:
    """Many replicates of one scenario.

    Attributes:
        scenario: what was run.
        seed: the seed.
        replicates: how many replicates.
        quarters: how many quarters.
        parameters: the overriding values.
        effective: every parameter at the start of the run, money scaled by the price level.
        records: by kind of record, arrays over quarters and replicates.
        residuals: by accounting identity, the largest relative residual of each replicate, shape (R,).
        failures: replicates that cannot be trusted: replicate, quarter and cause, a row each.
        engine: what ran them, numpy or kernel, and why; the bits are the same.

    Examples:
        >>> import aimarket
        >>> runs = aimarket.run_ensemble("baseline", replicates=2, quarters=3, rng=7, record=("indicators", "ai_labs"))
        >>> runs.values("ai_revenue").shape, runs.values("compute", "ai_labs").shape
        ((3, 2), (3, 6, 2))
        >>> runs.to_frame("ai_labs").attrs["units"]["compute"]
        'M H100e'
    """

    scenario: Scenario
    seed: int
    replicates: int
    quarters: int
    parameters: Mapping[str, Any]
    effective: Mapping[str, Any]
    records: Mapping[str, Series]
    residuals: Mapping[str, np.ndarray]
    failures: pd.DataFrame
    engine: str = "numpy"

    @property
    def loss(self) -> str:
        """Which replicates failed, in a sentence; empty where none did."""
        return describe_failures(self.failures, self.replicates)

    def to_frame(self, kind: str = "indicators") -> pd.DataFrame:
        """Return a kind of record as a tidy data frame; ``frame.attrs["units"]`` gives the units.

        Raises:
            KeyError: the ensemble was not asked to record that kind.
        """
        if kind not in self.records:
            raise KeyError(f"{kind} was not recorded: pass record=(..., {kind!r}); there is {', '.join(self.records)}")
        return frame(kind, self.records[kind])

    def values(self, name: str, kind: str = "indicators") -> np.ndarray:
        """Return one quantity, shape (quarters, replicates) or (quarters, firms, replicates)."""
        if kind not in self.records or name not in self.records[kind].values:
            known = self.records[kind].values if kind in self.records else self.records
            raise KeyError(unknown_name("the ensemble", name if kind in self.records else kind, known))
        return self.records[kind].values[name]

    def checks(self) -> dict[str, float]:
        """Return the largest relative residual of every accounting identity over quarters and replicates."""
        return {name: float(residual.max()) for name, residual in self.residuals.items()}


def run_ensemble(  # noqa: PLR0913 - every option has a default, all but four go by name
    scenario: AnyPath | Scenario = "baseline",
    replicates: int | None = None,
    quarters: int = 40,
    rng: Seed | None = None,
    parameters: Any = None,
    *,
    record: Sequence[str] = ("indicators",),
    numbers: Sequence[int] | None = None,
    firms: Mapping[str, type[MarketAgent]] | None = None,
    start: Any = None,
    seed: Seed | None = None,
    progress: Wanted = None,
    batch: int | None = None,
    engine: str | None = None,
) -> Ensemble:
    """Run many replicates of a scenario; those that fail are listed in ``failures`` and leave the others as they are.

    Args:
        scenario: the name of a scenario, a path to one, or one made in code.
        replicates: how many, 200 if nothing else tells; r is, bit by bit, ``MarketModel(scenario, replicate=r)``.
        quarters: how many quarters to run.
        rng: the seed, or a generator of NumPy's that is asked for one; 7 where none is given.
        parameters: values that override the scenario's, numbers or one a replicate, by name in a mapping, a row or a
            data frame with one row a replicate; or ``posterior``, for a sample a replicate from what the data leave.
        record: what to keep: indicators, flows, events, kinds of firms or columns such as ``ai_labs.market_share``.
        numbers: the replicates' numbers, 0, 1, 2 ... if not given; equal numbers have common random numbers.
        firms: by firm's name, the subclass that decides for it.
        start: initial stocks other than those the scenario names, or the quarter at whose end they stand.
        seed: another name for `rng`.
        progress: takes replicate-quarters just run and in all; True for a bar, False for none, on terminals if neither.
        batch: replicates run at once; as many as fit the memory and the cache if not given.
        engine: ``numpy``; ``kernel``, compiled; or ``auto``: a kernel where it pays. All give the same bits.

    Raises:
        ScenarioError: there is no such scenario.
        KeyError: no parameter or firm has that name.
        TypeError, ValueError: a value is not a number, or out of range.
        TooLargeError, NoKernelError: the memory cannot hold the records, or ``kernel`` is asked for and can not be.

    Examples:
        >>> import aimarket
        >>> runs = aimarket.run_ensemble("chip_shock", replicates=4, quarters=3, rng=7)
        >>> runs.to_frame()[["replicate", "quarter", "lab_compute"]].head(3).round(1)
           replicate quarter  lab_compute
        0          0  2026Q1          8.9
        1          0  2026Q2         11.4
        2          0  2026Q3         13.7
    """
    case, chosen = _case(scenario, start, quarters), seed_of(rng, seed)
    check_memory(case, _size(replicates, quarters, record, batch), start)
    given = parameters_of(parameters, replicates, numbers)
    own = numbered(replicates, numbers, given)
    check_shapes(given, len(own))
    make = partial(MarketModel, case, rng=chosen, record=record, firms=firms, start=start)
    engines = Engines(engine_named(engine), make, quarters, len(own))
    with following(progress) as report:
        parts = _run(make, engines, batches(given, own, batch or _most(make, own, quarters)), report)
    return _gathered(parts, engines, scenario=case, seed=chosen, quarters=quarters, parameters=given)


def _run(
    make: Callable[..., MarketModel], engines: Engines, cut: Iterable[Batch], report: Callable[[int, int], Any]
) -> list[_Part]:
    """Run batches one after the other; return what is kept of each."""
    whole = engines.replicates * engines.quarters
    parts = []
    for batch in cut:
        model = make(replicate=batch.numbers, parameters=batch.parameters)
        parts.append(_Part(batch, model, engines.of(batch, model), lambda count: report(count, whole)))
    return parts


def _case(scenario: AnyPath | Scenario, start: Any, quarters: int) -> Scenario:
    """Return the scenario, and warn of what so few quarters do not come to."""
    case = load_scenario(scenario)
    _check_count("quarters", quarters)
    warn_of_late(case, quarter_number(opening(start, case.start).quarter) + 1, quarters)
    return case


def _size(replicates: int | None, quarters: int, record: Sequence[str], batch: int | None) -> Size:
    """Return what is to be run, or say what is wrong with its numbers."""
    whole = 1 if replicates is None else replicates
    for name, count in (("replicates", whole), ("quarters", quarters), ("batch", 1 if batch is None else batch)):
        _check_count(name, count)
    return Size(whole, quarters, record=record)


def numbered(replicates: int | None, numbers: Sequence[int] | None, parameters: Mapping[str, Any]) -> Sequence[int]:
    """Return the numbers of all replicates: those given, or as many as are asked for or have parameters."""
    counts = [count for count in (replicates, None if numbers is None else len(numbers)) if count is not None]
    if len(set(counts)) > 1:
        raise ValueError(f"replicates = {replicates}, and there are {counts[1]} numbers: give one a replicate")
    rows = [len(value) for value in parameters.values() if np.ndim(value)]
    count = (counts or rows or [REPLICATES])[0]
    _check_count("replicates", count)
    if numbers is None:
        return range(count)
    return numbers if isinstance(numbers, Sequence) else np.asarray(numbers).tolist()


def _most(make: Callable[..., MarketModel], numbers: Sequence[int], quarters: int) -> int:
    """Return how many replicates fit the memory, judged by a model that is let go again; one always does."""
    if len(numbers) == 1:
        return 1
    model = make()
    count = fitting(model, quarters)
    model.close()
    return count


def _check_count(name: str, value: Any) -> None:
    """Say what is wrong with a number of things."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} = {value!r} has to be a whole number of at least 1")


class _Part:
    """What is kept of a batch that has run, when its model is let go."""

    def __init__(self, batch: Batch, model: MarketModel, engine: Engine, report: Callable[[int], None]) -> None:
        self.rows = batch.rows
        model.occasion.noted = {}
        with np.errstate(all="ignore"):  # what is not finite is reported below
            engine.run(model, batch.rows, report)
        self.records = {kind: model.history.series(kind) for kind in model.history.wanted}
        self.residuals = dict(model.residuals)
        self.effective = model.base_values
        self.failures = failures_of(model, self.records)
        model.close()


def failures_of(model: MarketModel, records: Mapping[str, Series]) -> pd.DataFrame:
    """Return the replicates of a batch that failed, with the quarter and the cause that came first."""
    first = np.full(model.replicates, np.inf)
    cause = np.full(model.replicates, "", dtype=object)

    def note(since: np.ndarray, what: str) -> None:
        earlier = since < first
        first[earlier], cause[earlier] = since[earlier], what

    for position, (begun, what) in (model.occasion.noted or {}).items():
        note(np.where(np.arange(model.replicates) == position, model.first + begun, np.inf), what)
    for kind, series in records.items():
        for name, values in series.values.items():
            if not np.isfinite(values).all():
                bad = ~np.isfinite(values).reshape(len(values), -1, model.replicates).all(1)
                note(np.where(bad.any(0), series.quarters[bad.argmax(0)], np.inf), f"{kind}.{name} is not finite")
    for name, quarter in model.broken.items():
        note(np.where(quarter > 0.0, quarter, np.inf), f"{name} is broken")
    failed = np.flatnonzero(np.isfinite(first))
    return pd.DataFrame(
        {
            "replicate": np.array(model.chance.replicates)[failed],
            "quarter": quarter_dates(first[failed].astype(int)),
            "cause": cause[failed].astype(str),
            "row": failed,
        }
    )


def _gathered(parts: Sequence[_Part], engines: Engines, **about: Any) -> Ensemble:
    """Return the batches as one ensemble, replicates in the order in which they were asked for."""
    rows = np.concatenate([part.rows for part in parts])
    order = None if (np.diff(rows) == 1).all() else np.argsort(rows)
    failed = pd.concat([part.failures.assign(row=part.rows[part.failures["row"]]) for part in parts])
    return Ensemble(
        **about,
        replicates=engines.replicates,
        effective=_effective(parts, order),
        records={
            kind: _joined([part.records[kind] for part in parts], order, engines.joined(kind))
            for kind in parts[0].records
        },
        residuals={name: _put_together([p.residuals[name] for p in parts], order) for name in parts[0].residuals},
        failures=failed.sort_values("row").set_index("row"),
        engine=engines.told,
    )


def _put_together(arrays: Sequence[np.ndarray], order: np.ndarray | None) -> np.ndarray:
    """Join arrays along the replicates, and put these in order."""
    joined = arrays[0] if len(arrays) == 1 else np.concatenate(arrays, axis=-1)
    return joined if order is None else joined[..., order]


def _effective(parts: Sequence[_Part], order: np.ndarray | None) -> dict[str, Any]:
    """Return the effective values of the whole ensemble from those of its batches, joined where replicates differ."""
    joined = {}
    for name, value in parts[0].effective.items():
        own = [part.effective[name] for part in parts]
        differs = any(not np.array_equal(other, value) for other in own)
        if isinstance(value, np.ndarray) and (value.ndim == 1 or value.shape[-1] > 1 or differs):
            joined[name] = _put_together(own, order)
        elif np.ndim(value) == 0 and differs:
            spread = [np.full(len(part.rows), other) for part, other in zip(parts, own, strict=True)]
            joined[name] = _put_together(spread, order)
        else:
            joined[name] = value
    return joined


def _joined(parts: Sequence[Series], order: np.ndarray | None, whole: dict[str, np.ndarray] | None) -> Series:
    """Put the replicates of several batches together; what one batch has not seen happen is nothing.

    Args:
        parts: the series of the batches.
        order: the places of their replicates, None where they follow one another.
        whole: the values of all replicates where they stand together already.
    """
    if whole is not None:
        active = whole.get(ACTIVE) if parts[0].active is not None else None
        known = parts[0].values
        shown = {name: value for name, value in whole.items() if name != ACTIVE or name in known}
        replicates = _put_together([part.replicates for part in parts], order)
        units = {name: unit for part in parts for name, unit in part.units.items()}
        return parts[0]._replace(replicates=replicates, values=shown, active=active, units=units)
    names = list(dict.fromkeys(name for part in parts for name in part.values))
    nothing = np.zeros(next(iter(parts[0].values.values())).shape[:-1]) if parts[0].values else np.zeros(0)
    values = {
        name: _put_together(
            [part.values.get(name, nothing[..., None].repeat(len(part.replicates), -1)) for part in parts], order
        )
        for name in names
    }
    kept = [part.active for part in parts if part.active is not None]
    return parts[0]._replace(
        replicates=_put_together([part.replicates for part in parts], order),
        values=values,
        active=_put_together(kept, order) if kept else None,
    )
