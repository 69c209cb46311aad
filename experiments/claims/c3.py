"""C3: from an innovation-driven to a capital-intensive industry."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...agents.state.arrays import average, total
from ...model.dates import YEAR
from .evidence import WINDOW, Evidence, Reading, Run
from .rows import Measure, Statistic, averaged, contrast
from .sizes import asked

WHOSE = (("all", "all labs less the deal's draw"), ("others", "labs but the recipient"))
MEASURES = (("sales", "capital spending over sales"), ("pay", "capital spending over itself and researchers' pay"))
SALES = MEASURES[0][0]
MODEL_COST = averaged("training_run_cost")


def _intensity(per: str, label: str) -> Iterator[Statistic]:
    """Yield the trend of an intensity without the deal, and the deal's effect with and without the recipient."""
    yield Statistic(
        f"C3.{per}.trend",
        f"{label}: trend without the deal, last less first four quarters of {WINDOW}",
        "1",
        _trend(per),
        runs=("control",),
        **asked(">", "intensity"),
    )
    for whose, who in WHOSE:
        yield Statistic(
            f"C3.{per}.{whose}",
            f"{label}, {who}: deal less no deal, mean of {WINDOW} quarters",
            "1",
            contrast(_mean_intensity(per, everybody=whose == "all")),
            **(asked(">", "intensity") if whose == "others" else {}),
            leading=(per, whose) == (SALES, "others"),
        )


def _trend(per: str) -> Measure:
    """Return what measures the trend of all labs' intensity over the window without the deal."""

    def measure(evidence: Evidence) -> np.ndarray:
        control = evidence.run("control")
        base = control.window(_measure(control, per, everybody=True, less_draw=False))
        return average(base[-YEAR:]) - average(base[:YEAR])

    return measure


def _mean_intensity(per: str, *, everybody: bool) -> Reading:
    """Return a reading of the mean intensity over the window."""
    return lambda run: average(run.window(_measure(run, per, everybody=everybody, less_draw=everybody)))


def _measure(run: Run, per: str, *, everybody: bool, less_draw: bool) -> np.ndarray:
    """Return the intensity of labs, shape (T, R), without the recipient or without what deals drew."""

    def added(column: str) -> np.ndarray:
        return total(run.labs(column), 1) if everybody else run.others(column)

    spent = added("capex") - (run.series("deal_draw") if less_draw else 0.0)
    beside = added("revenue") if per == SALES else spent + added("research_labour")
    return spent / np.maximum(beside, 1e-12)


BOARD = (
    *(statistic for measure in MEASURES for statistic in _intensity(*measure)),
    Statistic(
        "C3.model_cost",
        "cost of the leader's next model",
        "%",
        contrast(MODEL_COST),
        **asked(">", "cost"),
        base=lambda evidence: MODEL_COST(evidence.run("control")),
    ),
    Statistic(
        "C3.debt_share",
        "part of funding that is debt",
        "1",
        contrast(averaged("debt_share")),
        note="rises by construction when a loan is made: not evidence",
    ),
)
"""The rows of the board, in order."""

ALSO: tuple[Statistic, ...] = ()
"""Statistics beside the board."""
