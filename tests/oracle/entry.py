"""P0: a lab enters, named by the scenario or by chance, with plant bought from the rest of the world."""

from typing import Any

from .demand import potential
from .renting import cost_at_own_risk
from .seen import average_inputs, hall_prices, landed_price
from .world import Firm, World, best_of, mean_sentiment, part_of, pay

ENTRY = 5
CLOUD_ENTRY = 7


def admit_labs(w: World) -> None:
    """Those named for this quarter, and with chance p_ent max(zbar, 0) (M / M0)^.5 any other that never was."""
    named = [entry.firm for entry in w.source.case.entries if entry.start == w.source.now]
    uniform = w.uniform(ENTRY, len(w.labs))
    chance = hazard(w) if w.p.chance and w.p.lab_entry_hazard else 0.0
    new = [
        lab for lab in w.labs if not lab.active and not lab.gone and (lab.name in named or uniform[lab.row] < chance)
    ]
    for lab in w.labs:
        lab.entered = lab.bought_at_entry = 0.0
    if new:
        seen = what_newcomers_see(w, len(new))
        for lab in new:
            found(w, lab, seen)


def hazard(w: World) -> float:
    first = float(w.source.start.array("ai_labs", "capability").max())
    now = best_ever(w, "capability")
    size = sum(potential(w, [now] * 3)) / (sum(potential(w, [first] * 3)) / w.p.demand_available)
    return w.p.lab_entry_hazard * max(mean_sentiment(w), 0.0) * size**0.5


def best_ever(w: World, name: str) -> float:
    return max(best_of(w, name), max((getattr(lab, name) for lab in w.labs if lab.gone), default=-100.0))


def what_newcomers_see(w: World, count: int) -> Firm:
    """Fleet 5 % of the largest, at most half of what ROW has; prices, algorithms, models, expectations of the day."""
    p, market = w.p, w.market
    largest = max(lab.active * lab.powered_compute for lab in w.labs)
    fleet = min(p.newcomer_fleet * largest, 0.5 / count * market.outside_fleet)
    power = market.outside_power * fleet / market.outside_fleet
    halls = min(power * p.outside_pue, 0.5 / count * market.outside_halls)
    made = [vendor.active * vendor.capacity * vendor.performance for vendor in w.vendors]
    mix = [part / sum(made) for part in made]
    landed = [landed_price(w, v) / v.performance for v in w.vendors]
    per_hall = sum(hall_prices(w, average_inputs(w)))
    cost = fleet * sum(a * b for a, b in zip(mix, landed, strict=True)) + halls * per_hall
    sold = sum(lab.market_share for lab in w.labs)
    purses = [m.active * part * max(m.cash, 0.0) for m, part in zip(w.managers, p.equity_mandate, strict=True)]
    wanted = p.newcomer_managers_part * p.newcomer_cash
    return Firm(
        purses=purses,
        part=min(wanted, sum(purses) / count),
        fleet=fleet,
        power=power,
        halls=halls,
        mix=mix,
        cost=cost,
        efficiency=best_ever(w, "log_efficiency"),
        capability=best_ever(w, "capability"),
        price=[mean_price(w, s) for s in range(3)],
        focus=[mean_focus(w, s, sold) for s in range(3)],
        mean={name: mean_by_share(w, name, sold) for name in AS_OTHERS},
    )


AS_OTHERS = ("expected_growth", "expected_revenue_growth", "efficiency_trend")


def mean_price(w: World, s: int) -> float:
    used = sum(lab.share[s] for lab in w.labs)
    return sum(lab.share[s] * lab.price[s] for lab in w.labs) / used if used > 0.0 else w.p.reference_service_price


def mean_focus(w: World, s: int, sold: float) -> float:
    return sum(lab.market_share * lab.focus[s] for lab in w.labs) / sold if sold > 0.0 else 1.0 / 3.0


def mean_by_share(w: World, name: str, sold: float) -> float:
    return sum(lab.market_share * getattr(lab, name) for lab in w.labs) / sold if sold > 0.0 else 0.0


def found(w: World, lab: Any, seen: Firm) -> None:
    """Outside shareholders put up the price of the plant and 60 % of 5 bn, managers 40 % by cash and mandate.

    lnA = frontier - .5, c = lead - .6, xi = -2.
    """
    p, market = w.p, w.market
    given = [seen.part * purse / sum(seen.purses) if sum(seen.purses) else 0.0 for purse in seen.purses]
    for manager, amount in zip(w.managers, given, strict=True):
        pay(manager, lab, amount)
        lab.equity_held[manager.row] += amount / (seen.cost + p.newcomer_cash)
    pay(w.outside, lab, seen.cost + p.newcomer_cash - sum(given))
    pay(lab, w.outside, seen.cost)
    lab.fixed_assets += seen.cost
    lab.bought_at_entry = seen.cost
    lab.value += seen.cost + p.newcomer_cash
    lab.fleet = [old + seen.fleet * part for old, part in zip(lab.fleet, seen.mix, strict=True)]
    lab.old_fleet += seen.fleet
    lab.fleet_power += seen.power
    lab.halls += seen.halls
    market.outside_fleet -= seen.fleet
    market.outside_power -= seen.power
    market.outside_halls -= seen.halls
    lab.active = lab.entered = 1.0
    lab.log_efficiency = seen.efficiency - p.newcomer_efficiency_lag
    lab.capability = seen.capability - p.newcomer_capability_lag
    lab.price, lab.focus = list(seen.price), list(seen.focus)
    lab.brand, lab.pue = [p.newcomer_brand] * 3, p.outside_pue
    for name, value in seen.mean.items():
        setattr(lab, name, value)


def admit_clouds(w: World) -> None:
    """Those named for this quarter, and with chance hazard max(market_rent / user_cost - 1.3, 0) any that never was."""
    named = [entry.firm for entry in w.source.case.entries if entry.start == w.source.now]
    uniform = w.uniform(CLOUD_ENTRY, len(w.clouds))
    chance = cloud_hazard(w) if w.p.chance and w.p.cloud_entry_hazard else 0.0
    for cloud in w.clouds:
        comes = not cloud.active and not cloud.gone and (cloud.name in named or uniform[cloud.row] < chance)
        cloud.entered = 1.0 if comes else 0.0
        if comes:
            pay(w.outside, cloud, w.p.cloud_entry_equity)
            cloud.value += w.p.cloud_entry_equity
            cloud.rent_price = [w.market.market_rent] * len(cloud.rent_price)
            cloud.active = 1.0


def cloud_hazard(w: World) -> float:
    running = sum(cloud.own_compute for cloud in w.clouds)
    cost = part_of(sum(cost_at_own_risk(w, cloud) * cloud.own_compute for cloud in w.clouds), running)
    return w.p.cloud_entry_hazard * max(part_of(w.market.market_rent, cost) - 1.3, 0.0)
