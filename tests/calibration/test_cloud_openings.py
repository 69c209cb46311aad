"""Starts of clouds: every chip has one owner and one user, labs run what is estimated of them, orders are handed on."""

from functools import cache

import numpy as np
import pytest

import aimarket
from aimarket.agents.state.arrays import total
from aimarket.experiments.calibration.chip_owners import LABS, OWNERS, added_by_vendor
from aimarket.experiments.calibration.cloud_openings import ENTERPRISE_PART, cloud_opening, owners_part
from aimarket.experiments.calibration.cloud_splits import SPLITS
from aimarket.experiments.calibration.observations import observed, raw_table
from aimarket.experiments.calibration.series import find_series
from aimarket.experiments.calibration.start_files import STARTS, stated
from aimarket.model.initial_state import load_start
from aimarket.model.parameters import parameters

from ..builders import all_different, one_lab_one_vendor, two_labs

WORLD = {"2023Q4": (1.054, 0.534), "2024Q4": (4.617, 1.879), "2025Q4": (15.288, 4.358)}
"""What ran in the world in a quarter, and what came, M H100e."""

OWN = {
    "2023Q4": ((0.080, 0.208, 0.203, 0.032, 0.041, 0.109, 0.371), (0.037, 0.100, 0.123, 0.023, 0.034, 0.053, 0.144)),
    "2024Q4": ((0.463, 0.874, 0.971, 0.209, 0.284, 0.533, 1.080), (0.302, 0.362, 0.415, 0.102, 0.126, 0.241, 0.231)),
    "2025Q4": ((1.962, 2.757, 3.848, 0.894, 0.797, 1.830, 2.616), (0.487, 0.659, 1.202, 0.250, 0.618, 0.472, 0.620)),
}
"""What ran and what came: five clouds, Meta, enterprises and states."""

QUEUES = {"2023Q4": (1.147, 0.951, 1.200), "2024Q4": (0.863, 1.312, 1.214), "2025Q4": (1.373, 1.621, 1.328)}
"""What all customers have on order, in quarters of each vendor's capacity."""

HALLS = {"2023Q4": (0.976, 1.197, 0.594), "2024Q4": (2.215, 2.435, 1.571), "2025Q4": (4.953, 4.953, 4.153)}
"""Halls that the world finishes in the first and fourth quarter, and has ordered beyond, GW."""

SERIES = ("openai_compute", "anthropic_compute", "google_compute", "meta_compute", "xai_compute")


@cache
def opened(quarter):
    return aimarket.MarketModel("baseline", start=quarter, seed=7)


def everybodys(quarter, quantity):
    start = load_start(quarter)
    owners = [start.array(kind, quantity)[:, 0] for kind in ("clouds", "ai_labs")]
    return [*np.concatenate(owners), float(start.array("economy", f"outside_{quantity}"))]


@pytest.mark.parametrize("quarter", STARTS)
def test_owners_add_to_the_world(quarter):
    for quantity, world in zip(("running", "arriving"), WORLD[quarter], strict=True):
        assert sum(everybodys(quarter, quantity)) == pytest.approx(world, rel=0.01)
    model = opened(quarter)
    owned = sum(float(firms.all.compute.sum()) for firms in model.owners) + float(model.economy.outside_fleet[0])
    assert owned == pytest.approx(sum(WORLD[quarter]), rel=0.01)


@pytest.mark.parametrize("quarter", STARTS)
def test_owners_have_what_the_table_of_clouds_gives_them(quarter):
    for quantity, owners in zip(("running", "arriving"), OWN[quarter], strict=True):
        found = everybodys(quarter, quantity)
        assert [*found[:5], found[9], found[-1]] == pytest.approx(owners, abs=0.0011)


