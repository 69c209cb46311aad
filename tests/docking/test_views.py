"""A rule is written once: for a firm alone, for a subclass and for all firms of a kind it says the same, to the bit."""

from dataclasses import replace

import numpy as np
import pytest

import aimarket
from aimarket.agents.ai_lab import AILab
from aimarket.agents.state.arrays import total
from aimarket.agents.state.population import decisions
from aimarket.agents.state.quantity import declared
from aimarket.model.parameters import KINDS
from aimarket.model.scenarios.scenario import Change, Scenario

from ..builders import all_different

QUARTERS = 6
MARKET_WIDE = {
    "rate_sensitivity",
    "reference_rate",
    "normal_lead_time",
    "cluster_cost",
    "risk_free_rate",
    "loss_given_default",
    "match",
    "credibility",
    "announcement_memory",
    "premium_sentiment",
    "crunch_spread",
    "longest_wait",
    "lifetime_power_cost",
    "price_performance",
    "lock_in",
    "impatience",
    "order_answer",
    "wait_discount",
    "unprofitable_cancellation",
    "waiting",
    "waiting_horizon",
    "growth_fade",
    "chip_life",
    "hall_life",
    "young_life",
    "old_life",
    "hall_margin",
    "earmark_relief",
    "earmark_pace",
    "plant_operating_cost",
    "tenant_weight",
    "rental_hurdle",
    "base_markup",
    "markup_slope",
    "normal_tightness",
    "markup_concentration",
    "spot_fade",
    "rent_speed",
    "look_ahead",
    "small_premium",
    "own_cost_weight",
    "selectivity",
    "herding",
}
"""Parameters that are terms of the market: one value for all firms."""

DECISIONS = [(kind.group, name) for kind in KINDS for name in decisions(kind)]


def continuous(kind):
    return [item for item in declared(kind) if not item.structural]


def near_default(item, size, chance):
    """Return values of a parameter within two fifths of the way from its default to the ends of its range."""
    return item.default + 0.4 * chance.uniform(item.low - item.default, item.high - item.default, size)


def by_replicate(replicates):
    """Return a value a replicate for every continuous parameter that a kind of firm declares."""
    chance = np.random.default_rng(1)
    return {item.name: near_default(item, replicates, chance) for kind in KINDS for item in continuous(kind)}


def by_firm(start):
    """Return the start with a value a firm for every continuous parameter of a kind that firms may differ in."""
    chance = np.random.default_rng(2)
    for kind in KINDS:
        roster = start.roster[kind.group]
        items = [item for item in continuous(kind) if not item.shared and item.name not in MARKET_WIDE]
        values = {item.name: near_default(item, len(roster), chance).tolist() for item in items}
        units = {**start.units, kind.group: {**start.units[kind.group], **{item.name: item.unit for item in items}}}
        start = replace(start.with_firms(kind.group, roster, **values), units=units)
    return start


FIRST = {"dilution": "OpenAI", "wafer_answer": "NVIDIA", "basic_incentive": "Gas turbines", "deployment": "Apollo"}
CHANGED = Scenario(
    "changed", changes=tuple(Change(name, 8104, None, "multiply", 1.1, (FIRST[name],)) for name in FIRST)
)
"""One firm of a kind has other parameters from the first quarter."""


def world(parameters, replicates):
    """Return a market some quarters old whose kinds all differ in number."""
    start = all_different()
    model = aimarket.MarketModel(
        CHANGED if parameters == "by firm and replicate" else "deal_35bn",
        rng=3,
        replicates=replicates,
        start=by_firm(start) if parameters == "by firm" else start,
        parameters=by_replicate(replicates) if "replicate" in parameters else None,
    )
    for _ in range(QUARTERS):
        model.step()
    return model


@pytest.fixture(scope="module", params=["one value", "by replicate", "by firm", "by firm and replicate"])
def parameters(request):
    return request.param


