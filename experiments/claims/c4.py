"""C4: compute, not algorithms alone, binds; the best infrastructure is a decisive edge."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

import numpy as np

from ...agents.state.shown import shown
from ...model.dates import LAST_TOLD
from ..statistics import UNKNOWN, Interval, jackknife, partial_r2
from .deciding import NOT_SCREENED, deciding_words
from .evidence import SOON, Evidence, Run
from .rows import Pooled, Row, Sample, Statistic, contrast
from .sizes import SIZES, asked
from .treatments import COMPUTE_SIDE, EQUAL_DOLLARS, EQUAL_USES, SHADOWS

LEAD = "partial R2 of compute less that of algorithms"
AFTER = (8, 16)
READ = 10
ALGORITHMS = "algorithmic progress"
COMPUTE_USES = ("chips and clusters", "compute and halls")
SHORT = {"chips and clusters": "chips", "compute and halls": "halls", "research": "research"}
"""Uses of ten bn as keys have them."""

LEADING = "C4b.chips_less_research"
SPACING = 4


def _edge(side: str, later: int) -> Statistic:
    """Return what more compute brings less what faster algorithms bring: for all labs, or for the recipient alone."""
    kind = WEDGES[side]
    by_compute, by_algorithms = (
        contrast(partial(kind.read, later=later), f"{what} {kind.run}") for what in ("compute", "algorithms")
    )

    def remark(evidence: Evidence) -> str:
        parts = [Sample(measure(evidence)).interval().value for measure in (by_compute, by_algorithms)]
        known = np.isfinite(parts).all()
        return f"compute {parts[0]:+.3g}, algorithms {parts[1]:+.3g} {kind.unit}" if known else ""

    return Statistic(
        f"C4a.{side}_{later}",
        f"+10 % compute less +10 % algorithms for {kind.who}: {kind.what} after {later} quarters",
        kind.unit,
        lambda evidence: by_compute(evidence) - by_algorithms(evidence),
        runs=("control", f"compute {kind.run}", f"algorithms {kind.run}"),
        **asked(">", kind.size),
        note=kind.note,
        remark=remark,
        reach=later + 1,
        leading=(side, later) == ("edge", AFTER[0]),
    )


def _frontier(run: Run, later: int) -> np.ndarray:
    """Return the best model some quarters after the deal, OOM, shape (R,)."""
    return run.at(run.series("frontier_capability"), later)


def _share(run: Run, later: int) -> np.ndarray:
    """Return the recipient's share of demand some quarters after the deal, percent, shape (R,)."""
    return 100.0 * run.at(run.recipient("market_share"), later)


@shown()
class Wedge(NamedTuple):
    """For whom compute and algorithms grow, and by what it is judged which of them binds."""

    who: str
    run: str
    what: str
    read: Callable[..., np.ndarray]
    size: str
    note: str

    @property
    def unit(self) -> str:
        """The unit in which it is judged."""
        return SIZES[self.size].unit


WEDGES = {
    "field": Wedge("all labs", "for all", "best model", _frontier, "capability", "a constraint of the field"),
    "edge": Wedge("{recipient}", "for one", "its share of demand", _share, "share", "a competitive edge"),
}


def _sales(run: Run) -> np.ndarray:
    """Return the recipient's sales some quarters after the deal, shape (R,)."""
    return run.at(run.recipient("revenue"), READ)


def _base(evidence: Evidence) -> np.ndarray:
    """Return the recipient's sales without anything, shape (R,)."""
    return _sales(evidence.run("control"))


def _worth(key: str, wording: str, run: str) -> Statistic:
    """Return what a treatment is worth to the recipient, in percent of its sales."""
    return Statistic(
        key,
        f"{wording}: recipient's sales after {READ} quarters",
        "%",
        contrast(_sales, run),
        runs=("control", run),
        base=_base,
        reach=READ + 1,
    )


def _less(key: str, wording: str, one: str, other: str) -> Statistic:
    """Return what one treatment is worth to the recipient more than another."""
    return Statistic(
        key,
        wording,
        "%",
        lambda evidence: evidence.contrast(_sales, one) - evidence.contrast(_sales, other),
        runs=("control", one, other),
        **asked(">", "sales"),
        base=_base,
        reach=READ + 1,
        leading=key == LEADING,
    )


def _dollars() -> Iterator[Statistic]:
    """Yield what the same ten bn are worth for chips, for chips and halls, for research."""
    for use in EQUAL_USES:
        yield _worth(f"C4b.dollars.{SHORT[use]}", f"{EQUAL_DOLLARS:g} bn for {use}", f"dollars to {use}")


def _shadows() -> Iterator[Statistic]:
    """Yield what easing each limit by ten percent is worth to the recipient."""
    for what in SHADOWS:
        label = "10 % lower" if what == "chip price" else "10 % more"
        yield _worth(f"C4b.easing.{key_of(what)}", f"{label} {what}", f"more {what}")


