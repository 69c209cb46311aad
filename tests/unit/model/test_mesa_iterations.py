"""What Mesa's batch runs make of the model, and what seeds are made of, on every version of Mesa that we support."""

import copy
import inspect
import multiprocessing
import warnings

import mesa
import numpy as np
import pytest

import aimarket
from aimarket.model.randomness import DEFAULT_SEED, seed_of

from ..test_mesa import same

# Batches


def test_mesas_batch_run_drives_the_model():
    results = mesa.batch_run(
        aimarket.MarketModel,
        {"scenario": ["baseline", "deal_35bn"], "replicate": [0, 1]},
        number_processes=1,
        max_steps=3,
        display_progress=False,
    )
    found = {(row["scenario"], row["replicate"]): row["ai_revenue"] for row in results}
    ensembles = {name: aimarket.run_ensemble(name, 2, 4, 7).values("ai_revenue") for name in ("baseline", "deal_35bn")}
    assert len(set(found.values())) == 4
    for (scenario, replicate), revenue in found.items():
        assert revenue in ensembles[scenario][2:, replicate]  # Mesa 3.3 takes one step more than it is told


def test_mesas_batch_run_sweeps_a_parameter():
    low, high = {"coding_ceiling": 60.0}, {"coding_ceiling": 300.0}
    results = mesa.batch_run(
        aimarket.MarketModel,
        {"parameters": [low, high], "replicate": [0, 1]},
        number_processes=1,
        max_steps=3,
        display_progress=False,
    )
    found = {(row["parameters"]["coding_ceiling"], row["replicate"]): row["ai_revenue"] for row in results}
    ensembles = {
        values["coding_ceiling"]: aimarket.run_ensemble("baseline", 2, 4, 7, values).values("ai_revenue")
        for values in (low, high)
    }
    assert len(set(found.values())) == 4
    for (ceiling, replicate), revenue in found.items():
        assert revenue in ensembles[ceiling][2:, replicate]  # Mesa 3.3 takes one step more than it is told


