"""Designs: which points of the space of assumptions are run, by grid, by sample, or from a table of one's own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from ...agents.state.shown import shown
from ...model.inputs.paths import is_path, located
from ..optional_dependencies import extra
from .factor_groups import groups_of
from .factors import Factor as Factor
from .factors import factors_of as factors_of
from .factors import problem_of
from .point_tables import checked_points, read_points
from .table_reader import opened

MOST_POINTS = 5_000_000
"""A design is held in memory: some hundred bytes a point."""

METHODS: Mapping[str, tuple[str, ...]] = {
    "grid": ("levels",),
    "latin_hypercube": (),
    "sobol": ("second_order", "groups"),
    "morris": ("levels", "groups"),
    "one_at_a_time": ("steps",),
    "table": ("table",),
}
"""Every method, with the options that it takes."""

MORRIS_LEVELS = 4
"""Levels of Morris' grid, as the literature has it."""

MOST_LEVELS = 1000
"""Levels of Morris' grid at most: the library lists them all, and beyond this a move is as good as continuous."""

COUNTABLE = 10**15
"""Above this a message does not spell a count out."""

ENDS = 2
"""Steps of a design that goes from the default to both ends of a range."""


@shown()
@dataclass(frozen=True, eq=False)
class Design:
    """Points at which a model is run.

    Attributes:
        method: how they were chosen, one of `METHODS`.
        factors: what they vary.
        points: one row a point, one column a factor, in the order that the analysis of the method needs.
        seed: the seed of the sample.
        options: the size and the method's other options; ``note`` says what it made of that.
    """

    method: str
    factors: tuple[Factor, ...]
    points: pd.DataFrame
    seed: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)

    def problem(self) -> dict[str, Any]:
        """Return SALib's description of the factors."""
        return problem_of(self.factors, self.groups)

    @property
    def groups(self) -> Mapping[str, Sequence[str]]:
        """What an analysis tells apart: the factors by group, in the order of their first; each alone without groups.

        A group of several factors has one index or effect: what they do together.
        """
        return self.options.get("groups") or {factor.name: [factor.name] for factor in self.factors}

    def factors_of(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return the factors that some groups hold, in the order of the groups."""
        return tuple(factor for name in names for factor in self.groups[name])

    @property
    def block(self) -> int:
        """How many neighbouring points an analysis sets side by side.

        A Saltelli block or a trajectory, one point of a Latin hypercube, and all points of the others.
        """
        count = len(self.groups)
        if self.method == "sobol":
            return 2 * count + 2 if self.options["second_order"] else count + 2
        if self.method == "morris":
            return count + 1
        return 1 if self.method == "latin_hypercube" else len(self.points)

    @cached_property
    def first(self) -> np.ndarray:
        """Where each point comes for the first time, shape (points,): a row of a table that recurs is the same point.

        Samples take points anew, and one that recurs stands for itself.
        """
        if self.method != "table":
            return np.arange(len(self.points))
        kinds = self.points.groupby(list(self.points), sort=False).ngroup().to_numpy()
        return np.unique(kinds, return_index=True)[1][kinds]

    @property
    def independent(self) -> np.ndarray:
        """Points that were sampled apart from one another: the first of each block of a sample, all of any other."""
        sampled = self.method in ("sobol", "morris")
        return np.arange(0, len(self.points), self.block if sampled else 1)


def make_design(
    method: str, factors: Sequence[Factor], *, size: int | None = None, seed: int = 0, **options: Any
) -> Design:
    """Choose the points at which a model is run; the same arguments give the same points in every process.

    Args:
        method: one of `METHODS`.
        factors: what to vary; for a table they may be left empty, and its columns are looked up.
        size: levels a factor of a grid, points of a Latin hypercube, the base sample of Sobol's method (rounded up to
            a power of two; every one of them costs a point a factor, and two), trajectories of Morris' method.
        seed: the seed of the sample.
        options: of a grid, ``levels`` by factor, their number or the values themselves; of Sobol's method,
            ``second_order``; of Morris' method, ``levels`` of its grid; of both, ``groups`` of factors by name; one at
            a time, ``steps`` over each range; of a table, ``table``, a file or a data frame of whatever library.

    Raises:
        ValueError: there is no such method or option, a size is none, or the design would be too large.
    """
    _check_method(method, options)
    _check_whole("seed", seed, 0)
    chosen = _own_factors(options["table"]) if method == "table" and not factors else tuple(factors)
    _check_factors(chosen)
    points, settings = _MAKERS[method](chosen, _checked_size(method, size), int(seed), options)
    return Design(method, chosen, points, int(seed), settings)


Made = tuple[pd.DataFrame, dict[str, Any]]
"""Points, and the options that made them."""


def _grid(factors: Sequence[Factor], size: int | None, seed: int, options: Mapping[str, Any]) -> Made:
    """Return every combination of levels."""
    own = options.get("levels", {})
    if not isinstance(own, Mapping):
        raise ValueError(f"levels = {own!r}: give levels by factor; size is their number for all others")
    _check_names("levels", own, factors)
    levels = [_levels(factor, own.get(factor.name, size)) for factor in factors]
    _check_count("a grid", math.prod(map(len, levels)), "give fewer factors or levels, or take a latin_hypercube")
    mesh = np.meshgrid(*levels, indexing="ij")
    points = {factor.name: axis.ravel() for factor, axis in zip(factors, mesh, strict=True)}
    return pd.DataFrame(points), {
        "size": size,
        "levels": {f.name: len(v) for f, v in zip(factors, levels, strict=True)},
    }


def _levels(factor: Factor, asked: Any) -> np.ndarray:
    """Return the levels of one factor of a grid, from their number or from the values themselves."""
    if asked is None:
        raise ValueError(f"a grid needs levels of {factor.name}: give a size, or levels by factor")
    if isinstance(asked, Sequence | np.ndarray) and not isinstance(asked, str):
        frame = pd.DataFrame({factor.name: list(asked)})
        return checked_points(frame, f"levels of {factor.name}", [factor], MOST_POINTS)[factor.name].to_numpy()
    _check_whole(f"levels of {factor.name}", asked, 2)
    _check_count(f"levels of {factor.name}", asked, "give fewer")
    return factor.levels(asked)


def _latin_hypercube(factors: Sequence[Factor], size: int, seed: int, options: Mapping[str, Any]) -> Made:
    """Return a Latin hypercube: each factor's range in as many equal parts as points, one point in each."""
    from scipy.stats import qmc

    _check_count("a Latin hypercube", size, "give a smaller size")
    unit = qmc.LatinHypercube(len(factors), seed=np.random.default_rng(seed)).random(size)
    return _scaled(factors, unit), {"size": size}


