"""The scenario that a view looks at: with the deal of its link, and every deal of its whole amount."""

from __future__ import annotations

import math
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from ...model.deals.terms import LARGEST_DEAL
from .deal_codec import WHY, title_of

if TYPE_CHECKING:
    from ...model.deals.deal import Deal
    from ...model.scenarios.scenario import Scenario
    from .view_state import View

AMOUNT = "deal_scale"
"""The parameter that is a factor on the amount of every deal."""


def case_of(view: View) -> Scenario:
    """Return the scenario that a view looks at: with the link's deal where it has one, every deal of its whole amount.

    The factor on amounts is worked into the deals, so that there is one amount to show, to run and to take home.
    """
    case = case_before_scale(view)
    scale = min(view.settings.get(AMOUNT, 1.0), largest_scale(view))
    if scale == 1.0 or not case.deals:
        return case
    deals = tuple(_scaled(deal, scale) for deal in case.deals)
    if len(deals) > 1:
        return replace(case, deals=deals)
    return replace(case, deals=(replace(deals[0], name=title_of(deals[0])),), title=title_of(deals[0]))


def case_before_scale(view: View) -> Scenario:
    """Return the scenario of a view with deals as they were agreed, before a factor on their amounts."""
    case, deal = view.case, view.deal
    return case if deal is None else replace(case, deals=(deal,), title=title_of(deal), why=WHY)


def settings_of(view: View) -> dict[str, float]:
    """Return the parameters that a view sets beside the scenario of `case_of`."""
    scaled = bool(case_before_scale(view).deals)
    return {name: value for name, value in view.settings.items() if name != AMOUNT or not scaled}


def largest_scale(view: View) -> float:
    """Return the largest factor that leaves every deal of a view within what a deal may be."""
    return min((LARGEST_DEAL / deal.amount for deal in case_before_scale(view).deals if deal.amount), default=math.inf)


def bounded(view: View) -> tuple[View, str]:
    """Return a view whose deals are no larger than a deal may be, and in words what was changed for it."""
    most, scale = largest_scale(view), view.settings.get(AMOUNT, 1.0)
    if scale <= most:
        return view, ""
    notice = f"{AMOUNT} = {scale:g} makes a deal of more than {LARGEST_DEAL:,.0f} bn: {most:g} is used."
    return replace(view, settings=MappingProxyType({**view.settings, AMOUNT: most})), notice


def _scaled(deal: Deal, scale: float) -> Deal:
    """Return a deal whose amount, and with it its guarantee, is a multiple."""
    return replace(deal, amount=deal.amount * scale, guarantee=deal.guarantee * scale if scale else deal.guarantee)
