"""Where in a file of somebody's own a value stands: checks whose messages name the place and what was allowed."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ...agents.state.numbers import echo
from ...agents.state.table import unknown_name
from ..inputs.value_forms import DATED, TEXT, Form, Key, is_number, known, number, parts
from ..parameters import checked

LONGEST_TEXT = 100_000
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
"""How a file begins that Windows has written in UTF-16."""

MOST_TABLES = 200
"""A file can come from a stranger: its size and its lists are bounded, far beyond what a reader would follow."""


@dataclass(frozen=True)
class Place:
    """A place in a file, for messages, and the checks that need it.

    Attributes:
        where: the file, and the table in it.
        kind: what the file describes.
        error: the class of what is raised.
    """

    where: str
    kind: str = "a scenario"
    error: type[ValueError] = ValueError

    def inside(self, name: str, number: int | None = None) -> Place:
        """Return a place inside this one."""
        return replace(self, where=f"{self.where}, {name}{'' if number is None else f'[{number}]'}")

    def fail(self, what: str) -> ValueError:
        """Return the error that says what is wrong here."""
        return self.error(f"{self.where}: {what}")

    def keys(self, table: Mapping[str, Any], there: tuple[str, ...], needed: tuple[str, ...] = ()) -> None:
        """Say which key is unknown or missing."""
        for key in table:
            if key not in there:
                raise self.fail(unknown_name(self.kind, key, there))
        for key in needed:
            if key not in table:
                raise self.fail(f"{key} is missing")

    def tables(self, content: Mapping[str, Any], key: str) -> list[tuple[int, Mapping[str, Any]]]:
        """Return a list of tables with their numbers."""
        items = content.get(key, [])
        if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
            raise self.fail(f"{key} has to be a list of tables, written [[{key}]]")
        if len(items) > MOST_TABLES:
            raise self.fail(f"{key} has {len(items)} entries; at most {MOST_TABLES}")
        return list(enumerate(items))

    def read(self, table: Mapping[str, Any], keys: Sequence[Key]) -> dict[str, Any]:
        """Return what a table says by key, each value in its form; say which key is unknown, missing or wrong."""
        self.keys(table, *known(keys))
        return {key.name: self._taken(key.form, key.name, table[key.name]) for key in keys if key.name in table}

    def text(self, table: Mapping[str, Any], key: str) -> str:
        """Return a text, empty if there is none."""
        return str(self._taken(TEXT, key, table.get(key, "")))

    def number(self, table: Mapping[str, Any], key: str, low: float, high: float) -> float:
        """Return a number within a range."""
        return float(self._taken(number(low, high), key, table[key]))

    def quarter(self, table: Mapping[str, Any], key: str) -> int:
        """Return a quarter since year 0."""
        return int(self._taken(DATED, key, table[key]))

    def parts(self, table: Mapping[str, Any], key: str, *, whole: bool) -> dict[str, float]:
        """Return parts of one by name."""
        return dict(self._taken(parts(together=whole), key, table.get(key, {})))

    def _taken(self, form: Form, key: str, value: Any) -> Any:
        """Return a value in its form, or say what is wrong with it here."""
        try:
            return form.take(key, value)
        except ValueError as error:
            raise self.fail(str(error)) from None

    def parameters(self, values: Any) -> dict[str, float]:
        """Return overriding values by parameter, each within its range."""
        if not isinstance(values, dict):
            raise self.fail("parameters has to be a table, written [parameters]")
        for name, value in values.items():
            if not (is_number(value) or isinstance(value, bool)):  # a switch may be true or false
                raise self.fail(f"{name} = {echo(value)} is not a number")
        try:
            return {name: float(value) for name, value in checked(values).items()}
        except (KeyError, TypeError, ValueError) as error:
            raise self.fail(str(error.args[0])) from None


def read_text(path: Path, kind: str, error: type[ValueError]) -> str:
    """Return the text of a file of somebody's own."""
    try:
        with path.open("rb") as file:
            encoding = "utf-16" if file.read(2) in UTF_16 else "utf-8"
        with path.open(encoding=encoding) as file:
            return file.read(LONGEST_TEXT + 1)  # one letter more than is allowed, and never a file without end
    except UnicodeDecodeError as wrong:
        raise error(f"cannot read {kind} {path}: {wrong}; save it as UTF-8") from None
    except OSError as wrong:
        raise error(f"cannot read {kind} {path}: {wrong.strerror or wrong}") from None


def read_toml(text: str, source: str, kind: str, error: type[ValueError]) -> dict[str, Any]:
    """Return what a TOML text says; a text that is none, or far too long, is told with its line."""
    if len(text) > LONGEST_TEXT:
        raise error(f"{source} has more than {LONGEST_TEXT:,} letters; a {kind} has at most so many")
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except RecursionError:
        raise error(f"{source} is nested too deeply for a {kind}") from None
    except ValueError as wrong:
        end = f"at the end, line {text.count(chr(10)) + 1}"
        raise error(f"{source} is not TOML: {str(wrong).replace('at end of document', end)}") from None
