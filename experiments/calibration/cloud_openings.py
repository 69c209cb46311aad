"""Starts of clouds: who owned the AI chips of the world at a start, who used them, and what the owners had besides.

What is observed are fleets by owner and family of chips and what labs ran. How an owner's fleet is split between its
own products, labs under contract and short lets is assumed; the short lets are what is left, so that uses add to what
ran. What is on order and under way in the world belongs to those who own fleets, in proportion to what each added in
the year before, and to enterprises and states; nothing is owned twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .chip_owners import CLOUDS, DECIMALS, LABS, OWNERS, added_by_vendor, arriving, running, vendor_mix, world
from .cloud_splits import SPLITS
from .start_files import ASSUMED, DERIVED, LATE, STARTS, Content, item, rounded

HOURS = 2.19
"""Thousand hours of a quarter: USD bn per M H100e and quarter of one USD per H100e-hour."""

ENTERPRISE_PART = 0.227
"""Part of what all but labs added in 2025 that enterprises and states added, and have on order (1.93 of 8.47)."""

FLEETS = "clouds.csv, chips owned a quarter earlier, sums of Epoch AI's medians by family; neoclouds: assumption"
CAME = "clouds.csv, chips that came in the quarter, sums of Epoch AI's medians by family; neoclouds: assumption"
USED = "assumption, so that labs run what is estimated of them (lab_revenue.csv) and uses add to what runs"
ACCOUNTS = "assumption, after public accounts (cloud_accounts.csv, hyperscaler_capex.csv; NOTES.md says how)"
ORDERS = "assumption: a third of what labs run and a quarter's purchases of all others"
HALLS = "assumption: a third of what labs' fleets draw a quarter, and .17 of all others' halls"
TO_OWNERS = "; owners have a part by what they added in the year before (clouds.csv)"
RENTS = {
    "2023Q4": (ASSUMED, "assumption: user cost of new capacity at the day's prices of chips and power, times 1.18"),
    "2024Q4": (LATE, "rental_prices.csv, effective rent of large labs, 1.95 USD per H100e-hour"),
    "2025Q4": (LATE, "rental_prices.csv, effective rent of large labs in 2025Q3, 1.34 USD per H100e-hour"),
}
"""Basis and source of the rent that large tenants pay at each start."""

Table = dict[str, dict[str, Any]]


def cloud_opening(quarter: str, others: Content) -> Content:
    """Return all that a start holds for clouds, and the stocks of others that say who owns and uses which fleet.

    Amounts are M H100e and USD bn, one a firm in the order of the roster; `running` ran in the quarter that ends, and
    `arriving` came in it, so that a fleet opens at their sum. Tenancies stand by the names of cloud and lab.

    Args:
        quarter: one of the starts.
        others: the start's other stocks, of which clouds' fleets share some with labs'.

    Raises:
        ValueError: no start is made for that quarter.
    """
    if quarter not in SPLITS:
        raise ValueError(f"no start of clouds is made for {quarter!r}; there is {', '.join(STARTS)}")
    labs, economy = others["ai_labs"], others["economy"]
    power = float(labs["power_per_compute"]["values"])
    return {
        "ai_labs": {**_lab_fleets(quarter, power, labs["fleet_mix"]["values"]), **_lab_money(quarter)},
        "chip_vendors": _vendor_queue(quarter),
        "clouds": {**_fleets(quarter, power), **_as_labs(labs), **_uses(quarter), **_money(quarter)},
        "economy": {**_rest(quarter, economy), **_rents(quarter)},
    }


def _by_cloud(of: Callable[[str], Any], nothing: Any = 0.0) -> list[Any]:
    """Return a quantity of every cloud, nothing for the dormant one."""
    return [*(of(name) for name in CLOUDS[:-1]), nothing]


def _by_lab(of: Callable[[str], Any], nothing: Any = 0.0) -> list[Any]:
    """Return a quantity of labs that own their fleets, nothing for the others."""
    return [of(name) if name in OWNERS else nothing for name in LABS]


ESTIMATED = [LATE] * 4 + [ASSUMED, DERIVED]
"""Basis of clouds' fleets: estimates of 2026, a multiple of one of them, and the dormant row."""


def _fleets(quarter: str, power: float) -> Table:
    """Return what clouds own and have on order."""
    mix = _by_cloud(lambda name: vendor_mix(name, quarter), [1.0, 0.0, 0.0, 0.0])
    by_family = "clouds.csv, chips owned by family, Epoch AI's medians; neoclouds buy the first vendor's: assumption"
    return {
        "running": item("M H100e", FLEETS, ESTIMATED, _by_cloud(lambda name: running(name, quarter))),
        "arriving": item("M H100e", CAME, ESTIMATED, _by_cloud(lambda name: arriving(name, quarter))),
        "fleet_mix": item("1", by_family, ESTIMATED, mix),
        "old_part": _old_part(),
        **_coming(quarter, power, _by_cloud),
    }


