"""Where a claim holds: the box of assumptions that PRIM finds (Friedman and Fisher 1999), and a decision tree."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from ...agents.state.numbers import floats
from ...agents.state.shown import shown
from ...model.inputs.named_values import by_name
from ..optional_dependencies import extra

COVERAGE = 0.5
"""What part of the points where a claim holds a box has to contain, unless somebody says otherwise."""

LEAST_MASS = 0.05
"""The smallest part of all points that a box or a leaf may contain."""

SIGNIFICANT = 0.05
"""A limit whose quasi-p-value is above this is lifted."""

DEPTH = 4
"""How many questions a tree asks one after the other: more are hard to tell."""

ANYTHING = 1e-9
"""Above this a point counts as one where the claim holds: these are 1, all others 0."""

PERCENT = 100.0
WORDS = ("at least", "at most")


@shown("text", "coverage", "density", "mass", "base_rate", "limits", "trajectory")
@dataclass(frozen=True, eq=False)
class Box:
    """A region of the assumptions where a claim holds more often than elsewhere.

    Attributes:
        limits: one row a limited parameter: parameter, low, high, range_low, range_high (of the points), p_value, the
            probability of so dense a box without the limit (Bryant and Lempert 2010), the larger of its ends'.
        coverage: the part of the points where the claim holds that lie in the box; not a number where it never holds.
        density: the part of the points in the box where the claim holds.
        mass: the part of all points that lie in the box.
        base_rate: the part of all points where the claim holds.
        trajectory: one row a box that was looked at: coverage, density, mass, limited, points.
        chosen: the row of this box.
    """

    limits: pd.DataFrame
    coverage: float
    density: float
    mass: float
    base_rate: float
    trajectory: pd.DataFrame
    chosen: int

    @property
    def text(self) -> str:
        """The result in a sentence."""
        if self.base_rate in (0.0, 1.0):
            return f"The claim holds {'everywhere' if self.base_rate else 'nowhere'}: there is no box to find."
        often = f"{PERCENT * self.base_rate:.0f} %"
        if self.limits.empty:
            return f"No limit makes a difference: the claim holds at {often} of the points."
        parts = [part for row in self.limits.itertuples(index=False) for part in _in_words(row)]
        return (
            f"Where {' and '.join(parts)}, the claim holds at {PERCENT * self.density:.0f} % of the points, against "
            f"{often} everywhere; these are {PERCENT * self.coverage:.0f} % of the points where it holds."
        )


@shown()
@dataclass(frozen=True, eq=False)
class Tree:
    """A decision tree: questions that tell where a claim holds.

    Attributes:
        boxes: one row a leaf, the densest first: box, density, coverage, mass, points.
        limits: one row a leaf and limited parameter: box, parameter, low, high; low itself is outside.
        text: the questions, indented.
    """

    boxes: pd.DataFrame
    limits: pd.DataFrame
    text: str


def find_box(
    points: pd.DataFrame, holds: np.ndarray, *, coverage: float = COVERAGE, least_mass: float = LEAST_MASS
) -> Box:
    """Return the box of assumptions in which a claim holds most often.

    PRIM peels thin slices off the space of assumptions, and pastes some back. Of the boxes on its way that contain
    enough of the points where the claim holds, the densest is taken, and of equally dense ones the largest. Then ends
    whose quasi-p-value is above 0.05 are lifted, the weakest first. The box is never less dense than the whole.

    Args:
        points: one row a point, one column a parameter.
        holds: whether the claim holds, shape (points,).
        coverage: the part of the points where it holds that the box has to contain.
        least_mass: the smallest part of all points that it may contain.

    Raises:
        ValueError: the points are not numbers, or there are no truth values for them.

    Examples:
        >>> import aimarket, numpy as np, pandas as pd
        >>> values = np.random.default_rng(7).uniform(size=(200, 2))
        >>> points = pd.DataFrame(values, columns=["deployment", "dilution"])
        >>> box = aimarket.find_box(points, points["deployment"].to_numpy() > 0.6)
        >>> print(box.text.partition(",")[0])
        Where deployment is at least 0.607
    """
    points, holds = _checked(points, holds)
    for name, part in (("coverage", coverage), ("least_mass", least_mass)):
        if not 0.0 < part <= 1.0:
            raise ValueError(f"{name} = {part!r} has to be above 0 and at most 1")
    if holds.all() or not holds.any():
        return _whole(points, holds)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own, of pandas and of what it would like to be installed
        found = _peeled(points, holds, least_mass)
        chosen = _lifted(found, _densest(found.peeling_trajectory, coverage))
    return _box(points, found, chosen, float(holds.mean()))


def grow_tree(points: pd.DataFrame, holds: np.ndarray, *, depth: int = DEPTH, least_mass: float = LEAST_MASS) -> Tree:
    """Return a decision tree (CART, Breiman et al. 1984) that tells where a claim holds.

    Args:
        points: one row a point, one column a parameter.
        holds: whether the claim holds, shape (points,).
        depth: how many questions it may ask one after the other.
        least_mass: the smallest part of all points in a leaf.

    Raises:
        ValueError: the points are not numbers, or there are no truth values for them.
    """
    with extra("analysis"):
        from sklearn.tree import DecisionTreeClassifier, export_text

    points, holds = _checked(points, holds)
    cells, names = points.to_numpy(np.float64), list(points.columns)
    least = max(1, math.ceil(least_mass * len(points)))
    tree = DecisionTreeClassifier(max_depth=depth, min_samples_leaf=least, random_state=0).fit(cells, holds)
    boxes = _counted(tree.apply(cells), holds)
    leaves = dict(_leaves(tree.tree_, 0, {}))
    limits = _limits_of_leaves(points, [leaves[leaf] for leaf in boxes.pop("leaf")])
    boxes.insert(0, "box", range(len(boxes)))
    classes = [f"it {'holds' if label else 'fails'} at most points" for label in tree.classes_]
    return Tree(boxes, limits, export_text(tree, feature_names=names, class_names=classes, decimals=3))


def _checked(points: Any, holds: Any) -> tuple[pd.DataFrame, np.ndarray]:
    """Return points and truth values of whatever library as numbers, or say what is wrong with them."""
    frame = pd.DataFrame({name: _numbers(name, column) for name, column in by_name(points, "points").items()})
    if not len(frame) or not len(frame.columns):
        raise ValueError("there are no points: give one row a point and one column a parameter")
    truth = np.asarray(holds)
    if truth.dtype == object and all(isinstance(item, bool | np.bool_) for item in truth.ravel()):
        truth = truth.astype(bool)
    if truth.dtype != np.bool_ or truth.shape != (len(frame),):
        raise ValueError(f"holds is {truth.dtype} of shape {truth.shape}; give true or false a point, ({len(frame)},)")
    return frame, truth


def _numbers(name: str, column: Any) -> np.ndarray:
    """Return a column as numbers, whole ones where they come as such."""
    try:
        numbers = floats(column, switch=True)
    except (TypeError, ValueError, OverflowError):
        numbers = np.full(1, np.nan)
    if not np.isfinite(numbers).all():
        raise ValueError(f"{name} is not a number at every point: drop the column or the points")
    return numbers.astype(np.int64) if np.asarray(column).dtype.kind in "iu" else numbers


def _whole(points: pd.DataFrame, holds: np.ndarray) -> Box:
    """Return the box without limits, of a claim that holds everywhere or nowhere."""
    rate = float(holds.mean())
    covered = 1.0 if rate else math.nan
    row = {"coverage": covered, "density": rate, "mass": 1.0, "limited": 0, "points": len(points)}
    return Box(_limits([]), covered, rate, 1.0, rate, pd.DataFrame([row]), 0)


def _peeled(points: pd.DataFrame, holds: np.ndarray, least_mass: float) -> Any:
    """Return PRIM's box with its trajectory; whole numbers are peeled like others, which pandas 3 needs.

    Version 2 of the library makes ones and noughts of an outcome by a threshold, version 3 is given them.
    """
    with extra("analysis"):
        from ema_workbench.analysis.prim import Prim

    threshold = {"threshold": ANYTHING} if "threshold" in signature(Prim).parameters else {}
    return Prim(points.astype(np.float64), holds.astype(np.float64), mass_min=least_mass, **threshold).find_box()


def _densest(trajectory: pd.DataFrame, coverage: float) -> int:
    """Return the row of the densest box that contains enough; of equally dense ones the largest."""
    enough = trajectory[trajectory["coverage"] >= coverage]
    return int(enough.sort_values(["density", "mass"], ascending=False, kind="stable").index[0])


def _lifted(found: Any, chosen: int) -> int:
    """Lift ends that may as well be chance, the weakest first; return the row of the box that is left."""
    best = chosen
    while weak := [end for end in _ends(found, best) if end.p_value > SIGNIFICANT]:
        weakest = max(weak, key=lambda end: end.p_value)
        limits = found.box_lims[best].copy()
        limits.loc[weakest.side, weakest.name] = found.box_lims[0].loc[weakest.side, weakest.name]
        cells = found.prim.x[limits.columns].to_numpy()
        inside = ((cells >= limits.loc[0].to_numpy()) & (cells <= limits.loc[1].to_numpy())).all(axis=1)
        found.update(limits, np.flatnonzero(inside))
        best = len(found.box_lims) - 1
    density = found.peeling_trajectory["density"]
    return best if density[best] >= density[0] else chosen


class End(NamedTuple):
    """One end of a limited parameter: 0 for its low, 1 for its high end."""

    name: str
    side: int
    p_value: float


def _ends(found: Any, row: int) -> list[End]:
    """Return the limited ends of a box with their quasi-p-values; the library marks ends without a limit by -1."""
    return [
        End(name, side, float(p))
        for name, both in _p_values(found)[row].items()
        for side, p in enumerate(both)
        if p >= 0.0
    ]


def _p_values(found: Any) -> Sequence[Mapping[str, Sequence[float]]]:
    """Return the quasi-p-values of every box, under either name that the library has for them."""
    return found.p_values if hasattr(found, "p_values") else found.qp


def _box(points: pd.DataFrame, found: Any, chosen: int, base_rate: float) -> Box:
    """Return a box in our words."""
    names = {"res_dim": "limited", "n": "points"}
    way = found.peeling_trajectory.rename(columns=names)[["coverage", "density", "mass", "limited", "points"]]
    ends, rows = _ends(found, chosen), []
    for name in dict.fromkeys(end.name for end in ends):
        low, high = found.box_lims[chosen][name]
        if pd.api.types.is_integer_dtype(points[name].dtype):
            low, high = math.ceil(low), math.floor(high)
        p_value = max(end.p_value for end in ends if end.name == name)
        rows.append((name, low, high, points[name].min(), points[name].max(), p_value))
    row = way.loc[chosen]
    return Box(_limits(rows), row["coverage"], row["density"], row["mass"], base_rate, way, chosen)


def _limits(rows: Sequence[tuple[Any, ...]]) -> pd.DataFrame:
    """Return limits as a frame, the surest first."""
    columns = ["parameter", "low", "high", "range_low", "range_high", "p_value"]
    return pd.DataFrame(rows, columns=columns).sort_values("p_value", kind="stable", ignore_index=True)


def _in_words(row: Any) -> Iterator[str]:
    """Yield what a row of limits says."""
    moved = (row.low > row.range_low, row.high < row.range_high)
    for word, end, is_moved in zip(WORDS, (row.low, row.high), moved, strict=True):
        if is_moved:
            yield f"{row.parameter} is {word} {end:.3g}"


def _leaves(tree: Any, node: int, ends: Mapping[int, tuple[float, float]]) -> Iterator[tuple[int, dict]]:
    """Yield every leaf below a node with the limits of its columns."""
    if tree.children_left[node] < 0:
        yield node, dict(ends)
        return
    column, split = int(tree.feature[node]), float(tree.threshold[node])
    low, high = ends.get(column, (-math.inf, math.inf))
    yield from _leaves(tree, int(tree.children_left[node]), {**ends, column: (low, min(high, split))})
    yield from _leaves(tree, int(tree.children_right[node]), {**ends, column: (max(low, split), high)})


def _limits_of_leaves(points: pd.DataFrame, leaves: Sequence[Mapping[int, tuple[float, float]]]) -> pd.DataFrame:
    """Return the limits of leaves by number; an end without a limit is that of the points."""
    rows = []
    for box, ends in enumerate(leaves):
        for column, (low, high) in sorted(ends.items()):
            values = points.iloc[:, column]
            rows.append((box, points.columns[column], max(low, values.min()), min(high, values.max())))
    return pd.DataFrame(rows, columns=["box", "parameter", "low", "high"])


def _counted(leaf: np.ndarray, holds: np.ndarray) -> pd.DataFrame:
    """Return density, coverage and mass of every leaf, the densest first."""
    groups = pd.DataFrame({"leaf": leaf, "holds": holds}).groupby("leaf")["holds"]
    frame = groups.agg(density="mean", true="sum", points="size").reset_index()
    frame["coverage"] = frame.pop("true") / holds.sum() if holds.any() else math.nan
    frame["mass"] = frame["points"] / len(holds)
    frame = frame.sort_values(["density", "mass"], ascending=False, kind="stable", ignore_index=True)
    return frame[["leaf", "density", "coverage", "mass", "points"]]
