"""The deal as announced and as reported, side by side, and how each sector answers it, as tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np

from ...agents.state.arrays import Floats
from ...model.dates import YEAR
from ...model.market_model import MarketModel
from ..comparison.comparison import Comparison, compare
from ..comparison.vehicle_rent import vehicle_rents
from ..formatting import estimate, listed
from ..statistics import mean_interval
from .markdown_tables import markdown_table

ACCOUNTS = {"deal_35bn": "as the news item tells it: a loan", "deal_reported": "as most reports do: a leasing vehicle"}
REPLICATES, QUARTERS, SEED = 200, 40, 7

SECTORS = {
    "chip vendors": "vendor_sales",
    "clusters and networking": "cluster_sales",
    "construction": "construction_sales",
    "cooling": "cooling_sales",
    "storage": "storage_sales",
    "power": "energy_sales",
}
RENTS = {
    "landlords ask": "what landlords ask the lessee, whose credit they price",
    "markup": "less their markup over cost",
    "chips": "less what their chips cost beyond the vehicle's, at the lessee's credit",
    "finance": "less what the lessee's credit costs beyond the vehicle's notes",
    "vehicle": "what the vehicle's compute costs with halls and power",
}
YEARS = (1, 2, 3, 5)
PERCENT = 100.0


@cache
def account(name: str) -> Comparison:
    """Return the comparison of one account with the baseline."""
    return compare(name, replicates=REPLICATES, quarters=QUARTERS, rng=SEED)


def beside_table() -> str:
    """Return selected statistics of the claims under both accounts."""
    boards = {name: account(name).claims() for name in ACCOUNTS}
    first: Any = boards["deal_35bn"]
    wanted = [row.statistic for row in first.itertuples() if row.condition]
    rows = []
    for statistic in dict.fromkeys(wanted):
        cells = []
        for board in boards.values():
            (row,) = board[board["statistic"] == statistic].head(1).itertuples()
            verdict = f", **{row.verdict}**" if row.verdict else ""
            cells.append(estimate({**row._asdict(), "unit": "1"}, "{:.3g}".format) + verdict)
        (row,) = first[first["statistic"] == statistic].head(1).itertuples()
        rows.append((row.claim, statistic, row.condition, *cells))
    return markdown_table(("claim", "statistic", "supported if", *ACCOUNTS.values()), rows)


def verdicts_text() -> str:
    """Return on which statistics both accounts have the same verdict, and what each says of the others."""
    first, other = (_verdicts(account(name).claims()) for name in ACCOUNTS)
    apart = [f"{key} ({first[key]}, {other[key]})" for key in first if first[key] != other.get(key)]
    same = f"Both have the same verdict on {len(first) - len(apart)} of {len(first)} statistics"
    if not apart:
        return f"{same}."
    return f"{same}. They part on these, the loan's verdict first:\n\n" + "\n".join(f"- {item}" for item in apart)


def _verdicts(board: Any) -> dict[str, str]:
    """Return the verdicts of a board by statistic; one that is not known is undefined."""
    asked = board[board["condition"] != ""]
    return {row.statistic: row.verdict or "undefined" for row in asked.itertuples()}


@cache
def _rents() -> Mapping[str, Floats]:
    """Return what the vehicle's compute costs beside what landlords ask its lessee, after the quarter of the deal."""
    model = MarketModel("deal_reported", rng=SEED, replicates=REPLICATES, record=())
    while model.quarter <= model.case.deals[0].start - model.first:
        model.step()
    return vehicle_rents(model)


def finance_text() -> str:
    """Return which part of what landlords ask beyond the vehicle's cost each reason makes."""
    rents = {name: float(values.mean()) for name, values in _rents().items()}
    whole = rents["landlords ask"] - rents["vehicle"]
    parts = {"markup": "landlords' markup makes", "chips": "chips", "finance": "finance"}
    if whole <= 0.0:
        return "Landlords ask no more than the vehicle's compute costs."
    made = listed([f"{words} {PERCENT * rents[name] / whole:.0f} %" for name, words in parts.items()])
    return f"Of what landlords ask beyond the vehicle's cost, {made}."


def rent_table() -> str:
    """Return what the vehicle's compute costs beside what landlords ask its lessee, as a table."""
    rows = []
    for name, values in _rents().items():
        mean, low, high = mean_interval(values)
        rows.append((RENTS[name], f"{mean:.3f} [{low:.3f}, {high:.3f}]"))
    return markdown_table(("compute for an hour, USD per H100e", "mean [95 % interval]"), rows)


def sector_table() -> str:
    """Return what each sector sells more or less than without the deal, by account, year by year."""
    heads = ("sector", "account", *(f"year {year}, %" for year in YEARS), "largest in five years")
    rows = [
        (sector, name, *_responses(account(name), indicator))
        for sector, indicator in SECTORS.items()
        for name in ACCOUNTS
    ]
    return markdown_table(heads, rows)


def _responses(found: Comparison, indicator: str) -> tuple[str, ...]:
    """Return the paired change of a sector's yearly sales in some years after the deal, and its largest quarter."""
    evidence = found.evidence
    if evidence is None:
        raise ValueError(f"{found.scenario.name} has no deal")
    deal, none = (evidence.run(name).series(indicator) for name in ("treated", "control"))
    begin = evidence.subject.begin
    cells = []
    for year in YEARS:
        part = slice(begin + YEAR * (year - 1), begin + YEAR * year)
        change = PERCENT * (deal[part].sum(0) / none[part].sum(0) - 1.0)
        mean, low, high = mean_interval(change)
        cells.append(f"{mean:+.2f} [{low:+.2f}, {high:+.2f}]")
    mean_by_quarter = PERCENT * (deal.mean(1) / none.mean(1) - 1.0)[begin : begin + YEAR * YEARS[-1]]
    largest = int(np.abs(mean_by_quarter).argmax())
    return (*cells, f"{mean_by_quarter[largest]:+.2f} % in quarter {largest}")
