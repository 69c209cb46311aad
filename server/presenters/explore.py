"""Explore: which assumptions decide an outcome, how far each moves it, and where it holds, in words and numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...experiments.formatting import dated, listed, number, probability, unit_words
from ...experiments.statistics import meets
from ...model.parameters import parameters
from ..jobs.paired_runs import MOST
from ..url.filters import limits_of
from .sliders import label

if TYPE_CHECKING:
    from ...experiments.analysis.discovery import Box
    from ...experiments.designs.factors import Factor
    from ...experiments.sweeps.outcomes import Outcome
    from ..jobs.exploration import Found
    from ..url.view_state import View

MOST_PLOTTED = 1_500
"""Worlds that are sent to a browser: more would only cover one another."""

OUTCOME = "outcome"
"""What the axis of the outcome is called."""

HALF, PERCENT, FEW = 0.5, 100.0, 3
LEAST_WORLDS = 20
"""Fewer worlds make no box."""


@dataclass(frozen=True)
class Look:
    """How a visitor looks at worlds.

    Attributes:
        across: what is plotted from left to right, a factor or the outcome; empty for the one that matters most.
        up: what is plotted upwards.
        condition: when the outcome is said to hold; empty for the outcome's own.
        limits: by factor or outcome, the smallest and the largest value of worlds that count.
    """

    across: str = ""
    up: str = ""
    condition: str = ""
    limits: tuple[tuple[str, float, float], ...] = ()


def order(found: Found) -> list[str]:
    """Return the factors, or the groups in which they were moved, the one that matters most first."""
    if found.ranking is not None:
        by = "total" if "total" in found.ranking else "mu_star"
        return found.ranking.sort_values(by, ascending=False, kind="stable")["parameter"].tolist()
    if found.swings is not None:
        size = (found.swings["at_high"] - found.swings["at_low"]).abs()
        return found.swings.assign(size=size).sort_values("size", ascending=False)["parameter"].tolist()
    return [factor.name for factor in found.factors]


def ranking(found: Found) -> dict[str, Any] | None:
    """Return the bars of the ranking: by factor its size, the interval's ends, and the part that it makes alone."""
    if found.ranking is None or found.outcome is None:
        return None
    sobol = "total" in found.ranking
    main = "total" if sobol else "mu_star"
    frame = found.ranking.set_index("parameter").loc[order(found)]
    rows = [
        [
            name,
            label(str(name)),
            _point(row[main]),
            _point(row[f"{main}_low"]),
            _point(row[f"{main}_high"]),
            _point(row["first"] if sobol else abs(row["mu"])),
            number(float(row[main])),
        ]
        for name, row in frame.dropna(subset=[main]).iterrows()
    ]
    unit = _unit(found.outcome.unit)
    sub = (
        "Sobol indices, share of the variance; bar: alone, dot: with interactions, 95 %"
        if sobol
        else f"Morris’ effects{f', {unit}' if unit else ''}; dot: how far it moves the outcome, 95 %; "
        "bar: in one direction"
    )
    return {"sobol": sobol, "rows": rows, "sub": sub}


def swings(found: Found) -> dict[str, Any] | None:
    """Return the tornado in the order of the ranking: the outcome at both ends of each range."""
    if found.swings is None or found.outcome is None:
        return None
    frame, units = found.swings.set_index("parameter"), {factor.name: factor for factor in found.factors}
    known = frame.dropna(subset=["at_low", "at_high"])
    rows = [
        [
            name,
            label(name),
            _point(row["at_low"]),
            _point(row["at_high"]),
            number(units[name].low),
            number(units[name].high),
        ]
        for name, row in ((name, known.loc[name]) for name in order(found) if name in known.index)
    ]
    base = float(frame["base"].iloc[0])
    unit, of = _unit(found.outcome.unit), _runs(found)
    sub = f"{unit + '; ' if unit else ''}the ends of each range written beside its bar, all others as they are; {of}"
    base_text = f"{number(base)}, mean of {found.replicates} {'pairs' if len(found.outcome.runs) > 1 else 'runs'}"
    return {
        "rows": rows,
        "base": _point(base),
        "base_text": base_text,
        "sub": sub,
        "bound": _bound(found.outcome.condition),
    }


def _runs(found: Found) -> str:
    """Return of how many runs the values of the tornado are means, and what other pages take instead."""
    assert found.outcome is not None
    here = f"{found.replicates} {'pairs' if len(found.outcome.runs) > 1 else 'runs'} a value, seed {found.seed}"
    live = found.question is not None and found.outcome.statistic
    return f"{here}; the page Claims takes {MOST} pairs, and the visitor’s seed" if live else here


def condition_of(found: Found, look: Look) -> str:
    """Return when the outcome is said to hold: as the visitor or the outcome says, else above the median."""
    if look.condition:
        return look.condition
    if found.outcome is not None and found.outcome.condition:
        return found.outcome.condition
    known = np.zeros(0) if found.values is None else found.values[np.isfinite(found.values)]
    return f"> {np.median(known) if known.size else 0.0:.3g}"


