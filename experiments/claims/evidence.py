"""What claims are judged by: runs read with the deal in mind, contrasts of runs, and rows of the board (section 9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ..statistics import UNKNOWN, Interval, mean_interval, ratio_interval, same_sign, verdict

if TYPE_CHECKING:
    from ..comparison import Comparison
    from ..ensemble import Ensemble
    from .treatments import Subject

WINDOW = 12
"""Quarters from the deal over which flows are added up (section 9)."""

SOON, LATER, LATEST = 7, 11, 19
"""Quarters after the deal at which gaps are read (section 9)."""

BEYOND = "not known: the run is too short, or nothing was drawn"

AMOUNTS = frozenset({"compute", "market_share", "revenue", "capex", "research_labour", "debt_raised", "equity_raised"})
"""Columns that are added where several labs receive; of others, the largest recipient's is read."""


class Row(NamedTuple):
    """One statistic of a claim."""

    claim: str
    statistic: str
    interval: Interval
    unit: str
    condition: str
    decided_by: str
    note: str = ""
    same_sign: float = float("nan")

    def plain(self) -> dict[str, Any]:
        """Return the row of the board; without a condition there is a figure and no verdict."""
        judged = verdict(self.interval, self.condition) if self.condition and self.interval.known else ""
        note = self.note if self.interval.known else "; ".join(filter(None, (self.note, BEYOND)))
        return {
            "claim": self.claim, "statistic": self.statistic, **self.interval._asdict(), "unit": self.unit,
            "verdict": judged, "condition": self.condition, "same_sign": self.same_sign,
            "decided_by": self.decided_by, "note": note,
        }  # fmt: skip


@dataclass(frozen=True)
class Run:
    """One run, read with the deal's recipient and date in mind."""

    ensemble: Ensemble
    subject: Subject
    quarters: int

    def series(self, name: str) -> np.ndarray:
        """Return an indicator, shape (T, R)."""
        return self.ensemble.values(name)

    def labs(self, column: str) -> np.ndarray:
        """Return a column of all labs, shape (T, labs, R)."""
        return self.ensemble.values(column, "ai_labs")

    def recipient(self, column: str) -> np.ndarray:
        """Return a column of the recipient, shape (T, R); amounts are added over recipients where there are several."""
        rows = self.subject.rows if column in AMOUNTS else (self.subject.row,)
        return self.labs(column)[:, rows].sum(1)

    def others(self, column: str) -> np.ndarray:
        """Return an amount added over all labs but the recipients, shape (T, R)."""
        return self.labs(column).sum(1) - self.recipient(column)

    def at(self, values: np.ndarray, later: int) -> np.ndarray:
        """Return values some quarters after the deal, shape (R,); not a number beyond the run."""
        place = self.subject.begin + later
        return values[place] if place < self.quarters else np.full(values.shape[-1], np.nan)

    def window(self, values: np.ndarray) -> np.ndarray:
        """Return the quarters of the window; not a number where the run is shorter."""
        part = values[self.subject.begin : self.subject.begin + WINDOW]
        return part if len(part) == WINDOW else np.full((WINDOW, values.shape[-1]), np.nan)

    def gathered(self, values: np.ndarray) -> np.ndarray:
        """Return the sum over the window, shape (R,)."""
        return self.window(values).sum(0)

    @property
    def funding_recipient(self) -> np.ndarray:
        """New loans and shares of the recipient, shape (T, R)."""
        return self.recipient("debt_raised") + self.recipient("equity_raised")

    @property
    def gap(self) -> np.ndarray:
        """The recipient's distance from the best model, OOM, shape (T, R)."""
        return self.recipient("gap")

    def arrival(self, step: float) -> np.ndarray:
        """Return when the recipient's model is `step` OOM above its level before the deal, quarters, shape (R,).

        A release that came early in its quarter counts from then; not a number where it is never reached.
        """
        capability = self.recipient("capability")
        begin = self.subject.begin
        if begin >= self.quarters:
            return np.full(capability.shape[-1], np.nan)
        before = capability[max(begin - 1, 0)]
        reached = capability >= before + step - 1e-9
        first = reached.argmax(0)
        early = np.take_along_axis(self.recipient("carried"), first[None], 0)[0]
        return np.where(reached.any(0), first + 1.0 - early - begin, np.nan)


Reading = Callable[[Run], np.ndarray]
"""A statistic of one run, a value a replicate."""


@dataclass(frozen=True)
class Evidence:
    """All runs of a comparison, with shorthands for the contrasts that claims make."""

    comparison: Comparison

    def run(self, name: str) -> Run:
        """Return a run by name."""
        subject = self.comparison.subject
        assert subject is not None
        return Run(self.comparison.ensembles[name], subject, self.comparison.quarters)

    @property
    def amount(self) -> float:
        """What the deal paid out over the run, USD bn, mean over replicates; not a number if nothing."""
        drawn = float(np.mean(self.comparison.ensembles["treated"].values("deal_draw").sum(0)))
        return drawn if drawn > 0.0 else float("nan")

    @property
    def name(self) -> str:
        """The recipient's name."""
        subject = self.comparison.subject
        assert subject is not None
        return subject.recipient

    def contrast(self, read: Reading, treated: str = "treated") -> np.ndarray:
        """Return a statistic's paired difference between a run and the control, shape (R,)."""
        return read(self.run(treated)) - read(self.run("control"))


def difference(sample: np.ndarray) -> tuple[Interval, float]:
    """Return the mean of paired differences with its interval, and the part of replicates with its sign."""
    kept = sample[np.isfinite(sample)]
    if not kept.size:
        return UNKNOWN, float("nan")
    return mean_interval(sample), float(same_sign(kept))


def paired_row(claim: str, statistic: str, sample: np.ndarray, unit: str, **words: str) -> Row:
    """Return a row from one paired difference a replicate, shape (R,)."""
    interval, sign = difference(sample)
    return Row(claim, statistic, interval, unit, same_sign=sign, **words)


def relative_row(claim: str, statistic: str, change: np.ndarray, base: np.ndarray, **words: str) -> Row:
    """Return a row in percent of a base, shape (R,) each."""
    interval = ratio_interval(100.0 * change, base) if np.isfinite(change).all() else UNKNOWN
    _, sign = difference(change)
    return Row(claim, statistic, interval, "%", same_sign=sign, **words)
