"""Research: compute is split, algorithms improve, models are trained and released (P3, P4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...agents.firm import ASSUMPTION
from ...agents.rules.expectations import smoothed
from ...agents.rules.learning import LN_10, efficiency_growth, frontier, release, release_step
from ...agents.rules.segments import grown_strength
from ...agents.state.arrays import TINY, Floats, positive, power, ratio, total
from ...agents.state.quantity import ParameterGroup, parameter
from ...agents.state.shown import shown
from ..deals.earmarks import RESEARCH, spend_earmarked
from ..randomness import Stream

if TYPE_CHECKING:
    from ..market_model import MarketModel

HALF = 0.5

STRENGTH_MEMORY = 0.98
"""Part of an edge in a segment that a quarter leaves (specification 2, section 3; assumption)."""


class Research(ParameterGroup):
    """How research turns compute and people into better models."""

    group = "research"

    training_share = parameter(
        0.25, "1", 0.1, 0.4, "Epoch AI: 10-30 % of R&D compute", "part of research compute in the next model", "om"
    )
    progress_rate = parameter(
        0.27,
        "nat/quarter",
        0.17,
        0.40,
        "Epoch AI: 3-fold a year, older estimate 2.5-2.8 (capability.csv)",
        "growth of efficiency at the start's effort",
        "gA0",
    )
    effort_returns = parameter(0.40, "1", 0.2, 0.6, "Jones (1995), GATE (2025); assumption", "returns to effort", "lam")
    fishing_out = parameter(
        0.25,
        "1",
        0.1,
        0.5,
        "Jones (1995), GATE (2025); assumption",
        "how much harder the next idea is",
        "phi",
    )
    compute_weight = parameter(0.60, "1", 0.3, 0.8, ASSUMPTION, "weight of compute in research effort", "zeta")
    spillover = parameter(
        0.12,
        "1/quarter",
        0.03,
        0.30,
        "assumption: followers lag by months",
        "part of a lag in efficiency made up",
        "spill",
    )
    reference_labour = parameter(1.6, "USD bn/quarter", 0.5, 4.0, ASSUMPTION, "researchers' pay at effort 1", "RL0")
    reference_compute = parameter(0.55, "M H100e", 0.2, 1.5, ASSUMPTION, "experiment compute at effort 1", "Kx0")
    release_factor = parameter(
        3.0,
        "1",
        2.0,
        5.0,
        "releases every 3-6 months at 10-15 times effective compute a year (capability.csv)",
        "effective compute of a new model over the last",
        "G0",
    )
    follower_haste = parameter(0.5, "1/OOM", 0.0, 1.0, ASSUMPTION, "how much smaller followers' steps are", "psi")
    reference_training = parameter(
        0.12, "M H100e quarters", 0.04, 0.4, ASSUMPTION, "training behind a model of capability 0", "eref"
    )
    progress_noise = parameter(0.20, "nat", 0.0, 0.5, ASSUMPTION, "randomness of algorithmic progress", "sig_alg")
    quality_noise = parameter(0.15, "nat", 0.0, 0.5, ASSUMPTION, "randomness of a model's quality", "sig_rel")


@shown()
class Training(NamedTuple):
    """What training one quarter adds and what the next model takes, each of shape (labs, R)."""

    flow: Floats
    threshold: Floats


def split_compute(market: MarketModel) -> None:
    """Labs divide powered compute between customers and research (P3).

    Compute that served more customers than expected last quarter is taken from research now: none is used twice.
    """
    labs, p = market.labs, market.parameters
    powered, per_unit = labs.powered_compute, labs.all.compute_per_unit[:, None] * market.economy.routine
    inference = np.minimum(positive(labs.decide("split_compute", market.signals)), powered)
    repaid = np.minimum(labs.overdrawn, powered - inference)
    labs.commit(
        inference=inference,
        research=powered - inference - repaid,
        overdrawn=labs.active * (labs.overdrawn - repaid),
        service_intensity=per_unit,
        sales_capacity=(1.0 - p.research_floor) * powered,
    )


def run_research(market: MarketModel) -> None:
    """Labs choose what research is for, pay researchers, improve their algorithms, train and release models (P4)."""
    market.labs.commit(focus=market.labs.decide("choose_focus", market.signals))
    training = _training(market)
    labour = _pay_researchers(market)
    _improve_algorithms(market, labour)
    _release_models(market, training)


def _training(market: MarketModel) -> Training:
    """Return this quarter's training, with the efficiency at its start, and the next model's threshold."""
    labs, p = market.labs, market.parameters
    best = frontier(labs.capability, labs.active)
    step = release_step(best, labs.capability, p.release_factor, p.follower_haste)
    flow = p.training_share * labs.research * np.exp(labs.log_efficiency)
    return Training(flow, step * np.exp(LN_10 * labs.capability) * p.reference_training)


def _pay_researchers(market: MarketModel) -> Floats:
    """Pay researchers, partly with money earmarked for them; return the pay."""
    labs, p = market.labs, market.parameters
    earmarked = p.research_draw * labs.restricted_cash[:, RESEARCH]
    of_parents = _draw_of_parents(market)
    own = labs.decide("pay_researchers", market.signals)
    labour = own + earmarked + total(of_parents)
    market.ledger.transfer("research_labour", labs, market.economy, paid=labour)
    outside = market.payees.outside
    spend_earmarked(market, labs, RESEARCH, np.minimum(labour, earmarked), outside, labour[:, None])
    drawn = total(of_parents, 1)
    spend_earmarked(market, market.clouds, RESEARCH, drawn, outside, drawn[:, None])
    labs.commit(own_research_pay=own)
    return labour


def _draw_of_parents(market: MarketModel) -> Floats:
    """Return the pay that parents' money bound to research adds to their labs', shape (clouds, labs, R).

    A parent covers what its lab pays (P6), so that its own money pays for it.
    """
    clouds, labs = market.clouds, market.labs
    draw = market.houses * labs.active[None] * labs.is_housed[None]
    part = ratio(draw, total(draw, 1)[:, None]) * market.parameters.research_draw
    return part * clouds.restricted_cash[:, RESEARCH][:, None]


def _improve_algorithms(market: MarketModel, labour: Floats) -> None:
    """Raise algorithmic efficiency by research effort and by what leaks from the frontier."""
    labs, p = market.labs, market.parameters
    experiments = (1.0 - p.training_share) * labs.research / p.reference_compute
    people = power(np.maximum(labour, TINY) / p.reference_labour, 1.0 - p.compute_weight)
    effort = people * power(np.maximum(experiments, TINY), p.compute_weight)
    own = efficiency_growth(effort, labs.log_efficiency, p.progress_rate, p.effort_returns, p.fishing_out)
    leak = p.spillover * positive(frontier(labs.log_efficiency, labs.active) - labs.log_efficiency)
    chance = np.exp(p.progress_noise * market.normal(Stream.ALGORITHMS, len(labs)))
    growth = labs.active * p.progress_wedge * (own + leak) * chance
    labs.commit(
        log_efficiency=labs.log_efficiency + growth,
        efficiency_trend=smoothed(labs.efficiency_trend, growth, 1.0 - p.trend_memory),
        research_labour=labour,
        strength=grown_strength(labs.strength, labs.focus, growth[:, None], STRENGTH_MEMORY, p.focus_gain),
    )


def _release_models(market: MarketModel, training: Training) -> None:
    """Ship the models whose training is complete; what is left over counts for the next."""
    labs, p = market.labs, market.parameters
    spread = p.quality_noise
    chance = spread * market.normal(Stream.RELEASES, len(labs)) - HALF * spread * spread
    quality = (np.log(training.threshold / p.reference_training) + chance) / LN_10
    flow = labs.active * training.flow
    result = release(labs.training + flow, flow, labs.capability, training.threshold, quality)
    waited = labs.since_release + labs.active
    interval = waited - result.carried + labs.carried
    labs.commit(
        capability=result.capability,
        training=result.progress,
        released=result.released,
        releases=labs.releases + result.released,
        release_interval=np.where(result.released > 0.0, interval, labs.release_interval),
        since_release=np.where(result.released > 0.0, 0.0, waited),
        carried=np.where(result.released > 0.0, result.carried, labs.carried),
    )
