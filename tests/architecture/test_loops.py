"""A rule is written for one firm and runs on arrays: nothing loops over firms or replicates."""

import ast

import pytest

from .source import assert_allowed, assert_kept, assert_seen, name_of, words_in

REPLICATES = {"R", "replicates", "n_replicates"}
POPULATIONS = {
    "firms", "labs", "vendors", "customers", "suppliers", "managers", "equipment", "energy", "vehicles", "facilities",
    "contracts", "rows",
}  # fmt: skip
FIRMS = POPULATIONS | {"shape", "size"}
HIDDEN_LOOPS = {"vectorize", "apply_along_axis", "apply_over_axes", "nditer", "ndenumerate", "ndindex", "fromiter"}
WRAPPERS = {"enumerate", "fromkeys", "list", "reversed", "sorted", "tuple", "zip"}
NO_RULE = {
    "agents/state/": "the machinery of tables runs over classes, columns and handles",
    "model/accounting/sector_books.py": "rows are those of a table for people",
    "model/deals/facilities.py begin": "each deal's condition names the indicator that it looks at",
    "model/deals/facilities.py settle": "names and terms are put into arrays, once before a run",
    "model/initial_fleets.py _named_pairs": "firms are named before a run",
    "model/initial_state.py _shipped": "firms are named and counted as files are read",
    "model/initial_state.py with_firms": "firms are named and counted before a run",
    "model/inputs/": "rows are those of a table that a user hands over",
    "model/markets/rent.py _share_out": "it runs over the few ranks of notes, which are paid one after the other",
    "model/randomness.py _words": "words of eight firms are made in one call, which has their address",
    "model/roadmap.py": "vendors are named before a run",
    "model/records/history.py arrays": "rows are quarters",
    "model/records/history.py _by_giver": "amounts get names",
    "model/records/money_trail.py amounts": "amounts get names",
    "model/records/money_trail.py happened": "events get names",
    "model/scenarios/": "firms are named as a file is checked, before a run",
}
FRAMES = {
    "model/mesa_iterations.py _mesas_frames": "it goes through Python's calls, and no replicate waits for it",
    "model/tape/": "it goes through operations and Python's calls, and no replicate waits for it",
    "model/kernel/": "it goes through operations, and no replicate waits for it",
}


def iterables(module):
    """Yield what the file's loops and comprehensions run over."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.For | ast.comprehension):
            yield node.iter


def unwrapped(iterable):
    """Yield what a loop runs over in the end: labs and rates for zip(labs, rates)."""
    if isinstance(iterable, ast.Call) and name_of(iterable.func) in WRAPPERS:
        for part in iterable.args:
            yield from unwrapped(part)
    else:
        yield iterable


def ranges(module):
    return (part for part in iterables(module) if isinstance(part, ast.Call) and name_of(part.func) == "range")


def loop_over_replicates(module):
    for iterable in ranges(module):
        if REPLICATES & set().union(*map(words_in, iterable.args)):
            yield module.at(iterable, "loops over replicates")
    for iterable in iterables(module):
        if REPLICATES & {name_of(part) for part in unwrapped(iterable)}:
            yield module.at(iterable, "loops over replicates")


def loop_over_firms(module):
    for iterable in ranges(module):
        if FIRMS & set().union(*map(words_in, iterable.args)):
            yield module.at(iterable, "loops over firms")
    for iterable in iterables(module):
        for part in unwrapped(iterable):
            if name_of(part) in POPULATIONS:
                yield module.at(iterable, f"loops over {name_of(part)}")


def loop_in_disguise(module):
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and name_of(node.func) in HIDDEN_LOOPS:
            yield module.at(node, f"{name_of(node.func)} is a Python loop in disguise")


def while_loop(module):
    for node in ast.walk(module.tree):
        if isinstance(node, ast.While):
            yield module.at(node, "while")


def test_nothing_loops_over_replicates():
    assert_kept(loop_over_replicates, ("agents", "model"), "Replicates are the last axis of every array.")


def test_no_rule_loops_over_firms():
    assert_kept(loop_over_firms, ("agents", "model"), "Firms are the first axis of every column.", NO_RULE)


def test_no_loop_hides_behind_numpy():
    assert_kept(loop_in_disguise, ("agents", "model"), "It costs what a loop costs.")


def test_no_rule_waits_for_convergence():
    why = "Each replicate would stop elsewhere: take a fixed number of rounds."
    assert_kept(while_loop, ("agents", "model"), why, FRAMES)


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        (loop_over_replicates, "for r in range(self.replicates): pass"),
        (loop_over_replicates, "x = [f(r) for r in range(1, R + 1)]"),
        (loop_over_replicates, "x = [f(number) for number in self.replicates]"),
        (loop_over_firms, "for i in range(cash.shape[0]): pass"),
        (loop_over_firms, "for lab in market.labs: pass"),
        (loop_over_firms, "x = [f(row, lab) for row, lab in enumerate(zip(rates, market.labs))]"),
        (loop_in_disguise, "f = np.vectorize(g)"),
        (while_loop, "while gap > tolerance: pass"),
    ],
)
def test_the_rule_sees(rule, text):
    assert_seen(rule, text)


def test_fixed_rounds_and_named_things_may_be_looped_over():
    assert_allowed(loop_over_firms, "for _ in range(ROUNDS): pass\nfor kind in KINDS: pass")
