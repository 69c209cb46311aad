"""Answers of classes of one's own: what a decision has to return, and what is said of one that is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from .arrays import TINY, Floats, anywhere
from .numbers import REAL

OURS = __name__.partition(".state.")[0]
"""The package of the kinds of firms: the answers of its classes are tested, and not looked at in every quarter."""

Fault = Callable[[], tuple[np.ndarray, str]]
"""Returns where an answer is wrong, and what it is there."""

SIMPLE = (TypeError, ValueError, AttributeError, KeyError, IndexError, ArithmeticError, RuntimeError)
"""Errors that can be made anew with another message."""


class Decision(NamedTuple):
    """What a decision has to return: one array, or a NamedTuple of arrays, each with an optional second axis.

    Attributes:
        result: the NamedTuple, None for one array.
        over: the second axis by field.
        signed: the fields that may be negative; the single array goes by the empty name.
        most: the greatest value of any field.
    """

    result: type | None
    over: Mapping[str, str]
    signed: tuple[str, ...] = ()
    most: float = np.inf

    def parts(self, answer: Any) -> dict[str, Any]:
        """Give the arrays of an answer by name; a single array goes by the empty name."""
        if self.result is None:
            return {"": answer}
        if not isinstance(answer, self.result):
            raise TypeError(f"returned {_kind(answer)}, expected {self.result.__name__}")
        return {name: getattr(answer, name) for name in self.result._fields}  # type: ignore[attr-defined]

    def whole(self, parts: dict[str, Any]) -> Any:
        """Put arrays by name back into the form that the decision returns."""
        return parts[""] if self.result is None else self.result(**parts)

    def wrong(self, name: str, array: Floats) -> np.ndarray:
        """Return where an array cannot be the answer, of its shape."""
        return ~(np.isfinite(array) & (array >= self._low(name)) & (array <= self.most * (1.0 + TINY)))

    def fault(self, name: str, array: Floats) -> tuple[np.ndarray, str]:
        """Return where an array is wrong, and what it is there: what matters most."""
        if not np.isfinite(array).all():
            return ~np.isfinite(array), "not finite"
        outside, low = self.wrong(name, array), self._low(name)
        return outside, "negative" if (array[outside] < low).any() else f"more than {self.most:g}"

    def _low(self, name: str) -> float:
        """Return the least value that makes sense."""
        return -np.inf if name in self.signed else -TINY


class Occasion:
    """When answers are asked for, and what becomes of wrong ones: an error, or a note by replicate.

    Args:
        numbers: the numbers of the replicates.
        date: gives the date of a quarter of the run.

    Attributes:
        noted: the quarter of the run and the words of the first wrong answer by index of the replicate, where the
            others of a batch are to go on; None where a wrong answer is an error.
    """

    def __init__(self, numbers: Sequence[int] = (0,), date: Callable[[int], str] = str) -> None:
        self.numbers = tuple(numbers)
        self.date = date
        self.noted: dict[int, tuple[int, str]] | None = None

    def location(self, who: Sequence[str], quarter: int) -> str:
        """Return firms, date and replicates as messages begin."""
        first, last = self.numbers[0], self.numbers[-1]
        batch = f"replicate {first}" if len(self.numbers) == 1 else f"replicates {first} to {last}"
        return f"{', '.join(who)}, {self.date(quarter)}, {batch}"

    def judge(
        self, who: Sequence[str], quarter: int, what: str, wrong: np.ndarray, fault: Fault, array: Floats
    ) -> None:
        """Report values that are wrong, shape (n, ..., R): the first of every replicate.

        Args:
            who: the firms.
            quarter: the quarter of the run.
            what: whose answer it is.
            wrong: where it is wrong, shape (n, ..., R).
            fault: returns where it is wrong and what it is there; asked only if anything is.
            array: the answer.
        """
        if not anywhere(wrong):
            return
        wrong, how = fault()
        for replicate in np.flatnonzero(wrong.reshape(-1, wrong.shape[-1]).any(0)):
            at = np.argwhere(wrong[..., replicate])[0]
            location = f"{who[at[0]]}, {self.date(quarter)}, replicate {self.numbers[replicate]}"
            message = f"{location}: {what} is {how} ({array[(*at, replicate)]:g})"
            if self.noted is None:
                raise ValueError(message)
            self.noted.setdefault(int(replicate), (quarter, message))


def is_ours(cls: type) -> bool:
    """Return whether a class comes with the model."""
    return cls.__module__ == OURS or cls.__module__.startswith(f"{OURS}.")


def shaped(name: str, given: Any, expected: tuple[int, ...]) -> Floats:
    """Return an array of floats of the expected shape, or say what it is instead."""
    if not isinstance(given, np.ndarray) or given.shape != expected:
        shape = f"shape {np.shape(given)}"
        raise ValueError(f"{name} is None" if given is None else f"{name} has {shape}, expected {expected}")
    if given.dtype.kind not in REAL + "b":
        raise TypeError(f"{name} has dtype {given.dtype}, expected numbers")
    return given if given.dtype == np.float64 else given.astype(np.float64)


def error_at(error: Exception, location: str) -> Exception:
    """Return an error of the same kind that begins with the place where it happened."""
    kind = type(error) if type(error) in SIMPLE else next((k for k in SIMPLE if isinstance(error, k)), RuntimeError)
    text = error.args[0] if isinstance(error, KeyError) and error.args else error
    name = "" if type(error) is kind and str(error) else f"{type(error).__name__}: "
    return kind(f"{location}: {name}{text}")


def _kind(answer: Any) -> str:
    """Return what an answer is, in words."""
    return "None (does the method return anything?)" if answer is None else type(answer).__name__
