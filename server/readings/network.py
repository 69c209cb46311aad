"""Who pays whom in a quarter: dollars between funders, labs and suppliers, read off the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...agents.state.arrays import TINY
from .cast import KIND_TOKENS, short, token

if TYPE_CHECKING:
    from ..session import Quarter, Session, World

OUTSIDE = "Stock market"
"""Who buys shares and is not one of the managers: the outside sector."""

DIRECT = "Straight to suppliers"
"""The node through which money passes that funders give suppliers, so that its curves do not hide the labs."""

SUPPLIERS = ("chip_vendors", "equipment_suppliers", "energy_suppliers")
SMALLEST = 0.005
"""USD bn below which an edge is not drawn."""


class Node(NamedTuple):
    """A firm, or one of the two nodes that stand for more: name, label, kind's colour, own colour, column."""

    name: str
    label: str
    kind: str
    token: str
    column: int


class Edge(NamedTuple):
    """Dollars from one node to another in a quarter, USD bn; whether they are the deal's."""

    payer: str
    payee: str
    amount: float
    deal: bool = False


def nodes(session: Session) -> list[Node]:
    """Return the nodes in the order in which they are drawn, column by column."""
    found = [Node(name, short(name), "capital", "capital", 0) for name in session.firms["asset_managers"]]
    found.append(Node(OUTSIDE, OUTSIDE, "capital", "capital", 0))
    found += [Node(name, short(name), "labs", token(session, name), 1) for name in session.firms["ai_labs"]]
    vehicles = session.firms.get("vehicles", ())
    labels = ["Vehicle"] if len(vehicles) == 1 else [f"Vehicle {number + 1}" for number in range(len(vehicles))]
    found += [Node(name, label, "deal", "deal", 1) for name, label in zip(vehicles, labels, strict=True)]
    found.append(Node(DIRECT, DIRECT, "direct", "capital", 1))
    for kind in SUPPLIERS:
        colour = KIND_TOKENS[kind]
        found += [Node(name, short(name), colour, colour, 2) for name in session.firms[kind]]
    return found


def edges(session: Session, quarter: int) -> list[Edge]:
    """Return the dollars of a quarter between all pairs of nodes, in the scenario's world."""
    now, before = session.at(quarter), session.at(quarter - 1)
    found = [*_funding(session, now, before), *_chips(session, now.own), *_of_vehicles(session, now.own)]
    found += [*_shared(session, now.own, "equipment_suppliers", ("clusters", "halls"))]
    found += [*_shared(session, now.own, "energy_suppliers", ("power_labs",))]
    return [edge for edge in found if edge.amount >= SMALLEST]


def told(session: Session, quarter: int) -> list[list[object]]:
    """Return a quarter's edges as a page is told: place of payer and payee among the nodes, dollars, deal or not."""
    places = {node.name: place for place, node in enumerate(nodes(session))}
    return [
        [places[edge.payer], places[edge.payee], float(f"{edge.amount:.4g}"), int(edge.deal)]
        for edge in edges(session, quarter)
    ]


def _funding(session: Session, now: Quarter, before: Quarter) -> Iterator[Edge]:
    """Yield loans and share issues, those of suppliers through a node of their own."""
    funders = [*session.firms["asset_managers"], OUTSIDE]
    direct = np.zeros(len(funders))
    for kind in ("ai_labs", *SUPPLIERS):
        given = {"deal": _loans(now.own, kind, "deal"), "": _loans(now.own, kind, "lending")}
        given[""] = given[""] + shares_bought(now.own, before.own, kind)
        for row, firm in enumerate(session.firms[kind]):
            for cause, amounts in given.items():
                if kind == "ai_labs":
                    yield from (
                        Edge(funder, firm, float(amount), cause == "deal")
                        for funder, amount in zip(funders, amounts[row], strict=True)
                    )
                else:
                    direct = direct + amounts[row]
                    yield Edge(DIRECT, firm, float(amounts[row].sum()))
    yield from (Edge(funder, DIRECT, float(amount)) for funder, amount in zip(funders, direct, strict=True))


