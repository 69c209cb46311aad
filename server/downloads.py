"""What a visitor takes home: the run's history as CSV and Parquet, and the scenario as TOML."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from ..experiments import store
from ..model.history import Series, frame
from .composing import DEAL, case_of
from .scenario_file import scenario_toml

if TYPE_CHECKING:
    from .session import Session, World
    from .state import View

INDICATORS = "indicators"
OWN, TWIN = "scenario", "twin"


class File(NamedTuple):
    """A file: what it is called, what it is, and what it holds."""

    name: str
    kind: str
    content: bytes


def history(session: Session, quarters: int) -> pd.DataFrame:
    """Return the indicators of both worlds, a row a world and quarter; ``attrs["units"]`` gives the units.

    Args:
        session: the run.
        quarters: how many quarters of it.
    """
    worlds = (OWN, TWIN) if session.has_twin else (OWN,)
    frames = []
    for name in worlds:
        told = _indicators(
            session,
            quarters,
            [session.at(k + 1).own if name == OWN else session.at(k + 1).twin for k in range(quarters)],
        )
        told.insert(0, "world", name)
        frames.append(told)
    whole = pd.concat(frames, ignore_index=True)
    whole.attrs = dict(frames[0].attrs)
    return whole


def file_of(session: Session, view: View, wanted: str) -> File:
    """Return a file of those in `FILES`."""
    return FILES[wanted](session, view)


def _csv(session: Session, view: View) -> File:
    """Return the history as CSV."""
    text = history(session, _length(view)).to_csv(index=False, lineterminator="\n")
    return File(f"{_stem(view)}.csv", "text/csv", text.encode())


def _parquet(session: Session, view: View) -> File:
    """Return the history as Parquet, its units beside the columns, as `aimarket run --out` writes it."""
    with tempfile.TemporaryDirectory() as folder:
        store.write(folder, {INDICATORS: history(session, _length(view))}, {})
        content = (Path(folder) / f"{INDICATORS}.parquet").read_bytes()
    return File(f"{_stem(view)}.parquet", "application/vnd.apache.parquet", content)


def _toml(session: Session, view: View) -> File:
    """Return the scenario with all that was changed in it."""
    return File(f"{_name(view)}.toml", "application/toml", scenario_toml(case_of(view), view.settings).encode())


FILES: Mapping[str, Callable[[Session, View], File]] = MappingProxyType(
    {"csv": _csv, "parquet": _parquet, "toml": _toml}
)
"""What can be had, by its ending."""


def _indicators(session: Session, quarters: int, worlds: list[World]) -> pd.DataFrame:
    """Return the indicators of a world over quarters, as the command line's files have them."""
    names = worlds[0].indicators if worlds else ()
    values = {name: np.array([[world.indicator(name)] for world in worlds]) for name in names}
    numbers = np.array([session.at(k + 1).number for k in range(quarters)])
    return frame(INDICATORS, Series(numbers, np.array([session.replicate]), values, dict(session.units)))


def _length(view: View) -> int:
    """Return how many quarters a visitor takes home: those that were seen."""
    return view.quarter


def _name(view: View) -> str:
    """Return what a scenario's file is called."""
    return f"my_{view.scenario}" if view.extra.get(DEAL) or view.settings else view.scenario


def _stem(view: View) -> str:
    """Return what a history's file is called."""
    return f"{_name(view)}_seed{view.seed}_{view.quarter}_quarters"
