"""Headlines: what Mesa's data collector keeps of a model of one replicate, one function a column."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..dates import quarter_date

if TYPE_CHECKING:
    from ..market_model import MarketModel


def quarter(model: MarketModel) -> str:
    """Return the quarter that has just run, as in 2026Q2."""
    return quarter_date(model.now - 1)


def ai_revenue(model: MarketModel) -> float:
    """Return the sales of AI services, USD bn a quarter."""
    return _indicator(model, "ai_revenue")


def lab_capex(model: MarketModel) -> float:
    """Return what labs spent on plant, USD bn a quarter."""
    return _indicator(model, "lab_capex")


def lab_compute(model: MarketModel) -> float:
    """Return the accelerators of labs, M H100e."""
    return _indicator(model, "lab_compute")


def chip_lead_time(model: MarketModel) -> float:
    """Return how long a new order of accelerators waits, quarters."""
    return _indicator(model, "chip_lead_time")


def power_price(model: MarketModel) -> float:
    """Return the average wholesale price of power, USD/MWh."""
    return _indicator(model, "power_price")


def frontier_capability(model: MarketModel) -> float:
    """Return the capability of the best model on sale, OOM."""
    return _indicator(model, "frontier_capability")


HEADLINES: tuple[Callable[[Any], Any], ...] = (
    quarter,
    ai_revenue,
    lab_capex,
    lab_compute,
    chip_lead_time,
    power_price,
    frontier_capability,
)
"""Plain functions, which every version of Mesa calls with the model and which can be copied and pickled."""


def reporters() -> dict[str, Callable[[MarketModel], Any]]:
    """Return what a data collector reports of the quarter, by name, for models of one replicate."""
    return {report.__name__: report for report in HEADLINES}


def _indicator(model: MarketModel, name: str) -> float:
    """Return an indicator of the quarter up to which the model has come, in the first replicate."""
    return float(model.history.kept["indicators"][model.quarter - 1][name][0])
