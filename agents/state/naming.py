"""Names that a class of one's own gives: one that is nearly a decision, a column or a parameter is a mistake."""

from __future__ import annotations

import difflib
import inspect
import re
from collections.abc import Iterable, Mapping
from typing import Any

from .answers import is_ours

NEAR = 0.84
"""From which likeness on two names are taken for one, of 1 for equal ones."""


def check_names(cls: type, known: Mapping[str, Any], decisions: Iterable[str]) -> None:
    """Say which public name of a class of one's own is no decision, column or parameter and is close to one.

    Other names are helpers of the class's own, which nobody but itself asks for.

    Args:
        cls: the class.
        known: what it inherits, by name.
        decisions: the names that firms of its kind are asked for.

    Raises:
        TypeError: a name is nearly another, is declared as a decision that nobody asks for, or a decision is no method.
    """
    decisions = set(decisions)
    for name, item in own_names(cls).items():
        if name in decisions and not callable(item) and not isinstance(item, staticmethod | classmethod):
            raise TypeError(f"{cls.__name__}.{name} is a decision and has to be a method: def {name}(self, signals)")
        if name in known or name.startswith("_") or name.isupper():
            continue
        near = _nearest(name, decisions | set(known) if not hasattr(item, "declaration") else decisions)
        if hasattr(item, "declaration"):
            meant = f"did you mean {near!r}? " if near else ""
            asked = ", ".join(sorted(decisions))
            raise TypeError(f"{cls.__name__}.{name} is a decision that nobody asks for; {meant}decisions are {asked}")
        if near:
            raise TypeError(
                f"{cls.__name__}.{name} is no decision, column or parameter: did you mean {near!r}? A helper of your "
                "own needs a name that is less like it, or one that begins with an underscore"
            )


def own_names(cls: type) -> dict[str, Any]:
    """Return what a class of one's own declares itself or takes from classes that are no firms, by name."""
    bases = [base for base in cls.__mro__[1:] if base is not object and not _is_a_librarys(base) and not is_ours(base)]
    mixed_in = [base for base in bases if not hasattr(base, "is_view")]
    found: dict[str, Any] = {}
    for base in reversed([cls, *mixed_in]):
        found |= {name: item for name, item in vars(base).items() if not name.startswith("__")}
    return found


def _is_a_librarys(cls: type) -> bool:
    """Return whether a class comes from Mesa or from Python's typing."""
    return cls.__module__.partition(".")[0] in {"mesa", "typing", "abc", "builtins"}


def _nearest(name: str, known: Iterable[str]) -> str:
    """Return the known name that a name misspells, or nothing."""
    alike = {other: _likeness(name, other) for other in known if not other.startswith("_")}
    best = max(alike, key=alike.__getitem__, default="")
    return best if best and alike[best] >= NEAR else ""


def _likeness(one: str, other: str) -> float:
    """Return how alike two names are; one with more words than the other is another name, and none misspelt."""
    words, others = _words(one), _words(other)
    squeezed, other = "".join(words), "".join(others)
    if sorted(words) == sorted(others) or squeezed == other:
        return 1.0
    if len(words) != len(others):
        return 0.0
    return difflib.SequenceMatcher(None, squeezed, other).ratio()


def _words(name: str) -> list[str]:
    """Return the words of a name, however they are run together."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+", name)]


def looks_at(item: Any, names: frozenset[str]) -> bool:
    """Return whether a function takes an argument of one of these names."""
    return inspect.isfunction(item) and not names.isdisjoint(inspect.signature(item).parameters)


def how_to_remember(name: str) -> str:
    """Return how a class of one's own remembers something."""
    kept = name.lstrip("_")
    return (
        f". To remember it, declare {kept} = Column(unit, doc) in the class and return its new values, shape (n, R), "
        f"from remember(self, signals): {{'{kept}': ...}}"
    )
