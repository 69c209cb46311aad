"""Where a deal's dollars have gone: drawn or not, tied to which use, waiting, spent, set free or strayed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...experiments.formatting import booked, numeral
from ...model.deals.earmarks import USES
from ..url.dates import date_of
from ..url.limits import HORIZON
from ..url.view_state import known_scenarios
from . import money_trail_text
from .facility import (
    LEDGER_DECIMALS,
    Payment,
    by_facility,
    claims,
    contracts,
    exact,
    funders_of,
    left_of_deals,
    payments,
)
from .firm_balance import BUYERS
from .firm_labels import recipients, short_name, taker_of, token

if TYPE_CHECKING:
    from ..sessions.twin_run import TwinRun, World

DIGITS = 9
"""Decimals of an amount that travels to a chart, USD bn: the ledger shows three."""

SHOWN = (1, 0, 2, 3, 4)
"""The order in which uses are shown, as places in `USES`: chips, clusters, halls, research, rent."""

TOKENS = ("works", "chips", "works", "labs", "clouds")
"""The colour of a use, in the order of `USES`."""

FATES = ("received", "cash", "spent", "released")
VENDORS = "Chip vendors"


class Trail(NamedTuple):
    """Where the deals' dollars are at the end of a quarter, USD bn; by use in the order of `USES`, shape (uses,).

    Attributes:
        agreed: what the deals promise in all.
        drawn: what of it has been drawn.
        bound: what of that was tied to a use.
        received: what came in tied to each use, as its recipients' books have it.
        waiting: what of that lies in accounts tied to each use.
        spent: what was spent on each use.
        released: what a default set free.
        strayed: what was used off its purpose, all uses together.
        paid: who was paid for which use, what vehicles paid included: place in `USES`, name, amount.
    """

    agreed: float
    drawn: float
    bound: float
    received: np.ndarray
    waiting: np.ndarray
    spent: np.ndarray
    released: np.ndarray
    strayed: float
    paid: tuple[tuple[int, str, float], ...] = ()

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
        """What the funders' side bound and its recipients have no place for; identity I12 says that it is nothing."""
        return self.bound - float((self.waiting + self.spent + self.released).sum()) - self.strayed

    @property
    def strayed_by_use(self) -> np.ndarray:
        """What is left of each use's money when all else is taken off, shape (uses,)."""
        return self.received - self.waiting - self.spent - self.released


def trail(run: TwinRun, quarter: int, owner: str = "") -> Trail:
    """Return where the dollars are at the end of a quarter, for all recipients together or for one lab or cloud.

    Args:
        run: the pair of worlds, as far as it has run.
        quarter: which quarter, counted from 1; 0 is the start.
        owner: a lab or cloud, whose part is then what it received; without it, all.
    """
    world = run.at(quarter).own
    mine = np.array([owner in ("", name) for kind in BUYERS for name in run.firms[kind]])
    received, waiting, spent, released = (_of_owners(world, f"restricted_{name}")[mine].sum(0) for name in FATES)
    strayed = float(_of_owners(world, "breach")[mine].sum())
    paid = payments(run, quarter, owner)
    leased = _by_use(one for one in paid if one.leased)
    received, spent = received + leased, spent + leased
    by_use = tuple((one.use, one.name, one.amount) for one in _together(paid))
    if owner:
        whole = float(received.sum())
        return Trail(whole, whole, whole, received, waiting, spent, released, strayed, by_use)
    drawn, bound = (float(world.column("economy", name)) for name in ("deal_drawn", "deal_bound"))
    bound += float(leased.sum())
    return Trail(agreed(run), drawn, bound, received, waiting, spent, released, strayed, by_use)


def _of_owners(world: World, column: str) -> np.ndarray:
    """Return a column of all who may receive a deal, labs first, then clouds."""
    return np.concatenate([world.column(kind, column) for kind in BUYERS])


def agreed(run: TwinRun) -> float:
    """Return what the scenario's deals promise in all, USD bn, at the scale and prices of the run."""
    return float(run.at(0).own.column("facilities", "commitment").sum())


def funders(run: TwinRun, quarter: int) -> list[tuple[str, float, float]]:
    """Return who funds the deals: name, what they promised and what of it has been drawn, USD bn.

    What is not drawn yet is its funders' promise; what they passed on to other managers is those managers' draw.
    """
    world = run.at(quarter).own
    given, undrawn = world.column("facilities", "given_so_far"), left_of_deals(world)
    line = world.column("facilities", "line")
    promised: dict[str, float] = {}
    drawn: dict[str, float] = {}
    for row, contract in enumerate(contracts(run.case.deals)):
        if contract.deal.instrument == "vendor":
            parts, own = {VENDORS: 1.0}, {VENDORS: float(given[row].sum() + line[row])}
            rest = float(undrawn[row] - line[row])
        else:
            parts, own = dict(contract.deal.funders), dict(zip(funders_of(run), given[row].tolist(), strict=True))
            rest = float(undrawn[row])
        for name in (*parts, *own):
            promised.setdefault(name, 0.0)
        for name, amount in own.items():
            drawn[name] = drawn.get(name, 0.0) + amount
            promised[name] += amount
        for name, part in parts.items():
            promised[name] += part * rest
    return [(name, amount, drawn.get(name, 0.0)) for name, amount in promised.items() if amount > 0.0]


