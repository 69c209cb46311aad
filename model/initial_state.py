"""The initial state: roster and stocks of a quarter, read from data, and the columns computed from them."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from ..agents.firm import GWH_PRICE, HOURS
from ..agents.rules.learning import LN_10
from ..agents.state.arrays import TINY, Floats, power, ratio, total
from ..agents.state.quantity import nominal
from ..agents.state.shown import shown
from .dates import quarter_name
from .initial_fleets import fill_clouds, fill_fleets, put
from .markets.tenancies import market_rent
from .markets.valuation import assets, values

if TYPE_CHECKING:
    from .market_model import MarketModel

LEAST_TARGET_SHARE = 0.002
"""Share that a lab outside the market is taken to aim at when brands are reckoned (specification A2)."""

LAB_QUARTERS = slice(0, 4)
PLANT_QUARTERS = slice(0, 7)


@shown("quarter", "roster", "parameters", "stocks")
@dataclass(frozen=True)
class Start:
    """Who takes part and what they hold.

    Attributes:
        quarter: the quarter whose end this is, as in 2025Q4.
        roster: by kind, the firms in the order of the rows: name, and whether it is active.
        stocks: by kind and quantity, a value, or one a firm.
        units: by kind and quantity, the unit.
        sources: by kind and quantity, the source.
        parameters: by firm, values of its own of parameters of its kind, as the roster gives them.
        parents: by lab, the cloud that houses it.
        integrated: labs that own what they run.
        rented: the vendor in whose technology all rent.
    """

    quarter: str
    roster: Mapping[str, tuple[tuple[str, bool], ...]]
    stocks: Mapping[str, Mapping[str, Any]]
    units: Mapping[str, Mapping[str, str]]
    sources: Mapping[str, Mapping[str, str]]
    parameters: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    parents: Mapping[str, str] = field(default_factory=dict)
    integrated: frozenset[str] = frozenset()
    rented: str = ""

    def names(self, kind: str) -> tuple[str, ...]:
        """Return the names of a kind's firms."""
        return tuple(name for name, _ in self.roster[kind])

    def array(self, kind: str, quantity: str, level: Any = 1.0) -> np.ndarray:
        """Return a quantity, shape (n, 1), money scaled by the price level, which may differ by replicate."""
        value = np.asarray(self.stocks[kind][quantity], dtype=np.float64)
        if kind != "economy":
            value = np.broadcast_to(value, (len(self.roster[kind]),)) if value.ndim < 1 else value
            value = value[..., None] if value.ndim == 1 else value
        return value * level if nominal(self.units[kind].get(quantity, "1")) else value

    def with_firms(self, kind: str, firms: tuple[tuple[str, bool], ...], **stocks: Any) -> Start:
        """Return an initial state with other firms of a kind; stocks are given anew, the others keep to one value."""
        names = [name for name, _ in firms]
        gone = {name for name, _ in self.roster[kind]} - set(names)
        return replace(
            self,
            rented=names[0] if self.rented in gone else self.rented,
            parameters={name: own for name, own in self.parameters.items() if name not in gone},
            roster={**self.roster, kind: firms},
            stocks={**self.stocks, kind: {**self.stocks[kind], **stocks}},
        )


def load_start(quarter: Any = "2025Q4") -> Start:
    """Return the initial state at the end of a quarter, given as text, a period or a day.

    Raises:
        ValueError: the data hold no initial state of that quarter.

    Examples:
        >>> import aimarket
        >>> aimarket.load_start("2024Q4").names("ai_labs")
        ('OpenAI', 'Anthropic', 'Google DeepMind', 'Meta', 'xAI', 'Lab entrant')
    """
    return copy.deepcopy(_shipped(quarter_name(quarter)))


@cache
def _shipped(quarter: str) -> Start:
    """Return the initial state at the end of a quarter, read once: whoever may change what it holds gets a copy."""
    folder = files("aimarket.model").joinpath("data")
    path = folder.joinpath(f"initial_{quarter}.toml")
    if not str(quarter).isalnum() or not path.is_file():
        known = sorted(item.name[8:-5] for item in folder.iterdir() if item.name.startswith("initial_"))
        raise ValueError(f"no initial state for {quarter!r}; there is {', '.join(known)}")
    roster = tomllib.loads(folder.joinpath("roster.toml").read_text(encoding="utf-8"))
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    content.pop("quarter")
    return Start(
        quarter=quarter,
        roster={kind: tuple((f["name"], f.get("active", True)) for f in firms) for kind, firms in roster.items()},
        stocks={kind: {name: item["values"] for name, item in table.items()} for kind, table in content.items()},
        units={kind: {name: item["unit"] for name, item in table.items()} for kind, table in content.items()},
        sources={kind: {name: item["source"] for name, item in table.items()} for kind, table in content.items()},
        parameters={f["name"]: f["parameters"] for firms in roster.values() for f in firms if "parameters" in f},
        parents={f["name"]: f["parent"] for f in roster["ai_labs"] if "parent" in f},
        integrated=frozenset(f["name"] for f in roster["ai_labs"] if f.get("integrated")),
        rented=next(f["name"] for f in roster["chip_vendors"] if f.get("rented")),
    )


