"""What is looked at: one function an indicator, each of shape (R,), with its unit (section 9)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from ..agents.equipment_supplier import CLUSTERS, CONSTRUCTION, COOLING, STORAGE
from ..agents.rules.credit import BONDS, MOST_SCARCITY, PRIVATE
from ..agents.rules.learning import frontier
from ..agents.rules.limits import LIMITS, near
from ..agents.rules.renting import USD_PER_HOUR, of_all_quarters
from ..agents.state.arrays import TINY, Floats, ratio, total
from .accounting.borrowers import mean_yield, of_borrowers, of_owners
from .dates import YEAR
from .scarcity import compute_part, gross_margin, of_enterprises, of_labs, of_landlords, of_vendors, scarcity_rent
from .segment_indicators import PURE, SEGMENT_INDICATORS, USD, Indicator, concentration

if TYPE_CHECKING:
    from .market_model import MarketModel


ROUNDING = 1e-9
"""What is let at its running cost is not below it."""


def labs_total(column: str) -> Callable[[MarketModel], Floats]:
    """Return a measure that adds a column over labs."""
    return lambda market: total(market.labs.columns[column])


def best(column: str) -> Callable[[MarketModel], Floats]:
    """Return a measure of the best value of a column among labs in business."""
    return lambda market: frontier(market.labs.columns[column], market.labs.active)


def of_sector(column: str, row: int) -> Callable[[MarketModel], Floats]:
    """Return a measure of one equipment sector."""
    return lambda market: market.equipment.columns[column][row]


def funding_of(sector: int) -> Callable[[MarketModel], Floats]:
    """Return a measure of the new loans and shares of an equipment sector."""
    return lambda market: (market.equipment.debt_raised + market.equipment.equity_raised)[sector]


def _of_leader(market: MarketModel, values: Floats) -> Floats:
    """Return the value of the lab with the best model."""
    labs = market.labs
    leading = np.where(labs.active > 0.0, labs.capability, -np.inf).argmax(0)
    return np.take_along_axis(values, leading[None], 0)[0]


def lent_outside(market: MarketModel) -> Floats:
    """Return what lenders outside have lent this quarter, to deals too."""
    return -market.ledger.flows().get(("lending_outside", "economy"), np.zeros(market.replicates))


def placed_of_asked(market: MarketModel) -> Floats:
    """Return what managers lent of what was asked of them, deals apart; one where nothing was."""
    economy, asked = market.economy, total(market.economy.managers_asked)
    return np.where(asked > 0.0, ratio(total(economy.loans_priced) - economy.taken_outside, asked), 1.0)


def scarcity_at_ceiling(market: MarketModel) -> Floats:
    """Return the part of classes of credit whose scarcity premium is at its ceiling."""
    return total(near(market.economy.scarcity, MOST_SCARCITY)) / len(market.economy.scarcity)


def called_from_savers(market: MarketModel) -> Floats:
    """Return what was called from savers for deals and has not gone back."""
    facilities = market.facilities
    owed = facilities.called * facilities.outstanding[:, : len(market.managers)]
    return total(total(owed, 1)) if len(facilities) else np.zeros(market.replicates)


def chip_lead_time(market: MarketModel) -> Floats:
    """Return the lead time of the vendor with the largest capacity."""
    vendors = market.vendors
    largest = (vendors.capacity * vendors.active).argmax(0)
    return np.take_along_axis(vendors.lead_time, largest[None], 0)[0]


def landed_price(market: MarketModel) -> Floats:
    """Return what was billed for chips and clusters, over the compute delivered."""
    billed = total(market.vendors.sales) + market.equipment.sales[CLUSTERS]
    return ratio(billed, total(market.vendors.shipped))


def algorithm_share(market: MarketModel) -> Floats:
    """Return the part of the leader's training growth since the first quarter that better algorithms made.

    d log10(rd A) = d log10(rd) + d lnA / ln 10 is additive, so that the share is its own Shapley value.
    """
    labs = market.labs
    better = labs.log_efficiency - labs.first_efficiency
    more = np.log(np.maximum(labs.research, TINY) / np.maximum(labs.first_research, TINY))
    whole = _of_leader(market, better + more)
    return np.where(np.abs(whole) > TINY, _of_leader(market, better) / np.where(whole == 0.0, 1.0, whole), 0.0)


def coverage(market: MarketModel) -> Floats:
    """Return labs' cash flow before debt service over debt service, all labs together."""
    service = total(market.labs.debt_service)
    return (total(market.labs.operating_cash_flow) + service) / np.maximum(service, TINY)


