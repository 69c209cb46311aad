"""Hall inputs: what a gigawatt takes of each hall sector, and what it costs (P7)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ...agents.equipment_supplier import HALL_SECTORS
from ...agents.fleet_owner import ONE_CHIP
from ...agents.state.arrays import TINY, Floats, clip, power, total
from ...agents.state.quantity import ParameterGroup, parameter

if TYPE_CHECKING:
    from ..market_model import MarketModel


class HallInputs(ParameterGroup):
    """How the inputs of a hall follow the accelerators it is built for and scarcity of power."""

    group = "contents"

    cooling_response = parameter(
        0.3,
        "1",
        -0.6,
        0.6,
        "specification P7; assumption",
        "response of a hall's cooling to the power that compute takes; 0 for none",
    )
    reference_compute_power = parameter(
        0.85,
        "GW/M H100e",
        0.5,
        1.5,
        "accelerators of 2025Q4 take 0.83 to 0.91 (unit_economics.csv); specification P7",
        "power of compute at which a hall's cooling is that of the start",
    )
    storage_response = parameter(
        0.3,
        "1",
        0.0,
        1.0,
        "specification P7; assumption",
        "response of a hall's storage to the power price over its reference; 0 for none",
    )
    least_scarcity = parameter(
        0.5, "1", 0.1, 1.0, "specification P7; assumption", "lowest power price that storage responds to, relative"
    )
    most_scarcity = parameter(
        4.0, "1", 1.0, 10.0, "specification P7; assumption", "highest power price that storage responds to, relative"
    )


def average_inputs(market: MarketModel) -> Floats:
    """Return what a hall for the average accelerator on order takes of each hall sector, relative to the start.

    Returns:
        Construction, cooling and storage, shape (three sectors, R).
    """
    return _inputs(market, _ordered_power(market))


def inputs_by_customer(market: MarketModel) -> Floats:
    """Return what each customer's halls take of each hall sector, relative to the start.

    An owner's follow from the accelerators of its choice, the rest of the world's are the average that was published.

    Returns:
        Shape (three sectors, labs + clouds + 1, R), the rest of the world last.
    """
    outside = market.signals.hall_contents
    chosen = np.concatenate([firms.all.power_per_compute(market.signals) for firms in market.owners])
    own = _inputs(market, np.where(chosen > 0.0, chosen, _ordered_power(market)))
    return np.concatenate([own, outside[:, None]], axis=1)


def _inputs(market: MarketModel, compute_power: Floats) -> Floats:
    """Return inputs for accelerators that take some power, GW per M H100e, shape (..., R) to (three, ..., R).

    x_construction = 1, x_cooling = (kwp / 0.85)^0.3, x_storage = clip(Pe / 47, 0.5, 4)^0.3.
    """
    p = market.parameters
    cooling = power(compute_power / p.reference_compute_power, p.cooling_response)
    scarcity = clip(market.economy.power_price / p.reference_power_price, p.least_scarcity, p.most_scarcity)
    alike = np.ones_like(cooling)
    return np.stack([alike, cooling, alike * power(scarcity, p.storage_response)])


def _ordered_power(market: MarketModel) -> Floats:
    """Return the power of the compute that labs, their vehicles and clouds have on order, GW per M H100e, shape (R,).

    That of the start where nothing is on order; less than a chip, as rounding leaves of a delivery, is nothing.
    """
    vendors = market.vendors
    ordered = total(vendors.backlog[:, :-1], 1)
    units = np.where(ordered > ONE_CHIP, ordered, 0.0)
    load = total(units * vendors.unit_power) + TINY * market.parameters.reference_compute_power
    return load / (total(units * vendors.performance) + TINY)


def sector_prices(market: MarketModel) -> Floats:
    """Return what each hall sector charges for the inputs of the initial state, USD bn/GW, shape (three sectors, R)."""
    p = market.parameters
    return (p.hall_cost * (p.hall_cost_share * market.equipment.all.price_level))[HALL_SECTORS]
