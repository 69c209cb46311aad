"""Accounting: one function an identity, each returning its largest relative residual by replicate (section 8.3).

The identities compare balances with the ledger's entries, sectors with the flow matrix, and physical stocks with flows.
Nothing is ever clipped to make one hold.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from ...agents.state.arrays import TINY, Floats, seldom, together, total
from .borrowers import of_owners
from .rental_identities import RENTAL_IDENTITIES
from .residuals import balance_gap, below_zero, largest, relative, worst

if TYPE_CHECKING:
    from ..market_model import MarketModel

TOLERANCE = 1e-9
"""Largest relative residual that counts as zero: rounding stays far below."""

LOSSES = ("written off",)
"""Causes for which loans shrink without a payment."""

DEPRECIATION = (
    "depreciation_labs",
    "depreciation_chips",
    "depreciation_energy",
    "depreciation_equipment",
    "depreciation_clouds",
)


class BrokenIdentityError(ArithmeticError):
    """An accounting identity fails; the message names identity, quarter, replicate and firm."""


def all_cash(market: MarketModel) -> Floats:
    """Return all deposits together, the outside sector's position included, USD bn, shape (R,)."""
    return reduce(np.add, [total(p.cash) for p in market.populations]) + market.economy.outside_cash


def rows_sum_to_zero(market: MarketModel) -> Floats:
    """I1: every row of the flow matrix sums to zero."""
    flows = market.ledger.flows()
    cells = sorted(flows)
    amounts = together([flows[cell] for cell in cells])
    rows = [place for place, cell in enumerate(cells) if place == 0 or cell[0] != cells[place - 1][0]]
    gap = np.abs(np.add.reduceat(amounts, rows))
    return (gap / (np.maximum.reduceat(np.abs(amounts), rows) + 1.0)).max(0)


def sectors_match_flows(market: MarketModel) -> Floats:
    """I2: a sector's deposits change by its column of the flow matrix.

    Payments are added in the order of their rows' names and never in that of payments, which hangs on the whole batch:
    sums over them have the same bits whatever happens in other replicates.
    """
    flows = market.ledger.flows()
    found = []
    for sector in sorted({cell[1] for cell in flows}):
        column = together([flows[cell] for cell in sorted(flows) if cell[1] == sector])
        opening, closing = market.ledger.deposits(sector)
        scale = np.maximum(np.maximum(np.abs(closing), np.abs(opening)), np.abs(column).max(0))
        found.append(np.abs(closing - opening - total(column)) / (scale + 1.0))
    return largest(found)


def money_is_conserved(market: MarketModel) -> Floats:
    """I3: all deposits and the outside sector's position add to what they added to at the start."""
    return np.abs(all_cash(market) - market.money) / (market.economy.largest_position + 1.0)


def firms_match_entries(market: MarketModel) -> Floats:
    """I4: every firm's cash changes by its own entries."""
    return largest([balance_gap(market, p.kind.group, "cash") for p in market.populations])


def loans_add_up(market: MarketModel) -> Floats:
    """I5: loans are what they were plus new ones less what was paid back or written off, and never negative."""
    borrowers = (*market.borrowers, market.vehicles) if len(market.vehicles) else market.borrowers
    booked = [balance_gap(market, firms.kind.group, "loans") for firms in borrowers]
    return largest([*booked, below_zero(*(firms.loans for firms in borrowers))])


def outside_loans_add_up(market: MarketModel) -> Floats:
    """I20: loans of lenders outside change by what these paid, got back and lost; called money is a part of deals."""
    borrowers = (*market.borrowers, market.vehicles) if len(market.vehicles) else market.borrowers
    opening, flows = market.ledger.opening, market.ledger.flows()
    change = reduce(np.add, [total((f.loans - opening[f.kind.group, "loans"])[:, -1]) for f in borrowers])
    lost = reduce(np.add, [total(_posted(market, f.kind.group, "loans", *LOSSES)[:, -1]) for f in borrowers])
    nothing = np.zeros(market.replicates)
    moved = reduce(
        np.add, [flows.get((row, "economy"), nothing) for row in ("lending_outside", "amortisation_outside")]
    )
    owed = reduce(np.add, [total(firms.loans[:, -1]) for firms in borrowers])
    apart = relative(change - lost + moved, owed)
    if not len(market.facilities):
        return apart
    called = market.facilities.called
    return largest([apart, worst(np.maximum(called - 1.0, 0.0)), below_zero(called)])


