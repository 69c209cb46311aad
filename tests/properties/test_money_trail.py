"""Whatever a deal is like, every dollar of it has one place."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aimarket.model.deals.earmarks import USES
from aimarket.model.scenarios.scenario import Deal, load_scenario
from aimarket.server.presenters import money_trail
from aimarket.server.sessions.twin_run import TwinRun

QUARTERS = 6


@st.composite
def parts(draw, names, *, whole):
    """Parts of some names; they add to one if whole, else to less."""
    weights = [draw(st.integers(1, 9)) for _ in names]
    rest = 0 if whole else draw(st.integers(0, 9))
    return {name: weight / (sum(weights) + rest) for name, weight in zip(names, weights, strict=True)}


@st.composite
def deals(draw):
    """Deals of any amount, instrument, recipients, uses and schedule, which begin in the first year."""
    instrument = draw(st.sampled_from(["loan", "equity", "vendor"]))
    uses = draw(st.lists(st.sampled_from(USES), unique=True))
    start = load_scenario("deal_35bn").deals[0].start + draw(st.integers(0, 2))
    labs = draw(st.lists(st.sampled_from(["OpenAI", "Anthropic", "xAI"]), min_size=1, unique=True))
    return Deal(
        name="a deal",
        start=start,
        amount=draw(st.floats(0.5, 120.0)),
        instrument=instrument,
        recipients=draw(parts(labs, whole=True)),
        funders={} if instrument == "vendor" else draw(parts(["Apollo", "BlackRock"], whole=True)),
        earmark={} if instrument == "vendor" else draw(parts(uses, whole=False)),
        draw=tuple(draw(parts(range(draw(st.integers(1, 8))), whole=True)).values()),
    )


@settings(max_examples=12, deadline=None)
@given(deal=deals())
def test_every_dollar_of_any_deal_has_one_place(deal):
    run = TwinRun(replace(load_scenario("deal_35bn"), deals=(deal,)))
    run.reach(QUARTERS)
    now = money_trail.trail(run, QUARTERS)
    placed = now.undrawn + now.free + now.waiting.sum() + now.spent.sum() + now.released.sum() + now.strayed
    assert placed == pytest.approx(deal.amount, abs=1e-9)
    assert now.missing == pytest.approx(0.0, abs=1e-9)
    assert min(now.undrawn, now.free, now.waiting.min(), now.spent.min(), now.strayed) >= -1e-9
    funders = money_trail.funders(run, QUARTERS)
    assert sum(drawn for _, _, drawn in funders) == pytest.approx(now.drawn, abs=1e-9)
