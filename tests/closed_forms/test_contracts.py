"""Contracts fall due, run and end; a tenant that fails; a lab that its parent's cloud houses."""

import numpy as np
import pytest

import aimarket
from aimarket.agents.rules.renting import user_cost
from aimarket.agents.state.arrays import total
from aimarket.model.markets.letting import let_capacity, running_cost
from aimarket.model.quarter import QUARTER

from ..builders import chosen, one_tenant_one_cloud

TERM = 20
PLENTY = 1e3
ONE = np.ones((1, 1, 1))


def landlord(let=0.0):
    """Return a model of one tenant, who rents an amount, and one landlord with compute to spare."""
    rented = {"Cloud": {"Lab": let}}
    model = aimarket.MarketModel(start=one_tenant_one_cloud(running=PLENTY, tenancies=rented))
    model.clouds.commit(owed=0.0 * ONE, owed_value=0.0 * ONE)
    return model


def sign(model, compute, price):
    """Sign contracts for a quarter's worth of compute, M H100e, at a price, USD bn per M H100e and quarter."""
    clouds = model.clouds
    clouds.commit(owed=clouds.owed + compute * ONE, owed_value=clouds.owed_value + compute * price * ONE)


def settled(compute=0.3, price=2.5, quarters=60):
    """Return a model in which the same amount has been signed every quarter for a long time, before the next one."""
    model = landlord()
    for _ in range(quarters):
        sign(model, compute, price)
        let_capacity(model)
    return model


def test_with_steady_signing_what_is_owed_is_three_quarters_of_it():
    """R6: owed = 3 x before a third of it falls due."""
    model = settled(0.3)
    sign(model, 0.3, 2.5)
    assert model.clouds.owed[0, 0, 0] == pytest.approx(3.0 * 0.3)


def test_with_steady_signing_contracts_are_a_term_of_it():
    """R6: contracts = 20 x."""
    assert model_let(settled(0.3)) == pytest.approx(TERM * 0.3)


def model_let(model):
    """Return the compute under contract, M H100e."""
    return model.clouds.contracts.sum()


def test_with_steady_signing_the_backlog_of_contracts_is_what_is_left_to_pay():
    """R6: 190 p x after the quarter's rent, which is one quarter of all contracts: 210 p x before it."""
    model = settled(0.3, 2.5)
    clouds = model.clouds
    backlog = clouds.all.backlog[0, 0] - TERM * clouds.owed_value[0, 0, 0]
    assert backlog == pytest.approx(190.0 * 2.5 * 0.3)
    assert backlog + clouds.rent_due[0, 0, 0] == pytest.approx(210.0 * 2.5 * 0.3)


@pytest.mark.parametrize(("quarters", "left"), [(1, 0.667), (4, 0.1975), (8, 0.0390)])
def test_what_is_owed_falls_due_by_a_third_a_quarter(quarters, left):
    """R6: (2/3)^t of it is left when nothing more is signed, half of it after 1.71 quarters."""
    model = landlord()
    sign(model, 1.0, 2.5)
    for _ in range(quarters):
        let_capacity(model)
    assert model.clouds.owed[0, 0, 0] == pytest.approx(left, abs=5e-4)
    assert model.clouds.owed_value[0, 0, 0] == pytest.approx(2.5 * model.clouds.owed[0, 0, 0])


def test_contracts_at_the_start_have_eleven_and_a_half_quarters_to_pay():
    """R7: they end evenly over 4 to 19 quarters, so that 11.5 times their rent is still to be paid."""
    clouds = landlord(1.6).clouds
    rent = clouds.contract_value.sum()
    assert clouds.all.backlog[0, 0] == pytest.approx(11.5 * rent)


def test_a_sixteenth_of_the_contracts_at_the_start_ends_a_quarter_from_the_fifth_on():
    """R7: whole for four quarters, then 15/16, 14/16 and so on until nothing is left in quarter 20."""
    model, left = landlord(1.6), []
    for _ in range(TERM + 1):
        let_capacity(model)
        left.append(model_let(model))
    expected = [1.6] * 4 + [1.6 * (16 - ended) / 16 for ended in range(1, 17)] + [0.0]
    np.testing.assert_allclose(left, expected, atol=1e-12)


