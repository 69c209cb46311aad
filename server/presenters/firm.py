"""A firm's panel: figures beside its twin, balance sheet, where the cash went, decisions, contracts, history."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from ...agents.rules.renting import USD_PER_HOUR
from ...agents.state.arrays import TINY
from ...experiments.formatting import beside
from ...model.deals.facilities import vehicles
from ..url.dates import date_of
from .compute_use import compute_use
from .contracts import contracts
from .decisions import decisions
from .firm_balance import cash_flow, sheet
from .firm_labels import KIND_WORDS, kind_of, recipients, token
from .quantities import CAPABILITY, COMPUTE, CONTRACT_RENT, PERCENT, SHARE, Quantity

if TYPE_CHECKING:
    from ..sessions.twin_run import TwinRun, World

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")


class Measure(NamedTuple):
    """A number of a firm: what it is called, its unit, and how it is read off a world for a row of its kind."""

    label: str
    unit: str
    read: Callable[[World, int], float]


def payload(run: TwinRun, name: str, quarter: int) -> str:
    """Return the panel of a firm at the end of a quarter, as JSON; empty if there is no such firm or no quarter yet."""
    kind = kind_of(run, name)
    if not kind or quarter < 1:
        return ""
    row = run.firms[kind].index(name)
    now = run.at(quarter)
    panel: dict[str, Any] = {
        "name": name,
        "token": token(run, name),
        "words": _words(run, kind, row, quarter),
        "date": date_of(run.case, quarter),
        "twin": run.has_twin,
        "use": compute_use(run, kind, row, now.own),
        "figures": [_figure(item, now.own, now.twin, row) for item in FIGURES[kind]],
        "sheet": sheet(run, kind, row, now.own),
        "cash": cash_flow(kind, row, now.own),
        "decisions": decisions(run, kind, row, quarter),
        "contracts": contracts(run, kind, row, now.own),
        "history": [_history(run, item, row, quarter) for item in HISTORY[kind]],
        "year": int(date_of(run.case, 1)[:4]),
        "deals": sorted({deal.start - run.first + 1 for deal in run.case.deals}),
    }
    return json.dumps(panel, separators=(",", ":"), allow_nan=False)


def _column(table: str, name: str) -> Callable[[World, int], float]:
    """Return what reads a column."""
    return lambda world, row: float(world.column(table, name)[row]) if table in world.tables else 0.0


def _of_lab(item: Quantity) -> Measure:
    """Return a quantity of labs, as it is called on every page."""
    return Measure(item.label, item.unit, item.read)


def _notes(world: World, row: int) -> float:
    """Return what a vehicle owes, USD bn."""
    return float(world.column("vehicles", "loans")[row].sum()) if "vehicles" in world.tables else 0.0


def _signed(world: World, row: int) -> float:
    """Return the compute that a lab has signed and that is not there yet, M H100e."""
    return float(world.column("clouds", "owed")[:, row].sum())


def _burden(world: World, row: int) -> float:
    """Return a lab's rent over its revenue, per cent; nothing without revenue."""
    return PERCENT * _ratio(*(float(world.column("ai_labs", name)[row]) for name in ("rent_bill", "revenue")))


def _rent_paid(world: World, row: int) -> float:
    """Return what a lab's rent comes to, USD per H100e-hour; nothing where it rents nothing."""
    return _ratio(*(float(world.column("ai_labs", name)[row]) for name in ("rent_bill", "rented"))) / USD_PER_HOUR


def _idle(world: World, row: int) -> float:
    """Return the part of a cloud's running compute that runs for nobody, per cent."""
    return PERCENT * _ratio(*(float(world.column("clouds", name)[row]) for name in ("idle", "own_compute")))


def rent_asked(world: World, row: int) -> float:
    """Return the rent that a cloud asks of labs, USD per H100e-hour, each weighing as much as its compute that runs."""
    weights = world.column("ai_labs", "powered_compute") * world.column("clouds", "active")[row]
    return _ratio(float(world.column("clouds", "rent_price")[row] @ weights), float(weights.sum())) / USD_PER_HOUR


def _ratio(part: float, whole: float) -> float:
    """Return a part of a whole; nothing of nothing."""
    return part / whole if whole > TINY else 0.0


def _words(run: TwinRun, kind: str, row: int, quarter: int) -> str:
    """Return in a few words who a firm is."""
    world, name = run.at(quarter).own, run.firms[kind][row]
    found = [KIND_WORDS[kind]]
    if world.column(kind, "active")[row] == 0.0:
        return f"{found[0]}, {'no lease in force' if kind == 'vehicles' else 'not in business'}"
    if kind == "vehicles":
        return f"{found[0]} for {_lessee(run, row)}"
    size, what = SIZE[kind]
    place = int((world.column(kind, size) > world.column(kind, size)[row]).sum())
    if place < len(ORDINALS):
        found.append(f"{ORDINALS[place]} by {what}")
    text = ", ".join(found)
    givers = {giver for deal in run.case.deals for giver in deal.funders}
    part = "recipient" if name in recipients(run) else "funder" if name in givers else ""
    return f"{text}; {part} of the deal" if part else text


def _lessee(run: TwinRun, row: int) -> str:
    """Return the lab or cloud that a vehicle leases to."""
    return vehicles(run.case.deals)[row][2]


