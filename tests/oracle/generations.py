"""P0: generations come as announced or late and take over sales in equal steps; packaging that is due comes into use.

A roadmap is what vendors had announced by the start; beyond it a generation follows a year later.
"""

from .world import Firm, World

GENERATIONS = 3
SOON = 1.0


def announced_of(w: World, vendor: Firm) -> list[Firm]:
    """Its roadmap: first quarters, as quarters since year 0, and factors."""
    rows = sorted((row for row in w.source.start.roadmap if row.vendor == vendor.name), key=lambda row: row.first)
    return [Firm(first=r.first, performance=r.performance, power=r.power, wafers=r.wafers) for r in rows]


def next_generation(w: World, vendor: Firm) -> Firm:
    rows, p = announced_of(w, vendor), w.p
    if vendor.generations < len(rows):
        return rows[int(vendor.generations)]
    usual = p.generation_performance, p.generation_power, p.generation_wafers
    return Firm(first=None, performance=usual[0], power=usual[1], wafers=usual[2])


def renew_products(w: World) -> None:
    for vendor, uniform in zip(w.vendors, w.uniform(GENERATIONS, len(w.vendors)), strict=True):
        comes = vendor.active and generation_comes(w, vendor, uniform)
        vendor.new_generation = 1.0 if comes else 0.0
        ramp(w, vendor, next_generation(w, vendor) if comes else None)
        if comes:
            vendor.generations += 1.0
            vendor.slipped = 0.0
            vendor.until_generation = quarters_to(w, next_generation(w, vendor))


def quarters_to(w: World, generation: Firm) -> float:
    if generation.first is None:
        return w.p.generation_spacing
    return max(generation.first - w.source.now, SOON)


def generation_comes(w: World, vendor: Firm, uniform: float) -> bool:
    """When it is due it slips by 0, 1 or 2 quarters with chances .5, .3, .2, once."""
    vendor.until_generation -= 1.0
    if vendor.until_generation > 0.0:
        return False
    late = 2.0 if uniform < w.p.two_quarters_late else 1.0
    on_time = uniform >= w.p.two_quarters_late + w.p.one_quarter_late
    if vendor.slipped or on_time or not w.p.chance:
        return True
    vendor.slipped, vendor.until_generation = 1.0, late
    return False


def ramp(w: World, vendor: Firm, new: Firm | None) -> None:
    """performance = sum_g part_g performance_g, parts .25, .5, .75, 1; cost and price by performance^pricing."""
    p = w.p
    if new:
        for name, factor in factors(w, new).items():
            gain = getattr(vendor, f"newest_{name}") * (factor - 1.0)
            setattr(vendor, f"newest_{name}", getattr(vendor, f"newest_{name}") + gain)
            pipeline = getattr(vendor, f"{name}_coming")
            for quarter in range(int(p.ramp_quarters)):
                pipeline[quarter] += gain / p.ramp_quarters
    gains = {name: due(getattr(vendor, f"{name}_coming")) for name in ("performance", "power", "wafers", "cost")}
    vendor.performance += gains["performance"]
    vendor.unit_power += gains["power"]
    vendor.wafers_per_unit += gains["wafers"]
    dearer = 1.0 + gains["cost"] / vendor.generation_cost
    vendor.generation_cost += gains["cost"]
    vendor.unit_cost *= dearer
    vendor.price *= dearer
    if w.departures.orders_repriced_by_generation:
        vendor.order_value = [value * dearer for value in vendor.order_value]


def factors(w: World, new: Firm) -> dict[str, float]:
    cost = 1.25
    if w.departures.price_follows_performance:
        cost = new.performance**w.p.generation_pricing
    return {"performance": new.performance, "power": new.power, "wafers": new.wafers, "cost": cost}


def due(pipeline: list[float]) -> float:
    pipeline.append(0.0)
    return pipeline.pop(0)


def receive_wafers(w: World) -> None:
    w.market.wafers += due(w.market.wafers_building)
