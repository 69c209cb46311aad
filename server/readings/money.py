"""Where a deal's dollars have gone: drawn or not, tied to which use, waiting, spent, set free or strayed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...model.earmarks import USES
from ..output import booked, figure
from ..state import HORIZON, date_of, known_scenarios
from . import money_words
from .cast import recipients, short, token

if TYPE_CHECKING:
    from ...model.deals import Deal
    from ..session import Session

DIGITS = 9
"""Decimals of an amount that travels to a chart, USD bn: the ledger shows three."""

SHOWN = (1, 0, 2, 3)
"""The order in which uses are shown, as places in `USES`: chips, clusters, halls, research."""

PAID_TO = ("Cluster builders", "Chip vendors", "Builders of halls", "Researchers")
"""Who is paid for a use, in the order of `USES`: the sector, where the books do not say which firm."""

TOKENS = ("works", "chips", "works", "labs")
"""The colour of a use, in the order of `USES`."""

FATES = ("received", "cash", "spent", "released")
VENDORS = "Chip vendors"
LEDGER_DECIMALS = 3


class Trail(NamedTuple):
    """Where the deals' dollars are at the end of a quarter, USD bn; by use in the order of `USES`, shape (uses,).

    Attributes:
        agreed: what the deals promise in all.
        drawn: what of it has been drawn.
        bound: what of that was tied to a use.
        received: what came in tied to each use, as the labs' books have it.
        waiting: what of that lies in accounts tied to each use.
        spent: what was spent on each use.
        released: what a default set free.
        strayed: what was used off its purpose, all uses together.
    """

    agreed: float
    drawn: float
    bound: float
    received: np.ndarray
    waiting: np.ndarray
    spent: np.ndarray
    released: np.ndarray
    strayed: float

    @property
    def undrawn(self) -> float:
        """What has been promised and not drawn."""
        return self.agreed - self.drawn

    @property
    def free(self) -> float:
        """What was drawn without being tied to a use, or as vendors' credit: from then on one cannot follow it."""
        return self.drawn - self.bound

    @property
    def missing(self) -> float:
        """What the funders' side bound and the labs' books have no place for; identity I12 says that it is nothing."""
        return self.bound - float((self.waiting + self.spent + self.released).sum()) - self.strayed

    @property
    def strayed_by_use(self) -> np.ndarray:
        """What is left of each use's money when all else is taken off, shape (uses,)."""
        return self.received - self.waiting - self.spent - self.released


def trail(session: Session, quarter: int, lab: int | None = None) -> Trail:
    """Return where the dollars are at the end of a quarter, for all labs together or for one row of them.

    Args:
        session: the run.
        quarter: which quarter, counted from 1; 0 is the start.
        lab: the row of a lab, whose part is then what it received; without it, all.
    """
    world = session.at(quarter).own
    rows = slice(None) if lab is None else slice(lab, lab + 1)
    received, waiting, spent, released = (world.column("ai_labs", f"restricted_{name}")[rows].sum(0) for name in FATES)
    strayed = float(world.column("ai_labs", "breach")[rows].sum())
    if lab is not None:
        whole = float(received.sum())
        return Trail(whole, whole, whole, received, waiting, spent, released, strayed)
    drawn, bound = (float(world.column("economy", name)) for name in ("deal_drawn", "deal_bound"))
    return Trail(agreed(session), drawn, bound, received, waiting, spent, released, strayed)


def agreed(session: Session) -> float:
    """Return what the scenario's deals promise in all, USD bn, at the scale and prices of the run."""
    return sum(_planned(session, deal, deal.start + len(deal.draw)) for deal in session.case.deals)


def funders(session: Session, quarter: int) -> list[tuple[str, float, float]]:
    """Return who funds the deals: name, what they promised and what of it has been drawn, USD bn."""
    number = session.at(quarter).number
    promised: dict[str, float] = {}
    given: dict[str, float] = {}
    for deal in session.case.deals:
        parts = deal.funders if deal.instrument != "vendor" else {VENDORS: 1.0}
        whole, so_far = _planned(session, deal, deal.start + len(deal.draw)), _planned(session, deal, number)
        for name, part in parts.items():
            promised[name] = promised.get(name, 0.0) + part * whole
            given[name] = given.get(name, 0.0) + part * so_far
    planned, drawn = sum(given.values()), float(session.at(quarter).own.column("economy", "deal_drawn"))
    paid = drawn / planned if planned > 0.0 else 0.0
    return [(name, amount, given[name] * paid) for name, amount in promised.items()]


def instalments(session: Session, quarter: int) -> tuple[int, int]:
    """Return how many instalments have been drawn, and how many there are in all."""
    due = {deal.start + place for deal in session.case.deals for place, part in enumerate(deal.draw) if part > 0.0}
    return sum(number <= session.at(quarter).number for number in due), len(due)


