"""A replay as an animated picture: a frame a quarter, the same charts as in its page."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from .style import LABEL, SMALL, THEMES

COLUMNS, WIDTH, HEIGHT, DPI = 3, 10.0, 6.4, 90
FRAME, LAST = 250, 3000
"""Milliseconds that a quarter is seen, and the last one."""

HEADLINE, FOOT = 9.5, 7.0
"""Sizes of letters, points."""

LETTERS, LINES = 150, 3
"""Letters on a line, and up to how many names stand below one another."""


def plot_replay(content: Mapping[str, Any], colours: Mapping[str, str]) -> bytes:
    """Return a replay as GIF: as many frames as quarters.

    Args:
        content: what it shows: title, dates, sentences, charts and what is said of the run, as the page has it.
        colours: by name, as ``#RRGGBB``.
    """
    sheet = Figure(figsize=(WIDTH, HEIGHT), dpi=DPI, facecolor=THEMES["light"].page)
    charts = content["charts"]
    axes = sheet.subplots(-(-len(charts) // COLUMNS), COLUMNS).ravel()[: len(charts)]
    sheet.subplots_adjust(left=0.05, right=0.985, top=0.83, bottom=0.11, hspace=0.36, wspace=0.22)
    head = sheet.text(0.012, 0.955, "", size=HEADLINE, weight="bold", color=THEMES["light"].ink, va="center")
    run, source = f"{content['scenario']}; {content['run']}", f"{content['source']}, {content['date']}. No forecast."
    sheet.text(0.012, 0.91, run[:LETTERS], size=SMALL, color=THEMES["light"].soft, va="center")
    sheet.text(0.012, 0.018, f"{content['reading']}\n{source}", size=FOOT, color=THEMES["light"].faint)
    moving = [_chart(ax, chart, content, colours) for ax, chart in zip(axes, charts, strict=True)]
    frames = []
    for quarter in range(1, len(content["dates"]) + 1):
        head.set_text("".join(text for text, _ in content["sentences"][quarter - 1]))
        for lines in moving:
            for line, values in lines:
                line.set_data(range(quarter), values[:quarter])
        held = io.BytesIO()
        sheet.savefig(held, format="png", facecolor=THEMES["light"].page)
        frames.append(Image.open(held).convert("RGB").quantize(64))
    return _gif(frames, f"{content['title']}. {run}. {source} {content['link']}")


def _chart(ax: Axes, chart: Mapping[str, Any], content: Mapping[str, Any], colours: Mapping[str, str]) -> list[Any]:
    """Draw what stays the same in a chart; return its lines, each with its values."""
    theme, dates = THEMES["light"], content["dates"]
    every = [value for line in chart["lines"] for value in line["values"]]
    ax.set_title(f"{chart['title']}, {chart['unit']}", size=LABEL, loc="left", color=theme.ink)
    ax.set_xlim(0, max(1, len(dates) - 1))
    ax.set_ylim(min(0.0, *every), 1.3 * max(1e-9, *every))
    years = [place for place, date in enumerate(dates) if date.endswith("Q1") and place % 8 == 0]
    ax.set_xticks(years, [dates[place][:4] for place in years])
    ax.tick_params(labelsize=SMALL, colors=theme.faint, length=2)
    ax.grid(axis="y", color=theme.grid)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    for begin in content["deals"]:
        ax.axvline(begin - 1, color=colours["deal"], linewidth=0.8)
    drawn = []
    for line in chart["lines"]:
        width, dash = 2.2 if line["bold"] else 1.4, "--" if line["dashed"] else "-"
        made = ax.plot([], [], dash, color=colours[line["colour"]], linewidth=width, label=line["name"])[0]
        drawn.append((made, line["values"]))
    ax.legend(fontsize=6.5, frameon=False, loc="upper left", ncols=2 if len(drawn) > LINES else 1)
    return drawn


def _gif(frames: Sequence[Image.Image], comment: str) -> bytes:
    """Return pictures as one that moves and begins anew."""
    held = io.BytesIO()
    times = [FRAME] * (len(frames) - 1) + [LAST]
    frames[0].save(
        held, "GIF", save_all=True, append_images=frames[1:], duration=times, loop=0, comment=comment.encode()[:255]
    )
    return held.getvalue()
