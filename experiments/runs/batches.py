"""Batches: replicates cut into parts that fit the memory and share what shapes arrays; the cut changes no result."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...agents.state.shown import shown
from ...model.market_model import MarketModel
from ...model.parameters import parameters
from ...model.randomness import BLOCK, Stream
from ...model.records.history import FIRMS

LARGEST = 500
"""Replicates of a batch: measured as the cheapest a replicate."""

MEMORY = 1e9
"""Bytes that a batch may take."""

BYTES = 8
WORK = 4
"""Books, plans and clearings of a quarter take this many times the memory of the firms' own (measured)."""

LOOSE_KINDS = {"flows": 250, "balance_sheet": 60, "events": 40, "money_trail": 60, "capital": 300}
"""Names that the records without firms hold, about."""


@shown()
class Batch(NamedTuple):
    """Replicates that run at once.

    Attributes:
        rows: their places in the ensemble, shape (R,).
        numbers: their numbers, which address their random numbers.
        parameters: overriding values, floats or shape (R,); structural ones are the same for all.
    """

    rows: np.ndarray
    numbers: list[int]
    parameters: dict[str, Any]


def check_shapes(values: Mapping[str, Any], count: int) -> None:
    """Say which values are not one number, or one a replicate.

    Args:
        values: by name, floats or arrays.
        count: the number of replicates.

    Raises:
        ValueError: there is not one a replicate.
    """
    for name, value in values.items():
        if isinstance(value, np.ndarray) and value.shape != (count,):
            raise ValueError(f"{name} has shape {value.shape}; give one number or one a replicate, ({count},)")


def batches(values: Mapping[str, Any], numbers: Sequence[int], most: int) -> Iterator[Batch]:
    """Yield batches of at most so many replicates, those with the same structural values together.

    Args:
        values: overriding values, floats or shape (replicates,).
        numbers: the replicates' numbers.
        most: the largest batch.
    """
    for rows in _alike(values, len(numbers)):
        for first in range(0, len(rows), most):
            yield _batch(values, numbers, rows[first : first + most])


def fitting(model: MarketModel, quarters: int) -> int:
    """Return how many replicates fit the memory at once, judged by a model of one replicate."""
    return int(np.clip(MEMORY // memory_at_once(model, quarters), 1, LARGEST))


def memory_at_once(model: MarketModel, quarters: int) -> int:
    """Return how many bytes a replicate takes while it runs, judged by a model of one replicate."""
    own = sum(array.size for table in model.ledger.tables.values() for array in table.columns.values())
    chance = BLOCK * len(Stream) * max(len(population) for population in model.populations)
    kept = quarters * sum(width(model, kind, columns) for kind, columns in model.history.wanted.items())
    return BYTES * (WORK * own + chance + 2 * kept)


def width(model: MarketModel, kind: str, columns: Sequence[str]) -> int:
    """Return how many numbers a kind of record keeps of a replicate every quarter."""
    if kind in FIRMS:
        return len(columns) * len(model.history.firms.get(kind, ()))
    return LOOSE_KINDS[kind] if kind in LOOSE_KINDS else len(model.history.units[kind])


def _alike(values: Mapping[str, Any], count: int) -> list[np.ndarray]:
    """Return the places of replicates whose structural values are the same, in the order in which they first come."""
    shaping = [values[name] for name, item in parameters().items() if item.structural and name in values]
    shaping = [value for value in shaping if np.ndim(value)]
    if not shaping:
        return [np.arange(count)]
    kinds = pd.factorize(pd.MultiIndex.from_arrays(shaping))[0]
    return [np.flatnonzero(kinds == kind) for kind in range(kinds.max() + 1)]


def _batch(values: Mapping[str, Any], numbers: Sequence[int], rows: np.ndarray) -> Batch:
    """Return a batch of some rows."""
    known = parameters()
    mine = {name: value[rows] if isinstance(value, np.ndarray) else value for name, value in values.items()}
    mine |= {name: float(value[0]) for name, value in mine.items() if known[name].structural and np.ndim(value)}
    return Batch(rows, [int(numbers[row]) for row in rows], mine)
