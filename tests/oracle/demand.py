"""P5: who could use AI services and who does, segment by segment, which lab they choose, and open models."""

from math import exp, log

from .world import NOBODY, TINY, Firm, World, part_of

SEGMENTS = ("consumer", "enterprise", "coding")
TAKEOFF = 6


def of(w: World, name: str) -> list[float]:
    """The values that a parameter has in the three segments."""
    return [getattr(w.p, f"{segment}_{name}") for segment in SEGMENTS]


def takeoff(w: World) -> tuple[list[float], ...]:
    """Ceiling, threshold, slope and usage; of coding ~ log-uniform 40-360, U(0, 3), U(.8, 2.2), U(0, .3) if drawn."""
    ceiling, threshold, slope, usage = (of(w, name) for name in ("ceiling", "threshold", "slope", "usage"))
    if w.p.takeoff_uncertain:
        chance = [float(row[0]) for row in w.source.chance.sample(TAKEOFF, 4, 0)]
        ceiling[2] = 40.0 * 9.0 ** chance[0]
        threshold[2], slope[2], usage[2] = 3.0 * chance[1], 0.8 + 1.4 * chance[2], 0.3 * chance[3]
    return ceiling, threshold, slope, usage


def leads(w: World) -> list[float]:
    """lead_s = max over labs of (capability + strength_s)."""
    return [max((lab.capability + lab.strength[s] for lab in w.labs if lab.active), default=NOBODY) for s in range(3)]


def potential(w: World, lead: list[float]) -> list[float]:
    """ceiling / (1 + exp(-slope (lead - threshold))) exp(usage clip(lead - lead at start, 0, 5)) demand_available."""
    found = []
    for s, (ceiling, threshold, slope, usage) in enumerate(zip(*takeoff(w), strict=True)):
        gained = min(max(lead[s] - w.market.first_lead[s], 0.0), 5.0)
        reached = ceiling / (1.0 + exp(-slope * (lead[s] - threshold)))
        found.append(reached * exp(usage * gained) * w.p.demand_available)
    return found


def adopt(w: World) -> None:
    """N' = N + (bp + bq min(N/M, 1)) (M - N), and routine work moves to small models."""
    p, market, lead = w.p, w.market, leads(w)
    market.potential = potential(w, lead)
    threshold = takeoff(w)[1]
    adopted = []
    for n, m in zip(market.adoption, market.potential, strict=True):
        adopted.append(n + (p.innovation + p.imitation * min(n / max(m, TINY), 1.0)) * (m - n))
    pairs = zip(adopted, market.adoption, strict=True)
    market.adoption_growth = [log(max(now, TINY) / max(before, TINY)) for now, before in pairs]
    market.adoption = adopted
    over = [max(lead[s] - threshold[s], 0.0) for s in range(3)]
    market.routine = [
        f + (1.0 - f) * 10.0 ** (-p.distillation * o) for f, o in zip(of(w, "flagship"), over, strict=True)
    ]


def least_compute(w: World, s: int) -> float:
    sellers = [lab for lab in w.labs if lab.active] or w.labs
    return min(lab.service_intensity[s] for lab in sellers)


def price_open_models(w: World) -> None:
    """kappa_s of the best algorithms, at the spot price; as built, at the mean price of what is let."""
    paid, lets = w.market.spot_price, sum(cloud.short_let for cloud in w.clouds)
    if w.departures.hosts_rent_for_a_year and lets > 0.0:
        paid = part_of(sum(cloud.short_let_value for cloud in w.clouds), lets)
    w.market.fringe_price = [least_compute(w, s) * paid for s in range(3)]


def choose_labs(w: World) -> None:
    """share' = (1 - switching) share + switching logit(u); P = (sum exp u)^(-1/alpha), scaled as at the start."""
    p, market, lead = w.p, w.market, leads(w)
    switching, alpha, beta = of(w, "switching"), of(w, "price_weight"), of(w, "capability_weight")
    for s in range(3):
        fringe = -beta[s] * p.fringe_lag - alpha[s] * log(market.fringe_price[s] / p.reference_service_price)
        pull = [utility(w, lab, s, lead[s], alpha[s], beta[s]) for lab in w.labs]
        pull.append(exp(fringe + market.fringe_brand[s]))
        stay = [lab.share[s] * lab.active for lab in w.labs] + [market.fringe_share[s]]
        moved = [
            (1.0 - switching[s]) * a + switching[s] * b / max(sum(pull), TINY) for a, b in zip(stay, pull, strict=True)
        ]
        for lab, part in zip(w.labs, moved, strict=False):
            lab.share[s] = part / max(sum(moved), TINY)
        market.fringe_share[s] = moved[-1] / max(sum(moved), TINY)
        index = max(sum(pull), TINY) ** (-1.0 / alpha[s])
        market.price_index[s] = market.index_scale[s] * p.reference_service_price * index
    for lab in w.labs:
        lab.brand = [p.brand_memory * brand for brand in lab.brand]
    market.fringe_brand = [p.brand_memory * brand for brand in market.fringe_brand]


def utility(w: World, lab: Firm, s: int, lead: float, alpha: float, beta: float) -> float:
    """exp(beta (capability + strength - lead) - alpha ln price + brand), nothing of who is out of business."""
    if not lab.active:
        return 0.0
    gap = lab.capability + lab.strength[s] - lead
    return exp(beta * gap - alpha * log(lab.price[s] / w.p.reference_service_price) + lab.brand[s])


def use_of(w: World) -> list[float]:
    """adoption P^-eps."""
    relative = [price / w.p.reference_service_price for price in w.market.price_index]
    return [n * r**-e for n, r, e in zip(w.market.adoption, relative, of(w, "price_elasticity"), strict=True)]


def run_open_models(w: World) -> None:
    """Their use takes compute, which is let."""
    use = use_of(w)
    w.market.fringe_compute = sum(w.market.fringe_share[s] * use[s] * least_compute(w, s) for s in range(3))
