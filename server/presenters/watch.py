"""What the Watch page shows: once what stays the same in a run, and every quarter what the quarter adds."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ...experiments.formatting import UNSEEN, beside
from ..url.dates import date_of
from ..url.limits import HORIZON
from . import events, headline_figures, network, quantities
from .firm_labels import focus, recipients, short_name, token
from .quantities import CAPABILITY, CHIP_PRICE, COMPUTE, LEAD_TIME, POWER_PRICE, SHARE, Quantity

if TYPE_CHECKING:
    from ..sessions.twin_run import TwinRun, World

DIGITS = 9
"""Significant digits of a point in a chart: so many that rounding it once more shows what rounding the number does."""

BY_LAB = (SHARE, CAPABILITY, COMPUTE)
"""What is plotted as a line a lab."""

RENTS = (quantities.CONTRACT_RENT, quantities.SPOT_RENT)
USE = (quantities.RENTED_PART, quantities.IDLE_PART)
OF_CLOUDS = {
    "running": (quantities.CLOUD_COMPUTE, "own_compute"),
    "spent": (quantities.CLOUD_CAPEX, "capex"),
    "debt": (quantities.CLOUD_DEBT, "debt"),
}
"""What is plotted of all clouds together and of each: the whole, and the column of its parts."""

ENDS = {
    CHIP_PRICE.name: CHIP_PRICE.unit,
    POWER_PRICE.name: POWER_PRICE.unit,
    "ai_load": "GW",
    "unconnected_halls": "GW",
}
"""Indicators that are plotted as one line, and their units."""


def setup(run: TwinRun) -> str:
    """Return what stays the same in a run, as JSON."""
    story = run.case
    payload: dict[str, Any] = {
        "labs": [[short_name(name), token(run, name), name] for name in run.firms["ai_labs"]],
        "vendors": [short_name(name) for name in run.firms["chip_vendors"]],
        "clouds": [short_name(name) for name in run.firms["clouds"]],
        "focus": run.firms["ai_labs"].index(focus(run)),
        "nodes": [list(node) for node in network.nodes(run)],
        "figures": headline_figures.labels(run),
        "story": headline_figures.story(run),
        "deals": sorted({deal.start - run.first + 1 for deal in story.deals}),
        "recipients": recipients(run),
        "year": int(date_of(story, 1)[:4]),
        "horizon": HORIZON,
        "twin": run.has_twin,
        "last": headline_figures.last_claimed(run),
        "beyond": headline_figures.BEYOND,
        "groups": list(dict.fromkeys(events.GROUP.values())),
    }
    return json.dumps(payload)


def frame(run: TwinRun, quarter: int) -> dict[str, Any]:
    """Return what a quarter adds: figures, sentence, points of the charts, dollars of the network, what happened."""
    now = run.at(quarter)
    worlds = (now.own, now.twin)
    return {
        "q": quarter,
        "date": date_of(run.case, quarter),
        "figures": headline_figures.payload(run, quarter),
        "sentence": headline_figures.sentence(run, quarter),
        "active": [int(value) for value in now.own.column("ai_labs", "active")],
        "share": [_points(SHARE.of_labs(world)) for world in worlds],
        "capability": [_points(CAPABILITY.of_labs(world)) for world in worlds],
        "compute": [_points(COMPUTE.of_labs(world)) for world in worlds],
        "raised": [_points(network.raised(world).values()) for world in worlds],
        "chip_price": [_point(world.indicator("landed_price")) for world in worlds],
        "wait": [_points(world.column("chip_vendors", "lead_time")) for world in worlds],
        "power_price": [_point(world.indicator("power_price")) for world in worlds],
        "load": [_point(world.indicator("ai_load")) for world in worlds],
        "unconnected": [_point(world.indicator("unconnected_halls")) for world in worlds],
        "rents": [_measured(RENTS, world) for world in worlds],
        "use": [_measured(USE, world) for world in worlds],
        "backlog": [_point(quantities.BACKLOG.read(world)) for world in worlds],
        **{name: [_points(_of_clouds(name, world)) for world in worlds] for name in OF_CLOUDS},
        "labels": _labels(run, quarter),
        "net": network.payload(run, quarter),
        "totals": network.totals(run, quarter),
        "log": events.payload(run, quarter),
    }


def _labels(run: TwinRun, quarter: int) -> dict[str, list[list[str]]]:
    """Return the text at the end of every line: its value, and for the lab in focus the difference from its twin."""
    now = run.at(quarter)
    own, twin = now.own, now.twin
    found = {item.name: _ends(item.unit, item.of_labs(own), item.of_labs(twin)) for item in BY_LAB}
    waits = (world.column("chip_vendors", "lead_time") for world in (own, twin))
    found["wait"] = _ends(LEAD_TIME.unit, *waits)
    for name, unit in ENDS.items():
        found[name] = _ends(unit, *([world.indicator(name)] for world in (own, twin)))
    for name, items in (("rents", RENTS), ("use", USE), ("backlog", (quantities.BACKLOG,))):
        found[name] = [_ends(item.unit, [item.read(own)], [item.read(twin)])[0] for item in items]
    for name, (whole, _) in OF_CLOUDS.items():
        found[name] = _ends(whole.unit, _of_clouds(name, own), _of_clouds(name, twin))
    return found


def _of_clouds(name: str, world: World) -> list[float]:
    """Return an amount of all clouds together, then that of each."""
    whole, column = OF_CLOUDS[name]
    return [whole.read(world), *world.column("clouds", column)]


def _measured(items: Iterable[Quantity], world: World) -> list[float]:
    """Return some quantities of the market."""
    return _points(item.read(world) for item in items)


def _ends(unit: str, own: Iterable[float], twin: Iterable[float]) -> list[list[str]]:
    """Return values and differences as they are shown."""
    pairs = (beside(float(a), float(b), unit) for a, b in zip(own, twin, strict=True))
    return [[pair.value, pair.change] for pair in pairs]


def _points(values: Iterable[float]) -> list[float]:
    """Return an array as numbers of a few digits."""
    return [_point(value) for value in values]


def _point(value: Any) -> float:
    """Return a number of a few digits; what is too small to be seen is nothing."""
    return 0.0 if abs(value) < UNSEEN else float(f"{float(value):.{DIGITS}g}")
