"""What happened in a quarter; what lasts is told when it begins, and not again for as long as it goes on (P15)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ...agents.rules.segments import SEGMENTS
from ...agents.state.arrays import Floats, present, total
from ...agents.state.shown import shown
from . import money_trail

if TYPE_CHECKING:
    from ..market_model import MarketModel

SIGNED = 0.10
"""New contracts of a quarter over the compute at hand from which signing is told (assumption)."""

IDLE = 0.02
"""Part of a fleet without tenants from which idle capacity is told (assumption)."""

OVER = 0.5
"""Part of its limit below which something that lasts is over; so what sways about a limit is told once (assumption)."""


@shown()
class Lasting(NamedTuple):
    """Something that may last: an amount and the limit from which it counts, shape (R,) each."""

    amount: Floats
    limit: Floats


def happened(market: MarketModel) -> dict[str, Floats]:
    """Return what happened by kind and firm, as in ``release|OpenAI``, shape (R,) each."""
    labs, vendors = market.labs, market.vendors
    found = {f"default|{name}": market.failed[name] for name in market.failed}
    found |= {f"release|{name}": labs.released[row] for row, name in enumerate(labs.names)}
    found |= {f"generation|{name}": vendors.new_generation[row] for row, name in enumerate(vendors.names)}
    marks = {"entry": labs.entered, "exit": labs.exited, "acquisition": labs.takeovers}
    found |= {f"{kind}|{name}": mark[row] for kind, mark in marks.items() for row, name in enumerate(labs.names)}
    found |= _of_clouds(market)
    comes = np.ones(market.replicates) * market.entering(vendors)
    found |= present({f"entry|{name}": comes[row] for row, name in enumerate(vendors.names)})
    found |= _of_segments(market)
    return found | money_trail.happened(market)


def _of_clouds(market: MarketModel) -> dict[str, Floats]:
    """Return entries and exits of clouds, and what begins: much signed, capacity idle, a landlord's covenant broken."""
    clouds, labs = market.clouds, market.labs
    marks = {"entry": clouds.entered, "exit": clouds.exited}
    found = {f"{kind}|{name}": mark[row] for kind, mark in marks.items() for row, name in enumerate(clouds.names)}
    signed, at_hand = total(labs.signed, 1), labs.all.compute_at_hand
    lasting = {f"signed|{name}": Lasting(signed[row], SIGNED * at_hand[row]) for row, name in enumerate(labs.names)}
    for row, name in enumerate(clouds.names):
        lasting[f"idle|{name}"] = Lasting(clouds.idle[row], IDLE * clouds.own_compute[row])
        broken = clouds.covenant_broken[row]
        lasting[f"landlord covenant|{name}"] = Lasting(broken, np.zeros_like(broken))
    return found | begun(market.history.lasting, lasting)


def _of_segments(market: MarketModel) -> dict[str, Floats]:
    """Return ones where a lab becomes the largest seller in a segment, who is so at first left out."""
    labs, held = market.labs, market.history.lasting
    found: dict[str, Floats] = {}
    for place, segment in enumerate(SEGMENTS):
        largest = labs.sales[:, place].argmax(0)
        for row, name in enumerate(labs.names):
            key, now = f"largest in {segment}|{name}", (largest == row) & (labs.sales[row, place] > 0.0)
            others = f"others are {key}"
            found[key] = now * held.get(others, np.zeros(market.replicates))
            held[others] = 1.0 - now
    return found


def begun(held: dict[str, Floats], lasting: Mapping[str, Lasting]) -> dict[str, Floats]:
    """Return ones where something begins, and remember what goes on.

    Args:
        held: ones where something went on last quarter, by name; brought up to date.
        lasting: what may go on now.
    """
    found = {}
    for name, (amount, limit) in lasting.items():
        before = held.get(name, np.zeros_like(amount))
        goes_on = (amount > limit * np.where(before > 0.0, OVER, 1.0)).astype(np.float64)
        found[name] = goes_on * (1.0 - before)
        held[name] = goes_on
    return found
