"""What is seen of a run: tidy frames with dates and units, whose parts agree with one another."""

import datetime

import numpy as np
import pandas as pd
import pytest

import aimarket
from aimarket.model.accounting import sector_books
from aimarket.model.dates import quarter_date, quarter_number
from aimarket.model.records import capital_flows, money_trail
from aimarket.model.records.history import FIRMS, KINDS

QUARTERS, REPLICATES, FIRST = 9, 3, 4
KEYS = {
    "indicators": ["replicate", "quarter"],
    "flows": ["replicate", "quarter", "row", "sector"],
    "balance_sheet": ["replicate", "quarter", "row", "sector"],
    "events": ["replicate", "quarter", "event", "firm"],
    "money_trail": ["replicate", "quarter", *money_trail.KEYS],
    "capital": ["replicate", "quarter", *capital_flows.KEYS],
} | {kind: ["replicate", "quarter", "firm"] for kind in FIRMS}

SECTION_9 = {
    "concentration": ("lab_concentration", "vendor_concentration", "energy_concentration", "lender_concentration"),
    "the lead": ("frontier_capability", "lead_changes"),
    "releases": ("release_interval", "releases"),
    "cost of compute": ("compute_cost_share", "training_run_cost"),
    "capital intensity": ("capital_intensity", "infrastructure_share"),
    "decomposition": ("algorithm_share",),
    "inflows by sector": (
        "funding_labs",
        "funding_vendors",
        "funding_energy",
        "funding_construction",
        "funding_cooling",
        "funding_storage",
        "funding_clusters",
    ),
    "investment by sector": (
        "lab_capex",
        "capex_vendors",
        "capex_energy",
        "capex_construction",
        "capex_cooling",
        "capex_storage",
        "capex_clusters",
    ),
    "sales by sector": (
        "ai_revenue",
        "vendor_sales",
        "energy_sales",
        "construction_sales",
        "cooling_sales",
        "storage_sales",
        "cluster_sales",
    ),
    "chips": ("chip_lead_time", "landed_price"),
    "power": ("power_price", "power_available", "unconnected_halls"),
    "credit": ("defaults", "debt_to_revenue", "coverage"),
    "managers": ("manager_return", "dry_powder", "sentiment"),
    "service": ("unserved_share", "research_share"),
}


def ran(model):
    """Run a model for all quarters."""
    for _ in range(QUARTERS):
        model.step()
    return model


@pytest.fixture(scope="module")
def market():
    return ran(aimarket.MarketModel("bust", rng=7, replicate=FIRST, replicates=REPLICATES))


@pytest.fixture(scope="module")
def deal():
    values = {"price_level": 2.0, "deal_scale": 0.5}
    return ran(aimarket.MarketModel("deal_35bn", rng=7, replicates=2, parameters=values))


@pytest.fixture(scope="module")
def leased():
    return ran(aimarket.MarketModel("deal_reported", rng=7, replicate=FIRST, replicates=REPLICATES))


@pytest.fixture
def seen(kind, market, leased):
    """The run in which a kind of record has something to tell."""
    return leased if kind in {"vehicles", "money_trail"} else market


@pytest.mark.parametrize("kind", KINDS)
def test_quarters_are_dates(seen, kind):
    quarters = seen.history.to_frame(kind)["quarter"]
    dates = [quarter_date(quarter_number("2026Q1") + t) for t in range(QUARTERS)]
    assert set(quarters) <= set(dates)
    if kind != "events":
        assert list(dict.fromkeys(quarters)) == dates


@pytest.mark.parametrize("kind", KINDS)
def test_quarters_are_found_by_their_text(seen, kind):
    frame = seen.history.to_frame(kind)
    later = frame.query("quarter >= '2026Q3' and quarter < '2027Q1'")
    assert set(later["quarter"]) == {"2026Q3", "2026Q4"}
    assert later.equals(frame[frame["quarter"].isin(["2026Q3", "2026Q4"])])


@pytest.mark.parametrize("kind", KINDS)
def test_there_is_one_row_a_key(seen, kind):
    frame = seen.history.to_frame(kind)
    assert not frame.duplicated(KEYS[kind]).any()
    assert not frame[KEYS[kind]].isna().any(axis=None)


@pytest.mark.parametrize("kind", KINDS)
def test_values_are_missing_of_firms_that_are_not_in_business_and_of_no_others(seen, kind):
    frame = seen.history.to_frame(kind)
    there = frame["active"] == 1.0 if kind in FIRMS else pd.Series(data=True, index=frame.index)
    values = frame.drop(columns=["active"], errors="ignore").drop(columns=KEYS[kind])
    assert not values[there].isna().any(axis=None)
    assert values[~there].isna().all(axis=None)


