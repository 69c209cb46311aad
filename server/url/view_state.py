"""What a link says: all that defines a view; each value is checked as it is read from an address, and written back."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from ...model.dates import quarter_number
from .compared_scenarios import checked_lab, checked_names
from .dates import date_of, first_of
from .deal_codec import deal_text, read_deal
from .filters import checked_chart, checked_condition, checked_limits, checked_name
from .limits import (
    DRAWERS,
    HORIZON,
    LARGEST_SEED,
    LONGEST_ECHO,
    LONGEST_QUERY,
    MOST_REPLICATE,
    MOST_SETTINGS,
    PAGES,
    SPEEDS,
    START_TABLE,
    THEMES,
)
from .own_file import own_of, own_text
from .own_study import checked_study

if TYPE_CHECKING:
    from ...model.deals.deal import Deal
    from ...model.scenarios.scenario import Scenario


@dataclass(frozen=True)
class View:
    """What somebody looks at: all that a link to it has to say.

    Attributes:
        page: one of `PAGES`.
        scenario: the name of one that comes with the model.
        seed: of all draws.
        replicate: the number of the replicate.
        quarter: how many quarters have been seen, from 0 to `HORIZON`.
        settings: parameters that override both worlds, by name.
        firm: the firm whose panel is open; empty for none.
        theme: one of `THEMES`.
        speed: quarters a second while playing, one of `SPEEDS`.
        file: a scenario of the visitor's own, in the place of the named one.
        deal: a deal of the visitor's own, in the place of the scenario's.
        extra: what pages keep of their own, by name; see `EXTRA`.
    """

    page: str = "watch"
    scenario: str = "deal_35bn"
    seed: int = 7
    replicate: int = 0
    quarter: int = 0
    settings: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    firm: str = ""
    theme: str = "auto"
    speed: int = 4
    file: Scenario | None = None
    deal: Deal | None = None
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def run(self) -> tuple[Any, ...]:
        """What decides the numbers: views that agree in this look at the same run."""
        own_deal = "" if self.deal is None else deal_text(self.deal)
        name = self.scenario if self.file is None else own_text(self.file)
        return name, self.seed, self.replicate, tuple(sorted(self.settings.items())), own_deal

    @property
    def case(self) -> Scenario:
        """The scenario as it comes: the visitor's file, or the one that has the name."""
        return known_scenarios()[self.scenario] if self.file is None else self.file


class Reading(NamedTuple):
    """A view, and in words what of the link could not be used."""

    view: View
    problems: tuple[str, ...]


class BadLinkError(ValueError):
    """A part of a link cannot be used; the message says which, what was allowed and what is used instead."""


class Part(NamedTuple):
    """A part of a link.

    Attributes:
        name: what links call it; a view holds its value under the same name, itself or in `extra`.
        read: returns its value, for a view that holds what stands before it, or raises `BadLinkError`.
        page: the page that keeps it; empty for parts of every page.
        write: returns what a link says of a value.
    """

    name: str
    read: Callable[[View, str], Any]
    page: str = ""
    write: Callable[[View, Any], str] = lambda _, value: str(value)


def _one_word(name: str, allowed: Sequence[str], usual: str = "") -> Callable[[View, str], str]:
    """Return what reads one of a few words; where it is none, the usual one is used, or else the first."""
    instead = usual or allowed[0]

    def read(_: View, text: str) -> str:
        if text not in allowed:
            raise BadLinkError(f"{name} = {_echo(text)} is none of {', '.join(allowed)}: {instead} is used.")
        return text

    return read


def _checked(name: str, check: Callable[[str], Any], instead: str) -> Callable[[View, str], Any]:
    """Return what reads a part of a link that a function checks, which raises ValueError where it is none."""

    def read(_: View, text: str) -> Any:
        try:
            return check(text)
        except ValueError as error:
            why = "".join(letter if letter.isprintable() else "\ufffd" for letter in " ".join(str(error).split()))
            raise BadLinkError(f"{name} = {_echo(text)} cannot be used, for {why}: {instead}.") from None

    return read


def _read_find(_: View, text: str) -> str:
    """Return a few letters to look for."""
    if len(text) > LONGEST_ECHO or not text.isprintable():
        raise BadLinkError(f"find = {_echo(text)} is not up to {LONGEST_ECHO} letters: nothing is looked for.")
    return text


def _read_claim(_: View, text: str) -> str:
    """Return the key of a statistic of the claims."""
    from ...experiments.claims.statistic import STATISTICS

    if text not in STATISTICS:
        raise BadLinkError(_unknown("No claim has the statistic", text, STATISTICS, "the first of each claim is shown"))
    return text


def _read_lever(_: View, text: str) -> str:
    """Return the name of the parameter that is held against a claim."""
    from ...model.parameters import parameters

    if text not in parameters():
        raise BadLinkError(_unknown("The model has no parameter", text, parameters()))
    return text


