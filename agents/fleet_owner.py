"""Owners of accelerators: what labs and clouds have in common, from the choice of a vendor to the halls they need."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .fleet_state import FleetState
from .rules.choice import logit
from .rules.ordering import answer_to_wait, answer_to_worth, cancelled_part, not_put_off, worth_over_price
from .state.arrays import Floats, clip, positive, ratio, total
from .state.population import decision
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


class FleetOwner(FleetState):
    """A firm that owns accelerators, and halls to run them in."""

    group = "fleet_owners"

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

    def worth_at(self, rate: Floats, signals: Signals) -> Floats:
        """Return what the chosen mix would earn over its price at some rates, 1/yr, shape (n, R)."""
        landed, rated = self.landed_price(signals), self.power_per_compute(signals)
        return worth_over_price(landed, rated, rate + self.parameter_value("rental_hurdle"), signals, self)

    def answer_to_worth(self, signals: Signals) -> Floats:
        """Return by what factor plans follow what chips earn over their price since the start, shape (n, R)."""
        return answer_to_worth(self.worth_at(self.quoted_rate, signals), self.first_worth, self.order_answer)

    def answer_to_wait(self, signals: Signals) -> Floats:
        """Return by what factor orders follow the time they take, shape (n, R)."""
        wait = total(self.vendor_mix * np.minimum(signals.chip_lead_time, self.longest_wait), 1)
        return answer_to_wait(wait, self.parameter_value("normal_lead_time"), self.wait_discount)

    @decision(over="chip_vendors", most=1.0)
    def cancel_orders(self, signals: Signals) -> Floats:
        """Return the part of orders that an owner cancels since chips would not earn their price, (n, vendors, R)."""
        landed = signals.chip_landed_price / signals.chip_performance
        rated = signals.chip_power / signals.chip_performance
        rate = (self.quoted_rate + self.parameter_value("rental_hurdle"))[:, None]
        worth = worth_over_price(landed, rated, rate, signals, self)
        return cancelled_part(worth, 1.0, ratio(self.prepaid, self.order_value), self.unprofitable_cancellation)

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
        """Return the part of it for which halls stand or come, of who is in business, M H100e, shape (n, R).

        Part of it is put off where a vendor of its choice brings out a better generation soon.
        """
        order = np.minimum(self.wanted_order(signals), self.room_in_halls(signals))
        return self.active * order * total(self._orders_now(signals), 1)

    def _orders_now(self, signals: Signals) -> Floats:
        """Return by vendor the part of an order that is not put off, shape (n, vendors, R)."""
        ahead, better = signals.roadmap_quarters, signals.roadmap_performance
        return self.vendor_mix * not_put_off(ahead, better, self.waiting, self.waiting_horizon)

    def order_mix(self, signals: Signals) -> Floats:
        """Return the vendors' parts of what is ordered now, shape (n, vendors, R)."""
        now = self._orders_now(signals)
        whole = total(now, 1)[:, None]
        return np.where(whole > 0.0, ratio(now, whole), self.vendor_mix)

    @decision(most=1.0)
    def retire_chips(self, signals: Signals) -> Floats:
        """Return the part of the fleet that an owner gives up before its time, shape (n, R).

        Chips for which no hall stands earn nothing. They go as far as they would take the room of chips that it wants
        to order now and that do more with a hall's power, so that no owner is worse off for having more (specification
        2); for orders that it puts off nothing has to go. What vehicles own stays.
        """
        per_compute = self.power_per_compute(signals)
        wanted = self.wanted_order(signals) * total(self._orders_now(signals), 1)
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
