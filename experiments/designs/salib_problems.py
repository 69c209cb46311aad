"""Problems as SALib has them: names, ranges and groups of factors, as a mapping or in a file of parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ...agents.state.numbers import echo, from_text
from ...model.inputs.paths import AnyPath, located
from ...model.scenarios.toml_reader import read_text
from .factor_groups import groups_of
from .factors import Factor, factors_of

LEAST, MOST = 3, 5
"""Cells of a line: name, low and high end, perhaps a group, perhaps a distribution."""

UNIFORM, ALONE = "unif", "NA"
"""The distribution that designs sample from, and what SALib writes for a factor without a group."""


def read_problem(problem: AnyPath | Mapping[str, Any]) -> tuple[tuple[Factor, ...], dict[str, list[str]] | None]:
    """Return the factors of a problem of SALib, and their groups, None where it has none.

    Args:
        problem: as `SALib.util.read_param_file` reads it, a path, or as it returns it, a mapping.

    Raises:
        KeyError: no parameter has a name that it gives.
        ValueError: it cannot be read, leaves a declared range, or asks for another distribution than a uniform one.
    """
    if isinstance(problem, Mapping):
        names, bounds, groups, kinds = _of_mapping(problem)
    else:
        names, bounds, groups, kinds = _of_file(located(problem))
    for name, kind in zip(names, kinds, strict=True):
        if kind != UNIFORM:
            raise ValueError(f"the problem draws {name} from {echo(kind)}: designs draw uniformly over a range")
    factors = factors_of(names, dict(zip(names, bounds, strict=True)))
    return factors, None if groups is None or list(groups) == names else groups_of(groups, factors)


Columns = tuple[list[str], list[Any], "list[str] | None", list[str]]
"""Names, ranges, groups and distributions, one a factor each."""


def _of_mapping(problem: Mapping[str, Any]) -> Columns:
    """Return what a mapping says."""
    for key in ("names", "bounds"):
        if key not in problem:
            raise ValueError(f"the problem has no {key!r}: SALib's has names, bounds, and perhaps groups and dists")
    names, bounds = list(problem["names"]), list(problem["bounds"])
    groups, kinds = (list(problem.get(key) or default) for key, default in (("groups", names), ("dists", ())))
    kinds = kinds or [UNIFORM] * len(names)
    for key, values in (("bounds", bounds), ("groups", groups), ("dists", kinds)):
        if len(values) != len(names):
            raise ValueError(f"the problem has {len(names)} names and {len(values)} {key}: give one a name")
    return names, bounds, groups, kinds


def _of_file(path: Path) -> Columns:
    """Return what a file of parameters says."""
    rows = list(_rows(read_text(path, "problem", ValueError), str(path)))
    if not rows:
        raise ValueError(f"{path} names no parameters: give one a line, as in spillover,0.05,0.1")
    names, groups = [row[0] for row in rows], [row[2] for row in rows]
    return names, [row[1] for row in rows], groups, [row[3] for row in rows]


def _rows(text: str, where: str) -> Iterator[tuple[str, tuple[float, float], str, str]]:
    """Yield name, range, group and distribution of each parameter of a file."""
    lines = text.removeprefix("\ufeff").splitlines()
    data = "".join(filter(_counts, lines))
    split = next((rf"\s*{re.escape(mark)}\s*" for mark in (";", "|", "\t", ",") if mark in data), r"\s+")
    for number, line in enumerate(lines, 1):
        if not _counts(line):
            continue
        cells = [cell.strip("\"'") for cell in re.split(split, line.strip().rstrip(",;"))]
        if not LEAST <= len(cells) <= MOST:
            raise ValueError(f"{where}, line {number}: {echo(line)} is not a name, a low and a high end, and a group")
        name, group, kind = cells[0], *_further(cells)
        yield name, _ends(cells, f"{where}, line {number}"), name if group in ("", ALONE) else group, kind or UNIFORM


def _counts(line: str) -> bool:
    """Return whether a line says anything."""
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _further(cells: Sequence[str]) -> tuple[str, str]:
    """Return the group and the distribution of a line, empty where it has none."""
    group, kind = (*cells[LEAST:], "", "")[:2]
    return group, kind


def _ends(cells: Sequence[str], where: str) -> tuple[float, float]:
    """Return both ends of a range."""
    ends = []
    for cell in cells[1:LEAST]:
        try:
            ends.append(from_text(cell))
        except ValueError as error:
            remedy = f"; {error}" if str(error) else ""
            raise ValueError(f"{where}: {echo(cell)} is not an end of the range of {cells[0]}{remedy}") from None
    return ends[0], ends[1]
