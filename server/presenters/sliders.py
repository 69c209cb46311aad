"""Sliders: declared parameters as a page shows them, in words, with unit, range, default, source and value in force."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from ...experiments.formatting import sentence, unit_words, words
from ...model.parameters import parameters
from ..url.custom_deal import AMOUNT, case_before_scale, largest_scale

if TYPE_CHECKING:
    from ..url.view_state import View

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "shocks": "The deal and shocks",
        "asset_managers": "Money",
        "capital": "Money",
        "segments": "Customers",
        "services": "Customers",
        "research": "Research",
        "ai_labs": "Labs",
        "firms": "Labs",
        "clouds": "Clouds and rent",
        "rental": "Clouds and rent",
        "cloud_entry": "Clouds and rent",
        "chips": "Chips",
        "chip_vendors": "Chips",
        "datacenters": "Halls and grid",
        "equipment_suppliers": "Halls and grid",
        "power": "Power",
        "energy_suppliers": "Power",
    }
)
"""What a page calls the place that declares a parameter, in the order of the groups."""

LABELS: Mapping[str, str] = MappingProxyType(
    {
        "deal_scale": "Amount",
        "announcement_effect": "Announcement effect",
        "dry_powder": "Money at the start",
        "deployment": "Pace of placing",
        "herding": "Herding of managers",
        "dilution": "Shares issued",
        "coding_ceiling": "Full demand for agents",
        "coding_threshold": "Takeoff of agents",
        "consumer_threshold": "Takeoff of assistants",
        "enterprise_threshold": "Takeoff in enterprises",
        "consumer_price_weight": "Rivalry for consumers",
        "enterprise_price_weight": "Rivalry for enterprises",
        "coding_price_weight": "Rivalry for coders",
        "progress_rate": "Pace of algorithms",
        "spillover": "Leak of know-how",
        "fishing_out": "Ideas get harder",
        "inference_gain": "Cheaper use",
        "rivalry": "Rivalry",
        "fastest_growth": "Fastest growth",
        "burden_limit": "Rent a lab can bear",
        "rental_demand_available": "Rental demand",
        "rental_demand_from": "Rental demand from",
        "prepaid_priority": "Gain of prepaying",
        "outside_orders": "Others’ orders",
        "connection_rate": "Grid connections",
        "aimed_margin": "Margin aimed at",
        "believed_chance": "Faith in a lab’s chance",
        "called_part": "Part called from savers",
        "capacity_lead_time": "Time to build packaging",
        "cluster_cost": "Cost of networks",
        "coding_capability_weight": "Pull of better coders",
        "coding_slope": "Rise of demand for agents",
        "coding_switching": "Switching of coders",
        "consumer_ceiling": "Full demand of consumers",
        "consumer_slope": "Rise of consumer demand",
        "consumer_usage": "Use with better models",
        "credibility": "Belief in announcements",
        "deployment_sentiment": "Money’s answer to mood",
        "depreciation_clouds": "Wear of clouds’ plant",
        "earmark_pace": "Pace of tied money",
        "enterprise_price_elasticity": "Enterprises’ thrift",
        "enterprise_slope": "Rise in enterprises",
        "enterprise_switching": "Switching of enterprises",
        "equipment_growth": "Fastest plant growth",
        "equipment_lead_time": "Time to build plants",
        "equipment_price_speed": "Speed of plant prices",
        "fleet_horizon": "Clouds’ planning horizon",
        "fleet_overhead": "Power for cooling",
        "generation_performance": "Performance of a new chip generation",
        "generation_wafers": "Wafer need of new chips",
        "growth_fade": "Fading of growth in plans",
        "growth_memory": "Memory of growth",
        "hall_cost": "Cost of a hall",
        "hall_lead_time": "Time to build a hall",
        "horizon": "Labs’ planning horizon",
        "imitation": "Imitation",
        "impatience": "Dislike of waiting",
        "in_house_demand_growth": "Growth of owners’ demand",
        "innovation": "First adoption",
        "labour_floor": "Least pay of researchers",
        "labour_per_cash": "Pay out of cash",
        "labour_per_revenue": "Pay out of sales",
        "let_elasticity": "Renters’ thrift",
        "load_response": "Plants’ answer to load",
        "lock_in": "Loyalty to own chips",
        "loss_given_default": "Loss at a default",
        "new_hall_overhead": "Cooling in new halls",
        "normal_lead_time": "Usual lead time",
        "open_private": "Part lent from outside",
        "operating_cost_share": "Other running cost",
        "order_caution": "Labs’ cash for orders",
        "order_caution_clouds": "Clouds’ cash for orders",
        "outside_hall_growth": "Growth of others’ halls",
        "outside_hall_need": "Others’ need of halls",
        "outside_pue": "Cooling elsewhere",
        "outside_wear": "Wear elsewhere",
        "payout": "Pace of dividends",
        "prepaid_share": "Part paid in advance",
        "reference_compute": "Compute for experiments",
        "reference_compute_price": "Usual price of compute",
        "reference_rate": "Usual interest",
        "reference_training": "Training at the start",
        "rental_demand_growth": "Growth of rental demand",
        "research_floor": "Least part for research",
        "research_target": "Aimed part for research",
        "saving_sentiment": "Savers’ answer to mood",
        "small_premium": "Premium of short rent",
        "smallest_step": "Step of small labs",
        "target_use": "Clouds’ aim for use",
        "two_quarters_late": "Chance of half a year late",
        "vendor_finance_share": "Credit from vendors",
        "wafer_bid": "Wafers’ pull to profit",
    }
)
"""Names for people, of parameters that are uncertain or decide a claim; others are called as in the code, in words."""

STEPS = (1.0, 2.0, 5.0, 10.0)
FINENESS = 100.0
"""A slider has about so many places."""

ALMOST = 1.0 - 1e-9


def uncertain(*, also: Iterable[str] = ()) -> list[str]:
    """Return the parameters that are declared uncertain, and some others, in the order of their groups."""
    named = [name for name, item in parameters().items() if item.uncertain or name in {*also}]
    order = list(dict.fromkeys(GROUPS.values()))
    return sorted(named, key=lambda name: (_place(order, parameters()[name].group), name != AMOUNT))


def groups(names: Iterable[str], view: View) -> list[dict[str, Any]]:
    """Return sliders by group, in the order of their names: ``[{"title": ..., "items": [slider, ...]}, ...]``."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name in names:
        group = parameters()[name].group
        found.setdefault(GROUPS.get(group, sentence(words(group))), []).append(slider(name, view))
    return [{"title": title, "items": items} for title, items in found.items()]


