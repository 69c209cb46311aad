"""The world with the deal and its twin: fans of a comparison, and the board of claims."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...model.dates import quarter_date
from ..claims.evidence import Run
from ..figures.fan import Fan, draw_fan
from ..figures.words import bounded, dated, number, unit_words, words
from .exhibits import Exhibit, slug
from .readings import of_fan

if TYPE_CHECKING:
    from ..comparison import Comparison

QUARTERS, LAST_YEAR = 4, 2033
"""Fans end before this year: later figures are extrapolation, kept for boundedness only."""

PERCENT = 100.0
MARGIN = 0.12
"""Room on both sides of a board's strip, part of its width."""

CLAIMS = {
    "C0": ("The money keeps to its purpose", "earmarked exclusively for a single, critical purpose"),
    "C1": (
        "A surge of investment",
        "likely to reignite an investment surge in the AI infrastructure space, drawing more capital to adjacent industries",
    ),
    "C2": (
        "Faster iteration, sharper competition",
        "R&D pipeline and model iteration speed could accelerate dramatically, potentially intensifying competition",
    ),
    "C3": ("An era of capital", "towards a capital- and infrastructure-intensive era of scaling"),
    "C4": (
        "Compute or algorithms",
        "the primary constraint on breakthrough AI progress is no longer algorithm design alone, "
        "but access to and the cost of computational resources",
    ),
}
"""Each claim's name, and the words of the news item."""

NAME = re.compile(r"\b[a-z]+(_[a-z]+)+\b")
"""A name of the code within a sentence."""

ICONS = {"supported": "yes", "not supported": "no", "undecided": "half"}


@dataclass(frozen=True)
class Strip:
    """A statistic of the board as a strip: places from 0 to 100 along its width."""

    label: str
    value: str
    interval: str
    unit: str
    verdict: str
    icon: str
    condition: str
    note: str
    low: float
    mean: float
    high: float
    limit: float
    zone: tuple[float, float]


@dataclass(frozen=True)
class Group:
    """A claim of the news item with its statistics.

    Attributes:
        name: as in C1.
        title: what it says, short.
        quotation: the words of the news item.
        verdict: what came of it, in a sentence.
        judged: statistics with a condition.
        context: statistics without.
        decided_by: the assumptions that decide it.
    """

    name: str
    title: str
    quotation: str
    verdict: str
    judged: tuple[Strip, ...]
    context: tuple[Strip, ...]
    decided_by: tuple[str, ...]


def fans(comparison: Comparison) -> Iterator[Exhibit]:
    """Yield the figures of both worlds over time."""
    if comparison.subject is None:
        chosen = _market_fans(comparison)
    else:
        chosen = [*_recipient_fans(comparison), *_market_fans(comparison)]
    for fan in chosen:
        how = f"medians, solid with the {fan.event}, dashed without; bands: the middle 50 and 90 % of the runs"
        if fan.twin is None:
            how = "line: median of pairs; bands: the middle 50 and 90 % of them; dashed: no difference"
        quarter = _date(fan)
        yield Exhibit(slug("fan", fan.title), fan.title, how, of_fan(fan, quarter), partial(draw_fan, fan))


def _date(fan: Fan) -> str:
    """Return the last quarter of a fan in words."""
    return dated(quarter_date(round(float(fan.years[-1]) * QUARTERS)))


def _recipient_fans(comparison: Comparison) -> list[Fan]:
    """Return fans of the deal's recipient."""
    subject = comparison.subject
    assert subject is not None
    deal, twin = (Run(comparison.ensembles[name], subject, comparison.quarters) for name in ("treated", "control"))
    name = subject.recipient
    more = PERCENT * (deal.recipient("compute") / np.maximum(twin.recipient("compute"), 1e-12) - 1.0)
    share = [PERCENT * run.recipient("market_share") for run in (deal, twin)]
    return [
        _fan(comparison, f"{name}’s market share", "%", *share),
        _fan(comparison, f"{name}’s compute, over its twin", "%", more),
        _fan(comparison, f"{name}’s gap to the best model", "OOM", deal.gap, twin.gap),
    ]


