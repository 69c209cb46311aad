"""A run can be saved and taken up again at any quarter with the same result, and a bad file says what is wrong."""

import json
import os

import numpy as np
import pandas as pd
import pytest

import aimarket
from aimarket.agents.ai_lab import AILab
from aimarket.agents.state.column import Column
from aimarket.model.checkpoint import SavedRunError

from ...builders import all_different

QUARTERS = 10
KINDS = ("indicators", "ai_labs", "asset_managers", "flows", "events")


def run(model, quarters):
    for _ in range(quarters):
        model.step()
    return model


def interrupted(path, at, scenario="bust", **more):
    """Run to a quarter, save, forget the model, take the run up again and finish it."""
    run(aimarket.MarketModel(scenario, rng=7, **more), at).save(path)
    again = {name: more[name] for name in ("firms", "start") if name in more}
    return run(aimarket.MarketModel.restore(path, **again), QUARTERS - at)


def assert_same(one, other, kinds=KINDS):
    for title, table in one.ledger.tables.items():
        for name, values in table.columns.items():
            assert values.tobytes() == other.ledger.tables[title].columns[name].tobytes(), f"{title}.{name}"
    for kind in kinds:
        pd.testing.assert_frame_equal(one.history.to_frame(kind), other.history.to_frame(kind), check_exact=True)
    assert one.checks() == other.checks()
    assert (one.date, one.quarter) == (other.date, other.quarter)


@pytest.fixture(scope="module", params=[1, 3])
def whole(request):
    """A run that nothing stops."""
    return run(aimarket.MarketModel("bust", rng=7, replicates=request.param), QUARTERS)


@pytest.mark.parametrize("at", [0, 1, 5, 9, 10])
def test_a_run_goes_on_as_if_it_had_not_stopped(tmp_path, at, whole):
    assert_same(whole, interrupted(tmp_path / "run.npz", at, replicates=whole.replicates))


@pytest.mark.parametrize("name", list(aimarket.scenarios()))
def test_every_scenario_goes_on_as_if_it_had_not_stopped(tmp_path, name):
    whole = run(aimarket.MarketModel(name, rng=7, replicate=2, record=("indicators",)), 6)
    whole.save(tmp_path / "run.npz")
    again = aimarket.MarketModel.restore(tmp_path / "run.npz")
    assert_same(run(whole, 3), run(again, 3), kinds=("indicators",))


def test_a_run_stops_and_goes_on_in_the_middle_of_a_shock(tmp_path):
    case = aimarket.model.scenarios.scenario.parse_scenario(
        '[[changes]]\nparameter = "dilution"\nfrom = "2026Q3"\nuntil = "2027Q4"\nset = 0.04\nfirms = ["OpenAI"]',
        "x",
        "x",
    )
    whole = run(aimarket.MarketModel(case, rng=7), QUARTERS)
    assert_same(whole, interrupted(tmp_path / "run.npz", 4, case))


def test_overriding_values_come_back(tmp_path):
    values = {"depreciation_labs": 0.06, "rivalry": np.array([0.1, 0.4])}
    whole = run(aimarket.MarketModel("bust", rng=7, replicates=2, parameters=values), QUARTERS)
    assert_same(whole, interrupted(tmp_path / "run.npz", 6, replicates=2, parameters=values))


class Remembering(AILab):
    """A lab that remembers its highest price of coding."""

    highest_price = Column("USD bn/unit", "highest price so far")

    def remember(self, signals):
        return {"highest_price": np.maximum(self.highest_price, self.price[:, -1])}

    def split_compute(self, signals):
        return super().split_compute(signals) * (1.0 - 0.1 * (self.price[:, -1] < self.highest_price))


def test_subclasses_and_what_they_remember_come_back(tmp_path):
    firms = {"Meta": Remembering, "xAI": Remembering}
    whole = run(aimarket.MarketModel("bust", rng=7, firms=firms), QUARTERS)
    assert_same(whole, interrupted(tmp_path / "run.npz", 6, firms=firms))


def test_a_start_of_ones_own_comes_back(tmp_path):
    whole = run(aimarket.MarketModel("bust", rng=7, start=all_different()), QUARTERS)
    assert_same(whole, interrupted(tmp_path / "run.npz", 6, start=all_different()))


