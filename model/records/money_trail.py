"""The money trail: where every dollar of every deal stands, read off the ledger's entries (P15).

Two partitions of what was promised are kept: by use, and by what the funders can claim. A loan of a deal is a part of
its recipient's loans and shares their fate; so is earmarked money a part of its restricted cash, and a deal's vendor
credit a part of its vendor finance. Nothing here moves money.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...agents.equipment_supplier import CLUSTERS, HALL_SECTORS
from ...agents.state.arrays import Floats, positive, present, ratio, total
from ...agents.state.population import Population
from ..deals.deal import OUTSIDE, funder_names
from ..deals.earmarks import USES
from ..deals.term_loans import SERVED

if TYPE_CHECKING:
    from ..market_model import MarketModel

LOSSES = ("written off",)
"""Causes for which a claim shrinks without a payment."""

KEYS = ("deal", "recipient", "tranche", "side", "place")
"""What names an amount in the money trail."""

ALWAYS = ("undrawn", "repaid", "lost")
"""Places that are told though nothing be there."""

SIDES = ("uses", "claims", "income")
"""By use and by claim the promised amount is divided; income is what funders earned beside."""


class Payees(NamedTuple):
    """Where the firms that deals pay stand in a row of payees: vendors, equipment suppliers, clouds, everybody else."""

    names: tuple[str, ...]
    vendors: slice
    halls: slice
    clusters: slice
    landlords: slice
    outside: slice


def payees_of(vendors: tuple[str, ...], equipment: tuple[str, ...], clouds: tuple[str, ...]) -> Payees:
    """Return the row of payees."""
    first, landlords = len(vendors), len(vendors) + len(equipment)
    end = landlords + len(clouds)
    return Payees(
        (*vendors, *equipment, *clouds, OUTSIDE),
        slice(0, first),
        slice(first + HALL_SECTORS.start, first + HALL_SECTORS.stop),
        slice(first + CLUSTERS, first + CLUSTERS + 1),
        slice(landlords, end),
        slice(end, end + 1),
    )


def trace(market: MarketModel) -> None:
    """Bring every facility up to date with what the ledger wrote this quarter."""
    facilities = market.facilities
    if not len(facilities):
        return
    for firms in filter(facilities.to.any_of, market.owners):
        _trace_loans(market, firms)
        _trace_vendor_credit(market, firms)
        _trace_shares(market, firms)
        _trace_earmarks(market, firms)


def _rows(market: MarketModel, instrument: str, firms: Population[Any]) -> Floats:
    """Return ones for the facilities of an instrument and a kind of recipient, shape (facilities, 1, 1)."""
    facilities = market.facilities
    return (facilities.is_a[instrument] * facilities.to.mine(firms))[..., None]


def _trace_loans(market: MarketModel, firms: Population[Any]) -> None:
    """Let loans of deals share what happened to their recipient's loans, lender by lender."""
    facilities = market.facilities
    lenders = facilities.lenders
    loan, own = _rows(market, "loan", firms), partial(facilities.to.only, market, firms)
    if not loan.any():
        return
    new, held = facilities.given * loan, facilities.outstanding * loan
    balance = own(market.ledger.opening[firms.kind.group, "loans"])
    pool, kept = _pool(market, firms, held, balance), np.ones_like(held)
    paid_interest = -own(_cash(market, firms, "interest", "interest_outside")) - own(_noted_interest(market, firms))
    in_pool = 1.0 - facilities.own_terms[:, None]
    interest = paid_interest * np.minimum(ratio(total(held * in_pool, 1), total(pool, 1)), 1.0)
    repaid, lost = np.zeros_like(facilities.repaid), np.zeros_like(facilities.lost)
    for entry in market.ledger.changes(firms.kind.group, "loans"):
        change = own(entry.change)
        if entry.cause == SERVED:
            balance = balance + change
            continue
        gone, usual = np.zeros_like(held), entry.cause == "amortisation"
        part = np.minimum(ratio(positive(-change), pool if usual else balance), 1.0)
        gone[:, lenders] = held[:, lenders] * part * (in_pool if usual else 1.0)
        held = held - gone
        if entry.cause in LOSSES:
            lost = lost + total(gone, 1)
            kept[:, lenders] = kept[:, lenders] * (1.0 - part)
        else:
            repaid = repaid + total(gone, 1)
        if entry.cause == "deal":
            held, new = held + new, np.zeros_like(new)
        balance = balance + change
    _note(market, loan, held, repaid, lost, interest)
    facilities.commit(instalment=facilities.instalment * np.where(loan > 0.0, kept, 1.0))


