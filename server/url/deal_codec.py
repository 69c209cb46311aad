"""A deal of one's own: as a short text in a link, as plain values from the page, and the deal that either describes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...experiments.formatting import listed, numeral
from ...model.dates import quarter_date, quarter_number
from ...model.deals.deal import ScenarioError
from ...model.initial_state import load_start
from ...model.inputs.value_forms import YES, Key
from ...model.scenarios.deal_reader import DEAL_KEYS, KEYS_OF, deal_table
from ...model.scenarios.deal_reader import read_deal as read_table
from ...model.scenarios.name_checks import misused, named_by
from ...model.scenarios.toml_reader import Place
from .limits import HORIZON, LONGEST_DEAL

if TYPE_CHECKING:
    from ...model.deals.deal import Deal

FIELDS = ("amount", "date", "instrument", "recipients", "funders", "earmark", "draw")
"""The parts of a deal's text, between tildes, in this order; other terms may follow in one more."""

OTHERS = tuple(key for key in DEAL_KEYS if key.name not in (*FIELDS, "name", "why"))
"""The keys that follow by name, as ``term=20;supplier=NVIDIA``."""

ENTRIES, PARTS, ITEMS = ";", ":", ","
"""What stands between terms, within a term, and between tranches."""

WHERE = "the deal of your own"
WHY = "A deal of your own."


def read_deal(text: str) -> Deal:
    """Return the deal that a text describes, as ``35~2026Q2~loan~xAI:1~Apollo:1~chips:1~0.5,0.5``.

    Raises:
        ValueError: the text is none, or says something that a deal cannot be; the message says what.
    """
    parts = text.split("~")
    if len(text) > LONGEST_DEAL or len(parts) not in (len(FIELDS), len(FIELDS) + 1):
        raise ValueError(f"a deal has {len(FIELDS)} parts between tildes, and perhaps terms: {', '.join(FIELDS)}")
    told: dict[str, Any] = dict(zip(FIELDS, parts, strict=False))
    if len(parts) > len(FIELDS):
        told |= read_terms(parts[-1])
    told["amount"] = _number("amount", told["amount"])
    told["draw"] = [_number("draw", part) for part in told["draw"].split(",")]
    for name in ("recipients", "funders", "earmark"):
        told[name] = _parts(name, told[name])
    return deal_of(told)


def deal_of(told: Mapping[str, Any]) -> Deal:
    """Return the deal that plain values describe, checked as a scenario file is.

    Args:
        told: ``amount``, ``date``, ``instrument``, ``recipients``, ``funders``, ``earmark`` and ``draw``, as in a file.

    Raises:
        ValueError: something is missing, unknown or out of range; the message says what.
    """
    _check_plain(told)
    deal = read_table(Place(WHERE, error=ScenarioError).inside("deals", 0), told)
    _check_firms(deal)
    _check_date(deal)
    recipients, funders, earmark = map(_some, (deal.recipients, deal.funders, deal.earmark))
    deal = replace(deal, why=WHY, recipients=recipients, funders=funders, earmark=earmark)
    if len(deal_text(deal)) > LONGEST_DEAL:
        raise ValueError(f"{WHERE} takes more than {LONGEST_DEAL:,} letters in a link: give its tranches shorter names")
    return replace(deal, name=title_of(deal))


def deal_text(deal: Deal) -> str:
    """Return a deal as it stands in a link."""
    table, terms = deal_table(deal), terms_text(deal)
    return "~".join([*(_text(name, table.get(name, "")) for name in FIELDS), *([terms] if terms else [])])


def title_of(deal: Deal) -> str:
    """Return what a deal is called."""
    return f"{numeral(deal.amount)} bn for {listed(list(deal.recipients))}"


def terms_text(deal: Deal) -> str:
    """Return the terms that are not the usual ones, as ``term=20;supplier=NVIDIA``; nothing for a plain deal."""
    table = deal_table(deal)
    return ENTRIES.join(f"{key.name}={_text(key.name, table[key.name])}" for key in OTHERS if key.name in table)


def read_terms(text: str) -> dict[str, Any]:
    """Return the terms that a text holds, as a scenario file writes them.

    Raises:
        ValueError: a term is unknown or no such term; the message says which.
    """
    found, known = dict[str, Any](), {key.name: key for key in OTHERS}
    for entry in text.split(ENTRIES):
        name, _, value = entry.partition("=")
        if name not in known:
            raise ValueError(f"a deal has no term “{name[:40]}”; terms are {', '.join(known)}")
        try:
            found[name] = _value(known[name], value)
        except ValueError:
            raise ValueError(f"{name} = {value[:60]} is no such term") from None
    return found


