"""The other ways to decide: a cautious lab keeps a runway, a momentum manager follows what has risen."""

from itertools import pairwise

import numpy as np
import pytest

import aimarket
from aimarket.agents.state.arrays import paired
from aimarket.agents.state.population import decisions
from aimarket.model.scenarios.firm_overrides import BEHAVIOURS

from ..builders import all_different

LAB, ROW = "xAI", 4
"""A lab that owns what it runs, so that caution shows in what it builds."""
TENANT, TENANTS_ROW = "Anthropic", 1
REPLICATES = 16


def after(quarters, firms=None, **more):
    model = aimarket.MarketModel(rng=7, firms=firms, **{"replicates": REPLICATES, **more})
    for _ in range(quarters):
        model.step()
    return model


@pytest.fixture(scope="module", params=BEHAVIOURS)
def mixed(request):
    """A market whose kinds all differ in number, with every second firm of one kind deciding otherwise."""
    cls, start = BEHAVIOURS[request.param], all_different()
    firms = dict.fromkeys(start.names(cls.group)[::2], cls)
    return cls, after(6, firms, start=start, replicates=3)


def test_a_firm_alone_decides_as_all_together(mixed):
    cls, model = mixed
    population = next(p for p in model.populations if p.kind.group == cls.group)
    rows = [row for row, of in enumerate(population.classes) if of is cls]
    for name, declared in decisions(cls).items():
        together = declared.parts(getattr(population.view(cls), name)(model.signals))
        for row in rows:
            alone = declared.parts(getattr(population.view(cls, slice(row, row + 1)), name)(model.signals))
            for part, values in alone.items():
                assert values.tobytes() == np.ascontiguousarray(together[part][row : row + 1]).tobytes(), (name, part)


def test_what_others_remember_is_untouched(mixed):
    cls, model = mixed
    population = next(p for p in model.populations if p.kind.group == cls.group)
    others = [row for row, of in enumerate(population.classes) if of is not cls]
    for name in population.declared.keys() - aimarket.MarketModel().ledger.tables[cls.group].declared.keys():
        assert not population.columns[name][others].any(), name


def test_a_replicate_alone_is_the_same_bits(mixed):
    cls, model = mixed
    firms = dict(
        zip(next(p for p in model.populations if p.kind.group == cls.group).names[::2], [cls] * 9, strict=False)
    )
    single = after(6, firms, start=all_different(), replicates=1, replicate=2)
    for title, table in single.ledger.tables.items():
        for name, values in table.columns.items():
            assert values[..., 0].tobytes() == model.ledger.tables[title].columns[name][..., 2].tobytes(), (title, name)


# The cautious lab


def net_burn(model):
    labs = model.labs
    return labs.capex - labs.operating_cash_flow


def test_a_cautious_lab_has_cash_for_longer():
    usual, cautious = after(8), after(8, {LAB: aimarket.CautiousLab})
    runway = [(m.labs.all.free_cash[ROW] / net_burn(m)[ROW].mean()).mean() for m in (usual, cautious)]
    assert runway[1] > 2.0 * runway[0] > 0.0


def test_a_cautious_tenant_signs_no_more_rent_than_cash_and_one_issue_pay_over_its_runway():
    model = after(8, {TENANT: aimarket.CautiousLab})
    lab = model.labs.view(aimarket.CautiousLab, slice(TENANTS_ROW, TENANTS_ROW + 1))
    spare = np.maximum(lab.free_cash + lab.usual_issue(model.signals) - lab.reserve, 0.0)
    left = np.maximum(spare / lab.runway - lab.owed_value.sum(1), 0.0)
    rent, usual = lab.affordable_rent(model.signals), aimarket.AILab.affordable_rent(lab, model.signals)
    assert rent == pytest.approx(np.minimum(usual, left))
    assert (rent < usual).any()
    assert (model.labs.rent_bill[TENANTS_ROW] < after(8).labs.rent_bill[TENANTS_ROW]).all()


def test_it_plans_no_more_than_cash_and_one_issue_pay_beside_reserve_and_orders():
    model = after(8, {LAB: aimarket.CautiousLab})
    lab = model.labs.view(aimarket.CautiousLab, slice(ROW, ROW + 1))
    plan = lab.plan_compute(model.signals)
    cost = plan.compute * lab.landed_price(model.signals) + plan.halls * model.signals.hall_cost
    owed = lab.reserve + lab.due_share * lab.undelivered(model.signals)
    left = np.maximum(lab.free_cash + lab.usual_issue(model.signals) - owed, 0.0)
    assert (cost <= left * (1.0 + 1e-12)).all()
    usual = aimarket.AILab.plan_compute(lab, model.signals)
    assert (plan.compute <= usual.compute).all()
    assert (plan.compute < usual.compute).any()


