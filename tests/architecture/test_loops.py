"""A rule is written for one firm and runs on arrays: nothing loops over firms or replicates."""

import ast

import pytest

from .source import assert_allowed, assert_kept, assert_seen, name_of, words_in

REPLICATES = {"R", "replicates", "n_replicates"}
POPULATIONS = {"firms", "labs", "vendors", "customers", "suppliers", "managers", "equipment", "energy", "rows"}
FIRMS = POPULATIONS | {"shape", "size"}
HIDDEN_LOOPS = {"vectorize", "apply_along_axis", "apply_over_axes", "nditer", "ndenumerate", "ndindex", "fromiter"}
# Where the machinery of tables runs over classes, columns and handles, and where generators are made.
MACHINERY = ("agents/state/", "model/randomness.py")


def iterables(module):
    """Yield what the file's loops and comprehensions run over."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.For | ast.comprehension):
            yield node.iter


def ranges(module):
    return (part for part in iterables(module) if isinstance(part, ast.Call) and name_of(part.func) == "range")


def loop_over_replicates(module):
    if module.within("model/randomness.py"):
        return
    for iterable in ranges(module):
        if REPLICATES & set().union(*map(words_in, iterable.args)):
            yield module.at(iterable, "loops over replicates")


def loop_over_firms(module):
    if module.within(*MACHINERY) or not module.within("agents/", "model/markets/"):
        return
    for iterable in ranges(module):
        if FIRMS & set().union(*map(words_in, iterable.args)):
            yield module.at(iterable, "loops over firms")
    for iterable in iterables(module):
        if name_of(iterable) in POPULATIONS:
            yield module.at(iterable, f"loops over {name_of(iterable)}")


def loop_in_disguise(module):
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and name_of(node.func) in HIDDEN_LOOPS:
            yield module.at(node, f"{name_of(node.func)} is a Python loop in disguise")


def while_loop(module):
    for node in ast.walk(module.tree):
        if isinstance(node, ast.While) and module.within("agents/", "model/markets/"):
            yield module.at(node, "while")


def test_nothing_loops_over_replicates():
    assert_kept(loop_over_replicates, ("agents", "model"), "Replicates are the last axis of every array.")


def test_no_rule_loops_over_firms():
    assert_kept(loop_over_firms, ("agents", "model"), "Firms are the first axis of every column.")


def test_no_loop_hides_behind_numpy():
    assert_kept(loop_in_disguise, ("agents", "model"), "It costs what a loop costs.")


def test_no_rule_waits_for_convergence():
    assert_kept(while_loop, ("agents", "model"), "Each replicate would stop elsewhere: take a fixed number of rounds.")


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (loop_over_replicates, "for r in range(self.replicates): pass"),
        (loop_over_replicates, "x = [f(r) for r in range(1, R + 1)]"),
        (loop_over_firms, "for i in range(cash.shape[0]): pass"),
        (loop_over_firms, "for lab in market.labs: pass"),
        (loop_in_disguise, "f = np.vectorize(g)"),
        (while_loop, "while gap > tolerance: pass"),
    ],
)
def test_the_rule_sees(rule, text):
    assert_seen(rule, text)


def test_fixed_rounds_and_named_things_may_be_looped_over():
    assert_allowed(loop_over_firms, "for _ in range(ROUNDS): pass\nfor kind in KINDS: pass")
    assert_allowed(loop_over_replicates, "x = [make(r) for r in range(replicates)]", "model/randomness.py")
