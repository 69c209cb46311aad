"""Who writes a class of their own is told what is wrong with it: the name, the firm, the quarter, the replicate."""

import copy

import numpy as np
import pytest

import aimarket
from aimarket.agents.ai_lab import AILab
from aimarket.agents.fleet_owner import ComputePlan

LAB = "xAI"


def lab(name, method, *bases):
    """Return a class of AI labs with one method."""
    return type("Own", (*bases, AILab), {name: method, "__module__": __name__})


def usual(self, signals):
    return AILab.plan_compute(self, signals)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("plan_computes", "plan_compute"),
        ("plan_comput", "plan_compute"),
        ("compute_plan", "plan_compute"),
        ("planCompute", "plan_compute"),
        ("setprice", "set_price"),
        ("chose_vendor", "choose_vendor"),
        ("remembers", "remember"),
    ],
)
def test_a_method_that_is_nearly_a_decision_is_refused(name, meant):
    with pytest.raises(TypeError, match=rf"Own\.{name} is no decision, column or parameter: did you mean '{meant}'"):
        lab(name, usual)


@pytest.mark.parametrize(("name", "meant"), [("rivalri", "rivalry"), ("research_targt", "research_target")])
def test_a_value_that_is_nearly_a_parameter_is_refused(name, meant):
    with pytest.raises(TypeError, match=f"did you mean '{meant}'"):
        lab(name, 0.5)


@pytest.mark.parametrize("name", ["frugality", "plan_compute_later", "_plan_computes", "cheaper", "HORIZON", "my_plan"])
def test_methods_of_ones_own_are_allowed(name):
    assert lab(name, usual)


def test_a_decision_that_nobody_asks_for_is_refused():
    with pytest.raises(TypeError, match=r"Own\.plan_things is a decision that nobody asks for; .*decisions are"):
        lab("plan_things", aimarket.decision()(usual))


def test_a_decision_that_is_no_method_is_refused():
    with pytest.raises(TypeError, match=r"Own\.plan_compute is a decision and has to be a method"):
        lab("plan_compute", 5.0)


class Halving:
    """What several kinds of labs may share."""

    def plan_compute(self, signals):
        plan = super().plan_compute(signals)
        return plan._replace(compute=0.5 * plan.compute)


class Misspelt:
    """The same with a slip."""

    def plan_computes(self, signals):
        return super().plan_compute(signals)


def test_what_a_class_mixes_in_is_looked_at_too():
    halving = type("Own", (Halving, AILab), {"__module__": __name__})
    model = aimarket.MarketModel(firms={LAB: halving})
    firm = next(agent for agent in model.agents if agent.name == LAB)
    assert firm.plan_compute(model.signals).compute.shape == (1, 1)
    with pytest.raises(TypeError, match="did you mean 'plan_compute'"):
        type("Own", (Misspelt, AILab), {"__module__": __name__})


def with_plan(change):
    """Return a lab whose plan for compute is changed."""

    def plan_compute(self, signals):
        plan = AILab.plan_compute(self, signals)
        return change(plan, plan.compute)

    return lab("plan_compute", plan_compute)


def second(array, value):
    """Return an array that differs in the second replicate."""
    changed = array.copy()
    changed[:, 1] = value
    return changed


@pytest.mark.parametrize(
    ("change", "error", "what"),
    [
        (lambda plan, c: plan._replace(compute=second(c, np.nan)), ValueError, r"compute is not finite \(nan\)"),
        (lambda plan, c: plan._replace(compute=second(c, np.inf)), ValueError, r"compute is not finite \(inf\)"),
        (lambda plan, c: plan._replace(halls=second(c, -1.0)), ValueError, r"halls is negative \(-1\)"),
    ],
)
def test_values_that_cannot_be_are_reported_with_firm_method_quarter_and_replicate(change, error, what):
    model = aimarket.MarketModel(replicates=3, firms={LAB: with_plan(change)})
    with pytest.raises(error, match=rf"xAI, 2026Q1, replicate 1: Own\.plan_compute: {what}"):
        model.step()


@pytest.mark.parametrize(
    ("change", "error", "what"),
    [
        (lambda plan, c: None, TypeError, r"returned None \(does the method return anything\?\), expected ComputePlan"),
        (lambda plan, c: tuple(plan), TypeError, "returned tuple, expected ComputePlan"),
        (lambda plan, c: plan._replace(halls=None), ValueError, "halls is None"),
        (lambda plan, c: plan._replace(halls=c.sum(0)), ValueError, r"halls has shape \(3,\), expected \(1, 3\)"),
        (lambda plan, c: plan._replace(halls=c.astype(object)), TypeError, "halls has dtype object"),
        (lambda plan, c: {}["price"], KeyError, "price"),
        (lambda plan, c: 1 / 0, ArithmeticError, "division by zero"),
    ],
)
def test_answers_that_are_none_are_reported_with_firm_method_quarter_and_replicates(change, error, what):
    model = aimarket.MarketModel(replicates=3, firms={LAB: with_plan(change)})
    with pytest.raises(error, match=rf"xAI, 2026Q1, replicates 0 to 2: Own\.plan_compute: .*{what}"):
        model.step()


def test_whole_numbers_and_single_precision_are_numbers():
    own = with_plan(lambda plan, c: ComputePlan(np.ones(c.shape, dtype=int), np.ones(c.shape, dtype=np.float32)))
    model = aimarket.MarketModel(firms={LAB: own})
    model.step()
    assert model.labs.planned_compute.dtype == np.float64


def test_an_ensemble_tells_the_method_and_goes_on():
    own = with_plan(lambda plan, c: plan._replace(compute=np.where(np.arange(c.shape[-1]) == 1, np.nan, c)))
    failures = aimarket.run_ensemble(replicates=3, quarters=2, firms={LAB: own}).failures
    assert failures["replicate"].tolist() == [1]
    assert "xAI, 2026Q1, replicate 1: Own.plan_compute: compute is not finite" in failures["cause"].iloc[0]


TAUGHT = r"declare memory = Column\(unit, doc\) in the class .* from remember"


def test_who_wants_to_remember_in_a_decision_is_taught_how():
    def plan_compute(self, signals):
        self.memory = []
        return AILab.plan_compute(self, signals)

    model = aimarket.MarketModel(firms={LAB: lab("plan_compute", plan_compute)})
    with pytest.raises(AttributeError, match=TAUGHT):
        model.step()


def test_who_wants_a_firm_to_remember_is_taught_how():
    firm = next(iter(aimarket.MarketModel().agents))
    with pytest.raises(AttributeError, match=TAUGHT):
        firm.memory = []


def test_who_takes_the_signals_for_the_model_is_reported_what_they_are():
    def plan_compute(self, signals):
        return signals.labs

    model = aimarket.MarketModel(firms={LAB: lab("plan_compute", plan_compute)})
    with pytest.raises(AttributeError, match=r"signals has no 'labs'.*parameters as self\.NAME.*chip_price"):
        model.step()


def test_signals_can_be_copied():
    signals = aimarket.MarketModel().signals
    assert np.array_equal(copy.deepcopy(signals).chip_price, signals.chip_price)


def test_mesa_finds_all_labs_by_selecting_and_each_under_its_own_class():
    own = lab("plan_compute", usual)
    model = aimarket.MarketModel(firms={LAB: own})
    assert [agent.name for agent in model.agents_by_type[own]] == [LAB]
    assert len(model.agents.select(agent_type=AILab)) == len(model.agents_by_type[AILab]) + 1
