"""Arrays that write down what is done with them, by NumPy's own protocols (NEP 13 and NEP 18).

A traced array holds the numbers of rows where another holds values, one for every replicate and marked with its place
among them. So whatever only moves values about, NumPy itself does on the numbers of rows; whatever reckons becomes an
operation on the tape; and whatever mixes replicates or asks for a value is refused.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from . import reckoning
from .refusal import refusal
from .tape import MASK, NUMBER, Tape

BOOL, INT, FLOAT = np.dtype(bool), np.dtype(np.int64), np.dtype(np.float64)


class Traced(NDArrayOperatorsMixin):
    """An array of rows of a tape.

    Args:
        tape: the tape.
        marks: row times (replicates + 1), plus one plus the replicate's place, or plus nothing where all have the same.
        dtype: of what the array holds.
    """

    __slots__ = ("dtype", "marks", "tape")
    __hash__ = object.__hash__
    __class__ = property(lambda self: np.ndarray)

    def __init__(self, tape: Tape, marks: np.ndarray, dtype: np.dtype) -> None:
        self.tape, self.marks, self.dtype = tape, marks, dtype

    @property
    def kind(self) -> str:
        """What its rows hold."""
        return MASK if self.dtype == BOOL else NUMBER

    @property
    def has_lanes(self) -> bool:
        """Whether the last axis is that of the replicates."""
        return self.marks.ndim > 0 and self.marks.shape[-1] == self.tape.lanes

    def rows(self) -> np.ndarray:
        """Return the numbers of rows without the axis of the replicates, each of which has to be in its place."""
        step = self.tape.lanes + 1
        if not self.has_lanes:
            if (self.marks % step).any():
                raise self.no("picks replicates")
            return self.marks // step
        if (self.marks % step != np.arange(1, step)).any():
            raise self.no("moves replicates, or writes one number for all with another for each")
        return self.marks[..., 0] // step

    def no(self, why: str) -> BaseException:
        """Return the refusal of what is done with this array, and keep it."""
        error = refusal(why)
        self.tape.refused.append(error)
        return error

    def guard(self) -> bool:
        """Answer a declared guard: what it guards is always written down."""
        self.tape.guards += 1
        return True

    def seldom(self) -> bool:
        """Answer a declared guard of what seldom happens: no while the usual quarter is written down, yes later."""
        if self.tape.usual:
            self.tape.fork = self.tape.fork or self.tape.rows
            self.tape.seldom.append(self)
        return not self.tape.usual

    def optional(self) -> Traced:
        """Remember that a record keeps nothing of this where it is nothing in all replicates."""
        self.tape.optional.add(id(self.marks))
        self.tape.held.append(self.marks)
        return self

    # what NumPy does on the numbers of rows

    shape = property(lambda self: self.marks.shape)
    ndim = property(lambda self: self.marks.ndim)
    size = property(lambda self: self.marks.size)
    flags = property(lambda self: self.marks.flags)
    nbytes = property(lambda self: self.marks.nbytes)
    T = property(lambda self: self.moved(self.marks.T))

    def moved(self, marks: np.ndarray) -> Traced:
        """Return the same rows in another arrangement."""
        return Traced(self.tape, marks, self.dtype)

    def __len__(self) -> int:
        """Return the length of the first axis."""
        return len(self.marks)

    def __iter__(self) -> Any:
        """Go through the first axis."""
        return iter([self.moved(marks) for marks in self.marks])

    def __getitem__(self, place: Any) -> Traced:
        """Return what stands at fixed places."""
        return self.moved(np.asarray(self.marks[self._fixed_place(place)]))

    def __setitem__(self, place: Any, value: Any) -> None:
        """Write to fixed places of an array of one's own."""
        given = reckoning.as_dtype(reckoning.lifted(self.tape, value), self.dtype)
        self.marks[self._fixed_place(place)] = reckoning.spread(given, self.has_lanes)

    def _fixed_place(self, place: Any) -> Any:
        """Return where to look, or refuse what depends on values."""
        if any(type(part) is Traced for part in (place if isinstance(place, tuple) else (place,))):
            raise self.no("looks at places that depend on a value; use np.where or np.take_along_axis")
        return place

    def reshape(self, *shape: Any, **options: Any) -> Traced:
        """Return another shape."""
        return self.moved(self.marks.reshape(*shape, **options))

    def transpose(self, *axes: Any) -> Traced:
        """Return the axes in another order."""
        return self.moved(self.marks.transpose(*axes))

    def swapaxes(self, one: int, other: int) -> Traced:
        """Return two axes in each other's place."""
        return self.moved(self.marks.swapaxes(one, other))

    def repeat(self, repeats: Any, axis: int | None = None) -> Traced:
        """Return elements several times."""
        return self.moved(self.marks.repeat(repeats, axis))

    def take(self, indices: Any, axis: int | None = None) -> Traced:
        """Return what stands at fixed places of an axis."""
        return self.moved(np.asarray(self.marks.take(self._fixed_place(indices), axis)))

    def squeeze(self, axis: Any = None) -> Traced:
        """Leave out axes of length one."""
        return self.moved(self.marks.squeeze(axis))

    def ravel(self) -> Traced:
        """Return one axis."""
        return self.moved(self.marks.ravel())

    def copy(self, order: str = "C") -> Traced:
        """Return an array of its own, which may be written to."""
        return self.moved(self.marks.copy())

    # what becomes an operation

    def astype(self, dtype: Any, **options: Any) -> Traced:
        """Return the values as another type."""
        return reckoning.as_dtype(self, np.dtype(dtype)).copy()

    def max(self, axis: Any = None, out: None = None, keepdims: bool = False) -> Traced:
        """Return the largest over an axis."""
        return reckoning.reduced(self, np.maximum, axis, keepdims)

    def min(self, axis: Any = None, out: None = None, keepdims: bool = False) -> Traced:
        """Return the smallest over an axis."""
        return reckoning.reduced(self, np.minimum, axis, keepdims)

    def any(self, axis: Any = None, out: None = None, keepdims: bool = False) -> Traced:
        """Return whether any is true over an axis."""
        return reckoning.reduced(self, np.logical_or, axis, keepdims)

    def all(self, axis: Any = None, out: None = None, keepdims: bool = False) -> Traced:
        """Return whether all are true over an axis."""
        return reckoning.reduced(self, np.logical_and, axis, keepdims)

    def sum(self, axis: Any = None, dtype: None = None, out: None = None, keepdims: bool = False) -> Traced:
        """Return the sum over an axis."""
        return reckoning.reduced(self, np.add, axis, keepdims)

    def cumsum(self, axis: Any = None) -> Traced:
        """Return sums so far along an axis."""
        return reckoning.accumulated(self, np.add, axis)

    def argmax(self, axis: Any = None) -> Traced:
        """Return where the largest stands on an axis."""
        return reckoning.place_of_largest(self, axis)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        """Write down what a universal function of NumPy does."""
        done = reckoning.METHODS.get(method)
        if done is None:
            raise self.no(f"calls np.{ufunc.__name__}.{method}, which a tape cannot hold")
        result = done(self.tape, ufunc, inputs, options)
        if out is None:
            return result
        if type(out[0]) is not Traced:
            raise self.no("writes into an array that is not traced; make it with np.zeros(..., like=...)")
        out[0].marks[...] = reckoning.spread(reckoning.as_dtype(result, out[0].dtype), out[0].has_lanes)
        return out[0]

    def __array_function__(self, function: Any, types: Any, args: Any, options: Any) -> Any:
        """Write down what another function of NumPy does."""
        done = reckoning.FUNCTIONS.get(function.__name__)
        if done is None:
            raise self.no(f"calls np.{function.__name__}, which a tape cannot hold")
        return done(self.tape, *args, **options)

    # what asks for a value

    def __bool__(self) -> bool:
        """Refuse."""
        raise self.no(
            "branches on a value; use a mask, or agents.state.arrays.anywhere where the branch only saves work"
        )

    def __array__(self, *args: Any, **options: Any) -> Any:
        """Refuse."""
        raise self.no("hands a traced array to what makes a plain array of it; join arrays with np.stack")

    def __float__(self) -> float:
        """Refuse."""
        raise self.no("makes a Python number of a value")

    __int__ = __index__ = __complex__ = __round__ = __trunc__ = item = tolist = __float__

    def __contains__(self, value: Any) -> bool:
        """Refuse."""
        raise self.no("asks whether a value is there")

    def __format__(self, form: str) -> str:
        """Refuse."""
        raise self.no("writes a value into a text")

    def __repr__(self) -> str:
        """Show the shape."""
        return f"<traced {self.dtype} {self.shape}>"