def _sobol(factors: Sequence[Factor], size: int, seed: int, options: Mapping[str, Any]) -> Made:
    """Return Saltelli's sample over a scrambled Sobol sequence: blocks of A, A with a column of B each, and B."""
    with extra("analysis"):
        from SALib.sample import sobol

    second, base = options.get("second_order", False), 2 ** math.ceil(math.log2(size))
    if not isinstance(second, bool):
        raise ValueError(f"second_order = {second!r} has to be true or false")
    grouped = _grouped(factors, options)
    block = len(grouped.get("groups", factors)) * (2 if second else 1) + 2
    _check_count("Saltelli's sample", base * block, "give a smaller size or fewer factors")
    unit = sobol.sample(_unit_problem(factors, grouped), base, calc_second_order=second, seed=seed)
    settings = {"size": base, "second_order": second, **grouped}
    if base != size:
        settings["note"] = f"size {size} was rounded up to {base}, a power of two"
    return _scaled(factors, unit), settings


def _morris(factors: Sequence[Factor], size: int, seed: int, options: Mapping[str, Any]) -> Made:
    """Return Morris' trajectories: each moves one factor after the other by the same part of its range."""
    with extra("analysis"):
        from SALib.sample import morris

    levels = options.get("levels", MORRIS_LEVELS)
    _check_whole("levels", levels, 2)
    if levels % 2 or levels > MOST_LEVELS:
        raise ValueError(f"levels: Morris' grid needs an even number of them, at most {MOST_LEVELS:,}")
    grouped = _grouped(factors, options)
    _check_count(
        "Morris' sample", size * (len(grouped.get("groups", factors)) + 1), "give a smaller size or fewer factors"
    )
    unit = morris.sample(_unit_problem(factors, grouped), size, num_levels=levels, seed=seed)
    points = _scaled(factors, unit)
    for position, factor in enumerate(factors):
        if factor.whole:
            points[factor.name] = _even_moves(
                factor, np.rint(unit[:, position] * (levels - 1)).astype(np.int64), levels
            )
    return points, {"size": size, "levels": levels, **grouped}


def _even_moves(factor: Factor, level: np.ndarray, levels: int) -> np.ndarray:
    """Return whole numbers for the levels of Morris' grid such that every move over half the grid is as long.

    Args:
        factor: a factor of whole numbers.
        level: places on the grid, shape (points,).
        levels: how many places there are.
    """
    half, width = levels // 2, factor.high - factor.low
    move = max(1.0, round(half / (levels - 1) * width))
    lower = np.rint((level % half) / max(half - 1, 1) * (width - move))
    return (factor.low + lower + (level >= half) * move).astype(np.int64)