@pytest.mark.parametrize("name", ["Meta", "Alphabet"])
def test_a_removed_firm_stays_away(tmp_path, name):
    model = run(aimarket.MarketModel(rng=7), 2)
    next(agent for agent in model.agents if agent.name == name).remove()
    model.save(tmp_path / "run.npz")
    again = aimarket.MarketModel.restore(tmp_path / "run.npz")
    assert name not in {agent.name for agent in again.agents}
    assert_same(run(model, 3), run(again, 3))


@pytest.mark.parametrize("name", ["Meta", "Alphabet", "Neoclouds"])
def test_a_firm_is_removed_from_a_restored_run_as_from_one_that_goes_on(tmp_path, name):
    model = run(aimarket.MarketModel(rng=7), 2)
    model.save(tmp_path / "run.npz")
    again = aimarket.MarketModel.restore(tmp_path / "run.npz")
    for one in (model, again):
        next(agent for agent in one.agents if agent.name == name).remove()
    assert_same(run(model, 3), run(again, 3))


def test_a_strict_model_stays_strict(tmp_path):
    aimarket.MarketModel(strict=True).save(tmp_path / "run.npz")
    assert aimarket.MarketModel.restore(tmp_path / "run.npz").strict


def test_what_is_recorded_stays_the_same(tmp_path):
    model = run(aimarket.MarketModel(replicates=2, record=("indicators", "ai_labs.price_coding")), 2)
    model.save(tmp_path / "run.npz")
    again = run(aimarket.MarketModel.restore(tmp_path / "run.npz"), 1)
    assert list(again.history.series("ai_labs").values) == ["price_coding"]
    assert len(again.history.series("indicators").quarters) == 3


def test_saving_leaves_nothing_else_behind(tmp_path):
    aimarket.MarketModel().save(tmp_path / "run.npz")
    assert os.listdir(tmp_path) == ["run.npz"]


def test_saving_over_an_older_run_keeps_the_newer(tmp_path):
    model = aimarket.MarketModel()
    model.save(tmp_path / "run.npz")
    model.step()
    model.save(tmp_path / "run.npz")
    assert aimarket.MarketModel.restore(tmp_path / "run.npz").quarter == 1


def test_a_text_path_will_do(tmp_path):
    path = str(tmp_path / "run.npz")
    aimarket.MarketModel().save(path)
    assert aimarket.MarketModel.restore(path).quarter == 0


def test_a_file_is_read_without_running_anything(tmp_path):
    aimarket.MarketModel().save(tmp_path / "run.npz")
    with np.load(tmp_path / "run.npz", allow_pickle=False) as content:
        assert all(content[name].dtype != object for name in content.files)


def saved_with(path, changed_header=None, **arrays):
    """Save a run with some of its content exchanged; None leaves an array out."""
    run(aimarket.MarketModel(), 1).save(path)
    with np.load(path) as content:
        everything = {name: content[name] for name in content.files}
    if changed_header is not None:
        changed = json.loads(everything["header"].tobytes()) | changed_header
        everything["header"] = np.frombuffer(json.dumps(changed).encode(), dtype=np.uint8)
    everything |= arrays
    with path.open("wb") as file:
        np.savez(file, **{name: array for name, array in everything.items() if array is not None})
    return path


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 broken", bytes(range(256))])
def test_a_file_that_is_no_saved_run_is_refused(tmp_path, content):
    path = tmp_path / "run.npz"
    path.write_bytes(content)
    with pytest.raises(SavedRunError, match=r"run\.npz is not a saved run"):
        aimarket.MarketModel.restore(path)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.npz", tmp_path):
        with pytest.raises(SavedRunError, match="is not a saved run"):
            aimarket.MarketModel.restore(path)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused(tmp_path, part):
    path = saved_with(tmp_path / "run.npz")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(part * len(whole))])
    with pytest.raises(SavedRunError, match="is not a saved run"):
        aimarket.MarketModel.restore(path)


def test_another_archive_of_arrays_is_refused(tmp_path):
    np.savez(tmp_path / "other.npz", x=np.zeros(3))
    with pytest.raises(SavedRunError, match="is not a saved run"):
        aimarket.MarketModel.restore(tmp_path / "other.npz")


def test_a_file_with_code_in_it_is_refused(tmp_path):
    path = saved_with(tmp_path / "run.npz", money=np.array([{"a": 1}], dtype=object))
    with pytest.raises(SavedRunError, match="is not a saved run"):
        aimarket.MarketModel.restore(path)


