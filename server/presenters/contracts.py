"""What a firm is bound by: orders, advances, loans and halls on order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...experiments.formatting import numeral
from ...model.deals.facilities import contracts as contracts_of
from ...model.deals.facilities import vehicles
from . import order_books
from .firm_balance import BORROWERS, BUYERS, SMALLEST
from .firm_labels import short_name, taker_of

if TYPE_CHECKING:
    from ..sessions.twin_run import TwinRun, World

MOST_SHOWN = 8
PERCENT = 100.0
Row = list[str]


def contracts(run: TwinRun, kind: str, row: int, world: World) -> list[Row]:
    """Return a firm's contracts, each with whom, what, what is open and what is paid in advance, USD bn, as shown."""
    if kind == "asset_managers":
        return _placements(run, row, world)
    if kind == "vehicles":
        return _tranches(run, row, world)
    found = _orders(run, kind, row, world) + _loans(run, kind, row, world)
    if kind in BUYERS:
        found += _halls(kind, row, world) + _leases(run, kind, row, world)
    found += _guarantees(run, run.firms[kind][row], world)
    bound = _bound(kind, row, world) if kind in BUYERS else []
    return tenancies(run, kind, row, world) + bound + found[: MOST_SHOWN + 2]


def tenancies(run: TwinRun, kind: str, row: int, world: World) -> list[Row]:
    """Return compute for rent by landlord of a lab or by tenant of a cloud, and whether a landlord's covenant holds.

    Open is what is still to be paid under the contracts.
    """
    if kind not in BUYERS:
        return []
    let, owed = world.column("clouds", "contracts").sum(2), world.column("clouds", "owed")
    left, advance = (world.column("clouds", name) for name in ("remaining_value", "advances"))
    others = run.firms["ai_labs" if kind == "clouds" else "clouds"]
    pairs = [(name, (row, at) if kind == "clouds" else (at, row)) for at, name in enumerate(others)]
    word = "let" if kind == "clouds" else "rented"
    found = [
        [
            short_name(name),
            _tenancy(float(let[at]), float(owed[at]), word),
            _money(float(left[at])),
            _money(advance[at]),
        ]
        for name, at in pairs
        if let[at] + owed[at] > SMALLEST
    ]
    return found + (_covenant(run, row, world) if kind == "clouds" else [])


def _tenancy(let: float, owed: float, word: str) -> str:
    """Return what is let and what is signed beside it, in words."""
    running = f"{numeral(let)} M H100e {word}" if let > SMALLEST else ""
    signed = f"{numeral(owed)} signed, not delivered" if owed > SMALLEST else ""
    return ", ".join(filter(None, (running, signed)))


def _covenant(run: TwinRun, row: int, world: World) -> list[Row]:
    """Return how a landlord without other business stands to its covenant; nothing of others or without debt."""
    debt = float(world.column("clouds", "debt")[row])
    if world.column("clouds", "core_cash_flow")[row] > 0.0 or debt < SMALLEST:
        return []
    cover = numeral(float(world.column("clouds", "backlog")[row]) / debt)
    state = "broken" if world.column("clouds", "covenant_broken")[row] > 0.0 else "kept"
    limit = f"{float(np.ravel(run.parameters['contract_cover'])[0]):g}"
    return [["Lenders", f"covenant: contracts over debt {cover} of {limit}, {state}", "–", "–"]]


def _orders(run: TwinRun, kind: str, row: int, world: World) -> list[Row]:
    """Return chips on order, from a buyer's side or a vendor's."""
    units, value, advance = (
        world.column("chip_vendors", name) for name in ("backlog", "order_value", "prepaid")
    )  # each of shape (vendors, customers), the rest of the world last
    if kind in BUYERS:
        mine = order_books.places(run, kind).start + row
        pairs = [(vendor, (place, mine)) for place, vendor in enumerate(run.firms["chip_vendors"])]
    elif kind == "chip_vendors":
        pairs = [(name, (row, place)) for place, name in enumerate(order_books.customers(run))]
    else:
        return []
    return [
        [
            short_name(name),
            f"{numeral(float(units[at]))} M units on order",
            _money(float(value[at])),
            _money(float(advance[at])),
        ]
        for name, at in pairs
        if units[at] > SMALLEST
    ]


def _loans(run: TwinRun, kind: str, row: int, world: World) -> list[Row]:
    """Return loans by lender, the largest first."""
    loans, rates = world.column(kind, "loans")[row], _rates(run, kind, world)[row]
    order = [int(place) for place in np.argsort(-loans) if loans[place] > SMALLEST]
    return [
        [
            short_name(run.firms["asset_managers"][place]),
            f"loan, {PERCENT * rates[place]:.1f} % a year",
            _money(float(loans[place])),
            "–",
        ]
        for place in order
    ]


def _rates(run: TwinRun, kind: str, world: World) -> np.ndarray:
    """Return what each firm pays each lender on average, 1/yr, shape (n, managers), on deals' own terms or not."""
    loans = world.column(kind, "loans")
    rates = np.repeat(world.column(kind, "interest_rate")[:, None], loans.shape[1], 1)
    if kind not in BUYERS:
        return rates
    rows = zip(
        contracts_of(run.case.deals),
        world.column("facilities", "outstanding"),
        world.column("facilities", "coupon"),
        strict=False,
    )
    for contract, owed, coupon in rows:
        owner = taker_of(run, contract.recipient)
        if contract.deal.own_terms and owner in run.firms[kind]:
            at = run.firms[kind].index(owner)
            part = owed[: loans.shape[1]] / np.maximum(loans[at], SMALLEST)
            rates[at] += part * (coupon - world.column(kind, "interest_rate")[at])
    return rates


