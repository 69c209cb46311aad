"""The claims of the news item: what it says, what the model says of it, and what decides."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ...experiments.claims.statistic import STATISTICS
from ...experiments.formatting import listed, numeral
from ...experiments.statistics import AGAINST, SUPPORTED, TOO_SMALL
from ..jobs.claim_questions import Asked, Claim, estimate_text, levers
from .sliders import LABELS, slider, uncertain

if TYPE_CHECKING:
    from ..url.view_state import View

NUMBERS = ("no", "one", "two", "three", "four", "five")


def overall(verdicts: list[str]) -> tuple[str, str]:
    """Return the word for several verdicts, and the style of its pill."""
    said = {verdict for verdict in verdicts if verdict}
    if said == {SUPPORTED}:
        return "Supported", "ok"
    if said == {TOO_SMALL}:
        return "Too small to matter", "bad"
    said = {AGAINST if verdict == TOO_SMALL else verdict for verdict in said}
    if said >= {SUPPORTED, AGAINST}:
        return "Split", "warn"
    if SUPPORTED in said:
        return "In part", "warn"
    return ("Not supported", "bad") if AGAINST in said else ("Undecided", "neu")


def headline(words: list[str]) -> str:
    """Return the finding of the board in a sentence, from the word for each claim."""
    counts = {
        ("holds", "hold"): words.count("Supported"),
        ("holds in part", "hold in part"): words.count("In part") + words.count("Split"),
        ("does not hold", "do not hold"): words.count("Not supported") + words.count("Too small to matter"),
        ("stays open", "stay open"): words.count("Undecided"),
    }
    parts = [f"{NUMBERS[n]} {one if n == 1 else many}" for (one, many), n in counts.items() if n]
    return f"Of {NUMBERS[len(words)]} claims, {listed(parts)} in this model"


def finding(name: str, rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Return in a sentence what the model says of a claim, from its statistics by key."""
    if any(row["value"] is None for row in rows.values()):
        return "It cannot be told at these settings: the runs are too short, or break down."
    return _FINDINGS[name](rows)


def why(ask: Asked, claim: Claim) -> str:
    """Return what is said to decide a claim."""
    return STATISTICS[ask.statistic or claim.statistics[0]].decided_by


def lever(ask: Asked, view: View) -> dict[str, Any]:
    """Return the slider of the assumption that is held against a statistic, and which others could be."""
    statistic = STATISTICS[ask.statistic]
    named = levers(statistic)
    others = [name for name in uncertain(also=("dry_powder",)) if name not in named]
    return {
        "item": slider(ask.lever, view),
        "named": [[name, LABELS.get(name, name)] for name in named],
        "others": [[name, LABELS.get(name, name)] for name in others],
    }


def _purpose(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Tell whether the money keeps to its purpose."""
    row = rows["C0.strayed"]
    if row["verdict"] == SUPPORTED:
        return "Every dollar drawn is bound to a use when it arrives, and is spent on it."
    return f"Of the earmarked money {numeral(100.0 * row['value'])} % strays from its use."


def _surge(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Tell how much funding the deal adds."""
    row = rows["C1a.funding"]
    value = row["value"]
    if value < 0.0:
        return (
            f"Each dollar of the deal keeps {estimate_text(row, -value)} dollars of other funding away, beyond its own."
        )
    ending = "it draws in money beside its own" if value > 1.0 else "the rest takes the place of other money"
    return f"Each dollar of the deal adds {estimate_text(row, value)} dollars of funding in all: {ending}."


def _pace(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Tell whether research speeds up, and whether that lasts."""
    first, lasting = rows["C2a.one_oom"], rows["C2a.lasting"]
    if first["verdict"] not in (SUPPORTED, TOO_SMALL):
        return "The next order of magnitude comes no sooner for sure."
    open_end = {SUPPORTED: "and the lead lasts", AGAINST: "once: a step, no faster pace"}
    ending = open_end.get(lasting["verdict"], "and whether more than one step is gained stays open")
    sooner = f"The next order of magnitude comes {estimate_text(first, abs(first['value']))} quarters sooner"
    return f"{sooner}, {ending}." if first["verdict"] == SUPPORTED else f"{sooner}: {TOO_SMALL}."


def _era(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Tell where capital spending over sales goes by itself, and what the deal adds."""
    trend, effect = rows["C3.sales.trend"], rows["C3.sales.others"]
    way = "rises" if trend["value"] > 0.0 else "falls"
    does = {
        SUPPORTED: "raises it at other labs, too",
        TOO_SMALL: "raises it at other labs by less than matters",
        AGAINST: "does not raise it at other labs",
    }
    ending = does.get(effect["verdict"], "leaves other labs about where they are")
    size = estimate_text(trend, abs(trend["value"]))
    return f"Per dollar of sales, capital spending {way} by {size} anyway; the deal {ending}."


def _edge(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Tell whether compute or algorithms are worth more, for one lab and for the field."""
    one, field = _better(rows["C4a.edge_8"]), _better(rows["C4a.field_8"])
    if one and one == field:
        return f"Two years on {one} worth more, to one lab and to the field."
    if one and field:
        return f"Two years on {one} the better edge for one lab, {field} for the field."
    parts = [
        f"{better or 'neither is by what matters'} worth more to {who}"
        for who, better in (("one lab", one), ("the field", field))
    ]
    return f"Two years on {parts[0]}, and {parts[1]}."


def _better(row: Mapping[str, Any]) -> str:
    """Return which of compute and algorithms is worth more by an effect that matters; empty if neither is."""
    if row["verdict"] == SUPPORTED:
        return "compute is"
    return "algorithms are" if row["high"] is not None and row["high"] < -row["bound"] else ""


_FINDINGS = MappingProxyType({"C0": _purpose, "C1": _surge, "C2": _pace, "C3": _era, "C4": _edge})