def test_a_tenant_pays_for_what_it_rents_whether_it_uses_it_or_not():
    """Take or pay: the rent is the contracts' value, served in full where compute suffices."""
    model = landlord(1.6)
    let_capacity(model)
    clouds = model.clouds
    assert clouds.rent_due[0, 0, 0] == pytest.approx(clouds.contract_value.sum())
    assert clouds.served[0, 0, 0] == pytest.approx(1.6)


def test_rent_is_abated_where_the_landlord_cannot_serve():
    """With half the compute under contract running, half is served and half is due."""
    model = landlord(1.6)
    model.clouds.commit(own_compute=0.8 * np.ones((1, 1)))
    let_capacity(model)
    clouds = model.clouds
    assert clouds.served[0, 0, 0] == pytest.approx(0.8)
    assert clouds.rent_due[0, 0, 0] == pytest.approx(0.5 * clouds.contract_value.sum())
    assert clouds.idle[0, 0] == 0.0


def stepped_until(model, last):
    """Run the phases of a quarter up to one, that one included."""
    for phase in QUARTER:
        phase.run(model)
        if phase.name == last:
            return


def failing_tenant():
    """Return a model whose only tenant, who has paid an advance, has no cash left when defaults are settled."""
    rented = {"Cloud": {"Lab": 1.0}}
    start = one_tenant_one_cloud(running=2.0, tenancies=rented, cash=10.0, debt=30.0)
    means = {"aimed_margin": 0.0, "burden_limit": 1.5}
    model = aimarket.MarketModel(start=start, parameters={"cloud_entry_hazard": 0.0} | means)
    model.economy.commit(fringe_brand=np.full((3, 1), -1000.0))
    stepped_until(model, "industry")
    model.advances = model.clouds.advances[0, 0, 0]
    model.landlords_cash = model.clouds.cash[0, 0]
    model.ledger.transfer("operating_costs", model.labs, model.economy, paid=model.labs.cash + 1.0)
    stepped_from(model, "distress")
    return model


def stepped_from(model, first):
    """Run the phases of a quarter from one on, that one included, and close the quarter."""
    names = [phase.name for phase in QUARTER]
    for phase in QUARTER[names.index(first) :]:
        phase.run(model)
    model.quarter += 1


def test_a_tenant_that_fails_leaves_nothing_to_its_landlord_but_its_advance():
    """R19: contracts, what was signed and the backlog are void; the advance stays where the cash is."""
    model = failing_tenant()
    clouds = model.clouds
    assert model.labs.defaults[0, 0] == 1.0
    assert model.advances > 0.0
    assert clouds.all.backlog[0, 0] == 0.0
    assert (model_let(model), clouds.owed.sum(), clouds.advances.sum()) == (0.0, 0.0, 0.0)
    assert clouds.cash[0, 0] == model.landlords_cash


def test_a_landlord_without_contracts_breaks_its_covenant():
    """R19: nothing is left to cover what it owes."""
    model = failing_tenant()
    assert model.clouds.all.debt[0, 0] > 0.0
    assert model.clouds.covenant_broken[0, 0] == 1.0


def test_a_quarter_after_its_only_tenant_failed_a_landlord_is_idle():
    """R19: nothing is used, no rent is due, a short let would cost its running cost."""
    model = failing_tenant()
    stepped_until(model, "lettings")
    clouds = model.clouds
    assert clouds.own_compute[0, 0] > 1.0
    assert (clouds.served.sum(), clouds.short_let.sum(), clouds.rent_due.sum()) == (0.0, 0.0, 0.0)
    assert clouds.idle[0, 0] == pytest.approx(clouds.own_compute[0, 0])
    assert model.labs.powered_compute[0, 0] == pytest.approx(model.labs.own_compute[0, 0])
    assert model.economy.spot_price[0] == pytest.approx(running_cost(model)[0])


def test_a_tenant_that_failed_signs_nothing_for_a_year_and_is_priced_as_risky():
    """A lock of four quarters, and a default probability of a tenth at least (specification 2, section 2).

    Somebody gives it money to begin anew with.
    """
    model = failing_tenant()
    model.ledger.transfer("operating_costs", model.economy, model.labs, received=np.full_like(model.labs.cash, 30.0))
    for quarter in range(6):
        model.step()
        locked = quarter < 4
        assert (model.labs.signed.sum() == 0.0) == locked, quarter
        assert model.labs.default_risk[0, 0] >= 0.10 or not locked