def _instead() -> Iterator[Statistic]:
    """Yield each use of compute less research, and each limit of compute less algorithmic progress."""
    for use in COMPUTE_USES:
        yield _less(
            f"C4b.{SHORT[use]}_less_research",
            f"{EQUAL_DOLLARS:g} bn for {use} less the same for research",
            f"dollars to {use}",
            "dollars to research",
        )
    for what in COMPUTE_SIDE:
        yield _less(
            f"C4b.{key_of(what)}_less_algorithms",
            f"limit of compute ({what}) less {ALGORITHMS}",
            f"more {what}",
            f"more {ALGORITHMS}",
        )


def key_of(what: str) -> str:
    """Return the name of a limit as a key has it."""
    return what.replace("'", "").replace(" ", "_")


def _best_use(evidence: Evidence) -> Iterator[Row]:
    """Yield the better use of ten bn for compute less the same for research."""
    effects = {use: evidence.contrast(_sales, f"dollars to {use}") for use in EQUAL_USES}
    best = max(COMPUTE_USES, key=lambda use: effects[use].mean())
    words = f"{EQUAL_DOLLARS:g} bn for {best} less the same for research"
    yield _relative(words, effects[best] - effects["research"], evidence, f"C4b.{SHORT[best]}_less_research")


def _best_limit(evidence: Evidence) -> Iterator[Row]:
    """Yield the most valuable limit of compute less algorithmic progress."""
    effects = {what: evidence.contrast(_sales, f"more {what}") for what in (*COMPUTE_SIDE, ALGORITHMS)}
    best = max(COMPUTE_SIDE, key=lambda what: effects[what].mean())
    words = f"most valuable limit of compute ({best}) less {ALGORITHMS}"
    note = "access is a quantity, cost a price; the best of four is chosen by its mean, which flatters it"
    yield _relative(words, effects[best] - effects[ALGORITHMS], evidence, f"C4b.{key_of(best)}_less_algorithms", note)


def _relative(words: str, change: np.ndarray, evidence: Evidence, key: str, note: str = "") -> Row:
    """Return a row in percent of the recipient's sales, decided as the statistic of its key is."""
    sample = Sample(change, _base(evidence), percent=True)
    row = Row("C4b", words, sample.interval(), "%", **asked(">", "sales"), decided_by=deciding_words(key), note=note)
    return row._replace(same_sign=sample.sign())


def _regression(evidence: Evidence) -> Iterator[Row]:
    """C4c: across labs and runs, what goes with a share two years later, given share and capability now."""
    found = _panel(evidence.run("control"))
    if found is None:
        yield _lead(UNKNOWN)
        return
    outcome, factors, clusters = found
    if len(np.unique(clusters)) == 1:
        yield _lead(UNKNOWN, "one replicate has no spread")
        return
    whole, left_out = partial_r2(outcome, factors, clusters)
    names = ("log share of compute", "log efficiency", "compute per power")
    for position, name in enumerate(names):
        yield Row("C4c", f"partial R2 of {name}", jackknife(whole[position], left_out[:, position]), "1", "")
    yield _lead(
        jackknife(whole[0] - whole[1], left_out[:, 0] - left_out[:, 1]),
        "given share and capability: without them compute wins trivially, because fleets follow demand",
    )


def _lead(interval: Interval, note: str = "") -> Row:
    """Return the row of what compute explains more than algorithms do."""
    return Row("C4c", LEAD, interval, "1", **asked(">", "explained"), decided_by=NOT_SCREENED, note=note)


def _panel(run: Run) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Return every fourth quarter of the baseline to 2032, over labs and replicates: outcome, factors, clusters.

    Compute and power are of what runs for a lab, owned, rented or housed.
    """
    share, compute = run.labs("market_share"), run.labs("powered_compute")
    dates = run.ensemble.records["indicators"].quarters
    known = min(run.quarters, int(np.searchsorted(dates, LAST_TOLD, side="right")))
    times = np.arange(run.subject.begin, known - SOON - 1, SPACING)
    if not times.size:
        return None
    running, power = compute[times], run.labs("power_at_work")[times]
    part = running / np.maximum(running.sum(1, keepdims=True), 1e-12)
    ability, skill = run.labs("capability")[times], run.labs("log_efficiency")[times]
    outcome = share[times + SOON + 1]
    there = (run.labs("active")[times] > 0.0) & (running > 0.0) & (power > 0.0)
    columns = (np.log(np.maximum(part, 1e-12)), skill, running / np.maximum(power, 1e-12), share[times], ability)
    clusters = np.broadcast_to(np.arange(running.shape[-1]), running.shape)
    return outcome[there], np.stack([column[there] for column in columns], axis=1), clusters[there]


BOARD = (
    *(_edge(side, later) for side in WEDGES for later in AFTER),
    *_dollars(),
    Pooled(("control", *(f"dollars to {use}" for use in EQUAL_USES)), _best_use),
    *_shadows(),
    Pooled(("control", *(f"more {what}" for what in (*COMPUTE_SIDE, ALGORITHMS))), _best_limit),
    Pooled(("control",), _regression),
)
"""The rows of the board, in order."""

ALSO = tuple(_instead())
"""Statistics beside the board, where which of several is the best cannot hang on the others' random numbers."""
