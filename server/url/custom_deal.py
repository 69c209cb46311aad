"""A deal of one's own: as plain values from the page, as a short text in a link, and as the deal that is run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ...experiments.formatting import figure, listed
from ...model.dates import quarter_date, quarter_number
from ...model.deals.deal import LARGEST_DEAL, Deal
from ...model.initial_state import load_start
from ...model.scenarios.name_checks import named_by
from ...model.scenarios.scenario import Scenario, parse_scenario
from .deal_codec import read_terms, short, terms_text
from .view_state import HORIZON, known_scenarios

if TYPE_CHECKING:
    from .view_state import View

DEAL = "deal"
"""What a link calls it."""

AMOUNT = "deal_scale"
"""The parameter that is a factor on the amount of every deal."""

LONGEST_DEAL = 1200
FIELDS = ("amount", "date", "instrument", "recipients", "funders", "earmark", "draw")
"""The parts of a deal's text, between tildes, in this order; terms of a lease or a condition may follow in one more."""

WHERE = "the deal of your own"
WHY = "A deal of your own."


def case_of(view: View) -> Scenario:
    """Return the scenario that a view looks at: with the link's deal where it has one, every deal of its whole amount.

    The factor on amounts is worked into the deals, so that there is one amount to show, to run and to take home.
    """
    case = told_case(view)
    scale = min(view.settings.get(AMOUNT, 1.0), largest_scale(view))
    if scale == 1.0 or not case.deals:
        return case
    deals = tuple(_scaled(deal, scale) for deal in case.deals)
    if len(deals) > 1:
        return replace(case, deals=deals)
    return replace(case, deals=(replace(deals[0], name=_title(deals[0])),), title=_title(deals[0]))


def told_case(view: View) -> Scenario:
    """Return the scenario of a view with deals as they are told, before a factor on their amounts."""
    case, text = known_scenarios()[view.scenario], view.extra.get(DEAL, "")
    if not text:
        return case
    deal = read_deal(text)
    return replace(case, deals=(deal,), title=_title(deal), why=WHY)


def settings_of(view: View) -> dict[str, float]:
    """Return the parameters that a view sets beside the scenario of `case_of`."""
    scaled = bool(told_case(view).deals)
    return {name: value for name, value in view.settings.items() if name != AMOUNT or not scaled}


def largest_scale(view: View) -> float:
    """Return the largest factor that leaves every deal of a view within what a deal may be."""
    return min((LARGEST_DEAL / deal.amount for deal in told_case(view).deals if deal.amount), default=math.inf)


def bounded(view: View) -> tuple[View, str]:
    """Return a view whose deals are no larger than a deal may be, and in words what was changed for it."""
    most, scale = largest_scale(view), view.settings.get(AMOUNT, 1.0)
    if scale <= most:
        return view, ""
    told = f"{AMOUNT} = {scale:g} makes a deal of more than {LARGEST_DEAL:,.0f} bn: {most:g} is used."
    return replace(view, settings=MappingProxyType({**view.settings, AMOUNT: most})), told


def _scaled(deal: Deal, scale: float) -> Deal:
    """Return a deal whose amount, and with it its guarantee, is a multiple."""
    return replace(deal, amount=deal.amount * scale, guarantee=deal.guarantee * scale if scale else deal.guarantee)


def read_deal(text: str) -> Deal:
    """Return the deal that a text describes, as ``35~2026Q2~loan~xAI:1~Apollo:1~chips:1~0.5,0.5``.

    Raises:
        ValueError: the text is none, or says something that a deal cannot be; the message says what.
    """
    parts = text.split("~")
    if len(text) > LONGEST_DEAL or len(parts) not in (len(FIELDS), len(FIELDS) + 1):
        raise ValueError(f"a deal has {len(FIELDS)} parts between tildes, and perhaps terms: {', '.join(FIELDS)}")
    told: dict[str, Any] = dict(zip(FIELDS, parts, strict=False))
    if len(parts) > len(FIELDS):
        told |= read_terms(parts[-1])
    told["amount"] = _number("amount", told["amount"])
    told["draw"] = [_number("draw", part) for part in told["draw"].split(",")]
    for name in ("recipients", "funders", "earmark"):
        told[name] = _parts(name, told[name])
    return deal_of(told)


def deal_of(told: Mapping[str, Any]) -> Deal:
    """Return the deal that plain values describe, checked as a scenario file is.

    Args:
        told: ``amount``, ``date``, ``instrument``, ``recipients``, ``funders``, ``earmark`` and ``draw``, as in a file.

    Raises:
        ValueError: something is missing, unknown or out of range; the message says what.
    """
    import tomli_w

    try:
        text = tomli_w.dumps({"deals": [dict(told)]})
    except (TypeError, ValueError, AttributeError) as error:
        raise ValueError(f"{WHERE} cannot be read: {error}") from None
    deal = parse_scenario(text, "own", WHERE).deals[0]
    _check_firms(deal)
    _check_date(deal)
    return replace(deal, name=_title(deal), why=WHY)


def deal_text(deal: Deal) -> str:
    """Return a deal as it stands in a link."""
    parts = [_joined(getattr(deal, name)) for name in ("recipients", "funders", "earmark")]
    draw = ",".join(map(short, deal.draw))
    whole = [short(deal.amount), quarter_date(deal.start), deal.instrument, *parts, draw]
    terms = terms_text(deal)
    return "~".join([*whole, terms] if terms else whole)


def _title(deal: Deal) -> str:
    """Return what a deal is called."""
    return f"{figure(deal.amount)} bn for {listed(list(deal.recipients))}"


def _check_firms(deal: Deal) -> None:
    """Say which firm there is not, or not as what."""
    start = load_start()
    casts = (start.names(kind) for kind in ("ai_labs", "asset_managers", "chip_vendors"))
    checked = named_by(deal, *casts)
    for part, (known, given) in checked.items():
        for name in given:
            if name not in known:
                raise ValueError(f"there is no “{name[:40]}” among the {part}: choose of {', '.join(known)}")


def _check_date(deal: Deal) -> None:
    """Say that a deal lies beyond the run."""
    first = quarter_number(load_start().quarter) + 1
    last = first + HORIZON - 1
    if not first <= deal.start <= last:
        raise ValueError(f"its date has to be from {quarter_date(first)} to {quarter_date(last)}")


def _number(name: str, text: str) -> float:
    """Return a number that a link writes."""
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{name} = {text[:40]} is not a number") from None


def _parts(name: str, text: str) -> dict[str, float]:
    """Return parts by name, written as xAI:0.5,Meta:0.5; none for an empty text."""
    found: dict[str, float] = {}
    for item in text.split(",") if text else []:
        key, _, part = item.partition(":")
        if key in found:
            raise ValueError(f"{name} names {key[:40]} twice")
        found[key] = _number(f"{name}, {key[:40]}", part)
    return found


def _joined(parts: Mapping[str, float]) -> str:
    """Return parts by name as a link writes them; a part that is nothing is left out."""
    return ",".join(f"{name}:{short(part)}" for name, part in parts.items() if part)
