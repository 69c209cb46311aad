"""Vintages of the dated forecast: each stays byte for byte as it was made, and one made again stands beside it.

docs/forecasts/vintages.csv lists them: file, quarter from whose end is forecast, day, version of aimarket and of the
model, and the checksum of the file. A vintage has its day in its name, and a number where it is not the first of its
day; the first of all, 2025Q4.csv, was made before there was a second.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

import pandas as pd

from ..storage.atomic_files import digest, write_whole

LIST = "vintages.csv"
KEPT = ("series", "quarter", "median", "p5", "p25", "p75", "p95", "unit")
"""Columns of a vintage; beside them the day on which it was made."""

MOST_OF_A_DAY = 1000
"""Vintages of one day that can be told apart."""


class VintageError(ValueError):
    """A vintage of a forecast would be changed, or was; the message names it and the remedy."""


def vintages(folder: Path | None = None) -> pd.DataFrame:
    """Return the vintages of dated forecasts, the oldest first: file, origin, made, version, aimarket, model, sha256.

    Args:
        folder: where they stand; docs/forecasts of the repository if not given.
    """
    return pd.read_csv(_folder(folder) / LIST, dtype=str)


def vintage(file: str, folder: Path | None = None) -> pd.DataFrame:
    """Return a vintage by the name of its file.

    Raises:
        VintageError: it is no longer as it was made.
    """
    place = _folder(folder)
    for row in vintages(place).to_dict("records"):
        if row["file"] == file:
            _check(place, row)
    return pd.read_csv(place / file)


def publish(folder: Path, bands: pd.DataFrame, made: dict[str, str]) -> Path:
    """Write a forecast as a vintage of its own, and return its file; nothing where the newest says the same.

    Args:
        folder: where vintages stand, with their list.
        bands: a row a series and quarter, with the columns `KEPT`.
        made: origin, made (the day, as 2026-11-25), version, aimarket and model.

    Raises:
        VintageError: a vintage is not as it was made.
    """
    table = vintages(folder)
    for row in table.to_dict("records"):
        _check(folder, row)
    text = bands[list(KEPT)].assign(made=made["made"]).to_csv(index=False, float_format="%.4g", lineterminator="\n")
    before = table[table["origin"] == made["origin"]]
    if len(before) and _without_day(text) == _without_day((folder / before["file"].iloc[-1]).read_text("utf-8")):
        return folder / str(before["file"].iloc[-1])
    path = _free(folder, f"{made['origin']}_made_{made['made']}")
    write_whole(path, text.encode())
    listed = pd.concat([table, pd.DataFrame([{**made, "file": path.name, "sha256": digest(path)}])])
    write_whole(folder / LIST, listed.to_csv(index=False, lineterminator="\n").encode())
    return path


def _free(folder: Path, stem: str) -> Path:
    """Return a file that does not stand yet: the name alone, or with the first number that is free."""
    names = (f"{stem}.csv", *(f"{stem}_{number}.csv" for number in range(2, MOST_OF_A_DAY)))
    return next(path for name in names if not (path := folder / name).exists())


def _folder(folder: Path | None) -> Path:
    """Return where vintages stand."""
    return Path(str(files("aimarket").joinpath("docs", "forecasts"))) if folder is None else folder


def _check(folder: Path, row: dict[Any, Any]) -> None:
    """Say that a vintage is not as it was made."""
    path = folder / row["file"]
    if not path.exists() or digest(path) != row["sha256"]:
        raise VintageError(f"{path} is not as it was made on {row['made']}: restore it, as with git checkout")


def _without_day(text: str) -> list[str]:
    """Return the rows of a vintage without the day on which it was made."""
    return [line.rpartition(",")[0] for line in text.splitlines()]
