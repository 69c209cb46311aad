"""C3: from an innovation-driven to a capital-intensive industry."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .evidence import WINDOW, Evidence, Reading, Row, Run, paired_row

TREND = "none of the uncertain assumptions alone: sales outgrow capital spending from the opening backlog on"
EFFECT = "announcement_effect: others spend more for their sales only where the news brings them money"
YEAR = 4
WHOSE = (("all labs less the deal's draw", True, ""), ("labs but the recipient", False, "> 0"))
MEASURES = (("capital spending over sales", "revenue"), ("capital spending over itself and researchers' pay", "labour"))


def rows(evidence: Evidence) -> Iterator[Row]:
    """Yield the statistics of C3."""
    for label, per in MEASURES:
        yield from _intensity(evidence, label, per)
    cost = evidence.contrast(lambda run: run.window(run.series("training_run_cost")).mean(0))
    yield paired_row("C3", "cost of the leader's next model", cost, "USD bn", condition="> 0", decided_by=EFFECT)
    debt = evidence.contrast(lambda run: run.window(run.series("debt_share")).mean(0))
    yield paired_row(
        "C3", "part of funding that is debt", debt, "1", condition="", decided_by=EFFECT,
        note="rises by construction when a loan is made: not evidence",
    )  # fmt: skip


def _intensity(evidence: Evidence, label: str, per: str) -> Iterator[Row]:
    """C3: the deal's effect with and without the recipient, and the trend without the deal."""
    control = evidence.run("control")
    base = control.window(_measure(control, per, everybody=True, drawn=False))
    trend = base[-YEAR:].mean(0) - base[:YEAR].mean(0)
    yield paired_row(
        "C3", f"{label}: trend without the deal, last less first four quarters of {WINDOW}", trend, "1",
        condition="> 0", decided_by=TREND,
    )  # fmt: skip
    for whose, everybody, condition in WHOSE:
        change = evidence.contrast(_mean_intensity(per, everybody=everybody))
        yield paired_row(
            "C3", f"{label}, {whose}: deal less no deal, mean of {WINDOW} quarters", change, "1",
            condition=condition, decided_by=EFFECT,
        )  # fmt: skip


def _mean_intensity(per: str, *, everybody: bool) -> Reading:
    """Return a reading of the mean intensity over the window."""
    return lambda run: run.window(_measure(run, per, everybody=everybody, drawn=everybody)).mean(0)


def _measure(run: Run, per: str, *, everybody: bool, drawn: bool) -> np.ndarray:
    """Return the intensity of labs, shape (T, R), without the recipient or without what deals drew."""

    def added(column: str) -> np.ndarray:
        return run.labs(column).sum(1) if everybody else run.others(column)

    spent = added("capex") - (run.series("deal_draw") if drawn else 0.0)
    beside = added("revenue") if per == "revenue" else spent + added("research_labour")
    return spent / np.maximum(beside, 1e-12)
