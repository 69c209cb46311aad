"""A cloud takes a deal as a lab does: its books hold, its dollars have places, and it has no use for some of them."""

import re
from dataclasses import replace

import numpy as np
import pytest

import aimarket
from aimarket import Deal, MarketModel, load_scenario
from aimarket.agents.state.arrays import total
from aimarket.experiments.comparison.comparison import evidence_of
from aimarket.model.deals.deal import ScenarioError
from aimarket.model.deals.earmarks import USES
from aimarket.model.quarter import QUARTER
from aimarket.server.presenters import contracts, deal_form, money_trail
from aimarket.server.sessions.twin_run import TwinRun
from aimarket.server.url.deal_codec import deal_of, deal_text, read_deal

from .worlds import ruin

CLOUD = "Neoclouds"
FUNDERS = {"Apollo": 0.5, "BlackRock": 0.5}
FORMS = {
    "loan": {"funders": FUNDERS, "earmark": {"chips": 0.5, "clusters": 0.2, "halls": 0.3}},
    "loan on its own terms": {"funders": FUNDERS, "rate": 0.11, "term": 6, "covenant": 1.2},
    "equity": {"instrument": "equity", "funders": {"Apollo": 0.5, "NVIDIA": 0.3, "outside": 0.2}},
    "vendor credit": {"instrument": "vendor"},
    "lease of chips": {"instrument": "lease", "funders": FUNDERS, "supplier": "NVIDIA"},
    "lease of halls": {"instrument": "lease", "funders": FUNDERS, "asset": "halls"},
    "lease of old halls": {"instrument": "lease", "funders": FUNDERS, "asset": "existing halls"},
}
"""Everything that a deal can be."""


def with_deal(amount=35.0, recipients=None, **terms):
    """The baseline with a deal, for neoclouds where nobody else is named."""
    deal = Deal("a deal", "2026Q2", amount, recipients=recipients or {CLOUD: 1.0}, draw=(0.5, 0.5), **terms)
    return load_scenario("baseline").with_deal(deal)


def stepped(case, quarters=12, **options):
    model = MarketModel(case, rng=7, replicates=2, strict=True, **options)
    for _ in range(quarters):
        model.step()
    return model


def columns(model):
    """Every column of firms in the order in which a model without a deal has them, vehicles left out."""
    tables = [*model.borrowers, model.managers, model.economy]
    leased = range(model.leases.customers.start, model.leases.customers.stop)
    return {
        (table.title, name): np.delete(values, leased, axis=1) if item.over == "customers" else values
        for table in tables
        for (name, values), item in zip(table.columns.items(), table.declared.values(), strict=True)
    }


@pytest.fixture(scope="module")
def baseline():
    return stepped("baseline")


@pytest.mark.parametrize("form", FORMS)
def test_a_deal_of_nothing_for_a_cloud_is_no_deal(form, baseline):
    nothing, none = columns(stepped(with_deal(0.0, **FORMS[form]))), columns(baseline)
    assert [name for name, values in nothing.items() if values.tobytes() != none[name].tobytes()] == []


@pytest.mark.parametrize("form", FORMS)
def test_a_cloud_builds_with_what_a_deal_gives_it_and_every_dollar_has_a_place(form, baseline):
    """Identities hold strictly; by use and by claim the places add to the amount."""
    model = stepped(with_deal(**FORMS[form]), record=("money_trail",))
    row = model.clouds.names.index(CLOUD)
    more = (model.clouds.all.compute + model.clouds.halls) - (baseline.clouds.all.compute + baseline.clouds.halls)
    assert (more[row] > 0.0).all()
    assert (model.facilities.drawn > 30.0).all()
    trail = model.history.to_frame("money_trail")
    for side in ("uses", "claims"):
        sums = trail[trail["side"] == side].groupby(["replicate", "quarter"])["amount"].sum()
        np.testing.assert_allclose(sums, 35.0, rtol=1e-9)


def test_money_bound_to_chips_and_halls_of_a_cloud_is_spent_on_them():
    model = stepped(with_deal(**FORMS["loan"]))
    spent = dict(zip(USES, model.clouds.restricted_spent[model.clouds.names.index(CLOUD)], strict=True))
    paid = model.facilities.spent[0]
    for use, payees in (("chips", "vendors"), ("clusters", "clusters"), ("halls", "halls")):
        assert (spent[use] > 0.9 * 35.0 * FORMS["loan"]["earmark"][use]).all()
        np.testing.assert_allclose(total(paid[getattr(model.payees, payees)]), spent[use], rtol=1e-9)


@pytest.mark.parametrize("form", FORMS)
def test_the_books_hold_where_a_cloud_fails_with_a_deal(form):
    """Who takes it over gets its fleet without what vehicles own; what it owes on the deal is paid or lost."""
    model = stepped(with_deal(**FORMS[form]), 4)
    row = model.clouds.names.index(CLOUD)
    for phase in QUARTER:
        if phase.code == "P13":
            ruin(model, model.clouds, row)
        phase.run(model)
    assert model.clouds.gone[row].all()
    for column in ("loans", "vendor_finance", "vendor_shares", "restricted_cash", "leased_fleet"):
        assert not model.clouds.columns[column][row].any()
    assert not model.facilities.line.any()
    assert (total(model.facilities.lost) + total(model.facilities.repaid) > 0.0).all()


