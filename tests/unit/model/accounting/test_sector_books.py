"""The books by sector: claims add to nothing, flows too, and the past can be opened as the present can."""

import numpy as np
import pytest

import aimarket
from aimarket.model.accounting import sector_books

REPLICATES, FIRST, QUARTERS = 3, 4, 8
KINDS = ("balance_sheet", "flows")
TABLES = {"balance_sheet": sector_books.balance_sheet, "flows": sector_books.flow_matrix}


def run(scenario, quarters=QUARTERS, record=KINDS):
    model = aimarket.MarketModel(scenario, rng=7, replicate=FIRST, replicates=REPLICATES, record=record)
    for _ in range(quarters):
        model.step()
    return model


@pytest.fixture(scope="module", params=["baseline", "deal_stress", "financing_vendor_equity"])
def market(request):
    return run(request.param)


@pytest.fixture(scope="module")
def leased():
    return run("deal_reported")


def whole(frame):
    """Return the sizes that rounding is held against, one a row."""
    return 1.0 + frame.abs().max(axis=1)


def test_what_one_owns_another_owes(market):
    sheet = sector_books.balance_sheet(market)
    claims = [name for name, row in sector_books.STOCKS.items() if row.kind == "claim"]
    assert (sheet["sum"].abs() / whole(sheet))[claims].max() < 1e-12
    assert (sheet.loc[claims].abs().max(axis=1) > 0.0).sum() >= 5


def test_net_worth_adds_to_plant_and_the_deposits_constant_sum(market):
    sheet = sector_books.balance_sheet(market)
    assert sheet.loc["net_worth", "sum"] == pytest.approx(sheet.loc[["fixed_assets", "cash"], "sum"].sum(), rel=1e-12)
    assert sheet.loc["cash", "sum"] == pytest.approx(market.money.mean(), rel=1e-12)


def test_managers_owe_savers_all_that_they_have(market):
    assert sector_books.balance_sheet(market).loc["net_worth", "asset_managers"] == pytest.approx(0.0, abs=1e-9)


def test_what_one_pays_another_gets(market):
    flows = sector_books.flow_matrix(market)
    assert (flows["sum"].abs() / whole(flows)).max() < 1e-12


def test_deposits_change_by_the_flows(market):
    dates = market.history.to_frame("flows")["quarter"].unique()
    before, after = (sector_books.balance_sheet(market, date) for date in dates[-2:])
    change = sector_books.flow_matrix(market, dates[-1]).loc["change_of_cash"]
    assert (after.loc["cash"] - before.loc["cash"]).to_numpy() == pytest.approx(change.to_numpy(), abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_the_last_quarter_is_the_present(market, kind):
    last = market.history.to_frame(kind)["quarter"].max()
    assert TABLES[kind](market, last).equals(TABLES[kind](market))


@pytest.mark.parametrize("kind", KINDS)
def test_the_mean_is_that_of_the_replicates(market, kind):
    ones = [TABLES[kind](market, replicate=FIRST + number).to_numpy() for number in range(REPLICATES)]
    assert np.mean(ones, axis=0) == pytest.approx(TABLES[kind](market).to_numpy(), rel=1e-12, abs=1e-9)
    assert not np.array_equal(ones[0], ones[1])


@pytest.mark.parametrize("kind", KINDS)
def test_a_replicate_alone_has_the_same_books(kind):
    together, alone = run("deal_reported", 4), aimarket.MarketModel("deal_reported", rng=7, replicate=FIRST + 1)
    for _ in range(4):
        alone.step()
    assert TABLES[kind](alone).equals(TABLES[kind](together, replicate=FIRST + 1))


@pytest.mark.parametrize("kind", KINDS)
def test_everything_in_a_table_is_called_something(leased, kind):
    frame = TABLES[kind](leased)
    assert set(frame.attrs["labels"]) >= {*frame.index, *frame.columns}
    assert set(frame.attrs["units"]) == set(frame.columns)


def test_vehicles_are_a_sector_where_there_are_any(leased):
    sheet = sector_books.balance_sheet(leased)
    held = sheet.loc["notes", ["asset_managers", "economy"]]
    assert sheet.loc["notes", "vehicles"] == pytest.approx(-held.sum())
    assert (held > 0.0).all()
    assert sheet.loc["fixed_assets", "vehicles"] > 0.0
    assert "vehicles" not in sector_books.balance_sheet(run("baseline", 0))


def test_stocks_are_reported_before_the_first_quarter():
    sheet = sector_books.balance_sheet(run("baseline", 0))
    assert sheet.loc["cash", "sum"] == pytest.approx(843.5)


def test_nothing_was_paid_before_the_first_quarter():
    with pytest.raises(ValueError, match=r"no quarter has run yet.*model\.step"):
        sector_books.flow_matrix(run("baseline", 0))


@pytest.mark.parametrize(
    ("record", "quarter", "replicate", "error", "output"),
    [
        (KINDS, "2050Q1", None, ValueError, "'2050Q1': the run has 2026Q1 to 2026Q2"),
        (KINDS, None, 0, ValueError, "no replicate 0: the model holds 4 to 6"),
        (("flows",), "2026Q1", None, KeyError, "balance_sheet was not recorded: pass record="),
    ],
)
def test_books_that_are_not_there_are_reported(record, quarter, replicate, error, output):
    with pytest.raises(error, match=output):
        sector_books.balance_sheet(run("baseline", 2, record), quarter, replicate)
