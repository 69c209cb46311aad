"""Who pays whom in a quarter: customers, owners and funders, labs, clouds and suppliers, read off the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...agents.state.arrays import TINY
from ...experiments.formatting import numeral
from . import order_books
from .firm_labels import KIND_TOKENS, short_name, token

if TYPE_CHECKING:
    from ..sessions.twin_run import Quarter, TwinRun, World

OUTSIDE = "Bond and stock markets"
"""Who buys shares and is not one of the managers: the outside sector."""

DIRECT = "Past the labs"
"""The node through which money passes that funders give clouds and suppliers: its curves would hide the labs."""

VENDORS = "Chip vendors"
"""Who buys shares of labs where a deal says so: the vendors, as a funder."""

CUSTOMERS, OTHERS = "Customers", "Other customers"
"""Who pays labs for AI services, and who else rents and pays suppliers: both of the outside sector."""

BUSINESS, PARENTS = "Other business", "Parents"
"""What owners earn with everything else and with sub-lets, of the outside sector; and clouds where they pay what their
own labs lose."""

SALES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "ai_labs": ("ai_sales",),
        "clouds": ("rent", "rent_advances", "internal_rent", "hosting", "short_lets"),
        "chip_vendors": ("chips", "prepayments", "chips_outside"),
        "equipment_suppliers": ("clusters", "halls", "clusters_outside", "halls_outside"),
        "energy_suppliers": ("power_labs", "power_clouds", "power_other", "capacity_payments"),
    }
)
"""What counts as sales of a sector, as rows of the flow matrix."""

BY_OTHERS = frozenset(
    {"short_lets", "chips_outside", "clusters_outside", "halls_outside", "power_other", "capacity_payments"}
)
"""Sales to others than labs, their vehicles and clouds."""

FUNDING = ("lending", "lending_outside", "deal", "equity_managers", "equity_outside", "equity_vendors")
"""What counts as funding, as rows of the flow matrix."""

RAISED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "clouds": ("funding_clouds",),
        "chips": ("funding_vendors",),
        "works": ("funding_construction", "funding_cooling", "funding_storage", "funding_clusters"),
        "power": ("funding_energy",),
    }
)
"""The indicators of capital raised by kind of node; the rest was raised by labs and their vehicles."""

SUPPLIERS = ("chip_vendors", "equipment_suppliers", "energy_suppliers")
BUYERS: Mapping[str, str] = MappingProxyType({"ai_labs": "power_labs", "clouds": "power_clouds"})
"""Who buys chips, halls and power, each with the row of the flow matrix in which it pays for power."""

SALE, CAPITAL, OWN = 0, 1, 2
"""What dollars are for: for something sold, as capital, or from owners to what is theirs and back."""

SMALLEST, DECIMALS = 0.005, 7
"""USD bn below which an edge is not shown, and digits after the point that travel."""


class Node(NamedTuple):
    """A firm, or one of the nodes that stand for more: name, label, kind's colour, own colour, column."""

    name: str
    label: str
    kind: str
    token: str
    column: int


class Edge(NamedTuple):
    """Dollars from one node to another in a quarter, USD bn; whether they are the deal's, and what they are for.

    What is sold is sales of the payee.
    """

    payer: str
    payee: str
    amount: float
    deal: bool = False
    use: int = SALE


def nodes(run: TwinRun) -> list[Node]:
    """Return the nodes in the order in which they are drawn, column by column."""
    found = [Node(name, short_name(name), "capital", "capital", 0) for name in run.firms["asset_managers"]]
    found.append(Node(OUTSIDE, OUTSIDE, "capital", "capital", 0))
    if any(name in run.firms["chip_vendors"] for deal in run.case.deals for name in deal.funders):
        found.append(Node(VENDORS, VENDORS, "capital", "capital", 0))
    found += [Node(name, name, "customers", "ink3", 0) for name in (CUSTOMERS, BUSINESS, PARENTS)]
    found += [Node(name, short_name(name), "labs", token(run, name), 1) for name in run.firms["ai_labs"]]
    vehicles = run.firms.get("vehicles", ())
    labels = ["Vehicle"] if len(vehicles) == 1 else [f"Vehicle {number + 1}" for number in range(len(vehicles))]
    found += [Node(name, label, "deal", "deal", 1) for name, label in zip(vehicles, labels, strict=True)]
    found += [Node(DIRECT, DIRECT, "direct", "capital", 1), Node(OTHERS, OTHERS, "others", "ink3", 1)]
    for column, kinds in ((2, ("clouds",)), (3, SUPPLIERS)):
        for kind in kinds:
            colour = KIND_TOKENS[kind]
            found += [Node(name, short_name(name), colour, colour, column) for name in run.firms[kind]]
    return found