def guarantee_exposure(market: MarketModel) -> Floats:
    """Return what guarantors may still have to pay: guaranteed notes, at most what is left of the limit."""
    facilities, vehicles = market.facilities, market.vehicles
    if not len(vehicles):
        return np.zeros(market.replicates)
    notes = facilities.on_vehicles(total(facilities.outstanding, 1) * facilities.guaranteed)
    return total(np.minimum(notes, vehicles.guarantee_limit - vehicles.guarantee_paid))


def capex(market: MarketModel) -> Floats:
    """Return labs' capital spending."""
    return total(market.labs.capex)


def labs_part(market: MarketModel) -> Floats:
    """Return the part of the world's running compute that ran for labs."""
    labs, economy = market.labs, market.economy
    world = total(labs.own_compute) + total(market.clouds.own_compute) + economy.outside_fleet
    return ratio(total(labs.powered_compute), world)


def stranded(market: MarketModel) -> Floats:
    """Return clouds' compute that stands idle, or is let to a lab or to enterprises below its running cost."""
    clouds, cost = market.clouds, market.economy.running_cost * (1.0 - ROUNDING)
    agreed, let = clouds.kept("contract_value", of_all_quarters), clouds.all.let_to
    to_labs = np.where(agreed < cost * let, clouds.served, 0.0)
    short = np.where(clouds.short_let_value < cost * clouds.short_let, clouds.short_let, 0.0)
    return total(clouds.idle + total(to_labs, 1) + short)


def training_run_cost(market: MarketModel) -> Floats:
    """Return what the compute of the leader's next model costs at the user cost of what runs, USD bn."""
    labs, p = market.labs, market.parameters
    rate = ratio(market.labs.all.compute_costs, labs.powered_compute)
    interval = np.maximum(labs.release_interval, 1.0)
    return _of_leader(market, rate * p.training_share * labs.research * interval)


def funding(kind: str) -> Callable[[MarketModel], Floats]:
    """Return a measure of the new loans and shares of a kind of firm."""

    def measure(market: MarketModel) -> Floats:
        firms = getattr(market, kind)
        return total(firms.debt_raised + firms.equity_raised)

    return measure


def saturated_share(*limits: str) -> Callable[[MarketModel], Floats]:
    """Return a measure of the part of labs' decisions under some limits that were within one percent of them."""
    rows = [LIMITS.index(name) for name in limits]

    def measure(market: MarketModel) -> Floats:
        labs = market.labs
        return ratio(total(total(labs.active[:, None] * labs.at_limit[:, rows], 1)), len(rows) * total(labs.active))

    return measure


def default_rate(market: MarketModel) -> Floats:
    """Return the part of borrowing firms in business that defaulted."""
    failed = total(np.stack(list(market.failed.values())))
    return ratio(failed, total(np.concatenate([firms.active for firms in market.borrowers])))


RATE = "1/quarter"

