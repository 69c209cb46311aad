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
from ..agents.rules.valuing import ROUND_SPEED
from ..agents.state.arrays import Floats, power, ratio, total
from ..agents.state.quantity import nominal
from ..agents.state.shown import shown
from .dates import quarter_name
from .initial_fleets import fill_clouds, fill_fleets, put
from .initial_segments import fill_segments
from .markets.credit import open_credit
from .markets.generations import quarters_ahead
from .markets.packaging import open_packaging
from .markets.planning import quote_rates
from .markets.tenancies import market_rent
from .markets.valuation import assets, values
from .roadmap import Generation, known_at

if TYPE_CHECKING:
    from .market_model import MarketModel

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
        sold_to: by vendor, the owners of accelerators whose orders it takes; everybody's where it is not named.
        roadmap: generations of chips that are announced and still to come.
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
    sold_to: Mapping[str, frozenset[str]] = field(default_factory=dict)
    roadmap: tuple[Generation, ...] = ()

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
        left = {vendor: buyers - gone for vendor, buyers in self.sold_to.items() if vendor not in gone}
        return replace(
            self,
            rented=names[0] if self.rented in gone else self.rented,
            sold_to={vendor: buyers for vendor, buyers in left.items() if buyers},
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
        sold_to={f["name"]: frozenset(f["sold_to"]) for f in roster["chip_vendors"] if "sold_to" in f},
        roadmap=known_at(quarter),
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
    _fill_access(market, start)
    _fill_orders(market, start)
    _fill_suppliers(market, start)
    _fill_debt(market, start, level)
    open_credit(market)
    quote_rates(market)
    for firms, value in zip(market.borrowers, values(market), strict=True):
        firms.commit(value=value, round_value=value + 0.0)
    _fill_rounds(market)
    put(market.managers, cash=market.managers.cash * market.parameters.dry_powder)
    market.managers.commit(assets=assets(market))


def _fill_rounds(market: MarketModel) -> None:
    """Let the value that labs' rounds go by lag as it would if value had long grown with sales as expected."""
    labs = market.labs
    behind = np.exp(-labs.expected_revenue_growth * (1.0 - ROUND_SPEED) / ROUND_SPEED)
    labs.commit(round_value=labs.value * behind)


def _fill_economy(market: MarketModel, start: Start, level: Any) -> None:
    """Fill market-wide values and the rest of the world."""
    stock = {name: start.array("economy", name, level) for name in start.stocks["economy"]}
    fleet = stock["outside_running"] + stock["outside_arriving"]
    rated = fleet * stock["outside_power_per_compute"]
    halls = rated * stock["outside_halls_per_power"]
    building = np.zeros(market.economy.outside_building.shape)
    building[LAB_QUARTERS] = halls * stock["outside_halls_building"]
    packaging = np.zeros(market.economy.wafers_building.shape)
    packaging[LAB_QUARTERS] = stock["packaging_building"]
    p = market.parameters
    put(
        market.economy,
        wafers_building=packaging,
        **{name: stock[name] for name in stock if name in market.economy.columns},
        outside_fleet=fleet,
        outside_power=rated,
        outside_halls=halls,
        outside_building=building,
        outside_ordered=halls * stock["outside_halls_ordered"],
        outside_growth=p.outside_growth * power(p.outside_growth_memory, market.elapsed),
    )


def _fill_vendors(market: MarketModel, start: Start) -> None:
    """Fill what vendors' columns hold beside the stocks."""
    vendors = market.vendors
    vendors.commit(
        newest_wafers=vendors.wafers_per_unit + 0.0,
        newest_performance=vendors.performance + 0.0,
        newest_power=vendors.unit_power + 0.0,
        initial_unit_cost=vendors.unit_cost + 0.0,
        initial_output=vendors.output_ever + 0.0,
    )
    put(vendors, until_generation=quarters_ahead(market, start.array("chip_vendors", "since_generation")))


def _fill_labs(market: MarketModel, start: Start, level: Any) -> None:
    """Fill fleets, halls and models of labs, and what they sell."""
    labs, clouds, p = market.labs, market.clouds, market.parameters
    running, arriving = start.array("ai_labs", "running"), start.array("ai_labs", "arriving")
    owned = running + arriving
    fill_fleets(market, labs, start, owned, arriving)
    rented, housed = total(clouds.served), total(clouds.housed)
    at_hand = p.compute_wedge * (running - labs.in_house + rented + housed)
    step = np.exp(LN_10 * labs.capability) * p.release_factor * p.reference_training
    put(labs, log_efficiency=np.log(start.array("ai_labs", "efficiency")))
    rent, names = start.array("economy", "market_rent", level), labs.names
    cheaper = p.inference_gain * p.progress_rate - start.array("economy", "rent_growth")
    put(
        labs,
        fleet=owned[:, :, None] * start.array("ai_labs", "fleet_mix")[:, :, None],
        efficiency_trend=p.progress_rate,
        training=start.array("ai_labs", "training_under_way") * step,
        expected_growth=labs.expected_growth + cheaper,
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
        internal_rent=housed * rent / (1.0 + p.base_markup),
        sales_capacity=(1.0 - p.research_floor) * at_hand,
    )
    fill_segments(market, start, rent)
    labs.commit(utilisation=ratio(labs.all.compute_asked, labs.sales_capacity))


def _fill_access(market: MarketModel, start: Start) -> None:
    """Fill who takes whose orders: a vendor sells to everybody, or to the owners that the roster names."""
    vendors = market.vendors
    everybody = {name for firms in market.owners for name in firms.names}
    for firms in market.owners:
        takes = [[float(name in start.sold_to.get(v, everybody)) for v in vendors.names] for name in firms.names]
        put(firms, may_buy=np.array(takes)[..., None])
    put(vendors, sells_openly=np.array([[float(name not in start.sold_to)] for name in vendors.names]))


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
        lead_time=ratio(total(units, 1), vendors.capacity),
    )
    open_packaging(market)


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
    equipment, p = market.equipment, market.parameters
    growth = market.economy.wafers_building[0] / market.economy.wafers
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
        lent = np.concatenate([debt[:, None] * parts, np.zeros_like(debt)[:, None]], axis=1)
        put(firms, loans=lent, interest_rate=INITIAL_RATE, quoted_rate=INITIAL_RATE)
    shares = start.array("ai_labs", "independent")[:, None] * start.array("asset_managers", "part_of_lab_shares")
    put(market.labs, equity_held=shares)


INITIAL_RATE = 0.07
"""Interest rate on the debt at the start, 1/yr (specification A2; assumption)."""
