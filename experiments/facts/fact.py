"""A stylised fact: what the literature found, how it is read from runs here, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...agents.state.shown import shown
from ..statistics import OPEN, Interval

if TYPE_CHECKING:
    from ..runs.ensemble import Ensemble

PRESENT, ABSENT = "present", "absent"

Runs = Mapping[str, "Ensemble"]


@shown()
class Fact(NamedTuple):
    """A regularity of industries or firms.

    Attributes:
        key: its short name.
        title: what it says.
        statistic: what is read, in words.
        read: reads it from the runs, one value a replicate, shape (R,).
        least: above what the whole interval has to lie for the fact to be present.
        most: below what.
        reference: who found it, and what.
        mechanism: what makes it in the model, or would have to.
        by_rule: whether a rule puts it in, so that finding it is no test.
        runs: the runs that it reads.
    """

    key: str
    title: str
    statistic: str
    read: Callable[[Runs], np.ndarray]
    least: float
    most: float
    reference: str
    mechanism: str
    by_rule: bool = False
    runs: tuple[str, ...] = ("baseline",)

    @property
    def expected(self) -> str:
        """Between what the statistic is expected, in words."""
        if np.isinf(self.most):
            return f"> {self.least:g}"
        return f"< {self.most:g}" if np.isinf(self.least) else f"{self.least:g} to {self.most:g}"

    def outcome(self, found: Interval) -> str:
        """Return present if the whole interval lies where the fact puts it, absent if none of it does."""
        if not found.known:
            return OPEN
        if self.least < found.low and found.high < self.most:
            return PRESENT
        return ABSENT if found.high <= self.least or found.low >= self.most else OPEN