def test_another_format_is_refused(tmp_path):
    path = saved_with(tmp_path / "run.npz", changed_header={"format": 99})
    with pytest.raises(SavedRunError, match=r"run\.npz .*format"):
        aimarket.MarketModel.restore(path)


def test_a_missing_column_is_named(tmp_path):
    path = saved_with(tmp_path / "run.npz", **{"table/ai_labs/cash": None})
    with pytest.raises(SavedRunError, match="ai_labs differs in cash"):
        aimarket.MarketModel.restore(path)


def test_an_unknown_column_is_named(tmp_path):
    path = saved_with(tmp_path / "run.npz", **{"table/ai_labs/luck": np.zeros((6, 1))})
    with pytest.raises(SavedRunError, match="ai_labs differs in luck"):
        aimarket.MarketModel.restore(path)


def test_a_column_of_another_shape_is_named(tmp_path):
    path = saved_with(tmp_path / "run.npz", **{"table/ai_labs/cash": np.zeros((7, 1))})
    with pytest.raises(SavedRunError, match=r"ai_labs\.cash has shape \(7, 1\)"):
        aimarket.MarketModel.restore(path)


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("history/indicators/ai_revenue", (1, 1, 1)),
        ("history/flows/rent|labs", (1, 2, 1)),
        ("history/ai_labs/cash", (1, 7, 1)),
        ("residual/I1", (1, 1)),
        ("money", (2, 1)),
    ],
)
def test_what_was_kept_in_another_shape_is_named(tmp_path, name, shape):
    path = saved_with(tmp_path / "run.npz", **{name: np.zeros(shape)})
    with pytest.raises(SavedRunError, match="has shape"):
        aimarket.MarketModel.restore(path)


def test_a_run_with_subclasses_needs_them_again(tmp_path):
    run(aimarket.MarketModel(firms={"Meta": Remembering}), 1).save(tmp_path / "run.npz")
    with pytest.raises(SavedRunError, match=r"Meta \(Remembering\) and is Meta \(AILab\)"):
        aimarket.MarketModel.restore(tmp_path / "run.npz")


@pytest.mark.parametrize("missing", ["money", "header"])
def test_a_missing_part_is_refused(tmp_path, missing):
    path = saved_with(tmp_path / "run.npz", **{missing: None})
    with pytest.raises(SavedRunError, match=r"run\.npz"):
        aimarket.MarketModel.restore(path)


@pytest.mark.parametrize("header", [{"quarter": -1}, {"replicates": 0}, {"seed": "x"}, {"scenario": {}}, {"record": 3}])
def test_a_header_that_makes_no_sense_is_refused(tmp_path, header):
    path = saved_with(tmp_path / "run.npz", changed_header=header)
    with pytest.raises(SavedRunError, match=r"run\.npz"):
        aimarket.MarketModel.restore(path)


def test_saving_where_nothing_can_be_written_says_so(tmp_path):
    with pytest.raises(OSError, match="none"):
        aimarket.MarketModel().save(tmp_path / "none" / "run.npz")


def test_a_run_restored_without_its_start_is_refused(tmp_path):
    start = aimarket.load_start()
    shares = {"hall_cost_share": [0.5, 0.2, 0.3, 0.0]}
    own = start.with_firms("equipment_suppliers", start.roster["equipment_suppliers"], **shares)
    run(aimarket.MarketModel(start=own), 1).save(tmp_path / "run.npz")
    with pytest.raises(SavedRunError, match="pass the start that the run had"):
        aimarket.MarketModel.restore(tmp_path / "run.npz")
    assert aimarket.MarketModel.restore(tmp_path / "run.npz", start=own).quarter == 1


def test_a_packed_archive_is_refused_before_it_unfolds(tmp_path):
    np.savez_compressed(tmp_path / "bomb.npz", header=np.zeros(8, np.uint8), money=np.zeros(5_000_000))
    with pytest.raises(SavedRunError, match="packed"):
        aimarket.MarketModel.restore(tmp_path / "bomb.npz")


def test_a_restored_run_counts_its_quarters(tmp_path):
    run(aimarket.MarketModel(), 3).save(tmp_path / "run.npz")
    assert aimarket.MarketModel.restore(tmp_path / "run.npz").steps == 3