def prepayments_add_up(market: MarketModel) -> Floats:
    """I6: advances are what they were plus new ones less applied or forfeited ones, from zero to the order's value."""
    vendors = market.vendors
    excess = relative(np.maximum(vendors.prepaid - vendors.order_value, 0.0), vendors.order_value)
    booked = [balance_gap(market, "chip_vendors", column) for column in ("prepaid", "order_value")]
    return largest([*booked, excess, below_zero(vendors.prepaid, vendors.order_value)])


def vendor_finance_adds_up(market: MarketModel) -> Floats:
    """I7: vendor finance is what it was plus new less repaid or written off, and never negative."""
    booked = [balance_gap(market, firms.kind.group, "vendor_finance") for firms in market.owners]
    return largest([*booked, below_zero(*(firms.vendor_finance for firms in market.owners))])


def shares_add_up(market: MarketModel) -> Floats:
    """I8: managers and vendors together hold between none and all of a firm's shares."""
    strategic = [firms.vendor_shares for firms in market.owners]
    held = {firms.kind.group: total(firms.equity_held, 1) for firms in market.borrowers}
    for firms in market.owners:
        held[firms.kind.group] = held[firms.kind.group] + total(firms.vendor_shares, 1)
    beyond = [relative(np.maximum(part - 1.0, 0.0), part) for part in held.values()]
    return largest([*beyond, below_zero(*strategic, *(f.equity_held for f in market.borrowers))])


def plant_adds_up(market: MarketModel) -> Floats:
    """I9: plant is what it was less depreciation and sales plus spending and purchases; spending is what was paid."""
    residuals = []
    for firms, rate in zip(market.borrowers, DEPRECIATION, strict=True):
        opening = market.ledger.opening[firms.kind.group, "fixed_assets"]
        sold = _posted(market, firms.kind.group, "fixed_assets", "sale", "acquired")
        explained = opening * (1.0 - getattr(market.parameters, rate)) + firms.capex + sold
        residuals.append(relative(firms.fixed_assets - explained, firms.fixed_assets))
        residuals.append(relative(firms.capex - _paid_for_plant(market, firms.kind.group), firms.capex))
    return largest([*residuals, *_vehicles_plant(market)])


def _vehicles_plant(market: MarketModel) -> list[Floats]:
    """Return how far vehicles' plant is from what they bought, less what wore out and what they sold."""
    vehicles = market.vehicles
    if not len(vehicles):
        return []
    opening = market.ledger.opening["vehicles", "fixed_assets"]
    sold = _posted(market, "vehicles", "fixed_assets", "sale")
    explained = opening * (1.0 - market.parameters.depreciation_vehicles) + vehicles.capex + sold
    paid = -_posted(market, "vehicles", "cash", "chips", "clusters", "halls", "halls_bought")
    return [
        relative(vehicles.fixed_assets - explained, vehicles.fixed_assets),
        relative(vehicles.capex - paid, vehicles.capex),
    ]


def _posted(market: MarketModel, table: str, column: str, *causes: str) -> Floats:
    """Return the sum of a balance's entries of some causes, shape of the column."""
    changes = [entry.change for entry in market.ledger.changes(table, column) if entry.cause in causes]
    return reduce(np.add, changes) if changes else np.zeros_like(market.ledger.tables[table].columns[column])


def _paid_for_plant(market: MarketModel, table: str) -> Floats:
    """Return what firms of a kind paid, used up in advances or borrowed from vendors for plant, shape (n, R)."""
    owners = {firms.kind.group: firms for firms in market.owners}
    if table not in owners:
        return -_posted(market, table, "cash", "capital_spending")
    paid = -_posted(market, table, "cash", "chips", "clusters", "halls")
    paid = paid - total(_posted(market, "chip_vendors", "prepaid", "applied"))[owners[table].customers]
    return paid + total(_posted(market, table, "vendor_finance", "new"), 1)


def earmarks_are_covered(market: MarketModel) -> Floats:
    """I10: earmarked money is not negative and never more than cash."""
    found = [below_zero(*(firms.restricted_cash for firms in market.owners))]
    for firms in market.owners:
        beyond = np.maximum(firms.all.restricted_sum - np.maximum(firms.cash, 0.0), 0.0)
        found.append(relative(beyond, firms.cash))
    return largest(found)