def _value(key: Key, text: str) -> Any:
    """Return the value of a term: a word or number, a table as ``NVIDIA:20``, or a list of tables."""
    if key.name == "tranches":
        return [_read_row(KEYS_OF[key.name], item) for item in text.split(ITEMS)]
    return _read_row(KEYS_OF[key.name], text) if key.name in KEYS_OF else key.form.read(text)


def _text(name: str, value: Any) -> str:
    """Return the value of a term as a link writes it."""
    if isinstance(value, list):
        return ITEMS.join(_text(name, item) for item in value)
    if isinstance(value, Mapping):
        return _row_text(KEYS_OF[name], value) if name in KEYS_OF else _joined(value)
    return value if isinstance(value, str) else short(value)


def _in_order(key: Key) -> bool:
    """Return whether a key's value stands in its place; the others follow, each with its name, where they are given."""
    return key.form is not YES and bool(key.needed or key.usual)


def _row_text(keys: Sequence[Key], row: Mapping[str, Any]) -> str:
    """Return a table as ``A1:0.44:0.055:1:guaranteed`` or ``ai_revenue:above:30``."""
    parts = [_text(key.name, row[key.name]) for key in keys if _in_order(key)]
    for part in parts:
        if any(letter in part for letter in ("~", ENTRIES, PARTS, ITEMS)):
            raise ValueError(f"“{part[:40]}” is no name for a link: leave out ~ {ENTRIES} {PARTS} and {ITEMS}")
    for key in keys:
        if not _in_order(key) and row.get(key.name, False) is not False:
            parts += [key.name] if key.form is YES else [key.name, short(row[key.name])]
    return PARTS.join(parts)


def _read_row(keys: Sequence[Key], text: str) -> dict[str, Any]:
    """Return the table that a text describes; of what may follow its values, a text gives one, and has to if needed."""
    ordered, named = [key for key in keys if _in_order(key)], {key.name: key for key in keys if not _in_order(key)}
    pieces = text.split(PARTS)
    found = {key.name: key.form.read(piece) for key, piece in zip(ordered, pieces, strict=False)}
    name, *value = pieces[len(ordered) :] or [""]
    key = named.get(name)
    if len(found) < len(ordered) or len(value) != (key is not None and key.form is not YES):
        raise ValueError("a value is missing, or there is one too many")
    if key is not None:
        found[name] = key.form.read(*value) if value else True
    elif len(pieces) > len(ordered) or any(one.form is not YES for one in named.values()):
        raise ValueError("what follows the values is unknown or missing")
    return found


def short(value: float) -> str:
    """Return a number as briefly as it can be read back the same."""
    brief = f"{value:.10g}"
    return brief if float(brief) == value else repr(float(value))


def _check_plain(value: Any) -> None:
    """Say that something is no value that a file could hold."""
    if isinstance(value, Mapping | list | tuple):
        for item in value.values() if isinstance(value, Mapping) else value:
            _check_plain(item)
    elif not isinstance(value, str | int | float):
        raise ValueError(f"{WHERE} cannot be read: {value!r:.40} is no text, number, list or table")


def _check_firms(deal: Deal) -> None:
    """Say which firm there is not, or not as what, or who has no use for the money."""
    start = load_start()
    for part, (known, given) in named_by(deal, start).items():
        for name in given:
            if name not in known:
                raise ValueError(f"there is no “{name[:40]}” among the {part}: choose of {', '.join(known)}")
    if told := misused(deal, start):
        raise ValueError(told)


def _check_date(deal: Deal) -> None:
    """Say that a deal lies beyond the run."""
    first = quarter_number(load_start().quarter) + 1
    last = first + HORIZON - 1
    if not first <= deal.start <= last:
        raise ValueError(f"its date has to be from {quarter_date(first)} to {quarter_date(last)}")


def _number(name: str, text: str) -> float:
    """Return a number that a link writes."""
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} = {text[:40]} is not a number") from None


def _parts(name: str, text: str) -> dict[str, float]:
    """Return parts by name, written as xAI:0.5,Meta:0.5; none for an empty text."""
    found: dict[str, float] = {}
    for item in text.split(",") if text else []:
        key, _, part = item.partition(":")
        if key in found:
            raise ValueError(f"{name} names {key[:40]} twice")
        found[key] = _number(f"{name}, {key[:40]}", part)
    return found


def _joined(parts: Mapping[str, float]) -> str:
    """Return parts by name as a link writes them."""
    return ",".join(f"{name}:{short(part)}" for name, part in parts.items())


def _some(parts: Mapping[str, float]) -> dict[str, float]:
    """Return parts by name without those that are nothing, which no link holds."""
    return {name: part for name, part in parts.items() if part}
