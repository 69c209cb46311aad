"""What figures say, in one sentence each, made from their numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..formatting import between, listed, measured, number, percent, sentence, undefined, unit_words, words
from ..statistics import OPEN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..analysis.discovery import Box
    from ..analysis.tipping import Tipping
    from ..figures.fan import Fan

LEADING, INTERACTING = 3, 0.05
"""How many parameters a sentence names at most, and from which part of variance on combinations are worth a word."""

CLOSE = 1e-9
UNDEFINED = "{label} is undefined in every block of the sample: nothing can be said of what decides it."

SETTLED = 0.3
"""An index whose interval is wider than this says little more than that the parameter matters."""


def of_indices(indices: pd.DataFrame, label: str) -> str:
    """Say which parameters the variance of an outcome comes from, and how much of it from none of them alone."""
    known = indices[np.isfinite(indices["total"])].sort_values("total", ascending=False, kind="stable")
    if known.empty:
        return UNDEFINED.format(label=sentence(label))
    if not known["total"].gt(0.0).any():
        return f"{sentence(label)} does not vary: no assumption matters to it within these ranges."
    first, *others = list(known.itertuples())
    said = (
        f"{sentence(words(first.parameter))} accounts for {percent(first.total)} of the variance of {label} "
        f"(95 % interval {percent(first.total_low)} to {percent(first.total_high)})"
    )
    clear = [item for item in others[: LEADING - 1] if item.total_low > 0.0]
    if clear:
        said += ", " + listed([f"{words(item.parameter)} for {percent(item.total)}" for item in clear])
    rest = others[len(clear) :]
    if rest:
        said += f"; {_the_rest(len(rest))} at most {percent(max(rest[0].total, 0.0))}{' each' if len(rest) > 1 else ''}"
    alone = float(known["first"].clip(lower=0.0).sum())
    if 1.0 - alone > INTERACTING:
        said += f". {percent(min(1.0 - alone, 1.0))} comes from combinations of assumptions or from chance"
    wide = first.total_high - first.total_low
    if wide > SETTLED or first.total > 1.0:
        said += ". These indices are not settled: a larger sample would narrow their intervals"
    return f"{said}."


def of_tornado(tornado: pd.DataFrame, label: str, unit: str) -> str:
    """Say which parameter moves an outcome most from one end of its range to the other."""
    swing = (tornado["at_high"] - tornado["at_low"]).abs()
    known = tornado.assign(swing=swing)[np.isfinite(swing)].sort_values("swing", ascending=False, kind="stable")
    if known.empty:
        return f"{sentence(label)} is undefined at the ends of every range."
    top = known.iloc[0]
    said = (
        f"{sentence(words(top['parameter']))} moves {label} most: from {measured(top['at_low'], unit)} where it is "
        f"{number(top['low_value'])} to {measured(top['at_high'], unit)} where it is {number(top['high_value'])}"
        f", against {number(top['base'])} at the defaults"
    )
    if len(known) > 1:
        second = known.iloc[1]
        said += (
            f"; {words(second['parameter'])} comes next, from {number(second['at_low'])} to {number(second['at_high'])}"
        )
    return f"{said}."


def of_effects(effects: pd.DataFrame, label: str, unit: str) -> str:
    """Say which parameter has the largest elementary effects, and whether its effect hangs on the others."""
    known = effects[np.isfinite(effects["mu_star"])].sort_values("mu_star", ascending=False, kind="stable")
    if known.empty:
        return UNDEFINED.format(label=sentence(label))
    if not known["mu_star"].gt(0.0).any():
        return f"{sentence(label)} does not vary: no assumption matters to it within these ranges."
    top = known.iloc[0]
    uneven = "more than" if top["sigma"] > top["mu_star"] else "less than"
    alone = np.isfinite(top["sigma"])
    moving = "over its range it moves" if alone else "together, its assumptions move"
    said = (
        f"{sentence(words(top['parameter']))} matters most: {moving} {label} by "
        f"{measured(top['mu_star'], unit)} on average "
        f"(95 % interval {between(top['mu_star_low'], top['mu_star_high'])})"
    )
    if alone:
        said += (
            f", and this effect varies with the other assumptions by {uneven} its own size (σ {number(top['sigma'])})"
        )
    if len(known) > 1:
        following = [
            f"{words(name)} ({number(size)})"
            for name, size in known[["parameter", "mu_star"]].iloc[1:LEADING].itertuples(index=False)
        ]
        said += f"; then {listed(following)}"
    return f"{said}."


def of_course(indices: pd.DataFrame, dates: list[str]) -> str:
    """Say which parameter leads at the beginning and at the end."""
    table = indices.pivot(index="time", columns="parameter", values="total")
    known = table[(table > 0.0).any(axis=1)]
    if known.empty:
        return "The outcome does not vary in any quarter."
    early, late = known.iloc[0], known.iloc[-1]
    begin, end = dates[known.index[0]], dates[known.index[-1]]
    first, last = str(early.idxmax()), str(late.idxmax())
    if first == last:
        return (
            f"{sentence(words(first))} leads from first to last: {percent(early[first])} of the variance in {begin}, "
            f"{percent(late[last])} in {end}."
        )
    return (
        f"{sentence(words(first))} leads in {begin} ({percent(early[first])} of the variance), "
        f"{words(last)} in {end} ({percent(late[last])})."
    )


def of_box(box: Box, units: Mapping[str, str]) -> str:
    """Say where a claim holds, and how well the box tells."""
    if box.base_rate in (0.0, 1.0):
        return (
            f"It holds {'everywhere' if box.base_rate else 'nowhere'} within these ranges: there is no region to find."
        )
    if box.limits.empty:
        return f"It holds in {percent(box.base_rate)} of all worlds, and no assumption alone sets them apart."
    return (
        f"It holds in {percent(box.base_rate)} of all worlds, and in {percent(box.density)} of those with "
        f"{listed([limit(row, units) for _, row in box.limits.iterrows()])}. "
        f"They contain {percent(box.coverage)} of all worlds in which it holds."
    )


def limit(row: pd.Series, units: Mapping[str, str]) -> str:
    """Say in words which part of a parameter's range belongs to a box."""
    name = str(row["parameter"])
    close = CLOSE * max(abs(row["range_high"] - row["range_low"]), CLOSE)
    unit = f" {unit_words(units[name])}" if unit_words(units.get(name, "")) else ""
    if row["low"] <= row["range_low"] + close:
        return f"{words(name)} of at most {number(row['high'])}{unit}"
    if row["high"] >= row["range_high"] - close:
        return f"{words(name)} of at least {number(row['low'])}{unit}"
    return f"{words(name)} between {number(row['low'])} and {number(row['high'])}{unit}"


