"""Measure what a quarter of a replicate costs here and in another checkout, in turn on the same machine.

Run as ``python benchmarks/versions.py PATH_TO_CHECKOUT``, whose own virtual environment has to hold that version. What
is told is processor time: the quickest of several runs of each, since what else a machine does only adds to it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

MEASURED = """
import json, sys, time
import aimarket
from aimarket.model.quarter import QUARTER

replicates, quarters = int(sys.argv[1]), int(sys.argv[2])
model = aimarket.MarketModel("deal_35bn", rng=7, replicates=replicates, record=("indicators",))
model.step()
spent = {f"{phase.code} {phase.name}": [] for phase in QUARTER}
for _ in range(quarters):
    for phase in QUARTER:
        begun = time.process_time()
        phase.run(model)
        spent[f"{phase.code} {phase.name}"].append(1e3 * (time.process_time() - begun))
    model.quarter += 1
print(json.dumps({name: sorted(times)[len(times) // 4] for name, times in spent.items()}))
"""
"""Run by each version's own Python: the lower quartile over quarters of what each phase takes, ms."""

SIZES = (1, 64, 256, 500)
HERE = Path(__file__).parents[1]


def main() -> None:
    """Print costs by size of batch, and by phase."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path, help="the other checkout")
    parser.add_argument("--repeats", type=int, default=3, help="runs of each version and size")
    parser.add_argument("--phases", type=int, default=256, help="size of the batch whose phases are told")
    asked = parser.parse_args()
    versions = {"there": asked.other.resolve(), "here": HERE}
    found = {size: measured(versions, size, asked.repeats) for size in sorted({*SIZES, asked.phases})}
    print("| replicates | there, us a replicate-quarter | here | ratio |\n|---|---|---|---|")
    for size, both in found.items():
        there, here = (1e3 * sum(both[name].values()) / size for name in versions)
        print(f"| {size} | {there:,.0f} | {here:,.0f} | {here / there:.2f} |")
    print(f"\n| phase, {asked.phases} replicates | there, ms | here, ms |\n|---|---|---|")
    there, here = (found[asked.phases][name] for name in versions)
    for phase, spent in here.items():
        print(f"| {phase} | {there.get(phase, 0.0):.2f} | {spent:.2f} |")


def measured(versions: dict[str, Path], size: int, repeats: int) -> dict[str, dict[str, float]]:
    """Return the milliseconds of every phase by version: the least over several runs, which take turns."""
    found: dict[str, dict[str, float]] = {name: {} for name in versions}
    for _ in range(repeats):
        for name, place in versions.items():
            for phase, spent in once(place, size).items():
                found[name][phase] = min(spent, found[name].get(phase, spent))
    return found


def once(place: Path, size: int) -> dict[str, float]:
    """Run one version once; return the milliseconds of every phase of a quarter."""
    python = str(place / ".venv" / "bin" / "python")
    command = [python, "-c", MEASURED, str(size), str(max(12, 40 - size // 16))]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd="/")
    return json.loads(done.stdout)


if __name__ == "__main__":
    sys.exit(main())
