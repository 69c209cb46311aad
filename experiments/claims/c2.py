"""C2: the recipient's research speeds up; competition with frontrunners intensifies."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...agents.state.arrays import total
from ..statistics import SUPPORTED, UNKNOWN, ratio_interval, verdict
from .evidence import LATER, LATEST, SOON, Evidence, Reading, Run
from .rows import TWINS, Pooled, Row, Sample, Statistic, at, contrast
from .sizes import asked

ONE_STEP, TWO_STEPS = 16, 28
"""Quarters from the deal in which the recipient gets one and two orders of magnitude further, slow worlds included."""

RELEASES = 13
HHI = f"HHI of demand for AI services after {SOON} quarters, deal for"
ARITHMETIC = "falls for any follower and rises for the leader by arithmetic: no evidence alone"

PRICE_THEN = at("service_price", SOON)
ONE = contrast(lambda run: run.arrival(1.0))
TWO = contrast(lambda run: run.arrival(2.0))


def _further(evidence: Evidence) -> np.ndarray:
    """Return how much less the second order of magnitude gains than the first, quarters, shape (R,)."""
    return TWO(evidence) - ONE(evidence)


def _sooner(evidence: Evidence) -> bool:
    """Return whether the first order of magnitude comes sooner at all."""
    return verdict(Sample(ONE(evidence)).interval(), "< 0") == SUPPORTED


def _released(run: Run) -> np.ndarray:
    """Return the recipient's releases by some quarters after the deal, shape (R,)."""
    return run.at(np.cumsum(run.recipient("released"), 0), RELEASES)


def _gap_after(later: int) -> Reading:
    """Return a reading of the gap to the leader some quarters after the deal."""
    return lambda run: run.at(run.gap, later)


def _gap(later: int) -> Statistic:
    """Return how much nearer the recipient is to the leader some quarters after the deal."""
    return Statistic(
        f"C2b.gap_{later}",
        f"gap to the leader {later} quarters after the deal",
        "OOM",
        contrast(_gap_after(later)),
        **asked("<", "capability"),
        reach=later + 1,
        leading=later == SOON,
    )


def _persistence(evidence: Evidence) -> Iterator[Row]:
    """Yield what is left later of the gap that was closed soon."""
    soon, latest = (evidence.contrast(_gap_after(later)) for later in (SOON, LATEST))
    kept = np.isfinite(latest) & np.isfinite(soon)
    lasting = ratio_interval(latest[kept], soon[kept]) if kept.any() else UNKNOWN
    yield Row(
        "C2b",
        f"gap at {LATEST} over gap at {SOON} quarters: persistence",
        lasting,
        "1",
        "",
        note="means little where the gap itself is undecided",
        undefined=int((~kept).sum()),
        runs=kept.size,
    )


def _share(run: Run) -> np.ndarray:
    """Return the recipient's share of demand soon after the deal, percent, shape (R,)."""
    return run.at(100.0 * run.recipient("market_share"), SOON)


def _rival_markup(run: Run) -> np.ndarray:
    """Return the mean markup of active rivals soon after the deal, shape (R,)."""
    active = run.labs("active").copy()
    active[:, run.subject.rows] = 0.0
    return run.at(total(run.labs("markup") * active, 1) / np.maximum(total(active, 1), 1.0), SOON)


def _concentration(name: str, who: str, run: str = "treated") -> Statistic:
    """Return how the deal for some lab changes concentration: read only beside the same deal for other labs."""
    return Statistic(
        f"C2b.hhi_{SOON}.{name}",
        f"{HHI} {who}",
        "1",
        contrast(at("lab_concentration", SOON), run),
        runs=("control", run),
        note=ARITHMETIC,
        reach=SOON + 1,
    )


BOARD = (
    Statistic(
        "C2a.one_oom",
        "time to +1 OOM of capability",
        "quarters",
        ONE,
        **asked("<", "time"),
        reach=ONE_STEP,
        leading=True,
    ),
    Statistic(
        "C2a.lasting",
        "time to +2 OOM less time to +1 OOM: a lasting acceleration if not above 0",
        "quarters",
        _further,
        condition="<= 0",
        reach=TWO_STEPS,
        judged=_sooner,
    ),
    Statistic("C2a.two_oom", "time to +2 OOM of capability", "quarters", TWO, reach=TWO_STEPS),
    Statistic(
        f"C2a.releases_{RELEASES}",
        f"releases by {RELEASES} quarters after the deal",
        "1",
        contrast(_released),
        reach=RELEASES + 1,
        note="may fall when a lab accelerates: a lab close to the frontier ships larger steps",
    ),
    *map(_gap, (SOON, LATER, LATEST)),
    Pooled(TWINS, _persistence),
    Statistic(
        f"C2b.share_{SOON}",
        f"recipient's share of demand after {SOON} quarters",
        "pp",
        contrast(_share),
        **asked(">", "share"),
        reach=SOON + 1,
    ),
    Statistic(
        f"C2b.markup_{SOON}",
        f"rivals' mean markup after {SOON} quarters",
        "1",
        contrast(_rival_markup),
        **asked("<", "margin"),
        reach=SOON + 1,
    ),
    Statistic(
        f"C2b.price_{SOON}",
        f"share-weighted price after {SOON} quarters",
        "%",
        contrast(PRICE_THEN),
        **asked("<", "price"),
        base=lambda evidence: PRICE_THEN(evidence.run("control")),
        reach=SOON + 1,
    ),
    _concentration("recipient", "{recipient}"),
    _concentration("largest", "the largest lab", "placebo largest"),
    _concentration("smallest", "the smallest lab", "placebo smallest"),
)
"""The rows of the board, in order."""

ALSO: tuple[Statistic, ...] = ()
"""Statistics beside the board."""
