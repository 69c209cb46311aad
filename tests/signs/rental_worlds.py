"""Worlds beside one another in which a law of rented compute shows: what is changed, and what is looked at.

Tests run them small; ``python benchmarks/laws.py`` runs them large, at defaults and at both ends of the assumptions
that carry most.
"""

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np

import aimarket
from aimarket.agents.rules.segments import SEGMENTS
from aimarket.agents.state.arrays import total
from aimarket.model.scenarios.scenario import Entry, load_scenario

from .pairs import SEED, paired

OPENAI, ANTHROPIC, META, XAI = 0, 1, 3, 4
BIG_THREE, NEOCLOUDS = slice(0, 3), 4
HALF = 0.5
END_OF_YEAR, A_YEAR_LATER = 3, 7
"""Quarters of a run: the fourth and the eighth."""


def riskiest_over_safest(model):
    """Return the rent asked of the lab with the weakest credit over that asked of the one with the strongest."""
    labs, rents = model.labs, model.clouds.rent_price[: NEOCLOUDS + 1].mean(0)
    risk = np.where(labs.active > 0.0, labs.default_risk, np.nan)
    weak, strong = np.nanargmax(risk, 0), np.nanargmin(risk, 0)
    columns = np.arange(model.replicates)
    return rents[weak, columns] / rents[strong, columns]


def big_four_spending(model):
    """Return the capital spending of three clouds and Meta, other business included, USD bn a quarter."""
    labs, clouds = model.labs, model.clouds
    spent = [firms.capex + firms.other_capex for firms in (labs, clouds)]
    return spent[0][META] + total(spent[1][BIG_THREE])


OBSERVED = {
    "rent": lambda m: m.economy.market_rent,
    "spot": lambda m: m.economy.spot_price,
    "labs": lambda m: total(m.labs.powered_compute),
    "Anthropic": lambda m: m.labs.powered_compute[ANTHROPIC],
    "world": lambda m: total(m.labs.own_compute) + total(m.clouds.own_compute) + m.economy.outside_fleet,
    "capital spending": big_four_spending,
    "backlog of neoclouds": lambda m: m.clouds.all.backlog[NEOCLOUDS],
    "weak over strong": riskiest_over_safest,
    "best model": lambda m: np.where(m.labs.active > 0.0, m.labs.capability, -np.inf).max(0),
    "OpenAI": lambda m: m.labs.powered_compute[OPENAI],
    "sales of OpenAI": lambda m: m.labs.revenue[OPENAI],
    "sales of Anthropic": lambda m: m.labs.revenue[ANTHROPIC],
    "margin": lambda m: total(total(m.labs.all.lerner * m.labs.sales, 1)) / total(m.labs.revenue),
    "price of services": lambda m: total(m.labs.revenue) / total(total(m.labs.sold, 1)),
}
"""What is looked at, by name; each of shape (R,)."""


@dataclass(frozen=True)
class World:
    """A world: parameters, and what is changed before its first quarter."""

    parameters: dict[str, Any] = field(default_factory=dict)
    change: Any = None
    entrant: str = ""

    def __hash__(self):
        """Tell worlds apart, so that one is run once for all tests of a process."""
        return hash((tuple(sorted(self.parameters.items())), self.change, self.entrant))

    def with_(self, **parameters):
        """Return the same world with other parameters."""
        return replace(self, parameters={**self.parameters, **parameters})


@cache
def seen(world, quarters, replicates, start="2024Q4"):
    """Return what is looked at by name, shape (quarters, R), in a world in which no cloud enters by chance."""
    case = load_scenario("baseline")
    chosen = {"cloud_entry_hazard": 0.0} | world.parameters
    parity = chosen.pop("parity", None)
    opening = aimarket.load_start(start)
    if world.entrant:
        first = aimarket.MarketModel(start=start).now
        case = replace(case, entries=(Entry(world.entrant, first, "a law of rented compute"),))
    if parity is not None:
        wanted = [parity * (ratio > 0.0) for ratio in opening.stocks["ai_labs"]["parity"]]
        stocks = {**opening.stocks["ai_labs"], "parity": wanted}
        opening = replace(opening, stocks={**opening.stocks, "ai_labs": stocks})
    model = aimarket.MarketModel(case, rng=SEED, replicates=replicates, parameters=chosen, start=opening, record=())
    if world.change is not None:
        world.change(model)
    rows = []
    for _ in range(quarters):
        model.step()
        rows.append({name: np.array(look(model)) for name, look in OBSERVED.items()})
    return {name: np.array([row[name] for row in rows]) for name in OBSERVED}


def effect(changed, unchanged, what, quarter, **size):
    """Return the interval of what a change does in a quarter: in parts, of what is a log or a margin in points."""
    both = [seen(world, **size)[what][quarter] for world in (changed, unchanged)]
    if what in ("best model", "margin"):
        return paired(*both)
    return paired(both[0] / both[1], np.ones_like(both[1]))


def give_chips_to_labs(model):
    """Give every lab half as many accelerators again as run for it, with halls for them, for nothing.

    A housed lab's go to its parent's cloud.
    """
    labs, clouds = model.labs, model.clouds
    free = HALF * labs.powered_compute * labs.active
    own = free * (1.0 - labs.is_housed)
    _add(model, labs, own, model.start.array("ai_labs", "fleet_mix"))
    _add(model, clouds, total(model.houses * (free - own)[None], 1), model.start.array("clouds", "fleet_mix"))


