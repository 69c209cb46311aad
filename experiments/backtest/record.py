"""Everything that is kept of back-tests and of the dated forecast, made by one command.

``python -m aimarket.experiments.backtest.record model/data/backtest docs`` writes scores as Parquet, the dated forecast
as a vintage of its own, published forecasts beside the model's, and the figures; a minute after the estimation. The
vintage names the version of the model by the last row of steps.csv, so that `by_step` comes before.
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
from ..storage.frames import made_with, read, write
from . import external
from .forecast import HORIZON, LATEST, QUANTILES, REPLICATES, SEED, forecast
from .scores import backtest
from .vintages import VintageError, publish

ORIGINS = ("2023Q4", "2024Q4")
STEPS = "steps.csv"
"""How each version of the model did, as `by_step` writes it; the last row is of the model as it is."""

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


def record(folder: Path, documents: Path, day: str) -> None:
    """Write scores, forecast and figures.

    Args:
        folder: where scores and bands go, as Parquet with a manifest.
        documents: the folder of documents.
        day: when the forecast was made, as 2026-11-25.

    Raises:
        VintageError: a vintage is not as it was made; nothing is written.
    """
    from ..figures.backtest import plot_backtest  # loads Matplotlib, which reading the record does not need

    frames = {origin: backtest(origin, HORIZON) for origin in ORIGINS}
    make = cache(forecast)
    bands = make(LATEST, HORIZON).table()
    publish(documents / "forecasts", bands, version_of(folder, day))
    write(folder, {**frames, LATEST: bands}, about())
    external.write(folder, make)
    titles = {name: declared_series()[name].title for name in FIGURE}
    for origin, scored in frames.items():
        for theme in ("light", "dark"):
            target = documents / "figures" / f"backtest_{origin}_{theme}.svg"
            plot_backtest(scored, known(origin, late=True), titles, target, theme)


def version_of(folder: Path, day: str) -> dict[str, str]:
    """Return what the list of vintages says of a forecast that is made now.

    Args:
        folder: where the scores of versions stand, the last of which is the model as it is.
        day: when it is made.
    """
    version = str(pd.read_csv(folder / STEPS)["version"].iloc[-1])
    now = made_with()
    return {"origin": LATEST, "made": day, "version": version, "aimarket": now["aimarket"], "model": now["model"]}


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
    try:
        record(located(sys.argv[1]), located(sys.argv[2]), datetime.now(UTC).date().isoformat())
    except VintageError as error:
        raise SystemExit(str(error)) from None
