"""What the Twin page shows: a pair of worlds quarter by quarter, and the fans and effects of many pairs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...experiments.formatting import beside, difference
from ...experiments.statistics import mean_interval
from ..url.dates import date_of
from ..url.limits import HORIZON
from . import quantities
from .firm_labels import focus, token
from .headline_figures import BEYOND, Pieces, last_claimed, points, sentence, story
from .quantities import SHARE, Quantity, row_of_focus

if TYPE_CHECKING:
    from ..jobs.paired_runs import Pairs
    from ..sessions.twin_run import TwinRun

PERCENT = 100.0
DIGITS = 9
"""Significant digits of a point in a chart: so many that rounding it once more shows what rounding the number does."""

LEVELS = (5.0, 25.0, 50.0, 75.0, 95.0)
"""The percentiles of a fan."""

SEEN = 8
"""Quarters after the deal at which its effect is shown while nothing has been played."""

MOST_DOTS, COLUMNS = 100, 22
"""Dots and columns that an eye can count."""

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


MEASURES = (
    quantities.SHARE,
    quantities.GAP,
    quantities.COMPUTE,
    quantities.LEAD_TIME,
    quantities.CHIP_PRICE,
    quantities.CAPITAL,
    quantities.POWER_PRICE,
    quantities.CONTRACT_RENT,
)
"""What both worlds are compared by."""

FANS = (quantities.SHARE, quantities.GAP, quantities.COMPUTE, quantities.LEAD_TIME)
RELATIVE = quantities.COMPUTE
"""A hundredfold growth hides the effect: shown as a difference in per cent."""

OVER_TWIN = "% over the twin"


def setup(run: TwinRun) -> str:
    """Return what stays the same in a run, as JSON."""
    lab = focus(run)
    payload: dict[str, Any] = {
        "lab": lab,
        "token": token(run, lab),
        "story": story(run),
        "deals": sorted({deal.start - run.first + 1 for deal in run.case.deals}),
        "year": int(date_of(run.case, 1)[:4]),
        "horizon": HORIZON,
        "twin": run.has_twin,
        "last": last_claimed(run),
        "beyond": BEYOND,
        "what": _what(run),
        "charts": [
            [item.name, item.called(lab), item.unit]
            if item is not RELATIVE
            else [item.name, f"Effect on {item.called(lab)}", OVER_TWIN]
            for item in FANS
        ],
        "names": [item.called(lab) for item in MEASURES],
        "share": SHARE.name,
        "relative": RELATIVE.name,
    }
    return json.dumps(payload)


def frame(run: TwinRun, quarter: int) -> dict[str, Any]:
    """Return what a quarter of the visitor's own pair adds: points, rows of the table and the finding."""
    now, row = run.at(quarter), row_of_focus(run)
    values = {item: (item.read(now.own, row), item.read(now.twin, row)) for item in MEASURES}
    return {
        "q": quarter,
        "date": date_of(run.case, quarter),
        "values": {item.name: [_point(value) for value in values[item]] for item in FANS},
        "rows": [_row(item, *values[item]) for item in MEASURES],
        "sentence": sentence(run, quarter),
    }


def fans(run: TwinRun, pairs: Pairs) -> str:
    """Return the percentiles of both worlds by quarter, as JSON: by name, world, percentile and quarter."""
    found = {}
    for item in FANS:
        own, twin = (item.many(world, row_of_focus(run)) for world in (pairs.own, pairs.twin))
        if item is RELATIVE:
            found[item.name] = [percentiles(_over(own, twin))]
        else:
            found[item.name] = [percentiles(own), percentiles(twin)]
    return json.dumps(found, allow_nan=False)


def percentiles(values: np.ndarray, levels: Sequence[float] = LEVELS) -> list[list[float]]:
    """Return percentiles over runs by quarter, from shape (quarters, runs)."""
    return [[_point(value) for value in level] for level in np.percentile(values, levels, axis=-1)]


def shown_at(run: TwinRun, quarter: int) -> int:
    """Return the quarter whose effect is shown: the one that is looked at, or, before the first, one after the deal.

    Later than the last quarter of which anything is claimed, it is that one.
    """
    first = min((deal.start - run.first + 1 for deal in run.case.deals), default=1)
    return min(quarter or first + SEEN, HORIZON, last_claimed(run))


def effect(run: TwinRun, pairs: Pairs, quarter: int) -> str:
    """Return what many pairs say of a quarter, as JSON: the finding, the effect on the share as dots, and a table."""
    place, date, row = quarter - 1, date_of(run.case, quarter), row_of_focus(run)
    rows = []
    for item in MEASURES:
        own, twin = (item.many(world, row)[place] for world in (pairs.own, pairs.twin))
        rows.append([*_row(item, float(own.mean()), float(twin.mean())), *_certainty(own - twin)])
    own, twin = (SHARE.many(world, row)[place] for world in (pairs.own, pairs.twin))
    payload = {
        "q": quarter,
        "date": date,
        "count": pairs.size,
        "failed": pairs.failed,
        "sentence": _sentence_of_many(run, own, twin, date),
        "dots": dots(own - twin),
        "mean": _point((own - twin).mean()),
        "change": rows[0][4] or "±0",
        "rows": rows,
    }
    return json.dumps(payload, allow_nan=False)


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


def _what(run: TwinRun) -> str:
    """Return what differs between the worlds, in words."""
    return "the deal" if run.case.deals else "what happens"


def _over(own: np.ndarray, twin: np.ndarray) -> np.ndarray:
    """Return how much one exceeds the other, per cent; nothing where there is nothing to exceed."""
    return PERCENT * (np.divide(own, twin, out=np.ones_like(own), where=twin > 0.0) - 1.0)


def _row(item: Quantity, own: float, twin: float) -> list[Any]:
    """Return a row of the table: label, unit, both values and the difference, as they are shown."""
    return [item.label, item.unit, *beside(own, twin, item.unit)]


def _certainty(change: np.ndarray) -> list[Any]:
    """Return the interval of a mean difference and how many pairs share its sign: mean, low, high, count.

    One pair has no interval: then low and high are the mean itself.
    """
    found = mean_interval(change)
    low, high = (end if np.isfinite(end) else found.value for end in (found.low, found.high))
    alike = int(np.sum(np.sign(change) == np.sign(found.value))) if found.value else 0
    return [_point(found.value), _point(low), _point(high), alike]


def _sentence_of_many(run: TwinRun, own: np.ndarray, twin: np.ndarray, date: str) -> Pieces:
    """Return the finding of many pairs as pieces of text, each with its colour's name or none."""
    what, change = _what(run), own - twin
    if not change.any():
        return [[f"In {date} both worlds are still the same", ""]]
    found = mean_interval(change)
    mean_text = difference(float(own.mean()), float(twin.mean()), SHARE.unit)
    name = SHARE.called(focus(run))
    if not mean_text or found.low <= 0.0 <= found.high:
        low, high = (difference(end, 0.0, SHARE.unit) or "±0" for end in found[1:])
        text = f"In {date} {what} moves {name} no more than luck does: "
        return [[f"{text}on average by {low} to {high} points", ""]]
    verb = "lifts" if found.value > 0.0 else "lowers"
    alike = int(np.sum(np.sign(change) == np.sign(found.value)))
    return [
        [f"In {alike} of {change.size} pairs {what} {verb} {name}, by ", ""],
        [points(mean_text), "deal"],
        [f" on average in {date}", ""],
    ]


def _point(value: Any) -> float:
    """Return a number of a few digits."""
    return float(f"{float(value):.{DIGITS}g}")