@pytest.mark.parametrize("quarter", STARTS)
def test_every_cloud_uses_what_runs(quarter):
    clouds = opened(quarter).clouds
    used = total(clouds.served + clouds.housed, 1) + clouds.in_house + clouds.short_let
    assert used == pytest.approx(clouds.own_compute, abs=1e-9)
    assert (clouds.short_let >= 0.0).all()
    assert total(clouds.contracts, 2) == pytest.approx(clouds.served, abs=1e-12)


@pytest.mark.parametrize("quarter", STARTS)
def test_users_add_to_what_ran(quarter):
    model = opened(quarter)
    outside = float(model.start.array("economy", "outside_running"))
    in_house = model.clouds.in_house.sum() + model.labs.in_house.sum()
    used = model.labs.powered_compute.sum() + in_house + model.clouds.short_let.sum() + outside
    assert used == pytest.approx(sum(everybodys(quarter, "running")), abs=1e-9)


@pytest.mark.parametrize("quarter", STARTS)
def test_labs_run_what_is_estimated_of_them(quarter):
    rows = observed().query("quarter == @quarter").set_index("series")["value"]
    used = dict(zip(SERIES, opened(quarter).labs.powered_compute[:, 0], strict=False))
    seen = [name for name in SERIES if name in rows]
    assert seen == list(SERIES[: 1 if quarter == "2023Q4" else 5])
    for name in seen:
        assert abs(np.log(used[name] / rows[name])) < find_series(name).error


@pytest.mark.parametrize("quarter", STARTS)
def test_who_rents_or_is_housed_owns_nothing(quarter):
    labs, vendors = opened(quarter).labs, opened(quarter).vendors
    assert labs.names == LABS
    for name in ("OpenAI", "Anthropic", "Google DeepMind"):
        row = labs.names.index(name)
        for column in (labs.fleet, labs.arriving, labs.halls, labs.halls_building, labs.halls_ordered):
            assert not column[row].any()
        assert not labs.fixed_assets[row].any()
        assert not vendors.backlog[:, row].any()
    housed = labs.names.index("Google DeepMind")
    assert labs.cash[housed] == 0.5
    assert not labs.loans[housed].any()
    assert not labs.equity_held[housed].any()


@pytest.mark.parametrize("quarter", STARTS)
def test_order_books_are_handed_on_whole(quarter):
    vendors = opened(quarter).vendors
    queue = total(vendors.backlog, 1)[:3, 0] / vendors.capacity[:3, 0]
    assert queue == pytest.approx(QUEUES[quarter], rel=0.005)
    others = np.array(SPLITS[quarter].chips_for_others)
    assert vendors.backlog[:, -1, 0] == pytest.approx(ENTERPRISE_PART * others, rel=0.005)


@pytest.mark.parametrize("quarter", STARTS)
def test_halls_under_way_are_handed_on_whole(quarter):
    model = opened(quarter)
    economy = model.economy
    building = sum(firms.halls_building.sum(0) for firms in model.owners) + economy.outside_building
    ordered = sum(firms.halls_ordered.sum() for firms in model.owners) + economy.outside_ordered[0]
    assert [building[0, 0], building[3, 0], ordered] == pytest.approx(HALLS[quarter], rel=0.005)


@pytest.mark.parametrize("quarter", STARTS)
def test_what_is_handed_on_goes_by_what_each_added(quarter):
    parts = owners_part(quarter)
    assert sum(parts.values()) == pytest.approx(1.0)
    added = {name: sum(added_by_vendor(name, quarter)) for name in OWNERS}
    whole = sum(added.values())
    assert [parts[name][-1] for name in OWNERS] == pytest.approx([added[name] / whole for name in OWNERS])
    assert parts["Alphabet"][1] == pytest.approx(1.0)  # nobody else is delivered its own silicon


@pytest.mark.parametrize("quarter", STARTS)
def test_fleets_are_of_known_vendors(quarter):
    start = load_start(quarter)
    for kind in ("clouds", "ai_labs"):
        mix = start.array(kind, "fleet_mix")
        assert mix.shape == (6, len(start.names("chip_vendors")))
        assert mix.sum(1) == pytest.approx(1.0, abs=1e-9)
        assert (mix[:, -1] == 0.0).all()
    assert start.array("clouds", "fleet_mix")[start.names("clouds").index("Alphabet"), 1] > 0.6  # its own silicon


