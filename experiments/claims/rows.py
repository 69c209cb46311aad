"""Statistics of the claims, declared once: what each reads, in which runs, and when it supports its claim."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from ...agents.state.arrays import average
from ...agents.state.shown import shown
from ..formatting import undefined
from ..statistics import MOST_PAIRS, UNKNOWN, Interval, mean_interval, ratio_interval, same_sign, verdict
from .deciding import deciding_words
from .evidence import WINDOW, Evidence, Reading
from .sizes import SIZES, bare

Measure = Callable[[Evidence], np.ndarray]
"""Reads one value a replicate, shape (R,), from the runs."""

BEYOND = "the run is too short, nothing was drawn, or the recipient is out of business"
HUNDRED = 100.0

TWINS: tuple[str, ...] = ("control", "treated")
"""The runs that most statistics read."""


@shown()
class Row(NamedTuple):
    """One statistic of a claim, as the board shows it."""

    claim: str
    statistic: str
    interval: Interval
    unit: str
    condition: str
    decided_by: str = ""
    note: str = ""
    same_sign: float = float("nan")
    undefined: int = 0
    runs: int = 0
    size: str = ""

    def plain(self) -> dict[str, Any]:
        """Return the row of the board; without a condition there is a figure and no verdict."""
        asked, known = self.condition, self.interval.known
        judged = verdict(self.interval, asked, bare(asked, self.size)) if asked and known else ""
        missing = f"{undefined(self.undefined, self.runs)}, which are left out" if self.undefined else ""
        note = "; ".join(filter(None, (self.note, missing if known else BEYOND)))
        return {
            "claim": self.claim,
            "statistic": self.statistic,
            **self.interval._asdict(),
            "unit": self.unit,
            "verdict": judged,
            "condition": asked,
            "smallest": SIZES[self.size].least if asked and self.size else 0.0,
            "same_sign": self.same_sign,
            "undefined": self.undefined,
            "runs": self.runs,
            "decided_by": self.decided_by,
            "note": note,
        }


@shown()
class Sample(NamedTuple):
    """A statistic's values, one a replicate.

    Attributes:
        change: paired differences, shape (R,).
        base: what they are expressed in terms of, shape (R,); None where they are taken as they are.
        percent: whether they are in percent of the base, whose mean is then itself an estimate.
    """

    change: np.ndarray
    base: np.ndarray | None = None
    percent: bool = False

    def of_mean(self) -> np.ndarray:
        """Return the differences in terms of the base's mean over replicates, shape (R,), as the board does."""
        if self.base is None:
            return self.change
        known = self.base[np.isfinite(self.base)]
        mean = float(np.mean(known)) if known.size else float("nan")
        return self._scaled / (mean if mean > 0.0 else np.nan)

    def of_own(self) -> np.ndarray:
        """Return the differences in terms of each replicate's own base, shape (R,).

        For samples whose replicates have parameters of their own; not a number where the base is none.
        """
        if self.base is None:
            return self.change
        return np.divide(self._scaled, self.base, out=np.full_like(self.base, np.nan), where=self.base > 0.0)

    def most(self) -> tuple[float, float]:
        """Return between which values most pairs lie; not a number where none has one."""
        values = self.of_mean()
        kept = values[np.isfinite(values)]
        least, most = np.percentile(kept, MOST_PAIRS) if kept.size else (np.nan, np.nan)
        return float(least), float(most)

    def interval(self) -> Interval:
        """Return the estimate with its interval; a percentage is a ratio of means."""
        if not self.percent or self.base is None:
            return mean_interval(self.of_mean())
        kept = np.isfinite(self._scaled) & np.isfinite(self.base)
        return ratio_interval(self._scaled[kept], self.base[kept]) if kept.any() else UNKNOWN

    @property
    def undefined(self) -> int:
        """In how many replicates it has no value."""
        return int(np.count_nonzero(~np.isfinite(self.of_mean())))

    def sign(self) -> float:
        """Return the part of replicates whose difference has the sign of the mean."""
        values = self.change if self.percent else self.of_mean()
        kept = values[np.isfinite(values)]
        return float(same_sign(kept)) if kept.size else float("nan")

    def part(self, which: slice | np.ndarray) -> Sample:
        """Return the sample of some replicates."""
        return self._replace(change=self.change[which], base=None if self.base is None else self.base[which])

    @property
    def _scaled(self) -> np.ndarray:
        """The differences, times a hundred where they are in percent."""
        return HUNDRED * self.change if self.percent else self.change