def edges(run: TwinRun, quarter: int) -> list[Edge]:
    """Return the dollars of a quarter between all pairs of nodes, in the scenario's world."""
    now, before = run.at(quarter), run.at(quarter - 1)
    world = now.own
    found = [*_funding(run, now, before), *_of_owners(run, world), *_of_customers(run, world), *_rent(run, world)]
    for kind, power in BUYERS.items():
        found += _chips(run, world, kind)
        found += _shared(run, world, kind, "equipment_suppliers", ("clusters", "halls"))
        found += _shared(run, world, kind, "energy_suppliers", (power,))
    found += _of_vehicles(run, world)
    return [edge for edge in found if edge.amount >= SMALLEST]


def payload(run: TwinRun, quarter: int) -> list[list[object]]:
    """Return a quarter's edges as a page shows it: place of payer and payee among the nodes, dollars, deal, use."""
    places = {node.name: place for place, node in enumerate(nodes(run))}
    return [
        [places[edge.payer], places[edge.payee], round(edge.amount, DECIMALS), int(edge.deal), edge.use]
        for edge in edges(run, quarter)
    ]


def totals(run: TwinRun, quarter: int) -> dict[str, list[str]]:
    """Return what groups of nodes received in a quarter as it is shown, USD bn, as the books of the quarter have it.

    Returns:
        By kind of node, labs with their vehicles: what it sold, the capital that it raised, and what newcomers among it
        got to begin with, which is no capital raised and empty where there are none; of capital what was raised in all.
    """
    world = run.at(quarter).own
    received, funding = {}, raised(world)
    for kind, rows in SALES.items():
        group, sectors = KIND_TOKENS[kind], (kind, "vehicles") if kind == "ai_labs" else (kind,)
        newcomers = _booked(world, FUNDING, sectors) - funding[group]
        amounts = (_booked(world, rows, (kind,)), funding[group])
        received[group] = [*map(numeral, amounts), numeral(newcomers) if newcomers >= SMALLEST else ""]
    return {**received, "capital": [numeral(world.indicator("funding"))]}


def raised(world: World) -> dict[str, float]:
    """Return the capital raised in a quarter by kind of node, USD bn: new loans and shares, and notes of vehicles."""
    found = {group: sum(world.indicator(name) for name in names) for group, names in RAISED.items()}
    return {"labs": world.indicator("funding") - sum(found.values()), **found}


def _booked(world: World, rows: tuple[str, ...], sectors: tuple[str, ...]) -> float:
    """Return what sectors received in some rows of the flow matrix, USD bn; what they paid there is another's."""
    cells = (world.flows.get((row, sector)) for row in rows for sector in sectors)
    return sum(max(float(cell[world.place]), 0.0) for cell in cells if cell is not None)


def _of_customers(run: TwinRun, world: World) -> Iterator[Edge]:
    """Yield what customers paid labs for AI services, and what others paid clouds and suppliers."""
    for kind, rows in SALES.items():
        payer = CUSTOMERS if kind == "ai_labs" else OTHERS
        for cause in (row for row in rows if row in BY_OTHERS or kind == "ai_labs"):
            received = world.posted(kind, "cash", cause)
            yield from (
                Edge(payer, name, float(amount)) for name, amount in zip(run.firms[kind], received, strict=True)
            )


def _funding(run: TwinRun, now: Quarter, before: Quarter) -> Iterator[Edge]:
    """Yield loans and share issues, those of clouds and suppliers through a node of their own."""
    funders = [*run.firms["asset_managers"], OUTSIDE]
    direct = {"deal": np.zeros(len(funders)), "": np.zeros(len(funders))}
    for kind in ("ai_labs", "clouds", *SUPPLIERS):
        given = {"deal": _loans(now.own, kind, "deal"), "": _loans(now.own, kind, "lending")}
        given[""] = given[""] + shares_bought(now.own, kind)
        for row, firm in enumerate(run.firms[kind]):
            for cause, amounts in given.items():
                if kind == "ai_labs":
                    yield from (
                        Edge(funder, firm, float(amount), cause == "deal", CAPITAL)
                        for funder, amount in zip(funders, amounts[row], strict=True)
                    )
                else:
                    direct[cause] = direct[cause] + amounts[row]
                    yield Edge(DIRECT, firm, float(amounts[row].sum()), cause == "deal", CAPITAL)
    for kind in BUYERS:
        bought = now.own.posted(kind, "cash", "equity_vendors")
        yield from (
            Edge(VENDORS, firm, float(amount), deal=True, use=CAPITAL)
            for firm, amount in zip(run.firms[kind], bought, strict=True)
        )
    for cause, amounts in direct.items():
        yield from (
            Edge(funder, DIRECT, float(amount), cause == "deal", CAPITAL)
            for funder, amount in zip(funders, amounts, strict=True)
        )


def _loans(world: World, kind: str, cause: str) -> np.ndarray:
    """Return new loans for a cause, USD bn, shape (firms, managers + 1): the outside sector lends, too."""
    return world.posted(kind, "loans", cause)


def shares_bought(now: World, kind: str) -> np.ndarray:
    """Return what managers and the outside sector paid for new shares, USD bn, shape (firms, managers + 1)."""
    managers = [e.change[..., now.place] for e in now.entries.get((kind, "shares_sold"), ()) if e.cause == "managers"]
    outside = now.posted(kind, "cash", "equity_outside")
    firms, holders = now.column(kind, "equity_held").shape
    return np.concatenate([sum(managers, np.zeros((firms, holders))), outside[:, None]], axis=1)


