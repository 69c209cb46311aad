"""Measure what a quarter takes as firms become many: labs, vendors and managers, in copies of those of the data.

Run as ``python -m benchmarks.roster [LABS VENDORS MANAGERS]``. What is told is processor time of NumPy for one
replicate and for one of a batch, the least of several quarters, beside the number of pairs for which columns hold a
number: labs and clouds with vendors, borrowers with managers, labs with clouds.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np

import aimarket
from aimarket.model.initial_state import Start
from tests.builders import longer

KINDS = ("ai_labs", "chip_vendors", "asset_managers")
SIZES = ((6, 4, 6), (30, 8, 15), (60, 16, 30), (100, 24, 50), (200, 40, 100))
QUARTERS = 6
BATCH = 16


def roster(labs: int, vendors: int, managers: int) -> Start:
    """Return a start with so many labs, vendors and managers, the first of which are those of the data."""
    start = aimarket.load_start()
    for kind, wanted in zip(KINDS, (labs, vendors, managers), strict=True):
        more = wanted - len(start.roster[kind])
        start = longer(kind, more, start) if more > 0 else start
    return start


def pairs(model: aimarket.MarketModel) -> int:
    """Return of how many pairs of firms a model's columns hold a number, at most one for each two tables."""
    owners, borrowers = (sum(map(len, tables)) for tables in (model.owners, model.borrowers))
    return owners * len(model.vendors) + borrowers * len(model.managers) + len(model.labs) * len(model.clouds)


def filled(model: aimarket.MarketModel) -> float:
    """Return which part of loans by borrower and manager, and of orders by vendor and owner, is not nothing."""
    held = [firms.loans[:, :-1] for firms in model.borrowers] + [model.vendors.backlog[:, :-1]]
    return sum(np.count_nonzero(array) for array in held) / sum(array.size for array in held)


def stepped(model: aimarket.MarketModel) -> float:
    """Return the milliseconds of a quarter of a replicate."""
    took = []
    with np.errstate(all="ignore"):
        for _ in range(QUARTERS):
            begun = time.process_time()
            model.step()
            took.append(time.process_time() - begun)
    return 1e3 * min(took) / model.replicates


def row(size: tuple[int, ...]) -> str:
    """Return a row of the table."""
    start = roster(*size)
    alone, batch = (
        aimarket.MarketModel(start=start, rng=7, replicates=count, record=("indicators",)) for count in (1, BATCH)
    )
    took, shared, count = stepped(alone), stepped(batch), pairs(alone)
    firms = sum(map(len, alone.populations))
    times = f"{took:.1f} | {shared:.2f} | {1e3 * shared / count:.2f}"
    return f"| {' x '.join(map(str, size))} | {firms} | {count:,} | {times} | {filled(alone):.0%} |"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int, nargs="*", help="labs, vendors, managers; several sizes when left out")
    size = parser.parse_args().size
    print(
        f"| labs x vendors x managers | firms | pairs | alone, ms | of {BATCH}, ms | us a pair | pairs with something |"
    )
    print("|---" * 7 + "|")
    for each in [tuple(size)] if size else SIZES:
        print(row(each), flush=True)


if __name__ == "__main__":
    sys.exit(main())
