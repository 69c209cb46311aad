"""P7: rivals answer announcements, owners keep up as far as money and means let them."""

from math import exp, log

from .capital import part_taken
from .renting import mix_power, mix_price
from .seen import at_hand, backlog_compute, signed
from .world import TINY, Firm, World, clip, compute, part_of

RESEARCH = "research"
LEAST = 1e-6
"""M H100e: less is no announcement."""


def answer_rivals(w: World) -> None:
    """Announced compute, what is news in it, and what others do about it."""
    for owner in w.owners:
        owner.promised = owner.active * w.p.credibility * left_to_draw(w, owner) / all_in_price(w, owner)
    for lab in w.labs:
        lab.owner_rate = (lab.parent or lab).quoted_rate
        lab.owner_cash_flow = (lab.parent or lab).core_cash_flow
    show_suppliers(w)
    answer(w, w.labs, [signed(w, lab) + backlog_compute(w, lab) + lab.promised for lab in w.labs])
    answer(w, w.clouds, [backlog_compute(w, cloud) + cloud.promised for cloud in w.clouds])


def show_suppliers(w: World) -> None:
    """What deals are believed to buy waits at vendors, and halls for it load their builders."""
    for vendor in w.vendors:
        bought = sum(owner.vendor_mix[vendor.row] * owner.promised for owner in w.owners)
        vendor.announced_orders = part_of(bought, vendor.performance)
    halls = sum(owner.promised * mix_power(w, owner) for owner in w.owners) * w.seen.pue
    for sector in w.equipment:
        sector.announced_load = w.seen.contents[sector.row] * halls if sector.row < len(w.seen.contents) else 0.0


def left_to_draw(w: World, owner: Firm) -> float:
    """What deals that have begun have still to pay, without their part for research."""
    left = 0.0
    for deal in w.source.case.deals:
        since = w.source.now - deal.start
        if since >= 0 and deal.instrument != "vendor":
            drawn = sum(deal.draw[:since])
            whole = deal.amount * part_taken(w, deal, owner) * w.p.deal_scale * w.p.price_level
            left += whole * (1.0 - drawn) * (1.0 - deal.earmark.get(RESEARCH, 0.0))
    return left


def all_in_price(w: World, owner: Firm) -> float:
    return mix_price(w, owner) + mix_power(w, owner) * w.seen.pue * owner.hall_price


def answer(w: World, firms: list[Firm], announced: list[float]) -> None:
    """match compute sum_k overlap part_k (dln announced_k - expected); one segment: all overlap in full."""
    news = [
        clip(log(max(now, LEAST) / max(firm.announced, LEAST)), -1.0, 1.0) - firm.announced_growth
        for firm, now in zip(firms, announced, strict=True)
    ]
    for firm in firms:
        others = [k for k, other in enumerate(firms) if other is not firm]
        counted = [now * one.active for one, now in zip(firms, announced, strict=True)]
        said = [amount if amount > LEAST else 0.0 for amount in counted]
        whole = sum(said[k] for k in others)
        heard = sum(overlap(firm, firms[k]) * part_of(said[k], whole) * news[k] for k in others)
        firm.matched = firm.active * w.p.match * size(firm) * heard
    for firm, now, surprise in zip(firms, announced, news, strict=True):
        firm.announced = now
        firm.announced_growth += w.p.announcement_memory * surprise


def size(firm: Firm) -> float:
    return at_hand(firm) if firm.kind == "ai_labs" else compute(firm)


def overlap(firm: Firm, other: Firm) -> float:
    """Cosine of shares by segment; clouds overlap alike."""
    if firm.kind != "ai_labs":
        return 1.0
    inner = sum(one * two for one, two in zip(firm.share, other.share, strict=True))
    lengths = [max(sum(part * part for part in lab.share), TINY) ** 0.5 for lab in (firm, other)]
    return inner / (lengths[0] * lengths[1])


def watch_rivals(w: World) -> None:
    """What the largest rival runs, and with it what it announced, counted at match."""
    for lab in w.labs:
        others = [other for other in w.labs if other is not lab and other.active]
        run = [(other, other.powered_compute / w.p.compute_wedge[other.row]) for other in others]
        lab.largest_rival = max((max(now + w.p.match * other.announced, 0.0) for other, now in run), default=0.0)
        lab.rival_running = max((now for _, now in run), default=0.0)


def keeping_up(w: World, lab: Firm) -> float:
    """parity exp(-rate_sensitivity (rate of who pays - reference_rate))."""
    return w.p.parity[lab.row] * exp(-w.p.rate_sensitivity * (lab.owner_rate - w.p.reference_rate))
