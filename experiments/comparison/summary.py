"""What a comparison found, in a few plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...model.dates import LAST_TOLD, quarter_number
from ..formatting import sentence, undefined

if TYPE_CHECKING:
    from .comparison import Comparison

HORIZONS = ((4, "a year"), (8, "two years"), (12, "three years"))
NAMES = {
    "recipient_powered_compute": "compute that runs for {recipient}",
    "recipient_revenue_share": "{recipient}'s share of AI revenue",
    "ai_revenue": "sales of AI services",
    "lab_compute": "compute of all labs",
    "funding": "new funding of all firms",
    "chip_lead_time": "lead time of chips",
    "power_price": "price of power",
}
PERCENT = 100.0
SMALL = 1e-4
"""Below this a difference is written with four decimals."""


def sentences(comparison: Comparison) -> list[str]:
    """Return in a few sentences what the scenario changed and how sure that is."""
    begin = comparison.begin
    found = [_opening(comparison)]
    for later, words in HORIZONS:
        position = begin + later
        if position < comparison.quarters:
            since = "after the deal" if comparison.subject else "after it begins"
            found.append(_at(comparison, position, f"{words} {since}"))
    if _ends_within_what_is_claimed(comparison):
        found.append(_at(comparison, comparison.quarters - 1, "at the end"))
    return found


def _ends_within_what_is_claimed(comparison: Comparison) -> bool:
    """Return whether a comparison ends at a quarter of which something is claimed, and that is not told already."""
    told = {comparison.begin + later for later, _ in HORIZONS}
    last = comparison.quarters - 1
    return last not in told and quarter_number(str(comparison.differences["quarter"].iloc[-1])) <= LAST_TOLD


def _opening(comparison: Comparison) -> str:
    """Say what was compared."""
    times = f"{comparison.replicates} replicate{'s' if comparison.replicates > 1 else ''} of each"
    return (
        f"{comparison.scenario.title or comparison.scenario.name}, beside {comparison.against.name}: "
        f"{times} on the same random numbers, {comparison.quarters} quarters."
    )


def _at(comparison: Comparison, position: int, when: str) -> str:
    """Say what differs in one quarter."""
    frame = comparison.differences
    quarter = frame["quarter"].drop_duplicates().iloc[position]
    rows = frame[frame["quarter"] == quarter].set_index("quantity")
    wanted = [name for name in NAMES if name in rows.index]
    parts = [_part(rows.loc[name], name, comparison) for name in wanted]
    return f"{sentence(when)} ({quarter}): " + "; ".join(parts) + "."


def _part(row: pd.Series, name: str, comparison: Comparison) -> str:
    """Say how one quantity differs, with its interval."""
    recipient = comparison.subject.recipient if comparison.subject else ""
    what = NAMES[name].format(recipient=recipient)
    missing = undefined(int(row["undefined"]), comparison.replicates)
    if not np.isfinite(row["mean"]):
        return f"{what} {missing}"
    if row["low"] == row["high"] == 0.0:
        return f"{what}: no difference"
    scale, unit = _scale(row, name)
    value = f"{what} {signed(row['mean'] * scale)}{unit}"
    more = f", {missing}" if row["undefined"] else ""
    if not np.isfinite(row["low"]):
        return f"{value} (one replicate: no interval{more})"
    low, high = row["low"] * scale, row["high"] * scale
    sure = "" if low > 0 or high < 0 else ", undecided"
    return f"{value} (95 % interval {signed(low)} to {signed(high)}{sure}{more})"


def _scale(row: pd.Series, name: str) -> tuple[float, str]:
    """Return by what a difference is multiplied and in which unit it is shown: in percent where there is a base."""
    if name.endswith("share"):
        return PERCENT, " percentage points"
    base = row["mean"] / row["relative"] * PERCENT if row["relative"] else np.nan
    if base and np.isfinite(base):
        return PERCENT / abs(base), " %"
    return 1.0, "" if row["unit"] == "1" else f" {row['unit']}"


def signed(value: float) -> str:
    """Return a difference with its sign and two figures, never in powers of ten."""
    if abs(value) >= PERCENT:
        return f"{value:+,.0f}"
    return f"{value:+.4f}" if abs(value) < SMALL else f"{float(f'{value:.2g}'):+g}"
