"""The whole economy as plain floats: one object a firm, lists over partners, uses and quarters to come."""

from dataclasses import dataclass, field
from math import exp, log2
from types import SimpleNamespace
from typing import Any

from .departures import SPECIFICATION, Departures

TINY = 1e-12
NOBODY = -100.0
ONE_CHIP = 1e-6
"""M H100e: less room or compute is none."""

ONE_DOLLAR = 1e-9
"""USD bn: who lacks less lacks nothing."""

FIRST_OF_2026 = 8104
"""2026Q1 in quarters since year 0."""

BY_FIRM = {
    "compute_wedge": "labs",
    "progress_wedge": "labs",
    "outside_preference": "vendors",
    "chip_capacity_available": "vendors",
    "chip_price_wedge": "vendors",
    "hall_cost_share": "equipment",
    "learning_rate": "equipment",
    "capacity_cost_equipment": "equipment",
    "debt_mandate": "managers",
    "equity_mandate": "managers",
    "risk_attitude": "managers",
    "parity": "labs",
    "leverage_limit": "clouds",
}
"""Parameters that the start or a scenario may give one a firm, and whose."""


class Firm(SimpleNamespace):
    """One firm, or the market as a whole, with the model's names: floats, and lists of floats."""


@dataclass
class World:
    """Everybody, what belongs to nobody, the parameters in force, and where random numbers come from."""

    labs: list[Firm]
    vendors: list[Firm]
    energy: list[Firm]
    equipment: list[Firm]
    managers: list[Firm]
    clouds: list[Firm]
    market: Firm
    outside: Firm
    source: Any
    departures: Departures = SPECIFICATION
    apart: list[Firm] = field(default_factory=list)
    """Loans of deals by borrower and deal, with what each lender holds; those on the market's terms are pooled."""
    p: Firm = field(default_factory=Firm)
    seen: Firm = field(default_factory=Firm)

    @property
    def borrowers(self) -> list[Firm]:
        return [*self.labs, *self.vendors, *self.energy, *self.equipment, *self.clouds]

    @property
    def lenders(self) -> list[Firm]:
        """Managers, and last the outside sector, in the order of loans by lender."""
        return [*self.managers, self.outside]

    @property
    def owners(self) -> list[Firm]:
        """Who owns accelerators, in the order in which vendors keep their orders."""
        return [*self.labs, *self.clouds]

    @property
    def rented(self) -> Firm:
        """The vendor in whose technology all rent."""
        return next(vendor for vendor in self.vendors if vendor.name == self.source.start.rented)

    @property
    def quarter(self) -> int:
        return self.source.quarter

    @property
    def elapsed(self) -> int:
        """Quarters since 2026Q1, at which trends that nobody decides have their declared values."""
        return self.source.first + self.source.quarter - FIRST_OF_2026

    def normal(self, stream: int, firms: int) -> list[float]:
        return plain(self.source.normal(stream, firms))

    def uniform(self, stream: int, firms: int) -> list[float]:
        return plain(self.source.uniform(stream, firms))


def world_of(model: Any, departures: Departures = SPECIFICATION) -> World:
    """Copy a model of one replicate into plain floats; the model goes on lending parameters, chance and the date."""
    market = Firm(**{name: plain(column) for name, column in model.economy.columns.items()})
    world = World(
        labs=firms_of(model.labs),
        vendors=firms_of(model.vendors),
        energy=firms_of(model.energy),
        equipment=firms_of(model.equipment),
        managers=firms_of(model.managers),
        clouds=firms_of(model.clouds),
        market=market,
        outside=Firm(kind="outside", cash=market.outside_cash, row=len(model.managers)),
        source=model,
        departures=departures,
        p=parameters_of(model),
    )
    for place, owner in enumerate(world.owners):
        owner.customer = place
    for lab in world.labs:
        lab.parent = next((cloud for cloud in world.clouds if cloud.name == model.start.parents.get(lab.name)), None)
    return world


