"""Who owned the AI chips of the world: what ran, what came, and of which vendors, by owner and quarter."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ...model.dates import YEAR, quarter_date, quarter_number
from .cloud_splits import SPLITS
from .observations import raw_table

CLOUDS = ("Amazon", "Microsoft", "Alphabet", "Oracle", "Neoclouds", "Cloud entrant")
LABS = ("OpenAI", "Anthropic", "Google DeepMind", "Meta", "xAI", "Lab entrant")
NEOCLOUDS_PER_OBSERVED = 1.7
"""Neoclouds' fleets over CoreWeave's, the one that is observed (assumption)."""

OBSERVED_OWNERS = {
    "Amazon": ("Amazon", 1.0),
    "Microsoft": ("Microsoft", 1.0),
    "Alphabet": ("Google", 1.0),
    "Oracle": ("Oracle", 1.0),
    "Neoclouds": ("CoreWeave", NEOCLOUDS_PER_OBSERVED),
    "Meta": ("Meta", 1.0),
}
"""Firms of the roster whose fleets are observed: their name in clouds.csv, and the factor on it."""

OWNERS = (*OBSERVED_OWNERS, "xAI")
"""Firms of the roster that own chips at the starts."""

EVERYBODY = ("Amazon", "Microsoft", "Google", "Oracle", "Meta", "China", "Other")
"""All owners of clouds.csv that are not part of another one."""

FAMILIES = (("nvidia",), ("tpu",), ("amd", "trainium"), ())
"""Families of chips that each vendor makes."""

DECIMALS = 3
"""Fleets are known to a thousand H100e at best."""

ByVendor = tuple[float, ...]


def running(firm: str, quarter: str) -> float:
    """Return how much of an owner's fleet ran in a quarter, M H100e: what it had at the end of the one before."""
    if firm == "xAI":
        return SPLITS[quarter].xai[0]
    entity, factor = OBSERVED_OWNERS[firm]
    return round(factor * _owned(entity, quarter, before=1), DECIMALS)


def arriving(firm: str, quarter: str) -> float:
    """Return what came to an owner in a quarter, M H100e."""
    if firm == "xAI":
        return SPLITS[quarter].xai[1]
    entity, factor = OBSERVED_OWNERS[firm]
    return round(factor * (_owned(entity, quarter) - _owned(entity, quarter, before=1)), DECIMALS)


def world(quarter: str) -> tuple[float, float]:
    """Return what ran in the world in a quarter, and what came, M H100e."""
    ran = sum(_owned(entity, quarter, before=1) for entity in EVERYBODY)
    return ran, sum(_owned(entity, quarter) for entity in EVERYBODY) - ran


def added_by_vendor(firm: str, quarter: str) -> ByVendor:
    """Return what came to an owner in the year up to a quarter, by vendor, M H100e."""
    year_ago = quarter_date(quarter_number(quarter) - YEAR)
    if firm == "xAI":
        before = SPLITS[year_ago].xai if year_ago in SPLITS else (0.0,)
        return sum(SPLITS[quarter].xai) - sum(before), *(0.0,) * (len(FAMILIES) - 1)
    entity, factor = OBSERVED_OWNERS[firm]
    pairs = zip(_by_vendor(entity, quarter), _by_vendor(entity, year_ago), strict=True)
    return tuple(factor * max(now - then, 0.0) for now, then in pairs)


def vendor_mix(firm: str, quarter: str) -> list[float]:
    """Return the parts of an owner's fleet by vendor, which add to one."""
    made = _by_vendor(OBSERVED_OWNERS[firm][0], quarter)
    parts = [round(amount / sum(made), DECIMALS) for amount in made]
    return [round(1.0 - sum(parts[1:]), DECIMALS), *parts[1:]]


def _owned(entity: str, quarter: str, *, before: int = 0) -> float:
    """Return what an owner of clouds.csv had at the end of a quarter, or of an earlier one, M H100e."""
    at = quarter_date(quarter_number(quarter) - before)
    return _values().get((entity, "chips_owned_cumulative", at), 0.0)


def _by_vendor(entity: str, quarter: str) -> ByVendor:
    """Return what an owner of clouds.csv had by vendor; all of it is the first vendor's where no family is told."""
    made = [[_values().get((entity, f"chips_owned_{family}", quarter), 0.0) for family in row] for row in FAMILIES]
    if not any(sum(row) for row in made):
        return _owned(entity, quarter), *(0.0,) * (len(FAMILIES) - 1)
    return tuple(sum(row) for row in made)


@cache
def _values() -> Mapping[tuple[str, str, str], float]:
    """Return the values of the table of clouds by entity, metric and quarter, the last where there are several."""
    rows = raw_table("clouds")
    keys = zip(rows["entity"], rows["metric"], rows["quarter"], strict=True)
    return dict(zip(keys, rows["value"].astype(float), strict=True))