@cache
def data_tables() -> tuple[str, ...]:
    """Return the names of all tables of data, the start first."""
    from importlib.resources import files

    folder = files(f"{__package__.partition('.')[0]}.model").joinpath("data", "observations")
    names = sorted(item.name.removesuffix(".csv") for item in folder.iterdir() if item.name.endswith(".csv"))
    return (START_TABLE, *names)


def _read_table(view: View, text: str) -> str:
    """Return the name of a table of data."""
    return _one_word("table", data_tables())(view, text)


def _checked_drawer(text: str) -> str:
    """Return the name of a drawer, or say that it is none."""
    if text not in DRAWERS:
        raise ValueError(f"it is none of {', '.join(DRAWERS)}")
    return text


def read_link(query: str | None) -> Reading:
    """Return the view that a query describes; what cannot be used keeps its default and is named.

    Args:
        query: the part of an address after the question mark.
    """
    from .custom_deal import bounded

    text = query or ""
    if len(text) > LONGEST_QUERY:
        notice = f"The link has {len(text):,} characters and at most {LONGEST_QUERY:,} are read: the defaults are used."
        return Reading(View(), (notice,))
    view, problems, seen = View(), [], set[str]()
    parts = parse_qsl(text.removeprefix("?"), keep_blank_values=True, errors="replace")
    for name, value in sorted(parts, key=_place):
        try:
            view = _with(view, name, value, seen)
        except BadLinkError as error:
            problems.append(str(error))
        seen.add(name)
    view, notice = bounded(view)
    if notice:
        problems.append(notice)
    return Reading(view, tuple(dict.fromkeys(problems)))


def link_of(view: View) -> str:
    """Return the query that describes a view: only what differs from the defaults, always in the same order."""
    usual, said = View(), list[tuple[str, str]]()
    for name, part in PARTS.items():
        value = view.extra.get(name) if name in EXTRA else getattr(view, ATTRIBUTES.get(name, name))
        if name == SET:
            said += [(name, f"{key}:{number!r}") for key, number in sorted(view.settings.items())]
        elif value != (None if name in EXTRA else getattr(usual, name)):
            said.append((name, part.write(view, value)))
    return urlencode(sorted(said, key=_place), safe=":,")


@cache
def known_scenarios() -> Mapping[str, Scenario]:
    """Return the scenarios that the page offers, by name."""
    from ...model.scenarios.scenario import scenarios

    return MappingProxyType(scenarios())


def _place(said: tuple[Any, Any]) -> int:
    """Return the place of a part in a link: a quarter is read after the scenario that it is one of."""
    return ORDER.get(said[0], len(ORDER))


def _with(view: View, name: str, text: str, seen: set[str]) -> View:
    """Return a view with one part of a link put in, or say what is wrong with it."""
    if name not in PARTS:
        raise BadLinkError(_unknown("The link has a part that no page knows", name, PARTS))
    if name in seen and name != SET:
        raise BadLinkError(f"The link gives {name} twice: the first is used.")
    value = PARTS[name].read(view, text)
    if name in EXTRA:
        return replace(view, extra=MappingProxyType({**view.extra, name: value}))
    return replace(view, **{ATTRIBUTES.get(name, name): value})


def _read_setting(view: View, text: str) -> Mapping[str, float]:
    """Return the parameters of a view and one more, written as name:value."""
    from ...model.parameters import checked, parameters

    if len(view.settings) >= MOST_SETTINGS:
        raise BadLinkError(f"The link sets more than {MOST_SETTINGS} parameters: the first {MOST_SETTINGS} are used.")
    name, colon, number = text.partition(":")
    if not colon:
        raise BadLinkError(f"set={_echo(text)} has to be a parameter's name, a colon and a value: it is left out.")
    item = parameters().get(name)
    if item is None:
        raise BadLinkError(_unknown("The model has no parameter", name, parameters()))
    try:
        values = checked({name: float(number)})
    except (TypeError, ValueError):
        raise BadLinkError(
            f"{name} = {_echo(number)} lies outside {item.range_text}{_unit(item.unit)}: {item.default:g} is used."
        ) from None
    if name in view.settings:
        raise BadLinkError(f"The link sets {name} twice: the first is used.")
    return MappingProxyType({**view.settings, **values})


def _read_scenario(view: View, text: str) -> str:
    """Return a scenario's name."""
    if text not in known_scenarios():
        raise BadLinkError(_unknown("There is no scenario", text, known_scenarios(), f"{View().scenario} is used"))
    return text


def _read_quarter(view: View, text: str) -> int:
    """Return how many quarters have been seen at a date such as 2030Q4."""
    first, last = date_of(view.case, 1), date_of(view.case, HORIZON)
    try:
        quarter = quarter_number(text.replace(" ", "").replace("+", "")) - first_of(view.case) + 1
    except ValueError:
        quarter = -1
    if not 0 <= quarter <= HORIZON:
        raise BadLinkError(
            f"quarter = {_echo(text)} is no quarter from {first} to {last}, written as 2030Q4: the beginning is shown."
        )
    return quarter


def _read_firm(view: View, text: str) -> str:
    """Return the name of a firm; whether the run has it is seen where it is shown."""
    if len(text) > LONGEST_ECHO or not text.isprintable():
        raise BadLinkError(f"firm = {_echo(text)} is no firm's name: no firm is opened.")
    return text


