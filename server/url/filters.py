"""What a link says of how the worlds of the Explore page are looked at, read strictly."""

from __future__ import annotations

import math
import re

from .limits import MOST_LIMITS

NAME = re.compile(r"[^\W\d][\w. %-]{0,79}")
"""A factor, an outcome or a scenario of a sweep."""

CHART = re.compile(r"[a-z0-9-]{1,60}")
"""A chart, called by its title; `slug` of browser/charts.js makes it."""

SIGNS = ("<", ">", "<=", ">=")

Limit = tuple[str, float, float]
"""A factor or outcome, and the smallest and the largest value of worlds that count."""


def checked_name(text: str) -> str:
    """Return a name, or say that it is none."""
    if not NAME.fullmatch(text):
        raise ValueError("that is no name of a parameter, an outcome or a scenario")
    return text


def checked_chart(text: str) -> str:
    """Return what links call a chart, or say that nothing is called so."""
    if not CHART.fullmatch(text):
        raise ValueError("a chart is called by its title in small letters with hyphens, as in share-of-ai-revenue")
    return text


def checked_condition(text: str) -> str:
    """Return a condition such as ``> 0``, or say that it is none."""
    sign, _, bound = text.partition(" ")
    if sign not in SIGNS or len(text) > 40:
        raise ValueError(f"a condition is one of {', '.join(SIGNS)}, a blank and a number")
    return f"{sign} {_number(bound):.10g}"


def checked_limits(text: str) -> str:
    """Return limits such as ``spillover:0.1:0.2,outcome:0:5``, or say that they are none."""
    return limits_text(limits_of(text))


def limits_of(text: str) -> tuple[Limit, ...]:
    """Return the limits that a text describes.

    Raises:
        ValueError: it describes none, or too many.
    """
    found: list[Limit] = []
    for part in text.split(",") if text else []:
        pieces = part.split(":")
        if len(pieces) != 3:
            raise ValueError("a limit is a name, the smallest and the largest value, as in spillover:0.1:0.2")
        found.append((checked_name(pieces[0]), _number(pieces[1]), _number(pieces[2])))
    names = [name for name, _, _ in found]
    if len(found) > MOST_LIMITS or len(set(names)) < len(names):
        raise ValueError(f"at most {MOST_LIMITS} limits are kept, one a name")
    return tuple(found)


def limits_text(limits: tuple[Limit, ...]) -> str:
    """Return limits as a link writes them."""
    return ",".join(f"{name}:{low:.10g}:{high:.10g}" for name, low, high in limits)


def _number(text: str) -> float:
    """Return a number that is one."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or len(text) > 30:
        raise ValueError(f"{text[:30]} is not a number")
    return value
