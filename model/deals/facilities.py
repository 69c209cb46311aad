"""Facilities: a deal begins, is drawn and is owed, a row for each recipient and tranche, and where its money is.

A facility is a memory beside the ledger: it never moves money. What a loan still owes is a part of its recipient's
loans, and earmarked dollars are a part of its restricted cash; both shares follow the whole (see `money_trail`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...agents.state.arrays import Floats, anywhere, clip, positive, ratio, total
from ...agents.state.column import Column
from ...agents.state.population import Population
from ...agents.state.table import Table, columns_of
from ..indicators import INDICATORS
from .deal import Deal, Tranche, funder_names
from .earmarks import USES
from .recipients import Recipients, added, one_hot
from .terms import INSTRUMENTS

if TYPE_CHECKING:
    from ..market_model import MarketModel


class Contract(NamedTuple):
    """A deal, one of its recipients and one of its tranches: what a row of the table stands for."""

    deal: Deal
    recipient: str
    tranche: Tranche

    @property
    def part(self) -> float:
        """Its part of the deal."""
        return self.deal.recipients[self.recipient] * self.tranche.part


def contracts(deals: tuple[Deal, ...]) -> tuple[Contract, ...]:
    """Return the rows that deals give."""
    return tuple(
        Contract(deal, recipient, tranche)
        for deal in deals
        for recipient, part in deal.recipients.items()
        if part > 0.0
        for tranche in (deal.notes if deal.leased else (Tranche(deal.instrument),))
    )


def vehicles(deals: tuple[Deal, ...]) -> tuple[tuple[str, Deal, str], ...]:
    """Return the vehicles that leases need: name, deal and lessee."""
    return tuple(
        (deal.name if len(deal.recipients) == 1 else f"{deal.name} ({recipient})", deal, recipient)
        for deal in deals
        if deal.leased
        for recipient, part in deal.recipients.items()
        if part > 0.0
    )


class Facilities(Table):
    """The deals of a run, shape (facilities, ...): terms that never change, and columns that phases write.

    The funders' axis holds asset managers, chip vendors and the outside sector; the payees' axis holds chip vendors,
    equipment suppliers and the outside sector.
    """

    age = Column("quarters", "quarters since the deal began; -1 before", initial=-1.0)
    commitment = Column("USD bn", "promised")
    drawn = Column("USD bn", "drawn so far")
    draw = Column("USD bn/quarter", "drawn this quarter")
    given = Column("USD bn/quarter", "drawn this quarter by funder", over="funders")
    given_so_far = Column("USD bn", "drawn so far by funder", over="funders")
    line = Column("USD bn", "vendor credit that may be used and has not been")
    outstanding = Column("USD bn", "owed to each funder, shares at what they cost", over="funders")
    instalment = Column("USD bn/quarter", "repayment due every quarter by the deal's own term", over="funders")
    coupon = Column("1/yr", "rate on a loan with terms of its own, the average of its draws where none was agreed")
    repaid = Column("USD bn", "paid back so far")
    lost = Column("USD bn", "lost so far")
    interest = Column("USD bn", "interest paid so far")
    restricted = Column("USD bn", "bound to a use and not yet spent", over="uses")
    spent = Column("USD bn", "spent so far by payee", over="payees")
    untied = Column("USD bn", "drawn for no use in particular")
    called = Column("1", "part of what managers hold that was called from savers", over="asset_managers")
    released = Column("USD bn", "set free by a default so far")
    breached = Column("USD bn", "used off its purpose so far")
    short = Column("quarters", "quarters in a row in which the recipient's coverage was below the covenant")
    blocked = Column("1", "1 while the covenant stops draws")

    def __init__(self, deals: tuple[Deal, ...], axes: Mapping[str, int], replicates: int) -> None:
        """Make the table for a scenario's deals."""
        self.contracts = contracts(deals)
        super().__init__("Facilities", columns_of(Facilities), (len(self.contracts),), axes, replicates)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.contracts)

    def settle(self, market: MarketModel) -> None:
        """Look up rows by name and put the terms into arrays; called once, when all firms stand."""
        self.lenders = np.array([*range(len(market.managers)), self.axes["funders"] - 1], dtype=int)
        if not len(self):
            return
        rows = self.contracts
        self.to = Recipients(market, [row.recipient for row in rows])
        carriers = [(deal, recipient) for _, deal, recipient in vehicles(market.case.deals)]
        self.carrier = np.array([_place(carriers, row) for row in rows], dtype=int)
        self.of_vehicle = one_hot(self.carrier, len(carriers))
        self.amounts = _by_row([row.deal.amount for row in rows])
        self.part = _by_row([row.part for row in rows])
        self.schedule = np.zeros((len(rows), max([len(row.deal.draw) for row in rows], default=1)))
        for position, row in enumerate(rows):
            self.schedule[position, : len(row.deal.draw)] = row.deal.draw
        self.rate = _by_row([row.tranche.rate for row in rows])
        self.own_terms = _by_row([row.deal.own_terms for row in rows])
        self.has_rate = _by_row([row.deal.rate is not None for row in rows])
        self.has_term = _by_row([row.deal.term is not None for row in rows])
        self.rank = _by_row([row.tranche.rank for row in rows])
        self.guaranteed = _by_row([row.tranche.guaranteed for row in rows])
        self.term = _by_row([np.inf if row.deal.term is None else row.deal.term for row in rows])
        self.covenant = _by_row([row.deal.covenant for row in rows])
        self.grace = _by_row([row.deal.grace or 0.0 for row in rows])
        self.earmark = np.array([[row.deal.earmark.get(use, 0.0) for use in USES] for row in rows])[..., None]
        self.is_a = {kind: _by_row([row.deal.instrument == kind for row in rows]) for kind in INSTRUMENTS}
        names = funder_names(market.managers.names, market.vendors.names)
        self.givers = np.array([[row.deal.funders.get(name, 0.0) for name in names] for row in rows])[..., None]
        before = [None, *(row.deal for row in rows[:-1])]
        self.leads = _by_row([row.deal is not last for row, last in zip(rows, before, strict=True)])
        self.syndicated = _by_row([row.deal.syndicated for row in rows])
        self.bound = _by_row([sum(row.deal.earmark.values()) for row in rows])
        scale = market.parameters.deal_scale * market.parameters.price_level
        agreed = _by_row([row.deal.rate or 0.0 for row in rows])
        ones = np.ones(market.replicates)
        self.commit(commitment=self.amounts * self.part * scale * ones, coupon=agreed * ones)

    def holdings(self, market: MarketModel) -> Floats:
        """Return each funder's part of what is drawn now, shape (n, funders, R).

        The syndicated part goes to the other managers, by what they may lend of their cash. Lenders outside take
        their open part of what managers would lend.
        """
        managers, count = market.managers, len(market.managers)
        able = market.parameters.debt_mandate * positive(managers.cash) * managers.active
        others = (self.givers[:, :count] == 0.0) * able[None]
        spread = ratio(others, total(others, 1)[:, None])
        passed_on = (self.syndicated * (total(others, 1) > 0.0))[:, None]
        held = self.givers * (1.0 - passed_on)
        placed = held[:, :count] + passed_on * spread
        lends = self.is_a["loan"] + self.is_a["lease"]
        outside = market.parameters.open_private * lends[:, None] * placed
        rest = held[:, count:] + np.zeros(market.replicates)
        rest[:, -1] = rest[:, -1] + total(outside, 1)
        return np.concatenate([placed - outside, rest], axis=1)

    def of_lenders(self, by_funder: Floats) -> Floats:
        """Return the parts of managers and of the outside sector, shape (n, funders, R) to (n, lenders, R)."""
        return by_funder.take(self.lenders, 1)

    def on_vehicles(self, amount: Floats) -> Floats:
        """Add up by vehicle an amount by row, shape (n, ..., R) to (vehicles, ..., R)."""
        return added(self.of_vehicle, amount)

    def of_vehicle_rows(self, amount: Floats) -> Floats:
        """Return each row's value of an amount by vehicle, shape (n, ..., R); nothing for rows without one."""
        carried = (self.carrier >= 0).reshape(-1, *[1] * (amount.ndim - 1))
        return np.where(carried, amount[np.maximum(self.carrier, 0)], 0.0)

    @property
    def undrawn(self) -> Floats:
        """What was promised and is not drawn, USD bn, shape (n, R)."""
        return positive(self.commitment - self.drawn)

    def scheduled(self) -> Floats:
        """Return the part of each deal that falls to this quarter, shape (n, R); nothing while a covenant stops it."""
        return np.where(self.age < self.schedule.shape[1], self._at_age(self.schedule), 0.0)

    def scheduled_so_far(self) -> Floats:
        """Return the part of each deal that fell to the quarters so far, shape (n, R); nothing while it is stopped."""
        return self._at_age(np.cumsum(self.schedule, 1))

    def _at_age(self, parts: Floats) -> Floats:
        """Return what stands at each deal's age, the last part for older ones, shape (n, R); nothing where it waits."""
        position = clip(self.age, 0, parts.shape[1] - 1).astype(int)
        return np.where((self.age >= 0.0) & (self.blocked == 0.0), np.take_along_axis(parts, position, 1), 0.0)


