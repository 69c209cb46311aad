"""Generated tables of documents: the model's description, scenarios and deals in words, written from the code.

A Markdown file holds a table between two markers, ``<!-- parameters -->`` and ``<!-- /parameters -->``, and
``python -m aimarket.experiments.publishing.generated_tables docs/odd.md`` writes it anew. A test fails while file and
code disagree.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from ...agents.firm import Firm
from ...agents.state.answers import Decision
from ...agents.state.column import Column, Mirror
from ...agents.state.population import MarketAgent, decisions
from ...agents.state.quantity import Parameter
from ...agents.state.signals import Signals
from ...agents.state.table import columns_of
from ...agents.vehicle import Vehicle
from ...model.accounting.identities import IDENTITIES
from ...model.dates import quarter_date
from ...model.deals.deal import Deal
from ...model.deals.facilities import Facilities
from ...model.economy import Economy
from ...model.indicators import INDICATORS
from ...model.initial_state import Start, load_start
from ...model.parameters import KINDS, parameters
from ...model.quarter import QUARTER
from ...model.randomness import UNIFORM, Stream
from ...model.scenarios.firm_overrides import BEHAVIOURS, FirmOverride
from ...model.scenarios.scenario import Change, Scenario, scenarios
from .glossary_terms import PARTS, definitions
from .key_reference import scenario_keys, study_keys
from .markdown_tables import markdown_table
from .module_index import module_index

Sections = Mapping[str, Callable[[], str]]
"""What writes a marked section of a document, by name."""

SIGNS = {"multiply": "×", "add": "+", "set": "="}


class DocumentError(ValueError):
    """A document has no markers, or one that nothing writes; the message names it."""


def parameter_tables() -> str:
    """Return every parameter by group: name, symbol, default, range, unit, meaning and source; bold where uncertain."""
    start = load_start()
    groups: dict[str, list[Parameter]] = {}
    for item in parameters().values():
        groups.setdefault(item.group, []).append(item)
    heads = ("name", "symbol", "default", "range", "unit", "meaning", "source")
    return "\n\n".join(
        f"**{_title(group)}**\n\n{markdown_table(heads, (_parameter_row(item, start) for item in items))}"
        for group, items in groups.items()
    )


def state_tables() -> str:
    """Return every state variable by kind of firm, then those of the economy."""
    common, firm = columns_of(MarketAgent), columns_of(Firm)
    parts: list[tuple[str, str, Mapping[str, Column | Mirror]]] = [
        ("Every firm", "n", common),
        ("Every firm that borrows", "n", _beyond(firm, common)),
    ]
    for kind in KINDS:
        base = firm if issubclass(kind, Firm) else common
        parts.append((_title(kind.group), "n", _beyond(columns_of(kind), base) | _mirrors(kind)))
    parts += [
        (_title(Vehicle.group), "n", _beyond(columns_of(Vehicle), common)),
        ("Facilities: a row a recipient and tranche of every deal", "n", columns_of(Facilities)),
        ("The economy and the rest of the world", "", columns_of(Economy)),
    ]
    heads = ("name", "symbol", "unit", "shape", "meaning")
    return "\n\n".join(
        f"**{title}**\n\n{markdown_table(heads, (_column_row(name, item, lead) for name, item in columns.items()))}"
        for title, lead, columns in parts
    )


def indicator_table() -> str:
    """Return every indicator with its unit and meaning."""
    return markdown_table(("name", "unit", "meaning"), ((f"`{n}`", i.unit, i.doc) for n, i in INDICATORS.items()))


def stock_tables() -> str:
    """Return every quantity that a run starts from by kind of firm: values in the order of the rows, unit, source."""
    start = load_start()
    return "\n\n".join(_stock_table(start, kind) for kind in (*start.roster, "economy"))


def scenario_table() -> str:
    """Return every scenario: what it is about, and its difference from the baseline."""
    rows = ((f"`{name}`", item.title, scenario_text(item), item.why) for name, item in scenarios().items())
    return markdown_table(("name", "what happens", "difference from the baseline", "why"), rows)


def phase_table() -> str:
    """Return the phases of the quarter in their order."""
    rows = ((f"`{p.code}`", f"`{p.name}`", f"`{p.run.__name__}`", _first_line(p.run)) for p in QUARTER)
    return markdown_table(("code", "phase", "function", "what it does"), rows)


def identity_table() -> str:
    """Return the accounting identities."""
    rows = (
        (f"`{code}`", f"`{check.__name__}`", _first_line(check).partition(": ")[2])
        for code, check in IDENTITIES.items()
    )
    return markdown_table(("code", "function", "what holds"), rows)


def stream_table() -> str:
    """Return the random streams with their addresses and distributions."""
    rows = (
        (f"`{item.name}`", str(int(item)), "uniform on [0, 1)" if item in UNIFORM else "standard normal")
        for item in Stream
    )
    return markdown_table(("stream", "address", "random numbers"), rows)


def decision_table() -> str:
    """Return the decisions that a subclass may change, by kind of firm."""
    rows = [
        (_title(kind.group), f"`{name}`", _first_line(getattr(kind, name)).removeprefix("Return "), _result(item))
        for kind in KINDS
        for name, item in decisions(kind).items()
    ]
    return markdown_table(("who", "decision", "what it returns", "fields"), rows)


def signal_table() -> str:
    """Return what every firm can see, as the docstring of `Signals` describes it."""
    lines = (inspect.getdoc(Signals) or "").partition("Attributes:")[2].partition("Examples:")[0].splitlines()
    seen = (line.strip().partition(": ") for line in lines if line.strip())
    return markdown_table(("signal", "meaning"), ((f"`{name}`", meaning) for name, _, meaning in seen))


SECTIONS: Sections = {
    "phases": phase_table,
    "state": state_tables,
    "decisions": decision_table,
    "signals": signal_table,
    "streams": stream_table,
    "indicators": indicator_table,
    "stocks": stock_tables,
    "identities": identity_table,
    "parameters": parameter_tables,
    "scenarios": scenario_table,
    "modules": module_index,
    "scenario_keys": scenario_keys,
    "study_keys": study_keys,
    **{part: partial(definitions, part) for part in PARTS},
}


def rewritten(text: str, sections: Sections | None = None) -> str:
    """Return a document with every marked section as the code gives it now.

    Raises:
        DocumentError: there are no markers, one is not closed, or nothing writes a section of that name.
    """
    sections = SECTIONS if sections is None else sections
    known = ", ".join(sections)
    opened, written = re.findall(r"<!-- (\w+) -->", text), text
    if not opened:
        raise DocumentError(f"no markers; write <!-- parameters --> and <!-- /parameters -->; there is {known}")
    for name in opened:
        if name not in sections:
            raise DocumentError(f"nothing writes a section {name!r}; there is {known}")
        head, tail = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, _, rest = written.partition(head)
        _, closed, after = rest.partition(tail)
        if not closed:
            raise DocumentError(f"{head} is not closed by {tail}")
        written = f"{before}{head}\n\n{sections[name]()}\n\n{tail}{after}"
    return written


def main(arguments: Sequence[str], sections: Sections | None = None) -> None:
    """Rewrite the marked sections of the documents named on the command line."""
    for path in map(Path, arguments):
        try:
            text = path.read_text(encoding="utf-8")
            now = rewritten(text, sections)
        except (OSError, DocumentError) as error:
            raise SystemExit(f"{path}: {error}") from None
        if now != text:
            path.write_text(now, encoding="utf-8")


def scenario_text(scenario: Scenario) -> str:
    """Return in words how a scenario differs from the baseline."""
    parts = [f"`{name}` = {_number(value)} throughout" for name, value in scenario.parameters.items()]
    parts += [_change_text(change) for change in scenario.changes]
    parts += [_deal_text(deal) for deal in scenario.deals]
    parts += [f"{entry.firm} enters in {quarter_date(entry.start)}" for entry in scenario.entries]
    parts += [_override_text(name, override) for name, override in scenario.firms.items()]
    return "; ".join(parts) or "none"


def _override_text(name: str, override: FirmOverride) -> str:
    """Return in words how a firm differs from others of its kind."""
    differences = [f"decides as {BEHAVIOURS[override.behaviour].__name__}"] if override.behaviour else []
    differences += [f"has `{parameter}` = {_number(value)}" for parameter, value in override.parameters.items()]
    return f"{name} {' and '.join(differences)}"


def _change_text(change: Change) -> str:
    """Return in words what a change does."""
    until = "on" if change.end is None else f"to {quarter_date(change.end)}"
    whom = f" for {', '.join(change.firms)}" if change.firms else ""
    value = _number(change.value)
    return f"`{change.parameter}` {SIGNS[change.way]} {value}{whom} from {quarter_date(change.start)} {until}"


def _deal_text(deal: Deal) -> str:
    """Return in words who gives how much to whom for what."""
    funders = f" from {_parts(deal.funders)}" if deal.funders else ""
    uses = f", bound to {_parts(deal.earmark)}" if deal.earmark else ""
    drawn = ", ".join(f"{100 * part:g}" for part in deal.draw)
    return (
        f"{deal.instrument} of {_number(deal.amount)} USD bn to {_parts(deal.recipients)}{funders}{uses}, drawn from "
        f"{quarter_date(deal.start)} in parts of {drawn} %{_terms_text(deal)}"
    )


def _terms_text(deal: Deal) -> str:
    """Return in words the terms that are not the usual ones."""
    terms = []
    if deal.condition is not None:
        side, value = deal.condition.bound
        terms.append(f"once `{deal.condition.indicator}` is {side} {_number(value)}")
    if deal.repayment:
        terms.append(deal.repayment)
    if deal.leased:
        notes = ", ".join(f"{item.name} {100 * item.part:g} % at {100 * item.rate:g} %" for item in deal.notes)
        terms.append(f"a vehicle buys {deal.bought} and pays back over {deal.term} quarters ({notes})")
    if deal.guarantor:
        terms.append(f"{deal.guarantor} guarantees up to {_number(deal.guarantee)} USD bn")
    if deal.syndicated:
        terms.append(f"{100 * deal.syndicated:g} % syndicated")
    if deal.covenant:
        grace = f"{deal.grace} quarter{'' if deal.grace == 1 else 's'}"
        terms.append(f"coverage of {_number(deal.covenant)} covenanted, grace {grace}")
    return "".join(f"; {term}" for term in terms)


def _parts(shares: Mapping[str, float]) -> str:
    """Return names with their parts; a single one needs none."""
    return ", ".join(name if part == 1.0 else f"{name} ({100 * part:g} %)" for name, part in shares.items())


def _parameter_row(item: Parameter, start: Start) -> tuple[str, ...]:
    """Return a parameter's row; a start may give one default a firm."""
    given = start.stocks.get(item.group, {}).get(item.name)
    default = _number(item.default) if given is None else f"{_values(given)} by firm"
    name = f"**`{item.name}`**" if item.uncertain else f"`{item.name}`"
    marks = [word for word, marked in (("whole", item.structural), ("shared", item.shared)) if marked]
    limits = ", ".join([item.range_text, *marks])
    return name, _code(item.symbol), default, limits, item.unit, item.doc, item.source


