"""What happens in one replicate changes no bit of another, whatever is in the batch with it."""

import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import aimarket
from aimarket.model.deals.deal import Condition, Deal
from aimarket.model.markets.capital import raise_capital
from aimarket.model.records import money_trail
from aimarket.model.scenarios.scenario import load_scenario

from ..laws.drawn import examples
from .test_any_deal import FIRST, deals

QUARTERS, SIZE = 12, 6
CROWD = 200
RULES = ("aimarket.model.", "aimarket.agents.rules.")
GUARDED = tuple(m for name, m in sys.modules.items() if name.startswith(RULES) and "anywhere" in vars(m))
"""The modules with guards that only save work."""
CONDITIONS = (
    Condition("lead_changes", above=0.5),
    Condition("sentiment", above=0.1),
    Condition("chip_lead_time", above=2.0),
    Condition("defaults", above=0.5),
    Condition("ai_revenue", above=30.0),
    Condition("sentiment", below=0.05),
)


@st.composite
def worlds(draw):
    """A scenario with deals of which each begins when something happens, and parameters."""
    found = draw(st.lists(deals(), min_size=1, max_size=3))
    waiting = [
        replace(deal, name=f"deal {n}", condition=draw(st.sampled_from(CONDITIONS))) for n, deal in enumerate(found)
    ]
    case = load_scenario(draw(st.sampled_from(("baseline", "bust", "vendor_loop"))))
    return replace(case, deals=tuple(waiting)), {"lab_entry_hazard": draw(st.sampled_from((0.0, 0.1)))}


def bits(values, replicate):
    """Return the bits of one replicate; the sign of a zero, which no sum can see, is not among them."""
    return (values[..., replicate] + 0.0).tobytes()


def state_of(model, replicate):
    """Return all that a model holds of one replicate as bits: tables, residuals of identities, and its last quarter."""
    tables = {**model.ledger.tables, "facilities": model.facilities}
    found = {f"{title}.{name}": bits(v, replicate) for title, t in tables.items() for name, v in t.columns.items()}
    found |= {f"identity {name}": bits(values, replicate) for name, values in model.residuals.items()}
    for kind, rows in model.history.kept.items():
        found |= {f"{kind}: {name}": bits(v, replicate) for name, v in rows[-1].items() if v[..., replicate].any()}
    return found


def differences(one, other):
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def assert_the_same_in_two_batches(case, seed, cut, **more):
    """Run six replicates in one batch and in two, and compare everything after every quarter."""
    whole = aimarket.MarketModel(case, rng=seed, replicates=SIZE, **more)
    parts = [aimarket.MarketModel(case, rng=seed, replicate=range(*ends), **more) for ends in ((0, cut), (cut, SIZE))]
    for _ in range(QUARTERS):
        for model in (whole, *parts):
            model.step()
        for number in range(SIZE):
            part = parts[number >= cut]
            assert differences(state_of(whole, number), state_of(part, part.chance.replicates.index(number))) == []


@examples(4, side_by_side=SIZE)
@given(worlds(), st.integers(0, 99), st.integers(1, SIZE - 1))
def test_a_replicate_has_the_same_bits_in_every_batch(world, seed, cut):
    case, parameters = world
    assert_the_same_in_two_batches(case, seed, cut, parameters=parameters)


def in_quarters(model, *opened):
    """Run a model's quarters, with guards of these modules open from the second one; yield after each."""
    for quarter in range(QUARTERS):
        with pytest.MonkeyPatch.context() as patch:
            for module in opened if quarter else ():
                patch.setattr(module, "anywhere", lambda _: True)
            model.step()
        yield


@examples(6, side_by_side=2)
@given(worlds(), st.integers(0, 99))
def test_what_a_guard_leaves_out_changes_no_bit(world, seed):
    """Every guard that saves work is opened, as others of a batch may open it; in the first quarter nothing was yet."""
    case, parameters = world
    guarded, opened = (aimarket.MarketModel(case, rng=seed, replicates=2, parameters=parameters) for _ in range(2))
    for _ in zip(in_quarters(guarded), in_quarters(opened, *GUARDED), strict=True):
        for number in range(2):
            assert differences(state_of(guarded, number), state_of(opened, number)) == []


def test_a_deal_elsewhere_moves_no_bit_of_an_identity():
    """Where a deal begins in one replicate, the flow matrix has a row more, which the others leave empty."""
    lead = Condition("lead_changes", above=0.5)
    deal = Deal("deal", FIRST, 1.0, "vendor", {"OpenAI": 1.0}, draw=(1.0,), why="any", condition=lead)
    assert_the_same_in_two_batches(replace(load_scenario("baseline"), deals=(deal,)), 0, 1)


def crowd(instrument):
    """Return a model of many replicates whose rates, values and stakes are all different."""
    deal = Deal("deal", FIRST, 35.0, instrument, {"Anthropic": 1.0}, {"Apollo": 1.0}, {}, (1.0,), "any")
    model = aimarket.MarketModel(replace(load_scenario("baseline"), deals=(deal,)), rng=7, replicates=CROWD)
    chance = np.random.default_rng(1)
    for firms in model.borrowers:
        firms.commit(
            interest_rate=chance.uniform(0.02, 0.15, firms.cash.shape),
            value=chance.uniform(1.0, 90.0, firms.cash.shape),
            equity_held=chance.uniform(0.0, 0.1, firms.equity_held.shape),
            debt_request=chance.uniform(0.0, 9.0, firms.cash.shape),
            equity_request=chance.uniform(0.0, 9.0, firms.cash.shape),
        )
    return model


@pytest.mark.parametrize("instrument", ["loan", "equity"])
def test_a_deal_that_one_replicate_draws_moves_no_bit_of_the_others(instrument):
    found = []
    for drawing in (0.0, -1.0):
        model = crowd(instrument)
        age = np.full((1, CROWD), -1.0)
        age[0, 0] = drawing
        model.facilities.commit(age=age)
        raise_capital(model)
        found.append({f"{f.title}.{n}": v for f in model.borrowers for n, v in f.columns.items()})
    assert found[0]["AILab.cash"][1, 0] > found[1]["AILab.cash"][1, 0] + 30.0
    assert [n for n, values in found[0].items() if not np.array_equal(values[..., 1:], found[1][n][..., 1:])] == []


def test_a_covenant_broken_elsewhere_hides_none():
    """Two deals of one recipient break their covenants in the same quarter, each in another replicate."""
    terms = {"covenant": 1.1, "grace": 2}
    both = [
        Deal(f"deal {n}", FIRST, 35.0, "loan", {"xAI": 1.0}, {"Apollo": 1.0}, {}, (1.0,), "any", **terms)
        for n in (1, 2)
    ]
    model = aimarket.MarketModel(replace(load_scenario("baseline"), deals=tuple(both)), replicates=2)
    model.facilities.commit(short=2.0 * np.eye(2), blocked=np.eye(2))
    assert money_trail.happened(model)["covenant|xAI"].tolist() == [1.0, 1.0]
