"""Where an estimate crosses the bound of its condition, as one parameter moves: a scan, then ever finer sections."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from ..designs.factors import Factor
from ..statistics import OPEN, Interval, bound, meets, verdict

LEVELS = 9
"""Values of the scan: a crossing and its way back between two of them stay unseen."""

SECTIONS = 4
"""Parts into which a bracket is cut in every round, at once because runs in batches are cheap."""

UNKNOWN = float("nan")

Judge = Callable[[np.ndarray], Sequence[Interval]]
"""Estimates a statistic at several values of the parameter, shape (n,), on common random numbers."""


class Point(NamedTuple):
    """A value of the parameter, the estimate there and its verdict."""

    value: float
    interval: Interval
    verdict: str


@dataclass(frozen=True)
class Crossing:
    """Where a verdict flips.

    Attributes:
        value: where the mean crosses the bound first; not a number if it does nowhere.
        low: from where on the verdict is no longer the one below, or the low end of the range.
        high: until where the verdict is not yet the one above, or the high end of the range.
        below: the verdict below `low`.
        above: the verdict above `high`.
        crossings: how often the verdict flips, as far as the values tried tell; where it is undecided the mean may
            cross the bound more often, by chance.
        points: all values tried, in order.
    """

    value: float
    low: float
    high: float
    below: str
    above: str
    crossings: int
    points: tuple[Point, ...]


def find_crossing(judge: Judge, condition: str, factor: Factor, *, tolerance: float, levels: int = LEVELS) -> Crossing:
    """Return where a verdict flips: scan the range, then cut what brackets a flip into ever finer sections.

    Between `low` and `high` the 95 % interval holds the bound: these are the values of the parameter at which the mean
    may as well lie on the bound. Whole numbers are given as they are: the first at which the mean has crossed, between
    the last that is surely below and the first that is surely above.

    Args:
        judge: estimates the statistic at several values, all on common random numbers.
        condition: a sign and a number, as in ``> 0``.
        factor: what moves, and within which range.
        tolerance: how wide a bracket may stay, as a part of the range.
        levels: how many values are scanned.
    """
    curve = _Curve(judge, condition)
    curve.try_values(factor.levels(levels).astype(float))
    edges = _edges(curve.points, condition)
    width = 1.0 if factor.whole else tolerance * (factor.high - factor.low)
    while curve.try_values(value for edge in edges.values() for value in edge.sections(width, whole=factor.whole)):
        edges = {name: edge.narrowed(curve.points) for name, edge in edges.items()}
    return _crossing(curve.points, edges, condition, factor)


def most_values(tolerance: float, levels: int = LEVELS) -> int:
    """Return how many values the search tries at most."""
    rounds = max(int(np.ceil(np.log(1.0 / (tolerance * (levels - 1))) / np.log(SECTIONS))), 0)
    return levels + rounds * len(("below", "mean", "above")) * (SECTIONS - 1)


class _Curve:
    """The values tried so far."""

    def __init__(self, judge: Judge, condition: str) -> None:
        self.judge, self.condition = judge, condition
        self.tried: dict[float, Interval] = {}

    def try_values(self, values: Iterable[float]) -> bool:
        """Estimate the statistic where it has not been tried, and say whether there was anything to try."""
        new = sorted({float(value) for value in values} - set(self.tried))
        if new:
            self.tried |= dict(zip(new, self.judge(np.array(new)), strict=True))
        return bool(new)

    @property
    def points(self) -> list[Point]:
        """All points where there is an estimate, in order."""
        return [
            Point(value, interval, verdict(interval, self.condition))
            for value, interval in sorted(self.tried.items())
            if interval.known
        ]


class _Edge(NamedTuple):
    """Two neighbouring points between which something ends that held so far."""

    left: Point
    right: Point
    holds: Callable[[Point], bool]
    downwards: bool = False

    def sections(self, width: float, *, whole: bool) -> Iterator[float]:
        """Yield the values that cut the bracket, none where it is narrow enough."""
        if self.right.value - self.left.value > width * (1.0 + 1e-9):
            cut = np.linspace(self.left.value, self.right.value, SECTIONS + 1)[1:-1]
            yield from np.rint(cut) if whole else cut

    def narrowed(self, points: Sequence[Point]) -> _Edge:
        """Return the bracket among more points: the first place, from where it held, at which it no longer does."""
        inside = [point for point in points if self.left.value <= point.value <= self.right.value]
        for before, after in pairwise(reversed(inside) if self.downwards else inside):
            if not self.holds(after):
                left, right = (after, before) if self.downwards else (before, after)
                return self._replace(left=left, right=right)
        return self

    def roots(self, ends: Sequence[str], limit: float) -> list[float]:
        """Return where the ends of the interval that cross the bound do so, by a straight line."""
        found = []
        for end in ends:
            one, other = (getattr(point.interval, end) - limit for point in (self.left, self.right))
            if np.isfinite(one) and np.isfinite(other) and one != other and one * other <= 0.0:
                found.append(self.left.value + (self.right.value - self.left.value) * float(one / (one - other)))
        return found or [(self.left.value + self.right.value) / 2.0]


def _edges(points: Sequence[Point], condition: str) -> dict[str, _Edge]:
    """Return the brackets of a scan: where the verdict below ends, where the mean crosses, where the one above begins.

    Where the mean crosses nowhere, the brackets are those of the first stretch whose verdict is another.
    """
    flips = [
        position
        for position, pair in enumerate(pairwise(points))
        if _met(pair[0], condition) != _met(pair[1], condition)
    ]
    changes = [position for position, (one, other) in enumerate(pairwise(points)) if one.verdict != other.verdict]
    if not flips and not changes:
        return {}
    first = flips[0] if flips else changes[0]
    edges = {}
    if flips:
        met = _met(points[first], condition)
        edges["mean"] = _Edge(points[first], points[first + 1], lambda point: _met(point, condition) == met)
    before = next((position for position in range(first, -1, -1) if points[position].verdict != OPEN), None)
    after = next((position for position in range(first + 1, len(points)) if points[position].verdict != OPEN), None)
    if before is not None:
        below = points[before].verdict
        edges["below"] = _Edge(points[before], points[before + 1], lambda point: point.verdict == below)
    if after is not None:
        above = points[after].verdict
        edges["above"] = _Edge(points[after - 1], points[after], lambda point: point.verdict == above, downwards=True)
    return edges


def _met(point: Point, condition: str) -> bool:
    """Return whether the mean meets the condition."""
    return meets(point.interval.value, condition)


def _crossing(points: Sequence[Point], edges: dict[str, _Edge], condition: str, factor: Factor) -> Crossing:
    """Return what the brackets say."""
    if not edges:
        held = points[0].verdict if points else OPEN
        return Crossing(UNKNOWN, UNKNOWN, UNKNOWN, held, held, 0, tuple(points))
    below, mean, above = (edges.get(name) for name in ("below", "mean", "above"))
    limit = bound(condition)
    if factor.whole:
        value = mean.right.value if mean else UNKNOWN
        low, high = below.left.value if below else factor.low, above.right.value if above else factor.high
    else:
        value = mean.roots(("value",), limit)[0] if mean else UNKNOWN
        low = min(below.roots(("low", "high"), limit)) if below else factor.low
        high = max(above.roots(("low", "high"), limit)) if above else factor.high
    return Crossing(
        value,
        low,
        high,
        below.left.verdict if below else OPEN,
        above.right.verdict if above else OPEN,
        max(_flips(points), int(mean is not None)),
        tuple(points),
    )


def _flips(points: Sequence[Point]) -> int:
    """Return how often a verdict turns into the other, whatever is undecided in between."""
    decided = [point.verdict for point in points if point.verdict != OPEN]
    return sum(one != other for one, other in pairwise(decided))
