"""Clouds: they own accelerators and halls, serve their own products and labs, set rents, and let compute to others."""

from __future__ import annotations

import numpy as np

from .cloud_parameters import CloudParameters
from .firm import GWH_PRICE, HOURS, QUARTERS, Funding
from .fleet_owner import ComputePlan, FleetOwner
from .rules.limits import smooth_cap
from .rules.renting import (
    aimed_rent,
    by_quarter,
    damped,
    left_to_pay,
    moved,
    of_all_quarters,
    rent_markup,
    spot_weight,
    user_cost,
)
from .state.arrays import TINY, Floats, clip, paired, positive, ratio, total
from .state.column import Column
from .state.population import decision
from .state.signals import Signals

GW_QUARTER = HOURS * GWH_PRICE
"""USD bn for a quarter of 1 GW at 1 USD/MWh."""

BUILT_AHEAD = 0.5
"""Part of expected growth that speculation is about (specification 2, section 1)."""


class Cloud(CloudParameters, FleetOwner):
    """A cloud: a landlord of compute under take-or-pay contracts and short lets, some with a lab of their own.

    Examples:
        >>> import aimarket
        >>> class Speculator(aimarket.Cloud):
        ...     def plan_fleet(self, signals):
        ...         plan = super().plan_fleet(signals)
        ...         return plan._replace(compute=2.0 * plan.compute)
        >>> model = aimarket.MarketModel("baseline", rng=7, firms={"Neoclouds": Speculator})
        >>> model.step()
        >>> print(*(cloud.name for cloud in model.agents_by_type[Speculator]))
        Neoclouds
    """

    group = "clouds"

    contracts = Column(
        "M H100e",
        "compute let to labs under contracts, by the quarters until they end",
        over="ai_labs",
        length="contract_quarters",
    )
    contract_value = Column(
        "USD bn/quarter", "rent agreed for it, likewise", over="ai_labs", length="contract_quarters"
    )
    owed = Column("M H100e", "compute signed by labs and not delivered", over="ai_labs")
    owed_value = Column("USD bn/quarter", "rent agreed for it", over="ai_labs")
    advances = Column("USD bn", "rent that labs have paid in advance", over="ai_labs", ledger=True)
    served = Column("M H100e", "compute that ran for labs under contracts this quarter", over="ai_labs")
    rent_due = Column("USD bn/quarter", "rent of this quarter by lab", over="ai_labs")
    housed = Column("M H100e", "compute that ran for its own lab", over="ai_labs")
    housed_wish = Column("M H100e", "compute that its own lab asked for", over="ai_labs")
    housed_plan = Column(
        "M H100e", "compute that its own lab will ask for when what is ordered now runs", over="ai_labs"
    )
    hosted = Column("GW", "halls that labs' own chips take this quarter", over="ai_labs")
    hosting = Column("GW", "halls that labs' own chips take or will take")
    hosting_income = Column("USD bn/quarter", "earned with them")
    short_let = Column("M H100e", "compute let to enterprises for a year at most")
    short_let_value = Column("USD bn/quarter", "rent agreed for it")
    idle = Column("M H100e", "compute that ran for nobody this quarter")
    rent_price = Column("USD bn per M H100e and quarter", "rent asked of each lab", over="ai_labs")
    tenancy_trend = Column("1/quarter", "expected growth of what labs rent")
    rent_income = Column("USD bn/quarter", "rent earned of labs and enterprises")
    operating_costs = Column("USD bn/quarter", "running costs of the fleet other than power")
    entered = Column("1", "1 where the cloud entered the market this quarter")
    exited = Column("1", "1 where the cloud was taken over this quarter")
    gone = Column("1", "1 once the cloud has left the market for good")
    tenancies = Column("M H100e", "compute let to labs or signed, when the last quarter ended")
    covenant_broken = Column("1", "1 while contracts left do not cover its debt, which holds back orders")

    @property
    def guests(self) -> Floats:
        """Halls that tenants' own chips take or will take, GW, shape (clouds, R)."""
        return self.hosting

    @property
    def sheltered_power(self) -> Floats:
        """The IT power for which halls stand or wait for the grid and no tenant's chips stand, GW, shape (clouds, R).

        Chips that tenants have still to get take no room yet.
        """
        return positive(super().sheltered_power - total(self.hosted, 1) / self.pue)

    @property
    def let_to(self) -> Floats:
        """Compute let to each lab under contracts, M H100e, shape (clouds, labs, R)."""
        return self.kept("contracts", of_all_quarters)

    @property
    def let(self) -> Floats:
        """Compute let to labs under contracts, M H100e, shape (clouds, R)."""
        return total(self.let_to, 1)

    @property
    def promised(self) -> Floats:
        """Compute signed and not delivered, M H100e, shape (clouds, R)."""
        return total(self.owed, 1)

    @property
    def remaining_value(self) -> Floats:
        """What each lab has still to pay under its contracts, signed ones included, USD bn, shape (clouds, labs, R)."""
        return self.kept("contract_value", left_to_pay) + self.contract_value.shape[2] * self.owed_value

    @property
    def backlog(self) -> Floats:
        """Remaining performance obligation: what all labs have still to pay, USD bn, shape (clouds, R)."""
        return total(self.remaining_value, 1)

    @property
    def one_year_rent(self) -> Floats:
        """Rent asked for a contract of one year, mean over labs, USD bn per M H100e and quarter, shape (clouds, R)."""
        return self.small_premium * total(self.rent_price, 1) / self.rent_price.shape[1]

    def collateral(self, signals: Signals) -> Floats:
        """Return what the fleet would fetch, USD bn, shape (clouds, R): it falls with rents."""
        return self.owned_compute * signals.resale_value

    def let_demand(self, signals: Signals) -> Floats:
        """Return what enterprises ask of each landlord at the price of a one-year contract, M H100e."""
        return signals.lets_per_compute * self.own_compute

    def cost_of_new(self, rate: Floats, signals: Signals) -> Floats:
        """Return the user cost of new capacity at some rates, 1/yr, USD bn per M H100e and quarter, shape (n, m, R).

        It is reckoned in the technology that all rent; cheaper chips of one's own are passed on in part.
        """
        own = self.own_cost_weight
        landed = (1.0 - own) * signals.rented_landed_price + own * self.landed_price(signals)
        rated = (1.0 - own) * signals.rented_power + own * self.power_per_compute(signals)
        drawn = rated * signals.new_hall_pue
        hall, energy = drawn * signals.hall_cost, drawn * signals.power_price * GW_QUARTER
        return user_cost(landed[:, None], hall[:, None], energy[:, None], rate, self)

    def tightness(self, signals: Signals) -> Floats:
        """Return what is let, promised and asked for over what runs, and half of what comes, shape (clouds, R)."""
        asked = np.maximum(self.short_let, self.let_demand(signals))
        wanted = self.let + self.promised + self.in_house + total(self.housed_wish, 1) + asked
        running = self.own_compute + self.look_ahead * self.arriving
        return np.where(running > TINY, ratio(wanted, running), self.normal_tightness)

    def rate_for_tenants(self, signals: Signals) -> Floats:
        """Return the rate at which rent is reckoned for each lab by its credit, 1/yr, shape (clouds, labs, R)."""
        tenants = signals.default_probability[: self.rent_price.shape[1]]
        risk = self.tenant_weight * (tenants[None] - self.default_risk[:, None])
        return self.quoted_rate[:, None] + self.parameter_value("loss_given_default") * risk + self.rental_hurdle

    @decision(over="ai_labs")
    def set_rent(self, signals: Signals) -> Floats:
        """Return the rent asked of each lab, USD bn per M H100e and quarter, shape (clouds, labs, R).

        User cost at a rate that follows the tenant's credit, a markup that rises with tightness, and part of what spot
        pays beyond that (specification 2, section 2).
        """
        markup = rent_markup(self.tightness(signals), signals.landlord_concentration, self)
        weight = spot_weight(self.spot_fade, float(self.contracts.shape[2]))
        spot = signals.spot_price / self.small_premium
        aim = aimed_rent(self.cost_of_new(self.rate_for_tenants(signals), signals), markup[:, None], spot, weight)
        return moved(self.rent_price, aim, self.rent_speed)

    @decision(result=ComputePlan)
    def plan_fleet(self, signals: Signals) -> ComputePlan:
        """Return the compute and the halls that clouds want to order, shape (clouds, R) each.

        They order ahead for tenants, own products, their lab and enterprises, as far as a short let would pay for it
        (specification 2, section 1).
        """
        ahead = self.needed_compute(signals.hall_lead_time + self.hall_margin, signals) / self.target_use
        halls = self.halls_lacking(ahead, signals) * self.brake(signals)
        return ComputePlan(
            compute=self.fitting_order(signals),
            halls=self.active * smooth_cap(halls, self.fastest_fleet * (self.halls + self.least_fleet)),
        )

    def wanted_order(self, signals: Signals) -> Floats:
        """Return the compute that a cloud would order if halls were no question, M H100e, shape (clouds, R)."""
        target = self.needed_compute(self.fleet_horizon, signals) / self.target_use
        gap = target + self.fleet_horizon * self.retired - self.compute - self.backlog_compute(signals)
        wish = positive(gap) / self.fleet_adjustment_time * self.brake(signals)
        return smooth_cap(wish, self.fastest_fleet * (self.compute + self.least_fleet))

    def needed_compute(self, quarters: float | Floats, signals: Signals) -> Floats:
        """Return the compute that tenants, products, the lab and enterprises will take in some quarters, M H100e."""
        growth = damped(quarters, self.growth_fade)
        ends = np.arange(self.contracts.shape[2])[:, None] < paired(quarters)
        by_end = self.kept("contracts", by_quarter)
        let, ending = total(by_end, 1), total(by_end * ends, 1)
        kept = let - ending + self.renewal * ending + self.promised
        hoped = BUILT_AHEAD * self.speculation * let * (np.exp(self.tenancy_trend * growth) - 1.0)
        own = self.in_house * np.exp(signals.in_house_growth * growth) + total(self.housed_plan, 1)
        enterprises = self.let_demand(signals) * np.exp(signals.rental_growth * growth)
        return kept + hoped + own + enterprises

    def brake(self, signals: Signals) -> Floats:
        """Return by what factor dear money and poor rents trim plans, shape (clouds, R)."""
        cost = self.cost_of_new((self.quoted_rate + self.rental_hurdle)[:, None], signals)[:, 0]
        worth = clip(signals.spot_price / self.small_premium / cost, self.least_worth, self.most_worth)
        return np.exp(-self.rate_sensitivity * (self.quoted_rate - self.reference_rate)) * worth

    @decision(result=Funding)
    def request_funding(self, signals: Signals) -> Funding:
        """Return what clouds ask to borrow and to raise in shares, USD bn, shape (clouds, R) each.

        Other business carries debt by its earnings. Who has none borrows against its contracts or its fleet, and raises
        shares for the rest, as far as owners bear dilution.
        """
        spending = self.planned_spending(signals)
        due = spending + self.cloud_due_share * self.undelivered(signals)
        bound, spare = self.restricted_sum, positive(self.free_cash - self.cash_target(signals))
        need = self.active * positive(due - spare - self.earmark_relief * bound)
        alone = (self.core_cash_flow <= 0.0) * 1.0
        earnings = QUARTERS * (self.core_cash_flow + self.rent_margin * self.rent_income)
        pledged = self.fleet_loan_share * (self.collateral(signals) + self.new_fleet_collateral * spending)
        secured = np.maximum(self.contract_advance * self.backlog, pledged)
        carried = np.where(alone > 0.0, secured, self.leverage_limit * earnings)
        owed = self.debt + total(self.vendor_finance, 1) - bound
        debt = clip(carried - owed, 0.0, need) * (1.0 - self.covenant_broken)
        issue = alone * positive(self.cloud_dilution * self.value)
        return Funding(debt, np.minimum(need - debt, issue))

    def cash_target(self, signals: Signals) -> Floats:
        """Return the cash that clouds keep, USD bn, shape (clouds, R)."""
        return self.least_cash_cloud * self.active + self.cash_per_cost_cloud * (self.power_bill + self.operating_costs)
