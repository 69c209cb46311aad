"""Laws of the whole model that need no right answer: what must not matter does not, in any world.

``make laws`` tries each of them thousands of times.
"""

import copy
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aimarket
from aimarket.agents.state.arrays import total
from aimarket.agents.state.quantity import nominal
from aimarket.model.markets import planning

from ..builders import chosen
from ..signs.halves import halves_apart
from .drawn import REPLICATES, STEPS, UNCERTAIN, along, examples, worlds
from .transformed import (
    apart,
    in_halves,
    renamed,
    run,
    state,
    with_halved_funder,
    with_halved_landlord,
)

QUARTERS = 5
ROUNDING = 1e-7
START = aimarket.load_start()
FIRMS = {name: f"Firm {n}" for n, name in enumerate(name for kind in START.roster for name in START.names(kind))}


def seen(world, quarters=QUARTERS, **options):
    """Return the world after some quarters."""
    parameters = world.parameters | options.pop("parameters", {})
    return run(world.case, world.seed, quarters, replicates=REPLICATES, parameters=parameters, **options)


@examples(3)
@given(worlds(), st.permutations(range(6)))
def test_a_firms_place_in_the_order_of_rows_means_nothing(world, places):
    """All kinds at once but builders, whose places are parts of a hall; random numbers go with firms."""
    start, rows = START, {}
    for kind in ("ai_labs", "chip_vendors", "energy_suppliers", "asset_managers", "clouds"):
        rows[kind] = [place for place in places if place < len(START.roster[kind])]
        start = chosen(start, kind, tuple(rows[kind]))
    assert apart(seen(world), seen(world, start=start, rows=rows), ROUNDING) == {}


@examples(3)
@given(worlds())
def test_names_mean_nothing(world):
    other = seen(world._replace(case=renamed(world.case, FIRMS)), start=renamed(START, FIRMS))
    theirs = {name: values for name, _, values in state(other)}
    assert [name for name, _, values in state(seen(world)) if values.tobytes() != theirs[name].tobytes()] == []


def units(model):
    """Return the unit of every column of firms."""
    return {f"{table.title}.{name}": item.unit for table in model.populations for name, item in table.declared.items()}


@examples(3)
@given(worlds(), st.sampled_from((0.5, 2.0)))
def test_another_price_level_leaves_all_that_is_no_money(world, level):
    """What is money is scaled, to the cent of a billion; everything else is the same."""
    one, other = seen(world), seen(world, parameters={"price_level": level})
    theirs, unit = {name: values for name, _, values in state(other)}, units(one)
    for name, _, values in state(one):
        if name in unit:
            scaled = values * (level if nominal(unit[name]) else 1.0)
            np.testing.assert_allclose(theirs[name], scaled, ROUNDING, ROUNDING, err_msg=name)


@examples(3)
@given(worlds(("deal_35bn", "deal_split", "rd_only", "vendor_loop", "deal_news")), st.integers(1, 9))
def test_two_parts_of_a_deal_are_the_deal(world, tenths):
    parts = [
        replace(deal, name=f"{deal.name}, {part} tenths", amount=deal.amount * part / 10)
        for deal in world.case.deals
        for part in (tenths, 10 - tenths)
    ]
    cut = world._replace(case=replace(world.case, deals=tuple(parts)))
    assert apart(seen(world), seen(cut), ROUNDING) == {}


def mood_by_money(market):
    """Return the mean mood of managers in which two halves count as one."""
    managers = market.managers
    counts = [1.0 - 0.5 * (name[:-2] in START.names("asset_managers")) for name in managers.names]
    weight = managers.active * np.array(counts)[:, None]
    return total(managers.sentiment * weight) / np.maximum(total(weight), 1.0)


@pytest.fixture(scope="module")
def _moods_by_money():
    """Let the mean mood, which counts heads, count halves as halves."""
    heads = planning.mean_sentiment
    named = [module for name, module in sys.modules.items() if name.startswith("aimarket.model.")]
    with pytest.MonkeyPatch.context() as patch:
        for module in named:
            if getattr(module, "mean_sentiment", None) is heads:
                patch.setattr(module, "mean_sentiment", mood_by_money)
        yield


