"""A model stepped in a kernel holds what NumPy leaves in one: state, books and history."""

import copy
import pickle

import numpy as np
import pytest

import aimarket
from aimarket.experiments.runs.engines import in_kernel
from aimarket.model.kernel import compiler as compiler_module
from aimarket.model.kernel.compiler import compiler
from aimarket.model.kernel.making import NoKernelError, same_bits
from aimarket.model.kernel.plan import AFTER
from aimarket.model.records.history import KINDS
from aimarket.model.tape.holdings import held_at
from aimarket.server.presenters.firm_balance import cash_flow
from aimarket.server.sessions.twin_run import TwinRun

pytestmark = pytest.mark.skipif(compiler() is None, reason="there is no C compiler")

QUARTERS = 14
GUARDED = {"residuals.I1"}
"""What tells of the ledger's rows, which a kernel always has."""


def made():
    return aimarket.MarketModel("deal_35bn", rng=7, replicate=3)


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """An empty cache, into which is compiled fast; what the flags of the package make, tests/properties looks at."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiler_module, "FLAGS", ("-O0", *compiler_module.FLAGS[1:]))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture
def both(cache):
    """A model of NumPy's, and one that is stepped in a kernel."""
    plain, other = made(), made()
    in_kernel(other, QUARTERS, "kernel")
    return plain, other


def stepped(models, quarters=QUARTERS):
    for _ in range(quarters):
        for model in models:
            model.step()


def alike(one, other):
    """Return whether two dictionaries of arrays hold the same, where what one does not name is nothing."""
    names = {*one, *other}
    return [n for n in names if not same_bits(one.get(n, 0.0 * other.get(n, 0.0)), other.get(n, 0.0 * one.get(n, 0.0)))]


def assert_alike(plain, other):
    paths = [place.name for place in other.stepper.work.places[AFTER] if place.name not in GUARDED]
    held = [(path, held_at(plain, path), held_at(other, path)) for path in paths]
    assert [path for path, one, two in held if not (same_bits(one, two) and one.dtype == two.dtype)] == []
    assert alike(plain.ledger.flows(), other.ledger.flows()) == []
    assert alike(plain.ledger.opening, other.ledger.opening) == []
    assert (plain.quarter, plain.signals.quarter, len(plain.agents)) == (
        other.quarter,
        other.signals.quarter,
        len(other.agents),
    )


def test_state_books_and_history_are_numpys(both):
    stepped(both)
    assert_alike(*both)
    plain, other = both
    for kind in KINDS:
        assert alike(plain.history.arrays(kind), other.history.arrays(kind)) == [], kind
    assert plain.history.quarters == other.history.quarters
    assert max(other.checks().values()) < 1e-9


def test_what_somebody_changes_between_quarters_counts(both):
    for model in both:
        stepped([model], 3)
        lab = next(agent for agent in model.agents if agent.name == "xAI")
        model.labs.commit(capability=model.labs.capability + 0.25 * (np.arange(len(model.labs)) == lab.row)[:, None])
        stepped([model], 3)
    assert_alike(*both)


def test_numpy_can_go_on_where_a_kernel_stopped(both):
    stepped(both, 5)
    both[1].stepper, stepper = None, both[1].stepper
    stepped(both, 2)
    both[1].stepper = stepper
    stepped(both, 2)
    assert_alike(*both)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_copies_are_stepped_by_numpy(both, copied):
    plain, other = both
    stepped(both, 2)
    again = copied(other)
    assert again.stepper is None
    stepped([plain, again, other], 2)
    assert_alike(plain, other)
    assert alike(plain.history.arrays("indicators"), again.history.arrays("indicators")) == []


def test_a_strict_model_is_numpys(cache):
    model = aimarket.MarketModel("baseline", strict=True)
    in_kernel(model, QUARTERS, "kernel")
    assert model.stepper is None


def test_a_model_that_no_kernel_can_run_is_numpys_and_says_why(cache):
    class Brancher(aimarket.AILab):
        def plan_compute(self, signals):
            plan = super().plan_compute(signals)
            return plan if signals.sentiment[0] > 0.0 else plan._replace(compute=0.5 * plan.compute)

    model = aimarket.MarketModel("baseline", firms={"xAI": Brancher})
    with pytest.raises(NoKernelError, match=r"Brancher\.plan_compute"):
        in_kernel(model, QUARTERS, "kernel")
    in_kernel(model, QUARTERS, "auto")
    assert model.stepper is None


def test_a_page_shows_the_same(cache, monkeypatch):
    plain = TwinRun("deal_35bn")
    monkeypatch.setenv("AIMARKET_ENGINE", "kernel")
    other = TwinRun("deal_35bn")
    for run in (plain, other):
        run.reach(QUARTERS)
    assert other._models[0].stepper.work is not None
    for one, two in zip(plain.quarters, other.quarters, strict=True):
        assert alike(one.own.indicators, two.own.indicators) == []
        assert alike(one.twin.balances, two.twin.balances) == []
        assert cash_flow("ai_labs", 0, one.own) == cash_flow("ai_labs", 0, two.own)
        assert cash_flow("clouds", 1, one.twin) == cash_flow("clouds", 1, two.twin)
