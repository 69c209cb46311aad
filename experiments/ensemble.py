"""Ensembles: many replicates of one scenario, run in batches that fit the processor's cache."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..agents.state.population import MarketAgent
from ..agents.state.table import unknown_name
from ..model.history import Series, frame
from ..model.market_model import MarketModel
from ..model.parameters import checked
from ..model.scenario import Scenario, load_scenario
from ..model.start import Start

if TYPE_CHECKING:
    import pandas as pd

BATCH = 500
"""Replicates run at once: measured as the cheapest a replicate; the size never changes a result."""

Progress = Callable[[int, int], None]
"""Told how many replicate-quarters were just run, and how many there are in all."""


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
    """

    scenario: Scenario
    seed: int
    replicates: int
    quarters: int
    parameters: Mapping[str, Any]
    effective: Mapping[str, Any]
    records: Mapping[str, Series]
    residuals: Mapping[str, np.ndarray]

    def to_frame(self, kind: str = "indicators") -> pd.DataFrame:
        """Return a kind of record as a tidy data frame; ``frame.attrs["units"]`` gives the units.

        Raises:
            KeyError: the ensemble was not told to record that kind.
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
    scenario: str | Path | Scenario = "baseline",
    replicates: int = 200,
    quarters: int = 40,
    rng: int = 0,
    parameters: Mapping[str, Any] | None = None,
    *,
    record: Sequence[str] = ("indicators",),
    firms: Mapping[str, type[MarketAgent]] | None = None,
    start: Start | None = None,
    progress: Progress | None = None,
    batch: int = BATCH,
) -> Ensemble:
    """Run many replicates of a scenario.

    Args:
        scenario: the name of a scenario, a path to one, or one made in code.
        replicates: how many; replicate r is bit-identical to ``MarketModel(scenario, rng=rng, replicate=r)``.
        quarters: how many quarters to run.
        rng: the seed.
        parameters: values that override the scenario's, floats or one a replicate, shape (replicates,).
        record: what to keep: indicators, flows, events, kinds of firms or columns such as ``ai_labs.market_share``.
        firms: by firm's name, the subclass that decides for it.
        start: initial stocks other than those the scenario names.
        progress: called with the number of replicate-quarters just run and their number in all.
        batch: replicates run at once.

    Raises:
        ScenarioError: there is no such scenario.
        KeyError: no parameter or firm has that name.
        TypeError: a value is not a number.
        ValueError: a value is out of range.
    """
    case, given = load_scenario(scenario), checked(parameters or {})
    for name, value in (("replicates", replicates), ("quarters", quarters), ("batch", batch)):
        _check_count(name, value)
    parts = []
    for first in range(0, replicates, batch):
        count = min(batch, replicates - first)
        values = _part(given, first, count, replicates)
        model = MarketModel(
            case, rng=rng, replicate=first, replicates=count, record=record, firms=firms, start=start, parameters=values
        )
        parts.append(_Batch(model, quarters, progress and partial(progress, count, replicates * quarters)))
    return Ensemble(
        scenario=case, seed=rng, replicates=replicates, quarters=quarters, parameters=given,
        effective=_effective([part.effective for part in parts]),
        records={kind: _joined([part.records[kind] for part in parts]) for kind in parts[0].records},
        residuals={name: np.concatenate([p.residuals[name] for p in parts]) for name in parts[0].residuals},
    )  # fmt: skip


def _check_count(name: str, value: Any) -> None:
    """Say what is wrong with a number of things."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} = {value!r} has to be a whole number of at least 1")


def _effective(parts: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the effective values of the whole ensemble from those of its batches, joined where replicates differ."""
    joined = {}
    for name, value in parts[0].items():
        differs = isinstance(value, np.ndarray) and (value.ndim == 1 or value.shape[-1] > 1)
        joined[name] = np.concatenate([part[name] for part in parts], axis=-1) if differs else value
    return joined


class _Batch:
    """What is kept of a batch that has run, when its model is let go."""

    def __init__(self, model: MarketModel, quarters: int, report: Callable[[], None] | None) -> None:
        for _ in range(quarters):
            model.step()
            if report is not None:
                report()
        self.records = {kind: model.history.series(kind) for kind in model.history.wanted}
        self.residuals = dict(model.residuals)
        self.effective = model.base_values


def _part(values: Mapping[str, Any], first: int, count: int, replicates: int) -> dict[str, Any]:
    """Return the values of a batch's replicates, or say which array has the wrong length."""
    part = {}
    for name, value in values.items():
        by_replicate = isinstance(value, np.ndarray)
        if by_replicate and value.shape != (replicates,):
            raise ValueError(f"{name} has shape {value.shape}; give one number or one a replicate, ({replicates},)")
        part[name] = value[first : first + count] if by_replicate else value
    return part


def _joined(parts: list[Series]) -> Series:
    """Put the replicates of several batches together."""
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    nothing = np.zeros(first.values[next(iter(first.values))].shape[:-1]) if first.values else np.zeros(0)
    names = list(dict.fromkeys(name for part in parts for name in part.values))
    values = {
        name: np.concatenate(
            [part.values.get(name, nothing[..., None].repeat(len(part.replicates), -1)) for part in parts], axis=-1
        )
        for name in names
    }
    return first._replace(replicates=np.concatenate([part.replicates for part in parts]), values=values)
