"""What decides a claim: each uncertain assumption at both ends of its range, all else at its default.

``python -m aimarket.experiments.publishing.deciding_assumptions`` prints, for every statistic with a verdict, the
assumptions that change it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from ...model.inputs.text import write_likeness
from ...model.parameters import parameters
from ..comparison.comparison import compare
from ..statistics import OPEN

ALSO = ("dry_powder", "highest_chip_markup")
"""Assumptions beside the uncertain ones that the claims are known to lean on."""


class Trial(NamedTuple):
    """One assumption at one end of its range."""

    name: str
    value: float


def trials() -> Iterator[Trial]:
    """Yield every uncertain assumption at both ends of its range."""
    for name, item in parameters().items():
        if item.uncertain or name in ALSO:
            yield from (Trial(name, end) for end in (item.low, item.high) if end != item.default)


def verdicts(scenario: str, replicates: int, quarters: int, rng: int) -> pd.DataFrame:
    """Return every statistic's value and verdict in every trial, the default first.

    Args:
        scenario: a scenario with a deal.
        replicates: how many replicates of each run.
        quarters: how many quarters.
        rng: the seed.
    """
    found = [_judged(scenario, replicates, quarters, rng, None)]
    found += [_judged(scenario, replicates, quarters, rng, trial) for trial in trials()]
    return pd.concat(found, ignore_index=True)


def _judged(scenario: str, replicates: int, quarters: int, rng: int, trial: Trial | None) -> pd.DataFrame:
    """Return the board of one trial."""
    values = {trial.name: trial.value} if trial else {}
    board = compare(scenario, replicates=replicates, quarters=quarters, rng=rng, parameters=values).claims()
    board = board.loc[board["condition"] != "", ["claim", "statistic", "value", "low", "high", "verdict"]]
    return board.assign(assumption=trial.name if trial else "", at=trial.value if trial else float("nan"))


def table(found: pd.DataFrame) -> str:
    """Return, as Markdown, which assumptions turn each verdict round, and which leave it open."""
    lines = ["| claim | statistic | verdict | turned round by | left undecided by |", "|---|---|---|---|---|"]
    default = found[found["assumption"] == ""]
    for row in default.itertuples():
        others = found[(found["assumption"] != "") & (found["claim"] == row.claim)]
        others = others[(others["statistic"] == row.statistic) & (others["verdict"] != str(row.verdict))]
        turned, left = (
            _named(others[(others["verdict"] == OPEN) == is_open], str(row.verdict)) for is_open in (False, True)
        )
        lines.append(f"| {row.claim} | {row.statistic} | {row.verdict} | {turned} | {left} |")
    return "\n".join(lines)


def _named(trials_of: pd.DataFrame, verdict: str) -> str:
    """Name assumptions with the end of the range, and the verdict where the default has none."""
    says_verdict = verdict == OPEN
    parts = [f"`{t.assumption}` = {t.at:g}{f' ({t.verdict})' if says_verdict else ''}" for t in trials_of.itertuples()]
    return ", ".join(parts) or "–"


def main() -> None:
    """Try all assumptions and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("scenario", nargs="?", default="deal_35bn")
    parser.add_argument("--replicates", type=int, default=64)
    parser.add_argument("--quarters", type=int, default=24)
    parser.add_argument("--seed", type=int, default=7)
    asked = parser.parse_args()
    found = verdicts(asked.scenario, asked.replicates, asked.quarters, asked.seed)
    write_likeness(sys.stdout)
    sys.stdout.write(table(found) + "\n")


if __name__ == "__main__":
    main()