def _column_row(name: str, item: Column | Mirror, lead: str) -> tuple[str, ...]:
    """Return a state variable's row."""
    if isinstance(item, Mirror):
        shape = f"({lead}, {item.kind}, R)"
        return f"`{name}`", "", item.unit, shape, f"{item.doc}: shows `{item.kind}`'s `{item.column}`"
    middle = [part for part in (lead, item.over, str(item.length or "")) if part]
    shape = f"({', '.join([*middle, 'R'])}{'' if middle else ','})"
    start = f"; {_number(item.initial)} unless the start says otherwise" if item.initial else ""
    return f"`{name}`", _code(item.symbol), item.unit, shape, item.doc + start + ("; ledger" if item.ledger else "")


def _aside(start: Start, name: str, *, active: bool) -> str:
    """Return what is to be said of a firm of the roster: that it is dormant, or to whom alone it sells."""
    buyers = sorted(start.sold_to.get(name, ()))
    return " (dormant)" if not active else f" (sells to {' and '.join(buyers)} alone)" if buyers else ""


def _stock_table(start: Start, kind: str) -> str:
    """Return the stocks of one kind of firm, or of the economy."""
    firms = ", ".join(name + _aside(start, name, active=active) for name, active in start.roster.get(kind, ()))
    stocks, units, sources = start.stocks[kind], start.units[kind], start.sources[kind]
    rows = ((f"`{name}`", _values(stocks[name]), units[name], sources[name]) for name in stocks)
    title = f"**{_title(kind)}**: {firms}" if firms else f"**{_title(kind)}**"
    return f"{title}\n\n{markdown_table(('quantity', 'value', 'unit', 'source'), rows)}"


