"""The picture of the imports: which room uses which, read from the code, light and dark.

python docs/manual/import_picture.py docs/figures draws them into docs/figures.
"""

import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import grimp
import networkx as nx
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path as Line

from aimarket.experiments.figures.style import THEMES, Theme, svg

ROOT = Path(__file__).resolve().parents[2]
LAYERS = ("server", "experiments", "model", "agents")
WIDTH, ROW, BOX, GAP, HEAD = 7.6, 0.46, 0.26, 0.16, 0.5
"""Inches: the picture, from one row to the next, a box, between boxes, and above the rows of a layer."""

LETTER, PADDING, LETTERS = 0.066, 0.2, 8.0
SWEEPS = 12
PASSES = "passes"
"""What a place is called through which an arrow goes on its way to a row further down."""


class Place(NamedTuple):
    """Where the middle of a box stands, inches."""

    x: float
    y: float


def room_of(module: str) -> str:
    """Return the room or the file at the root of a layer to which a module belongs: model.markets, agents.firm."""
    return ".".join(module.split(".")[1:3])


def imports() -> nx.DiGraph:
    """Return which room imports which while a program runs; imports for type hints alone are no part of it."""
    found = grimp.build_graph("aimarket", exclude_type_checking_imports=True, cache_dir=None)
    graph = nx.DiGraph()
    for module in sorted(found.modules):
        for used in sorted(found.find_modules_directly_imported_by(module)):
            user, room = room_of(module), room_of(used)
            if user != room and "." in user and "." in room:
                graph.add_edge(user, room)
    return graph


def inside(graph: nx.DiGraph, layer: str) -> nx.DiGraph:
    """Return the imports between the rooms of a layer, without those that a chain of others implies."""
    rooms = graph.subgraph(sorted(room for room in graph if room.startswith(f"{layer}.")))
    return nx.transitive_reduction(rooms)


def between(graph: nx.DiGraph) -> nx.DiGraph:
    """Return the imports between layers, without those that a chain of others implies."""
    pairs = ((user.partition(".")[0], used.partition(".")[0]) for user, used in graph.edges)
    return nx.transitive_reduction(nx.DiGraph(pair for pair in pairs if pair[0] != pair[1]))


def arrows(graph: nx.DiGraph) -> set[str]:
    """Return the name of every arrow of the picture."""
    drawn = [between(graph), *(inside(graph, layer) for layer in LAYERS)]
    return {f"{user}--{used}" for part in drawn for user, used in part.edges}


def rows_of(part: nx.DiGraph) -> tuple[list[list[str]], dict[tuple[str, str], list[str]]]:
    """Return the rooms of a layer in rows, users above what they use, and what each arrow passes on its way."""
    rows = [sorted(row) for row in nx.topological_generations(part.reverse())][::-1]
    level = {room: number for number, row in enumerate(rows) for room in row}
    ways = {}
    for user, used in sorted(part.edges):
        passed = [f"{PASSES} {user} {used} {number}" for number in range(level[user] + 1, level[used])]
        for number, place in enumerate(passed, level[user] + 1):
            rows[number].append(place)
        ways[user, used] = [user, *passed, used]
    return rows, ways


def ordered(rows: list[list[str]], ways: Iterable[list[str]]) -> dict[str, float]:
    """Return how far right everything stands, inches from the middle: near what it is joined to, and beside others."""
    joined: dict[str, list[str]] = {name: [] for row in rows for name in row}
    for way in ways:
        for upper, lower in pairwise(way):
            joined[upper].append(lower)
            joined[lower].append(upper)
    x = {name: place for row in rows for name, place in zip(row, packed(row), strict=True)}
    for _ in range(SWEEPS):
        for row in (*rows, *reversed(rows)):
            row.sort(key=lambda name: (sum(x[other] for other in joined[name]) / max(len(joined[name]), 1), name))
            x |= dict(zip(row, packed(row), strict=True))
    return x