def of_tipping(tipping: Tipping, unit: str, default: float) -> str:
    """Say at which value of an assumption a verdict turns."""
    name = words(tipping.parameter)
    if not np.isfinite(tipping.low):
        return f"It does not tip: the claim is {tipping.below} over the whole range of {name}."
    if not np.isfinite(tipping.value) and tipping.below == tipping.above:
        ends = f"The claim is {tipping.below} at both ends of the range of {name}"
        return f"{ends}, and not everywhere between them: no single value tips it."
    if not np.isfinite(tipping.value):
        return f"The verdict goes from {tipping.below} to {tipping.above} as {name} grows, but no single value tips it."
    more = f"; this is the first of {tipping.crossings} crossings" if tipping.crossings > 1 else ""
    now = f"; the default is {number(default)}" if np.isfinite(default) else ""
    return f"The claim tips where {name} is {measured(tipping.value, unit)}: it is {_sides(tipping)}{now}{more}."


def of_fan(fan: Fan, quarter: str) -> str:
    """Say how far apart the two worlds are at the end, and in how many pairs of runs."""
    last = fan.deal[-1] if fan.twin is None else fan.deal[-1] - fan.twin[-1]
    missing = int(np.count_nonzero(~np.isfinite(last)))
    if missing == last.size:
        return f"In {quarter} it is {undefined(missing, last.size)}."
    if fan.twin is None:
        low, middle, high = np.nanpercentile(fan.deal[-1], (5.0, 50.0, 95.0))
        return (
            f"In {quarter} the difference is {measured(float(middle), fan.unit, sign=True)} in the median run; "
            f"nine runs in ten lie between {number(float(low), sign=True)} and {number(float(high), sign=True)}."
        )
    higher = float(np.mean(last[np.isfinite(last)] > 0.0))
    means = [number(float(np.nanmedian(world[-1]))) for world in (fan.deal, fan.twin)]
    unit = f" {unit_words(fan.unit)}" if unit_words(fan.unit) else ""
    return (
        f"In {quarter} the median is {means[0]}{unit} with the {fan.event or 'change'} and {means[1]} without it; "
        f"it is higher with it in {percent(higher)} of the pairs."
    )


