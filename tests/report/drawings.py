"""What figures are drawn from in tests: frames as the analyses return them, easy and awkward."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from aimarket.experiments.figures import estimates, fan, region, sensitivity, tipping, variance_shares

NAMES = ("announcement_effect", "deployment", "coding_threshold", "spillover", "connection_rate")
LONG = tuple(f"a_parameter_with_a_name_that_goes_on_for_quite_a_while_{letter}" for letter in "abcde")
TOUCHING = 2.0
"""Pixels by which boxes of letters, which have some air around them, may touch."""


def indices(names=NAMES, **changed):
    weights = np.linspace(0.6, 0.01, len(names))
    frame = pd.DataFrame(
        {
            "parameter": names,
            "first": 0.8 * weights,
            "first_low": 0.7 * weights,
            "first_high": 0.9 * weights,
            "total": weights,
            "total_low": 0.9 * weights,
            "total_high": 1.1 * weights,
        }
    )
    return frame.assign(**changed)


def by_quarter(names=NAMES):
    dates = pd.period_range("2026Q1", periods=6, freq="Q").astype(str)
    return pd.concat([indices(names).assign(time=date) for date in dates], ignore_index=True)


def tornado(names=NAMES):
    swing = np.linspace(0.5, 0.05, len(names))
    sides = np.where(np.arange(len(names)) % 3 == 1, -0.5, 1.0)
    return pd.DataFrame(
        {
            "parameter": names,
            "low_value": 0.1,
            "high_value": 1200.0,
            "at_low": 1.0 - swing,
            "at_high": 1.0 + sides * swing,
            "base": 1.0,
        }
    )


def effects(names=NAMES):
    size = np.linspace(2.0, 0.1, len(names))
    return pd.DataFrame(
        {
            "parameter": names,
            "mu_star": size,
            "mu_star_low": 0.9 * size,
            "mu_star_high": 1.1 * size,
            "mu": size,
            "sigma": size[::-1],
        }
    )


def limits(names=NAMES[:2]):
    return pd.DataFrame(
        {
            "parameter": names,
            "low": 0.3,
            "high": 0.9,
            "range_low": 0.0,
            "range_high": 1.2,
            "p_value": 0.001,
        }
    )


def box(names=NAMES[:2]):
    path = np.linspace(0.0, 1.0, 8)
    trajectory = pd.DataFrame({"coverage": 1.0 - 0.6 * path, "density": 0.4 + 0.5 * path})
    return SimpleNamespace(
        limits=limits(names), coverage=0.7, density=0.65, mass=0.3, base_rate=0.4, trajectory=trajectory
    )


def worlds(names=NAMES[:2], count=200):
    points = pd.DataFrame(np.random.default_rng(1).uniform(0.0, 1.2, (count, 2)), columns=list(names))
    return points, (points[names[0]] > 0.3).to_numpy()


def tipped(name=NAMES[0], **changed):
    value = np.linspace(0.0, 1.2, 9)
    curve = pd.DataFrame({"value": value, "mean": 2.0 * value, "low": 2.0 * value - 0.1, "high": 2.0 * value + 0.1})
    output = {"value": 0.5, "low": 0.45, "high": 0.55, "below": "not supported", "above": "supported", "crossings": 1}
    return SimpleNamespace(**{"parameter": name, "curve": curve, **output, **changed})


def parts(names=("Funding", "Gap")):
    rows = [
        {"outcome": name, "source": source, "part": part, "low": part - 0.05, "high": part + 0.05}
        for name in names
        for source, part in (("parameters", 0.7), ("chance", 0.3))
    ]
    return pd.DataFrame(rows)


def estimated(names=("the deal", "no deal")):
    mean = np.linspace(0.5, 1.5, len(names))
    return pd.DataFrame({"label": names, "mean": mean, "low": mean - 0.1, "high": mean + 0.1})


def fanned(twin=True):
    noise = np.random.default_rng(2).normal(size=(24, 50)).cumsum(0)
    level = 40.0 + noise
    return fan.Fan(
        "Share", "%", 2026.0 + np.arange(24) / 4.0, level + 3.0 if twin else noise, level if twin else None, 1, "deal"
    )


FIGURES = {
    "indices": lambda names, **words: sensitivity.plot_indices(indices(names), **words),
    "course": lambda names, **words: sensitivity.plot_course(by_quarter(names), **words),
    "tornado": lambda names, **words: sensitivity.plot_tornado(tornado(names), outcome_unit="USD bn", **words),
    "effects": lambda names, **words: sensitivity.plot_effects(effects(names), **words),
    "limits": lambda names, **words: region.plot_limits(limits(names), **words),
    "worlds": lambda names, **words: region.plot_worlds(
        *worlds([*names, "another"][:2]), limits=limits(names[:1]), units={names[0]: "1/quarter"}, **words
    ),
    "trajectory": lambda names, **words: region.plot_trajectory(box(names), **words),
    "response": lambda names, **words: tipping.plot_response(
        tipped(names[0]), condition="> 1", parameter_unit="1/quarter", default=0.2, **words
    ),
    "chance": lambda names, **words: variance_shares.plot_variance_shares(parts(names), **words),
    "estimates": lambda names, **words: estimates.plot_estimates(estimated(names), condition="> 1", **words),
    "fan": lambda names, **words: fan.plot_fan(fanned(), **words),
    "difference": lambda names, **words: fan.plot_fan(fanned(twin=False), **words),
}
"""Every figure by name, drawn for parameters of some names."""


def unseen(figure):
    """Return the labels of ticks beyond the ends of their axis, which matplotlib keeps and does not draw."""
    found = []
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        slack = 1e-9 * (high - low)
        found += [tick.label1 for tick in axis.get_major_ticks() if not low - slack <= tick.get_loc() <= high + slack]
    return found


def letters(figure):
    """Return every text that is seen in a figure with its box, pixels."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    hidden = unseen(figure)
    found = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    return [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in found if text not in hidden]


def overlaps(figure):
    """Return pairs of texts that lie on one another, and texts that leave the figure."""
    seen = letters(figure)
    pairs = [
        (one, other)
        for place, (one, first) in enumerate(seen)
        for other, second in seen[:place]
        if min(first.x1, second.x1) - max(first.x0, second.x0) > TOUCHING
        and min(first.y1, second.y1) - max(first.y0, second.y0) > TOUCHING
    ]
    wide, high = figure.canvas.get_width_height()
    outside = [
        text
        for text, at in seen
        if at.x0 < -TOUCHING or at.x1 > wide + TOUCHING or at.y0 < -TOUCHING or at.y1 > high + TOUCHING
    ]
    return pairs, outside
