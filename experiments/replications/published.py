"""A published result: who found it, how this engine is asked for it, and figures that may differ so much from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from ...agents.state.shown import shown


@shown()
class Figure(NamedTuple):
    """A figure of a published result beside what the engine gives.

    Attributes:
        what: what it is, with its unit.
        expected: what was published, in words.
        found: what the engine gives.
        least: the least that agrees.
        most: the most.
    """

    what: str
    expected: str
    found: float
    least: float
    most: float

    @property
    def agrees(self) -> bool:
        """Whether it lies within the tolerance; what is not a number never does."""
        return self.least <= self.found <= self.most


def exactly(what: str, expected: float, found: float, tolerance: float) -> Figure:
    """Return a figure that has to be what was published, within an absolute tolerance.

    Examples:
        >>> exactly("odds", 0.5, 0.5 + 1e-12, 1e-9).agrees
        True
    """
    said = f"{expected:.9g} within {tolerance:g}"
    return Figure(what, said, float(found), expected - tolerance, expected + tolerance)


@shown()
class Published(NamedTuple):
    """A published result.

    Attributes:
        title: what was found.
        reference: who found it, and where.
        way: how this engine is asked for it.
        measure: asks it, and returns its figures.
    """

    title: str
    reference: str
    way: str
    measure: Callable[[], Sequence[Figure]]
