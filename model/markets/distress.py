"""Distress: firms without cash default and are restructured (P13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.firm import ASSUMPTION
from ...agents.state.arrays import TINY, Floats, ratio, total
from ...agents.state.population import Population
from ...agents.state.quantity import ParameterGroup, parameter
from ..earmarks import release_all, settle_breaches

if TYPE_CHECKING:
    from ..market_model import MarketModel


class Distress(ParameterGroup):
    """What creditors get."""

    group = "distress"

    fleet_recovery = parameter(0.5, "1", 0.2, 0.9, ASSUMPTION, "part of collateral that lenders of a lab recover")
    other_recovery = parameter(0.6, "1", 0.3, 0.9, ASSUMPTION, "part of a loan recovered from other firms")
    swap_share = parameter(0.6, "1", 0.3, 0.95, ASSUMPTION, "part of the shares that lenders get for their loss")
    vendor_recovery = parameter(0.5, "1", 0.1, 0.9, ASSUMPTION, "part of vendor finance that survives a default")


def settle_distress(market: MarketModel) -> None:
    """Restructure every firm that ends the quarter without cash (P13)."""
    labs, p = market.labs, market.parameters
    collateral = p.fleet_recovery * labs.all.collateral(market.signals)
    for firms in market.borrowers:
        failed = ((firms.cash < 0.0) & (firms.active > 0.0)).astype(np.float64)
        recovery = p.other_recovery
        if firms is labs:
            recovery = np.minimum(1.0, collateral / np.maximum(firms.all.debt, TINY))
            market.ledger.write_off(
                labs, "vendor_finance", "written off",
                labs.vendor_finance * (failed * (1.0 - p.vendor_recovery))[:, None],
            )  # fmt: skip
            release_all(labs, failed)
        _restructure(market, firms, failed, recovery)
        market.failed |= dict(zip(firms.names, failed, strict=True))
        firms.commit(defaults=firms.defaults + failed)
    settle_breaches(labs)


def _restructure(market: MarketModel, firms: Population, failed: Floats, recovery: Floats) -> None:
    """Write off loans, give lenders shares for their loss, and let trade creditors bear the hole in cash."""
    loss = firms.loans * (failed * (1.0 - recovery))[:, None]
    market.ledger.write_off(firms, "loans", "written off", loss)
    lost = total(loss, 1)
    swap = (failed * market.parameters.swap_share * (lost > TINY))[:, None]
    change = swap * (ratio(loss, lost[:, None]) - firms.equity_held)
    market.ledger.post(firms, "equity_held", "swap", change)
    hole = np.maximum(-firms.cash, 0.0) * failed
    market.ledger.transfer("creditor_write_off", market.economy, firms, received=hole)
