"""Firms that enter the market, and firms that leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.firm import ASSUMPTION
from ...agents.state.arrays import Floats, anywhere, ratio, total
from ...agents.state.population import MarketAgent, Population
from ...agents.state.quantity import ParameterGroup, parameter
from ..markets.rent import end_vehicles, forget_holder
from .cloud_entry import admit_clouds
from .cloud_exit import close_clouds
from .lab_entry import admit_labs
from .lab_exit import close_labs

if TYPE_CHECKING:
    from ..market_model import MarketModel


class Entry(ParameterGroup):
    """What a vendor that enters starts with, relative to the largest vendor of the day (specification P0)."""

    group = "entry"

    entrant_power = parameter(0.9, "1", 0.5, 1.5, ASSUMPTION, "power of an entrant's unit, as a factor")
    entrant_cost = parameter(1.1, "1", 0.7, 1.8, ASSUMPTION, "unit cost of an entrant, as a factor")
    entrant_price = parameter(0.8, "1", 0.5, 1.2, ASSUMPTION, "price of an entrant's unit, as a factor")
    entrant_capacity = parameter(0.15, "M units/quarter", 0.02, 0.5, ASSUMPTION, "capacity of an entrant")
    entrant_capacity_building = parameter(
        0.03, "M units/quarter", 0.0, 0.2, ASSUMPTION, "capacity it adds in each of the next four quarters"
    )
    entrant_equity = parameter(8.0, "USD bn", 1.0, 30.0, ASSUMPTION, "money that founders outside put in")


FIRST_QUARTERS = slice(0, 4)


def admit(market: MarketModel) -> None:
    """Let firms enter: vendors and labs that the scenario names for this quarter, and labs by chance.

    The outside sector puts up their money, of labs managers a part. A firm that has left stays out.
    """
    admit_labs(market)
    admit_clouds(market)
    for entry in market.case.entries:
        comes = entry.start == market.now
        if entry.firm in market.vendors.names and anywhere(comes):
            _admit_vendor(market, (np.array(market.vendors.names) == entry.firm)[:, None] & comes)


def _admit_vendor(market: MarketModel, comes: np.ndarray) -> None:
    """Activate a dormant vendor with the technology of the largest vendor, a little behind, where (n, 1) is true."""
    vendors, p = market.vendors, market.parameters
    new = comes * (1.0 - vendors.active)
    leading = (np.argmax(vendors.capacity * vendors.active, 0) == np.arange(len(vendors))[:, None]) * 1.0
    price = _taken_over(vendors.price, leading, new, p.entrant_price)
    vendors.commit(
        active=vendors.active + new,
        performance=_taken_over(vendors.performance, leading, new, 1.0),
        unit_power=_taken_over(vendors.unit_power, leading, new, p.entrant_power),
        unit_cost=_taken_over(vendors.unit_cost, leading, new, p.entrant_cost),
        initial_unit_cost=vendors.initial_unit_cost * (1.0 - new)
        + new * p.entrant_cost * _of(vendors.unit_cost, leading),
        price=price,
        newest_performance=_taken_over(vendors.performance, leading, new, 1.0, vendors.newest_performance),
        newest_wafers=_taken_over(vendors.wafers_per_unit, leading, new, 1.0, vendors.newest_wafers),
        wafers_per_unit=_taken_over(vendors.wafers_per_unit, leading, new, 1.0),
        newest_power=_taken_over(vendors.unit_power, leading, new, p.entrant_power, vendors.newest_power),
        capacity=vendors.capacity + new * p.entrant_capacity,
    )
    vendors.commit(first_margin=np.where(new > 0.0, vendors.all.gross_margin, vendors.first_margin))
    _add_packaging(market, new)
    market.ledger.transfer("equity_outside", market.economy, vendors, received=new * p.entrant_equity)
    market.list_agents()


def _add_packaging(market: MarketModel, new: Floats) -> None:
    """Add the packaging that an entrant brings, built and building, shape (vendors, R) of ones where it enters."""
    economy, vendors, p = market.economy, market.vendors, market.parameters
    own = new * vendors.wafers_per_unit * p.entrant_capacity
    wafers = economy.wafers + total(own)
    building = economy.wafers_building.copy()
    building[FIRST_QUARTERS] += total(new * vendors.wafers_per_unit * p.entrant_capacity_building)
    share = ratio(vendors.wafer_share * economy.wafers + own, wafers)
    vendors.commit(wafer_share=np.where(total(new) > 0.0, share, vendors.wafer_share))
    economy.commit(wafers=wafers, wafers_building=building)


def _taken_over(
    column: Floats, leading: Floats, new: Floats, factor: Floats | float, into: Floats | None = None
) -> Floats:
    """Return a column in which a new firm starts from the leading firm's value times a factor.

    Args:
        column: the leading firm's values.
        leading: a one at the leading firm.
        new: a one at the new firm.
        factor: what the new firm's value is of it.
        into: the column to change, where it is another.
    """
    return (column if into is None else into) * (1.0 - new) + new * factor * _of(column, leading)


def _of(column: Floats, leading: Floats) -> Floats:
    """Return the leading firm's value, shape (R,)."""
    return np.max(column * leading, 0)


