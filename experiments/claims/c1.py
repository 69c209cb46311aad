"""C0 and C1: the money keeps to its purpose; an investment surge."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .evidence import Evidence, Reading, Row, Run, paired_row, relative_row
from .treatments import ANNOUNCEMENT

SENTIMENT = (
    "announcement_effect: whether the news lifts managers' mood. At 0 the deal mostly replaces other money; "
    "a surge appears only where one assumes that the news itself attracts money"
)
OWN_PLANS = "demand_midpoint and deployment: how soon demand comes, and how scarce other money is for the recipient"
EARMARK = "earmark and the defaults of the recipient: cash below what is bound counts as breached"


def rows(evidence: Evidence) -> Iterator[Row]:
    """Yield the statistics of C0 and C1."""
    yield from _earmark(evidence)
    for run, label in (("quiet", "announcement effect off"), ("announced", f"announcement effect {ANNOUNCEMENT:g}")):
        yield from _crowding(evidence, run, label)
    yield from _spillover(evidence)


def _earmark(evidence: Evidence) -> Iterator[Row]:
    """C0: what became of the earmarked money by the end of the run."""
    run = evidence.run("treated")
    received = run.labs("received_sum")[-1].sum(0)
    received = np.where(received > 0.0, received, np.nan)
    strayed = (run.labs("breach") + run.labs("released_sum"))[-1].sum(0)
    spent = run.labs("spent_sum")[-1].sum(0)
    yield paired_row(
        "C0", "earmarked money that strayed from its use, of what was received", strayed / received, "1",
        condition="<= 1e-9", decided_by=EARMARK,
    )  # fmt: skip
    yield paired_row(
        "C0", "earmarked money spent on its use by the end of the run", spent / received, "1",
        condition="", decided_by=EARMARK,
    )  # fmt: skip


def _crowding(evidence: Evidence, run: str, label: str) -> Iterator[Row]:
    """C1a: how much funding a dollar of the deal adds, in all, for the recipient and for everybody else."""
    amount = evidence.amount

    def added(read: str) -> np.ndarray:
        return evidence.contrast(lambda r: r.gathered(_funding(r, read)), run) / amount

    note = "a treatment, not a finding" if run == "announced" else ""
    words = {"decided_by": SENTIMENT, "note": note}
    parts = (
        ("funding added per dollar of the deal", "all", "> 1"),
        ("of it to everybody but the recipient", "others", "> 0"),
        ("of it to the recipient", "recipient", ""),
        ("of it to rival labs", "rivals", ""),
    )
    for statistic, whose, condition in parts:
        yield paired_row("C1a", f"{statistic}, {label}", added(whose), "1", condition=condition, **words)


def _funding(run: Run, whose: str) -> np.ndarray:
    """Return new loans and shares, shape (T, R)."""
    own = run.funding_recipient
    if whose == "all":
        return run.series("funding")
    if whose == "rivals":
        return run.series("funding_labs") - own
    return own if whose == "recipient" else run.series("funding") - own


def _spillover(evidence: Evidence) -> Iterator[Row]:
    """C1b: what others spend on compute, and what reaches energy, storage and cooling."""

    def spending(run: Run) -> np.ndarray:
        return run.gathered(run.series("total_capex") - run.recipient("capex"))

    base = spending(evidence.run("control"))
    yield relative_row(
        "C1b", "spending on chips and halls by everybody except the recipient", evidence.contrast(spending), base,
        condition="> 0", decided_by=SENTIMENT,
    )  # fmt: skip
    for sector in ("energy", "storage", "cooling", "construction", "clusters", "vendors"):
        change = evidence.contrast(_gathered_indicator(f"funding_{sector}"))
        yield paired_row(
            "C1b", f"funding of {sector}", change, "USD bn", condition="> 0", decided_by=SENTIMENT,
            note="over three years from the deal",
        )  # fmt: skip
    own = evidence.contrast(lambda run: run.gathered(run.recipient("capex"))) / evidence.amount
    yield paired_row(
        "C1b", "recipient's own capital spending per dollar of the deal", own, "1", condition="> 0",
        decided_by=OWN_PLANS,
    )  # fmt: skip


def _gathered_indicator(name: str) -> Reading:
    """Return a reading that adds an indicator over the window."""
    return lambda run: run.gathered(run.series(name))