def setup(session: Session) -> str:
    """Return what stays the same in a run, as JSON."""
    told: dict[str, Any] = {
        "agreed": round(agreed(session), DIGITS),
        "sum": figure(agreed(session)),
        "uses": [[_word(USES[use]), TOKENS[use], PAID_TO[use]] for use in SHOWN],
        "deals": sorted({deal.start - session.first + 1 for deal in session.case.deals}),
        "year": int(date_of(session.case.name, 1)[:4]),
        "horizon": HORIZON,
        "scenario": session.case.title.rstrip("."),
        "others": [
            [name, case.title.rstrip("."), " ".join(case.why.split())]
            for name, case in known_scenarios().items()
            if case.deals
        ],
        "deal": bool(session.case.deals),
        "start": frame(session, 0),
    }
    return json.dumps(told)


def frame(session: Session, quarter: int) -> dict[str, Any]:
    """Return where the dollars are at the end of a quarter: sentence, amounts of the charts, ledger."""
    now = trail(session, quarter)
    done = instalments(session, quarter)
    return {
        "q": quarter,
        "date": date_of(session.case.name, quarter),
        "sentence": money_words.sentence(session, now),
        "detail": money_words.detail(now, done),
        "drawn": _amount(now.drawn),
        "free": _amount(now.free),
        "spent": _amount(now.spent.sum()),
        "funders": [
            [short(name), _amount(whole), _amount(part), name] for name, whole, part in funders(session, quarter)
        ],
        "uses": [_fates(now, use) for use in SHOWN],
        "ledger": ledger(now),
        "labs": _by_lab(session, quarter),
    }


def ledger(now: Trail) -> list[list[str]]:
    """Return the place of every dollar: label, amount as it is shown, kind of row; the last row is what is missing."""
    rows = [("Not drawn", now.undrawn)]
    rows += [(f"Waiting: {USES[use]}", float(now.waiting[use])) for use in SHOWN]
    rows += [(f"Spent on {USES[use]}", float(now.spent[use])) for use in SHOWN]
    rows += [("Set free by a default", float(now.released.sum())), ("Strayed from its use", now.strayed)]
    if booked(now.free, LEDGER_DECIMALS) != "–":
        rows.append(("Tied to no use", now.free))
    whole = sum(amount for _, amount in rows)
    told = [[label, _exact(amount), ""] for label, amount in rows]
    return [*told, ["Sum", _exact(whole), "sum"], ["Missing", _exact(now.missing), "missing"]]


def _fates(now: Trail, use: int) -> list[float]:
    """Return what became of a use's money: received, waiting, spent, released, strayed."""
    strayed = max(float(now.strayed_by_use[use]), 0.0) if now.strayed > 0.0 else 0.0
    found = (now.received[use], now.waiting[use], now.spent[use], now.released[use], strayed)
    return [_amount(value) for value in found]


def _by_lab(session: Session, quarter: int) -> list[list[str]]:
    """Return what each of several recipients has: name, colour, drawn, spent, waiting; nothing where there is one."""
    names = recipients(session)
    if len(names) < 2:
        return []
    rows = [session.firms["ai_labs"].index(name) for name in names]
    found = []
    for name, row in zip(names, rows, strict=True):
        one = trail(session, quarter, row)
        amounts = (one.bound, float(one.spent.sum()), float(one.waiting.sum()))
        found.append([short(name), token(session, name), *map(booked, amounts)])
    return found


def _planned(session: Session, deal: Deal, until: int) -> float:
    """Return what a deal draws up to a quarter since year 0 if all recipients are in business, USD bn."""
    numbers = range(deal.start, min(until, deal.start + len(deal.draw)) + 1)
    return sum(deal.drawn_in(number) * _in_force(session, number) for number in numbers)


def _in_force(session: Session, number: int) -> float:
    """Return what amounts of deals are multiplied with in a quarter since year 0."""
    factor = 1.0
    for name in ("deal_scale", "price_level"):
        value = np.atleast_1d(session.parameters[name])
        value = value[session.start.own.place] if value.size > 1 else value[0]
        for change in session.case.changes:
            if change.parameter == name and change.holds(number):
                value = change.applied(value)
        factor *= float(value)
    return factor


def _exact(amount: float) -> str:
    """Return an amount as the ledger shows it: three decimals, nought too."""
    shown = booked(amount, LEDGER_DECIMALS)
    return shown if shown != "–" else f"{0.0:.{LEDGER_DECIMALS}f}"


def _amount(value: float) -> float:
    """Return an amount as it travels to a chart."""
    return round(float(value), DIGITS)


def _word(name: str) -> str:
    """Return a name of the code as a word that begins a line."""
    return name[0].upper() + name[1:]