def _halls(kind: str, row: int, world: World) -> list[Row]:
    """Return halls that are ordered, built or wait for the grid."""
    stages = (
        ("ordered, not begun", float(world.column(kind, "halls_ordered")[row])),
        ("under construction", float(world.column(kind, "halls_building")[row].sum())),
        ("wait for the grid", float(world.column(kind, "halls_unconnected")[row])),
    )
    return [["Halls", f"{numeral(power)} GW {stage}", "–", "–"] for stage, power in stages if power > SMALLEST]


def _bound(kind: str, row: int, world: World) -> list[Row]:
    """Return the deal's money: how much came, and how much of it waits for its use."""
    came, waits = (float(world.column(kind, name)[row]) for name in ("received_sum", "restricted_sum"))
    return [["The deal", f"{numeral(came)} bn $ drawn, bound to a use", _money(waits), "–"]] if came > SMALLEST else []


def _leases(run: TwinRun, kind: str, row: int, world: World) -> list[Row]:
    """Return the leases of a lab or cloud, and its covenants of deals beside its coverage."""
    found, owner = [], run.firms[kind][row]
    for place, (name, _, lessee) in enumerate(vehicles(run.case.deals)):
        rent = float(world.column("vehicles", "rent_paid")[place])
        notes = float(world.column("vehicles", "loans")[place].sum())
        if taker_of(run, lessee) == owner and notes > SMALLEST:
            found.append([name, f"lease, {_money(rent)} bn $ rent a quarter", _money(notes), "–"])
    service, flow = (float(world.column(kind, name)[row]) for name in ("debt_service", "operating_cash_flow"))
    for place, contract in enumerate(contracts_of(run.case.deals)):
        first = contract.tranche is contract.deal.notes[0] or not contract.deal.leased
        mine = taker_of(run, contract.recipient) == owner
        if first and mine and contract.deal.covenant and service > SMALLEST:
            broken = world.column("facilities", "blocked")[place] > 0.0
            coverage = numeral((flow + service) / service)
            state = f"covenant: coverage {coverage} of {contract.deal.covenant:g}, {'broken' if broken else 'kept'}"
            found.append([contract.deal.name, state, "–", "–"])
    return found


def _guarantees(run: TwinRun, firm: str, world: World) -> list[Row]:
    """Return the guarantees that a firm has given, with what they may still cost."""
    found = []
    for place, (name, deal, _) in enumerate(vehicles(run.case.deals)):
        if deal.guarantor == firm:
            limit, paid = (
                float(world.column("vehicles", column)[place]) for column in ("guarantee_limit", "guarantee_paid")
            )
            found.append([name, f"guarantee given, {numeral(paid)} bn $ called", _money(limit - paid), "–"])
    return found


def _tranches(run: TwinRun, row: int, world: World) -> list[Row]:
    """Return a vehicle's notes by tranche, its holders, and its guarantee."""
    name, deal, lessee = vehicles(run.case.deals)[row]
    owed = world.column("facilities", "outstanding").sum(1)
    found = [
        [
            contract.tranche.name,
            f"notes, {PERCENT * contract.tranche.rate:.2f} % a year, rank {contract.tranche.rank}"
            + (", guaranteed" if contract.tranche.guaranteed else ""),
            _money(float(owed[place])),
            "–",
        ]
        for place, contract in enumerate(contracts_of(run.case.deals))
        if contract.deal is deal and contract.recipient == lessee
    ]
    held = world.column("vehicles", "loans")[row]
    order = [int(place) for place in np.argsort(-held) if held[place] > SMALLEST]
    found += [
        [short_name(run.firms["asset_managers"][place]), "holds notes", _money(float(held[place])), "–"]
        for place in order
    ]
    if deal.guarantor:
        given = [line for line in _guarantees(run, deal.guarantor, world) if line[0] == name]
        found += [[short_name(deal.guarantor), *line[1:]] for line in given]
    return found


def _placements(run: TwinRun, row: int, world: World) -> list[Row]:
    """Return what a manager has lent and the shares it holds, the largest first."""
    found: list[tuple[float, Row]] = []
    for kind in BORROWERS:
        loans, rates = world.column(kind, "loans")[:, row], _rates(run, kind, world)[:, row]
        shares = world.column(kind, "equity_held")[:, row] * np.maximum(world.column(kind, "value"), 0.0)
        for place, name in enumerate(run.firms[kind]):
            loan, share = float(loans[place]), float(shares[place])
            if loan > SMALLEST:
                found.append(
                    (loan, [short_name(name), f"loan, {PERCENT * rates[place]:.1f} % a year", _money(loan), "–"])
                )
            if share > SMALLEST:
                found.append((share, [short_name(name), "shares, at market value", _money(share), "–"]))
    for place, name in enumerate(run.firms.get("vehicles", ())):
        notes = float(world.column("vehicles", "loans")[place, row])
        if notes > SMALLEST:
            found.append((notes, [name, "notes of a leasing vehicle", _money(notes), "–"]))
    return [line for _, line in sorted(found, key=lambda item: -item[0])[:MOST_SHOWN]]


def _money(amount: float) -> str:
    """Return an amount as it is shown, a dash for none."""
    return numeral(amount) if amount > SMALLEST else "–"
