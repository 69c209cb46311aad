"""A firm's books: what it has, what it owes, and what moved its cash in a quarter, read off the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...experiments.formatting import numeral
from .order_books import places

if TYPE_CHECKING:
    from ..sessions.twin_run import TwinRun, World

LOANS_TO: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ai_labs": ("labs", "labs"),
        "clouds": ("clouds", "clouds"),
        "chip_vendors": ("vendors", "chips"),
        "energy_suppliers": ("energy", "power"),
        "equipment_suppliers": ("builders", "works"),
    }
)
"""What those are called who borrow, and their colours."""

BORROWERS = tuple(LOANS_TO)
BUYERS = MappingProxyType({kind: LOANS_TO[kind] for kind in ("ai_labs", "clouds")})
"""Who orders chips and halls, and may receive a deal, called likewise."""

SMALLEST = 0.0005
"""USD bn below which a line is left out."""

CAUSES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ai_sales": ("Sales", "ink3"),
        "chips": ("Chips", "chips"),
        "prepayments": ("Chips", "chips"),
        "chips_outside": ("Others", "ink3"),
        "clusters": ("Building", "works"),
        "halls": ("Building", "works"),
        "clusters_outside": ("Others", "ink3"),
        "halls_outside": ("Others", "ink3"),
        "power_labs": ("Power", "power"),
        "power_clouds": ("Power", "power"),
        "rent": ("Rent", "clouds"),
        "rent_advances": ("Rent", "clouds"),
        "internal_rent": ("In group", "clouds"),
        "hosting": ("Rent", "clouds"),
        "short_lets": ("Short lets", "ink3"),
        "sub_lets": ("Sub-lets", "ink3"),
        "parent_support": ("In group", "clouds"),
        "core_business": ("Core", "ink3"),
        "other_capex": ("Core", "ink3"),
        "deposit_interest": ("Deposits", "ink3"),
        "power_other": ("Others", "ink3"),
        "capacity_payments": ("Capacity", "ink3"),
        "lending": ("Loans", "capital"),
        "deal": ("Deal", "deal"),
        "equity_managers": ("Shares", "capital"),
        "equity_outside": ("Shares", "capital"),
        "operating_costs": ("Costs", "ink3"),
        "research_labour": ("Research", "ink3"),
        "interest": ("Interest", "capital"),
        "amortisation": ("Repaid", "capital"),
        "vendor_finance": ("Credit", "chips"),
        "dividends": ("Dividends", "ink3"),
        "dividends_outside": ("Dividends", "ink3"),
        "fuel_and_upkeep": ("Fuel", "ink3"),
        "vendor_costs": ("Costs", "ink3"),
        "equipment_costs": ("Costs", "ink3"),
        "capital_spending": ("Plant", "ink3"),
        "creditor_write_off": ("Forgiven", "bad"),
        "acquisitions": ("Second hand", "ink3"),
        "exit": ("Paid out", "ink3"),
        "lease": ("Lease", "deal"),
        "guarantee": ("Guarantee", "bad"),
        "resale": ("Resale", "deal"),
        "residual_value": ("Residual", "deal"),
        "halls_bought": ("Halls", "works"),
        "equity_vendors": ("Shares", "chips"),
        "dividends_vendors": ("Dividends", "ink3"),
        "savings": ("Savers", "ink3"),
        "capital_calls": ("Called", "ink3"),
        "fees": ("Fees", "ink3"),
    }
)
"""What a row of the flow matrix is called in a firm's panel, and the colour of the counterpart."""


def sheet(run: TwinRun, kind: str, row: int, world: World) -> dict[str, Any]:
    """Return both sides of a balance sheet: label, amount, amount as it is shown, colour; and the sum as shown."""
    if kind == "asset_managers":
        assets, claims = _of_manager(row, world)
    else:
        assets, claims = _of_borrower(run, kind, row, world)
    worth = sum(amount for _, amount, _ in assets) - sum(amount for _, amount, _ in claims)
    owner = "Savers’ money" if kind == "asset_managers" else "Net worth"
    if worth >= 0.0:
        claims = [*claims, (owner, worth, "line2")]
    else:
        assets = [*assets, ("Debts beyond assets", -worth, "bad")]
    whole = numeral(sum(amount for _, amount, _ in assets))
    return {"assets": _lines(assets), "claims": _lines(claims), "sum": whole}


def cash_flow(kind: str, row: int, world: World) -> list[list[Any]]:
    """Return what moved a firm's cash in the quarter, between two balances: label, amount, as it is shown, colour."""
    moved: dict[str, tuple[float, str]] = {}
    for cause in world.causes(kind, "cash"):
        label, token = CAUSES.get(cause, (cause.replace("_", " "), "ink3"))
        amount = float(world.posted(kind, "cash", cause)[row])
        moved[label] = (moved.get(label, (0.0, token))[0] + amount, token)
    after = float(world.column(kind, "cash")[row])
    before = after - sum(amount for amount, _ in moved.values())
    steps = [
        [label, amount, f"{'−' if amount < 0.0 else '+'}{numeral(abs(amount))}", token]
        for label, (amount, token) in sorted(moved.items(), key=lambda item: item[1][0] < 0.0)
        if abs(amount) >= SMALLEST
    ]
    return [["Before", before, numeral(before), "total"], *steps, ["After", after, numeral(after), "total"]]


