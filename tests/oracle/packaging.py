"""Packaging: wafers booked by orders paid in advance, what vendors ask for, and how long orders wait (S5)."""

from math import exp, log

from .world import ONE_CHIP, TINY, Firm, World, part_of

SMALLEST_ORDER = 1e-6


def margin(vendor: Firm) -> float:
    return 1.0 - vendor.unit_cost / max(vendor.price, TINY)


def plan_packaging(w: World, vendor: Firm) -> None:
    """want = growth of orders + wafer_answer ln(wait / normal) + margin_answer (margin - margin at start).

    Its wafers, built and building, grow by smooth_cap(max(want, 0), packaging_growth / .63); foundries pay for it.
    """
    p, market = w.p, w.market
    capacity = vendor.capacity * p.chip_capacity_available[vendor.row]
    wait = vendor.lead_time + part_of(vendor.announced_orders, capacity)
    late = p.wafer_answer * log(max(wait / p.normal_lead_time, TINY))
    want = max(vendor.order_growth + late + p.margin_answer * (margin(vendor) - vendor.first_margin), 0.0)
    most = p.packaging_growth / (1.0 - exp(-1.0))
    growth = most * (1.0 - exp(-want / most))
    ahead = vendor.wafer_share * (market.wafers + sum(market.wafers_building))
    vendor.planned_capacity = ahead * (exp(growth) - 1.0) if vendor.active else 0.0
    vendor.debt_request = vendor.equity_request = 0.0


def expect_orders(w: World, vendor: Firm, units: float) -> None:
    """g' = .75 g + .25 dln of the wafers that orders take, within -.3 and .5."""
    ordered, before = units * vendor.wafers_per_unit, vendor.wafers_ordered
    if before > SMALLEST_ORDER and ordered > SMALLEST_ORDER:
        news = min(max(log(ordered / before), -0.3), 0.5)
        vendor.order_growth = (1.0 - w.p.order_news_weight) * vendor.order_growth + w.p.order_news_weight * news
    vendor.wafers_ordered = ordered


def book_wafers(w: World) -> None:
    """A quarter of all bookings is made anew, by wafers of prepaid orders (margin per wafer)^wafer_bid."""
    bids = [bid(w, vendor) for vendor in w.vendors]
    for vendor, own in zip(w.vendors, bids, strict=True):
        wish = own / sum(bids) if sum(bids) > 0.0 else vendor.wafer_share
        vendor.wafer_share += (wish - vendor.wafer_share) / w.p.capacity_lead_time
        vendor.wafer_share *= vendor.active
    whole = sum(vendor.wafer_share for vendor in w.vendors)
    for vendor in w.vendors:
        vendor.wafer_share /= whole
        vendor.capacity = vendor.wafer_share * w.market.wafers / max(vendor.wafers_per_unit, TINY)


def bid(w: World, vendor: Firm) -> float:
    """Who sells below cost bids as if a hundredth of the price were left."""
    earns = vendor.price * max(margin(vendor), 0.01) / max(vendor.wafers_per_unit, TINY)
    orders = zip(vendor.backlog, vendor.prepaid, vendor.order_value, strict=True)
    units = sum(ordered * paid / value for ordered, paid, value in orders if value > 0.0)
    return units * vendor.wafers_per_unit * max(earns, TINY) ** w.p.wafer_bid if vendor.active else 0.0


def measure_wait(vendor: Firm) -> None:
    """wait = backlog / deliveries, or over capacity where nothing was delivered."""
    given = sum(vendor.delivered)
    made = given if given > ONE_CHIP else vendor.capacity
    vendor.lead_time = sum(vendor.backlog) / max(made, TINY)


def build_packaging(w: World) -> None:
    """What vendors ask for is in use when as many quarters as the lead time begin."""
    w.market.wafers_building[int(w.p.capacity_lead_time) - 1] += sum(vendor.planned_capacity for vendor in w.vendors)
