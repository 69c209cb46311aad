"""The cheapest plants run first, the last one sets the price, and scarcity adds to it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aimarket
from aimarket.agents.rules.pricing import scarcity_price
from aimarket.model.markets.planning import publish
from aimarket.model.markets.power import clear_power, merit_order

from ..builders import chosen, with_stocks

CAPACITY, COST = np.array([[50.0], [30.0], [40.0]]), np.array([[10.0], [30.0], [60.0]])
CEILING, ENOUGH = 1000.0, 0.10
LOADS = {50.0: 10.0, 70.0: 30.0, 115.0: 60.0 + 940.0 * (1.0 - (5.0 / 120.0) / 0.1) ** 2, 120.0: 1000.0, 130.0: 1000.0}
"""Load in GW, and the price it makes in USD/MWh."""


def price_of(capacity, cost, load):
    """Return the block price, USD/MWh, shape (blocks, R)."""
    reserve = (capacity.sum(0) - load) / capacity.sum(0)
    return scarcity_price(merit_order(capacity, cost, load).marginal_cost, reserve, CEILING, ENOUGH)


def three_plants(load):
    """The table's three plants, with AI as the only load, in the model."""
    start = chosen(aimarket.load_start(), "energy_suppliers", (0, 2, 4))
    start = with_stocks(start, "energy_suppliers", capacity=[50.0, 30.0, 40.0], marginal_cost=[10.0, 30.0, 60.0])
    start = with_stocks(start, "economy", storage=0.0, base_load=0.0, outside_running=0.0, outside_arriving=0.0)
    model = aimarket.MarketModel(start=start, parameters={"price_ceiling": CEILING, "enough_reserve": ENOUGH})
    drawn = model.labs.active * load / model.labs.active.sum(0)
    model.labs.commit(fleet_power=drawn / model.labs.pue, halls=2.0 * drawn)
    model.clouds.commit(fleet_power=0.0 * model.clouds.fleet_power)
    publish(model)
    clear_power(model)
    return model


def test_the_cheapest_plants_run_first():
    """T8: 70 GW of load takes all of the first plant and 20 GW of the second."""
    dispatch = merit_order(CAPACITY, COST, np.array([[70.0]]))
    assert dispatch.generated[0, :, 0].tolist() == [50.0, 20.0, 0.0]


def test_the_order_of_the_rows_does_not_matter():
    """T8: plants run by cost, wherever they stand in the table."""
    dispatch = merit_order(CAPACITY[::-1], COST[::-1], np.array([[70.0]]))
    assert dispatch.generated[0, :, 0].tolist() == [0.0, 20.0, 50.0]


@pytest.mark.parametrize(("load", "price"), LOADS.items())
def test_the_last_plant_and_scarcity_set_the_price(load, price):
    """T8: 10 at 50 GW, 30 at 70, 379.8611 at 115, the ceiling of 1000 at 120 and beyond."""
    assert price_of(CAPACITY, COST, np.array([[load]]))[0, 0] == pytest.approx(price, rel=1e-13)
    assert LOADS[115.0] == pytest.approx(379.8611, abs=5e-5)


@pytest.mark.parametrize(("load", "price"), LOADS.items())
def test_the_power_market_makes_the_price_of_the_table(load, price):
    """T8 in the model: the average price is the block price where all blocks have one load."""
    assert three_plants(load).economy.power_price[0] == pytest.approx(price, rel=1e-9)


@pytest.mark.parametrize("load", LOADS)
def test_ai_is_cut_only_where_plants_do_not_suffice(load):
    """T8: power is short for load above 120 GW only, and then by what is missing."""
    available = three_plants(load).economy.power_available[0]
    assert available == pytest.approx(min(1.0, 120.0 / load), rel=1e-12)
    assert (available < 1.0 - 1e-9) == (load > 120.0)


@given(
    capacity=st.lists(st.floats(0.0, 500.0), min_size=1, max_size=6).filter(lambda plants: sum(plants) > 1.0),
    cost=st.lists(st.floats(0.0, 200.0), min_size=6, max_size=6),
    load=st.lists(st.floats(0.0, 2000.0), min_size=1, max_size=4),
)
def test_cheap_supply_never_raises_the_price(capacity, cost, load):
    """T27: 1 GW more of the cheapest plant raises the price in no block."""
    capacity, cost, load = (np.array(values)[:, None] for values in (capacity, cost[: len(capacity)], load))
    more = capacity + (np.arange(len(cost)) == cost.argmin())[:, None]
    assert (price_of(more, cost, load) <= price_of(capacity, cost, load) * (1.0 + 1e-12)).all()


@pytest.mark.parametrize("tight", [1.0, 1.3, 1.6])
def test_cheap_supply_never_raises_the_price_of_a_block_in_the_model(tight):
    """T27 in the model, from plenty to scarcity: one more GW of renewables."""
    start = aimarket.load_start()
    base_load = start.stocks["economy"]["base_load"] * tight
    capacity = start.stocks["energy_suppliers"]["capacity"]
    price = []
    for more in (0.0, 1.0):
        plants = [capacity[0], capacity[1] + more, *capacity[2:]]
        model = aimarket.MarketModel(
            start=with_stocks(with_stocks(start, "economy", base_load=base_load), "energy_suppliers", capacity=plants)
        )
        model.step()
        price.append(model.clearings["power"].price)
    assert (price[1] <= price[0]).all()