def worlds(found: Found, look: Look) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return the worlds that count, the outcome in them, and whether it holds; those that failed are left out."""
    assert found.points is not None
    assert found.values is not None
    kept = np.isfinite(found.values)
    for name, low, high in look.limits:
        column = found.values if name == OUTCOME else found.points.get(name)
        if column is not None:
            kept &= (np.asarray(column) >= low) & (np.asarray(column) <= high)
    values = found.values[kept]
    holds = np.asarray(meets(values, condition_of(found, look)), dtype=bool)
    return found.points[kept].reset_index(drop=True), values, holds


def scatter(found: Found, look: Look, box: Box | None) -> dict[str, Any] | None:
    """Return the worlds as points over two axes, and the box in which the outcome holds most often."""
    if found.points is None or found.outcome is None:
        return None
    points, values, holds = worlds(found, look)
    across, up = axes(found, look, box)
    plotted = np.unique(np.linspace(0, max(len(points) - 1, 0), min(len(points), MOST_PLOTTED)).astype(int))
    columns = [values if name == OUTCOME else points[name].to_numpy() for name in (across, up)]
    dots = [[_point(columns[0][k]), _point(columns[1][k]), int(holds[k])] for k in plotted]
    return {
        "axes": [_axis(found, name, values) for name in (across, up)],
        "dots": dots,
        "count": len(points),
        "all": len(found.points),
        "holds": int(holds.sum()),
        "condition": condition_of(found, look),
        "bound": _bound(condition_of(found, look)),
        "title": _title(found, look),
        "box": _box(box),
        "few": len(points) < LEAST_WORLDS,
    }


def axes(found: Found, look: Look, box: Box | None) -> tuple[str, str]:
    """Return what is plotted across and up: as the visitor says, else what limits the box, else what matters most."""
    limited = [] if box is None else [str(name) for name in box.limits["parameter"]]
    names = list(dict.fromkeys([*limited, *_factors_in_order(found)]))
    known = {*names, OUTCOME}
    across = look.across if look.across in known else names[0]
    rest = [name for name in [*names, OUTCOME] if name != across]
    return across, look.up if look.up in known and look.up != across else rest[0]


def _factors_in_order(found: Found) -> list[str]:
    """Return the factors in the order in which they, or their groups, matter."""
    groups = {} if found.ranking is None else found.ranking.attrs.get("groups", {})
    return [factor for name in order(found) for factor in groups.get(name, [name])]


def headline(found: Found) -> str:
    """Return the finding in a sentence with its number."""
    if found.outcome is None or (found.ranking is None and found.swings is None):
        return "Which assumptions decide what the deal does?"
    names, what = order(found), _what(found)
    if found.ranking is None:
        assert found.swings is not None
        row = found.swings.loc[found.swings["parameter"] == names[0], ["at_low", "at_high"]].to_numpy()[0]
        low, high = (number(float(end)) for end in row)
        return f"{label(names[0])} moves it most: {what} goes from {low} to {high}"
    frame = found.ranking.set_index("parameter").loc[names]
    if not frame["total" if "total" in frame else "mu_star"].iloc[0] > 0.0:
        return f"Nothing that is varied moves {what}"
    return _explained(frame, what) if "total" in frame else _moved(frame, what, found.outcome)


def plainly(found: Found) -> str:
    """Return in a sentence what was run, or why a sweep is not analysed."""
    if found.question is None:
        return f"Not reckoned: {found.failure}." if found.failure else ""
    runs = found.outcome.runs if found.outcome else ()
    pairs = ", each with and without the deal: the outcome is what the deal changes" if "treated" in runs[1:] else ""
    return f"{found.runs:,} worlds over the {len(found.factors)} least certain assumptions{pairs}."


def spoken(rows: list[list[Any]], what: str) -> str:
    """Return a chart in words: its title and what leads it."""
    led = listed([f"{row[1]} {row[-1]}" for row in rows[:FEW]])
    return f"{what}: {led}" if rows else what


def _explained(frame: pd.DataFrame, what: str) -> str:
    """Return how few assumptions explain half of the variance, or more."""
    parts = frame["first"].clip(lower=0.0).sort_values(ascending=False)
    gathered = parts.cumsum()
    enough = int((gathered < HALF).sum()) + 1
    if enough > FEW or enough > len(parts):
        names = [_inside(label(str(name))) for name in frame.index[:2]]
        return f"No few assumptions decide {what}: they work together, {listed(names)} most of all"
    names = [label(str(name)) for name in parts.index[:enough]]
    share = PERCENT * min(1.0, float(gathered.iloc[enough - 1]))
    named = listed([names[0], *map(_inside, names[1:])])
    return f"{named} explain{'s' if enough == 1 else ''} {share:.0f} % of how much {what} varies"


def _moved(frame: pd.DataFrame, what: str, outcome: Outcome) -> str:
    """Return which assumption moves an outcome most, and how far."""
    first, second = (float(frame["mu_star"].iloc[place]) for place in (0, min(1, len(frame) - 1)))
    name, next_name = (label(str(frame.index[place])) for place in (0, min(1, len(frame) - 1)))
    unit = _unit(outcome.unit)
    far = f"{number(first)}{' ' + unit if unit else ''}"
    return f"{name} moves {what} most, by {far} over its range; next is {_inside(next_name)} with {number(second)}"


def _what(found: Found) -> str:
    """Return what an outcome is called."""
    assert found.outcome is not None
    return dated(found.outcome.label or found.outcome.name)


def _inside(name: str) -> str:
    """Return a name inside a sentence."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def _unit(unit: str) -> str:
    """Return an outcome's unit in words."""
    return "points" if unit == "pp" else unit_words(unit)


