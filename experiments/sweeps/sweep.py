"""Sweeps: all chunks of a study, in a folder that may be left at any moment and taken up again.

A folder holds study.json (what is run), parts/part-00000.parquet and so on (the results), manifest.json (which parts
are there, with checksums, and which chunks were given up) and log.jsonl (when and how fast). All but the log are the
same bytes whoever computes them, in whatever order, however often the sweep was interrupted.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...model.inputs.paths import AnyPath, located
from ..progress import Progress, Wanted, following
from ..runs.engines import engine_named
from ..runs.firm_classes import FirmClasses, described, in_words, lacking, matched, present
from ..runs.losses import warn_of
from ..storage.atomic_files import StoreError, digest, digest_of, reason, write_whole
from ..storage.frames import check_writable, made_with
from .chunks import Part, compute
from .executors.local import ChunkError, Executor, gathered, open_executor
from .results import (
    LOG,
    MANIFEST,
    NAMED,
    PARTS,
    STUDY,
    Sweep,
    open_sweep,
    part_name,
    read_manifest,
    read_study,
)
from .study import Study, StudyError
from .study_file import load_study

if TYPE_CHECKING:
    from distributed import Client

EVERY = 1.0
"""Seconds between two writes of the manifest: a part that it does not name yet is computed again."""

FIRST_ADDRESSING = "1"
"""The version of random numbers of folders that do not say which they have."""

Notify = Callable[[str], object]
"""Takes a sentence on what else happened."""


class OtherSweepError(StudyError):
    """The folder holds the sweep of another study, or of another model."""


def run_sweep(
    study: AnyPath | Study,
    out: AnyPath,
    *,
    resume: bool = False,
    workers: int | None = None,
    dask: str | Client | None = None,
    firms: FirmClasses | None = None,
    progress: Wanted = None,
    tell: Notify | None = None,
) -> Sweep:
    """Run a study into a folder.

    Args:
        study: a study, or the TOML file of one.
        out: the folder; made when it does not exist.
        resume: go on with the sweep that the folder holds: only what is missing is run.
        workers: worker processes on this machine, 0 for none but this one; one a core if not given.
        dask: the address of a Dask scheduler, or a client of one.
        firms: by firm's name, the subclass that decides for it in every run; one of the program itself goes by value.
        progress: takes the runs just added and their number in all; True for a bar, False for none; a bar on a
            terminal, when it takes long, if not given.
        tell: a callback that takes a sentence on what else happened, as of parts that have to be run again.

    Returns:
        The sweep, its results open to be read. Where runs are missing or failed a `LostRunsWarning` says how many and
        why, and so does ``sweep.loss``.

    Raises:
        StudyError: the study cannot be run, or differs from the one that the folder holds.
        StoreError: the folder cannot be written or the disk is full; ``resume`` goes on when there is room.

    Examples:
        >>> import aimarket
        >>> sweep = aimarket.run_sweep("study.toml", "results", workers=0)
        >>> sweep.complete, sweep.failed
        (True, 0)
    """
    asked, folder = load_study(study, firms), located(out)
    if gone := lacking(asked.firms):
        raise StudyError(f"this study cannot be run: {gone}")
    check_writable(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone_in(folder):
        keep = _Folder(folder, asked, tell or (lambda sentence: None))
        with _named_trouble():
            keep.begin(resume=resume)
        missing = keep.missing()
        with following(progress, "runs") as report:
            report(keep.runs_there, asked.runs)
            if missing:
                with open_executor(workers, dask) as executor:
                    _run(keep, executor, missing, report)
    found = open_sweep(folder, firms=present(asked.firms) or None)
    warn_of(found.loss)
    return found


def take_up_sweep(study: AnyPath | Study, out: AnyPath, **options: Any) -> Sweep:
    """Go on with the sweep in a folder of ours; where it is another study's or another model's, begin anew.

    Args:
        study: a study, or the TOML file of one.
        out: the folder, whose content may be lost.
        options: of `run_sweep`, but for ``resume``.

    Raises:
        StudyError: the study cannot be run, or another process runs it in that folder.
        StoreError: the folder cannot be written or the disk is full.
    """
    asked, folder = load_study(study), located(out)
    try:
        return run_sweep(asked, folder, resume=True, **options)
    except OtherSweepError:
        shutil.rmtree(folder)
        return run_sweep(asked, folder, **options)


def _run(keep: _Folder, executor: Executor, missing: list[int], progress: Progress) -> None:
    """Run the chunks that are missing, and keep each as it comes."""
    try:
        for chunk, outcome in gathered(executor, partial(compute, keep.study), missing):
            keep.add(chunk, outcome)
            progress(len(keep.study.rows_of(chunk)) * keep.variants, keep.study.runs)
    finally:
        keep.write_manifest()


class _Folder:
    """The folder of a sweep while it is run."""

    def __init__(self, folder: Path, study: Study, notify: Notify) -> None:
        self.folder = folder
        self.study = study
        self.notify = notify
        self.parts: dict[str, dict[str, Any]] = {}
        self.lost: dict[str, str] = {}
        self.written = 0.0
        self.variants = max(len(study.variants), 1)

    @property
    def runs_there(self) -> int:
        """How many runs the parts hold."""
        return sum(part["runs"] for part in self.parts.values())

    def begin(self, *, resume: bool) -> None:
        """Open the folder: a new one, or one that holds this very study."""
        there, parts = self.folder / STUDY, self.folder / PARTS
        begun = any(parts.glob("*.parquet"))
        if begun and not there.exists():
            raise StudyError(f"{self.folder} has {PARTS} and no {STUDY}: choose another folder")
        if begun and not resume:
            raise StudyError(f"{self.folder} holds a sweep: go on with it by --resume, or choose another folder")
        strays = (*self.folder.glob(".*.json.*.part"), *self.folder.glob(".trial.*.part"), *parts.glob(".*.part"))
        for stray in strays:  # of a writer that was killed
            stray.unlink(missing_ok=True)
        if begun:
            self._check_same(read_study(self.folder))
            self._take_up()
            return
        parts.mkdir(exist_ok=True)
        write_whole(
            there,
            _json(
                {
                    "made_with": made_with(),
                    "engine": engine_named(None),
                    "source": self.study.source,
                    "study": self.study.describe(),
                }
            ),
        )
        self.write_manifest()

    def _check_same(self, known: Mapping[str, Any]) -> None:
        """Say in what this study differs from the one that the folder holds."""
        classes = known["study"].get("firms", {})
        if classes != described(self.study.firms):
            before = in_words(matched(classes, None)) or "no class of their own"
            raise OtherSweepError(
                f"{self.folder} was run with {before} deciding for firms, this study with "
                f"{in_words(self.study.firms) or 'none'}: resume it from Python, run_sweep(..., firms=...), with the "
                "same classes, or choose another folder"
            )
        differing = list(_differences(known["study"], self.study.describe()))
        if differing:
            more = f"; and {len(differing) - NAMED:,} more" if len(differing) > NAMED else ""
            raise OtherSweepError(
                f"{self.folder} holds another study: {'; '.join(differing[:NAMED])}{more}. "
                "Run it as it was, or choose another folder"
            )
        made, here = known["made_with"], made_with()
        self._check_model(made, here)
        for name in here:
            if made.get(name) != here[name]:
                self.notify(f"{name} was {made.get(name)} and is {here[name]} now: parts may differ in their last bits")

    def _check_model(self, made: Mapping[str, str], here: Mapping[str, str]) -> None:
        """Say that a folder was made by another version, with other random numbers, or by other rules."""
        numbers = made.get("random_numbers", FIRST_ADDRESSING)
        if made.get("aimarket") != here["aimarket"]:
            why = f"with aimarket {made.get('aimarket')}, this is {here['aimarket']}: the model may differ"
        elif numbers != here["random_numbers"]:
            why = f"with random numbers of version {numbers}, this is {here['random_numbers']}: their runs do not mix"
        elif made.get("model", here["model"]) != here["model"]:
            why = "with other rules, stocks or scenarios than the model has now: their runs do not mix"
        else:
            return
        raise OtherSweepError(f"{self.folder} was made {why}. Choose another folder")

    def _take_up(self) -> None:
        """Find out which parts are there and whole; the rest is run again."""
        try:
            parts, _ = read_manifest(self.folder, self.study.chunks, self.study.digest)
        except StoreError as error:
            self.notify(str(error))
            parts = {}
        for name, part in parts.items():
            path = self.folder / PARTS / name
            try:
                same = digest(path) == part["sha256"]
            except FileNotFoundError:
                self.notify(f"{path} is gone: it is run again")
                continue
            except OSError as error:
                self.notify(f"cannot read {path}: {reason(error)}; it is run again")
                continue
            if same:
                self.parts[name] = part
            else:
                self.notify(f"{path} does not match its checksum: it is run again")

    def missing(self) -> list[int]:
        """Return the chunks that are not there."""
        return [chunk for chunk in range(self.study.chunks) if part_name(chunk) not in self.parts]

    def add(self, chunk: int, outcome: Part | ChunkError) -> None:
        """Keep a chunk that was computed, or take note that it was given up."""
        if isinstance(outcome, ChunkError):
            self.lost[str(chunk)] = outcome.reason
            self.notify(f"chunk {chunk} was given up after {outcome.attempts} attempts: {outcome.reason}")
            self._log(chunk=chunk, attempts=outcome.attempts, error=outcome.reason)
        else:
            name = part_name(chunk)
            write_whole(self.folder / PARTS / name, outcome.content)
            self.parts[name] = {
                "sha256": digest_of(outcome.content),
                "runs": outcome.rows,
                "failed": outcome.failed,
            }
            self._log(chunk=chunk, runs=outcome.rows, seconds=round(outcome.seconds, 3))
        if time.monotonic() - self.written > EVERY:
            self.write_manifest()

    def write_manifest(self) -> None:
        """Write which parts are there."""
        self.written = time.monotonic()
        content = {
            "study": self.study.digest,
            "chunks": self.study.chunks,
            "parts": dict(sorted(self.parts.items())),
            "lost": dict(sorted(self.lost.items(), key=lambda item: int(item[0]))),
        }
        write_whole(self.folder / MANIFEST, _json(content))

    def _log(self, **what: Any) -> None:
        """Take note of a chunk beside the data."""
        line = json.dumps({"at": time.strftime("%Y-%m-%dT%H:%M:%S%z"), **what})
        try:
            with (self.folder / LOG).open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        except OSError as error:
            raise StoreError(f"cannot write {self.folder / LOG}: {reason(error)}") from None


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Hold a folder for this process alone; a process that dies lets it go."""
    try:
        import fcntl
    except ImportError:  # no such locks on this system
        yield
        return
    with _named_trouble():
        file = (folder / ".lock").open("w")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StudyError(
                f"another process runs a sweep in {folder}: wait for it, or choose another folder"
            ) from None
        except OSError:  # no such locks on this file system
            pass
        yield


@contextlib.contextmanager
def _named_trouble() -> Iterator[None]:
    """Say which file or folder stands in the way of what is written there."""
    try:
        yield
    except StoreError:
        raise
    except OSError as error:
        raise StoreError(f"cannot write {error.filename}: {reason(error)}; choose another folder") from None


def _json(content: Mapping[str, Any]) -> bytes:
    """Return plain values as JSON that a person can read."""
    return f"{json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)}\n".encode()


def _differences(known: Any, asked: Any, where: str = "") -> Iterator[str]:
    """Yield in what plain values differ, place by place."""
    if isinstance(known, dict) and isinstance(asked, dict):
        for key in dict.fromkeys([*known, *asked]):
            yield from _differences(known.get(key), asked.get(key), f"{where}.{key}" if where else key)
    elif isinstance(known, list) and isinstance(asked, list) and len(known) == len(asked):
        for position, (old, new) in enumerate(zip(known, asked, strict=True)):
            yield from _differences(old, new, f"{where}[{position}]")
    elif known != asked:
        yield f"{where} was {_short(known)} and is {_short(asked)}"


def _short(value: Any) -> str:
    """Return a value as a message shows it."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}..."