@shown("key", "wording", "unit", "condition", "size", "runs", "reach", "decided_by", "note")
@dataclass(frozen=True)
class Statistic:
    """A statistic of a claim that is one value a replicate.

    Attributes:
        key: the claim and a short name, as in ``C1a.funding``: what it is asked for by, for good.
        wording: what it is in words; ``{recipient}`` stands for the recipient's name.
        unit: its unit.
        sample: reads the paired difference, shape (R,).
        runs: the treatments that it reads.
        condition: what the interval has to meet for the claim to be supported, as in ``> 0.1``; empty for context.
        size: what is measured, one of `SIZES`: whose smallest effect that matters is in the condition; empty for none.
        note: how to take it.
        remark: says what only the runs can tell, beside the note.
        base: reads what the difference is a percentage of, shape (R,).
        per_dollar: whether the difference is per dollar that the deal paid out.
        reach: quarters from the deal on that it needs.
        leading: whether it stands for its claim where only the claim is named.
        alone: what it is in words where no row above it says what "it" is; as on the board if empty.
        judged: says whether the board asks for the condition at all; None for always.
    """

    key: str
    wording: str
    unit: str
    sample: Measure
    runs: tuple[str, ...] = TWINS
    condition: str = ""
    size: str = ""
    note: str = ""
    remark: Callable[[Evidence], str] | None = None
    base: Measure | None = None
    per_dollar: bool = False
    reach: int = WINDOW
    leading: bool = False
    alone: str = ""
    judged: Callable[[Evidence], bool] | None = None

    @property
    def claim(self) -> str:
        """The claim that it belongs to."""
        return self.key.partition(".")[0]

    @property
    def decided_by(self) -> str:
        """The parameters that decide it, in words; empty for context."""
        return deciding_words(self.key) if self.condition else ""

    @property
    def label(self) -> str:
        """What it is in words, whoever the recipient is."""
        return (self.alone or self.wording).format(recipient="the recipient")

    def measure(self, evidence: Evidence) -> Sample:
        """Return its values with what they are expressed in terms of.

        Raises:
            KeyError: the evidence lacks one of its runs.
        """
        base = evidence.drawn if self.per_dollar else self.base(evidence) if self.base else None
        return Sample(self.sample(evidence), base, percent=not self.per_dollar)

    def judge(self, interval: Interval) -> str:
        """Return the verdict on an estimate of it, as the board gives it; empty where it is not known."""
        row = Row(self.claim, self.wording, interval, self.unit, self.condition, size=self.size)
        return str(row.plain()["verdict"])

    def rows(self, evidence: Evidence) -> Iterator[Row]:
        """Yield its row of the board."""
        sample = self.measure(evidence)
        asked = self.judged is None or self.judged(evidence)
        remark = self.remark(evidence) if self.remark else ""
        yield Row(
            self.claim,
            self.wording.format(recipient=evidence.name),
            sample.interval(),
            self.unit,
            self.condition if asked else "",
            self.decided_by,
            "; ".join(filter(None, (self.note, remark))),
            sample.sign(),
            sample.undefined,
            len(sample.change),
            self.size,
        )


@shown()
@dataclass(frozen=True)
class Pooled:
    """Rows of the board that are made of all replicates at once: a ratio of means, the best of several, a regression.

    Attributes:
        runs: the treatments that they read.
        rows: yields them.
    """

    runs: tuple[str, ...]
    rows: Callable[[Evidence], Iterable[Row]]


def contrast(read: Reading, treated: str = "treated") -> Measure:
    """Return what measures a reading's paired difference between a run and the control."""
    return lambda evidence: evidence.contrast(read, treated)


def at(name: str, later: int) -> Reading:
    """Return a reading of an indicator some quarters after the deal."""
    return lambda run: run.at(run.series(name), later)


def averaged(name: str) -> Reading:
    """Return a reading of an indicator's mean over the window."""
    return lambda run: average(run.window(run.series(name)))
