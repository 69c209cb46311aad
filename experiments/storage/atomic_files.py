"""Files that are whole or not there: written under another name, seen to reach the disk, and then renamed."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

BLOCK = 1 << 20
DEVICES = Path("/dev")
PANDAS_ATTRS = "PANDAS_ATTRS"
"""Under what pandas keeps the attributes of a frame in a Parquet file."""


class StoreError(OSError):
    """A folder cannot be written, or a file cannot be read; the message names it and says why."""


def write_aside(path: Path, aside: dict[Path, Path], fill: Callable[[Any], Any]) -> None:
    """Write a file under another name, and see that it has reached the disk.

    Args:
        path: what the file will be called.
        aside: takes note of the other name, also where writing fails.
        fill: writes to the open file.
    """
    aside[path] = path.with_name(f".{path.name}.{os.getpid()}.part")
    with aside[path].open("wb") as file:
        fill(file)
        file.flush()
        os.fsync(file.fileno())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there as a whole or not at all, whatever happens meanwhile.

    What a link leads to is written, and the link stays; what is no file, as ``/dev/stdout``, is written straight.

    Raises:
        StoreError: the disk is full, or the folder cannot be written; nothing is left behind.
    """
    aside: dict[Path, Path] = {}
    try:
        if path.parent == DEVICES or (path.exists() and not path.is_file()):
            path.write_bytes(content)
            return
        target = path.resolve() if path.is_symlink() else path
        write_aside(target, aside, lambda file: file.write(content))
        aside[target].replace(target)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {reason(error)}") from None
    finally:
        for part in aside.values():
            part.unlink(missing_ok=True)


def arrow_table(frame: pd.DataFrame) -> pa.Table:
    """Return a data frame as Arrow holds it: its units beside the columns, and where pandas looks for them."""
    units = frame.attrs.get("units", {})
    arrays = [pa.Array.from_pandas(column) for _, column in frame.items()]
    fields = [
        pa.field(str(name), array.type, metadata={"unit": units[str(name)]} if name in units else None)
        for name, array in zip(frame, arrays, strict=True)
    ]
    notes = {PANDAS_ATTRS: json.dumps(frame.attrs)}
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields, metadata=notes))


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            found.update(block)
    return found.hexdigest()


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of bytes."""
    return hashlib.sha256(content).hexdigest()


def reason(error: Exception) -> str:
    """Return why something failed, in one line."""
    return getattr(error, "strerror", None) or " ".join(str(error).split())
