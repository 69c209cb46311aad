"""Names and numbers as figures, reports and pages write them."""

from __future__ import annotations

import math
import re

MINUS, NOTHING, DIGITS = "\u2212", "\u2013", 3
THOUSAND, HUNDRED = 1000.0, 100.0
TINY = 1e-12
QUARTER = re.compile(r"\b(\d{4})Q([1-4])\b")
SIGNS = {"<=": "≤", ">=": "≥"}
UNITS = {
    "1": "", "": "", "quarter": "quarters", "USD bn": "bn $", "USD bn/quarter": "bn $ a quarter",
    "1/quarter": "a quarter", "1/yr": "a year", "yr": "years", "USD/MWh": "$/MWh", "see unit": "",
}  # fmt: skip


def words(name: str) -> str:
    """Return a name of the code as words: grid_connections is grid connections."""
    return name.replace("_", " ").replace("ai ", "AI ").strip()


def sentence(text: str) -> str:
    """Return a text that begins with a capital letter."""
    return text[:1].upper() + text[1:]


def number(value: float, *, sign: bool = False) -> str:
    """Return a number with three digits or all those before the point, with a true minus.

    Args:
        value: any number; what is not finite is a dash.
        sign: whether to write a plus, and ±0 for nothing.
    """
    if not math.isfinite(value):
        return NOTHING
    if abs(value) < TINY:
        return "±0" if sign else "0"
    size = abs(value)
    text = f"{size:,.0f}" if size >= HUNDRED else _plain(float(f"{size:.{DIGITS}g}"))
    return f"{MINUS if value < 0 else '+' if sign else ''}{text}"


def _plain(value: float) -> str:
    """Return a number without powers of ten, unless it is very small."""
    text = f"{value:.10f}".rstrip("0").rstrip(".")
    return f"{value:.2g}".replace("-", MINUS) if text == "0" else text


def unit_words(unit: str) -> str:
    """Return a unit as people write it: bn $, a quarter; nothing for a bare number."""
    if unit in UNITS:
        return UNITS[unit]
    above, slash, below = unit.partition("/")
    if not slash:
        return unit
    counted = "" if above == "1" else f"{UNITS.get(above, above)} "
    return f"{counted}{'a' if below in ('quarter', 'unit') else 'per'} {below}"


def measured(value: float, unit: str, *, sign: bool = False) -> str:
    """Return a number with its unit."""
    return " ".join(filter(None, (number(value, sign=sign), unit_words(unit))))


def dated(text: str) -> str:
    """Return a text with quarters as people write them: 2030Q4 is 2030 Q4."""
    return QUARTER.sub(r"\1 Q\2", text)


def bounded(condition: str) -> str:
    """Return a condition as people write it: <= 1 is ≤ 1."""
    sign, _, limit = condition.partition(" ")
    return f"{SIGNS.get(sign, sign)} {limit.replace('-', MINUS)}"


def between(low: float, high: float) -> str:
    """Return an interval in words: 0.3 to 0.5."""
    return f"{number(low)} to {number(high)}"


def percent(part: float) -> str:
    """Return a part of a whole in per cent, whole numbers unless it is near nothing or all."""
    if not math.isfinite(part):
        return NOTHING
    share = HUNDRED * part
    near_an_end = 0.0 < abs(share) < 1.0 or HUNDRED - 1.0 < share < HUNDRED
    text = f"{share:.1f}" if near_an_end else f"{share:.0f}"
    return f"{text if float(text) else '0'} %".replace("-", MINUS)


def listed(items: list[str]) -> str:
    """Return several things as a list in words: a, b and c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