def test_a_mean_over_firms_is_that_of_firms_in_business_where_only_one_column_is_recorded(market):
    alone = aimarket.MarketModel("vendor_entry", record=("chip_vendors.price",))
    alone.step()
    frame = alone.history.to_frame("chip_vendors")
    assert list(frame.columns) == ["replicate", "quarter", "firm", "price"]
    assert frame["price"].isna().tolist() == (alone.vendors.active[:, 0] == 0.0).tolist()
    assert frame["price"].isna().any()


@pytest.mark.parametrize("kind", ["indicators", *FIRMS])
def test_no_row_is_missing(seen, kind):
    firms = len(seen.ledger.tables[kind]) if kind in FIRMS else 1
    assert len(seen.history.to_frame(kind)) == QUARTERS * REPLICATES * firms


@pytest.mark.parametrize("kind", KINDS)
def test_every_number_has_a_unit(seen, kind):
    frame = seen.history.to_frame(kind)
    numbers = set(frame.columns) - set(KEYS[kind])
    assert numbers
    if kind != "events":
        assert numbers == set(frame.attrs["units"])
        assert all(frame.attrs["units"].values())


@pytest.mark.parametrize("kind", KINDS)
def test_replicates_go_by_their_numbers(seen, kind):
    assert set(seen.history.to_frame(kind)["replicate"]) <= set(range(FIRST, FIRST + REPLICATES))


@pytest.mark.parametrize("topic", SECTION_9)
def test_every_indicator_of_the_specification_is_there(market, topic):
    assert set(SECTION_9[topic]) <= set(market.history.to_frame().columns)


@pytest.mark.parametrize("column", ["market_share", "capability", "markup", "compute", "capex", "debt"])
def test_what_differs_by_lab_is_in_the_labs_frame(market, column):
    assert column in market.history.to_frame("ai_labs")


def test_a_frame_holds_what_the_model_held(market):
    last = market.history.to_frame("ai_labs").query("quarter == quarter.max()")
    for replicate in range(REPLICATES):
        rows = last[last["replicate"] == FIRST + replicate]
        assert rows["firm"].tolist() == list(market.labs.names)
        there = market.labs.active[:, replicate] > 0.0
        assert rows["cash"][there].tolist() == market.labs.cash[there, replicate].tolist()


def summed(frame, **where):
    for column, value in where.items():
        frame = frame[frame[column] == value]
    return frame.groupby(["replicate", "quarter"])["amount"].sum()


def by_quarter(market, name):
    return market.history.to_frame().set_index(["replicate", "quarter"])[name]


def assert_agree(amounts, indicator):
    there, here = indicator.align(amounts, join="left", fill_value=0.0)
    assert there.abs().max() > 0.0
    np.testing.assert_allclose(there, here, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("indicator", "flow"),
    [
        ("ai_revenue", {"row": "ai_sales", "sector": "ai_labs"}),
        ("research_labour", {"row": "research_labour", "sector": "economy"}),
        ("cluster_sales", None),
    ],
)
def test_flows_agree_with_indicators(market, indicator, flow):
    flows = market.history.to_frame("flows")
    if flow is None:
        clusters = flows["row"].isin(["clusters", "clusters_outside"]) & (flows["sector"] == "equipment_suppliers")
        amounts = summed(flows[clusters])
    else:
        amounts = summed(flows, **flow)
    assert_agree(amounts, by_quarter(market, indicator))


def test_every_flow_has_two_sides(market):
    flows = market.history.to_frame("flows")
    rows = flows.groupby(["replicate", "quarter", "row"])["amount"]
    assert (rows.sum().abs() <= 1e-9 * (1.0 + rows.max())).all()


def test_releases_in_the_event_log_agree_with_the_indicator(market):
    assert_agree(summed(market.history.to_frame("events"), event="release"), by_quarter(market, "releases"))


def test_defaults_in_the_event_log_agree_with_the_indicator():
    ruin = {"demand_available": 1e-9, "credit_crunch": 1.0}
    model = aimarket.MarketModel(rng=7, replicates=2, parameters=ruin, record=("indicators", "events"))
    for _ in range(20):
        model.step()
    assert_agree(summed(model.history.to_frame("events"), event="default"), by_quarter(model, "defaults"))


def test_drawn_events_agree_with_what_was_drawn(deal):
    assert_agree(summed(deal.history.to_frame("events"), event="draw"), by_quarter(deal, "deal_draw"))


def test_a_deal_is_drawn_as_it_was_agreed(deal):
    drawn = by_quarter(deal, "deal_draw")[0].tolist()
    assert drawn == pytest.approx([35.0 * part for part in (0, 0.25, 0.25, 0.15, 0.15, 0.10, 0.10, 0, 0)])


def test_an_entry_is_an_event():
    model = aimarket.MarketModel("vendor_entry")
    for _ in range(QUARTERS):
        model.step()
    events = model.history.to_frame("events")
    entry = events[(events["event"] == "entry") & (events["firm"] == model.case.entries[0].firm)]
    assert entry["quarter"].tolist() == [quarter_date(model.case.entries[0].start)]


