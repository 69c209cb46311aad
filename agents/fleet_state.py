"""What owners of accelerators hold, order and are known by: their state and the parameters of their rules."""

from __future__ import annotations

from .firm import ASSUMPTION, Firm
from .state.arrays import Floats, of_all, positive, total
from .state.column import Column, Mirror
from .state.quantity import parameter


class FleetState(Firm):
    """What a firm that owns accelerators, and halls to run them in, is known by."""

    group = "fleet_owners"

    fleet = Column("M H100e", "accelerators by vendor", over="chip_vendors", symbol="K")
    old_fleet = Column("M H100e", "part of the fleet that is past its first years", symbol="Kold")
    retired = Column("M H100e/quarter", "accelerators that left the fleet this quarter")
    given_up = Column("M H100e/quarter", "accelerators that it gave up this quarter for better ones")
    arriving = Column("M H100e", "accelerators delivered this quarter, which run from the next one on")
    fleet_power = Column("GW", "IT power of the fleet", symbol="W")
    halls = Column("GW", "data-centre halls with power", symbol="D")
    halls_building = Column("GW", "halls under construction", length=12, symbol="Dpipe")
    halls_unconnected = Column("GW", "halls that wait for the grid", symbol="Dwait")
    halls_ordered = Column("GW", "halls ordered and not yet started", symbol="Dbl")
    hall_price = Column(
        "USD bn/GW", "what a hall without IT costs it, for the accelerators of its choice", symbol="dcu"
    )
    pue = Column("1", "power usage effectiveness of the halls", initial=1.25, symbol="pue")
    powered_share = Column("1", "part of the fleet that has a hall and power", initial=1.0, symbol="h")
    fleet_at_opening = Column("M H100e", "fleet when power was shared out this quarter")
    own_compute = Column("M H100e", "compute of its own fleet that ran this quarter")
    in_house = Column("M H100e", "compute that serves the owner's other products", symbol="Kin")
    power_bill = Column("USD bn/quarter", "power bought", symbol="bill")
    core_cash_flow = Column("USD bn/quarter", "cash flow of the owner's other business")
    other_capex = Column("USD bn/quarter", "capital spending of the owner's other business")
    may_buy = Column("1", "1 where a vendor takes its orders", over="chip_vendors", initial=1.0)
    vendor_mix = Column("1", "vendors' parts of planned compute", over="chip_vendors", symbol="pv")
    first_worth = Column("1", "what chips would earn over their price at the start, at the reference rate")
    planned_compute = Column("M H100e/quarter", "compute that it wants to order", symbol="dK")
    planned_halls = Column("GW/quarter", "halls that it wants to order", symbol="dD")
    announced = Column("M H100e", "compute that it has announced: signed, on order, and believed of deals")
    announced_growth = Column("1/quarter", "growth of its announcements that others expect")
    matched = Column("M H100e", "compute that it adds, or leaves out below nothing, because of others' announcements")
    debt_service = Column("USD bn/quarter", "interest and repayments, vendor finance included")
    operating_cash_flow = Column("USD bn/quarter", "what it earns less running costs and debt service", symbol="opcf")
    vendor_finance = Column("USD bn", "credit from vendors", over="chip_vendors", ledger=True, symbol="VF")
    vendor_shares = Column("1", "part of the shares by vendor", over="chip_vendors", ledger=True)
    leased_raised = Column("USD bn/quarter", "notes that vehicles drew for it this quarter")
    leased_spent = Column("USD bn", "what vehicles have spent for it so far")
    lease_rent = Column("USD bn/quarter", "rent paid to vehicles, and fees to their guarantors")
    leased_fleet = Column("M H100e", "part of the fleet that vehicles own")
    leased_on_order = Column("M units", "accelerators that vehicles have on order for it", over="chip_vendors")
    vendor_credit_line = Column("USD bn", "vendor credit promised and not yet used")
    restricted_cash = Column("USD bn", "cash bound to a use", over="uses", symbol="RC")
    restricted_received = Column("USD bn", "earmarked money received so far", over="uses")
    restricted_spent = Column("USD bn", "earmarked money spent on its use so far", over="uses")
    restricted_released = Column("USD bn", "earmarked money set free by default so far", over="uses")
    breach = Column("USD bn", "earmarked money used off its purpose so far", symbol="breach")

    chips_ordered = Mirror("chip_vendors", "backlog", "M units", "accelerators on order by vendor")
    order_value = Mirror("chip_vendors", "order_value", "USD bn", "value of the orders by vendor")
    prepaid = Mirror("chip_vendors", "prepaid", "USD bn", "paid in advance by vendor")

    # P7: choosing vendors
    price_performance = parameter(
        2.0, "1", 1.0, 4.0, ASSUMPTION, "weight of performance per dollar", "a_pp", shared=True
    )
    lock_in = parameter(2.5, "1", 0.0, 4.0, ASSUMPTION, "weight of what the fleet already runs on", "lock", shared=True)
    impatience = parameter(0.6, "1/quarter", 0.2, 1.0, ASSUMPTION, "weight of waiting time", "a_lt", shared=True)
    longest_wait = parameter(
        10.0, "quarters", 4.0, 20.0, ASSUMPTION, "waiting time beyond which none is worse", shared=True
    )
    order_answer = parameter(
        1.0,
        "1",
        0.0,
        2.0,
        "specification 2, section 5; assumption",
        "response of orders to what chips earn over their price",
        shared=True,
    )
    wait_discount = parameter(
        0.15,
        "1/quarter",
        0.05,
        0.3,
        "landed price per H100e fell .089 a quarter in 2024-25 (unit_economics.csv), times an elasticity of 1.5",
        "fall of orders with each quarter that they take",
        shared=True,
    )
    unprofitable_cancellation = parameter(
        0.25,
        "1/quarter",
        0.0,
        0.5,
        "specification 2, section 5; assumption",
        "part of unpaid orders cancelled where chips would earn nothing",
        shared=True,
    )
    waiting = parameter(
        0.3,
        "1",
        0.0,
        0.8,
        "specification 2, section 5; assumption",
        "part of orders put off for a generation that will do twice as much",
        shared=True,
    )
    waiting_horizon = parameter(
        2.0,
        "quarters",
        1.0,
        4.0,
        "specification 2, section 5; assumption",
        "time before a generation in which orders are put off",
        shared=True,
    )
    lifetime_power_cost = parameter(
        1.25 * 16 * 2190 * 1e-6,
        "USD thousand/kW per USD/MWh",
        0.02,
        0.08,
        "16 quarters of power at a PUE of 1.25; assumption",
        "what a chip's power costs over its life",
        shared=True,
    )

    growth_fade = parameter(
        0.12,
        "1/quarter",
        0.05,
        0.25,
        "specification 2, section 6; assumption",
        "how soon plans let expected growth fade",
        "rho",
        shared=True,
    )

    chip_life = parameter(
        20.0,
        "quarters",
        12.0,
        24.0,
        "server lives of 4-6 years (unit_economics.csv)",
        "life of a chip in its user cost",
        shared=True,
    )
    hall_life = parameter(
        50.0,
        "quarters",
        40.0,
        60.0,
        "leases of halls of 10-15 years (specification 2)",
        "life of a hall in its user cost",
        shared=True,
    )

    # P7: paying for it
    cash_per_core = parameter(
        2.5,
        "quarters",
        0.0,
        4.0,
        "cash of 72-95 bn on cash flows of 29-31 bn a quarter at the end of 2024 (cloud_accounts.csv; assumption)",
        "cash flow of their other business that owners keep in cash",
        shared=True,
    )

    # P7: answering rivals
    match = parameter(
        0.10,
        "1",
        -0.2,
        0.5,
        "specification 2, section 4; assumption: below 0 rivals' compute is a substitute",
        "part of others' unexpected announcements that owners match, of their own compute",
        shared=True,
    )
    credibility = parameter(
        0.5,
        "1",
        0.0,
        1.0,
        "specification 2, section 4; assumption",
        "part of undrawn deals that others count",
        shared=True,
    )
    announcement_memory = parameter(
        0.3,
        "1/quarter",
        0.1,
        0.6,
        "specification 2, section 4; assumption",
        "weight of news in what others expect",
        shared=True,
    )

    # P7, P12: fleets age
    young_life = parameter(
        12.0,
        "quarters",
        8.0,
        16.0,
        "specification 2, section 2; assumption",
        "time until a chip counts as old",
        shared=True,
    )
    old_life = parameter(
        8.0,
        "quarters",
        4.0,
        12.0,
        "server lives of 4-6 years (unit_economics.csv); specification 2, section 2",
        "time that an old chip is kept where power costs of a short let what they did at the start",
        shared=True,
    )
    hall_margin = parameter(
        2.0, "quarters", 0.0, 4.0, ASSUMPTION, "how far beyond a hall's time to build owners plan", shared=True
    )
    earmark_relief = parameter(
        0.5, "1", 0.0, 1.0, ASSUMPTION, "part of earmarked cash that replaces other funding", shared=True
    )
    earmark_pace = parameter(
        0.35, "1/quarter", 0.1, 1.0, ASSUMPTION, "part of earmarked cash ordered against", shared=True
    )
    plant_operating_cost = parameter(
        0.006, "1/quarter", 0.003, 0.012, ASSUMPTION, "running costs of plant, out of its book value", shared=True
    )

    @property
    def compute(self) -> Floats:
        """The fleet of all vendors together, M H100e, shape (n, R)."""
        return self.kept("fleet", of_all)

    @property
    def owned_compute(self) -> Floats:
        """The fleet without what vehicles own, M H100e, shape (n, R)."""
        return positive(self.compute - self.leased_fleet)

    @property
    def chips_coming(self) -> Floats:
        """Accelerators on order for it, those of its vehicles included, M units, shape (n, vendors, R)."""
        return self.chips_ordered + self.leased_on_order

    @property
    def restricted_sum(self) -> Floats:
        """Cash bound to any use, USD bn, shape (n, R)."""
        return total(self.restricted_cash, 1)

    @property
    def received_sum(self) -> Floats:
        """Earmarked money received so far for any use, what vehicles drew included, USD bn, shape (n, R)."""
        return total(self.restricted_received, 1) + self.leased_spent

    @property
    def spent_sum(self) -> Floats:
        """Earmarked money spent so far on any use, by vehicles at once, USD bn, shape (n, R)."""
        return total(self.restricted_spent, 1) + self.leased_spent

    @property
    def released_sum(self) -> Floats:
        """Earmarked money set free so far by default, USD bn, shape (n, R)."""
        return total(self.restricted_released, 1)

    @property
    def free_cash(self) -> Floats:
        """Cash that is not earmarked, USD bn, shape (n, R)."""
        return self.cash - self.restricted_sum
