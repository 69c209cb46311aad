"""Whatever happens to labs and clouds, contracts, rents, chips and money add up."""

from hypothesis import given, settings
from hypothesis import strategies as st

import aimarket
from aimarket.model.accounting.identities import IDENTITIES, TOLERANCE
from aimarket.model.quarter import QUARTER

from ..accounting.worlds import drawn, ruin

QUARTERS = 8
STARTS = ("2023Q4", "2024Q4", "2025Q4")
LABS, CLOUDS = 5, 5
"""How many of either are in business at every start."""

FIRST = 0
"""The replicate in which they are ruined; the other one goes on."""


@settings(max_examples=20, deadline=None)
@given(
    scenario=st.sampled_from(sorted(aimarket.scenarios())),
    start=st.sampled_from(STARTS),
    seed=st.integers(0, 999),
    lab=st.integers(0, LABS - 1),
    cloud=st.integers(0, CLOUDS - 1),
    quarter=st.integers(0, QUARTERS - 2),
)
def test_every_identity_holds_when_a_lab_and_a_cloud_are_ruined(scenario, start, seed, lab, cloud, quarter):
    case = aimarket.load_scenario(scenario)
    model = aimarket.MarketModel(
        case, rng=seed, start=start, replicates=2, parameters=drawn(seed, 2, case), record=("indicators",)
    )
    for now in range(QUARTERS):
        for phase in QUARTER:
            if phase.name == "distress" and now == quarter:
                ruin(model, model.labs, lab, FIRST)
                ruin(model, model.clouds, cloud, FIRST)
            phase.run(model)
        model.quarter += 1
    assert model.residuals.keys() == IDENTITIES.keys()
    assert {name: value for name, value in model.checks().items() if not value <= TOLERANCE} == {}
    assert model.labs.defaults[lab, 0] + model.labs.gone[lab, 0] > 0.0
