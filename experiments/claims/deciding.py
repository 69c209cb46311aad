"""Which parameters decide a claim: what the screening of all parameters found, kept beside the model's data."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import pandas as pd

from ..formatting import listed

FILE = "screening.csv"
"""Made by ``python -m aimarket.experiments.publishing.deciding_parameters``."""

NAMED = 3
"""Parameters that are named of those that decide a statistic."""

NOTHING = "none of the parameters alone: moved over its range, none matters surely more than chance does"
NOT_SCREENED = "not screened: it is one figure of all replicates"


@cache
def deciding() -> pd.DataFrame:
    """Return the parameters that survived the screening, by statistic, the largest effects first."""
    found: Any = files("aimarket.model.data").joinpath(FILE)
    with found.open(encoding="utf-8") as file:
        return pd.read_csv(file)


def deciders(key: str) -> list[str]:
    """Return the parameters that decide a statistic, those with the largest effects."""
    kept = deciding()
    return list(kept.loc[(kept["statistic"] == key) & kept["survives"], "parameter"].head(NAMED))


def deciding_words(key: str) -> str:
    """Return in words which parameters decide a statistic."""
    return listed(deciders(key)) or NOTHING
