"""What a report holds: gathered from a sweep by the analyses that fit its design, and from a few runs of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import starmap
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...agents.state.shown import shown
from ...model.dates import quarter_date
from ..analysis.variance_shares import variance_by_source
from ..comparison.comparison import Comparison, compare
from ..figures.variance_shares import plot_variance_shares
from ..formatting import dated, number, sentence, words
from ..runs.firm_classes import lacking, present
from ..runs.losses import describe_loss
from . import exhibits as show
from . import setting
from .captions import of_variance_shares
from .claims_board import Group, board, summary
from .exhibits import Exhibit
from .fan_exhibits import fans
from .setting import Item
from .tipping_exhibits import tips

if TYPE_CHECKING:
    from ..sweeps.outcomes import Outcome
    from ..sweeps.results import Sweep
    from ..sweeps.study import Study

BOARD_REPLICATES = 200
MOST_SCENARIOS = 4
"""Of more scenarios than these, only the outcomes are compared, and not what decides them in each."""


Progress = Callable[[str, int, int], None]
"""Called with what is being run, how much of it was just run, and how much there is in all."""


@shown()
@dataclass(frozen=True)
class Chapter:
    """Exhibits under a title, and what is to be said before them."""

    title: str
    exhibits: tuple[Exhibit, ...]
    lead: str = ""


@dataclass(frozen=True)
class Options:
    """What a report holds beside the sweep itself, each of which needs runs of its own."""

    board: bool = True
    tips: bool = True
    replicates: int = BOARD_REPLICATES


@shown()
@dataclass(frozen=True)
class Contents:
    """What a report holds.

    Attributes:
        question: the title.
        finding: the answer in a sentence or two, with numbers and intervals.
        missing: which runs are not there or failed, and why; empty where none.
        facts: what was run, in figures.
        chapters: figures with what they say.
        groups: the board of claims.
        board_says: what the board says, or why there is none.
        scenarios: what happens in each.
        factors: what was varied.
        held: what was set to other values than the defaults.
        failures: by cause, the runs that failed.
        limits: how far to trust it.
        commands: how to make it again.
        versions: what it was made with.
    """

    question: str
    finding: str
    missing: str
    facts: tuple[Item, ...]
    chapters: tuple[Chapter, ...]
    groups: tuple[Group, ...]
    board_says: str
    scenarios: tuple[Item, ...]
    factors: tuple[Mapping[str, str], ...]
    held: tuple[Item, ...]
    failures: tuple[Item, ...]
    limits: tuple[str, ...]
    commands: tuple[str, ...]
    versions: tuple[Item, ...]

    @property
    def exhibits(self) -> list[Exhibit]:
        """Every exhibit, in order."""
        return [exhibit for chapter in self.chapters for exhibit in chapter.exhibits]


def gather(sweep: Sweep, options: Options | None = None, progress: Progress | None = None) -> Contents:
    """Gather what a report of a sweep holds.

    Args:
        sweep: what was run.
        options: what to run beside it.
        progress: takes what is being run, and how far it is.
    """
    chosen, study, frame = options or Options(), sweep.study, sweep.frame()
    outcomes = [replace(outcome, label=dated(outcome.label)) for outcome in study.outcomes]
    chapters = [chapter for outcome in outcomes for chapter in _outcome(study, frame, outcome)]
    if chosen.tips:
        chapters = [*chapters, *_tips(study, chapters, progress)]
    chapters += _variance_shares(study, frame)
    comparison, why = _compared(study, chosen, progress)
    if comparison is not None:
        chapters.append(_fans(comparison, study))
    groups = board(comparison.claims()) if comparison is not None else ()
    return Contents(
        question=study.question,
        finding=_finding(chapters),
        missing=describe_loss(study, len(frame), sweep.lost, frame),
        facts=setting.facts(study, frame),
        chapters=_numbered(chapters),
        groups=groups,
        board_says=_of_first(summary(groups), study) if groups else why,
        scenarios=setting.scenarios(study),
        factors=setting.factors(study),
        held=tuple(Item(words(n), number(v)) for n, v in study.parameters.items()),
        failures=(*setting.failures(frame), *setting.lost(sweep)),
        limits=setting.limits(study),
        commands=setting.commands(sweep),
        versions=setting.versions(sweep),
    )


def values_of(study: Study, frame: pd.DataFrame, column: str, scenario: str) -> np.ndarray:
    """Return an outcome by point and replicate, shape (points, replicates); not a number where a run is missing."""
    found = np.full((len(study.design.points), study.replicates), np.nan)
    rows = frame[frame["scenario"] == scenario]
    found[rows["point"].to_numpy(int), rows["replicate"].to_numpy(int)] = rows[column].to_numpy(float)
    return found


def _titles(study: Study) -> dict[str, str]:
    """Return the titles of scenarios by name; the terms of the deal where they are varied."""
    if not study.variants:
        return {"": ""}
    names = [v.scenario.name for v in study.variants]
    titles = [", ".join(starmap(_term, v.terms.items())) or v.scenario.title for v in study.variants]
    return dict(zip(names, titles if len(set(titles)) == len(titles) else names, strict=True))


def _term(term: str, value: str) -> str:
    """Return a term of a deal in a few words: OpenAI, loan, amount 35."""
    return value if term in ("recipient", "instrument") else f"{words(term)} {value}"


def _outcome(study: Study, frame: pd.DataFrame, outcome: Outcome) -> Iterator[Chapter]:
    """Yield the chapters about one outcome: over scenarios, then in each of them."""
    titles = _titles(study)
    if outcome.by_quarter:
        yield from _course(study, frame, outcome, titles)
        return
    samples = {name: values_of(study, frame, outcome.name, name) for name in titles}
    compared = (
        *show.by_scenario(study.design, {titles[name]: v for name, v in samples.items()}, outcome, outcome.name),
        *show.by_term(study.design, {v.scenario.name: v.terms for v in study.variants}, samples, outcome),
    )
    if compared:
        yield Chapter(sentence(outcome.label), compared)
    if len(titles) > MOST_SCENARIOS:
        return
    for name, values in samples.items():
        means, label = show.mean_of(values, -1), f"{outcome.name} {name}" if len(titles) > 1 else outcome.name
        deciding = tuple(show.sensitivity(study.design, means, outcome, label))
        leading = [name for exhibit in deciding for name in exhibit.leading]
        found = (*deciding, *show.region(study.design, means, outcome, label, leading))
        if found:
            yield _named(Chapter(sentence(outcome.label), found), name, titles)


def _course(study: Study, frame: pd.DataFrame, outcome: Outcome, titles: Mapping[str, str]) -> Iterator[Chapter]:
    """Yield the chapter about an outcome that has a value for each quarter."""
    dates = [quarter_date(quarter) for quarter in range(outcome.start, outcome.end + 1)]
    for name in list(titles)[:MOST_SCENARIOS]:
        values = np.stack([show.mean_of(values_of(study, frame, c, name), -1) for c in outcome.columns()], axis=-1)
        label = f"{outcome.name} {name}" if len(titles) > 1 else outcome.name
        found = tuple(show.course(study.design, values, outcome, dates, label))
        if found:
            yield _named(Chapter(sentence(outcome.label), found), name, titles)


def _named(chapter: Chapter, name: str, titles: Mapping[str, str]) -> Chapter:
    """Return a chapter about one of several scenarios, its name in every title and in all that is said of it."""
    if len(titles) < 2:
        return chapter
    named = tuple(show.named(exhibit, name) for exhibit in chapter.exhibits)
    return replace(chapter, exhibits=named, lead=titles[name] if titles[name] == name else f"{name}: {titles[name]}")


def _tips(study: Study, chapters: list[Chapter], progress: Progress | None) -> list[Chapter]:
    """Return the chapter of tipping values, or none where no outcome could tip."""
    found = tuple(tips(study, [exhibit for chapter in chapters for exhibit in chapter.exhibits], progress))
    return [Chapter("Where the answer tips", found)] if found else []


def _variance_shares(study: Study, frame: pd.DataFrame) -> list[Chapter]:
    """Return the chapter on how much variance assumptions make, and how much chance does."""
    if study.replicates < 2 or study.design.method == "one_at_a_time" or len(study.variants) > MOST_SCENARIOS:
        return []
    parts, titles = [], _titles(study)
    for outcome in (outcome for outcome in study.outcomes if not outcome.by_quarter):
        for name, title in titles.items():
            values = values_of(study, frame, outcome.name, name)[study.design.independent]
            values = values[np.isfinite(values).all(-1)]
            if len(values) > 1:
                label = dated(f"{outcome.label}, {title}" if len(titles) > 1 else outcome.label)
                parts.append(variance_by_source(values).assign(outcome=sentence(label)))
    if not parts:
        return []
    together = pd.concat(parts, ignore_index=True)
    exhibit = Exhibit(
        "chance",
        "How much is assumption, how much is chance",
        "share of variance; dark: assumptions, with the 95 % interval; pale: chance",
        of_variance_shares(together),
        partial(plot_variance_shares, together),
        frame=together[["outcome", "source", "part", "low", "high"]],
    )
    return [Chapter("Assumptions and chance", (exhibit,))]


def _compared(study: Study, options: Options, progress: Progress | None) -> tuple[Comparison | None, str]:
    """Return the first scenario beside its twin at the study's own values, or why it was not compared."""
    if not study.variants or study.against is None:
        return None, "The study runs a function of its own, which knows no claims."
    if not options.board:
        return None, "Left out of this report, as asked."
    if gone := lacking(study.firms):
        return None, f"Left out of this report: {gone}."
    step = None if progress is None else partial(progress, "replicate-quarters for the claims")
    comparison = compare(
        study.variants[0].scenario,
        study.against,
        options.replicates,
        study.quarters,
        study.seed,
        study.parameters,
        firms=present(study.firms),
        progress=step,
    )
    none = "" if comparison.subject else "The scenario holds no deal for a lab, and the claims are about one."
    return comparison, _of_first(none, study)


