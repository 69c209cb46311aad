"""What the model says, as sentences and tables: made by a command, so that nobody types a figure or a verdict.

``python -m aimarket.experiments.publishing.claims_page docs/claims.md README.md`` runs what is needed, some five
minutes on one core, and rewrites the sections between markers of both.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd

from ...model.initial_state import Start, load_start
from ..claims import findings, sources
from ..claims.findings import TITLES, Found
from ..claims.sizes import SIZES
from ..comparison.comparison import Comparison, compare
from ..formatting import estimate
from . import deal_accounts, deciding_parameters, money_sources
from .backtest_claims import accounts_text
from .generated_tables import Sections, main
from .markdown_tables import markdown_table

STAKES = [0.0, 0.02, 0.01, 0.12, 0.0, 0.10]
"""Another reading of who holds independent labs at the start: growth and venture managers a quarter of them."""


@cache
def deal(start: Start | None = None) -> Comparison:
    """Return the comparison that docs/claims.md is about."""
    return compare("deal_35bn", start=start) if start is not None else deal_accounts.account("deal_35bn")


def summary_text() -> str:
    """Return what the deal changed, in sentences."""
    return "\n\n".join(deal().summary())


@cache
def found() -> Mapping[str, Found]:
    """Return what is told of the deal, as rows of the board by key."""
    evidence = deal().evidence
    assert evidence is not None
    return findings.found_of(evidence)


def findings_text() -> str:
    """Return what came of every claim, as a list."""
    return "\n".join(findings.bullet(claim, found()) for claim in TITLES)


def in_short() -> str:
    """Return what came of every claim with its first finding, and how the first of C1 goes with whose money it is."""
    lines = [findings.line(claim, found()) for claim in TITLES]
    return "\n".join([*lines, f"- **Whose money it is:** {money()}"])


def money() -> str:
    """Return how funding per dollar of the deal goes with whose money it is."""
    places = sources.at_default(sources.of(sources.ALL), sources.YIELD)
    return f"what all firms raise per dollar of the deal goes {sources.told(places)}."


def claims_table() -> str:
    """Return the claims board as a Markdown table."""
    rows = []
    board: Any = deal().claims()
    for row in board.itertuples():
        value = estimate(row._asdict(), "{:.3g}".format)
        asked = f"{row.condition}" if row.condition else ""
        rows.append((row.claim, row.statistic, value, asked, f"**{row.verdict}**" if row.verdict else "", row.note))
    return markdown_table(("claim", "statistic", "value [95 % interval]", "supported if", "verdict", "note"), rows)


def sizes_table() -> str:
    """Return the smallest effects that matter, with their reasons."""
    rows = [(what, f"{size.least:g} {size.unit}".removesuffix(" 1"), size.why) for what, size in SIZES.items()]
    return markdown_table(("what is measured", "smallest effect that matters", "why (all are assumptions)"), rows)


def stakes_table() -> str:
    """Return the claims that hang on what managers hold at the start."""
    start = load_start()
    managers = {**start.stocks["asset_managers"], "part_of_lab_shares": STAKES}
    other = compare("deal_35bn", start=replace(start, stocks={**start.stocks, "asset_managers": managers}))
    rows = [
        (name, *(f"{values.value:.3g} [{values.low:.3g}, {values.high:.3g}]" for values in pair))
        for name, pair in _beside(deal(), other)
    ]
    return markdown_table(("statistic", "no shares (default)", "a quarter of independent labs"), rows)


def _beside(one: Comparison, other: Comparison) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Yield selected statistics of two comparisons."""
    wanted = (
        "funding added per dollar of the deal, announcement effect off",
        "recipient's own capital spending per dollar of the deal",
        "time to +1 OOM of capability",
        "recipient's share of demand after 7 quarters",
    )
    boards = [result.claims().set_index("statistic") for result in (one, other)]
    for name in wanted:
        yield name, (boards[0].loc[name], boards[1].loc[name])
    running = {"recipient_powered_compute": "compute that runs for the recipient", "lab_compute": "compute of all labs"}
    for quantity, what in running.items():
        frames = [_of_quantity(result, quantity) for result in (one, other)]
        for date in ("2027Q2", "2028Q2", "2029Q2"):
            yield f"{what} in {date}, M H100e", (frames[0].loc[date], frames[1].loc[date])


def _of_quantity(result: Comparison, quantity: str) -> pd.DataFrame:
    """Return one quantity's differences by date."""
    frame = result.differences
    found = frame[frame["quantity"] == quantity].rename(columns={"mean": "value"})
    return found.set_index("quarter")


SECTIONS: Sections = {
    "accounts": deal_accounts.beside_table,
    "rents": deal_accounts.rent_table,
    "sectors": deal_accounts.sector_table,
    "summary": summary_text,
    "findings": findings_text,
    "in_short": in_short,
    "sources": money_sources.text,
    "verdicts": deal_accounts.verdicts_text,
    "finance": deal_accounts.finance_text,
    "claims": claims_table,
    "sizes": sizes_table,
    "deciding": deciding_parameters.table,
    "screening": deciding_parameters.remarks,
    "stakes": stakes_table,
    "posterior": accounts_text,
}


if __name__ == "__main__":
    main(sys.argv[1:], SECTIONS)
