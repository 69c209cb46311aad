"""Who bears scarcity: what vendors, landlords and labs earn beyond opening margins, what enterprises pay more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..agents.state.arrays import Floats, ratio, total

if TYPE_CHECKING:
    from .market_model import MarketModel


def gross_margin(market: MarketModel) -> Floats:
    """Return vendors' margin over unit cost, of their sales, shape (R,)."""
    vendors = market.vendors
    cost = total(total(vendors.delivered, 1) * vendors.unit_cost)
    return 1.0 - ratio(cost, total(vendors.sales))


def of_vendors(market: MarketModel) -> Floats:
    """Return what vendors earn on sales beyond the margins that they had at the start, USD bn a quarter, shape (R,)."""
    vendors = market.vendors
    return total(vendors.sales * (vendors.all.gross_margin - vendors.first_margin))


def rent_over_cost(market: MarketModel) -> Floats:
    """Return the rent for large tenants over landlords' user cost of new compute at their own risk, shape (R,)."""
    return ratio(market.economy.market_rent, _user_cost(market))


def _user_cost(market: MarketModel) -> Floats:
    """Return landlords' mean user cost of new compute, USD bn per M H100e and quarter, shape (R,)."""
    clouds = market.clouds
    rate = (clouds.quoted_rate + market.parameters.rental_hurdle)[:, None]
    cost = clouds.all.cost_of_new(rate, market.signals)[:, 0]
    return ratio(total(cost * clouds.own_compute), total(clouds.own_compute))


def of_landlords(market: MarketModel) -> Floats:
    """Return what large tenants would pay today beyond user cost and the start's margin on it, USD bn a quarter."""
    economy = market.economy
    beyond = economy.market_rent - economy.first_rent_over_cost * _user_cost(market)
    return beyond * total(total(market.clouds.served))


def compute_part(market: MarketModel) -> Floats:
    """Return the user cost of labs' compute over their sales, shape (R,)."""
    return ratio(total(market.labs.all.compute_costs), total(market.labs.revenue))


def of_labs(market: MarketModel) -> Floats:
    """Return what labs earn on sales beyond their margin over compute at the start, USD bn a quarter, shape (R,)."""
    sales = total(market.labs.revenue)
    return sales * market.economy.first_compute_part - total(market.labs.all.compute_costs)


def of_enterprises(market: MarketModel) -> Floats:
    """Return what enterprises pay for short lets beyond the price of a one-year contract, USD bn a quarter (R,)."""
    economy = market.economy
    one_year = economy.market_rent * market.parameters.small_premium
    return (economy.spot_price - one_year) * total(market.clouds.short_let)


def scarcity_rent(market: MarketModel) -> Floats:
    """Return the four parts together, USD bn a quarter, shape (R,)."""
    return of_vendors(market) + of_landlords(market) + of_labs(market) + of_enterprises(market)
