"""Measure what the engines take, side by side: NumPy, the kernel, and NumPy of another checkout if one is given.

Run as ``python benchmarks/engines.py [PATH_TO_CHECKOUT]``. What is told is processor time of one core: the least of
several runs, which take turns, since what else a machine does only adds to it. Kernels are compiled beforehand.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

MEASURED = """
import json, os, sys, time
import numpy as np
import aimarket

engine, here = sys.argv[1], sys.argv[2] == "here"
options = {"engine": engine} if here else {}
clock, found = time.process_time, {}

def least(repeats, action):
    taken = []
    for _ in range(repeats):
        begun = clock()
        action()
        taken.append(clock() - begun)
    return min(taken)

def stepped(replicates, repeats):
    model = aimarket.MarketModel("deal_35bn", rng=7, replicates=replicates, record=("indicators",))
    if engine == "numpy":
        with np.errstate(all="ignore"):
            model.step()
            return least(repeats, model.step) / replicates
    from functools import partial
    from aimarket.model.kernel.engine import choose
    build = partial(aimarket.MarketModel, "deal_35bn", rng=7, record=("indicators",))
    kernel = choose(model, build, "kernel", 1).kernel
    room = kernel.room(model.history.wanted, 40, replicates)
    state, values, draws = kernel.loaded(model), kernel.values(model), kernel.drawn(model, 40)
    memory, judged = kernel.memory(), np.zeros(replicates)
    def run():
        for first in range(0, replicates, 8):
            block = slice(first, min(first + 8, replicates))
            given = {"draws": draws, "judged": judged, "state": state, "parameters": values}
            kernel.compiled.run(memory, block, 0, room.kept, **given)
    return least(repeats, run) / 40 / replicates

found["stepping 500 replicates, us a replicate-quarter"] = 1e6 * stepped(500, 6)
found["stepping one replicate, us a quarter"] = 1e6 * stepped(1, 20)
run = lambda count: lambda: aimarket.run_ensemble("deal_35bn", count, 40, 7, **options)
run(1)()
def played():
    model = aimarket.MarketModel("deal_35bn", rng=7)
    with np.errstate(all="ignore"):
        if engine == "kernel":
            from functools import partial
            from aimarket.model.kernel.stepping import step_in_kernel
            step_in_kernel(model, partial(aimarket.MarketModel, "deal_35bn", rng=7), "kernel", 40)
        model.step()
        model.step()
        return least(30, model.step)

found["step() with everything recorded, ms"] = 1e3 * played()
found["1,000 replicates x 40 quarters, ms a replicate"] = least(2, run(1000))
found["one replicate x 40 quarters, ms"] = 1e3 * least(4, run(1))
os.environ["AIMARKET_ENGINE"] = engine
tip = lambda: aimarket.tipping("announcement_effect", "C1a.funding", replicates=64)
found["a tipping value, s"] = least(2 if engine == "kernel" else 1, tip)
compare = lambda: aimarket.compare("deal_35bn", rng=7)
found["compare deal_35bn, s"] = least(2 if engine == "kernel" else 1, compare)
print(json.dumps(found))
"""
"""Run by each version's own Python: seconds, or parts of them, by what is measured."""

HERE = Path(__file__).parents[1]


def main() -> None:
    """Print what every engine takes, and ratios to the first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path, nargs="?", help="another checkout, the root of a package named aimarket")
    parser.add_argument("--repeats", type=int, default=2, help="runs of each, which take turns")
    asked = parser.parse_args()
    sides = {"NumPy": (HERE, "numpy"), "kernel": (HERE, "kernel")}
    if asked.other is not None:
        sides = {"NumPy, there": (asked.other.resolve(), "numpy"), **sides}
    found: dict[str, dict[str, float]] = {side: {} for side in sides}
    once(HERE, "kernel")
    for _ in range(asked.repeats):
        for side, (place, engine) in sides.items():
            for name, taken in once(place, engine).items():
                found[side][name] = min(taken, found[side].get(name, taken))
    print(table(found))


def once(place: Path, engine: str) -> dict[str, float]:
    """Run one side once; another checkout is imported by the name of its folder, with this one's libraries."""
    command = [sys.executable, "-c", MEASURED, engine, "here" if place == HERE else "there"]
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "aimarket").symlink_to(place)
        done = subprocess.run(
            command, check=True, capture_output=True, text=True, cwd="/", env={**_environment(), "PYTHONPATH": folder}
        )
    return json.loads(done.stdout)


def _environment() -> dict[str, str]:
    """Return the environment without an engine that is asked for."""
    import os

    return {name: value for name, value in os.environ.items() if name != "AIMARKET_ENGINE"}


def table(found: dict[str, dict[str, float]]) -> str:
    """Return what was measured as Markdown, with the ratio of the first side to the last."""
    sides = list(found)
    lines = [f"| measured | {' | '.join(sides)} | times faster |", "|---" * (len(sides) + 2) + "|"]
    for name, first in found[sides[0]].items():
        values = " | ".join(f"{found[side][name]:.3g}" for side in sides)
        lines.append(f"| {name} | {values} | {first / found[sides[-1]][name]:.1f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
