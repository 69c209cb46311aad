"""Capital that answers: learning, discovery, scarcity, lenders outside, matching and values, worked by hand."""

from types import SimpleNamespace

import numpy as np
import pytest

import aimarket
from aimarket.agents.rules.credit import (
    after_discovery,
    after_scarcity,
    class_weights,
    openness,
    premium,
    supply,
    within_means,
)
from aimarket.agents.rules.matching import answer, news_of, of_others, overlap
from aimarket.agents.rules.valuing import (
    believed_margin,
    believed_sales,
    discounted_profits,
    next_round,
    sales_ahead,
    wanted_outside,
)
from aimarket.model.markets.capital import raise_capital
from aimarket.model.markets.planning import publish

LEARNING = 0.30
TERMS = SimpleNamespace(growth_fade=0.12, believed_size=3000.0, long_growth=0.03)
ONE = np.ones(1)


def test_half_of_a_firms_debt_is_bonds_at_a_risk_of_one_and_a_fifth_percent():
    np.testing.assert_allclose(class_weights(np.array([0.012, 0.016]))[0], [0.5, 1.0 / (1.0 + np.exp(2.0))])


def test_learning_takes_coreweaves_premium_from_962_to_623():
    """R13: (9.8/2.3)^-.3 = .6474: 9.62 points become 6.23; observed were 6.25."""
    worn = (9.8 / 2.3) ** -LEARNING
    assert worn == pytest.approx(0.6474, abs=1e-4)
    assert premium(0.0, 0.0962, 9.8 / 2.3, LEARNING, 0.0) == pytest.approx(0.0623, abs=5e-5)


def test_a_deal_of_35_on_120_takes_15_basis_points_off():
    """R13: (155/120)^-.3 = .9261: of 2.0 points that can be learnt 14.8 basis points go."""
    before, after = (premium(0.02, 0.02, known, LEARNING, 0.01) for known in (1.0, 155.0 / 120.0))
    assert before - after == pytest.approx(14.8e-4, abs=5e-6)


def test_more_experience_never_raises_a_premium():
    """L8: whatever is learnt, however fast."""
    known = np.linspace(0.2, 5.0, 40)
    for learning in (0.0, 0.3, 0.6):
        assert (np.diff(premium(0.02, 0.02, known, learning, 0.01)) <= 0.0).all()


def test_a_deal_two_points_wide_raises_what_can_be_learnt_and_a_tight_one_lowers_it_to_nothing_at_most():
    """35 bn two points over quotes on 120: .5 x 35/155 x .02 = 22.6 basis points; 10 points under takes all."""
    wide = after_discovery(0.02, 120.0, 35.0, 35.0 * 0.02, 0.5)
    assert wide - 0.02 == pytest.approx(0.5 * 35.0 / 155.0 * 0.02)
    assert after_discovery(0.002, 120.0, 35.0, -35.0 * 0.10, 0.5) == 0.0
    assert after_discovery(0.02, 120.0, 0.0, 0.0, 0.5) == 0.02


@pytest.mark.parametrize(
    ("asked", "could", "factor"),
    [(12.1, 10.0, 1.1), (40.0, 10.0, 1.25), (5.0, 10.0, 0.8), (0.0, 10.0, 1.0), (9.0, 0.0, 1.25)],
)
def test_scarcity_follows_what_is_asked_over_what_could_be_placed(asked, could, factor):
    """(asked/could)^.5, held between .8 and 1.25; nothing asked leaves it."""
    assert after_scarcity(0.01 * ONE, asked * ONE, could * ONE, 0.5) == pytest.approx(0.01 * factor)


def test_scarcity_stays_within_its_bounds():
    assert after_scarcity(0.095 * ONE, 40.0 * ONE, ONE, 0.5) == pytest.approx(0.10)
    assert after_scarcity(0.0005 * ONE, ONE, 40.0 * ONE, 0.5) == pytest.approx(0.0005)


def test_lenders_outside_open_with_the_yield_over_their_reservation():
    """Bonds: nothing at .6 points, .36 at 1.4 (a sound firm's), .9 from 2.6 points on."""
    rates = 0.04 + np.array([0.006, 0.014, 0.026, 0.2])
    np.testing.assert_allclose(openness(0.9, rates, 0.046, 0.02), [0.0, 0.36, 0.9, 0.9], atol=1e-12)


