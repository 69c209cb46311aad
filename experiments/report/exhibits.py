"""Exhibits: figures with what they say, made by the analyses that fit a design."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import stats

from ...agents.state.shown import shown
from ...model.inputs.text import ascii_text
from ..analysis.discovery import Box, find_box
from ..analysis.missing_outcomes import DROP
from ..analysis.sensitivity import morris_effects, sobol_indices, tornado
from ..figures.estimates import plot_estimates
from ..figures.region import plot_limits, plot_trajectory, plot_worlds
from ..figures.sensitivity import plot_course, plot_effects, plot_indices, plot_tornado
from ..formatting import dated, number, percent, probability, sentence, unit_words, words
from ..statistics import LEVEL, mean_interval, meets
from . import captions

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ..designs.design import Design
    from ..sweeps.outcomes import Outcome

MOST_WORLDS = 1500
"""Worlds that a scatter shows; of more, every so manieth."""

MOST_ROWS = 12
"""Worlds that are compared in one figure."""

SAMPLED = ("latin_hypercube", "sobol", "morris")
"""Designs whose points are a sample of the space of assumptions."""

DROPPED = "Left out, because all runs of a point failed: {count} of {whole}."


@shown()
@dataclass(frozen=True)
class Exhibit:
    """A figure and what it says, or a title and why there is no figure.

    Attributes:
        name: what its files are called.
        title: what it shows.
        how: how to read it.
        reading: what it says, in a sentence made from its numbers; or why there is nothing to show.
        plot: plots it, given a title, a unit and a theme; None where there is nothing to show.
        about: the outcome that it is about, by name.
        leading: the assumptions that weigh most, in order.
        frame: the numbers behind it.
        scenario: which of several scenarios it is about, by name; empty where it is about all.
    """

    name: str
    title: str
    how: str
    reading: str
    plot: Callable[..., Figure] | None = None
    about: str = ""
    leading: tuple[str, ...] = ()
    frame: pd.DataFrame | None = None
    scenario: str = ""

    @property
    def heads(self) -> list[str]:
        """The heads of the table of its numbers."""
        return [] if self.frame is None else [words(str(name)) for name in self.frame]

    @property
    def rows(self) -> list[list[str]]:
        """The rows of the table of its numbers."""
        if self.frame is None:
            return []
        return [
            [_cell(str(name), cell) for name, cell in zip(self.frame, row, strict=True)]
            for row in self.frame.itertuples(index=False)
        ]

    @property
    def alt(self) -> str:
        """What is read aloud instead of the figure."""
        return f"{self.title}. {self.reading}"


def _cell(name: str, value: Any) -> str:
    """Return a number or a name of a column as text."""
    if isinstance(value, str):
        return words(value)
    return probability(value) if name == "p_value" else number(value)


def named(exhibit: Exhibit, scenario: str) -> Exhibit:
    """Return an exhibit about one of several scenarios, its name in the title and in what is said."""
    reading = f"{scenario}: {exhibit.reading}"
    return replace(exhibit, title=f"{exhibit.title}, {scenario}", reading=reading, scenario=scenario)


def slug(*parts: str) -> str:
    """Return a name for files: lower-case letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", ascii_text(" ".join(parts)).lower()).strip("-")[:80] or "figure"


def sensitivity(design: Design, values: np.ndarray, outcome: Outcome, name: str) -> Iterator[Exhibit]:
    """Yield the figure that tells which parameters decide an outcome, if the design was made to tell.

    Args:
        design: what was varied.
        values: the outcome, mean over replicates, shape (points,).
        outcome: what it is.
        name: the beginning of the files' names.
    """
    chosen = _SENSITIVITY.get(design.method)
    if chosen is None:
        return
    title = chosen.title.format(label=sentence(outcome.label))
    try:
        frame = chosen.analyse(design, values, missing=DROP)
    except ValueError as error:
        yield Exhibit(slug(name, design.method), title, "", f"Not reckoned: {error}.")
        return
    yield Exhibit(
        slug(name, design.method),
        title,
        chosen.how,
        _with_dropped(chosen.say(frame, outcome), frame, design),
        partial(chosen.plot, frame, **({"outcome_unit": outcome.unit} if design.method == "one_at_a_time" else {})),
        outcome.name,
        design.factors_of(_leading(frame)),
        frame,
    )


def course(design: Design, values: np.ndarray, outcome: Outcome, dates: list[str], name: str) -> Iterator[Exhibit]:
    """Yield the figure that tells which parameters decide an outcome in each quarter.

    Args:
        design: made by Sobol's method; nothing is yielded for others.
        values: the outcome by quarter, mean over replicates, shape (points, T).
        outcome: what it is.
        dates: of the quarters.
        name: the beginning of the files' names.
    """
    if design.method != "sobol":
        return
    title = f"{sentence(outcome.label)}: what decides it"
    try:
        frame = sobol_indices(design, values, missing=DROP)
    except ValueError as error:
        yield Exhibit(slug(name, "course"), title, "", f"Not reckoned: {error}.")
        return
    reading = _with_dropped(captions.of_course(frame, list(map(dated, dates))), frame, design)
    by_date = frame.assign(time=[dates[position] for position in frame["time"]])
    how = "total Sobol index: share of variance, with interactions; the five that weigh most"
    yield Exhibit(slug(name, "course"), title, how, reading, partial(plot_course, by_date))


