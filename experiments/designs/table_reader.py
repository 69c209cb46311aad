"""Tables of points as other programs write them: what is plain is read, and the rest is named for what it is."""

from __future__ import annotations

import csv
import os
import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet

from ...model.inputs.named_values import by_name
from ...model.inputs.paths import is_path, located
from ...model.parameters import UNNAMED, parameters

SNIFFED = 1 << 16
"""Bytes of a file that tell how it is written."""

LONGEST_HEAD = 50
"""Lines among which the heads are looked for."""

SEPARATORS = (",", ";", "\t", "|", r"\s+")
"""What may stand between cells; the first that finds most heads."""

COMMENTS = ("#", "%", "sep=")
"""How lines begin that hold no cells: comments, and what spreadsheets write of their separator."""

PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}
"""How compressed files begin."""

FOREIGN = {
    b"PK\x03\x04": "a workbook or an archive: save the one table as CSV",
    b"\xd0\xcf\x11\xe0": "an old workbook: save the one table as CSV",
    b"\x89HDF": "an HDF5 file: save the one table as CSV or Parquet",
    b"\x93NUMPY": "an array of NumPy, whose columns have no names: save a data frame",
    b"\x80\x04": "a pickle, which could bring code: save the data frame as CSV or Parquet",
    b"\x80\x05": "a pickle, which could bring code: save the data frame as CSV or Parquet",
    b"{": "JSON: save the table as CSV or Parquet",
    b"[{": "JSON: save the table as CSV or Parquet",
}
"""How files begin that are no tables, and what they are."""

ARCHIVE = b"ustar"
WORKBENCH = ("scenario", "policy", "model")
"""Columns of a table of experiments of the EMA Workbench that are no parameters."""

BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Written(NamedTuple):
    """How a text file writes its table.

    Attributes:
        separator: what stands between cells, as pandas takes it.
        heads: the names of the columns.
        first: the line after the heads, from 0.
        comments: whether lines begin with a number sign.
    """

    separator: str
    heads: list[str]
    first: int
    comments: bool


def opened(table: Any, wanted: Sequence[str], most: int) -> tuple[pd.DataFrame, str]:
    """Return a table as it stands, the cells of a text as text, and what to call it in messages.

    Columns that other programs add are left out: an index, what trailing separators make, and what the EMA Workbench
    says of its experiments beside their parameters.

    Args:
        table: a path, or a data frame of whatever library.
        wanted: the names that columns should have; every declared parameter where there are none.
        most: how many rows are wanted at most, and one more to tell.

    Raises:
        ValueError: the file cannot be read, or is no table of points.
    """
    if not is_path(table):
        frame, where = _framed(table, wanted), "the table"
    else:
        where = os.fsdecode(table)
        try:
            frame = _read(located(table), set(wanted or parameters()), most + 1)
        except (OSError, ValueError, UnicodeError, EOFError, pa.ArrowException) as error:
            reason = getattr(error, "strerror", None) or " ".join(str(error).split())
            raise ValueError(f"cannot read {where}: {reason}") from None
    kept = [name for name in frame if not _is_foreign(frame, str(name), wanted)]
    for position, name in enumerate(frame):
        if name in kept and str(name).startswith(UNNAMED):
            raise ValueError(f"{where} has no head above column {position + 1}: name it, or leave the column out")
    return frame[kept], where


def _framed(table: Any, wanted: Sequence[str]) -> pd.DataFrame:
    """Return a data frame of whatever library as one of pandas, with those levels of its index that are wanted."""
    if not isinstance(table, pd.DataFrame):
        columns = {name: np.atleast_1d(np.asarray(cells)) for name, cells in by_name(table, "the table").items()}
        if len({len(cells) for cells in columns.values()}) > 1:
            lengths = ", ".join(f"{name} {len(cells)}" for name, cells in columns.items())
            raise ValueError(f"the table has columns of different lengths: {lengths}; give one value a point")
        return pd.DataFrame(columns)
    levels = [name for name in table.index.names if name in (wanted or parameters())]
    return table.reset_index(levels).reset_index(drop=True) if levels else table.reset_index(drop=True)


