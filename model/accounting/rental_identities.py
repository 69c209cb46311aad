"""The identities of rented compute: what runs is used once, contracts are what was signed, rent is paid (I14-I19)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from ...agents.rules.renting import SUBLET_PRICE, of_all_quarters
from ...agents.state.arrays import Floats, total
from .borrowers import world_fleet
from .residuals import balance_gap, below_zero, largest, relative

if TYPE_CHECKING:
    from ..market_model import MarketModel


def capacity_is_used_once(market: MarketModel) -> Floats:
    """I14: what runs at a cloud serves contracts, own products, its lab and enterprises, or stands idle."""
    clouds = market.clouds
    used = total(clouds.served + clouds.housed, 1) + clouds.in_house + clouds.short_let + clouds.idle
    return np.maximum(
        relative(used - clouds.own_compute, clouds.own_compute),
        below_zero(clouds.served, clouds.in_house, clouds.housed, clouds.short_let, clouds.idle),
    )


def contracts_add_up(market: MarketModel) -> Floats:
    """I15: contracts are what they were less what ended or is void plus what was delivered; so is what is owed."""
    clouds, lets = market.clouds, market.clearings["lets"]
    kept = 1.0 - lets.void[None]
    value = clouds.kept("contract_value", of_all_quarters)
    pairs = (
        (clouds.all.let_to, (lets.let - lets.ended + lets.delivered) * kept),
        (value, (lets.let_value - lets.ended_value + lets.delivered_value) * kept),
        (clouds.owed, (lets.owed - lets.delivered + lets.signed) * kept),
        (clouds.owed_value, (lets.owed_value - lets.delivered_value + lets.signed_value) * kept),
    )
    booked = [relative(now - explained, now) for now, explained in pairs]
    newest = clouds.contracts[:, :, -1], clouds.contract_value[:, :, -1]
    return largest([*booked, below_zero(*newest, clouds.owed, clouds.owed_value)])


def labs_run_what_they_have(market: MarketModel) -> Floats:
    """I16: a lab runs its fleet less its owner's products, what it rents less sub-lets, and what its parent gives."""
    labs, clouds = market.labs, market.clouds
    there = labs.own_compute - labs.in_house + total(clouds.served) - labs.sublet + total(clouds.housed)
    there = market.parameters.compute_wedge * there
    used = labs.inference + labs.research
    lost = np.maximum(used - labs.powered_compute, 0.0)
    beyond = np.maximum(labs.sublet - market.parameters.sublet_limit * total(clouds.served), 0.0)
    found = [relative(labs.powered_compute - there, there), relative(lost, used), relative(beyond, there)]
    return largest([*found, below_zero(labs.sublet)])


def rent_is_paid(market: MarketModel) -> Floats:
    """I17: the rent that labs owe is what clouds earn of them, in cash or set off; lets to enterprises are paid."""
    labs, clouds = market.labs, market.clouds
    due = total(clouds.rent_due)
    paid = -_posted(market, "ai_labs", "rent")
    earned = total(clouds.rent_due, 1) - _posted(market, "clouds", "rent")
    set_off = -reduce_entries(market, "set off")
    sublets = SUBLET_PRICE * market.economy.spot_price * labs.sublet
    return largest(
        [
            relative(labs.rent_bill - due, due),
            relative(due - paid - total(set_off), due),
            relative(earned - total(set_off, 1), earned),
            relative(total(clouds.short_let_value) - total(_posted(market, "clouds", "short_lets")), earned),
            relative(sublets - _posted(market, "ai_labs", "sub_lets"), due),
        ]
    )


def advances_are_covered(market: MarketModel) -> Floats:
    """I18: advances of rent are what was paid less what was set off, paid back or void, never beyond the contracts."""
    clouds = market.clouds
    beyond = np.maximum(clouds.advances - clouds.all.remaining_value, 0.0)
    return largest(
        [balance_gap(market, "clouds", "advances"), relative(beyond, clouds.advances), below_zero(clouds.advances)]
    )


def chips_are_counted_once(market: MarketModel) -> Floats:
    """I19: the world's fleets are what they were less what wore out plus what came, whoever took over from whom.

    And no fleet holds more old chips than chips.
    """
    fleets = market.clearings["chips"].fleets
    found = [relative(world_fleet(market) - fleets, fleets)]
    for firms in market.owners:
        fleet = firms.all.compute
        found += [relative(np.maximum(firms.old_fleet - fleet, 0.0), fleet), below_zero(firms.old_fleet, firms.fleet)]
    return largest(found)


def _posted(market: MarketModel, table: str, *causes: str) -> Floats:
    """Return the sum of cash entries of some causes, shape (n, R)."""
    found = [entry.change for entry in market.ledger.changes(table, "cash") if entry.cause in causes]
    return sum(found, np.zeros_like(market.ledger.tables[table].columns["cash"]))


def reduce_entries(market: MarketModel, *causes: str) -> Floats:
    """Return the sum of entries of advances of some causes, shape (clouds, labs, R)."""
    found = [entry.change for entry in market.ledger.changes("clouds", "advances") if entry.cause in causes]
    return sum(found, np.zeros_like(market.clouds.advances))


RENTAL_IDENTITIES: Mapping[str, Callable[[MarketModel], Floats]] = MappingProxyType(
    {
        "I14": capacity_is_used_once,
        "I15": contracts_add_up,
        "I16": labs_run_what_they_have,
        "I17": rent_is_paid,
        "I18": advances_are_covered,
        "I19": chips_are_counted_once,
    }
)
"""The identities by number."""
