"""Which model a result was made with, and whether that is the model of today."""

from __future__ import annotations

import ast
import hashlib
import json
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

OF_THE_DATA = "series.toml"
"""The one file of TOML in the model's data that no run reads."""

ENGINE = frozenset({"tape", "kernel"})
"""Rooms of the model that say how a run is reckoned, in the same bits, and not what."""

ATTEMPTS = 20
"""How often a syntax tree is made that other threads have spoilt."""

UNREAD = frozenset({"ctx", "kind", "type_comment"})
"""Fields of a syntax tree that say nothing of what is computed."""


@cache
def model_digest() -> str:
    """Return what tells this model from every other: a checksum of its rules, stocks and scenarios.

    Comments, docstrings, imports and the files in which rules stand do not count, nor does the order of definitions:
    what reads better computes the same. All versions of Python give the same checksum.
    """
    rules = [rule for path in _rule_files() for rule in rules_of(path.read_text(encoding="utf-8"))]
    data = [repr(tomllib.loads(path.read_text(encoding="utf-8"))) for path in _tables()]
    return hashlib.sha256("\0".join(sorted([*rules, *data])).encode()).hexdigest()


@cache
def source_digest() -> str:
    """Return a checksum of the same files as they are, byte for byte: where it is the same, so is the model.

    It takes a hundredth of the time, which is why somebody who waits for a page is spared the other one.
    """
    texts = sorted(path.read_bytes() for path in (*_rule_files(), *_tables()))
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def made_with_this_model() -> dict[str, str]:
    """Return the stamp that `is_made_with_this_model` knows a result by."""
    return {"model": model_digest(), "sources": source_digest()}


def is_made_with_this_model(stamp: Mapping[str, str]) -> bool:
    """Return whether a result with a stamp was made with the model as it is now."""
    return stamp["sources"] == source_digest() or stamp["model"] == model_digest()


def _rule_files() -> list[Any]:
    """Return the files of Python that say what is reckoned."""
    model: Any = files("aimarket.model")
    rooms = [room for room in model.iterdir() if room.name not in ENGINE]
    return [path for place in (*rooms, model.parent / "agents") for path in _python_files(place)]


def _tables() -> list[Any]:
    """Return the tables of stocks, scenarios and the like that runs read."""
    data: Any = files("aimarket.model").joinpath("data")
    return [path for path in data.rglob("*.toml") if path.name != OF_THE_DATA]


def _python_files(place: Any) -> list[Any]:
    """Return a file of Python itself, or those in a folder."""
    return [place] if place.name.endswith(".py") else list(place.rglob("*.py")) if place.is_dir() else []


def rules_of(source: str) -> list[str]:
    """Return the definitions of a file as its syntax tree has them, each as a text."""
    return [_text(statement) for statement in _tree(source).body if not _says_nothing(statement)]


def _tree(source: str) -> ast.Module:
    """Return the syntax tree of a file.

    Python 3.11 counts the depth of all trees together, and gives one up where another thread makes one meanwhile.
    """
    for _ in range(ATTEMPTS):
        try:
            return ast.parse(source)
        except SystemError:
            continue
    return ast.parse(source)


def _text(node: Any) -> str:
    """Return a part of a syntax tree as a text."""
    if isinstance(node, ast.JoinedStr):  # Python 3.12.1 and earlier 3.12 put empty constants into nested ones
        return f"JoinedStr({_text([part for part in node.values if not _is_empty(part)])})"
    if isinstance(node, ast.AST):
        fields = (
            _text(value) for name, value in ast.iter_fields(node) if name not in UNREAD and value not in (None, [])
        )
        return f"{type(node).__name__}({','.join(fields)})"
    if isinstance(node, list):
        return f"[{','.join(_text(part) for part in node if not _says_nothing(part))}]"
    return repr(node)


def _is_empty(part: ast.expr) -> bool:
    """Return whether a part of an f-string is the empty text."""
    return isinstance(part, ast.Constant) and part.value == ""


def _says_nothing(statement: Any) -> bool:
    """Return whether a statement is an import, a docstring, or there for type checkers alone."""
    match statement:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
    return False


def is_of_this_model(folder: str) -> bool:
    """Return whether the results in a folder of the model's data were made with the model as it is now.

    Args:
        folder: ``posterior`` or ``backtest``.
    """
    manifest = files("aimarket.model").joinpath("data", folder, "manifest.json").read_text(encoding="utf-8")
    return str(json.loads(manifest)["model"]) == model_digest()
