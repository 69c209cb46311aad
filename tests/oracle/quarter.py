"""The quarter of the plain model: P0 to P15 in the specification's order, one function a phase."""

from .capital import raise_capital
from .chips import deliver_chips, order_chips
from .entry import admit_clouds, admit_labs
from .generations import receive_wafers, renew_products
from .halls import build_halls
from .industry import adjust
from .letting import let_capacity
from .plans import plan
from .power import clear_power
from .reckoning import settle_distress, value_firms
from .research import run_research, split_compute
from .seen import look_around
from .services import pay_running_costs, sell_services
from .world import Firm, World, parameters_of, pay


def apply_events(w: World) -> None:
    """P0: this quarter's parameters come into force, firms enter, deals are announced."""
    w.p = parameters_of(w.source)
    announced = sum(deal.amount for deal in w.source.case.deals if deal.start == w.source.now)
    amount = announced * w.p.deal_scale * w.p.price_level
    for lab in w.labs:
        lab.log_efficiency += w.p.efficiency_gift if lab.active else 0.0
    for vendor in w.vendors:
        vendor.price *= w.p.chip_price_wedge[vendor.row]
    renew_products(w)
    receive_wafers(w)
    admit_labs(w)
    admit_clouds(w)
    entering = [entry.firm for entry in w.source.case.entries if entry.start == w.source.now]
    for vendor in w.vendors:
        if vendor.name in entering:
            admit(w, vendor)
    for manager in w.managers:
        push = w.p.announcement_effect * amount / (4.0 * w.market.funding_trend)
        manager.news = push if manager.active else 0.0


def admit(w: World, vendor: Firm) -> None:
    """perf = perf_0, kw = .9 kw_0, cost 1.1 ucost_0, price .8 price_0, wafers of .15 and .03 M units, 8 bn from X.

    Vendor 0 is the one with the largest capacity.
    """
    p, first = w.p, max((other for other in w.vendors if other.active), key=lambda other: other.capacity)
    vendor.active = 1.0
    vendor.performance = first.performance
    vendor.unit_power = p.entrant_power * first.unit_power
    vendor.unit_cost = vendor.initial_unit_cost = p.entrant_cost * first.unit_cost
    vendor.price = p.entrant_price * first.price
    vendor.first_margin = 1.0 - vendor.unit_cost / vendor.price
    vendor.newest_performance, vendor.newest_power = vendor.performance, vendor.unit_power
    vendor.wafers_per_unit = vendor.newest_wafers = first.wafers_per_unit
    vendor.capacity += p.entrant_capacity
    bring_packaging(w, vendor)
    pay(w.outside, vendor, p.entrant_equity)


def bring_packaging(w: World, vendor: Firm) -> None:
    """An entrant brings the wafers of its capacity, built and building."""
    own = vendor.wafers_per_unit * w.p.entrant_capacity
    for other in w.vendors:
        wafers = other.wafer_share * w.market.wafers + (own if other is vendor else 0.0)
        other.wafer_share = wafers / (w.market.wafers + own)
    w.market.wafers += own
    for quarter in range(4):
        w.market.wafers_building[quarter] += vendor.wafers_per_unit * w.p.entrant_capacity_building


def expect(w: World) -> None:
    """P1: expectations are those stored at the end of the last quarter; what everybody can see is published."""
    look_around(w)


def close_books(w: World) -> None:
    """P15: the outside sector's position is what is left of all the payments."""
    w.market.outside_cash = w.outside.cash


PHASES = {
    "P0": apply_events,
    "P1": expect,
    "P2": clear_power,
    "P3a": let_capacity,
    "P3": split_compute,
    "P4": run_research,
    "P5": sell_services,
    "P6": pay_running_costs,
    "P7": plan,
    "P8": raise_capital,
    "P9": order_chips,
    "P10": deliver_chips,
    "P11": build_halls,
    "P12": adjust,
    "P13": settle_distress,
    "P14": value_firms,
    "P15": close_books,
}
