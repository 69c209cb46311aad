"""What NumPy's functions are on a tape: elementwise operations, sums over firms, choices, and mere moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from .refusal import refusal
from .tape import MASK, NUMBER, Tape

if TYPE_CHECKING:
    from .traced import Traced

BOOL, INT, FLOAT = np.dtype(bool), np.dtype(np.int64), np.dtype(np.float64)

ARITHMETIC = {"add", "subtract", "multiply", "maximum", "minimum"}
COMPARED = {"greater", "greater_equal", "less", "less_equal", "equal", "not_equal"}
LOGICAL = {
    "logical_and": "and", "bitwise_and": "and", "logical_or": "or", "bitwise_or": "or",
    "logical_xor": "xor", "bitwise_xor": "xor", "logical_not": "not", "invert": "not",
}  # fmt: skip
OF_FLOATS = {"divide", "true_divide", "exp", "log", "tanh", "expm1", "sqrt"}
SAME_TYPE = {"negative", "absolute", "fabs", "rint", "floor", "ceil", "trunc"}
TESTS = {"isfinite", "isnan"}
TRUTHS = {"add": "or", "multiply": "and", "maximum": "or", "minimum": "and", "equal": "eqv", "not_equal": "xor"}
"""What arithmetic with truth values is."""


def traced(tape: Tape, rows: np.ndarray, dtype: np.dtype, lanes: bool) -> Traced:
    """Return a traced array of rows, with the axis of the replicates or without."""
    from .traced import Traced

    step = tape.lanes + 1
    marks = rows[..., None] * step + np.arange(1, step) if lanes else np.array(rows * step)
    return Traced(tape, marks, np.dtype(dtype))


def is_traced(value: Any) -> bool:
    """Return whether a value is a traced array; what it says of its class is that of a plain one."""
    from .traced import Traced

    return type(value) is Traced


def lifted(tape: Tape, value: Any) -> Traced:
    """Return a value as a traced array; one that differs between replicates has to be an input."""
    if is_traced(value):
        return value
    array = np.asarray(value)
    if array.dtype.kind not in "biuf" or array.dtype.itemsize not in (1, 8):
        raise refusal(f"reckons with {array.dtype}, which a tape cannot hold")
    dtype = {"b": BOOL, "f": FLOAT}.get(array.dtype.kind, INT)
    lanes = array.ndim > 0 and array.shape[-1] == tape.lanes
    if lanes:
        first = array[..., :1]
        if array.tobytes() != np.ascontiguousarray(np.broadcast_to(first, array.shape)).tobytes():
            raise refusal("reads an array that differs between replicates and is no part of the model's state")
        array = array[..., 0]
    return traced(tape, tape.fixed(array, MASK if dtype == BOOL else NUMBER), dtype, lanes)


def spread(value: Traced, lanes: bool) -> np.ndarray:
    """Return the marks of an array, one for each replicate where that is asked for."""
    if not lanes or value.has_lanes:
        return value.marks
    rows = value.rows()
    rows = rows[..., 0] if rows.ndim and rows.shape[-1] == 1 else rows
    return traced(value.tape, rows, value.dtype, lanes=True).marks


def as_dtype(value: Traced, dtype: np.dtype) -> Traced:
    """Return values as truth values, whole numbers or floats; whole numbers are floats without a fraction."""
    if dtype == value.dtype:
        return value
    if dtype not in (BOOL, INT, FLOAT):
        raise value.no(f"makes {dtype} of a value, which a tape cannot hold")
    if value.dtype == FLOAT and dtype == INT:
        return elementwise(value.tape, "trunc", [value], INT)
    if BOOL not in (value.dtype, dtype):
        return type(value)(value.tape, value.marks, dtype)
    return elementwise(value.tape, "truth" if dtype == BOOL else "number", [value], dtype)


def elementwise(tape: Tape, name: str, values: Sequence[Traced], dtype: np.dtype) -> Traced:
    """Write down an operation on elements of arrays that fit one another."""
    shape = np.broadcast_shapes(*(value.shape for value in values))
    lanes = any(value.has_lanes for value in values)
    leads = []
    for value in values:
        rows = value.rows()
        leads.append(rows[..., 0] if lanes and not value.has_lanes and rows.ndim else rows)
    lead = shape[:-1] if lanes else shape
    operands = tuple(rows if rows.shape == lead else np.broadcast_to(rows, lead) for rows in leads)
    count = prod(lead)
    made = tape.step(name, operands, count, kind=MASK if dtype == BOOL else NUMBER) if count else np.zeros(0, np.int64)
    return traced(tape, made.reshape(lead), dtype, lanes)


def call(tape: Tape, ufunc: np.ufunc, inputs: Sequence[Any], options: dict[str, Any]) -> Traced:
    """Write down a universal function of elements."""
    name = ufunc.__name__
    if options:
        raise refusal(f"calls np.{name} with {', '.join(options)}")
    if name in ("power", "square"):
        return _powered(tape, name, inputs)
    values = [lifted(tape, value) for value in inputs]
    if name in LOGICAL and (name.startswith("logical") or all(value.dtype == BOOL for value in values)):
        return elementwise(tape, LOGICAL[name], [as_dtype(value, BOOL) for value in values], BOOL)
    common = np.result_type(*(value.dtype for value in values))
    if common == BOOL and name in TRUTHS:
        return elementwise(tape, TRUTHS[name], values, BOOL)
    same = [as_dtype(value, INT if common == BOOL else common) for value in values]
    if name in ARITHMETIC or (name in SAME_TYPE and common != BOOL):
        return elementwise(tape, name, same, same[0].dtype)
    if name in COMPARED or name in TESTS:
        return elementwise(tape, name, same, BOOL)
    if name in OF_FLOATS:
        return elementwise(tape, name, [as_dtype(value, FLOAT) for value in values], FLOAT)
    raise refusal(f"calls np.{name}, which a tape cannot hold")


def _powered(tape: Tape, name: str, inputs: Sequence[Any]) -> Traced:
    """Write down a square, which is what NumPy makes of the exponent 2; other powers go through `power`."""
    if name == "power" and (is_traced(inputs[1]) or np.ndim(inputs[1]) or inputs[1] != 2):
        raise refusal("raises to a power other than 2; use agents.state.arrays.power")
    value = lifted(tape, inputs[0])
    return call(tape, np.multiply, (value, value), {})


def _axis(value: Traced, axis: Any) -> int:
    """Return an axis counted from the front, which may not be that of the replicates."""
    if axis is None or isinstance(axis, tuple):
        raise value.no("puts all axes together, and with them the replicates")
    place = int(axis) % value.ndim if value.ndim else 0
    if value.has_lanes and place == value.ndim - 1:
        raise value.no("puts replicates together; axes are those of firms")
    return place


def reduced(value: Traced, ufunc: np.ufunc, axis: Any, keepdims: bool = False) -> Traced:
    """Write down what an axis of firms is put together to, one element after the other."""
    name = LOGICAL.get(ufunc.__name__, ufunc.__name__)
    place = _axis(value, axis)
    if name in ("and", "or"):
        value = as_dtype(value, BOOL)
    elif value.dtype == BOOL:
        value = as_dtype(value, INT) if name == "add" else value
        name = TRUTHS.get(name, name) if value.dtype == BOOL else name
    if name not in ("add", "maximum", "minimum", "and", "or"):
        raise value.no(f"calls np.{ufunc.__name__}.reduce, which a tape cannot hold")
    rows = np.moveaxis(value.rows(), place, 0)
    made = _together(value.tape, name, rows, value.kind, ufunc.identity)
    made = np.expand_dims(made, place) if keepdims else made
    return traced(value.tape, made, value.dtype, value.has_lanes)


def _together(tape: Tape, name: str, rows: np.ndarray, kind: str, empty: Any) -> np.ndarray:
    """Return the rows of a sum, a largest or a smallest over the first axis."""
    if not len(rows):
        if empty is None:
            raise refusal("looks for the largest of nothing")
        return np.full(rows.shape[1:], tape.literal(float(empty), kind))
    if len(rows) == 1:
        return rows[0]
    count = prod(rows.shape[1:])
    if not count:
        return rows[0]
    return tape.step(f"all {name}", (rows,), count, len(rows), kind).reshape(rows.shape[1:])


def accumulated(value: Traced, ufunc: np.ufunc, axis: Any) -> Traced:
    """Write down sums so far along an axis."""
    place = _axis(value, axis)
    value = as_dtype(value, INT) if value.dtype == BOOL else value
    found = [np.moveaxis(value.marks, place, 0)[0]]
    for marks in np.moveaxis(value.marks, place, 0)[1:]:
        found.append(call(value.tape, ufunc, (value.moved(found[-1]), value.moved(marks)), {}).marks)
    return value.moved(np.stack(found, place))


def place_of_largest(value: Traced, axis: Any) -> Traced:
    """Write down where the first of the largest stands on an axis."""
    place = _axis(value, axis)
    rows = np.moveaxis(as_dtype(value, INT if value.dtype == BOOL else value.dtype).rows(), place, 0)
    count = prod(rows.shape[1:])
    made = value.tape.step("place of largest", (rows,), count, len(rows)).reshape(rows.shape[1:])
    return traced(value.tape, made, INT, value.has_lanes)


def _reduce(tape: Tape, ufunc: np.ufunc, inputs: Sequence[Any], options: dict[str, Any]) -> Traced:
    """Write down np.add.reduce and its like."""
    axis = inputs[1] if len(inputs) > 1 else options.get("axis", 0)
    if {"initial", "where"} & options.keys():
        raise refusal(f"calls np.{ufunc.__name__}.reduce with a start or a mask")
    return reduced(inputs[0], ufunc, axis, bool(options.get("keepdims")))


def _accumulate(tape: Tape, ufunc: np.ufunc, inputs: Sequence[Any], options: dict[str, Any]) -> Traced:
    """Write down np.add.accumulate and its like."""
    return accumulated(inputs[0], ufunc, inputs[1] if len(inputs) > 1 else options.get("axis", 0))


def _reduceat(tape: Tape, ufunc: np.ufunc, inputs: Sequence[Any], options: dict[str, Any]) -> Traced:
    """Write down np.add.reduceat and its like over the first axis, by fixed places that rise."""
    value, starts = inputs[0], [int(start) for start in inputs[1]]
    if options.get("axis", 0) or len(inputs) > 2 or starts != sorted(set(starts)):
        raise refusal(f"calls np.{ufunc.__name__}.reduceat along another axis than the first, or not in order")
    ends = [*starts[1:], len(value)]
    parts = [reduced(value[start:end], ufunc, 0).marks for start, end in zip(starts, ends, strict=True)]
    return value.moved(np.stack(parts))


METHODS: dict[str, Callable[..., Any]] = {
    "__call__": call, "reduce": _reduce, "accumulate": _accumulate, "reduceat": _reduceat,
}  # fmt: skip


def _where(tape: Tape, condition: Any, one: Any, other: Any) -> Traced:
    """Write down a choice by mask."""
    mask = as_dtype(lifted(tape, condition), BOOL)
    both = lifted(tape, one), lifted(tape, other)
    common = np.result_type(*(value.dtype for value in both))
    return elementwise(tape, "choice", [mask, *(as_dtype(value, common) for value in both)], common)


def _take_along_axis(tape: Tape, array: Any, indices: Any, axis: int = -1) -> Traced:
    """Write down what stands at places that depend on values, on an axis of firms or of a fixed table."""
    source, places = lifted(tape, array), lifted(tape, indices)
    if source.has_lanes:
        place = _axis(source, axis)
        rows = np.moveaxis(source.rows(), place, 0)
        wanted = np.moveaxis(places.rows(), place, 0)
    else:
        return _from_table(tape, source, places, axis)
    found = []
    for each in wanted:
        spread_out = np.broadcast_to(rows, (len(rows), *each.shape))
        count = prod(each.shape)
        made = tape.step("taken", (each, spread_out), count, len(rows), source.kind)
        found.append(made.reshape(each.shape))
    return traced(tape, np.moveaxis(np.stack(found), 0, place), source.dtype, places.has_lanes)


def _from_table(tape: Tape, table: Traced, places: Traced, axis: int) -> Traced:
    """Write down what stands in a fixed table, shape (n, places), for each replicate, shape (n, R)."""
    if axis not in (-1, 1) or table.ndim != 2 or places.ndim != 2 or not places.has_lanes:
        raise refusal("looks up a table in a way that a tape cannot hold")
    wanted, rows = places.rows(), table.rows().T
    made = tape.step("taken", (wanted, rows), len(wanted), len(rows), table.kind)
    return traced(tape, made, table.dtype, lanes=True)


def _sort(tape: Tape, array: Any, axis: int = -1) -> Traced:
    """Write down a sort of the first axis, by exchanging neighbours; what is not a number comes last, as in NumPy."""
    value = lifted(tape, array)
    place = _axis(value, axis)
    lines: list[Any] = [value.moved(marks) for marks in np.moveaxis(value.marks, place, 0)]
    for end in range(len(lines) - 1, 0, -1):
        for low in range(end):
            one, other = lines[low], lines[low + 1]
            swap = (one > other) | (np.isnan(one) & ~np.isnan(other))
            lines[low], lines[low + 1] = np.where(swap, other, one), np.where(swap, one, other)
    return value.moved(np.stack([line.marks for line in lines], place))


def _round(tape: Tape, array: Any, decimals: int = 0) -> Traced:
    """Write down the nearest whole number."""
    if decimals:
        raise refusal("rounds to decimals, which a tape cannot hold")
    return call(tape, np.rint, (array,), {})


def _joined(name: str) -> Callable[..., Any]:
    """Return what joins arrays: NumPy itself, on numbers of rows."""

    def join(tape: Tape, arrays: Sequence[Any], axis: int = 0) -> Traced:
        from .traced import Traced

        values = [lifted(tape, array) for array in arrays]
        common = np.result_type(*(value.dtype for value in values))
        lanes = any(value.has_lanes for value in values)
        marks = [spread(as_dtype(value, common), lanes) for value in values]
        return Traced(tape, getattr(np, name)(marks, axis=axis), common)

    return join


def _at_least_1d(tape: Tape, *arrays: Any) -> Any:
    """Return arrays with an axis each, as NumPy does: one alone, or several in a tuple."""
    values = [lifted(tape, array) for array in arrays]
    found = tuple(value.moved(np.atleast_1d(value.marks)) for value in values)
    return found if len(found) > 1 else found[0]


def _broadcast(tape: Tape, *arrays: Any) -> tuple[Traced, ...]:
    """Return arrays in the shape that all of them fit."""
    values = [lifted(tape, array) for array in arrays]
    lanes = any(value.has_lanes for value in values)
    marks = np.broadcast_arrays(*(spread(value, lanes) for value in values))
    return tuple(value.moved(each) for value, each in zip(values, marks, strict=True))


def _moves(name: str) -> Callable[..., Any]:
    """Return what only moves values about: NumPy itself, on numbers of rows."""

    def move(tape: Tape, array: Any, *args: Any, **options: Any) -> Traced:
        value = lifted(tape, array)
        return value.moved(np.asarray(getattr(np, name)(value.marks, *args, **options)))

    return move


def _filled(fill: float | None) -> Callable[..., Any]:
    """Return what makes an array like another, full of a number."""

    def like(tape: Tape, array: Any, *given: Any, dtype: Any = None, **options: Any) -> Traced:
        value = lifted(tape, array)
        number = given[0] if fill is None else fill
        wanted = value.dtype if dtype is None else np.dtype(dtype)
        return _full_of(tape, value.shape, number, wanted)

    return like


def _made(fill: float | None) -> Callable[..., Any]:
    """Return what makes an array of a shape, full of a number, where `like` names a traced array."""

    def make(tape: Tape, shape: Any, *given: Any, dtype: Any = None, **options: Any) -> Traced:
        number = given[0] if fill is None else fill
        shape = shape if isinstance(shape, tuple) else (int(shape),)
        return _full_of(tape, shape, number, FLOAT if dtype is None else np.dtype(dtype))

    return make


def _full_of(tape: Tape, shape: tuple[int, ...], number: Any, dtype: np.dtype) -> Traced:
    """Return an array of one's own that is full of a number."""
    given = as_dtype(lifted(tape, number), dtype)
    lanes = bool(shape) and shape[-1] == tape.lanes
    marks = np.empty(shape, dtype=np.int64)
    marks[...] = spread(given, lanes)
    return type(given)(tape, marks, dtype)


