"""The money trail: where a deal's money has gone so far, from funders through uses to whom it was paid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...model.earmarks import USES
from .cast import short, token

if TYPE_CHECKING:
    from ..session import Quarter, Session

RESEARCHERS = "Researchers"
FREE = "not bound"
SMALLEST = 5e-7
"""USD bn below which a ribbon is not drawn."""


class Trail(NamedTuple):
    """Where a deal's money is at the end of a quarter, USD bn; of each use shape (uses,).

    Attributes:
        promised: what the deals come to.
        given: what each funder has paid, by name; vendors' credit stands under its deal's name.
        received: what was bound to each use.
        spent: what was spent on it.
        released: what a default set free.
        waiting: what waits for its use.
        breached: what was used off its purpose, all uses together.
        paid: what was spent, by use and who was paid.
    """

    promised: float
    given: dict[str, float]
    received: np.ndarray
    spent: np.ndarray
    released: np.ndarray
    waiting: np.ndarray
    breached: float
    paid: dict[tuple[str, str], float]

    @property
    def drawn(self) -> float:
        """What has been drawn."""
        return sum(self.given.values())

    @property
    def free(self) -> float:
        """What was drawn and bound to no use."""
        return self.drawn - float(self.received.sum())


def trail(session: Session, quarter: int) -> Trail:
    """Return where the money of the scenario's deals is at the end of the quarter-th quarter."""
    past = [session.at(place) for place in range(1, quarter + 1)]
    now = session.at(quarter).own
    received, spent, released, waiting = (
        now.column("ai_labs", f"restricted_{name}").sum(0) for name in ("received", "spent", "released", "cash")
    )
    paid: dict[tuple[str, str], float] = {}
    for place, this in enumerate(past):
        for use, payee, amount in _paid(session, this, session.at(place)):
            paid[use, payee] = paid.get((use, payee), 0.0) + amount
    scale = float(session.parameters["deal_scale"][0]) if session.case.deals and session.has_twin else 1.0
    return Trail(
        promised=scale * sum(deal.amount for deal in session.case.deals),
        given=_given(session, past),
        received=received, spent=spent, released=released, waiting=waiting,
        breached=float(now.column("ai_labs", "breach").sum()),
        paid=paid,
    )  # fmt: skip


def told(session: Session, quarter: int) -> dict[str, Any]:
    """Return the trail of a quarter as plain values: names, amounts and colours."""
    found = trail(session, quarter)
    return {
        "promised": found.promised,
        "drawn": found.drawn,
        "free": found.free,
        "breached": found.breached,
        "given": [[short(name), amount] for name, amount in found.given.items()],
        "uses": [
            [use, *(float(part[place]) for part in (found.received, found.spent, found.waiting, found.released))]
            for place, use in enumerate(USES)
        ],
        "paid": [
            [use, short(payee), amount, "labs" if payee == RESEARCHERS else token(session, payee)]
            for (use, payee), amount in found.paid.items()
            if amount > SMALLEST
        ],
    }


def _given(session: Session, past: list[Quarter]) -> dict[str, float]:
    """Return what each funder has paid so far: each instalment by the parts of its deal."""
    given: dict[str, float] = {}
    for deal in session.case.deals:
        drawn = sum(this.own.happened("draw").get(deal.name, 0.0) for this in past)
        parts = deal.funders or {deal.name: 1.0}
        for name, part in parts.items():
            given[name] = given.get(name, 0.0) + part * drawn
    return given


def _paid(session: Session, now: Quarter, before: Quarter) -> list[tuple[str, str, float]]:
    """Return whom bound money was paid to in a quarter, by use: as the lab's whole spending on that use was."""
    spent = now.own.column("ai_labs", "restricted_spent") - before.own.column("ai_labs", "restricted_spent")
    found: list[tuple[str, str, float]] = []
    for place, use in enumerate(USES):
        names, parts = _payees(session, now, use)
        for row in np.flatnonzero(spent[:, place]):
            found += [
                (use, name, float(spent[row, place] * part)) for name, part in zip(names, parts[row], strict=True)
            ]
    return found


def _payees(session: Session, now: Quarter, use: str) -> tuple[tuple[str, ...], np.ndarray]:
    """Return who is paid for a use, and the part of each, by lab, shape (labs, payees)."""
    labs, world = len(session.firms["ai_labs"]), now.own
    if use == "research":
        return (RESEARCHERS,), np.ones((labs, 1))
    if use == "chips":
        due = world.posted("chip_vendors", "order_value", "delivered") - world.posted(
            "chip_vendors", "prepaid", "applied"
        )
        paid = world.posted("chip_vendors", "prepaid", "prepaid")[:, :-1].T - due[:, :-1].T
        paid = paid - world.posted("ai_labs", "vendor_finance", "new")
        return session.firms["chip_vendors"], _parts(paid)
    received = world.posted("equipment_suppliers", "cash", use)
    return session.firms["equipment_suppliers"], _parts(np.tile(received, (labs, 1)))


def _parts(paid: np.ndarray) -> np.ndarray:
    """Return each row's parts of its sum; equal parts where nothing was paid."""
    whole = paid.sum(1, keepdims=True)
    return np.divide(paid, whole, out=np.full_like(paid, 1.0 / paid.shape[1]), where=whole > 0.0)
