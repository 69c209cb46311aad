"""What runs at a cloud and for whom, and where what a lab runs comes from, in one quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...experiments.formatting import numeral, shown
from .firm_labels import token

if TYPE_CHECKING:
    from ..sessions.twin_run import TwinRun, World

UNIT = "M H100e"
SMALLEST = 0.0005
"""M H100e below which a line is left out."""

Part = tuple[str, float, str]


def compute_use(run: TwinRun, kind: str, row: int, world: World) -> dict[str, Any] | None:
    """Return the parts of the compute that runs, as a panel shows it; nothing of firms that run none.

    Returns:
        ``title``, ``unit``, ``lines`` of label, amount, amount as it is shown and colour, and the ``sum`` as shown.
    """
    if kind not in {"ai_labs", "clouds"}:
        return None
    title, parts = ("For whom it runs", _of_cloud) if kind == "clouds" else ("Where its compute is", _of_lab)
    lines = [(label, amount, colour) for label, amount, colour in parts(run, row, world) if amount >= SMALLEST]
    whole = world.column(kind, "own_compute" if kind == "clouds" else "powered_compute")[row]
    return {
        "title": title,
        "unit": UNIT,
        "lines": [[label, amount, numeral(amount), colour] for label, amount, colour in lines],
        "sum": shown(float(whole), UNIT),
    }


def _of_cloud(run: TwinRun, row: int, world: World) -> list[Part]:
    """Return what a cloud runs for tenants, its own lab, enterprises, its other products, and nobody."""
    tenants, housed = (world.column("clouds", name)[row] for name in ("served", "housed"))
    one = [
        (f"Its own lab, {name}", float(amount), token(run, name))
        for name, amount in zip(run.firms["ai_labs"], housed, strict=True)
    ]
    lets, products, idle = (float(world.column("clouds", name)[row]) for name in ("short_let", "in_house", "idle"))
    return [
        ("Labs, under contracts", float(tenants.sum()), "labs"),
        *one,
        ("Enterprises, short lets", lets, "ink3"),
        ("Its own products", products, "ink2"),
        ("Nobody: idle", idle, "line2"),
    ]


def _of_lab(run: TwinRun, row: int, world: World) -> list[Part]:
    """Return what a lab owns, rents of each landlord less what it lets on, and has of its parent's cloud."""
    own, products = (float(world.column("ai_labs", name)[row]) for name in ("own_compute", "in_house"))
    clouds = run.firms["clouds"]
    served, housed = (world.column("clouds", name)[:, row] for name in ("served", "housed"))
    kept = 1.0 - float(world.column("ai_labs", "sublet")[row]) / max(float(served.sum()), SMALLEST)
    own_use = served * kept
    rented = [(f"Rented from {name}", float(amount), "clouds") for name, amount in zip(clouds, own_use, strict=True)]
    parents = [(f"At its parent, {name}", float(amount), "clouds") for name, amount in zip(clouds, housed, strict=True)]
    return [("Its own", own - products, "ink2"), *rented, *parents]
