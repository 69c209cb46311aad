"""What claims are judged by: runs read with the deal in mind, and contrasts of runs (section 9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...agents.state.arrays import total
from ...agents.state.shown import shown
from ...agents.state.table import unknown_name

if TYPE_CHECKING:
    from ..runs.ensemble import Ensemble
    from .treatments import Subject

WINDOW = 12
"""Quarters from the deal over which flows are added up (section 9)."""

SOON, LATER, LATEST = 7, 11, 19
"""Quarters after the deal at which gaps are read (section 9)."""

RAISED = ("debt_raised", "equity_raised", "leased_raised")
AMOUNTS = frozenset(
    {"powered_compute", "market_share", "revenue_share", "revenue", "capex", "research_labour", *RAISED}
)
"""Columns that are added where several labs receive; of others, the largest recipient's is read."""

LEVELS = frozenset({"capability", "gap", "markup"})
"""Columns that mean nothing of a lab that is out of business, whatever stands in its row."""


def of_lab(ensemble: Ensemble, column: str, row: int) -> np.ndarray:
    """Return a column of one lab, shape (T, R); levels are missing where it is out of business."""
    values, active = ensemble.values(column, "ai_labs")[:, row], ensemble.records["ai_labs"].active
    return values if column not in LEVELS or active is None else np.where(active[:, row] > 0.0, values, np.nan)


@shown()
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
        """Return a column of the recipient, shape (T, R).

        Amounts are added over recipients where there are several.
        """
        if column in AMOUNTS:
            return total(self.labs(column)[:, self.subject.rows], 1)
        return of_lab(self.ensemble, column, self.subject.row)

    def others(self, column: str) -> np.ndarray:
        """Return an amount added over all labs but the recipients, shape (T, R)."""
        return total(self.labs(column), 1) - self.recipient(column)

    def at(self, values: np.ndarray, later: int) -> np.ndarray:
        """Return values some quarters after the deal, shape (R,); not a number beyond the run."""
        position = self.subject.begin + later
        return values[position] if position < self.quarters else np.full(values.shape[-1], np.nan)

    def window(self, values: np.ndarray) -> np.ndarray:
        """Return the quarters of the window; not a number where the run is shorter."""
        part = values[self.subject.begin : self.subject.begin + WINDOW]
        return part if len(part) == WINDOW else np.full((WINDOW, values.shape[-1]), np.nan)

    def gathered(self, values: np.ndarray) -> np.ndarray:
        """Return the sum over the window, shape (R,)."""
        return total(self.window(values))

    @property
    def funding_recipient(self) -> np.ndarray:
        """New loans and shares of the recipient, and notes that vehicles drew for it, shape (T, R)."""
        return total(np.stack([self.recipient(column) for column in RAISED]))

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


@shown()
@dataclass(frozen=True)
class Evidence:
    """Runs of a deal and of its twins, with shorthands for the contrasts that claims make.

    Attributes:
        ensembles: the runs by name, all of them or those that are asked about.
        subject: whom the claims are about.
        quarters: how many quarters were run.
    """

    ensembles: Mapping[str, Ensemble]
    subject: Subject
    quarters: int

    def run(self, name: str) -> Run:
        """Return a run by name.

        Raises:
            KeyError: there is no such run here.
        """
        if name not in self.ensembles:
            raise KeyError(f"{unknown_name('the evidence', name, self.ensembles)}; name it among the runs")
        return Run(self.ensembles[name], self.subject, self.quarters)

    @property
    def drawn(self) -> np.ndarray:
        """What the deal paid out over the run, USD bn, shape (R,)."""
        return total(self.run("treated").series("deal_draw"))

    @property
    def failed(self) -> np.ndarray:
        """Which replicates failed in any run and cannot be trusted, shape (R,)."""
        ensembles = list(self.ensembles.values())
        failed = np.zeros(ensembles[0].replicates, dtype=bool)
        for ensemble in ensembles:
            failed[ensemble.failures.index.to_numpy()] = True
        return failed

    @property
    def name(self) -> str:
        """The recipient's name."""
        return self.subject.recipient

    def contrast(self, read: Reading, treated: str = "treated", less: str = "control") -> np.ndarray:
        """Return a statistic's paired difference between two runs, shape (R,)."""
        return read(self.run(treated)) - read(self.run(less))