def test_enterprises_and_states_added_their_part():
    owned = raw_table("clouds").query("metric == 'chips_owned_cumulative'").pivot(index="quarter", columns="entity")
    world = owned["value"].drop(columns=["CoreWeave", "xAI"]).sum(axis=1)
    added = world["2025Q4"] - world["2024Q4"]
    rest = added - sum(sum(added_by_vendor(name, "2025Q4")) for name in OWNERS)
    but_labs = added - float((opened("2025Q4").labs.powered_compute - opened("2024Q4").labs.powered_compute).sum())
    assert rest / but_labs == pytest.approx(ENTERPRISE_PART, abs=0.001)
    assert parameters()["outside_orders"].default == pytest.approx(4.2 * ENTERPRISE_PART, rel=0.01)


@pytest.mark.parametrize("quarter", STARTS)
def test_rents_open_at_what_was_observed(quarter):
    large = {"2023Q4": 2.476, "2024Q4": 1.95, "2025Q4": 1.34}[quarter]
    model = opened(quarter)
    assert model.economy.market_rent[0] == pytest.approx(2.19 * large, abs=0.001)
    one_year = raw_table("rental_prices").query("quarter == @quarter and metric == 'rental_contract_1y'")["value"]
    asked = model.economy.market_rent[0] * model.parameters.small_premium / 2.19
    assert [asked] == pytest.approx(list(one_year), rel=0.10)
    paid = model.clouds.rent_due.sum() / model.clouds.served.sum()
    assert paid == pytest.approx({"2023Q4": 4.9, "2024Q4": 4.27, "2025Q4": 3.2}[quarter])


def test_contracts_end_evenly():
    """Closed form R7: even over 4 to 19 quarters, the mean contract has 11.5 quarters to pay."""
    clouds = opened("2024Q4").clouds
    let = clouds.contracts[:, :, :, 0]
    first = let[let.sum(2) > 0.0]
    assert (first[:, :4] == 0.0).all()
    assert first[:, 4:20] == pytest.approx(np.repeat(first[:, 4:5], 16, 1))
    backlog = clouds.all.remaining_value[..., 0] - 20.0 * clouds.owed_value[..., 0]
    assert backlog == pytest.approx(11.5 * clouds.rent_due[..., 0])


def test_contracts_of_a_shorter_term_end_within_it():
    model = aimarket.MarketModel("baseline", start="2024Q4", seed=7, parameters={"contract_term": 12})
    assert total(model.clouds.contracts, 2) == pytest.approx(model.clouds.served, abs=1e-12)


@pytest.mark.parametrize("quarter", STARTS)
def test_a_strict_run_goes_on_for_three_years(quarter):
    model = aimarket.MarketModel("baseline", start=quarter, strict=True, replicates=4, seed=7)
    for _ in range(12):
        model.step()
    assert max(model.checks().values()) < 1e-9


def test_a_quarter_without_a_start_is_named():
    with pytest.raises(ValueError, match=r"no start of clouds is made for '2022Q4'; there is 2023Q4, 2024Q4, 2025Q4"):
        cloud_opening("2022Q4", stated("2024Q4"))


@pytest.mark.parametrize("start", [all_different(), one_lab_one_vendor(running=0.3), two_labs(running=0.3)])
def test_starts_with_other_firms_add_up(start):
    model = aimarket.MarketModel("baseline", start=start, strict=True, seed=7)
    clouds = model.clouds
    used = total(clouds.served + clouds.housed, 1) + clouds.in_house + clouds.short_let
    assert (used <= clouds.own_compute + 1e-9).all()
    for _ in range(4):
        model.step()
    assert max(model.checks().values()) < 1e-9
