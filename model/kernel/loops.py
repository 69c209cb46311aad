"""Loops over rows: where in them a loop is, and whether rows stand as far apart as one or two loops need."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from ...agents.state.shown import shown


@shown()
class At(NamedTuple):
    """Where in an operation's rows a loop is, as the text has it.

    Attributes:
        flat: the number of the row.
        dims: lengths of axes that the rows can be laid out along.
        names: the place on each of them.
    """

    flat: str
    dims: tuple[int, ...]
    names: tuple[str, ...]


def flat(place: str) -> At:
    """Return a place that is told by one number."""
    return At(place, (0,), (place,))


def parts(count: int) -> list[int]:
    """Return the numbers that go into a number, without itself and one."""
    return [part for part in range(2, count) if count % part == 0]


def is_even(places: np.ndarray, dims: tuple[int, ...]) -> bool:
    """Return whether places are as far apart everywhere along every axis."""
    if places.size != math.prod(dims):
        return False
    apart = [np.diff(places.reshape(dims), axis=axis).ravel() for axis in range(len(dims))]
    return all((each == each[:1]).all() for each in apart)


def steps(places: np.ndarray, at: At) -> str:
    """Return what is added to the first of places along every axis."""
    laid = places.reshape(at.dims)
    told = ""
    for axis, name in enumerate(at.names):
        if at.dims[axis] > 1:
            apart = np.diff(laid, axis=axis).ravel()[0]
            told += f"+{int(apart)}*{name}" if apart else ""
    return told
