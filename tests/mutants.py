"""Change one thing in the rules at a time, and see whether tests notice: ``python tests/mutants.py --sample 120``.

Cosmic Ray makes the mutants; a sample of them, drawn by a seed, is tried in copies of the repository against tests that
are quickly run. What lies in annotations is left out, since nothing evaluates it. ``--read`` tells of what was tried so
far: the score, and every mutant that survived.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from cosmic_ray.commands import execute, init
from cosmic_ray.config import ConfigDict
from cosmic_ray.work_db import WorkDB, use_db

ROOT = Path(__file__).parents[1]
PLACE = ROOT / "build" / "mutants"
MUTATED = ("agents/rules", "model/accounting", "model/markets", "model/deals")
LONGEST = 300.0
"""Seconds that tests of one mutant may take; longer counts as noticed."""

TESTS = (
    *("-k", "not oracle or (three_years and deal) or (default and not rate) or cloud_fails or rent"),
    "tests/docking/test_oracle.py",
    *(f"tests/closed_forms/test_{name}.py" for name in ("choice", "learning", "merit_order", "rationing", "rents")),
    *(f"tests/closed_forms/test_{name}.py" for name in ("segments", "credit", "contracts", "sublets", "lending")),
    *(
        "tests/unit/model/accounting/test_ledger.py",
        "tests/properties/test_money.py",
        "tests/properties/test_sharing.py",
    ),
    *("tests/accounting/test_identities_can_fail.py", "tests/accounting/test_vehicles.py"),
)
"""Tests that every mutant meets, those first that notice most."""


def main():
    """Try mutants, or read what came of those that were tried."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=120)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--read", action="store_true")
    asked = parser.parse_args()
    if asked.worker is not None:
        tried_by(asked.worker)
    elif not asked.read:
        prepared(asked.sample, asked.seed, asked.workers)
        begun = [subprocess.Popen([sys.executable, __file__, "--worker", str(n)]) for n in range(asked.workers)]
        for process in begun:
            process.wait()
    if asked.worker is None:
        tell()


def prepared(sample, seed, workers):
    """Copy the repository for every worker, and give each its part of a sample of all mutants."""
    shutil.rmtree(PLACE, ignore_errors=True)
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split(
        "\n"
    )
    for number in range(workers):
        for name in filter(None, tracked):
            target = PLACE / str(number) / "aimarket" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, target)
    os.chdir(PLACE / "0" / "aimarket")
    modules = sorted(path for folder in MUTATED for path in Path(folder).glob("*.py") if path.name != "__init__.py")
    with use_db(PLACE / "all.sqlite", WorkDB.Mode.create) as everything:
        init(modules, everything, {})
        items = [item for item in everything.work_items if not in_annotation(item.mutations[0])]
    print(f"{len(items)} mutants of {len(modules)} files")
    chosen = random.Random(seed).sample(items, min(sample, len(items)))
    for number in range(workers):
        with use_db(PLACE / f"{number}.sqlite", WorkDB.Mode.create) as mine:
            mine.add_work_items(chosen[number::workers])


def in_annotation(mutation):
    """Tell whether a mutation lies within an annotation, which is never evaluated."""
    begin, end = mutation.start_pos, mutation.end_pos
    return any(low <= begin and end <= high for low, high in annotations(mutation.module_path))


@cache
def annotations(module):
    """Return where the annotations of a file begin and end."""
    nodes = list(ast.walk(ast.parse(Path(module).read_text(encoding="utf-8"))))
    found = [node.annotation for node in nodes if isinstance(node, ast.arg | ast.AnnAssign)]
    found += [node.returns for node in nodes if isinstance(node, ast.FunctionDef)]
    return [((n.lineno, n.col_offset), (n.end_lineno, n.end_col_offset)) for n in found if n is not None]


def tried_by(number):
    """Try a worker's mutants in its copy."""
    os.chdir(PLACE / str(number) / "aimarket")
    os.environ["PYTHONPATH"] = str(PLACE / str(number))
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    words = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-p", "no:randomly", *TESTS]
    command = " ".join(f"'{word}'" for word in words)
    config = ConfigDict({"test-command": command, "timeout": LONGEST, "distributor": {"name": "local"}})
    with use_db(PLACE / f"{number}.sqlite", WorkDB.Mode.open) as mine:
        execute(mine, config)


def tell():
    """Print the score and every mutant that survived."""
    results = []
    for path in sorted(PLACE.glob("[0-9]*.sqlite")):
        with use_db(path, WorkDB.Mode.open) as mine:
            done = dict(mine.results)
            results += [(item.mutations[0], done[item.job_id]) for item in mine.work_items if item.job_id in done]
    late = [mutation for mutation, result in results if "timeout" in result.output[:20]]
    survived = [(mutation, result) for mutation, result in results if result.test_outcome == "survived"]
    for mutation, result in survived:
        print(f"\n{mutation.module_path}:{mutation.start_pos[0]} {mutation.operator_name}\n{result.diff}")
    told = len(results) - len(late)
    killed = told - len(survived)
    print(f"{killed} of {told} mutants noticed, {100.0 * killed / max(told, 1):.0f} %; {len(late)} ran out of time")


if __name__ == "__main__":
    main()
