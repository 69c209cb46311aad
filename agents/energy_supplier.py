"""Energy suppliers: each owns the plants of one technology and adds to them when power pays."""

from __future__ import annotations

import numpy as np

from .firm import ASSUMPTION, QUARTERS, Firm, Funding
from .rules.limits import smooth_cap
from .state.arrays import Floats, clip, positive, ratio
from .state.column import Column
from .state.population import decision
from .state.quantity import parameter
from .state.signals import Signals


class EnergySupplier(Firm):
    """A supplier of power from one technology; plants run in merit order.

    Examples:
        >>> import aimarket
        >>> model = aimarket.MarketModel("baseline", rng=7)
        >>> print(*(supplier.name for supplier in model.agents_by_type[aimarket.EnergySupplier]), sep=", ")
        Nuclear and hydro, Renewables with storage, Gas turbines, On-site gas and fuel cells, Legacy peakers
    """

    group = "energy_suppliers"

    capacity = Column("GW", "firm capacity", symbol="G")
    building = Column("GW", "plants under construction", length=26, symbol="epipe")
    marginal_cost = Column("USD/MWh", "running cost", symbol="mc")
    levelised_cost = Column("USD/MWh", "lifetime cost of a new plant", symbol="lcoe")
    capital_cost = Column("USD bn/GW", "cost of a new plant", symbol="ecap")
    fixed_cost = Column("USD bn/GW per quarter", "running cost whatever the plant makes", symbol="fom")
    lead_time = Column("quarters", "time to build a plant", initial=8.0, symbol="Te")
    growth_limit = Column("1/quarter", "growth at unit incentive", symbol="gmax")
    retirement = Column("1/quarter", "plants that retire")
    price_capture = Column("1", "price the technology earns over the average price", initial=1.0)
    capacity_credit = Column("1", "part of capacity that earns capacity payments", initial=1.0)
    on_site = Column("1", "1 where plants stand at data centres and need no grid")
    keeps_storage = Column("1", "1 for the supplier that owns the grid's storage")
    generated = Column("TWh/quarter", "power made this quarter")
    sales = Column("USD bn/quarter", "power sold and capacity paid this quarter")
    planned_capacity = Column("GW", "plants that the supplier wants to start")

    basic_incentive = parameter(
        0.3, "1", 0.0, 0.6, ASSUMPTION, "incentive to build plants even where power does not pay"
    )
    highest_incentive = parameter(3.0, "1", 1.0, 5.0, ASSUMPTION, "incentive beyond which builders cannot go faster")
    contract_uplift = parameter(1.05, "1", 0.9, 1.3, ASSUMPTION, "price of new contracts over the average price")
    on_site_response = parameter(
        0.15, "1/quarter", 0.0, 0.5, ASSUMPTION, "on-site plants started per GW of halls that wait for the grid"
    )
    on_site_limit = parameter(10.0, "GW", 2.0, 30.0, ASSUMPTION, "halls beyond which on-site builders cannot go faster")
    entry_margin = parameter(
        0.05, "1/yr", 0.0, 0.15, ASSUMPTION, "return above the cost of capital from which others enter"
    )
    entry_speed = parameter(
        0.3, "1/quarter per 1/yr", 0.0, 1.0, ASSUMPTION, "entry, of capacity, for each unit of return beyond that"
    )
    fastest_entry = parameter(0.10, "1/quarter", 0.02, 0.2, ASSUMPTION, "most of a technology's capacity that enters")
    debt_share_energy = parameter(0.6, "1", 0.2, 0.8, ASSUMPTION, "part of capital spending that suppliers borrow")
    equity_share_energy = parameter(0.15, "1", 0.0, 0.4, ASSUMPTION, "part of capital spending raised in shares")
    depreciation_energy = parameter(0.01, "1/quarter", 0.005, 0.03, ASSUMPTION, "depreciation of power plants")

    @decision()
    def plan_capacity(self, signals: Signals) -> Floats:
        """Return the plants to start, GW, shape (suppliers, R).

        Growth rises with what the technology earns above its lifetime cost and falls with the interest rate; on-site
        plants also follow the halls that wait for the grid (specification P7).
        """
        earns = self.contract_uplift * signals.forward_price * self.price_capture
        incentive = clip((earns - self.levelised_cost) / self.levelised_cost, 0.0, self.highest_incentive)
        money = np.exp(-self.rate_sensitivity * (self.quoted_rate - self.reference_rate))
        queue = self.on_site_response * np.minimum(signals.unconnected_halls, self.on_site_limit)
        grown = self.capacity * self.growth_limit * (self.basic_incentive + incentive) * money
        return self.active * positive(grown + self.on_site * queue + self.entry(signals))

    @property
    def yield_of_new(self) -> Floats:
        """What a new plant would earn a year before depreciation, of its cost, 1/yr, shape (suppliers, R)."""
        earned = self.earnings + self.depreciation_energy * self.fixed_assets
        return QUARTERS * ratio(earned, self.capacity * self.capital_cost)

    def entry(self, signals: Signals) -> Floats:
        """Return the plants that others start who enter, GW, shape (suppliers, R): where plants earn far above cost.

        A row stands for all who own plants of its technology; whoever enters enlarges it.
        """
        cost = self.quoted_rate + QUARTERS * self.depreciation_energy + self.entry_margin
        return self.capacity * smooth_cap(self.entry_speed * positive(self.yield_of_new - cost), self.fastest_entry)

    @decision(result=Funding)
    def request_funding(self, signals: Signals) -> Funding:
        """Return what suppliers ask to borrow and to raise in shares, USD bn, shape (suppliers, R) each."""
        spending = self.capital_cost * self.planned_capacity
        return Funding(self.debt_share_energy * spending, self.equity_share_energy * spending)
