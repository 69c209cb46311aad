"""Published results of agent-based and macroeconomic models, by the statistic that they are known for."""

from __future__ import annotations

from functools import cache

from ..facts.board import FACTS, StylisedFacts, stylised_facts
from .published import Figure, Published

REPLICATES, QUARTERS, SEED = 64, 40, 7


@cache
def baseline_facts() -> StylisedFacts:
    """Return the stylised facts of the baseline, found once a process: docs/facts.md tells of the same runs."""
    return stylised_facts(replicates=REPLICATES, quarters=QUARTERS, rng=SEED)


def _figures(*keys: str) -> list[Figure]:
    """Return the statistics of some facts; each end of an interval has to lie where the fact puts it."""
    rows = {row["key"]: row for row in baseline_facts().frame.to_dict("records")}
    found = []
    for key in keys:
        fact, row = FACTS[key], rows[key]
        found += [
            Figure(f"{fact.title}: {fact.statistic}, {end} end", fact.expected, float(row[name]), fact.least, fact.most)
            for end, name in (("lower", "low"), ("upper", "high"))
        ]
    return found


def _dosi() -> list[Figure]:
    """Read how lumpy investment is, how fat the tails of growth are, and how volatile investment is."""
    return _figures("lumpy_buyers", "lumpy_suppliers", "tails", "volatility")


def _amplification() -> list[Figure]:
    """Read how much more loans fall with collateral where lenders count more of it."""
    return _figures("amplification")


STYLISED = {
    "dosi": Published(
        "Investment is lumpy and varies more than output, and growth of firms has fat tails",
        "Dosi, Fagiolo and Roventini (2010), Schumpeter meeting Keynes",
        f"{REPLICATES} runs of ten years of the baseline, by the statistics of docs/facts.md",
        _dosi,
    ),
    "kiyotaki_moore": Published(
        "Collateral amplifies: what lowers the value of assets lowers lending the more, the more assets count",
        "Kiyotaki and Moore (1997), Credit cycles",
        f"{REPLICATES} runs with a fall of demand for compute and without, at both ends of loan to value",
        _amplification,
    ),
}
"""Published results that are known by a statistic, by name."""

NOT_TESTED = {
    "distributions of firms' size (Zipf; Axtell 2001)": "some thirty firms have no tail to fit",
    "the exponent of tent-shaped growth rates (Bottazzi and Secchi 2006)": "so few tell that tails are fat, not how",
    "sizes of bankruptcies and of avalanches of them (Delli Gatti and others 2005)": "some ten in ten years",
    "entry, exit and survival by age (Dunne, Roberts and Samuelson 1988)": "three rows may be entered",
    "business cycles and their co-movements (Stock and Watson 1999)": "ten years of growth are no cycle",
    "Phillips, Okun and Beveridge curves of macroeconomic models": "there are no households and no labour market",
}
"""What is often replicated and cannot be tested here, and why."""
