"""Residuals: how far two sides of an identity are apart, relative to what they measure."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import numpy as np

from ...agents.state.arrays import Floats, anywhere

if TYPE_CHECKING:
    from ..market_model import MarketModel


def worst(residual: Floats) -> Floats:
    """Return the largest absolute value over all axes but the last, shape (R,); not a number stays so."""
    return np.maximum.reduce(np.abs(residual).reshape(-1, residual.shape[-1]))


def relative(difference: Floats, scale: Floats) -> Floats:
    """Return the largest difference over one plus the largest of a scale, by replicate, shape (R,)."""
    gap = worst(difference)
    return gap / (worst(scale) + 1.0) if anywhere(gap) else gap


def below_zero(*stocks: Floats) -> Floats:
    """Return how far stocks lie below zero, relative to their largest value, by replicate, shape (R,)."""
    deepest = [np.minimum(stock.reshape(-1, stock.shape[-1]).min(0), 0.0) for stock in stocks]
    if not any(anywhere(depth) for depth in deepest):
        return deepest[0]
    return largest([np.abs(depth) / (worst(stock) + 1.0) for depth, stock in zip(deepest, stocks, strict=True)])


def largest(residuals: list[Floats]) -> Floats:
    """Return the largest of several residuals by replicate, shape (R,)."""
    return reduce(np.maximum, residuals)


def balance_gap(market: MarketModel, table: str, column: str) -> Floats:
    """Return how far a balance is from its opening plus its entries."""
    opening = market.ledger.opening[table, column]
    closing = market.ledger.tables[table].columns[column]
    explained = opening
    for entry in market.ledger.changes(table, column):
        explained = explained + entry.change
    return relative(closing - explained, closing)
