"""Chip vendors: they sell accelerators from scarce capacity and bring out new generations."""

from __future__ import annotations

import numpy as np

from .firm import ASSUMPTION, Firm, Funding
from .rules.limits import smooth_cap
from .rules.pricing import price_after_wait
from .state.arrays import TINY, Floats, clip, positive, ratio
from .state.column import Column
from .state.population import decision
from .state.quantity import parameter
from .state.signals import Signals

TREND = "launches from A100 to GB200 (unit_economics.csv); assumption"
BEYOND = "of a generation that nobody has announced yet"

AS_WISHED = 1.0 - np.exp(-1.0)
"""Part of a wish that a limit which bends lets through where the wish is as large as the limit."""

RAMP = 8
"""Quarters for which a generation that takes over sales may be under way."""


class ChipVendor(Firm):
    """A vendor of accelerators: labs order ahead and pay a part in advance, the rest of the world pays on delivery.

    Examples:
        >>> import aimarket
        >>> model = aimarket.MarketModel("baseline", rng=7)
        >>> print(*(vendor.name for vendor in model.agents_by_type[aimarket.ChipVendor]), sep=", ")
        NVIDIA, Broadcom and Google TPU, AMD and AWS Trainium
    """

    group = "chip_vendors"

    capacity = Column("M units/quarter", "what its share of packaging makes", symbol="cap")
    wafer_share = Column("1", "part of all packaging wafers that it has booked")
    wafers_per_unit = Column("thousand wafers/M units", "packaging wafers that a unit takes")
    sells_openly = Column("1", "1 where it takes everybody's orders, the rest of the world's too", initial=1.0)
    performance = Column("M H100e/M units", "compute of a unit", symbol="perf")
    unit_power = Column("kW", "IT power of a unit", symbol="kw")
    price = Column("USD thousand/unit", "price of a unit", symbol="price")
    unit_cost = Column("USD thousand/unit", "cost of a unit", symbol="ucost")
    initial_unit_cost = Column("USD thousand/unit", "cost of a unit at the start", symbol="cost0")
    initial_output = Column("M units", "units made before the start", symbol="q0")
    output_ever = Column("M units", "units made so far", symbol="qcum")
    generation_cost = Column("1", "cost of what is sold relative to the start's", initial=1.0, symbol="genf")
    newest_performance = Column("M H100e/M units", "compute of a unit of the newest generation")
    newest_power = Column("kW", "IT power of a unit of the newest generation")
    newest_wafers = Column("thousand wafers/M units", "packaging wafers of the newest generation")
    newest_cost = Column("1", "cost of the newest generation relative to the start's", initial=1.0)
    performance_coming = Column("M H100e/M units", "what the mix gains as generations take over", length=RAMP)
    power_coming = Column("kW", "power that the mix gains likewise", length=RAMP)
    wafers_coming = Column("thousand wafers/M units", "wafers that the mix gains likewise", length=RAMP)
    cost_coming = Column("1", "cost that the mix gains likewise", length=RAMP)
    until_generation = Column("quarters", "quarters until the next generation, as it is announced")
    slipped = Column("1", "1 where that generation is late already")
    generations = Column("1", "new generations so far")
    new_generation = Column("1", "1 where a generation came out this quarter")
    backlog = Column("M units", "units on order by customer, the rest of the world last", over="customers", symbol="O")
    order_value = Column(
        "USD bn", "value of labs' orders at the price agreed", over="customers", ledger=True, symbol="OV"
    )
    prepaid = Column("USD bn", "paid in advance", over="customers", ledger=True, symbol="PP")
    announced_orders = Column("M units", "accelerators that undrawn deals are believed to buy")
    delivered = Column("M units/quarter", "units delivered by customer", over="customers")
    shipped = Column("M H100e/quarter", "compute delivered, at its performance on the day")
    sales = Column("USD bn/quarter", "value of deliveries")
    lead_time = Column("quarters", "orders on hand over what was delivered", symbol="lt")
    first_margin = Column("1", "gross margin at the start")
    wafers_ordered = Column("thousand wafers/quarter", "packaging wafers that this quarter's orders take")
    order_growth = Column("1/quarter", "expected growth of the wafers that orders take")
    planned_capacity = Column("thousand wafers/quarter", "packaging that the vendor asks for")

    normal_lead_time = parameter(
        1.3, "quarters", 1.0, 3.0, ASSUMPTION, "lead time at which prices rest", "lt_star", shared=True
    )
    price_answer = parameter(
        0.02,
        "1/quarter",
        0.0,
        0.08,
        "H100 at 35, 26.5, 23.5 thousand in mid-2023, 2024, 2025 through a shortage (unit_economics.csv)",
        "response of chip prices to the lead time",
    )
    lowest_gross_margin = parameter(
        0.45,
        "1",
        0.3,
        0.6,
        "AMD 0.54 (unit_economics.csv); specification 2, section 5",
        "lowest margin in a chip's price",
    )
    highest_gross_margin = parameter(
        0.80,
        "1",
        0.76,
        0.9,
        "NVIDIA's of 72-78 % (nvidia_datacenter_revenue.csv); specification 2, section 5",
        "highest margin in a chip's price",
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
    generation_spacing = parameter(
        4.0,
        "quarters",
        3.0,
        8.0,
        "launches of three makers a year apart on average, 2022-25 (unit_economics.csv); assumption",
        "time between generations beyond roadmaps",
    )
    one_quarter_late = parameter(
        0.3, "1", 0.0, 0.5, "specification 2, section 5; assumption", "chance that a generation comes a quarter late"
    )
    two_quarters_late = parameter(
        0.2, "1", 0.0, 0.5, "specification 2, section 5; assumption", "chance that it comes two quarters late"
    )
    ramp_quarters = parameter(
        4,
        "quarters",
        1,
        RAMP,
        "Blackwell took 2025 to replace what came before (general knowledge); assumption",
        "time in which a new generation takes over a vendor's sales",
        structural=True,
    )
    generation_performance = parameter(1.89, "1", 1.3, 2.5, TREND, f"performance {BEYOND}, as a factor")
    generation_power = parameter(1.30, "1", 1.0, 1.8, TREND, f"power {BEYOND}, as a factor")
    generation_wafers = parameter(
        1.3,
        "1",
        1.0,
        2.0,
        "larger packages: H100 to Blackwell 2.0 (roadmap.toml); assumption",
        f"packaging wafers {BEYOND}, as a factor",
    )
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
    packaging_growth = parameter(
        0.19,
        "1/quarter",
        0.12,
        0.3,
        "CoWoS: 11, 37.5, 75 thousand wafers a month end 2023-25, .31 and .17 a quarter (unit_economics.csv)",
        "growth of packaging that a wish for much more brings",
    )
    wafer_answer = parameter(
        0.10,
        "1/quarter",
        0.0,
        0.3,
        "specification 2, section 5; assumption",
        "response of the growth of packaging to the lead time",
    )
    margin_answer = parameter(
        0.2,
        "1/quarter",
        0.0,
        0.5,
        "specification 2, section 5; assumption",
        "response of the growth of packaging to the margin",
    )
    capacity_lead_time = parameter(
        4, "quarters", 3, 8, ASSUMPTION, "time to build packaging capacity", "Tv", structural=True
    )
    capacity_upkeep = parameter(0.4, "USD bn per M units", 0.1, 1.0, ASSUMPTION, "running cost of capacity, a quarter")
    selling_cost_share = parameter(0.10, "1", 0.03, 0.2, ASSUMPTION, "selling and administration, out of sales")
    chip_research_share = parameter(0.12, "1", 0.05, 0.25, ASSUMPTION, "vendors' R&D, out of sales")
    depreciation_chips = parameter(0.03, "1/quarter", 0.01, 0.06, ASSUMPTION, "depreciation of vendors' plant")
    outside_preference = parameter(
        1.0, "1", 0.1, 5.0, ASSUMPTION, "pull of a vendor on the rest of the world beyond price and wait"
    )

    @property
    def available_capacity(self) -> Floats:
        """Capacity after shocks, M units a quarter, shape (vendors, R)."""
        return self.capacity * self.parameter_value("chip_capacity_available")

    @property
    def gross_margin(self) -> Floats:
        """The part of a unit's price that is not its cost, shape (vendors, R)."""
        return 1.0 - ratio(self.unit_cost, self.price)

    @decision()
    def plan_capacity(self, signals: Signals) -> Floats:
        """Return the packaging to ask for, thousand wafers a quarter, shape (vendors, R).

        Its part of packaging, built and building, is to grow with orders, faster where they wait, announced ones among
        them, and where chips earn more than they did (specification 2, section 5).
        """
        wait = self.lead_time + ratio(self.announced_orders, self.available_capacity)
        late = self.wafer_answer * np.log(np.maximum(wait / self.normal_lead_time, TINY))
        rich = self.margin_answer * (self.gross_margin - self.first_margin)
        wish = positive(self.order_growth + late + rich)
        growth = smooth_cap(wish, self.packaging_growth / AS_WISHED)
        return self.active * self.wafer_share * signals.packaging_ahead * np.expm1(growth)

    @decision(result=Funding)
    def request_funding(self, signals: Signals) -> Funding:
        """Return what vendors ask to borrow and to raise in shares, USD bn: nothing, since foundries build for them."""
        return Funding(np.zeros_like(self.cash), np.zeros_like(self.cash))

    @decision()
    def set_price(self, signals: Signals) -> Floats:
        """Return the price of a unit, USD thousand, shape (vendors, R): by the lead time, between margins (P12)."""
        price = price_after_wait(self.price, self.lead_time, self.normal_lead_time, self.price_answer)
        lowest = self.unit_cost / (1.0 - self.lowest_gross_margin)
        return clip(price, lowest, self.unit_cost / (1.0 - self.highest_gross_margin))
