"""A number is declared once: unit, range, default, source and meaning stand where it is declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, overload

import numpy as np

from .numbers import echo, exact, floats, range_text, to_ends, to_whole
from .shown import shown


@shown()
@dataclass(frozen=True)
class Parameter:
    """One number of the model, with all that a reader, a slider or a sampler needs to know of it.

    Attributes:
        default: the value when nobody says otherwise.
        unit: its unit; "1" for a pure number.
        low: the smallest value allowed.
        high: the largest value allowed.
        source: where the default comes from, or the word assumption.
        doc: one line on what it means.
        symbol: its name in the specification's equations.
        uncertain: whether a sensitivity analysis varies it first; of the model's own, a file of results says so.
        opening: whether it is read only when a run begins, so that it cannot change later.
        shared: whether a kind of firm declares it for the whole market, so that firms cannot differ in it.
        structural: whether it is a whole number that shapes arrays, constant within a batch.
        name: the name it was declared under.
        group: the kind of firm or the market that declares it.

    Examples:
        >>> import aimarket
        >>> class Halls:
        ...     rent = aimarket.parameter(0.02, "1/yr", 0.0, 0.2, source="assumption", doc="rent over price")
        >>> Halls.rent.default, Halls.rent.range_text
        (0.02, '[0, 0.2]')
        >>> Halls.rent.check(0.05)
        0.05
    """

    default: float
    unit: str
    low: float
    high: float
    source: str
    doc: str
    symbol: str = ""
    uncertain: bool = False
    structural: bool = False
    opening: bool = False
    shared: bool = False
    name: str = field(default="", compare=False)
    group: str = field(default="", compare=False)

    def __set_name__(self, owner: type, name: str) -> None:
        """Remember the name and the place of the declaration."""
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "group", getattr(owner, "group", owner.__name__))

    @overload
    def __get__(self, instance: None, owner: type) -> Parameter: ...
    @overload
    def __get__(self, instance: object, owner: type) -> Any: ...

    def __get__(self, instance: Any, owner: type) -> Any:
        """Return the declaration on a class, the value in force on a firm."""
        return self if instance is None else instance.parameter_value(self.name)

    def check(self, value: Any, *, each: bool = False) -> np.ndarray | float:
        """Return a value as a float or an array of floats, or say what is wrong with it.

        Args:
            value: a number of any kind, or several; one that is an end of the range but for rounding is put on it.
            each: whether several values are allowed where the parameter shapes arrays.

        Raises:
            TypeError: the value is not a number.
            ValueError: the value is outside the range, or not whole where it has to be.
        """
        array = to_ends(self._floats(value), self.low, self.high)
        wrong = ~((array >= self.low) & (array <= self.high))
        if wrong.any():
            shown = self._show(array[wrong].flat[0])
            raise ValueError(f"{self.name} = {shown} lies outside {self.range_text}{_place(wrong)}")
        if self.structural:
            array = self._whole(array, value, each)
        return float(array) if array.ndim == 0 else array

    def _whole(self, array: np.ndarray, value: Any, each: bool) -> np.ndarray:
        """Return whole numbers, or say that they are none, or more than one where that is not allowed."""
        array = to_whole(array)
        broken = array != np.rint(array)
        if each and broken.any():
            raise ValueError(
                f"{self.name} = {self._show(array[broken].flat[0])} has to be a whole number{_place(broken)}"
            )
        if broken.any() or (array.ndim and not each):
            raise ValueError(f"{self.name} = {echo(value)} has to be one whole number, the same in all replicates")
        return array

    def _floats(self, value: Any) -> np.ndarray:
        """Return numbers as floats, or say which is none."""
        try:
            return floats(value, switch=self.switch)
        except TypeError as error:
            item = error.args[0] if error.args else value
            among = "" if item is value or not np.ndim(value) else f" in {echo(value)}"
            raise TypeError(
                f"{self.name} = {echo(item)}{among} is not a number; give one in {self.range_text}"
            ) from None
        except (ValueError, OverflowError):
            raise TypeError(f"{self.name} = {echo(value)} is not a number") from None

    @property
    def switch(self) -> bool:
        """Whether it is on or off, so that true and false will do."""
        return self.structural and (self.low, self.high) == (0, 1)

    @property
    def nominal(self) -> bool:
        """Whether it is an amount of money, which the price level scales."""
        return nominal(self.unit)

    @property
    def range_text(self) -> str:
        """The allowed range in words, as in ``[0, 0.6]``."""
        return range_text(self.low, self.high)

    def _show(self, value: float) -> str:
        """Give a value with its unit."""
        return exact(value) if self.unit == "1" else f"{exact(value)} {self.unit}"


def _place(wrong: np.ndarray) -> str:
    """Say which of several values is the first that is wrong."""
    return f": value {int(wrong.ravel().argmax()) + 1} of {wrong.size}" if wrong.size > 1 else ""


parameter = Parameter
"""Declare a parameter in the body of a kind of firm or of a group."""


def nominal(unit: str) -> bool:
    """Return whether a unit counts money once: USD bn does, USD per USD does not."""
    return unit.count("USD") == 1


class ParameterGroup:
    """Parameters of a market, declared in the body of a subclass; `group` names them in tables."""

    group = ""


def declared(owner: type) -> Iterator[Parameter]:
    """Yield the parameters that a class declares or inherits, in the order of declaration."""
    seen: dict[str, Parameter] = {}
    for cls in reversed(owner.__mro__):
        seen.update({name: item for name, item in vars(cls).items() if isinstance(item, Parameter)})
    yield from seen.values()
