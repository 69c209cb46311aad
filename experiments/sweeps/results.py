"""Results of a sweep: read as one data frame, checked against their checksums and for runs that are there twice."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ...agents.state.shown import shown
from ...agents.state.table import unknown_name
from ...model.inputs.paths import AnyPath, located
from ..designs.design import Design
from ..runs.firm_classes import FirmClasses
from ..runs.losses import FAILED_COLUMNS, describe_loss
from ..storage.atomic_files import StoreError, digest, reason
from .outcomes import Outcome
from .study import Study, digest_of_study, study_of

STUDY, MANIFEST, LOG, PARTS = "study.json", "manifest.json", "log.jsonl", "parts"
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, OverflowError, IndexError)
"""What comes of reading a file that says something else than ours do."""

NAMED = 5
"""Culprits that a message names."""


@shown("folder", "study", "there", "complete", "failed", "lost", "parts", "made_with")
@dataclass(frozen=True)
class Sweep:
    """A study that was run, or is being run.

    Attributes:
        folder: where it is kept.
        study: what was run; a study of a function of one's own is described without the function.
        parts: the parts that are there: checksum, runs and how many failed, by name of the file.
        lost: the chunks that were given up, with the reason.
        made_with: versions, processor and platform.

    Examples:
        >>> import aimarket
        >>> sweep = aimarket.open_sweep("results")
        >>> sweep.values("surge").shape == (len(sweep.design.points), sweep.study.replicates)
        True
    """

    folder: Path
    study: Study
    parts: Mapping[str, Mapping[str, Any]]
    lost: Mapping[int, str]
    made_with: Mapping[str, str]

    @property
    def design(self) -> Design:
        """The points at which the model was run."""
        return self.study.design

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """What was kept of each run, by name."""
        return {outcome.name: outcome for outcome in self.study.outcomes}

    @property
    def complete(self) -> bool:
        """Whether every chunk is there."""
        return len(self.parts) == self.study.chunks

    @property
    def there(self) -> int:
        """How many runs are there, those that failed among them."""
        return sum(part["runs"] for part in self.parts.values())

    @property
    def failed(self) -> int:
        """How many runs failed."""
        return sum(part["failed"] for part in self.parts.values())

    @property
    def loss(self) -> str:
        """What is missing of the runs that were asked for, and why, in a sentence; empty where nothing is."""
        runs = self.frame(FAILED_COLUMNS) if self.failed else pd.DataFrame(columns=FAILED_COLUMNS)
        return describe_loss(self.study, self.there, self.lost, runs)

    @property
    def scenarios(self) -> list[str]:
        """The scenarios that were run, by name; one without a name where the study runs a function of its own."""
        return [variant.scenario.name for variant in self.study.variants] or [""]

    def frame(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return the runs, a row each, in their order; ``frame.attrs["units"]`` gives the units.

        Args:
            columns: some of the columns; all if not given.

        Raises:
            StoreError: a part is not what its checksum says, or a run is there twice.
        """
        if not self.parts:
            raise StoreError(f"{self.folder} holds no results yet: go on with aimarket sweep --resume")
        paths = [self.folder / PARTS / name for name in sorted(self.parts)]
        for path in paths:
            _check_part(path, self.parts[path.name]["sha256"])
        wanted = None if columns is None else list(dict.fromkeys(["run", "scenario", "point", "replicate", *columns]))
        tables = [_read(path, wanted) for path in paths]
        frame = pa.concat_tables(tables).to_pandas().sort_values("run", ignore_index=True)
        check_runs(frame)
        notes = {field.name: (field.metadata or {}).get(b"unit") for field in tables[0].schema}
        frame.attrs["units"] = {name: unit.decode() for name, unit in notes.items() if unit}
        return frame if columns is None else frame[list(columns)]

    def values(self, outcome: str, scenario: str | None = None) -> np.ndarray:
        """Return an outcome by point and replicate, shape (points, replicates), by quarter (points, T, replicates).

        Args:
            outcome: its name.
            scenario: of which scenario; it may be left out where there is one alone.

        Raises:
            KeyError: there is no such outcome or scenario.
            ValueError: there are several scenarios, and none is named.
            StoreError: runs are missing.
        """
        return self.all_values([outcome], scenario)[outcome]

    def all_values(self, names: Sequence[str], scenario: str | None = None) -> dict[str, np.ndarray]:
        """Return several outcomes by name, as `values` does, reading the parts once."""
        for name in names:
            if name not in self.outcomes:
                raise KeyError(f"{unknown_name('the sweep', name, self.outcomes)}; it has {', '.join(self.outcomes)}")
        columns = {name: self.outcomes[name].columns() for name in names}
        frame = self.frame(["scenario", *dict.fromkeys(c for own in columns.values() for c in own)])
        rows = frame[frame["scenario"] == self._chosen(scenario)]
        if len(rows) != self.study.rows:
            gone = self.study.rows - len(rows)
            raise StoreError(
                f"{self.folder} lacks {gone:,} of {self.study.rows:,} runs: aimarket sweep --resume adds them"
            )
        shape = len(self.design.points), self.study.replicates
        return {
            name: np.moveaxis(rows[own].to_numpy().reshape(*shape, len(own)), -1, 1)
            if self.outcomes[name].by_quarter
            else rows[own[0]].to_numpy().reshape(shape)
            for name, own in columns.items()
        }

    def _chosen(self, scenario: str | None) -> str:
        """Return the name of a scenario of the sweep, or ask for it where there are several."""
        names = self.scenarios
        if scenario is None and len(names) > 1:
            raise ValueError(f"the sweep ran {len(names)} scenarios: give scenario=, one of {_listed(names)}")
        if scenario is not None and scenario not in names:
            raise KeyError(f"{unknown_name('the sweep', scenario, names)}; it has {_listed(names)}")
        return names[0] if scenario is None else scenario


