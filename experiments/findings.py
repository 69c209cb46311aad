"""What the model says, as tables of docs/claims.md: made by a command, so that nobody types a figure.

``python -m aimarket.experiments.findings docs/claims.md`` runs what is needed, some four minutes on one core, and
rewrites the sections between markers.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ..model.scenario import load_scenario
from ..model.start import Start, load_start
from . import accounts, deciding
from .comparison import Comparison, compare
from .documents import Sections, main, markdown_table
from .ensemble import Ensemble, run_ensemble

STAKES = [0.0, 0.02, 0.01, 0.12, 0.0, 0.10]
"""Another reading of who holds independent labs at the start: growth and venture managers a quarter of them."""

BACKTEST_REPLICATES, BACKTEST_QUARTERS, SEED = 300, 8, 7
CLUSTERS = 1.25
"""Reported data-centre revenue includes networking: sales times one plus the cluster share (specification C3)."""

CLOSE = 1.3
"""Model and data count as close within this factor (specification T29)."""

PER_YEAR = 4.0


@cache
def deal(start: Start | None = None) -> Comparison:
    """Return the comparison that docs/claims.md is about."""
    return compare("deal_35bn", start=start) if start is not None else accounts.account("deal_35bn")


def summary_text() -> str:
    """Return what the deal changed, in sentences."""
    return "\n\n".join(deal().summary())


def claims_table() -> str:
    """Return the claims board as a Markdown table."""
    rows = []
    board: Any = deal().claims()
    for row in board.itertuples():
        unit = "" if row.unit == "1" else f" {row.unit}"
        value = f"{row.value:.3g} [{row.low:.3g}, {row.high:.3g}]{unit}"
        asked = f"{row.condition}" if row.condition else ""
        rows.append((row.claim, row.statistic, value, asked, f"**{row.verdict}**" if row.verdict else "", row.note))
    return markdown_table(("claim", "statistic", "value [95 % interval]", "supported if", "verdict", "note"), rows)


def words_table() -> str:
    """Return what decides each claim, in words, as a Markdown table."""
    board = deal().claims()
    words = board.drop_duplicates(["claim", "decided_by"])
    return markdown_table(("claim", "what decides it"), zip(words["claim"], words["decided_by"], strict=True))


def deciding_table() -> str:
    """Return which assumptions change which verdict."""
    return deciding.table(deciding.verdicts("deal_35bn", replicates=64, quarters=24, rng=7))


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
        "recipient's market share after 7 quarters",
    )
    boards = [result.claims().set_index("statistic") for result in (one, other)]
    for name in wanted:
        yield name, (boards[0].loc[name], boards[1].loc[name])
    for quantity, what in (("recipient_compute", "recipient's compute"), ("lab_compute", "compute of all labs")):
        frames = [_of_quantity(result, quantity) for result in (one, other)]
        for date in ("2027Q2", "2028Q2", "2029Q2"):
            yield f"{what} in {date}, M H100e", (frames[0].loc[date], frames[1].loc[date])


def _of_quantity(result: Comparison, quantity: str) -> pd.DataFrame:
    """Return one quantity's differences by date."""
    frame = result.differences
    found = frame[frame["quantity"] == quantity].rename(columns={"mean": "value"})
    return found.set_index(found["quarter"].astype(str))


class Series(NamedTuple):
    """An observed series and the model's counterpart."""

    name: str
    file: str
    entity: str
    metric: str
    unit: str
    values: np.ndarray


def backtest_table() -> str:
    """Return T29: the model from end-2023 with today's parameters beside what was observed."""
    case = replace(load_scenario("baseline"), start="2023Q4")
    record = ("indicators", "chip_vendors.sales", "ai_labs.revenue", "ai_labs.compute")
    runs = run_ensemble(case, BACKTEST_REPLICATES, BACKTEST_QUARTERS, SEED, record=record)
    dates = [f"{number // 4}Q{number % 4 + 1}" for number in runs.records["indicators"].quarters]
    rows = []
    for series in _series(runs):
        observed = _observed(series)
        for place, date in enumerate(dates):
            if date in observed:
                model, seen = float(series.values[place].mean()), observed[date]
                near = "yes" if 1.0 / CLOSE <= model / seen <= CLOSE else "no"
                rows.append((series.name, date, f"{model:.3g}", f"{seen:.3g}", f"{model / seen:.2f}", near))
    return markdown_table(("series", "quarter", "model", "data", "model/data", f"within x{CLOSE:g}"), rows)


def _series(runs: Ensemble) -> list[Series]:
    """Return the series that T29 compares, shape (quarters, replicates) each."""
    sales, revenue = runs.values("sales", "chip_vendors"), runs.values("revenue", "ai_labs")
    compute = runs.values("compute", "ai_labs")
    chips, labs = "nvidia_datacenter_revenue.csv", "lab_revenue.csv"
    found = [
        Series("NVIDIA, data centre, USD bn", chips, "NVIDIA", "data_center_revenue", "", CLUSTERS * sales[:, 0]),
        Series("Broadcom, AI, USD bn", chips, "Broadcom", "ai_semiconductor_revenue", "", sales[:, 1]),
        Series("OpenAI, run-rate, USD bn", labs, "OpenAI", "annualized_run_rate", "", PER_YEAR * revenue[:, 0]),
        Series("Anthropic, run-rate, USD bn", labs, "Anthropic", "annualized_run_rate", "", PER_YEAR * revenue[:, 1]),
    ]
    names = {"OpenAI": 0, "Anthropic": 1, "Google DeepMind": 2, "Meta Superintelligence Labs": 3, "SpaceXAI": 4}
    return found + [
        Series(f"{name}, compute, M H100e", labs, name, "lab_compute", "H100e", compute[:, row])
        for name, row in names.items()
    ]


def _observed(series: Series) -> dict[str, float]:
    """Return observations by quarter."""
    place = files("aimarket.model").joinpath("data", "observations", series.file)
    with place.open(encoding="utf-8") as file:
        table = pd.read_csv(file)
    table = table[(table["entity"] == series.entity) & (table["metric"] == series.metric)]
    quarters = table["quarter"] if "quarter" in table else pd.PeriodIndex(table["date"], freq="Q-DEC").astype(str)
    scale = 1e-6 if series.unit == "H100e" else 1.0
    return dict(zip(quarters, table["value"] * scale, strict=True))


SECTIONS: Sections = {
    "accounts": accounts.beside_table,
    "sectors": accounts.sector_table,
    "summary": summary_text,
    "claims": claims_table,
    "words": words_table,
    "deciding": deciding_table,
    "stakes": stakes_table,
    "backtest": backtest_table,
}


if __name__ == "__main__":
    main(sys.argv[1:], SECTIONS)