INDICATORS: dict[str, Indicator] = {
    "ai_revenue": Indicator(USD, "sales of AI services", labs_total("revenue")),
    **SEGMENT_INDICATORS,
    "lab_capex": Indicator(USD, "labs' capital spending", capex),
    "total_capex": Indicator(
        USD,
        "capital spending of labs, clouds and the rest of the world",
        lambda m: capex(m) + total(m.clouds.capex) + m.economy.outside_spending,
    ),
    "cloud_capex": Indicator(USD, "clouds' capital spending on AI", lambda m: total(m.clouds.capex)),
    "outside_spending": Indicator(USD, "rest of the world's chips and halls", lambda m: m.economy.outside_spending),
    "capital_intensity": Indicator(
        PURE, "labs' capital spending over sales", lambda m: ratio(capex(m), total(m.labs.revenue))
    ),
    "infrastructure_share": Indicator(
        PURE,
        "capital spending over itself and researchers' pay",
        lambda m: ratio(capex(m), capex(m) + total(m.labs.research_labour)),
    ),
    "compute_cost_share": Indicator(PURE, "user cost of labs' compute over sales", compute_part),
    "training_run_cost": Indicator("USD bn", "cost of the leader's next model", training_run_cost),
    "lab_compute": Indicator("M H100e", "compute that ran for labs", labs_total("powered_compute")),
    "lab_fleets": Indicator("M H100e", "accelerators that labs own", lambda m: total(m.labs.all.compute)),
    "cloud_compute": Indicator("M H100e", "compute that ran at clouds", lambda m: total(m.clouds.own_compute)),
    "labs_compute_share": Indicator(PURE, "part of the world's running compute that ran for labs", labs_part),
    "rented_share": Indicator(
        PURE,
        "part of labs' compute that is rented",
        lambda m: ratio(total(m.labs.rented), total(m.labs.powered_compute)),
    ),
    "idle_share": Indicator(
        PURE,
        "part of clouds' running compute that nobody rents",
        lambda m: ratio(total(m.clouds.idle), total(m.clouds.own_compute)),
    ),
    "stranded_compute": Indicator(
        "M H100e", "clouds' compute that nobody rents, or that is let below its running cost", stranded
    ),
    "sublet_compute": Indicator("M H100e", "compute that labs rent and let on to enterprises", labs_total("sublet")),
    "contract_rent": Indicator(
        "USD/H100e-hour", "rent that landlords ask of labs", lambda m: m.economy.market_rent / USD_PER_HOUR
    ),
    "spot_rent": Indicator(
        "USD/H100e-hour", "price of compute let for a year or less", lambda m: m.economy.spot_price / USD_PER_HOUR
    ),
    "price_of_compute": Indicator(
        "USD/H100e-hour",
        "rent due over compute rented",
        lambda m: ratio(total(m.labs.rent_bill), total(m.labs.rented)) / USD_PER_HOUR,
    ),
    "rent_backlog": Indicator(
        "USD bn", "what labs have still to pay under contracts", lambda m: total(m.clouds.all.backlog)
    ),
    "rent_burden": Indicator(
        PURE, "labs' rent over their sales", lambda m: ratio(total(m.labs.rent_bill), total(m.labs.revenue))
    ),
    "landlord_wait": Indicator(
        "quarters",
        "compute signed and not delivered over what came last",
        lambda m: ratio(total(total(m.clouds.owed)), total(m.clouds.arriving)),
    ),
    "landlord_concentration": Indicator(
        PURE, "HHI of clouds' running compute", lambda m: concentration(m.clouds.own_compute)
    ),
    "cloud_debt": Indicator("USD bn", "clouds' loans", lambda m: total(total(m.clouds.loans, 1))),
    "outside_compute": Indicator("M H100e", "the rest of the world's fleet", lambda m: m.economy.outside_fleet),
    "powered_share": Indicator(
        PURE,
        "part of labs' own compute that ran",
        lambda m: ratio(total(m.labs.own_compute), total(m.labs.fleet_at_opening)),
    ),
    "research_share": Indicator(
        PURE,
        "part of running compute in research",
        lambda m: ratio(total(m.labs.research), total(m.labs.powered_compute)),
    ),
    "research_labour": Indicator(USD, "pay of researchers", labs_total("research_labour")),
    "frontier_capability": Indicator("OOM", "best released model", best("capability")),
    "frontier_efficiency": Indicator("nat", "best algorithms", best("log_efficiency")),
    "algorithm_share": Indicator(PURE, "part of the leader's progress that algorithms made", algorithm_share),
    "releases": Indicator("1/quarter", "models released", labs_total("released")),
    "release_interval": Indicator(
        "quarters",
        "time between releases, weighted by share",
        lambda m: total(m.labs.market_share * m.labs.release_interval),
    ),
    "lead_changes": Indicator(PURE, "changes of the lead so far", lambda m: m.economy.lead_changes),
    "lab_concentration": Indicator(PURE, "HHI of demand for AI services", lambda m: concentration(m.labs.market_share)),
    "vendor_concentration": Indicator(PURE, "HHI of compute shipped", lambda m: concentration(m.vendors.shipped)),
    "energy_concentration": Indicator(PURE, "HHI of power made", lambda m: concentration(m.energy.generated)),
    "lender_concentration": Indicator(
        PURE, "HHI of managers' loans", lambda m: concentration(total(of_borrowers(m, "loans"))[:-1])
    ),
    "chip_lead_time": Indicator("quarters", "lead time of the largest vendor", chip_lead_time),
    "landed_price": Indicator("USD bn/M H100e", "compute delivered, clusters included", landed_price),
    "packaging": Indicator("thousand wafers/quarter", "packaging for accelerators", lambda m: m.economy.wafers),
    "packaging_used": Indicator(
        PURE,
        "part of packaging that deliveries took",
        lambda m: ratio(total(total(m.vendors.delivered, 1) * m.vendors.wafers_per_unit), m.economy.wafers),
    ),
    "chip_margin": Indicator(PURE, "vendors' gross margin, of their sales", gross_margin),
    "scarcity_vendors": Indicator(USD, "vendors' sales beyond the start's margins", of_vendors),
    "scarcity_landlords": Indicator(USD, "large tenants' rent beyond user cost and the start's margin", of_landlords),
    "scarcity_labs": Indicator(USD, "labs' sales beyond their compute and the start's margin over it", of_labs),
    "scarcity_enterprises": Indicator(USD, "enterprises' rent beyond that of a one-year contract", of_enterprises),
    "scarcity_rent": Indicator(
        USD, "what scarcity brings vendors, landlords and labs, and costs enterprises", scarcity_rent
    ),
    "compute_shipped": Indicator("M H100e/quarter", "compute delivered", lambda m: total(m.vendors.shipped)),
    "vendor_sales": Indicator(USD, "chips delivered", lambda m: total(m.vendors.sales)),
    "energy_sales": Indicator(USD, "power sold", lambda m: total(m.energy.sales)),
    "construction_sales": Indicator(USD, "construction paid", of_sector("sales", CONSTRUCTION)),
    "cooling_sales": Indicator(USD, "cooling paid", of_sector("sales", COOLING)),
    "storage_sales": Indicator(USD, "storage paid", of_sector("sales", STORAGE)),
    "cluster_sales": Indicator(USD, "clusters paid", of_sector("sales", CLUSTERS)),
    "halls_started": Indicator("GW/quarter", "halls started", of_sector("output", CONSTRUCTION)),
    "hall_price_index": Indicator(
        PURE, "builders' price relative to the start", of_sector("price_index", CONSTRUCTION)
    ),
    "power_price": Indicator("USD/MWh", "average wholesale price", lambda m: m.economy.power_price),
    "forward_price": Indicator(
        "USD/MWh", "wholesale price to expect when plants ordered now run", lambda m: m.economy.forward_price
    ),
    "power_available": Indicator(PURE, "part of the time with power for AI", lambda m: m.economy.power_available),
    "ai_load": Indicator("GW", "power drawn by AI", lambda m: m.economy.ai_load),
    "unconnected_halls": Indicator(
        "GW",
        "halls that wait for the grid",
        lambda m: total(of_owners(m, "halls_unconnected")) + m.economy.outside_unconnected,
    ),
    "halls_over_need": Indicator(
        PURE,
        "labs' halls over what fleets draw",
        lambda m: ratio(total(m.labs.halls), total(m.labs.fleet_power * m.labs.pue)),
    ),
    "capex_vendors": Indicator(USD, "chip vendors' capital spending", lambda m: total(m.vendors.capex)),
    "capex_energy": Indicator(USD, "energy suppliers' capital spending", lambda m: total(m.energy.capex)),
    "capex_construction": Indicator(USD, "capital spending of construction", of_sector("capex", CONSTRUCTION)),
    "capex_cooling": Indicator(USD, "capital spending of cooling", of_sector("capex", COOLING)),
    "capex_storage": Indicator(USD, "capital spending of storage", of_sector("capex", STORAGE)),
    "capex_clusters": Indicator(USD, "capital spending of cluster builders", of_sector("capex", CLUSTERS)),
    "funding": Indicator(USD, "new loans and shares of all firms", lambda m: m.economy.funding),
    "deal_draw": Indicator(USD, "drawn on deals", lambda m: m.economy.deal_draw),
    "funding_labs": Indicator(USD, "new loans and shares of labs", funding("labs")),
    "funding_vendors": Indicator(USD, "new loans and shares of chip vendors", funding("vendors")),
    "funding_clouds": Indicator(USD, "new loans and shares of clouds", funding("clouds")),
    "funding_energy": Indicator(USD, "new loans and shares of energy suppliers", funding("energy")),
    "funding_construction": Indicator(USD, "new loans and shares of construction", funding_of(CONSTRUCTION)),
    "funding_cooling": Indicator(USD, "new loans and shares of cooling", funding_of(COOLING)),
    "funding_storage": Indicator(USD, "new loans and shares of storage", funding_of(STORAGE)),
    "funding_clusters": Indicator(USD, "new loans and shares of cluster builders", funding_of(CLUSTERS)),
    "lab_debt": Indicator("USD bn", "labs' loans", lambda m: total(total(m.labs.loans, 1))),
    "debt_to_revenue": Indicator(
        "yr",
        "labs' loans over yearly sales",
        lambda m: ratio(total(total(m.labs.loans, 1)), YEAR * total(m.labs.revenue)),
    ),
    "debt_share": Indicator(
        PURE, "part of funding that is debt", lambda m: ratio(total(of_borrowers(m, "debt_raised")), m.economy.funding)
    ),
    "lease_notes": Indicator("USD bn", "notes of vehicles outstanding", lambda m: total(total(m.vehicles.loans))),
    "lease_rent": Indicator(USD, "rent that labs pay vehicles", labs_total("lease_rent")),
    "guarantee_exposure": Indicator("USD bn", "most that guarantors may still have to pay", guarantee_exposure),
    "coverage": Indicator(PURE, "labs' cash flow before debt service over debt service", coverage),
    "defaults": Indicator("1/quarter", "firms that defaulted", lambda m: total(np.stack(list(m.failed.values())))),
    "default_rate": Indicator(RATE, "part of firms in business that defaulted", default_rate),
    "loan_rate": Indicator("1/yr", "mean rate on new loans, by what firms owe", mean_yield),
    "bond_premium": Indicator(
        "1/yr", "premium of bonds over expected loss at neutral moods", lambda m: m.economy.premium[BONDS]
    ),
    "private_premium": Indicator("1/yr", "premium of private credit likewise", lambda m: m.economy.premium[PRIVATE]),
    "private_scarcity": Indicator("1/yr", "part of it because money is short", lambda m: m.economy.scarcity[PRIVATE]),
    "scarcity_at_ceiling": Indicator(
        PURE, "classes of credit whose scarcity premium is at its ceiling", scarcity_at_ceiling
    ),
    "placed_of_asked": Indicator(PURE, "what managers lent of what was asked of them", placed_of_asked),
    "lending_outside": Indicator(USD, "lent by lenders outside, to deals too", lent_outside),
    "private_experience": Indicator(
        "USD bn", "private credit that lenders have seen priced", lambda m: m.economy.experience[PRIVATE]
    ),
    "called_money": Indicator("USD bn", "called from savers for deals and not gone back", called_from_savers),
    "manager_return": Indicator(
        RATE,
        "managers' return, weighted by assets",
        lambda m: ratio(total(m.managers.return_rate * m.managers.assets), total(m.managers.assets)),
    ),
    "dry_powder": Indicator("USD bn", "managers' money not placed", lambda m: total(m.managers.cash)),
    "sentiment": Indicator(PURE, "managers' mean mood", lambda m: m.signals.sentiment),
    "active_labs": Indicator(PURE, "labs in business", lambda m: total(m.labs.active)),
    "saturated_share": Indicator(PURE, "labs' decisions within 1 % of a limit", saturated_share(*LIMITS)),
    "saturated_price": Indicator(PURE, "labs whose price moved as far as it may", saturated_share("price")),
    "saturated_chips": Indicator(PURE, "labs that order chips as fast as they may", saturated_share("chips")),
    "saturated_halls": Indicator(PURE, "labs that order halls as fast as they may", saturated_share("halls")),
    "saturated_rent": Indicator(PURE, "labs that rent compute as fast as they may", saturated_share("rent")),
    "outside_cash": Indicator("USD bn", "net position of the outside sector", lambda m: m.economy.outside_cash),
}


def measure(market: MarketModel) -> dict[str, Floats]:
    """Return all indicators of this quarter, shape (R,) each."""
    return {name: item.measure(market) for name, item in INDICATORS.items()}


def follow_lead(market: MarketModel) -> None:
    """Measure gaps, count changes of the lead, and remember where research stood in the first quarter."""
    labs, economy = market.labs, market.economy
    leading = np.where(labs.active > 0.0, labs.capability, -np.inf).argmax(0).astype(np.float64)
    changed = (economy.leader >= 0.0) & (leading != economy.leader)
    economy.commit(leader=leading, lead_changes=economy.lead_changes + changed)
    labs.commit(gap=labs.active * (frontier(labs.capability, labs.active) - labs.capability))
    begins = market.quarter == 0
    labs.commit(
        first_efficiency=np.where(begins, labs.log_efficiency, labs.first_efficiency),
        first_research=np.where(begins | (labs.entered > 0.0), labs.research, labs.first_research),
    )
