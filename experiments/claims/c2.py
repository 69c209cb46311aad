"""C2: the recipient's research speeds up; competition with frontrunners intensifies."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ..statistics import UNKNOWN, ratio_interval, verdict
from .evidence import LATER, LATEST, SOON, Evidence, Reading, Row, Run, difference, paired_row

STEP = "none of the uncertain assumptions alone: earlier compute brings the next model earlier in all of them"
PACE = "progress_rate and spillover: the slower the field, the more the head start is a single step"
GAP = "deployment and dry_powder: the gap closes for longer where other money is scarce; else luck decides"
SHARE = "none of the uncertain assumptions alone"
RIVALRY = "announcement_effect: rivals give up margin only where the news brings them money for compute, too"


def rows(evidence: Evidence) -> Iterator[Row]:
    """Yield the statistics of C2."""
    yield from _iteration(evidence)
    yield from _competition(evidence)
    yield from _placebos(evidence)


def _iteration(evidence: Evidence) -> Iterator[Row]:
    """C2a: when the recipient is one and two orders of magnitude further."""
    one = evidence.contrast(lambda run: run.arrival(1.0))
    two = evidence.contrast(lambda run: run.arrival(2.0))
    yield paired_row(
        "C2a", "time to +1 OOM of capability", one, "quarters", condition="< 0", decided_by=STEP,
        note=_missing(one),
    )  # fmt: skip
    sooner = verdict(difference(one)[0], "< 0") == "supported"
    yield paired_row(
        "C2a", "time to +2 OOM less time to +1 OOM: a lasting acceleration if not above 0", two - one, "quarters",
        condition="<= 0" if sooner else "", decided_by=PACE, note=_missing(two - one),
    )  # fmt: skip
    yield paired_row("C2a", "time to +2 OOM of capability", two, "quarters", condition="", decided_by=STEP)
    released = evidence.contrast(lambda run: run.at(np.cumsum(run.recipient("released"), 0), 13))
    yield paired_row(
        "C2a", "releases by 13 quarters after the deal", released, "1", condition="", decided_by=STEP,
        note="may fall when a lab accelerates: a lab close to the frontier ships larger steps",
    )  # fmt: skip


def _missing(sample: np.ndarray) -> str:
    """Say how many replicates never get there."""
    missing = int(np.sum(~np.isfinite(sample)))
    return f"{missing} of {sample.size} replicates do not get there within the run" if missing else ""


def _competition(evidence: Evidence) -> Iterator[Row]:
    """C2b: the gap to the leader, rivals' markups, the price, and what is left of it later."""
    gaps = {}
    for later in (SOON, LATER, LATEST):
        gaps[later] = evidence.contrast(_gap_after(later))
        yield paired_row(
            "C2b", f"gap to the leader {later} quarters after the deal", gaps[later], "OOM",
            condition="< 0", decided_by=GAP,
        )  # fmt: skip
    lasting = ratio_interval(gaps[LATEST], gaps[SOON]) if np.isfinite(gaps[LATEST]).all() else UNKNOWN
    yield Row(
        "C2b", f"gap at {LATEST} over gap at {SOON} quarters: persistence", lasting, "1", "", GAP,
        "means little where the gap itself is undecided",
    )  # fmt: skip
    share = evidence.contrast(lambda run: run.at(100.0 * run.recipient("market_share"), SOON))
    yield paired_row(
        "C2b", f"recipient's market share after {SOON} quarters", share, "pp", condition="> 0", decided_by=SHARE
    )
    margins = evidence.contrast(lambda run: run.at(_rival_markup(run), SOON))
    yield paired_row(
        "C2b", f"rivals' mean markup after {SOON} quarters", margins, "1", condition="< 0", decided_by=RIVALRY
    )
    price = evidence.contrast(lambda run: run.at(run.series("service_price"), SOON))
    yield paired_row(
        "C2b", f"share-weighted price after {SOON} quarters", price, "USD bn/unit", condition="< 0", decided_by=RIVALRY
    )


def _gap_after(later: int) -> Reading:
    """Return a reading of the gap to the leader some quarters after the deal."""
    return lambda run: run.at(run.gap, later)


def _rival_markup(run: Run) -> np.ndarray:
    """Return the mean markup of active rivals, shape (T, R)."""
    active = run.labs("active").copy()
    active[:, run.subject.rows] = 0.0
    return (run.labs("markup") * active).sum(1) / np.maximum(active.sum(1), 1.0)


def _placebos(evidence: Evidence) -> Iterator[Row]:
    """C2b: concentration, only beside the same deal for the largest and for the smallest lab."""
    placebos = (("placebo largest", "the largest lab"), ("placebo smallest", "the smallest lab"))
    for run, who in (("treated", evidence.name), *placebos):
        change = evidence.contrast(lambda r: r.at(r.series("lab_concentration"), SOON), run)
        interval, sign = difference(change)
        yield Row(
            "C2b", f"HHI of AI services after {SOON} quarters, deal for {who}", interval, "1", "", SHARE,
            "falls for any follower and rises for the leader by arithmetic: no evidence alone", sign,
        )  # fmt: skip
