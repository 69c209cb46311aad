"""P7: whose chips an owner of fleets orders."""

from math import exp, log

from .world import TINY, Firm, World, compute


def vendor_mix(w: World, owner: Firm) -> list[float]:
    """uv = a_pp ln(perf / (price + lifetime power)) + lock K_v / K - a_lt min(lt, 10); pv = softmax over who sells."""
    p = w.p
    pull = []
    for vendor in w.vendors:
        lifetime = vendor.price + vendor.unit_power * p.lifetime_power_cost * w.market.power_price
        merit = p.price_performance * log(vendor.performance / lifetime)
        habit = p.lock_in * owner.fleet[vendor.row] / max(compute(owner), TINY)
        waiting = p.impatience * min(w.seen.lead_time[vendor.row], p.longest_wait)
        pull.append(exp(merit + habit - waiting) if vendor.active and owner.may_buy[vendor.row] else 0.0)
    return [part / sum(pull) for part in pull]
