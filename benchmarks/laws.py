"""Run the laws of rented compute large: python benchmarks/laws.py, at defaults and at both ends of bold assumptions.

Each line is a mean difference on common random numbers with its 95 % interval, %, of models and markups in points.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.signs import rental_worlds as worlds
from tests.signs.halves import halves_apart

EIGHT = 8
NOTHING = 1e-3
"""An effect of less counts as none: the law is closed there."""


def main() -> None:
    """Print laws and comparative statics as Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--replicates", type=int, default=32)
    parser.add_argument("--start", default="2024Q4", help="the quarter at whose end worlds begin")
    asked = parser.parse_args()
    size = {"quarters": EIGHT, "replicates": asked.replicates, "start": asked.start}
    print("| world | law | what | effect | expected | |\n|---|---|---|---|---|---|")
    for place, base in bold_worlds().items():
        for line in laws(base, size):
            print(f"| {place} | {' | '.join(line)} |", flush=True)
    print("\n| change | what | effect | expected sign | prototype | |\n|---|---|---|---|---|---|")
    for name, changed, what, sign, prototype in worlds.STATICS:
        found = worlds.effect(worlds.World(changed), worlds.AS_IT_IS, what, worlds.END_OF_YEAR, **size)
        print(f"| {name} | {what} | {shown(found)} | {sign:+d} | {prototype} | {verdict(found, sign)} |", flush=True)


def bold_worlds() -> dict[str, worlds.World]:
    """Return the worlds in which laws have to hold, by name."""
    found = {"defaults": worlds.AS_IT_IS}
    for name, ends in worlds.BOLD.items():
        found |= {f"{name} = {end:g}": worlds.World({name: end}) for end in ends}
    return found


def laws(base: worlds.World, size: dict) -> list[tuple[str, ...]]:
    """Return lines of law, what is looked at, effect, expectation and verdict in one world."""
    lines = []
    for slack in ({}, worlds.SLACK):
        world = base.with_(**slack)
        entered = worlds.World(world.parameters, entrant="Cloud entrant")
        found = worlds.effect(entered, world, "rent", worlds.END_OF_YEAR, **size)
        name = "L2 a cloud enters, chips slack" if slack else "L2 a cloud enters"
        lines.append((name, "rent", shown(found), "-", verdict(found, -1, least=0.0)))
    for whom, given in worlds.FREE_CHIPS.items():
        world = worlds.World(base.parameters, change=given.change)
        for what, sign in (("best model", 1), ("margin", -1), ("rent", -1)):
            found = worlds.effect(world, base, what, worlds.A_YEAR_LATER, **size)
            weak = verdict(found, sign).replace("closed", "holds")
            lines.append((f"L3 free chips to {whom}", what, shown(found), f"{sign:+d} or 0", weak))
    for name, more in worlds.MORE.items():
        early, late = (
            worlds.effect(base.with_(**more), base, "world", quarter, **size)
            for quarter in (worlds.END_OF_YEAR, worlds.A_YEAR_LATER)
        )
        judged = verdict(early, 1) if early.rises else verdict(late, 1)
        found = f"{shown(early)}, then {shown(late)}"
        lines.append((f"L6 +50 % of {name}", "world's compute after a year, two", found, "+ by then", judged))
    share, rent = halves_apart(base.parameters | {"rivalry": 0.0}, size["start"])
    holds = "holds" if abs(share) < 0.005 and abs(rent) < 0.001 else "FAILS"
    apart = f"{100 * share:+.2f}, {100 * rent:+.3f}"
    lines.append(("L4 a tenant in two halves, rivalry 0", "joint share, its rent", apart, "0", holds))
    return lines


def shown(found: worlds.Interval) -> str:
    """Return an interval in per cent."""
    return f"{100 * found.mean:+.2f} [{100 * found.low:+.2f}, {100 * found.high:+.2f}]"


def verdict(found: worlds.Interval, sign: int, least: float = NOTHING) -> str:
    """Say whether an effect has its sign, or is closed: none, or less than the least that counts."""
    right, wrong = (found.rises, found.falls) if sign > 0 else (found.falls, found.rises)
    if abs(found.mean) < least or not (right or wrong):
        return "closed"
    return "holds" if right else "FAILS"


if __name__ == "__main__":
    main()