def _beyond(columns: Mapping[str, Column], base: Mapping[str, Column]) -> dict[str, Column | Mirror]:
    """Return the columns that a class adds to those of its base."""
    return {name: item for name, item in columns.items() if name not in base}


def _mirrors(kind: type) -> dict[str, Column | Mirror]:
    """Return what a kind of firm sees of another kind's pair columns, declared or inherited."""
    bases = reversed(kind.__mro__)
    return {name: item for base in bases for name, item in vars(base).items() if isinstance(item, Mirror)}


def _values(value: Any) -> str:
    """Return numbers, one a firm, or rows of them, or by pairs of firms."""
    if isinstance(value, Mapping):
        return "; ".join(f"{cloud}: {lab} {_number(x)}" for cloud, labs in value.items() for lab, x in labs.items())
    array = np.asarray(value, dtype=np.float64)
    if array.ndim > 1:
        return "; ".join(f"({_values(row)})" for row in array)
    return ", ".join(_number(x) for x in array.reshape(-1))


def _number(x: float) -> str:
    """Return a number without needless digits."""
    return f"{x:.6g}"


def _code(symbol: str) -> str:
    """Return a symbol of the specification, in italics so that it is not taken for a name of the code."""
    return f"*{symbol.replace('_', chr(92) + '_')}*" if symbol else ""


def _title(group: str) -> str:
    """Return a group's name as a title; parameters of no kind belong to every firm that borrows."""
    return group.replace("_", " ").capitalize().replace("Ai ", "AI ") or "Every firm that borrows"


def _first_line(item: Any) -> str:
    """Return the first line of a docstring."""
    return (inspect.getdoc(item) or "").splitlines()[0]


def _result(item: Decision) -> str:
    """Return the names of a decision's results."""
    return ", ".join(getattr(item.result, "_fields", ())) if item.result else ""


if __name__ == "__main__":
    main(sys.argv[1:])
