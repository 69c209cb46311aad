"""Firms as Mesa agents, and the table that all firms of a kind share.

A rule is written once, as a method of a kind of firm, and read three ways: by the whole population, by the firms of
one subclass, by a single firm. Decisions run on views, which cannot write; phases commit what decisions return.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

import mesa
import numpy as np

from .answers import Decision, Occasion, error_at, is_ours, shaped
from .arrays import Floats, freeze
from .column import Column, Mirror
from .naming import check_names, how_to_remember, looks_at, own_names
from .quantity import Parameter
from .signals import Signals
from .table import Rule, Table, columns_of, declared_columns, unknown_name

Rows = slice | np.ndarray
EVERYBODY = slice(None)
CUSTOMERS = "customers"
"""The axis of those who order chips; each kind that does has a place of its own on it."""
HANDLE_NAMES = frozenset({"model", "unique_id", "pos", "row"})
SIGNALS = frozenset({"signals", "market"})
"""What methods that look at the signals call them."""

Agent = TypeVar("Agent", bound="MarketAgent")


def decision(
    *,
    result: type | None = None,
    over: str | Mapping[str, str] = "",
    signed: tuple[str, ...] = (),
    most: float = np.inf,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Declare a method of a kind of firm as a decision that subclasses may change.

    Args:
        result: the NamedTuple of arrays that it returns; without it the decision returns one array.
        over: the second axis of the answer, by field when there are several; without it answers have shape (n, R).
        signed: the fields that may be negative; nothing else may.
        most: the greatest value that makes sense.

    Examples:
        >>> import aimarket
        >>> ask = aimarket.decision(most=1.0)(lambda self, signals: 0.5 * self.active)
        >>> ask.declaration.most
        1.0
    """
    axes = {"": over} if isinstance(over, str) else dict(over)

    def declare(method: Callable[..., Any]) -> Callable[..., Any]:
        return _on_a_view(method, Decision(result, axes, signed, most))

    return declare


def _on_a_view(method: Callable[..., Any], declaration: Decision) -> Callable[..., Any]:
    """Let a decision that is called on a single firm run on the firm's view of one."""

    @functools.wraps(method)
    def decide(self: MarketAgent, *args: Any, **kwargs: Any) -> Any:
        return method(self if self.is_view else self.view(), *args, **kwargs)

    decide.declaration = declaration  # type: ignore[attr-defined]
    return decide


def _read_from_a_view(method: Any) -> Callable[..., Any]:
    """Let what a class derives from its columns be read on a single firm, from its view of one."""

    @functools.wraps(method)
    def read(self: MarketAgent, *args: Any, **kwargs: Any) -> Any:
        if self.is_view:
            return method(self, *args, **kwargs)
        value = method(self.view(), *args, **kwargs)
        return self.single_value(value) if isinstance(value, np.ndarray) else value

    return read


def _looks_at_the_market(name: str, item: Any) -> bool:
    """Return whether an attribute of a class is a public method that takes the signals and is no decision."""
    if name.startswith("_") or name == "remember" or hasattr(item, "declaration"):
        return False
    return looks_at(item, SIGNALS)


def _names_of_firms(cls: type) -> dict[str, Any]:
    """Return what a class inherits from kinds of firms and from classes between, and what any firm may remember."""
    found: dict[str, Any] = {"remember": MarketAgent.remember}
    for base in cls.__mro__[1:]:
        if base not in MarketAgent.__mro__ and (is_ours(base) or issubclass(base, MarketAgent)):
            found |= vars(base)
    return found


def decisions(kind: type) -> dict[str, Decision]:
    """Return the declared decisions of a kind of firm by name."""
    found: dict[str, Decision] = {}
    for cls in reversed(kind.__mro__):
        found.update({n: m.declaration for n, m in vars(cls).items() if hasattr(m, "declaration")})
    return found


