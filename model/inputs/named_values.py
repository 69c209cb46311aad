"""Values by name as others hand them over: a mapping, a row, records, or a data frame of whatever library."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ...agents.state.numbers import echo

WAYS = "give values by name: a mapping, a row or the columns of a data frame"


def by_name(given: Any, what: str = "parameters") -> dict[str, Any]:
    """Return values by name, as they are, from whatever holds them by name.

    Args:
        given: a mapping, a row (a Series, a named tuple), a single column with a name, a list of mappings with a row
            each, an array with named fields, or a data frame of pandas, Polars, Arrow or another library.
        what: what messages call it.

    Raises:
        TypeError: it holds no values by name.
        ValueError: a name is there twice, or rows of a list have different names.
    """
    if given is None:
        return {}
    given = given._asdict() if hasattr(given, "_asdict") else given
    if _is_list_of_rows(given):
        given = _columns(given, what)
    if _is_named_column(given):
        return {given.name: given}
    names = _names(given, what)
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{what} has {names.count(name)} columns {name!r}: keep one")
    return {str(name): given[name] for name in names}


def _is_named_column(given: Any) -> bool:
    """Return whether something is a single column that knows its name; a row has the names of its cells."""
    named = isinstance(getattr(given, "name", None), str) and bool(given.name)
    cells = list(given.keys()) if hasattr(given, "keys") else []
    return (
        named
        and getattr(given, "ndim", len(getattr(given, "shape", ()))) == 1
        and not any(isinstance(cell, str) for cell in cells)
    )


def _is_list_of_rows(given: Any) -> bool:
    """Return whether something is a list of mappings."""
    return isinstance(given, Sequence) and len(given) > 0 and all(isinstance(row, Mapping) for row in given)


def _columns(rows: Sequence[Mapping[str, Any]], what: str) -> dict[str, list[Any]]:
    """Return rows as columns."""
    for number, row in enumerate(rows):
        if row.keys() != rows[0].keys():
            raise ValueError(f"{what}, row {number + 1} names {echo(list(row))}, and row 1 {echo(list(rows[0]))}")
    return {name: [row[name] for row in rows] for name in rows[0]}


def _names(given: Any, what: str) -> list[Any]:
    """Return the names under which something holds values, or say that it has none."""
    if hasattr(given, "collect") and not hasattr(given, "shape"):
        raise TypeError(f"{what} is a query that has not run: give what its collect() returns")
    names: Iterable[Any] | None = getattr(getattr(given, "dtype", None), "names", None)
    for way in ("keys", "column_names", "columns"):
        if names is None:
            found = getattr(given, way, None)
            names = found() if callable(found) else found
    if names is None:
        array = ", and an array has no names: wrap it in pandas.DataFrame(array, columns=[...])"
        raise TypeError(f"{what} = {echo(given)}: {WAYS}{array if hasattr(given, 'shape') else ''}")
    return list(names)