def test_nothing_happens_in_the_event_log_with_amount_zero(market):
    assert (market.history.to_frame("events")["amount"] != 0.0).all()


def test_series_have_quarters_first_and_replicates_last(market):
    series = market.history.series("ai_labs")
    assert series.values["cash"].shape == (QUARTERS, len(market.labs), REPLICATES)
    assert market.history.series("indicators").values["funding"].shape == (QUARTERS, REPLICATES)


# What one asks for


def test_only_what_is_asked_for_is_kept():
    model = aimarket.MarketModel(replicates=2, record=("ai_labs.market_share", "ai_labs.price_coding", "flows"))
    model.step()
    frame = model.history.to_frame("ai_labs")
    assert list(frame.columns) == ["replicate", "quarter", "firm", "market_share", "price_coding"]
    with pytest.raises(KeyError, match="indicators was not recorded: pass record="):
        model.history.to_frame()


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_of_no_quarters_has_empty_frames(kind):
    assert len(aimarket.MarketModel().history.to_frame(kind)) == 0


@pytest.mark.parametrize(
    ("record", "message"),
    [
        ("indicator", "'indicator'; did you mean 'indicators'"),
        ("ai_labs.price_codin", "did you mean 'price_coding'"),
        ("", "kinds are indicators"),
    ],
)
def test_recording_what_there_is_not_is_refused(record, message):
    with pytest.raises(KeyError, match=message):
        aimarket.MarketModel(record=(record,))


def test_an_unknown_kind_tells_the_nearest(market):
    with pytest.raises(KeyError, match="did you mean 'ai_labs'"):
        market.history.to_frame("ai_lab")


def test_an_unknown_indicator_tells_the_nearest(market):
    with pytest.raises(KeyError, match="did you mean 'funding'"):
        market.history.latest("fundin")


def test_an_indicator_before_the_first_quarter_is_refused():
    with pytest.raises(KeyError, match=r"no quarter has run yet: call model\.step\(\)"):
        aimarket.MarketModel().history.latest("funding")


# Dates


@pytest.mark.parametrize(("date", "number"), [("0000Q1", 0), ("2026Q1", 8104), ("2026Q4", 8107), ("2027Q1", 8108)])
def test_a_quarter_has_a_number(date, number):
    assert (quarter_number(date), quarter_date(number)) == (number, date if number else "0Q1")


@pytest.mark.parametrize(
    "day",
    [
        pd.Period("2026Q2"),
        pd.Timestamp("2026-05-31 12:00"),
        datetime.date(2026, 4, 1),
        datetime.datetime(2026, 6, 30),
        np.datetime64("2026-04"),
        np.datetime64("2026-06-30T23:59"),
        pd.Period("2026-05", "M"),
        np.str_("2026Q2"),
    ],
)
def test_a_period_or_a_day_is_the_quarter_that_it_lies_in(day):
    assert quarter_number(day) == quarter_number("2026Q2")


def test_the_books_of_a_quarter_are_found_by_text_period_and_day(market):
    days = ("2026Q2", pd.Period("2026Q2"), pd.Timestamp("2026-06-30"))
    first, *others = (sector_books.flow_matrix(market, day) for day in days)
    assert all(first.equals(other) for other in others)


@pytest.mark.parametrize(
    "text",
    [
        "2026",
        "2026Q0",
        "2026Q5",
        "2026-Q1",
        "26Q1",
        "2026q1",
        " 2026Q1",
        "2026Q1\n",
        "",
        None,
        2026,
        pd.NaT,
        np.datetime64("NaT", "D"),
        pd.Period("2026", "Y"),
        np.nan,
    ],
)
def test_what_is_no_quarter_is_refused(text):
    with pytest.raises(ValueError, match="is not a quarter; write it as 2026Q2"):
        quarter_number(text)


@pytest.mark.parametrize(
    "quarter", [pd.Period("2024Q4"), pd.Timestamp("2024-11-05"), datetime.date(2024, 12, 31), np.datetime64("2024-10")]
)
def test_a_start_a_sample_and_a_run_are_found_by_any_form_of_a_quarter(quarter):
    assert aimarket.load_start(quarter).quarter == "2024Q4"
    assert aimarket.MarketModel(start=quarter, record=()).start.quarter == "2024Q4"
    assert aimarket.posterior(quarter).equals(aimarket.posterior("2024Q4"))


@pytest.mark.parametrize("start", ["2024Q3", 4, pd.Period("2020Q1")])
def test_a_start_that_there_is_not_is_refused_in_a_line(start):
    with pytest.raises(
        ValueError, match=r"no initial state for '2024Q3'|4 is not a quarter|no initial state for '2020Q1'"
    ):
        aimarket.MarketModel(start=start)