def _over(ufunc: np.ufunc) -> Callable[..., Any]:
    """Return what puts an axis together."""
    return lambda tape, array, axis=None, keepdims=False: reduced(lifted(tape, array), ufunc, axis, keepdims)


_RECKONED: dict[str, Callable[..., Any]] = {
    "where": _where,
    "take_along_axis": _take_along_axis,
    "sort": _sort,
    "round": _round,
    "concatenate": _joined("concatenate"),
    "stack": _joined("stack"),
    "zeros_like": _filled(0.0), "ones_like": _filled(1.0), "empty_like": _filled(0.0), "full_like": _filled(None),
    "zeros": _made(0.0), "ones": _made(1.0), "empty": _made(0.0), "full": _made(None),
    "max": _over(np.maximum), "amax": _over(np.maximum), "min": _over(np.minimum), "amin": _over(np.minimum),
    "any": _over(np.logical_or), "all": _over(np.logical_and), "sum": _over(np.add),
    "argmax": lambda tape, array, axis=None: place_of_largest(lifted(tape, array), axis),
    "cumsum": lambda tape, array, axis=None: accumulated(lifted(tape, array), np.add, axis),
    "atleast_1d": _at_least_1d,
    "broadcast_arrays": _broadcast,
    "shape": lambda tape, array: array.shape,
    "ndim": lambda tape, array: array.ndim,
    "size": lambda tape, array: array.size,
    "copy": lambda tape, array: array.copy(),
    "ascontiguousarray": lambda tape, array, like=None: array,
    "clip": lambda tape, array, low, high: np.minimum(np.maximum(array, low), high),
}  # fmt: skip

_MOVED = (
    "reshape", "transpose", "swapaxes", "moveaxis", "expand_dims", "squeeze", "broadcast_to", "repeat", "flip", "roll",
    "tile", "ravel", "take",
)  # fmt: skip

FUNCTIONS: dict[str, Callable[..., Any]] = {**_RECKONED, **{name: _moves(name) for name in _MOVED}}
"""What NumPy's functions are on a tape, by name."""
