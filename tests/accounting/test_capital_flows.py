"""Capital by sector, instrument and giver is all the capital that the flow matrix knows of."""

import numpy as np
import pytest

import aimarket
from aimarket.agents.equipment_supplier import SECTORS
from aimarket.model.records.capital_flows import givers, placed

QUARTERS, REPLICATES = 9, 3
SCENARIOS = ("deal_35bn", "deal_reported", "lab_entry", "vendor_entry", "vendor_loop", "financing_vendor_equity")
ALL = {
    "lending": ("loan",),
    "deal": ("deal", "notes"),
    "equity_managers": ("shares",),
    "equity_vendors": ("shares",),
    "equity_outside": ("shares",),
}
"""Rows of the flow matrix, and the instruments that may stand in them."""


@pytest.fixture(scope="module", params=SCENARIOS)
def run(request):
    """A run with its flows; together these scenarios use every way of raising capital."""
    model = aimarket.MarketModel(request.param, rng=5, replicates=REPLICATES, record=("capital", "flows"))
    for _ in range(QUARTERS):
        model.step()
    return request.param, model


def by_giver(model, row):
    """The sums of a row's instruments by replicate and quarter, from the sector that pays in it."""
    frame = model.history.to_frame("capital")
    payer = {"equity_vendors": model.vendors.names, "equity_outside": ("outside",)}.get(row, model.managers.names)
    mine = frame[frame["instrument"].isin(ALL[row]) & frame["giver"].isin(payer)]
    return mine.groupby(["replicate", "quarter"])["amount"].sum()


@pytest.mark.parametrize("row", ALL)
def test_capital_adds_to_its_rows_of_the_flow_matrix(run, row):
    _, model = run
    flows = model.history.to_frame("flows")
    received = flows[(flows["row"] == row) & (flows["amount"] > 0.0)].groupby(["replicate", "quarter"])["amount"].sum()
    both = by_giver(model, row).to_frame("capital").join(received.rename("flows"), how="outer").fillna(0.0)
    np.testing.assert_allclose(both["capital"], both["flows"], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("lending", "asset_managers"),
        ("deal", "asset_managers"),
        ("equity_managers", "asset_managers"),
        ("equity_vendors", "chip_vendors"),
    ],
)
def test_each_manager_and_vendor_gave_what_it_paid(run, row, kind):
    """In the run's last quarter the givers' own cash fell by what the sectors got of each."""
    _, model = run
    firms = model.ledger.tables[kind]
    first = givers(model).index(firms.names[0])
    paid = sum((-e.change for e in model.ledger.changes(kind, "cash") if e.cause == row), np.zeros(firms.cash.shape))
    output = [amount for name, amount in placed(model).items() if name.split("|")[1] in ALL[row]]
    given = sum(amount[first : first + len(firms)] for amount in output)
    np.testing.assert_allclose(given, paid, rtol=1e-12, atol=1e-12)


def test_firms_raise_what_reaches_their_sector(run):
    """What a sector's firms say they raised is what the frame says, but for money of founders."""
    scenario, model = run
    raised = {name: amount.sum(0) for name, amount in placed(model).items()}
    for row, sector in enumerate(SECTORS):
        got = sum(raised[f"{sector}|{instrument}"] for instrument in ("loan", "deal", "shares"))
        own = (model.equipment.debt_raised + model.equipment.equity_raised)[row]
        np.testing.assert_allclose(got, own, rtol=1e-9, atol=1e-12)
    if scenario != "lab_entry":
        got = sum(raised[f"ai_labs|{instrument}"] for instrument in ("loan", "deal", "shares"))
        own = (model.labs.debt_raised + model.labs.equity_raised).sum(0)
        np.testing.assert_allclose(got, own, rtol=1e-9, atol=1e-12)


def test_notes_of_vehicles_stand_apart():
    model = aimarket.MarketModel("deal_reported", rng=5, record=("capital",))
    for _ in range(QUARTERS):
        model.step()
    frame = model.history.to_frame("capital")
    notes = frame[frame["sector"] == "vehicles"]
    assert set(notes["instrument"]) == {"notes"}
    assert notes["amount"].sum() == pytest.approx(float(model.economy.deal_drawn[0]), rel=1e-9)


def test_vendor_credit_is_the_new_vendor_finance_of_labs():
    model = aimarket.MarketModel("vendor_loop", rng=5, record=("capital",))
    model.step()
    frame = model.history.to_frame("capital").query("instrument == 'vendor credit'")
    lent = sum(e.change for e in model.ledger.changes("ai_labs", "vendor_finance") if e.cause == "new").sum(0)[:, 0]
    by_vendor = frame.groupby("giver")["amount"].sum()
    assert lent.sum() > 0.0
    for name, amount in zip(model.vendors.names, lent, strict=True):
        assert by_vendor.get(name, 0.0) == pytest.approx(amount, rel=1e-12)


def test_the_money_of_founders_comes_from_outside():
    """A newcomer's purse is capital of its sector beside what labs asked for: plant from others and 5 bn."""
    model = aimarket.MarketModel("lab_entry", rng=5, record=())
    while not model.labs.entered.any():
        model.step()
    labs, names = model.labs, givers(model)
    raised = {name.split("|")[1]: amount for name, amount in placed(model).items() if name.startswith("ai_labs|")}
    outside = sum(raised[instrument].sum(0) for instrument in ("loan", "deal", "shares"))
    purse = outside - (labs.debt_raised + labs.equity_raised).sum(0)
    plant = -model.ledger.flows()["acquisitions", "ai_labs"]
    np.testing.assert_allclose(purse, plant + model.parameters.newcomer_cash, rtol=1e-9)
    assert (raised["shares"][names.index("outside")] >= purse).all()


def test_a_batch_of_any_size_tells_the_same():
    frames = [
        aimarket.run_ensemble("deal_reported", 5, 5, 3, record=("capital",), batch=batch).to_frame("capital")
        for batch in (5, 2)
    ]
    keys = ["replicate", "quarter", "sector", "instrument", "giver"]
    one, other = (frame.sort_values(keys, ignore_index=True) for frame in frames)
    assert one.equals(other)


def test_a_saved_run_remembers_its_capital(tmp_path):
    model = aimarket.MarketModel("deal_reported", rng=5, record=("capital",))
    for _ in range(4):
        model.step()
    path = tmp_path / "one.run"
    model.save(path)
    again = aimarket.MarketModel.restore(path)
    assert again.history.to_frame("capital").equals(model.history.to_frame("capital"))
