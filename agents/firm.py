"""What every firm that borrows has in common: cash, plant, loans, shares and a wish for money."""

from __future__ import annotations

from typing import NamedTuple

from .state.arrays import Floats, of_all
from .state.column import Column
from .state.population import MarketAgent
from .state.quantity import parameter
from .state.shown import shown

ASSUMPTION = "assumption"
HOURS = 2190.0
"""Hours in a quarter."""

QUARTERS = 4.0
"""Quarters in a year."""

GWH_PRICE = 1e-6
"""1 GW for one hour at 1 USD/MWh is 1e-6 USD bn."""


@shown()
class Funding(NamedTuple):
    """What firms ask of the capital market this quarter, USD bn, each of shape (n, R)."""

    debt: Floats
    equity: Floats


class Firm(MarketAgent):
    """A firm with a balance sheet that borrows from asset managers and issues shares to them."""

    group = "firms"

    cash = Column("USD bn", "deposits, restricted ones included", ledger=True)
    fixed_assets = Column("USD bn", "plant at book value, work in progress included", ledger=True, symbol="FA")
    loans = Column("USD bn", "debt by lender, the outside sector last", over="lenders", ledger=True, symbol="loan")
    equity_held = Column("1", "part of the shares by manager", over="asset_managers", ledger=True, symbol="eqm")
    interest_rate = Column(
        "1/yr", "average rate on the debt, loans with terms of their own apart", initial=0.07, symbol="rate"
    )
    quoted_rate = Column("1/yr", "rate asked for a new loan", initial=0.07, symbol="rnew")
    default_risk = Column("1/yr", "lenders' estimate of the probability of default", symbol="PD")
    value = Column("USD bn", "value of the shares", symbol="val")
    round_value = Column("USD bn", "value of the shares that buyers outside go by: it follows rounds, not days")
    earnings = Column("USD bn/quarter", "earnings before interest and tax, smoothed", symbol="ebit")
    profit = Column("USD bn/quarter", "earnings before interest and tax this quarter")
    capex = Column("USD bn/quarter", "spending on plant this quarter", symbol="capex")
    debt_request = Column("USD bn", "what the firm asked to borrow")
    equity_request = Column("USD bn", "what the firm asked to raise in shares")
    debt_raised = Column("USD bn/quarter", "loans taken up this quarter, the deal's included")
    equity_raised = Column("USD bn/quarter", "shares issued this quarter, to managers and to the outside")
    defaults = Column("1", "defaults so far", symbol="ndef")

    rate_sensitivity = parameter(
        4.0, "yr", 0.0, 10.0, ASSUMPTION, "how strongly plans shrink as new loans get dearer", "eps_r", shared=True
    )
    reference_rate = parameter(
        0.075,
        "1/yr",
        0.03,
        0.15,
        ASSUMPTION,
        "rate on new loans at which plans are neither trimmed nor stretched",
        shared=True,
    )

    @property
    def debt(self) -> Floats:
        """Loans from all lenders, USD bn, shape (n, R)."""
        return self.kept("loans", of_all)
