"""The claims of the news item: what it says, what the model says of it, and what decides."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ...experiments.claims import findings, sources
from ...experiments.claims.statistic import STATISTICS
from ...experiments.formatting import listed, numeral
from ...experiments.statistics import AGAINST, SUPPORTED, TOO_SMALL
from ...experiments.storage.model_version import model_digest
from ...model.parameters import parameters
from ..jobs.claim_questions import Asked, Claim, estimate_text, levers
from .sliders import label, slider, uncertain

if TYPE_CHECKING:
    import pandas as pd

    from ..url.view_state import View

NUMBERS = ("no", "one", "two", "three", "four", "five")


STYLES = {
    "Supported": "ok",
    "Too small to matter": "bad",
    "Split": "warn",
    "In part": "warn",
    "Not supported": "bad",
    "Undecided": "neu",
}
"""The style of a claim's pill, by the word for its verdicts."""


def overall(verdicts: list[str]) -> tuple[str, str]:
    """Return the word for several verdicts, and the style of its pill."""
    word = findings.overall(verdicts)
    return word, STYLES[word]


def headline(said: list[str]) -> str:
    """Return the finding of the board in a sentence, from the word for each claim."""
    counts = {
        ("holds", "hold"): said.count("Supported"),
        ("holds in part", "hold in part"): said.count("In part") + said.count("Split"),
        ("does not hold", "do not hold"): said.count("Not supported") + said.count("Too small to matter"),
        ("stays open", "stay open"): said.count("Undecided"),
    }
    parts = [f"{NUMBERS[n]} {one if n == 1 else many}" for (one, many), n in counts.items() if n]
    return f"Of {NUMBERS[len(said)]} claims, {listed(parts)} in this model"


def finding(name: str, rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Return in a sentence what the model says of a claim, from its statistics by key."""
    if any(row["value"] is None for row in rows.values()):
        return "It cannot be told at these settings: the runs are too short, or break down."
    return _FINDINGS[name](rows)


def why(ask: Asked, claim: Claim) -> str:
    """Return what is said to decide a claim."""
    statistic = STATISTICS[ask.statistic or claim.statistics[0]]
    named = [label(name) for name in levers(statistic)]
    return listed(named) or statistic.decided_by


def lever(ask: Asked, view: View) -> dict[str, Any]:
    """Return the slider of the assumption that is held against a statistic, and which others could be."""
    statistic = STATISTICS[ask.statistic]
    named = levers(statistic)
    others = [name for name in uncertain(also=("dry_powder",)) if name not in named]
    return {
        "item": slider(ask.lever, view),
        "named": [[name, label(name)] for name in named],
        "others": [[name, label(name)] for name in others],
    }


def _purpose(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Tell whether the money keeps to its purpose."""
    row = rows["C0.strayed"]
    if row["verdict"] == SUPPORTED:
        return "No earmarked dollar is used off its purpose; what a default sets free is told on the money trail."
    if row["value"] > 0.0:
        return (
            f"Of the earmarked money {numeral(100.0 * row['value'])} % is used off its purpose, by a lab short of cash."
        )
    return "Whether all of it is used as agreed stays open."


def _surge(rows: Mapping[str, Mapping[str, Any]]) -> str:
    """Tell how much funding the deal adds."""
    row = rows["C1a.funding"]
    value = row["value"]
    if value < 0.0:
        return (
            f"Each dollar of the deal keeps {estimate_text(row, -value)} dollars of other funding away, beyond its own."
        )
    endings = {
        SUPPORTED: "it draws in money beside its own",
        TOO_SMALL: "it draws in money beside its own, less than matters",
        AGAINST: "the rest takes the place of other money",
    }
    ending = endings.get(row["verdict"], "whether it draws in more than itself stays open")
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


def money_map() -> dict[str, Any]:
    """Return C1a over whose money a deal is, as a table: rows from the most that is called from savers to the least."""
    places = sources.of(sources.ALL)
    shown = sources.at_default(places, sources.YIELD)
    across = sorted(float(value) for value in shown[sources.ACROSS].unique())
    rows: list[list[Any]] = [
        part.sort_values(sources.ACROSS).to_dict("records") for _, part in shown.groupby(sources.DOWN)
    ][::-1]
    held = [[row["verdict"] == SUPPORTED for row in part] for part in rows]
    return {
        "across": [f"{value:g}" for value in across],
        "rows": [
            {"down": f"{part[0][sources.DOWN]:g}", "cells": [_place(row, held, (y, x)) for x, row in enumerate(part)]}
            for y, part in enumerate(rows)
        ],
        "sentence": _over_the_map(places),
        "stale": bool(shown["model"].iloc[0] != model_digest()[: len(shown["model"].iloc[0])]),
    }


def _place(row: Mapping[str, Any], held: list[list[bool]], at: tuple[int, int]) -> dict[str, Any]:
    """Return a place of the map: estimate, verdict, whether it is the default, and where its verdict meets another."""
    y, x = at
    above, before = held[max(y - 1, 0)][x], held[y][max(x - 1, 0)]
    default = all(row[name] == parameters()[name].default for name in sources.WHERE)
    edges = [word for word, other in (("top", above), ("left", before)) if other != held[y][x]]
    return {
        "value": estimate_text(row, row["value"]),
        "interval": " to ".join(estimate_text(row, row[end]) for end in ("low", "high")),
        "verdict": row["verdict"],
        "held": held[y][x],
        "default": default,
        "edges": edges,
    }


def _over_the_map(places: pd.DataFrame) -> str:
    """Tell in how many places the claim is supported, at the default answer of savers and at the ends of its range."""
    found = (places["verdict"] == SUPPORTED).groupby(places[sources.YIELD])
    least, usual, most = found.sum()
    return (
        f"It is supported in {usual} of {found.size().iloc[1]} places; in {least} if savers hardly answer what lenders "
        f"are paid, in {most} if they answer strongly."
    )


_FINDINGS = MappingProxyType({"C0": _purpose, "C1": _surge, "C2": _pace, "C3": _era, "C4": _edge})