def opening(start: Any, usual: str) -> Start:
    """Return an initial state as it is, or that of a quarter; the usual one where nothing is said.

    Raises:
        ValueError: the data hold no initial state of that quarter.
    """
    return start if isinstance(start, Start) else _shipped(quarter_name(usual if start is None else start))


def fill(market: MarketModel, start: Start) -> None:
    """Fill every column of a model from an initial state."""
    level = market.parameters.price_level
    for population in (*market.borrowers, market.managers):
        kind = population.kind.group
        active = np.array([float(active) for _, active in start.roster[kind]])[:, None]
        stocks = start.stocks.get(kind, {})
        named = [name for name, given in stocks.items() if isinstance(given, Mapping)]
        same = [
            name
            for name in stocks
            if name in population.columns and name not in named and not population.declared[name].length
        ]
        put(population, active=active, **{name: start.array(kind, name, level) for name in same})
    _fill_economy(market, start, level)
    _fill_vendors(market, start)
    fill_clouds(market, start, level)
    _fill_labs(market, start, level)
    market.economy.commit(market_rent=market_rent(market))
    _fill_orders(market, start)
    _fill_suppliers(market, start)
    _fill_debt(market, start, level)
    for firms, value in zip(market.borrowers, values(market), strict=True):
        firms.commit(value=value)
    put(market.managers, cash=market.managers.cash * market.parameters.dry_powder)
    market.managers.commit(assets=assets(market))


def _fill_economy(market: MarketModel, start: Start, level: Any) -> None:
    """Fill market-wide values and the rest of the world."""
    stock = {name: start.array("economy", name, level) for name in start.stocks["economy"]}
    fleet = stock["outside_running"] + stock["outside_arriving"]
    rated = fleet * stock["outside_power_per_compute"]
    halls = rated * stock["outside_halls_per_power"]
    building = np.zeros(market.economy.outside_building.shape)
    building[LAB_QUARTERS] = halls * stock["outside_halls_building"]
    p = market.parameters
    put(
        market.economy,
        **{name: stock[name] for name in stock if name in market.economy.columns},
        outside_fleet=fleet,
        outside_power=rated,
        outside_halls=halls,
        outside_building=building,
        outside_ordered=halls * stock["outside_halls_ordered"],
        outside_growth=p.outside_growth * stock["outside_growth_multiple"],
    )


def _fill_vendors(market: MarketModel, start: Start) -> None:
    """Fill what vendors' columns hold beside the stocks."""
    vendors = market.vendors
    building = np.zeros(vendors.capacity_building.shape)
    building[:, LAB_QUARTERS] = start.array("chip_vendors", "capacity_building")[:, None]
    vendors.commit(
        capacity_building=building,
        first_sales=vendors.capacity * vendors.price,
        initial_unit_cost=vendors.unit_cost + 0.0,
        initial_output=vendors.output_ever + 0.0,
    )


def _fill_labs(market: MarketModel, start: Start, level: Any) -> None:
    """Fill fleets, halls, models, prices, shares and brands of labs."""
    labs, clouds, p = market.labs, market.clouds, market.parameters
    running, arriving = start.array("ai_labs", "running"), start.array("ai_labs", "arriving")
    owned = running + arriving
    fill_fleets(market, labs, start, owned, arriving)
    rented, housed = total(clouds.served), total(clouds.housed)
    at_hand = p.compute_wedge * (running - labs.in_house + rented + housed)
    step = np.exp(LN_10 * labs.capability) * p.release_factor * p.reference_training
    put(labs, log_efficiency=np.log(start.array("ai_labs", "efficiency")))
    capacity = (1.0 - p.research_floor) * at_hand / labs.all.compute_per_unit
    price = _opening_price(market, capacity, start)
    sold = labs.revenue / price
    names = labs.names
    put(
        labs,
        fleet=owned[:, :, None] * start.array("ai_labs", "fleet_mix")[:, :, None],
        efficiency_trend=p.progress_rate,
        training=start.array("ai_labs", "training_under_way") * step,
        price=price,
        sold=sold,
        demanded=sold,
        market_share=labs.revenue / np.maximum(total(labs.revenue), TINY),
        expected_revenue_growth=labs.expected_growth,
        fixed_assets=owned * start.array("ai_labs", "plant_per_compute", level),
        power_bill=labs.fleet_power * labs.pue * market.economy.contract_price * (HOURS * GWH_PRICE),
        own_compute=running,
        powered_compute=at_hand,
        rented=rented,
        housed=housed,
        integrated=np.array([[float(name in start.integrated)] for name in names]),
        is_housed=total(market.houses),
        rent_bill=total(clouds.rent_due),
        internal_rent=housed * start.array("economy", "market_rent", level) / (1.0 + p.base_markup),
    )
    labs.commit(service_intensity=labs.all.compute_per_unit)
    put(
        labs,
        brand=_brands(market, start),
        markup=np.maximum(ratio(labs.price, labs.all.unit_cost) - 1.0, 0.0) * (at_hand > 0.0),
        sales_capacity=capacity,
    )
    labs.commit(utilisation=ratio(labs.demanded, labs.sales_capacity))
    _fill_demand(market)


