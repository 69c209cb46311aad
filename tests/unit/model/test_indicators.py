"""Indicators of what sectors invest, beside what they raise."""

import pytest

import aimarket
from aimarket.agents.state.arrays import total
from aimarket.experiments.claims.c1 import BOARD, SECTORS
from aimarket.model.indicators import INDICATORS

FIRMS = {"vendors": ("vendors", slice(None)), "energy": ("energy", slice(None))}
FIRMS |= {name: ("equipment", row) for row, name in enumerate(("construction", "cooling", "storage", "clusters"))}


@pytest.fixture(scope="module")
def model():
    model = aimarket.MarketModel("baseline", rng=7, replicates=2)
    for _ in range(2):
        model.step()
    return model


@pytest.mark.parametrize("sector", FIRMS)
def test_what_a_sector_invests_is_what_its_firms_spend_on_plant(model, sector):
    kind, rows = FIRMS[sector]
    spent = getattr(model, kind).capex[rows]
    measured = INDICATORS[f"capex_{sector}"].measure(model)
    assert measured == pytest.approx(total(spent) if spent.ndim > 1 else spent)
    assert (measured > 0.0).any() == (sector != "vendors"), "foundries outside build for vendors"


@pytest.mark.parametrize("sector", SECTORS)
def test_a_surge_of_investment_is_judged_by_what_each_sector_invests(sector):
    """Funding is not investment: what a sector raises may repay debts, and what it earns may build."""
    keys = [statistic.key for statistic in BOARD]
    assert f"C1b.capex_{sector}" in keys
    assert f"C1b.funding_{sector}" not in keys


def test_every_sector_that_invests_is_judged_once():
    """Vendors invest nothing in the model, so that they have no row that could never be known."""
    kinds = [kind for _, members in SECTORS.values() for kind in members]
    assert sorted([*kinds, "vendors"]) == sorted(FIRMS)