class MarketAgent(mesa.Agent):
    """A firm. As a Mesa agent it is one firm; as a view it is several firms of its kind, for reading only.

    Attributes:
        name: the firm's name, or the names of a view's firms.
        row: the firm's row in the table of its kind, for life.
    """

    group = ""

    _population: Population
    _rows: Rows
    is_view: bool = False

    active = Column("1", "1 while the firm is in business, else 0", symbol="act")

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Treat a method that overrides a decision as that decision."""
        super().__init_subclass__(**kwargs)
        inherited = {name: item for base in cls.__mro__[1:] for name, item in decisions(base).items()}
        if inherited and not is_ours(cls):
            check_names(cls, _names_of_firms(cls), inherited)
        for name, item in own_names(cls).items():
            if inspect.getattr_static(cls, name) is not item:
                continue
            if name in inherited and not hasattr(item, "declaration"):
                setattr(cls, name, _on_a_view(item, inherited[name]))
            elif isinstance(item, property):
                setattr(cls, name, property(_read_from_a_view(item.fget), doc=item.__doc__))
            elif name not in inherited and _looks_at_the_market(name, item):
                setattr(cls, name, _read_from_a_view(item))

    def __init__(self, model: Any, population: Population, row: int) -> None:
        """Register the firm in a row of its kind's table with Mesa."""
        self.__dict__.update(_population=population, _rows=slice(row, row + 1), row=row)
        super().__init__(model)
        mesa.Agent.__dict__.get("_ids", {}).pop(model, None)  # Mesa 3.3 would keep the model alive there
        self.unique_id = model.identity(self)

    @property
    def name(self) -> str | tuple[str, ...]:
        """The firm's name, or the names of a view's firms."""
        names = tuple(np.asarray(self._population.names)[self._rows])
        return names if self.is_view else names[0]

    @property
    def population(self) -> Population[Any]:
        """The table that the firm stands in."""
        return self._population

    def view(self) -> MarketAgent:
        """Return a read-only view of this firm alone, on which decisions run."""
        return self._population.view(type(self), self._rows)

    def remember(self, signals: Signals) -> Mapping[str, Floats]:
        """Return new values for columns that a subclass adds, shape (n, R); committed when the quarter ends."""
        return {}

    def remove(self) -> None:
        """Take the firm out of business in all replicates and off Mesa's list of agents."""
        self.model.wind_up(self)

    def column_value(self, name: str) -> Any:
        """Return a column's rows: an array on a view, a float or shape (R,) on a single firm."""
        whole = self._population.__dict__[name]
        if self._rows is EVERYBODY:
            return whole
        rows = whole[self._rows]
        if not self.is_view:
            return _single(rows) if name == "active" else self.single_value(rows)
        return rows if isinstance(self._rows, slice) else freeze(rows)

    def single_value(self, rows: Floats) -> Any:
        """Return a single firm's row, a float or shape (R,); missing where the firm is not in business."""
        there = self._in_business
        return _single(rows if there.all() else np.where(there, rows, np.nan))

    @property
    def _in_business(self) -> np.ndarray:
        """In which replicates a single firm is in business, shape (R,)."""
        return self._population.columns["active"][self.row] > 0.0

    def kept(self, column: str, rule: Rule) -> Floats:
        """Return a view's rows of what a rule makes of a column; see `Population.kept`."""
        rows = self._population.kept(column, rule)[self._rows]
        return rows if isinstance(self._rows, slice) else freeze(rows)

    def mirror_value(self, mirror: Mirror) -> Any:
        """Return this firm's part of another kind's pair column, shape (n, m, R)."""
        table = self._population.tables[mirror.kind]
        ours = self._population.customers if table.declared[mirror.column].over == CUSTOMERS else EVERYBODY
        pairs = table.kept(mirror.column, mirror.rule) if mirror.rule else table.__dict__[mirror.column]
        rows = pairs.swapaxes(0, 1)[ours][: len(self._population)][self._rows]
        return rows if self.is_view else self.single_value(rows)

    def parameter_value(self, name: str) -> Any:
        """Return the value in force: a float, shape (R,), or (n, 1) or (n, R) where firms differ."""
        value = self._population.parameters.__dict__[name]
        if isinstance(value, float) or not isinstance(value, np.ndarray) or value.ndim < 2:
            return value
        return value[self._rows] if self.is_view else _single(value[self._rows])

    def write_column(self, column: Column, value: Any) -> None:
        """Write one firm's value in a column that is not the ledger's; where it is missing, what stood there stays."""
        if self.is_view:
            raise AttributeError(f"{type(self).__name__}.{column.name}: a view is read-only; decisions return")
        if column.ledger:
            raise AttributeError(f"{column.name} is money: change it with model.ledger.transfer, which keeps the books")
        if column.name == "active":
            raise AttributeError("a firm leaves by remove(), which closes its books; active cannot be written")
        array = self._population.columns[column.name].copy()
        before = array[self._rows]
        given = np.asarray(value, dtype=np.float64)
        given = given.reshape(before.shape) if given.size == before.size else given
        if not (np.isfinite(given) | (np.isnan(given) & ~self._in_business)).all():
            raise ValueError(f"{column.name} = {value!r} is not a finite number")
        array[self._rows] = np.where(np.isnan(given), before, given)
        self._population.commit(**{column.name: array})

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse names that the firm does not have, naming the nearest one."""
        if self.is_view and not isinstance(getattr(type(self), name, None), Column):
            message = f"{type(self).__name__}.{name}: a view is read-only; decisions return, phases commit"
            raise AttributeError(message + how_to_remember(name))
        if isinstance(getattr(type(self), name, None), Parameter):
            raise AttributeError(f"{name} is a parameter: pass parameters={{'{name}': ...}} to the model")
        if name not in HANDLE_NAMES and not name.startswith("_") and not hasattr(type(self), name):
            raise AttributeError(
                unknown_name(type(self).__name__, name, columns_of(type(self))) + how_to_remember(name)
            )
        super().__setattr__(name, value)

    def __repr__(self) -> str:
        """Show the class and the name."""
        return f"<{type(self).__name__} {self.name}>"


def _single(rows: Floats) -> Any:
    """Return one firm's row, without the replicate axis when there is one replicate."""
    row = rows[0]
    if row.shape[-1] != 1:
        return row
    return float(row[0]) if row.ndim == 1 else row[..., 0]