def _opening_price(market: MarketModel, capacity: Floats, start: Start) -> Floats:
    """Return the price of a unit at which nobody has sold more than their compute can serve, USD bn, shape (1, R).

    What was sold for is observed, and so is compute; the price of a unit follows from how much the busiest lab's
    compute was used. Where nobody sells, it is the reference price.

    Args:
        market: the model.
        capacity: what labs can sell, units a quarter, shape (labs, R).
        start: the stocks.
    """
    busiest = ratio(market.labs.revenue, capacity).max(0, keepdims=True)
    price = busiest / start.array("economy", "highest_opening_utilisation")
    return np.where(busiest > 0.0, price, market.parameters.reference_service_price)


def _fill_demand(market: MarketModel) -> None:
    """Fill adoption: what would be sold at the reference price."""
    labs, p = market.labs, market.parameters
    relative = total(labs.market_share * labs.price) / p.reference_service_price
    put(
        market.economy,
        average_price=relative * p.reference_service_price,
        adoption=total(labs.sold) * power(np.maximum(relative, TINY), p.price_elasticity),
    )


def _brands(market: MarketModel, start: Start) -> Floats:
    """Return the brand constants at which shares drift as observed, shape (labs, R), relative to the first lab."""
    labs, p = market.labs, market.parameters
    aim = np.maximum(labs.market_share + start.array("ai_labs", "share_drift") / p.rechoosing, LEAST_TARGET_SHARE)
    brand = np.log(aim) - p.capability_weight * (labs.capability - labs.capability[0])
    return brand - brand[0]


def _fill_orders(market: MarketModel, start: Start) -> None:
    """Fill order books: owners' orders at today's prices with their advances, the rest of the world's queue."""
    vendors, p = market.vendors, market.parameters
    units = np.zeros(vendors.backlog.shape)
    for firms in market.owners:
        ordered = start.array(firms.kind.group, "chips_on_order")[:, :, None] * firms.all.compute[:, None]
        units[:, firms.customers] = ordered.transpose(1, 0, 2)
    value = units * vendors.price[:, None]
    units[:, -1] = start.array("chip_vendors", "outside_backlog")
    put(
        vendors,
        backlog=units,
        order_value=value,
        prepaid=p.prepaid_share * value,
        earnings=_vendor_profit(market),
    )


def _vendor_profit(market: MarketModel) -> Floats:
    """Return what vendors earn at full capacity, USD bn a quarter, shape (vendors, R)."""
    vendors, p = market.vendors, market.parameters
    sales = vendors.capacity * vendors.price * (1.0 - p.selling_cost_share - p.chip_research_share)
    costs = vendors.capacity * (vendors.unit_cost + p.capacity_upkeep) + p.depreciation_chips * vendors.fixed_assets
    return vendors.active * (sales - costs)


def _fill_suppliers(market: MarketModel, start: Start) -> None:
    """Fill plant, pipelines and earnings of energy and equipment suppliers."""
    energy, equipment = market.energy, market.equipment
    building = np.zeros(energy.building.shape)
    building[:, PLANT_QUARTERS] = start.array("energy_suppliers", "building")[:, None]
    plant = energy.capacity * energy.capital_cost * start.array("energy_suppliers", "plant_written_down_to")
    put(
        energy,
        building=building,
        fixed_assets=plant,
        earnings=plant * start.array("energy_suppliers", "earnings_per_plant"),
    )
    made = equipment.fixed_assets * start.array("equipment_suppliers", "earnings_per_plant")
    equipment.commit(
        capacity_building=_works_under_way(market), initial_output=equipment.output_ever + 0.0, earnings=made
    )


def _works_under_way(market: MarketModel) -> Floats:
    """Return the capacity that builders have under construction: it grows as chips' does, in power."""
    vendors, equipment, p = market.vendors, market.equipment, market.parameters
    growth = total(vendors.capacity_building[:, 0] * vendors.unit_power) / total(vendors.capacity * vendors.unit_power)
    building = np.zeros(equipment.capacity_building.shape)
    building[:, : int(p.equipment_lead_time)] = (equipment.capacity * (growth + p.capacity_wear_equipment))[:, None]
    return building


def _fill_debt(market: MarketModel, start: Start, level: Any) -> None:
    """Split every firm's debt, and part of labs' shares, among the managers."""
    parts = start.array("asset_managers", "part_of_lending")
    for firms in market.borrowers:
        stocks = start.stocks[firms.kind.group]
        if "debt" in stocks:
            debt = start.array(firms.kind.group, "debt", level)
        else:
            debt = firms.fixed_assets * start.array(firms.kind.group, "debt_per_plant")
        put(firms, loans=debt[:, None] * parts, interest_rate=INITIAL_RATE, quoted_rate=INITIAL_RATE)
    shares = start.array("ai_labs", "independent")[:, None] * start.array("asset_managers", "part_of_lab_shares")
    put(market.labs, equity_held=shares)


INITIAL_RATE = 0.07
"""Interest rate on the debt at the start, 1/yr (specification A2; assumption)."""
