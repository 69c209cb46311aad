"""What a model holds by replicate: every array whose last axis is theirs, by a path, whoever put it there."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from ...agents.state.table import Table
from ..deals.leases import Leases

if TYPE_CHECKING:
    from ..market_model import MarketModel

Change = Callable[[str, Any], Any]
"""What becomes of an array that stands at a path."""

APART = frozenset(
    {
        "parameters",
        "base_values",
        "overrides",
        "chance",
        "history",
        "ledger",
        "start",
        "case",
        "traced",
        "occasion",
    }
)
"""What of a model is no state of a quarter: numbers of the run, records, and what every quarter makes anew."""

OF_TABLES = frozenset({"columns", "tables", "parameters", "occasion", "all"})
"""What of a table names other things that a model holds."""


def change_holdings(model: MarketModel, change: Change) -> None:
    """Put in place of every array that a model holds by replicate what a function makes of it.

    Args:
        model: the model.
        change: gets the path of an array and the array, and returns what is to stand there.
    """
    walk, lanes = set[int](), model.replicates
    own: dict[str, Any] = model.__dict__
    for name, value in list(own.items()):
        if name not in APART and not name.startswith("_"):
            found = changed(value, name, change, lanes, walk)
            if found is not value:
                own[name] = found
    changed(model.history.lasting, "lasting", change, lanes, walk)


def holdings(model: MarketModel) -> dict[str, Any]:
    """Return every array that a model holds by replicate, by path."""
    found: dict[str, Any] = {}

    def note(path: str, array: Any) -> Any:
        found[path] = array
        return array

    change_holdings(model, note)
    return found


def held_at(model: MarketModel, path: str) -> Any:
    """Return what a model holds at a path, None where there is nothing yet."""
    first, *rest = path.split(".")
    value: Any = model.history.lasting if first == "lasting" else vars(model).get(first)
    if first == "lasting":
        return value.get(path.partition(".")[2])
    for name in rest:
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, tuple | list):
            value = value[int(name)] if name.isdigit() else getattr(value, name, None)
        else:
            value = vars(value).get(name)
        if value is None:
            return None
    return value


def changed(value: Any, path: str, change: Change, lanes: int, walked: set[int]) -> Any:
    """Return a value with its arrays changed; tables and dictionaries are changed themselves."""
    if hasattr(value, "__array_ufunc__"):
        return change(path, value) if value.ndim and value.shape[-1] == lanes else value
    if isinstance(value, Table | Leases | dict):
        if id(value) not in walked:
            walked.add(id(value))
            _change_inside(value, path, change, lanes, walked)
        return value
    if isinstance(value, tuple | list):
        parts = [changed(part, f"{path}.{name}", change, lanes, walked) for name, part in _named(value)]
        if all(part is before for part, before in zip(parts, value, strict=True)):
            return value
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    if is_dataclass(value) and not isinstance(value, type):
        return _changed_record(value, path, change, lanes, walked)
    return value


def _named(value: Any) -> list[tuple[Any, Any]]:
    """Return the parts of a tuple or list by name or place."""
    return list(zip(getattr(value, "_fields", range(len(value))), value, strict=True))


def _change_inside(value: Any, path: str, change: Change, lanes: int, walked: set[int]) -> None:
    """Change what a table or a dictionary holds."""
    held: dict[str, Any] = value if isinstance(value, dict) else value.__dict__
    for name, part in list(held.items()):
        if isinstance(value, dict) or not (name in OF_TABLES or name.startswith("_")):
            found = changed(part, f"{path}.{name}", change, lanes, walked)
            if found is not part:
                held[name] = found


def _changed_record(value: Any, path: str, change: Change, lanes: int, walked: set[int]) -> Any:
    """Return a record with its arrays changed, as a copy where any is."""
    parts = {field.name: getattr(value, field.name, None) for field in fields(value)}
    found = {name: changed(part, f"{path}.{name}", change, lanes, walked) for name, part in parts.items()}
    if all(found[name] is part for name, part in parts.items()):
        return value
    made = copy.copy(value)
    for name, part in found.items():
        object.__setattr__(made, name, part)
    return made
