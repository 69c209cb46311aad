"""A deal changes nothing before it is made, nothing when it is worth nothing, and pays for nothing but its uses."""

from dataclasses import replace

import numpy as np
import pytest

import aimarket
from aimarket.model.dates import quarter_number
from aimarket.model.deals.earmarks import USES

ROW = 1
"""The recipient's."""

PAID_FOR = {"clusters": ("clusters",), "chips": ("chips", "prepayments"), "halls": ("halls",)}
"""Rows of the flow matrix that each use may pay for."""


def with_deal(**changes):
    """The 35 bn scenario with another deal."""
    return aimarket.load_scenario("deal_35bn").with_deal(**changes)


def stepped(scenario, quarters, **options):
    model = aimarket.MarketModel(scenario, rng=5, replicates=3, **options)
    for _ in range(quarters):
        model.step()
    return model


def differences(one, other):
    """Names of the columns that differ in any bit."""
    tables = zip([*one.populations, one.economy], [*other.populations, other.economy], strict=True)
    return [
        f"{mine.title}.{name}"
        for mine, theirs in tables
        for name in mine.columns
        if mine.columns[name].tobytes() != theirs.columns[name].tobytes()
    ]


@pytest.mark.parametrize("effect", [0.0, 0.6])
@pytest.mark.parametrize("instrument", ["loan", "equity", "vendor"])
def test_a_deal_of_nothing_is_no_deal(instrument, effect):
    """T22: with amount 0 all columns are those of the baseline, bit for bit, announced or not."""
    news = {"announcement_effect": effect}
    nothing = stepped(with_deal(amount=0.0, instrument=instrument), 16, parameters=news)
    assert differences(nothing, stepped("baseline", 16, parameters=news)) == []


def test_a_lease_of_nothing_is_no_deal():
    """T22: a vehicle that may draw nothing leaves every other table as it is, bit for bit."""
    lease = aimarket.load_scenario("deal_reported")
    nothing = replace(lease, deals=(replace(lease.deals[0], amount=0.0),))
    one, other = stepped(nothing, 16), stepped("baseline", 16)
    tables = zip(
        [*one.borrowers, one.managers, one.economy], [*other.borrowers, other.managers, other.economy], strict=True
    )
    for mine, theirs in tables:
        for name, item in mine.declared.items():
            values = mine.columns[name]
            if item.over == "customers":
                values = np.delete(values, one.leases.customers, axis=1)
            assert values.tobytes() == theirs.columns[name].tobytes(), f"{mine.title}.{name}"


def test_a_deal_scaled_to_nothing_is_no_deal():
    """T22: the factor on every deal's amount leaves nothing of it at 0."""
    assert differences(stepped("deal_35bn", 16, parameters={"deal_scale": 0.0}), stepped("baseline", 16)) == []


@pytest.mark.parametrize("effect", [0.0, 0.6])
def test_a_later_deal_changes_nothing_before(effect):
    """T22: a deal in 2028Q3, the eleventh quarter, is bit-identical to no deal for ten quarters, not for eleven."""
    later, news = with_deal(start=quarter_number("2028Q3")), {"announcement_effect": effect}
    deal, none = (stepped(scenario, 10, parameters=news) for scenario in (later, "baseline"))
    assert deal.date == "2028Q3"
    assert differences(deal, none) == []
    deal.step()
    none.step()
    assert "AILab.restricted_cash" in differences(deal, none)


@pytest.mark.parametrize("scale", [1.0, 8.0])
def test_each_use_is_paid_from_its_own_account_first(scale):
    """T25: in every quarter an account shrinks by what was paid for its use, as far as it reaches, and by no more.

    A deal of 280 bn leaves accounts that one quarter's payments do not empty.
    """
    model = aimarket.MarketModel("deal_35bn", rng=5, replicates=4, strict=True, parameters={"deal_scale": scale})
    for _ in range(24):
        before = [getattr(model.labs, f"restricted_{name}") for name in ("cash", "received", "spent")]
        model.step()
        bound, received, spent = before
        available = bound + model.labs.restricted_received - received
        for use in ("clusters", "chips", "halls"):
            place = USES.index(use)
            paid = np.minimum(available[:, place], payments(model, PAID_FOR[use]))
            np.testing.assert_allclose((model.labs.restricted_spent - spent)[:, place], paid, rtol=1e-9, atol=1e-9)
    assert (model.labs.restricted_spent[ROW].sum(0) > 30.0).all()


def test_earmarked_pay_is_drawn_at_its_own_pace():
    """T25: .12 of the account is spent on research in a quarter, on top of what the lab pays anyway."""
    model = stepped("deal_35bn", 3)
    before = model.labs.restricted_cash[ROW, USES.index("research")]
    spent = model.labs.restricted_spent[ROW, USES.index("research")]
    model.step()
    now = model.labs.restricted_spent[ROW, USES.index("research")]
    np.testing.assert_allclose(now - spent, 0.12 * before, rtol=1e-12)
    assert (before > 0.5).all()


def payments(model, rows):
    """What each lab paid in some rows of the flow matrix this quarter, USD bn, shape (labs, R)."""
    return -sum(entry.change for entry in model.ledger.changes("ai_labs", "cash") if entry.cause in rows)


@pytest.mark.parametrize("use", USES)
def test_money_for_one_use_touches_no_other(use):
    """T25: a deal all of which is for one use moves that use's account only."""
    model = stepped(with_deal(earmark={use: 1.0}), 16)
    others = [place for place, name in enumerate(USES) if name != use]
    labs = model.labs
    assert (labs.restricted_spent[ROW, USES.index(use)] > 0.0).all()
    for column in (labs.restricted_received, labs.restricted_cash, labs.restricted_spent):
        assert not column[:, others].any()


def test_every_dollar_of_the_deal_is_explained():
    """T25: 35 bn received is bound, spent, released on default or in breach, to 1e-9 (I12)."""
    labs = stepped("deal_35bn", 30).labs
    received, bound, spent, released = (
        getattr(labs, f"restricted_{name}")[ROW].sum(0) for name in ("received", "cash", "spent", "released")
    )
    np.testing.assert_allclose(received, 35.0, rtol=1e-12)
    np.testing.assert_allclose(bound + spent + released + labs.breach[ROW], received, rtol=1e-9)


def test_the_deal_of_the_news_item_breaks_no_promise():
    """T25: no earmarked money is used off its purpose in 30 quarters of deal_35bn."""
    assert stepped("deal_35bn", 30).labs.breach.max() < 1e-12