def net_worth_is_plant(market: MarketModel) -> Floats:
    """I11: the net worth of all sectors together is their plant, beside the deposits' constant sum."""
    vendors, managers = market.vendors, market.managers
    advances = vendors.prepaid[:, :-1]
    credit = np.concatenate([firms.vendor_finance for firms in market.owners])
    firms_worth = [total(f.cash + f.fixed_assets - total(f.loans, 1) - f.value) for f in market.borrowers]
    lab_claims = total(total(advances)) - total(total(credit))
    vendor_claims = total(total(credit)) - total(total(advances))
    shares = [f.equity_held * f.value[:, None] for f in market.borrowers]
    own_loans = [f.loans[:, :-1] for f in market.borrowers]
    held = reduce(np.add, [total(total(lent + s)) for lent, s in zip(own_loans, shares, strict=True)])
    notes, leased = total(total(market.vehicles.loans)), total(market.vehicles.fixed_assets)
    lent_outside = reduce(np.add, [total(f.loans[:, -1]) for f in (*market.borrowers, market.vehicles)])
    firms_worth.append(total(market.vehicles.cash) + leased - notes)
    held = held + notes - total(market.vehicles.loans[:, -1])
    strategic = reduce(np.add, [total(f.value * total(f.vendor_shares, 1)) for f in market.owners])
    vendor_claims = vendor_claims + strategic
    funds = total(managers.assets)
    outside_shares = reduce(np.add, [total(f.value * (1.0 - total(f.equity_held, 1))) for f in market.borrowers])
    outside_shares = outside_shares - strategic
    managers_worth = total(managers.cash) + held - funds
    outside_worth = market.economy.outside_cash + outside_shares + funds + lent_outside
    worth = reduce(np.add, [*firms_worth, lab_claims, vendor_claims, managers_worth, outside_worth])
    plant = reduce(np.add, [total(f.fixed_assets) for f in market.borrowers]) + leased
    scale = reduce(np.maximum, [worst(f.value) for f in market.borrowers])
    scale = reduce(np.maximum, [scale, plant, np.abs(funds), market.economy.largest_position]) + 1.0
    return np.maximum(np.abs(worth - plant - market.money), np.abs(managers_worth)) / scale


def deals_are_traced(market: MarketModel) -> Floats:
    """I12: what deals drew is bound, spent, released or in breach, and outstanding, repaid or lost; guarantees hold."""
    received, bound, spent, released = (
        total(of_owners(market, f"restricted_{name}"), 1) for name in ("received", "cash", "spent", "released")
    )
    traced = relative(received - bound - spent - released - of_owners(market, "breach"), received)
    drawn = np.abs(total(received) - market.economy.deal_bound) / (market.economy.deal_bound + 1.0)
    return largest([traced, drawn, *_money_trails(market)])


def _money_trails(market: MarketModel) -> list[Floats]:
    """Return how far the two partitions of every facility and the books of vehicles are from one another."""
    facilities, vehicles = market.facilities, market.vehicles
    if not len(facilities):
        return []
    owed = total(facilities.outstanding, 1)
    drawn, whole = facilities.drawn, facilities.commitment
    by_use = total(facilities.restricted, 1) + total(facilities.spent, 1) + facilities.untied
    by_use = by_use + facilities.released + facilities.breached
    found = [
        relative(drawn - by_use, whole),
        relative(drawn - owed - facilities.repaid - facilities.lost, whole),
        relative(np.maximum(drawn - whole, 0.0), whole),
        *_restricted_gaps(market),
        below_zero(facilities.outstanding, facilities.restricted, facilities.spent, facilities.line),
    ]
    if len(vehicles):
        notes = facilities.of_lenders(facilities.on_vehicles(facilities.outstanding))
        beyond = np.maximum(vehicles.guarantee_paid - vehicles.guarantee_limit, 0.0)
        leased = [np.maximum(market.leases.to.on(f, vehicles.fleet) - f.fleet, 0.0) for f in market.owners]
        found += [
            relative(notes - vehicles.loans, vehicles.loans),
            relative(beyond, vehicles.guarantee_limit),
            *(relative(more, f.fleet) for more, f in zip(leased, market.owners, strict=True)),
            relative(vehicles.cash, vehicles.fixed_assets),
        ]
    return found


def _restricted_gaps(market: MarketModel) -> list[Floats]:
    """Return how far what recipients hold bound is from what facilities have bound and not spent."""
    facilities = market.facilities
    gaps = [facilities.to.on(firms, facilities.restricted) - firms.restricted_cash for firms in market.owners]
    return [relative(gap, firms.restricted_cash) for gap, firms in zip(gaps, market.owners, strict=True)]


def wafers_used(market: MarketModel) -> Floats:
    """Return the packaging that deliveries took, as treatments let vendors get more or less out of it, shape (R,)."""
    vendors = market.vendors
    units = total(vendors.delivered, 1) / market.parameters.chip_capacity_available
    return total(units * vendors.wafers_per_unit)


