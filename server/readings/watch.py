"""What the Watch page is told: once what stays the same in a run, and every quarter what the quarter adds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from ..output import difference, figure
from ..state import HORIZON, date_of
from . import happenings, headlines, network
from .cast import focus, recipients, short, token

if TYPE_CHECKING:
    from ..session import Session, World

DIGITS = 5
"""Significant digits of a point in a chart: more than a screen can show."""

PERCENT = 100.0
SECTORS = ("funding_labs", "funding_vendors", "funding_construction", "funding_energy")
BUILDING = ("funding_construction", "funding_cooling", "funding_storage", "funding_clusters")


def setup(session: Session) -> str:
    """Return what stays the same in a run, as JSON."""
    story = session.case
    told: dict[str, Any] = {
        "labs": [[short(name), token(session, name), name] for name in session.firms["ai_labs"]],
        "vendors": [short(name) for name in session.firms["chip_vendors"]],
        "focus": session.firms["ai_labs"].index(focus(session)),
        "nodes": [list(node) for node in network.nodes(session)],
        "figures": [[item.label, item.unit] for item in headlines.headlines(session)],
        "story": headlines.story(session),
        "deals": sorted({deal.start - session.first + 1 for deal in story.deals}),
        "recipients": recipients(session),
        "year": int(date_of(story.name, 1)[:4]),
        "horizon": HORIZON,
        "twin": session.has_twin,
        "groups": list(dict.fromkeys(happenings.GROUP.values())),
    }
    return json.dumps(told)


def frame(session: Session, quarter: int) -> dict[str, Any]:
    """Return what a quarter adds: figures, sentence, points of the charts, dollars of the network, what happened."""
    now = session.at(quarter)
    worlds = (now.own, now.twin)
    return {
        "q": quarter,
        "date": date_of(session.case.name, quarter),
        "figures": headlines.told(session, quarter),
        "sentence": headlines.sentence(session, quarter),
        "active": [int(value) for value in now.own.column("ai_labs", "active")],
        "share": [_points(PERCENT * world.column("ai_labs", "market_share")) for world in worlds],
        "capability": [_points(world.column("ai_labs", "capability")) for world in worlds],
        "compute": [_points(world.column("ai_labs", "compute")) for world in worlds],
        "raised": [_raised(world) for world in worlds],
        "chip_price": [_point(world.indicator("landed_price")) for world in worlds],
        "wait": [_points(world.column("chip_vendors", "lead_time")) for world in worlds],
        "power_price": [_point(world.indicator("power_price")) for world in worlds],
        "load": [_point(world.indicator("ai_load")) for world in worlds],
        "unconnected": [_point(world.indicator("unconnected_halls")) for world in worlds],
        "labels": _labels(session, quarter),
        "net": network.told(session, quarter),
        "log": happenings.told(session, quarter),
    }


def _raised(world: World) -> list[float]:
    """Return the money raised in a quarter by labs, chips, building and power, USD bn."""
    building = sum(world.indicator(name) for name in BUILDING)
    labs, chips, _, power = (world.indicator(name) for name in SECTORS)
    return [_point(value) for value in (labs, chips, building, power)]


def _labels(session: Session, quarter: int) -> dict[str, list[list[str]]]:
    """Return the text at the end of every line: its value, and for the lab in focus the difference from its twin."""
    now = session.at(quarter)
    found = {}
    for name, factor in (("market_share", PERCENT), ("capability", 1.0)):
        found[name] = _ends(*(factor * world.column("ai_labs", name) for world in (now.own, now.twin)))
    found["compute"] = _ends(*(world.column("ai_labs", "compute") for world in (now.own, now.twin)))
    found["wait"] = _ends(*(world.column("chip_vendors", "lead_time") for world in (now.own, now.twin)))
    for name in ("landed_price", "power_price", "ai_load", "unconnected_halls"):
        found[name] = _ends(*(np.array([world.indicator(name)]) for world in (now.own, now.twin)))
    return found


def _ends(own: np.ndarray, twin: np.ndarray) -> list[list[str]]:
    """Return values and differences as they are shown."""
    return [[figure(float(a)), difference(float(a), float(b))] for a, b in zip(own, twin, strict=True)]


def _points(values: np.ndarray) -> list[float]:
    """Return an array as numbers of a few digits."""
    return [_point(value) for value in values]


def _point(value: Any) -> float:
    """Return a number of a few digits."""
    return float(f"{float(value):.{DIGITS}g}")
