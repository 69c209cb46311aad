"""What the Twin page is told: a pair of worlds quarter by quarter, and the fans and effects of many pairs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ...experiments.statistics import mean_interval
from ..output import difference, figure
from ..state import HORIZON, date_of
from .cast import focus, token
from .headlines import story

if TYPE_CHECKING:
    from ..pairs import Pairs
    from ..session import Session, World

PERCENT = 100.0
DIGITS = 4
"""Significant digits of a point in a chart."""

LEVELS = (5.0, 25.0, 50.0, 75.0, 95.0)
"""The percentiles of a fan."""

SEEN = 8
"""Quarters after the deal at which its effect is told while nothing has been played."""

MOST_DOTS, COLUMNS = 100, 22
"""Dots and columns that an eye can count."""

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


class Measure(NamedTuple):
    """What both worlds are compared by.

    Attributes:
        label: its name.
        unit: its unit, as it is shown.
        name: the indicator, or the column of the labs.
        of_lab: whether it is a column of the labs, read for the lab in focus.
        factor: what it is multiplied by.
    """

    label: str
    unit: str
    name: str
    of_lab: bool = False
    factor: float = 1.0


MEASURES = (
    Measure("Share", "%", "market_share", of_lab=True, factor=PERCENT),
    Measure("Gap", "OOM", "gap", of_lab=True),
    Measure("Compute", "M H100e", "compute", of_lab=True),
    Measure("Lead time", "quarters", "chip_lead_time"),
    Measure("Chips", "k$/H100e", "landed_price"),
    Measure("Capital", "bn $", "funding"),
    Measure("Power", "$/MWh", "power_price"),
)
FANS = ("market_share", "gap", "compute", "chip_lead_time")
RELATIVE = "compute"
"""A hundredfold growth hides the effect: shown as a difference in per cent."""


def setup(session: Session) -> str:
    """Return what stays the same in a run, as JSON."""
    lab = focus(session)
    told: dict[str, Any] = {
        "lab": lab,
        "token": token(session, lab),
        "story": story(session),
        "deals": sorted({deal.start - session.first + 1 for deal in session.case.deals}),
        "year": int(date_of(session.case.name, 1)[:4]),
        "horizon": HORIZON,
        "twin": session.has_twin,
        "what": _what(session),
        "charts": [
            ["market_share", f"{lab}’s share", "% of AI revenue"], ["gap", "Gap to the leader", "OOM"],
            ["compute", "Effect on its compute", "% over the twin"], ["chip_lead_time", "Chip lead time", "quarters"],
        ],
    }  # fmt: skip
    return json.dumps(told)


def frame(session: Session, quarter: int) -> dict[str, Any]:
    """Return what a quarter of the visitor's own pair adds: points, rows of the table and the finding."""
    now = session.at(quarter)
    values = {item.name: (_one(session, item, now.own), _one(session, item, now.twin)) for item in MEASURES}
    return {
        "q": quarter,
        "date": date_of(session.case.name, quarter),
        "values": {name: [_point(value) for value in values[name]] for name in FANS},
        "rows": [_row(item, *values[item.name]) for item in MEASURES],
        "sentence": _sentence_of_one(session, quarter, *values["market_share"]),
    }


def fans(session: Session, pairs: Pairs) -> str:
    """Return the percentiles of both worlds by quarter, as JSON: by name, world, percentile and quarter."""
    found = {}
    for item in MEASURES:
        if item.name in FANS:
            own, twin = (_many(session, item, world) for world in (pairs.own, pairs.twin))
            if item.name == RELATIVE:
                found[item.name] = [_percentiles(_over(own, twin))]
            else:
                found[item.name] = [_percentiles(own), _percentiles(twin)]
    return json.dumps(found, allow_nan=False)


def shown_at(session: Session, quarter: int) -> int:
    """Return the quarter whose effect is told: the one that is looked at, or, before the first, one after the deal."""
    first = min((deal.start - session.first + 1 for deal in session.case.deals), default=1)
    return quarter or min(first + SEEN, HORIZON)


def effect(session: Session, pairs: Pairs, quarter: int) -> str:
    """Return what many pairs say of a quarter, as JSON: the finding, the effect on the share as dots, and a table."""
    place, date = quarter - 1, date_of(session.case.name, quarter)
    rows = []
    for item in MEASURES:
        own, twin = (_many(session, item, world)[place] for world in (pairs.own, pairs.twin))
        rows.append([*_row(item, float(own.mean()), float(twin.mean())), *_certainty(own - twin)])
    own, twin = (_many(session, MEASURES[0], world)[place] for world in (pairs.own, pairs.twin))
    told = {
        "q": quarter,
        "date": date,
        "count": pairs.size,
        "failed": pairs.failed,
        "sentence": _sentence_of_many(session, own, twin, date),
        "dots": dots(own - twin),
        "mean": _point((own - twin).mean()),
        "change": difference(float(own.mean()), float(twin.mean())) or "±0",
        "rows": rows,
    }
    return json.dumps(told, allow_nan=False)


