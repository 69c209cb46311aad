"""Firms of several kinds in one array: borrowers, and owners of accelerators."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.state.arrays import Floats, ratio, total

if TYPE_CHECKING:
    from ..market_model import MarketModel


def of_borrowers(market: MarketModel, column: str) -> Floats:
    """Return a column of all borrowing firms, shape (borrowers, ..., R)."""
    return np.concatenate([firms.__dict__[column] for firms in market.borrowers])


def split_by_kind(market: MarketModel, values: Floats) -> list[Floats]:
    """Return the parts of an array of all borrowers by kind of firm."""
    return [values[rows] for rows in market.borrower_rows]


def mean_yield(market: MarketModel) -> Floats:
    """Return what lenders quote on average, by what each firm owes, 1/yr, shape (R,)."""
    owed = total(of_borrowers(market, "loans"), 1)
    return ratio(total(owed * of_borrowers(market, "quoted_rate")), total(owed))


def of_owners(market: MarketModel, column: str) -> Floats:
    """Return a column of all owners of accelerators, labs first, then clouds, shape (owners, ..., R)."""
    return np.concatenate([firms.__dict__[column] for firms in market.owners])


def split_by_owner(market: MarketModel, values: Floats) -> tuple[Floats, Floats]:
    """Return the parts of an array of all owners: labs' and clouds'."""
    return values[: len(market.labs)], values[len(market.labs) :]


def world_fleet(market: MarketModel) -> Floats:
    """Return the accelerators of all owners and of the rest of the world, M H100e, shape (R,)."""
    labs, clouds = market.owners
    return total(labs.all.compute) + total(clouds.all.compute) + market.economy.outside_fleet
