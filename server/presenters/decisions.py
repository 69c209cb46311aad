"""What a firm decided in a quarter, in words: what it saw, and what it chose."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ...agents.rules.renting import USD_PER_HOUR
from ...experiments.formatting import numeral, shown
from .firm_labels import short_name
from .order_books import places
from .quantities import LEAD_TIME

if TYPE_CHECKING:
    from ..sessions.twin_run import Quarter, TwinRun, World

PERCENT = 100.0
SMALLEST = 1e-6
SEGMENT_NAMES = ("consumers", "enterprises", "coding")
LEAST_SHOWN = 1.0
"""Per cent below which a part is left out."""

Decision = list[str]


def decisions(run: TwinRun, kind: str, row: int, quarter: int) -> list[Decision]:
    """Return a firm's decisions of a quarter, each as a title and a sentence."""
    now, before = run.at(quarter), run.at(quarter - 1)
    if now.own.column(kind, "active")[row] == 0.0:
        return []
    if kind == "vehicles":
        return _of_vehicle(now.own, row)
    decisions_of = {
        "ai_labs": _of_lab,
        "chip_vendors": _of_vendor,
        "energy_suppliers": _of_energy,
        "equipment_suppliers": _of_equipment,
        "asset_managers": _of_manager,
        "clouds": _of_cloud,
    }[kind]
    return decisions_of(run, row, now, before)


def _of_vehicle(world: World, row: int) -> list[Decision]:
    """Return what a vehicle did: it decides nothing, its terms do."""
    rent, paid, call, resale = (
        float(world.column("vehicles", name)[row]) for name in ("rent", "rent_paid", "guarantee_call", "resale")
    )
    lines = [["Rent", f"{numeral(rent)} bn $ due, {numeral(paid)} paid: coupon and repayment of every tranche."]]
    if resale > SMALLEST:
        lines.append(["Sale", f"Sells what it owns for {numeral(resale)} bn $; the guarantor adds {numeral(call)}."])
    return lines


def _of_lab(run: TwinRun, row: int, now: Quarter, before: Quarter) -> list[Decision]:
    """Return a lab's decisions: compute, route, vendor, halls, funding, training, price."""
    world, lab = now.own, "ai_labs"

    def at(name: str) -> float:
        return float(world.column(lab, name)[row])

    growth = f"Expects demand to change by {_signed(PERCENT * math.expm1(at('expected_growth')))} % a quarter"
    wanted, ordered = numeral(at("planned_compute")), numeral(_ordered(run, lab, row, world, before.own))
    compute = f"{growth}; wants to own {wanted} M H100e more and orders {ordered}."
    running = max(at("powered_compute"), SMALLEST)
    serving = PERCENT * at("inference") / running
    owning = [["Compute", compute], ["Route", _route(run, row, world)], *_fleet(run, lab, row, world)]
    if at("is_housed"):
        wish = float(world.column("clouds", "housed_wish")[:, row].sum())
        owning = [["Compute", f"{growth}; asks its parent for {numeral(wish)} M H100e to run next quarter, at cost."]]
    return [
        *owning,
        ["Funding", _funding(world, lab, row)],
        ["Training", f"{serving:.0f} % of running compute serves customers, {100.0 - serving:.0f} % goes to research."],
        ["Focus", f"Research by segment: {_by_segment(world.column(lab, 'focus')[row])}, by what it earns there."],
        ["Price", _prices(row, world, before.own)],
    ]


def _by_segment(parts: Sequence[float]) -> str:
    """Return parts by segment, the largest first."""
    return _listed([f"for {name}" for name in SEGMENT_NAMES], [PERCENT * float(part) for part in parts])


def _prices(row: int, world: World, before: World) -> str:
    """Return how a lab changed its prices, and what it sells for over what its compute is worth."""
    now, then = (one.column("ai_labs", "price")[row] for one in (world, before))
    changes = [PERCENT * (float(a) / max(float(b), SMALLEST) - 1.0) for a, b in zip(now, then, strict=True)]
    told = ", ".join(f"{_signed(change)} % for {name}" for change, name in zip(changes, SEGMENT_NAMES, strict=True))
    above = PERCENT * float(world.column("ai_labs", "markup")[row])
    return f"{told} on the quarter; sales {above:.0f} % above the rent of the compute that serves them."