def region(
    design: Design, values: np.ndarray, outcome: Outcome, name: str, leading: Sequence[str] = ()
) -> Iterator[Exhibit]:
    """Yield figures of the region where an outcome meets its condition.

    Args:
        design: what was varied.
        values: the outcome, mean over replicates, shape (points,).
        outcome: what it is, and its condition; nothing is yielded without one.
        name: the beginning of the files' names.
        leading: the assumptions that weigh most, where that is known.
    """
    if not outcome.condition or design.method == "one_at_a_time" or len(design.factors) == 0:
        return
    apart = np.isin(np.arange(len(values)), design.independent)
    known = np.isfinite(values) & apart
    points = design.points[known].reset_index(drop=True)
    held = np.asarray(meets(values[known], outcome.condition), dtype=bool)
    title = f"{sentence(outcome.label)}: where it is {said(outcome)}"
    if len(points) < 2:
        yield Exhibit(slug(name, "box"), title, "", "Not reckoned: fewer than two points have an outcome.")
        return
    box = find_box(points, held)
    limits = _declared(box.limits, design)
    units, defaults = ({f.name: getattr(f, what) for f in design.factors} for what in ("unit", "default"))
    reading = captions.of_box(replace(box, limits=limits), units)
    if box.limits.empty:
        yield Exhibit(slug(name, "box"), title, "", reading)
        return
    yield from _worlds(points, held, replace(box, limits=limits), (units, leading), name)
    yield Exhibit(
        slug(name, "box"),
        title,
        "line: range that was tried; bar: the part where it holds; ring: default",
        reading,
        partial(plot_limits, limits, defaults=defaults, units=units),
        outcome.name,
        tuple(box.limits.sort_values("p_value", kind="stable")["parameter"]),
        limits,
    )
    yield Exhibit(
        slug(name, "trajectory"),
        "How the region was chosen",
        "each dot a smaller region: of the worlds inside, how many hold; of those that hold, how many are inside",
        _chosen(box),
        partial(plot_trajectory, box),
    )


def by_scenario(
    design: Design, samples: Mapping[str, np.ndarray], outcome: Outcome, name: str, over: str = "scenario by scenario"
) -> Iterator[Exhibit]:
    """Yield a figure of an outcome in several worlds, if there are several.

    Args:
        design: what was varied within each.
        samples: by what the world is called, the outcome, shape (points, replicates).
        outcome: what it is.
        name: the beginning of the files' names.
        over: what tells the worlds apart, for the title.
    """
    if len(samples) < 2:
        return
    rows = [{"label": title, **_interval(design, values)} for title, values in samples.items()]
    frame = pd.DataFrame(rows).rename(columns={"value": "mean"})
    how = "mean over all runs with its 95 % interval" + ("; pale: where it holds" if outcome.condition else "")
    if len(frame) > MOST_ROWS:
        how += f"; of {len(frame)}, the {MOST_ROWS // 2} highest and the {MOST_ROWS // 2} lowest"
    yield Exhibit(
        slug(name, over),
        f"{sentence(outcome.label)}, {over}",
        how,
        captions.of_estimates(frame, outcome.label, outcome.unit),
        partial(plot_estimates, _ends(frame), condition=outcome.condition, outcome_unit=outcome.unit),
        outcome.name,
        frame=frame,
    )


def by_term(
    design: Design, terms: Mapping[str, Mapping[str, str]], samples: Mapping[str, np.ndarray], outcome: Outcome
) -> Iterator[Exhibit]:
    """Yield a figure of an outcome for each term of the deal that is varied, over all the others.

    Args:
        design: what was varied within each scenario.
        terms: by scenario, its terms.
        samples: by scenario, the outcome, shape (points, replicates).
        outcome: what it is.
    """
    for term in dict.fromkeys(term for chosen in terms.values() for term in chosen):
        worlds: dict[str, list[np.ndarray]] = {}
        for scenario, chosen in terms.items():
            worlds.setdefault(chosen[term], []).append(samples[scenario])
        means = {label: mean_of(np.stack(parts), 0) for label, parts in worlds.items()}
        yield from by_scenario(design, means, outcome, outcome.name, f"by {words(term)} of the deal")


def mean_of(values: np.ndarray, axis: int) -> np.ndarray:
    """Return means of the numbers that are there; not a number where there are none."""
    known = np.isfinite(values)
    count = known.sum(axis)
    total = np.where(known, values, 0.0).sum(axis)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def said(outcome: Outcome) -> str:
    """Return an outcome's condition in words: above 1."""
    sign, _, limit = outcome.condition.partition(" ")
    than = {">": "above", ">=": "at least", "<": "below", "<=": "at most"}[sign]
    return " ".join(filter(None, (than, limit, unit_words(outcome.unit))))


