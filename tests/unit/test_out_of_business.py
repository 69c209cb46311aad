"""A firm that is out of business has no values, in no frame and as no agent."""

import numpy as np
import pytest

import aimarket


def firm(model, name):
    return next(agent for agent in model.agents if agent.name == name)


@pytest.fixture
def half():
    """A model of two replicates, in the second of which Meta is not in business."""
    model = aimarket.MarketModel(replicates=2)
    model.labs.commit(active=np.where(np.arange(2) == 1, model.labs.active * (np.arange(6) != 3)[:, None], 1.0))
    return model


def test_a_firm_has_no_values_in_replicates_in_which_it_is_not_in_business(half):
    lab = firm(half, "Meta")
    for value in (lab.cash, lab.capability, lab.debt, lab.fleet):
        assert np.isfinite(value[..., 0]).all()
        assert np.isnan(value[..., 1]).all()
    assert lab.active.tolist() == [1.0, 0.0]


def test_what_is_written_where_a_firm_is_not_in_business_stays_as_it_was(half):
    lab, before = firm(half, "Meta"), half.labs.brand[3]
    lab.brand = lab.brand + 1.0
    np.testing.assert_array_equal(half.labs.brand[3], before + np.array([1.0, 0.0]))
    with pytest.raises(ValueError, match="is not a finite number"):
        lab.brand = np.array([np.nan, 1.0])


def test_a_plain_mean_over_firms_is_the_mean_over_firms_in_business():
    runs = aimarket.run_ensemble("triple_squeeze", 4, 24, 7, record=("ai_labs", "indicators"))
    last = runs.to_frame("ai_labs").query("quarter == quarter.max()")
    there = last[last["active"] == 1.0]
    assert 0 < len(there) < len(last)
    assert last["capability"].mean() == pytest.approx(there["capability"].mean())
    assert last["capability"].min() >= 0.0


def test_a_firm_has_values_in_the_quarters_in_which_it_is_in_business_and_in_no_others():
    model = aimarket.MarketModel("vendor_entry", record=("chip_vendors.price",))
    for _ in range(8):
        model.step()
    prices = model.history.to_frame("chip_vendors").query("firm == 'Vendor entrant'").set_index("quarter")["price"]
    start = model.case.entries[0].start
    assert [aimarket.quarter_number(quarter) >= start for quarter in prices.index] == prices.notna().tolist()
    assert prices.notna().any()


def test_a_restored_run_knows_who_was_in_business(tmp_path):
    model = aimarket.MarketModel("vendor_entry", record=("chip_vendors.price",))
    for _ in range(2):
        model.step()
    model.save(tmp_path / "x.run")
    again = aimarket.MarketModel.restore(tmp_path / "x.run").history.to_frame("chip_vendors")
    assert again.equals(model.history.to_frame("chip_vendors"))
    assert again["price"].isna().any()
