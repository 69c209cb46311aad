"""Array arithmetic that gives the same bits for one replicate as for thousands.

Every array has the replicates as its last axis. NumPy adds eight or more numbers in another order when that axis has
length one, and takes short cuts for scalar exponents; the functions here do not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TINY: Final = 1e-12
"""Guards denominators: far below any stock of the model, far above the smallest float."""


LARGE: Final = 1_000
"""Elements from which an array is asked for anything in it, which stops at the first."""

PAIRWISE_FROM: Final = 8
"""NumPy adds fewer numbers than these one after the other, and more of them in pairs."""


def total(x: Floats, axis: int = 0) -> Floats:
    """Return the sum over an axis of firms, added one after the other for any number of replicates.

    Args:
        x: any array whose last axis holds the replicates.
        axis: the axis to add up; never the last one.
    """
    if x.shape[-1] == 1 and x.shape[axis] >= PAIRWISE_FROM:
        return np.add.accumulate(x, axis).take(-1, axis)
    return np.add.reduce(x, axis)


def of_all(x: Floats) -> Floats:
    """Return the sum over the second axis, as of a firm's loans by lender, shape (n, m, R) to (n, R)."""
    return total(x, 1)


def average(x: Floats) -> Floats:
    """Return the mean over the first axis, in the same bits for any number of replicates."""
    return total(x) / len(x)


def power(x: Any, exponent: Any) -> Any:
    """Return ``x ** exponent`` for positive `x`, as ``exp(exponent log x)``."""
    return np.exp(exponent * np.log(x))


def clip(x: Any, low: Any, high: Any) -> Any:
    """Return `x` held between `low` and `high`."""
    return np.minimum(np.maximum(x, low), high)


def positive(x: Any) -> Any:
    """Return `x` where it is above zero, else zero."""
    return np.maximum(x, 0.0)


def ratio(numerator: Any, denominator: Any) -> Any:
    """Return a quotient of non-negative numbers, with a guard against an empty denominator."""
    return numerator / np.maximum(denominator, TINY)


def paired(x: Any) -> Any:
    """Give a value by firm, shape (n, R), room for a second firm: (n, 1, R); leave other values as they are."""
    return x[:, None] if isinstance(x, np.ndarray) and x.ndim > 1 else x


def anywhere(x: Any) -> bool:
    """Return whether something is other than nothing in any replicate: for guards that only save work.

    What such a guard leaves out changes no bit where `x` is nothing: a replicate must not hang on others of its batch.
    So a tape, which holds for any replicates, writes it down in any case.
    """
    if type(x) is np.ndarray:
        return _something(x)
    return bool(np.any(x)) if not hasattr(x, "guard") else x.guard()


def _something(x: Floats) -> bool:
    """Return whether an array is other than nothing: small ones are counted, which is quicker than to ask them."""
    return bool(np.count_nonzero(x) if x.size < LARGE else x.any())


def stacked(values: Sequence[Any]) -> Floats:
    """Return one row a value, shape (n, 1), or (n, R) where one of them differs by replicate."""
    if all(type(value) is float for value in values):
        return np.array(values)[:, None]
    return np.stack(np.broadcast_arrays(*np.atleast_1d(*values)))


def seldom(x: Any) -> bool:
    """Return the same as `anywhere`, for guards of what seldom happens: a tape then holds the usual quarter, too."""
    if type(x) is np.ndarray:
        return _something(x)
    return bool(np.any(x)) if not hasattr(x, "seldom") else x.seldom()


def present(amounts: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the named amounts that are other than nothing in any replicate."""
    return {name: amount for name, amount in amounts.items() if anywhere(optional(amount))}


def optional(amount: Floats) -> Floats:
    """Return an amount of which a record keeps nothing where it is nothing in all replicates."""
    return amount.optional() if hasattr(amount, "optional") else amount


def together(arrays: Sequence[Floats]) -> Floats:
    """Return several arrays as one, with a new first axis."""
    plain = all(type(array) is np.ndarray for array in arrays)
    return np.array(arrays) if plain else np.stack(arrays)


def freeze(x: Floats) -> Floats:
    """Make an array read-only, so that nobody changes a state that others hold."""
    x.flags.writeable = False
    return x