def _read(path: Path, wanted: set[str], most: int) -> pd.DataFrame:
    """Return the table of a file, or say what the file is."""
    with path.open("rb") as file:
        begin = file.read(SNIFFED)
    if begin.startswith(b"PAR1"):
        return _framed(pyarrow.parquet.read_table(path).slice(0, most).to_pandas(), sorted(wanted))
    if begin.startswith((b"ARROW1", b"FEA1")):
        return _framed(pyarrow.feather.read_table(path).slice(0, most).to_pandas(), sorted(wanted))
    packed = next((kind for magic, kind in PACKED.items() if begin.startswith(magic)), None)
    begin = _unpacked(path, packed) if packed else begin
    _check_foreign(begin)
    encoding = _encoding(begin)
    text = begin.decode(encoding, errors="ignore")
    if "\0" in text:
        raise ValueError("it is no text, and no Parquet or Feather file")
    written = _written(text.splitlines(), wanted)
    frame = _parsed(path, written, most, compression=packed, encoding=encoding)
    blank = 0 if packed else _blank_lines(path)
    return frame.iloc[: len(frame) - blank] if blank and frame.tail(blank).isna().all(axis=None) else frame


def _unpacked(path: Path, packed: str) -> bytes:
    """Return how the content of a compressed file begins."""
    with pa.OSFile(str(path)) as file, pa.CompressedInputStream(file, packed) as stream:
        return stream.read(SNIFFED)


