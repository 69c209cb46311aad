"""Published results with a closed form: choice, margins, learning, time to build, merit order, ideas and adoption."""

from __future__ import annotations

import copy

import numpy as np
from scipy.optimize import linprog

from ...agents.rules.building import started
from ...agents.rules.choice import logit
from ...agents.rules.learning import bass, efficiency_growth, wright
from ...agents.rules.renting import rent_markup
from ...agents.rules.segments import CODING, by_segment, index_of_prices, lerner_index
from ...agents.state.arrays import total
from ...model.market_model import MarketModel
from ...model.markets.demand import utilities
from ...model.markets.power import merit_order
from .published import Figure, Published, exactly

CLOSE, FINITE_STEP = 1e-9, 1e-6
"""Tolerances: of what is arithmetic, and of slopes over a finite step."""

DEARER, WEIGHT, ELASTICITY = 1.1, 2.5, 1.1
"""A price one tenth higher, a weight of prices in customers' choice, an elasticity of their segment's demand."""

BUILD_QUARTERS, PLANT = 4, 1.0
"""Time to build of Kydland and Prescott, quarters, and the plant that is begun, GW."""


def _choice() -> list[Figure]:
    """Let one lab of the model be dearer, and look at the odds between others and at its own."""
    model = MarketModel("baseline", rng=7)
    model.step()
    dearer = copy.deepcopy(model)
    price = dearer.labs.price.copy()
    price[0] = price[0] * DEARER
    dearer.labs.commit(price=price)
    offered = np.append(model.labs.active[:, 0], 1.0)[:, None, None]
    shares = [logit(utilities(world), offered)[:, CODING, 0] for world in (model, dearer)]
    odds = [share[:3] / share[1] for share in shares]
    own = np.log(odds[1][0] / odds[0][0]) / -np.log(DEARER)
    weight = by_segment(model.parameters, "price_weight")[CODING].item()
    binary = logit(np.array([[0.4], [0.0]]), np.ones((2, 1)))[0, 0]
    return [
        exactly("share of an option that is better by .4", np.exp(0.4) / (1.0 + np.exp(0.4)), binary, CLOSE),
        exactly(
            "odds of two labs with a third that is dearer, over those without", 1.0, odds[1][2] / odds[0][2], CLOSE
        ),
        exactly("slope of log odds on the log price, in weights of the price", 1.0, own / weight, CLOSE),
    ]


def _demand(price: np.ndarray) -> tuple[float, float]:
    """Return what the first of some equal sellers sells at their prices, and its share."""
    utility, offered = (-WEIGHT * np.log(price))[:, None, None], np.ones((len(price), 1, 1))
    share = logit(utility, offered)[0, 0, 0]
    return share * index_of_prices(utility, offered, WEIGHT)[0, 0] ** -ELASTICITY, share


def _inverse_elasticity(sellers: int) -> tuple[float, float]:
    """Return one over a seller's own elasticity, measured on its demand curve, and its share."""
    prices = np.ones(sellers)
    dearer = prices.copy()
    dearer[0] = np.exp(FINITE_STEP)
    (before, share), (after, _) = _demand(prices), _demand(dearer)
    return -FINITE_STEP / np.log(after / before), share


def _margins() -> list[Figure]:
    """Compare the model's margin with the slope of its demand curve, and with limits that are known."""
    found = []
    for sellers in (1, 2, 6):
        inverse, share = _inverse_elasticity(sellers)
        margin = float(lerner_index(np.array(share), WEIGHT, ELASTICITY, np.inf))
        found.append(exactly(f"margin times own elasticity, {sellers} of equal size", 1.0, margin / inverse, 1e-5))
    alone, none = (float(lerner_index(np.array(share), WEIGHT, ELASTICITY, np.inf)) for share in (1.0, 0.0))
    found.append(exactly("margin of a monopolist, in 1 / elasticity of demand", 1.0, alone * ELASTICITY, CLOSE))
    found.append(exactly("margin of one of very many, in 1 / weight of the price", 1.0, none * WEIGHT, CLOSE))
    terms = copy.copy(MarketModel("baseline").parameters)
    terms.markup_concentration = 1.0
    one, four = (rent_markup(terms.normal_tightness, np.array(part), terms) for part in (1.0, 0.25))
    found.append(exactly("markup of four equal landlords over that of one (Cournot)", 0.25, four / one, CLOSE))
    return found


def _learning() -> list[Figure]:
    """Run the industry for ten years, and fit unit costs of vendors to their output."""
    rate = 0.2
    model = MarketModel("baseline", rng=7, replicates=2, parameters={"chip_learning": rate}, record=())
    for _ in range(40):
        model.step()
    vendors = model.vendors
    sells = vendors.active > 0.0
    fall = np.log(vendors.unit_cost / (vendors.initial_unit_cost * vendors.generation_cost))[sells]
    slope = fall / np.log(vendors.output_ever / vendors.initial_output)[sells]
    slopes = [("least", slope.min()), ("steepest", slope.max())]
    return [
        exactly("cost after a doubling of output, of cost before", 0.8, wright(14.0, 7.0, rate), CLOSE),
        *(exactly(f"{name} slope of log cost on log output", np.log2(0.8), at, 1e-8) for name, at in slopes),
    ]


