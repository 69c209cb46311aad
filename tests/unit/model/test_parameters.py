"""A number is declared once, with all that a reader, a slider or a sampler needs to know of it."""

import re
from dataclasses import replace

import numpy as np
import pytest

import aimarket
from aimarket.agents.state.quantity import Parameter, nominal
from aimarket.model.parameters import GROUPS, KINDS, checked, parameters

PARAMETERS = parameters()
CONTINUOUS = [name for name, item in PARAMETERS.items() if not item.structural]
STRUCTURAL = [name for name, item in PARAMETERS.items() if item.structural]
PARTS = [CONTINUOUS[first::8] for first in range(8)]
QUARTERS = 3


def test_every_parameter_is_fully_declared():
    assert {name for name, item in PARAMETERS.items() if not (item.unit and item.doc and item.source)} == set()
    assert {name for name, item in PARAMETERS.items() if not item.group} == set()
    assert {name for name, item in PARAMETERS.items() if not item.low <= item.default <= item.high} == set()
    assert {name for name, item in PARAMETERS.items() if not item.low < item.high} == set()


def test_every_source_says_something():
    """An assumption, a definition or a treatment says so; everything else names where it comes from."""
    said = re.compile("assumption|definition|treatment|specification|.{20}", re.DOTALL)
    assert {name: item.source for name, item in PARAMETERS.items() if not said.search(item.source)} == {}


def test_the_default_and_both_ends_of_the_range_are_allowed():
    for name, item in PARAMETERS.items():
        values = [item.default, item.low, item.high]
        assert [item.check(value) for value in values] == values, name


def test_beyond_the_range_is_refused_with_unit_and_range():
    for name, item in PARAMETERS.items():
        for value in (item.low - 1.0, item.high + 1.0):
            with pytest.raises(ValueError, match="lies outside") as caught:
                item.check(value)
            assert item.range_text in str(caught.value), name
            assert item.unit == "1" or item.unit in str(caught.value), name


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf"), [0.05, float("nan")]])
def test_what_is_not_finite_is_refused(value):
    with pytest.raises(ValueError, match=r"outside_wear = .* lies outside"):
        checked({"outside_wear": value})


@pytest.mark.parametrize("value", ["much", None, {}, object(), [[0.05], [0.05, 0.06]], "", "0.05x", 1j])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(TypeError, match=r"outside_wear = .* is not a number"):
        checked({"outside_wear": value})


@pytest.mark.parametrize("value", [True, False, np.True_])
def test_a_yes_or_no_is_no_number(value):
    with pytest.raises(TypeError, match=r"rivalry = .* is not a number"):
        checked({"rivalry": value})


def test_a_number_of_400_digits_is_refused():
    with pytest.raises((TypeError, ValueError), match="outside_wear"):
        checked({"outside_wear": 10**400})


@pytest.mark.parametrize("name", STRUCTURAL)
def test_a_structural_parameter_is_one_whole_number(name):
    item = PARAMETERS[name]
    for value in (item.low + 0.5, [item.low, item.high]):
        with pytest.raises(ValueError, match=f"{name} = .* has to be one whole number"):
            item.check(value)


@pytest.mark.parametrize(
    ("wrong", "right"), [("outside_waer", "outside_wear"), ("rivalery", "rivalry"), ("hall_cots", "hall_cost")]
)
def test_an_unknown_name_tells_the_nearest(wrong, right):
    with pytest.raises(KeyError, match=f"'{wrong}'; did you mean '{right}'"):
        aimarket.MarketModel(parameters={wrong: 1.0})


@pytest.mark.parametrize("shape", [(2,), (4,), (3, 1), (1, 3)])
def test_an_array_needs_one_value_a_replicate(shape):
    with pytest.raises(ValueError, match=r"outside_wear has shape .* one a replicate, \(3,\)"):
        aimarket.MarketModel(replicates=3, parameters={"outside_wear": np.full(shape, 0.05)})


def test_an_ensemble_needs_one_value_a_replicate():
    with pytest.raises(ValueError, match=r"outside_wear has shape \(3,\).* \(4,\)"):
        aimarket.run_ensemble(replicates=4, quarters=1, parameters={"outside_wear": np.full(3, 0.05)})


def test_every_declared_parameter_is_found():
    found = {
        item
        for owner in (*KINDS, *GROUPS)
        for cls in owner.__mro__
        for item in vars(cls).values()
        if isinstance(item, Parameter)
    }
    assert found == {replace(item, uncertain=False) for item in PARAMETERS.values()}, (
        "what is uncertain is no declaration"
    )


def test_a_page_has_room_for_those_that_are_called_most_uncertain():
    assert 10 <= sum(item.uncertain for item in PARAMETERS.values()) <= 32


@pytest.mark.parametrize(
    ("unit", "counts"),
    [("USD bn", True), ("USD bn/quarter", True), ("USD/MWh", True), ("1/yr", False), ("GW", False), ("M H100e", False)],
)
def test_money_is_what_counts_dollars_once(unit, counts):
    assert nominal(unit) is counts


def test_the_values_in_force_are_the_models():
    model = aimarket.MarketModel(parameters={"outside_wear": 0.06})
    assert model.parameters.outside_wear == 0.06
    assert model.parameters.rivalry == PARAMETERS["rivalry"].default


def test_given_values_override_the_scenarios():
    scenario = aimarket.load_scenario("vendor_loop")
    name = next(iter(scenario.parameters))
    assert getattr(aimarket.MarketModel(scenario).parameters, name) == scenario.parameters[name]
    assert (
        getattr(aimarket.MarketModel(scenario, parameters={name: PARAMETERS[name].low}).parameters, name)
        == PARAMETERS[name].low
    )


# By replicate


def values_of(name, replicates):
    item = PARAMETERS[name]
    return np.random.default_rng(len(name)).uniform(item.low, item.high, replicates)


def last_of(model):
    for _ in range(QUARTERS):
        model.step()
    return {
        f"{title}.{name}": values
        for title, table in model.ledger.tables.items()
        for name, values in table.columns.items()
    }


@pytest.mark.parametrize("names", [CONTINUOUS, *PARTS], ids=["all", *map(str, range(len(PARTS)))])
def test_a_replicate_with_values_of_its_own_runs_as_it_would_alone(names):
    """All parameters at once, and an eighth of them beside others that all replicates share."""
    values = {name: values_of(name, 3) for name in names}
    together = last_of(aimarket.MarketModel("deal_35bn", replicates=3, parameters=values, record=()))
    for number in range(3):
        one = {name: float(value[number]) for name, value in values.items()}
        alone = last_of(aimarket.MarketModel("deal_35bn", replicate=number, parameters=one, record=()))
        assert [c for c, bits in alone.items() if bits[..., 0].tobytes() != together[c][..., number].tobytes()] == []


def test_an_ensemble_deals_out_values_by_replicate():
    values = values_of("outside_wear", 5)
    ensemble = aimarket.run_ensemble(replicates=5, quarters=QUARTERS, parameters={"outside_wear": values}, batch=2)
    for number in range(5):
        model = aimarket.MarketModel(replicate=number, parameters={"outside_wear": float(values[number])})
        last_of(model)
        assert model.history.latest("lab_compute")[0] == ensemble.values("lab_compute")[-1, number]