def wind_up(market: MarketModel, firm: MarketAgent) -> None:
    """Take a firm out of business in all replicates.

    A lab leaves as labs leave by themselves: it sells its plant and pays whom it owes (`exits`). So does a cloud, and
    its tenants go with its plant. Of any other firm the books are closed and the plant is scrapped: what cash it has
    goes to the outside sector, its debts are written off, advances to it are forfeited. Nothing is created or destroyed
    but claims, and the row stays.
    """
    population = market.population_of(firm)
    gone = (np.arange(len(population)) == firm.row)[:, None] * population.active
    if population is market.labs:
        close_labs(market, gone)
    elif population is market.clouds:
        close_clouds(market, gone)
    elif population is market.vehicles:
        end_vehicles(market, gone)
    else:
        _close(market, population, gone)


def _close(market: MarketModel, population: Population, gone: Floats) -> None:
    """Close the books of a supplier or manager, shape (n, R) of ones where it goes."""
    ledger = market.ledger
    if population is market.managers:
        for firms in market.borrowers:
            void = np.concatenate([firms.loans[:, :-1] * gone, np.zeros_like(firms.loans[:, -1:])], axis=1)
            ledger.write_off(firms, "loans", "written off", void)
            ledger.write_off(firms, "equity_held", "written off", firms.equity_held * gone)
        forget_holder(market, gone)
    else:
        _close_supplier(market, population, gone)
    ledger.transfer("exit", population, market.economy, paid=population.cash * gone)
    population.commit(active=population.active * (1.0 - gone))


def _close_supplier(market: MarketModel, population: Population, gone: Floats) -> None:
    """Write off what a supplier owes and owns."""
    ledger = market.ledger
    for column in ("loans", "equity_held"):
        ledger.write_off(population, column, "written off", population.columns[column] * gone[:, None])
    ledger.write_off(population, "fixed_assets", "sale", population.fixed_assets * gone)
    population.commit(value=population.value * (1.0 - gone), earnings=population.earnings * (1.0 - gone))
    if population is market.vendors:
        _close_vendor(market, gone)
    else:
        population.commit(capacity=population.capacity * (1.0 - gone))


def _close_vendor(market: MarketModel, gone: Floats) -> None:
    """Cancel the orders with a vendor and what it has lent to customers."""
    vendors, ledger = market.vendors, market.ledger
    for firms in market.owners:
        for column in ("vendor_shares", "vendor_finance"):
            ledger.write_off(firms, column, "written off", firms.columns[column] * gone)
    for column in ("order_value", "prepaid"):
        ledger.write_off(vendors, column, "forfeited", vendors.columns[column] * gone[:, None])
    kept = 1.0 - gone
    vendors.commit(
        backlog=vendors.backlog * kept[:, None],
        capacity=vendors.capacity * kept,
    )
