"""Tables: named arrays that are rebound as a whole and never changed in place."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from .arrays import Floats, freeze
from .column import Column


def columns_of(cls: type) -> dict[str, Column]:
    """Return the columns that a class declares or inherits, by name."""
    found: dict[str, Column] = {}
    for base in reversed(cls.__mro__):
        found.update({name: item for name, item in vars(base).items() if isinstance(item, Column)})
    return found


def unknown_name(owner: str, name: str, known: Iterable[str]) -> str:
    """Say that a name is unknown, with the nearest one that is known."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"{owner} has no {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")


class Table:
    """Declared columns and the array of each.

    Args:
        title: what messages call the table.
        declared: its columns by name.
        lead: the axes in front, (n,) for firms and () for market-wide values.
        axes: the length of every named second axis.
        replicates: the number of replicates R, the last axis of every array.
    """

    def __init__(
        self,
        title: str,
        declared: Mapping[str, Column],
        lead: tuple[int, ...],
        axes: Mapping[str, int],
        replicates: int,
    ) -> None:
        self.title = title
        self.declared = dict(declared)
        self.lead = lead
        self.axes = dict(axes)
        self.replicates = replicates
        self.columns = {name: freeze(np.full(self.shape(item), item.initial)) for name, item in declared.items()}

    def __getattr__(self, name: str) -> Floats:
        """Return the whole column of that name."""
        columns = self.__dict__.get("columns", {})
        if name in columns:
            return columns[name]
        raise AttributeError(unknown_name(self.__dict__.get("title", "table"), name, columns))

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore a copied or pickled table, read-only again."""
        self.__dict__.update(state)
        self.columns = {name: freeze(array) for name, array in self.columns.items()}

    def shape(self, column: Column) -> tuple[int, ...]:
        """Return the shape that a column has here."""
        middle = (self.axes[column.over],) if column.over else (column.length,) if column.length else ()
        return (*self.lead, *middle, self.replicates)

    def commit(self, **values: Floats) -> None:
        """Rebind columns to new arrays.

        Raises:
            ValueError: an array has not the shape of its column.
        """
        for name, value in values.items():
            if value.shape != self.columns[name].shape:
                raise ValueError(f"{self.title}.{name} has shape {self.columns[name].shape}, got {value.shape}")
            self.columns[name] = freeze(value)