def firms_of(table: Any) -> list[Firm]:
    columns, kind = table.columns.items(), table.kind.group
    return [
        Firm(kind=kind, name=name, row=row, **{column: plain(values[row]) for column, values in columns})
        for row, name in enumerate(table.names)
    ]


def parameters_of(model: Any) -> Firm:
    """Return the values in force: floats, or lists where a parameter differs by firm."""
    p = Firm(**{name: plain(v) if hasattr(v, "shape") else v for name, v in vars(model.parameters).items()})
    for name, firms in BY_FIRM.items():
        value = getattr(p, name)
        setattr(p, name, value if isinstance(value, list) else [value] * len(getattr(model, firms)))
    return p


def plain(column: Any) -> Any:
    """Return a column's only replicate, shape (..., R), as a float, a list of floats or a list of lists."""
    return column[..., 0].tolist()


def pay(payer: Firm, payee: Firm, amount: float) -> None:
    """Move money: the only way that cash changes."""
    payer.cash -= amount
    payee.cash += amount


def clip(x: float, low: float, high: float) -> float:
    return min(max(x, low), high)


def bent(wish: float, most: float) -> float:
    """m (1 - exp(-x / m)): a limit that bends."""
    return most * (1.0 - exp(-wish / max(most, TINY)))


def note(lab: Firm, limit: int, decision: float, *limits: float) -> None:
    """1 where a decision is within one percent of one of its limits, 0 else and for who is out of business."""
    there = any(most != 0.0 and abs(decision - most) <= 0.01 * abs(most) for most in limits)
    lab.at_limit[limit] = 1.0 if there and lab.active else 0.0


def debt(firm: Firm) -> float:
    return sum(firm.loans)


def debt_apart(w: World, firm: Firm, lender: Firm) -> float:
    """What a lab owes a lender on terms of deals' own."""
    return sum(loan.held[lender.row] for loan in w.apart if loan.to is firm and loan.own_terms)


def compute(owner: Firm) -> float:
    return sum(owner.fleet)


def is_tenant(lab: Firm) -> bool:
    """Neither does it own what it runs, nor does its parent's cloud run it."""
    return not lab.integrated and not lab.is_housed


def part_of(amount: float, whole: float) -> float:
    """A ratio, 0 of nothing."""
    return amount / max(whole, TINY)


def bound_cash(lab: Firm) -> float:
    return sum(lab.restricted_cash)


def mean_sentiment(w: World) -> float:
    active = [manager.sentiment for manager in w.managers if manager.active]
    return sum(active) / len(active)


def best_of(w: World, name: str) -> float:
    """Return the best value among labs in business; of nobody, one far below all others."""
    return max((getattr(lab, name) for lab in w.labs if lab.active), default=NOBODY)


def wright(made: float, at_start: float, rate: float) -> float:
    """(Q / Q0)^log2(1 - rate)."""
    return (made / at_start) ** log2(1.0 - rate)


def spend_earmarked(lab: Firm, use: int, payment: float) -> None:
    """Let a payment for a use draw down the money bound to that use, as far as it goes."""
    drawn = min(lab.restricted_cash[use], max(payment, 0.0))
    lab.restricted_cash[use] -= drawn
    lab.restricted_spent[use] += drawn


def set_free(owner: Firm) -> None:
    """Earmarked money is bound no more."""
    owner.restricted_released = [
        freed + bound for freed, bound in zip(owner.restricted_released, owner.restricted_cash, strict=True)
    ]
    owner.restricted_cash = [0.0] * len(owner.restricted_cash)


CLUSTERS_USE, CHIPS_USE, HALLS_USE, RESEARCH_USE, RENT_USE = range(5)
PRICE, CHIPS, HALLS, RENT = range(4)
"""Limits of labs' decisions, in the model's order."""

CONSTRUCTION, COOLING, STORAGE, CLUSTERS = range(4)
