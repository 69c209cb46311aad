"""What compute of a leasing vehicle costs, beside what landlords ask its lessee, and what makes the difference."""

from __future__ import annotations

from ...agents.cloud import GW_QUARTER
from ...agents.firm import QUARTERS
from ...agents.rules.renting import USD_PER_HOUR, user_cost
from ...agents.state.arrays import Floats, ratio, total
from ...model.deals.facilities import contracts
from ...model.market_model import MarketModel

PARTS = ("landlords ask", "markup", "chips", "finance", "vehicle")
"""What landlords ask the lessee; of it their markup, what other chips than the vehicle's cost, what the lessee's credit
costs beyond the vehicle's; what is left is the user cost of the vehicle's compute."""


def vehicle_rents(model: MarketModel) -> dict[str, Floats]:
    """Return what a vehicle's compute would cost as things stand, and what takes it there from landlords' rent.

    Landlords reckon with the tenant's credit, a vehicle with the rates of its notes, which a guarantor makes low
    (specification 2, section 9). Both use halls of landlords and the same power.

    Args:
        model: a run with a deal whose vehicle leases chips; the first one counts.

    Returns:
        By name of `PARTS`, USD per H100e and hour, shape (R,): the first less the next three is the last.

    Raises:
        ValueError: no deal has a vehicle that leases chips.
    """
    rows = [row for row in contracts(model.case.deals) if row.recipient in model.labs.names]
    leased = [row for row in rows if row.deal.leased and row.deal.asset == "chips"]
    if not leased:
        raise ValueError(
            f'{model.case.name} has no deal whose vehicle leases chips to a lab: give it instrument = "lease"'
        )
    deal, clouds, signals = leased[0].deal, model.clouds, model.signals
    lab, vendor = model.labs.names.index(leased[0].recipient), model.vendors.names.index(deal.supplier)
    weight = ratio(clouds.own_compute, total(clouds.own_compute))
    rates = clouds.all.rate_for_tenants(signals)[:, lab]
    asked, cost = clouds.rent_price[:, lab], clouds.all.cost_of_new(rates[:, None], signals)[:, 0]
    landed, kilowatts = (
        item[vendor] / signals.chip_performance[vendor] for item in (signals.chip_landed_price, signals.chip_power)
    )
    drawn = kilowatts * signals.new_hall_pue
    hall, energy = drawn * signals.hall_cost, drawn * signals.power_price * GW_QUARTER
    same_chips = user_cost(landed, hall, energy, rates, model.parameters)
    notes = sum(tranche.part * tranche.rate for tranche in deal.notes)
    finance = landed * (rates - notes) / QUARTERS
    found = (asked, asked - cost, cost - same_chips, finance, same_chips - finance)
    return {name: total(weight * part) / USD_PER_HOUR for name, part in zip(PARTS, found, strict=True)}
