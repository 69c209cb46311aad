"""Steering: what the drawer shows, the deal as it can be composed, and the sliders of all parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from math import isfinite
from typing import TYPE_CHECKING, Any

from ...model.dates import quarter_date, quarter_number
from ...model.deals.deal import OUTSIDE, Deal
from ...model.deals.earmarks import USES
from ...model.deals.terms import (
    ASSETS,
    DEAL_TERMS,
    FORMS,
    INSTRUMENTS,
    LONGEST_DRAW,
    MOST_TRANCHES,
    TERMS,
    TRANCHE_FORMS,
    USUAL_GRACE,
    USUAL_TERM,
)
from ...model.indicators import INDICATORS
from ...model.initial_state import load_start
from ...model.inputs.value_forms import Form
from ...model.parameters import parameters
from ..url.custom_deal import AMOUNT, case_of
from ..url.deal_codec import OTHERS
from ..url.limits import HORIZON
from ..url.view_state import known_scenarios
from .firm_labels import short_name
from .scenario_menu import is_real
from .sliders import groups, uncertain

if TYPE_CHECKING:
    from ..url.view_state import View

PERCENT = 100.0
RENTAL_DEMAND = ("rental_demand_available", "rental_demand_from")
"""The lever with a date: how much enterprises ask to rent, and from which quarter on."""

SUPPLIER = "Broadcom and Google TPU"
COMPOSED = tuple(term for term in DEAL_TERMS if not term.parts and term.name not in ("name", "start", "why"))
"""The terms that the composer shows as they are; it shows dates, tranches and conditions in its own way."""

FILLED = {"asset": ASSETS[0], "supplier": SUPPLIER, "guarantor": SUPPLIER, "grace": USUAL_GRACE}
"""What the composer shows where a deal has no such term."""

USUAL_AMOUNT, USUAL_RECIPIENT, USUAL_FUNDER = 35.0, "Anthropic", "Apollo"
"""What the composer begins with where a scenario holds no deal."""


def payload(view: View, refused: str, warned: Sequence[str] = (), *, unread: str = "", everything: bool) -> str:
    """Return what the drawer shows, as JSON.

    Args:
        view: what is looked at.
        refused: why the composed deal cannot be.
        warned: what is to be known of the deal that runs.
        unread: why the visitor's scenario file cannot be run.
        everything: whether all parameters are listed, or those that are most uncertain or changed.
    """
    names = list(parameters()) if everything else uncertain(also=_wanted(view))
    return json.dumps({
        "deal": composed(view), "own": view.deal is not None, "several": len(case_of(view).deals) > 1,
        "choices": choices(), "presets": presets(), "refused": refused, "warned": list(warned),
        "everything": everything, "file": "" if view.file is None else view.file.title.rstrip("."), "unread": unread,
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
    """Return a deal as the composer shows it: terms by name, parts and rates in per cent, what is usual filled in."""
    terms = {term.name: _in_percent(term.form, getattr(deal, term.name)) for term in COMPOSED}
    terms |= {name: terms[name] or usual for name, usual in FILLED.items()}
    side, value = ("above", 0.0) if deal.condition is None else deal.condition.bound
    return terms | {
        "date": quarter_date(deal.start),
        "tranches": [
            {name: _in_percent(form, getattr(note, name)) for name, form in TRANCHE_FORMS.items()}
            for note in deal.notes
        ],
        "indicator": deal.condition.indicator if deal.condition else "", "side": side, "value": value,
    }  # fmt: skip


def _in_percent(form: Form, value: Any) -> Any:
    """Return a value as the composer shows it: what is a part of one in per cent."""
    if isinstance(value, Mapping):
        return {name: _tidy(PERCENT * part) for name, part in value.items()}
    if isinstance(value, tuple):
        return [_tidy(PERCENT * part) for part in value]
    return value if value is None or not _is_part(form) else _tidy(PERCENT * value)


def _is_part(form: Form) -> bool:
    """Return whether a form is that of a part of one, as rates are too."""
    return form.read is float and form.high <= 1.0


def _greatest(forms: Mapping[str, Form]) -> dict[str, float]:
    """Return the greatest number of each form that has one, as the composer shows it."""
    return {name: _in_percent(form, form.high) for name, form in forms.items() if isfinite(form.high)}


def _fields() -> list[dict[str, Any]]:
    """Return the terms beside those that every deal has: where a file holds them, and what they are divided by."""
    heads = {key.name for key in OTHERS}
    return [
        {"name": term.name, "key": term.place, "number": term.form.read is not str,
         "scale": PERCENT if _is_part(term.form) else 1.0}
        for term in COMPOSED if term.place[0] in heads
    ]  # fmt: skip


def choices() -> dict[str, Any]:
    """Return what a deal can be made of."""
    start = load_start()
    first = quarter_number(start.quarter) + 1
    labs, clouds, managers, vendors = (
        [name for name, active in start.roster[kind] if active]
        for kind in ("ai_labs", "clouds", "asset_managers", "chip_vendors")
    )
    return {
        "recipients": [[name, short_name(name)] for name in (*labs, *clouds)],
        "funders": [[name, short_name(name)] for name in managers],
        "holders": [[name, short_name(name)] for name in (*managers, *vendors, OUTSIDE)],
        "suppliers": [[name, short_name(name)] for name in vendors],
        "guarantors": [[name, short_name(name)] for name in (*vendors, *labs)],
        "assets": list(ASSETS),
        "indicators": [[name, f"{name.replace('_', ' ')}, {item.unit}"] for name, item in INDICATORS.items()],
        "tranches": MOST_TRANCHES,
        "usualTerm": USUAL_TERM,
        "terms": {name: list(having) for name, having in TERMS.items()},
        "earmark": [[name, name] for name in USES],
        "instruments": list(INSTRUMENTS),
        "dates": [quarter_date(first + later) for later in range(HORIZON)],
        "most": _greatest(FORMS),
        "mostOfNotes": _greatest(TRANCHE_FORMS),
        "fields": _fields(),
        "longest": LONGEST_DRAW,
    }


def _wanted(view: View) -> list[str]:
    """Return the parameters that are shown besides the uncertain ones."""
    return [*view.settings, *RENTAL_DEMAND, *([AMOUNT] if case_of(view).deals else [])]


def _usual() -> Deal:
    """Return the deal that the composer begins with."""
    first = quarter_number(load_start().quarter) + 1
    return Deal("usual", first + 1, USUAL_AMOUNT, "loan", {USUAL_RECIPIENT: 1.0}, {USUAL_FUNDER: 1.0})


def _tidy(value: float) -> float:
    """Return a number without the dust of arithmetic."""
    return float(f"{value:.8g}")
