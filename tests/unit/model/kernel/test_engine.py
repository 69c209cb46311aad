"""Which engine runs: a kernel is made once, refused with a reason, and missed by nobody who did not ask for it."""

import threading
from types import SimpleNamespace

import numpy as np
import pytest

import aimarket
from aimarket.model.kernel import compiler, engine, making
from aimarket.model.kernel.making import NoKernelError

MUCH, LITTLE = engine.WORTH_COMPILING, engine.WORTH_A_LOOK - 1


class Brancher(aimarket.AILab):
    """A lab that looks at the first replicate to decide for all."""

    def plan_compute(self, signals):
        plan = super().plan_compute(signals)
        if signals.sentiment[0] > 0.0:
            return plan
        return plan._replace(compute=0.5 * plan.compute)


class Waiter(aimarket.AILab):
    """A lab that orders nothing in its first year, by a branch on the quarter."""

    def plan_compute(self, signals):
        plan = super().plan_compute(signals)
        return plan if signals.quarter > 3 else plan._replace(compute=0.0 * plan.compute)


class Solitary(aimarket.AILab):
    """A lab whose rule holds for one replicate alone."""

    def plan_compute(self, signals):
        plan = super().plan_compute(signals)
        return plan if signals.sentiment > 0.0 else plan._replace(compute=0.5 * plan.compute)


class Masker(aimarket.AILab):
    """The same, by mask."""

    def plan_compute(self, signals):
        plan = super().plan_compute(signals)
        return plan._replace(compute=np.where(signals.sentiment > 0.0, 1.0, 0.5) * plan.compute)


@pytest.fixture(autouse=True)
def nothing_known(monkeypatch, tmp_path):
    """No kernel is known, and the cache is empty."""
    monkeypatch.setattr(engine, "_choices", {})
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.fixture
def made(monkeypatch):
    """Kernels are made of nothing, and it is known how often."""
    found = []

    def make(plan, build, begun=None):
        found.append(plan)
        return SimpleNamespace(plan=plan)

    monkeypatch.setattr(engine, "planned", lambda name, build, lasting: name)
    monkeypatch.setattr(engine, "made_kernel", make)
    monkeypatch.setattr(engine, "kept_kernel", lambda plan: None)
    return found


def build(**options):
    return aimarket.MarketModel("baseline", **options)


def choose(asked, work=MUCH, make=build):
    return engine.choose(make(), make, asked, work)


def test_numpy_looks_for_no_kernel(made):
    assert choose("numpy").kernel is None
    assert choose("auto", LITTLE).kernel is None
    assert made == []


def test_a_kernel_that_is_asked_for_is_made_once(made):
    first = choose("kernel", LITTLE)
    assert choose("kernel", LITTLE) is first
    assert first.kernel is not None
    assert len(made) == 1


def test_a_lot_of_work_has_one_made_meanwhile(made):
    choice = choose("auto")
    if choice.work is not None:
        choice.work.join()
    assert choice.kernel is not None
    assert len(made) == 1


def test_some_work_takes_only_what_is_there(made):
    assert choose("auto", MUCH - 1).kernel is None
    assert made == []


def test_several_threads_make_one_kernel(made):
    models = [build() for _ in range(4)]
    threads = [threading.Thread(target=engine.choose, args=(model, build, "kernel", MUCH)) for model in models]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1


def test_without_a_compiler_numpy_runs_and_says_why(monkeypatch):
    monkeypatch.setattr(compiler, "NAMES", ("no-such-compiler",))
    compiler.machine.cache_clear()
    with pytest.raises(NoKernelError, match="no C compiler on the path"):
        choose("kernel")
    monkeypatch.setattr(engine, "_choices", {})
    choice = choose("auto")
    if choice.work is not None:
        choice.work.join()
    assert choice.kernel is None
    assert "no C compiler" in choice.why
    compiler.machine.cache_clear()


@pytest.mark.parametrize(
    ("cls", "why"),
    [(Brancher, "picks replicates"), (Waiter, "branches on a value"), (Solitary, "fails with several replicates")],
)
def test_a_subclass_that_branches_is_named_with_its_method_and_line(cls, why):
    def make(**options):
        return build(firms={"xAI": cls}, **options)

    place = rf"{cls.__name__}.plan_compute \(test_engine.py, line \d+\) {why}"
    with pytest.raises(NoKernelError, match=place):
        choose("kernel", make=make)
    choice = choose("auto", make=make)
    assert choice.kernel is None
    assert cls.__name__ in choice.why


def test_a_subclass_that_masks_is_written_down():
    def make(**options):
        return build(firms={"xAI": Masker}, **options)

    assert making.planned("masker", make, lasting=False).sizes["judged"] > 0


def test_other_bits_switch_a_kernel_off_for_good(monkeypatch):
    plan = SimpleNamespace(key="0" * 64, sizes={}, text="")
    monkeypatch.setattr(making, "compiling", lambda made: None)
    monkeypatch.setattr(making, "finish", lambda work, text: None)
    monkeypatch.setattr(making, "Library", lambda path, sizes: None)
    monkeypatch.setattr(making, "difference", lambda kernel, build: "indicators.ai_revenue")
    with pytest.raises(NoKernelError, match=r"other bits than NumPy on this machine: indicators\.ai_revenue"):
        making.made_kernel(plan, build)
    with pytest.raises(NoKernelError, match="other bits"):
        making.kept_kernel(plan)


def test_a_compiler_that_fails_says_so(tmp_path):
    if compiler.compiler() is None:
        pytest.skip("there is no C compiler")
    work = compiler.compiling(tmp_path / "made.so")
    with pytest.raises(compiler.CompilerError, match="the compiler fails"):
        compiler.finish(work, "this is no C")
