"""Files that kernels are kept in: whole, checked before they are loaded, and written by nobody but their owner."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

FOLDER = ("aimarket", "kernels")
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
DIGITS = 32


def folder() -> Path | None:
    """Return the folder of kernels, made where there is none; None where nobody else may be kept from writing there.

    It lies where the user's other caches are: in ``XDG_CACHE_HOME`` or ``~/.cache``. One that cannot be written to is
    read.
    """
    try:
        base = os.environ.get("XDG_CACHE_HOME")
        path = Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache"
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        for part in FOLDER:
            path = path / part
            path.mkdir(mode=0o700, exist_ok=True)
            if not _ours(path, stat.S_ISDIR):
                return None
        return path
    except (OSError, RuntimeError):  # Path.home raises RuntimeError where there is no home
        return None


def kept(name: str, ending: str) -> Path | None:
    """Return the file of a name, None where there is none that is whole and its owner's; one that is not is removed.

    What a file holds is told by its own name, so that a damaged one is seen.
    """
    place = folder()
    if place is None:
        return None
    for path in sorted(place.glob(f"{name}-*{ending}")):
        if not _ours(path, stat.S_ISREG):
            continue
        if path.name == f"{name}-{_digest(path)}{ending}":
            return path
        remove(path)
    return None


def remove(path: Path) -> None:
    """Remove a file of the folder, if the folder can be written to."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def keep(name: str, ending: str, made: Path) -> Path | None:
    """Move a file into the folder under its name, at once or not at all; return where it is, None where it cannot."""
    place = folder()
    if place is None:
        return None
    aside = None
    try:
        handle, text = tempfile.mkstemp(prefix=".", suffix=".part", dir=place)
        os.close(handle)
        aside = Path(text)
        shutil.copyfile(made, aside)
        path = place / f"{name}-{_digest(aside)}{ending}"
        aside.replace(path)
        return path
    except OSError:
        if aside is not None:
            remove(aside)
        return None


def write(name: str, ending: str, content: bytes) -> Path | None:
    """Write a file and keep it; return where it is, None where it cannot be kept."""
    with tempfile.TemporaryDirectory(prefix="aimarket-") as workplace:
        made = Path(workplace) / f"made{ending}"
        made.write_bytes(content)
        return keep(name, ending, made)


def _ours(path: Path, is_kind: Callable[[int], bool]) -> bool:
    """Return whether something is of a kind, belongs to this user, and nobody else may write to it."""
    if not hasattr(os, "getuid"):
        return False
    found = path.lstat()
    return is_kind(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & OTHERS_WRITE


def _digest(path: Path) -> str:
    """Return the beginning of the SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:DIGITS]