def begin(market: MarketModel) -> None:
    """Let deals begin whose date has come and whose condition is seen, and let the others grow older (P0)."""
    facilities = market.facilities
    if not len(facilities):
        return
    waiting = facilities.age < 0.0
    ready = np.stack([_ready(market, row.deal) for row in facilities.contracts])
    vehicles = market.vehicles
    if len(vehicles):
        begun = facilities.on_vehicles(((waiting & ready) * facilities.is_a["lease"] > 0.0) * 1.0)
        vehicles.commit(active=np.maximum(vehicles.active, np.minimum(begun, 1.0)))
        if anywhere(begun):
            market.list_agents()
    older = facilities.age + (facilities.blocked == 0.0)
    facilities.commit(
        age=np.where(waiting, np.where(ready, 0.0, facilities.age), older),
        draw=np.zeros_like(facilities.draw),
        given=np.zeros_like(facilities.given),
    )


def _ready(market: MarketModel, deal: Deal) -> np.ndarray:
    """Return where a deal may begin: its date has come and its condition held last quarter, shape (R,)."""
    due = np.ones(market.replicates, dtype=bool) & (market.now >= deal.start)
    if deal.condition is None:
        return due
    due = due & (market.quarter > 0)
    if not anywhere(due):
        return due
    seen = INDICATORS[deal.condition.indicator].measure(market)
    above, below = deal.condition.above, deal.condition.below
    return due & (seen > above if above is not None else seen < (np.inf if below is None else below))


