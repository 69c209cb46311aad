"""How orders answer to what chips earn, to how long they take, and to what is announced (S5)."""

from math import exp

from .generations import next_generation
from .renting import GW_QUARTER, mix_power, mix_price
from .world import TINY, Firm, World, part_of


def worth_over_price(w: World, landed: float, rated: float, rate: float) -> float:
    """worth = (market_rent - running cost - hall share) / (rate / 4 + 1 / chip_life), over the landed price."""
    p, drawn = w.p, rated * w.seen.pue
    hall, energy, money = drawn * w.seen.hall_cost, drawn * w.seen.power_price * GW_QUARTER, rate / 4.0
    running = energy + p.plant_operating_cost * (landed + hall)
    earned = max(w.market.market_rent - running - hall * (1.0 / p.hall_life + money), 0.0)
    return earned / (money + 1.0 / p.chip_life) / max(landed, TINY)


def answer_to_worth(w: World, owner: Firm) -> float:
    """(worth / landed price / its value at start)^order_answer."""
    rate = owner.quoted_rate + w.p.rental_hurdle
    worth = worth_over_price(w, mix_price(w, owner), mix_power(w, owner), rate)
    return (max(worth, TINY) / max(owner.first_worth, TINY)) ** w.p.order_answer


def answer_to_wait(w: World, owner: Firm) -> float:
    """exp(-wait_discount (wait - normal_wait)), no wait longer than the longest."""
    p = w.p
    offers = zip(owner.vendor_mix, w.seen.lead_time, strict=True)
    wait = sum(part * min(quarters, p.longest_wait) for part, quarters in offers)
    return exp(-p.wait_discount * (wait - p.normal_lead_time))


def ordered_now(w: World) -> list[float]:
    """1 - waiting (performance ratio - 1) by vendor, where a generation comes within two quarters."""
    parts = []
    for vendor in w.vendors:
        soon = vendor.until_generation <= w.p.waiting_horizon
        gain = max(next_generation(w, vendor).performance - 1.0, 0.0) if soon else 0.0
        parts.append(max(1.0 - w.p.waiting * gain, 0.0))
    return parts


def part_now(w: World, owner: Firm) -> float:
    return sum(part * now for part, now in zip(owner.vendor_mix, ordered_now(w), strict=True))


def mix_now(w: World, owner: Firm) -> list[float]:
    """The mix of what is not put off."""
    whole = part_now(w, owner)
    if whole <= 0.0:
        return owner.vendor_mix
    return [part * now / whole for part, now in zip(owner.vendor_mix, ordered_now(w), strict=True)]


def cancel_orders(w: World, owner: Firm) -> None:
    """cancel (backlog not prepaid) max(1 - worth / landed price, 0); advances are kept by the vendor."""
    rate, place = owner.quoted_rate + w.p.rental_hurdle, owner.customer
    for v, vendor in enumerate(w.vendors):
        performance = w.seen.performance[v]
        worth = worth_over_price(w, w.seen.landed[v] / performance, w.seen.unit_power[v] / performance, rate)
        unpaid = 1.0 - part_of(vendor.prepaid[place], vendor.order_value[place])
        kept = 1.0 - w.p.unprofitable_cancellation * unpaid * max(1.0 - worth, 0.0)
        vendor.backlog[place] *= kept
        vendor.order_value[place] *= kept
        vendor.prepaid[place] *= kept