def _old_part() -> dict[str, Any]:
    """Return the part of fleets that is old."""
    return item("1", "definition: the old part of a fleet that grows 30 % a quarter", DERIVED, 0.149)


def _as_labs(labs: Mapping[str, Mapping[str, Any]]) -> Table:
    """Return what clouds' fleets have in common with labs'."""
    names = ("power_per_compute", "halls_over_need", "pue", "plant_per_compute")
    return {name: item(labs[name]["unit"], "assumption, as labs'", ASSUMED, labs[name]["values"]) for name in names}


def _coming(quarter: str, power: float, listed: Callable[[Callable[[str], Any], Any], list[Any]]) -> Table:
    """Return chips and halls that are coming to a kind of owners, relative to what they have.

    Args:
        quarter: the start.
        power: IT power of fleets, GW per M H100e.
        listed: lists a quantity of the kind's firms.
    """
    chips, halls = _chips_coming(quarter), _halls_coming(quarter, power)
    by_vendor = "M units by vendor, per M H100e of the fleet"
    nothing = ([0.0] * 4, [0.0] * 4, 0.0)
    return {
        "chips_on_order": item(by_vendor, ORDERS + TO_OWNERS, ASSUMED, listed(chips.__getitem__, nothing[0])),
        "halls_per_power_building": item(
            "of the fleet's power, for each of four quarters",
            HALLS + TO_OWNERS,
            ASSUMED,
            listed(lambda name: halls[name][:4], nothing[1]),
        ),
        "halls_per_power_ordered": item(
            "of the fleet's power", HALLS + TO_OWNERS, ASSUMED, listed(lambda name: halls[name][4], nothing[2])
        ),
    }


def _owned(firm: str, quarter: str) -> float:
    """Return an owner's fleet at a start, M H100e."""
    return running(firm, quarter) + arriving(firm, quarter)


def owners_part(quarter: str) -> dict[str, np.ndarray]:
    """Return each owner's part of what is coming to all of them, by vendor, and of all vendors' last.

    It goes by what each added of a vendor's chips in the year before; where nobody is known to have added any, by what
    each added in all.
    """
    added = np.array([added_by_vendor(name, quarter) for name in OWNERS])
    whole = added.sum(1, keepdims=True)
    known = np.where(added.sum(0) > 0.0, added, whole)
    parts = np.concatenate([known, whole], axis=1)
    return dict(zip(OWNERS, parts / parts.sum(0), strict=True))


def _chips_coming(quarter: str) -> dict[str, list[float]]:
    """Return each owner's chips on order, by vendor, M units per M H100e of its fleet."""
    split = SPLITS[quarter]
    pool = np.array(split.chips_for_labs) + (1.0 - ENTERPRISE_PART) * np.array(split.chips_for_others)
    return {
        name: [rounded(units) for units in pool * part[:-1] / _owned(name, quarter)]
        for name, part in owners_part(quarter).items()
    }


def _halls_coming(quarter: str, power: float) -> dict[str, list[float]]:
    """Return each owner's halls due in each of four quarters and ordered beyond, per GW of its fleet."""
    split = SPLITS[quarter]
    pool = np.array(split.halls_for_labs) + (1.0 - ENTERPRISE_PART) * np.array(split.halls_for_others)
    return {
        name: [rounded(halls) for halls in pool * part[-1] / (power * _owned(name, quarter))]
        for name, part in owners_part(quarter).items()
    }


def _uses(quarter: str) -> Table:
    """Return how clouds' fleets are used: own products, labs under contract, the own lab, and what is left."""
    split = SPLITS[quarter]
    housed = {"Alphabet": {"Google DeepMind": split.housed}}
    in_house = [*split.in_house, 0.0]
    used = [
        own + sum(split.tenancies.get(name, {}).values()) + sum(housed.get(name, {}).values())
        for name, own in zip(CLOUDS, in_house, strict=True)
    ]
    ran = _by_cloud(lambda name: running(name, quarter))
    left = [round(runs - use, DECIMALS) for runs, use in zip(ran, used, strict=True)]
    even = "assumption: contracts open spread evenly over those that expire in so many quarters, first and last"
    return {
        "in_house": item("M H100e", "assumption: what own products use", ASSUMED, in_house),
        "tenancies": item("M H100e", USED, ASSUMED, split.tenancies),
        "expiries": item("quarters", even, ASSUMED, [4.0, 19.0]),
        "housed": item("M H100e", USED, ASSUMED, housed),
        "short_let": item("M H100e", "assumption: what is left of what runs is let to enterprises", ASSUMED, left),
    }


def _money(quarter: str) -> Table:
    """Return what clouds earn and spend beside AI, and what they hold and owe."""
    split = SPLITS[quarter]
    basis = [ASSUMED] * 5 + [DERIVED]
    return {
        "core_cash_flow": item("USD bn/quarter", ACCOUNTS, basis, [*split.core_cash_flow[:5], 0.0]),
        "other_capex": item("USD bn/quarter", ACCOUNTS, basis, [*split.other_capex[:5], 0.0]),
        "cash": item("USD bn", ACCOUNTS, basis, [*split.cash, 0.0]),
        "debt": item("USD bn", ACCOUNTS, basis, [*split.debt, 0.0]),
    }


