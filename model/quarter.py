"""The quarter: what happens, in which order. The first file to read; there is no arithmetic in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from .demography.distress import settle_distress
from .markets.capital import raise_capital
from .markets.chips import deliver_chips, order_chips
from .markets.datacenters import build_halls
from .markets.industry import adjust
from .markets.letting import let_capacity
from .markets.planning import plan, publish
from .markets.power import clear_power
from .markets.research import run_research, split_compute
from .markets.services import pay_running_costs, sell_services
from .markets.valuation import value_firms
from .records.history import record
from .shocks import apply_events

if TYPE_CHECKING:
    from .market_model import MarketModel


class Phase(NamedTuple):
    """One step of the quarter."""

    code: str
    name: str
    run: Callable[[MarketModel], None]


QUARTER: tuple[Phase, ...] = (
    Phase("P0", "events", apply_events),
    Phase("P1", "expectations", publish),
    Phase("P2", "power", clear_power),
    Phase("P3a", "lettings", let_capacity),
    Phase("P3", "compute", split_compute),
    Phase("P4", "research", run_research),
    Phase("P5", "services", sell_services),
    Phase("P6", "running costs", pay_running_costs),
    Phase("P7", "plans", plan),
    Phase("P8", "capital", raise_capital),
    Phase("P9", "orders", order_chips),
    Phase("P10", "deliveries", deliver_chips),
    Phase("P11", "data centres", build_halls),
    Phase("P12", "industry", adjust),
    Phase("P13", "distress", settle_distress),
    Phase("P14", "valuation", value_firms),
    Phase("P15", "accounts", record),
)
