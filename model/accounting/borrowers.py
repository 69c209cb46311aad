"""Borrowers of all kinds in one array: labs, vendors, energy, equipment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.state.arrays import Floats

if TYPE_CHECKING:
    from ..market_model import MarketModel


def of_borrowers(market: MarketModel, column: str) -> Floats:
    """Return a column of all borrowing firms, shape (borrowers, ..., R)."""
    return np.concatenate([firms.__dict__[column] for firms in market.borrowers])


def split_by_kind(market: MarketModel, values: Floats) -> list[Floats]:
    """Return the parts of an array of all borrowers by kind of firm."""
    return [values[rows] for rows in market.borrower_rows]
