"""Labels that do not lie on one another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from ..formatting import number
from .style import SMALL, Theme, broken

AWAY = 6
PLACES = (
    (0, AWAY, "center", "bottom"),
    (0, -AWAY, "center", "top"),
    (AWAY, 0, "left", "center"),
    (-AWAY, 0, "right", "center"),
    (AWAY, 2 * AWAY, "left", "bottom"),
    (AWAY, -2 * AWAY, "left", "top"),
    (-AWAY, 2 * AWAY, "right", "bottom"),
    (-AWAY, -2 * AWAY, "right", "top"),
)
"""Where a name may stand beside its point: offset in points, and how it is aligned."""

DOT = 4.0
"""Half the width that a point takes, pixels."""


def place_names(
    axes: Axes, points: tuple[np.ndarray, np.ndarray, np.ndarray], names: Sequence[str], colours: Theme
) -> list[Annotation]:
    """Write names beside the first points, in order; a name that finds no free place is left out.

    Args:
        axes: a panel whose limits are set.
        points: x and y, shape (points,), and how far marks reach to the left and right, shape (2, points).
        names: of the first points.
        colours: the theme.
    """
    x, y, reach = points
    figure = axes.get_figure()
    assert isinstance(figure, Figure)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    inside = axes.get_window_extent().padded(1.0)
    left, right = (axes.transData.transform(np.column_stack([edge, y])) for edge in (x - reach[0], x + reach[1]))
    taken = [Bbox.from_extents(*(low - DOT), *(high + DOT)) for low, high in zip(left, right, strict=True)]
    kept = []
    for position, name in enumerate(names):
        label = _free_label(axes, (x[position], y[position]), name, colours, (inside, taken))
        if label is not None:
            taken.append(label.get_window_extent())
            kept.append(label)
    return kept


def spread(places: np.ndarray, apart: float, bottom: float) -> np.ndarray:
    """Return places that are at least some distance apart and above the bottom, from places in falling order."""
    moved = np.array(places, dtype=float)
    for lower in range(1, len(moved)):
        moved[lower] = min(moved[lower], moved[lower - 1] - apart)
    moved[-1] = max(moved[-1], bottom)
    for upper in range(len(moved) - 2, -1, -1):
        moved[upper] = max(moved[upper], moved[upper + 1] + apart)
    return moved


def _free_label(
    axes: Axes, point: tuple[float, float], name: str, colours: Theme, room: tuple[Bbox, list[Bbox]]
) -> Annotation | None:
    """Return a label at the first place where it touches nothing, or None."""
    inside, taken = room
    for dx, dy, horizontal, vertical in PLACES:
        label = axes.annotate(
            broken(name),
            point,
            xytext=(dx, dy),
            textcoords="offset points",
            ha=horizontal,
            va=vertical,
            color=colours.soft,
            fontsize=SMALL,
        )
        label.set_in_layout(False)
        box = label.get_window_extent()
        within = inside.containsx(box.x0) and inside.containsx(box.x1)
        within = within and inside.containsy(box.y0) and inside.containsy(box.y1)
        if within and not any(box.overlaps(other) for other in taken):
            return label
        label.remove()
    return None


def write_ends(axes: Axes, row: int, item: pd.Series, colours: Theme) -> None:
    """Write the parameter's values at the ends of a tornado's bar, as one label where both lie on one side."""
    base = item["base"]
    ends = [(item["at_low"], number(item["low_value"])), (item["at_high"], number(item["high_value"]))]
    left = sorted((end for end in ends if end[0] < base), key=lambda end: end[0])
    right = sorted((end for end in ends if end[0] > base), key=lambda end: -end[0])
    for side, away, align in ((left, -5, "right"), (right, 5, "left")):
        if side:
            axes.annotate(
                ", ".join(text for _, text in side),
                (side[0][0], row),
                xytext=(away, 0),
                textcoords="offset points",
                ha=align,
                va="center",
                color=colours.soft,
                fontsize=SMALL,
                annotation_clip=False,
            )