def nature_is_obeyed(market: MarketModel) -> Floats:
    """I13: units delivered were made and packaged, no stock is negative, shares add to one, power made is used."""
    labs, vendors, energy = market.labs, market.vendors, market.energy
    economy, power, chips = market.economy, market.clearings["power"], market.clearings["chips"]
    demanded = power.base_served + power.available * power.ai_load + power.storage_shift
    return largest(
        [
            relative(chips.produced - total(vendors.delivered, 1), chips.produced),
            relative(np.maximum(chips.produced - chips.limit, 0.0), chips.limit),
            relative(np.maximum(wafers_used(market) - economy.wafers, 0.0), economy.wafers),
            relative(total(power.generated, 1) - demanded, demanded),
            relative(np.maximum(labs.serving - labs.sales_capacity, 0.0), labs.sales_capacity),
            relative(np.maximum(labs.serving - labs.inference - labs.overdrawn, 0.0), labs.inference),
            relative(np.maximum(labs.inference + labs.research - labs.powered_compute, 0.0), labs.powered_compute),
            below_zero(
                labs.fleet, labs.fleet_power, labs.halls, labs.halls_building, labs.halls_ordered, labs.training
            ),
            below_zero(vendors.backlog, vendors.capacity, energy.capacity, energy.building, market.equipment.capacity),
            below_zero(economy.outside_fleet, economy.outside_halls, economy.storage, economy.adoption),
        ]
    )


def segments_add_up(market: MarketModel) -> Floats:
    """I21: units used by segment add to the compute sold and to sales, none beyond demand; shares add to one."""
    labs, economy = market.labs, market.economy
    serving, sales = labs.sold * labs.service_intensity, labs.sold * labs.price
    return largest(
        [
            relative(total(serving, 1) - labs.serving, labs.serving),
            relative(total(sales, 1) - labs.revenue, labs.revenue),
            relative(sales - labs.sales, labs.sales),
            relative(np.maximum(labs.sold - labs.demanded, 0.0), labs.demanded),
            relative(total(labs.share) + economy.fringe_share - 1.0, labs.share),
            relative((total(labs.focus, 1) - 1.0) * labs.active, labs.focus),
            below_zero(labs.share, labs.sold, economy.fringe_share),
        ]
    )


IDENTITIES: dict[str, Callable[[MarketModel], Floats]] = {
    "I1": rows_sum_to_zero,
    "I2": sectors_match_flows,
    "I3": money_is_conserved,
    "I4": firms_match_entries,
    "I5": loans_add_up,
    "I6": prepayments_add_up,
    "I7": vendor_finance_adds_up,
    "I8": shares_add_up,
    "I9": plant_adds_up,
    "I10": earmarks_are_covered,
    "I11": net_worth_is_plant,
    "I12": deals_are_traced,
    "I13": nature_is_obeyed,
    **RENTAL_IDENTITIES,
    "I20": outside_loans_add_up,
    "I21": segments_add_up,
}


def check(market: MarketModel) -> None:
    """Hold every identity against this quarter and keep the largest residual of each (P15)."""
    economy = market.economy
    economy.commit(largest_position=np.maximum(economy.largest_position, np.abs(economy.outside_cash)))
    for name, identity in IDENTITIES.items():
        residual = identity(market)
        before = market.residuals.get(name)
        market.residuals[name] = residual if before is None else np.maximum(before, residual)
        if seldom(~(residual <= TOLERANCE)):
            _flag(market, name, residual)


def _flag(market: MarketModel, name: str, residual: Floats) -> None:
    """Note the quarter in which an identity first fails in a replicate, or stop a strict run."""
    if market.strict:
        raise BrokenIdentityError(_complaint(market, name, residual))
    before = market.broken[name]
    fails_now = ~(residual <= TOLERANCE) & (before == 0.0)
    market.broken[name] = np.where(fails_now, market.now, before)


def _complaint(market: MarketModel, name: str, residual: Floats) -> str:
    """Say which identity fails where: quarter, replicate, and the firm whose balance is furthest off."""
    column = int(residual.argmax())
    replicate = market.chance.replicates[column]
    return (
        f"{name} ({IDENTITIES[name].__name__}) is off by {residual[column]:.3g} in {market.date}, "
        f"replicate {replicate}{_culprit(market, column)}"
    )


def _culprit(market: MarketModel, column: int) -> str:
    """Name the firm whose balances are furthest from their entries in a replicate, if any is."""
    found, firm = TOLERANCE, ""
    for (table, name), opening in market.ledger.opening.items():
        if table == "economy":
            continue
        closing = market.ledger.tables[table].columns[name]
        explained = opening
        for entry in market.ledger.changes(table, name):
            explained = explained + entry.change
        off = np.abs((closing - explained)[..., column]).reshape(len(closing), -1).max(1)
        if off.max() > found * (np.abs(closing[..., column]).max() + TINY):
            found, firm = off.max(), f", {market.ledger.tables[table].names[int(off.argmax())]} ({name})"
    return firm
