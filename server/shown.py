"""Numbers as every page shows them: rounded once, so that a value, its twin's and their difference always add up."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any, NamedTuple

DECIMALS: Mapping[str, int] = MappingProxyType({"quarters": 1, "OOM": 2, "%": 1, "−1 to 1": 2})
"""Digits after the point by unit, where more would be told than anybody can use; other units have `figure`'s digits.

`browser/charts.js` has the same.
"""

SMALLEST = 0.001
"""What is less is told as less, rather than in powers of ten."""

THOUSAND, HUNDRED, TINY = 1000.0, 100.0, 1e-9
MINUS = "−"


class Pair(NamedTuple):
    """A number, its twin's and the difference of the two as they are shown; the difference is empty where none is."""

    value: str
    twin: str
    change: str


def figure(value: Any) -> str:
    """Return a number with three digits or all those before the point; a dash for what is none."""
    if value is None or not math.isfinite(value):
        return "-"
    size = 0.0 if abs(value) < TINY else abs(value)
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
        return figure(value)
    least = 10.0 ** -DECIMALS[unit] if unit in DECIMALS else SMALLEST
    text = _trimmed(f"{value:,.{DECIMALS[unit]}f}") if unit in DECIMALS else figure(value)
    if text in {"0", "-0"} or (unit not in DECIMALS and abs(value) < least):
        return f"<{least:g}" if value > TINY else "0"
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
