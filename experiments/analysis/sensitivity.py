"""Which assumption matters: Sobol indices, Morris' elementary effects, and one assumption at a time.

Everything takes a design and the outcome at its points, shape (points,), or by quarter, shape (points, T). Frames list
the factors in the design's order; by quarter they begin with a column ``time``, the quarter's position from 0.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from ..designs.design import Design
from ..optional_dependencies import extra
from ..statistics import LEVEL
from .missing_outcomes import REFUSE, complete, steady

RESAMPLES = 100
"""Bootstrap samples of Sobol indices, as SALib has it: the half width of an interval is known to some 7 %."""

EFFECT_RESAMPLES = 1000
"""Bootstrap samples of elementary effects, of which there are few."""

METHODS: Mapping[str, str] = {"sobol": "sobol_indices", "morris": "morris_effects", "one_at_a_time": "tornado"}
"""Which analysis belongs to which design."""


def sobol_indices(design: Design, values: np.ndarray, *, seed: int = 0, missing: str = REFUSE) -> pd.DataFrame:
    """Return the part of the outcome's variance that each factor explains, alone and with all its interactions.

    The estimators are SALib's (Saltelli et al. 2010), the intervals its bootstrap over blocks: normal, at 95 %.

    Args:
        design: made by Sobol's method.
        values: the outcome, shape (points,) or (points, T).
        seed: the seed of the bootstrap.
        missing: ``refuse`` outcomes that are not numbers, or ``drop`` every block that holds one.

    Returns:
        One row a factor, or a group where the design has some, called parameter: first, first_low, first_high, total,
        total_low, total_high. An outcome that never varies has zeros. ``attrs["dropped"]`` counts blocks, and
        ``attrs["groups"]`` holds the factors of each row.

    Raises:
        ValueError: the design is another one, or outcomes are missing.

    Examples:
        >>> import aimarket
        >>> sweep = aimarket.open_sweep("results")
        >>> indices = aimarket.sobol_indices(sweep.design, sweep.values("surge").mean(1))
        >>> list(indices)[:4]
        ['parameter', 'first', 'first_low', 'first_high']
    """
    _check_method(design, "sobol")
    values = np.asarray(values, np.float64)
    kept = complete(values, len(design.points), design.block, missing)
    found = (_indices if values.ndim == 1 else _indices_by_quarter)(design, values[kept], seed)
    columns = {**_with_interval("first", found["S1"], found["S1_conf"])}
    columns |= _with_interval("total", found["ST"], found["ST_conf"])
    return _framed(design, columns, "1", kept)


def sobol_interactions(design: Design, values: np.ndarray, *, seed: int = 0, missing: str = REFUSE) -> pd.DataFrame:
    """Return the part of the outcome's variance that each pair of factors explains beyond what both do alone.

    Args:
        design: made by Sobol's method with ``second_order``.
        values: the outcome, shape (points,).
        seed: the seed of the bootstrap.
        missing: as in `sobol_indices`.

    Returns:
        One row a pair of factors, or of groups: parameter, other, second, second_low, second_high.

    Raises:
        ValueError: the design is another one, or outcomes are missing.
    """
    _check_method(design, "sobol")
    values = np.asarray(values, np.float64)
    if not design.options["second_order"]:
        raise ValueError("pairs need a design made with second_order=True; this one has blocks for single factors")
    if values.ndim > 1:
        raise ValueError(f"values have shape {values.shape}; pairs are found for one outcome, ({len(values)},)")
    kept = complete(values, len(design.points), design.block, missing)
    found, pair = _indices(design, values[kept], seed), np.triu_indices(len(design.groups), 1)
    names = np.array(list(design.groups), dtype=object)
    columns = _with_interval("second", found["S2"][pair], found["S2_conf"][pair])
    frame = pd.DataFrame({"parameter": names[pair[0]], "other": names[pair[1]], **columns})
    return _labelled(frame, columns, "1", int((~kept).sum()) // design.block)


def morris_effects(design: Design, values: np.ndarray, *, seed: int = 0, missing: str = REFUSE) -> pd.DataFrame:
    """Return how far the outcome moves when a factor moves over its whole range, all else as it happens to be.

    Args:
        design: made by Morris' method.
        values: the outcome, shape (points,) or (points, T).
        seed: the seed of the bootstrap.
        missing: ``refuse`` outcomes that are not numbers, or ``drop`` every trajectory that holds one.

    Returns:
        One row a factor, or a group where the design has some: parameter, mu_star (the mean size of its effects) with a
        95 % interval, mu (their mean) and sigma (their spread: interactions or curvature), in the outcome's unit. Of a
        group of several mu and sigma are missing: its factors move in different directions. ``attrs["dropped"]`` counts
        trajectories, and ``attrs["groups"]`` holds the factors of each row.

    Raises:
        ValueError: the design is another one, or outcomes are missing.

    Examples:
        >>> import aimarket
        >>> from aimarket.experiments.designs.design import make_design
        >>> from aimarket.experiments.designs.factors import factors_of
        >>> design = make_design("morris", factors_of(["deployment", "dilution"]), size=4)
        >>> outcome = 2.0 * design.points["deployment"].to_numpy()
        >>> aimarket.morris_effects(design, outcome)[["parameter", "mu_star"]].round(2)
            parameter  mu_star
        0  deployment      0.6
        1    dilution      0.0
    """
    _check_method(design, "morris")
    values = np.asarray(values, np.float64)
    kept = complete(values, len(design.points), design.block, missing)
    points = design.points.to_numpy(np.float64)[kept]
    if values.ndim == 1:
        found = _effects(design, points, values[kept], seed)
    else:
        quarters = [_effects(design, points, quarter, seed) for quarter in values[kept].T]
        found = {name: np.array([quarter[name] for quarter in quarters]) for name in quarters[0]}
    columns = _with_interval("mu_star", found["mu_star"], found["mu_star_conf"])
    return _framed(design, {**columns, "mu": found["mu"], "sigma": found["sigma"]}, "outcome", kept)


def tornado(design: Design, values: np.ndarray, *, missing: str = REFUSE) -> pd.DataFrame:
    """Return the outcome at both ends of each factor's range while all others stay at their defaults.

    Args:
        design: one at a time.
        values: the outcome, shape (points,) or (points, T).
        missing: ``refuse`` outcomes that are not numbers, or ``drop`` every factor that has one at an end.

    Returns:
        One row a factor: parameter, low_value, high_value, at_low, at_high, and base, the outcome at the defaults.

    Raises:
        ValueError: the design is another one, or outcomes are missing.
    """
    _check_method(design, "one_at_a_time")
    values = np.asarray(values, np.float64)
    complete(values, len(design.points), 1, missing)
    counts = [len(factor.levels(design.options["steps"])) for factor in design.factors]
    last = np.cumsum(counts)
    ends = np.stack([last - counts + 1, last])
    low, high = (np.moveaxis(values[rows], 0, -1) for rows in ends)
    base = np.broadcast_to(values[0, ..., None], low.shape)
    if not np.isfinite(base).all():
        raise ValueError("the outcome is missing at the defaults, point 0: nothing can be compared with it")
    columns = {"at_low": low, "at_high": high, "base": base}
    frame = _framed(design, columns, "outcome", np.ones(1, bool))
    position = 1 if values.ndim > 1 else 0
    times = len(frame) // len(counts)
    frame.insert(position + 1, "low_value", np.tile([factor.low for factor in design.factors], times))
    frame.insert(position + 2, "high_value", np.tile([factor.high for factor in design.factors], times))
    gone = frame.loc[frame[["at_low", "at_high"]].isna().any(axis=1), "parameter"].unique()
    frame.attrs["dropped"] = len(gone)
    return frame[~frame["parameter"].isin(gone)].reset_index(drop=True)


def _check_method(design: Design, method: str) -> None:
    """Say which design an analysis needs, and which analysis a design is for."""
    if design.method != method:
        own = METHODS.get(design.method, "find_box and grow_tree")
        raise ValueError(
            f"{METHODS[method]} needs a design made by make_design({method!r}, ...); this one is {design.method}, "
            f"which is for {own}"
        )


def _indices(design: Design, values: np.ndarray, seed: int) -> Mapping[str, np.ndarray]:
    """Return SALib's analysis of one outcome, shape (points,); zeros where it never varies."""
    with extra("analysis"):
        from SALib.analyze import sobol

    count, second = len(design.groups), design.options["second_order"]
    if steady(values):
        zero, none = np.zeros(count), np.zeros((count, count))
        return {"S1": zero, "S1_conf": zero, "ST": zero, "ST_conf": zero, "S2": none, "S2_conf": none}
    return sobol.analyze(
        design.problem(),
        values,
        calc_second_order=second,
        num_resamples=RESAMPLES,
        conf_level=LEVEL,
        seed=np.random.SeedSequence(seed),  # to SALib the number 0 is no seed
    )