def _whole(name: str, most: int) -> Callable[[View, str], int]:
    """Return what reads a whole number from nought."""

    def read(view: View, text: str) -> int:
        if not (text.isascii() and text.isdigit()) or len(text) > len(str(most)) or int(text) > most:
            default = getattr(View(), name)
            raise BadLinkError(f"{name} = {_echo(text)} is no whole number from 0 to {most:,}: {default} is used.")
        return int(text)

    return read


def _read_speed(view: View, text: str) -> int:
    """Return a speed, quarters a second."""
    return int(_one_word("speed", [str(speed) for speed in SPEEDS], str(View.speed))(view, text))


def _quarter_text(view: View, quarter: int) -> str:
    """Return a quarter as a link writes it, as 2030Q4."""
    return date_of(view.case, quarter).replace(" ", "")


SET = "set"
"""The part that a link may say several times, once for each parameter."""

PARTS: Mapping[str, Part] = MappingProxyType(
    {
        part.name: part
        for part in (
            Part("page", _one_word("page", PAGES)),
            Part("scenario", _read_scenario),
            Part("file", _checked("file", own_of, "the scenario is used"), write=lambda _, case: own_text(case)),
            Part("seed", _whole("seed", LARGEST_SEED)),
            Part("replicate", _whole("replicate", MOST_REPLICATE)),
            Part("quarter", _read_quarter, write=_quarter_text),
            Part("firm", _read_firm),
            Part("theme", _one_word("theme", THEMES)),
            Part("speed", _read_speed),
            Part(SET, _read_setting),
            Part("across", _checked("across", checked_name, "what matters most is drawn"), "explore"),
            Part("charts", _one_word("charts", ("market", "clouds")), "watch"),
            Part("claim", _read_claim, "claims"),
            Part("compare", _checked("compare", checked_names, "the usual ones are compared"), "compare"),
            Part(
                "deal", _checked("deal", read_deal, "the scenario keeps its own"), write=lambda _, deal: deal_text(deal)
            ),
            Part("drawer", _checked("drawer", _checked_drawer, "none is opened")),
            Part("embed", _checked("embed", checked_chart, "the whole page is shown")),
            Part("find", _read_find, "model"),
            Part("holds", _checked("holds", checked_condition, "the outcome's own is used"), "explore"),
            Part("lab", _checked("lab", checked_lab, "the one that the deal is for is shown"), "compare"),
            Part("lever", _read_lever, "claims"),
            Part("method", _one_word("method", ("morris", "sobol")), "explore"),
            Part("only", _checked("only", checked_limits, "all worlds count"), "explore"),
            Part("origin", _one_word("origin", ("2024Q4", "2023Q4", "2025Q4")), "backtest"),
            Part("outcome", _checked("outcome", checked_name, "the first is shown"), "explore"),
            Part("section", _one_word("section", ("books", "description", "parameters", "data", "limits")), "model"),
            Part("source", _one_word("source", ("model", "sweep", "bench")), "explore"),
            Part("study", _checked("study", checked_study, "none is run"), "explore"),
            Part("table", _read_table, "model"),
            Part("trail", _one_word("trail", ("sofar", "quarter")), "money"),
            Part("twin", _one_word("twin", ("many", "one")), "twin"),
            Part("up", _checked("up", checked_name, "what matters most is drawn"), "explore"),
            Part("variant", _checked("variant", checked_name, "the first is shown"), "explore"),
            Part("world", _one_word("world", ("own", "twin", "difference")), "model"),
        )
    }
)
"""All that a link may hold, in the order in which it is written; up to `SET` it is read in this order, too."""

ATTRIBUTES: Mapping[str, str] = MappingProxyType({SET: "settings"})
"""Parts that a view calls otherwise."""

EXTRA: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {name: partial(part.read, View()) for name, part in PARTS.items() if name != SET and not hasattr(View(), name)}
)
"""What pages keep of their own in a link: a name, and what returns its text or raises `BadLinkError`."""

ORDER: Mapping[str, int] = MappingProxyType(
    {name: place for place, name in enumerate(PARTS) if place <= list(PARTS).index(SET)}
)


def _unknown(what: str, name: str, known: Any, instead: str = "it is left out") -> str:
    """Say that there is no such thing, what is used instead, and the nearest one that there is."""
    near = difflib.get_close_matches(name[:LONGEST_ECHO], list(known), n=1)
    return f"{what} “{_echo(name)}”: {instead}" + (f"; the nearest is {near[0]}." if near else ".")


def _echo(text: str) -> str:
    """Return what a link said, short enough and printable; pages show it as text, never as markup."""
    shown = "".join(letter if letter.isprintable() else "�" for letter in text[:LONGEST_ECHO])
    return shown + ("…" if len(text) > LONGEST_ECHO else "")


def _unit(unit: str) -> str:
    """Return a unit as it is shown after a number; a pure number has none."""
    return "" if unit == "1" else f" {unit}"
