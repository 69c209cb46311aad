"""Shipped scenarios can be written down, so that none falls back to NumPy because of a rule."""

import pytest

import aimarket
from aimarket.model.kernel.structure import structure
from aimarket.model.records.history import KINDS
from aimarket.model.tape.quarter import trace_quarter
from aimarket.model.tape.refusal import UntraceableError

REMEDY = "write it with masks, or declare its guard with agents.state.arrays.anywhere: see docs/decisions/kernel.md"


def structures():
    """Return one shipped scenario for each structure, with values that shape arrays; the others have the same tape."""
    found = {structure(aimarket.MarketModel(name))[0]: name for name in reversed(aimarket.scenarios())}
    return [(name, {}) for name in reversed(found.values())] + [("baseline", {"takeoff_uncertain": 1, "chance": 0})]


def every_fourth(cases):
    """Return cases of which all but every fourth wait until they are asked for."""
    return [pytest.param(*case, marks=[pytest.mark.acceptance] if n % 4 else []) for n, case in enumerate(cases)]


@pytest.mark.parametrize(("scenario", "shaping"), every_fourth(structures()))
def test_shipped_scenarios_can_be_written_down(scenario, shaping):
    def build(replicate, parameters):
        return aimarket.MarketModel(scenario, replicate=replicate, parameters={**parameters, **shaping}, record=KINDS)

    try:
        quarter = trace_quarter(build)
    except UntraceableError as error:
        pytest.fail(f"{scenario} would run on NumPy: {error}; {REMEDY}")
    assert {kind for kind, items in quarter.whole.records.items() if items} >= {"indicators", "ai_labs", "events"}
    assert quarter.tape.guards > 0
