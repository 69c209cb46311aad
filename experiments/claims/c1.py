"""C0 and C1: the money keeps to its purpose; an investment surge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from ...agents.state.arrays import TINY, total
from .evidence import Evidence, Reading, Run
from .rows import TWINS, Measure, Statistic, contrast
from .sizes import asked
from .treatments import ANNOUNCEMENT

SPENT = 24
"""Quarters from the deal by which its money is spent."""

PARTS = (
    ("funding", "funding added per dollar of the deal", "", 1.0),
    ("others", "of it to everybody but the recipient", "funding added for everybody but the recipient", 0.0),
    ("recipient", "of it to the recipient", "funding added for the recipient", None),
    ("rivals", "of it to rival labs", "funding added for rival labs", None),
)
"""Whose funding C1a looks at, in words below another row and alone, and what it has to exceed to support the claim."""

SECTORS = {
    "energy": ("energy suppliers", ("energy",)),
    "halls": ("builders of halls (construction, cooling, storage)", ("construction", "cooling", "storage")),
    "clusters": ("cluster builders", ("clusters",)),
}
"""Who invests beside labs and clouds, in words and by indicator.

Builders of halls are one row: what a hall takes of each moves with its accelerators' heat and with the price of power,
which a deal leaves alone for years, so that their plants differ in size and hardly in anything else. Vendors have no
row: foundries outside build for them, so that they invest nothing in this model.
"""


def _in_time(run: Run, column: str) -> np.ndarray:
    """Return a column of all labs when a deal's money is spent, or at the end of a shorter run, shape (labs, R)."""
    return run.labs(column)[min(run.subject.begin + SPENT, run.quarters) - 1]


def _received(evidence: Evidence) -> np.ndarray:
    """Return the earmarked money that labs got, shape (R,); not a number where it is none."""
    received = total(_in_time(evidence.run("treated"), "received_sum"))
    return np.where(received > 0.0, received, np.nan)


def _part(column: str) -> Measure:
    """Return what measures a part of the earmarked money that labs got by the time that it is spent, shape (R,).

    What sums of many payments leave is nothing.
    """

    def part(evidence: Evidence) -> np.ndarray:
        found = total(_in_time(evidence.run("treated"), column)) / _received(evidence)
        return np.where(found < TINY, 0.0, found)

    return part


def _funding(whose: str) -> Reading:
    """Return a reading of new loans and shares over the window."""
    return lambda run: run.gathered(funding_of(run, whose))


def funding_of(run: Run, whose: str) -> np.ndarray:
    """Return new loans and shares, shape (T, R)."""
    own = run.funding_recipient
    if whose == "funding":
        return run.series("funding")
    if whose == "rivals":
        return run.series("funding_labs") - own
    return own if whose == "recipient" else run.series("funding") - own


def _crowding(run: str = "treated", name: str = "", label: str = "", note: str = "") -> Iterator[Statistic]:
    """Yield how much funding a dollar of the deal adds in a run: in all, for the recipient, for everybody else."""
    for whose, words, alone, beside in PARTS:
        yield Statistic(
            f"C1a.{whose}{name}",
            f"{words}{label}",
            "1",
            contrast(_funding(whose), run),
            runs=tuple(dict.fromkeys((*TWINS, run))),
            **({} if beside is None else asked(">", "dollar", beside)),
            note=note,
            per_dollar=True,
            leading=not name and whose == "funding",
            alone=f"{alone}, per dollar of the deal{label}" if alone else "",
        )


def _spending_of_others(run: Run) -> np.ndarray:
    """Return what everybody but the recipient spends on chips and halls over the window, shape (R,)."""
    return run.gathered(run.series("total_capex") - run.recipient("capex"))


def _own_spending(run: Run) -> np.ndarray:
    """Return the recipient's capital spending over the window, shape (R,)."""
    return run.gathered(run.recipient("capex"))


def _capex_of_sector(sector: str) -> Statistic:
    """Return how much the deal adds to what a sector invests, of what it would invest anyway."""
    who, kinds = SECTORS[sector]

    def spent(run: Run) -> np.ndarray:
        return run.gathered(total(np.stack([run.series(f"capex_{kind}") for kind in kinds])))

    return Statistic(
        f"C1b.capex_{sector}",
        f"capital spending of {who}",
        "%",
        contrast(spent),
        **asked(">", "investment"),
        base=lambda evidence: spent(evidence.run("control")),
        note="over three years from the deal",
    )


def _earmarked(key: str, words: str, column: str, **more: Any) -> Statistic:
    """Return a statistic of what became of earmarked money by the time that it is spent."""
    return Statistic(key, words, "1", _part(column), runs=("treated",), reach=SPENT, **more)


BOARD = (
    _earmarked(
        "C0.strayed",
        "earmarked money used off its purpose, of what was received",
        "breach",
        condition="<= 1e-9",
        leading=True,
    ),
    _earmarked(
        "C0.freed",
        "earmarked money that its recipient's default set free within six years, of what was received",
        "released_sum",
        note="lenders' claim on it is settled with the defaulter's other debts: no breach",
    ),
    _earmarked("C0.spent", "earmarked money spent on its use within six years", "spent_sum"),
    *_crowding("quiet", ".quiet", ", announcement effect off"),
    *_crowding("announced", ".announced", f", announcement effect {ANNOUNCEMENT:g}", "a treatment, not a finding"),
    Statistic(
        "C1b.spending_others",
        "spending on chips and halls by everybody except the recipient",
        "%",
        contrast(_spending_of_others),
        base=lambda evidence: _spending_of_others(evidence.run("control")),
        **asked(">", "investment"),
        leading=True,
    ),
    *map(_capex_of_sector, SECTORS),
    Statistic(
        "C1b.spending_recipient",
        "recipient's own capital spending per dollar of the deal",
        "1",
        contrast(_own_spending),
        **asked(">", "dollar"),
        per_dollar=True,
    ),
)
"""The rows of the board, in order."""

ALSO = tuple(_crowding())
"""Statistics beside the board: C1a with the announcement effect as the parameters have it."""