def _add(model, owners, compute, mix):
    """Give owners accelerators by a mix of vendors, and halls for them: M H100e, shape (n, R)."""
    rated = compute * model.start.array(owners.kind.group, "power_per_compute")
    owners.commit(
        fleet=owners.fleet + compute[:, None] * mix[:, :, None],
        fleet_power=owners.fleet_power + rated,
        halls=owners.halls + rated * owners.pue,
    )


def give_chips_to_clouds(model):
    """Give every cloud half as many accelerators again as it has, with halls for them, for nothing."""
    clouds = model.clouds
    names = ("fleet", "old_fleet", "fleet_power", "halls")
    clouds.commit(**{name: (1.0 + HALF) * clouds.columns[name] for name in names})


AS_IT_IS = World()
FREE_CHIPS = {"labs": World(change=give_chips_to_labs), "clouds": World(change=give_chips_to_clouds)}
MORE = {
    "chips": {"chip_capacity_available": 1.5},
    "halls": {"equipment_available": 1.5},
    "grid": {"grid_available": 1.5},
    "purses": {"capital_available": 1.5},
}
MORE["all of these"] = {name: value for more in list(MORE.values()) for name, value in more.items()}
SLACK = {"chip_capacity_available": 2.0}

BOLD = {
    "ramp": (2.0, 6.0),
    "tenant_weight": (0.3, 1.0),
    "base_markup": (0.05, 0.35),
    "burden_limit": (0.4, 1.5),
    "parity": (0.0, 1.2),
}
"""Assumptions that carry most, with both ends of their range (specification 2, section 6)."""

FEW_LOOK_AT_PRICES = {"consumer_price_weight": 1.5, "enterprise_price_weight": 2.4, "coding_price_weight": 2.4}
ELASTIC = {f"{segment}_price_elasticity": 1.6 for segment in SEGMENTS}
STATICS = (
    ("rental hurdle +3 points", {"rental_hurdle": 0.06}, "rent", 1, "+8"),
    ("risk-free rate +1 point", {"risk_free_rate": 0.05}, "rent", 1, "+5 for 2 points"),
    ("chip life 12 quarters", {"chip_life": 12.0}, "rent", 1, "+21"),
    ("chips -30 %", {"chip_capacity_available": 0.7}, "capital spending", -1, "-25"),
    ("chips -30 %", {"chip_capacity_available": 0.7}, "spot", 1, "+66"),
    ("chips -30 %", {"chip_capacity_available": 0.7}, "labs", -1, "-7"),
    ("chips +30 %", {"chip_capacity_available": 1.3}, "capital spending", 1, "+23"),
    ("chips +30 %", {"chip_capacity_available": 1.3}, "spot", -1, "-29"),
    ("chips +30 %", {"chip_capacity_available": 1.3}, "labs", 1, "+6"),
    ("burden limit .5", {"burden_limit": 0.5}, "labs", -1, "-7"),
    ("burden limit .5", {"burden_limit": 0.5}, "Anthropic", -1, "-39"),
    ("burden limit .5", {"burden_limit": 0.5}, "rent", -1, "-3"),
    ("ramp 2 quarters", {"ramp": 2.0}, "labs", 1, "+19"),
    ("ramp 5 quarters", {"ramp": 5.0}, "labs", -1, "-20"),
    ("parity 0", {"parity": 0.0}, "labs", -1, "-29"),
    ("rho .20", {"growth_fade": 0.20}, "labs", -1, "-12"),
    ("rho .06", {"growth_fade": 0.06}, "labs", 1, "+14"),
    ("tie 0", {"tie": 0.0}, "backlog of neoclouds", 1, "+31"),
    ("markup slope 0", {"markup_slope": 0.0}, "rent", -1, "-3"),
    ("rental demand flat", {"rental_demand_growth": 0.05}, "labs", 1, "+6"),
    ("rental demand flat", {"rental_demand_growth": 0.05}, "spot", -1, "-34"),
    ("research target .5", {"research_target": 0.50}, "labs", -1, "-15"),
    ("research target .7", {"research_target": 0.70}, "labs", 1, "+21"),
    ("price weights x .6", FEW_LOOK_AT_PRICES, "OpenAI", -1, "-16"),
    ("price weights x .6", FEW_LOOK_AT_PRICES, "margin", 1, "higher margins, less use"),
    ("elasticities 1.6", ELASTIC, "margin", -1, "down"),
    ("elasticities 1.6", ELASTIC, "price of services", -1, "down"),
    ("coding threshold 0", {"coding_threshold": 0.0}, "sales of Anthropic", 1, "+134"),
    ("coding threshold 0", {"coding_threshold": 0.0}, "sales of OpenAI", 1, "+30"),
    ("coding threshold 3", {"coding_threshold": 3.0}, "sales of Anthropic", -1, "-33"),
    ("coding threshold 3", {"coding_threshold": 3.0}, "sales of OpenAI", -1, "-7"),
    ("tenant weight 1", {"tenant_weight": 1.0}, "weak over strong", 1, "up"),
)
"""Comparative statics of a year from 2024Q4: what is changed, what is looked at, its sign, a prototype's answer, %."""
