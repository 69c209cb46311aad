"""A tenant lets on what stood idle; what is let below its cost is stranded; rental demand has a lever with a date."""

from dataclasses import replace

import numpy as np
import pytest

import aimarket
from aimarket.agents.state.arrays import total
from aimarket.model.dates import quarter_number
from aimarket.model.indicators import INDICATORS
from aimarket.model.markets.letting import let_capacity
from aimarket.model.markets.planning import resale_value
from aimarket.model.scenarios.scenario import Change
from aimarket.server.presenters import deal_form, sliders
from aimarket.server.url.view_state import read_link


def tenant(idle=0.1, demand=10.0, **parameters):
    """Return a market in which OpenAI rents and a part of what ran for it last quarter served nobody."""
    model = aimarket.MarketModel(rng=7, parameters=parameters)
    model.step()
    labs = model.labs
    unused = np.where(np.arange(len(labs))[:, None] == 0, idle, 0.0) * labs.powered_compute
    labs.commit(inference=unused + labs.serving)
    model.economy.commit(rental_demand=demand * np.ones(1))
    return model


def let(model):
    """Let capacity for a quarter; return what the lab rents, lets on and runs."""
    let_capacity(model)
    labs = model.labs
    return float(labs.rented[0, 0]), float(labs.sublet[0, 0]), float(labs.powered_compute[0, 0])


@pytest.mark.parametrize(("idle", "limit", "part"), [(0.1, 0.25, 0.1), (0.4, 0.25, 0.25), (0.4, 0.5, 0.4), (0.4, 0, 0)])
def test_a_tenant_lets_on_what_stood_idle_up_to_its_limit(idle, limit, part):
    """sub-let = min(sublet_limit, part idle last quarter) of its contracts, all of it let where demand is ample."""
    model = tenant(idle, sublet_limit=limit)
    rented, sublet, running = let(model)
    assert sublet == pytest.approx(part * rented)
    assert running == pytest.approx(rented - sublet + float(model.labs.own_compute[0, 0]))
    assert not model.labs.sublet[1:].any()


def test_a_tenant_pays_its_rent_and_gets_the_spot_price_less_a_tenth():
    with_idle, without = tenant(0.2), tenant(0.0)
    for model in (with_idle, without):
        let_capacity(model)
    labs, spot = with_idle.labs, with_idle.economy.spot_price
    np.testing.assert_array_equal(labs.rent_bill, without.labs.rent_bill)
    np.testing.assert_allclose(labs.sublet_income, 0.9 * spot * labs.sublet)
    assert spot < without.economy.spot_price


def test_what_nobody_takes_stays_with_the_tenant():
    """Enterprises take satiation x D at most: offers share in that as landlords' compute does."""
    model = tenant(0.2, demand=0.05)
    rented, sublet, running = let(model)
    offered, free = 0.2 * rented, total(model.clouds.short_let + model.clouds.idle)[0]
    taken = total(model.clouds.short_let)[0] + sublet
    assert sublet == pytest.approx(offered * taken / (offered + free))
    assert sublet < 0.5 * offered
    assert running == pytest.approx(rented - sublet + float(model.labs.own_compute[0, 0]))


def test_identities_hold_where_much_is_let_on():
    class Landlord(aimarket.AILab):
        def sublet_compute(self, signals):
            return 0.0 * self.cash + 0.2

    model = aimarket.MarketModel("deal_35bn", rng=7, replicates=2, firms={"Anthropic": Landlord}, strict=True)
    for _ in range(8):
        model.step()
    row = model.labs.names.index("Anthropic")
    np.testing.assert_allclose(model.labs.sublet[row], 0.2 * model.labs.rented[row])
    assert (model.ledger.flows()["sub_lets", "ai_labs"] >= model.labs.sublet_income[row]).all()


def test_stranded_is_what_stands_idle_or_is_let_below_its_running_cost():
    model = tenant()
    let_capacity(model)
    clouds, cost, stranded = model.clouds, model.economy.running_cost, INDICATORS["stranded_compute"].measure
    clouds.commit(
        idle=0.0 * clouds.idle, contract_value=cost * clouds.contracts, short_let_value=cost * clouds.short_let
    )
    assert stranded(model) == pytest.approx(0.0)
    clouds.commit(idle=clouds.idle + 0.1 * clouds.active)
    assert stranded(model) == pytest.approx(0.5)
    cheap = np.where(np.arange(len(clouds))[:, None] == 0, 0.9, 1.0)
    clouds.commit(short_let_value=cheap * cost * clouds.short_let)
    assert stranded(model) == pytest.approx(0.5 + clouds.short_let[0])
    clouds.commit(contract_value=cheap[:, None, None] * cost * clouds.contracts)
    assert stranded(model) == pytest.approx(0.5 + clouds.short_let[0] + total(clouds.served, 1)[0])


def test_stranded_compute_is_collateral_at_what_it_fetches():
    """Lenders take idle compute, too, at resale: rents 30 % lower take 30 to 40 % off, rents at running cost all."""
    model = tenant()
    clouds, economy, rent = model.clouds, model.economy, model.economy.market_rent
    clouds.commit(idle=0.5 * clouds.own_compute)
    worth = []
    for part in (1.0, 0.7, economy.running_cost / rent):
        economy.commit(market_rent=part * rent)
        used = replace(model.signals, resale_value=resale_value(model, new=1e9 * np.ones(1)))
        worth.append(total(clouds.all.collateral(used))[0])
    whole = total(clouds.all.compute)[0]
    assert worth[0] == pytest.approx(whole * (rent[0] - economy.running_cost[0]) / money_and_life(model))
    assert 0.6 < worth[1] / worth[0] < 0.7
    assert worth[2] == pytest.approx(0.0)


def money_and_life(model):
    """A quarter's interest of landlords, weighted by what they run, and a twelfth."""
    clouds = model.clouds
    rate = total(clouds.quoted_rate * clouds.own_compute)[0] / total(clouds.own_compute)[0]
    return rate / 4.0 + 1.0 / 12.0


def test_rental_demand_changes_from_a_quarter_on():
    """A scenario dates the lever; who sets it for a whole run gives the quarter."""
    change = Change("rental_demand_available", quarter_number("2026Q3"), None, "multiply", 0.5, (), "half", True)
    case = replace(aimarket.load_scenario("baseline"), changes=(change,))
    dated, levered, plain = (
        aimarket.MarketModel(case, rng=7),
        aimarket.MarketModel(rng=7, parameters={"rental_demand_available": 0.5, "rental_demand_from": 2.0}),
        aimarket.MarketModel(rng=7),
    )
    for quarter in range(4):
        for model in (dated, levered, plain):
            model.step()
        same = dated.clouds.cash.tobytes() == plain.clouds.cash.tobytes()
        assert same == (quarter < 2)
        assert dated.clouds.cash.tobytes() == levered.clouds.cash.tobytes()
    assert (dated.economy.spot_price < 0.8 * plain.economy.spot_price).all()


def test_the_page_offers_the_lever_and_its_date():
    shown = deal_form.payload(read_link("set=rental_demand_available:0.5").view, "", everything=False)
    assert '"Rental demand"' in shown
    assert '"Rental demand from"' in shown
    assert sliders.slider("rental_demand_from", read_link("").view)["high"] == 40.0
