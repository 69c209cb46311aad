"""P3 and P4: compute is split, researchers are paid, algorithms improve, models are trained and released."""

from math import exp, log10

from .world import RESEARCH_USE, TINY, Firm, World, best_of, bound_cash, clip, pay, spend_earmarked

ALGORITHMS, RELEASES = 1, 2


def split_compute(w: World) -> None:
    """P3: need = ydem exp(ge) kap; inf = min(need, (1 - f_min) Ke); rd = Ke - inf."""
    p = w.p
    for lab in w.labs:
        for_sale = (1.0 - p.research_floor) * lab.powered_compute
        lab.service_intensity = compute_per_unit(w, lab)
        asked = sum(units * kappa for units, kappa in zip(lab.demanded, lab.service_intensity, strict=True))
        need = asked * exp(lab.expected_growth)
        lab.inference = min(need, for_sale)
        lab.research = lab.powered_compute - lab.inference
        if w.departures.research_repays_unplanned_sales:
            repaid = min(lab.overdrawn, lab.research)
            lab.research -= repaid
            lab.overdrawn = lab.active * (lab.overdrawn - repaid)
        lab.sales_capacity = for_sale


def compute_per_unit(w: World, lab: Firm) -> list[float]:
    """kap_s = kappa0 A^-iota routine_s."""
    kappa = w.p.compute_intensity * exp(-w.p.inference_gain * lab.log_efficiency)
    return [kappa * routine for routine in w.market.routine]


def run_research(w: World) -> None:
    """P4: new efficiency counts for training from the next quarter on."""
    shock = w.normal(ALGORITHMS, len(w.labs))
    quality = w.normal(RELEASES, len(w.labs))
    frontier_efficiency = best_of(w, "log_efficiency")
    frontier_capability = best_of(w, "capability")
    for lab in w.labs:
        choose_focus(w, lab)
    for lab in w.labs:
        flow = w.p.training_share * lab.research * exp(lab.log_efficiency) if lab.active else 0.0
        pay_researchers(w, lab)
        improve_algorithms(w, lab, frontier_efficiency, shock[lab.row])
        train(w, lab, flow, frontier_capability, quality[lab.row])


def choose_focus(w: World, lab: Firm) -> None:
    """focus' = .9 focus + .1 logit(focus_weight ln(segment revenue exp(adoption growth)))."""
    earns = [max(sales * exp(growth), TINY) for sales, growth in zip(lab.sales, w.market.adoption_growth, strict=True)]
    pull = [(amount / max(earns)) ** w.p.focus_weight for amount in earns]
    lab.focus = [0.9 * old + 0.1 * new / sum(pull) for old, new in zip(lab.focus, pull, strict=True)]


def pay_researchers(w: World, lab: Firm) -> None:
    """RL = max(rl_rev rev + rl_cash freecash, (1 - rl_down) RLp, rl_min) + .12 RC[R&D]."""
    p = w.p
    free = lab.cash - bound_cash(lab)
    if w.departures.researchers_ignore_overdraft:
        free = max(free, 0.0)
    wished = p.labour_per_revenue * lab.revenue + p.labour_per_cash * free
    before = lab.own_research_pay if w.departures.earmarked_pay_does_not_stick else lab.research_labour
    labour = max(wished, (1.0 - p.labour_fall) * before, p.labour_floor) if lab.active else 0.0
    lab.own_research_pay = labour
    earmarked = p.research_draw * lab.restricted_cash[RESEARCH_USE]
    lab.restricted_cash[RESEARCH_USE] -= earmarked
    lab.restricted_spent[RESEARCH_USE] += earmarked
    lab.research_labour = labour + earmarked + drawn_from_parent(w, lab)
    pay(lab, w.outside, lab.research_labour)


def drawn_from_parent(w: World, lab: Firm) -> float:
    """A parent's money bound to research pays for more of its housed lab's researchers."""
    if not lab.parent or not lab.is_housed or not lab.active:
        return 0.0
    drawn = w.p.research_draw * lab.parent.restricted_cash[RESEARCH_USE]
    spend_earmarked(lab.parent, RESEARCH_USE, drawn)
    return drawn


def improve_algorithms(w: World, lab: Firm, frontier: float, shock: float) -> None:
    """lnA' = lnA + act [gA0 Rin^lam A^-phi + spill max(lnA_front - lnA, 0)] exp(sig N)."""
    p = w.p
    growth = 0.0
    if lab.active:
        people = (max(lab.research_labour, TINY) / p.reference_labour) ** (1.0 - p.compute_weight)
        experiments = max((1.0 - p.training_share) * lab.research / p.reference_compute, TINY)
        effort = people * experiments**p.compute_weight
        own = p.progress_rate * effort**p.effort_returns * exp(-p.fishing_out * lab.log_efficiency)
        leak = p.spillover * max(frontier - lab.log_efficiency, 0.0)
        growth = (own + leak) * exp(p.progress_noise * shock) * p.progress_wedge[lab.row]
    lab.log_efficiency += growth
    lab.strength = [
        0.98 * strength + p.focus_gain * (3.0 * focus - 1.0) * growth
        for strength, focus in zip(lab.strength, lab.focus, strict=True)
    ]
    lab.efficiency_trend = p.trend_memory * lab.efficiency_trend + (1.0 - p.trend_memory) * growth


def train(w: World, lab: Firm, flow: float, frontier: float, shock: float) -> None:
    """X += om rd A; a release when X reaches Th = Geff E, E = 10^c eref; the surplus is carried."""
    p = w.p
    step = 1.0 + (p.release_factor - 1.0) * exp(-p.follower_haste * max(frontier - lab.capability, 0.0))
    threshold = step * 10.0**lab.capability * p.reference_training
    lab.training += flow
    lab.since_release += 1.0 if lab.active else 0.0
    lab.released = 0.0
    if lab.training < threshold or flow <= 0.0:
        return
    noise = exp(p.quality_noise * shock - 0.5 * p.quality_noise**2)
    lab.capability = max(lab.capability, log10(threshold * noise / p.reference_training))
    surplus = lab.training - threshold
    early = clip(surplus / flow, 0.0, 1.0)
    lab.training = min(surplus, threshold)
    lab.release_interval = lab.since_release - early + lab.carried
    lab.carried, lab.since_release, lab.released = early, 0.0, 1.0
    lab.releases += 1.0
