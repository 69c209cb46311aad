"""Published forecasts of the time beside the model's, as tables of docs/backtest.md."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from ..backtest.external import published_forecasts, scored_of, told_of
from ..backtest.forecast import LATEST
from ..backtest.published import ABOVE, BELOW
from ..backtest.scores import MODEL
from ..calibration.series import find_series
from ..formatting import whole_percent
from .generated_tables import Sections
from .markdown_tables import banded, markdown_table


def published_text() -> str:
    """Return how published forecasts and the model's did, in sentences."""
    return told_of(published_forecasts())


def published_scores() -> str:
    """Return the published forecasts that can be scored, beside the model's."""
    heads = (
        "made on",
        "target",
        "what",
        "unit",
        "observed",
        "by whom",
        "forecast",
        f"{MODEL} [5-95 %]",
        "made from",
        "quarters over that day",
        "forecast off by",
        f"{MODEL} off by",
        "CRPS of the forecast",
        f"CRPS of the {MODEL}",
    )
    rows = [
        (
            *_target(row),
            f"{row['observed']:.3g}",
            *_forecaster(row),
            banded(row["median"], row["p5"], row["p95"]),
            row["start"],
            f"{row['more_known']:.0f}",
            whole_percent(row["ape"]),
            whole_percent(row["model_ape"]),
            f"{row['crps']:.3g}",
            f"{row['model_crps']:.3g}",
        )
        for row in _records(scored_of(published_forecasts()))
    ]
    return markdown_table(heads, rows)


def published_table() -> str:
    """Return the published forecasts that the model has a counterpart for and that cannot be scored, and why."""
    table = published_forecasts().query("none == '' and unscored != ''")
    heads = (
        "made on",
        "target",
        "what",
        "unit",
        "by whom",
        "forecast",
        f"{MODEL} as of that day [5-95 %]",
        f"{MODEL} from {LATEST} [5-95 %]",
        "not scored, for",
    )
    rows = [
        (
            *_target(row),
            *_forecaster(row),
            banded(row["median"], row["p5"], row["p95"]),
            banded(row["later_median"], row["later_p5"], row["later_p95"]),
            row["unscored"],
        )
        for row in _records(table)
    ]
    return markdown_table(heads, rows)


def published_differences() -> str:
    """Return what published forecasts and the model's do not have in common, or why the model has none."""
    table = published_forecasts().drop_duplicates("metric")
    counts = published_forecasts().groupby("metric").size()
    rows = [
        (row["metric"], str(int(counts[row["metric"]])), _titles(row["series"]), row["differs"] or row["none"])
        for row in _records(table.sort_values("none", key=lambda none: none != "", kind="stable"))
    ]
    return markdown_table(("what", "forecasts", "series of the model", "what differs, or why there is none"), rows)


def _target(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Return when a forecast was made, of what, and its unit."""
    unit = row["unit"].replace("_per_", "/").replace("_", " ")
    return f"{row['date']:%Y-%m-%d}", row["target"], row["metric"], unit


def _forecaster(row: Mapping[str, Any]) -> tuple[str, str]:
    """Return who made a forecast, and what it says; what is no expectation is called what it is."""
    bound = row["kind"] in (ABOVE, BELOW)
    who = row["entity"] if bound or row["kind"] == "expectation" else f"{row['entity']}, a {row['kind']}"
    return who, f"{row['kind']} {row['value']:g}" if bound else f"{row['value']:g}"


def _titles(series: str) -> str:
    """Return the titles of series."""
    return "; ".join(find_series(name).title for name in series.split())


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a frame's rows."""
    return frame.to_dict("records")  # type: ignore[return-value]


PUBLISHED: Sections = {
    "published": published_text,
    "published_scores": published_scores,
    "published_table": published_table,
    "published_differences": published_differences,
}
