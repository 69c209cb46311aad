"""Runs under one seed have common random numbers: replicates in any batch, twins, and worlds with one firm more."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

import aimarket
from aimarket.model.dates import quarter_number

from ..builders import all_different, longer

QUARTERS, SEED = 8, 7
KINDS = ("indicators", "ai_labs", "flows", "events")


def run(scenario="deal_35bn", quarters=QUARTERS, **more):
    model = aimarket.MarketModel(scenario, rng=SEED, **more)
    for _ in range(quarters):
        model.step()
    return model


@cache
def unrecorded(scenario, quarters, **parameters):
    """Return a run of the state alone, made once for all tests of a process; nobody steps it on."""
    return run(scenario, quarters, replicates=3, parameters=parameters, record=())


def columns_that_differ(one, other, rows=slice(None)):
    """Return the columns of firms in which two models differ, bit for bit."""
    pairs = [(mine, other.ledger.tables[title]) for title, mine in one.ledger.tables.items()]
    return [
        f"{mine.title}.{name}"
        for mine, theirs in pairs
        for name, values in mine.columns.items()
        if values[rows].tobytes() != theirs.columns[name][rows].tobytes()
    ]


def replicate_of(frame, number):
    return frame[frame["replicate"] == number].reset_index(drop=True)


@pytest.fixture(scope="module")
def single():
    return run(replicate=3).history


@pytest.mark.parametrize("size", [4, 8, 300])
def test_a_replicate_alone_equals_itself_in_an_ensemble(single, size):
    ensemble = aimarket.run_ensemble("deal_35bn", size, QUARTERS, SEED)
    pd.testing.assert_frame_equal(single.to_frame(), replicate_of(ensemble.to_frame(), 3), check_exact=True)


def test_a_batch_that_starts_later_holds_the_same_replicates(single):
    frame = run(replicate=2, replicates=4).history.to_frame()
    pd.testing.assert_frame_equal(single.to_frame(), replicate_of(frame, 3), check_exact=True)


@pytest.fixture(scope="module")
def crowd():
    """A start with more than eight firms of every kind that may have more."""
    start = longer("ai_labs", 5)
    for kind, more in (("chip_vendors", 6), ("energy_suppliers", 5), ("asset_managers", 4), ("clouds", 4)):
        start = longer(kind, more, start)
    return start


@pytest.mark.parametrize("size", [5, 300])
def test_a_replicate_alone_equals_itself_with_more_than_eight_firms_of_a_kind(crowd, size):
    frames = [run(start=crowd, replicate=3), run(start=crowd, replicates=size)]
    one, many = (model.history.to_frame() for model in frames)
    assert sum(len(population) > 8 for population in frames[0].populations) >= 5
    pd.testing.assert_frame_equal(one, replicate_of(many, 3), check_exact=True)


@pytest.fixture(scope="module")
def batches():
    """The same runs in batches of several sizes."""
    return [aimarket.run_ensemble("deal_35bn", 7, 6, SEED, record=KINDS, batch=batch) for batch in (7, 3, 1)]


@pytest.mark.parametrize("kind", KINDS)
def test_the_size_of_a_batch_changes_nothing(batches, kind):
    frames = [runs.to_frame(kind) for runs in batches]
    keys = ["replicate", "quarter", *(key for key in ("row", "sector", "event", "firm") if key in frames[0])]
    frames = [frame.sort_values(keys, ignore_index=True) for frame in frames]
    pd.testing.assert_frame_equal(frames[0], frames[1], check_exact=True)
    pd.testing.assert_frame_equal(frames[0], frames[2], check_exact=True)


def test_a_longer_run_begins_like_a_shorter_one():
    short, long = run(quarters=5).history.to_frame(), run(quarters=9).history.to_frame()
    pd.testing.assert_frame_equal(short, long[: len(short)], check_exact=True)


@pytest.mark.parametrize("way", ["no amount", "no scale"])
@pytest.mark.parametrize("name", ["deal_35bn", "deal_news", "deal_split"])
def test_a_deal_of_nothing_is_no_deal_to_the_bit(name, way):
    deal = aimarket.load_scenario(name)
    if way == "no amount":
        deal = replace(deal, deals=tuple(replace(item, amount=0.0) for item in deal.deals))
    model = run(deal, replicates=3, parameters={"deal_scale": 0.0} if way == "no scale" else None, record=())
    assert columns_that_differ(model, unrecorded("baseline", QUARTERS)) == []


@pytest.mark.parametrize("name", ["deal_35bn", "deal_news"])
@pytest.mark.parametrize("instrument", ["loan", "equity", "vendor"])
def test_a_later_deal_changes_nothing_before_its_quarter(name, instrument):
    deal = aimarket.load_scenario(name)
    at = quarter_number("2027Q3")
    late = replace(deal, deals=tuple(item.changed(start=at, instrument=instrument) for item in deal.deals))
    before = at - quarter_number("2026Q1")
    one = run(late, before, replicates=3, record=())
    assert (one.date, columns_that_differ(one, unrecorded("baseline", before, **deal.parameters))) == ("2027Q3", [])
    one.step()
    assert columns_that_differ(one, unrecorded("baseline", before + 1, **deal.parameters))


STILL = {"cloud_entry_hazard": 0.0}


@pytest.fixture(scope="module")
def among_themselves():
    """What is seen of a market of which no kind has as many firms as another."""
    return run(start=all_different(), replicates=2, parameters=STILL).history.to_frame()


@pytest.mark.parametrize("kind", ["ai_labs", "chip_vendors", "energy_suppliers", "asset_managers", "clouds"])
def test_a_firm_that_never_trades_at_the_end_of_its_kind_changes_nothing_for_others(among_themselves, kind):
    """The new firm is dormant: whatever moves then, moved because somebody's random numbers were shifted.

    No cloud enters by chance, of which a dormant one more would be one more that might.
    """
    start = all_different()
    names = (*start.roster[kind], ("Latecomer", False))
    stocks = {
        name: [*value, value[-1]]
        for name, value in start.stocks[kind].items()
        if isinstance(value, list) and len(value) == len(start.roster[kind])
    }
    silent = {name: [*stocks[name][:-1], 0.0] for name in SILENT.get(kind, ()) if name in stocks}
    larger = start.with_firms(kind, names, **stocks | silent)
    if kind == "chip_vendors":
        for owners in ("ai_labs", "clouds"):
            by_vendor = {name: np.array(start.stocks[owners][name]) for name in ("fleet_mix", "chips_on_order")}
            wider = {name: np.pad(values, ((0, 0), (0, 1))).tolist() for name, values in by_vendor.items()}
            larger = larger.with_firms(owners, start.roster[owners], **wider)
    other = run(start=larger, replicates=2, parameters=STILL).history.to_frame()
    pd.testing.assert_frame_equal(among_themselves, other, check_exact=True)


SILENT = {
    "ai_labs": ("running", "arriving", "cash", "debt", "revenue", "core_cash_flow", "other_capex"),
    "chip_vendors": ("capacity", "capacity_building", "cash", "fixed_assets", "debt", "outside_backlog"),
    "energy_suppliers": ("capacity", "building", "cash", "keeps_storage"),
    "asset_managers": ("cash", "part_of_lending", "part_of_lab_shares"),
    "clouds": ("running", "arriving", "cash", "debt", "in_house", "short_let", "core_cash_flow", "other_capex"),
}


def test_two_seeds_give_two_histories():
    frames = [
        aimarket.run_ensemble(replicates=2, quarters=3, rng=seed).values("frontier_capability") for seed in (1, 2)
    ]
    assert not np.array_equal(*frames)