def _figure(item: Measure, own: World, twin: World, row: int) -> list[str]:
    """Return a figure as it is shown: label, unit, value, twin's value, difference."""
    value, other = item.read(own, row), item.read(twin, row)
    return [item.label, item.unit, *beside(value, other, item.unit)]


def _history(run: TwinRun, item: Measure, row: int, quarter: int) -> list[Any]:
    """Return a number through time: label with unit, both worlds' values."""
    past = [run.at(place) for place in range(1, quarter + 1)]
    lines = [
        [float(f"{item.read(world, row):.9g}") for world in worlds]
        for worlds in ([one.own for one in past], [one.twin for one in past])
    ]
    return [f"{item.label}, {item.unit}" if item.unit else item.label, *lines]


FIGURES: Mapping[str, tuple[Measure, ...]] = MappingProxyType(
    {
        "ai_labs": (
            Measure("Revenue", "bn $/quarter", _column("ai_labs", "revenue")),
            _of_lab(COMPUTE),
            Measure("Debt", "bn $", _column("ai_labs", "debt")),
            Measure("Cash", "bn $", _column("ai_labs", "cash")),
            Measure("Rented", "M H100e", _column("ai_labs", "rented")),
            Measure("Signed, not there yet", "M H100e", _signed),
            Measure("Rent over revenue", "%", _burden),
            Measure("Rent it pays", CONTRACT_RENT.unit, _rent_paid),
        ),
        "clouds": (
            Measure("Fleet", "M H100e", _column("clouds", "compute")),
            Measure("Runs", "M H100e", _column("clouds", "own_compute")),
            Measure("Idle", "%", _idle),
            Measure("Rent it asks", CONTRACT_RENT.unit, rent_asked),
            Measure("Backlog of rent", "bn $", _column("clouds", "backlog")),
            Measure("Capital spending", "bn $/quarter", _column("clouds", "capex")),
            Measure("Debt", "bn $", _column("clouds", "debt")),
            Measure("Cash", "bn $", _column("clouds", "cash")),
        ),
        "chip_vendors": (
            Measure("Deliveries", "bn $/quarter", _column("chip_vendors", "sales")),
            Measure("Capacity", "M units/quarter", _column("chip_vendors", "capacity")),
            Measure("Price", "thousand $/unit", _column("chip_vendors", "price")),
            Measure("Lead time", "quarters", _column("chip_vendors", "lead_time")),
        ),
        "energy_suppliers": (
            Measure("Sales", "bn $/quarter", _column("energy_suppliers", "sales")),
            Measure("Capacity", "GW", _column("energy_suppliers", "capacity")),
            Measure("Power made", "TWh/quarter", _column("energy_suppliers", "generated")),
            Measure("Running cost", "$/MWh", _column("energy_suppliers", "marginal_cost")),
        ),
        "equipment_suppliers": (
            Measure("Sales", "bn $/quarter", _column("equipment_suppliers", "sales")),
            Measure("Capacity", "GW/quarter", _column("equipment_suppliers", "capacity")),
            Measure("Output", "GW/quarter", _column("equipment_suppliers", "output")),
            Measure("Price", "of the start’s", _column("equipment_suppliers", "price_index")),
        ),
        "asset_managers": (
            Measure("Assets", "bn $", _column("asset_managers", "assets")),
            Measure("Placed", "bn $/quarter", _column("asset_managers", "placed")),
            Measure("Not yet placed", "bn $", _column("asset_managers", "cash")),
            Measure("Mood", "−1 to 1", _column("asset_managers", "sentiment")),
        ),
        "vehicles": (
            Measure("Notes", "bn $", _notes),
            Measure("Chips and halls", "bn $", _column("vehicles", "fixed_assets")),
            Measure("Rent", "bn $/quarter", _column("vehicles", "rent_paid")),
            Measure("Guarantor has paid", "bn $", _column("vehicles", "guarantee_paid")),
        ),
    }
)
"""The figures on top of a panel, four in a row."""

HISTORY: Mapping[str, tuple[Measure, ...]] = MappingProxyType(
    {
        "ai_labs": (
            _of_lab(SHARE),
            _of_lab(COMPUTE),
            _of_lab(CAPABILITY),
        ),
        "clouds": FIGURES["clouds"][2:5],
        "chip_vendors": FIGURES["chip_vendors"][:1] + FIGURES["chip_vendors"][2:],
        "energy_suppliers": FIGURES["energy_suppliers"][:3],
        "equipment_suppliers": (FIGURES["equipment_suppliers"][0], *FIGURES["equipment_suppliers"][2:]),
        "asset_managers": (*FIGURES["asset_managers"][:2], FIGURES["asset_managers"][3]),
        "vehicles": FIGURES["vehicles"][:3],
    }
)
"""The three lines at its end."""

SIZE: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "ai_labs": ("revenue", "revenue"),
        "clouds": ("own_compute", "compute"),
        "chip_vendors": ("sales", "deliveries"),
        "energy_suppliers": ("sales", "sales"),
        "equipment_suppliers": ("sales", "sales"),
        "asset_managers": ("assets", "assets"),
    }
)
"""What firms of a kind are ranked by."""
