"""Toy kernels: one rule on a state of a few firms, compiled in a moment."""

from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np

from aimarket.model.kernel.compiler import compiling, finish
from aimarket.model.kernel.plan import plan_of
from aimarket.model.kernel.shared_library import Kept, Library
from aimarket.model.kernel.source import LANES
from aimarket.model.randomness import Stream
from aimarket.model.tape.quarter import QUARTER_INPUT, Course, Output, TracedQuarter
from aimarket.model.tape.reckoning import BOOL, FLOAT, as_dtype, lifted
from aimarket.model.tape.tape import MASK, Tape

FIRMS = 3


def toy(rule):
    """Return the traced quarter of a rule: it gets x, p, draws and the quarter, and gives x anew and what is kept."""
    found = TracedQuarter(Tape(61))
    x, p = found.given("state x", (FIRMS,)), found.given("parameter p", ())
    found.state["x"], found.parameters["p"] = x.rows(), p.rows()
    draws = found.given("draw ALGORITHMS 3", (FIRMS,))
    found.draws[Stream.ALGORITHMS, FIRMS] = draws.rows()
    quarter = found.given(QUARTER_INPUT, (), lanes=False)
    for usual in (True, False):
        found.tape.usual = usual
        after, kept = rule(x, p, draws, quarter)
        course = Course({"x": output(found.tape, after)}, {"kept": {"kept": output(found.tape, kept)}})
        found.usual, found.whole = (course, found.whole) if usual else (found.usual, course)
    guards = [as_dtype(lifted(found.tape, guard), BOOL).rows().ravel() for guard in found.tape.seldom]
    rows = np.concatenate([np.full(1, found.tape.literal(0.0, MASK)), *guards])
    found.seldom = found.early = found.tape.step("all or", (rows,), 1, len(rows), MASK)
    found.last = found.tape.rows
    return found


def output(tape, array):
    """Return the rows of an array as numbers."""
    return Output(as_dtype(lifted(tape, array), FLOAT).rows())


@cache
def library_of(rule):
    """Return the plan of a toy and its compiled text."""
    plan = plan_of(toy(rule))
    made = Path(mkdtemp(prefix="aimarket-test-")) / "toy.so"
    finish(compiling(made), plan.text)
    return plan, Library(made, plan.sizes)


def run(rule, x, p, draws):
    """Run a toy, x of shape (firms, R), draws of shape (quarters, firms, R); return what it kept, (quarters, n, R)."""
    plan, compiled = library_of(rule)
    memory = compiled.memory()
    memory[: len(plan.image)] = plan.image[:, None]
    count = x.shape[1]
    which = np.arange(plan.records["kept"][0].rows.stop, dtype=np.uint32)
    kept = Kept(np.empty((len(draws), len(which), count)), which, np.zeros(0, dtype=np.uint32))
    for begin in range(0, count, LANES):
        block = slice(begin, min(begin + LANES, count))
        held = {
            "draws": draws,
            "judged": np.zeros(count),
            "state": x,
            "parameters": np.broadcast_to(p, (1, count)).copy(),
        }
        compiled.run(memory, block, 0, kept, **held)
    return kept.records
