"""An ensemble gives each replicate its own parameters and random numbers and tells which failed, however it is cut."""

import gc

import numpy as np
import pandas as pd
import pytest

import aimarket
from aimarket.agents.state.population import Population
from aimarket.experiments.runs import batches
from aimarket.model.accounting import identities

QUARTERS = 5
NAMES = ("ai_revenue", "lab_compute", "funding", "power_price")


def same(one, other, rows=slice(None)):
    for name in NAMES:
        np.testing.assert_array_equal(one.values(name)[:, rows], other.values(name), err_msg=name)


def table():
    """Six replicates that differ in a continuous and in a structural parameter."""
    return pd.DataFrame(
        {
            "dilution": np.linspace(0.015, 0.05, 6),
            "hall_lead_time": [4, 6, 4, 2, 6, 4],
        }
    )


class Careless(aimarket.AILab):
    """Plans something that is no number in the replicate whose loans cost most."""

    def plan_compute(self, signals):
        plan = super().plan_compute(signals)
        return plan._replace(compute=np.where(self.dilution > 0.04, np.nan, plan.compute))


def poisoned(batch=None):
    dilution = np.array([0.02, 0.02, 0.045, 0.03, 0.02])
    return aimarket.run_ensemble(
        "deal_35bn",
        quarters=QUARTERS,
        rng=7,
        parameters=pd.DataFrame({"dilution": dilution}),
        firms={"xAI": Careless},
        batch=batch,
    )


def test_a_data_frame_gives_each_row_to_a_replicate():
    ensemble = aimarket.run_ensemble("deal_35bn", quarters=QUARTERS, rng=7, parameters=table())
    assert ensemble.replicates == 6
    for row, values in table().iterrows():
        alone = aimarket.MarketModel("deal_35bn", rng=7, replicate=row, parameters=dict(values))
        for _ in range(QUARTERS):
            alone.step()
        for name in NAMES:
            np.testing.assert_array_equal(
                ensemble.values(name)[:, row], alone.history.series("indicators").values[name][:, 0]
            )


@pytest.mark.parametrize("batch", [1, 2, 6])
def test_structural_values_are_grouped_and_come_back_in_order(batch):
    whole = aimarket.run_ensemble("deal_35bn", quarters=QUARTERS, rng=7, parameters=table())
    same(whole, aimarket.run_ensemble("deal_35bn", quarters=QUARTERS, rng=7, parameters=table(), batch=batch))
    np.testing.assert_array_equal(whole.effective["hall_lead_time"], table()["hall_lead_time"])
    np.testing.assert_array_equal(whole.records["indicators"].replicates, np.arange(6))


def test_equal_numbers_have_common_random_numbers():
    numbered = aimarket.run_ensemble("baseline", quarters=QUARTERS, rng=7, numbers=[3, 0, 3])
    plain = aimarket.run_ensemble("baseline", 4, QUARTERS, 7)
    for place, number in enumerate([3, 0, 3]):
        for name in NAMES:
            np.testing.assert_array_equal(numbered.values(name)[:, place], plain.values(name)[:, number])


@pytest.mark.parametrize("batch", [None, 2])
def test_a_replicate_that_is_not_finite_is_reported_with_quarter_and_cause(batch):
    failures = poisoned(batch).failures
    assert failures.index.tolist() == [2]
    assert failures["replicate"].tolist() == [2]
    assert failures["quarter"].iloc[0] == "2026Q1"
    assert "not finite" in failures["cause"].iloc[0]


def test_the_replicates_beside_one_that_fails_are_what_they_were():
    ensemble = poisoned()
    others = [0, 1, 3, 4]
    healthy = aimarket.run_ensemble(
        "deal_35bn",
        quarters=QUARTERS,
        rng=7,
        numbers=others,
        parameters={"dilution": np.array([0.02, 0.02, 0.03, 0.02])},
    )
    same(ensemble, healthy, others)


