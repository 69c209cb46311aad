"""NumPy's own loops for exp, log, tanh and expm1, so that a kernel's bits are NumPy's on any machine."""

from __future__ import annotations

import ctypes

import numpy as np

from .placing import LOOPS

# The public layout of PyUFuncObject (numpy/ufuncobject.h), the same since NumPy 1.7.
FUNCTIONS, DATA, TYPE_COUNT, TYPES = 32, 40, 48, 64
DOUBLE_TO_DOUBLE = (np.dtype(np.float64).num,) * 2
POINTER = ctypes.sizeof(ctypes.c_void_p)


def numpy_loops() -> tuple[list[int], list[int | None]]:
    """Return the addresses of NumPy's loops over doubles and of the data that each takes.

    Raises:
        OSError: a function of this NumPy has no such loop.
    """
    found = [_loop(getattr(np, name)) for name in LOOPS]
    return [loop for loop, _ in found], [data for _, data in found]


def _loop(function: np.ufunc) -> tuple[int, int | None]:
    """Return the address of a function's loop over doubles, and of its data."""
    base = id(function)
    count = ctypes.c_int.from_address(base + TYPE_COUNT).value
    if count != len(function.types):
        raise OSError(f"np.{function.__name__} is laid out otherwise than this package knows")
    types = (ctypes.c_ubyte * (2 * count)).from_address(_pointer(base + TYPES) or 0)
    for number in range(count):
        if tuple(types[2 * number : 2 * number + 2]) == DOUBLE_TO_DOUBLE:
            loop = _pointer((_pointer(base + FUNCTIONS) or 0) + POINTER * number)
            return loop or 0, _pointer((_pointer(base + DATA) or 0) + POINTER * number)
    raise OSError(f"np.{function.__name__} has no loop over doubles")


def _pointer(address: int) -> int | None:
    """Return the address that stands at an address."""
    return ctypes.c_void_p.from_address(address).value
