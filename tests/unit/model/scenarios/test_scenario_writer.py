"""A scenario written as TOML is the same scenario when it is read."""

from dataclasses import replace

import pytest

from aimarket import load_scenario
from aimarket.model.scenarios.scenario import parse_scenario, scenarios
from aimarket.model.scenarios.scenario_writer import scenario_toml


@pytest.mark.parametrize("name", list(scenarios()))
def test_every_scenario_comes_back_from_its_toml(name):
    case = load_scenario(name)
    found = parse_scenario(scenario_toml(case), name, case.source)
    assert found == replace(case)


def test_settings_take_the_place_of_the_scenarios_own_values():
    found = parse_scenario(
        scenario_toml(load_scenario("vendor_loop"), {"vendor_finance_share": 0.1, "outside_wear": 0.05}), "", ""
    )
    assert found.parameters == {"vendor_finance_share": 0.1, "outside_wear": 0.05}
