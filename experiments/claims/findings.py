"""What came of each claim in sentences: words are chosen by sign and verdict, so that none can contradict the board."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from ...agents.state.shown import shown
from ..formatting import as_exactly, percent, sentence, undefined
from ..statistics import AGAINST, SUPPORTED, TOO_SMALL
from .board import board
from .evidence import Evidence
from .statistic import STATISTICS

Found = Mapping[str, Any]
"""A row of the board."""

BEST_LIMIT, LEAD = "C4b.best_limit", "C4c.lead"
POOLED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {BEST_LIMIT: ("C4b", "most valuable limit of compute"), LEAD: ("C4c", "partial R2 of compute less")}
)
"""Rows that are made of all replicates at once: a name here, the claim, and how they begin on the board."""

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "C0": "the money keeps to its purpose",
        "C1": "an investment surge",
        "C2": "the recipient's research speeds up, and competition with it",
        "C3": "a turn to a capital-intensive industry",
        "C4": "compute rather than algorithms binds",
    }
)

OFF_PURPOSE = "in {runs} of runs some of the earmarked money is used off its purpose, a part of {size} on average"
COMPARED = ("a tenth more compute", "algorithms a tenth better")

UNITS: Mapping[str, str] = MappingProxyType({"1": "", "%": " %", "pp": " percentage points"})


@shown()
class Told(NamedTuple):
    """How a statistic is told.

    Attributes:
        what: what may change, as in "the price".
        more: what is said where it is surely positive; ``{size}`` is its size with interval and unit.
        less: what is said where it is surely negative.
        none: what is said where it is nothing at all in all runs; that nothing changes if empty.
        either: what is said where its sign is open; that it may change either way if empty.

    A sentence may hold ``{runs}``, in which part of runs it has the sign of the mean.
    """

    what: str
    more: str
    less: str
    none: str = ""
    either: str = ""


def _spends(who: str) -> Told:
    """Return how capital spending is told."""
    what = f"the capital spending of {who}"
    return Told(what, f"{what} is {{size}} higher over three years", f"{what} is {{size}} lower over three years")


def _better(whom: str, what: str, later: str) -> Told:
    """Return how more compute beside faster algorithms is told."""
    more, less = (f"for {whom} {what} {later} with {a} than with {b}" for a, b in (COMPARED, COMPARED[::-1]))
    asks = f"for {whom} it is open whether {' or '.join(COMPARED)} bring more {later}, {{size}}"
    return Told(f"what either brings {whom} {later}", more, less, either=asks)


def _share(later: str) -> Told:
    """Return how the recipient's share of demand is told where it alone has more compute or better algorithms."""
    return _better("the recipient alone", "the share of demand is {size} higher", later)


def _frontier(later: str) -> Told:
    """Return how the best model is told where all labs have more compute or better algorithms."""
    return _better("all labs", "the best model is {size} better", later)


TOLD: Mapping[str, Mapping[str, Told]] = MappingProxyType(
    {
        "C0": {
            "C0.strayed": Told(
                "what is used off its purpose",
                OFF_PURPOSE,
                "",
                "no earmarked dollar is used off its purpose",
                OFF_PURPOSE,
            ),
            "C0.spent": Told("what is spent", "a part of {size} is spent on its use within six years", ""),
            "C0.freed": Told(
                "what is set free",
                "in {runs} of runs its recipient's default sets some free, a part of {size} on average: no breach",
                "",
                "none is set free by a default",
                "in {runs} of runs its recipient's default sets some free, a part of {size} on average: no breach",
            ),
        },
        "C1": {
            "C1a.funding": Told(
                "what a dollar of the deal adds to all funding",
                "each dollar of the deal adds {size} dollars to what all firms raise, its own included",
                "each dollar of the deal keeps away its own and {size} dollars more",
            ),
            "C1a.others": Told(
                "what others raise",
                "everybody but the recipient raises {size} dollars more for each",
                "everybody but the recipient raises {size} dollars less for each",
            ),
            "C1a.funding.announced": Told(
                "all funding with the announcement effect on",
                "with the announcement effect, an assumption that is always shown off and on, it is {size} dollars",
                "with the announcement effect, an assumption that is always shown off and on, {size} dollars are lost",
            ),
            "C1b.spending_others": Told(
                "what others spend on chips and halls",
                "everybody but the recipient spends {size} more on chips and halls over three years",
                "everybody but the recipient spends {size} less on chips and halls over three years",
            ),
            "C1b.capex_energy": _spends("energy suppliers"),
            "C1b.capex_halls": _spends("builders of halls"),
            "C1b.capex_clusters": _spends("cluster builders"),
            "C1b.spending_recipient": Told(
                "the recipient's own capital spending",
                "the recipient's own capital spending rises by {size} dollars for each of the deal",
                "the recipient's own capital spending falls by {size} dollars for each of the deal",
            ),
        },
        "C2": {
            "C2a.one_oom": Told(
                "when the next order of magnitude comes",
                "the recipient's next order of magnitude of capability comes {size} later",
                "the recipient's next order of magnitude of capability comes {size} sooner",
            ),
            "C2a.lasting": Told(
                "what the order of magnitude after it gains",
                "the one after it gains {size} less",
                "the one after it gains {size} more",
            ),
            "C2b.gap_7": Told(
                "the gap to the leader after seven quarters",
                "the gap to the leader is {size} wider after seven quarters",
                "the gap to the leader is {size} narrower after seven quarters",
            ),
            "C2b.gap_19": Told(
                "the gap to the leader after nineteen quarters",
                "it is {size} wider after nineteen",
                "it is {size} narrower after nineteen",
            ),
            "C2b.share_7": Told(
                "the recipient's share of demand",
                "the recipient's share of demand is {size} higher after seven quarters",
                "the recipient's share of demand is {size} lower after seven quarters",
            ),
            "C2b.markup_7": Told(
                "rivals' markup", "rivals' mean markup is {size} higher", "rivals' mean markup is {size} lower"
            ),
            "C2b.price_7": Told(
                "the price of AI services",
                "the price of AI services is {size} higher",
                "the price of AI services is {size} lower",
            ),
        },
        "C3": {
            "C3.sales.trend": Told(
                "capital spending per dollar of sales without the deal",
                "capital spending per dollar of sales rises by {size} over three years without the deal",
                "capital spending per dollar of sales falls by {size} over three years without the deal",
            ),
            "C3.sales.others": Told(
                "that of labs other than the recipient",
                "with the deal that of labs other than the recipient is {size} higher",
                "with the deal that of labs other than the recipient is {size} lower",
            ),
            "C3.model_cost": Told(
                "the cost of the leader's next model",
                "the leader's next model costs {size} more",
                "the leader's next model costs {size} less",
            ),
        },
        "C4": {
            "C4a.edge_8": _share("after eight quarters"),
            "C4a.edge_16": _share("after sixteen quarters"),
            "C4a.field_8": _frontier("after eight quarters"),
            "C4a.field_16": _frontier("after sixteen quarters"),
            "C4b.chips_less_research": Told(
                "what ten bn bring the recipient as chips rather than as research",
                "ten bn for chips and clusters bring the recipient {size} more sales than for research",
                "ten bn for chips and clusters bring the recipient {size} less sales than for research",
                either="whether ten bn bring the recipient more sales as chips or as research is open, {size}",
            ),
            BEST_LIMIT: Told(
                "what easing a limit of compute brings beside better algorithms",
                "easing the most valuable limit of compute brings it {size} more sales than better algorithms do",
                "easing the most valuable limit of compute brings it {size} less sales than better algorithms do",
                either="whether easing a limit of compute brings it more sales than better algorithms is open, {size}",
            ),
            LEAD: Told(
                "what goes with a share two years later",
                "compute explains a part of {size} more of labs' shares two years later than algorithms do",
                "compute explains a part of {size} less of labs' shares two years later than algorithms do",
            ),
        },
    }
)
"""By claim, what is told of it, the statistic that stands for it first."""


