"""Memory that nobody uses any more: it goes back to the system, where the C library would keep it for each thread."""

from __future__ import annotations

import contextlib
import ctypes
import os
import threading
from collections.abc import Iterator
from typing import Any

LIBRARY = "libc.so.6"
"""GNU's C library, which keeps for every thread what it has freed; others are left alone."""

ARENAS, ARENA_MAX = 2, -8
"""How many pools of memory threads share, and the number by which the library knows that option."""

OWN = "MALLOC_ARENA_MAX"
"""The variable by which an operator sets their number."""

EVERY = 20.0
"""Seconds between two times at which free memory is given back."""


@contextlib.contextmanager
def given_back(every: float = EVERY) -> Iterator[None]:
    """Give back what is free, every few seconds, as long as the context lasts.

    Args:
        every: seconds between two times.
    """
    library = _library()
    if library is None:
        yield
        return
    if OWN not in os.environ:
        library.mallopt(ARENA_MAX, ARENAS)
    left = threading.Event()

    def give_back() -> None:
        while not left.wait(every):
            library.malloc_trim(0)

    threading.Thread(target=give_back, name="memory", daemon=True).start()
    try:
        yield
    finally:
        left.set()


def _library() -> Any:
    """Return the C library, where it is GNU's; None elsewhere."""
    try:
        found = ctypes.CDLL(LIBRARY)
        return found if found.malloc_trim and found.mallopt else None
    except (OSError, AttributeError):
        return None