def _pool(market: MarketModel, firms: Population[Any], held: Floats, balance: Floats) -> Floats:
    """Return what firms owed at the market's terms when the quarter opened, by row, shape (facilities, lenders, R).

    Loans on terms of their own have been served already when their money trail is read.
    """
    facilities = market.facilities
    if not facilities.own_terms.any():
        return balance
    served = [e.change for e in market.ledger.changes(firms.kind.group, "loans") if e.cause == SERVED]
    left = facilities.of_lenders(facilities.to.on(firms, held * facilities.own_terms[:, None]))
    apart = left - sum(served, np.zeros_like(left))
    return positive(balance - facilities.to.only(market, firms, apart))


def _noted_interest(market: MarketModel, firms: Population[Any]) -> Floats:
    """Return the interest that firms paid on loans with terms of their own, shape (n, R)."""
    noted = [entry.change for entry in market.ledger.changes(firms.kind.group, "interest_apart")]
    return sum(noted, np.zeros(firms.cash.shape))


def _trace_vendor_credit(market: MarketModel, firms: Population[Any]) -> None:
    """Let vendor credit of deals be used, paid back and written off with its recipient's, vendor by vendor."""
    facilities, p = market.facilities, market.parameters
    credit, own = _rows(market, "vendor", firms), partial(facilities.to.only, market, firms)
    if not credit.any():
        return
    first = len(market.managers)
    vendors = slice(first, first + len(market.vendors))
    held = (facilities.outstanding * credit)[:, vendors]
    balance = own(market.ledger.opening[firms.kind.group, "vendor_finance"])
    interest, used = total(held, 1) * p.vendor_finance_rate, np.zeros_like(held)
    repaid, lost = np.zeros_like(facilities.repaid), np.zeros_like(facilities.lost)
    for entry in market.ledger.changes(firms.kind.group, "vendor_finance"):
        change = own(entry.change)
        gone = held * np.minimum(ratio(positive(-change), balance), 1.0)
        held = held - gone
        if entry.cause in LOSSES:
            lost = lost + total(gone, 1)
        else:
            repaid = repaid + total(gone, 1)
        new = _used_lines(market, firms, entry.change)
        held, used = held + new, used + new
        balance = balance + change
    whole, given = np.zeros_like(facilities.outstanding), facilities.given_so_far.copy()
    whole[:, vendors] = held
    given[:, vendors] += used
    facilities.commit(given_so_far=given)
    _note(market, credit, whole, repaid, lost, interest)


def _used_lines(market: MarketModel, firms: Population[Any], financed: Floats) -> Floats:
    """Draw promised lines for what vendors financed, shape (n, vendors, R); return it by row and vendor."""
    facilities = market.facilities
    own, new = partial(facilities.to.only, market, firms), positive(financed)
    promised = facilities.to.on(firms, facilities.line)
    used = np.minimum(promised, total(new, 1))
    draw = facilities.line * own(np.minimum(ratio(used, promised), 1.0))
    by_vendor = draw[:, None] * own(ratio(new, total(new, 1)[:, None]))
    spent = facilities.spent.copy()
    spent[:, market.payees.vendors] += by_vendor
    facilities.commit(
        line=facilities.line - draw, drawn=facilities.drawn + draw, draw=facilities.draw + draw, spent=spent
    )
    return by_vendor


def _trace_shares(market: MarketModel, firms: Population[Any]) -> None:
    """Let shares lose what a default takes from their holders; they stand at what they cost."""
    facilities = market.facilities
    shares, own = _rows(market, "equity", firms), partial(facilities.to.only, market, firms)
    if not shares.any():
        return
    held = (facilities.outstanding + facilities.given) * shares
    lost = np.zeros_like(facilities.lost)
    managers = market.ledger.opening[firms.kind.group, "equity_held"]
    for entry in market.ledger.changes(firms.kind.group, "equity_held"):
        after = managers + entry.change
        if entry.cause != "issue":
            kept = own(_kept(managers, after, held.shape[1]))
            lost = lost + total(held * (1.0 - kept), 1)
            held = held * kept
        managers = after
    void = held * own(1.0 - firms.active)[:, None]
    held, lost = held - void, lost + total(void, 1)
    _note(market, shares, held, np.zeros_like(lost), lost, np.zeros_like(lost))


def _kept(before: Floats, after: Floats, funders: int) -> Floats:
    """Return the part of its stake that each funder keeps, shape (n, funders, R); those outside share theirs."""
    free, left = 1.0 - total(before, 1), 1.0 - total(after, 1)
    rest = np.where(left < free, ratio(positive(left), free), 1.0)[:, None]
    own = np.where(before > 0.0, np.minimum(ratio(after, before), 1.0), 1.0)
    return np.concatenate([own, np.repeat(rest, funders - before.shape[1], 1)], axis=1)


