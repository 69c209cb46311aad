"""What a comparison found, as the command line prints it: the answer and the claims in short, or all of it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...experiments.formatting import numeral, words
from .console import doubt_text, open_console, print_checked_end, print_table

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from ...experiments.comparison.comparison import Comparison

SAYS = {
    "C0": "The money keeps to its purpose",
    "C1a": "The deal sets off a surge of investment",
    "C1b": "The surge reaches the industries beside the lab",
    "C2a": "The lab's models come faster",
    "C2b": "The lab catches up with the leader",
    "C3": "The industry becomes capital-intensive",
    "C4a": "Compute, not algorithms, is the edge between labs",
    "C4b": "Money for chips does more than money for research",
}
"""What the news item says, in plain words, by the claim."""


def print_comparison(comparison: Comparison, command: Sequence[str], files: Sequence[Path], *, full: bool) -> None:
    """Print what a comparison found: the answer, the claims, and in full every statistic and what pairing gains."""
    console = open_console()
    sentences = comparison.summary()
    for place, sentence in enumerate(sentences):
        if full or place in (0, 1, len(sentences) - 1):
            console.print(f"{sentence}\n")
    claims, pairing = _records(comparison.claims()), _records(comparison.pairing())
    if full and claims:
        _print_claims(console, claims)
    elif claims:
        console.print("What the news item says, and what the model says of it (95 % intervals):\n")
        print_table(console, ("", ""), list(_in_short(comparison)), ends=range(len(SAYS)))
    if full:
        _print_pairing(console, pairing)
    else:
        what = f"every quarter told, all {len(claims)} statistics of the claims and what pairing gains"
        console.print(f"More, {what if claims else 'as what pairing gains'}: add --full.")
    console.print(f"Intervals tell of {doubt_text(comparison.parameters)}.")
    print_checked_end(console, comparison.checks(), command, files)


def _in_short(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """Yield every claim with what it says, the verdict, the size of the statistic that it hangs on, what decides it."""
    from ...experiments.claims.statistic import CLAIMS
    from ...experiments.formatting import as_exactly, estimate

    evidence = comparison.evidence
    assert evidence is not None
    for claim, statistic in CLAIMS.items():
        row = next(iter(statistic.rows(evidence))).plain()
        verdict = row["verdict"] or "not asked"
        lines = [f"{SAYS[claim]}: {verdict.upper()}"]
        if row["verdict"]:
            lines.append(f"{row['statistic']}: {estimate(row, as_exactly(row, numeral))}, asked {row['condition']}")
        yield claim, "\n".join([*lines, f"Decided by {statistic.decided_by}."])


def _print_claims(console: Console, claims: Sequence[Mapping[str, Any]]) -> None:
    """Print the claims with values and verdicts, and below them what decides each."""
    console.print("The claims of the news item:")
    names = [row["claim"] for row in claims]
    ends = {place for place, (name, later) in enumerate(pairwise([*names, ""])) if name != later}
    rows = [_claim(row, first=place == 0 or place - 1 in ends) for place, row in enumerate(claims)]
    print_table(console, ("", "statistic", "value [95 %]", "verdict", "if"), rows, ends=ends)
    console.print("What decides them:")
    decided = dict.fromkeys((row["claim"], row["decided_by"]) for row in claims if row["decided_by"])
    print_table(console, ("", ""), list(decided))


def _print_pairing(console: Console, pairing: Sequence[Mapping[str, Any]]) -> None:
    """Print what common random numbers gain, or that one pair has no standard error."""
    if not any(math.isfinite(row["unpaired_se"]) for row in pairing):
        console.print("One pair of runs has no standard error, so that nothing is said of what pairing gains.\n")
        return
    console.print("Common random numbers make the standard error smaller:")
    heads = ("quantity", "paired", "unpaired", "gain")
    rows = [
        (words(row["quantity"]), numeral(row["paired_se"]), numeral(row["unpaired_se"]), _gain(row)) for row in pairing
    ]
    print_table(console, heads, rows, right=range(1, len(heads)))


def _gain(row: Mapping[str, Any]) -> str:
    """Return how much smaller pairing makes the standard error."""
    return "no difference" if row["paired_se"] == 0.0 else numeral(row["gain"])


def _claim(row: Mapping[str, Any], *, first: bool) -> tuple[str, ...]:
    """Return a claim as a row of text; its name stands in its first row."""
    from ...experiments.formatting import as_exactly, estimate

    statistic = f"{row['statistic']} ({row['note']})" if row["note"] else row["statistic"]
    return (
        row["claim"] if first else "",
        statistic,
        estimate(row, as_exactly(row, numeral)),
        row["verdict"],
        row["condition"],
    )


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows."""
    return frame.to_dict("records")  # type: ignore[return-value]
