"""Leases: which vehicle belongs to which lessee, supplier and guarantor, as arrays that never change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.state.arrays import Floats
from .facilities import vehicles
from .recipients import Recipients

if TYPE_CHECKING:
    from ..market_model import MarketModel


class Leases:
    """The fixed terms of a run's vehicles.

    Attributes:
        to: each vehicle's lessee.
        supplier: ones where a vendor supplies a vehicle, shape (vendors, vehicles, 1).
        customers: the vehicles' places among vendors' customers.
        equips: ones for vehicles that buy chips, shape (vehicles, 1); builds and buys likewise for new and old halls.
        guaranteed_by: ones where a vendor, or a lab, guarantees a vehicle, shape (vendors or labs, vehicles, 1).
    """

    def __init__(self, market: MarketModel) -> None:
        found = vehicles(market.case.deals)
        labs, vendors = market.labs.names, market.vendors.names
        self.to = Recipients(market, [lessee for _, _, lessee in found])
        self.supplier = _ones(vendors, [deal.supplier for _, deal, _ in found])
        self._supplier_row = np.array([max(0, _index(vendors, deal.supplier)) for _, deal, _ in found], dtype=int)
        self.customers = slice(len(labs), len(labs) + len(found))
        self.equips, self.builds, self.buys = (
            np.array([[float(deal.asset == kind)] for _, deal, _ in found]).reshape(len(found), 1)
            for kind in ("chips", "halls", "existing halls")
        )
        self.guaranteed_by = tuple(_ones(names, [deal.guarantor for _, deal, _ in found]) for names in (vendors, labs))
        self.limit = np.array([deal.guarantee * deal.recipients[to] for _, deal, to in found]).reshape(len(found), 1)

    def of_supplier(self, value: Floats) -> Floats:
        """Return each vehicle's supplier's value, shape (vehicles, R); the first vendor's where it buys halls."""
        return value[self._supplier_row]


def _index(names: tuple[str, ...], name: str) -> int:
    """Return a firm's row, -1 for none."""
    return names.index(name) if name in names else -1


def _ones(names: tuple[str, ...], wanted: list[str]) -> Floats:
    """Return ones where a firm is the one wanted, shape (names, wanted, 1)."""
    return np.array([[[float(name == other)] for other in wanted] for name in names]).reshape(
        len(names), len(wanted), 1
    )