def _one_at_a_time(factors: Sequence[Factor], size: None, seed: int, options: Mapping[str, Any]) -> Made:
    """Return the defaults, then every factor over its range while all others stay."""
    steps = options.get("steps", ENDS)
    _check_whole("steps", steps, ENDS)
    for factor in factors:
        if not math.isfinite(factor.default):
            raise ValueError(f"{factor.name} has no default: one at a time goes from there")
    _check_count("one at a time", 1 + steps * len(factors), "give fewer steps")
    rows = [{factor.name: factor.default for factor in factors}]
    rows += [{**rows[0], factor.name: value} for factor in factors for value in factor.levels(steps)]
    whole = {factor.name: np.int64 for factor in factors if factor.whole}
    return pd.DataFrame(rows).astype(whole), {"steps": steps}


def _table(factors: Sequence[Factor], size: None, seed: int, options: Mapping[str, Any]) -> Made:
    """Return the points of a table of one's own."""
    table = options["table"]
    settings = {"table": str(located(table))} if is_path(table) else {}
    return read_points(table, factors, MOST_POINTS), settings


_MAKERS: Mapping[str, Any] = {
    "grid": _grid,
    "latin_hypercube": _latin_hypercube,
    "sobol": _sobol,
    "morris": _morris,
    "one_at_a_time": _one_at_a_time,
    "table": _table,
}


def _scaled(factors: Sequence[Factor], unit: np.ndarray) -> pd.DataFrame:
    """Return points from numbers in [0, 1], shape (points, factors)."""
    return pd.DataFrame({factor.name: factor.scaled(unit[:, position]) for position, factor in enumerate(factors)})


def _grouped(factors: Sequence[Factor], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return all groups as an option; nothing where none are asked for."""
    return {"groups": groups_of(options["groups"], factors)} if options.get("groups") is not None else {}


def _unit_problem(factors: Sequence[Factor], grouped: Mapping[str, Any]) -> dict[str, Any]:
    """Return SALib's description of the unit cube; points are scaled from there."""
    problem = problem_of(factors, grouped.get("groups"))
    return {**problem, "bounds": [[0.0, 1.0]] * len(factors)}


def _own_factors(table: Any) -> tuple[Factor, ...]:
    """Return the declared parameters that a table's columns name."""
    frame, where = opened(table, (), 1)
    try:
        return factors_of([str(name) for name in frame.columns])
    except KeyError as error:
        raise ValueError(f"{where}: {error.args[0]}") from None


def _check_method(method: str, options: Mapping[str, Any]) -> None:
    """Say that there is no such method, or which option it does not take."""
    if method not in METHODS:
        raise ValueError(f"there is no design {method!r}: choose one of {', '.join(METHODS)}")
    for name in options:
        if name not in METHODS[method]:
            taken = ", ".join(METHODS[method]) or "none"
            raise ValueError(f"{method} takes no option {name!r}; its options: {taken}")
    if method == "table" and "table" not in options:
        raise ValueError("a table needs the option table: a file or a data frame")


def _checked_size(method: str, size: int | None) -> int | None:
    """Return a size, or say that a method needs one or takes none."""
    takes = method in ("grid", "latin_hypercube", "sobol", "morris")
    if size is None:
        if takes and method != "grid":
            raise ValueError(f"{method} needs a size: how many points, blocks or trajectories")
        return None
    if not takes:
        raise ValueError(f"{method} takes no size: its points follow from {METHODS[method][0]}")
    _check_whole("size", size, 1 if method == "latin_hypercube" else 2)
    return int(size)


def _check_factors(factors: Sequence[Factor]) -> None:
    """Say that there is nothing to vary, or what is varied twice."""
    if not factors:
        raise ValueError("there are no factors: name at least one parameter to vary")
    names = [factor.name for factor in factors]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"{name} is varied {names.count(name)} times: once is enough")


def _check_names(option: str, given: Mapping[str, Any], factors: Sequence[Factor]) -> None:
    """Say which name is none of the factors'."""
    names = [factor.name for factor in factors]
    for name in given:
        if name not in names:
            raise ValueError(f"{option} names {name!r}, which is not varied; the factors: {', '.join(names)}")


def _check_whole(name: str, value: Any, least: int) -> None:
    """Say that a value is no whole number, or too small."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name} = {value!r} has to be a whole number of at least {least}")


def _check_count(what: str, count: int, remedy: str) -> None:
    """Say that a design would have too many points."""
    if count > MOST_POINTS:
        number = f"{count:,}" if count < COUNTABLE else "far too many"
        raise ValueError(f"{what} would have {number} points, at most {MOST_POINTS:,} are allowed: {remedy}")
