"""Vehicles: who is paid when a lease is not, to the cent, and what a stress of the reported deal does to whom."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

import aimarket
from aimarket.agents.state.arrays import total
from aimarket.model.markets.rent import collect_rent

CENT = 1e-11
"""A cent, USD bn."""

APOLLO, BLACKSTONE, GUARANTOR, LESSEE = 0, 2, 1, 1
A1, A2, B = range(3)
SERVICE = {"lease", "guarantee_fee", "vendor_finance"}
SERVICE |= {"interest", "interest_outside", "amortisation", "amortisation_outside"}
FINANCINGS = [
    name for name in aimarket.scenarios() if name.startswith("financing_") or name in ("deal_reported", "deal_stress")
]


def with_notes(owed, worth, limit):
    """The reported deal with notes already drawn, held half and half, and chips that fetch a given amount."""
    model = aimarket.MarketModel("deal_reported", rng=5)
    facilities, vehicles, ledger = model.facilities, model.vehicles, model.ledger
    by_funder = np.zeros(facilities.outstanding.shape)
    by_funder[:, [APOLLO, BLACKSTONE], 0] = 0.5 * np.array(owed)[:, None]
    notes = facilities.of_lenders(total(by_funder)[None])
    ledger.lend("deal", model.managers, vehicles, notes)
    ledger.transfer("chips", vehicles, model.vendors, paid=total(notes, 1), received=total(total(notes, 1)) * SUPPLIER)
    ledger.post(vehicles, "fixed_assets", "capex", total(notes, 1))
    fleet = np.zeros(vehicles.fleet.shape)
    fleet[0, GUARANTOR, 0] = worth / (model.parameters.chip_resale * model.signals.chip_value[0])
    one = np.ones((1, 1))
    facilities.commit(outstanding=by_funder, drawn=np.array(owed)[:, None], instalment=by_funder / 20.0)
    vehicles.commit(fleet=fleet, active=one, guarantee_limit=limit * one)
    labs = model.labs
    extra = np.zeros(labs.fleet.shape)
    extra[LESSEE] = fleet[0]
    labs.commit(fleet=labs.fleet + extra)
    return model


SUPPLIER = np.array([[0.0], [1.0], [0.0], [0.0]])


def ruined(model):
    """The lessee without a cent of free cash."""
    gone = np.zeros(model.labs.cash.shape)
    gone[LESSEE] = model.labs.cash[LESSEE]
    model.ledger.transfer("ruin", model.labs, model.economy, paid=gone)
    return model


def test_a_waterfall_worked_by_hand_to_the_cent():
    """Notes of 10, 10 and 3, chips that fetch 8, a guarantee of 9.

    The seniors share 8, four each; of the 12 they miss the guarantor pays 9, four and a half each; they lose one and a
    half each, and the junior loses all of its 3.
    """
    model = ruined(with_notes(owed=(10.0, 10.0, 3.0), worth=8.0, limit=9.0))
    managers, guarantor = model.managers.cash.copy(), model.vendors.cash[GUARANTOR, 0]
    collect_rent(model)
    facilities, vehicles = model.facilities, model.vehicles
    np.testing.assert_allclose(facilities.repaid[:, 0], [8.5, 8.5, 0.0], atol=CENT)
    np.testing.assert_allclose(facilities.lost[:, 0], [1.5, 1.5, 3.0], atol=CENT)
    assert vehicles.missed[0, 0] == vehicles.ended[0, 0] == 1.0
    assert vehicles.guarantee_paid[0, 0] == pytest.approx(9.0, abs=CENT)
    assert guarantor - model.vendors.cash[GUARANTOR, 0] == pytest.approx(9.0, abs=CENT)
    got = (model.managers.cash - managers)[:, 0]
    np.testing.assert_allclose(got[[APOLLO, BLACKSTONE]], [8.5, 8.5], atol=CENT)
    assert not vehicles.loans.any()
    assert vehicles.cash[0, 0] == pytest.approx(0.0, abs=CENT)


def test_a_guarantee_pays_what_seniors_miss_and_no_more():
    """Chips that fetch 8, a guarantee of 29: the seniors miss 12, the guarantor pays 12, the junior still loses 3."""
    model = ruined(with_notes(owed=(10.0, 10.0, 3.0), worth=8.0, limit=29.0))
    collect_rent(model)
    assert model.vehicles.guarantee_paid[0, 0] == pytest.approx(12.0, abs=CENT)
    np.testing.assert_allclose(model.facilities.lost[:, 0], [0.0, 0.0, 3.0], atol=CENT)


def test_a_surplus_goes_to_the_funders():
    """Chips that fetch 25 for notes of 23: nobody loses, and the funders share 2."""
    model = ruined(with_notes(owed=(10.0, 10.0, 3.0), worth=25.0, limit=29.0))
    before = total(model.managers.cash)[0]
    collect_rent(model)
    assert model.facilities.lost.max() == pytest.approx(0.0, abs=CENT)
    assert total(model.managers.cash)[0] - before == pytest.approx(25.0, abs=CENT)
    assert model.vehicles.guarantee_paid[0, 0] == 0.0


def test_chips_that_are_taken_back_are_still_there():
    model = ruined(with_notes(owed=(10.0, 10.0, 3.0), worth=8.0, limit=9.0))
    before = total(total(model.labs.fleet, 1)) + model.economy.outside_fleet
    leased = float(model.vehicles.fleet.sum())
    of_lab = float(model.labs.fleet[LESSEE].sum())
    collect_rent(model)
    after = total(total(model.labs.fleet, 1)) + model.economy.outside_fleet
    np.testing.assert_allclose(after, before, rtol=1e-14)
    assert of_lab - float(model.labs.fleet[LESSEE].sum()) == pytest.approx(leased)


def test_rent_is_coupon_and_repayment():
    """On notes of 10, 10 and 3 over 20 quarters: 23 / 20 back, and a quarter of 5.5, 5.75 and 8.5 % of interest.

    With it a quarter of .5 % of the 9 that the guarantor stands for at most.
    """
    model = with_notes(owed=(10.0, 10.0, 3.0), worth=8.0, limit=9.0)
    collect_rent(model)
    rent = model.labs.lease_rent
    interest = (10.0 * 0.055 + 10.0 * 0.0575 + 3.0 * 0.085) / 4.0
    assert rent[LESSEE, 0] == pytest.approx(23.0 / 20.0 + interest + 9.0 * 0.005 / 4.0, abs=CENT)
    assert model.facilities.interest.sum() == pytest.approx(interest, abs=CENT)
    assert not model.vehicles.missed.any()


@pytest.fixture(scope="module")
def stressed():
    """The reported deal in a demand winter with a collapse of chip prices and a credit crunch from 2028 on."""
    model = aimarket.MarketModel("deal_stress", rng=11, replicates=32, strict=True)
    for _ in range(40):
        model.step()
    return model


def test_the_stress_makes_lessees_miss_their_rent_and_calls_the_guarantee(stressed):
    """Hardly any lessee comes through: it owes landlords rent, too, whatever it sells."""
    events = stressed.history.to_frame("events")
    missed = events[events["event"] == "rent missed"]["replicate"].nunique()
    assert missed > 24
    assert (events["event"] == "guarantee call").any()
    assert (stressed.vehicles.guarantee_paid > 0.0).sum() >= 1


def test_the_guarantor_never_pays_beyond_its_limit(stressed):
    trail = stressed.vehicles
    assert (trail.guarantee_paid <= trail.guarantee_limit + 1e-9).all()
    assert (stressed.history.series("vehicles").values["guarantee_paid"] <= 29.0 + 1e-9).all()


def test_seniors_lose_last(stressed):
    """Wherever a senior note lost a cent, the junior has lost all that it was still owed."""
    lost, repaid, drawn = (stressed.facilities.columns[name] for name in ("lost", "repaid", "drawn"))
    hurt = lost[B] > 1e-9
    assert hurt.any()
    assert not (lost[[A1, A2]][:, ~hurt] > 1e-9).any()
    np.testing.assert_allclose((lost + repaid)[B][hurt], drawn[B][hurt], rtol=1e-9)


@pytest.mark.parametrize("name", FINANCINGS)
def test_both_partitions_hold_every_dollar_in_every_quarter_and_replicate(name):
    model = aimarket.MarketModel(name, rng=3, replicates=4, record=("money_trail",))
    for _ in range(30):
        model.step()
    trail = model.history.to_frame("money_trail")
    promised = sum(deal.amount for deal in model.case.deals)
    for side in ("uses", "claims"):
        sums = trail[trail["side"] == side].groupby(["replicate", "quarter"])["amount"].sum()
        np.testing.assert_allclose(sums, promised, rtol=1e-9)
        assert (trail[trail["side"] == side]["amount"] >= -1e-9).all()


def test_a_lease_stays_off_the_lessees_own_debt_and_counts_in_its_coverage():
    deal, none = (aimarket.MarketModel(name, rng=3) for name in ("deal_reported", "baseline"))
    for _ in range(8):
        deal.step()
        none.step()
    assert deal.labs.lease_rent[LESSEE, 0] > 0.0
    assert not deal.labs.restricted_received.any()
    paid = -sum(entry.change for entry in deal.ledger.changes("ai_labs", "cash") if entry.cause in SERVICE)
    np.testing.assert_allclose(paid, deal.labs.debt_service, rtol=1e-12)
    assert float(deal.vehicles.loans.sum()) > 5.0
    assert not (deal.labs.loans[LESSEE] > none.labs.loans[LESSEE] + 1.0).any()


def test_a_broken_covenant_stops_draws_and_half_of_new_orders():
    case = aimarket.load_scenario("deal_reported")
    strict = replace(case, deals=(replace(case.deals[0], covenant=9.0, grace=2),))
    model, free = (aimarket.MarketModel(item, rng=3, strict=True) for item in (strict, case))
    for _ in range(8):
        model.step()
        free.step()
    assert model.facilities.blocked.all()
    assert model.labs.covenant_broken[:, 0].tolist() == [0.0, 1.0, 0.0, 0.0, 0.0, 0.0]
    assert float(model.facilities.drawn.sum()) < 0.5 * float(free.facilities.drawn.sum())
    broken = model.history.series("ai_labs").values["covenant_broken"][:, 1, 0]
    begins = int((np.diff(broken, prepend=0.0) > 0.0).sum())
    assert (model.history.to_frame("events")["event"] == "covenant").sum() == begins >= 1


def test_vendors_that_hold_shares_get_their_dividends_and_are_diluted():
    model = aimarket.MarketModel("financing_vendor_equity", rng=3, strict=True)
    stakes = []
    for _ in range(24):
        model.step()
        stakes.append(float(model.labs.vendor_shares[LESSEE, 0, 0]))
    assert 0.0 < stakes[-1] < max(stakes) < 0.2
    assert model.labs.vendor_shares.sum() == pytest.approx(stakes[-1])


def test_a_deal_waits_for_its_condition_in_each_replicate():
    model = aimarket.MarketModel("financing_vendor_equity", rng=3, replicates=4)
    seen = []
    for _ in range(16):
        model.step()
        seen.append((model.history.latest("ai_revenue"), model.facilities.age[2].copy()))
    for (revenue, _), (_, age) in pairwise(seen[2:]):
        assert ((age >= 0.0) | (revenue <= 40.0)).all()
    assert (seen[-1][1] >= 0.0).all()
    assert (seen[1][1] < 0.0).all()


def test_a_lease_that_ends_leaves_the_quarters_depreciation_and_the_rest_as_sold():
    model = aimarket.MarketModel("financing_valor", rng=3, replicates=8, record=())
    model.ledger.open_quarter()
    ended = np.zeros_like(model.vehicles.cash)
    while not ended.any():
        model.step()
        booked = model.ledger.changes("vehicles", "fixed_assets")
        ended = sum((entry.change for entry in booked if entry.cause == "sale"), np.zeros_like(ended))
    opening = model.ledger.opening["vehicles", "fixed_assets"]
    worn = sum(entry.change for entry in booked if entry.cause == "depreciation")
    bought = sum((entry.change for entry in booked if entry.cause == "capex"), np.zeros_like(ended))
    gone, rate = ended < 0.0, model.parameters.depreciation_vehicles
    np.testing.assert_allclose(worn[gone], -rate * opening[gone], rtol=1e-12)
    np.testing.assert_allclose(ended[gone], -((1.0 - rate) * opening + bought)[gone], rtol=1e-12)
    assert (opening[gone] > 0.0).all()
