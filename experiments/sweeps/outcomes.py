"""Outcomes: what is kept of each run of a sweep, a claim's statistic or a quantity of the model."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import numpy as np

from ...agents.state.arrays import average, total
from ...agents.state.shown import shown
from ...agents.state.table import unknown_name
from ...model.dates import quarter_date, quarter_number
from ...model.inputs.value_forms import TEXT, YES, Key, elsewhere, known
from ...model.market_model import MarketModel
from ...model.records.history import ACTIVE, FIRMS
from ..claims.evidence import Evidence
from ..claims.statistic import find_statistic, sample_of_each
from ..comparison.comparison import RECORD
from ..statistics import bound, meets

RECIPIENT = "recipient"
VERSUS = ("", "twin", "twin, %")
"""The run itself, its difference from the twin, and the difference in percent of the twin."""

REDUCTIONS = ("at", "sum", "mean", "largest", "by_quarter")
"""How a path becomes a number: its value in a quarter, its sum, mean or largest value over some, or not at all."""

TEXTS = ("name", "statistic", "quantity", "firm", "reduce", "versus", "condition", "label", "unit")
LONGEST = 4000
"""Quarters over which an outcome may be read: no run is longer."""

HUNDRED = 100.0


_SPAN = 'first and last quarter, as in ["2026Q2", "2029Q1"]'
OUTCOME_KEYS = (
    Key("statistic", TEXT, "a statistic of a claim, as in C1a.funding; the outcome itself may be this text alone"),
    Key(
        "quantity",
        TEXT,
        "an indicator, as in ai_revenue, or a column of firms, as in ai_labs.market_share; there is "
        "either a statistic or a quantity",
    ),
    Key("firm", TEXT, f"whose column; {RECIPIENT} for the deal's", usual="all firms together"),
    Key(
        "versus",
        elsewhere(" or ".join(VERSUS[1:])),
        "the difference from the twin, or that in percent",
        usual="the run itself",
    ),
    Key("condition", TEXT, 'when one would say that it holds, as in "> 0"', usual="that of the claim"),
    Key("label", TEXT, "what it is called", usual="words made of the quantity"),
    Key(
        "at",
        elsewhere('quarter, as in "2030Q1"'),
        "the value in one quarter; a quantity has exactly one of this and the four that follow",
    ),
    Key("sum", elsewhere(_SPAN), "the sum over some quarters"),
    Key("mean", elsewhere(_SPAN), "the mean over some quarters"),
    Key("largest", elsewhere(_SPAN), "the largest value in some quarters"),
    Key("by_quarter", YES, "the value in every quarter"),
)
"""What a study may say of an outcome."""


@shown()
@dataclass(frozen=True)
class Outcome:
    """One thing that is kept of each run.

    Attributes:
        name: its column in the results.
        statistic: the claim's statistic that it reads, by key; empty for a quantity.
        quantity: an indicator, as in ``ai_revenue``, or a column of firms, as in ``ai_labs.market_share``.
        firm: whose column, ``recipient`` for the deal's; empty adds all firms.
        reduce: how the path becomes a number, one of `REDUCTIONS`.
        start: the first quarter that counts, since year 0; the quarter itself for ``at``.
        end: the last quarter that counts.
        versus: beside what it is read, one of `VERSUS`.
        condition: when one would say that it holds, as in ``> 0``; empty if nobody asks.
        label: what it is, in words.
        unit: its unit.
    """

    name: str
    statistic: str = ""
    quantity: str = ""
    firm: str = ""
    reduce: str = ""
    start: int = 0
    end: int = 0
    versus: str = ""
    condition: str = ""
    label: str = ""
    unit: str = "1"

    def __post_init__(self) -> None:
        """Say what cannot be read, also in outcomes that are made in code or come in a folder from somebody else."""
        for name in TEXTS:
            if not isinstance(getattr(self, name), str):
                raise ValueError(f"{name} = {getattr(self, name)!r} is not a text")
        if self.versus not in VERSUS:
            raise ValueError(f"versus = {self.versus!r} is none of {', '.join(map(repr, VERSUS))}")
        if self.reduce not in ("", *REDUCTIONS):
            raise ValueError(f"reduce = {self.reduce!r} is none of {', '.join(REDUCTIONS)}")
        if not self.start <= self.end <= self.start + LONGEST:
            raise ValueError(f"the quarters {self.start} to {self.end} are no span of at most {LONGEST:,}")
        _check_condition(self.condition)

    @property
    def by_quarter(self) -> bool:
        """Whether it has a value for each quarter."""
        return self.reduce == "by_quarter"

    @property
    def runs(self) -> tuple[str, ...]:
        """The runs that it reads, by name."""
        if self.statistic:
            return tuple(find_statistic(self.statistic).runs)
        return ("treated", "control") if self.versus else ("treated",)

    @property
    def record(self) -> tuple[str, ...]:
        """What the runs have to keep."""
        if self.statistic:
            return RECORD
        return (self.quantity,) if "." in self.quantity else ("indicators",)

    def columns(self) -> list[str]:
        """Return the columns that it takes in the results."""
        if not self.by_quarter:
            return [self.name]
        return [f"{self.name}_{quarter_date(quarter)}" for quarter in range(self.start, self.end + 1)]

    def describe(self) -> dict[str, Any]:
        """Return it as plain values."""
        return asdict(self)


def measure(outcomes: Iterable[Outcome], evidence: Evidence) -> dict[str, np.ndarray]:
    """Return what is kept of some runs, by column of the results, shape (R,) each."""
    found: dict[str, np.ndarray] = {}
    for outcome in outcomes:
        if outcome.statistic:
            found[outcome.name] = sample_of_each(outcome.statistic, evidence)
        else:
            found |= dict(zip(outcome.columns(), np.atleast_2d(_read(outcome, evidence)), strict=True))
    return found


def _read(outcome: Outcome, evidence: Evidence) -> np.ndarray:
    """Return a quantity, shape (R,), or (T, R) by quarter, beside the twin's if that is asked."""
    value = _reduced(outcome, evidence, "treated")
    if not outcome.versus:
        return value
    twin = _reduced(outcome, evidence, "control")
    if outcome.versus == "twin":
        return value - twin
    with np.errstate(divide="ignore", invalid="ignore"):
        return HUNDRED * (value - twin) / np.abs(twin)