def instalments(run: TwinRun, quarter: int) -> tuple[int, int]:
    """Return how many instalments have been drawn, and how many there are in all."""
    due = {deal.start + place for deal in run.case.deals for place, part in enumerate(deal.draw) if part > 0.0}
    return sum(number <= run.at(quarter).number for number in due), len(due)


def setup(run: TwinRun) -> str:
    """Return what stays the same in a run, as JSON."""
    payload: dict[str, Any] = {
        "agreed": round(agreed(run), DIGITS),
        "sum": numeral(agreed(run)),
        "uses": [[_word(USES[use]), TOKENS[use]] for use in SHOWN],
        "deals": sorted({deal.start - run.first + 1 for deal in run.case.deals}),
        "year": int(date_of(run.case, 1)[:4]),
        "horizon": HORIZON,
        "scenario": run.case.title.rstrip("."),
        "others": [
            [name, case.title.rstrip("."), " ".join(case.why.split())]
            for name, case in known_scenarios().items()
            if case.deals
        ],
        "deal": bool(run.case.deals),
        "start": frame(run, 0),
    }
    return json.dumps(payload)


def frame(run: TwinRun, quarter: int) -> dict[str, Any]:
    """Return where the dollars are at the end of a quarter: sentence, amounts of the charts, ledger."""
    now = trail(run, quarter)
    done = instalments(run, quarter)
    return {
        "q": quarter,
        "date": date_of(run.case, quarter),
        "sentence": money_trail_text.sentence(run, now),
        "detail": money_trail_text.detail(now, done),
        "drawn": _amount(now.drawn),
        "free": _amount(now.free),
        "spent": _amount(now.spent.sum()),
        "funders": [
            [short_name(name), _amount(whole), _amount(part), name] for name, whole, part in funders(run, quarter)
        ],
        "rows": facilities(run, quarter),
        "uses": [_fates(now, use) for use in SHOWN],
        "paid": [[SHOWN.index(use), short_name(name), _amount(amount)] for use, name, amount in now.paid],
        "claims": claims(run, quarter),
        "ledger": ledger(now),
        "labs": _by_lab(run, quarter),
    }


def facilities(run: TwinRun, quarter: int) -> list[list[Any]]:
    """Return what went through every facility: label, dollars by funder, by use, and without one."""
    found = []
    for one in by_facility(run, quarter, VENDORS):
        givers = {short_name(name): _amount(amount) for name, amount in one.givers.items()}
        uses = [_amount(one.uses[use]) for use in SHOWN]
        found.append([one.label, givers, uses, _amount(one.free)])
    return found


def ledger(now: Trail) -> list[list[str]]:
    """Return the place of every dollar: label, amount as it is shown, kind of row; the last row is what is missing."""
    rows = [("Not drawn", now.undrawn)]
    rows += [(f"Waiting: {USES[use]}", float(now.waiting[use])) for use in SHOWN]
    rows += [(f"Spent on {USES[use]}", float(now.spent[use])) for use in SHOWN]
    rows += [("Set free by a default", float(now.released.sum())), ("Strayed from its use", now.strayed)]
    if booked(now.free, LEDGER_DECIMALS) != "–":
        rows.append(("Tied to no use", now.free))
    whole = sum(amount for _, amount in rows)
    lines = [[label, exact(amount), ""] for label, amount in rows]
    return [*lines, ["Sum", exact(whole), "sum"], ["Missing", exact(now.missing), "missing"]]


def _by_use(paid: Iterable[Payment]) -> np.ndarray:
    """Return payments added by use, in the order of `USES`, shape (uses,)."""
    amounts = np.zeros(len(USES))
    for one in paid:
        amounts[one.use] += one.amount
    return amounts


def _together(paid: Sequence[Payment]) -> list[Payment]:
    """Return payments for one use to one firm as one, whatever paid them."""
    amounts: dict[tuple[int, str], float] = {}
    for one in paid:
        amounts[one.use, one.name] = amounts.get((one.use, one.name), 0.0) + one.amount
    return [Payment(use, name, amount, leased=False) for (use, name), amount in amounts.items()]


def _fates(now: Trail, use: int) -> list[float]:
    """Return what became of a use's money: received, waiting, spent, released, strayed."""
    strayed = max(float(now.strayed_by_use[use]), 0.0) if now.strayed > 0.0 else 0.0
    found = (now.received[use], now.waiting[use], now.spent[use], now.released[use], strayed)
    return [_amount(value) for value in found]


def _by_lab(run: TwinRun, quarter: int) -> list[list[str]]:
    """Return what each of several recipients has: name, colour, drawn, spent, waiting; nothing where there is one."""
    names = tuple(dict.fromkeys(taker_of(run, name) for name in recipients(run)))
    if len(names) < 2:
        return []
    found = []
    for name in names:
        one = trail(run, quarter, name)
        amounts = (one.bound, float(one.spent.sum()), float(one.waiting.sum()))
        found.append([short_name(name), token(run, name), *map(booked, amounts)])
    return found


def _amount(value: float) -> float:
    """Return an amount as it travels to a chart."""
    return round(float(value), DIGITS)


def _word(name: str) -> str:
    """Return a name of the code as a word that begins a line."""
    return name[0].upper() + name[1:]
