"""Every parameter moves something: none is dead in all scenarios."""

from dataclasses import replace
from itertools import permutations

import pytest

import aimarket
from aimarket.experiments.analysis.screening import factors_in, moved_points, points_of
from aimarket.experiments.designs.worlds import make_worlds
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

LONGER = ("baseline", {"lab_entry_hazard": 0.2}, 30)
"""What takes longer than those quarters, or an industry that nothing has hit: scenario, values and quarters."""

ELSEWHERE = {
    ("baseline", (), 40): ["exit_cash"],
    ("baseline", (("deployment", 0.4), ("deployment_sentiment", 1.5)), 24): ["highest_deployment"],
    ("baseline", (("rental_demand_available", 0.05),), 24): ["satiation"],
    (
        "baseline",
        (
            ("equipment_available", 0.1),
            ("grid_available", 0.05),
            ("outside_elasticity", 0.2),
            ("outside_growth", 0.14),
            ("outside_growth_memory", 0.99),
            ("outside_hall_need", 0.6),
            ("outside_orders", 1.15),
            ("outside_pue", 1.6),
            ("outside_use", 1.0),
        ),
        40,
    ): ["least_hall_cover"],
    ("baseline", (("contract_advance", 0.3),), 24): ["fleet_loan_share"],
    ("baseline", (("contract_advance", 0.3), ("fleet_loan_share", 0.85), ("rental_demand_growth", 0.4)), 24): [
        "new_fleet_collateral"
    ],
    ("bust", (), 24): ["exit_window"],
    ("bust", (("saving_return", 1.5),), 24): ["fastest_withdrawal"],
    (
        "chip_shock",
        (
            ("outside_elasticity", 0.2),
            ("outside_growth", 0.14),
            ("outside_orders", 1.15),
            ("packaging_growth", 0.12),
            ("price_answer", 0.08),
        ),
        40,
    ): ["highest_gross_margin"],
    ("bust", (), 40): ["unprofitable_cancellation"],
    ("cloud_glut", (), 24): ["rental_demand_from"],
    ("cloud_glut", (), 40): ["cluster_foresight"],
    ("deal_35bn", (("called_part", 0.0), ("deal_scale", 10.0)), 8): ["ready_cash_share"],
    ("deal_reported", (), 8): ["depreciation_vehicles"],
    ("deal_reported", (), 9): ["guarantee_fee"],
    ("demand_winter", (), 14): ["rights_limit"],
    ("neocloud_default", (), 24): ["other_recovery"],
    ("financing_aligned", (), 24): ["hall_resale", "hall_sale_limit"],
}
"""Where parameters matter that do so in some regime alone: a scenario, its values and quarters, and the parameters."""

BOOKS = {"depreciation_vehicles": "vehicles"}
"""Where to look for what moves no indicator."""


def still(case, names, quarters, record="indicators", resting=()):
    """Return which of some parameters move nothing where they go to the low end in one world, the high end in another.

    One whose default is an end goes to the other end in both.
    """
    worlds = make_worlds(factors_in(case, names), WORLDS, 7, resting=resting)
    for name in names:
        for world, (end, other) in enumerate(permutations((PARAMETERS[name].low, PARAMETERS[name].high))):
            worlds.ends.loc[world, name] = other if end == worlds.base.loc[world, name] else end
    points = points_of(worlds, range(WORLDS), names)
    values = {name: points.points[name].to_numpy() for name in points.points}
    numbers = points.numbers
    runs = aimarket.run_ensemble(
        case, len(numbers), quarters, 7, values, record=(record,), numbers=numbers, progress=False
    )
    moved = moved_points({"run": runs}, points.base)
    return set(names) - {name for name, moves in zip(points.moved, moved, strict=True) if moves}


def with_values(name, values):
    """Return a scenario of ours with other parameters."""
    case = aimarket.load_scenario(name)
    return replace(case, parameters={**case.parameters, **dict(values)})


def test_every_parameter_moves_something_somewhere(tmp_path):
    path = tmp_path / "everything.toml"
    path.write_text(EVERYTHING, encoding="utf-8")
    elsewhere = {name for names in ELSEWHERE.values() for name in names}
    names = [name for name in PARAMETERS if name not in elsewhere and name not in SHAPING]
    left = still(aimarket.load_scenario(path), names, QUARTERS, resting=RESTING)
    name, values, quarters = LONGER
    left = still(with_values(name, values), sorted(left), quarters, resting=left)
    assert not left, f"dead everywhere: {', '.join(sorted(left))}; delete them, or name in ELSEWHERE where they matter"


def test_every_structural_parameter_moves_something():
    assert not still(aimarket.load_scenario("baseline"), SHAPING, 8)


@pytest.mark.parametrize("where", ELSEWHERE, ids=lambda where: where[0])
def test_a_parameter_of_some_regime_moves_something_there(where):
    name, values, quarters = where
    names = ELSEWHERE[where]
    record = BOOKS.get(names[0], "indicators")
    assert not still(with_values(name, values), names, quarters, record, resting=names)