def of_variance_shares(parts: pd.DataFrame) -> str:
    """Say how much of each outcome's variance assumptions make."""
    ours = parts[(parts["source"] == "parameters") & np.isfinite(parts["part"])]
    if ours.empty:
        return "There is one replicate a point: chance cannot be told from assumptions."
    shares = [f"{percent(item.part)} of the variance of {lowered(item.outcome)}" for item in ours.itertuples()]
    return f"Assumptions make {listed(shares)}; the rest is chance, which no knowledge of the assumptions would remove."


def of_estimates(estimates: pd.DataFrame, label: str, unit: str) -> str:
    """Say where an outcome is highest and where lowest."""
    known = estimates[np.isfinite(estimates["mean"])].sort_values("mean", ascending=False, kind="stable")
    if known.empty:
        return f"{sentence(label)} is undefined in all of these worlds."
    high, low = known.iloc[0], known.iloc[-1]
    if len(known) == 1:
        return f"{sentence(label)} is {_estimate(high, unit)} in “{high['label']}”."
    if number(high["mean"]) == number(low["mean"]):
        return f"{sentence(label)} is {_estimate(high, unit)} in all {len(known)} alike."
    return (
        f"{sentence(label)} is highest in “{high['label']}”, {_estimate(high, unit)}, "
        f"and lowest in “{low['label']}”, {_estimate(low, unit)}."
    )


def of_part(held: np.ndarray, low: float, high: float) -> str:
    """Say in which part of all worlds a condition is met."""
    count = int(np.sum(held))
    return (
        f"It holds in {count:,} of {len(held):,} worlds, {percent(count / len(held))} "
        f"(95 % interval {percent(low)} to {percent(high)})."
    )


def _sides(tipping: Tipping) -> str:
    """Say which verdict holds up to where, and from where on."""
    sides = [(tipping.below, "up to", tipping.low), (tipping.above, "from", tipping.high)]
    said = [f"{verdict} {where} {number(value)}" for verdict, where, value in sides if verdict != OPEN]
    return ", ".join([*said, f"{OPEN} {('throughout', 'elsewhere', 'in between')[len(said)]}"])


def lowered(text: str) -> str:
    """Return a text that goes on with a sentence: a small letter first, unless a word of capitals or a name follows."""
    return text if text[1:2].isupper() else f"{text[:1].lower()}{text[1:]}"


def _the_rest(count: int) -> str:
    """Name parameters that were not named."""
    return "the other one" if count == 1 else f"the other {count}"


def _estimate(row: pd.Series, unit: str) -> str:
    """Return a mean with its interval."""
    if not np.isfinite([row["low"], row["high"]]).all():
        return measured(row["mean"], unit)
    return f"{measured(row['mean'], unit)} (95 % interval {between(row['low'], row['high'])})"