def test_lenders_outside_never_lend_more_than_they_have():
    """Of 40 open they take 40/(1 + 40/20) = 13.3 of 20, and 13.3/2 ... of ever more at most 20."""
    asked = np.array([0.0, 40.0, 1e6])
    lent = asked * within_means(asked, 0.0, 20.0)
    np.testing.assert_allclose(lent, [0.0, 40.0 / 3.0, 20.0], rtol=1e-4)
    assert (asked * within_means(asked, 30.0, 20.0) <= lent).all()


def test_money_outside_grows_with_its_yield_and_is_finite():
    """At the reservation and one depth the flow itself; e times as much one depth higher; e^3 at most."""
    rates = 0.07 + 0.03 * np.array([1.0, 2.0, 50.0])
    np.testing.assert_allclose(supply(20.0, rates, 0.07, 0.03), 20.0 * np.exp([0.0, 1.0, 3.0]))


def worth(growth, terms):
    """What a lab is worth that sells 5 bn a quarter at a margin of .30, 12 % being required."""
    return discounted_profits(sales_ahead(5.0, growth, terms), 0.30, 0.12, terms)


def test_a_lab_is_worth_its_discounted_profits():
    """R21: 5 bn a quarter, growth .30, 12 % required, 3 % for good, margin .30: 344.0 bn; 237.9 at growth .25."""
    assert worth(0.30, TERMS) == pytest.approx(344.0, abs=0.05)
    assert worth(0.25, TERMS) == pytest.approx(237.9, abs=0.05)


def test_without_a_believed_size_growth_counts_in_full():
    """R21: 355.3 and 243.2 bn."""
    boundless = SimpleNamespace(**vars(TERMS) | {"believed_size": 1e9})
    assert worth(0.30, boundless) == pytest.approx(355.3, abs=0.05)
    assert worth(0.25, boundless) == pytest.approx(243.2, abs=0.05)


def test_owners_believe_in_a_labs_own_sales_or_its_chance_whichever_is_more():
    """Of 100 bn that all labs will sell, a fifth of their compute stands for 20; who sells 80 with less goes by 80."""
    ahead, compute = np.array([[80.0], [19.0], [1.0]]), np.array([[3.0], [1.0], [1.0]])
    assert believed_sales(ahead, compute, 1.0)[:, 0].tolist() == [80.0, 20.0, 20.0]
    assert believed_sales(ahead, compute, 0.5)[:, 0].tolist() == [80.0, 19.0, 10.0]
    assert believed_sales(ahead, compute, 0.0).tolist() == ahead.tolist()
    assert believed_sales(0.0 * ahead, 0.0 * compute, 1.0).tolist() == [[0.0]] * 3


def test_a_lab_that_owners_believe_to_lose_is_worth_nothing():
    """No floor: losses year after year take the believed margin below nothing."""
    margin = 0.30 * ONE
    for _ in range(60):
        margin = believed_margin(margin, -3.0 * ONE, ONE)
    assert margin[0] < 0.0
    assert discounted_profits(200.0, margin[0], 0.12, TERMS) == 0.0
    assert believed_margin(0.3 * ONE, ONE * 0.0, ONE * 0.0) == 0.3


def test_rounds_follow_values_and_buyers_outside_want_what_has_risen():
    """v' = v (2)^.3; after a doubling they expect ln 2 / 5 more a year and want .2 x 100 x cap(.1386, .15) = 9.05."""
    assert next_round(100.0 * ONE, 200.0 * ONE) == pytest.approx(100.0 * 2.0**0.3)
    assert next_round(0.0 * ONE, 7.0 * ONE) == pytest.approx(7.0)
    expected = 20.0 * 0.15 * (1.0 - np.exp(-np.log(2.0) / 5.0 / 0.15))
    assert wanted_outside(100.0 * ONE, 200.0 * ONE, 0.2) == pytest.approx(expected)
    assert wanted_outside(100.0 * ONE, 60.0 * ONE, 0.2) == 0.0


