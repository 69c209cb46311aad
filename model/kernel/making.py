"""How a kernel comes about: traced once, compiled once, held against NumPy bit by bit, and kept for later."""

from __future__ import annotations

import logging
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..records.history import LEDGER
from ..tape.quarter import trace_quarter
from . import cache
from .compiler import CompilerError, compiling, finish, machine
from .kernel import Kernel, Outcome
from .plan import Plan, plan_of
from .shared_library import Library

if TYPE_CHECKING:
    from ..market_model import MarketModel

Build = Callable[..., "MarketModel"]
"""Makes a model, given the numbers of its replicates and values of its parameters."""

PLAN, COMPILED, DIFFERS = ".plan", ".so", ".differs"
COMPARED_REPLICATES, COMPARED_QUARTERS = 11, 4
"""What is run twice before a kernel is trusted; eleven replicates are a block and a part of one."""

LOG = logging.getLogger("aimarket")


class NoKernelError(RuntimeError):
    """A model cannot have a kernel; the message says why in a line."""


def planned(name: str, build: Build, *, lasting: bool) -> Plan:
    """Return the plan of a structure, from the cache or from a trace.

    Args:
        name: what tells the structure from every other.
        build: makes a model of that structure.
        lasting: whether the name means the same to another process.

    Raises:
        UntraceableError: a rule does what a tape cannot hold.
    """
    path = cache.kept(name, PLAN) if lasting else None
    if path is not None:
        plan: Plan = pickle.loads(path.read_bytes())  # its owner alone can have written it
        return plan
    plan = plan_of(trace_quarter(build))
    if lasting:
        cache.write(name, PLAN, pickle.dumps(plan))
    return plan


def kept_kernel(plan: Plan) -> Kernel | None:
    """Return a kernel that was compiled before, None where there is none.

    Raises:
        NoKernelError: it was compiled, and its bits were not NumPy's.
    """
    name = _name(plan)
    if cache.kept(name, DIFFERS) is not None:
        raise NoKernelError("the kernel gave other bits than NumPy on this machine")
    path = cache.kept(name, COMPILED)
    if path is None:
        return None
    try:
        return Kernel(plan, Library(path, plan.sizes))
    except OSError as error:
        cache.remove(path)
        LOG.info("a kernel is made anew: %s", error)
        return None


def made_kernel(plan: Plan, build: Build, begun: Callable[[Any], None] = lambda work: None) -> Kernel:
    """Compile a kernel, hold it against NumPy and keep it.

    Args:
        plan: what to compile.
        build: makes a model of that structure.
        begun: is told of the compiler's process.

    Raises:
        NoKernelError: there is no compiler, or the bits are not NumPy's.
    """
    with tempfile.TemporaryDirectory(prefix="aimarket-") as workplace:
        made = Path(workplace) / f"kernel{COMPILED}"
        try:
            work = compiling(made)
            begun(work)
            finish(work, plan.text)
            kernel = Kernel(plan, Library(made, plan.sizes))
        except (CompilerError, OSError) as error:
            raise NoKernelError(str(error)) from None
        told = difference(kernel, build)
        if told:
            cache.write(_name(plan), DIFFERS, told.encode())
            raise NoKernelError(f"the kernel gave other bits than NumPy on this machine: {told}")
        cache.keep(_name(plan), COMPILED, made)
    return kernel


def difference(kernel: Kernel, build: Build, replicates: int = COMPARED_REPLICATES) -> str:
    """Return the first name in which a kernel and NumPy differ in a bit, empty where they do in none."""
    plain, other = (build(replicate=list(range(replicates)), parameters={}) for _ in (1, 1))
    with np.errstate(all="ignore"):
        outcome = kernel.run(other, kernel.room(other.history.wanted, COMPARED_QUARTERS, replicates))
        for _ in range(COMPARED_QUARTERS):
            plain.step()
    return first_difference(plain, outcome)


def first_difference(plain: MarketModel, outcome: Outcome) -> str:
    """Return the first record in which a model's history and a kernel's outcome differ in a bit, empty for none.

    What one of them does not name is nothing there: NumPy's flows name payments of nothing, as others of a batch pay.
    Entries of the ledger are told apart by how many came before, and so cannot be compared; flows are made of them.
    """
    for kind in plain.history.wanted.keys() - {LEDGER}:
        expected, found = plain.history.arrays(kind), outcome.records[kind]
        for name in dict.fromkeys((*expected, *found)):
            there = [side[name] for side in (expected, found) if name in side]
            if not same_bits(there[0], there[1] if len(there) > 1 else np.zeros_like(there[0])):
                return f"{kind}.{name}"
    return ""


def same_bits(one: np.ndarray, other: np.ndarray) -> bool:
    """Return whether two arrays hold the same numbers to the last bit; zero has one value, and so has no number."""
    return one.shape == other.shape and bool(((one == other) | (np.isnan(one) & np.isnan(other))).all())


def _name(plan: Plan) -> str:
    """Return under what a plan's kernel is kept: its text, and the machine with compiler and NumPy."""
    return f"{plan.key[:32]}-{machine()[:16]}"
