"""What a kernel hangs on: two models of one structure have the same kernel, whatever their values are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ...agents.state.answers import is_ours
from ..parameters import parameters
from ..records.history import FIRMS, KINDS, LEDGER

if TYPE_CHECKING:
    from ..market_model import MarketModel

SOURCES = ("agents", "model")


def structure(model: MarketModel, wanted: Iterable[str] | None = None) -> tuple[str, bool]:
    """Return what tells a model's structure from every other, and whether it means the same to another process.

    It does not where a class of one's own decides, whose source may change.

    Args:
        model: the model.
        wanted: the kinds that are to be kept; those of its history when left out.
    """
    classes = [cls for population in model.populations for cls in population.classes]
    known = parameters()
    values = vars(model.parameters)
    changed = {name for turn in model._schedule.values() for name, value in turn.items() if np.ndim(value) > 1}
    parts = (
        model.case.entries,
        model.case.deals,
        [f"{cls.__module__}.{cls.__qualname__} {'' if is_ours(cls) else id(cls)}" for cls in classes],
        {name: values[name] for name, item in known.items() if item.structural},
        sorted({name for name, value in values.items() if np.ndim(value) > 1} | changed),
        recorded(model.history.wanted if wanted is None else wanted),
    )
    text = "\0".join((source_digest(), np.__version__, _start_told(model.start), *map(told, parts)))
    return hashlib.sha256(text.encode()).hexdigest(), all(map(is_ours, classes))


def recorded(wanted: Iterable[str]) -> tuple[str, ...]:
    """Return what a kernel keeps for a history that wants some kinds: those of firms with indicators, or all."""
    few = ("indicators", *FIRMS)
    return few if set(wanted) <= set(few) else (*KINDS, LEDGER)


def _start_told(start: Any) -> str:
    """Return an initial state as a text, reckoned once for one that is asked for again and again."""
    known, text = _last_start[0]
    if known is not start:
        text = told(start)
        _last_start[0] = start, text
    return text


_last_start: list[tuple[Any, str]] = [(None, "")]


@cache
def source_digest() -> str:
    """Return a checksum of the source of firms, markets and tapes."""
    root = Path(__file__).parents[2]
    paths = sorted(path for room in SOURCES for path in (root / room).rglob("*.py"))
    found = hashlib.sha256()
    for path in paths:
        found.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def told(value: Any) -> str:
    """Return a value as a text that is the same in every process."""
    if is_dataclass(value):
        return f"{type(value).__name__}({','.join(told(getattr(value, field.name)) for field in fields(value))})"
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{told(name)}:{told(item)}' for name, item in value.items())}}}"
    if isinstance(value, set | frozenset):
        return f"<{','.join(sorted(map(told, value)))}>"
    if isinstance(value, tuple | list):
        return f"[{','.join(map(told, value))}]"
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{value.shape}{value.tobytes().hex()}"
    return repr(value)