def _loans(world: World, kind: str, cause: str) -> np.ndarray:
    """Return new loans for a cause, USD bn, shape (firms, managers + 1): the outside sector lends nothing."""
    lent = world.posted(kind, "loans", cause)
    return np.concatenate([lent, np.zeros((len(lent), 1))], axis=1)


def shares_bought(now: World, before: World, kind: str) -> np.ndarray:
    """Return what managers and the outside sector paid for new shares, USD bn, shape (firms, managers + 1).

    The ledger keeps who holds which part of a firm, and what the firm was paid in all: for an issue of worth b at value
    v, a manager's part goes from e to (e v + b_j) / (v + b).
    """
    held = before.column(kind, "equity_held")
    value = np.maximum(before.column(kind, "value"), 0.0)
    changes = [entry.change[..., now.place] for entry in now.entries.get((kind, "equity_held"), ())
               if entry.cause == "issue"]  # fmt: skip
    paid = [[entry.change[..., now.place] for entry in now.entries.get((kind, "cash"), ()) if entry.cause == cause]
            for cause in ("equity_managers", "equity_outside")]  # fmt: skip
    bought = np.zeros((len(held), held.shape[1] + 1))
    for change, by_managers, by_outside in zip(changes, *paid, strict=False):
        after = value + by_managers + by_outside
        part = held + change
        worth = np.where((after > TINY)[:, None], part * after[:, None] - held * value[:, None], 0.0)
        bought = bought + np.concatenate([np.maximum(worth, 0.0), by_outside[:, None]], axis=1)
        held, value = part, after
    return bought


def _chips(session: Session, world: World) -> Iterator[Edge]:
    """Yield what labs paid vendors: advances, and on delivery what neither an advance nor credit covered."""
    labs = slice(0, len(session.firms["ai_labs"]))
    prepaid = world.posted("chip_vendors", "prepaid", "prepaid")[:, labs].T
    due = world.posted("chip_vendors", "order_value", "delivered") - world.posted("chip_vendors", "prepaid", "applied")
    paid = prepaid - due[:, labs].T - world.posted("ai_labs", "vendor_finance", "new")
    for row, lab in enumerate(session.firms["ai_labs"]):
        for place, vendor in enumerate(session.firms["chip_vendors"]):
            yield Edge(lab, vendor, float(paid[row, place]))


def _of_vehicles(session: Session, world: World) -> Iterator[Edge]:
    """Yield the notes that managers took of vehicles, and what vehicles paid for chips, clusters and halls."""
    vehicles = session.firms.get("vehicles", ())
    if not vehicles:
        return
    drawn, first = world.posted("vehicles", "loans", "deal"), len(session.firms["ai_labs"])
    bought = -world.posted("chip_vendors", "order_value", "delivered")[:, first:-1]
    for row, name in enumerate(vehicles):
        for place, manager in enumerate(session.firms["asset_managers"]):
            yield Edge(manager, name, float(drawn[row, place]), deal=True)
        for place, vendor in enumerate(session.firms["chip_vendors"]):
            yield Edge(name, vendor, float(bought[place, row]), deal=True)
    built = _split(world, "vehicles", "equipment_suppliers", ("clusters", "halls"))
    for row, name in enumerate(vehicles):
        for place, builder in enumerate(session.firms["equipment_suppliers"]):
            yield Edge(name, builder, float(built[row, place]), deal=True)


def _shared(session: Session, world: World, kind: str, causes: tuple[str, ...]) -> Iterator[Edge]:
    """Yield what labs paid suppliers whose receipts have the same make-up whoever pays."""
    paid = _split(world, "ai_labs", kind, causes)
    for row, lab in enumerate(session.firms["ai_labs"]):
        yield from (Edge(lab, name, float(amount)) for name, amount in zip(session.firms[kind], paid[row], strict=True))


def _split(world: World, payers: str, kind: str, causes: tuple[str, ...]) -> np.ndarray:
    """Return what each payer paid each supplier of a kind, USD bn, shape (payers, suppliers)."""
    paid = np.zeros((len(world.column(payers, "cash")), len(world.column(kind, "cash"))))
    for cause in causes:
        received = world.posted(kind, "cash", cause)
        if received.sum() > TINY:
            paid = paid + np.outer(-world.posted(payers, "cash", cause), received / received.sum())
    return paid