def _route(run: TwinRun, row: int, world: World) -> str:
    """Return whether a lab builds or rents what it adds, and what it signed."""
    lab = "ai_labs"
    if world.column(lab, "integrated")[row] > 0.0:
        return "Builds what it adds itself."
    routes, signed = world.column(lab, "routes")[row], float(world.column(lab, "signed")[row].sum())
    parts = [PERCENT * float(part) for part in routes]
    chosen = _listed([f"to rent from {name}" for name in run.firms["clouds"]], parts[1:])
    own = f"{parts[0]:.0f} % to build itself" if parts[0] >= LEAST_SHOWN else ""
    wish = "; ".join(filter(None, (own, chosen)))
    return f"Of what it adds: {wish}. Signs {numeral(signed)} M H100e: cost, the wait, and where its compute is."


def _listed(names: list[str], parts: list[float]) -> str:
    """Return names with their parts, the largest first; those of less than a per cent are left out."""
    order = sorted(range(len(names)), key=lambda place: -parts[place])
    return ", ".join(f"{parts[place]:.0f} % {names[place]}" for place in order if parts[place] >= LEAST_SHOWN)


def _fleet(run: TwinRun, kind: str, row: int, world: World) -> list[Decision]:
    """Return the vendors that an owner of chips chose, and the halls that it wants."""
    names = [short_name(name) for name in run.firms["chip_vendors"]]
    mix = _listed(names, [PERCENT * float(part) for part in world.column(kind, "vendor_mix")[row]])
    planned, housed = (float(world.column(kind, name)[row]) for name in ("planned_halls", "powered_share"))
    return [
        ["Vendor", f"{mix}: performance for the dollar, what it runs on, and the wait."],
        ["Halls", f"Wants {numeral(planned)} GW more; {PERCENT * housed:.0f} % of the fleet has a hall."],
    ]


def _ordered(run: TwinRun, kind: str, row: int, world: World, before: World) -> float:
    """Return the compute that an owner ordered in the quarter, M H100e: order values at the prices of the day."""
    value = world.posted("chip_vendors", "order_value", "ordered")[:, places(run, kind).start + row]
    price, performance = before.column("chip_vendors", "price"), before.column("chip_vendors", "performance")
    return float(np.divide(value * performance, price, out=np.zeros_like(value), where=price > 0.0).sum())


def _of_cloud(run: TwinRun, row: int, now: Quarter, before: Quarter) -> list[Decision]:
    """Return a cloud's decisions: fleet, vendor, halls, rents, funding."""
    world, kind = now.own, "clouds"
    planned, spent = (float(world.column(kind, name)[row]) for name in ("planned_compute", "capex"))
    ordered = numeral(_ordered(run, kind, row, world, before.own))
    fleet = f"Wants {numeral(planned)} M H100e more and orders {ordered}; spends {numeral(spent)} bn $ on its fleet."
    lines = [["Fleet", fleet], *_fleet(run, kind, row, world), ["Rents", _rents(run, row, world)]]
    return [*lines, ["Funding", _funding(world, kind, row)]]


def _rents(run: TwinRun, row: int, world: World) -> str:
    """Return the rents that a cloud asks of the labs that rent, by the credit of each."""
    rents = world.column("clouds", "rent_price")[row] / USD_PER_HOUR
    renting = world.column("ai_labs", "active") * (1.0 - world.column("ai_labs", "is_housed"))
    asked = [
        f"{short_name(name)} {numeral(float(rent))}"
        for name, rent, rents_some in zip(run.firms["ai_labs"], rents, renting, strict=True)
        if rents_some > 0.0
    ]
    return f"Asks of {', '.join(asked)} $ per H100e-hour: what new capacity costs, the tenant’s credit, and tightness."


