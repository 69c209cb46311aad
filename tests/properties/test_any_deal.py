"""Whatever a deal is made of, the books hold and every dollar of it has one place by use and one by claim."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import aimarket
from aimarket.model.dates import quarter_number
from aimarket.model.deals.deal import OUTSIDE, Condition, Deal, Tranche, deal_of
from aimarket.model.deals.earmarks import USES
from aimarket.model.deals.terms import ASSETS
from aimarket.model.scenarios.deal_reader import read_deal
from aimarket.model.scenarios.scenario import load_scenario, parse_scenario
from aimarket.model.scenarios.scenario_writer import scenario_toml
from aimarket.model.scenarios.toml_reader import Place
from aimarket.server.url.deal_codec import read_terms, terms_text

LABS = ("OpenAI", "Anthropic", "Google DeepMind", "Meta", "xAI")
CLOUDS = ("Amazon", "Alphabet", "Oracle", "Neoclouds")
MANAGERS = ("Apollo", "BlackRock", "Blackstone", "Venture capital")
VENDORS = ("NVIDIA", "Broadcom and Google TPU", "AMD and AWS Trainium")
FIRST = quarter_number("2026Q1")


@st.composite
def parts(draw, names, *, whole=True, most=3):
    """Parts of some names, which add to one if whole."""
    chosen = draw(st.lists(st.sampled_from(names), min_size=1, max_size=most, unique=True))
    weights = [draw(st.integers(1, 9)) for _ in chosen]
    rest = 0 if whole else draw(st.integers(0, 9))
    return {name: weight / (sum(weights) + rest) for name, weight in zip(chosen, weights, strict=True)}


@st.composite
def tranches(draw):
    weights = draw(st.lists(st.integers(1, 9), min_size=1, max_size=4))
    return tuple(
        Tranche(f"T{place}", weight / sum(weights), draw(st.integers(0, 15)) / 100, draw(st.integers(1, 3)))
        for place, weight in enumerate(weights)
    )


@st.composite
def leases(draw):
    asset, notes = draw(st.sampled_from(ASSETS)), draw(tranches())
    terms = {"asset": asset, "term": draw(st.integers(1, 30)), "tranches": notes}
    if asset == "chips":
        terms["supplier"] = draw(st.sampled_from(VENDORS))
    if draw(st.booleans()):
        terms["guarantor"] = draw(st.sampled_from((*VENDORS, *LABS)))
        terms["guarantee"] = float(draw(st.integers(1, 60)))
        terms["tranches"] = (replace(notes[0], guaranteed=True), *notes[1:])
    return terms


def uses_of(recipients):
    """Return the uses that money for all of some recipients may be bound to: a cloud rents nothing."""
    of_clouds = {"Google DeepMind", *CLOUDS} & set(recipients)
    parents = {"Google DeepMind", "Alphabet"} >= of_clouds
    return tuple(use for use in USES if not of_clouds or use not in ("rent", *(() if parents else ("research",))))


@st.composite
def deals(draw):
    """Any deal that a scenario file could hold."""
    recipients = draw(parts((*LABS, *CLOUDS)))
    instrument = draw(st.sampled_from(("loan", "equity", "vendor", "lease")))
    terms = draw(leases()) if instrument == "lease" else {}
    if instrument in ("loan", "equity"):
        terms["earmark"] = draw(parts(uses_of(recipients), whole=False, most=4))
    if instrument == "loan":
        terms["rate"] = draw(st.none() | st.integers(0, 25).map(lambda rate: rate / 100))
        terms["term"] = draw(st.none() | st.integers(1, 30))
    givers = (*MANAGERS, *VENDORS, OUTSIDE) if instrument == "equity" else MANAGERS
    if instrument != "vendor":
        terms |= {"funders": draw(parts(givers)), "syndicated": draw(st.sampled_from((0.0, 0.5, 1.0)))}
    if draw(st.booleans()):
        terms |= {"covenant": draw(st.sampled_from((0.5, 1.1, 9.0))), "grace": draw(st.integers(1, 3))}
    if draw(st.booleans()):
        terms["condition"] = Condition("ai_revenue", above=float(draw(st.integers(10, 60))))
    count = draw(st.integers(1, 5))
    return Deal(
        "any deal",
        FIRST + draw(st.integers(0, 3)),
        float(draw(st.integers(0, 200))),
        instrument,
        recipients,
        draw=(1.0 / count,) * count,
        why="any",
        **terms,
    )


@settings(max_examples=16, deadline=None)
@given(deals(), st.sampled_from(("baseline", "bust")))
def test_the_books_hold_and_every_dollar_has_a_place(deal, scenario):
    case = replace(load_scenario(scenario), deals=(deal,))
    model = aimarket.MarketModel(case, rng=3, replicates=2, record=("money_trail",), strict=True)
    for _ in range(18):
        model.step()
    trail = model.history.to_frame("money_trail")
    for side in ("uses", "claims"):
        sums = trail[trail["side"] == side].groupby(["replicate", "quarter"])["amount"].sum()
        np.testing.assert_allclose(sums, deal.amount, rtol=1e-9, atol=1e-9)


@given(deals())
def test_a_deal_comes_back_from_plain_values_a_file_and_a_link(deal):
    plain = deal.describe()
    assert deal_of(plain) == deal
    text = scenario_toml(replace(load_scenario("baseline"), deals=(deal,)))
    assert parse_scenario(text, "any", "any").deals == (deal,)
    terms = terms_text(deal)
    table = {"date": plain["start"], "amount": deal.amount, "instrument": deal.instrument, "name": deal.name}
    table |= {name: dict(getattr(deal, name)) for name in ("recipients", "funders", "earmark")}
    table |= {"draw": list(deal.draw), "why": deal.why, **(read_terms(terms) if terms else {})}
    assert read_deal(Place("link"), table) == deal
