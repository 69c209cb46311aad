"""Owners of accelerators: what labs and clouds have in common, from the choice of a vendor to the halls they need."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .firm import ASSUMPTION, Firm
from .rules.choice import logit
from .state.arrays import Floats, clip, of_all, positive, ratio, total
from .state.column import Column, Mirror
from .state.population import decision
from .state.quantity import parameter
from .state.shown import shown
from .state.signals import Signals

SOON = 2.0
"""Quarters that owners look ahead when they fit chips into halls (specification P7)."""

ONE_CHIP = 1e-6
"""M H100e of one accelerator: less room or compute is none, so that what a sum leaves by rounding opens no door."""


@shown()
class ComputePlan(NamedTuple):
    """What owners of accelerators want to order, each of shape (n, R)."""

    compute: Floats
    halls: Floats


class FleetOwner(Firm):
    """A firm that owns accelerators, and halls to run them in."""

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
    planned_compute = Column("M H100e/quarter", "compute that it wants to order", symbol="dK")
    planned_halls = Column("GW/quarter", "halls that it wants to order", symbol="dD")
    debt_service = Column("USD bn/quarter", "interest and repayments, vendor finance included")
    operating_cash_flow = Column("USD bn/quarter", "what it earns less running costs and debt service", symbol="opcf")
    vendor_finance = Column("USD bn", "credit from vendors", over="chip_vendors", ledger=True, symbol="VF")
    vendor_shares = Column("1", "part of the shares by vendor", over="chip_vendors", ledger=True)
    leased_raised = Column("USD bn/quarter", "notes that vehicles drew for it this quarter")
    leased_spent = Column("USD bn", "what vehicles have spent for it so far")
    lease_rent = Column("USD bn/quarter", "rent paid to vehicles")
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

    @decision(over="chip_vendors", most=1.0)
    def choose_vendor(self, signals: Signals) -> Floats:
        """Return each vendor's part of the compute to order, shape (n, vendors, R).

        A logit on performance per dollar with lifetime power, on what the fleet already runs on, and on waiting time,
        among the vendors that take its orders (specification P7).
        """
        lifetime = signals.chip_price + signals.chip_power * (self.lifetime_power_cost * signals.power_price)
        merit = self.price_performance * np.log(signals.chip_performance / lifetime)
        habit = self.lock_in * ratio(self.fleet, self.compute[:, None])
        waiting = self.impatience * np.minimum(signals.chip_lead_time, self.longest_wait)
        return logit(merit + habit - waiting, signals.vendor_active * self.may_buy, axis=1)

    def landed_price(self, signals: Signals) -> Floats:
        """Return what the chosen mix costs with clusters, USD bn per M H100e, shape (n, R)."""
        return total(self.vendor_mix * (signals.chip_landed_price / signals.chip_performance), 1)

    def power_per_compute(self, signals: Signals) -> Floats:
        """Return the IT power of the chosen mix, GW per M H100e, shape (n, R)."""
        return total(self.vendor_mix * (signals.chip_power / signals.chip_performance), 1)

    def backlog_compute(self, signals: Signals) -> Floats:
        """Return the compute on order, M H100e, shape (n, R)."""
        return total(self.chips_coming * signals.chip_performance, 1)

    def retirement(self, quarters: float | Floats) -> Floats:
        """Return the part of the fleet that leaves in some quarters' time at last quarter's pace, shape (n, R)."""
        return clip(ratio(self.retired, self.compute) * quarters, 0.0, 1.0)

    @property
    def guests(self) -> Floats:
        """Halls that others' chips take or will take, GW, shape (n, R)."""
        return np.zeros_like(self.halls)

    def spare_halls(self, signals: Signals) -> Floats:
        """Return the IT power that halls have beyond fleet and orders within three quarters, GW, shape (n, R).

        Below zero where there are more chips than halls.
        """
        coming = self.halls + self.halls_unconnected + total(self.halls_building[:, :3], 1) - self.guests
        on_order = total(self.chips_coming * signals.chip_power, 1)
        filled = self.fleet_power * (1.0 - self.retirement(SOON)) + on_order
        return coming / signals.new_hall_pue - filled

    def hall_room(self, signals: Signals) -> Floats:
        """Return the IT power for which halls stand or come within three quarters, GW, shape (n, R)."""
        return positive(self.spare_halls(signals))

    def room_in_halls(self, signals: Signals) -> Floats:
        """Return the compute for which halls stand or come within three quarters, M H100e, shape (n, R)."""
        return ratio(self.hall_room(signals), self.power_per_compute(signals))

    def room_to_fill(self, signals: Signals) -> Floats:
        """Return the compute that money bound to chips, and vehicles, may find room for, M H100e, shape (n, R)."""
        return self.room_in_halls(signals)

    @property
    def sheltered_power(self) -> Floats:
        """The IT power for which halls stand or wait for the grid, GW, shape (n, R)."""
        return (self.halls + self.halls_unconnected) / self.pue

    def wanted_order(self, signals: Signals) -> Floats:
        """Return the compute that an owner would order if halls were no question, M H100e, shape (n, R)."""
        raise NotImplementedError

    def fitting_order(self, signals: Signals) -> Floats:
        """Return the part of it for which halls stand or come, of who is in business, M H100e, shape (n, R)."""
        return self.active * np.minimum(self.wanted_order(signals), self.room_in_halls(signals))

    @decision(most=1.0)
    def retire_chips(self, signals: Signals) -> Floats:
        """Return the part of the fleet that an owner gives up before its time, shape (n, R).

        Chips for which no hall stands earn nothing. They go as far as they would take the room of chips that it wants
        to order and that do more with a hall's power, so that no owner is worse off for having more (specification 2).
        What vehicles own stays.
        """
        per_compute, wanted = self.power_per_compute(signals), self.wanted_order(signals)
        idle = positive(self.fleet_power - self.sheltered_power)
        in_the_way = positive(wanted * per_compute - self.spare_halls(signals))
        better = (wanted > ONE_CHIP) & (per_compute * self.compute < self.fleet_power)
        return ratio(np.minimum(idle, in_the_way) * better, self.fleet_power)

    def halls_lacking(self, wanted: Floats, signals: Signals) -> Floats:
        """Return the halls that a fleet takes when halls ordered now stand, beyond those there and coming, GW.

        Args:
            wanted: the fleet wanted by then, M H100e, shape (n, R).
            signals: what everybody can see.
        """
        kept = 1.0 - self.retirement(signals.hall_lead_time + self.hall_margin)
        growth = positive(wanted - self.compute * kept)
        needed = signals.new_hall_pue * (self.fleet_power * kept + self.power_per_compute(signals) * growth)
        there = self.halls + self.halls_unconnected + total(self.halls_building, 1) + self.halls_ordered
        return positive(needed + self.guests - there)

    def planned_spending(self, signals: Signals) -> Floats:
        """Return the cost of the plans, USD bn, shape (n, R)."""
        return self.planned_compute * self.landed_price(signals) + self.planned_halls * self.hall_price

    def undelivered(self, signals: Signals) -> Floats:
        """Return what orders still cost when they are delivered, chips, clusters and halls, USD bn, shape (n, R)."""
        chips = total(self.order_value - self.prepaid, 1)
        clusters = total(self.chips_ordered * (signals.chip_landed_price - signals.chip_price), 1)
        return chips + clusters + self.halls_ordered * self.hall_price
