"""A compiled kernel, loaded: what it is told its sizes are, and what it is given is of those sizes."""

from __future__ import annotations

import contextlib
import ctypes
import mmap
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from ...agents.state.shown import shown
from .numpy_loops import numpy_loops
from .runner import WHAT
from .source import LANES

DOUBLE = 8

LARGE_PAGE = 1 << 21
"""Bytes of a large page: a kernel's rows lie on one or two, of which a processor knows the places."""


DOUBLES = np.dtype(np.float64)


@shown("offset")
class Kept(NamedTuple):
    """Where records go.

    Attributes:
        records: what is kept, shape (quarters, n, replicates in all); written to.
        which: the numbers of the n records among all that the kernel can keep.
        ends: the numbers of rows of the state that are wanted when all quarters have run.
        offset: where the first replicate of this run stands.
    """

    records: np.ndarray
    which: np.ndarray
    ends: np.ndarray
    offset: int = 0


class _Run(ctypes.Structure):
    """What a kernel is given; the order is that of the struct in its text."""

    _fields_ = [
        ("rows", ctypes.c_void_p),
        ("size", ctypes.c_long),
        ("lanes", ctypes.c_long),
        ("quarters", ctypes.c_long),
        ("first", ctypes.c_double),
        ("stride", ctypes.c_long),
        ("parameters", ctypes.c_void_p),
        ("state", ctypes.c_void_p),
        ("draws", ctypes.c_void_p),
        ("records", ctypes.c_void_p),
        ("record_stride", ctypes.c_long),
        ("which", ctypes.c_void_p),
        ("wanted", ctypes.c_long),
        ("after", ctypes.c_void_p),
        ("after_which", ctypes.c_void_p),
        ("after_wanted", ctypes.c_long),
        ("judged", ctypes.c_void_p),
    ]


@shown("path", "sizes")
class Library:
    """A kernel in memory.

    Args:
        path: the compiled file.
        sizes: by name, the sizes that it has to have.

    Raises:
        OSError: it cannot be loaded, or has other sizes.
    """

    def __init__(self, path: Path, sizes: dict[str, int]) -> None:
        self.path = path
        self._library = ctypes.CDLL(str(path))
        self.sizes = sizes
        found = (ctypes.c_long * len(WHAT))()
        if self._library.sizes(found, ctypes.c_long(len(WHAT))) or list(found) != [sizes[name] for name in WHAT]:
            raise OSError(f"{path.name} has other sizes than its tape")
        loops, data = numpy_loops()
        count = len(loops)
        given = (ctypes.c_void_p * count)(*loops), (ctypes.c_void_p * count)(*data), ctypes.c_long(count)
        if self._library.set_loops(*given):
            raise OSError(f"{path.name} wants other loops of NumPy's")
        self._run = self._library.run
        self._run.argtypes, self._run.restype = [ctypes.POINTER(_Run)], ctypes.c_long

    def memory(self) -> np.ndarray:
        """Return memory for the rows of a block of replicates, shape (rows, 8), where the kernel wants it."""
        size = DOUBLE * LANES * self.sizes["rows"]
        room = mmap.mmap(-1, size + LARGE_PAGE)
        if hasattr(mmap, "MADV_HUGEPAGE"):
            with contextlib.suppress(OSError):  # not every system has large pages
                room.madvise(mmap.MADV_HUGEPAGE)
        raw = np.frombuffer(room, dtype=np.uint8)
        begin = -raw.ctypes.data % LARGE_PAGE
        return raw[begin : begin + size].view(np.float64).reshape(-1, LANES)

    def run(self, memory: np.ndarray, block: slice, first: int, kept: Kept, **held: np.ndarray | None) -> None:
        """Run quarters of a block of at most eight replicates.

        Args:
            memory: the rows, from `memory`.
            block: which replicates.
            first: the number of the first quarter.
            kept: where records go, and which.
            held: draws, shape (quarters, n, R); judged, how often an answer was wrong, shape (R,), added to; parameters
                and state to begin with, and what is wanted of the state in the end (`after`), shape (n, R) each, or
                None for what the memory holds or nobody wants.
        """
        draws = held["draws"]
        assert draws is not None
        replicates, quarters = draws.shape[2], len(draws)
        lanes = block.stop - block.start
        self._check_sizes(memory, kept, held, (quarters, replicates))
        if not 0 <= block.start < block.stop <= replicates or lanes > LANES:
            raise ValueError(f"replicates {block.start} to {block.stop} are no block of {replicates}")
        if not 0 <= kept.offset <= kept.records.shape[2] - replicates:
            raise ValueError(f"{replicates} replicates from {kept.offset} on have no room in {kept.records.shape}")
        at = {name: _at(array, block.start) for name, array in held.items()}
        given = _Run(
            memory.ctypes.data,
            memory.size,
            lanes,
            quarters,
            float(first),
            replicates,
            at.get("parameters"),
            at.get("state"),
            at["draws"],
            _at(kept.records, block.start + kept.offset),
            kept.records.shape[2],
            kept.which.ctypes.data,
            len(kept.which),
            at.get("after"),
            kept.ends.ctypes.data,
            len(kept.ends),
            at["judged"],
        )
        if self._run(ctypes.byref(given)):
            raise ValueError("the kernel refuses the sizes that it is given")

    def _check_sizes(
        self, memory: np.ndarray, kept: Kept, held: Mapping[str, np.ndarray | None], size: tuple[int, int]
    ) -> None:
        """Check that arrays are of the sizes that the kernel reads and writes, for quarters and replicates."""
        quarters, replicates = size
        wanted = {
            "draws": (quarters, self.sizes["draws"], replicates),
            "judged": (replicates,),
            "parameters": (self.sizes["parameters"], replicates),
            "state": (self.sizes["state"], replicates),
            "after": (len(kept.ends), replicates),
        }
        for name, shape in wanted.items():
            _check(held.get(name), shape)
        _check(memory, (self.sizes["rows"], LANES))
        _check(kept.records, (quarters, len(kept.which), kept.records.shape[2]))
        for which in (kept.which, kept.ends):
            _check(which, (len(which),), np.dtype(np.uint32))


def _check(array: np.ndarray | None, shape: tuple[int, ...], dtype: np.dtype = DOUBLES) -> None:
    """Say what is wrong with an array that the kernel is to read or write."""
    if array is None:
        return
    if array.shape != shape or array.dtype != dtype or not array.flags.c_contiguous:
        raise ValueError(f"the kernel wants {dtype} of shape {shape} in one piece, got {array.dtype} {array.shape}")


def _at(array: np.ndarray | None, first: int) -> Any:
    """Return the address of a replicate in the first row."""
    return None if array is None else array.ctypes.data + DOUBLE * first
