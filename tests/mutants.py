"""Change one thing in the rules at a time, and see whether tests notice: ``python tests/mutants.py --sample 120``.

Cosmic Ray makes the mutants, and a sample of them is drawn by a seed. The tests run once under coverage, which tells
those that see a line; a mutant then meets the quickest of those that see its line, in a process forked from one that
has all libraries loaded, with the changed module in memory alone. What lies in annotations is left out, since nothing
evaluates it. Tried again with a larger sample, only the rest is tried; ``--read`` tells of what was tried so far: the
score, and every mutant that survived.
"""

import argparse
import ast
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from difflib import unified_diff
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLACE = ROOT / "build" / "mutants"
SEEN, RESULTS = PLACE / "seen.json", PLACE / "results.jsonl"
MUTATED = ("agents/rules", "model/accounting", "model/markets", "model/deals")
LONGEST, QUICK = 90, 10.0
"""Seconds of the processor that tests of one mutant may take, and that they are chosen to take."""

ASLEEP = 1800
"""Seconds after which a process that waits for something is ended."""

BROKEN = 99
"""With what a process leaves that could not run any test."""

ENOUGH, STRONG = 200, 16
"""So many quick tests a mutant meets at most, and so many that notice most, but may take seconds each."""

ORACLE = "test_oracle.py"

TESTS = (
    "tests/closed_forms",
    "tests/accounting",
    "tests/docking",
    "tests/unit/model/accounting",
    "tests/unit/model/deals",
    "tests/unit/model/markets",
    "tests/unit/agents",
    *(f"tests/properties/test_{name}.py" for name in ("money", "sharing", "power_and_prices", "stocks")),
)
"""Tests from which those that a mutant meets are chosen."""

PYTEST = ("-q", "-x", "-p", "no:cacheprovider", "-m", "not acceptance")


def main():
    """Try mutants, or read what came of those that were tried."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=120)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--again", action="store_true", help="forget what was tried before")
    parser.add_argument("--survivors", action="store_true", help="try survivors again, with the tests as they are now")
    parser.add_argument("--seeing", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--read", action="store_true")
    asked = parser.parse_args()
    os.chdir(ROOT)
    os.environ.update(OPENBLAS_NUM_THREADS="1", HYPOTHESIS_PROFILE="ci")
    if asked.again:
        shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True, exist_ok=True)
    if asked.seeing:
        see()
    elif not asked.read:
        if asked.survivors:
            forget(lambda one: one["outcome"] == "survived")
        if asked.survivors or not SEEN.exists():
            subprocess.run([sys.executable, __file__, "--seeing"], check=True)
        try_all(sample(asked.sample, asked.seed), asked.workers)
    if not asked.seeing:
        tell()


def see():
    """Run all tests once, and keep which of them see which lines, and how long each takes."""
    import coverage
    import pytest

    found = coverage.Coverage(data_file=None, include=[f"{ROOT / folder}/*" for folder in MUTATED], config_file=False)
    taken = {}

    class Seeing:
        @pytest.hookimpl(wrapper=True)
        def pytest_runtest_protocol(self, item):
            found.switch_context(item.nodeid)
            begun = time.process_time()
            result = yield
            taken[item.nodeid] = time.process_time() - begun
            found.switch_context("")
            return result

    found.start()
    code = pytest.main([*PYTEST, *TESTS], plugins=[Seeing()])
    found.stop()
    data = found.get_data()
    lines = {
        Path(file).relative_to(ROOT).as_posix(): {
            line: [name for name in names if name] for line, names in data.contexts_by_lineno(file).items()
        }
        for file in data.measured_files()
    }
    if code == 0:
        SEEN.write_text(json.dumps({"seconds": taken, "lines": lines}), encoding="utf-8")
    raise SystemExit(int(code))


def sample(size, seed):
    """Return mutants drawn by a seed: those of a smaller sample, and more."""
    from cosmic_ray.commands import init
    from cosmic_ray.work_db import WorkDB, use_db

    modules = sorted(path for folder in MUTATED for path in Path(folder).glob("*.py") if path.name != "__init__.py")
    listed = PLACE / "all.sqlite"
    if listed.exists() and listed.stat().st_mtime < max(path.stat().st_mtime for path in modules):
        listed.unlink()
    begun = listed.exists()
    with use_db(listed, WorkDB.Mode.open if begun else WorkDB.Mode.create) as everything:
        if not begun:
            init(modules, everything, {})
        found = [item.mutations[0] for item in everything.work_items]
    mutants = [mutation for mutation in found if not in_annotation(mutation)]
    print(f"{len(mutants)} mutants of {len(modules)} files", flush=True)
    random.Random(seed).shuffle(mutants)
    return mutants[:size]


def in_annotation(mutation):
    """Tell whether a mutation lies within an annotation, which is never evaluated."""
    begin, end = mutation.start_pos, mutation.end_pos
    return any(low <= begin and end <= high for low, high in annotations(mutation.module_path))


@cache
def annotations(module):
    """Return where the annotations of a file begin and end."""
    nodes = list(ast.walk(tree(module)))
    found = [node.annotation for node in nodes if isinstance(node, ast.arg | ast.AnnAssign)]
    found += [node.returns for node in nodes if isinstance(node, ast.FunctionDef)]
    return [((n.lineno, n.col_offset), (n.end_lineno, n.end_col_offset)) for n in found if n is not None]


@cache
def tree(module):
    """Return the syntax tree of a file."""
    return ast.parse(Path(module).read_text(encoding="utf-8"))


def try_all(mutants, workers):
    """Try mutants that were not tried, several at once."""
    import mesa
    import pandas
    import pyarrow
    import pytest
    import scipy  # all are there in every process that is forked

    assert all((mesa, pandas, pyarrow, pytest, scipy))
    seen, running = json.loads(SEEN.read_text(encoding="utf-8")), {}
    done = {one["name"] for one in results()}
    for mutation in mutants:
        if named(mutation) in done:
            continue
        while len(running) >= workers:
            keep(running)
        tests, (code, diff) = tests_of(mutation, seen), changed(mutation)
        if not done:
            done.add(unchanged(mutation, tests))
        running[begun(mutation, code, tests)] = named(mutation), diff
    while running:
        keep(running)


def named(mutation):
    """Return what a mutant is called: where it is and what was changed."""
    arguments = json.dumps(mutation.operator_args) if mutation.operator_args else ""
    where = f"{Path(mutation.module_path).as_posix()}:{mutation.start_pos[0]}"
    return f"{where} {mutation.operator_name}{arguments} {mutation.occurrence}"


def changed(mutation):
    """Return the text of a module with one thing changed, and the difference."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator

    text = Path(mutation.module_path).read_text(encoding="utf-8")
    operator = get_operator(mutation.operator_name)(**mutation.operator_args)
    code = mutate_code(text, operator, mutation.occurrence)
    return code, "\n".join(unified_diff(text.split("\n"), code.split("\n"), lineterm="", n=1))


