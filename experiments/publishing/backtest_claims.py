"""The claims of the news item on the posterior: how sure, and how much of the doubt each parameter makes."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from ...agents.state.arrays import Floats
from ...model.scenarios.scenario import scenarios
from ..analysis.variance_shares import variance_by_source
from ..claims.evidence import Evidence
from ..claims.statistic import STATISTICS, quarters_needed, sample_of_each
from ..comparison.comparison import evidence_of
from ..formatting import whole_percent
from ..runs.posterior import posterior, sampled
from ..statistics import meets
from .markdown_tables import markdown_table

ACCOUNTS = ("deal_35bn", "deal_reported")
"""The deal as the news item tells it, and as most others do."""

REPLICATES, SEED = 2, 7
"""Runs of each member of the posterior sample, so that chance can be separated from parameters."""

TAILS = (0.05, 0.95)
LEADING, LEAST = 3, 0.02
"""Parameters named with each statistic: so many at most, each with at least this part of the variance."""


def accounts_text() -> str:
    """Return the claims of both accounts of the deal, as Markdown."""
    return "\n\n".join(f"**`{account}`**\n\n{claims_table(account)}" for account in ACCOUNTS)


def claims_table(account: str) -> str:
    """Return the claims with their bands on the posterior, as Markdown; only those that have a condition."""
    table = claims_on_posterior(account)
    asked: Any = table[(table["condition"] != "") & ~table["key"].str.contains("quiet")]
    heads = (
        "claim",
        "statistic",
        "median of runs [5-95 %]",
        "supported if",
        "runs that say so",
        "variance from parameters",
        "of which, of all variance",
    )
    rows = [
        (
            row.claim,
            row.statistic,
            f"{row.median:.3g} [{row.low:.3g}, {row.high:.3g}]" + _unit(row.unit),
            row.condition,
            whole_percent(row.met),
            whole_percent(row.parameters),
            row.leading,
        )
        for row in asked.itertuples()
    ]
    return markdown_table(heads, rows)


def _unit(unit: str) -> str:
    """Return a unit as it follows its value."""
    return "" if unit == "1" else f" {unit}"


@cache
def claims_on_posterior(account: str) -> pd.DataFrame:
    """Return every statistic of the claims with its band under parameter uncertainty and chance.

    The columns are key, claim, statistic, unit, median, low and high (5 and 95 percent of runs), condition, met (the
    part of runs that meet it), parameters (the part of the variance that parameters make, the rest is chance) and
    leading (the parameters that make most of it, with the part of the variance that goes with their ranks).

    Args:
        account: a scenario with a deal.
    """
    size = len(posterior())
    runs = dict.fromkeys(run for item in STATISTICS.values() for run in item.runs)
    quarters = quarters_needed(STATISTICS, scenarios()[account])
    evidence = evidence_of(
        account, "baseline", runs, replicates=REPLICATES * size, quarters=quarters, rng=SEED, parameters="posterior"
    )
    points = sampled(range(REPLICATES * size))
    return pd.DataFrame([_row(key, evidence, points, size) for key in STATISTICS])


def _row(key: str, evidence: Evidence, points: pd.DataFrame, size: int) -> dict[str, Any]:
    """Return the row of a statistic."""
    item = STATISTICS[key]
    named = {"key": key, "claim": item.claim, "statistic": item.label, "unit": item.unit}
    sample = sample_of_each(item, evidence)
    known = np.isfinite(sample)
    if not known.any():
        return {**named, "condition": "", "leading": ""}
    low, high = np.quantile(sample[known], TAILS)
    asked = item.condition and (item.judged is None or item.judged(evidence))
    return {
        **named,
        "median": float(np.median(sample[known])),
        "low": float(low),
        "high": float(high),
        "condition": item.condition if asked else "",
        "met": float(np.mean([meets(value, item.condition) for value in sample[known]])) if asked else np.nan,
        "parameters": _part_of_parameters(sample.reshape(-1, size).T),
        "leading": _leading(sample, points),
    }


def _part_of_parameters(values: Floats) -> float:
    """Return the part of the variance that parameters make, from values of shape (sample, replicates)."""
    shares = variance_by_source(values[np.isfinite(values).all(1)])
    return float(shares.set_index("source")["part"]["parameters"])


def _leading(sample: Floats, points: pd.DataFrame) -> str:
    """Return the parameters that make most of the variance, with their parts: squared regressions of ranks."""
    known = np.isfinite(sample)
    if np.ptp(sample[known]) == 0.0:
        return ""
    ranks = points[known].rank().to_numpy()
    scaled = (ranks - ranks.mean(0)) / ranks.std(0)
    own = pd.Series(sample[known]).rank().to_numpy()
    slopes = np.linalg.lstsq(scaled, (own - own.mean()) / own.std(), rcond=None)[0]
    parts = pd.Series(slopes**2, index=points.columns).sort_values(ascending=False).head(LEADING)
    return ", ".join(f"{name} {part:.0%}" for name, part in parts.items() if part >= LEAST)
