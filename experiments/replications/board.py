"""Replications: every published result by its name, and what comes of asking the engine for it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ...agents.state.shown import shown
from .exact import EXACT
from .published import Figure, Published
from .stylised import STYLISED

PUBLISHED: Mapping[str, Published] = MappingProxyType({**EXACT, **STYLISED})
"""Every published result that can be asked for, by its name."""


class UnknownResultError(ValueError):
    """No published result is called so; the message names those that are."""


@shown("name", "agrees", "figures")
@dataclass(frozen=True)
class Replication:
    """What came of asking for a published result.

    Attributes:
        name: what the result is called here.
        published: who found it, and how it was asked for.
        figures: each figure beside what was published.

    Examples:
        >>> import aimarket
        >>> [figure.agrees for figure in aimarket.replicate("ideas").figures]
        [True]
    """

    name: str
    published: Published
    figures: tuple[Figure, ...]

    @property
    def agrees(self) -> bool:
        """Whether every figure lies within its tolerance."""
        return all(figure.agrees for figure in self.figures)

    def to_json(self) -> dict[str, Any]:
        """Return everything as plain values."""
        about = {"name": self.name, "title": self.published.title, "reference": self.published.reference}
        figures = [{**figure._asdict(), "agrees": figure.agrees} for figure in self.figures]
        return {**about, "way": self.published.way, "agrees": self.agrees, "figures": figures}


def replicate(name: str) -> Replication:
    """Ask the engine for a published result.

    Args:
        name: what it is called, as ``aimarket replicate`` lists it.

    Raises:
        UnknownResultError: no result is called so.

    Examples:
        >>> import aimarket
        >>> aimarket.replicate("adoption").agrees
        True
    """
    if name not in PUBLISHED:
        near = difflib.get_close_matches(str(name), PUBLISHED, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there is {', '.join(PUBLISHED)}"
        raise UnknownResultError(f"no published result is called {name!r}; {hint}")
    return Replication(name, PUBLISHED[name], tuple(PUBLISHED[name].measure()))