class Population(Table, Generic[Agent]):
    """All firms of a kind: their table, one array a column, and the classes that decide for its rows.

    Args:
        kind: the kind's class.
        names: the firms' names, in the order of the rows.
        classes: the class that decides for each row.
        axes: the length of every named second axis.
        replicates: the number of replicates R.
        parameters: the values in force, shared with the model.
    """

    def __init__(
        self,
        kind: type[Agent],
        names: Sequence[str],
        classes: Sequence[type[Agent]],
        axes: Mapping[str, int],
        replicates: int,
        parameters: SimpleNamespace,
    ) -> None:
        self.kind = kind
        self.names = tuple(names)
        self.classes = tuple(classes)
        self.parameters = parameters
        self.tables: dict[str, Population[Any]] = {}
        self.decisions = decisions(kind)
        self.groups = _groups(self.classes)
        self.customers = EVERYBODY
        self.occasion = Occasion()
        declared = declared_columns(kind, classes)
        super().__init__(kind.__name__, declared, (len(names),), axes, replicates)
        self.all: Agent = self.view()  # of all rows

    def __len__(self) -> int:
        """Return the number of rows, dormant ones included."""
        return len(self.names)

    def view(self, cls: type | None = None, rows: Rows = EVERYBODY) -> Any:
        """Return a read-only view of some rows, as firms of a class (by default of the kind, all rows)."""
        view: Any = object.__new__(cls or self.kind)
        view.__dict__.update(_population=self, _rows=rows, is_view=True)
        return view

    def decide(self, name: str, signals: Signals) -> Any:
        """Let every class of firm take a decision for its own rows and put the answers together.

        Args:
            name: the decision.
            signals: what everybody can see.

        Raises:
            ValueError: an answer has the wrong shape, or that of a class of one's own is not finite or negative where
                that makes no sense; the message names firm, quarter, replicate and Class.method.
        """
        if name not in self.decisions:
            raise KeyError(unknown_name(self.kind.__name__, name, self.decisions))
        declared = self.decisions[name]
        answers = [(rows, self._answer(cls, rows, name, signals)) for cls, rows in self.groups]
        if len(answers) == 1:
            return declared.whole(answers[0][1])
        return declared.whole({part: self._gathered(part, answers) for part in answers[0][1]})

    def remembered(self, signals: Signals) -> dict[str, Floats]:
        """Return the new values of the columns that subclasses keep, over all rows."""
        values: dict[str, Floats] = {}
        for cls, rows in self.groups:
            for name, value in self._memory(cls, rows, signals).items():
                column = values.get(name, self.columns[name]).copy()
                column[rows] = value
                values[name] = column
        return values

    def _memory(self, cls: type, rows: Rows, signals: Signals) -> dict[str, Floats]:
        """Ask one class for what it remembers and check the arrays it returns."""
        who = self._names(rows)
        try:
            kept = self.view(cls, rows).remember(signals)
            if not isinstance(kept, Mapping):
                raise TypeError(f"returned {type(kept).__name__}, expected new values by the name of their column")
            own = columns_of(cls).keys() - columns_of(self.kind).keys() if kept else ()
            for name in kept:
                if name not in own:
                    raise ValueError(f"{name} is no column that {cls.__name__} adds")
            kept = {name: shaped(name, value, self.columns[name][rows].shape) for name, value in kept.items()}
        except Exception as error:
            raise self._error_at(error, cls, "remember", who, signals) from error
        if not is_ours(cls):
            for name, value in kept.items():
                wrong, what = ~np.isfinite(value), f"{cls.__name__}.remember: {name}"
                fault = functools.partial(lambda where: (where, "not finite"), wrong)
                self.occasion.judge(who, signals.quarter, what, wrong, fault, value)
        return kept

    def _answer(self, cls: type, rows: Rows, name: str, signals: Signals) -> dict[str, Floats]:
        """Ask one class for a decision on its rows and check the arrays it returns."""
        declared, who = self.decisions[name], self._names(rows)
        try:
            parts = declared.parts(getattr(cls, name)(self.view(cls, rows), signals))
            for part, array in parts.items():
                over = declared.over.get(part, "")
                expected = (len(who), *((self.axes[over],) if over else ()), self.replicates)
                parts[part] = shaped(part or "result", array, expected)
        except Exception as error:
            raise self._error_at(error, cls, name, who, signals) from error
        if not is_ours(cls):
            for part, array in parts.items():
                what = f"{cls.__name__}.{name}: {part or 'result'}"
                fault = functools.partial(declared.fault, part, array)
                self.occasion.judge(who, signals.quarter, what, declared.wrong(part, array), fault, array)
        return parts

    def _names(self, rows: Rows) -> tuple[str, ...]:
        """Return the names of the firms in some rows."""
        return self.names[rows] if isinstance(rows, slice) else tuple(self.names[row] for row in rows)

    def _error_at(self, error: Exception, cls: type, method: str, who: tuple[str, ...], signals: Signals) -> Exception:
        """Return an error that names firms, quarter, replicates and Class.method."""
        return error_at(error, f"{self.occasion.location(who, signals.quarter)}: {cls.__name__}.{method}")

    def _gathered(self, part: str, answers: list[tuple[Rows, dict[str, Floats]]]) -> Floats:
        """Put the rows of several classes into one array."""
        first = answers[0][1][part]
        whole = np.empty((len(self), *first.shape[1:]), like=first)
        for rows, parts in answers:
            whole[rows] = parts[part]
        return whole


def _groups(classes: Sequence[type]) -> list[tuple[type, Rows]]:
    """Return each class with the rows it decides for; one class has all rows without a copy."""
    distinct = list(dict.fromkeys(classes))
    if len(distinct) == 1:
        return [(distinct[0], EVERYBODY)]
    return [(cls, np.flatnonzero([c is cls for c in classes])) for cls in distinct]