def test_a_replicate_that_breaks_an_identity_is_reported(monkeypatch):
    def broken_once(market):
        return np.where((np.array(market.chance.replicates) == 1) & (market.quarter == 2), 0.5, 0.0)

    monkeypatch.setitem(identities.IDENTITIES, "I3", broken_once)
    failures = aimarket.run_ensemble(replicates=3, quarters=QUARTERS).failures
    assert failures[["replicate", "cause"]].to_numpy().tolist() == [[1, "I3 is broken"]]
    assert failures["quarter"].iloc[0] == "2026Q3"


def test_where_nothing_fails_nothing_is_reported():
    assert aimarket.run_ensemble(replicates=3, quarters=2).failures.empty


def test_batches_shrink_with_what_is_kept():
    small = aimarket.MarketModel(record=("indicators",))
    large = aimarket.MarketModel(record=None)
    assert batches.fitting(small, 40) == batches.LARGEST
    assert 1 <= batches.fitting(large, 2000) < batches.LARGEST
    assert batches.fitting(large, 10**9) == 1


@pytest.mark.parametrize(
    ("wrong", "error", "words"),
    [
        ({"parameters": pd.DataFrame({"dilutoin": [0.02]})}, KeyError, "did you mean 'dilution'"),
        (
            {"parameters": pd.DataFrame({"dilution": [0.02, np.nan]})},
            ValueError,
            "dilution = nan 1/quarter lies outside",
        ),
        ({"parameters": pd.DataFrame({"dilution": [0.02, 9.0]})}, ValueError, "dilution = 9"),
        ({"parameters": pd.DataFrame({"dilution": ["much"]})}, TypeError, "dilution"),
        ({"parameters": pd.DataFrame({"hall_lead_time": [4, 4.5]})}, ValueError, "whole number"),
        ({"parameters": table(), "replicates": 5}, ValueError, r"\(6,\); give .* \(5,\)"),
        ({"numbers": [0, 1], "replicates": 3}, ValueError, "there are 2 numbers"),
        ({"numbers": [0, -1]}, ValueError, "replicate = -1"),
        ({"numbers": []}, ValueError, "replicates"),
        ({"parameters": {"hall_lead_time": np.array([4.0, 5.0])}, "replicates": 3}, ValueError, "shape"),
    ],
)
def test_wrong_replicates_are_named(wrong, error, words):
    with pytest.raises(error, match=words):
        aimarket.run_ensemble(**{"quarters": 1, **wrong})


def test_a_saved_run_remembers_what_broke(tmp_path, monkeypatch):
    monkeypatch.setitem(identities.IDENTITIES, "I3", lambda market: np.full(market.replicates, 0.5))
    model = aimarket.MarketModel(replicate=[4, 4])
    model.step()
    model.save(tmp_path / "run.npz")
    again = aimarket.MarketModel.restore(tmp_path / "run.npz")
    assert again.chance.replicates == (4, 4)
    np.testing.assert_array_equal(again.broken["I3"], model.broken["I3"])


def test_a_batch_that_has_run_leaves_nothing_for_the_collector():
    def tables():
        return {id(item) for item in gc.get_objects() if isinstance(item, Population) and vars(item)}

    gc.collect()
    before = tables()
    gc.disable()
    try:
        aimarket.run_ensemble(replicates=50, quarters=2)
        held = tables() - before
    finally:
        gc.enable()
    assert not held


def test_a_quarter_stands_for_the_stocks_at_its_end(tmp_path):
    """As in MarketModel: wherever a start is asked for, its quarter does."""
    start = aimarket.load_start("2024Q4")
    same(aimarket.run_ensemble("baseline", 2, 2, start="2024Q4"), aimarket.run_ensemble("baseline", 2, 2, start=start))
    twins = aimarket.compare("deal_35bn", replicates=1, quarters=2, runs=(), start="2024Q4")
    assert twins.ensembles["control"].values("ai_revenue").shape == (2, 1)
    model = aimarket.MarketModel("baseline", start="2024Q4")
    model.save(tmp_path / "run.npz")
    assert aimarket.MarketModel.restore(tmp_path / "run.npz", start="2024Q4").date == "2025Q1"
    with pytest.raises(ValueError, match=r"2019Q4.*there is 2023Q4, 2024Q4, 2025Q4"):
        aimarket.run_ensemble("baseline", 2, 2, start="2019Q4")
