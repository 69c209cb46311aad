"""Deals: financings as scenarios write them down, in the terms of the market."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from numbers import Integral
from typing import Any

from ..agents.state.numbers import echo, exact, in_range, range_text
from .dates import quarter_date

INSTRUMENTS = ("loan", "equity", "vendor", "lease")
"""A loan to the recipient, shares of it, credit of its chip vendors, or the notes of a vehicle that leases to it."""

ASSETS = ("chips", "halls", "existing halls")
"""What a vehicle buys: chips from a supplier, halls from the builders, or halls that the rest of the world has."""

OUTSIDE = "outside"
"""The outside sector as a funder of shares: parents, strategic investors, the public."""

WHOLE = 1e-6
"""How far parts may miss one."""

LARGEST_DEAL = 1000.0
LONGEST_DRAW = 40
LONGEST_TERM = 80
HIGHEST_COUPON = 0.25
MOST_TRANCHES = 8
HIGHEST_COVENANT = 10.0


def funder_names(managers: Sequence[str], vendors: Sequence[str]) -> tuple[str, ...]:
    """Return who may stand behind a deal, in the order of the axis of funders: managers, vendors, those outside."""
    return (*managers, *vendors, OUTSIDE)


class ScenarioError(ValueError):
    """A scenario says something that the model does not understand; the message names the place and the remedy."""


@dataclass(frozen=True)
class Tranche:
    """A part of a vehicle's notes.

    Attributes:
        name: as in A1.
        part: its part of the deal.
        rate: the coupon, 1/yr, fixed at signing.
        rank: who is paid first when the collateral is sold; 1 before 2, equal ranks alike.
        guaranteed: whether the guarantor makes good what the collateral does not fetch.
    """

    name: str = "Notes"
    part: float = 1.0
    rate: float = 0.07
    rank: int = 1
    guaranteed: bool = False


@dataclass(frozen=True)
class Condition:
    """What has to be seen before a deal begins: an indicator of the quarter before, above or below a value."""

    indicator: str
    above: float | None = None
    below: float | None = None


@dataclass(frozen=True)
class Deal:
    """A financing: who gives how much to whom, when, by which instrument and for what.

    Attributes:
        name: what people call it.
        start: the quarter of the announcement and of the first draw, in quarters since year 0.
        amount: USD bn.
        instrument: loan, equity, vendor (credit on deliveries) or lease (a vehicle buys and leases to the recipient).
        recipients: labs and their parts.
        funders: asset managers and their parts; for shares also chip vendors and `outside`; none for vendor credit.
        earmark: uses and their parts; what is missing to one is free cash. A lease pays for what it buys alone.
        draw: the part drawn in each quarter from the first; for a lease, the part ordered.
        why: the reason.
        condition: what has to be seen first, from `start` on; in each replicate the deal begins when it is.
        tranches: a vehicle's notes.
        asset: what a vehicle buys.
        supplier: the vendor whose chips it buys.
        guarantor: the vendor or lab that guarantees tranches.
        guarantee: the most that the guarantor ever pays, USD bn.
        syndicated: the part that the funders pass on to the other managers.
        term: quarters over which each draw of a lease is paid back.
        covenant: least coverage ratio of the recipient; 0 is none.
        grace: quarters in a row below it that stop draws, half of dividends and half of new orders.
    """

    name: str
    start: int
    amount: float
    instrument: str = "loan"
    recipients: Mapping[str, float] = field(default_factory=dict)
    funders: Mapping[str, float] = field(default_factory=dict)
    earmark: Mapping[str, float] = field(default_factory=dict)
    draw: tuple[float, ...] = (1.0,)
    why: str = ""
    condition: Condition | None = None
    tranches: tuple[Tranche, ...] = ()
    asset: str = "chips"
    supplier: str = ""
    guarantor: str = ""
    guarantee: float = 0.0
    syndicated: float = 0.0
    term: int = 20
    covenant: float = 0.0
    grace: int = 2

    def __post_init__(self) -> None:
        """Say what does not add up, also in deals that are made in code."""
        self._in_range("amount", 0.0, LARGEST_DEAL)
        self._one_of("instrument", INSTRUMENTS)
        self._one_of("asset", ASSETS)
        wholes: dict[str, Mapping[Any, float]] = {"recipients": self.recipients, "draw": dict(enumerate(self.draw))}
        if self.instrument != "vendor":
            wholes["funders"] = self.funders
        if self.tranches:
            wholes["tranches"] = {place: item.part for place, item in enumerate(self.tranches)}
        for name, parts in wholes.items():
            if abs(math.fsum(parts.values()) - 1.0) > WHOLE:
                raise ScenarioError(
                    f"{self.name}: the parts of {name} add to {exact(math.fsum(parts.values()))}, expected 1"
                )
        if math.fsum(self.earmark.values()) > 1.0 + WHOLE:
            raise ScenarioError(f"{self.name}: the parts of earmark add to more than 1")
        self._in_range("syndicated", 0.0, 1.0)
        self._in_range("guarantee", 0.0, LARGEST_DEAL)
        self._in_range("term", 1, LONGEST_TERM)
        self._in_range("covenant", 0.0, HIGHEST_COVENANT)
        self._in_range("grace", 1, LONGEST_DRAW)
        self._check_lease() if self.leased else self._check_plain()

    def _in_range(self, name: str, low: float, high: float) -> None:
        """Say that a term is no number in its range; one that is an end but for rounding is put on it."""
        value = getattr(self, name)
        try:
            number = in_range(value, low, high)
        except (TypeError, ValueError, OverflowError):
            raise ScenarioError(f"{self.name}: {name} = {echo(value)} is not a number") from None
        if number is None:
            raise ScenarioError(f"{self.name}: {name} = {exact(value)} lies outside {range_text(low, high)}")
        if number != value or not isinstance(value, int | float):
            object.__setattr__(self, name, int(number) if isinstance(value, Integral) else number)

    def _one_of(self, name: str, known: tuple[str, ...]) -> None:
        """Say that a term is none of those there are."""
        value = getattr(self, name)
        if value not in known:
            raise ScenarioError(f"{self.name}: {name} = {echo(value)} is none of {', '.join(known)}")

    def _check_lease(self) -> None:
        """Say which term of a lease is missing or contradicts another."""
        if self.asset == "chips" and not self.supplier:
            raise ScenarioError(f"{self.name}: a lease of chips needs the vendor that supplies them: supplier = ...")
        if self.asset != "chips" and self.supplier:
            raise ScenarioError(f"{self.name}: supplier is for chips, and this lease is of {self.asset}")
        if self.earmark:
            raise ScenarioError(f"{self.name}: a lease pays for what its vehicle buys; leave out earmark")
        if len(self.tranches) > MOST_TRANCHES:
            raise ScenarioError(f"{self.name}: {len(self.tranches)} tranches; at most {MOST_TRANCHES}")
        for item in self.tranches:
            rate = in_range(item.rate, 0.0, HIGHEST_COUPON)
            if rate is None:
                limits = range_text(0.0, HIGHEST_COUPON)
                raise ScenarioError(f"{self.name}, {item.name}: rate = {exact(item.rate)} lies outside {limits}")
            object.__setattr__(item, "rate", rate)
        secured = any(item.guaranteed for item in self.tranches)
        if secured != bool(self.guarantor) or bool(self.guarantor) != (self.guarantee > 0.0):
            raise ScenarioError(
                f"{self.name}: a guarantee needs a guarantor, an amount, and a tranche with guaranteed = true"
            )

    def _check_plain(self) -> None:
        """Say which term belongs to leases alone."""
        own = {"tranches": self.tranches, "supplier": self.supplier, "guarantor": self.guarantor}
        for name, value in own.items():
            if value:
                raise ScenarioError(f"{self.name}: {name} belongs to a lease, and this is {self.instrument}")
        if self.syndicated and self.instrument == "vendor":
            raise ScenarioError(f"{self.name}: vendor credit cannot be syndicated")

    @property
    def leased(self) -> bool:
        """Whether a vehicle of its own carries the deal."""
        return self.instrument == "lease"

    @property
    def notes(self) -> tuple[Tranche, ...]:
        """The tranches; one of the usual kind where none is named."""
        return self.tranches or (Tranche(),)

    def describe(self) -> dict[str, Any]:
        """Return the deal as plain values, as a manifest stores it."""
        return {**asdict(self), "start": quarter_date(self.start)}


def deal_of(content: Mapping[str, Any]) -> Deal:
    """Return the deal that plain values describe, dates as numbers, as `Deal.describe` returns them."""
    condition = content.get("condition")
    return Deal(**{
        **content,
        "draw": tuple(content["draw"]),
        "condition": None if condition is None else Condition(**condition),
        "tranches": tuple(Tranche(**item) for item in content.get("tranches", ())),
    })  # fmt: skip
