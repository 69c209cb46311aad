"""Paths: made absolute once, where somebody gives them, so that they mean the same wherever the program goes later."""

from __future__ import annotations

import os
from pathlib import Path

AnyPath = str | bytes | os.PathLike[str] | os.PathLike[bytes]
"""What may be given as a path."""

HOME = "~"


class PathError(ValueError):
    """Something is no path; the message says why."""


def located(path: AnyPath, folder: AnyPath | None = None) -> Path:
    """Return a path from the root on, the short form of a home folder written out; links stay as they are.

    Args:
        path: as somebody wrote it.
        folder: where it begins if it does not begin at the root; the current folder if not given.

    Raises:
        PathError: nobody has that home folder, or no file can have that name.
    """
    written = os.fsdecode(path)
    if "\0" in written:
        raise PathError(f"{written!r} holds a null character: no file has such a name")
    try:
        path = Path(written).expanduser() if written.startswith(HOME) else Path(written)
    except RuntimeError:
        raise PathError(
            f"{written}: there is no home folder {written.split(os.sep)[0]}; write ./{written} for a file of that name"
        ) from None
    return (path if folder is None else located(folder) / path).absolute()


def is_path(value: object) -> bool:
    """Return whether something may be meant as a path."""
    return isinstance(value, str | bytes | os.PathLike)