def test_two_labs_that_match_each_other_multiply_an_announcement_by_105():
    """R15: overlap .5, match .1: answers to answers add to 1/(1 - .05) = 1.0526."""
    weights = 0.5 * of_others(np.ones((2, 1)))
    announced, news = np.zeros((2, 1)), np.array([[1.0], [0.0]])
    for _ in range(60):
        announced = news[:1] * np.array([[1.0], [1.0]]) + answer(0.1 * np.ones((2, 1)), weights, announced)
    assert announced[:, 0] == pytest.approx([1.0 / (1.0 - 0.05)] * 2)


def test_parts_of_others_announcements_do_not_see_a_split():
    """A rival in two halves is heard as one; a firm never hears itself."""
    whole = of_others(np.array([[2.0], [3.0], [1.0]]))[0, :, 0]
    split = of_others(np.array([[2.0], [1.5], [1.5], [1.0]]))[0, :, 0]
    assert whole[0] == 0.0
    assert split[1] + split[2] == pytest.approx(whole[1])
    assert whole.sum() == pytest.approx(1.0)


def test_labs_overlap_by_the_cosine_of_their_segments():
    shares = np.array([[[0.6], [0.0]], [[0.0], [0.2]], [[0.3], [0.3]]])
    np.testing.assert_allclose(overlap(shares)[0, :, 0], [1.0, 0.0, np.sqrt(0.5)], atol=1e-9)
    assert news_of(np.array([2.0]), np.array([1.0])) == pytest.approx(np.log(2.0))


AMOUNT = 35.0


def others_loans(deal, short, called_part, open_private):
    """Loans to everybody but the recipient in the deal's quarter, where all others ask for a lot or for hardly any."""
    case = aimarket.load_scenario("deal_35bn").with_deal(draw=[1.0]) if deal else aimarket.load_scenario("baseline")
    values = {"called_part": called_part, "open_private": open_private, "deployment": 0.4, "debt_mandate": 1.0}
    model = aimarket.MarketModel(case, rng=7, parameters=values | {"concentration": 0.5, "ready_cash_share": 0.9})
    model.managers.commit(cash=np.full_like(model.managers.cash, 100.0), opening_cash=np.full((6, 1), 100.0))
    publish(model)
    for firms in model.borrowers:
        nothing = np.zeros(firms.cash.shape)
        firms.commit(debt_request=nothing + (50.0 if short else 0.1), equity_request=nothing)
    recipient = model.labs.names.index("Anthropic")
    request = model.labs.debt_request.copy()
    request[recipient] = 0.0
    model.labs.commit(debt_request=request)
    model.facilities.commit(age=np.zeros_like(model.facilities.age)) if deal else None
    publish(model)
    raise_capital(model)
    return sum(f.debt_raised.sum() for f in model.borrowers) - model.labs.debt_raised[recipient].sum()


@pytest.mark.parametrize(
    ("called_part", "open_private", "expected"),
    [(0.0, 0.0, -1.0), (0.5, 0.5, -0.25), (1.0, 0.2, 0.0), (0.0, 0.5, -0.5)],
)
def test_a_deal_crowds_out_in_its_quarter_by_what_it_takes_off_short_purses(called_part, open_private, expected):
    """R14: others' loans per dollar are -(1 - called_part)(1 - open_1) where purses are short; k = 1: nothing (L7)."""
    lent = [others_loans(deal, True, called_part, open_private) for deal in (True, False)]
    assert (lent[0] - lent[1]) / AMOUNT == pytest.approx(expected, abs=1e-9)


def test_a_deal_crowds_out_nobody_where_purses_are_slack():
    """R14: nothing, whatever is called."""
    lent = [others_loans(deal, False, 0.0, 0.0) for deal in (True, False)]
    assert lent[0] == pytest.approx(lent[1], abs=1e-9)


def test_what_is_called_for_a_deal_goes_back_to_savers_as_it_pays():
    """All of a deal called, none outside: interest and repayments of its loan leave managers in the same quarter."""
    values = {"called_part": 1.0, "open_private": 0.0}
    case = aimarket.load_scenario("deal_35bn").with_deal(draw=[1.0], rate=0.10, term=10)
    model = aimarket.MarketModel(case, rng=7, parameters=values, strict=True)
    for _ in range(3):
        model.step()
    back = -sum(
        entry.change for entry in model.ledger.changes("asset_managers", "cash") if entry.cause == "capital_returned"
    )
    assert back.sum() == pytest.approx(AMOUNT / 10.0 + 0.10 / 4.0 * AMOUNT, rel=1e-9)
