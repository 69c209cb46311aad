"""What is assumed of clouds at each start: how their fleets were used, what was on order, what they had besides."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Split(NamedTuple):
    """What is assumed of a start; M H100e, USD bn, M units and GW.

    Attributes:
        in_house: of each cloud, what its own products use.
        tenancies: by cloud, what each lab rents of it.
        housed: what the parent's cloud serves its own lab.
        meta_in_house: what Meta's own products use.
        xai: of xAI's own fleet, what runs and what has just come.
        market_rent: what large tenants pay for new contracts, USD per H100e-hour.
        contract_rent: mean price of what labs rent, USD bn per M H100e and quarter.
        core_cash_flow: of each cloud and of Meta, a quarter.
        other_capex: of each cloud and of Meta, a quarter.
        cash: of each cloud.
        debt: of each cloud.
        chips_for_labs: on order for what labs run, by vendor.
        chips_for_others: on order for all else, by vendor.
        halls_for_labs: to be finished for what labs run in each of four quarters, and ordered beyond.
        halls_for_others: to be finished for all else in each of four quarters, and ordered beyond.
    """

    in_house: tuple[float, ...]
    tenancies: Mapping[str, Mapping[str, float]]
    housed: float
    meta_in_house: float
    xai: tuple[float, float]
    market_rent: float
    contract_rent: float
    core_cash_flow: tuple[float, ...]
    other_capex: tuple[float, ...]
    cash: tuple[float, ...]
    debt: tuple[float, ...]
    chips_for_labs: tuple[float, ...]
    chips_for_others: tuple[float, ...]
    halls_for_labs: tuple[float, ...]
    halls_for_others: tuple[float, ...]


SPLITS = {
    "2023Q4": Split(
        in_house=(0.02, 0.03, 0.03, 0.0, 0.0),
        tenancies={
            "Amazon": {"Anthropic": 0.01},
            "Microsoft": {"OpenAI": 0.095},
            "Alphabet": {"Anthropic": 0.02},
            "Neoclouds": {"OpenAI": 0.008},
        },
        housed=0.12,
        meta_in_house=0.059,
        xai=(0.01, 0.02),
        market_rent=2.476,
        contract_rent=4.9,
        core_cash_flow=(22.0, 24.0, 25.0, 4.3, 0.0, 18.0),
        other_capex=(9.0, 4.0, 6.0, 0.8, 0.0, 5.0),
        cash=(73.0, 72.0, 95.0, 10.0, 0.5),
        debt=(58.0, 45.0, 13.0, 88.0, 1.5),
        chips_for_labs=(0.0736, 0.0976, 0.022, 0.0),
        chips_for_others=(0.5, 0.3, 0.05, 0.0),
        halls_for_labs=(0.479, 0.553, 0.627, 0.7, 0.243),
        halls_for_others=(0.497, 0.497, 0.497, 0.497, 0.351),
    ),
    "2024Q4": Split(
        in_house=(0.08, 0.2, 0.05, 0.0, 0.0),
        tenancies={
            "Amazon": {"Anthropic": 0.12},
            "Microsoft": {"OpenAI": 0.27},
            "Alphabet": {"Anthropic": 0.089},
            "Oracle": {"OpenAI": 0.03},
            "Neoclouds": {"OpenAI": 0.086},
        },
        housed=0.42,
        meta_in_house=0.285,
        xai=(0.203, 0.1),
        market_rent=1.95,
        contract_rent=4.27,
        core_cash_flow=(29.0, 31.0, 31.0, 5.1, 0.0, 23.0),
        other_capex=(9.5, 4.5, 6.5, 1.0, 0.0, 5.5),
        cash=(95.0, 72.0, 95.0, 10.0, 2.0),
        debt=(53.0, 45.0, 11.0, 88.0, 13.0),
        chips_for_labs=(0.286, 0.174, 0.0516, 0.0),
        chips_for_others=(0.758, 0.367, 0.122, 0.0),
        halls_for_labs=(1.052, 1.129, 1.204, 1.272, 0.75),
        halls_for_others=(1.163, 1.163, 1.163, 1.163, 0.821),
    ),
    "2025Q4": Split(
        in_house=(0.3, 0.55, 0.17, 0.0, 0.0),
        tenancies={
            "Amazon": {"Anthropic": 0.74},
            "Microsoft": {"OpenAI": 1.05},
            "Alphabet": {"Anthropic": 0.45},
            "Oracle": {"OpenAI": 0.42, "xAI": 0.051},
            "Neoclouds": {"OpenAI": 0.27, "Meta": 0.09},
        },
        housed=1.583,
        meta_in_house=0.924,
        xai=(0.584, 0.05),
        market_rent=1.34,
        contract_rent=3.2,
        core_cash_flow=(34.0, 38.0, 38.0, 5.6, 0.0, 28.0),
        other_capex=(9.5, 4.5, 6.5, 1.0, 0.0, 5.5),
        cash=(100.0, 72.0, 95.0, 10.0, 4.0),
        debt=(66.0, 45.0, 46.0, 108.0, 36.0),
        chips_for_labs=(0.483, 0.361, 0.151, 0.0),
        chips_for_others=(1.15, 0.45, 0.3, 0.0),
        halls_for_labs=(2.232, 2.232, 2.232, 2.232, 2.232),
        halls_for_others=(2.722, 2.722, 2.722, 2.722, 1.921),
    ),
}
"""Every start."""
