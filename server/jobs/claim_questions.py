"""The claims of the news item as questions: what is asked of each, and what runs and tipping values answer."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...experiments.claims.deciding import deciders
from ...experiments.claims.statistic import STATISTICS
from ...experiments.formatting import as_exactly, bounded, numeral, unit_words
from ...experiments.statistics import SUPPORTED, bound

if TYPE_CHECKING:
    from ...experiments.analysis.tipping import Tipping
    from ...experiments.claims.evidence import Evidence
    from ...experiments.claims.rows import Statistic
    from ..url.view_state import View

DIGITS = 5

ANY = "announcement_effect"
"""The assumption that is held against a statistic which none surely decides."""


class Claim(NamedTuple):
    """What the news item says, and by what it is judged here.

    Attributes:
        name: its number.
        title: what it is about.
        quotation: its own words.
        statistics: the keys of what it is judged by.
        leading: the key of the statistic whose deciding assumption is shown first; empty where none decides.
    """

    name: str
    title: str
    quotation: str
    statistics: tuple[str, ...]
    leading: str


CLAIMS = (
    Claim(
        "C0",
        "Money with one purpose",
        "The colossal sum is earmarked exclusively for a single, critical purpose",
        ("C0.strayed",),
        "",
    ),
    Claim(
        "C1",
        "A surge of investment",
        "likely to reignite an investment surge in the AI infrastructure space, drawing more capital to adjacent "
        "industries",
        ("C1a.funding", "C1b.spending_others", "C1b.capex_halls"),
        "C1a.funding",
    ),
    Claim(
        "C2",
        "Faster iteration, sharper competition",
        "R&D pipeline and model iteration speed could accelerate dramatically, potentially intensifying competition "
        "with industry frontrunners",
        ("C2a.one_oom", "C2a.lasting", "C2b.gap_7"),
        "C2b.gap_7",
    ),
    Claim(
        "C3",
        "An era of capital",
        "evolving from a startup-led, innovation-driven phase towards a capital- and infrastructure-intensive era",
        ("C3.sales.trend", "C3.sales.others"),
        "C3.sales.others",
    ),
    Claim(
        "C4",
        "Compute or algorithms",
        "the primary constraint on breakthrough AI progress is no longer algorithm design alone, but access to and the "
        "cost of computational resources",
        ("C4a.edge_8", "C4a.field_8"),
        "C4a.edge_8",
    ),
)

SHORT: Mapping[str, str] = MappingProxyType(
    {
        "C0.strayed": "Earmarked money used off its purpose",
        "C1a.funding": "Funding added per $ of the deal",
        "C1b.spending_others": "Spending on chips and halls by others",
        "C1b.capex_halls": "Capital spending of builders of halls",
        "C2a.one_oom": "Time to the next order of magnitude",
        "C2a.lasting": "Second step less the first: lasting if ≤ 0",
        "C2b.gap_7": "Gap to the leader after 7 quarters",
        "C3.sales.trend": "Capex over sales: three years’ trend",
        "C3.sales.others": "Capex over sales: effect on other labs",
        "C4a.edge_8": "+10 % compute less algorithms, share of demand",
        "C4a.field_8": "+10 % compute less algorithms, best model",
    }
)
"""Statistics in few words; the whole wording is their tooltip."""


def statistics() -> list[Statistic]:
    """Return all statistics of the board."""
    return [STATISTICS[key] for claim in CLAIMS for key in claim.statistics]


def levers(statistic: Statistic) -> list[str]:
    """Return the parameters that are said to decide a statistic."""
    return deciders(statistic.key)


class Asked(NamedTuple):
    """Which assumption is held against which statistic of a claim."""

    claim: str
    statistic: str
    lever: str


def asked(view: View) -> list[Asked]:
    """Return what is asked of every claim: as the link says, else what decides its leading statistic."""
    chosen, lever = view.extra.get("claim", ""), view.extra.get("lever", "")
    found = []
    for claim in CLAIMS:
        here = chosen in claim.statistics
        key = chosen if here else claim.leading
        named = [*levers(STATISTICS[key]), ANY] if key else []
        found.append(Asked(claim.name, key, lever if here and lever else named[0] if named else ""))
    return found


def judged(statistic: Statistic, evidence: Evidence) -> dict[str, Any]:
    """Return a statistic of the runs as a page shows it: estimate, interval, spread over pairs, threshold, verdict."""
    row = next(iter(statistic.rows(evidence))).plain()
    return told(statistic, row, statistic.measure(evidence).most())


def told(statistic: Statistic, row: Mapping[str, Any], spread: tuple[float, float]) -> dict[str, Any]:
    """Return a row of the board of claims as a page shows it.

    Args:
        statistic: what it is a row of.
        row: the row, as `rows.Row.plain` returns it.
        spread: the values between which most pairs lie.
    """
    least, most = spread
    known = bool(np.isfinite(row["value"]))
    return {
        "key": statistic.key,
        "label": SHORT[statistic.key],
        "wording": row["statistic"],
        "unit": unit_words(statistic.unit),
        "value": _point(row["value"]),
        "low": _point(row["low"]),
        "high": _point(row["high"]),
        "least": _point(least),
        "most": _point(most),
        "bound": _limit(statistic.condition),
        "mirrored": statistic.condition.startswith("<"),
        "condition": bounded(f"{statistic.condition.partition(' ')[0]} {_limit(statistic.condition):g}"),
        "verdict": row["verdict"],
        "note": row["note"],
        "shown": estimate_text(row, row["value"]) if known else "undefined",
        "interval": " to ".join(estimate_text(row, row[end]) for end in ("low", "high")) if known else _missing(row),
    }


def _missing(row: Mapping[str, Any]) -> str:
    """Return in how many of how many pairs a statistic has no value."""
    return f"in {row['undefined']} of {row['runs']} pairs"


def curve(found: Tipping) -> dict[str, Any]:
    """Return how a statistic responds to an assumption, and where its verdict flips, as a page shows it."""
    rows = found.curve.dropna(subset=["mean"]).to_dict("records")
    points = [[_point(row[name]) for name in ("value", "mean", "low", "high")] for row in rows]
    value = float(found.value)
    return {
        "points": points,
        "verdicts": [row["verdict"] for row in rows],
        "zones": _zones([row["value"] for row in rows], [row["verdict"] for row in rows]),
        "tips": value if found.found else None,
        "bound": _limit(found.statistic.condition),
        "mirrored": found.statistic.condition.startswith("<"),
        "unit": unit_words(found.statistic.unit),
        "words": _tips(found),
        "sentence": found.sentence(),
        "pairs": found.replicates,
    }


def _limit(condition: str) -> float:
    """Return the number of a condition; what no eye can tell from nothing is nothing."""
    limit = bound(condition)
    return limit if abs(limit) > 1e-6 else 0.0


def _tips(found: Tipping) -> str:
    """Return in a few words where the verdict flips."""
    if found.found:
        return f"tips at {numeral(found.value)}" + (f", {found.crossings} times in all" if found.crossings > 1 else "")
    if np.isfinite(found.low):
        return f"no flip, but undecided from {numeral(found.low)} to {numeral(found.high)}"
    return f"{found.below} all over {numeral(found.factor.low)} to {numeral(found.factor.high)}"


def _zones(values: list[float], verdicts: list[str]) -> list[list[float]]:
    """Return the stretches of an assumption over which the claim is supported."""
    zones: list[list[float]] = []
    before = False
    for value, verdict in zip(values, verdicts, strict=True):
        holds = verdict == SUPPORTED
        if holds and before:
            zones[-1][1] = value
        elif holds:
            zones.append([value, value])
        before = holds
    return [zone for zone in zones if zone[1] > zone[0]]


def estimate_text(row: Mapping[str, Any], value: float) -> str:
    """Return a number of an estimate as it is shown: as exactly as its interval is wide, with a true minus."""
    return as_exactly(row, numeral)(value).replace("-", "−")


def _point(value: Any) -> float | None:
    """Return a number of a few digits; None where it is none."""
    return float(f"{float(value):.{DIGITS}g}") if np.isfinite(value) else None
