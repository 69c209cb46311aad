"""Facilities as pages read them: who was paid with a deal's money, and what its funders can claim."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...experiments.formatting import booked
from ...model.deals.deal import OUTSIDE, funder_names
from ...model.deals.earmarks import RESEARCH, USE_CHIPS, USE_CLUSTERS, USE_HALLS, USES
from ...model.deals.facilities import Contract, contracts
from ...model.records.money_trail import payees_of
from .firm_labels import short_name, taker_of

if TYPE_CHECKING:
    from ..sessions.twin_run import TwinRun, World

__all__ = ["Facility", "Payment", "by_facility", "claims", "contracts", "funders_of", "left_of_deals", "payments"]

RESEARCHERS, OWNERS = "Researchers", "Owners of halls"
"""Who stands behind the outside sector where a loan pays researchers and where a vehicle buys halls."""

SMALLEST = 1e-9
ENDS = (("Paid back", "repaid"), ("Lost", "lost"))


class Payment(NamedTuple):
    """What a deal's money paid a firm for a use so far, USD bn; by a vehicle if leased."""

    use: int
    name: str
    amount: float
    leased: bool


def payments(run: TwinRun, quarter: int, owner: str = "") -> list[Payment]:
    """Return what deals have paid so far to whom for which use, for all recipients or one lab or cloud.

    Vendor credit is left out: it is tied to no use.
    """
    spent = run.at(quarter).own.column("facilities", "spent")
    found = []
    for row, contract in enumerate(contracts(run.case.deals)):
        if contract.deal.instrument == "vendor" or owner not in ("", taker_of(run, contract.recipient)):
            continue
        for (use, name), amount in zip(_payees(run, leased=contract.deal.leased), spent[row], strict=True):
            if amount > SMALLEST:
                found.append(Payment(use, name, float(amount), contract.deal.leased))
    return found


def _payees(run: TwinRun, *, leased: bool) -> list[tuple[int, str]]:
    """Return for every payee the use that it is paid for, and what the page calls it."""
    payees = payees_of(run.firms["chip_vendors"], run.firms["equipment_suppliers"], run.firms["clouds"])
    uses = np.full(len(payees.names), USE_HALLS if leased else RESEARCH)
    uses[payees.vendors], uses[payees.clusters], uses[payees.halls] = USE_CHIPS, USE_CLUSTERS, USE_HALLS
    names = [name if name != OUTSIDE else OWNERS if leased else RESEARCHERS for name in payees.names]
    return list(zip(uses.tolist(), names, strict=True))


class Facility(NamedTuple):
    """What went through a facility so far, USD bn: by funder, by use in the order of `USES`, and without a use."""

    label: str
    givers: dict[str, float]
    uses: np.ndarray
    free: float


def by_facility(run: TwinRun, quarter: int, vendors: str) -> list[Facility]:
    """Return what went through every facility so far; a promise of vendors' credit counts as theirs."""
    world = run.at(quarter).own
    given, line, spent = (world.column("facilities", name) for name in ("given_so_far", "line", "spent"))
    found, rows = [], contracts(run.case.deals)
    for row, contract in enumerate(rows):
        deal, uses = contract.deal, np.zeros(len(USES))
        if deal.leased:
            for (use, _), amount in zip(_payees(run, leased=True), spent[row], strict=True):
                uses[use] += amount
        elif deal.instrument != "vendor":
            uses = np.array([deal.earmark.get(use, 0.0) for use in USES]) * given[row].sum()
        givers = {name: float(part) for name, part in zip(funders_of(run), given[row], strict=True) if part > 0.0}
        if deal.instrument == "vendor":
            givers = {vendors: float(given[row].sum() + line[row])}
        label = _label(contract, rows)
        found.append(Facility(label, givers, uses, sum(givers.values()) - float(uses.sum())))
    return found


def _label(contract: Contract, rows: tuple[Contract, ...]) -> str:
    """Return what a facility is called: its tranche, its recipient or its deal, as far as that tells it from others."""
    if len(rows) == 1:
        return "Drawn"
    parts = [] if len({row.deal.name for row in rows}) == 1 else [contract.deal.name]
    if len({row.recipient for row in rows if row.deal is contract.deal}) > 1:
        parts.append(short_name(contract.recipient))
    if len(contract.deal.notes) > 1:
        parts.append(contract.tranche.name)
    return ", ".join(parts) or contract.deal.name


def funders_of(run: TwinRun) -> tuple[str, ...]:
    """Return who may stand behind a deal of a run, in the order of the facilities' funders."""
    return funder_names(run.firms["asset_managers"], run.firms["chip_vendors"])


def left_of_deals(world: World) -> np.ndarray:
    """Return what every facility has not drawn, USD bn, shape (facilities,)."""
    return world.column("facilities", "commitment") - world.column("facilities", "drawn")


def claims(run: TwinRun, quarter: int) -> list[list[str]]:
    """Return the funders' side of the deals: label, amount as it is shown, kind of row; interest stands beside."""
    world = run.at(quarter).own
    owed = world.column("facilities", "outstanding").sum(0)
    rows = [("Not drawn", float(left_of_deals(world).sum()))]
    rows += [(f"Owed to {short_name(name)}", float(part)) for name, part in zip(funders_of(run), owed, strict=True)]
    rows += [
        (word, float(world.column("facilities", name).sum()))
        for word, name in (("Paid back", "repaid"), ("Lost", "lost"))
    ]
    whole = sum(amount for _, amount in rows)
    shown = [[label, exact(amount), ""] for label, amount in rows if amount > SMALLEST or not label.startswith("Owed")]
    interest = float(world.column("facilities", "interest").sum())
    return [*shown, ["Sum", exact(whole), "sum"], ["Interest paid beside", exact(interest), "beside"]]


def exact(amount: float) -> str:
    """Return an amount as the ledger shows it: three decimals, nought too."""
    shown = booked(amount, LEDGER_DECIMALS)
    return shown if shown != "–" else f"{0.0:.{LEDGER_DECIMALS}f}"


LEDGER_DECIMALS = 3
