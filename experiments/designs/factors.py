"""Factors: what a design varies, and within which range."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...agents.state.numbers import echo, floats, range_text, to_ends
from ...agents.state.quantity import Parameter
from ...agents.state.shown import shown
from ...agents.state.table import unknown_name
from ...model.parameters import parameters

UNCERTAIN = "uncertain"
"""Stands for every parameter that is declared uncertain."""


@shown()
@dataclass(frozen=True)
class Factor:
    """One thing that a design varies.

    Attributes:
        name: what it is called; a declared parameter where the model is to be run.
        low: the smallest value.
        high: the largest value.
        whole: whether it takes whole numbers only, as structural parameters do.
        default: the value where nothing is varied; not a number where there is none.
        unit: its unit; "1" for a pure number.
    """

    name: str
    low: float
    high: float
    whole: bool = False
    default: float = math.nan
    unit: str = "1"

    def __post_init__(self) -> None:
        """Say which range is none."""
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low < self.high):
            raise ValueError(f"{self.name} has the range {self.range_text}: it needs a low below a high")
        if self.whole and (self.low != round(self.low) or self.high != round(self.high)):
            raise ValueError(f"{self.name} has the range {self.range_text}: its ends have to be whole numbers")

    @property
    def range_text(self) -> str:
        """The range in words, as in ``[0, 0.6]``."""
        return range_text(self.low, self.high)

    @property
    def switch(self) -> bool:
        """Whether it is on or off, so that true and false will do."""
        return self.whole and (self.low, self.high) == (0, 1)

    def scaled(self, unit: np.ndarray) -> np.ndarray:
        """Return values from numbers in [0, 1]; every whole number of the range gets an equal part of them.

        Args:
            unit: where in the range, 0 for its low end, any shape.
        """
        if not self.whole:
            return np.clip(unit * (self.high - self.low) + self.low, self.low, self.high)
        widened = np.floor(unit * (self.high - self.low + 1.0) + self.low)
        return np.minimum(widened, self.high).astype(np.int64)

    def levels(self, count: int) -> np.ndarray:
        """Return evenly spaced values from low to high; fewer where so many whole numbers are not there."""
        spaced = np.linspace(self.low, self.high, count)
        return np.unique(np.rint(spaced)).astype(np.int64) if self.whole else spaced


def factors_of(
    names: str | Sequence[str] = UNCERTAIN, ranges: Mapping[str, Sequence[float]] | None = None
) -> tuple[Factor, ...]:
    """Return declared parameters as factors, each over its declared range or a part of it.

    Args:
        names: the parameters, or ``uncertain`` for all that are declared so.
        ranges: by parameter, the low and high end of a narrower range.

    Raises:
        KeyError: no parameter has that name.
        ValueError: a range leaves the declared one, or belongs to no factor.
    """
    chosen, narrowed = _chosen(names), {} if ranges is None else ranges
    if not isinstance(narrowed, Mapping):
        raise ValueError(f"ranges = {narrowed!r}: give low and high by parameter")
    for name in narrowed:
        _check_known(name)
        if name not in chosen:
            raise ValueError(f"ranges holds {name}, which is not varied: name it among the parameters, too")
    return tuple(_factor(name, narrowed.get(name)) for name in chosen)


def problem_of(factors: Sequence[Factor], groups: Mapping[str, Sequence[str]] | None = None) -> dict[str, Any]:
    """Return SALib's description of some factors, with their groups where a group holds several."""
    of = {name: group for group, members in (groups or {}).items() for name in members}
    problem: dict[str, Any] = {
        "num_vars": len(factors),
        "names": [factor.name for factor in factors],
        "bounds": [[factor.low, factor.high] for factor in factors],
    }
    together = len(of) > len(groups or {})
    return {**problem, "groups": [of[factor.name] for factor in factors]} if together else problem


def _chosen(names: str | Sequence[str]) -> list[str]:
    """Return the names of parameters, each of them once."""
    if isinstance(names, str) and names == UNCERTAIN:
        return [name for name, item in parameters().items() if item.uncertain]
    if not isinstance(names, Iterable):
        raise ValueError(f"parameters = {names!r}: give a list of names, or {UNCERTAIN!r}")
    chosen = [names] if isinstance(names, str) else list(names)
    for name in chosen:
        _check_known(name)
        if chosen.count(name) > 1:
            raise ValueError(f"{name} is named {chosen.count(name)} times: once is enough")
    return chosen


def _check_known(name: str) -> None:
    """Say that no parameter has that name."""
    if not isinstance(name, str):
        raise ValueError(f"{name!r} is no parameter's name")
    if name not in parameters():
        raise KeyError(unknown_name("the model", name, parameters()))


def _factor(name: str, narrowed: Sequence[float] | None) -> Factor:
    """Return a parameter as a factor, or say that its range leaves the declared one."""
    item = parameters()[name]
    low, high = (item.low, item.high) if narrowed is None else _ends(item, narrowed)
    factor = Factor(name, low, high, item.structural, float(item.default), item.unit)
    if low < item.low or high > item.high:
        raise ValueError(f"{name} has the range {factor.range_text}, which leaves the declared {item.range_text}")
    return factor


def _ends(item: Parameter, narrowed: Sequence[float]) -> tuple[float, float]:
    """Return the two ends of a range, the declared ones where they are but for rounding, or say that they are none."""
    try:
        low, high = to_ends(floats(narrowed), item.low, item.high).tolist()
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{item.name} has the range {echo(narrowed)}: give two numbers, low and high") from None
    return low, high
