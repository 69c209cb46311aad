"""The back-test: what the model and the best naive forecast said, beside what happened; read off tables that ship."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pandas as pd

from ...experiments.backtest.forecast import LATEST
from ...experiments.backtest.record import ORIGINS, kept
from ...experiments.backtest.scores import MODEL, best_naive, summary
from ...experiments.backtest.words import detail, headline
from ...experiments.calibration.observations import known, observed
from ...experiments.calibration.series import find_series
from ...experiments.formatting import numeral, whole_percent
from ...experiments.storage.model_version import is_of_this_model
from ...model.dates import quarter_number

FIRST = 2022
"""The year with which charts begin."""

BANDS = ("p5", "p25", "median", "p75", "p95")
OUTLOOK = (
    "Whoever knows better by then can score it. Nothing of these quarters was used; the bands hold parameters, chance, "
    "and how far series and model are known to drift apart."
)
STALE = "These tables were made with an earlier version of the model: make calibration makes them anew."


@cache
def payload(origin: str) -> str:
    """Return what the page shows of an origin, as JSON: a sentence, what it leaves out, and every series.

    Args:
        origin: the quarter from whose end is forecast; from the latest nothing has happened yet.
    """
    table = kept(origin)
    rows = _ahead(table) if origin == LATEST else _scored(table, origin)
    sentence, more = (_outlook(table), OUTLOOK) if origin == LATEST else (headline(table, origin), detail(table))
    return json.dumps(
        {
            "origin": origin,
            "origins": [*ORIGINS, LATEST],
            "first": FIRST,
            "start": _place(origin) + 1,
            "scored": origin != LATEST,
            "sentence": sentence.rstrip("."),
            "more": more,
            "stale": "" if is_of_this_model("backtest") else STALE,
            "series": rows,
        }
    )


def _scored(table: pd.DataFrame, origin: str) -> list[dict[str, Any]]:
    """Return every series of a back-test: what was known, what was said, and what happened."""
    past, marks = known(origin, late=True), {row["series"]: row for row in summary(table).to_dict("records")}
    rows = []
    for name, own in table.groupby("series", sort=False):
        rival, _ = best_naive(own)
        model, mark = own[own["forecaster"] == MODEL], marks[name]
        naive = own[own["forecaster"] == rival]
        rows.append(
            {
                **_named(str(name)),
                "past": _points(past[past["series"] == name], "value"),
                "model": _bands(model),
                "seen": _points(model, "observed"),
                "naive": _points(naive, "median"),
                "rival": rival or "none could be made",
                "cells": [
                    whole_percent(mark["mape"], "-"),
                    whole_percent(mark["naive_mape"], "-"),
                    numeral(mark["skill"]),
                    numeral(mark["skill_4"]),
                    whole_percent(mark["near"], "-"),
                    whole_percent(mark["wide"], "-"),
                ],
                "won": bool(mark["skill"] > 0.0),
            }
        )
    return rows


def _ahead(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return every series of the dated forecast: what was observed, and what is said to come."""
    past = observed()
    return [
        {
            **_named(str(name)),
            "past": _points(past[past["series"] == name], "value"),
            "model": _bands(own),
            "seen": [],
            "naive": [],
            "rival": "",
            "won": False,
            "cells": [
                f"{numeral(row['median'])} ({numeral(row['p5'])} to {numeral(row['p95'])})"
                for row in own[own["quarter"].str.endswith("Q4")].to_dict("records")
            ],
        }
        for name, own in table.groupby("series", sort=False)
    ]


def _outlook(table: pd.DataFrame) -> str:
    """Return what the dated forecast says of the largest vendor, in a sentence."""
    row = table[(table["series"] == "nvidia_data_center")].iloc[-1]
    low, middle, high = (numeral(row[name]) for name in ("p5", "median", "p95"))
    return (
        f"From {LATEST} the model puts NVIDIA's data-centre sales at {middle} bn $ in {row['quarter']}, nine times in "
        f"ten between {low} and {high}"
    )


def _named(name: str) -> dict[str, Any]:
    """Return what a series is called, its unit, and what it has not in common with the model."""
    series = find_series(name)
    return {"name": name, "title": series.title, "unit": series.unit, "mismatch": series.mismatch}


def _points(table: pd.DataFrame, column: str) -> list[list[float]]:
    """Return a column by quarter, as places on the time axis and values."""
    return [[_place(str(row["quarter"])), float(row[column])] for row in table.to_dict("records")]


def _bands(table: pd.DataFrame) -> list[list[float]]:
    """Return places on the time axis with the quantiles of a forecast."""
    return [[_place(str(row["quarter"])), *(float(row[b]) for b in BANDS)] for row in table.to_dict("records")]


def _place(quarter: str) -> int:
    """Return a quarter's place on the time axis."""
    return quarter_number(quarter) - 4 * FIRST