def _of_first(text: str, study: Study) -> str:
    """Return what is said of the first scenario, with its name where there are others."""
    first, *others = [variant.scenario.name for variant in study.variants]
    return f"{first}, the first of {len(others) + 1} scenarios: {text}" if others and text else text


def _fans(comparison: Comparison, study: Study) -> Chapter:
    """Return the chapter that shows the world and its twin."""
    title = _titles(study)[comparison.scenario.name] if study.terms else comparison.scenario.title
    several = len(study.variants) > 1
    kind = "variants" if study.terms else "scenarios"
    first = f"{comparison.scenario.name}, the first of {len(study.variants)} {kind}: " if several else ""
    lead = (
        f"{first}{title}, beside {comparison.against.title[:1].lower()}{comparison.against.title[1:]}: "
        f"{comparison.replicates:,} pairs of runs on the same random numbers, at the study’s own values, "
        f"seed {comparison.seed}."
    )
    return Chapter("The world and its twin", tuple(fans(comparison)), lead)


def _finding(chapters: list[Chapter]) -> str:
    """Return what the first figure of each scenario says, and at which value the answer tips."""
    plotted = [exhibit for chapter in chapters for exhibit in chapter.exhibits if exhibit.plot is not None]
    leading_first = sorted(plotted, key=lambda exhibit: not exhibit.leading)
    said = []
    for scenario in dict.fromkeys(exhibit.scenario for exhibit in leading_first):
        own = [exhibit for exhibit in leading_first if exhibit.scenario == scenario]
        tipped = [exhibit.reading for exhibit in own if exhibit.name.startswith("tips-")]
        said += [own[0].reading, *tipped[:1]]
    return " ".join(dict.fromkeys(said)) or "Nothing could be reckoned from these runs; each part says why."


def _numbered(chapters: list[Chapter]) -> tuple[Chapter, ...]:
    """Return the chapters with exhibits whose names differ."""
    seen: dict[str, int] = {}

    def named(exhibit: Exhibit) -> Exhibit:
        seen[exhibit.name] = seen.get(exhibit.name, 0) + 1
        return exhibit if seen[exhibit.name] == 1 else replace(exhibit, name=f"{exhibit.name}-{seen[exhibit.name]}")

    return tuple(replace(chapter, exhibits=tuple(map(named, chapter.exhibits))) for chapter in chapters)
