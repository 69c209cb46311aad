"""Events: parameters that change for a while, and firms that enter (P0).

A shock is a change of a parameter between two quarters, for all firms or for some. So a scenario can only say what the
model already knows, and every shock has a unit, a range and a source like any other number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..agents.firm import ASSUMPTION
from ..agents.state.quantity import ParameterGroup, parameter
from .deals.facilities import begin
from .demography.entry_and_exit import admit
from .markets.announcement import announce
from .markets.leasing import open_books

if TYPE_CHECKING:
    from .market_model import MarketModel

TREATMENT = "a treatment: 1 or 0 unless a scenario says otherwise"


class Shocks(ParameterGroup):
    """What scenarios change for a while."""

    group = "shocks"

    demand_available = parameter(1.0, "1", 1e-9, 2.0, TREATMENT, "demand potential, as a factor", "winter")
    chip_capacity_available = parameter(1.0, "1", 0.1, 2.0, TREATMENT, "chip capacity, as a factor", "capm")
    rental_demand_available = parameter(
        1.0, "1", 1e-9, 3.0, TREATMENT, "compute that enterprises ask to rent, as a factor"
    )
    rental_demand_from = parameter(
        0.0,
        "quarters",
        0.0,
        40.0,
        "a treatment: from the first quarter unless somebody says otherwise",
        "quarters after the start from which that factor holds, where it is set for a whole run, as on the page",
    )
    equipment_available = parameter(1.0, "1", 0.1, 2.0, TREATMENT, "capacity of the four sectors, as a factor")
    grid_available = parameter(1.0, "1", 0.05, 2.0, TREATMENT, "rate of grid connection, as a factor", "grid")
    capital_available = parameter(1.0, "1", 0.0, 2.0, TREATMENT, "pace of placing money, as a factor")
    credit_crunch = parameter(0.0, "1", 0.0, 1.0, TREATMENT, "part of lending that stops", "crunch")
    efficiency_gift = parameter(
        0.0, "nat", 0.0, 3.0, TREATMENT, "algorithmic efficiency that falls to every lab in the quarter"
    )
    chip_price_wedge = parameter(1.0, "1", 0.5, 1.5, TREATMENT, "one-off change of chip prices in the quarter")
    deal_scale = parameter(1.0, "1", 0.0, 10.0, TREATMENT, "amount of every deal, as a factor", opening=True)
    chance = parameter(
        1,
        "1",
        0,
        1,
        "definition",
        "1: there is chance; 0: normals are zero and generations keep a clock",
        structural=True,
    )
    price_level = parameter(
        1.0, "1", 0.1, 10.0, ASSUMPTION, "scale of every amount of money; changes nothing real", "nu", opening=True
    )


def apply_events(market: MarketModel) -> None:
    """Put this quarter's parameters in force, let firms enter and announce deals (P0)."""
    market.ledger.open_quarter()
    market.apply_changes()
    labs, vendors, p = market.labs, market.vendors, market.parameters
    labs.commit(log_efficiency=labs.log_efficiency + labs.active * p.efficiency_gift)
    vendors.commit(price=vendors.price * p.chip_price_wedge)
    admit(market)
    begin(market)
    open_books(market)
    announce(market)
