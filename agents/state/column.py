"""Columns: what a kind of firm remembers, one array for all firms and all replicates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, overload

from .arrays import Floats
from .shown import shown


@shown("name", "unit", "doc", "over", "length", "ledger")
class Column:
    """A quantity that every firm of a kind has, shape (n, R), (n, m, R), (n, length, R) or (n, m, length, R).

    Read on a view it is the array of the view's rows; read on one firm it is a float, or shape (R,) when the model
    holds several replicates. Only phases write columns, and only the ledger those marked `ledger`.

    Args:
        unit: the unit.
        doc: one line on what it holds.
        over: the second axis, if there is one: a kind of firm or another named axis.
        length: the number of quarters of a pipeline, or the named axis that gives it; position k is due in k quarters.
        initial: the value at the start where the initial state names none.
        ledger: whether only the ledger may change it.
        symbol: its name in the specification's equations.

    Examples:
        >>> import aimarket
        >>> class Diarist(aimarket.AILab):
        ...     last_cash = aimarket.Column("USD bn", "cash at the end of the quarter before")
        ...     def remember(self, signals):
        ...         return {"last_cash": self.cash}
        >>> model = aimarket.MarketModel("baseline", rng=7, firms={"Meta": Diarist})
        >>> model.step()
        >>> (meta,) = model.agents_by_type[Diarist]
        >>> meta.last_cash == meta.cash
        True
    """

    def __init__(
        self,
        unit: str,
        doc: str = "",
        *,
        over: str = "",
        length: int | str = 0,
        initial: float = 0.0,
        ledger: bool = False,
        symbol: str = "",
    ) -> None:
        self.unit = unit
        self.doc = doc
        self.over = over
        self.length = length
        self.initial = initial
        self.ledger = ledger
        self.symbol = symbol
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Remember the name of the declaration."""
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Column: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Floats: ...

    def __get__(self, instance: Any, owner: type) -> Any:
        """Return the declaration on a class, the value on a view or a firm."""
        return self if instance is None else instance.column_value(self.name)

    def __set__(self, instance: Any, value: Any) -> None:
        """Write one firm's value; views and ledger columns refuse."""
        instance.write_column(self, value)


class Mirror:
    """A firm's rows of another kind's pair column, with the two kinds exchanged and without other customers.

    A vendor keeps its backlog by customer; a lab sees, by vendor, what it has on order: shape (labs, vendors, R).

    Args:
        kind: the name of the kind that keeps the column.
        column: the name of the column there.
        unit: the unit.
        doc: one line on what it shows.
        rule: what is made of the column before it is shown, such as a sum over its last axis of firms or quarters.
    """

    def __init__(
        self, kind: str, column: str, unit: str, doc: str = "", *, rule: Callable[[Floats], Floats] | None = None
    ) -> None:
        self.kind = kind
        self.column = column
        self.unit = unit
        self.doc = doc
        self.rule = rule
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Remember the name of the declaration."""
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> Mirror: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Floats: ...

    def __get__(self, instance: Any, owner: type) -> Any:
        """Return the declaration on a class, the transposed rows on a view or a firm."""
        return self if instance is None else instance.mirror_value(self)

    def __set__(self, instance: Any, value: Any) -> None:
        """Refuse: a mirror shows what another kind keeps."""
        raise AttributeError(f"{self.name} mirrors {self.kind}.{self.column} and cannot be written")