def _reduced(outcome: Outcome, evidence: Evidence, run: str) -> np.ndarray:
    """Return a quantity of one run, reduced over quarters, shape (R,), or (T, R) by quarter."""
    path = _path(outcome, evidence, run)
    first = int(evidence.ensembles[run].records[_kind(outcome)].quarters[0])
    part = path[outcome.start - first : outcome.end - first + 1]
    if np.isnan(part).any() and not outcome.by_quarter:
        return _known(outcome.reduce, part)
    if outcome.reduce == "sum":
        return total(part)
    if outcome.reduce == "mean":
        return average(part)
    return part.max(0) if outcome.reduce == "largest" else part if outcome.by_quarter else part[0]


def _known(reduce: str, part: np.ndarray) -> np.ndarray:
    """Return a quantity reduced over the quarters in which it is known, shape (R,); missing where it is in none."""
    ways: dict[str, Callable[..., np.ndarray]] = {"sum": np.nansum, "mean": np.nanmean, "largest": np.nanmax}
    there = ~np.isnan(part).all(0)
    whole = np.full(part.shape[-1], np.nan)
    whole[there] = ways[reduce](part[:, there], axis=0) if reduce in ways else part[0, there]
    return whole


def _path(outcome: Outcome, evidence: Evidence, run: str) -> np.ndarray:
    """Return a quantity over time, shape (T, R); that of one firm is missing where it is not in business."""
    ensemble = evidence.ensembles[run]
    kind, _, column = outcome.quantity.rpartition(".")
    if not kind:
        return ensemble.values(column)
    values = ensemble.values(column, kind)
    if not outcome.firm:
        return total(values, 1)
    series = ensemble.records[kind]
    row = evidence.subject.row if outcome.firm == RECIPIENT else series.firms.index(outcome.firm)
    if column == ACTIVE or series.active is None:
        return values[:, row]
    return np.where(series.active[:, row] > 0.0, values[:, row], np.nan)


def _kind(outcome: Outcome) -> str:
    """Return the kind of record that a quantity stands in."""
    return outcome.quantity.rpartition(".")[0] or "indicators"


def made(name: str, content: Mapping[str, Any], first: int, quarters: int) -> Outcome:
    """Return the outcome that a study asks for.

    Args:
        name: its name.
        content: what the study says of it: a ``statistic``, or a ``quantity`` with ``firm``, one of ``at`` (a quarter),
            ``sum``, ``mean``, ``largest`` (first and last quarter) and ``by_quarter`` (true), and ``versus``; with
            either a ``condition`` and a ``label``.
        first: the first quarter of the runs, since year 0.
        quarters: how many quarters are run.

    Raises:
        KeyError: there is no such statistic.
        ValueError: something is missing, unknown or beyond the run.
    """
    names, _ = known(OUTCOME_KEYS)
    for key in content:
        if key not in names:
            raise ValueError(unknown_name("an outcome", key, names))
    if ("statistic" in content) == ("quantity" in content):
        raise ValueError('give either statistic = "C1a.funding" or quantity = "ai_revenue"')
    if "statistic" in content:
        return _claimed(name, content)
    return _asked(name, content, first, quarters)