def _title(found: Found, look: Look) -> str:
    """Return what tells worlds apart."""
    assert found.outcome is not None
    sign, _, bound = condition_of(found, look).partition(" ")
    said = {"<": "below", ">": "above", "<=": "at most", ">=": "at least"}[sign]
    unit = _unit(found.outcome.unit)
    return f"Worlds where {_what(found)} is {said} {number(float(bound))}{' ' + unit if unit else ''}"


def _axis(found: Found, name: str, values: np.ndarray) -> dict[str, Any]:
    """Return an axis: its name, label, unit and range."""
    if name == OUTCOME:
        assert found.outcome is not None
        low, high = (float(np.min(values)), float(np.max(values))) if len(values) else (0.0, 1.0)
        return {"name": name, "label": _what(found), "unit": _unit(found.outcome.unit), "low": low, "high": high}
    factor = _factor(found, name)
    return {"name": name, "label": label(name), "unit": unit_words(factor.unit), "low": factor.low, "high": factor.high}


def _factor(found: Found, name: str) -> Factor:
    """Return a factor by name."""
    return next(factor for factor in found.factors if factor.name == name)


def _box(box: Box | None) -> dict[str, Any] | None:
    """Return the box: its limits as rows, and how pure and how complete it is."""
    if box is None:
        return None
    return {"limits": [_limit(row) for row in box.limits.to_dict("records")], "text": _boxed(box)}


def _limit(row: Mapping[Any, Any]) -> dict[str, Any]:
    """Return a limit of a box as a page shows it."""
    name, low, high = str(row["parameter"]), float(row["low"]), float(row["high"])
    return {
        "name": name,
        "label": label(name),
        "unit": _unit_of(name),
        "low": _point(low),
        "high": _point(high),
        "low_text": number(low),
        "high_text": number(high),
        "open": [low <= float(row["range_low"]), high >= float(row["range_high"])],
        "p_value": probability(float(row["p_value"])),
    }


def _boxed(box: Box) -> str:
    """Return how pure and how complete a box is."""
    rate, density, coverage = (PERCENT * part for part in (box.base_rate, box.density, box.coverage))
    if len(box.limits):
        return (
            f"{density:.0f} % of the worlds in the box are such, {rate:.0f} % of all; it holds {coverage:.0f} % of such"
        )
    if box.base_rate in (0.0, 1.0):
        return f"{'All' if box.base_rate else 'None'} of the worlds are such"
    return f"{rate:.0f} % of them are such, and no box of assumptions tells which"


def _unit_of(name: str) -> str:
    """Return a parameter's unit in words; nothing for a term of the deal."""
    item = parameters().get(name)
    return unit_words(item.unit) if item else ""


def _bound(condition: str) -> float | None:
    """Return the number of a condition."""
    return float(condition.partition(" ")[2]) if condition else None


def _point(value: Any) -> float:
    """Return a number of a few digits; nought for what is not finite."""
    return float(f"{float(value):.5g}") if math.isfinite(float(value)) else 0.0


def look_of(view: View) -> Look:
    """Return how a link wants worlds to be looked at."""
    extra = view.extra
    return Look(extra.get("across", ""), extra.get("up", ""), extra.get("holds", ""), limits_of(extra.get("only", "")))


def ranked(found: Found) -> dict[str, Any]:
    """Return the headline, the ranking and the tornado."""
    bars, tornado = ranking(found), swings(found)
    return {
        "headline": headline(found),
        "note": plainly(found),
        "ranking": bars,
        "swings": tornado,
        "spoken": [
            spoken(bars["rows"], "Which assumptions matter") if bars else "",
            spoken(
                [[row[0], row[1], f"from {row[2]:g} to {row[3]:g}"] for row in tornado["rows"]],
                "How far each one moves the answer",
            )
            if tornado
            else "",
        ],
    }


def box_of(found: Found, look: Look) -> Box | None:
    """Return the box of assumptions in which the outcome holds most often; None where there are too few worlds."""
    if found.points is None or found.outcome is None:
        return None
    points, _, holds = worlds(found, look)
    varied = points.loc[:, points.nunique() > 1]
    if len(points) < LEAST_WORLDS or varied.empty:
        return None
    from ...experiments.analysis.discovery import find_box

    return find_box(varied, holds)