def found_of(evidence: Evidence) -> dict[str, Found]:
    """Return what is told of a deal's runs, as rows of the board by key."""
    named = [key for told in TOLD.values() for key in told if key in STATISTICS]
    rows: dict[str, Found] = {key: next(iter(STATISTICS[key].rows(evidence))).plain() for key in named}
    table: Any = board(evidence)
    for key, (claim, begins) in POOLED.items():
        here = table[(table["claim"] == claim) & table["statistic"].str.startswith(begins)]
        rows[key] = here.iloc[0].to_dict()
    return rows


def overall(verdicts: Sequence[str]) -> str:
    """Return the word for several verdicts; what has none does not count."""
    said = {verdict for verdict in verdicts if verdict}
    if said == {SUPPORTED}:
        return "Supported"
    if said == {TOO_SMALL}:
        return "Too small to matter"
    said = {AGAINST if verdict == TOO_SMALL else verdict for verdict in said}
    if said >= {SUPPORTED, AGAINST}:
        return "Split"
    if SUPPORTED in said:
        return "In part"
    return "Not supported" if AGAINST in said else "Undecided"


def word_of(claim: str, found: Mapping[str, Found]) -> str:
    """Return the word for a claim, from the statistics that are told of it and have a condition."""
    return overall([found[key]["verdict"] for key in TOLD[claim] if found[key]["condition"]])


def bullet(claim: str, found: Mapping[str, Found]) -> str:
    """Return what came of a claim as a paragraph of a list."""
    return f"- **{claim}, {TITLES[claim]}: {word_of(claim, found).lower()}.** {' '.join(sentences(claim, found))}"


def line(claim: str, found: Mapping[str, Found]) -> str:
    """Return what came of a claim as a line of a list: its word, and what the statistic says that stands for it."""
    first = next(sentences(claim, found))
    return f"- **{sentence(TITLES[claim])}:** {word_of(claim, found).lower()}. {first}"


def sentences(claim: str, found: Mapping[str, Found]) -> Iterator[str]:
    """Yield what came of a claim, a sentence a statistic, with its verdict."""
    for key, told in TOLD[claim].items():
        row = found[key]
        asked = f": **{row['verdict']}** ({row['condition']})" if row["verdict"] else ""
        yield f"{sentence(said(told, row))}{asked}."


def said(told: Told, row: Found) -> str:
    """Return what a statistic says, without its verdict."""
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    if not math.isfinite(value):
        return f"{told.what} cannot be told, {undefined(int(row['undefined']), int(row['runs']))}"
    if low == high == 0.0:
        return told.none or f"nothing changes in {told.what}"
    sure = low > 0.0 or high < 0.0
    open_sign = told.either or f"{told.what} may go either way, {{size}}"
    words = (told.more if low > 0.0 else told.less) if sure else open_sign
    signed = not sure and not words.startswith("in {runs}")
    return words.format(size=_size(row, signed=signed), runs=percent(row["same_sign"]))


def _size(row: Found, *, signed: bool) -> str:
    """Return an estimate with its interval and unit; without its sign where words say it."""
    show = as_exactly(row, "{:.3g}".format)
    value, low, high = (float(row[name]) for name in ("value", "low", "high"))
    ends = (value, low, high) if signed or value >= 0.0 else (-value, -high, -low)
    center, below, above = (show(end) for end in ends)
    unit = row["unit"]
    return f"{center} [{below}, {above}]{UNITS.get(unit, f' {unit}')}"