def dots(sample: np.ndarray) -> dict[str, Any]:
    """Return a sample as dots in columns, none of which holds values of both signs.

    Args:
        sample: shape (n,).

    Returns:
        ``each``, how many values a dot is; ``step``, the width of a column; ``points``, the middle of its column, its
        place in it from below and its value, for every dot.
    """
    each = -(-sample.size // MOST_DOTS)
    ordered = np.sort(sample)
    values = [float(part.mean()) for part in np.array_split(ordered, -(-sample.size // each))]
    step = _round_step((values[-1] - values[0]) / COLUMNS)
    heights: dict[float, int] = {}
    points = []
    for value in values:
        middle = 0.0 if value == 0.0 else (np.floor(value / step) + 0.5) * step
        heights[middle] = heights.get(middle, 0) + 1
        points.append([_point(middle), heights[middle], _point(value)])
    return {"each": each, "step": step, "points": points}


def _round_step(rough: float) -> float:
    """Return a round number at or above a rough one."""
    if rough <= 0.0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(rough))
    return float(next(step * power for step in STEPS if step * power >= rough * 0.999))


def _what(session: Session) -> str:
    """Return what differs between the worlds, in words."""
    return "the deal" if session.case.deals else "what happens"


def _one(session: Session, item: Measure, world: World) -> float:
    """Return a measure of one world of the visitor's own pair."""
    if not item.of_lab:
        return item.factor * world.indicator(item.name)
    return item.factor * float(world.column("ai_labs", item.name)[_focus_row(session)])


def _many(session: Session, item: Measure, world: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return a measure of one world of many pairs, shape (quarters, pairs)."""
    values = world[item.name]
    return item.factor * (values[:, _focus_row(session)] if item.of_lab else values)


def _focus_row(session: Session) -> int:
    """Return the row of the lab that the page is about."""
    return session.firms["ai_labs"].index(focus(session))


def _over(own: np.ndarray, twin: np.ndarray) -> np.ndarray:
    """Return how much one exceeds the other, per cent; nothing where there is nothing to exceed."""
    return PERCENT * (np.divide(own, twin, out=np.ones_like(own), where=twin > 0.0) - 1.0)


def _percentiles(values: np.ndarray) -> list[list[float]]:
    """Return percentiles over pairs by quarter."""
    return [[_point(value) for value in level] for level in np.percentile(values, LEVELS, axis=-1)]


def _row(item: Measure, own: float, twin: float) -> list[Any]:
    """Return a row of the table: label, unit, both values and the difference, as they are shown."""
    return [item.label, item.unit, figure(own), figure(twin), difference(own, twin)]


def _certainty(change: np.ndarray) -> list[Any]:
    """Return the interval of a mean difference and how many pairs share its sign: mean, low, high, count.

    One pair has no interval: then low and high are the mean itself.
    """
    found = mean_interval(change)
    low, high = (end if np.isfinite(end) else found.value for end in (found.low, found.high))
    alike = int(np.sum(np.sign(change) == np.sign(found.value))) if found.value else 0
    return [_point(found.value), _point(low), _point(high), alike]


def _sentence_of_many(session: Session, own: np.ndarray, twin: np.ndarray, date: str) -> list[list[str]]:
    """Return the finding of many pairs as pieces of text, each with its colour's name or none."""
    lab, what, change = focus(session), _what(session), own - twin
    if not change.any():
        return [[f"In {date} both worlds are still the same", ""]]
    found = mean_interval(change)
    shown = difference(float(own.mean()), float(twin.mean()))
    if not shown or found.low <= 0.0 <= found.high:
        low, high = (difference(float(twin.mean()) + end, float(twin.mean())) or "±0" for end in found[1:])
        text = f"In {date} {what} moves {lab}’s share no more than luck does: "
        return [[f"{text}on average by {low} to {high} points", ""]]
    verb = "lifts" if found.value > 0.0 else "lowers"
    alike = int(np.sum(np.sign(change) == np.sign(found.value)))
    return [
        [f"In {alike} of {change.size} pairs {what} {verb} {lab}’s share, by ", ""],
        [f"{shown[1:]} {_points(shown)}", "deal"], [f" on average in {date}", ""],
    ]  # fmt: skip


def _sentence_of_one(session: Session, quarter: int, own: float, twin: float) -> list[list[str]]:
    """Return the finding of the visitor's own pair as pieces of text, each with its colour's name or none."""
    lab, date, shown = focus(session), date_of(session.case.name, quarter), difference(own, twin)
    if not session.has_twin:
        return [[f"{lab} holds {figure(own)} % of AI revenue in {date}", ""]]
    if not shown:
        return [[f"In this pair {lab} holds {figure(own)} % of AI revenue in {date}, as much as in its twin", ""]]
    return [
        [f"In this pair {lab} holds {figure(own)} % of AI revenue in {date}, ", ""],
        [f"{shown[1:]} {_points(shown)}", "deal"], [f" {'more' if shown[0] == '+' else 'less'} than in its twin", ""],
    ]  # fmt: skip


def _points(shown: str) -> str:
    """Return the unit of a difference of shares."""
    return "point" if shown[1:] == "1" else "points"


def _point(value: Any) -> float:
    """Return a number of a few digits."""
    return float(f"{float(value):.{DIGITS}g}")
