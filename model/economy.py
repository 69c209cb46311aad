"""What belongs to no firm: market-wide values and the rest of the world."""

from __future__ import annotations

from collections.abc import Mapping

from ..agents.state.column import Column
from ..agents.state.table import Table, columns_of


class Economy(Table):
    """Market-wide values, shape (R,), and the rest of the world that buys chips, halls and power too.

    The rest of the world are enterprises and states; the outside sector, whose cash stands here, are customers,
    savers, workers, foundries and everybody else on the other side of a payment.
    """

    outside_cash = Column("USD bn", "net position of the outside sector", ledger=True, symbol="cashX")
    largest_position = Column("USD bn", "largest net position of the outside sector so far, either way")
    power_price = Column("USD/MWh", "average wholesale price", symbol="Pe")
    contract_price = Column("USD/MWh", "price of long contracts", symbol="ppa")
    spot_paid_by_ai = Column("USD/MWh", "spot price that AI load pays, per hour of connection")
    base_load = Column("GW", "load other than AI at the reference price", symbol="base0")
    storage = Column("GW", "grid storage", symbol="stor")
    power_available = Column("1", "part of the quarter for which AI load has power", initial=1.0, symbol="avail")
    ai_load = Column("GW", "power drawn by AI, the rest of the world included")
    power_served = Column("TWh/quarter", "power delivered, storage losses none")
    adoption = Column("units/quarter", "demand at the reference price", over="segments", symbol="N")
    adoption_growth = Column("nat/quarter", "its growth", over="segments")
    potential = Column("units/quarter", "what it would be if all who could did", over="segments", symbol="M")
    first_lead = Column("OOM", "best model for a segment at the start", over="segments")
    routine = Column("1", "compute that a unit takes, of the flagship's", over="segments", initial=1.0, symbol="r")
    price_index = Column("USD bn/unit", "price index of a segment, open models included", over="segments", symbol="P")
    index_scale = Column("1", "what makes it the mean price at the start", over="segments", initial=1.0)
    fringe_share = Column("1", "share of a segment's use that open models have", over="segments")
    fringe_brand = Column("1", "attachment to open models, in logit units", over="segments")
    fringe_price = Column("USD bn/unit", "what use of open models costs", over="segments")
    fringe_compute = Column("M H100e", "compute that use of open models takes")
    first_fringe_compute = Column("M H100e", "what it took at the start")
    unserved = Column("M H100e", "compute that AI services asked for and not served would have taken")
    leader = Column("1", "row of the lab with the best model", initial=-1.0)
    lead_changes = Column("1", "times that the lead has changed so far")
    funding_trend = Column("USD bn/quarter", "smoothed funding of all firms")
    funding = Column("USD bn/quarter", "new loans and shares of all firms and notes of vehicles this quarter")
    deal_drawn = Column("USD bn", "drawn on deals so far, vendor credit included")
    deal_bound = Column("USD bn", "drawn on deals so far and bound to a use")
    deal_draw = Column("USD bn/quarter", "drawn on deals this quarter, vendor credit included")

    spot_price = Column("USD bn per M H100e and quarter", "price of a short let", symbol="spot")
    market_rent = Column("USD bn per M H100e and quarter", "rent asked of labs, by running compute of both sides")
    rental_demand = Column("M H100e", "compute that enterprises rent at the reference price", symbol="Drent")
    rental_growth = Column("1/quarter", "growth of that demand")
    in_house_growth = Column("1/quarter", "growth of owners' other products")
    running_cost = Column("USD bn per M H100e and quarter", "power and operations of clouds' compute")
    first_cost_ratio = Column("1", "running cost over the spot price at the start")
    first_concentration = Column("1", "HHI of clouds' running compute at the start", initial=1.0)

    outside_fleet = Column("M H100e", "accelerators of the rest of the world", symbol="Krow")
    outside_power = Column("GW", "IT power of the rest of the world's fleet", symbol="Wrow")
    outside_halls = Column("GW", "its halls with power", symbol="Drow")
    outside_building = Column("GW", "its halls under construction", length=12)
    outside_ordered = Column("GW", "its halls ordered and not yet started", symbol="rowq")
    outside_unconnected = Column("GW", "its halls that wait for the grid", symbol="rowwait")
    outside_demand = Column("1", "index of its demand for compute", initial=1.0, symbol="rowidx")
    outside_growth = Column("1/quarter", "growth of its demand for compute", symbol="grow")
    outside_spending = Column("USD bn/quarter", "its spending on chips, clusters and halls")

    def __init__(self, axes: Mapping[str, int], replicates: int) -> None:
        """Make the table for a number of replicates."""
        super().__init__("Economy", columns_of(Economy), (), axes, replicates)
