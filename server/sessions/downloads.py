"""What a visitor takes home: the run's history, with or without all firms, and the scenario as TOML."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ...experiments.storage import frames as store
from ...model.records.history import ACTIVE, Series, frame
from ...model.scenarios.scenario_writer import scenario_toml
from ..url.custom_deal import case_of, settings_of
from ..url.view_state import link_of

if TYPE_CHECKING:
    from ..url.view_state import View
    from .twin_run import Quarter, TwinRun, World

INDICATORS = "indicators"
OWN, TWIN = "scenario", "twin"


class File(NamedTuple):
    """A file: what it is called, what it is, and what it holds."""

    name: str
    kind: str
    content: bytes


def history(run: TwinRun, quarters: int, kind: str = INDICATORS) -> pd.DataFrame:
    """Return a kind of record of both worlds, a row a world and quarter, and firm; ``attrs["units"]`` gives the units.

    Args:
        run: the pair of worlds, as far as it has run.
        quarters: how many quarters of it.
        kind: indicators, or a kind of firm such as ai_labs.
    """
    past = [run.at(k + 1) for k in range(quarters)]
    frames = []
    for name in (OWN, TWIN) if run.has_twin else (OWN,):
        frame = _record(run, kind, past, [quarter.own if name == OWN else quarter.twin for quarter in past])
        frame.insert(0, "world", name)
        frames.append(frame)
    whole = pd.concat(frames, ignore_index=True)
    whole.attrs = dict(frames[0].attrs)
    return whole


def file_of(run: TwinRun, view: View, wanted: str) -> File:
    """Return a file of those in `FILES`."""
    return FILES[wanted](run, view)


def _csv(run: TwinRun, view: View) -> File:
    """Return the history as CSV."""
    text = history(run, _length(view)).to_csv(index=False, lineterminator="\n")
    return File(f"{_stem(view)}.csv", "text/csv", text.encode())


def _parquet(run: TwinRun, view: View) -> File:
    """Return the history as Parquet, its units beside the columns, as `aimarket run --out` writes it."""
    with tempfile.TemporaryDirectory() as folder:
        store.write(folder, {INDICATORS: history(run, _length(view))}, {})
        content = (Path(folder) / f"{INDICATORS}.parquet").read_bytes()
    return File(f"{_stem(view)}.parquet", "application/vnd.apache.parquet", content)


def _everything(run: TwinRun, view: View) -> File:
    """Return an archive: indicators and every firm, as Parquet and as CSV with units beside it, and the scenario."""
    kinds = (INDICATORS, *(kind for kind, names in run.firms.items() if names))
    frames = {kind: history(run, _length(view), kind) for kind in kinds}
    about = {
        "scenario": run.case.name,
        "seed": view.seed,
        "replicate": view.replicate,
        "parameters": settings_of(view),
        "quarters": _length(view),
        "link": link_of(view),
    }
    held = BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in store.write(folder, frames, about):
            archive.write(path, path.name)
        for kind, frame in frames.items():
            archive.writestr(f"{kind}.csv", frame.to_csv(index=False, lineterminator="\n"))
        archive.writestr("units.csv", _units(frames))
        archive.writestr(f"{_name(view)}.toml", scenario_toml(case_of(view), settings_of(view)))
    return File(f"{_stem(view)}.zip", "application/zip", held.getvalue())


def _units(frames: Mapping[str, pd.DataFrame]) -> str:
    """Return the unit of every column as CSV, which has no place for units itself."""
    rows = [(kind, *item) for kind, frame in frames.items() for item in frame.attrs["units"].items()]
    return pd.DataFrame(rows, columns=["file", "column", "unit"]).to_csv(index=False, lineterminator="\n")


def _toml(run: TwinRun, view: View) -> File:
    """Return the scenario with all that was changed in it."""
    return File(f"{_name(view)}.toml", "application/toml", scenario_toml(case_of(view), settings_of(view)).encode())


FILES: Mapping[str, Callable[[TwinRun, View], File]] = MappingProxyType(
    {"csv": _csv, "parquet": _parquet, "zip": _everything, "toml": _toml}
)
"""What can be had, by its ending."""


def _record(run: TwinRun, kind: str, past: list[Quarter], worlds: list[World]) -> pd.DataFrame:
    """Return a kind of record of a world over quarters, as the command line's files have it."""
    firms = run.firms.get(kind, ())
    if kind == INDICATORS:
        units = dict(run.units)
        names = worlds[0].indicators if worlds else ()
        values = {name: np.array([[world.indicator(name)] for world in worlds]) for name in names}
    else:
        units = dict(run.firm_units[kind])
        values = {name: np.array([world.column(kind, name)[:, None] for world in worlds]) for name in units}
    numbers = np.array([quarter.number for quarter in past])
    return frame(kind, Series(numbers, np.array([run.replicate]), values, units, firms, values.get(ACTIVE)))


def _length(view: View) -> int:
    """Return how many quarters a visitor takes home: those that were seen."""
    return view.quarter


def _name(view: View) -> str:
    """Return what a scenario's file is called."""
    return f"my_{view.case.name}" if view.deal or view.settings else view.case.name


def _stem(view: View) -> str:
    """Return what a history's file is called."""
    return f"{_name(view)}_seed{view.seed}_{view.quarter}_quarters"
