"""Steering: what the drawer shows, the deal as it can be composed, and the sliders of all parameters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ...model.dates import quarter_date, quarter_number
from ...model.deals.deal import OUTSIDE, Deal
from ...model.deals.earmarks import USES
from ...model.deals.terms import (
    ASSETS,
    HIGHEST_COUPON,
    INSTRUMENTS,
    LARGEST_DEAL,
    LONGEST_DRAW,
    LONGEST_TERM,
    MOST_TRANCHES,
    TERMS,
    USUAL_GRACE,
    USUAL_TERM,
)
from ...model.indicators import INDICATORS
from ...model.initial_state import load_start
from ...model.parameters import parameters
from ..url.custom_deal import AMOUNT, case_of
from ..url.limits import HORIZON
from ..url.view_state import known_scenarios
from .firm_labels import short_name
from .scenario_menu import is_real
from .sliders import groups, uncertain

if TYPE_CHECKING:
    from ..url.view_state import View

PERCENT = 100.0
SUPPLIER = "Broadcom and Google TPU"
USUAL_AMOUNT, USUAL_RECIPIENT, USUAL_FUNDER = 35.0, "Anthropic", "Apollo"
"""What the composer begins with where a scenario holds no deal."""


def payload(view: View, refused: str, warned: Sequence[str] = (), *, everything: bool) -> str:
    """Return what the drawer shows, as JSON.

    Args:
        view: what is looked at.
        refused: why the composed deal cannot be.
        warned: what is to be known of the deal that runs.
        everything: whether all parameters are listed, or those that are most uncertain or changed.
    """
    names = list(parameters()) if everything else uncertain(also=_wanted(view))
    return json.dumps({
        "deal": composed(view), "own": view.deal is not None, "several": len(case_of(view).deals) > 1,
        "choices": choices(), "presets": presets(), "refused": refused, "warned": list(warned),
        "everything": everything,
        "groups": groups(names, view), "count": len(parameters()), "changed": len(view.settings),
    })  # fmt: skip


def composed(view: View) -> dict[str, Any]:
    """Return the deal of a view as the composer shows it, parts in per cent; a usual one where there is none."""
    deals = case_of(view).deals
    return {"there": bool(deals), **_shown(deals[0] if deals else _usual())}


def presets() -> list[tuple[str, dict[str, Any]]]:
    """Return the deals that come with the model: what each is called, and how the composer shows it."""
    return [
        (deal.name if is_real(case) else case.title.rstrip("."), {"there": True, **_shown(deal)})
        for case in known_scenarios().values()
        if not (case.changes or case.parameters)
        for deal in case.deals
    ]


def _shown(deal: Deal) -> dict[str, Any]:
    """Return a deal as the composer shows it, parts and rates in per cent."""
    condition = deal.condition
    below = condition is not None and condition.below is not None
    return {
        "amount": deal.amount, "date": quarter_date(deal.start), "instrument": deal.instrument,
        "recipients": _percent(deal.recipients), "funders": _percent(deal.funders), "earmark": _percent(deal.earmark),
        "draw": [_tidy(PERCENT * part) for part in deal.draw],
        "asset": deal.asset or ASSETS[0], "supplier": deal.supplier or SUPPLIER, "term": deal.term,
        "rate": None if deal.rate is None else _tidy(PERCENT * deal.rate),
        "tranches": [
            {**vars(item), "part": _tidy(PERCENT * item.part), "rate": _tidy(PERCENT * item.rate)}
            for item in deal.notes
        ],
        "guarantor": deal.guarantor or SUPPLIER, "guarantee": deal.guarantee,
        "syndicated": _tidy(PERCENT * deal.syndicated), "covenant": deal.covenant,
        "grace": deal.grace or USUAL_GRACE, "indicator": condition.indicator if condition else "",
        "side": "below" if below else "above",
        "value": (condition.below if below else condition.above) or 0.0 if condition else 0.0,
    }  # fmt: skip


def choices() -> dict[str, Any]:
    """Return what a deal can be made of."""
    start = load_start()
    first = quarter_number(start.quarter) + 1
    labs, managers, vendors = (
        [name for name, active in start.roster[kind] if active]
        for kind in ("ai_labs", "asset_managers", "chip_vendors")
    )
    return {
        "recipients": [[name, short_name(name)] for name in labs],
        "funders": [[name, short_name(name)] for name in managers],
        "holders": [[name, short_name(name)] for name in (*managers, *vendors, OUTSIDE)],
        "suppliers": [[name, short_name(name)] for name in vendors],
        "guarantors": [[name, short_name(name)] for name in (*vendors, *labs)],
        "assets": list(ASSETS),
        "indicators": [[name, f"{name.replace('_', ' ')}, {item.unit}"] for name, item in INDICATORS.items()],
        "tranches": MOST_TRANCHES,
        "longestTerm": LONGEST_TERM,
        "usualTerm": USUAL_TERM,
        "highestRate": PERCENT * HIGHEST_COUPON,
        "terms": {name: list(having) for name, having in TERMS.items()},
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
