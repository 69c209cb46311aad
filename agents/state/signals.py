"""What everybody can see: prices, lead times, shares and the abilities of released models."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .arrays import Floats, freeze
from .shown import shown
from .table import unknown_name


@shown()
@dataclass(frozen=True)
class Signals:
    """The public state of the market, published at the start of a quarter and again before firms plan.

    Attributes:
        quarter: the quarter of the run, 0 for the first.
        segment_price: price of AI services by lab and segment, USD bn a unit, shape (labs, segments, R).
        segment_share: share of a segment's use by lab; the rest is of open models, shape (labs, segments, R).
        adoption_growth: growth of the use of each segment at the reference price, nat a quarter, shape (segments, R).
        routine_work: compute that a unit takes in each segment, of the flagship's, shape (segments, R).
        market_share: part of what labs' customers ask for, at its price, by lab, shape (labs, R).
        capability: capability of the released model by lab, OOM, shape (labs, R).
        chip_price: price of an accelerator by vendor, USD thousand a unit, shape (vendors, R).
        chip_landed_price: price with its share of the cluster, USD thousand a unit, shape (vendors, R).
        chip_performance: M H100e per M units by vendor, shape (vendors, R).
        chip_power: kW of IT power per unit by vendor, shape (vendors, R).
        chip_lead_time: backlog over capacity by vendor, quarters, shape (vendors, R).
        vendor_active: 1 where a vendor sells, shape (vendors, R).
        chip_value: the lowest price per compute on sale, USD bn per M H100e, shape (R,).
        power_price: average wholesale price, USD/MWh, shape (R,).
        hall_cost: cost of a hall without IT for the average accelerator on order, USD bn/GW, shape (R,).
        hall_contents: what such a hall takes of construction, cooling and storage, relative to the start, (three, R).
        hall_lead_time: quarters from the start of a hall to its completion, a whole number.
        new_hall_pue: power usage effectiveness of a new hall, shape (R,).
        frontier_capability: the best released model, OOM, shape (R,).
        largest_fleet: the most compute that a lab has at hand or on order, M H100e, shape (R,).
        rented_landed_price: chips with clusters in the technology that all rent, USD bn per M H100e, shape (R,).
        rented_power: IT power of that technology, GW per M H100e, shape (R,).
        resale_value: what used compute fetches, by what it can earn and at most the price of new, shape (R,).
        market_rent: rent asked of labs, by running compute of both sides, USD bn per M H100e and quarter, shape (R,).
        spot_price: price of a short let, USD bn per M H100e and quarter, shape (R,).
        lets_per_compute: compute that enterprises ask for at the one-year price, of what runs at clouds, shape (R,).
        rental_growth: expected growth of what enterprises ask for, 1/quarter, shape (R,).
        in_house_growth: growth of owners' other products, 1/quarter, shape (R,).
        landlord_wait: compute signed and not delivered over what came last, quarters, shape (clouds, R).
        landlord_active: 1 where a cloud lets compute, shape (clouds, R).
        landlord_let: compute that each cloud lets to labs, M H100e, shape (clouds, R).
        landlord_room: IT power for which each cloud has halls soon, GW, shape (clouds, R).
        landlord_concentration: HHI of clouds' running compute relative to the start, shape (R,).
        unconnected_halls: halls of labs that wait for the grid, GW, shape (R,).
        sentiment: mean sentiment of the asset managers, in (-1, 1), shape (R,).
        default_probability: lenders' estimate by borrower, 1/yr, shape (borrowers, R).
        quoted_rate: interest rate on new loans by borrower, 1/yr, shape (borrowers, R).
        firm_value: the value of each borrower's shares at the end of last quarter, USD bn, shape (borrowers, R).
        loan_share: each borrower's part of all loans, shape (borrowers, R).
        debt_request: what each borrower asks to borrow, USD bn, shape (borrowers, R).
        equity_request: what each borrower asks to raise in shares, from outside too, USD bn, shape (borrowers, R).

    Examples:
        >>> import aimarket
        >>> model = aimarket.MarketModel("baseline", rng=7, replicates=3)
        >>> model.step()
        >>> model.signals.chip_price.shape, model.signals.power_price.shape
        ((4, 3), (3,))
    """

    quarter: int
    segment_price: Floats
    segment_share: Floats
    adoption_growth: Floats
    routine_work: Floats
    market_share: Floats
    capability: Floats
    chip_price: Floats
    chip_landed_price: Floats
    chip_performance: Floats
    chip_power: Floats
    chip_lead_time: Floats
    vendor_active: Floats
    chip_value: Floats
    power_price: Floats
    hall_cost: Floats
    hall_contents: Floats
    hall_lead_time: int
    new_hall_pue: Floats
    frontier_capability: Floats
    largest_fleet: Floats
    rented_landed_price: Floats
    rented_power: Floats
    resale_value: Floats
    market_rent: Floats
    spot_price: Floats
    lets_per_compute: Floats
    rental_growth: Floats
    in_house_growth: Floats
    landlord_wait: Floats
    landlord_active: Floats
    landlord_let: Floats
    landlord_room: Floats
    landlord_concentration: Floats
    unconnected_halls: Floats
    sentiment: Floats
    default_probability: Floats
    quoted_rate: Floats
    firm_value: Floats
    loan_share: Floats
    debt_request: Floats
    equity_request: Floats

    def __getattr__(self, name: str) -> Any:
        """Say what the signals are, where something else is asked of them."""
        fields = ", ".join(field for field in self.__dataclass_fields__)
        raise AttributeError(
            f"{unknown_name('signals', name, self.__dataclass_fields__)}. A decision sees its own firm's columns and "
            f"parameters as self.NAME, and what is public as signals.NAME: {fields}",
            name=name,
            obj=self,
        )

    def __post_init__(self) -> None:
        """Make every array read-only: what everybody sees nobody changes."""
        for value in vars(self).values():
            if isinstance(value, np.ndarray):
                freeze(value)
