"""A cloud that is taken out of business hands on what it owns and lets; nothing is made or lost but claims."""

import numpy as np
import pytest

import aimarket
from aimarket.agents.state.arrays import total

from ..builders import chosen
from .leaving import nature, opened

CLOUDS = ("Amazon", "Alphabet", "Neoclouds")
HELD = (
    "fleet",
    "halls",
    "halls_building",
    "contracts",
    "contract_value",
    "owed",
    "short_let",
    "advances",
    "cash",
    "loans",
)


def removed(model, name):
    next(agent for agent in model.agents if agent.name == name).remove()
    return model.clouds.names.index(name)


def alone(**more):
    """Return a market some quarters old with one landlord."""
    start = chosen(aimarket.load_start(), "clouds", (1,))
    model = aimarket.MarketModel("baseline", rng=7, replicates=2, start=start, strict=True, record=(), **more)
    for _ in range(2):
        model.step()
    model.ledger.open_quarter()
    return model


@pytest.mark.parametrize("name", CLOUDS)
def test_what_it_owned_somebody_else_has(name):
    model = opened()
    before = nature(model)
    row = removed(model, name)
    for what, amount in nature(model).items():
        np.testing.assert_allclose(amount, before[what], rtol=1e-12, err_msg=what)
    for column in HELD:
        assert not model.clouds.columns[column][row].any(), column
    assert not model.vendors.backlog[:, model.clouds.customers][:, row].any()


@pytest.mark.parametrize("name", CLOUDS)
def test_its_tenants_go_with_its_plant_to_the_cloud_with_most_cash(name):
    model = opened()
    clouds = model.clouds
    before = {column: clouds.columns[column] for column in ("contracts", "contract_value", "owed", "advances")}
    row = clouds.names.index(name)
    others = np.where(np.arange(len(clouds))[:, None] == row, -np.inf, clouds.cash)
    removed(model, name)
    for column, held in before.items():
        np.testing.assert_allclose(total(clouds.columns[column]), total(held), rtol=1e-12, err_msg=column)
    for replicate, buyer in enumerate(others.argmax(0)):
        taken = before["contracts"][[buyer, row], ..., replicate].sum(0)
        np.testing.assert_allclose(clouds.contracts[buyer, ..., replicate], taken, rtol=1e-12)


def test_its_lab_has_to_rent_from_then_on():
    model = opened()
    lab = model.labs.names.index("Google DeepMind")
    removed(model, "Alphabet")
    assert not model.labs.is_housed[lab].any()
    model.step()
    assert (model.labs.planned_rent[lab].sum(0) > 0.0).all()
    assert not model.labs.parent_support[lab].any()


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("name", CLOUDS)
def test_every_identity_holds_afterwards(name, at_once):
    model = aimarket.MarketModel("deal_35bn", rng=7, replicates=2, strict=True)
    for _ in range(0 if at_once else 3):
        model.step()
    removed(model, name)
    for _ in range(6):
        model.step()
    assert max(model.checks().values()) < 1e-9
    assert not model.clouds.active[model.clouds.names.index(name)].any()


def test_where_no_cloud_is_left_the_rest_of_the_world_takes_its_plant_and_contracts_are_void():
    model = alone()
    before = nature(model)
    fleet = model.economy.outside_fleet + total(total(model.clouds.fleet))
    removed(model, "Microsoft")
    for what, amount in nature(model).items():
        np.testing.assert_allclose(amount, before[what], rtol=1e-12, err_msg=what)
    np.testing.assert_allclose(model.economy.outside_fleet, fleet, rtol=1e-12)
    for column in HELD:
        assert not model.clouds.columns[column].any(), column
    for _ in range(8):
        model.step()
    assert max(model.checks().values()) < 1e-9
    assert not model.labs.rented.any()
