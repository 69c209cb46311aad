"""The terms of a loan or a lease, a covenant and a condition, as a short text in a link."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...model.deals.deal import BOUNDS
from ...model.scenarios.deal_reader import told_terms

if TYPE_CHECKING:
    from ...model.deals.deal import Deal

ENTRIES, PARTS, ITEMS = ";", ":", ","
"""What stands between terms, within a term, and between tranches."""

GUARANTEED = "guaranteed"


def terms_text(deal: Deal) -> str:
    """Return the terms that are not the usual ones, as ``term=20;supplier=NVIDIA``; nothing for a plain deal."""
    told = told_terms(deal)
    return ENTRIES.join(f"{name}={WRITERS.get(name, _plain_text)(told[name])}" for name in READERS if name in told)


def read_terms(text: str) -> dict[str, Any]:
    """Return the terms that a text holds, as a scenario file writes them.

    Raises:
        ValueError: a term is unknown or no such term; the message says which.
    """
    found = dict[str, Any]()
    for entry in text.split(ENTRIES):
        name, _, value = entry.partition("=")
        if name not in READERS:
            raise ValueError(f"a deal has no term “{name[:40]}”; terms are {', '.join(READERS)}")
        try:
            found[name] = READERS[name](value)
        except ValueError:
            raise ValueError(f"{name} = {value[:60]} is no such term") from None
    return found


def _plain_text(value: Any) -> str:
    """Return a word or a number."""
    return value if isinstance(value, str) else short(value)


def _condition_text(told: Mapping[str, Any]) -> str:
    """Return what a deal waits for as ``ai_revenue:above:30``."""
    side = next(name for name in BOUNDS if name in told)
    return PARTS.join([told["indicator"], side, short(told[side])])


def _tranche_text(told: Mapping[str, Any]) -> str:
    """Return a tranche as ``A1:0.44:0.055:1:guaranteed``."""
    parts = [told["name"], short(told["part"]), short(told["rate"]), str(told["rank"])]
    return PARTS.join([*parts, GUARANTEED] if told["guaranteed"] else parts)


def _read_tranche(text: str) -> dict[str, Any]:
    """Return the tranche that a text describes."""
    name, part, rate, rank, *rest = text.split(PARTS)
    if rest not in ([], [GUARANTEED]):
        raise ValueError
    return {"name": name, "part": float(part), "rate": float(rate), "rank": int(rank), "guaranteed": bool(rest)}


def _read_condition(text: str) -> dict[str, Any]:
    """Return what a deal waits for."""
    indicator, side, value = text.split(PARTS)
    if side not in BOUNDS:
        raise ValueError
    return {"indicator": indicator, side: float(value)}


def _read_guarantee(text: str) -> dict[str, Any]:
    """Return who guarantees how much."""
    name, amount = text.split(PARTS)
    return {"by": name, "up_to": float(amount)}


def _read_covenant(text: str) -> dict[str, Any]:
    """Return the coverage ratio and the quarters of grace."""
    coverage, quarters = text.split(PARTS)
    return {"coverage": float(coverage), "quarters": int(quarters)}


def short(value: float) -> str:
    """Return a number as briefly as it can be read back the same."""
    brief = f"{value:.10g}"
    return brief if float(brief) == value else repr(float(value))


READERS: Mapping[str, Any] = {
    "when": _read_condition,
    "asset": str,
    "rate": float,
    "term": int,
    "supplier": str,
    "syndicated": float,
    "guarantee": _read_guarantee,
    "covenant": _read_covenant,
    "tranches": lambda text: [_read_tranche(item) for item in text.split(ITEMS)],
}
"""By term, what reads its value."""

WRITERS: Mapping[str, Any] = {
    "when": _condition_text,
    "guarantee": lambda told: PARTS.join([told["by"], short(told["up_to"])]),
    "covenant": lambda told: PARTS.join([short(told["coverage"]), str(told["quarters"])]),
    "tranches": lambda told: ITEMS.join(map(_tranche_text, told)),
}
"""By term, what writes its value; words and numbers of the others stand as they are."""
