"""Hold every identity in every scenario with parameters drawn at random: python benchmarks/identities.py.

In every start of the data each scenario runs with a draw a replicate of all parameters that it leaves alone, and now
and then a lab and a cloud are ruined. Told is the worst relative residual of each identity, and where it was.
"""

from __future__ import annotations

import argparse
import sys
import warnings
import zlib
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
import aimarket
from aimarket.model.accounting.identities import IDENTITIES, TOLERANCE
from aimarket.model.quarter import QUARTER
from tests.accounting.worlds import drawn, ruin
from tests.properties.test_defaults_of_clouds import CLOUDS, LABS, STARTS

RUINED_EVERY = 13
"""Quarters between two ruins: of another lab and another cloud each time."""

HALF = slice(None, None, 2)
"""The replicates in which they are ruined."""


def main() -> int:
    """Print a Markdown table; return 1 where an identity fails."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=32)
    parser.add_argument("--quarters", type=int, default=60)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    worst = dict.fromkeys(IDENTITIES, (-1.0, ""))
    lost = [0, 0]
    for start in STARTS:
        for scenario in aimarket.scenarios():
            model = run(scenario, start, asked.replicates, asked.quarters)
            for name, residual in model.checks().items():
                worst[name] = max(worst[name], (residual, f"{scenario} from {start}"))
            lost = [lost[0] + int(model.labs.defaults.sum()), lost[1] + int(model.clouds.defaults.sum())]
            print(f"{scenario} from {start}: {max(model.checks().values()):.1e}", file=sys.stderr, flush=True)
    print("| identity | what holds | worst residual | where |\n|---|---|---|---|")
    for name, (residual, where) in worst.items():
        print(f"| {name} | {IDENTITIES[name].__name__.replace('_', ' ')} | {residual:.1e} | {where} |")
    print(f"\n{lost[0]:,} defaults of labs and {lost[1]:,} of clouds.")
    return int(not max(residual for residual, _ in worst.values()) <= TOLERANCE)


def run(scenario: str, start: str, replicates: int, quarters: int) -> aimarket.MarketModel:
    """Run a scenario from a start with drawn parameters and ruins, and return the model."""
    case = aimarket.load_scenario(scenario)
    seed = zlib.crc32(f"{scenario} {start}".encode())
    values = drawn(seed, replicates, case)
    model = aimarket.MarketModel(case, rng=seed, start=start, replicates=replicates, parameters=values, record=())
    for now in range(quarters):
        for phase in QUARTER:
            if phase.name == "distress" and now % RUINED_EVERY == RUINED_EVERY - 1:
                ruin(model, model.labs, now // RUINED_EVERY % LABS, HALF)
                ruin(model, model.clouds, (now // RUINED_EVERY + 2) % CLOUDS, HALF)
            phase.run(model)
        model.quarter += 1
    return model


if __name__ == "__main__":
    sys.exit(main())