def _of_borrower(run: TwinRun, kind: str, row: int, world: World) -> tuple[list[tuple[str, float, str]], ...]:
    """Return assets and claims of a firm that borrows, as far as the model keeps them, USD bn."""
    plant, cash = (float(world.column(kind, name)[row]) for name in ("fixed_assets", "cash"))
    loans = float(world.column(kind, "loans")[row].sum())
    if kind == "vehicles":
        return [("Chips and halls", plant, "ink2"), ("Cash", cash, "line2")], [("Notes", loans, "capital")]
    parts = {"ai_labs": _of_lab, "clouds": _of_cloud, "chip_vendors": _of_vendor}
    more = parts[kind](run, row, world) if kind in parts else Parts("Plant", [], [])
    assets = [(more.plant, plant, "ink2"), ("Cash", cash, "line2"), *more.assets]
    claims = [("Loans", loans, "capital"), *more.claims]
    if kind in BUYERS:
        bound = float(world.column(kind, "restricted_sum")[row])
        assets[1:2] = [("Cash, free", cash - bound, "line2"), ("Cash bound to a use", bound, "deal")]
    owed = [(f"{label}, overdrawn", -amount, "bad") for label, amount, _ in assets if amount < -SMALLEST]
    return [line for line in assets if line[1] >= -SMALLEST], claims + owed


class Parts(NamedTuple):
    """What a kind of firm calls its plant, and what it has and owes beside plant, cash and loans."""

    plant: str
    assets: list[tuple[str, float, str]]
    claims: list[tuple[str, float, str]]


def _of_lab(run: TwinRun, row: int, world: World) -> Parts:
    """Return what labs have paid in advance, and owe vendors."""
    prepaid, credit = world.column("chip_vendors", "prepaid"), world.column("ai_labs", "vendor_finance")
    chips, rent = float(prepaid[:, row].sum()), float(world.column("clouds", "advances")[:, row].sum())
    assets = [("Chips paid in advance", chips, "chips"), ("Rent paid in advance", rent, "clouds")]
    return Parts("Fleet and halls", assets, [("Vendors’ credit", float(credit[row].sum()), "chips")])


def _of_cloud(run: TwinRun, row: int, world: World) -> Parts:
    """Return what clouds have paid vendors in advance, and labs have paid them."""
    mine = places(run, "clouds").start + row
    chips = float(world.column("chip_vendors", "prepaid")[:, mine].sum())
    rent = float(world.column("clouds", "advances")[row].sum())
    assets = [("Chips paid in advance", chips, "chips")]
    credit = float(world.column("clouds", "vendor_finance")[row].sum())
    claims = [("Rent paid in advance by labs", rent, "labs"), ("Vendors’ credit", credit, "chips")]
    return Parts("Fleet and halls", assets, claims)


def _of_vendor(run: TwinRun, row: int, world: World) -> Parts:
    """Return what vendors have lent labs and clouds and hold of them, and customers have paid in advance."""
    assets = []
    for kind, (name, token) in BUYERS.items():
        credit, value = world.column(kind, "vendor_finance"), np.maximum(world.column(kind, "value"), 0.0)
        held = world.column(kind, "vendor_shares")[:, row] * value
        assets.append((f"Credit to {name}", float(credit[:, row].sum()), token))
        assets.append((f"Shares of {name}", float(held.sum()), token))
    prepaid = float(world.column("chip_vendors", "prepaid")[row].sum())
    return Parts("Plant", assets, [("Paid in advance by customers", prepaid, "ink3")])


def _of_manager(row: int, world: World) -> tuple[list[tuple[str, float, str]], ...]:
    """Return a manager's cash, loans by kind of borrower and shares, USD bn."""
    assets = [("Not yet placed", float(world.column("asset_managers", "cash")[row]), "line2")]
    assets += [
        (f"Loans to {name}", float(world.column(kind, "loans")[:, row].sum()), token)
        for kind, (name, token) in LOANS_TO.items()
    ]
    shares = sum(
        float((world.column(kind, "equity_held")[:, row] * np.maximum(world.column(kind, "value"), 0.0)).sum())
        for kind in BORROWERS
    )
    if "vehicles" in world.tables:
        assets.append(("Notes of vehicles", float(world.column("vehicles", "loans")[:, row].sum()), "deal"))
    return [*assets, ("Shares", shares, "capital")], []


def _lines(lines: list[tuple[str, float, str]]) -> list[list[Any]]:
    """Return the lines of a side that are not empty, as a page shows it."""
    return [[label, amount, numeral(amount), token] for label, amount, token in lines if amount >= SMALLEST]
