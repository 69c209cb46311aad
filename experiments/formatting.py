"""Names and numbers as the command line, pages, figures and reports write them.

Numbers that stand beside others are rounded once, so that a value, its twin's and their difference always add up.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

NO_INTERVAL = "one run: no interval"
MINUS, NOTHING, DIGITS = "\u2212", "\u2013", 3
TWO_DIGITS = 3.55
"""A half width that begins with less than this is written with two digits, else with one."""

THOUSAND, HUNDRED = 1000.0, 100.0
TINY, LEAST, NEAR = 1e-12, 0.001, 0.01
QUARTER = re.compile(r"\b(\d{4})Q([1-4])\b")
SIGNS = {"<=": "≤", ">=": "≥"}
UNITS = {
    "1": "",
    "": "",
    "quarter": "quarters",
    "USD bn": "bn $",
    "USD bn/quarter": "bn $ a quarter",
    "1/quarter": "a quarter",
    "1/yr": "a year",
    "yr": "years",
    "USD/MWh": "$/MWh",
    "USD/H100e-hour": "$/H100e-hour",
    "see unit": "",
}


DECIMALS: Mapping[str, int] = MappingProxyType({"quarters": 1, "OOM": 2, "%": 1, "−1 to 1": 2})
"""Digits after the point by unit, where more would be shown than anybody can use; other units have `numeral`'s digits.

`browser/charts.js` has the same.
"""

SMALLEST, UNSEEN = 0.001, 1e-9
"""What is less is shown as less, rather than in powers of ten; and what is less on a page is nothing."""


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
    text = _trimmed(f"{value:.10f}")
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


def between(low: float, high: float, show: Callable[[float], str] | None = None) -> str:
    """Return an interval in words: 0.3 to 0.5; its ends are written as `number` does, unless a function is given."""
    write = show or number
    return f"{write(low)} to {write(high)}"


def percent(part: float) -> str:
    """Return a part of a whole in per cent, whole numbers unless it is near nothing or all."""
    if not math.isfinite(part):
        return NOTHING
    share = HUNDRED * part
    near_an_end = 0.0 < abs(share) < 1.0 or HUNDRED - 1.0 < share < HUNDRED
    text = f"{share:.1f}" if near_an_end else f"{share:.0f}"
    return f"{text if float(text) else '0'} %".replace("-", MINUS)


def whole_percent(part: float, missing: str = "") -> str:
    """Return a part of a whole in whole per cent, and what is given where it is not known."""
    return missing if math.isnan(part) else f"{HUNDRED * part:.0f} %"


def undefined(missing: int, runs: int) -> str:
    """Return in how many runs a statistic has no value: undefined in 48 of 48 runs."""
    return f"undefined in {missing:,} of {runs:,} runs"


def estimate(row: Mapping[str, Any], show: Callable[[float], str] = number) -> str:
    """Return an estimate with its interval and unit, or why there is none, from a row of the board of claims.

    Args:
        row: value, low, high and unit, and in how many of how many runs it is undefined.
        show: writes a number.
    """
    if not math.isfinite(row["value"]):
        return undefined(row["undefined"], row["runs"])
    unit = "" if row["unit"] in ("1", None) else f" {row['unit']}"
    if not (math.isfinite(row["low"]) and math.isfinite(row["high"])):
        return f"{show(row['value'])}{unit} ({NO_INTERVAL})"
    return f"{show(row['value'])} [{show(row['low'])}, {show(row['high'])}]{unit}"


def as_exactly(row: Mapping[str, Any], show: Callable[[float], str] = number) -> Callable[[float], str]:
    """Return how an estimate and the ends of its interval are written: as exactly as the interval is wide.

    Two digits of its half width where they are below 36, else one, as the Review of Particle Physics has it.

    Args:
        row: low and high.
        show: writes a number where there is no interval, or one without width; its minus is kept.
    """
    low, high = (math.nan if row.get(end) is None else float(row[end]) for end in ("low", "high"))
    half = (high - low) / 2.0
    if not math.isfinite(half) or half < TINY:
        return show
    power = math.floor(math.log10(half))
    decimals = max(0, (half < TWO_DIGITS * 10.0**power) - power)
    minus = MINUS if show(-1.0).startswith(MINUS) else "-"
    return lambda value: f"{round(value, decimals) + 0.0:,.{decimals}f}".replace("-", minus)


def probability(p: float) -> str:
    """Return a probability with two decimals, three where it is small, and never as nothing: < 0.001."""
    if not math.isfinite(p):
        return NOTHING
    return f"< {LEAST:g}" if p < LEAST else f"{p:.3f}" if p < NEAR else f"{p:.2f}"


def listed(items: list[str]) -> str:
    """Return several things as a list in words: a, b and c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


class Pair(NamedTuple):
    """A number, its twin's and the difference of the two as they are shown; the difference is empty where none is."""

    value: str
    twin: str
    change: str


def numeral(value: Any) -> str:
    """Return a number with three digits or all those before the point; a dash for what is none."""
    if value is None or not math.isfinite(value):
        return "-"
    size = 0.0 if abs(value) < UNSEEN else abs(value)
    return (
        f"{value:,.0f}" if size >= THOUSAND else f"{value:.0f}" if size >= HUNDRED else f"{value if size else 0.0:.3g}"
    )


def shown(value: float, unit: str = "") -> str:
    """Return a number as it is shown: as exactly as its unit allows, and what is there but too small as “<0.1”.

    Args:
        value: the number.
        unit: its unit, one of `DECIMALS` or any other.
    """
    if not math.isfinite(value):
        return numeral(value)
    least = 10.0 ** -DECIMALS[unit] if unit in DECIMALS else SMALLEST
    text = _trimmed(f"{value:,.{DECIMALS[unit]}f}") if unit in DECIMALS else numeral(value)
    if text in {"0", "-0"} or (unit not in DECIMALS and abs(value) < least):
        return f"<{least:g}" if value > UNSEEN else "0"
    return text


def beside(value: float, twin: float, unit: str = "") -> Pair:
    """Return a number beside its twin's: what is shown as their difference is the difference of what is shown."""
    return Pair(shown(value, unit), shown(twin, unit), difference(value, twin, unit))


def difference(value: float, twin: float, unit: str = "") -> str:
    """Return how much a number differs from its twin, always with a sign, as both are shown; empty where it does not.

    Too small to be shown counts as nothing.
    """
    if not (math.isfinite(value) and math.isfinite(twin)):
        return ""
    change = _read(shown(value, unit)) - _read(shown(twin, unit))
    return f"{MINUS if change < 0 else '+'}{_trimmed(f'{abs(change):,f}')}" if change else ""


def _read(text: str) -> Decimal:
    """Return the number that a text shows."""
    return Decimal(0) if text.startswith("<") else Decimal(text.replace(",", ""))


def _trimmed(text: str) -> str:
    """Return a number without noughts that say nothing."""
    return text.rstrip("0").rstrip(".") if "." in text else text


def booked(value: float, decimals: int = 1) -> str:
    """Return an amount as books show it: the same number of decimals in every row, and a dash for nothing."""
    text = f"{abs(value):,.{decimals}f}"
    if not any(letter in "123456789" for letter in text):
        return NOTHING
    return f"{MINUS}{text}" if value < 0.0 else text
