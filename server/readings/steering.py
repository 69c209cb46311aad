"""Steering: what the drawer shows, the deal as it can be composed, and the sliders of all parameters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ...model.dates import quarter_date, quarter_number
from ...model.deals import INSTRUMENTS, LARGEST_DEAL, LONGEST_DRAW, Deal
from ...model.earmarks import USES
from ...model.parameters import parameters
from ...model.start import load_start
from ..composing import DEAL, case_of
from ..state import HORIZON
from .cast import short
from .sliders import AMOUNT, groups, uncertain

if TYPE_CHECKING:
    from ..state import View

PERCENT = 100.0
USUAL_AMOUNT, USUAL_RECIPIENT, USUAL_FUNDER = 35.0, "Anthropic", "Apollo"
"""What the composer begins with where a scenario holds no deal."""


def told(view: View, refused: str, *, everything: bool) -> str:
    """Return what the drawer is told, as JSON.

    Args:
        view: what is looked at.
        refused: why the composed deal cannot be.
        everything: whether all parameters are listed, or those that are most uncertain or changed.
    """
    names = list(parameters()) if everything else uncertain(also=_wanted(view))
    return json.dumps({
        "deal": composed(view), "own": DEAL in view.extra, "several": len(case_of(view).deals) > 1,
        "choices": choices(), "refused": refused, "everything": everything, "groups": groups(names, view),
        "count": len(parameters()), "changed": len(view.settings),
    })  # fmt: skip


def composed(view: View) -> dict[str, Any]:
    """Return the deal of a view as the composer shows it, parts in per cent; a usual one where there is none."""
    deals = case_of(view).deals
    deal = deals[0] if deals else _usual()
    return {
        "there": bool(deals), "amount": deal.amount, "date": quarter_date(deal.start), "instrument": deal.instrument,
        "recipients": _percent(deal.recipients), "funders": _percent(deal.funders), "earmark": _percent(deal.earmark),
        "draw": [_tidy(PERCENT * part) for part in deal.draw],
    }  # fmt: skip


def choices() -> dict[str, Any]:
    """Return what a deal can be made of."""
    start = load_start()
    first = quarter_number(start.quarter) + 1
    return {
        "recipients": [[name, short(name)] for name, active in start.roster["ai_labs"] if active],
        "funders": [[name, short(name)] for name, active in start.roster["asset_managers"] if active],
        "earmark": [[name, name] for name in USES],
        "instruments": list(INSTRUMENTS),
        "dates": [quarter_date(first + later) for later in range(HORIZON)],
        "most": LARGEST_DEAL,
        "longest": LONGEST_DRAW,
    }


def _wanted(view: View) -> list[str]:
    """Return the parameters that are shown besides the uncertain ones."""
    return [*view.settings, *([AMOUNT] if case_of(view).deals else [])]


def _usual() -> Deal:
    """Return the deal that the composer begins with."""
    first = quarter_number(load_start().quarter) + 1
    return Deal("usual", first + 1, USUAL_AMOUNT, "loan", {USUAL_RECIPIENT: 1.0}, {USUAL_FUNDER: 1.0})


def _percent(parts: Any) -> dict[str, float]:
    """Return parts of one in per cent."""
    return {name: _tidy(PERCENT * part) for name, part in parts.items()}


def _tidy(value: float) -> float:
    """Return a number without the dust of arithmetic."""
    return float(f"{value:.8g}")