def batch(parameters, **more):
    """Return the rows of a short batch run of Mesa's; it warns that iterations are to be called otherwise one day."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The `iterations`", DeprecationWarning)
        return mesa.batch_run(aimarket.MarketModel, parameters, max_steps=2, display_progress=False, **more)


def test_iterations_of_a_batch_are_replicates():
    rows = batch({"scenario": ["baseline", "deal_35bn"]}, iterations=3)
    found = {(row["scenario"], row["iteration"]): row["frontier_capability"] for row in rows}
    quarters = {row["quarter"] for row in rows}
    assert len(quarters) == 1
    for name in ("baseline", "deal_35bn"):
        values = aimarket.run_ensemble(name, 3, 3, 7).to_frame().set_index(["quarter", "replicate"])
        for number in range(3):
            assert found[name, number] == values.loc[(*quarters, number), "frontier_capability"]


def test_iterations_of_a_seed_are_replicates_too():
    rows = batch({"rng": [5]}, iterations=3)
    assert len({row["frontier_capability"] for row in rows}) == 3


def test_iterations_of_a_fixed_replicate_are_refused():
    with pytest.raises(ValueError, match="leave replicate out, and iterations are replicates"):
        batch({"replicate": 0}, iterations=2)


def test_seeds_among_the_parameters_of_a_batch_differ():
    rows = batch({"rng": [1, 2, 3]})
    assert len({row["frontier_capability"] for row in rows}) == 3


def test_seeds_that_mesa_drops_are_reported():
    """Mesa 3.4 and later overwrite what is called seed among the parameters."""
    if "rng" not in inspect.signature(mesa.batch_run).parameters:
        assert len({row["frontier_capability"] for row in batch({"seed": [1, 2]})}) == 2
    else:
        with pytest.raises(ValueError, match=r"give it to batch_run itself, .*rng=\[1, 2\]"):
            batch({"seed": [1, 2]})


@pytest.mark.skipif("rng" not in inspect.signature(mesa.batch_run).parameters, reason="came with Mesa 3.4")
def test_mesas_own_seeds_are_those_of_the_model():
    found = {row["seed"]: row["frontier_capability"] for row in batch({}, rng=[1, 2])}
    assert len(set(found.values())) == 2
    for seed, capability in found.items():
        assert capability in aimarket.run_ensemble(replicates=1, quarters=3, rng=seed).values("frontier_capability")


def test_a_batch_tells_the_quarter_of_every_row():
    """Versions of Mesa number steps from 0 or 1, and some give the first row twice: the quarter tells what a row is."""
    rows = batch({"replicate": [0]}, data_collection_period=1)
    known = aimarket.run_ensemble(replicates=1, quarters=3, rng=7).to_frame().set_index("quarter")
    assert {"2026Q1", "2026Q2"} <= {row["quarter"] for row in rows}
    for row in rows:
        assert row["frontier_capability"] == known["frontier_capability"][row["quarter"]]


def test_batch_run_leaves_processes_as_they_were(request):
    before = multiprocessing.get_start_method(allow_none=True)
    request.addfinalizer(lambda: multiprocessing.set_start_method(before, force=True))
    mesa.batch_run(aimarket.MarketModel, {"replicate": [0]}, number_processes=1, max_steps=1, display_progress=False)
    aimarket.MarketModel().step()


# Seeds and names


def test_no_seed_means_seed_7():
    one, other, third = aimarket.MarketModel(), aimarket.MarketModel(rng=7), aimarket.MarketModel(rng=None)
    for model in (one, other, third):
        model.step()
    assert same(one, other)
    assert same(one, third)


@pytest.mark.parametrize("call", [aimarket.run_ensemble, aimarket.compare, aimarket.tipping, aimarket.convergence])
def test_every_way_to_run_the_model_has_the_same_default_seed(call):
    output = inspect.signature(call).parameters["rng"].default
    assert seed_of(output) == seed_of() == DEFAULT_SEED == 7


@pytest.mark.parametrize("seed", [np.int64(5), np.random.SeedSequence(5), np.random.PCG64(5), np.random.RandomState(5)])
def test_a_seed_goes_by_either_name_and_is_made_of_what_numpy_has(seed):
    again = np.int64(5) if isinstance(seed, np.int64) else copy.deepcopy(seed)
    assert aimarket.MarketModel(seed=seed).chance.seed == aimarket.MarketModel(rng=again).chance.seed


def test_models_made_with_one_generator_have_random_numbers_of_their_own():
    """The generator is asked for one number each, so that the same generator anew gives the same models anew."""
    chance, again = np.random.default_rng(3), np.random.default_rng(3)
    seeds = [aimarket.MarketModel(rng=chance).chance.seed for _ in range(2)]
    assert seeds == [aimarket.MarketModel(seed=again).chance.seed for _ in range(2)]
    assert len(set(seeds)) == 2


def test_two_names_for_the_seed_are_one_too_many():
    with pytest.raises(ValueError, match="rng = 1 and seed = 2 are two names"):
        aimarket.MarketModel(rng=1, seed=2)


def test_an_ensemble_and_its_twins_take_a_generator():
    runs = aimarket.run_ensemble(replicates=2, quarters=1, rng=np.random.default_rng(3), batch=1)
    alone = aimarket.MarketModel(rng=np.random.default_rng(3), replicate=1)
    alone.step()
    assert runs.seed == alone.chance.seed
    assert runs.values("ai_revenue")[0, 1] == alone.history.latest("ai_revenue")[0]
    twins = aimarket.compare(replicates=2, quarters=1, rng=np.random.default_rng(3), runs=())
    assert twins.seed == runs.seed


@pytest.mark.parametrize("seed", [np.int64(7), np.uint32(7)])
def test_a_numpy_integer_is_a_seed_like_any_other(seed):
    one, other = (aimarket.MarketModel(rng=rng) for rng in (seed, 7))
    for model in (one, other):
        model.step()
    assert same(one, other)


@pytest.mark.parametrize("rng", [-1, 2**63, 1.5, "7", True, [1, 2, 3]])
def test_a_seed_that_is_none_is_refused(rng):
    with pytest.raises((TypeError, ValueError), match="rng"):
        aimarket.MarketModel(rng=rng)


@pytest.mark.parametrize("replicates", [0, -1, 1.5, "3", True])
def test_a_number_of_replicates_that_is_none_is_refused(replicates):
    with pytest.raises((TypeError, ValueError), match="replicates"):
        aimarket.MarketModel(replicates=replicates)


@pytest.mark.parametrize("replicate", [-1, 1.5, "3", True])
def test_a_replicates_number_that_is_none_is_refused(replicate):
    with pytest.raises((TypeError, ValueError), match="replicate"):
        aimarket.MarketModel(replicate=replicate)
