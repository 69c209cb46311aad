"""Whose money it is: C1a over where the deal's money comes from, kept beside the model's data."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from ...model.parameters import parameters
from ..formatting import as_exactly, estimate, listed

FILE = "money_sources.csv"
"""Made by ``python -m aimarket.experiments.publishing.money_sources``."""

SCENARIO = "deal_35bn"
DOWN, ACROSS, YIELD = "called_part", "open_private", "saving_yield"
WHERE: tuple[str, ...] = (YIELD, DOWN, ACROSS)
"""What the map is over: what managers call from savers for the deal, what lenders outside take, how savers answer."""

ALL, OTHERS = "C1a.funding.quiet", "C1a.others.quiet"
"""What is read, with the announcement effect off: funding of all firms, and of all but the recipient."""


@cache
def money_sources() -> pd.DataFrame:
    """Return the map: a row a statistic and place with estimate, interval and verdict."""
    found: Any = files("aimarket.model").joinpath("data", FILE)
    with found.open(encoding="utf-8") as file:
        return pd.read_csv(file)


def at_default(frame: pd.DataFrame, *names: str) -> pd.DataFrame:
    """Return the places of a map where some parameters, or all, have their defaults."""
    for name in names or WHERE:
        frame = frame[frame[name] == parameters()[name].default]
    return frame


def of(key: str, frame: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return one statistic of the map, today's if none is given."""
    found = money_sources() if frame is None else frame
    return found[found["statistic"] == key]


def told(places: pd.DataFrame) -> str:
    """Return in words how a statistic goes over some places of the map."""
    rows: list[Any] = places.sort_values("value", kind="stable").to_dict("records")
    least, most = (
        f"{written(row)} at `{DOWN}` {row[DOWN]:g} and `{ACROSS}` {row[ACROSS]:g}" for row in (rows[0], rows[-1])
    )
    counts = places["verdict"].value_counts()
    parts = listed([f"{verdict} in {count}" for verdict, count in counts.items()])
    return f"from {least} to {most}; of {len(places)} places it is {parts}"


def written(row: Mapping[str, Any]) -> str:
    """Return an estimate of the map with its interval."""
    return estimate({**row, "unit": "1"}, as_exactly(row, "{:.3g}".format))
