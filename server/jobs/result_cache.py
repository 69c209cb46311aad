"""A cache of results that depend on nothing but what a link says: computed for one visitor, there for the next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from functools import cache
from typing import Any

ROOM = 48
"""Results that are kept; one is at most a few megabytes."""


class ResultCache:
    """Keeps the results that were used last; a result that is kept is never changed.

    Args:
        room: how many.
    """

    def __init__(self, room: int = ROOM) -> None:
        self._room = room
        self._kept: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> Any:
        """Return what was put there; None where nothing is."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def put(self, key: Hashable, result: Any) -> None:
        """Keep a result; the one that was not used for longest goes."""
        with self._lock:
            self._kept[key] = result
            self._kept.move_to_end(key)
            while len(self._kept) > self._room:
                self._kept.popitem(last=False)


@cache
def shared_cache() -> ResultCache:
    """Return the cache that all visitors of the server share."""
    return ResultCache()