HOUSED, PARENT = 2, 2
"""The rows of Google DeepMind and of Alphabet."""


def closing(model):
    """Run a quarter up to the running costs and return the books of it."""
    stepped_until(model, "running costs")
    return model.ledger


def test_a_housed_lab_pays_the_user_cost_at_its_parents_rate():
    """R20: no markup; chips, halls, power and operations in the landlord's mix of technologies."""
    model = aimarket.MarketModel("baseline", rng=7)
    model.step()
    stepped_until(model, "services")
    clouds, signals, p = model.clouds, model.signals, model.parameters
    own = p.own_cost_weight
    mix = clouds.vendor_mix[PARENT, :, 0]
    landed = (1.0 - own) * signals.rented_landed_price[0] + own * (
        mix @ (signals.chip_landed_price / signals.chip_performance)[:, 0]
    )
    rated = (1.0 - own) * signals.rented_power[0] + own * (mix @ (signals.chip_power / signals.chip_performance)[:, 0])
    drawn = rated * signals.new_hall_pue[0]
    energy = drawn * signals.power_price[0] * 2190.0 * 1e-6
    cost = user_cost(landed, drawn * signals.hall_cost[0], energy, clouds.quoted_rate[PARENT, 0], p)
    QUARTER[[phase.name for phase in QUARTER].index("running costs")].run(model)
    assert model.labs.internal_rent[HOUSED, 0] == pytest.approx(cost * clouds.housed[PARENT, HOUSED, 0])


def test_what_a_parent_and_its_lab_pay_each_other_changes_the_cash_of_both_together_by_nothing():
    """R20: together they earn sales and pay costs outside."""
    model = aimarket.MarketModel("baseline", rng=7)
    model.step()
    ledger = closing(model)
    inside = {"internal_rent", "parent_support"}
    paid = sum(e.change[HOUSED, 0] for e in ledger.changes("ai_labs", "cash") if e.cause in inside)
    received = sum(e.change[PARENT, 0] for e in ledger.changes("clouds", "cash") if e.cause in inside)
    assert paid != 0.0
    assert paid + received == pytest.approx(0.0, abs=1e-12)


def test_a_parent_covers_what_its_lab_loses_and_takes_what_it_earns():
    """R20: the lab's cash stays what it was at the start."""
    model = aimarket.MarketModel("baseline", rng=7)
    before = model.labs.cash[HOUSED, 0]
    for _ in range(8):
        model.step()
        assert model.labs.cash[HOUSED, 0] == pytest.approx(before)


def test_everything_a_landlord_has_runs_for_somebody_or_stands_idle():
    """Of the compute that runs, contracts, products, the own lab, enterprises and what is idle add up."""
    model = aimarket.MarketModel("baseline", rng=7)
    model.step()
    clouds = model.clouds
    used = total(clouds.served + clouds.housed, 1) + clouds.in_house + clouds.short_let + clouds.idle
    np.testing.assert_allclose(used, clouds.own_compute, rtol=1e-12)


def handed_over(owed):
    """Return what tenants of one landlord that has a fifth of what is due get, M H100e each, at one price."""
    names = tuple(f"Lab {place}" for place in range(len(owed)))
    start = chosen(one_tenant_one_cloud(running=[0.2], tenancies={}), "ai_labs", (0,) * len(owed), names)
    model = aimarket.MarketModel(start=start)
    signed = np.array(owed)[None, :, None]
    model.clouds.commit(owed=signed, owed_value=2.5 * signed)
    let_capacity(model)
    return signed[0, :, 0] - model.clouds.owed[0, :, 0]


def test_two_halves_of_a_tenant_get_together_what_it_would_get():
    """L4: where compute falls short of what is due, tenants are served by what is due to each."""
    whole, halves = handed_over([2.0, 1.0]), handed_over([1.0, 1.0, 1.0])
    assert whole.sum() == pytest.approx(0.2)
    assert whole[0] == pytest.approx(2.0 * whole[1])
    np.testing.assert_allclose(halves, whole[1])