def _of_owners(run: TwinRun, world: World) -> Iterator[Edge]:
    """Yield what owners earn with other business and sub-lets, what parents pay for their labs, what labs hand over."""
    for kind in BUYERS:
        earned = world.posted(kind, "cash", "core_business")
        if kind == "ai_labs":
            earned = earned + world.posted(kind, "cash", "sub_lets")
        yield from (
            Edge(BUSINESS, name, float(amount), use=OWN) for name, amount in zip(run.firms[kind], earned, strict=True)
        )
    support, parts = world.posted("ai_labs", "cash", "parent_support"), _housed_parts(world)
    for row, lab in enumerate(run.firms["ai_labs"]):
        yield Edge(PARENTS, lab, float(support[row]), use=OWN)
        for place, cloud in enumerate(run.firms["clouds"]):
            yield Edge(lab, cloud, float(-support[row] * parts[place, row]), use=OWN)


def _rent(run: TwinRun, world: World) -> Iterator[Edge]:
    """Yield what labs paid landlords: rent that no advance covered, new advances, own parents at cost, and halls."""
    paid = rent_paid(world)
    for row, lab in enumerate(run.firms["ai_labs"]):
        yield from (Edge(lab, cloud, float(paid[place, row])) for place, cloud in enumerate(run.firms["clouds"]))


def rent_paid(world: World) -> np.ndarray:
    """Return what landlords got of labs in a quarter, less what they paid back, USD bn, shape (clouds, labs)."""
    moved = sum(world.posted("clouds", "advances", cause) for cause in ("set off", "paid", "paid back"))
    hosted = world.column("clouds", "hosted")
    gigawatts = np.maximum(hosted.sum(1), TINY)
    halls = hosted * (world.column("clouds", "hosting_income") / gigawatts)[:, None]
    own = _housed_parts(world) * world.column("ai_labs", "internal_rent")
    return world.column("clouds", "rent_due") + moved + halls + own


def _housed_parts(world: World) -> np.ndarray:
    """Return each cloud's part of what its own lab runs, shape (clouds, labs)."""
    housed = world.column("clouds", "housed")
    return housed / np.maximum(housed.sum(0), TINY)


def _chips(run: TwinRun, world: World, kind: str) -> Iterator[Edge]:
    """Yield what owners paid vendors: advances, and on delivery what neither an advance nor credit covered."""
    mine = order_books.places(run, kind)
    prepaid = world.posted("chip_vendors", "prepaid", "prepaid")[:, mine].T
    due = world.posted("chip_vendors", "order_value", "delivered") - world.posted("chip_vendors", "prepaid", "applied")
    paid = prepaid - due[:, mine].T
    paid = paid - world.posted(kind, "vendor_finance", "new")
    for row, owner in enumerate(run.firms[kind]):
        for place, vendor in enumerate(run.firms["chip_vendors"]):
            yield Edge(owner, vendor, float(paid[row, place]))


def _of_vehicles(run: TwinRun, world: World) -> Iterator[Edge]:
    """Yield the notes that lenders took of vehicles, and what vehicles paid for chips, clusters and halls."""
    vehicles = run.firms.get("vehicles", ())
    if not vehicles:
        return
    drawn = world.posted("vehicles", "loans", "deal")
    bought = -world.posted("chip_vendors", "order_value", "delivered")[:, order_books.places(run, "vehicles")]
    for row, name in enumerate(vehicles):
        for place, lender in enumerate((*run.firms["asset_managers"], OUTSIDE)):
            yield Edge(lender, name, float(drawn[row, place]), deal=True, use=CAPITAL)
        for place, vendor in enumerate(run.firms["chip_vendors"]):
            yield Edge(name, vendor, float(bought[place, row]), deal=True)
    built = _split(world, "vehicles", "equipment_suppliers", ("clusters", "halls"))
    for row, name in enumerate(vehicles):
        for place, builder in enumerate(run.firms["equipment_suppliers"]):
            yield Edge(name, builder, float(built[row, place]), deal=True)


def _shared(run: TwinRun, world: World, payers: str, kind: str, causes: tuple[str, ...]) -> Iterator[Edge]:
    """Yield what owners paid suppliers whose receipts have the same make-up whoever pays."""
    paid = _split(world, payers, kind, causes)
    for row, owner in enumerate(run.firms[payers]):
        yield from (Edge(owner, name, float(amount)) for name, amount in zip(run.firms[kind], paid[row], strict=True))


def _split(world: World, payers: str, kind: str, causes: tuple[str, ...]) -> np.ndarray:
    """Return what each payer paid each supplier of a kind, USD bn, shape (payers, suppliers)."""
    paid = np.zeros((len(world.column(payers, "cash")), len(world.column(kind, "cash"))))
    for cause in causes:
        received = world.posted(kind, "cash", cause)
        if received.sum() > TINY:
            paid = paid + np.outer(-world.posted(payers, "cash", cause), received / received.sum())
    return paid
