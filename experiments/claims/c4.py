"""C4: compute, not algorithms alone, binds; the best infrastructure is a decisive edge."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from ..statistics import UNKNOWN, Interval, jackknife, partial_r2
from .evidence import SOON, Evidence, Row, Run, difference, paired_row, relative_row
from .treatments import COMPUTE_SIDE, EQUAL_DOLLARS, EQUAL_USES, SHADOWS

FIELD = "inference_gain: at 0.8 better algorithms free so little compute for research that the two draw level"
LEAK = "fishing_out and spillover: where algorithms leak slowly or ideas stay easy, they are the better edge"
BINDING = "progress_rate, demand_ceiling and dilution: how fast algorithms move, and whether demand or money is short"
DOLLARS = "none of the uncertain assumptions alone"
POOLED = (
    "spillover, rechoosing and the years pooled: algorithms explain more where they leak slowly, customers move fast "
    "or later years count"
)
LEAD = "partial R2 of compute less that of algorithms"
AFTER = (8, 16)
READ = 10
SPACING = 4
LAST_QUARTER = 2032 * 4 + 3
"""Claims look no further than 2032Q4: later years are kept for boundedness only (specification, section 13)."""


def rows(evidence: Evidence) -> Iterator[Row]:
    """Yield the statistics of C4."""
    yield from _wedges(evidence)
    yield from _dollars(evidence)
    yield from _shadows(evidence)
    yield from _regression(evidence)


def _wedges(evidence: Evidence) -> Iterator[Row]:
    """C4a: ten percent more compute from deliveries against ten percent more growth of algorithms, for good."""

    def frontier(run: Run, later: int) -> np.ndarray:
        return run.at(run.series("frontier_capability"), later)

    def share(run: Run, later: int) -> np.ndarray:
        return 100.0 * run.at(run.recipient("market_share"), later)

    kinds = (
        ("all labs", "for all", "best model", frontier, "OOM", "a constraint of the field", FIELD),
        (evidence.name, "for one", "its share", share, "pp", "a competitive edge", LEAK),
    )
    for who, run, what, read, unit, meaning, decided in kinds:
        for later in AFTER:
            by_compute, by_algorithms = (
                evidence.contrast(partial(read, later=later), f"{side} {run}") for side in ("compute", "algorithms")
            )
            parts = [difference(sample)[0].value for sample in (by_compute, by_algorithms)]
            yield paired_row(
                "C4a", f"+10 % compute less +10 % algorithms for {who}: {what} after {later} quarters",
                by_compute - by_algorithms, unit, condition="> 0", decided_by=decided,
                note=f"{meaning}; compute {parts[0]:+.3g}, algorithms {parts[1]:+.3g} {unit}",
            )  # fmt: skip


def _sales(run: Run) -> np.ndarray:
    """Return the recipient's sales some quarters after the deal, shape (R,)."""
    return run.at(run.recipient("revenue"), READ)


def _dollars(evidence: Evidence) -> Iterator[Row]:
    """C4b: the same ten bn for chips, for chips and halls, for research."""
    base = _sales(evidence.run("control"))
    effects = {use: evidence.contrast(_sales, f"dollars to {use}") for use in EQUAL_USES}
    for use, effect in effects.items():
        yield relative_row(
            "C4b", f"{EQUAL_DOLLARS:g} bn for {use}: recipient's sales after {READ} quarters", effect, base,
            condition="", decided_by=DOLLARS,
        )  # fmt: skip
    best = max(("chips and clusters", "compute and halls"), key=lambda use: effects[use].mean())
    yield relative_row(
        "C4b", f"{EQUAL_DOLLARS:g} bn for {best} less the same for research", effects[best] - effects["research"], base,
        condition="> 0", decided_by=DOLLARS,
    )  # fmt: skip


def _shadows(evidence: Evidence) -> Iterator[Row]:
    """C4b: what easing each limit by ten percent is worth to the recipient."""
    base = _sales(evidence.run("control"))
    effects = {what: evidence.contrast(_sales, f"more {what}") for what in SHADOWS}
    for what, effect in effects.items():
        label = "10 % lower" if what == "chip price" else "10 % more"
        yield relative_row(
            "C4b", f"{label} {what}: recipient's sales after {READ} quarters", effect, base,
            condition="", decided_by=BINDING,
        )  # fmt: skip
    best = max(COMPUTE_SIDE, key=lambda what: effects[what].mean())
    yield relative_row(
        "C4b", f"most valuable limit of compute ({best}) less algorithmic progress",
        effects[best] - effects["algorithmic progress"], base, condition="> 0", decided_by=BINDING,
        note="access is a quantity, cost a price; the best of four is chosen by its mean, which flatters it",
    )  # fmt: skip


def _regression(evidence: Evidence) -> Iterator[Row]:
    """C4c: across labs and runs, what goes with a share two years later, given share and capability now."""
    found = _panel(evidence.run("control"))
    if found is None:
        yield Row("C4c", LEAD, UNKNOWN, "1", "> 0", POOLED)
        return
    outcome, factors, clusters = found
    if len(np.unique(clusters)) == 1:
        yield Row("C4c", LEAD, UNKNOWN, "1", "> 0", POOLED, "one replicate has no spread")
        return
    whole, left_out = partial_r2(outcome, factors, clusters)
    names = ("log share of compute", "log efficiency", "compute per power")
    for place, name in enumerate(names):
        yield Row("C4c", f"partial R2 of {name}", jackknife(whole[place], left_out[:, place]), "1", "", POOLED)
    lead: Interval = jackknife(whole[0] - whole[1], left_out[:, 0] - left_out[:, 1])
    yield Row(
        "C4c", LEAD, lead, "1", "> 0", POOLED,
        "given share and capability: without them compute wins trivially, because fleets follow demand",
    )  # fmt: skip


def _panel(run: Run) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return every fourth quarter of the baseline to 2032, over labs and replicates: outcome, factors, clusters."""
    share, compute = run.labs("market_share"), run.labs("compute")
    dates = run.ensemble.records["indicators"].quarters
    known = min(run.quarters, int(np.searchsorted(dates, LAST_QUARTER, side="right")))
    times = np.arange(run.subject.begin, known - SOON - 1, SPACING)
    if not times.size:
        return None
    fleet = compute[times]
    part = fleet / np.maximum(fleet.sum(1, keepdims=True), 1e-12)
    power = run.labs("fleet_power")[times]
    ability, skill = run.labs("capability")[times], run.labs("log_efficiency")[times]
    outcome = share[times + SOON + 1]
    there = (run.labs("active")[times] > 0.0) & (fleet > 0.0) & (power > 0.0)
    columns = (np.log(np.maximum(part, 1e-12)), skill, fleet / np.maximum(power, 1e-12), share[times], ability)
    clusters = np.broadcast_to(np.arange(fleet.shape[-1]), fleet.shape)
    return outcome[there], np.stack([column[there] for column in columns], axis=1), clusters[there]
