"""AI labs: they train models, sell AI services and build the compute for both."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .firm import QUARTERS, Firm, Funding
from .lab_parameters import LabParameters
from .rules.choice import logit
from .rules.limits import smooth_cap
from .rules.pricing import adjusted_markup, price_towards
from .state.arrays import Floats, clip, paired, positive, ratio, total
from .state.column import Column, Mirror
from .state.population import decision
from .state.shown import shown
from .state.signals import Signals

SOON = 2.0
"""Quarters of wear that labs look ahead when they fit chips into halls (specification P7)."""


@shown()
class ComputePlan(NamedTuple):
    """What labs want to add, each of shape (labs, R)."""

    compute: Floats
    halls: Floats


@shown()
class Pricing(NamedTuple):
    """A lab's markup over unit cost, and its price, USD bn a unit, each of shape (labs, R)."""

    markup: Floats
    price: Floats


class AILab(LabParameters, Firm):
    """An AI lab, consolidated with its dedicated compute and, where it has one, its parent's AI unit.

    Examples:
        >>> import aimarket
        >>> class ThriftyLab(aimarket.AILab):
        ...     def plan_compute(self, signals):
        ...         plan = super().plan_compute(signals)
        ...         return plan._replace(compute=0.5 * plan.compute)
        >>> model = aimarket.MarketModel("baseline", rng=7, firms={"xAI": ThriftyLab})
        >>> model.step()
        >>> print(*(lab.name for lab in model.agents_by_type[ThriftyLab]))
        xAI
    """

    group = "ai_labs"

    fleet = Column("M H100e", "accelerators by vendor", over="chip_vendors", symbol="K")
    fleet_power = Column("GW", "IT power of the fleet", symbol="W")
    halls = Column("GW", "data-centre halls with power", symbol="D")
    halls_building = Column("GW", "halls under construction", length=12, symbol="Dpipe")
    halls_unconnected = Column("GW", "halls that wait for the grid", symbol="Dwait")
    hall_price = Column(
        "USD bn/GW", "what a hall without IT costs it, for the accelerators of its choice", symbol="dcu"
    )
    halls_ordered = Column("GW", "halls ordered and not yet started", symbol="Dbl")
    pue = Column("1", "power usage effectiveness of the halls", initial=1.25, symbol="pue")
    log_efficiency = Column("nat", "algorithmic efficiency relative to the frontier at the start", symbol="lnA")
    first_efficiency = Column("nat", "log efficiency in the first quarter, for the share of algorithms in progress")
    first_research = Column("M H100e", "research compute in the first quarter, likewise")
    efficiency_trend = Column("nat/quarter", "smoothed growth of algorithmic efficiency", symbol="gA_smooth")
    capability = Column("OOM", "log10 effective training compute of the model on sale", symbol="c")
    gap = Column("OOM", "distance of the model on sale from the best one", symbol="gap")
    training = Column("M H100e quarters", "effective training compute gathered for the next model", symbol="X")
    carried = Column("quarters", "part of a quarter that the last release came early", symbol="cfrac")
    since_release = Column("quarters", "quarters since the last release", symbol="since")
    releases = Column("1", "models released so far", symbol="nrel")
    released = Column("1", "1 where a model was released this quarter")
    release_interval = Column("quarters", "time between the last two releases", initial=2.0, symbol="lastint")
    market_share = Column("1", "share of demand: part of customers' choices, before capacity rations them", symbol="sh")
    brand = Column("1", "attachment to the brand, in logit units", symbol="xi")
    price = Column("USD bn/unit", "price of AI services", initial=1.0, symbol="pr")
    markup = Column("1", "markup over unit cost", symbol="mk")
    revenue = Column("USD bn/quarter", "sales of AI services", symbol="rev")
    sold = Column("units/quarter", "AI services sold", symbol="y")
    demanded = Column("units/quarter", "AI services asked for", symbol="ydem")
    sales_capacity = Column("units/quarter", "AI services that the fleet could serve", symbol="ycap")
    utilisation = Column("1", "units asked for over units that could be served, when last sold", symbol="util")
    operating_costs = Column("USD bn/quarter", "running costs other than power and researchers", symbol="opex")
    expected_growth = Column("1/quarter", "expected growth of units", symbol="ge")
    expected_revenue_growth = Column("1/quarter", "expected growth of revenue", symbol="gr")
    powered_share = Column("1", "part of the fleet that has a hall and power", initial=1.0, symbol="h")
    fleet_at_opening = Column("M H100e", "fleet when power was shared out this quarter")
    powered_compute = Column("M H100e", "compute that ran this quarter", symbol="Ke")
    service_intensity = Column(
        "M H100e/unit", "compute that a unit of service took when compute was split", symbol="kap"
    )
    overdrawn = Column("M H100e", "compute that served unexpected demand, to be taken from research")
    inference = Column("M H100e", "compute that served customers", symbol="inf")
    research = Column("M H100e", "compute for research and training", symbol="rd")
    research_labour = Column("USD bn/quarter", "pay of researchers")
    own_research_pay = Column("USD bn/quarter", "pay of researchers out of money that is not earmarked", symbol="RLp")
    power_bill = Column("USD bn/quarter", "power bought", symbol="bill")
    debt_service = Column("USD bn/quarter", "interest and repayments, vendor finance included")
    operating_cash_flow = Column("USD bn/quarter", "sales less running costs and debt service", symbol="opcf")
    vendor_mix = Column("1", "vendors' parts of planned compute", over="chip_vendors", symbol="pv")
    planned_compute = Column("M H100e/quarter", "compute that the lab wants to order", symbol="dK")
    planned_halls = Column("GW/quarter", "halls that the lab wants to order", symbol="dD")
    vendor_finance = Column("USD bn", "credit from vendors", over="chip_vendors", ledger=True, symbol="VF")
    vendor_shares = Column("1", "part of the shares by vendor", over="chip_vendors", ledger=True)
    leased_raised = Column("USD bn/quarter", "notes that vehicles drew for the lab this quarter")
    leased_spent = Column("USD bn", "what vehicles have spent for the lab so far")
    lease_rent = Column("USD bn/quarter", "rent paid to vehicles")
    leased_fleet = Column("M H100e", "part of the fleet that vehicles own")
    retired = Column("M H100e/quarter", "chips that the lab gave up this quarter before they wore out")
    at_limit = Column("1", "1 where the last decision under a limit was within one percent of it", over="limits")
    leased_on_order = Column("M units", "accelerators that vehicles have on order for the lab", over="chip_vendors")
    covenant_broken = Column("1", "1 while a covenant holds back dividends and orders")
    vendor_credit_line = Column("USD bn", "vendor credit promised and not yet used")
    restricted_cash = Column("USD bn", "cash bound to a use", over="uses", symbol="RC")
    restricted_received = Column("USD bn", "earmarked money received so far", over="uses")
    restricted_spent = Column("USD bn", "earmarked money spent on its use so far", over="uses")
    restricted_released = Column("USD bn", "earmarked money set free by default so far", over="uses")
    breach = Column("USD bn", "earmarked money used off its purpose so far", symbol="breach")
    since_default = Column("quarters", "quarters since the last default, or in business without one")
    quarters_behind = Column("quarters", "quarters in a row in which the model on sale was too far behind")
    entered = Column("1", "1 where the lab entered the market this quarter")
    exited = Column("1", "1 where the lab left the market this quarter")
    takeovers = Column("1", "labs whose plant it took over this quarter")
    gone = Column("1", "1 once the lab has left the market for good")

    chips_ordered = Mirror("chip_vendors", "backlog", "M units", "accelerators on order by vendor")
    order_value = Mirror("chip_vendors", "order_value", "USD bn", "value of the orders by vendor")
    prepaid = Mirror("chip_vendors", "prepaid", "USD bn", "paid in advance by vendor")

    @property
    def compute(self) -> Floats:
        """The fleet of all vendors together, M H100e, shape (labs, R)."""
        return total(self.fleet, 1)

    @property
    def revenue_share(self) -> Floats:
        """The part of all labs' revenue that is the lab's, after capacity has rationed demand, shape (labs, R)."""
        return ratio(self.revenue, total(self.population.revenue))

    @property
    def owned_compute(self) -> Floats:
        """The fleet without what vehicles own, M H100e, shape (labs, R)."""
        return positive(self.compute - self.leased_fleet)

    @property
    def chips_coming(self) -> Floats:
        """Accelerators on order for the lab, its vehicles' included, M units, shape (labs, vendors, R)."""
        return self.chips_ordered + self.leased_on_order

    @property
    def restricted_sum(self) -> Floats:
        """Cash bound to any use, USD bn, shape (labs, R)."""
        return total(self.restricted_cash, 1)

    @property
    def received_sum(self) -> Floats:
        """Earmarked money received so far for any use, what vehicles drew included, USD bn, shape (labs, R)."""
        return total(self.restricted_received, 1) + self.leased_spent

    @property
    def spent_sum(self) -> Floats:
        """Earmarked money spent so far on any use, by vehicles at once, USD bn, shape (labs, R)."""
        return total(self.restricted_spent, 1) + self.leased_spent

    @property
    def released_sum(self) -> Floats:
        """Earmarked money set free so far by default, USD bn, shape (labs, R)."""
        return total(self.restricted_released, 1)

    @property
    def free_cash(self) -> Floats:
        """Cash that is not earmarked, USD bn, shape (labs, R)."""
        return self.cash - self.restricted_sum

    @property
    def compute_per_unit(self) -> Floats:
        """Compute that a unit of service takes: kappa0 A^-iota, M H100e a unit, shape (labs, R)."""
        return self.compute_intensity * np.exp(-self.inference_gain * self.log_efficiency)

    @property
    def unit_cost(self) -> Floats:
        """User cost of a unit of service: kappa (0.07 FA + bill + rent) / Ke, USD bn, shape (labs, R).

        What runs carries the cost of what waits for a hall or for power.
        """
        cost = self.user_cost * self.fixed_assets + self.power_bill + self.lease_rent
        return self.service_intensity * ratio(cost, self.powered_compute)

    @decision()
    def split_compute(self, signals: Signals) -> Floats:
        """Return the compute set aside for customers, M H100e, shape (labs, R).

        What expected demand needs, but never the part that research is guaranteed (specification P3).
        """
        needed = self.demanded * np.exp(self.expected_growth) * self.compute_per_unit
        return np.minimum(needed, (1.0 - self.research_floor) * self.powered_compute)

    @decision()
    def pay_researchers(self, signals: Signals) -> Floats:
        """Return the pay of researchers, USD bn, shape (labs, R): from sales and free cash, slow to fall (P4)."""
        wished = self.labour_per_revenue * self.revenue + self.labour_per_cash * positive(self.free_cash)
        sticky = (1.0 - self.labour_fall) * self.own_research_pay
        return self.active * np.maximum(np.maximum(wished, sticky), self.labour_floor)

    @decision(result=Pricing, signed=("markup",))
    def set_price(self, signals: Signals) -> Pricing:
        """Return markup and price: the markup follows last quarter's utilisation, the price follows cost (P5)."""
        utilisation = np.minimum(self.utilisation, self.highest_utilisation)
        markup = adjusted_markup(self.markup, utilisation, self.target_utilisation, self.markup_speed)
        markup = clip(markup, self.lowest_markup, self.highest_markup)
        aim = (1.0 + markup) * self.unit_cost
        return Pricing(markup, price_towards(self.price, aim, self.greatest_cut, self.greatest_rise))

    @decision(over="chip_vendors", most=1.0)
    def choose_vendor(self, signals: Signals) -> Floats:
        """Return each vendor's part of the compute to order, shape (labs, vendors, R).

        A logit on performance per dollar with lifetime power, on what the fleet already runs on, and on waiting time
        (specification P7).
        """
        lifetime = signals.chip_price + signals.chip_power * (paired(self.lifetime_power_cost) * signals.power_price)
        merit = paired(self.price_performance) * np.log(signals.chip_performance / lifetime)
        habit = paired(self.lock_in) * ratio(self.fleet, self.compute[:, None])
        waiting = paired(self.impatience) * np.minimum(signals.chip_lead_time, paired(self.longest_wait))
        return logit(merit + habit - waiting, signals.vendor_active, axis=1)

    def landed_price(self, signals: Signals) -> Floats:
        """Return what the chosen mix costs with clusters, USD bn per M H100e, shape (labs, R)."""
        return total(self.vendor_mix * (signals.chip_landed_price / signals.chip_performance), 1)

    def power_per_compute(self, signals: Signals) -> Floats:
        """Return the IT power of the chosen mix, GW per M H100e, shape (labs, R)."""
        return total(self.vendor_mix * (signals.chip_power / signals.chip_performance), 1)

    def backlog_compute(self, signals: Signals) -> Floats:
        """Return the compute on order, M H100e, shape (labs, R)."""
        return total(self.chips_coming * signals.chip_performance, 1)

    def spare_halls(self, signals: Signals) -> Floats:
        """Return the IT power that halls have beyond fleet and orders within three quarters, GW, shape (labs, R).

        Below zero where there are more chips than halls.
        """
        coming = self.halls + self.halls_unconnected + total(self.halls_building[:, :3], 1)
        on_order = total(self.chips_coming * signals.chip_power, 1)
        return coming / signals.new_hall_pue - self.fleet_power * (1.0 - SOON * self.wear) - on_order

    def room_in_halls(self, signals: Signals) -> Floats:
        """Return the compute for which halls stand or come within three quarters, M H100e, shape (labs, R)."""
        return ratio(positive(self.spare_halls(signals)), self.power_per_compute(signals))

    @decision(most=1.0)
    def retire_chips(self, signals: Signals) -> Floats:
        """Return the part of the fleet that a lab gives up before it wears out, shape (labs, R).

        Chips for which no hall stands earn nothing. They go as far as they would take the room of chips that the lab
        wants to order and that do more with a hall's power, so that no lab is worse off for having more (second
        specification). What vehicles own stays.
        """
        per_compute = self.power_per_compute(signals)
        idle = positive(self.fleet_power - (self.halls + self.halls_unconnected) / self.pue)
        in_the_way = positive(self.wanted_order(signals) * per_compute - positive(self.spare_halls(signals)))
        better = per_compute * self.compute < self.fleet_power
        return ratio(np.minimum(idle, in_the_way) * better, self.fleet_power)

    @property
    def planned_growth(self) -> Floats:
        """The growth of units that labs plan for, 1/quarter, shape (labs, R)."""
        return clip(self.expected_growth, self.lowest_expected_growth, self.highest_expected_growth)

    def wanted_compute(self, quarters: int | Floats, signals: Signals) -> Floats:
        """Return the fleet that demand in some quarters' time would take, M H100e, shape (labs, R).

        Kof(h) = ydem exp(ge h) kappa exp(-iota gA h) / (1 - f*) (specification P7).
        """
        growth = self.planned_growth - self.inference_gain * self.efficiency_trend
        return self.demanded * np.exp(growth * quarters) * self.compute_per_unit / (1.0 - self.research_target)

    def catching_up(self, signals: Signals) -> Floats:
        """Return the compute that labs add because a rival has more, M H100e, shape (labs, R)."""
        return self.rivalry * positive(signals.largest_fleet - self.wanted_compute(self.horizon, signals))

    def brake(self, signals: Signals) -> Floats:
        """Return how many times its usual pace dear money and returns let a plan have, shape (labs, R) (P7).

        It has no upper limit: how far it moves a plan is limited once, where the plan is.
        """
        growth = np.maximum(self.expected_revenue_growth, self.lowest_expected_growth)
        margin = self.revenue * np.exp(growth * self.horizon) * (1.0 - self.operating_cost_share)
        margin = margin - self.power_bill - self.lease_rent
        capital_cost = self.fixed_assets * (self.capital_charge + self.quoted_rate / QUARTERS)
        returns = margin / np.maximum(capital_cost, self.least_capital_cost)
        dear = np.exp(-self.rate_sensitivity * (self.quoted_rate - self.reference_rate))
        return dear * np.maximum(returns / self.target_return, self.least_brake)

    @decision(result=ComputePlan)
    def plan_compute(self, signals: Signals) -> ComputePlan:
        """Return the compute and the halls that labs want to order, shape (labs, R) each.

        Chips and halls are planned apart, because a hall takes a year or more and chips a quarter or two: compute
        closes the gap to expected demand over `adjustment_time`, halls look beyond their own time to build, and no
        chips are ordered for halls that do not exist (specification P7). Both are limited once, by a limit that bends:
        the greater the gap and the better the returns, the larger the plan (second specification).
        """
        return ComputePlan(
            compute=self.active * np.minimum(self.wanted_order(signals), self.room_in_halls(signals)),
            halls=self.active * self._hall_plan(signals),
        )

    @property
    def fastest_order(self) -> Floats:
        """The compute that a lab orders at most in a quarter, M H100e, shape (labs, R)."""
        return self.fastest_growth * (self.compute + self.smallest_step)

    @property
    def fastest_building(self) -> Floats:
        """The halls that a lab orders at most in a quarter, GW, shape (labs, R)."""
        return self.fastest_growth * (self.halls + self.smallest_step)

    def wanted_order(self, signals: Signals) -> Floats:
        """Return the compute that a lab would order if halls were no question, M H100e, shape (labs, R)."""
        target = self.wanted_compute(self.horizon, signals) + self.catching_up(signals)
        gap = positive(target + self.wear * self.horizon * self.compute - self.compute - self.backlog_compute(signals))
        return smooth_cap(gap * smooth_cap(self.brake(signals) / self.adjustment_time, 1.0), self.fastest_order)

    def _hall_plan(self, signals: Signals) -> Floats:
        """Return the halls to order before activity is looked at, GW."""
        ahead = signals.hall_lead_time + self.hall_margin
        kept = 1.0 - self.wear * ahead
        target = self.wanted_compute(ahead, signals) + self.catching_up(signals)
        growth = positive(target - self.compute * kept)
        needed = signals.new_hall_pue * (self.fleet_power * kept + self.power_per_compute(signals) * growth)
        there = self.halls + self.halls_unconnected + total(self.halls_building, 1) + self.halls_ordered
        return smooth_cap(positive(needed - there) * smooth_cap(self.brake(signals), 1.0), self.fastest_building)

    def planned_spending(self, signals: Signals) -> Floats:
        """Return the cost of the plans, USD bn, shape (labs, R)."""
        return self.planned_compute * self.landed_price(signals) + self.planned_halls * self.hall_price

    def undelivered(self, signals: Signals) -> Floats:
        """Return what orders still cost when they are delivered, chips, clusters and halls, USD bn, shape (labs, R)."""
        chips = total(self.order_value - self.prepaid, 1)
        clusters = total(self.chips_ordered * (signals.chip_landed_price - signals.chip_price), 1)
        return chips + clusters + self.halls_ordered * self.hall_price

    def collateral(self, signals: Signals) -> Floats:
        """Return what lenders think the fleet and halls would fetch, USD bn, shape (labs, R)."""
        return (
            self.fleet_collateral * self.owned_compute * signals.chip_value + self.plant_collateral * self.fixed_assets
        )

    def funding_need(self, signals: Signals) -> Floats:
        """Return what plans, orders, losses and sales take beyond the cash at hand, USD bn, shape (labs, R) (P7)."""
        burn = positive(-self.operating_cash_flow)
        need = self.planned_spending(signals) + self.due_share * self.undelivered(signals) + self.runway * burn
        need = need + self.working_capital * self.revenue - self.free_cash
        return need - self.earmark_relief * self.restricted_sum

    def largest_issue(self, signals: Signals) -> Floats:
        """Return the most that owners let a lab raise in shares: dil val exp(.5 z), USD bn, shape (labs, R) (P7)."""
        return positive(self.dilution * self.value * np.exp(self.issue_sentiment * signals.sentiment))

    @decision(result=Funding)
    def request_funding(self, signals: Signals) -> Funding:
        """Return what labs ask to borrow and to raise in shares, USD bn, shape (labs, R) each.

        Debt first, as far as collateral carries it; shares for the rest, as far as owners bear dilution (P7).
        """
        need = self.active * positive(self.funding_need(signals))
        spending, bound = self.planned_spending(signals), self.restricted_sum
        pledged = self.loan_to_value * (self.collateral(signals) + self.new_plant_collateral * spending)
        owed = self.debt + total(self.vendor_finance, 1) - bound
        debt = clip(pledged - owed, 0.0, need) * (self.default_risk < self.riskiest_borrower)
        return Funding(debt, np.minimum(need - debt, self.largest_issue(signals)))