def packed(row: list[str]) -> list[float]:
    """Return the middles of boxes side by side around zero, inches."""
    widths = [width_of(name) + GAP for name in row]
    return [sum(widths[:place]) + widths[place] / 2 - sum(widths) / 2 for place in range(len(row))]


def width_of(name: str) -> float:
    """Return the width of a box, inches; an arrow that passes needs little."""
    return GAP if name.startswith(PASSES) else PADDING + LETTER * len(name.partition(".")[2])


def draw(graph: nx.DiGraph, colours: Theme) -> Figure:
    """Return the picture: a band a layer, users above what they use."""
    parts = {layer: inside(graph, layer) for layer in LAYERS}
    heights = {layer: HEAD + ROW * (len(rows_of(part)[0]) - 1) + BOX for layer, part in parts.items()}
    height = sum(heights.values()) + GAP * (len(LAYERS) + 1)
    figure = Figure(figsize=(WIDTH, height), facecolor=colours.page)
    axes = figure.add_axes((0, 0, 1, 1), xlim=(-WIDTH / 2, WIDTH / 2), ylim=(-height, 0))
    axes.set_axis_off()
    top, tops = -GAP, {}
    for layer, part in parts.items():
        tops[layer] = top
        draw_layer(axes, colours, part, layer, top, heights[layer])
        top -= heights[layer] + GAP
    for user, used in sorted(between(graph).edges):
        ends = Line([(0, tops[user] - heights[user]), (0, tops[used])])
        draw_arrow(axes, f"{user}--{used}", ends, colours.ink, 2.2)
    return figure


def draw_layer(axes, colours: Theme, part: nx.DiGraph, layer: str, top: float, height: float) -> None:
    """Draw a layer's band with its rooms and what they use."""
    draw_box(axes, Place(0, top - height / 2), WIDTH - 2 * GAP, height, colours.grid, "none")
    axes.text(-WIDTH / 2 + 2 * GAP, top - GAP, layer, color=colours.ink, fontsize=11, fontweight="bold", va="top")
    rows, ways = rows_of(part)
    x = ordered(rows, ways.values())
    places = {name: Place(x[name], top - HEAD - ROW * n) for n, row in enumerate(rows) for name in row}
    for (user, used), way in ways.items():
        points = [places[name] for name in way]
        ends = [
            points[0]._replace(y=points[0].y - BOX / 2),
            *points[1:-1],
            points[-1]._replace(y=points[-1].y + BOX / 2),
        ]
        draw_arrow(axes, f"{user}--{used}", Line(ends), colours.faint, 0.9)
    for room in sorted(part):
        draw_box(axes, places[room], width_of(room), BOX, colours.page, colours.line)
        name, is_folder = room.partition(".")[2], (ROOT / room.replace(".", "/")).is_dir()
        text = f"{name}/" if is_folder else name
        colour = colours.ink if is_folder else colours.soft
        axes.text(*places[room], text, color=colour, fontsize=LETTERS, ha="center", va="center_baseline", zorder=4)


def draw_box(axes, middle: Place, width: float, height: float, fill: str, edge: str) -> None:
    """Draw a box around a place."""
    corner = (middle.x - width / 2, middle.y - height / 2)
    style = "round,pad=0,rounding_size=0.06"
    axes.add_patch(
        FancyBboxPatch(
            corner,
            width,
            height,
            style,
            facecolor=fill,
            edgecolor=edge,
            linewidth=0.8,
            zorder=3 if edge != "none" else 1,
        )
    )


def draw_arrow(axes, name: str, line: Line, colour: str, width: float) -> None:
    """Draw an arrow that has a name."""
    arrow = FancyArrowPatch(
        path=line, arrowstyle="-|>", mutation_scale=7 + 2 * width, color=colour, linewidth=width, zorder=2
    )
    arrow.set_gid(name)
    axes.add_patch(arrow)


def main(folder: Path) -> None:
    """Draw the picture in both themes."""
    graph = imports()
    for theme, colours in THEMES.items():
        (folder / f"imports_{theme}.svg").write_text(svg(draw(graph, colours)), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
