"""Everything that is kept of back-tests and of the dated forecast, made by one command.

``python -m aimarket.experiments.backtest.record model/data/backtest docs`` writes scores as Parquet, the dated forecast
as CSV and the figures; a minute after the estimation.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import pandas as pd

from ...model.inputs.paths import located
from ..calibration.observations import known
from ..calibration.series import declared_series
from ..runs.engines import engine_named
from ..storage.atomic_files import write_whole
from ..storage.frames import made_with, read, write
from .forecast import QUANTILES, REPLICATES, SEED, forecast
from .scores import backtest

ORIGINS = ("2023Q4", "2024Q4")
LATEST = "2025Q4"
HORIZON = 8
FIGURE = (
    "nvidia_data_center",
    "broadcom_ai",
    "big_four_capex",
    "openai_run_rate",
    "anthropic_run_rate",
    "openai_compute",
)


@cache
def kept(origin: str) -> pd.DataFrame:
    """Return the scores of a back-test that ships, as `scores.backtest` returns them; of the latest, its bands.

    Raises:
        ValueError: none with that origin ships.
    """
    if origin not in (*ORIGINS, LATEST):
        raise ValueError(f"no back-test from {origin!r} ships; there is {', '.join((*ORIGINS, LATEST))}")
    with as_file(files("aimarket.model").joinpath("data", "backtest", f"{origin}.parquet")) as path:
        return read(path)


def dated(table: pd.DataFrame, day: str) -> pd.DataFrame:
    """Return a forecast's bands as they are published: series, quarter, quantiles, unit and the day they were made."""
    columns = ["series", "quarter", "median", "p5", "p25", "p75", "p95", "unit"]
    return table[columns].assign(made=day)


def record(folder: Path, documents: Path, day: str) -> None:
    """Write scores, forecast and figures.

    Args:
        folder: where scores and bands go, as Parquet with a manifest.
        documents: the folder of documents.
        day: when the forecast was made, as 2026-11-25.
    """
    from ..figures.backtest import plot_backtest  # loads Matplotlib, which reading the record does not need

    frames = {origin: backtest(origin, HORIZON) for origin in ORIGINS}
    bands = forecast(LATEST, HORIZON).table()
    write(folder, {**frames, LATEST: bands}, about())
    (documents / "forecasts").mkdir(exist_ok=True)
    text = dated(bands, day).to_csv(index=False, float_format="%.4g", lineterminator="\n")
    write_whole(documents / "forecasts" / f"{LATEST}.csv", text.encode())
    titles = {name: declared_series()[name].title for name in FIGURE}
    for origin, scored in frames.items():
        for theme in ("light", "dark"):
            target = documents / "figures" / f"backtest_{origin}_{theme}.svg"
            plot_backtest(scored, known(origin, late=True), titles, target, theme)


def about() -> dict[str, Any]:
    """Return what the manifest says: everything that one needs to make the tables again."""
    versions = made_with()
    return {
        **{name: versions[name] for name in versions if name not in ("processor", "platform")},
        "engine": engine_named(None),
        "command": ["python", "-m", "aimarket.experiments.backtest.record", "model/data/backtest", "docs"],
        "seed": SEED,
        "replicates": REPLICATES,
        "horizon": HORIZON,
        "quantiles": QUANTILES,
        "origins": [*ORIGINS, LATEST],
    }


if __name__ == "__main__":
    record(located(sys.argv[1]), located(sys.argv[2]), datetime.now(UTC).date().isoformat())