@pytest.fixture(scope="module", params=[1, 6])
def market(request, parameters):
    return world(parameters, request.param)


def table_of(model, group):
    return model.ledger.tables[group]


def bits(population, name, answer):
    """Return the arrays of an answer as shapes and bytes."""
    return {part: (array.shape, array.tobytes()) for part, array in population.decisions[name].parts(answer).items()}


def row_of(population, name, whole, row):
    """Return one firm's part of the population's answer, in the same form."""
    declaration = population.decisions[name]
    return declaration.whole({part: array[row : row + 1] for part, array in declaration.parts(whole).items()})


def disagreements(model, group, name):
    """Return the firms whose decision alone is not, bit for bit, their part of the population's."""
    population = table_of(model, group)
    whole = population.decide(name, model.signals)
    return [
        firm
        for row, firm in enumerate(population.names)
        if bits(population, name, row_of(population, name, whole, row))
        != bits(
            population,
            name,
            getattr(population.view(population.classes[row], slice(row, row + 1)), name)(model.signals),
        )
    ]


def test_kinds_differ_in_number():
    """Only then can a broadcast along the wrong axis not hide."""
    roster = all_different().roster
    assert len({len(firms) for firms in roster.values()}) == len(roster)


def test_a_parameter_can_differ_by_firm_and_replicate():
    assert world("by firm and replicate", 6).parameters.dilution.shape == (7, 6)


def test_firms_differ_in_what_they_decide(market):
    inference = market.labs.decide("split_compute", market.signals)[market.labs.active > 0.0]
    assert len(set(inference.tolist())) >= inference.size - 1, "but where a lab has bought nothing in two replicates"
    rents = market.clouds.decide("set_rent", market.signals).transpose(0, 2, 1)[market.clouds.active > 0.0]
    assert (np.ptp(rents, axis=1) > 0.0).all()
    assert len(set(map(tuple, rents.tolist()))) == len(rents)


@pytest.mark.parametrize(("group", "name"), DECISIONS)
def test_a_firm_alone_decides_as_it_does_among_others(market, group, name):
    assert disagreements(market, group, name) == []


@pytest.mark.parametrize(("group", "name"), DECISIONS)
def test_a_mesa_agent_decides_as_it_does_among_others(market, group, name):
    population = table_of(market, group)
    whole = population.decide(name, market.signals)
    firms = [agent for agent in market.agents if agent.group == group]
    assert firms
    for firm in firms:
        alone = bits(population, name, getattr(firm, name)(market.signals))
        assert alone == bits(population, name, row_of(population, name, whole, firm.row)), firm


@pytest.fixture(scope="module")
def many_and_one():
    """Six replicates of a market, and the fourth of them alone."""
    single = aimarket.MarketModel("deal_35bn", rng=3, replicate=3, start=all_different())
    for _ in range(QUARTERS):
        single.step()
    return world("one value", 6), single


@pytest.mark.parametrize(("group", "name"), DECISIONS)
def test_a_replicate_alone_decides_as_it_does_among_others(many_and_one, group, name):
    model, single = many_and_one
    declaration = table_of(model, group).decisions[name]
    among = declaration.parts(table_of(model, group).decide(name, model.signals))
    alone = declaration.parts(table_of(single, group).decide(name, single.signals))
    assert {part: array[..., 3].tobytes() for part, array in among.items()} == {
        part: array[..., 0].tobytes() for part, array in alone.items()
    }


class Peeking(AILab):
    """A lab that looks at its neighbours."""

    def split_compute(self, signals):
        return 0.5 * super().split_compute(signals) / (1.0 + total(self.cash))


def test_a_rule_that_peeks_at_its_neighbours_is_caught():
    start = all_different()
    model = aimarket.MarketModel(start=start, firms=dict.fromkeys(start.names("ai_labs"), Peeking))
    model.step()
    assert disagreements(model, "ai_labs", "split_compute")
