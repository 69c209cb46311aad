"""Forms: how a value is written, and what makes it into what the model takes; for files and for objects made in code.

A form is declared once. The reader of a file, the object that is made in code, their error messages and the reference
of all keys follow from it.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ...agents.state.numbers import echo, exact, floats, in_range, range_text
from ...agents.state.table import unknown_name
from ..dates import quarter_number, quarter_of

WHOLE = 1e-6
"""How far parts may miss one."""

LARGEST_NUMBER = 1e300
HUNDRED = 100.0


@dataclass(frozen=True)
class Form:
    """How a value is written.

    Attributes:
        words: what it is, with what is allowed.
        take: returns the value of a name as the model takes it, or raises ValueError with what is wrong.
        read: returns the value that a short text stands for, as in a link, or raises ValueError.
        high: the greatest number, where it is one.
    """

    words: str
    take: Callable[[str, Any], Any]
    read: Callable[[str], Any] = str
    high: float = math.inf


@dataclass(frozen=True)
class Key:
    """A key of a file.

    Attributes:
        name: as the file writes it.
        form: how its value is written.
        doc: what it means.
        needed: whether a file has to give it.
        usual: what holds where it is left out, in words.
    """

    name: str
    form: Form
    doc: str
    needed: bool = False
    usual: str = ""


def known(keys: Sequence[Key]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of all keys, and of those that a file has to give."""
    return tuple(key.name for key in keys), tuple(key.name for key in keys if key.needed)


def is_number(value: Any) -> bool:
    """Return whether a value is a single number that a float can hold."""
    try:
        found = floats(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return found.ndim == 0 and bool(abs(found) < LARGEST_NUMBER)


def number(low: float, high: float, unit: str = "") -> Form:
    """Return the form of a number within a range, both ends allowed."""

    def take(name: str, value: Any) -> float:
        if not is_number(value):
            raise ValueError(f"{name} = {echo(value)} is not a number")
        within = in_range(value, low, high)
        if within is None:
            percent = 1.0 < value <= HUNDRED * high <= HUNDRED
            hint = f"; {value:g} % is written {value / HUNDRED:g}" if percent else ""
            raise ValueError(f"{name} = {exact(value)} lies outside {range_text(low, high)}{hint}")
        return float(within)

    anything = low <= -LARGEST_NUMBER and high >= LARGEST_NUMBER
    words = "number" if anything else f"number from {low:g} to {high:g}"
    return Form(words + (f", {unit}" if unit else ""), take, float, high)


def whole(low: int, high: int, unit: str = "") -> Form:
    """Return the form of a whole number within a range, both ends allowed."""
    within = number(low, high)

    def take(name: str, value: Any) -> int:
        if within.take(name, value) != int(value):
            raise ValueError(f"{name} = {exact(value)} is not a whole number" + (f" of {unit}" if unit else ""))
        return int(value)

    return Form(f"whole number from {low} to {high}" + (f", {unit}" if unit else ""), take, int, high)


def _take_text(name: str, value: Any) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise ValueError(f"{name} = {echo(value)} is not a text")
    return value


def _take_yes(name: str, value: Any) -> bool:
    """Return whether."""
    if not isinstance(value, bool):
        raise ValueError(f"{name} has to be true or false")
    return value


def _take_dated(name: str, value: Any) -> int:
    """Return a quarter that a file writes as a text."""
    try:
        return quarter_number(value if isinstance(value, str) else repr(value))
    except ValueError:
        raise ValueError(f"{name}: {echo(value)} is not a quarter; write it as 2026Q2") from None


def _take_quarter(name: str, value: Any) -> int:
    """Return a quarter that code gives."""
    try:
        return quarter_of(value)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _take_names(name: str, value: Any) -> tuple[str, ...]:
    """Return a list of names."""
    if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{name} has to be a list of names")
    return tuple(value)


TEXT = Form("text", _take_text)
YES = Form("true or false", _take_yes)
DATED = Form('quarter, as in "2026Q2"', _take_dated)
QUARTER = Form("quarter: a text as 2026Q2, a period or day, or quarters since year 0", _take_quarter)
NAMES = Form("list of names", _take_names)


def choice(known: Sequence[str], owner: str = "a deal") -> Form:
    """Return the form of one of some words."""

    def take(name: str, value: Any) -> str:
        if _take_text(name, value) not in known:
            raise ValueError(f"{unknown_name(owner, value, known)}; {name}s are {', '.join(known)}")
        return value

    return Form(" or ".join(known), take)


def parts(*, together: bool, known: Iterable[str] = ()) -> Form:
    """Return the form of parts of one by name.

    Args:
        together: whether they have to add to one; they may add to less where not.
        known: the names there are; any where left out.
    """
    part, names = number(0.0, 1.0), tuple(known)

    def take(name: str, value: Any) -> dict[str, float]:
        if not isinstance(value, Mapping) or not all(isinstance(key, str) for key in value):
            raise ValueError(f"{name} has to name parts, as in {name} = {{ NAME = 1.0 }}")
        for key in value:
            if names and key not in names:
                raise ValueError(unknown_name(name, key, names))
        found = {key: part.take(f"{name}, {key}", item) for key, item in value.items()}
        _check_sum(name, found.values(), together=together)
        return found

    sums = "that add to 1" if together else "that add to 1 at most"
    return Form(f"parts by name{', of ' + ', '.join(names) + ',' if names else ''} {sums}", take)


def part_list(most: int) -> Form:
    """Return the form of a list of parts that add to one."""
    part = number(0.0, 1.0)

    def take(name: str, value: Any) -> tuple[float, ...]:
        listed = isinstance(value, Sequence) or hasattr(value, "tolist")
        if isinstance(value, str) or not listed or not 1 <= len(value) <= most:
            raise ValueError(f"{name} has to be a list of 1 to {most} parts")
        found = tuple(part.take(f"{name}[{position}]", item) for position, item in enumerate(value))
        _check_sum(name, found, together=True)
        return found

    return Form(f"list of 1 to {most} parts that add to 1", take)


def _check_sum(name: str, values: Iterable[float], *, together: bool) -> None:
    """Say that parts do not add to one, or to more."""
    gathered = math.fsum(values)
    if gathered > 1.0 + WHOLE or (together and gathered < 1.0 - WHOLE):
        raise ValueError(f"the parts of {name} add to {exact(gathered)}, expected 1")


def elsewhere(words: str) -> Form:
    """Return the form of a value that its reader takes apart, in words."""
    return Form(words, lambda _, value: value)


def table(example: str) -> Form:
    """Return the form of a table whose keys are told apart."""

    def take(name: str, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise ValueError(f"{name} has to be a table, as in {name} = {{ {example} }}")
        return value

    return Form("table", take)


def meanings(owner: type) -> dict[str, str]:
    """Return what the attributes of a class mean, from its docstring; nothing where docstrings were left out."""
    lines = (inspect.getdoc(owner) or "").partition("Attributes:\n")[2].splitlines()
    found: dict[str, str] = {}
    name = ""
    for line in lines:
        if line.startswith("    ") and not line.startswith("     ") and ": " in line:
            name, _, found[name] = line.strip().partition(": ")
        elif line.startswith("     ") and name:
            found[name] += " " + line.strip()
        elif line.strip():
            break
    return {name: text.removesuffix(".") for name, text in found.items()}
