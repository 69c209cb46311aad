"""Firm classes: subclasses of one's own that decide for firms in an experiment.

They come from Python alone. A study describes them by where they would be imported from, as in ``my_labs:ThriftyLab``,
which tells it from others; nothing is ever imported because a file says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ...agents.state.population import MarketAgent


@dataclass(frozen=True)
class Absent:
    """A class that a sweep was run with, and that is not here.

    Attributes:
        path: where it was imported from.
    """

    path: str


FirmClasses = Mapping[str, type[MarketAgent]]
"""By firm's name, the subclass that decides for it."""

DescribedClasses = Mapping[str, type[MarketAgent] | Absent]
"""Firm classes, some of which may be known by their description alone."""


def described(firms: DescribedClasses) -> dict[str, str]:
    """Return by firm's name where the class that decides for it would be imported from."""
    return {name: _path_of(cls) for name, cls in firms.items()}


def in_words(firms: DescribedClasses) -> str:
    """Return firms with the classes that decide for them, as messages show them."""
    return ", ".join(f"{name}: {path}" for name, path in described(firms).items())


def matched(paths: Mapping[str, str], given: FirmClasses | None) -> DescribedClasses:
    """Return the classes that a description names, from those given; without them they are absent.

    Args:
        paths: as `described` returns them.
        given: the classes, if anybody has them.

    Raises:
        ValueError: other classes than those described are given.
    """
    absent = {name: Absent(path) for name, path in paths.items()}
    if given is None:
        return absent
    if described(given) != dict(paths):
        raise ValueError(
            f"it was run with firms {in_words(absent) or 'of no class of their own'}, not {in_words(given)}"
        )
    return given


def lacking(firms: DescribedClasses) -> str:
    """Say which classes are not here and what to do about it; empty where all are."""
    absent = {name: cls for name, cls in firms.items() if isinstance(cls, Absent)}
    if not absent:
        return ""
    return f"no file keeps the classes that decided for firms ({in_words(absent)}): give them from Python with firms="


def present(firms: DescribedClasses) -> dict[str, type[MarketAgent]]:
    """Return the classes that are here."""
    return {name: cls for name, cls in firms.items() if not isinstance(cls, Absent)}


def _path_of(cls: type[MarketAgent] | Absent) -> str:
    """Return where a class would be imported from."""
    return cls.path if isinstance(cls, Absent) else f"{cls.__module__}:{cls.__qualname__}"
