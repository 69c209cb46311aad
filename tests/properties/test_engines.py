"""Both engines give the same bits: an economy with deals, exits, entries and parameters drawn at random."""

from dataclasses import replace

import numpy as np
import pytest

import aimarket
from aimarket.experiments.backtest import record
from aimarket.experiments.calibration import estimate
from aimarket.experiments.runs.engines import ENGINE
from aimarket.experiments.storage.frames import describe
from aimarket.model.kernel import compiler as compiler_module
from aimarket.model.kernel import engine
from aimarket.model.kernel.compiler import compiler

from ..same_engines import KINDS, differences, drawn

pytestmark = pytest.mark.skipif(compiler() is None, reason="there is no C compiler")

REPLICATES, QUARTERS = 40, 24
STRESSED = {"lab_entry_hazard": 0.1, "exit_cash": 3.0, "exit_gap": 0.6, "exit_patience": 2.0}


@pytest.fixture(scope="module")
def world():
    """A scenario in which much happens: a shock, a deal, firms that enter, fail and leave."""
    bust = aimarket.load_scenario("bust")
    deal, entries = aimarket.load_scenario("deal_35bn").deals, aimarket.load_scenario("vendor_entry").entries
    return replace(bust, deals=deal, entries=entries)


@pytest.fixture(scope="module")
def runs(world, tmp_path_factory):
    """The world in both engines; the kernel is compiled into an empty cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        parameters = drawn(REPLICATES) | STRESSED
        yield [
            aimarket.run_ensemble(world, REPLICATES, QUARTERS, 7, parameters, record=KINDS, engine=name, batch=size)
            for name, size in (("numpy", None), ("kernel", None), ("kernel", 13))
        ]


def test_a_kernel_has_numpys_bits_whatever_happens(runs):
    plain, kernel, _ = runs
    assert (plain.engine, kernel.engine) == ("numpy", "kernel")
    assert plain.records["events"].values.keys() >= {"exit|xAI", "default|xAI"}
    assert plain.values("active_labs").min() < plain.values("active_labs").max()
    assert differences(plain, kernel) == []


def test_batches_change_no_bit_of_a_kernels_run(runs):
    _, whole, cut = runs
    assert differences(whole, cut) == []


def test_frames_are_the_same(runs):
    plain, kernel, _ = runs
    for kind in ("indicators", "ai_labs", "events", "capital"):
        assert plain.to_frame(kind).equals(kernel.to_frame(kind)), kind


def test_identities_hold_in_a_kernel(runs):
    assert max(runs[1].checks().values()) < 1e-9
    assert {name for name, value in runs[0].checks().items() if value != runs[1].checks()[name]} <= {"I1"}


def test_numbers_of_ones_own_and_few_columns_are_the_same_too(world, runs, monkeypatch):
    monkeypatch.setattr(compiler_module, "FLAGS", ("-O0", *compiler_module.FLAGS[1:]))  # another kernel, compiled fast
    known = {"record": ("ai_labs.cash", "clouds.debt", "events"), "numbers": (5, 3, 5, 11)}
    plain, kernel = (aimarket.run_ensemble(world, 4, 6, 9, engine=name, **known) for name in ("numpy", "kernel"))
    assert differences(plain, kernel) == []
    assert list(kernel.records["ai_labs"].values) == ["cash"]
    np.testing.assert_array_equal(plain.records["ai_labs"].active, kernel.records["ai_labs"].active)


def test_the_environment_names_the_engine_of_whoever_names_none(monkeypatch):
    monkeypatch.setenv(ENGINE, "numpy")
    monkeypatch.setattr(engine, "choose", None)
    assert aimarket.run_ensemble("baseline", 1, 1).engine == "numpy"
    monkeypatch.setenv(ENGINE, "gpu")
    with pytest.raises(ValueError, match="AIMARKET_ENGINE = 'gpu' is no engine: give one of auto, numpy, kernel"):
        aimarket.run_ensemble("baseline", 1, 1)


def test_without_a_compiler_numpy_runs_the_ensemble_which_says_why(monkeypatch):
    monkeypatch.setattr(compiler_module, "NAMES", ("no-such-compiler",))
    monkeypatch.setattr(engine, "_choices", {})
    monkeypatch.setattr(engine, "WORTH_A_WORD", 1)
    monkeypatch.setattr(engine, "WORTH_COMPILING", 1)
    monkeypatch.setattr(engine, "kept_kernel", lambda plan: None)
    work = aimarket.run_ensemble("baseline", 1, 1, engine="auto")
    for choice in engine._choices.values():
        if choice.work is not None:
            choice.work.join()
    again = aimarket.run_ensemble("baseline", 1, 1, engine="auto")
    assert work.engine.startswith("numpy")
    assert again.engine == "numpy (no C compiler on the path (no-such-compiler))"


def test_every_manifest_names_the_engine(monkeypatch):
    monkeypatch.setenv(ENGINE, "numpy")
    case = aimarket.load_scenario("baseline")
    of_a_run = describe([case], seed=1, replicates=1, quarters=1, engine="kernel")
    assert [about["engine"] for about in (record.about(), estimate.about(), of_a_run)] == ["numpy", "numpy", "kernel"]


def test_an_engine_that_there_is_not_is_named():
    with pytest.raises(ValueError, match="engine = 'fast' is no engine"):
        aimarket.run_ensemble("baseline", 1, 1, engine="fast")