def _indices_by_quarter(design: Design, values: np.ndarray, seed: int) -> Mapping[str, np.ndarray]:
    """Return SALib's estimates for many quarters at once, and its bootstrap as products of matrices.

    Args:
        design: made by Sobol's method.
        values: the outcome, shape (points, T).
        seed: the seed of the bootstrap.

    Returns:
        The same as SALib's analysis quarter by quarter, up to rounding, shape (T, factors) each.
    """
    with extra("analysis"):
        from SALib.analyze import sobol

    count, quarters = len(design.groups), values.shape[1]
    found = {name: np.zeros((quarters, count)) for name in ("S1", "S1_conf", "ST", "ST_conf")}
    moving = np.array([not steady(quarter) for quarter in values.T])
    if not moving.any():
        return found
    scaled = values[:, moving]
    scaled = ((scaled - scaled.mean(0)) / scaled.std(0)).reshape(-1, design.block, int(moving.sum()))
    a, b = scaled[:, 0], scaled[:, -1]
    sampled = _times_sampled(len(a), seed)
    variance = sampled @ (a**2 + b**2) / 2.0 - (sampled @ (a + b) / 2.0) ** 2
    for position in range(count):
        mixed = scaled[:, position + 1]
        found["S1"][moving, position] = sobol.first_order(a, mixed, b)
        found["ST"][moving, position] = sobol.total_order(a, mixed, b)
        found["S1_conf"][moving, position] = _half_width(sampled @ (b * (mixed - a)), variance)
        found["ST_conf"][moving, position] = _half_width(sampled @ (0.5 * (a - mixed) ** 2), variance)
    return found