@pytest.mark.usefixtures("_moods_by_money")
@examples(3)
@given(worlds(), st.integers(0, 5))
def test_two_halves_of_a_manager_are_the_manager(world, row):
    """But for the mean mood of managers, which counts heads and not money, as it is declared."""
    name = START.names("asset_managers")[row]
    start, rows = in_halves(START, "asset_managers", row, ("cash", "part_of_lending", "part_of_lab_shares"))
    case = with_halved_funder(world.case, name)
    two = seen(world._replace(case=case), start=start, rows={"asset_managers": rows})
    assert apart(seen(world), two, ROUNDING, halved=name) == {}


OF_CLOUDS = ("running", "arriving", "in_house", "short_let", "core_cash_flow", "other_capex", "cash", "debt")
COUNTED = {"markup_concentration": 0.0, "cloud_entry_hazard": 0.0}
"""Without what is declared to count landlords: a markup by concentration, and dormant rows that may enter."""

AT_ONCE = (
    "lab_compute",
    "ai_revenue",
    "spot_rent",
    "contract_rent",
    "power_price",
    "cloud_compute",
    "price_of_compute",
)
WITHIN_A_YEAR = ("lab_compute", "ai_revenue", "contract_rent", "cloud_compute", "power_price", "landed_price")


@examples(3)
@given(worlds(("baseline", "deal_35bn", "bust", "rent_squeeze")), st.sampled_from((0, 1, 3, 4)))
def test_two_halves_of_a_cloud_are_the_cloud_at_once_and_nearly_so_within_a_year(world, row):
    """At once in all that is run, sold and paid; then within 5 %.

    Routes have one landlord more, and lenders two single names, of each of which they may hold so much: that is how
    both are declared.
    """
    name = START.names("clouds")[row]
    start, rows = in_halves(START, "clouds", row, OF_CLOUDS)
    options = {"start": with_halved_landlord(start, name), "rows": {"clouds": rows}, "parameters": COUNTED}
    one = seen(world, 4, parameters=COUNTED).history.arrays("indicators")
    two = seen(world, 4, **options).history.arrays("indicators")
    for indicator in AT_ONCE:
        np.testing.assert_allclose(two[indicator][0], one[indicator][0], ROUNDING, err_msg=indicator)
    for indicator in WITHIN_A_YEAR:
        np.testing.assert_allclose(two[indicator], one[indicator], 0.05, err_msg=indicator)


RIVALS = {"rivalry": 0.0, "parity": 0.0}
"""Without the wish to catch up with the largest lab, which a whole lab may be and two halves are not."""


@examples(4, side_by_side=1)
@given(st.dictionaries(st.sampled_from(sorted(UNCERTAIN.keys() - RIVALS.keys())), st.integers(0, STEPS), max_size=2))
def test_two_halves_of_a_tenant_are_the_tenant_for_a_year(steps):
    """L4 where parameters lie anywhere: within .5 % of its joint share and .1 % of its rent, as tests/signs has it."""
    share, rent = halves_apart(RIVALS | {name: along(name, step) for name, step in steps.items()}, "2025Q4", 4)
    assert abs(share) < 0.005
    assert abs(rent) < 0.001


def more(firms, names, factor):
    """Give firms more of some columns."""
    firms.commit(**{name: firms.columns[name] * factor for name in names})


SUPPLY = {
    "plants": (lambda m, x: more(m.energy, ("capacity",), x), ("power_price",)),
    "storage": (lambda m, x: more(m.economy, ("storage",), x), ("power_price",)),
    "packaging": (lambda m, x: more(m.economy, ("wafers",), x), ("landed_price",)),
    "builders": (lambda m, x: more(m.equipment, ("capacity",), x), ("hall_price_index",)),
    "clouds": (
        lambda m, x: more(m.clouds, ("fleet", "old_fleet", "fleet_power", "halls"), x),
        ("spot_rent", "contract_rent"),
    ),
}
"""By what there is more of: how it is given, and the prices of the market that it is sold in."""


@pytest.mark.parametrize("what", SUPPLY)
@examples(2)
@given(worlds(), st.integers(0, 6), st.integers(105, 300))
def test_more_supply_never_raises_a_price_of_its_market_in_the_quarter(what, world, quarters, percent):
    give, prices = SUPPLY[what]
    usual = seen(world, quarters)
    plenty = copy.deepcopy(usual)
    give(plenty, percent / 100)
    for model in (usual, plenty):
        model.step()
    one, two = (model.history.arrays("indicators") for model in (usual, plenty))
    for price in prices:
        assert (two[price][-1] <= one[price][-1] * (1.0 + ROUNDING)).all(), price