def test_a_covenant_stops_the_draws_and_half_the_orders_of_a_cloud():
    terms = {"funders": FUNDERS, "covenant": 10.0, "grace": 1}
    model = stepped(replace(with_deal(**terms), deals=(replace(with_deal(**terms).deals[0], draw=(0.1,) * 10),)), 5)
    assert (model.facilities.drawn < 35.0 * 0.45).all()
    assert model.facilities.blocked.all()


def test_a_deal_for_a_housed_lab_is_its_parents():
    """Google DeepMind's is Alphabet's to the last bit, but for the name."""
    terms = {"funders": FUNDERS, "earmark": {"chips": 0.4, "halls": 0.3, "research": 0.2}}
    lab, parent = (stepped(with_deal(recipients={name: 1.0}, **terms), 6) for name in ("Google DeepMind", "Alphabet"))
    theirs = columns(parent)
    assert [name for name, values in columns(lab).items() if values.tobytes() != theirs[name].tobytes()] == []
    alphabet, deepmind = lab.clouds.names.index("Alphabet"), lab.labs.names.index("Google DeepMind")
    assert (lab.clouds.restricted_received[alphabet].sum(0) > 30.0).all()
    assert not lab.labs.restricted_received.any()
    assert not lab.labs.fleet[deepmind].any()


def test_a_parents_money_for_research_pays_its_labs_researchers(baseline):
    model = stepped(with_deal(recipients={"Google DeepMind": 1.0}, funders=FUNDERS, earmark={"research": 1.0}))
    lab, parent = model.labs.names.index("Google DeepMind"), model.clouds.names.index("Alphabet")
    assert (model.labs.research_labour[lab] > baseline.labs.research_labour[lab]).all()
    spent = model.clouds.restricted_spent[parent, USES.index("research")]
    np.testing.assert_allclose(total(model.facilities.spent[0][model.payees.outside]), spent, rtol=1e-9)
    assert (spent > 10.0).all()


REFUSED = {
    "a cloud rents nothing": (
        {"recipients": {"Oracle": 1.0}, "earmark": {"rent": 0.5}},
        "Oracle rents no compute: bind the money to clusters, chips or halls, not to rent",
    ),
    "nor does a parent": (
        {"recipients": {"Google DeepMind": 1.0}, "earmark": {"rent": 0.5}},
        "a deal for Google DeepMind is its parent's, and Alphabet rents no compute",
    ),
    "no lab, no researchers": (
        {"recipients": {"xAI": 0.5, "Oracle": 0.5}, "earmark": {"research": 0.5}},
        "Oracle has no lab to pay researchers for: bind the money to clusters, chips or halls, not to research",
    ),
    "dormant": ({"recipients": {"Cloud entrant": 1.0}}, "Cloud entrant is not in business and cannot take a deal"),
    "unknown": ({"recipients": {"Oracel": 1.0}}, "did you mean 'Oracle'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_cloud_may_not_do_is_refused_in_a_line_with_the_remedy(case):
    terms, output = REFUSED[case]
    with pytest.raises(ScenarioError, match=re.escape(output)) as error:
        MarketModel(with_deal(funders=FUNDERS, **terms))
    assert "\n" not in str(error.value)


def test_the_composer_offers_clouds_and_the_link_tells_their_deal():
    offered = [name for name, _ in deal_form.choices()["recipients"]]
    assert {"Anthropic", "Amazon", CLOUD} <= set(offered)
    assert "Cloud entrant" not in offered
    output = {"amount": 20.0, "date": "2026Q3", "instrument": "loan", "recipients": {CLOUD: 1.0},
            "funders": {"Apollo": 1.0}, "earmark": {"halls": 0.5}, "draw": [1.0]}  # fmt: skip
    deal = deal_of(output)
    assert read_deal(deal_text(deal)) == deal
    with pytest.raises(ValueError, match="rents no compute"):
        deal_of(output | {"earmark": {"rent": 1.0}})


def test_pages_show_where_a_clouds_dollars_are():
    run = TwinRun(with_deal(recipients={CLOUD: 0.5, "Google DeepMind": 0.5}, **FORMS["loan"]))
    run.reach(4)
    now = money_trail.trail(run, 4)
    assert now.missing == pytest.approx(0.0, abs=1e-9)
    assert now.received.sum() == pytest.approx(35.0)
    assert [row[0] for row in money_trail.frame(run, 4)["labs"]] == [CLOUD, "Alphabet"]
    row = run.firms["clouds"].index(CLOUD)
    bound = [line for line in contracts.contracts(run, "clouds", row, run.at(4).own) if line[0] == "The deal"]
    assert bound, "the panel of the cloud does not show the deal's money"


def test_claims_are_about_labs_and_a_deal_for_a_cloud_has_no_claim():
    case = with_deal(funders=FUNDERS)
    assert aimarket.compare(case, replicates=2, quarters=4, runs=()).subject is None
    with pytest.raises(ScenarioError, match="holds no deal for a lab"):
        evidence_of(case, "baseline", ("treated",), replicates=2, quarters=4)
