"""Running many replicates at once is running each alone."""

import numpy as np
import pytest

import aimarket
from aimarket.model.quarter import QUARTER as RULES

from ..accounting.worlds import drawn, ruin
from ..builders import longer

REPLICATES = 64
QUARTERS = 12
SEED = 11
CLOUD = 3
"""The row of the cloud that is ruined."""

SEEN = ("cash", "fleet", "log_efficiency", "capability", "market_share", "revenue", "halls", "loans")


def run(replicate, replicates, **options):
    model = aimarket.MarketModel(
        "deal_35bn", rng=SEED, replicate=replicate, replicates=replicates, record=("indicators",), **options
    )
    for _ in range(QUARTERS):
        model.step()
    return model


def row(model, replicate):
    """What labs, clouds, managers and the economy remember of one replicate."""
    columns = {f"lab {name}": model.labs.columns[name] for name in SEEN}
    columns |= {
        f"cloud {name}": model.clouds.columns[name] for name in ("cash", "fleet", "contracts", "rent_price", "owed")
    }
    columns |= {"mood": model.managers.sentiment, "price": model.vendors.price, "power": model.economy.power_price}
    return {name: column[..., replicate].tobytes() for name, column in columns.items()}


def test_rows_of_a_batch_of_64_equal_single_runs():
    """T26: row r of one run with R = 64 is the single run with replicate r, bit for bit; every seventh is tried."""
    batch = run(0, REPLICATES)
    unequal = [r for r in range(0, REPLICATES, 7) if row(batch, r) != row(run(r, 1), 0)]
    assert unequal == []


@pytest.mark.parametrize("replicates", [64, 300])
def test_replicate_three_alone_is_replicate_three_of_a_batch(replicates):
    """T26: every column of every table and every identity, with parameters of its own, while clouds and labs fail."""
    case = aimarket.load_scenario("deal_35bn")
    values = drawn(SEED, replicates, case)
    mine = {name: float(value[3]) for name, value in values.items()}
    batch, single = (
        aimarket.MarketModel(case, rng=SEED, record=(), **options)
        for options in ({"replicates": replicates, "parameters": values}, {"replicate": 3, "parameters": mine})
    )
    for quarter in range(QUARTERS):
        for phase in RULES:
            if phase.name == "distress" and quarter == 4:
                ruin(batch, batch.clouds, CLOUD, 3)
                ruin(single, single.clouds, CLOUD, 0)
            phase.run(batch)
            phase.run(single)
        batch.quarter, single.quarter = batch.quarter + 1, single.quarter + 1
    assert single.clouds.defaults[CLOUD, 0] == 1.0
    for many, one in zip((*batch.populations, batch.economy), (*single.populations, single.economy), strict=True):
        unequal = [n for n in one.declared if many.columns[n][..., 3].tobytes() != one.columns[n][..., 0].tobytes()]
        assert unequal == [], many.title
    assert {name: batch.residuals[name][3] for name in single.residuals} == {
        name: residual[0] for name, residual in single.residuals.items()
    }


@pytest.mark.parametrize("scenario", ["deal_stress", "financing_vendor_equity", "financing_aligned"])
def test_a_batch_with_vehicles_equals_single_runs(scenario):
    """T26: every column of every table, facilities and vehicles included, while leases run, fail and end."""
    options = {"rng": SEED, "record": ()}
    batch = aimarket.MarketModel(scenario, replicates=4, **options)
    singles = [aimarket.MarketModel(scenario, replicate=number, **options) for number in range(4)]
    for _ in range(26):
        for model in (batch, *singles):
            model.step()
    for number, single in enumerate(singles):
        tables = zip((*batch.populations, batch.facilities), (*single.populations, single.facilities), strict=True)
        for many, one in tables:
            unequal = [n for n in one.declared if many.columns[n][..., number].tobytes() != one.columns[n].tobytes()]
            assert unequal == [], many.title


@pytest.mark.parametrize("kind", ["ai_labs", "chip_vendors", "energy_suppliers", "asset_managers", "clouds"])
def test_more_than_eight_firms_of_a_kind_change_no_bit(kind):
    """T26: sums over nine firms and more come in one order, whether there is one replicate or several."""
    start = longer(kind, 7)
    batch = run(0, 5, start=start)
    assert len(batch.ledger.tables[kind]) > 8
    for replicate in range(5):
        assert row(batch, replicate) == row(run(replicate, 1, start=start), 0)


def test_parameters_that_differ_by_replicate_are_each_replicates_own():
    """T26: a batch in which exponents and rates differ by row equals single runs with the row's values, bit for bit.

    One half and one are among them, for which NumPy takes short cuts when an exponent is a single number.
    """
    names = (
        "effort_returns",
        "compute_weight",
        "coding_price_elasticity",
        "base_elasticity",
        "outside_wear",
        "deployment",
    )
    values = np.array(
        [[0.4, 0.5, 0.6], [0.5, 0.6, 0.4], [1.0, 1.3, 1.6], [0.1, 0.2, 0.3], [0.03, 0.05, 0.08], [0.1, 0.2, 0.4]]
    )
    batch = run(0, 3, parameters=dict(zip(names, values, strict=True)))
    for replicate in range(3):
        single = run(replicate, 1, parameters=dict(zip(names, values[:, replicate].tolist(), strict=True)))
        assert row(batch, replicate) == row(single, 0)


def test_the_rows_of_a_batch_differ():
    """T26 compares what differs: no two replicates have the same history."""
    batch = run(0, REPLICATES)
    assert np.unique(batch.labs.revenue[0]).size == REPLICATES
