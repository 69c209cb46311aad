"""Stylised facts are found where they are and missed where they are not."""

from types import SimpleNamespace

import numpy as np
import pytest

import aimarket
from aimarket.experiments.facts.board import FACTS, RECORD
from aimarket.experiments.facts.fact import ABSENT, PRESENT
from aimarket.experiments.facts.firms import BUYERS, SUPPLIERS
from aimarket.experiments.facts.markets import DEMANDED, FALLS, GLUT, SOLD, SQUEEZES, twin_of
from aimarket.experiments.statistics import OPEN, Interval, mean_interval
from aimarket.model.dates import quarter_date, quarter_number
from aimarket.model.scenarios.scenario import load_scenario

T, FIRMS, R = 40, 3, 200
RANDOM = np.random.default_rng(5)
TIME = np.arange(T, dtype=float)[:, None, None]
FLAT = np.ones((T, FIRMS, R))
NOISE = np.exp(np.cumsum(RANDOM.normal(0.0, 0.02, (T, FIRMS, R)), axis=0))


class Planted:
    """A run whose columns and indicators are given."""

    def __init__(self, **columns):
        self.columns = columns
        quarters = quarter_number("2026Q1") + np.arange(T)
        self.records = {kind: SimpleNamespace(active=None, quarters=quarters) for kind in (*BUYERS, *SUPPLIERS)}

    def values(self, name, kind="indicators"):
        return self.columns.get(name, FLAT)


def spiky(part):
    """Return investment of which a part is done in one quarter of each firm's ten."""
    spent = np.full((T, FIRMS, R), 1.0 - part)
    spent[::10] += 10.0 * part
    return spent


def counts(together):
    """Return defaults of 200 replicates: independent, or three at once where there is one."""
    return RANDOM.poisson(0.2 / (3.0 if together else 1.0), (T, R)) * (3.0 if together else 1.0)


def use(middle):
    """Return use of AI services that grows most in the middle of the run, or ever faster."""
    return FLAT / (1.0 + np.exp(-0.4 * (TIME - T / 2))) if middle else FLAT * np.exp(0.2 * TIME)


def squeezed(much):
    """Return four runs: new loans fall by a tenth where collateral counts for little, and by `much` where for more."""
    lent = {SQUEEZES[0]: 0.9, SQUEEZES[1]: 1.0 - much}
    runs = {name: Planted(debt_raised=FLAT * part * NOISE) for name, part in lent.items()}
    return runs | {twin_of(name): Planted(debt_raised=FLAT) for name in lent}


JUMPS = np.exp(np.cumsum(RANDOM.laplace(0.0, 0.1, (T, FIRMS, R)), axis=0))
SIZES = np.exp(2.0 * np.arange(FIRMS))[:, None] * FLAT
MADE = np.exp(0.1 * TIME[:, 0]) * FLAT[:, 0]
COBWEB = np.exp(0.3 * np.sin(2.0 * np.pi * TIME / 16.0)) * NOISE
LATER = np.exp(-0.3 * np.sin(2.0 * np.pi * (TIME - 4.0) / 16.0)) * NOISE
SHOWN = {
    "lumpy_buyers": (Planted(capex=spiky(0.6)), Planted(capex=FLAT)),
    "lumpy_suppliers": (Planted(capex=spiky(0.6)), Planted(capex=FLAT)),
    "tails": (Planted(revenue=JUMPS, sales=JUMPS), Planted(revenue=NOISE, sales=NOISE)),
    "gibrat": (Planted(revenue=SIZES * NOISE), Planted(revenue=SIZES ** np.exp(-0.02 * TIME))),
    "leverage": (
        Planted(fixed_assets=NOISE**5, debt=0.5 * NOISE**6, cash=0.0 * FLAT),
        Planted(fixed_assets=NOISE**5, debt=0.5 * NOISE**4, cash=0.0 * FLAT),
    ),
    "clustering": (Planted(defaults=counts(together=True)), Planted(defaults=counts(together=False) * 0.5)),
    "bullwhip": (
        Planted(planned_compute=NOISE**4, **dict.fromkeys(DEMANDED, NOISE)),
        Planted(planned_compute=NOISE, **dict.fromkeys(DEMANDED, NOISE**4)),
    ),
    "volatility": (
        Planted(total_capex=NOISE[:, 0] ** 3, ai_revenue=NOISE[:, 1]),
        Planted(total_capex=NOISE[:, 0], ai_revenue=NOISE[:, 1] ** 3),
    ),
    "hog_cycle": (Planted(capacity=COBWEB, price_index=LATER), Planted(capacity=COBWEB, price_index=1.0 / LATER)),
    "learning": (
        Planted(compute_shipped=MADE, landed_price=np.cumsum(MADE, axis=0) ** -0.3 * NOISE[:, 0] ** 0.1),
        Planted(compute_shipped=MADE, landed_price=NOISE[:, 0] ** 5),
    ),
    "s_curve": tuple(Planted(**dict.fromkeys(SOLD, use(middle))) for middle in (True, False)),
    "amplification": (squeezed(0.3), squeezed(0.05)),
}


def of(planted):
    return planted if isinstance(planted, dict) else {"baseline": planted}


@pytest.mark.parametrize("key", FACTS)
@pytest.mark.parametrize("there", [True, False])
def test_each_fact_can_come_out_either_way(key, there):
    planted = SHOWN[key][0 if there else 1]
    assert FACTS[key].outcome(mean_interval(FACTS[key].read(of(planted)))) == (PRESENT if there else ABSENT)


@pytest.mark.parametrize(
    ("ends", "outcome"),
    [((1.1, 1.4), PRESENT), ((0.9, 1.2), OPEN), ((0.2, 0.9), ABSENT), ((np.nan, np.nan), OPEN)],
)
def test_a_fact_is_judged_by_the_whole_interval(ends, outcome):
    assert FACTS["bullwhip"].outcome(Interval(sum(ends) / 2.0, *ends)) == outcome


@pytest.fixture(scope="module")
def found():
    return aimarket.stylised_facts(replicates=3, quarters=24, rng=7, progress=False)


def test_every_fact_has_a_row_with_its_reference_and_its_mechanism(found):
    assert list(found.frame["key"]) == list(FACTS)
    assert (found.frame["reference"].str.contains(r"\(\d{4}\)")).all()
    assert (found.frame["mechanism"].str.len() > 20).all()
    assert found.to_json()["facts"][0]["key"] == "lumpy_buyers"
    assert found.sentence().startswith(f"Of {len(FACTS)} stylised facts ")


def test_values_of_ones_own_reach_all_runs(found):
    other = aimarket.stylised_facts(replicates=3, quarters=24, rng=7, parameters={"chip_life": 12.0}, progress=False)
    assert (other.frame["value"] != found.frame["value"]).sum() >= len(FACTS) - 2


def test_collateral_falls_when_the_scenario_says():
    assert {quarter_date(change.start) for change in load_scenario(GLUT).changes} == {FALLS}


@pytest.mark.parametrize(("replicates", "quarters"), [(1, 40), (8, 12)])
def test_too_few_runs_are_refused(replicates, quarters):
    with pytest.raises(ValueError, match="tell no facts: give at least 2 of 24"):
        aimarket.stylised_facts(replicates=replicates, quarters=quarters)


def test_progress_counts_every_run():
    output = []
    aimarket.stylised_facts(replicates=2, quarters=24, progress=lambda count, whole: output.append((count, whole)))
    assert sum(count for count, _ in output) == {whole for _, whole in output}.pop()


def test_nothing_is_recorded_that_no_fact_reads():
    assert len(set(RECORD)) == len(RECORD)
