"""Equipment suppliers: construction, cooling, storage and clusters, one firm a sector."""

from __future__ import annotations

from .firm import ASSUMPTION, Firm, Funding
from .rules.learning import wright
from .state.arrays import Floats, clip, positive, ratio
from .state.column import Column
from .state.population import decision
from .state.quantity import parameter
from .state.signals import Signals

CONSTRUCTION, COOLING, STORAGE, CLUSTERS = range(4)
"""The sectors, in the order of the rows: three go into a hall, the fourth joins accelerators into clusters."""

SECTORS = ("construction", "cooling", "storage", "clusters")
"""What the sectors are called where capital is shown by sector."""

HALL_SECTORS = slice(CONSTRUCTION, CLUSTERS)


class EquipmentSupplier(Firm):
    """A supplier of one sector of the data centre.

    Examples:
        >>> import aimarket
        >>> model = aimarket.MarketModel("baseline", rng=7)
        >>> print(*(supplier.name for supplier in model.agents_by_type[aimarket.EquipmentSupplier]), sep=", ")
        Construction, Cooling, Storage, Clusters and networking
    """

    group = "equipment_suppliers"

    capacity = Column("GW/quarter", "what the sector can build in a quarter", symbol="qcap")
    capacity_building = Column("GW/quarter", "capacity under construction", length=6, symbol="qpipe")
    price_index = Column("1", "price relative to cost at the start", initial=1.0, symbol="qpm")
    output_ever = Column("GW", "output so far", symbol="qQ")
    initial_output = Column("GW", "output before the start", symbol="qQ0")
    load_factor = Column("1", "orders over capacity", initial=1.0, symbol="ql")
    announced_load = Column("GW", "what halls for the compute that undrawn deals are believed to buy take of it")
    output = Column("GW/quarter", "output this quarter")
    sales = Column("USD bn/quarter", "works paid this quarter")
    planned_capacity = Column("GW/quarter", "capacity that the sector wants to add")

    hall_cost = parameter(
        10.5,
        "USD bn/GW",
        8.0,
        15.0,
        "9-12 USD m per MW without IT; all-in 29-35 bn per GW (unit_economics.csv)",
        "cost of a hall without IT at the start",
        "dc_cost",
    )
    hall_cost_share = parameter(
        0.18, "1", 0.05, 0.7, "cost split of Bernstein (unit_economics.csv); assumption", "sector's part of a hall"
    )
    learning_rate = parameter(
        0.10, "1", 0.0, 0.25, "batteries 18 %; others assumption", "fall of a sector's cost per doubling of output"
    )
    cluster_cost = parameter(
        0.25,
        "1",
        0.15,
        0.35,
        "networking is about 13 % of capex, GPUs 39 % (Bernstein, unit_economics.csv)",
        "clusters and networking, out of the chip price",
        "cluster",
        shared=True,
    )
    hall_lead_time = parameter(
        4, "quarters", 2, 8, "Epoch AI: 1-3.6 years to 1 GW", "time to build a hall", "Tdc", structural=True
    )
    capacity_cost_equipment = parameter(
        1.5, "USD bn per GW/quarter", 0.2, 5.0, ASSUMPTION, "cost of a sector's capacity"
    )
    equipment_lead_time = parameter(
        2, "quarters", 1, 5, ASSUMPTION, "time to build a sector's capacity", structural=True
    )
    load_response = parameter(0.5, "1", 0.1, 1.0, ASSUMPTION, "response of a sector's capacity to its load")
    load_drift = parameter(0.04, "1/quarter", 0.0, 0.1, ASSUMPTION, "growth of a sector's capacity at full load")
    equipment_growth = parameter(0.30, "1/quarter", 0.1, 0.5, ASSUMPTION, "highest growth of a sector's capacity")
    equipment_price_speed = parameter(
        0.05, "1/quarter", 0.0, 0.2, ASSUMPTION, "response of a sector's price to its load", "eta_q"
    )
    lowest_price_index = parameter(0.85, "1", 0.6, 1.0, ASSUMPTION, "lowest price relative to cost at the start")
    highest_price_index = parameter(2.0, "1", 1.2, 3.0, ASSUMPTION, "highest price relative to cost at the start")
    highest_load_heard = parameter(1.5, "1", 0.5, 3.0, ASSUMPTION, "overload that prices still respond to")
    cluster_foresight = parameter(
        1.3, "1", 1.0, 2.0, ASSUMPTION, "most that cluster builders prepare for, of chip capacity built and building"
    )
    equipment_cost_share = parameter(
        0.80, "1", 0.6, 0.95, ASSUMPTION, "cost of works out of their price when the price index is 1"
    )
    capacity_wear_equipment = parameter(0.008, "1/quarter", 0.0, 0.03, ASSUMPTION, "capacity that wears out")
    debt_share_equipment = parameter(0.5, "1", 0.0, 0.8, ASSUMPTION, "part of capital spending that suppliers borrow")
    equity_share_equipment = parameter(0.1, "1", 0.0, 0.4, ASSUMPTION, "part of capital spending raised in shares")
    depreciation_equipment = parameter(0.025, "1/quarter", 0.01, 0.06, ASSUMPTION, "depreciation of suppliers' plant")

    @property
    def price_level(self) -> Floats:
        """What the sector's work costs relative to the start, learning included, shape (sectors, R)."""
        return self.price_index * wright(self.output_ever, self.initial_output, self.learning_rate)

    @decision()
    def plan_capacity(self, signals: Signals) -> Floats:
        """Return the capacity to add, GW a quarter, shape (sectors, R).

        It grows with the load, announced orders of halls among it (specification P7).
        """
        load = self.load_factor + ratio(self.announced_load, self.capacity)
        growth = self.load_response * (load - 1.0) + self.load_drift
        return self.active * (self.capacity * clip(growth, 0.0, self.equipment_growth))

    @decision(result=Funding)
    def request_funding(self, signals: Signals) -> Funding:
        """Return what suppliers ask to borrow and to raise in shares, USD bn, shape (sectors, R) each."""
        spending = self.capacity_cost_equipment * positive(self.planned_capacity)
        return Funding(self.debt_share_equipment * spending, self.equity_share_equipment * spending)

    @decision()
    def set_price(self, signals: Signals) -> Floats:
        """Return the price index, shape (sectors, R): it follows the load between two limits (specification P12)."""
        excess = clip(self.load_factor - 1.0, -1.0, self.highest_load_heard)
        index = self.price_index * (1.0 + self.equipment_price_speed * excess)
        return clip(index, self.lowest_price_index, self.highest_price_index)
