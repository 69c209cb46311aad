"""Chip vendors: they sell accelerators from scarce capacity and bring out new generations."""

from __future__ import annotations

import numpy as np

from .firm import ASSUMPTION, Firm, Funding
from .rules.pricing import price_after_lead_time
from .state.arrays import Floats, clip, positive, ratio, total
from .state.column import Column
from .state.population import decision
from .state.quantity import parameter
from .state.signals import Signals

TREND = "about 38 % a year in performance per dollar, 34 % per watt; Epoch AI reports 30-49 % (unit_economics.csv)"


class ChipVendor(Firm):
    """A vendor of accelerators: labs order ahead and pay a part in advance, the rest of the world pays on delivery.

    Examples:
        >>> import aimarket
        >>> model = aimarket.MarketModel("baseline", rng=7)
        >>> print(*(vendor.name for vendor in model.agents_by_type[aimarket.ChipVendor]), sep=", ")
        NVIDIA, Broadcom and Google TPU, AMD and AWS Trainium
    """

    group = "chip_vendors"

    capacity = Column("M units/quarter", "what packaging capacity allows", symbol="cap")
    capacity_building = Column("M units/quarter", "capacity under construction", length=12, symbol="vpipe")
    sells_openly = Column("1", "1 where it takes everybody's orders, the rest of the world's too", initial=1.0)
    performance = Column("M H100e/M units", "compute of a unit", symbol="perf")
    unit_power = Column("kW", "IT power of a unit", symbol="kw")
    price = Column("USD thousand/unit", "price of a unit", symbol="price")
    unit_cost = Column("USD thousand/unit", "cost of a unit", symbol="ucost")
    initial_unit_cost = Column("USD thousand/unit", "cost of a unit at the start", symbol="cost0")
    initial_output = Column("M units", "units made before the start", symbol="q0")
    output_ever = Column("M units", "units made so far", symbol="qcum")
    generation_cost = Column("1", "cost of this generation relative to the start's", initial=1.0, symbol="genf")
    first_sales = Column("USD bn/quarter", "what its first capacity could sell for; research is a part of sales")
    since_generation = Column("quarters", "quarters since the last generation", symbol="gensince")
    generations = Column("1", "new generations so far")
    new_generation = Column("1", "1 where a generation came out this quarter")
    backlog = Column("M units", "units on order by customer, the rest of the world last", over="customers", symbol="O")
    order_value = Column(
        "USD bn", "value of labs' orders at the price agreed", over="customers", ledger=True, symbol="OV"
    )
    prepaid = Column("USD bn", "paid in advance", over="customers", ledger=True, symbol="PP")
    delivered = Column("M units/quarter", "units delivered by customer", over="customers")
    shipped = Column("M H100e/quarter", "compute delivered, at its performance on the day")
    sales = Column("USD bn/quarter", "value of deliveries")
    planned_capacity = Column("M units/quarter", "capacity that the vendor wants to add")

    normal_lead_time = parameter(
        1.3, "quarters", 1.0, 3.0, ASSUMPTION, "lead time at which prices rest", "lt_star", shared=True
    )
    price_speed = parameter(
        0.05,
        "1/quarter",
        0.03,
        0.15,
        "revenue per H100e fell 25 % a year in 2024-25; assumption",
        "response of chip prices to the lead time",
        "eta_p",
    )
    lowest_chip_markup = parameter(0.3, "1", 0.1, 0.6, ASSUMPTION, "lowest markup over unit cost", "mlo")
    highest_chip_markup = parameter(
        3.0,
        "1",
        2.6,
        5.0,
        "vendor 0 starts at 2.6; NVIDIA's gross margin is 72-75 % (nvidia_datacenter_revenue.csv)",
        "highest markup over unit cost",
        "mhi",
    )
    chip_learning = parameter(
        0.10,
        "1",
        0.05,
        0.25,
        "the median learning rate is about 20 % (specification); assumption",
        "fall of unit cost per doubling of output",
        "LRchip",
    )
    generation_hazard = parameter(0.45, "1/quarter", 0.2, 0.9, TREND, "hazard of a new generation", "gen_h")
    generation_research = parameter(
        0.0,
        "1",
        0.0,
        0.5,
        "assumption; 0.3 in the specification",
        "by which power of its research, relative to the start, a vendor's hazard of a generation rises",
    )
    generation_gap = parameter(3, "quarters", 1, 8, ASSUMPTION, "least time between generations", structural=True)
    generation_performance = parameter(1.85, "1", 1.3, 2.5, TREND, "performance of a new generation, as a factor")
    generation_power = parameter(1.30, "1", 1.0, 1.8, TREND, "power of a new generation, as a factor")
    generation_pricing = parameter(
        0.6,
        "1",
        0.3,
        0.9,
        "launch prices against dense performance, A100 to H100 0.8, H100 to GB200 0.5; revenue per "
        "unit 2024-25 0.67 (unit_economics.csv, nvidia_datacenter_revenue.csv)",
        "elasticity of a new generation's cost and price to its performance",
        "gen_p",
    )
    capacity_growth = parameter(
        0.16,
        "1/quarter",
        0.08,
        0.22,
        "CoWoS: 37.5, 75, 130 thousand wafers a month end 2024-26 (unit_economics.csv)",
        "highest growth of capacity aimed at",
        "gcap",
    )
    capacity_lead_time = parameter(
        4, "quarters", 3, 8, ASSUMPTION, "time to build packaging capacity", "Tv", structural=True
    )
    capacity_response = parameter(0.5, "1", 0.1, 1.0, ASSUMPTION, "response of capacity growth to the lead time")
    capacity_drift = parameter(0.03, "1/quarter", 0.0, 0.06, ASSUMPTION, "growth of capacity at the normal lead time")
    capacity_pace = parameter(0.35, "1/quarter", 0.1, 1.0, ASSUMPTION, "part of the gap in capacity closed a quarter")
    capacity_horizon = parameter(4.0, "quarters", 2.0, 8.0, ASSUMPTION, "how far ahead vendors plan capacity")
    capacity_wear_chips = parameter(0.01, "1/quarter", 0.0, 0.03, ASSUMPTION, "capacity that wears out")
    capacity_cost_chips = parameter(
        12.0, "USD bn per M units/quarter", 4.0, 25.0, ASSUMPTION, "cost of packaging capacity"
    )
    capacity_upkeep = parameter(0.4, "USD bn per M units", 0.1, 1.0, ASSUMPTION, "running cost of capacity, a quarter")
    selling_cost_share = parameter(0.10, "1", 0.03, 0.2, ASSUMPTION, "selling and administration, out of sales")
    chip_research_share = parameter(0.12, "1", 0.05, 0.25, ASSUMPTION, "vendors' R&D, out of sales")
    debt_share_chips = parameter(0.4, "1", 0.0, 0.8, ASSUMPTION, "part of capital spending that vendors borrow")
    depreciation_chips = parameter(0.03, "1/quarter", 0.01, 0.06, ASSUMPTION, "depreciation of vendors' plant")
    outside_preference = parameter(
        1.0, "1", 0.1, 5.0, ASSUMPTION, "pull of a vendor on the rest of the world beyond price and wait"
    )

    @property
    def available_capacity(self) -> Floats:
        """Capacity after shocks, M units a quarter, shape (vendors, R)."""
        return self.capacity * self.parameter_value("chip_capacity_available")

    @property
    def lead_time(self) -> Floats:
        """Backlog over capacity, quarters, shape (vendors, R)."""
        return ratio(total(self.backlog, 1), self.available_capacity)

    @decision()
    def plan_capacity(self, signals: Signals) -> Floats:
        """Return the capacity to add, M units a quarter, shape (vendors, R).

        Capacity grows with the lead time up to a limit; what is being built is taken off (specification P7).
        """
        excess = self.capacity_response * (self.lead_time / self.normal_lead_time - 1.0) + self.capacity_drift
        growth = clip(excess, 0.0, self.capacity_growth)
        target = self.capacity * (1.0 + self.capacity_horizon * growth)
        gap = target - self.capacity - total(self.capacity_building, 1)
        return self.active * (self.capacity_pace * positive(gap))

    @decision(result=Funding)
    def request_funding(self, signals: Signals) -> Funding:
        """Return what vendors ask to borrow for their capacity, USD bn, shape (vendors, R); they issue no shares."""
        debt = self.debt_share_chips * (self.capacity_cost_chips * self.planned_capacity)
        return Funding(debt, np.zeros_like(debt))

    @decision()
    def set_price(self, signals: Signals) -> Floats:
        """Return the price of a unit, USD thousand, shape (vendors, R): by the lead time, between markups (P12)."""
        price = price_after_lead_time(self.price, self.lead_time, self.normal_lead_time, self.price_speed)
        lowest = self.unit_cost * (1.0 + self.lowest_chip_markup)
        return clip(price, lowest, self.unit_cost * (1.0 + self.highest_chip_markup))