def part_that_holds(held: np.ndarray) -> str:
    """Say in which part of all worlds a condition is met, with Wilson's interval."""
    found = stats.binomtest(int(held.sum()), len(held)).proportion_ci(LEVEL, method="wilson")
    return captions.of_part(held, float(found.low), float(found.high))


def _leading(frame: pd.DataFrame) -> tuple[str, ...]:
    """Return the parameters of an analysis, or their groups, those that weigh most first."""
    weights = ("total", "mu_star")
    weight = next((frame[name] for name in weights if name in frame), None)
    if weight is None:
        weight = (frame["at_high"] - frame["at_low"]).abs()
    return tuple(frame.loc[weight[weight > 0.0].sort_values(ascending=False, kind="stable").index, "parameter"])


def _interval(design: Design, values: np.ndarray) -> dict[str, float]:
    """Return the mean over all runs with its interval, from shape (points, replicates).

    Points that were sampled stand for all others, and the interval is over them; points that were chosen stand for
    themselves, and it is over chance alone.
    """
    means = mean_of(values[design.independent], -1) if design.method in SAMPLED else mean_of(values, 0)
    found = mean_interval(means)
    return found._asdict() if np.isfinite(found.low) else {**found._asdict(), "low": np.nan, "high": np.nan}


def _ends(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the highest and the lowest of many worlds, in order; all of a few, as they are."""
    if len(frame) <= MOST_ROWS:
        return frame
    ranked = frame[np.isfinite(frame["mean"])].sort_values("mean", ascending=False, kind="stable")
    half = MOST_ROWS // 2
    return pd.concat([ranked[:half], ranked[max(half, len(ranked) - half) :]])


def _declared(limits: pd.DataFrame, design: Design) -> pd.DataFrame:
    """Return limits within the ranges that were asked for, of which the sample need not reach the ends."""
    declared = limits.copy()
    for row, item in limits.iterrows():
        factor = next(factor for factor in design.factors if factor.name == item["parameter"])
        if item["low"] <= item["range_low"]:
            declared.loc[row, "low"] = factor.low
        if item["high"] >= item["range_high"]:
            declared.loc[row, "high"] = factor.high
        declared.loc[row, ["range_low", "range_high"]] = factor.low, factor.high
    return declared


def _worlds(
    points: pd.DataFrame, held: np.ndarray, box: Box, labels: tuple[Mapping[str, str], Sequence[str]], name: str
) -> Iterator[Exhibit]:
    """Yield the scatter of worlds over the two parameters that set the region apart most."""
    if len(points.columns) < 2:
        return
    ranked = box.limits.sort_values("p_value", kind="stable")["parameter"].tolist()
    units, leading = labels
    pair = list(dict.fromkeys([*ranked, *leading, *points.columns]))[:2]
    shown = slice(None, None, -(-len(points) // MOST_WORLDS))
    some = f"; every {shown.step}th world is shown" if shown.step > 1 else ""
    yield Exhibit(
        slug(name, "worlds"),
        "The worlds that were tried",
        f"filled: it holds; hollow: it does not; frame: the region{some}",
        part_that_holds(held),
        partial(plot_worlds, points.iloc[shown][pair], held[shown], limits=box.limits, units=units),
    )


def _chosen(box: Box) -> str:
    """Say which regions were to choose from."""
    return (
        f"Of {len(box.trajectory)} regions, the one chosen holds {percent(box.mass)} of all worlds; "
        f"in {percent(box.density)} of its worlds the claim holds, against {percent(box.base_rate)} "
        "of all."
    )


def _with_dropped(text: str, frame: pd.DataFrame, design: Design) -> str:
    """Add how many blocks of a sample were left out."""
    dropped = frame.attrs.get("dropped", 0)
    if not dropped:
        return text
    one_by_one = design.method == "one_at_a_time"
    whole = len(design.factors) if one_by_one else len(design.points) // design.block
    what = f"{whole:,} {'assumptions' if one_by_one else 'blocks of the sample'}"
    return f"{text} {DROPPED.format(count=f'{dropped:,}', whole=what)}"


@dataclass(frozen=True)
class _Sensitivity:
    """How a design's sensitivity is analysed, plotted and described."""

    title: str
    how: str
    analyse: Callable[..., pd.DataFrame]
    plot: Callable[..., Figure]
    say: Callable[[pd.DataFrame, Outcome], str]


_SENSITIVITY: Mapping[str, _Sensitivity] = {
    "sobol": _Sensitivity(
        "{label}: what decides it",
        "share of variance; dark: alone, pale: with interactions, line: 95 % interval",
        sobol_indices,
        plot_indices,
        lambda frame, outcome: captions.of_indices(frame, outcome.label),
    ),
    "morris": _Sensitivity(
        "{label}: what decides it",
        "right: matters more; up: hangs more on the others; line: 95 % interval",
        morris_effects,
        plot_effects,
        lambda frame, outcome: captions.of_effects(frame, outcome.label, outcome.unit),
    ),
    "one_at_a_time": _Sensitivity(
        "{label}: how far each assumption moves it",
        "pale: low end of its range, dark: high end; others at default",
        tornado,
        plot_tornado,
        lambda frame, outcome: captions.of_tornado(frame, outcome.label, outcome.unit),
    ),
}
