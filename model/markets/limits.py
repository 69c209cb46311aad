"""Limits of labs' decisions: which of them were within one percent of a limit when they were taken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ...agents.rules.limits import LIMITS, near
from ...agents.state.arrays import Floats

if TYPE_CHECKING:
    from ..market_model import MarketModel


def note_limits(market: MarketModel, found: Mapping[str, Floats]) -> None:
    """Note by limit whether labs' decisions are at it, shape (labs, R) each; other limits stay as they were."""
    labs = market.labs
    now = {name: labs.active * there for name, there in found.items()}
    noted = [now.get(name, labs.at_limit[:, place]) for place, name in enumerate(LIMITS)]
    labs.commit(at_limit=np.stack(noted, axis=1))


def note_plans(market: MarketModel) -> None:
    """Note which plans and requests are at a limit; of what labs rent it is noted when they plan it (P7)."""
    labs = market.labs
    found = {
        "chips": near(labs.planned_compute, labs.all.fastest_order),
        "halls": near(labs.planned_halls, labs.all.fastest_building),
    }
    note_limits(market, found)