def open_sweep(folder: AnyPath, *, firms: FirmClasses | None = None) -> Sweep:
    """Return the sweep that a folder holds.

    Args:
        folder: of the sweep.
        firms: the classes that decided for firms, if it was run with any; they are needed to run more, not to read.

    Raises:
        StoreError: the folder holds none, or one that cannot be read.

    Examples:
        >>> import aimarket
        >>> sweep = aimarket.open_sweep("results")
        >>> sweep.complete
        True
    """
    path = located(folder)
    if not (path / STUDY).is_file():
        raise StoreError(f"{path} holds no sweep: there is no {STUDY} in it; aimarket sweep makes one")
    content = read_study(path)
    try:
        study = study_of(content["study"], _function_not_kept if content["study"]["function"] else None, firms)
        digest = digest_of_study(content["study"])
    except UNREADABLE as error:
        raise StoreError(f"{path} holds a study that cannot be read: {reason(error)}") from None
    parts, lost = read_manifest(path, study.chunks, digest)
    return Sweep(path, replace(study, source=str(content.get("source", ""))), parts, lost, content["made_with"])


def read_study(folder: Path) -> dict[str, Any]:
    """Return what the study file of a folder says: the study, and what it was made with.

    Raises:
        StoreError: it cannot be read.
    """
    remedy = "run the sweep anew in another folder"
    try:
        content = read_json(folder / STUDY)
    except StoreError as error:
        raise StoreError(f"{error}; {remedy}") from None
    if not (isinstance(content, dict) and all(isinstance(content.get(key), dict) for key in ("study", "made_with"))):
        raise StoreError(f"{folder / STUDY} does not say what was run: {remedy}")
    return content


def read_manifest(folder: Path, chunks: int, study: str) -> tuple[dict[str, dict[str, Any]], dict[int, str]]:
    """Return the parts of a folder by name, and the chunks that were given up; none where there is no manifest.

    Args:
        folder: of the sweep.
        chunks: how many the study has.
        study: the digest of the study.

    Raises:
        StoreError: it cannot be read, or is not the manifest of this study.
    """
    path = folder / MANIFEST
    if not path.exists():
        return {}, {}
    remedy = "aimarket sweep --resume runs its parts again"
    try:
        manifest = read_json(path)
    except StoreError as error:
        raise StoreError(f"{error}; {remedy}") from None
    try:
        parts = {name: _checked_part(name, part, chunks) for name, part in manifest["parts"].items()}
        lost = {int(chunk): str(why) for chunk, why in manifest["lost"].items()}
        other = manifest["study"] != study
    except UNREADABLE as error:
        raise StoreError(f"{path} is no manifest of this sweep ({reason(error)}): {remedy}") from None
    if other:
        raise StoreError(f"{path} is the manifest of another study: {remedy}")
    return parts, lost


def _checked_part(name: str, part: Mapping[str, Any], chunks: int) -> dict[str, Any]:
    """Return what a manifest says of a part, or say that the study has no such part."""
    number = name.removeprefix("part-").removesuffix(".parquet")
    if not number.isdecimal() or name != part_name(int(number)) or int(number) >= chunks:
        raise ValueError(f"{name} is no part")
    return {"sha256": str(part["sha256"]), "runs": int(part["runs"]), "failed": int(part["failed"])}


def check_runs(frame: pd.DataFrame) -> None:
    """Say which runs are there twice, or have the same random numbers at the same point: they would count double.

    Args:
        frame: with the columns run, scenario, point and replicate.

    Raises:
        StoreError: a run, or a replicate of a point, is there twice.
    """
    for keys in (["run"], ["scenario", "point", "replicate"]):
        twice = frame.duplicated(keys)
        if twice.any():
            named = frame.loc[twice, keys].head(NAMED).to_dict("records")
            raise StoreError(f"{int(twice.sum())} runs are there twice: {named}; run the sweep anew in another folder")


def part_name(chunk: int) -> str:
    """Return what the file of a chunk is called."""
    return f"part-{chunk:05d}.parquet"


def read_json(path: Path) -> Any:
    """Return the content of a JSON file.

    Raises:
        StoreError: it cannot be read.
    """
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise StoreError(f"cannot read {path}: {reason(error)}") from None


def _listed(names: Sequence[str]) -> str:
    """Return the first of some names, and how many more there are."""
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{more}"


def _check_part(path: Path, checksum: str) -> None:
    """Say that a part is gone or not what it was."""
    remedy = "aimarket sweep --resume runs it again"
    try:
        found = digest(path)
    except OSError as error:
        raise StoreError(f"cannot read {path}: {reason(error)}; {remedy}") from None
    if found != checksum:
        raise StoreError(f"{path} does not match its checksum; {remedy}")


def _read(path: Path, columns: Sequence[str] | None) -> pa.Table:
    """Return a part."""
    try:
        with path.open("rb") as file:  # Arrow opens no file whose name is not UTF-8
            return pq.read_table(file, columns=columns)
    except (OSError, pa.ArrowException) as error:
        raise StoreError(f"cannot read {path}: {reason(error)}") from None


def _function_not_kept(points: pd.DataFrame) -> dict[str, Any]:
    """Stand for a function that was not kept."""
    raise StoreError("the function of this study was not kept with it: run it from the code that made it")