def tests_of(mutation, seen):
    """Return tests that see the statement of a mutation: the quickest, then the plain version of the economy.

    Where no test sees the statement, those that see its file.
    """
    file = Path(mutation.module_path).as_posix()
    lines = seen["lines"].get(file, {})
    first, last = statement(mutation)
    names = {name for line in range(first, last + 1) for name in lines.get(str(line), ())}
    names = names or {name for found in lines.values() for name in found}
    ordered = sorted(names, key=seen["seconds"].get)
    chosen, seconds = [], 0.0
    for name in ordered[:ENOUGH]:
        seconds += seen["seconds"][name]
        if seconds > QUICK:
            break
        chosen.append(name)
    return chosen + [name for name in ordered if ORACLE in name and name not in chosen][:STRONG]


def statement(mutation):
    """Return the first and the last line of the smallest statement around a mutation, of a block its head alone."""
    line, found = mutation.start_pos[0], (mutation.start_pos[0], mutation.end_pos[0])
    for node in ast.walk(tree(mutation.module_path)):
        if isinstance(node, ast.stmt) and node.lineno <= line <= node.end_lineno and not getattr(node, "body", None):
            found = node.lineno, node.end_lineno
    return found


def unchanged(mutation, tests):
    """Try what changes nothing, which no test may notice; return what it is called."""
    process = begun(mutation, Path(mutation.module_path).read_text(encoding="utf-8"), tests)
    if os.waitpid(process, 0)[1]:
        raise SystemExit(f"tests fail although nothing is changed: {tests}")
    return "nothing"


def begun(mutation, code, tests):
    """Fork a process in which a module is changed and tests run, and return its number."""
    process = os.fork()
    if process:
        return process
    outcome = BROKEN
    try:
        signal.alarm(ASLEEP)
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST + 1))
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        change(str(ROOT / mutation.module_path), code)
        import pytest

        outcome = int(pytest.main([*PYTEST, *tests])) if tests else 0
    finally:
        os._exit(outcome)


def change(path, code):
    """Let the text of a file be another one for whoever imports it."""
    plain = SourceFileLoader.get_code

    def get_code(self, fullname):
        if os.path.realpath(self.path) == os.path.realpath(path):
            return self.source_to_code(code.encode(), self.path)
        return plain(self, fullname)

    SourceFileLoader.get_code = get_code


def keep(running):
    """Wait for one of the processes, and keep what came of it."""
    process, status = os.wait()
    name, diff = running.pop(process)
    if os.waitstatus_to_exitcode(status) == BROKEN:
        raise SystemExit(f"no test could be run against {name}")
    late = os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGXCPU)
    outcome = "late" if late else "noticed" if status else "survived"
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"name": name, "outcome": outcome, "diff": diff}) + "\n")


def results():
    """Return what came of the mutants that were tried."""
    return [json.loads(line) for line in RESULTS.read_text("utf-8").splitlines()] if RESULTS.exists() else []


def forget(which):
    """Forget results, so that these mutants are tried again."""
    kept = [one for one in results() if not which(one)]
    RESULTS.write_text("".join(json.dumps(one) + "\n" for one in kept), encoding="utf-8")


def tell():
    """Print the score and every mutant that survived."""
    tried = results()
    outcomes = [one["outcome"] for one in tried]
    for one in tried:
        if one["outcome"] == "survived":
            print(f"\n{one['name']}\n{one['diff']}")
    killed, late = outcomes.count("noticed"), outcomes.count("late")
    told = len(tried) - late
    print(f"{killed} of {told} mutants noticed, {100.0 * killed / max(told, 1):.0f} %; {late} ran out of time")


if __name__ == "__main__":
    main()