def _claimed(name: str, content: Mapping[str, Any]) -> Outcome:
    """Return an outcome that reads a claim's statistic, judged as the claim is."""
    for key in ("firm", "versus", *REDUCTIONS):
        if key in content:
            raise ValueError(f"a statistic has {key} from its claim: leave it out")
    statistic = find_statistic(str(content["statistic"]))
    condition, label = content.get("condition", statistic.condition), _label(content, statistic.label)
    return Outcome(name, statistic.key, condition=condition, label=label, unit=statistic.unit)


def _asked(name: str, content: Mapping[str, Any], first: int, quarters: int) -> Outcome:
    """Return an outcome that reads a quantity of the model."""
    ways = [way for way in REDUCTIONS if way in content]
    if len(ways) != 1:
        raise ValueError(f"a quantity needs exactly one of {', '.join(REDUCTIONS)}")
    versus = content.get("versus", "")
    start, end = _span(ways[0], content[ways[0]], first, quarters)
    quantity = TEXT.take("quantity", content["quantity"]).removeprefix("indicators.")
    firm = content.get("firm", "")
    if firm and quantity.partition(".")[0] not in FIRMS:
        raise ValueError(f"firm = {firm!r} needs a quantity of firms, as in ai_labs.market_share")
    label = _label(content, _words(quantity, firm, ways[0], (start, end), str(versus)))
    unit, condition = _unit(quantity, ways[0], str(versus)), content.get("condition", "")
    return Outcome(name, "", quantity, firm, ways[0], start, end, versus, condition, label, unit)


def _unit(quantity: str, way: str, versus: str) -> str:
    """Return the unit of a quantity that was read in some way, or say that the model has none of that name."""
    kind, _, column = quantity.rpartition(".")
    known = _units().get(kind or "indicators")
    if known is None:
        raise ValueError(unknown_name("the model", kind, _units()))
    if column not in known:
        raise ValueError(unknown_name(kind or "the indicators", column, known))
    if versus.endswith("%"):
        return "%"
    return known[column].removesuffix("/quarter") if way == "sum" else known[column]


@cache
def _units() -> Mapping[str, Mapping[str, str]]:
    """Return the units of all quantities by kind."""
    return MarketModel(record=()).history.units


def _span(way: str, value: Any, first: int, quarters: int) -> tuple[int, int]:
    """Return the quarters that count, both ends included."""
    last = first + quarters - 1
    if way == "by_quarter":
        if value is not True:
            raise ValueError("by_quarter is true or left out")
        return first, last
    dates = [value] if way == "at" else value
    if not isinstance(dates, list) or len(dates) != (1 if way == "at" else 2):
        raise ValueError(f'{way} takes the first and the last quarter, as in {way} = ["2026Q2", "2029Q1"]')
    try:
        start, end = quarter_number(dates[0]), quarter_number(dates[-1])
    except ValueError as error:
        raise ValueError(f"{way}: {error}") from None
    if not first <= start <= end <= last:
        raise ValueError(f"{way} = {value!r} is not within the run, {quarter_date(first)} to {quarter_date(last)}")
    return start, end


def _check_condition(text: str) -> None:
    """Say how a condition is written."""
    try:
        readable = not text or (isinstance(meets(0.0, text), bool) and math.isfinite(bound(text)))
    except (KeyError, ValueError):
        readable = False
    if not readable:
        raise ValueError(f'condition = {text!r} has to be a sign and a number, as in "> 0"')


def _label(content: Mapping[str, Any], words: str) -> Any:
    """Return what an outcome is called, or words of ours where nothing is said."""
    label = content.get("label", "")
    return words if isinstance(label, str) and not label else label


def _words(quantity: str, firm: str, way: str, span: tuple[int, int], versus: str) -> str:
    """Return what a quantity is, in words."""
    what = quantity.rpartition(".")[2].replace("_", " ").replace("ai ", "AI ")
    whose = f"{firm}'s " if firm and firm != RECIPIENT else "the recipient's " if firm else ""
    dates = [quarter_date(quarter) for quarter in span]
    when = {"at": f" in {dates[0]}", "by_quarter": " by quarter"}.get(way, f", {way} from {dates[0]} to {dates[1]}")
    return f"{whose}{what}{when}{', less the twin' if versus else ''}{' in percent' if versus.endswith('%') else ''}"