def _market_fans(comparison: Comparison) -> list[Fan]:
    """Return fans of the market as a whole."""
    deal, twin = (comparison.ensembles[name] for name in ("treated", "control"))
    added = np.cumsum(deal.values("funding"), 0) - np.cumsum(twin.values("funding"), 0)
    found = [_fan(comparison, "Funding of all firms, over the twin, added up", "USD bn", added)]
    if comparison.subject is None:
        units = deal.records["indicators"].units
        for name, title in (("ai_revenue", "Sales of AI services"), ("power_price", "Price of power")):
            found.append(_fan(comparison, title, units[name], deal.values(name), twin.values(name)))
    return found


def _fan(
    comparison: Comparison, title: str, unit: str, deal: np.ndarray, twin: np.ndarray | None = None
) -> Fan:
    """Return a fan up to the last year that is shown."""
    years = comparison.ensembles["treated"].records["indicators"].quarters / QUARTERS
    shown = years < LAST_YEAR
    event = "deal" if comparison.subject is not None else "change"
    level = None if twin is None else twin[shown]
    return Fan(title, unit, years[shown], deal[shown], level, comparison.begin, event)


def board(claims: pd.DataFrame) -> tuple[Group, ...]:
    """Return the board of claims, grouped by claim."""
    found = []
    for name, rows in claims.groupby(claims["claim"].str[:2], sort=True):
        title, quotation = CLAIMS.get(str(name), (str(name), ""))
        strips = [_strip(row) for row in rows.to_dict("records")]
        judged = tuple(strip for strip in strips if strip.condition)
        context = tuple(strip for strip in strips if not strip.condition)
        decided = tuple(dict.fromkeys(NAME.sub(_as_words, str(reason)) for reason in rows["decided_by"] if reason))
        found.append(Group(str(name), title, quotation, _verdict(judged), judged, context, decided))
    return tuple(found)


def told(groups: tuple[Group, ...]) -> str:
    """Say how many statistics of the board are supported."""
    strips = [strip for group in groups for strip in group.judged]
    counts = {verdict: sum(strip.verdict == verdict for strip in strips) for verdict in ICONS}
    unknown = len(strips) - sum(counts.values())
    return (
        f"Of {len(strips)} statistics with a condition, {counts['supported']} are supported, "
        f"{counts['not supported']} not supported and {counts['undecided']} undecided"
        f"{f'; {unknown} cannot be told from runs of this length' if unknown else ''}."
    )


def _as_words(name: re.Match[str]) -> str:
    """Return a name of the code as words."""
    return words(name.group())


def _verdict(strips: tuple[Strip, ...]) -> str:
    """Say what came of a claim."""
    held = sum(strip.verdict == "supported" for strip in strips)
    if not strips:
        return "No statistic with a condition."
    if held in (0, len(strips)):
        return f"{'None' if held == 0 else 'All'} of {len(strips)} supported" if len(strips) > 1 else (
            "Supported" if held else f"{strips[0].verdict.capitalize() or 'Not known'}"
        )  # fmt: skip
    return f"{held} of {len(strips)} supported"


def _strip(row: dict[str, Any]) -> Strip:
    """Return a row of the board with its places on a strip that shows zero, the threshold and the interval."""
    condition = str(row["condition"])
    sign, _, bound = condition.partition(" ")
    limit = float(bound) if condition else 0.0
    ends = [limit, *(float(row[name]) for name in ("low", "value", "high") if np.isfinite(row[name]))]
    left, right = min(ends), max(ends)
    width = (right - left) or 1.0
    left, width = left - MARGIN * width, width * (1.0 + 2.0 * MARGIN)
    low, mean, high, at = (_place(float(number_), left, width) for number_ in (row["low"], row["value"], row["high"], limit))
    zone = (at, 100.0) if sign.startswith(">") else (0.0, at)
    return Strip(
        label=str(row["statistic"]), value=number(row["value"]), unit=unit_words(str(row["unit"])),
        interval=f"{number(row['low'])} to {number(row['high'])}", verdict=str(row["verdict"]),
        icon=ICONS.get(str(row["verdict"]), ""), condition=bounded(condition) if condition else "", note=str(row["note"]),
        low=low, mean=mean, high=high, limit=at, zone=zone if condition else (0.0, 0.0),
    )  # fmt: skip


def _place(value: float, left: float, width: float) -> float:
    """Return where a value lies on a strip, from 0 to 100; -1 where it is not a number."""
    if np.isnan(value):
        return -1.0
    return round(float(np.clip(100.0 * (value - left) / width, 0.0, 100.0)), 2)