def _lab_fleets(quarter: str, power: float, mixes: list[list[float]]) -> Table:
    """Return labs' own fleets: Meta's is its parent's whole one, that of a lab which rents or is housed is empty."""
    known = [DERIVED, DERIVED, DERIVED, LATE, ASSUMED, DERIVED]
    mix = [vendor_mix("Meta", quarter) if name == "Meta" else row for name, row in zip(LABS, mixes, strict=True)]
    by_family = "clouds.csv by family for Meta; others assumption, after reported purchases"
    own = "clouds.csv, Epoch AI's medians: its parent's whole fleet; xAI: assumption; the others rent or are housed"
    use = "assumption, so that its lab runs what is estimated of it (lab_revenue.csv, lab_compute)"
    in_house = [SPLITS[quarter].meta_in_house if name == "Meta" else 0.0 for name in LABS]
    return {
        "running": item("M H100e", own, known, _by_lab(lambda name: running(name, quarter))),
        "arriving": item("M H100e", own, known, _by_lab(lambda name: arriving(name, quarter))),
        "fleet_mix": item("1", by_family, ASSUMED, mix),
        "old_part": _old_part(),
        "in_house": item("M H100e", use, ASSUMED, in_house),
        **_coming(quarter, power, _by_lab),
    }


def _lab_money(quarter: str) -> Table:
    """Return what comes with the fleets of labs that own them: Meta's core business, and how owners want to keep up."""
    split = SPLITS[quarter]
    of_meta = [1.0 if name == "Meta" else 0.0 for name in LABS]
    core, other = ([value * part for part in of_meta] for value in (split.core_cash_flow[-1], split.other_capex[-1]))
    return {
        "core_cash_flow": item("USD bn/quarter", ACCOUNTS, ASSUMED, core),
        "other_capex": item("USD bn/quarter", ACCOUNTS, ASSUMED, other),
        "parity": item("1", "what it runs over what OpenAI runs: assumption", ASSUMED, _parity(quarter)),
    }


def _parity(quarter: str) -> list[float]:
    """Return what each lab runs over what the largest that rents runs, 0 for labs that rent."""
    split = SPLITS[quarter]
    rented = {lab: sum(row.get(lab, 0.0) for row in split.tenancies.values()) for lab in LABS}
    own = {"Meta": running("Meta", quarter) - split.meta_in_house, "xAI": running("xAI", quarter)}
    runs = {"Google DeepMind": split.housed, **{lab: own[lab] + rented[lab] for lab in own}}
    return [round(runs.get(lab, 0.0) / rented["OpenAI"], 2) for lab in LABS]


def _vendor_queue(quarter: str) -> Table:
    """Return what enterprises and states have on order."""
    part = [rounded(ENTERPRISE_PART * units) for units in SPLITS[quarter].chips_for_others]
    source = f"assumption: {ENTERPRISE_PART} of a quarter's purchases of all but labs; the rest is the owners'"
    return {"outside_backlog": item("M units", source, ASSUMED, part)}


def _rest(quarter: str, economy: Mapping[str, Mapping[str, Any]]) -> Table:
    """Return what enterprises and states own and have coming: what no cloud and no lab does."""
    ran, came = world(quarter)
    own = round(ran, DECIMALS) - sum(running(firm, quarter) for firm in OWNERS)
    new = round(came, DECIMALS) - sum(arriving(firm, quarter) for firm in OWNERS)
    halls = (own + new) * economy["outside_power_per_compute"]["values"] * economy["outside_halls_per_power"]["values"]
    coming = [rounded(ENTERPRISE_PART * part / halls) for part in SPLITS[quarter].halls_for_others]
    source = "clouds.csv, the world's chips less those of clouds and labs; xAI's and neoclouds' part of it: assumption"
    building = f"assumption: {ENTERPRISE_PART} of what all but labs have under way; the rest is the owners'"
    return {
        "outside_running": item("M H100e", source, LATE, round(own, DECIMALS)),
        "outside_arriving": item("M H100e", source, LATE, round(new, DECIMALS)),
        "outside_halls_building": item("of its halls, for each of four quarters", building, ASSUMED, coming[0]),
        "outside_halls_ordered": item("of its halls", building, ASSUMED, coming[4]),
    }


def _rents(quarter: str) -> Table:
    """Return what is asked of large tenants for compute, and what is paid on the mean."""
    split, (basis, source) = SPLITS[quarter], RENTS[quarter]
    mean = "assumption: mean of what was paid, between contracts of the day (rental_prices.csv) and earlier ones"
    unit = "USD bn per M H100e and quarter"
    return {
        "market_rent": item(unit, source, basis, round(HOURS * split.market_rent, DECIMALS)),
        "contract_rent": item(unit, mean, ASSUMED, split.contract_rent),
    }
