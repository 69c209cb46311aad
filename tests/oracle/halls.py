"""P11: halls are started, completed and connected to the grid."""

from math import exp

from .chips import cash_of_cloud
from .seen import hall_prices, new_pue, own_inputs
from .world import (
    CHIPS_USE,
    CLUSTERS,
    CLUSTERS_USE,
    HALLS_USE,
    RENT_USE,
    RESEARCH_USE,
    TINY,
    Firm,
    World,
    pay,
    spend_earmarked,
)


def build_halls(w: World) -> None:
    """Start, record the load, complete, connect."""
    needed, built = start_halls(w)
    record_load(w, needed, built)
    complete_halls(w)
    connect_halls(w)


def start_halls(w: World) -> tuple[list[float], list[float]]:
    """Starts = min_k min(qcap_k / sum of x_k over the backlog, 1) backlog, paid at start.

    Return what was asked for and what was started, in the content of each sector.
    """
    p, market = w.p, w.market
    wanted = outside_wish(w)
    needed = [wanted * x for x in w.seen.contents]
    for owner in w.owners:
        needed = [sum_ + owner.halls_ordered * x for sum_, x in zip(needed, own_inputs(w, owner), strict=True)]
    sectors = zip(w.equipment[:CLUSTERS], needed, strict=True)
    scale = min(1.0, *(s.capacity * p.equipment_available / max(need, TINY) for s, need in sectors))
    begun = wanted * scale
    built = [begun * x for x in w.seen.contents]
    for owner in w.owners:
        started = start_for(w, owner, scale)
        built = [sum_ + started * x for sum_, x in zip(built, own_inputs(w, owner), strict=True)]
    prices = hall_prices(w, w.seen.contents)
    for sector, price in zip(w.equipment, prices, strict=False):
        pay(w.outside, sector, begun * price)
        sector.sales += begun * price
    market.outside_spending += begun * sum(prices)
    market.outside_ordered = wanted - begun
    market.outside_building[int(p.hall_lead_time)] += begun
    return needed, built


def outside_wish(w: World) -> float:
    """rowq' = .97 (rowq - started) + max(1.25 .87 (kW delivered exp(.10 (Tdc - 1)) - delta Wrow), 0)."""
    p, market = w.p, w.market
    chips = sum(vendor.delivered[-1] * vendor.unit_power for vendor in w.vendors)
    growth = exp(p.outside_hall_growth * (p.hall_lead_time - 1.0))
    need = p.outside_pue * p.outside_hall_need * (chips * growth - p.outside_wear * market.outside_power)
    return p.outside_order_memory * market.outside_ordered + max(need, 0.0)


def start_for(w: World, owner: Firm, scale: float) -> float:
    """Start what an owner can pay of its part; a tenth of what it cannot pay is cancelled."""
    p, prices = w.p, hall_prices(w, own_inputs(w, owner))
    planned = owner.halls_ordered * scale
    afford = min(1.0, usable(w, owner) / max(planned * sum(prices), TINY))
    begun = planned * afford
    for sector, price in zip(w.equipment, prices, strict=False):
        pay(owner, sector, begun * price)
        sector.sales += begun * price
    cost = begun * sum(prices)
    owner.fixed_assets += cost
    owner.capex += cost
    spend_earmarked(owner, HALLS_USE, cost)
    owner.halls_ordered = (owner.halls_ordered - begun) * (1.0 - p.cancellation * (1.0 - afford))
    owner.halls_building[int(p.hall_lead_time)] += begun
    return begun


def usable(w: World, owner: Firm) -> float:
    """Cash that may be used for halls: less what is bound to other uses, and of a lab's .05 rev."""
    bound = owner.restricted_cash
    elsewhere = bound[CLUSTERS_USE] + bound[CHIPS_USE] + bound[RESEARCH_USE] + bound[RENT_USE]
    if owner.kind == "clouds":
        return max(cash_of_cloud(w, owner) - elsewhere, 0.0)
    return max(owner.cash - elsewhere - w.p.payment_reserve * owner.revenue, 0.0)


def record_load(w: World, needed: list[float], built: list[float]) -> None:
    """ql = content of the backlog / qcap; for clusters max(ready, min(sum O kw / normal wait, 1.3 what comes))."""
    p = w.p
    joined = sum(sum(vendor.delivered) * vendor.unit_power for vendor in w.vendors)
    waiting = sum(sum(vendor.backlog) * vendor.unit_power for vendor in w.vendors) / p.normal_lead_time
    growing = 1.0 + sum(w.market.wafers_building) / max(w.market.wafers, TINY)
    coming = growing * sum(v.capacity * v.unit_power for v in w.vendors)
    loads, outputs = (
        [*needed, max(w.market.clusters_asked, min(waiting, p.cluster_foresight * coming))],
        [*built, joined],
    )
    for sector, load, output in zip(w.equipment, loads, outputs, strict=True):
        sector.load_factor = load / sector.capacity
        sector.output = output
        sector.output_ever += sector.output
        costs = p.equipment_cost_share * sector.sales / sector.price_index
        pay(sector, w.outside, costs)
        sector.profit = sector.sales - costs - p.depreciation_equipment * sector.fixed_assets


def complete_halls(w: World) -> None:
    """What is due waits for the grid."""
    market = w.market
    for owner in w.owners:
        owner.halls_unconnected += owner.halls_building[0]
        owner.halls_building = [*owner.halls_building[1:], 0.0]
    market.outside_unconnected += market.outside_building[0]
    market.outside_building = [*market.outside_building[1:], 0.0]


def connect_halls(w: World) -> None:
    """hc = hconn0 (1 + g_conn)^t grid + on-site plants completed this quarter, pro rata to what waits."""
    p, market = w.p, w.market
    grid = p.connection_rate * (1.0 + p.connection_growth) ** w.elapsed * p.grid_available
    on_site = sum(plant.building[0] for plant in w.energy if plant.on_site)
    waiting = sum(owner.halls_unconnected for owner in w.owners) + market.outside_unconnected
    part = min(1.0, (grid + on_site) / max(waiting, TINY))
    for owner in w.owners:
        new = owner.halls_unconnected * part
        kept = owner.halls * (1.0 - p.hall_wear)
        if kept + new > TINY:
            owner.pue = (kept * owner.pue + new * new_pue(w)) / (kept + new)
        owner.halls = kept + new
        owner.halls_unconnected -= new
    new = market.outside_unconnected * part
    market.outside_halls = market.outside_halls * (1.0 - p.hall_wear) + new
    market.outside_unconnected -= new
    added = p.storage_addition * p.world_over_us + p.storage_per_hall * waiting * part
    market.storage = market.storage * (1.0 - p.storage_wear) + added
