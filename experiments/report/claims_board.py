"""The board: the statistics of every claim as strips, grouped by claim."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..formatting import NO_INTERVAL, as_exactly, between, bounded, undefined, unit_words, words
from ..statistics import AGAINST, OPEN, SUPPORTED, TOO_SMALL

MARGIN = 0.12
"""Room on both sides of a strip, part of its width."""


class Claim(NamedTuple):
    """A claim of the news item: what it says in short, and in the item's own words."""

    title: str
    quotation: str


CLAIMS = {
    "C0": Claim("The money keeps to its purpose", "earmarked exclusively for a single, critical purpose"),
    "C1": Claim("A surge of investment", "likely to reignite an investment surge in the AI infrastructure space"),
    "C2": Claim(
        "Faster iteration, sharper competition",
        "R&D pipeline and model iteration speed could accelerate dramatically, potentially intensifying competition",
    ),
    "C3": Claim("An era of capital", "towards a capital- and infrastructure-intensive era of scaling"),
    "C4": Claim(
        "Compute or algorithms",
        "no longer algorithm design alone, but access to and the cost of computational resources",
    ),
}
"""What the news item says, claim by claim."""

NAME = re.compile(r"\b[a-z]+(_[a-z]+)+\b")
"""A name of the code within a sentence."""

ICONS = {SUPPORTED: "yes", AGAINST: "no", TOO_SMALL: "no", OPEN: "half"}


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


def board(claims: pd.DataFrame) -> tuple[Group, ...]:
    """Return the board of claims, grouped by claim."""
    found = []
    for name, rows in claims.groupby(claims["claim"].str[:2], sort=True):
        claim = CLAIMS.get(str(name), Claim(str(name), ""))
        strips = [_strip(row) for _, row in rows.iterrows()]
        judged = tuple(strip for strip in strips if strip.condition)
        context = tuple(strip for strip in strips if not strip.condition)
        decided = tuple(dict.fromkeys(NAME.sub(_as_words, str(reason)) for reason in rows["decided_by"] if reason))
        found.append(Group(str(name), *claim, _verdict(judged), judged, context, decided))
    return tuple(found)


def summary(groups: tuple[Group, ...]) -> str:
    """Say how many statistics of the board are supported."""
    strips = [strip for group in groups for strip in group.judged]
    counts = {verdict: sum(strip.verdict == verdict for strip in strips) for verdict in ICONS}
    unknown = len(strips) - sum(counts.values())
    return (
        f"Of {len(strips)} statistics with a condition, {counts[SUPPORTED]} are supported, {counts[AGAINST]} not "
        f"supported, {counts[TOO_SMALL]} {TOO_SMALL} and {counts[OPEN]} undecided"
        f"{f'; {unknown} undefined in all runs' if unknown else ''}."
    )


def _as_words(name: re.Match[str]) -> str:
    """Return a name of the code as words."""
    return words(name.group())


def _verdict(strips: tuple[Strip, ...]) -> str:
    """Say what came of a claim."""
    held = sum(strip.verdict == SUPPORTED for strip in strips)
    if not strips:
        return "No statistic with a condition."
    if held in (0, len(strips)):
        return (
            f"{'None' if held == 0 else 'All'} of {len(strips)} supported"
            if len(strips) > 1
            else ("Supported" if held else f"{strips[0].verdict.capitalize() or 'Not known'}")
        )
    return f"{held} of {len(strips)} supported"


def _strip(row: pd.Series) -> Strip:
    """Return a row of the board with its places on a strip that shows zero, the threshold and the interval."""
    condition = str(row["condition"])
    sign, _, bound = condition.partition(" ")
    limit = float(bound) if condition else 0.0
    ends = [limit, *(float(row[name]) for name in ("low", "value", "high") if np.isfinite(row[name]))]
    left, right = min(ends), max(ends)
    width = (right - left) or 1.0
    left, width = left - MARGIN * width, width * (1.0 + 2.0 * MARGIN)
    low, mean, high, at = (_place(float(end), left, width) for end in (row["low"], row["value"], row["high"], limit))
    zone = (at, 100.0) if sign.startswith(">") else (0.0, at)
    return Strip(
        label=str(row["statistic"]),
        value=as_exactly(dict(row))(row["value"]),
        unit=unit_words(str(row["unit"])),
        interval=_interval(row),
        verdict=str(row["verdict"]),
        icon=ICONS.get(str(row["verdict"]), ""),
        note=str(row["note"]),
        condition=bounded(condition) if condition else "",
        zone=zone if condition else (0.0, 0.0),
        low=low,
        mean=mean,
        high=high,
        limit=at,
    )


def _interval(row: pd.Series) -> str:
    """Return an interval in words, or in how many runs there is no value."""
    if not np.isfinite(row["value"]):
        return undefined(int(row["undefined"]), int(row["runs"]))
    known = np.isfinite([row["low"], row["high"]]).all()
    return between(row["low"], row["high"], as_exactly(dict(row))) if known else NO_INTERVAL


def _place(value: float, left: float, width: float) -> float:
    """Return where a value lies on a strip, from 0 to 100; -1 where it is not a number."""
    if np.isnan(value):
        return -1.0
    return round(float(np.clip(100.0 * (value - left) / width, 0.0, 100.0)), 2)