def _times_sampled(blocks: int, seed: int) -> np.ndarray:
    """Return the weight of each block in each of SALib's bootstrap samples, shape (samples, blocks)."""
    sampled = np.random.default_rng(np.random.SeedSequence(seed)).integers(blocks, size=(blocks, RESAMPLES))
    return np.stack([np.bincount(sample, minlength=blocks) for sample in sampled.T]) / blocks


def _half_width(part: np.ndarray, variance: np.ndarray) -> np.ndarray:
    """Return half the width of a normal interval, shape (T,), from bootstrap samples, shape (samples, T) each."""
    index = np.divide(part, variance, out=np.zeros_like(part), where=variance > np.finfo(float).eps)
    return stats.norm.ppf(0.5 + LEVEL / 2) * index.std(0, ddof=1)


def _effects(design: Design, points: np.ndarray, values: np.ndarray, seed: int) -> Mapping[str, np.ndarray]:
    """Return SALib's analysis of one outcome, shape (points,), from points of shape (points, factors)."""
    with extra("analysis"):
        from SALib.analyze import morris

    found = morris.analyze(
        design.problem(),
        points,
        values,
        num_resamples=EFFECT_RESAMPLES,
        conf_level=LEVEL,
        num_levels=design.options["levels"],
        seed=np.random.SeedSequence(seed),
    )
    stretch = _stretch(design, points)
    effects = {name: np.asarray(found[name]) * stretch for name in ("mu_star", "mu_star_conf", "mu", "sigma")}
    single = np.array([len(members) == 1 for members in design.groups.values()])
    return effects | {name: np.where(single, effects[name], np.nan) for name in ("mu", "sigma")}


def _stretch(design: Design, points: np.ndarray) -> np.ndarray:
    """Return, by group, the move that SALib takes for granted over the one made: not 1 for whole numbers only."""
    levels = design.options["levels"]
    granted = levels / 2 / (levels - 1)
    moves = np.abs(np.diff(points.reshape(-1, design.block, points.shape[1]), axis=1)).max((0, 1))
    stretch = {
        factor.name: granted * (factor.high - factor.low) / move if factor.whole else 1.0
        for factor, move in zip(design.factors, moves, strict=True)
    }
    return np.array([stretch[members[0]] if len(members) == 1 else 1.0 for members in design.groups.values()])


def _with_interval(name: str, value: np.ndarray, half: np.ndarray) -> dict[str, np.ndarray]:
    """Return an estimate with both ends of its interval, as columns."""
    return {name: value, f"{name}_low": value - half, f"{name}_high": value + half}


def _framed(design: Design, columns: Mapping[str, np.ndarray], unit: str, kept: np.ndarray) -> pd.DataFrame:
    """Return columns as a frame with a row a group, which without groups is a factor, or a row a quarter and group.

    Args:
        design: whose groups they are.
        columns: shape (groups,) or (T, groups) each.
        unit: of all of them.
        kept: which points were analysed.
    """
    names = list(design.groups)
    shape = next(iter(columns.values())).shape
    frame = pd.DataFrame({name: column.ravel() for name, column in columns.items()})
    frame.insert(0, "parameter", names * (len(frame) // len(names)))
    if len(shape) > 1:
        frame.insert(0, "time", np.repeat(np.arange(shape[0]), shape[1]))
    frame.attrs["groups"] = {name: list(members) for name, members in design.groups.items()}
    return _labelled(frame, columns, unit, int((~kept).sum()) // design.block)


def _labelled(frame: pd.DataFrame, columns: Mapping[str, np.ndarray], unit: str, dropped: int) -> pd.DataFrame:
    """Add the units of columns, and how many blocks were dropped."""
    frame.attrs.update(units=dict.fromkeys(columns, unit), dropped=dropped)
    return frame
