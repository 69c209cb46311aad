"""Tables: named arrays that are rebound as a whole and never changed in place."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping, Sequence
from typing import Any

import numpy as np

from .arrays import Floats, freeze
from .column import Column
from .quantity import declared as declared_parameters
from .shown import shown

Rule = Callable[[Floats], Floats]


def columns_of(cls: type) -> dict[str, Column]:
    """Return the columns that a class declares or inherits, by name."""
    found: dict[str, Column] = {}
    for base in reversed(cls.__mro__):
        found.update({name: item for name, item in vars(base).items() if isinstance(item, Column)})
    return found


def declared_columns(kind: type, classes: Sequence[type]) -> dict[str, Column]:
    """Return the columns that a kind and its subclasses declare; says which subclass declares what it may not."""
    found: dict[str, Column] = {}
    for cls in dict.fromkeys([kind, *classes]):
        for name in _parameters_of(cls) - _parameters_of(kind):
            raise TypeError(f"{cls.__name__}.{name}: only kinds of firms declare parameters; use a Column or a number")
        for name, item in columns_of(cls).items():
            if found.setdefault(name, item) is not item:
                raise TypeError(f"{cls.__name__}.{name} is declared otherwise by another class of {kind.__name__}")
    return found


def _parameters_of(cls: type) -> set[str]:
    """Return the names of the parameters that a class declares or inherits."""
    return {item.name for item in declared_parameters(cls)}


def unknown_name(owner: str, name: str, known: Iterable[str]) -> str:
    """Say that a name is unknown, with the nearest one that is known."""
    near = difflib.get_close_matches(name, list(known), n=1)
    return f"{owner} has no {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")


class Columns(MutableMapping[str, Floats]):
    """A table's arrays by name; the arrays themselves are attributes of the table, which is the fastest to read."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def __getitem__(self, name: str) -> Floats:
        """Return a column's array."""
        if name not in self._table.declared:
            raise KeyError(unknown_name(self._table.title, name, self._table.declared))
        return self._table.__dict__[name]

    def __setitem__(self, name: str, value: Floats) -> None:
        """Rebind a column without looking at the array."""
        self._table.__dict__[name] = value

    def __delitem__(self, name: str) -> None:
        """Refuse: a table keeps its columns."""
        raise TypeError(f"{self._table.title} keeps its column {name}")

    def __contains__(self, name: object) -> bool:
        """Return whether there is a column of that name."""
        return name in self._table.declared

    def __iter__(self) -> Iterator[str]:
        """Go through the names."""
        return iter(self._table.declared)

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self._table.declared)


@shown("title", "names", "replicates", "declared")
class Table:
    """Declared columns and the array of each, to be read as attributes: ``table.cash``.

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
        self.columns = Columns(self)
        self._kept: dict[tuple[str, Rule], tuple[Floats, Floats]] = {}
        for name, item in declared.items():
            if name in self.__dict__ or (not isinstance(getattr(type(self), name, item), Column)):
                raise AttributeError(f"{title}: a column cannot be called {name}, the table uses that name itself")
            self.__dict__[name] = freeze(np.full(self.shape(item), item.initial))

    def __getattr__(self, name: str) -> Floats:
        """Say that there is no such column, and name the nearest one."""
        held = self.__dict__
        raise AttributeError(unknown_name(held.get("title", "table"), name, held.get("declared", ())))

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse to rebind a column other than through `commit`."""
        if name in self.__dict__.get("declared", ()):
            raise AttributeError(f"{self.title}.{name} is a column: use commit({name}=...)")
        super().__setattr__(name, value)

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore a copied or pickled table, read-only again."""
        self.__dict__.update(state)
        for name in self.declared:
            freeze(self.__dict__[name])

    def kept(self, column: str, rule: Rule) -> Floats:
        """Return what a rule makes of a column, reckoned once for as long as the column is the same array.

        Args:
            column: the column's name.
            rule: a function of modules, not one made anew for each call.
        """
        held = self.__dict__[column]
        found = self._kept.get((column, rule))
        if found is None or found[0] is not held:
            found = held, freeze(rule(held))
            self._kept[column, rule] = found
        return found[1]

    def shape(self, column: Column) -> tuple[int, ...]:
        """Return the shape that a column has here."""
        second = (self.axes[column.over],) if column.over else ()
        quarters = self.axes[column.length] if isinstance(column.length, str) else column.length
        return (*self.lead, *second, *((quarters,) if quarters else ()), self.replicates)

    def column_value(self, name: str) -> Floats:
        """Return a column of a table that declares its columns itself, shape (..., R)."""
        return self.__dict__[name]

    def write_column(self, column: Column, value: Floats) -> None:
        """Refuse: phases commit."""
        raise AttributeError(f"{self.title}.{column.name} is written by a phase, with commit")

    def commit(self, **values: Floats) -> None:
        """Rebind columns to new arrays.

        Raises:
            ValueError: an array has not the shape of its column.
        """
        held = self.__dict__
        for name, value in values.items():
            if value.shape != held[name].shape:
                raise ValueError(f"{self.title}.{name} has shape {held[name].shape}, got {value.shape}")
            value.flags.writeable = False
            held[name] = value