def _note(market: MarketModel, kind: Floats, held: Floats, repaid: Floats, lost: Floats, interest: Floats) -> None:
    """Write what a kind of facility is owed now; the others keep theirs."""
    facilities = market.facilities
    facilities.commit(
        outstanding=facilities.outstanding * (1.0 - kind) + held * kind,
        repaid=facilities.repaid + repaid * kind[:, 0],
        lost=facilities.lost + lost * kind[:, 0],
        interest=facilities.interest + interest * kind[:, 0],
    )


def _trace_earmarks(market: MarketModel, firms: Population[Any]) -> None:
    """Let earmarked money be set free or go astray as its recipient's restricted cash was."""
    facilities = market.facilities
    own, added = partial(facilities.to.only, market, firms), partial(facilities.to.on, firms)
    bound = added(facilities.restricted)
    kept = np.where(bound > 0.0, np.minimum(ratio(firms.restricted_cash, bound), 1.0), 1.0)
    left = facilities.restricted * (own(kept) + (1.0 - facilities.to.mine(firms))[:, None])
    gone = total(facilities.restricted - left, 1)
    freed = positive(firms.all.released_sum - added(facilities.released))
    astray = positive(firms.breach - added(facilities.breached))
    released = gone * own(np.where(freed > 0.0, ratio(freed, freed + astray), 0.0))
    facilities.commit(
        restricted=left, released=facilities.released + released, breached=facilities.breached + gone - released
    )


def _cash(market: MarketModel, firms: Population[Any], *causes: str) -> Floats:
    """Return what firms received for some causes this quarter, USD bn, shape (n, R)."""
    changes = [entry.change for entry in market.ledger.changes(firms.kind.group, "cash") if entry.cause in causes]
    return sum(changes, np.zeros(firms.cash.shape))


def amounts(market: MarketModel) -> dict[str, Floats]:
    """Return where each facility's money stands, by deal, recipient, tranche, side and place, shape (R,) each."""
    facilities, found = market.facilities, dict[str, Floats]()
    for row, contract in enumerate(facilities.contracts):
        key = "|".join(
            name.replace("|", "/") for name in (contract.deal.name, contract.recipient, contract.tranche.name)
        )
        for side, places in zip(SIDES, _places(market, row), strict=True):
            found |= {f"{key}|{side}|{place}": amount for place, amount in places.items()}
    return found


def happened(market: MarketModel) -> dict[str, Floats]:
    """Return what happened to deals this quarter: draws, missed rents, guarantee calls, broken covenants."""
    facilities, vehicles, found = market.facilities, market.vehicles, dict[str, Floats]()
    for row, contract in enumerate(facilities.contracts):
        key = f"draw|{contract.deal.name}"
        found[key] = found.get(key, 0.0) + facilities.draw[row]
        broken = (facilities.short[row] == facilities.grace[row]) * facilities.blocked[row]
        key = f"covenant|{contract.recipient}"
        found[key] = np.maximum(found.get(key, 0.0), broken)
    for row, name in enumerate(vehicles.names):
        columns = {
            "rent missed": vehicles.missed,
            "repossession": vehicles.missed * vehicles.resale,
            "guarantee call": vehicles.guarantee_call,
            "lease ended": vehicles.ended,
        }
        found |= {f"{event}|{name}": column[row] for event, column in columns.items()}
    return present(found)


def _places(market: MarketModel, row: int) -> tuple[dict[str, Floats], dict[str, Floats], dict[str, Floats]]:
    """Return a facility's money by use, by claim, and what it earned."""
    f = market.facilities
    funders = funder_names(market.managers.names, market.vendors.names)
    undrawn = f.commitment[row] - f.drawn[row]
    uses = {"undrawn": undrawn}
    uses |= {f"restricted: {use}": f.restricted[row, place] for place, use in enumerate(USES)}
    uses |= {f"spent: {name}": f.spent[row, place] for place, name in enumerate(market.payees.names)}
    uses |= {"untied": f.untied[row], "released": f.released[row], "breached": f.breached[row]}
    claims = {"undrawn": undrawn}
    claims |= {f"outstanding: {name}": f.outstanding[row, place] for place, name in enumerate(funders)}
    claims |= {"repaid": f.repaid[row], "lost": f.lost[row]}
    return _seen(uses), _seen(claims), {"interest": f.interest[row]}


def _seen(places: dict[str, Floats]) -> dict[str, Floats]:
    """Return the places where any money is."""
    seen = present({name: amount for name, amount in places.items() if name not in ALWAYS})
    return {name: amount for name, amount in places.items() if name in ALWAYS or name in seen}