def _time_to_build() -> list[Figure]:
    """Begin a plant in one of two equal worlds, and watch it come."""
    without = MarketModel("baseline", rng=7, record=())
    with_plant = copy.deepcopy(without)
    energy = with_plant.energy
    begun = np.zeros_like(energy.cash)
    begun[0] = PLANT
    energy.commit(building=started(energy.building, begun, np.array(BUILD_QUARTERS)))
    added, shifted = [], []
    for _ in range(BUILD_QUARTERS + 1):
        before = without.energy.building
        for world in (without, with_plant):
            world.step()
        added.append((total(with_plant.energy.capacity) - total(without.energy.capacity)).item())
        shifted.append(np.abs(without.energy.building[:, :3] - before[:, 1:4]).max())
    worn = 1.0 - with_plant.start.stocks["energy_suppliers"]["retirement"][0]
    return [
        exactly("capacity that it adds before its time, GW", 0.0, np.abs(added[:-1]).max(), CLOSE),
        Figure(
            "capacity that it adds when its time is up, GW",
            "1 before wear",
            added[-1],
            worn * PLANT - CLOSE,
            1.0 + CLOSE,
        ),
        exactly("projects of stage j + 1 that are not of stage j a quarter later, GW", 0.0, max(shifted), CLOSE),
    ]


def _dispatch() -> list[Figure]:
    """Compare the merit order with the linear programme of least cost in systems drawn at random."""
    chance, plants, systems = np.random.default_rng(7), 5, 200
    dearer, price = [], []
    for _ in range(systems):
        capacity, cost = chance.uniform(1.0, 100.0, plants), chance.uniform(5.0, 150.0, plants)
        load = chance.uniform(0.05, 0.95) * capacity.sum()
        made = merit_order(capacity[:, None], cost[:, None], np.array([[load]]))
        best = linprog(cost, A_eq=np.ones((1, plants)), b_eq=[load], bounds=[(0.0, most) for most in capacity])
        dearer.append((cost * made.generated[0, :, 0]).sum() / best.fun - 1.0)
        price.append(made.marginal_cost.item() / best.eqlin.marginals[0] - 1.0)
    return [
        exactly(f"cost over that of the programme, most of {systems} systems", 0.0, np.abs(dearer).max(), CLOSE),
        exactly("price over the programme's value of one more GW, likewise", 0.0, np.abs(price).max(), CLOSE),
    ]


def _ideas() -> list[Figure]:
    """Let effort grow steadily until growth of efficiency settles."""
    level, returns, harder, effort_growth = np.zeros((1, 1)), 0.4, 0.25, 0.05
    growth = level
    for quarter in range(800):
        effort = np.exp(effort_growth * quarter) * np.ones((1, 1))
        growth = efficiency_growth(effort, level, 0.27, returns, harder)
        level = level + growth
    expected = returns * effort_growth / harder
    return [exactly("growth of efficiency in the long run, nat a quarter", expected, growth.item(), 1e-6)]


def _adoption() -> list[Figure]:
    """Look for the part of adopters at which most adopt."""
    innovation, imitation = 0.03, 0.38
    adopted = np.linspace(0.0, 1.0, 100_001)
    added = bass(adopted, np.ones_like(adopted), innovation, imitation) - adopted
    peak = 0.5 - innovation / (2.0 * imitation)
    most = (innovation + imitation) ** 2 / (4.0 * imitation)
    return [
        exactly("part that has adopted when most adopt", peak, adopted[added.argmax()], 1e-5),
        exactly("part that adopts then, a period", most, added.max(), CLOSE),
    ]


EXACT = {
    "logit": Published(
        "Customers choose by a logit",
        "McFadden (1974), Conditional logit analysis of qualitative choice behavior; Luce (1959)",
        "in the model's market for coding a lab is made dearer by a tenth",
        _choice,
    ),
    "lerner": Published(
        "Margins are one over the own elasticity, with monopoly, very many sellers and Cournot as limits",
        "Lerner (1934); Cournot (1838); Anderson, de Palma and Thisse (1992); Cowling and Waterson (1976)",
        "the rules of margins against the slope of the demand curve that the rules of choice make",
        _margins,
    ),
    "wright": Published(
        "Costs fall by a fixed part with each doubling of output",
        "Wright (1936), Factors affecting the cost of airplanes",
        "ten years of the industry with a learning rate of 20 %",
        _learning,
    ),
    "time_to_build": Published(
        "Investment takes a fixed time to build, stage by stage",
        "Kydland and Prescott (1982), Time to build and aggregate fluctuations",
        "one of two equal worlds begins a plant that takes four quarters",
        _time_to_build,
    ),
    "merit_order": Published(
        "Plants run in merit order, which costs least, and the last one makes the price",
        "Schweppe, Caramanis, Tabors and Bohn (1988), Spot pricing of electricity; Stoft (2002)",
        "the power market's rule against linear programmes of least cost",
        _dispatch,
    ),
    "ideas": Published(
        "Growth is semi-endogenous: in the long run it is returns x growth of effort / difficulty",
        "Jones (1995), R&D-based models of economic growth",
        "the rule of algorithmic progress with effort that grows by 5 % a quarter",
        _ideas,
    ),
    "adoption": Published(
        "Adoption peaks where half less p / 2q have adopted",
        "Bass (1969), A new product growth model for consumer durables",
        "the rule of adoption with the usual p = .03 and q = .38",
        _adoption,
    ),
}
"""Published results with a closed form, by name."""
