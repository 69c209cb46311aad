"""Every parameter moves something: none is dead in all scenarios."""

import aimarket
from aimarket.experiments.analysis.screening import moved_points, points_of
from aimarket.model.parameters import parameters

PARAMETERS = parameters()
SHAPING = [name for name, item in PARAMETERS.items() if item.structural]
RESTING = [name for name, item in PARAMETERS.items() if item.group == "shocks"]
"""A shock at an arbitrary place leaves no industry to look at."""

WORLDS, QUARTERS = 2, 16

EVERYTHING = """
title = "All that a scenario can switch on"
why = "Parameters of options do nothing where the option is off."
start = "2024Q4"

[parameters]
announcement_effect = 0.6
generation_research = 0.25
parity = 0.6
lab_entry_hazard = 0.1
vendor_finance_share = 0.15

[firms."Apollo"]
class = "momentum"
why = "follows returns"

[firms."xAI"]
class = "cautious"
why = "keeps a runway"

[[deals]]
name = "loan"
date = "2025Q1"
amount = 20.0
instrument = "loan"
recipients = { "Anthropic" = 0.5, "OpenAI" = 0.5 }
funders = { "Apollo" = 0.5, "BlackRock" = 0.5 }
earmark = { clusters = 0.20, chips = 0.45, halls = 0.25, research = 0.10 }
draw = [0.5, 0.5]
why = "bound to uses"

[[deals]]
name = "lease"
date = "2025Q1"
amount = 35.0
instrument = "lease"
recipients = { "xAI" = 1.0 }
funders = { "Apollo" = 0.5, "Blackstone" = 0.5 }
supplier = "NVIDIA"
covenant = { coverage = 1.1, quarters = 2 }
draw = [0.5, 0.5]
term = 20
tranches = [{ name = "A", part = 1.0, rate = 0.085, rank = 1 }]
why = "a vehicle that takes its chips back"

[[entries]]
firm = "Vendor entrant"
date = "2025Q3"
why = "a new vendor"

[[changes]]
parameter = "credit_crunch"
from = "2026Q4"
set = 0.8
why = "lenders stop"

[[changes]]
parameter = "demand_available"
from = "2026Q4"
set = 0.15
why = "a winter"
"""

ELSEWHERE = {}
"""Where parameters move something that move nothing there: a scenario, its values and quarters, and the parameters."""


def still(case, names, worlds, quarters, numbers=None):
    """Return which of some parameters move no indicator in any world."""
    points = points_of(worlds, range(worlds.worlds), names)
    values = {name: points.points[name].to_numpy() for name in points.points}
    runs = aimarket.run_ensemble(case, len(points.numbers), quarters, 7, values, numbers=points.numbers, progress=False)
    moved = moved_points({"run": runs}, points.base)
    return set(names) - {name for name, moves in zip(points.moved, moved, strict=True) if moves}