def announced(market: MarketModel) -> Floats | float:
    """Return the amount of the deals that begin this quarter, USD bn before scale and price level, shape (R,)."""
    facilities = market.facilities
    if not len(facilities):
        return 0.0
    return total(facilities.amounts * facilities.leads * (facilities.age == 0.0))


def watch_covenants(market: MarketModel) -> None:
    """Compare each recipient's coverage with its covenants, and stop or resume draws (P6)."""
    facilities, labs = market.facilities, market.labs
    if not len(facilities) or not facilities.covenant.any():
        return
    flow, service = (facilities.to.of(market, name) for name in ("operating_cash_flow", "debt_service"))
    coverage = np.where(service > 0.0, ratio(flow + service, service), np.inf)
    owing = (facilities.age >= 0.0) & ((facilities.undrawn > 0.0) | (total(facilities.outstanding, 1) > 0.0))
    short = np.where(owing & (coverage < facilities.covenant), facilities.short + 1.0, 0.0)
    blocked = (short >= facilities.grace) & (facilities.covenant > 0.0)
    facilities.commit(short=short, blocked=blocked.astype(np.float64))
    labs.commit(covenant_broken=_broken(market, labs))


def _broken(market: MarketModel, firms: Population[Any]) -> Floats:
    """Return ones where a covenant of a deal is broken, shape (n, R)."""
    return np.minimum(market.facilities.to.on(firms, market.facilities.blocked), 1.0)


def uncurbed(market: MarketModel, firms: Population[Any]) -> Floats | float:
    """Return the part of plans and dividends that covenants of deals leave to labs or clouds, shape (n, R), or one."""
    if not len(market.facilities) or not anywhere(market.facilities.blocked):
        return 1.0
    return 1.0 - market.parameters.covenant_curb * _broken(market, firms)


def _place(carriers: list[tuple[Deal, str]], row: Contract) -> int:
    """Return the vehicle of a row, -1 for none."""
    return next(
        (position for position, (deal, to) in enumerate(carriers) if deal is row.deal and to == row.recipient), -1
    )


def _by_row(values: list[float]) -> Floats:
    """Return one value a row, shape (n, 1)."""
    return np.array(values, dtype=np.float64).reshape(len(values), 1)
