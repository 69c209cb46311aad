"""C0 and C1: the money keeps to its purpose; an investment surge."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ...agents.state.arrays import total
from .evidence import Evidence, Reading, Run
from .rows import TWINS, Statistic, contrast, gathered
from .sizes import asked
from .treatments import ANNOUNCEMENT

CROWDING = (
    "whose money it is: what of it savers newly raise (called_part) and what lenders outside take (open_private), how "
    "savers answer yields (saving_yield), and what owners keep in cash of their other business (cash_per_core), which "
    "says how much they ask of the same lenders"
)
OTHERS = (
    "whose money it is (called_part, open_private), what owners keep in cash (cash_per_core) and whether rivals answer "
    "announcements (match); the effect is a quarter of a percent, and several assumptions leave it open"
)
POWER = (
    "match: whether others build more or less because a rival announced it; called_part and open_private: how far "
    "others' money stays where it was"
)
BUILDERS = (
    "inference_gain and coding_threshold: where ideas cheapen use or the market is large, builders and vendors gain "
    "nothing; the effect is small, and several assumptions leave it open"
)
OWN_PLANS = "none of the uncertain assumptions alone"
EARMARK = "defaults of the recipient: what is still bound is set free; more often in a small market (coding_threshold)"
SPENT = 24
"""Quarters from the deal by which its money is spent."""

PARTS = (
    ("funding", "funding added per dollar of the deal", "", 1.0),
    ("others", "of it to everybody but the recipient", "funding added for everybody but the recipient", 0.0),
    ("recipient", "of it to the recipient", "funding added for the recipient", None),
    ("rivals", "of it to rival labs", "funding added for rival labs", None),
)
"""Whose funding C1a looks at, in words below another row and alone, and what it has to exceed to support the claim."""

BUILT = ("storage", "cooling", "construction", "clusters")
SECTORS = ("energy", *BUILT, "vendors")


def _in_time(run: Run, column: str) -> np.ndarray:
    """Return a column of all labs when a deal's money is spent, or at the end of a shorter run, shape (labs, R)."""
    return run.labs(column)[min(run.subject.begin + SPENT, run.quarters) - 1]


def _received(evidence: Evidence) -> np.ndarray:
    """Return the earmarked money that labs got, shape (R,); not a number where it is none."""
    received = total(_in_time(evidence.run("treated"), "received_sum"))
    return np.where(received > 0.0, received, np.nan)


def _strayed(evidence: Evidence) -> np.ndarray:
    """Return the part of earmarked money that strayed from its use by the time that it is spent, shape (R,)."""
    run = evidence.run("treated")
    return total(_in_time(run, "breach") + _in_time(run, "released_sum")) / _received(evidence)


def _spent(evidence: Evidence) -> np.ndarray:
    """Return the part of earmarked money that was spent on its use by then, shape (R,)."""
    return total(_in_time(evidence.run("treated"), "spent_sum")) / _received(evidence)


def _funding(whose: str) -> Reading:
    """Return a reading of new loans and shares over the window."""
    return lambda run: run.gathered(_funding_of(run, whose))


def _funding_of(run: Run, whose: str) -> np.ndarray:
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
            decided_by=CROWDING,
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
    spent = gathered(f"capex_{sector}")
    return Statistic(
        f"C1b.capex_{sector}",
        f"capital spending of {sector}",
        "%",
        contrast(spent),
        **asked(">", "investment"),
        base=lambda evidence: spent(evidence.run("control")),
        decided_by=POWER if sector == "energy" else BUILDERS,
        note="over three years from the deal",
    )


BOARD = (
    Statistic(
        "C0.strayed",
        "earmarked money that strayed from its use, of what was received",
        "1",
        _strayed,
        runs=("treated",),
        condition="<= 1e-9",
        decided_by=EARMARK,
        reach=SPENT,
        leading=True,
    ),
    Statistic(
        "C0.spent",
        "earmarked money spent on its use within six years",
        "1",
        _spent,
        runs=("treated",),
        decided_by=EARMARK,
        reach=SPENT,
    ),
    *_crowding("quiet", ".quiet", ", announcement effect off"),
    *_crowding("announced", ".announced", f", announcement effect {ANNOUNCEMENT:g}", "a treatment, not a finding"),
    Statistic(
        "C1b.spending_others",
        "spending on chips and halls by everybody except the recipient",
        "%",
        contrast(_spending_of_others),
        base=lambda evidence: _spending_of_others(evidence.run("control")),
        **asked(">", "investment"),
        decided_by=OTHERS,
        leading=True,
    ),
    *map(_capex_of_sector, SECTORS),
    Statistic(
        "C1b.spending_recipient",
        "recipient's own capital spending per dollar of the deal",
        "1",
        contrast(_own_spending),
        **asked(">", "dollar"),
        decided_by=OWN_PLANS,
        per_dollar=True,
    ),
)
"""The rows of the board, in order."""

ALSO = tuple(_crowding())
"""Statistics beside the board: C1a with the announcement effect as the parameters have it, which is off."""
