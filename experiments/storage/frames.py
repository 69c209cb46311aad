"""What is kept of a result: Parquet files that know their units, and a manifest that says how to make them again.

Everything is written aside and renamed when it is whole, so that a folder never holds half a file.
"""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ...model.inputs.paths import located
from ...model.inputs.text import unicode_text
from ...model.market_model import MarketModel
from ...model.randomness import ADDRESSING
from ...model.scenarios.scenario import Scenario
from .atomic_files import StoreError as StoreError
from .atomic_files import arrow_table, digest, reason, write_aside
from .model_version import model_digest

LIBRARIES = ("numpy", "mesa", "pandas", "pyarrow")
MANIFEST = "manifest.json"


def write(folder: str | Path, frames: Mapping[str, pd.DataFrame], about: Mapping[str, Any]) -> list[Path]:
    """Write data frames and their manifest to a folder, all or nothing.

    Args:
        folder: where to; made when it does not exist. Files of the same names are replaced, and files that the
            folder's last manifest names and this one does not are removed: they would belong to another run.
        frames: by name of the file without its ending; ``frame.attrs["units"]`` gives units by column.
        about: what the manifest says of them, as `describe` returns it.

    Returns:
        The files written, the manifest last.

    Raises:
        StoreError: the folder cannot be written or the disk is full; nothing is left behind.
    """
    destination = located(folder)
    made = _make(destination)
    aside: dict[Path, Path] = {}
    try:
        for name, frame in frames.items():
            write_aside(destination / f"{name}.parquet", aside, partial(pq.write_table, arrow_table(frame)))
        files = {path.name: digest(part) for path, part in aside.items()}
        text = json.dumps(plain({**about, "files": files}), indent=2, allow_nan=False, ensure_ascii=False)
        write_aside(destination / MANIFEST, aside, lambda file: file.write(f"{text}\n".encode()))
        stale = _listed(destination) - set(files)
        for path, part in aside.items():
            part.replace(path)
        for name in stale:
            (destination / name).unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"cannot write to {destination}: {reason(error)}") from None
    finally:
        _clear(aside, made)
    return list(aside)


def check_writable(folder: str | Path) -> None:
    """Say now, and not after a long run, that a folder cannot be written.

    Raises:
        StoreError: the folder cannot be made or written.
    """
    destination = located(folder)
    made = _make(destination)
    aside: dict[Path, Path] = {}
    try:
        write_aside(destination / "trial", aside, lambda file: file.write(b"trial"))
    except OSError as error:
        raise StoreError(f"cannot write to {destination}: {reason(error)}") from None
    finally:
        _clear(aside, made)


def read(path: str | Path) -> pd.DataFrame:
    """Return a data frame that `write` wrote, with ``frame.attrs["units"]`` as it was.

    `pandas.read_parquet` reads the same.

    Raises:
        StoreError: there is no such file, or it is no Parquet file.
    """
    try:
        with located(path).open("rb") as file:  # Arrow opens no file whose name is not UTF-8
            table = pq.read_table(file)
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"cannot read {path}: {reason(error)}") from None
    frame = table.to_pandas(ignore_metadata=True)
    notes = {field.name: field.metadata or {} for field in table.schema}
    frame.attrs = {"units": {name: note[b"unit"].decode() for name, note in notes.items() if b"unit" in note}}
    return frame


def describe(
    scenarios: Sequence[Scenario],
    *,
    seed: int,
    replicates: int,
    quarters: int,
    parameters: Mapping[str, Any] | None = None,
    command: Sequence[str] = (),
    engine: str = "numpy",
) -> dict[str, Any]:
    """Return what a manifest says: everything that one needs to make a result again.

    Args:
        scenarios: the scenarios that were run.
        seed: the seed.
        replicates: how many replicates of each.
        quarters: how many quarters.
        parameters: the values that override those of the scenarios.
        command: the command line, word by word.
        engine: what ran them; the bits are the same.
    """
    given = dict(parameters or {})
    return {
        **made_with(),
        "seed": seed,
        "replicates": replicates,
        "quarters": quarters,
        "engine": engine,
        "command": list(command),
        "overrides": given,
        "runs": [{"scenario": case.describe(), "parameters": in_force(case, given)} for case in scenarios],
    }


def made_with() -> dict[str, str]:
    """Return model, random numbers, versions, processor and platform that results are bit-identical with."""
    return {
        "aimarket": version("aimarket"),
        "model": model_digest(),
        "random_numbers": str(ADDRESSING),
        "python": platform.python_version(),
        **{library: version(library) for library in LIBRARIES},
        "processor": _processor(),
        "platform": platform.platform(),
    }


def in_force(scenario: Scenario, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return every parameter at the start of a run, money scaled by the price level; a list where firms differ."""
    replicates = max([1, *(np.size(value) for value in parameters.values())])
    model = MarketModel(scenario, parameters=parameters, replicates=replicates, record=())
    return {
        name: np.squeeze(value, -1) if np.ndim(value) > 1 and value.shape[-1] == 1 else value
        for name, value in model.base_values.items()
    }


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: arrays as lists, what is not a finite number as None."""
    if isinstance(value, Mapping):
        return {unicode_text(str(key)): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, str | pd.Period | Path):
        return unicode_text(str(value))
    if value is pd.NA or value is pd.NaT or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return value


def _make(destination: Path) -> list[Path]:
    """Make a folder; return the folders that were not there before, the deepest first."""
    missing = [path for path in (destination, *destination.parents) if not path.exists()]
    try:
        destination.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        _clear({}, missing)
        raise StoreError(f"cannot write to {destination}: {reason(error)}") from None
    return missing


def _clear(aside: Mapping[Path, Path], made: Sequence[Path]) -> None:
    """Remove what was written aside and not renamed, and the folders that were made for nothing."""
    for part in aside.values():
        part.unlink(missing_ok=True)
    for folder in made:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _processor() -> str:
    """Return the processor's name; results are bit-identical on one kind of processor only."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _listed(destination: Path) -> set[str]:
    """Return the files that a folder's manifest names; none where there is no manifest that can be read."""
    try:
        named = json.loads((destination / MANIFEST).read_text(encoding="utf-8"))["files"]
        return {name for name in named if name.endswith(".parquet") and Path(name).name == name}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return set()
