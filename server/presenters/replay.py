"""A replay of a run: charts that move with a time line, as one file of HTML that needs no server."""

from __future__ import annotations

import json
import re
from functools import cache
from html import escape
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ..sessions.citations import about
from ..sessions.downloads import File
from ..url.dates import date_of
from . import headline_figures, quantities
from .firm_labels import focus, short_name, token
from .quantities import LABS, Quantity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..sessions.twin_run import TwinRun
    from ..url.view_state import View

LINK = "{link}"
"""Stands for the address of the page, which the browser alone knows."""

BY_LAB = (quantities.SHARE, quantities.COMPUTE)
OF_ALL = (quantities.REVENUE, quantities.CAPITAL, quantities.LEAD_TIME, quantities.POWER_PRICE)
"""What is drawn: a line a lab, and a line a world."""

NAMES = MappingProxyType({quantities.SHARE: "Share of AI revenue", quantities.COMPUTE: "Compute of each lab"})
READING = "Solid is the world of the scenario, dashed its twin without the deal, on the same random numbers."
ALONE = "One world, without a twin."
DIGITS = 6
COLOUR = re.compile(r"--([\w-]+):(#[0-9A-Fa-f]{6})")


def data(run: TwinRun, view: View, link: str = LINK) -> dict[str, Any]:
    """Return what a replay shows, plain enough for JSON: sentences by quarter, and the lines of each chart.

    Args:
        run: the pair of worlds, as far as it is shown.
        view: what is looked at; as many quarters as it has seen are shown.
        link: where the run is found again.
    """
    length = view.quarter
    return {
        **about(view),
        "title": f"{run.case.title.rstrip('.')}: a replay",
        "story": headline_figures.story(run),
        "dates": [date_of(run.case, k + 1) for k in range(length)],
        "sentences": [headline_figures.sentence(run, k + 1) for k in range(length)],
        "deals": sorted({deal.start - run.first + 1 for deal in run.case.deals}),
        "reading": READING if run.has_twin else ALONE,
        "charts": [
            *({"title": NAMES[item], "unit": item.unit, "lines": list(_by_lab(run, item, length))} for item in BY_LAB),
            *({"title": item.label, "unit": item.unit, "lines": list(_of_all(run, item, length))} for item in OF_ALL),
        ],
        "link": link,
    }


def page(content: dict[str, Any]) -> str:
    """Return a replay as one page of HTML: styles, script and numbers are in it."""
    inside = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
    said = f"{content['scenario']}; {content['run']}; {content['source']}, {content['date']}"
    filled = {"title": escape(content["title"]), "about": escape(said), "tokens": _file("tokens.css"), "data": inside}
    return re.sub(r"\{(title|about|tokens|data)\}", lambda part: filled[part[1]], _file("replay.html"))


def file_of(run: TwinRun, view: View) -> File:
    """Return the replay of what a visitor has seen, whose link the browser puts in."""
    name = f"replay_{run.case.name}_seed{view.seed}_{view.quarter}_quarters.html"
    return File(name, "text/html", page(data(run, view)).encode())


def colours() -> dict[str, str]:
    """Return the colours of the pages in the light, by name, as ``#RRGGBB``."""
    light = _file("tokens.css").partition("[data-theme=dark]")[0]
    return dict(COLOUR.findall(light))


def _by_lab(run: TwinRun, item: Quantity, length: int) -> Iterator[dict[str, Any]]:
    """Yield a line a lab, and of the one in focus its twin."""
    lab = focus(run)
    for row, name in enumerate(run.firms[LABS]):
        own, twin = _course(run, item, length, row)
        if any(own):
            yield _line(short_name(name), token(run, name), own, bold=name == lab)
            if name == lab and run.has_twin:
                yield _line(f"{short_name(name)}, twin", token(run, name), twin, dashed=True)


def _of_all(run: TwinRun, item: Quantity, length: int) -> Iterator[dict[str, Any]]:
    """Yield a line a world."""
    own, twin = _course(run, item, length)
    yield _line("as it happens", "deal" if run.case.deals else "ink", own, bold=True)
    if run.has_twin:
        yield _line("twin", "twin", twin, dashed=True)


def _course(run: TwinRun, item: Quantity, length: int, row: int = 0) -> tuple[list[float], list[float]]:
    """Return a quantity quarter by quarter, in both worlds."""
    past = [run.at(k + 1) for k in range(length)]
    return [_point(item.read(one.own, row)) for one in past], [_point(item.read(one.twin, row)) for one in past]


def _line(name: str, colour: str, values: list[float], *, bold: bool = False, dashed: bool = False) -> dict[str, Any]:
    """Return a line of a chart."""
    return {"name": name, "colour": colour, "values": values, "bold": bold, "dashed": dashed}


def _point(value: float) -> float:
    """Return a number of a few digits."""
    return float(f"{value:.{DIGITS}g}")


@cache
def _file(name: str) -> str:
    """Return a file of those that browsers get."""
    found: Any = files(f"{__package__.rpartition('.')[0]}").joinpath("browser", name)
    return str(found.read_text(encoding="utf-8"))