def test_it_keeps_its_plans_where_money_is_plenty():
    model = after(2, {LAB: aimarket.CautiousLab}, replicates=1)
    lab = next(agent for agent in model.agents if agent.name == LAB)
    model.ledger.transfer(
        "savings", model.economy, model.labs, received=np.eye(len(model.labs))[:, ROW : ROW + 1] * 1e4
    )
    usual = aimarket.AILab.plan_compute(lab.view(), model.signals)
    assert lab.plan_compute(model.signals).compute == pytest.approx(usual.compute)


def test_it_asks_for_money_while_others_would_still_live_on_their_cash():
    model = after(6, {LAB: aimarket.CautiousLab})
    lab = model.labs.view(aimarket.CautiousLab, slice(ROW, ROW + 1))
    enough = aimarket.AILab.funding_need(lab, model.signals) + 0.1
    row = np.eye(len(model.labs))[:, ROW : ROW + 1]
    model.ledger.transfer("savings", model.economy, model.labs, received=row * enough)
    assert (aimarket.AILab.funding_need(lab, model.signals) < 0.0).all()
    assert (lab.funding_need(model.signals) > 0.0).all()


def test_its_reserve_is_net_burn_over_its_runway():
    model = after(4, {LAB: aimarket.CautiousLab}, parameters={"runway": 5.0})
    lab = model.labs.view(aimarket.CautiousLab, slice(ROW, ROW + 1))
    assert (model.labs.net_burn[ROW] > 0.0).all()
    assert lab.reserve == pytest.approx(5.0 * model.labs.net_burn[ROW : ROW + 1])


def test_earmarked_spending_is_no_burn_of_its_own():
    deal = aimarket.MarketModel("cautious_recipient", rng=7)
    for _ in range(6):
        before = deal.labs.net_burn[TENANTS_ROW, 0], deal.labs.all.spent_sum[TENANTS_ROW, 0]
        deal.step()
    spent = deal.labs.all.spent_sum[TENANTS_ROW, 0] - before[1]
    news = net_burn(deal)[TENANTS_ROW, 0] - spent
    weight = deal.parameters.news_weight
    assert spent > 0.0
    assert deal.labs.net_burn[TENANTS_ROW, 0] == pytest.approx((1.0 - weight) * before[0] + weight * news)


# The momentum manager

MANAGER = "Apollo"


@pytest.fixture(scope="module")
def momentum():
    return after(6, {MANAGER: aimarket.MomentumManager})


def test_it_likes_firms_better_whose_value_rose(momentum):
    manager = momentum.managers.view(aimarket.MomentumManager, slice(0, 1))
    usual = aimarket.AssetManager.allocate_capital(manager, momentum.signals)
    tilted = manager.allocate_capital(momentum.signals)
    trend = manager.trend(momentum.signals)
    assert np.array_equal(tilted.budget, usual.budget)
    assert (trend > 0.0).any()
    assert (trend < 0.0).any()
    assert np.array_equal(tilted.appetite > usual.appetite, trend > 0.0)
    assert tilted.appetite == pytest.approx(usual.appetite * np.exp(paired(manager.momentum) * trend))


def test_its_trend_is_the_smoothed_growth_of_the_values_it_saw():
    model = after(0, {MANAGER: aimarket.MomentumManager}, replicates=1)
    seen = []
    for _ in range(5):
        seen.append(np.concatenate([firms.value for firms in model.borrowers]))
        model.step()
    trend = np.zeros_like(seen[0])
    for before, now in pairwise(seen):
        growth = np.log(np.maximum(now, 1e-12) / np.maximum(before, 1e-12)).clip(-0.3, 0.5)
        trend = np.where(before > 0.0, 0.7 * trend + 0.3 * growth, trend)
    assert model.managers.value_trend[0] == pytest.approx(trend, rel=1e-9)
    assert np.array_equal(model.managers.last_value[0], seen[-1])


def test_without_momentum_it_is_any_manager():
    one, other = after(5, {MANAGER: aimarket.MomentumManager}, parameters={"momentum": 0.0}), after(5)
    for name in other.managers.declared:
        assert np.array_equal(one.managers.columns[name], other.managers.columns[name]), name


def test_it_has_to_see_two_quarters_before_it_follows(momentum):
    assert np.array_equal(after(1).managers.cash, after(1, {MANAGER: aimarket.MomentumManager}).managers.cash)
    assert not np.array_equal(after(6).managers.cash, momentum.managers.cash)
