"""Distress: firms without cash default and are restructured; labs without a future leave the market (P13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.firm import ASSUMPTION
from ...agents.rules.learning import frontier
from ...agents.state.arrays import TINY, Floats, anywhere, positive, ratio, seldom, total
from ...agents.state.population import Population
from ...agents.state.quantity import ParameterGroup, parameter
from ..deals.earmarks import release_all, settle_breaches
from ..markets.letting import watch_landlords
from ..markets.tenancies import void_contracts
from .cloud_exit import taken_over
from .lab_exit import end_contracts, sell_up

if TYPE_CHECKING:
    from ..market_model import MarketModel


ONE_DOLLAR = 1e-9
"""USD bn: a firm that lacks less lacks nothing, so that what rounding leaves of a payment of all cash is no default."""


class Distress(ParameterGroup):
    """What creditors get, and when a lab gives up."""

    group = "distress"

    fleet_recovery = parameter(0.5, "1", 0.2, 0.9, ASSUMPTION, "part of collateral that lenders of a lab recover")
    other_recovery = parameter(
        0.6, "1", 0.3, 0.9, ASSUMPTION, "part of a loan recovered from suppliers, which fail in a bust on much debt"
    )
    swap_share = parameter(0.6, "1", 0.3, 0.95, ASSUMPTION, "part of the shares that lenders get for their loss")
    vendor_recovery = parameter(0.5, "1", 0.1, 0.9, ASSUMPTION, "part of vendor finance that survives a default")
    exit_window = parameter(
        12.0,
        "quarters",
        0.0,
        40.0,
        "specification P13; assumption",
        "a lab that defaults again within this time leaves the market; 0: it never does",
    )
    exit_gap = parameter(
        1.5, "OOM", 0.5, 3.0, "specification P13; assumption", "distance from the best model that counts as too far"
    )
    exit_patience = parameter(
        12.0, "quarters", 1.0, 40.0, "specification P13; assumption", "time too far behind that owners put up with"
    )
    exit_cash = parameter(
        1.0,
        "quarters",
        0.0,
        4.0,
        "specification P13; assumption",
        "costs that a lab too far behind has to hold in cash to go on; 0: it always goes on",
    )
    acquisition_price = parameter(
        0.35, "1", 0.1, 0.8, "specification P13; assumption", "price of the plant of a lab that leaves, of book value"
    )


def settle_distress(market: MarketModel) -> None:
    """Restructure firms that end the quarter without cash; labs leave that fail again or lag without hope (P13)."""
    labs = market.labs
    _look_at_labs(market)
    if seldom(labs.exited):
        end_contracts(market, labs.exited)
    defaulted = _failed(labs)
    for firms in market.borrowers:
        failed = _failed(firms)
        market.failed |= dict(zip(firms.names, failed, strict=True))
        if firms is labs:
            _restructure_owners(market, firms, failed * (1.0 - labs.exited))
        elif firms is market.clouds:
            gone = taken_over(market, failed)
            firms.commit(exited=gone)
            _restructure_owners(market, firms, failed * (1.0 - gone))
        else:
            _restructure(market, firms, failed, market.parameters.other_recovery)
        firms.commit(defaults=firms.defaults + failed)
    void_contracts(market, defaulted * (1.0 - labs.exited))
    watch_landlords(market)
    for firms in market.owners:
        settle_breaches(firms)
    if seldom(labs.exited):
        sell_up(market, labs.exited)
    if seldom(labs.exited) or seldom(market.clouds.exited):
        market.list_agents()


def _failed(firms: Population) -> Floats:
    """Return ones where a firm in business has no cash left, shape (n, R)."""
    return ((firms.cash < -ONE_DOLLAR) & (firms.active > 0.0)).astype(np.float64)


def _look_at_labs(market: MarketModel) -> None:
    """Find the labs that leave, and remember how long each has been solvent and how long too far behind."""
    labs, failed = market.labs, _failed(market.labs)
    too_far = frontier(labs.capability, labs.active) - labs.capability > market.parameters.exit_gap
    behind = labs.active * too_far * (labs.quarters_behind + 1.0)
    leaving = _leaving(market, failed, behind)
    labs.commit(
        since_default=(1.0 - failed) * (labs.since_default + labs.active),
        quarters_behind=behind,
        exited=leaving,
        takeovers=np.zeros_like(leaving),
    )


def _leaving(market: MarketModel, failed: Floats, behind: Floats) -> Floats:
    """Return ones where a lab leaves, shape (labs, R): it fails again, or is poor and has long been far behind."""
    labs, p = market.labs, market.parameters
    again = (failed * labs.defaults > 0.0) & (labs.since_default + 1.0 <= p.exit_window)
    costs = labs.operating_costs + labs.research_labour + labs.power_bill + labs.all.hired + labs.debt_service
    poor = positive(labs.cash) < p.exit_cash * costs
    return labs.active * (again | (poor & (behind >= p.exit_patience)))


def _restructure_owners(market: MarketModel, firms: Population, failed: Floats) -> None:
    """Restructure labs or clouds: lenders recover what collateral fetches, vendors a part; bound money is set free."""
    p = market.parameters
    collateral = p.fleet_recovery * firms.all.collateral(market.signals)
    lost = firms.vendor_finance * (failed * (1.0 - p.vendor_recovery))[:, None]
    market.ledger.write_off(firms, "vendor_finance", "written off", lost)
    release_all(firms, failed)
    _restructure(market, firms, failed, np.minimum(1.0, collateral / np.maximum(firms.all.debt, TINY)))


def _restructure(market: MarketModel, firms: Population, failed: Floats, recovery: Floats) -> None:
    """Write off loans, give lenders shares for their loss, and let trade creditors bear the hole in cash.

    The shares that lenders outside get are those that neither managers nor vendors hold.
    """
    if not seldom(failed):
        return
    loss = firms.loans * (failed * (1.0 - recovery))[:, None]
    market.ledger.write_off(firms, "loans", "written off", loss)
    lost = total(loss, 1)
    swap = (failed * market.parameters.swap_share * (lost > TINY))[:, None]
    change = swap * (ratio(loss, lost[:, None])[:, :-1] - firms.equity_held)
    market.ledger.post(firms, "equity_held", "swap", change)
    if firms in market.owners and anywhere(firms.vendor_shares):
        market.ledger.post(firms, "vendor_shares", "swap", -swap * firms.vendor_shares)
    hole = np.maximum(-firms.cash, 0.0) * failed
    market.ledger.transfer("creditor_write_off", market.economy, firms, received=hole)