def slider(name: str, view: View) -> dict[str, Any]:
    """Return a parameter as a slider, as plain values.

    Returns:
        ``name``, ``label``, ``unit`` in words, ``low``, ``high``, ``step``, ``default`` of the scenario, ``value`` in
        force, ``scale`` by which the value is multiplied to be shown, ``doc`` and ``source``.
    """
    item, base = parameters()[name], default_of(name, view)
    amount = sum(deal.amount for deal in case_before_scale(view).deals) if name == AMOUNT else 0.0
    return {
        "name": name,
        "label": label(name),
        "unit": unit_words("USD bn" if amount else item.unit),
        "low": item.low,
        "high": min(item.high, largest_scale(view)) if name == AMOUNT else item.high,
        "step": 1.0 if item.structural else _step(item.low, item.high),
        "default": base,
        "value": view.settings.get(name, base),
        "scale": amount or 1.0,
        "doc": sentence(item.doc),
        "source": sentence(item.source),
    }


def label(name: str) -> str:
    """Return what pages call a parameter."""
    return LABELS.get(name, sentence(words(name)))


def default_of(name: str, view: View) -> float:
    """Return a parameter's value in the scenario as it comes."""
    return float(view.case.parameters.get(name, parameters()[name].default))


def _place(order: list[str], group: str) -> int:
    """Return the place of a group among the others; what has no name of its own comes last."""
    return order.index(GROUPS[group]) if group in GROUPS else len(order)


def _step(low: float, high: float) -> float:
    """Return a round step that cuts a range into about a hundred parts."""
    rough = (high - low) / FINENESS
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in STEPS if step * power >= rough * ALMOST)
