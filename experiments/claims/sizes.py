"""The smallest effects that matter: what is surely there and below them is real but too small to matter.

A verdict that asks for a sign alone is met by any effect, however small, once there are runs enough. So each size is
declared before a run is looked at (Lakens, Scheel and Isager 2018, Equivalence Testing for Psychological Research); all
are assumptions of what somebody would act on.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any, NamedTuple

from ...agents.state.shown import shown


@shown()
class Size(NamedTuple):
    """The smallest effect that matters, in a unit, and why."""

    least: float
    unit: str
    why: str


SIZES = MappingProxyType(
    {
        "dollar": Size(0.1, "1", "ten cents for each dollar of the deal (specification 2, section 8)"),
        "investment": Size(0.5, "%", "half a percent of what others spend (specification 2, section 8)"),
        "time": Size(1.0, "quarters", "one quarter: sooner than that no yearly plan of a rival or a customer changes"),
        "capability": Size(0.1, "OOM", "five weeks of the best model's progress, at an order of magnitude a year"),
        "share": Size(1.0, "pp", "one of a hundred customers"),
        "sales": Size(1.0, "%", "a hundredth of sales, which a forecast of the next quarter misses by anyway"),
        "price": Size(1.0, "%", "a hundredth of the price"),
        "margin": Size(0.01, "1", "one point of price over cost"),
        "intensity": Size(0.01, "1", "one cent for each dollar of sales, or of spending"),
        "cost": Size(5.0, "%", "a twentieth: published costs of a training run differ by more"),
        "explained": Size(0.02, "1", "two percent of a variance, a small effect in Cohen (1988)"),
    }
)
"""Sizes by what is measured; every statistic with a condition names one."""


def asked(sign: str, what: str, beside: float = 0.0) -> dict[str, Any]:
    """Return the condition of a statistic and the size in it: beyond a bound by the smallest effect that matters.

    Args:
        sign: the way that the claim says, ``>`` or ``<``.
        what: what is measured, one of `SIZES`.
        beside: what the claim compares with.

    Examples:
        >>> asked(">", "dollar", 1.0)
        {'condition': '> 1.1', 'size': 'dollar'}
    """
    least = SIZES[what].least
    return {"condition": f"{sign} {beside + (least if sign == '>' else -least):g}", "size": what}


def bare(condition: str, size: str) -> str:
    """Return the condition that a claim alone makes, whatever the effect's size."""
    if not size:
        return condition
    sign, _, limit = condition.partition(" ")
    least = SIZES[size].least
    return f"{sign} {round(float(limit) - (least if sign == '>' else -least), 12):g}"