def _funding(world: World, kind: str, row: int) -> str:
    """Return what a firm asked of the capital market and got, and the rate that lenders quoted."""
    asked = sum(float(world.column(kind, name)[row]) for name in ("debt_request", "equity_request"))
    got = sum(float(world.column(kind, name)[row]) for name in ("debt_raised", "equity_raised"))
    deal = float(world.posted(kind, "loans", "deal")[row].sum())
    rate = PERCENT * float(world.column(kind, "quoted_rate")[row])
    more = f", and {numeral(deal)} from the deal" if deal > SMALLEST else ""
    if asked < SMALLEST and got - deal < SMALLEST:
        return f"Asks for no money{more}; lenders quote {rate:.1f} % a year."
    return f"Asks for {numeral(asked)} bn $ and gets {numeral(got - deal)}{more}; lenders quote {rate:.1f} % a year."


def _of_vendor(run: TwinRun, row: int, now: Quarter, before: Quarter) -> list[Decision]:
    """Return a vendor's decisions: capacity, price, generation, funding."""
    world, kind = now.own, "chip_vendors"

    def at(name: str) -> float:
        return float(world.column(kind, name)[row])

    price = float(before.own.column(kind, "price")[row])
    change = PERCENT * (at("price") / max(price, SMALLEST) - 1.0)
    seen, added = shown(at("lead_time"), LEAD_TIME.unit), numeral(at("planned_capacity"))
    since = f"Quarters since the last one: {at('since_generation'):.0f}."
    return [
        ["Capacity", f"Sees {seen} quarters of orders; adds {added} M units a quarter."],
        ["Price", f"{_signed(change)} % on the quarter, to {numeral(at('price'))} thousand $ a unit."],
        ["Generation", "A new one came out." if at("new_generation") else since],
        ["Funding", _funding(world, kind, row)],
    ]


def _of_energy(run: TwinRun, row: int, now: Quarter, before: Quarter) -> list[Decision]:
    """Return an energy supplier's decisions: plants and funding."""
    world, kind = now.own, "energy_suppliers"
    planned, cost, building = (
        float(world.column(kind, "planned_capacity")[row]),
        float(world.column(kind, "levelised_cost")[row]),
        float(world.column(kind, "building")[row].sum()),
    )
    price = numeral(world.indicator("power_price"))
    plants = f"Power brings {price} $/MWh, a new plant costs {numeral(cost)}; wants to start {numeral(planned)} GW."
    return [
        ["Plants", plants],
        ["Under way", f"{numeral(building)} GW are being built."],
        ["Funding", _funding(world, kind, row)],
    ]


def _of_equipment(run: TwinRun, row: int, now: Quarter, before: Quarter) -> list[Decision]:
    """Return an equipment supplier's decisions: capacity, price, funding."""
    world, kind = now.own, "equipment_suppliers"
    load, planned, price = (
        float(world.column(kind, name)[row]) for name in ("load_factor", "planned_capacity", "price_index")
    )
    change = PERCENT * (price / max(float(before.own.column(kind, "price_index")[row]), SMALLEST) - 1.0)
    return [
        ["Capacity", f"Orders fill {PERCENT * load:.0f} % of capacity; adds {numeral(planned)} GW a quarter."],
        ["Price", f"{_signed(change)} % on the quarter, before costs fall."],
        ["Funding", _funding(world, kind, row)],
    ]


def _of_manager(run: TwinRun, row: int, now: Quarter, before: Quarter) -> list[Decision]:
    """Return a manager's decisions: what it placed, and in which mood."""
    world, kind = now.own, "asset_managers"

    def at(name: str) -> float:
        return float(world.column(kind, name)[row])

    had = float(before.own.column(kind, "cash")[row])
    mood, returned = _signed(PERCENT * at("sentiment"), 0), _signed(PERCENT * at("return_rate"))
    brought = f"Savers {'bring' if at('subscriptions') >= 0.0 else 'take'} {numeral(abs(at('subscriptions')))} bn $."
    called = f" {numeral(at('called'))} were called from savers." if at("called") > SMALLEST else ""
    return [
        ["Placing", f"Began the quarter with {numeral(had)} bn $ and placed {numeral(at('placed'))}.{called}"],
        ["Mood", f"{mood} on a scale from −100 to 100; returned {returned} % in the quarter."],
        ["Savers", brought],
    ]


def _signed(value: float, digits: int = 1) -> str:
    """Return a number with its sign."""
    return f"{'−' if value < 0.0 else '+'}{abs(value):.{digits}f}"
