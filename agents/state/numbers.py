"""Numbers as others hand them over: of any numeric type, a last place beyond the end of a range, and back as text."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

REAL = "iuf"
"""Kinds of NumPy numbers that a parameter may be: whole, unsigned and floating."""

UNITS = 4
"""Units in the last place within which a value beside an end is the end: scaling a sample takes two or three."""

DOUBLE, SINGLE = float(np.finfo(np.float64).eps), float(np.finfo(np.float32).eps)

NEAR = 1e-5
"""Farther away than this, as a part of an end, no rounding leads."""

DIGITS = 6
"""Figures of a text that may be an end rounded: as many as programs write where nobody tells them otherwise."""

SINGLE_DIGITS = 8
"""Figures from which on a text can be that of a number in single precision that is not short by itself."""

TRUTHS = {"true": 1.0, "false": 0.0}
"""What programs write for a switch that is on or off."""

MINUS = "\u2212"
"""What people and pages write for a hyphen before a number."""

THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
"""A number with commas between thousands, or one with a decimal comma: nobody can tell."""

COMMA = re.compile(r"[-+]?\d+,\d+([eE][-+]?\d+)?")
"""A number as half of the world writes it."""

LONGEST_ECHO = 40
"""Letters of a wrong value that a message repeats."""


def echo(value: Any) -> str:
    """Return a wrong value as a message repeats it."""
    try:
        text = repr(value)
    except ValueError:
        return "a number of thousands of digits"
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_ECHO else text[:LONGEST_ECHO] + "..."


def exact(value: float) -> str:
    """Return a number in as few figures as tell it from every other."""
    brief = f"{value:g}"
    return brief if float(brief) == value or np.isnan(value) else repr(float(value)).removesuffix(".0")


def range_text(low: float, high: float) -> str:
    """Return a range in words, as in ``[0, 0.6]``."""
    return f"[{exact(low)}, {exact(high)}]"


def from_text(text: str, *, switch: bool = False) -> float:
    """Return the number that a text says.

    Args:
        text: as somebody typed it or a file holds it.
        switch: whether true and false stand for 1 and 0.

    Raises:
        ValueError: it says none; the argument is the remedy where there is one, and empty where not.
    """
    plain = text.strip().replace(MINUS, "-")
    if switch and plain.lower() in TRUTHS:
        return TRUTHS[plain.lower()]
    try:
        return float(plain)
    except ValueError:
        if THOUSANDS.fullmatch(plain):
            raise ValueError("write it without commas") from None
        point = f"write {plain.replace(',', '.')}, with a point" if COMMA.fullmatch(plain) else ""
        raise ValueError(point) from None


def in_range(value: Any, low: float, high: float) -> float | None:
    """Return a single number within a range, one that is an end but for rounding put on it; None where it is outside.

    Raises:
        TypeError: it is not a single number.
    """
    number = to_ends(floats(value), low, high)
    if number.ndim:
        raise TypeError(value)
    return float(number) if low <= number <= high else None


def floats(value: Any, *, switch: bool = False) -> np.ndarray:
    """Return numbers of any kind as an array of floats, of the shape that they come in.

    Args:
        value: a number, or numbers in an array, a list or a column of a data frame, of whatever library.
        switch: whether true and false stand for 1 and 0.

    Raises:
        TypeError: something in it is no number; the argument is the first that is none.
        ValueError: lists in it are not equally long.
        OverflowError: a number is too large for a float.
    """
    array = np.asarray(np.ma.filled(value.astype(np.float64), np.nan) if np.ma.isMaskedArray(value) else value)
    if array.dtype.kind == "O":
        return np.array([_float(item, switch) for item in array.ravel()], np.float64).reshape(array.shape)
    if array.dtype.kind not in REAL and not (switch and array.dtype.kind == "b"):
        raise TypeError(array.flat[0].item() if array.size else value)
    return array.astype(np.float64)


def _float(item: Any, switch: bool) -> float:
    """Return a number that Python, NumPy or pandas knows as one."""
    truth = isinstance(item, bool | np.bool_)
    if (truth and not switch) or not isinstance(item, int | float | Decimal | Fraction | np.number | np.bool_):
        raise TypeError(item)
    return float(item)


def to_ends(values: np.ndarray, low: float, high: float) -> np.ndarray:
    """Return values with those that are an end of a range, but for how numbers are stored, put on it.

    Samplers scale the unit cube, single precision holds 0.3 as 0.30000001192092896, and a text rounds: what lies
    beyond an end by so little was meant to be the end. All that lies inside stays as it is, to the bit.

    Args:
        values: of any shape.
        low: the low end.
        high: the high end.
    """
    for outside, end, other in ((values < low, low, high), (values > high, high, low)):
        near = outside & (np.abs(values - end) <= NEAR * (abs(end) or abs(other)))
        if near.any():
            meant = [value for value in np.unique(values[near]).tolist() if _is_end(value, end, other)]
            values = np.where(near & np.isin(values, meant), end, values)
    return values


def to_whole(values: np.ndarray) -> np.ndarray:
    """Return values with those that are whole but for the last places made whole."""
    whole = np.rint(values)
    return np.where(np.abs(values - whole) <= UNITS * DOUBLE * np.abs(whole), whole, values)


def _is_end(value: float, end: float, other: float) -> bool:
    """Return whether a value beside an end is the end, by the precision in which it was stored or written."""
    away, own = abs(value - end), abs(end) or abs(other)
    if away <= UNITS * min(DOUBLE * max(own, abs(other)), SINGLE * own):
        return True
    figures = Decimal(repr(value))
    count = len(figures.as_tuple().digits)
    if count >= DIGITS and Decimal(end).quantize(figures) == figures:
        return True
    return away <= UNITS * SINGLE * own and _is_single(value, count)


def _is_single(value: float, count: int) -> bool:
    """Return whether a number was held in single precision, or is the text of one that was."""
    single = np.float32(value)
    return float(single) == value or (count >= SINGLE_DIGITS and value in (float(str(single)), float(f"{single:.9g}")))