def _blank_lines(path: Path) -> int:
    """Return how many lines at the end of a text hold nothing."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - SNIFFED, 0))
        end = file.read()
    rest = end[len(end.rstrip(b"\r\n\t \0")) :]
    return max(rest.count(b"\n") - 1, 0)


def _check_foreign(begin: bytes) -> None:
    """Say that a file is of another kind than a table."""
    if ARCHIVE in begin[:512]:
        raise ValueError(
            "it is an archive: unpack it and give the table in it, as experiments.csv of the EMA Workbench"
        )
    for magic, kind in FOREIGN.items():
        if begin.lstrip().startswith(magic) if magic[:1] in b"{[" else begin.startswith(magic):
            raise ValueError(f"it is {kind}")


def _encoding(begin: bytes) -> str:
    """Return how a text is written in bytes, from how it begins."""
    for mark, encoding in BOMS.items():
        if begin.startswith(mark):
            return encoding
    if begin[1:2] == b"\0" or begin[:1] == b"\0":
        return "utf-16-le" if begin[1:2] == b"\0" else "utf-16-be"
    try:
        begin[:-4].decode()  # the last letter may be cut
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _written(lines: Sequence[str], wanted: set[str]) -> Written:
    """Return how lines write a table, or say what stands before its heads."""
    position = next(
        (i for i, line in enumerate(lines) if line.strip() and not line.lstrip().startswith(COMMENTS)), None
    )
    if position is None:
        raise ValueError("it is empty" if not lines else "it has comments, and no table")
    comments = any(line.lstrip().startswith(COMMENTS[0]) for line in lines)
    separator, found = _separator(lines[position], wanted)
    if found:
        return Written(separator, _cells(lines[position], separator), position + 1, comments)
    if position and lines[position - 1].lstrip().startswith(COMMENTS):
        heads = lines[position - 1].lstrip().lstrip("#%")
        separator, found = _separator(heads, wanted)
        if found:
            return Written(separator, _cells(heads, separator), position, comments)
    _check_before(lines, position, wanted)
    if all(map(_is_number, _cells(lines[position], separator))):
        raise ValueError(f"line {position + 1} should name the parameters, and holds numbers: put the names above them")
    return Written(separator, _cells(lines[position], separator), position + 1, comments)


def _check_before(lines: Sequence[str], position: int, wanted: set[str]) -> None:
    """Say how many lines stand before the heads, and who writes so."""
    later = (i for i in range(position + 1, min(len(lines), LONGEST_HEAD)) if _separator(lines[i], wanted)[1])
    heads = next(later, None)
    if heads is None:
        return
    if "BehaviorSpace" not in lines[position]:
        before = f"{heads} lines stand" if heads > 1 else "a line stands"
        raise ValueError(f"{before} before the heads, which are line {heads + 1}: begin the file with them")
    cells = _cells(lines[heads], _separator(lines[heads], wanted)[0])
    if sum(cell in wanted for cell in cells) == 1 and any(map(_is_number, cells[1:])):
        raise ValueError("it is a spreadsheet of NetLogo's BehaviorSpace, with a column a run: take its table instead")
    raise ValueError(
        f"it is a table of NetLogo's BehaviorSpace, with {heads} lines before the heads: remove those lines, and keep "
        f"the columns {', '.join(cell for cell in cells if cell in wanted)} and one row a run"
    )


def _separator(line: str, wanted: set[str]) -> tuple[str, int]:
    """Return what separates the cells of a line of heads, and how many of them are wanted."""
    counts = {separator: sum(cell in wanted for cell in _cells(line, separator)) for separator in SEPARATORS}
    best = max(counts, key=lambda separator: counts[separator])
    if counts[best]:
        return best, counts[best]
    return max(SEPARATORS[:-1], key=line.count), 0


def _cells(line: str, separator: str) -> list[str]:
    """Return the cells of a line."""
    if separator == SEPARATORS[-1]:
        return [cell.strip("\"'") for cell in line.split()]
    return [cell.strip() for cell in next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])]


def _is_number(cell: str) -> bool:
    """Return whether a cell holds a number."""
    return bool(re.fullmatch(r"[-+]?[\d.,]+([eE][-+]?\d+)?", cell))


def _parsed(path: Path, written: Written, most: int, **how: Any) -> pd.DataFrame:
    """Return the cells of a text as texts."""
    heads = list(_told_apart(written.heads))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(
                path,
                dtype=str,
                sep=written.separator,
                names=heads,
                skiprows=written.first,
                index_col=False,
                nrows=most,
                skip_blank_lines=False,
                skipinitialspace=True,
                comment=COMMENTS[0] if written.comments else None,
                **how,
            )
    except (pd.errors.ParserWarning, pd.errors.ParserError) as error:
        comma = "numbers have decimal commas, write points; if " if written.separator == "," else ""
        places = re.search(r"in line (\d+), saw (\d+)", str(error))
        line = f"line {places[1]} has {places[2]} cells" if places else "rows have more cells"
        count = f"{len(heads)} head{'s' * (len(heads) > 1)}"
        raise ValueError(f"{line}, and the first has {count}: if {comma}rows have names, leave them out") from None


def _told_apart(heads: Sequence[str]) -> Iterator[str]:
    """Yield heads as pandas has them: those that are empty with their position, those that recur with a number."""
    for position, name in enumerate(heads):
        again = heads[:position].count(name)
        yield f"{UNNAMED}{position}" if not name else f"{name}.{again}" if again else name


def _is_foreign(frame: pd.DataFrame, name: str, wanted: Sequence[str]) -> bool:
    """Return whether a column is none of points: an index, one without anything in it, or the Workbench's."""
    if name in wanted:
        return False
    if name in WORKBENCH:
        return all(other in frame for other in WORKBENCH)
    if not (name.startswith(UNNAMED) or name == "index"):
        return False
    cells = frame[name]
    return bool(cells.isna().all()) or _is_running(cells)


def _is_running(cells: pd.Series) -> bool:
    """Return whether cells count rows."""
    numbers = pd.to_numeric(cells, errors="coerce")
    return bool((numbers.diff().iloc[1:] == 1).all() and numbers.iloc[:1].isin([0, 1]).all())
